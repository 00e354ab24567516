/* The filter of the page "All forms" (a list), and of tables: the catalogue of tools, the matrix of indicators. What is chosen stays in the page: nothing in the address, nothing stored. */
(function () {
  "use strict";

  var filter = document.querySelector("[data-ct-forms]");
  if (!filter) return;
  var fields = Array.from(filter.querySelectorAll("[data-ct-filter]"));
  var entries = Array.from(document.querySelectorAll(".ct-forms > li, .ct-forms > tbody > tr"));
  var said = filter.querySelector("[role=status]");

  function show() {
    var shown = 0;
    entries.forEach(function (entry) {
      entry.hidden = fields.some(function (field) {
        var name = field.dataset.ctFilter, has = entry.dataset[name];
        if (!field.value) return false;
        if (has === undefined) return !entry.classList.contains("ct-" + name + "--" + field.value);
        return !has.split(name === "role" ? "|" : " ").includes(field.value);
      });
      if (!entry.hidden) shown += 1;
    });
    document.querySelectorAll("ul.ct-forms, .ct-matrix").forEach(function (list) {
      list.closest("section").hidden = !list.querySelector("li:not([hidden]), tbody > tr:not([hidden])");
    });
    said.textContent = filter.dataset.ctForms.replace("%(shown)s", shown).replace("%(all)s", entries.length);
  }

  filter.addEventListener("change", show);
  filter.hidden = false;
}());
