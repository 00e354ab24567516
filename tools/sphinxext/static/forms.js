/*
 * The filter of the page "All forms" (a list), and of tables: tools, indicators, publications. What is chosen stays in the page: nothing in
 * the address, nothing stored. Where the filter wants it, each value says how many entries it would show (data-ct-counts), the
 * entries can be put in another order (data-ct-order), and what is shown can be saved (data-ct-pieces).
 */
(function () {
  "use strict";

  var here = document.currentScript ? document.currentScript.src : "";
  var filter = document.querySelector("[data-ct-forms]");
  if (!filter) return;
  var fields = Array.from(filter.querySelectorAll("[data-ct-filter]"));
  var entries = Array.from(document.querySelectorAll(".ct-forms > li, .ct-forms > tbody > tr"));
  var said = filter.querySelector("[role=status]"), order = filter.querySelector("[data-ct-order]");
  var act = filter.querySelector("[data-ct-pieces]"), counted = filter.hasAttribute("data-ct-counts");

  function has(entry, name, value) {
    var words = entry.dataset[name];
    if (words === undefined) return entry.classList.contains("ct-" + name + "--" + value);
    return words.split(name === "role" ? "|" : " ").includes(value);
  }

  function fits(entry, except) {
    return fields.every(function (field) {
      return field === except || !field.value || has(entry, field.dataset.ctFilter, field.value);
    });
  }

  /* Beside each value: how many entries there would be, given what is chosen in the other fields. */
  function count(field) {
    var left = entries.filter(function (entry) { return fits(entry, field); });
    Array.from(field.options).forEach(function (option) {
      if (option.ctWords === undefined) option.ctWords = option.textContent;
      var number = option.value ? left.filter(function (entry) { return has(entry, field.dataset.ctFilter, option.value); }).length : left.length;
      option.textContent = option.ctWords + " (" + number + ")";
      option.disabled = !number && !option.selected;
    });
  }

  function show() {
    var shown = 0;
    entries.forEach(function (entry) {
      entry.hidden = !fits(entry);
      if (!entry.hidden) shown += 1;
    });
    document.querySelectorAll("ul.ct-forms, .ct-matrix").forEach(function (list) {
      list.closest("section").hidden = !list.querySelector("li:not([hidden]), tbody > tr:not([hidden])");
    });
    if (counted) fields.forEach(count);
    said.textContent = filter.dataset.ctForms.replace("%(shown)s", shown).replace("%(all)s", entries.length);
  }

  /* The page has the newest first, by title within a year; one without a year comes last in both directions. */
  function year(entry) {
    var found = /ct-year--(\d+)/.exec(entry.className);
    return found ? Number(found[1]) : 0;
  }

  function sort() {
    var sorted = entries.slice();
    if (order.value === "oldest") sorted.sort(function (a, b) { return (year(a) || 9999) - (year(b) || 9999); });
    if (order.value === "title") {
      var title = function (entry) { return entry.querySelector(".ct-work-title").textContent; };
      sorted.sort(function (a, b) { return title(a).localeCompare(title(b)); });
    }
    sorted.forEach(function (entry) { entry.parentNode.append(entry); });
  }

  /* The pieces of the files are made with the book, so that the page saves what the command line writes. */
  function pieces(then) {
    if (globalThis.ctPublications) { then(globalThis.ctPublications); return; }
    var script = document.createElement("script");
    script.src = here.replace(/forms\.js(\?.*)?$/, act.dataset.ctPieces);
    script.onload = function () { then(globalThis.ctPublications); };
    script.onerror = function () { script.remove(); said.textContent = act.dataset.ctFailed; };
    document.head.append(script);
  }

  function save(kind) {
    pieces(function (all) {
      var rows = Array.from(document.querySelectorAll(".ct-publications > tbody > tr:not([hidden])"));
      var text = all[kind].head + rows.map(function (row) { return all[kind].pieces[row.id.replace(/^work-/, "")]; }).join("");
      var url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" })), link = document.createElement("a");
      link.href = url;
      link.download = "publications" + all[kind].ending;
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(function () { URL.revokeObjectURL(url); }, 10000);
    });
  }

  filter.addEventListener("change", function (event) { if (event.target === order) sort(); else show(); });
  if (act) {
    act.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.ctSave) { save(button.dataset.ctSave); return; }
      fields.forEach(function (field) { field.value = ""; });
      show();
    });
  }
  filter.hidden = false;
  if (counted) show();
}());
