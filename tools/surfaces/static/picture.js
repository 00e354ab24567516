/* A picture of answers: bars, a wheel with spokes, or a grid of rows and moments. The figures stand in a table beside it. */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments, element = engine.element, SVG = "http://www.w3.org/2000/svg";

  function shape(name, attributes, cssClass) {
    var made = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (cssClass) made.setAttribute("class", cssClass);
    return made;
  }

  function member(data, id) {
    var found = data.computed.filter(function (computed) { return computed.id === id; })[0];
    data.sections.forEach(function (section) {
      section.members.forEach(function (one) {
        (one.repeat ? one.items.concat(one.computed) : [one]).forEach(function (item) { if (item.id === id) found = item; });
      });
    });
    return found;
  }

  /* How far along its scale a value is, from 0; null where nothing is said. */
  function level(picture, value) {
    if (value === null || value === undefined) return null;
    if (typeof value === "number") return Math.max(0, Math.min(picture.top, value));
    return Object.prototype.hasOwnProperty.call(picture.levels, value) ? picture.levels[value] : null;
  }

  /* A wheel: one spoke a value, from the middle. Gaps in what was said stay gaps: the line stops there. */
  function wheel(picture, rows) {
    var size = 260, middle = size / 2, far = 100, count = rows.length;
    var svg = shape("svg", { viewBox: "0 0 " + size + " " + size, width: size, height: size, "aria-hidden": "true" }, "ct-wheel");
    function at(number, length) {
      var angle = 2 * Math.PI * number / count - Math.PI / 2;
      return [middle + length * Math.cos(angle), middle + length * Math.sin(angle)].map(function (n) { return n.toFixed(1); });
    }
    for (var ring = 1; ring <= picture.top && picture.top <= 10; ring += 1) {
      svg.append(shape("circle", { cx: middle, cy: middle, r: far * ring / picture.top }, "ct-wheel-line"));
    }
    rows.forEach(function (row, number) {
      var end = at(number, far), name = at(number, far + 16), next = rows[(number + 1) % count];
      svg.append(shape("line", { x1: middle, y1: middle, x2: end[0], y2: end[1] }, "ct-wheel-line"));
      var label = shape("text", { x: name[0], y: name[1], "text-anchor": "middle", "dominant-baseline": "central" }, "ct-wheel-name");
      label.textContent = number + 1;
      svg.append(label);
      if (row.level === null) return;
      var here = at(number, far * row.level / picture.top);
      if (next.level !== null && count > 2) {
        var there = at((number + 1) % count, far * next.level / picture.top);
        svg.append(shape("line", { x1: here[0], y1: here[1], x2: there[0], y2: there[1] }, "ct-wheel-edge"));
      }
      svg.append(shape("circle", { cx: here[0], cy: here[1], r: 4 }, "ct-wheel-mark"));
    });
    return svg;
  }

  /* A bar is an element of its own kind, so that no style has to be written into the page. */
  function bar(picture, row) {
    var svg = shape("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, "ct-bar");
    svg.append(shape("rect", { x: 0, y: 0, width: 100, height: 10 }, "ct-bar-room"));
    if (row.level !== null) svg.append(shape("rect", { x: 0, y: 0, width: 100 * row.level / picture.top, height: 10 }, "ct-bar-full"));
    return svg;
  }

  function cell(line, name, text, scope, cssClass) {
    var made = element(name, cssClass || "", text);
    if (scope) made.scope = scope;
    line.append(made);
    return made;
  }

  function tone(found) { return found === null ? "" : found < 0 ? "ct-cell-need" : found > 0 ? "ct-cell-good" : "ct-cell-even"; }

  engine.picture = function (definition, data, result) {
    var picture = data.picture, sheet = result.sheet, table = element("table"), body = element("tbody"), any = false;
    var figure = element("figure", "ct-picture"), caption = element("figcaption", "ct-label", picture.title);
    figure.append(caption);

    function words(one, value, row) {
      return engine.valueWords(definition, one, value, function (name) { return sheet.get(name, row); }) || "–";
    }

    if (picture.kind === "grid") {
      var members = picture.values.map(function (id) { return member(data, id); }), name = member(data, picture.name);
      var head = element("thead"), top = element("tr");
      [name].concat(members).forEach(function (one) { cell(top, "th", one.label, "col"); });
      head.append(top);
      table.append(head);
      for (var row = 0; row < sheet.rowCount(picture.rows); row += 1) {
        var called = sheet.get(name.id, row), line = element("tr");
        if (called === null || called === undefined) continue;
        any = true;
        cell(line, "th", words(name, called, row), "row");
        members.forEach(function (one) {
          var value = sheet.get(one.id, row);
          cell(line, "td", words(one, value, row), "", tone(level(picture, value)));
        });
        body.append(line);
      }
    } else {
      var rows = picture.values.map(function (id) {
        var one = member(data, id), value = sheet.get(id);
        var found = level(picture, value);
        any = any || found !== null;
        return { label: one.label, words: words(one, value), level: found };
      });
      if (picture.kind === "wheel") figure.append(wheel(picture, rows));
      rows.forEach(function (row, number) {
        var line = element("tr");
        cell(line, "th", picture.kind === "wheel" && !/^\d/.test(row.label) ? number + 1 + ". " + row.label : row.label, "row");
        if (picture.kind === "bars") cell(line, "td", "", "", "ct-bar-cell").append(bar(picture, row));
        cell(line, "td", row.words);
        body.append(line);
      });
    }
    table.append(body);
    figure.append(table);
    return any ? figure : null;
  };
})();
