/*
 * "Leave this page", for the pages of the site and for a form in one file. It needs a link `data-ct-leave` with the
 * words for the tab in `data-ct-title`; the link leads the same way without scripts.
 */
(function () {
  "use strict";

  var root = document.documentElement;
  var body = document.body;
  var leaveLink = document.querySelector("[data-ct-leave]");
  var status = document.querySelector("[data-ct-status]");
  var leaving = false;

  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }

  /* Tools listen to `ct:clear`: they forget their answers and revoke the addresses of files they made. */
  function clearAnswers() {
    document.dispatchEvent(new CustomEvent("ct:clear", { detail: { leaving: leaving } }));
    all("form").forEach(function (form) { form.reset(); });
    all("input[type=text], input[type=search], textarea").forEach(function (field) { field.value = ""; });
  }

  function leave() {
    if (leaving) { return; }
    leaving = true;
    root.classList.add("ct-left"); /* hidden before anything else has a chance to fail */
    document.title = leaveLink.dataset.ctTitle;
    window.onbeforeunload = null;
    try {
      clearAnswers();
    } finally {
      showNeutral();
      /* Without a network the browser would show an error: then the neutral text stays, under its address. */
      if (/^http/.test(leaveLink.protocol) && navigator.onLine === false) {
        window.history.replaceState(null, "", leaveLink.href);
      } else {
        window.location.replace(leaveLink.href);
      }
    }
  }

  /* The text of the neutral page, shown in the same moment: on a slow network the way there may take a while. */
  function showNeutral() {
    var neutral = document.querySelector("[data-ct-neutral]");
    all("link[rel=stylesheet], style").forEach(function (sheet) { sheet.disabled = true; });
    body.removeAttribute("data-theme");
    body.textContent = "";
    if (neutral) { /* a form in one file has none: it leaves an empty page */
      body.appendChild(document.createElement("h1")).textContent = leaveLink.dataset.ctTitle;
      body.appendChild(neutral.content.cloneNode(true));
    }
    root.classList.remove("ct-left");
    window.scrollTo(0, 0);
  }

  if (leaveLink) {
    leaveLink.addEventListener("click", function (event) {
      event.preventDefault();
      leave();
    });
  }

  /* Nobody who leaves in a hurry is asked "Are you sure?". Ours is the first listener, so it can stop the rest. */
  window.addEventListener("beforeunload", function (event) {
    if (leaving) { event.stopImmediatePropagation(); }
  }, true);

  /* A page that the browser kept alive and brings back must not show what was typed on it. */
  window.addEventListener("pageshow", function (event) {
    if (event.persisted && document.querySelector("[data-ct-tool]")) {
      root.classList.add("ct-left");
      leaving = true;
      clearAnswers();
      window.location.reload();
    }
  });

  /* Shift three times in five seconds. Shift together with another key, as in typing a capital, does not count. */
  var presses = [];
  var alone = false;

  function say(words) {
    if (status) { status.textContent = words; }
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Shift") {
      if (!event.repeat) { alone = true; }
    } else {
      alone = false;
      presses = [];
    }
  });
  document.addEventListener("pointerdown", function () { alone = false; presses = []; });
  document.addEventListener("keyup", function (event) {
    var wanted = document.querySelector("[data-ct-shift]");
    if (event.key !== "Shift" || !alone || !leaveLink || (wanted && !wanted.checked)) { return; }
    alone = false;
    var now = Date.now();
    presses = presses.filter(function (time) { return now - time < 5000; });
    presses.push(now);
    if (presses.length >= 3) {
      leave();
    } else {
      say(presses.length === 1 ? leaveLink.dataset.ctTwo : leaveLink.dataset.ctOne);
    }
  });
}());
