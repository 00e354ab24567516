/* The last script of all: makes every instrument of the page live. */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments;

  engine.mountAll = function () {
    Array.prototype.forEach.call(document.querySelectorAll("[data-ct-tool]"), function (root) { engine.mount(root, null); });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", engine.mountAll);
  else engine.mountAll();
}());
