/* Runs on every page. Stores nothing, sends nothing; without it the page reads and the menu opens all the same. */
(function () {
  "use strict";

  var root = document.documentElement;
  var body = document.body;
  var leaveLink = document.querySelector("[data-ct-leave]");
  var status = document.querySelector("[data-ct-status]");
  var leaving = false;

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

  /* Leave this page ------------------------------------------------------------------------------------------ */

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
      if (window.location.protocol !== "file:" && navigator.onLine === false) {
        window.history.replaceState(null, "", leaveLink.href);
      } else {
        window.location.replace(leaveLink.href);
      }
    }
  }

  /* The text of the neutral page, shown in the same moment: on a slow network the way there may take a while. */
  function showNeutral() {
    var neutral = document.querySelector("[data-ct-neutral]");
    all("link[rel=stylesheet]").forEach(function (sheet) { sheet.disabled = true; });
    body.removeAttribute("data-theme");
    body.textContent = "";
    body.appendChild(document.createElement("h1")).textContent = leaveLink.dataset.ctTitle;
    if (neutral) { body.appendChild(neutral.content.cloneNode(true)); }
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

  /* Menu, notes, colours ------------------------------------------------------------------------------------- */

  var menu = document.getElementById("site-menu");
  var main = document.getElementById("main");
  var help = document.querySelector(".site-leave-help");

  function menuChanged() {
    if (main) { main.inert = menu.checked; }
  }

  if (menu) {
    menu.addEventListener("change", menuChanged);
    /* On a wide window the menu always shows, so nothing may stay switched off behind it. */
    window.matchMedia("(min-width: 63em)").addEventListener("change", function () {
      menu.checked = false;
      menuChanged();
    });
  }

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    if (help && help.open) {
      help.open = false;
      help.querySelector("summary").focus();
    } else if (menu && menu.checked) {
      menu.checked = false;
      menuChanged();
      menu.focus();
    }
  });
  document.addEventListener("click", function (event) {
    if (help && help.open && !help.contains(event.target)) { help.open = false; }
  });

  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function isDark() {
    return body.dataset.theme === "dark" || (body.dataset.theme === "auto" && dark.matches);
  }

  function showTheme() {
    all("[data-ct-theme]").forEach(function (button) { button.setAttribute("aria-pressed", String(isDark())); });
  }

  all("[data-ct-theme]").forEach(function (button) {
    button.addEventListener("click", function () {
      body.dataset.theme = isDark() ? "light" : "dark";
      showTheme();
    });
  });
  dark.addEventListener("change", showTheme);
  showTheme();

  /* Reading -------------------------------------------------------------------------------------------------- */

  /* A wide table or a long line scrolls in its own box, and the box takes the focus. One that fits need not. */
  function fitBoxes() {
    all(".table-wrapper, article pre").forEach(function (box) {
      if (box.scrollWidth > box.clientWidth) {
        box.setAttribute("tabindex", "0");
      } else {
        box.removeAttribute("tabindex");
      }
    });
  }
  fitBoxes();
  window.addEventListener("resize", fitBoxes);

  /* The heading that is being read is marked in "On this page". */
  var entries = all(".toc-tree a[href^='#']").map(function (link) {
    var id = decodeURIComponent(link.getAttribute("href").slice(1));
    return { link: link, target: id ? document.getElementById(id) : null };
  }).filter(function (entry) { return entry.target; });

  function markCurrent() {
    var current = null;
    entries.forEach(function (entry) {
      entry.link.removeAttribute("aria-current");
      if (entry.target.getBoundingClientRect().top < 120) { current = entry; }
    });
    if (current) { current.link.setAttribute("aria-current", "location"); }
  }

  if (entries.length) {
    var waiting = false;
    window.addEventListener("scroll", function () {
      if (waiting) { return; }
      waiting = true;
      window.requestAnimationFrame(function () { waiting = false; markCurrent(); });
    }, { passive: true });
    markCurrent();
  }

  root.classList.add("ct-js");
})();
