/*
 * Explore a chart on request. The picture and the table are there without it; this loads the drawing library from the
 * book's own files when somebody presses the button, and not before.
 *
 * The library interprets the chart's expressions (`ast`) and never makes code of them, it brings no styles of its own,
 * and all data stands in the page: so the content security policy holds, and nothing is asked for.
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
        script.onerror = function () { loading = null; script.remove(); failed(new Error("not loaded")); };
        document.head.append(script);
      });
    }
    return loading;
  }

  function element(tag, className, text) {
    var made = document.createElement(tag);
    made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  /* The words beside a mark, for those who point at it; the line under the chart says them to everybody. */
  function tooltip(box) {
    var tip = element("div", "ct-chart-tip");
    tip.setAttribute("aria-hidden", "true");
    tip.hidden = true;
    box.append(tip);
    box.addEventListener("pointerleave", function () { tip.hidden = true; });
    document.addEventListener("keydown", function (event) { if (event.key === "Escape") tip.hidden = true; });
    return function (handler, event, item, value) {
      tip.hidden = value === null || value === undefined || value === "";
      if (tip.hidden) return;
      tip.textContent = String(value);
      var frame = box.getBoundingClientRect(), x = event.clientX - frame.left, y = event.clientY - frame.top;
      tip.style.left = Math.max(0, Math.min(x - tip.offsetWidth / 2, frame.width - tip.offsetWidth)) + "px";
      tip.style.top = (y > tip.offsetHeight + 14 ? y - tip.offsetHeight - 14 : y + 22) + "px";
    };
  }

  /* A slider through the years (or whatever the chart runs along), and a line that says the figures. */
  function controls(box, view, meta, id) {
    var pairs = meta.readouts, row = element("p", "ct-chart-pick"), now = element("output", "");
    var label = element("label", "", meta.label), slider = element("input", ""), readout = element("p", "ct-chart-readout");
    slider.type = "range";
    slider.min = "0";
    slider.max = String(pairs.length - 1);
    slider.value = String(Math.max(0, pairs.findIndex(function (pair) { return pair[0] === meta.start; })));
    slider.autocomplete = "off";
    label.htmlFor = slider.id = id;
    now.setAttribute("for", id);
    now.setAttribute("aria-live", "off"); // the slider says it
    readout.setAttribute("role", "status");
    function show() {
      var pair = pairs[Number(slider.value)];
      slider.setAttribute("aria-valuetext", String(pair[0]));
      now.textContent = String(pair[0]);
      readout.textContent = pair[1];
      view.signal(meta.signal, pair[0]).runAsync();
    }
    slider.addEventListener("input", show);
    view.addEventListener("pointermove", function (event, item) {
      var value = item && item.datum ? item.datum[meta.field] : undefined;
      var at = pairs.findIndex(function (pair) { return pair[0] === value; });
      if (at >= 0 && String(at) !== slider.value) { slider.value = String(at); show(); }
    });
    row.append(label, slider, now);
    box.append(row, readout);
    show();
    return slider;
  }

  function prepare(figure) {
    var button = figure.querySelector(".ct-chart-explore"), data = figure.querySelector("script.ct-chart-spec");
    var picture = figure.querySelector(".ct-chart-picture");
    if (!button || !data || !picture) return;
    var explore = button.textContent, live = null;

    function back() {
      live.remove();
      live = null;
      picture.hidden = false;
      button.textContent = explore;
    }

    function draw(vega, box) {
      var spec = JSON.parse(data.textContent), canvas = element("div", ""), frame = element("div", "ct-chart-canvas");
      frame.append(canvas);
      box.append(frame);
      return vega.embed(canvas, spec, {
        ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: tooltip(frame), mode: "vega-lite"
      }).then(function (result) {
        if (live !== box) { result.finalize(); return; }
        var drawn = canvas.querySelector("svg"), still = picture.querySelector("svg"), first = null;
        // Vega names its parts for machines; a reader of screens gets the words of the picture, the slider and the line.
        drawn.setAttribute("class", "ct-chart-svg");
        drawn.setAttribute("aria-hidden", "true");
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", still.querySelector("title").textContent);
        box.querySelector(".ct-chart-wait").remove();
        picture.hidden = true;
        button.textContent = button.dataset.back;
        if (spec.usermeta && spec.usermeta.readouts) first = controls(box, result.view, spec.usermeta, figure.id + "-pick");
        if (first && document.activeElement === button) first.focus();
      });
    }

    button.addEventListener("click", function () {
      if (live && picture.hidden) { back(); return; }
      if (live) live.remove();
      var box = live = element("div", "ct-chart-live"), wait = element("p", "ct-chart-wait");
      wait.setAttribute("role", "status");
      box.append(wait);
      picture.after(box);
      wait.textContent = button.dataset.loading; // after it stands in the page, or it is not announced
      library().then(function (vega) { return live === box ? draw(vega, box) : null; }).catch(function () {
        if (live !== box) return;
        picture.hidden = false;
        box.replaceChildren(wait);
        wait.textContent = button.dataset.failed;
      });
    });
    button.hidden = false;
  }

  function start() { Array.prototype.forEach.call(document.querySelectorAll("[data-ct-chart]"), prepare); }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
}());
