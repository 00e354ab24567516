/* Runs on every page. Stores nothing, sends nothing; without it the page reads and the menu opens all the same. */
(function () {
  "use strict";

  var root = document.documentElement;
  var body = document.body;

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

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
