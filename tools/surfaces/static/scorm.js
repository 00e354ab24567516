/* Tells a learning platform how many answers are right, and when all are given: SCORM 1.2.
   Two things are told, the score and that it is done; never an answer. Without a platform nothing happens. */
(function () {
  "use strict";
  var right = CT_RIGHT;
  var form = document.querySelector(".ct-form");
  var ids = Object.keys(right);
  var started = new Date().getTime();
  var ended = false;

  /* The platform stands in a window around this one, or in the one that opened it. */
  function find(start) {
    var here = start;
    for (var n = 0; here && n < 10; n += 1) {
      try {
        if (here.API) return here.API;
      } catch (e) {
        return null; /* another origin: no platform of ours */
      }
      if (here.parent === here) return null;
      here = here.parent;
    }
    return null;
  }
  var api = find(window) || (window.opener && find(window.opener));
  if (!api || !form || String(api.LMSInitialize("")) !== "true") return;

  function set(name, value) {
    api.LMSSetValue("cmi.core." + name, String(value));
  }
  var before = api.LMSGetValue("cmi.core.lesson_status");
  if (before === "not attempted" || before === "") set("lesson_status", "incomplete");

  function chosen(id) {
    var field = form.querySelector('[data-ct-item="' + id + '"] input:checked');
    return field ? field.value : "";
  }
  function tell() {
    var given = ids.filter(chosen);
    if (given.length < ids.length) return;
    var good = given.filter(function (id) {
      return chosen(id) === right[id];
    });
    set("score.min", 0);
    set("score.max", 100);
    set("score.raw", Math.round((100 * good.length) / ids.length));
    set("lesson_status", "completed");
    api.LMSCommit("");
  }
  function two(n) {
    return (n < 10 ? "0" : "") + n;
  }
  function end() {
    if (ended) return;
    ended = true;
    var seconds = Math.round((new Date().getTime() - started) / 1000);
    set("session_time", two(Math.floor(seconds / 3600)) + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60));
    api.LMSFinish("");
  }
  form.addEventListener("change", tell);
  window.addEventListener("pagehide", end);
})();
