/*
 * The searchable page of a services directory. What is chosen stays in the page: nothing is stored, nothing is sent and
 * nothing goes into the address. Whether a place is open goes by the clock of the device.
 */
(function () {
  "use strict";

  var main = document.querySelector("[data-ct-directory]");
  if (!main) { return; }
  var form = main.querySelector(".dir-form");
  var count = main.querySelector(".dir-count");
  var fields = Array.prototype.slice.call(form.querySelectorAll("[data-ct-filter]"));
  var WEEK = 7 * 1440;

  function words(text) { return text ? text.split(" ") : []; }

  function plain(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  var items = Array.prototype.slice.call(main.querySelectorAll(".dir-item")).map(function (node) {
    var spans = words(node.dataset.h).map(function (span) { return span.split("-").map(Number); });
    var badge = null;
    if (spans.length) {
      badge = document.createElement("p");
      badge.className = "dir-badge";
      node.insertBefore(badge, node.children[2] || null);
    }
    return { node: node, n: words(node.dataset.n), a: words(node.dataset.a), w: words(node.dataset.w),
      l: words(node.dataset.l), spans: spans, badge: badge, open: null, text: null };
  });

  /* Minutes since Monday, midnight. */
  function minute() {
    var now = new Date();
    return ((now.getDay() + 6) % 7) * 1440 + now.getHours() * 60 + now.getMinutes();
  }

  function isOpen(item, now) {
    return item.spans.some(function (span) {
      return (now >= span[0] && now < span[1]) || (now + WEEK >= span[0] && now + WEEK < span[1]);
    });
  }

  function mark() {
    var now = minute();
    items.forEach(function (item) {
      var open = isOpen(item, now);
      if (open === item.open) { return; }
      item.open = open;
      if (item.badge) {
        item.badge.textContent = open ? main.dataset.ctOpen : main.dataset.ctClosed;
        item.badge.classList.toggle("dir-is-open", open);
      }
    });
  }

  function chosen() {
    var found = {};
    fields.forEach(function (field) {
      found[field.dataset.ctFilter] = field.type === "checkbox" ? field.checked : field.value;
    });
    return found;
  }

  function fits(item, want, sought) {
    if (want.o && !item.open) { return false; }
    for (var i = 0; i < 4; i += 1) {
      var key = "nawl"[i];
      if (want[key] && item[key].indexOf(want[key]) < 0) { return false; }
    }
    if (!sought.length) { return true; }
    if (item.text === null) { item.text = plain(item.node.textContent); }
    return sought.every(function (word) { return item.text.indexOf(word) >= 0; });
  }

  function show() {
    mark();
    var want = chosen();
    var sought = words(plain(want.q).replace(/\s+/g, " ").trim());
    var number = 0;
    items.forEach(function (item) {
      var fit = fits(item, want, sought);
      item.node.hidden = !fit;
      if (fit) { number += 1; }
    });
    var data = main.dataset;
    count.textContent = number === 0 ? data.ctCountNone : number === 1 ? data.ctCountOne :
      data.ctCount.replace("{count}", String(number));
  }

  var waiting = 0;
  function soon() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(show, 120);
  }

  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("reset", soon);
  document.addEventListener("ct:clear", function () { form.reset(); });
  window.setInterval(mark, 30000);
  form.hidden = false;
  form.reset();
  show();
}());
