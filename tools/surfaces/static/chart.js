/*
 * Explore a chart on request. The picture and the table are there without it; this loads the drawing library from the
 * book's own files when somebody presses the button, and not before.
 */
(function () {
  "use strict";

  var here = document.currentScript ? document.currentScript.src : "";
  var loading = null;

  function library() {
    if (!loading) {
      loading = new Promise(function (done, failed) {
        if (globalThis.ctVega) { done(globalThis.ctVega); return; }
        var script = document.createElement("script");
        script.src = here.replace(/chart\.js(\?.*)?$/, "ct-vega.js");
        script.onload = function () { if (globalThis.ctVega) done(globalThis.ctVega); else failed(new Error("empty")); };
        script.onerror = function () { loading = null; failed(new Error("not loaded")); };
        document.head.append(script);
      });
    }
    return loading;
  }

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function prepare(figure) {
    var button = figure.querySelector(".ct-chart-explore"), data = figure.querySelector("script.ct-chart-spec");
    if (!button || !data) return;
    var picture = figure.querySelector(".ct-chart-picture"), first = button.textContent, live = null;
    var spec = JSON.parse(data.textContent), meta = spec.usermeta || {};
    button.hidden = false;

    function back() {
      if (live) live.remove();
      live = null;
      picture.hidden = false;
      button.textContent = first;
      button.setAttribute("aria-expanded", "false");
    }

    function controls(box, view) {
      var readout = element("p", "ct-chart-readout", button.dataset.hint), pick = element("p", "ct-chart-pick");
      readout.setAttribute("role", "status");
      if (meta.readouts && meta.signal) {
        var label = element("label", "", meta.label), select = element("select");
        label.htmlFor = select.id = figure.id + "-pick";
        select.append(new Option("–", ""));
        meta.readouts.forEach(function (pair) { select.append(new Option(String(pair[0]), String(pair[0]))); });
        var show = function (value) {
          var found = meta.readouts.find(function (pair) { return String(pair[0]) === String(value); });
          readout.textContent = found ? found[1] : button.dataset.hint;
          view.signal(meta.signal, found ? found[0] : 0).runAsync();
        };
        select.addEventListener("change", function () { show(select.value); });
        view.addEventListener("pointermove", function (event, item) {
          var year = item && item.datum && item.datum.year;
          if (year && String(year) !== select.value) { select.value = String(year); show(year); }
        });
        pick.append(label, select);
        box.append(pick);
      }
      box.append(readout);
    }

    button.addEventListener("click", function () {
      if (live) { back(); return; }
      live = element("div", "ct-chart-live");
      var status = element("p", "", button.dataset.loading), canvas = element("div");
      status.setAttribute("role", "status");
      live.append(status, canvas);
      picture.after(live);
      library().then(function (vega) {
        return vega.embed(canvas, spec, {
          ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: false, mode: "vega-lite", logLevel: 1
        });
      }).then(function (result) {
        if (!live) return;
        status.remove();
        picture.hidden = true;
        button.textContent = button.dataset.back;
        button.setAttribute("aria-expanded", "true");
        var drawn = canvas.querySelector("svg");
        if (drawn) {
          drawn.setAttribute("role", "img");
          drawn.setAttribute("aria-label", figure.querySelector(".ct-chart-title").textContent);
        }
        controls(live, result.view);
      }).catch(function () {
        if (!live) return;
        canvas.remove();
        status.textContent = button.dataset.failed;
      });
    });
  }

  function start() { Array.prototype.forEach.call(document.querySelectorAll("[data-ct-chart]"), prepare); }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
}());
