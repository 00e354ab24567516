/* Saving answers to a file and opening a file again. Only here does anything leave the memory of the page, and only when asked. */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments, element = engine.element;

  /* The day where the reader is, not in Greenwich. */
  function dayText(day) { return new Date(day - day.getTimezoneOffset() * 60000).toISOString().slice(0, 10); }

  function inMonths(count) {
    var day = new Date(), date = day.getDate();
    day.setMonth(day.getMonth() + count);
    if (day.getDate() !== date) day.setDate(0);
    return dayText(day);
  }

  /* How hard a passphrase is to guess: by length and the commonest patterns. It never stops anyone. */
  function strength(text) {
    var length = Array.from(text).length, common = /pass ?(word|phrase)|qwert|azerty|abcd|1234|welcome|admin|letmein/i;
    if (length < 12 || new Set(text).size < 7 || /^[\d\s./-]+$/.test(text) || common.test(text) || /^(.{1,8}?)\1+$/.test(text)) return "weak";
    return length < 20 ? "fair" : "good";
  }

  function fileName(text) {
    /* eslint-disable-next-line no-control-regex */
    var name = text.replace(/\.json$/i, "").replace(/[\x00-\x1f\x7f"*/:<>?\\|]+/g, "-").trim().replace(/^\.+/, "");
    return (name.slice(0, 80) || "record") + ".json";
  }

  engine.parts.push(function (tool) {
    var words = tool.words, chooser = tool.one(".ct-file"), urls = [], handling = null, panel = null, job = 0;

    /* ---- the panel: one at a time, below the buttons; Escape closes it */

    function close(action) {
      if (!panel) return;
      tool.all("input", panel).forEach(function (input) { input.value = ""; });
      panel.remove();
      panel = null;
      job += 1;
      tool.announce.textContent = "";
      if (action) tool.one('[data-ct-action="' + action + '"]').focus();
    }

    /* `run` is given a function that says whether the panel is still the same one. */
    function show(action, title, confirm, parts, run) {
      close();
      var heading = element("p", "ct-label", title), fault = element("p", "ct-error"), buttons = element("div", "ct-buttons");
      var go = element("button", "ct-button", confirm), stop = element("button", "ct-button ct-quiet", words.cancel), mine = job;
      panel = element("div", "ct-panel");
      panel.setAttribute("role", "dialog");
      heading.id = tool.root.id + "-panel-title";
      panel.setAttribute("aria-labelledby", heading.id);
      panel.tabIndex = -1;
      fault.setAttribute("role", "alert");
      go.type = stop.type = "button";
      buttons.append(go, stop);
      panel.append.apply(panel, [heading].concat(parts, [fault, buttons]));
      function start() {
        if (go.disabled) return;
        fault.textContent = "";
        tool.all("[aria-invalid]", panel).forEach(function (input) { input.removeAttribute("aria-invalid"); });
        run(function () { return mine === job; }, {
          busy: function (text) { go.disabled = true; tool.announce.textContent = go.textContent = text; },
          fail: function (text, input) {
            go.disabled = false;
            go.textContent = confirm;
            fault.textContent = text;
            if (!input) return;
            input.setAttribute("aria-invalid", "true");
            input.focus();
          }
        });
      }
      go.addEventListener("click", start);
      stop.addEventListener("click", function () { close(action); });
      panel.addEventListener("keydown", function (event) {
        if (event.isComposing) return;
        if (event.key === "Escape") close(action);
        else if (event.key === "Enter" && event.target.tagName === "INPUT") start();
      });
      tool.one(".ct-toolbar .ct-buttons").after(panel);
    }

    function field(name, type, label, hint) {
      var box = element("div", "ct-item"), input = element("input"), head = element("label", "", label), control = element("span", "ct-control");
      input.id = head.htmlFor = tool.root.id + "-panel-" + name;
      Object.assign(input, { type: type, title: label, autocomplete: type === "password" ? "new-password" : "off", spellcheck: false });
      input.setAttribute("autocapitalize", "none");
      control.append(input);
      box.append(head, control);
      if (hint) {
        hint = element("p", "ct-hint", hint);
        hint.id = input.id + "-hint";
        input.setAttribute("aria-describedby", hint.id);
        head.after(hint);
      }
      return { box: box, input: input, control: control };
    }

    /* ---- saving */

    function save() {
      tool.say("");
      var purpose = field("purpose", "text", words.purpose), receiver = field("receiver", "text", words.receiver, words.receiver_hint);
      var until = field("until", "date", words.keep_until), name = field("name", "text", words.file_name, words.file_name_hint);
      var first = field("pass", "password", words.passphrase, words.passphrase_hint), again = field("again", "password", words.passphrase_again);
      var missing = element("p", "ct-hint"), strong = element("p", "ct-hint"), list = element("datalist");
      list.id = purpose.input.id + "-list";
      purpose.input.setAttribute("list", list.id);
      words.purposes.split(";").forEach(function (text) { list.append(Object.assign(element("option"), { value: text.trim() })); });
      purpose.control.append(list);
      purpose.input.maxLength = receiver.input.maxLength = 200;
      until.input.max = "2100-12-31";
      [3, 12].forEach(function (count) {
        var button = element("button", "ct-button ct-quiet", engine.fill(words.in_months, { count: count }));
        button.type = "button";
        button.addEventListener("click", function () { until.input.value = inMonths(count); tell(); });
        until.control.append(button);
      });
      name.input.value = "record.json";
      if (handling) {
        purpose.input.value = handling.purpose;
        receiver.input.value = handling.receiver;
        if (handling.keep_until >= dayText(new Date())) until.input.value = handling.keep_until;
      }
      missing.setAttribute("role", "status");
      strong.setAttribute("role", "status");
      first.box.append(strong);
      var locks = engine.canSeal ? [first.box, again.box] : [element("p", "ct-hint", words.SEA_007)];

      function tell() {
        var open = [[purpose, "purpose"], [receiver, "receiver"], [until, "keep_until"]].filter(function (pair) { return !pair[0].input.value.trim(); });
        var text = open.map(function (pair) { return words[pair[1]]; }).join(", ");
        missing.textContent = text && engine.fill(words.not_said, { fields: text });
        var secret = first.input.value, said = secret && words["pass_" + strength(secret)];
        if (strong.textContent !== said) strong.textContent = said;
        again.box.hidden = !secret;
      }

      show("save", words.save, words.save_now, [purpose.box, receiver.box, until.box, missing].concat(locks, [name.box]), function (same, to) {
        var secret = first.input.value;
        if (!until.input.validity.valid) { to.fail(words.date_wrong, until.input); return; }
        if (secret !== again.input.value && secret) { to.fail(words.passphrase_differs, again.input); return; }
        var said = { purpose: purpose.input.value.trim(), receiver: receiver.input.value.trim(), keep_until: until.input.value };
        var text = engine.writeRecord(tool.definition, tool.read(), said), called = fileName(name.input.value);
        /* From here on only a change of the answers makes them unsaved again. */
        tool.saved = true;
        if (!secret) { finish(text); return; }
        to.busy(words.locking);
        engine.seal(text, secret).then(function (sealed) { if (same()) finish(sealed); }).catch(function (problem) {
          if (!same()) return;
          tool.saved = false;
          to.fail(words[problem.code] || words.SEA_007);
        });
        function finish(content) {
          var url = URL.createObjectURL(new Blob([content], { type: "application/json" })), link = element("a");
          urls.push(url);
          link.href = url;
          link.download = called;
          link.click();
          handling = said;
          close("save");
          tool.say(secret ? words.saved_locked : words.saved);
        }
      });
      panel.addEventListener("input", tell);
      tell();
      panel.focus();
    }

    /* ---- opening */

    /* A note in the words of the form: labels for ids. */
    function told(note) {
      var fields = Object.assign({}, note.fields), definition = tool.definition;
      ["item", "to"].forEach(function (key) {
        var member = definition.everything[fields[key]] || definition.repeats[fields[key]];
        if (member) fields[key] = member.label;
      });
      engine.choicesOf(definition.everything[note.fields.item] || {}, words).forEach(function (choice) {
        if (choice[0] === fields["new"]) fields["new"] = choice[1];
      });
      if (words[fields.key]) fields.key = words[fields.key];
      return engine.fill(words[note.code], fields);
    }

    function refuse(problem) {
      tool.message.textContent = "";
      if (!(problem instanceof engine.Refusal)) problem = new engine.Refusal("REC_001");
      var text = engine.fill(words[problem.code], problem.fields);
      tool.alert.replaceChildren(element("p", "", text), element("p", "", words.open_failed));
    }

    function take(text) {
      var found = engine.readRecord(tool.definition, text, dayText(new Date()));
      if (tool.isFilled() && !window.confirm(words.open_sure)) return;
      tool.write(found.answers);
      tool.saved = true;
      handling = found.handling;
      tool.say(words.opened);
      if (handling) {
        tool.message.append(engine.list(["purpose", "receiver", "keep_until"].filter(function (key) { return handling[key]; })
          .map(function (key) { return words[key] + ": " + handling[key]; })));
      }
      if (!found.notes.length) return;
      var report = engine.list(found.notes.map(told));
      report.className = "ct-report";
      tool.alert.replaceChildren(element("p", "", words.opened_partly), report);
    }

    function unlock(text) {
      var secret = field("pass", "password", words.passphrase_open);
      tool.say("");
      show("open", words.locked, words.open_now, [secret.box], function (same, to) {
        to.busy(words.unlocking);
        engine.unseal(text, secret.input.value).then(function (found) {
          if (!same()) return;
          close("open");
          try { take(found); } catch (problem) { refuse(problem); }
        }, function (problem) {
          if (!same()) return;
          to.fail(words[problem.code] || words.SEA_001, secret.input);
        });
      });
      secret.input.autocomplete = "off";
      secret.input.focus();
    }

    function open(file) {
      if (!file) return;
      close();
      var mine = job += 1;
      if (file.size > 6000000) { refuse(new engine.Refusal("REC_006")); return; }
      file.text().then(function (text) {
        if (mine !== job) return;
        if (!engine.isSealed(text)) { take(text); return null; }
        /* Without a passphrase it says what else is wrong; only if nothing is, people are asked to type. */
        return engine.unseal(text, "").catch(function (problem) {
          if (mine !== job) return;
          if (problem.code !== "SEA_005") throw problem;
          unlock(text);
        });
      }).catch(refuse);
    }

    /* Days of review for a calendar, in words that tell nothing: the twin of reminders.py. */
    function calendar() {
      var answers = engine.relevantAnswers(tool.definition, tool.read()), link = element("a"), text = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Review dates//EN"];
      var days = ["review_on", "check_on"].map(function (item) { return answers[item]; }).filter(Boolean);
      if (!days.length) { tool.say(words.calendar_none); return; }
      function plain(time) { return new Date(time).toISOString().slice(0, 10).replace(/-/g, ""); }
      days.forEach(function (day) {
        var start = Date.parse(day), own = String(Math.random()).slice(2);
        text.push("BEGIN:VEVENT", "UID:" + own, "DTSTAMP:" + plain(Date.now()) + "T000000Z", "DTSTART;VALUE=DATE:" + plain(start),
          "DTEND;VALUE=DATE:" + plain(start + 864e5), "SUMMARY:" + words.calendar_entry, "CLASS:PRIVATE", "TRANSP:TRANSPARENT", "END:VEVENT");
      });
      link.href = URL.createObjectURL(new Blob([text.concat("END:VCALENDAR", "").join("\r\n")], { type: "text/calendar" }));
      urls.push(link.href);
      link.download = "reviews.ics";
      link.click();
      tool.say(words.calendar_saved);
    }

    tool.actions.calendar = calendar;
    tool.actions.save = save;
    tool.actions.open = function () { chooser.click(); };
    tool.onClear.push(function () {
      close();
      job += 1;
      handling = null;
      urls.splice(0).forEach(function (url) { URL.revokeObjectURL(url); });
      chooser.value = "";
    });
    chooser.addEventListener("change", function (event) {
      open(event.target.files[0]);
      event.target.value = "";
    });
  });
}());
