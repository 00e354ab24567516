/* Saving answers to a file and opening a file again. Only here does anything leave the memory of the page, and only when asked. */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments;

  engine.parts.push(function (tool) {
    var words = tool.words, chooser = tool.one(".ct-file"), urls = [];

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

    function refuse(problem) {
      tool.message.textContent = "";
      var text = engine.fill(words[problem.code], problem.fields);
      tool.alert.replaceChildren(engine.element("p", "", text), engine.element("p", "", words.open_failed));
    }

    function open(file) {
      if (!file) return;
      if (file.size > 4000000) { refuse(new engine.Refusal("REC_006")); return; }
      file.text().then(function (text) {
        var found = engine.readRecord(tool.definition, text);
        if (tool.isFilled() && !window.confirm(words.open_sure)) return;
        tool.write(found.answers);
        tool.saved = true;
        if (!found.lost.length) { tool.say(words.opened); return; }
        tool.message.textContent = "";
        tool.alert.replaceChildren(engine.element("p", "", words.opened_partly), engine.list(found.lost.map(function (problem) {
          return engine.fill(words[problem.code], problem.fields);
        })));
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
