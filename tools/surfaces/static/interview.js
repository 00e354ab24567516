/*
 * Interview mode: the form itself, moved into a dialog that shows one question at a time. There is no second copy of
 * an answer; which questions there are is read from what the form shows, so order and relevance are the instrument's.
 */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments, element = engine.element;

  engine.parts.push(function (tool) {
    var words = tool.words, form = tool.form, everything = tool.definition.everything, repeats = tool.definition.repeats;
    var openers = tool.all('[data-ct-action="interview"]');
    if (!globalThis.HTMLDialogElement) {
      openers.forEach(function (opener) { opener.remove(); });
      return;
    }
    var result = tool.one(".ct-result"), leaveLink = document.querySelector("[data-ct-leave]");
    var formName = form.getAttribute("aria-labelledby"), title = "", card = false, now = null, opened = new Map();

    var dialog = element("dialog", "ct-interview"), top = element("div", "ct-iv-top"), where = element("p", "ct-iv-where");
    var heading = element(tool.one(".ct-tool-title").tagName, "ct-iv-question"), body = element("div", "ct-iv-body");
    var more = element("div", "ct-iv-more"), foot = element("div", "ct-iv-foot");
    var toForm = button(top, words.close_interview, "ct-quiet", leave);
    var skip = button(more, words.skip, "ct-iv-skip", function () {
      if (filled(now)) {
        fields(now).forEach(function (field) { if (isBox(field)) field.checked = false; else field.value = ""; });
        fields(now)[0].dispatchEvent(new Event("input", { bubbles: true }));
      }
      step(1);
    });
    var add = button(more, "", "ct-iv-skip", addRow);
    var back = button(foot, words.back, "ct-quiet", function () { step(-1); });
    var next = button(foot, "", "", function () { if (now === result) leave(); else step(1); });
    var toCard = button(foot, words.show_card, "ct-quiet", function () { show(true); });
    var done = button(foot, words.card_done, "ct-quiet", function () { show(false); });
    if (leaveLink) button(foot, leaveLink.textContent.trim(), "ct-quiet ct-iv-leave", function () { leaveLink.click(); });
    where.id = form.id + "-where";
    heading.tabIndex = -1;
    heading.setAttribute("aria-describedby", where.id);
    dialog.setAttribute("aria-label", words.question);
    top.prepend(where);
    dialog.append(top, body, foot);

    function button(parent, text, kind, act) {
      var made = element("button", "ct-button " + kind, text);
      made.type = "button";
      made.addEventListener("click", act);
      parent.append(made);
      return made;
    }

    /* ---- the steps: items, "another row?" after the rows of a repeat, the result */

    function fields(part) { return tool.all("input,textarea", part); }

    function isBox(field) { return /radio|checkbox/.test(field.type); }

    function filled(part) {
      return fields(part).some(function (field) { return isBox(field) ? field.checked : field.value; });
    }

    function rowsOf(repeat) { return tool.all(":scope > .ct-row", repeat); }

    /* Paper has empty rows; here a row is asked about when it holds something or was asked for. */
    function rowsShown(repeat) {
      return rowsOf(repeat).reduce(function (count, row, at) { return filled(row) ? Math.max(count, at + 1) : count; }, opened.get(repeat) || 0);
    }

    function steps() {
      var found = [];
      tool.all(".ct-section:not([hidden]) > :not([hidden])").forEach(function (part) {
        if (part.matches(".ct-item")) found.push(part);
        if (!part.matches(".ct-repeat")) return;
        rowsOf(part).slice(0, rowsShown(part)).forEach(function (row) {
          found.push.apply(found, tool.all(".ct-item:not([hidden])", row));
        });
        found.push(part);
      });
      return found.concat(result);
    }

    function place(list) {
      var at = list.indexOf(now);
      if (at >= 0 || !now) return Math.max(at, 0);
      /* It no longer applies: the one after it. */
      return list.findIndex(function (part) { return part === result || now.compareDocumentPosition(part) & 4; });
    }

    function step(by) {
      var list = steps();
      now = list[Math.min(Math.max(place(list) + by, 0), list.length - 1)];
      show(false);
    }

    function addRow() {
      var repeat = now, count = rowsShown(repeat);
      if (rowsOf(repeat).length === count) tool.one("[data-ct-add]", repeat).click();
      opened.set(repeat, count + 1);
      now = tool.one(".ct-item", rowsOf(repeat)[count]);
      show(false);
    }

    /* ---- showing */

    function paint() {
      var list = steps(), at = place(list), questions = list.filter(isQuestion);
      now = list[at];
      var section = now.closest(".ct-section"), row = now.closest(".ct-row"), repeat = repeats[now.dataset.ctRepeat];
      var item = everything[now.dataset.ctItem], asks = isQuestion(now), ends = now === result, count = repeat ? rowsShown(now) : 0;
      unmark();
      for (var part = now; part !== form; part = part.parentNode) part.classList.add("ct-now");
      /* What a screen reader says aloud beside the card is on the card, too. */
      if (card) section.removeAttribute("aria-labelledby");
      dialog.classList.toggle("ct-card", card);
      dialog.classList.toggle("ct-first", !at || list[at - 1].closest(".ct-section") !== section);
      heading.textContent = repeat ? repeat.label : ends ? words.result : asks ? item.label : words.notes;
      where.textContent = card ? "" : [
        section && tool.data.sections.find(function (one) { return one.id === section.dataset.ctSection; }).title,
        row && tool.one("legend", row).textContent,
        asks && engine.fill(words.question_of, { number: questions.indexOf(now) + 1, all: questions.length })
      ].filter(Boolean).join(" · ");
      toForm.hidden = card || ends;
      skip.hidden = !asks;
      add.hidden = !repeat || count >= repeat.max_rows;
      if (repeat) add.textContent = engine.fill(count ? words.add_another : words.add_row, { row: repeat.row.toLowerCase() });
      back.hidden = card || !at;
      next.hidden = card;
      next.textContent = repeat ? words.go_on : ends ? words.close_interview : words.next_step;
      toCard.hidden = card || !asks;
      done.hidden = !card;
    }

    function isQuestion(part) { return part.matches(".ct-item:not(.ct-note)"); }

    function unmark() {
      tool.all(".ct-now").forEach(function (part) {
        part.classList.remove("ct-now");
        if (part.matches(".ct-section")) part.setAttribute("aria-labelledby", part.id + "-title");
      });
    }

    function show(asCard) {
      card = asCard;
      paint();
      dialog.scrollTop = 0;
      heading.focus();
    }

    /* ---- coming and going */

    tool.actions.interview = function () {
      form.before(dialog);
      body.append(heading, form, more);
      form.removeAttribute("aria-labelledby");
      title = document.title;
      document.title = words.question; /* someone may look at the screen together with the interviewer */
      dialog.showModal();
      show(false);
    };

    function leave() {
      if (!dialog.isConnected) return;
      if (dialog.open) dialog.close();
      dialog.replaceWith(form);
      unmark();
      form.setAttribute("aria-labelledby", formName);
      heading.textContent = where.textContent = "";
      if (document.title === words.question) document.title = title;
      (now === result ? result : openers[0]).focus();
    }

    dialog.addEventListener("close", leave);
    dialog.addEventListener("cancel", function (event) {
      if (!card) return;
      event.preventDefault();
      show(false);
    });
    dialog.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && card) {
        event.preventDefault();
        show(false);
      }
      if (event.key === "Enter" && event.target.matches("input")) {
        event.preventDefault();
        if (card) show(false); else step(1);
      }
    });
    /* An answer tapped on the card counts, is seen for a moment, and the card is over. Arrow keys do not end it. */
    dialog.addEventListener("click", function (event) {
      if (!card || !event.target.closest(".ct-option label") || now.matches(".ct-choices")) return;
      setTimeout(function () { if (card && dialog.open) show(false); }, 400);
    });
    tool.onUpdate.push(function () { if (dialog.open) paint(); });
    tool.onClear.push(function () {
      leave();
      now = null;
      opened.clear();
    });
  });
}());
