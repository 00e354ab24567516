/*
 * The form in a notebook. It is drawn in a shadow root, so that no style goes in or out; `record` is kept in step with
 * Python. A classic script cannot export: Python appends `export default { render: … }`.
 */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments;

  /* Python holds the answers, so nobody is asked before the notebook is closed. */
  engine.parts.push(function (tool) {
    if (tool.root.ctInNotebook) tool.onUpdate.push(function () { tool.saved = true; });
  });

  /* Light or dark as the notebook is, whatever the system prefers. */
  function followTheme(host) {
    function look() {
      var light = document.body.dataset.jpThemeLight;
      if (light) host.dataset.theme = light === "false" ? "dark" : "light";
    }
    var watcher = new MutationObserver(look);
    watcher.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
    look();
    return watcher;
  }

  function draw(host, markup, sheet) {
    var shadow = host.attachShadow({ mode: "open" }), style = new CSSStyleSheet();
    style.replaceSync(sheet);
    shadow.adoptedStyleSheets = [style];
    /* A parsed document runs no script. */
    var parsed = new DOMParser().parseFromString(markup, "text/html");
    shadow.append(document.importNode(parsed.querySelector("[data-ct-tool]"), true));
    /* A link to a part of the form would change the notebook's address, and finds nothing inside a shadow root. */
    shadow.addEventListener("click", function (event) {
      var link = event.target.closest('a[href^="#"]');
      if (!link) return;
      event.preventDefault();
      var target = shadow.getElementById(link.getAttribute("href").slice(1));
      if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
      target.scrollIntoView({ block: "start" });
      target.focus({ preventScroll: true });
    });
    return shadow.querySelector("[data-ct-tool]");
  }

  function render(context) {
    var model = context.model, host = document.createElement("div"), held = "", writing = true, form;
    /* Keys typed here are answers, not the notebook's shortcuts (twice D deletes a cell). */
    host.dataset.lmSuppressShortcuts = "true";
    host.className = "ct-in-notebook";
    context.el.append(host);
    var root = draw(host, model.get("markup"), model.get("sheet")), watcher = followTheme(host);
    root.ctInNotebook = true;
    root.querySelectorAll('[data-ct-action="print"]').forEach(function (button) { button.remove(); });

    form = engine.mount(root, function (now) {
      /* What Python has just set is not sent back. */
      if (writing) return;
      held = JSON.stringify(now.answers);
      model.set("record", now.answers);
      model.save_changes();
    });

    function take() {
      var record = model.get("record"), text = JSON.stringify(record);
      if (text === held) return;
      held = text;
      writing = true;
      form.write(record);
      writing = false;
    }

    held = "{}";
    take();
    writing = false;
    model.on("change:record", take);
    return function () {
      watcher.disconnect();
      model.off("change:record", take);
    };
  }

  engine.render = render;
}());
