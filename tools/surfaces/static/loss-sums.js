/* The sums of the page "Sums to the last cent": reads the fields, lets loss.js work them out, and says the result.
   Answers stay in the fields. Nothing is kept, and nothing leaves. */
(function () {
  "use strict";

  var root = document.querySelector("[data-ct-loss]");
  if (!root || !globalThis.ctLoss) { return; }
  var data = JSON.parse(root.dataset.ctLoss), words = data.words;
  var list = root.querySelector(".ct-sums-list"), table = list.querySelector("table"), told = list.querySelector("[role=status]");
  var money = root.querySelector("#sums-currency"), kept = [], address = "", unsaved = false;

  function all(selector, within) { return Array.prototype.slice.call((within || root).querySelectorAll(selector)); }
  function fill(text, parts) { return text.replace(/%\((\w+)\)s/g, function (whole, name) { return parts[name]; }); }
  function make(tag, text, parent) {
    var made = document.createElement(tag);
    made.textContent = text;
    parent.appendChild(made);
    return made;
  }
  function Wrong(code, place, parts) { this.text = fill(words[code], Object.assign({ place: place }, parts)); }

  // --- what was typed

  function value(control, place) {
    var kind = control.dataset.kind, text = control.value.trim();
    if (kind === "tick") { return control.checked; }
    if (kind === "untick") { return !control.checked; }
    if (control.validity && control.validity.badInput) { throw new Wrong("REM_001", place); } // half a date
    if (!text) { return undefined; }
    if (kind === "number" || kind === "percent" || kind === "whole") {
      if (/^[-\u2212]\s*\d/.test(text)) { throw new Wrong("REM_002", place); }
      if (!/^\d{1,30}(\.\d{1,12})?$/.test(text)) { throw new Wrong("REM_001", place); }
      if (kind === "whole" && (!/^\d+$/.test(text) || Number(text) > 6000)) { throw new Wrong("whole", place, { most: "6000" }); }
      if (control.dataset.most && Number(text) > Number(control.dataset.most)) { throw new Wrong("REM_006", place, { most: control.dataset.most }); }
      if (control.dataset.above && Number(text) <= Number(control.dataset.above)) { throw new Wrong("above", place, { above: control.dataset.above }); }
      return kind === "percent" ? shifted(text) : kind === "whole" ? Number(text) : text;
    }
    if (kind === "month" && !/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) { throw new Wrong("REM_001", place); }
    if (kind === "code" && data.currencies.indexOf(text.toUpperCase()) < 0) {
      throw new Wrong("REM_004", place, { known: data.currencies.join(", ") });
    }
    return text;
  }
  /* 6 per cent is 0.06, digit by digit: a float would not hold every rate. */
  function shifted(text) {
    var parts = text.split("."), digits = parts[0].padStart(3, "0"), cut = digits.length - 2;
    return digits.slice(0, cut) + "." + digits.slice(cut) + (parts[1] || "");
  }

  function put(given, path, found) {
    var steps = path.split("."), at = given;
    steps.slice(0, -1).forEach(function (step, n) {
      if (at[step] === undefined) { at[step] = /^\d+$/.test(steps[n + 1]) ? [] : {}; }
      at = at[step];
    });
    at[steps[steps.length - 1]] = found;
  }

  function rows(box, given, missing) {
    var found = [], shape = box.dataset.shape, path = box.dataset.path;
    all("tbody tr", box).forEach(function (row, n) {
      var controls = all("[data-kind]", row);
      var cells = controls.map(function (control) { return value(control, fill(words.line, { label: control.dataset.label, number: n + 1 })); });
      if (cells.every(function (cell) { return cell === undefined || cell === false; })) { return; }
      cells.forEach(function (cell, place) {
        if (cell === undefined && !("optional" in controls[place].dataset)) {
          throw new Wrong("uneven", fill(words.line, { label: box.dataset.label, number: n + 1 }));
        }
      });
      found.push({ cells: cells, line: n, names: controls.map(function (control) { return control.id.split("-").pop(); }) });
    });
    if (!found.length) {
      if (!("optional" in box.dataset)) { missing.push(box.dataset.label); }
      return [];
    }
    var lists = found.map(function (row) { return row.cells; });
    if (shape === "list") { put(given, path, lists.map(function (cells) { return cells[0]; })); }
    if (shape === "lists") { put(given, path, lists); }
    if (shape === "records") {
      put(given, path, found.map(function (row) {
        return row.names.reduce(function (made, name, n) { made[name] = row.cells[n]; return made; }, {});
      }));
    }
    if (shape === "map" || shape === "named") {
      var held = Object.create(null), made = {};
      lists.forEach(function (cells, n) {
        var name = shape === "map" && held[cells[0]] ? cells[0] + " (" + (n + 1) + ")" : cells[0];
        held[name] = shape === "map" ? cells[1] : (held[name] || []).concat([cells.slice(1)]);
      });
      Object.keys(held).forEach(function (name) { Object.defineProperty(made, name, { value: held[name], enumerable: true }); });
      put(given, path, made);
    }
    if (shape === "columns") {
      path.split("+").forEach(function (name, n) { put(given, name, lists.map(function (cells) { return cells[n]; })); });
    }
    return found.map(function (row) { return row.line; });
  }

  // --- one sum

  function read(form) {
    var given = { currency: money.value }, missing = [], lines = [], touched = false;
    all("[data-kind]", form).forEach(function (control) {
      if (control.type === "checkbox" ? control.checked : control.dataset.kind !== "currency" && control.value) { touched = true; }
    });
    all("[data-path]", form).forEach(function (box) {
      if (box.dataset.shape) { lines = rows(box, given, missing); return; }
      var control = box.querySelector("[data-kind]"), found = value(control, control.dataset.label);
      if (found === undefined) {
        if (!("optional" in control.dataset)) { missing.push(control.dataset.label); }
      } else { put(given, box.dataset.path, found); }
    });
    return { given: given, missing: missing, touched: touched, lines: lines };
  }

  function place(row, form, lines) {
    var line = /^(Line|Period) (\d+)$/.exec(row), box;
    if (typeof row === "number") { return fill(words.line, { label: title(form), number: (lines[row] || 0) + 1 }); }
    if (line) {
      var number = lines[line[2] - 1] + 1;
      return line[1] === "Period" ? fill(words.period, { number: number }) : fill(words.line, { label: title(form), number: number });
    }
    box = row && form.querySelector("[data-path='" + String(row).replace(/['\\]/g, "") + "'] [data-kind]");
    return box ? box.dataset.label : row && /^\d/.test(row) ? row : title(form);
  }
  function title(form) { return form.parentNode.querySelector("summary").textContent; }

  function said(form, name, found) {
    if (Array.isArray(found)) {
      return found.map(function (one, n) { return fill(words.shares, { number: n + 1, sum: one + " " + money.value }); }).join("; ");
    }
    var base = form.querySelector("[data-kind=currency]");
    var plain = "plain" in form.dataset || data.plain.indexOf(name) >= 0 || typeof found === "number" || /_days$/.test(name);
    return found + (plain ? "" : " " + (base ? base.value : money.value));
  }

  function work(form) {
    var result = form.querySelector(".ct-sum-result"), keep = form.querySelector("[data-ct-keep]"), shown = [], text = "", wrong = false;
    try {
      var typed = read(form);
      if (!typed.touched) { text = ""; }
      else if (typed.missing.length) { text = fill(words.missing, { labels: typed.missing.join(", ") }); }
      else {
        try {
          var found = globalThis.ctLoss.compute(form.dataset.method, typed.given);
          if (form.dataset.good) { text = form.dataset.good; }
          else {
            Object.keys(found).forEach(function (name) {
              var named = form.querySelector("[data-shape=named]"); // there the reader names the results
              if (found[name] === null || found[name] === "" || !(named || /_days$/.test(name) || data.results[name])) { return; }
              var month = /^(\w{3})_days$/.exec(name), label = data.results[month ? month[1] : name] || name;
              shown.push([month ? label + ", " + data.results.days : label, said(form, name, found[name]), name, found[name]]);
            });
          }
        } catch (fault) {
          if (!fault.code) { throw fault; }
          throw new Wrong(fault.code, place(fault.row, form, typed.lines), { known: data.currencies.join(", "), most: fault.most });
        }
      }
    } catch (fault) {
      if (!(fault instanceof Wrong)) { throw fault; }
      text = fault.text; wrong = true;
    }
    result.textContent = "";
    result.className = "ct-sum-result" + (wrong ? " ct-sum-wrong" : "");
    if (text) { make("p", text, result); }
    if (shown.length) {
      var lines = make("dl", "", result);
      shown.forEach(function (one) {
        var pair = make("div", "", lines);
        make("dt", one[0], pair);
        make("dd", one[1], pair).dataset.result = one[2];
      });
    }
    keep.disabled = !shown.length;
    return shown;
  }

  // --- the list

  function draw(text) {
    var body = table.querySelector("tbody");
    body.textContent = "";
    kept.forEach(function (one, n) {
      var row = make("tr", "", body), head = make("th", one.title, row), remove;
      head.scope = "row";
      make("td", one.lines.map(function (line) { return line[0] + ": " + line[1]; }).join("; "), row);
      remove = make("button", "\u00d7", make("td", "", row));
      remove.type = "button";
      remove.setAttribute("aria-label", fill(words.remove, { title: one.title }));
      remove.title = fill(words.remove, { title: one.title });
      remove.addEventListener("click", function () { kept.splice(n, 1); unsaved = kept.length > 0; draw(""); told.focus(); });
    });
    table.hidden = !kept.length;
    list.querySelector("[data-ct-save]").disabled = !kept.length;
    told.textContent = text;
  }
  function save() {
    var lines = [words.head, ""];
    kept.forEach(function (one) {
      lines.push(one.title, "  " + one.works);
      one.typed.concat(one.lines).forEach(function (line) { lines.push("  " + line[0] + ": " + line[1]); });
      lines.push("");
    });
    forget();
    address = URL.createObjectURL(new Blob([lines.join("\n")], { type: "text/plain" }));
    var link = document.createElement("a");
    link.href = address;
    link.download = words.saved;
    link.click();
    unsaved = false;
  }
  function forget() { if (address) { URL.revokeObjectURL(address); address = ""; } }
  function typed(form) {
    return all("[data-kind]", form).filter(function (control) {
      return control.type === "checkbox" ? control.checked : control.value && !(control.dataset.kind === "currency");
    }).map(function (control) {
      var shown = control.type === "checkbox" ? "\u2713" : control.options ? control.options[control.selectedIndex].text : control.value;
      return [control.getAttribute("aria-label") || control.dataset.label, shown];
    });
  }

  function clear(form) {
    form.reset();
    all("tbody tr", form).forEach(function (row) { if (row.dataset.more) { row.remove(); } });
    work(form);
  }
  function clearAll() {
    kept = []; unsaved = false; forget();
    all("form").forEach(clear);
    money.selectedIndex = 0;
    draw("");
  }

  all("form").forEach(function (form) {
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("input", function () { work(form); });
    form.addEventListener("change", function () { work(form); });
    form.querySelector("[data-ct-keep]").addEventListener("click", function () {
      var lines = work(form);
      if (!lines.length) { return; }
      kept.push({ title: title(form), works: form.querySelector(".ct-sum-works").textContent, typed: typed(form), lines: lines });
      unsaved = true;
      draw(words.kept);
    });
    form.querySelector("[data-ct-blank]").addEventListener("click", function () { clear(form); });
    all("[data-ct-row]", form).forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        var body = button.parentNode.querySelector("tbody"), last = body.lastElementChild, made = last.cloneNode(true);
        var number = body.children.length + 1;
        made.dataset.more = "yes";
        all("[data-kind]", made).forEach(function (control) {
          control.id = control.id.replace(/-\d+-(\w+)$/, "-" + number + "-$1");
          control.setAttribute("aria-label", fill(words.line, { label: control.dataset.label, number: number }));
          if (control.type === "checkbox") { control.checked = false; } else { control.value = ""; }
        });
        body.appendChild(made);
        made.querySelector("[data-kind]").focus();
      });
    });
  });
  money.addEventListener("change", function () { all("form").forEach(work); });
  all(".ct-sum-act, .ct-sums-currency").forEach(function (part) { part.hidden = false; });
  root.querySelector(".ct-sums-off").hidden = true;
  list.hidden = false;
  told.tabIndex = -1;
  list.querySelector("[data-ct-save]").addEventListener("click", save);
  list.querySelector("[data-ct-print]").addEventListener("click", function () { window.print(); });
  list.querySelector("[data-ct-all]").addEventListener("click", clearAll);
  document.addEventListener("ct:clear", clearAll);
  window.addEventListener("beforeunload", function (event) { if (unsaved) { event.preventDefault(); event.returnValue = words.unsaved; } });
})();
