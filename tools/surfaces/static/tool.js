/*
 * Makes an instrument live. A classic script: it works from a server, from disk, and inside a notebook widget
 * (where Python appends the export line). It interprets the trees that Python wrote; nothing is evaluated as code.
 * Nothing is stored, nothing is sent, nothing goes into an address.
 */
(function () {
  "use strict";

  /* ---------------------------------------------------------------- the engine: the twin of assessment.py */

  var DAY = 86400000;

  /* Halves away from zero, to n + 4 places first: the same dust is swept away in every engine. */
  function round(value, n) {
    /* So large that a double has no decimals left, and toFixed would write an exponent. */
    if (Math.abs(value) >= 1e15) return value;
    var fine = Math.abs(value).toFixed(n + 4).replace(".", "");
    var cut = fine.length - 4;
    var head = BigInt(fine.slice(0, cut) || "0") + (fine.charCodeAt(cut) >= 53 ? 1n : 0n);
    var digits = head.toString().padStart(n + 1, "0");
    var text = n ? digits.slice(0, -n) + "." + digits.slice(-n) : digits;
    return Number(value < 0 ? "-" + text : text);
  }

  function dayNumber(text) {
    return Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10))) / DAY;
  }

  function isDate(text) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
    var back = new Date(dayNumber(text) * DAY).toISOString().slice(0, 10);
    return back === text && text >= "1900-03-01" && text <= "2100-12-31";
  }

  function Definition(data) {
    var self = this;
    this.data = data;
    /* Without a prototype: a file may name an item "constructor" or "__proto__". */
    this.items = Object.create(null);
    this.repeats = Object.create(null);
    this.everything = Object.create(null);
    this.repeatOf = Object.create(null);
    this.conditionsOf = Object.create(null);
    this.order = [];
    var later = [];
    data.sections.forEach(function (section) {
      var outer = section.relevant ? [section.relevant] : [];
      section.members.forEach(function (member) {
        self.conditionsOf[member.id] = outer.concat(member.relevant ? [member.relevant] : []);
        if (!member.repeat) {
          self.items[member.id] = self.everything[member.id] = member;
          self.order.push(member.id);
          return;
        }
        self.repeats[member.id] = member;
        later.push(member.id);
        member.items.concat(member.computed).forEach(function (inner) {
          self.everything[inner.id] = inner;
          self.repeatOf[inner.id] = member.id;
          if (!inner.value) self.conditionsOf[inner.id] = inner.relevant ? [inner.relevant] : [];
        });
      });
    });
    data.computed.forEach(function (computed) { self.everything[computed.id] = computed; });
    this.order = this.order.concat(later, Object.keys(this.repeatOf));
    this.bearing = bearing(this);
  }

  function choicesOf(member, words) {
    if (member.type === "yes-no-unknown") return [["yes", words.yes], ["no", words.no], ["unknown", words.unknown]];
    return member.choices || [];
  }

  /* Names that a tree reads. */
  function names(tree, found) {
    var op = tree[0];
    if (op === "count") tree[1].forEach(function (name) { found[name] = true; });
    else if (/^(ref|answered|selected|count_rows|rows|sum_rows|min_rows|max_rows|prev)$/.test(op)) found[tree[1]] = true;
    else tree.slice(1).forEach(function (part) { if (Array.isArray(part)) names(part, found); });
    return found;
  }

  function bearing(definition) {
    var data = definition.data, found = {}, todo = [];
    data.outcomes.concat(data.notices).forEach(function (one) { if (one.when) todo.push(one.when); });
    data.computed.forEach(function (one) { if (one.show) todo.push(one.value); });
    while (todo.length) {
      Object.keys(names(todo.pop(), {})).forEach(function (name) {
        if (found[name]) return;
        found[name] = true;
        var member = definition.everything[name];
        if (member && member.value) todo.push(member.value);
        (definition.conditionsOf[name] || []).forEach(function (tree) { todo.push(tree); });
      });
    }
    return found;
  }

  /* All values of one record. Row -1 is outside every repeat. Missing is null. */
  function Sheet(definition, answers) {
    this.definition = definition;
    this.answers = answers;
    this.known = {};
    this.applies = {};
    this.faults = {};
  }

  Sheet.prototype.rowCount = function (repeat) {
    var rows = this.answers[repeat];
    return Array.isArray(rows) && this.relevant(repeat, -1) ? rows.length : 0;
  };

  Sheet.prototype.relevant = function (name, row) {
    var key = name + "@" + row, self = this;
    if (!(key in this.applies)) {
      var repeat = this.definition.repeatOf[name];
      this.applies[key] = (!repeat || this.relevant(repeat, -1)) &&
        (this.definition.conditionsOf[name] || []).every(function (tree) { return self.evaluate(tree, row, ""); });
    }
    return this.applies[key];
  };

  Sheet.prototype.get = function (name, row) {
    var repeat = this.definition.repeatOf[name], at = repeat ? row : -1, key = name + "@" + at;
    if (!(key in this.known)) this.known[key] = this.workOut(name, at, repeat);
    return this.known[key];
  };

  Sheet.prototype.workOut = function (name, row, repeat) {
    var member = this.definition.everything[name], value;
    if (member.value) {
      value = this.evaluate(member.value, row, name);
      if (typeof value === "number" && Math.abs(value) > 1e11) return this.fault(name, "too large");
      return typeof value === "boolean" ? (value ? "yes" : "no") : value;
    }
    if (!this.relevant(name, row)) return null;
    value = repeat ? (this.answers[repeat] || [])[row] && this.answers[repeat][row][name] : this.answers[name];
    if (value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length)) return null;
    return member.type === "number" || member.type === "money" ? Number(value) : value;
  };

  function compare(op, left, right) {
    if (left === null || right === null) return false;
    if (op === "==") return left === right;
    if (op === "!=") return left !== right;
    if (op === "<") return left < right;
    if (op === "<=") return left <= right;
    if (op === ">") return left > right;
    return left >= right;
  }

  function aggregate(op, values) {
    var known = values.filter(function (value) { return value !== null; });
    if (op === "sum") return known.reduce(function (total, value) { return total + value; }, 0);
    if (!known.length) return null;
    return known.reduce(function (best, value) { return (op === "min" ? value < best : value > best) ? value : best; });
  }

  Sheet.prototype.column = function (name) {
    var values = [], count = this.rowCount(this.definition.repeatOf[name]);
    for (var row = 0; row < count; row += 1) values.push(this.get(name, row));
    return values;
  };

  Sheet.prototype.fault = function (computing, reason) {
    if (computing && !(computing in this.faults)) this.faults[computing] = reason;
    return null;
  };

  Sheet.prototype.evaluate = function (tree, row, computing) {
    var self = this, op = tree[0], left, right, value;
    function inner(part) { return self.evaluate(part, row, computing); }
    switch (op) {
      case "ref": return this.get(tree[1], row);
      case "cmp": return compare(tree[1], inner(tree[2]), inner(tree[3]));
      case "and": return tree.slice(1).every(inner);
      case "or": return tree.slice(1).some(inner);
      case "not": return !inner(tree[1]);
      case "count": return tree[1].filter(function (name) { return self.get(name, row) === tree[2]; }).length;
      case "num": return Number(tree[1]);
      case "str": case "bool": case "date": return tree[1];
      case "none": return null;
      case "if": return inner(inner(tree[1]) ? tree[2] : tree[3]);
      case "answered": return this.get(tree[1], row) !== null;
      case "selected":
        value = this.get(tree[1], row);
        return Array.isArray(value) ? value.indexOf(tree[2]) >= 0 : value === tree[2];
      case "prev": return row > 0 ? this.get(tree[1], row - 1) : null;
      case "rows": return this.rowCount(tree[1]);
      case "count_rows": return this.column(tree[1]).filter(function (one) { return one === tree[2]; }).length;
      case "sum_rows": case "min_rows": case "max_rows": return aggregate(op.slice(0, 3), this.column(tree[1]));
      case "sum": case "min": case "max": return aggregate(op, tree.slice(1).map(inner));
      case "round":
        value = inner(tree[1]);
        return value === null ? null : round(value, tree[2]);
      case "neg":
        value = inner(tree[1]);
        return value === null ? null : -value;
    }
    left = inner(tree[1]);
    right = inner(tree[2]);
    if (left === null || right === null) return null;
    switch (op) {
      case "days_between": return dayNumber(right) - dayNumber(left);
      case "add_days":
        value = dayNumber(left) + right;
        if (Math.abs(value) < 1e6) value = new Date(value * DAY).toISOString().slice(0, 10);
        return isDate(String(value)) ? value : this.fault(computing, "date out of range");
      case "+": return left + right;
      case "-": return left - right;
      case "*": return left * right;
      default: return right === 0 ? this.fault(computing, "division by zero") : left / right;
    }
  };

  /* Ids of the answers that led to a value: of and/or the parts that decided, of a count the items counted. */
  Sheet.prototype.reasons = function (tree, row, found) {
    var self = this, op = tree[0];
    if (/^(ref|answered|selected|prev|count_rows|sum_rows|min_rows|max_rows|rows)$/.test(op)) this.reasonsOf(tree[1], row, found);
    else if (op === "count") {
      tree[1].forEach(function (name) { if (self.get(name, row) === tree[2]) self.reasonsOf(name, row, found); });
    } else if (op === "and" || op === "or") {
      var truth = this.evaluate(tree, row, "");
      tree.slice(1).forEach(function (part) { if (self.evaluate(part, row, "") === truth) self.reasons(part, row, found); });
    } else if (op === "if") {
      this.reasons(tree[1], row, found);
      this.reasons(this.evaluate(tree[1], row, "") ? tree[2] : tree[3], row, found);
    } else tree.slice(1).forEach(function (part) { if (Array.isArray(part)) self.reasons(part, row, found); });
    return found;
  };

  Sheet.prototype.reasonsOf = function (name, row, found) {
    var definition = this.definition, repeat = definition.repeatOf[name], member = definition.everything[name];
    if (definition.repeats[name]) {
      if (this.rowCount(name)) found[name] = true;
    } else if (repeat && row < 0) {
      for (var at = 0; at < this.rowCount(repeat); at += 1) this.reasonsOf(name, at, found);
    } else if (member.value) this.reasons(member.value, row, found);
    else if (this.get(name, row) !== null) found[name] = true;
    return found;
  };

  Sheet.prototype.outcome = function () {
    var self = this;
    return this.definition.data.outcomes.find(function (one) { return !one.when || self.evaluate(one.when, -1, ""); }) || null;
  };

  function inOrder(definition, found) {
    return definition.order.filter(function (name) { return found[name]; });
  }

  function assess(definition, answers) {
    var sheet = new Sheet(definition, answers), data = definition.data, values = {}, reasonsFor = {}, relevant = [];
    Object.keys(definition.repeats).forEach(function (repeat) {
      definition.repeats[repeat].computed.forEach(function (one) { values[one.id] = sheet.column(one.id); });
    });
    data.computed.forEach(function (one) { values[one.id] = sheet.get(one.id, -1); });
    data.computed.forEach(function (one) { reasonsFor[one.id] = inOrder(definition, sheet.reasonsOf(one.id, -1, {})); });
    var outcome = sheet.outcome();
    definition.order.forEach(function (name) {
      var repeat = definition.repeatOf[name];
      if (definition.everything[name] && definition.everything[name].value) return;
      if (!repeat) { if (sheet.relevant(name, -1)) relevant.push(name); return; }
      for (var row = 0; row < sheet.rowCount(repeat); row += 1) {
        if (sheet.relevant(name, row)) { relevant.push(name); return; }
      }
    });
    var ids = Object.keys(definition.items).filter(function (name) { return definition.items[name].type !== "note"; });
    return {
      sheet: sheet,
      values: values,
      relevant: relevant,
      outcome: outcome,
      reasons: outcome && outcome.when ? inOrder(definition, sheet.reasons(outcome.when, -1, {})) : [],
      reasonsFor: reasonsFor,
      notices: data.notices.filter(function (one) { return sheet.evaluate(one.when, -1, ""); }),
      missing: ids.filter(function (name) {
        return definition.bearing[name] && sheet.relevant(name, -1) && sheet.get(name, -1) === null;
      }),
      faults: sheet.faults,
      asked: ids.filter(function (name) { return sheet.relevant(name, -1); }).length,
      answered: ids.filter(function (name) { return sheet.get(name, -1) !== null; }).length +
        Object.keys(definition.repeats).filter(function (name) { return sheet.rowCount(name) > 0; }).length
    };
  }

  /* Single answers that, given differently, would lead to another outcome. */
  function whatWouldChange(definition, answers) {
    var sheet = new Sheet(definition, answers), base = sheet.outcome(), found = [];
    if (!base) return found;
    Object.keys(definition.items).forEach(function (name) {
      var item = definition.items[name];
      if (!/^(yes-no-unknown|choice)$/.test(item.type) || !definition.bearing[name] || !sheet.relevant(name, -1)) return;
      choicesOf(item, definition.data.words).forEach(function (choice) {
        if (answers[name] === choice[0]) return;
        var other = Object.assign({}, answers);
        other[name] = choice[0];
        var outcome = new Sheet(definition, other).outcome();
        if (outcome && outcome.id !== base.id) found.push({ item: name, answer: choice[0], outcome: outcome.id });
      });
    });
    return found;
  }

  /* ---------------------------------------------------------------- records: the twin of record.py */

  var FORMAT = "ct-record/1", SIZE_MAX = 1000000;

  function Refusal(code, fields) { this.code = code; this.fields = fields || {}; }

  /* The value of one answer as it is kept (text, or list of codes), null when blank; throws a Refusal. */
  function parseValue(item, raw, words) {
    if (raw === null || raw === undefined || raw === "" || (Array.isArray(raw) && !raw.length)) return null;
    if (typeof raw === "string" && !raw.trim()) return null;
    var fail = function (why) { throw new Refusal("REC_004", { item: item.label, why: why }); };
    var codes = choicesOf(item, words).map(function (choice) { return choice[0]; });
    if (item.type === "choices") {
      var picked = typeof raw === "string" ? [raw] : raw;
      if (!Array.isArray(picked) || picked.some(function (code) { return codes.indexOf(code) < 0; })) fail();
      return codes.filter(function (code) { return picked.indexOf(code) >= 0; }).sort();
    }
    if (codes.length) return typeof raw === "string" && codes.indexOf(raw) >= 0 ? raw : fail();
    if (item.type === "number" || item.type === "money") {
      if (typeof raw !== "string" && typeof raw !== "number") fail("number");
      var text = String(raw).trim(), places = (text.split(".")[1] || "").replace(/0+$/, "").length;
      if (!/^-?[0-9]{1,12}(\.[0-9]{1,4})?$/.test(text) || places > (item.decimals || 0)) fail("number");
      if (Math.abs(Number(text)) > 1e11) fail("range");
      if (item.minimum && Number(text) < Number(item.minimum)) fail("range");
      if (item.maximum && Number(text) > Number(item.maximum)) fail("range");
      return text.replace(/^(-?)0+(?=[0-9])/, "$1");
    }
    if (typeof raw !== "string") fail();
    if (item.type === "date") {
      var day = raw.trim();
      if (!isDate(day)) fail("date");
      if ((item.minimum && day < item.minimum) || (item.maximum && day > item.maximum)) fail("range");
      return day;
    }
    return Array.from(raw).length > 20000 ? fail() : raw;
  }

  function isMap(value) { return value !== null && typeof value === "object" && !Array.isArray(value); }

  function parseAnswers(definition, raw, skip) {
    var answers = {}, words = definition.data.words;
    Object.keys(raw).forEach(function (name) {
      try {
        var repeat = definition.repeats[name], item = definition.items[name], value;
        if (repeat) {
          if (raw[name] === null) return;
          if (!Array.isArray(raw[name]) || !raw[name].every(isMap)) throw new Refusal("REC_004", { item: repeat.label });
          if (raw[name].length > repeat.max_rows) throw new Refusal("REC_007", { item: repeat.label });
          value = raw[name].map(function (row) {
            var kept = {};
            Object.keys(row).forEach(function (key) {
              var inner = repeat.items.find(function (one) { return one.id === key && one.type !== "note"; });
              if (!inner) throw new Refusal("REC_005", { item: key });
              var cell = parseValue(inner, row[key], words);
              if (cell !== null) kept[key] = cell;
            });
            return kept;
          });
          if (value.length) answers[name] = value;
          return;
        }
        if (!item || item.type === "note") throw new Refusal("REC_005", { item: name });
        value = parseValue(item, raw[name], words);
        if (value !== null) answers[name] = value;
      } catch (problem) {
        if (!(problem instanceof Refusal) || !skip) throw problem;
        skip.push(problem);
      }
    });
    return answers;
  }

  function readRecord(definition, text) {
    var data = definition.data, record;
    if (text.length > SIZE_MAX) throw new Refusal("REC_006");
    try { record = JSON.parse(text); } catch (error) { throw new Refusal("REC_001"); }
    if (!isMap(record) || record.format !== FORMAT || typeof record.instrument !== "string" ||
        typeof record.version !== "string" || !isMap(record.answers)) throw new Refusal("REC_001");
    if (record.instrument !== data.id) throw new Refusal("REC_002", { found: record.instrument.slice(0, 60) });
    if (record.version === data.version) return { answers: parseAnswers(definition, record.answers, null), lost: [] };
    if (record.version.split(".")[0] !== data.version.split(".")[0]) {
      throw new Refusal("REC_003", { found: record.version.slice(0, 20), wanted: data.version });
    }
    var lost = [];
    return { answers: parseAnswers(definition, record.answers, lost), lost: lost };
  }

  /* Answers that apply, in the order of the form. */
  function relevantAnswers(definition, answers) {
    var sheet = new Sheet(definition, answers), kept = {};
    definition.data.sections.forEach(function (section) {
      section.members.forEach(function (member) {
        if (member.repeat) {
          var rows = [];
          for (var row = 0; row < sheet.rowCount(member.id); row += 1) {
            var cells = {};
            member.items.forEach(function (item) {
              if (item.type !== "note" && sheet.get(item.id, row) !== null) cells[item.id] = answers[member.id][row][item.id];
            });
            rows.push(cells);
          }
          if (rows.length) kept[member.id] = rows;
        } else if (member.type !== "note" && sheet.get(member.id, -1) !== null) kept[member.id] = answers[member.id];
      });
    });
    return kept;
  }

  function writeRecord(definition, answers) {
    return JSON.stringify({
      format: FORMAT, instrument: definition.data.id, version: definition.data.version,
      answers: relevantAnswers(definition, answers)
    }, null, 2) + "\n";
  }

  /* ---------------------------------------------------------------- words: the twin of text.py */

  function fill(template, fields) {
    return template.replace(/\{(\w+)\}/g, function (whole, name) { return name in fields ? String(fields[name]) : whole; });
  }

  function asked(label) { return /[?:]$/.test(label) ? label : label.replace(/\.+$/, "") + ":"; }

  function valueWords(definition, member, value, lookup) {
    if (value === null || value === undefined) return "";
    var choices = choicesOf(member, definition.data.words);
    if (Array.isArray(value)) {
      return choices.filter(function (choice) { return value.indexOf(choice[0]) >= 0; })
        .map(function (choice) { return choice[1]; }).join("; ");
    }
    if (typeof value === "number") {
      var parts = round(value, member.decimals || 0).toFixed(member.decimals || 0).split(".");
      parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ",");
      var code = member.currency || "";
      if (code && code !== code.toUpperCase()) { code = lookup(code); code = code === null ? "" : String(code).toUpperCase(); }
      var suffix = code || member.unit || "";
      return parts.join(".") + (suffix ? " " + suffix : "");
    }
    var found = choices.find(function (choice) { return choice[0] === value; });
    return found ? found[1] : String(value);
  }

  function line(definition, sheet, member, row) {
    if (member.type === "note") return "";
    var words = valueWords(definition, member, sheet.get(member.id, row), function (name) { return sheet.get(name, row); });
    return words ? "- " + asked(member.label) + " " + words : "";
  }

  function summary(definition, answers) {
    var data = definition.data, words = data.words, result = assess(definition, answers), sheet = result.sheet;
    var lines = [data.title, data.meta, data.id], listed = [];
    if (data.status_note) lines.push(data.status_note);
    lines.push("", words.answers.toUpperCase());
    data.sections.forEach(function (section) {
      var part = [];
      section.members.forEach(function (member) {
        if (!member.repeat) { part.push(line(definition, sheet, member, -1)); return; }
        for (var row = 0; row < sheet.rowCount(member.id); row += 1) {
          part.push("- " + fill(words.row, { row: member.row, number: row + 1 }));
          member.items.concat(member.computed).forEach(function (inner) {
            var cell = line(definition, sheet, inner, row);
            if (cell) part.push("  " + cell);
          });
        }
      });
      part = part.filter(Boolean);
      if (part.length) listed = listed.concat([section.title], part);
    });
    lines = lines.concat(listed.length ? listed : [words.none]);
    if (result.missing.length) {
      lines.push("", words.missing.toUpperCase());
      result.missing.forEach(function (name) { lines.push("- " + definition.items[name].label); });
    }
    var shown = data.computed.filter(function (one) { return one.show; });
    if (shown.length) lines.push("", words.values.toUpperCase());
    shown.forEach(function (one) { lines.push("- " + asked(one.label) + " " + (computedWords(definition, result, one) || "–")); });
    if (result.outcome) {
      lines.push("", words.result.toUpperCase(), result.outcome.title, result.outcome.text);
      if (result.reasons.length) lines.push(words.because + ":");
      result.reasons.forEach(function (name) { lines.push(reasonLine(definition, sheet, name)); });
      if (result.notices.length) lines.push(words.notes + ":");
      result.notices.forEach(function (one) { lines.push("- " + one.text); });
    }
    lines.push("", words.limits.toUpperCase());
    data.limits.forEach(function (limit) { lines.push("- " + limit); });
    lines.push("", words.not_finding);
    return lines.join("\n") + "\n";
  }

  function reasonLine(definition, sheet, name) {
    if (definition.repeats[name]) return "- " + definition.repeats[name].label;
    if (definition.repeatOf[name]) return "- " + definition.everything[name].label;
    return line(definition, sheet, definition.everything[name], -1);
  }

  function computedWords(definition, result, one) {
    var words = definition.data.words;
    if (result.faults[one.id]) return fill(words.fault, { reason: words["fault_" + result.faults[one.id]] });
    return valueWords(definition, one, result.values[one.id], function (name) { return result.sheet.get(name, -1); });
  }

  globalThis.ctInstruments = {
    Definition: Definition, assess: assess, whatWouldChange: whatWouldChange, readRecord: readRecord,
    writeRecord: writeRecord, parseAnswers: parseAnswers, relevantAnswers: relevantAnswers, summary: summary,
    round: round, valueWords: valueWords, computedWords: computedWords, reasonLine: reasonLine, fill: fill,
    parseValue: parseValue, Refusal: Refusal, asked: asked, choicesOf: choicesOf
  };
}());

