/*
 * The form: controls, relevance, rows, result. What else a tool can do (files, the interview, hints while typing)
 * is a part of its own: a function that gets `tool` and adds to `tool.actions`, `tool.onUpdate` and `tool.onClear`.
 */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments, loading = {};
  var here = document.currentScript && document.currentScript.src;

  /* Runs `act` with a part that pages of the book load only when it is needed: a script from the book's own files, from
     disk, too. `act` is told whether it had to wait. Where all scripts stand in one file, the part is there. */
  function later(name, act) {
    if (engine[name]) { act(false); return; }
    if (!here) return;
    if (!loading[name]) {
      loading[name] = document.createElement("script");
      loading[name].src = here.replace(/[^/]*$/, "ct-" + name + ".js");
      document.head.append(loading[name]);
    }
    loading[name].addEventListener("load", function () { act(true); }, { once: true });
  }

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function list(texts, tag) {
    var made = element(tag || "ul");
    texts.forEach(function (text) { made.append(element("li", "", text)); });
    return made;
  }

  /* Makes one rendered instrument live. `changed` is called with the assessment after every change. */
  function mount(root, changed) {
    if (root.ctForm) return root.ctForm;
    var data = JSON.parse(root.querySelector("script.ct-data").textContent);
    var definition = new engine.Definition(data), words = data.words;
    var form = root.querySelector("form"), lastOutcome = null, invalid = {};
    var all = function (selector, from) { return Array.prototype.slice.call((from || root).querySelectorAll(selector)); };
    var one = function (selector, from) { return (from || root).querySelector(selector); };
    var message = one(".ct-message"), alertBox = one(".ct-alert"), announce = one(".ct-announce");

    /* `saved` is false while there are answers that no file holds. */
    var tool = { root: root, data: data, definition: definition, words: words, form: form, saved: true,
                 actions: {}, onUpdate: [], onClear: [] };

    root.classList.add("ct-on");
    form.reset();
    all(".ct-live").forEach(function (live) { live.hidden = false; });

    /* ---- reading and writing controls */

    function controls(id, from) {
      return all('[data-ct-input="' + id + '"]', from);
    }

    function readItem(item, from, place) {
      var found = controls(item.id, from), raw;
      if (!found.length) return null;
      if (found[0].type === "checkbox") {
        raw = found.filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
      } else if (found[0].type === "radio") {
        raw = (found.find(function (box) { return box.checked; }) || {}).value;
      } else {
        raw = found[0].value;
        if (found[0].type === "date" && found[0].validity && found[0].validity.badInput) raw = "?";
      }
      var value = null, why = "";
      try { value = engine.parseValue(item, raw, words); } catch (problem) {
        if (!(problem instanceof engine.Refusal)) throw problem;
        why = problem.fields.why || "number";
      }
      showError(item, found[0], why, place);
      return value;
    }

    function showError(item, control, why, place) {
      if (control.type === "radio" || control.type === "checkbox") return;
      var box = one("#" + control.id + "-error"), text = "";
      if (why === "range") {
        text = engine.fill(words.range_wrong, { range: [item.minimum || "…", item.maximum || "…"].join(" – ") });
      } else if (why) text = words[why === "date" ? "date_wrong" : "number_wrong"];
      if (why) invalid[place] = true; else delete invalid[place];
      box.hidden = !why;
      if (box.textContent !== text) box.textContent = text;
      if (why) control.setAttribute("aria-invalid", "true"); else control.removeAttribute("aria-invalid");
      var ids = ["hint", why && "error", "guard"].map(function (part) { return control.id + "-" + part; })
        .filter(function (id) { return one("#" + id); }).join(" ");
      if (ids) control.setAttribute("aria-describedby", ids); else control.removeAttribute("aria-describedby");
    }

    function rowsOf(repeat) { return all('[data-ct-repeat="' + repeat.id + '"] > .ct-row'); }

    function read() {
      var answers = {};
      Object.keys(definition.items).forEach(function (id) {
        var value = definition.items[id].type === "note" ? null : readItem(definition.items[id], null, id);
        if (value !== null) answers[id] = value;
      });
      Object.keys(definition.repeats).forEach(function (id) {
        var repeat = definition.repeats[id], rows = rowsOf(repeat).map(function (row, at) {
          var cells = {};
          repeat.items.forEach(function (item) {
            var value = item.type === "note" ? null : readItem(item, row, id + at + item.id);
            if (value !== null) cells[item.id] = value;
          });
          return cells;
        });
        /* Empty rows at the end are not rows; one in between is. */
        while (rows.length && !Object.keys(rows[rows.length - 1]).length) rows.pop();
        if (rows.length) answers[id] = rows;
      });
      return answers;
    }

    function writeItem(item, value, from) {
      controls(item.id, from).forEach(function (control) {
        if (control.type === "checkbox") control.checked = Array.isArray(value) && value.indexOf(control.value) >= 0;
        else if (control.type === "radio") control.checked = control.value === value;
        else control.value = value === undefined || value === null ? "" : value;
      });
    }

    function write(answers) {
      Object.keys(definition.items).forEach(function (id) { writeItem(definition.items[id], answers[id], null); });
      Object.keys(definition.repeats).forEach(function (id) {
        var repeat = definition.repeats[id], wanted = answers[id] || [];
        while (rowsOf(repeat).length < wanted.length) addRow(repeat);
        rowsOf(repeat).forEach(function (row, at) {
          repeat.items.forEach(function (item) { writeItem(item, (wanted[at] || {})[item.id], row); });
        });
      });
    }

    /* ---- rows */

    function addRow(repeat) {
      var rows = rowsOf(repeat), last = rows[rows.length - 1], number = Number(last.dataset.ctRow) + 1, at = rows.length + 1;
      var made = last.cloneNode(true), from = repeat.id + "-row" + last.dataset.ctRow, to = repeat.id + "-row" + number;
      var oldTitle = engine.fill(words.row, { row: repeat.row, number: rows.length });
      var newTitle = engine.fill(words.row, { row: repeat.row, number: at });
      made.dataset.ctRow = String(number);
      [made].concat(all("*", made)).forEach(function (part) {
        ["id", "for", "name", "aria-describedby"].forEach(function (key) {
          var value = part.getAttribute(key);
          if (value) part.setAttribute(key, value.split(from + "-").join(to + "-"));
        });
        if (part.title) part.title = part.title.split(oldTitle).join(newTitle);
      });
      all("input,textarea", made).forEach(function (control) {
        if (control.type === "radio" || control.type === "checkbox") control.checked = false; else control.value = "";
        control.removeAttribute("aria-invalid");
      });
      all(".ct-error", made).forEach(function (box) { box.hidden = true; box.textContent = ""; });
      last.after(made);
      renumber(repeat);
      return made;
    }

    /* Rows that stand there for paper only: on the screen one is enough, and a long table would hide what follows. */
    function onScreen() {
      Object.keys(definition.repeats).forEach(function (id) {
        var rows = rowsOf(definition.repeats[id]);
        while (rows.length > 1 && !all("input,textarea", rows[rows.length - 1]).some(function (control) {
          return /radio|checkbox/.test(control.type) ? control.checked : control.value;
        })) rows.pop().remove();
      });
    }

    function onPaper(counts) {
      Object.keys(counts).forEach(function (id) {
        var repeat = definition.repeats[id];
        while (rowsOf(repeat).length < counts[id]) addRow(repeat);
      });
    }

    function renumber(repeat) {
      rowsOf(repeat).forEach(function (row, at) {
        var title = engine.fill(words.row, { row: repeat.row, number: at + 1 });
        var old = one("legend", row).textContent;
        one(":scope > legend", row).textContent = title;
        all("[title]", row).forEach(function (part) { part.title = part.title.split(old + ":").join(title + ":"); });
        one("[data-ct-remove]", row).textContent = engine.fill(words.remove_row, { row: title.toLowerCase() });
      });
    }

    /* ---- showing */

    function showRelevance(result) {
      var sheet = result.sheet;
      data.sections.forEach(function (section) {
        var box = one('[data-ct-section="' + section.id + '"]');
        var applies = !section.relevant || sheet.evaluate(section.relevant, -1, "");
        box.hidden = !applies;
        var step = one('[data-ct-step="' + section.id + '"]');
        var asked = 0, done = 0;
        section.members.forEach(function (member) {
          var visible = sheet.relevant(member.id, -1);
          var target = one((member.repeat ? '[data-ct-repeat="' : '[data-ct-item="') + member.id + '"]', box);
          target.hidden = !visible;
          if (!visible || member.type === "note") return;
          asked += 1;
          if (member.repeat ? sheet.rowCount(member.id) : sheet.get(member.id, -1) !== null) done += 1;
          if (member.repeat) showRows(member, sheet);
        });
        if (step) {
          step.hidden = !applies;
          one(".ct-step-count", step).textContent = asked ? done + "/" + asked : "";
        }
      });
      var progress = one(".ct-progress");
      if (progress) progress.textContent = engine.fill(words.progress, { answered: result.answered, all: result.asked });
    }

    function showRows(repeat, sheet) {
      rowsOf(repeat).forEach(function (row, at) {
        repeat.items.forEach(function (item) {
          one('[data-ct-item="' + item.id + '"]', row).hidden = at < sheet.rowCount(repeat.id) && !sheet.relevant(item.id, at);
        });
        repeat.computed.forEach(function (computed) {
          var output = one('[data-ct-value="' + computed.id + '"] output', row);
          if (!output) return;
          var value = at < sheet.rowCount(repeat.id) ? sheet.get(computed.id, at) : null;
          output.textContent = engine.valueWords(definition, computed, value, function (name) { return sheet.get(name, at); }) || "–";
        });
      });
    }

    function showResult(result, answers) {
      var body = one(".ct-result-body"), parts = [], outcome = result.outcome;
      if (!Object.keys(answers).length) {
        body.replaceChildren(element("p", "ct-hint", words.no_answers));
        return;
      }
      if (outcome) {
        var card = element("div", "ct-outcome ct-level-" + outcome.level);
        card.append(element("p", "ct-outcome-title", outcome.title), element("p", "", outcome.text));
        if (outcome.next.length) card.append(element("p", "ct-label", words.next), list(outcome.next, "ol"));
        parts.push(card);
      }
      result.notices.forEach(function (notice) {
        parts.push(element("p", "ct-notice ct-level-" + notice.level, notice.text));
      });
      if (outcome && result.reasons.length) {
        var reasons = element("details", "ct-reasons");
        reasons.open = openState.reasons;
        reasons.dataset.ctOpen = "reasons";
        reasons.append(element("summary", "", words.because + " (" + result.reasons.length + ")"));
        reasons.append(list(result.reasons.map(function (name) {
          return engine.reasonLine(definition, result.sheet, name).replace(/^- /, "");
        })));
        parts.push(reasons);
      }
      var shown = data.computed.filter(function (computed) { return computed.show; });
      if (shown.length) {
        var values = element("dl", "ct-values");
        shown.forEach(function (computed) {
          var pair = element("div");
          pair.append(element("dt", "", computed.label));
          pair.append(element("dd", "", engine.computedWords(definition, result, computed) || "–"));
          values.append(pair);
        });
        parts.push(values);
      }
      if (outcome) {
        var changes = element("details", "ct-changes");
        changes.dataset.ctOpen = "changes";
        changes.open = openState.changes;
        changes.append(element("summary", "", words.changes));
        if (openState.changes) changes.append(changeList(answers));
        parts.push(changes);
      }
      if (result.missing.length) {
        var missing = element("details", "ct-missing");
        missing.dataset.ctOpen = "missing";
        missing.open = openState.missing;
        missing.append(element("summary", "", words.missing + " (" + result.missing.length + ")"));
        missing.append(list(result.missing.map(function (name) { return definition.items[name].label; })));
        parts.push(missing);
      }
      body.replaceChildren.apply(body, parts);
      if (data.picture) {
        later("picture", function (waited) {
          var drawn = engine.picture(definition, data, result);
          if (waited) update(false);
          else if (drawn) body.append(drawn);
        });
      }
      all("details[data-ct-open]", body).forEach(function (details) {
        details.addEventListener("toggle", function () {
          var name = details.dataset.ctOpen;
          openState[name] = details.open;
          if (name === "changes" && details.open && details.children.length === 1) details.append(changeList(read()));
        });
      });
    }

    var openState = { reasons: true, changes: false, missing: false };

    function changeList(answers) {
      var found = engine.whatWouldChange(definition, answers);
      if (!found.length) return element("p", "", words.changes_none);
      return list(found.slice(0, 40).map(function (change) {
        var item = definition.items[change.item];
        var answer = engine.choicesOf(item, words).find(function (choice) { return choice[0] === change.answer; })[1];
        var outcome = data.outcomes.find(function (one) { return one.id === change.outcome; });
        return engine.fill(words.changes_item, { label: item.label, answer: answer, outcome: outcome.title });
      }).concat(found.length > 40 ? [engine.fill(words.more_missing, { count: found.length - 40 })] : []));
    }

    function update(quiet) {
      var answers = read(), result = engine.assess(definition, answers);
      var filled = Object.keys(answers).length > 0;
      showRelevance(result);
      showResult(result, answers);
      var bar = one(".ct-follow");
      if (result.outcome) {
        bar.hidden = !filled;
        one(".ct-follow-title", bar).textContent = result.outcome.title;
        ["urgent", "act", "ask", "calm"].forEach(function (level) {
          bar.classList.toggle("ct-level-" + level, level === result.outcome.level);
        });
        if (!quiet && filled && lastOutcome !== result.outcome.id) {
          announce.textContent = engine.fill(words.result_now, { title: result.outcome.title });
        }
        lastOutcome = filled ? result.outcome.id : null;  /* the first result after none is news */
      }
      tool.onUpdate.forEach(function (part) { part(answers, result); });
      if (changed) changed({ answers: engine.relevantAnswers(definition, answers), result: result });
      return answers;
    }

    /* ---- actions */

    function say(text) { alertBox.replaceChildren(); message.textContent = text; }

    function isFilled() { return Object.keys(read()).length > 0 || Object.keys(invalid).length > 0; }

    function clear() {
      form.reset();
      all("input,textarea", form).forEach(function (control) {
        if (control.type === "radio" || control.type === "checkbox") control.checked = false; else control.value = "";
      });
      Object.keys(definition.repeats).forEach(function (id) {
        rowsOf(definition.repeats[id]).slice(1).forEach(function (row) { if (Number(row.dataset.ctRow) > 0) row.remove(); });
      });
      one(".ct-summary").hidden = true;
      one(".ct-summary-text").value = "";
      alertBox.replaceChildren();
      message.textContent = "";
      announce.textContent = "";
      invalid = {};
      openState = { reasons: true, changes: false, missing: false };
      lastOutcome = null;
      tool.saved = true;
      tool.onClear.forEach(function (part) { part(); });
      update(true);
    }

    Object.assign(tool.actions, {
      print: function () { window.print(); },
      clear: function () {
        if (isFilled() && !window.confirm(words.clear_sure)) return;
        clear();
        say(words.cleared);
        root.querySelector("h1,h2,h3,h4,h5,h6").scrollIntoView();
      },
      summary: function () {
        var box = one(".ct-summary");
        box.hidden = !box.hidden;
        one(".ct-summary-text").value = box.hidden ? "" : engine.summary(definition, read());
        if (box.hidden) return;
        one(".ct-summary-text").focus();
        one(".ct-summary-text").setSelectionRange(0, 0);
        one(".ct-summary-text").scrollTop = 0;
      },
      copy: function () {
        var area = one(".ct-summary-text");
        area.select();
        if (navigator.clipboard) {
          navigator.clipboard.writeText(area.value).then(function () { say(words.copied); }, function () {});
        }
      }
    });

    var bar = element("p", "ct-follow");
    bar.hidden = true;
    var link = element("a", "ct-follow-title");
    link.href = "#" + one(".ct-result").id;
    bar.append(link);
    form.append(bar);

    /* The bar that follows is of no use beside the result itself. */
    if (globalThis.IntersectionObserver) {
      new IntersectionObserver(function (seen) {
        bar.classList.toggle("ct-near", seen[seen.length - 1].isIntersecting);
      }).observe(one(".ct-result-body"));
    }

    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("input", function (event) {
      if (!event.target.hasAttribute("data-ct-input")) return;
      tool.saved = false;
      message.textContent = "";
      update(false);
    });
    root.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button || !root.contains(button)) return;
      if (button.dataset.ctAction) tool.actions[button.dataset.ctAction]();
      if (button.dataset.ctAdd) {
        var repeat = definition.repeats[button.dataset.ctAdd];
        if (rowsOf(repeat).length >= repeat.max_rows) { say(words.too_many_rows); return; }
        one("input,textarea", addRow(repeat)).focus();
        update(true);
      }
      if (button.hasAttribute("data-ct-remove")) {
        var row = button.closest(".ct-row"), owner = definition.repeats[row.closest("[data-ct-repeat]").dataset.ctRepeat];
        if (rowsOf(owner).length > 1) row.remove();
        else all("input,textarea", row).forEach(function (c) { if (/radio|checkbox/.test(c.type)) c.checked = false; else c.value = ""; });
        renumber(owner);
        tool.saved = false;
        update(true);
        one('[data-ct-add="' + owner.id + '"]').focus();
      }
    });
    document.addEventListener("ct:clear", clear);
    window.addEventListener("beforeunload", function (event) { if (!tool.saved && isFilled()) event.preventDefault(); });

    Object.assign(tool, {
      read: read, update: update, say: say, isFilled: isFilled, clear: clear, message: message, alert: alertBox,
      announce: announce, one: one, all: all,
      write: function (answers) { form.reset(); write(answers); update(true); }
    });
    engine.parts.forEach(function (part) { part(tool); });

    var forPaper = {};
    Object.keys(definition.repeats).forEach(function (id) { forPaper[id] = rowsOf(definition.repeats[id]).length; });
    onScreen();
    window.addEventListener("beforeprint", function () { if (!isFilled()) onPaper(forPaper); });
    window.addEventListener("afterprint", function () { if (!isFilled()) onScreen(); });

    update(true);
    root.ctForm = {
      definition: definition,
      read: read,
      write: tool.write,
      clear: clear
    };
    return root.ctForm;
  }

  engine.mount = mount;
  engine.parts = [];
  engine.later = later;
  engine.element = element;
  engine.list = list;
}());
