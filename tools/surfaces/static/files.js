/* Saving answers to a file and opening a file again. Only here does anything leave the memory of the page, and only when asked. */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments;

  engine.parts.push(function (tool) {
    var words = tool.words, chooser = tool.one(".ct-file"), urls = [];

    /* The day where the reader is, not in Greenwich. */
    function today() { return new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10); }

    function save() {
      var blob = new Blob([engine.writeRecord(tool.definition, tool.read())], { type: "application/json" });
      var url = URL.createObjectURL(blob), link = engine.element("a");
      urls.push(url);
      link.href = url;
      link.download = "record.json";
      link.click();
      tool.saved = true;
      tool.say(words.saved);
    }

    /* A note in the words of the form: labels for ids. */
    function told(note) {
      var fields = Object.assign({}, note.fields), definition = tool.definition;
      ["item", "to"].forEach(function (key) {
        var member = definition.everything[fields[key]] || definition.repeats[fields[key]];
        if (member) fields[key] = member.label;
      });
      var choices = engine.choicesOf(definition.everything[note.fields.item] || {}, words);
      choices.forEach(function (choice) { if (choice[0] === fields["new"]) fields["new"] = choice[1]; });
      return engine.fill(words[note.code], fields);
    }

    function refuse(problem) {
      tool.message.textContent = "";
      var text = engine.fill(words[problem.code], problem.fields);
      tool.alert.replaceChildren(engine.element("p", "", text), engine.element("p", "", words.open_failed));
    }

    function open(file) {
      if (!file) return;
      if (file.size > 4000000) { refuse(new engine.Refusal("REC_006")); return; }
      file.text().then(function (text) {
        var found = engine.readRecord(tool.definition, text, today());
        if (tool.isFilled() && !window.confirm(words.open_sure)) return;
        tool.write(found.answers);
        tool.saved = true;
        tool.say(words.opened);
        if (found.notes.length) {
          tool.alert.replaceChildren(engine.element("p", "", words.opened_partly), engine.list(found.notes.map(told)));
        }
      }).catch(function (problem) {
        refuse(problem instanceof engine.Refusal ? problem : new engine.Refusal("REC_001"));
      });
    }

    tool.actions.save = save;
    tool.actions.open = function () { chooser.click(); };
    tool.onClear.push(function () {
      urls.splice(0).forEach(function (url) { URL.revokeObjectURL(url); });
      chooser.value = "";
    });
    chooser.addEventListener("change", function (event) {
      open(event.target.files[0]);
      event.target.value = "";
    });
  });
}());