/* -------------------------------------------------------------------- the form in the page */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments;

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
    var form = root.querySelector("form"), urls = [], saved = true, lastOutcome = null, invalid = {};
    var all = function (selector, from) { return Array.prototype.slice.call((from || root).querySelectorAll(selector)); };
    var one = function (selector, from) { return (from || root).querySelector(selector); };
    var message = one(".ct-message"), alertBox = one(".ct-alert"), announce = one(".ct-announce");

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
      var box = document.getElementById(control.id + "-error"), text = "";
      if (why === "range") {
        text = engine.fill(words.range_wrong, { range: [item.minimum || "…", item.maximum || "…"].join(" – ") });
      } else if (why) text = words[why === "date" ? "date_wrong" : "number_wrong"];
      if (why) invalid[place] = true; else delete invalid[place];
      box.hidden = !why;
      if (box.textContent !== text) box.textContent = text;
      if (why) control.setAttribute("aria-invalid", "true"); else control.removeAttribute("aria-invalid");
      var hint = document.getElementById(control.id + "-hint");
      var ids = [hint && hint.id, why && box.id].filter(Boolean).join(" ");
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
      if (changed) changed({ answers: engine.relevantAnswers(definition, answers), result: result });
      return answers;
    }

    /* ---- actions */

    function say(text) { alertBox.replaceChildren(); message.textContent = text; }

    function refuse(problem) {
      message.textContent = "";
      var text = engine.fill(words[problem.code], problem.fields);
      alertBox.replaceChildren(element("p", "", text), element("p", "", words.open_failed));
    }

    function isFilled() { return Object.keys(read()).length > 0 || Object.keys(invalid).length > 0; }

    function save() {
      var blob = new Blob([engine.writeRecord(definition, read())], { type: "application/json" });
      var url = URL.createObjectURL(blob), link = element("a");
      urls.push(url);
      link.href = url;
      link.download = "record.json";
      link.click();
      saved = true;
      say(words.saved);
    }

    function open(file) {
      if (!file) return;
      if (file.size > 4000000) { refuse(new engine.Refusal("REC_006")); return; }
      file.text().then(function (text) {
        var found = engine.readRecord(definition, text);
        if (isFilled() && !window.confirm(words.open_sure)) return;
        form.reset();
        write(found.answers);
        update(true);
        saved = true;
        if (!found.lost.length) { say(words.opened); return; }
        message.textContent = "";
        alertBox.replaceChildren(element("p", "", words.opened_partly), list(found.lost.map(function (problem) {
          return engine.fill(words[problem.code], problem.fields);
        })));
      }).catch(function (problem) {
        refuse(problem instanceof engine.Refusal ? problem : new engine.Refusal("REC_001"));
      });
    }

    function clear() {
      form.reset();
      all("input,textarea", form).forEach(function (control) {
        if (control.type === "radio" || control.type === "checkbox") control.checked = false; else control.value = "";
      });
      Object.keys(definition.repeats).forEach(function (id) {
        rowsOf(definition.repeats[id]).slice(1).forEach(function (row) { if (Number(row.dataset.ctRow) > 0) row.remove(); });
      });
      urls.splice(0).forEach(function (url) { URL.revokeObjectURL(url); });
      one(".ct-summary").hidden = true;
      one(".ct-summary-text").value = "";
      one(".ct-file").value = "";
      alertBox.replaceChildren();
      message.textContent = "";
      announce.textContent = "";
      invalid = {};
      openState = { reasons: true, changes: false, missing: false };
      lastOutcome = null;
      saved = true;
      update(true);
    }

    var actions = {
      save: save,
      open: function () { one(".ct-file").click(); },
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
    };

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
      saved = false;
      message.textContent = "";
      update(false);
    });
    root.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button || !root.contains(button)) return;
      if (button.dataset.ctAction) actions[button.dataset.ctAction]();
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
        saved = false;
        update(true);
        one('[data-ct-add="' + owner.id + '"]').focus();
      }
    });
    one(".ct-file").addEventListener("change", function (event) {
      open(event.target.files[0]);
      event.target.value = "";
    });
    document.addEventListener("ct:clear", clear);
    window.addEventListener("beforeunload", function (event) { if (!saved && isFilled()) event.preventDefault(); });

    update(true);
    root.ctForm = {
      definition: definition,
      read: read,
      write: function (answers) { form.reset(); write(answers); update(true); },
      clear: clear
    };
    return root.ctForm;
  }

  engine.mount = mount;
  engine.mountAll = function () {
    Array.prototype.forEach.call(document.querySelectorAll("[data-ct-tool]"), function (root) { mount(root, null); });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", engine.mountAll);
  else engine.mountAll();
}());
