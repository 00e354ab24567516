/*
 * The note guard: hints under a field while someone types a text, on what should not be in a note. It never blocks,
 * keeps nothing and sends nothing. What it looks for is in ct-guard.js.
 */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments, element = engine.element;

  /* In a page of the book the words come with the first note. */
  function withWords(act) { engine.later("guard", act); }

  engine.parts.push(function (tool) {
    var words = tool.words, states = new Map();

    function isText(field) {
      return field.matches('[data-ct-input]:is(textarea, [type="text"]:not([inputmode]))');
    }

    /* The place for hints of one field: a status region that reads out each new line once. */
    function stateOf(field) {
      if (states.has(field)) return states.get(field);
      var state = { box: element("div", "ct-guard"), region: element("div"), lines: {}, fine: false, timer: 0 };
      var button = element("button", "ct-button ct-quiet", words.guard_fine);
      state.region.id = field.id + "-guard";
      state.region.setAttribute("role", "status");
      state.region.setAttribute("aria-atomic", "false");
      button.type = "button";
      button.hidden = true;
      button.addEventListener("click", function () {
        state.fine = true;
        show(field, []);
        field.focus();
      });
      state.box.append(state.region, button);
      state.button = button;
      field.parentNode.after(state.box);
      states.set(field, state);
      return state;
    }

    function show(field, found) {
      var state = stateOf(field), lines = {}, none = !found.length;
      if (none && field.matches("textarea") && !state.fine) lines.first = words.guard_first;
      /* At most three lines; what could lead to a person goes first. */
      found.sort(function (one, two) { return (one.kind === "opinion") - (two.kind === "opinion"); }).forEach(function (one) {
        var text = field.value.slice(one.start, one.end);
        if (lines[one.kind] || Object.keys(lines).length > 2) return;
        lines[one.kind] = engine.fill(words["guard_" + one.kind], { text: text.length > 30 ? text.slice(0, 28) + "…" : text });
      });
      Object.keys(state.lines).forEach(function (kind) {
        if (lines[kind]) return;
        state.lines[kind].remove();
        delete state.lines[kind];
      });
      Object.keys(lines).forEach(function (kind) {
        var line = state.lines[kind];
        if (!line) state.region.append(state.lines[kind] = element("p", kind === "first" ? "ct-hint" : "", lines[kind]));
        else if (line.textContent !== lines[kind]) line.textContent = lines[kind];
      });
      state.button.hidden = none;
      state.box.classList.toggle("ct-guard-on", !none);
    }

    function later(event) {
      var field = event.target, state;
      if (!isText(field)) return;
      state = stateOf(field);
      clearTimeout(state.timer);
      state.timer = setTimeout(function () {
        withWords(function () { if (!state.fine && states.get(field) === state) show(field, engine.guard.check(field.value)); });
      }, 600);
    }

    tool.form.addEventListener("focusin", later);
    tool.form.addEventListener("input", later);
    /* A new row is a copy of the one before, its hints included. */
    tool.onUpdate.push(function () {
      tool.all(".ct-guard").forEach(function (box) {
        if (!Array.from(states.values()).some(function (state) { return state.box === box; })) box.remove();
      });
    });
    tool.onClear.push(function () {
      states.forEach(function (state) {
        clearTimeout(state.timer);
        state.box.remove();
      });
      states.clear();
    });
  });
}());
