/* The search page. The words typed stay in this page: they reach no address, no history and no storage. */
(function () {
  "use strict";

  var form = document.querySelector("[data-ct-search]");
  if (!form || !window.MiniSearch || !window.ctSearch) { return; }

  var PAGE = 20; /* results shown at once */
  var field = document.getElementById("site-query");
  var status = document.querySelector(".site-search-status");
  var list = document.querySelector(".site-results");
  var data = window.ctSearch;
  var base = document.currentScript.src.replace(/[^/]*$/, "");
  var texts = {};
  var asked = {};
  var shown = [];
  var timer = 0;

  /* The index comes packed, as `packed` in search.py says; the library wants it spelt out. */
  function unpacked(index) {
    var names = ["title", "heading", "text"];
    var postings = index.postings.split(" ");
    var last = "";
    var whole = {
      serializationVersion: index.serializationVersion, averageFieldLength: index.averageFieldLength,
      documentCount: index.lengths.length, nextId: index.lengths.length,
      documentIds: Object.assign({}, index.lengths.map(function (_, place) { return place; })),
      fieldIds: { title: 0, heading: 1, text: 2 }, fieldLength: Object.assign({}, index.lengths),
      storedFields: {}, dirtCount: 0
    };
    whole.index = index.terms.split(" ").map(function (term, at) {
      var fields = {};
      last = last.slice(0, term.charCodeAt(0) - 48) + term.slice(1);
      postings[at].split("!").forEach(function (steps, field) {
        var place = -1;
        for (var i = 0; i < steps.length; i += 1) {
          var code = steps.charCodeAt(i);
          place += code - (code > 92 ? 35 : 34);
          fields[field] = fields[field] || {};
          fields[field][place] = 1;
        }
      });
      return [last, fields];
    });
    return window.MiniSearch.loadJS(whole, { fields: names });
  }

  var engine = unpacked(data.index);

  function find(words) {
    var options = {
      boost: { title: 4, heading: 3 },
      prefix: function (term) { return term.length > 2; },
      /* letters that may differ; two swapped letters count as two */
      fuzzy: function (term) { return term.length > 6 ? 2 : term.length > 4 ? 1 : false; },
      weights: { fuzzy: 0.3, prefix: 0.6 },
      /* words that stand nearly everywhere are not in the index */
      processTerm: function (term) { term = term.toLowerCase(); return data.common.indexOf(term) >= 0 ? null : term; },
      combineWith: "AND"
    };
    var results = engine.search(words, options);
    if (results.length) { return { results: results, loose: false }; }
    options.combineWith = "OR";
    return { results: engine.search(words, options), loose: true };
  }

  /* Texts come as scripts, part by part, when a result of that part is shown: a page from disk cannot fetch. */
  data.got = function (part, found) {
    Object.keys(found).forEach(function (id) { texts[id] = found[id]; });
    shown.forEach(function (entry) { if (!entry.done) { fillExcerpt(entry); } });
  };

  function askFor(part) {
    if (asked[part]) { return; }
    asked[part] = true;
    var script = document.createElement("script");
    script.src = base + "search-text-" + data.parts[part] + ".js";
    document.head.appendChild(script);
  }

  function element(name, cssClass, words) {
    var made = document.createElement(name);
    if (cssClass) { made.className = cssClass; }
    if (words) { made.textContent = words; }
    return made;
  }

  /* Writes the text into the node and marks the words that were found. */
  function writeMarked(node, text, terms) {
    node.textContent = "";
    var safe = terms.map(function (term) { return term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"); });
    safe.sort(function (a, b) { return b.length - a.length; });
    if (!safe.length) { node.textContent = text; return; }
    text.split(new RegExp("(" + safe.join("|") + ")", "giu")).forEach(function (piece, i) {
      if (i % 2) { node.appendChild(element("mark", "", piece)); }
      else if (piece) { node.appendChild(document.createTextNode(piece)); }
    });
  }

  function excerpt(text, terms) {
    var low = text.toLowerCase();
    var first = terms.map(function (term) { return low.indexOf(term); })
      .filter(function (at) { return at >= 0; })
      .sort(function (a, b) { return a - b; })[0] || 0;
    var from = Math.max(0, first - 70);
    var to = Math.min(text.length, from + 220);
    if (from > 0) { from = text.indexOf(" ", from) + 1; }
    if (to < text.length) { to = Math.max(text.lastIndexOf(" ", to), from + 40); }
    return (from > 0 ? "… " : "") + text.slice(from, to) + (to < text.length ? " …" : "");
  }

  function fillExcerpt(entry) {
    if (!(entry.id in texts)) { return; }
    entry.done = true;
    writeMarked(entry.node, excerpt(texts[entry.id], entry.terms), entry.terms);
  }

  function address(place) {
    return place[0] + ".html" + (place[1] ? "#" + place[1] : "");
  }

  function show(results, from) {
    results.slice(from, from + PAGE).forEach(function (result) {
      var place = data.places[result.id];
      var item = element("li");
      var link = element("a");
      link.href = address(place);
      writeMarked(link, place[3] || place[2], result.terms);
      item.appendChild(link);
      if (place[3]) { item.appendChild(element("p", "site-where", place[2])); }
      var node = element("p");
      item.appendChild(node);
      list.appendChild(item);
      var entry = { id: result.id, node: node, terms: result.terms, done: false };
      shown.push(entry);
      askFor(place[4]);
      fillExcerpt(entry);
    });
    if (results.length > from + PAGE) {
      var item = element("li");
      var more = element("button", "site-more", form.dataset.ctMore);
      more.type = "button";
      more.addEventListener("click", function () {
        var before = item.previousSibling;
        item.remove();
        show(results, from + PAGE);
        before.nextSibling.querySelector("a").focus();
      });
      item.appendChild(more);
      list.appendChild(item);
    }
  }

  function run() {
    var words = field.value.trim();
    list.textContent = "";
    shown = [];
    if (words.length < 2) { status.textContent = ""; return; }
    var answer = find(words);
    var count = answer.results.length;
    var said = count === 0 ? form.dataset.ctNone
      : answer.loose ? form.dataset.ctClose
        : count === 1 ? form.dataset.ctOne
          : form.dataset.ctMany.replace("%s", String(count));
    status.textContent = said;
    show(answer.results, 0);
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    window.clearTimeout(timer);
    run();
  });
  field.addEventListener("input", function () {
    window.clearTimeout(timer);
    timer = window.setTimeout(run, 250);
  });
  document.addEventListener("ct:clear", function () {
    field.value = "";
    run();
  });
  field.focus();
})();
