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
    this.led = {};
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
    if (/^(ref|answered|selected|rows)$/.test(op)) this.reasonsOf(tree[1], row, found);
    else if (op === "prev") {
      if (row > 0) this.reasonsOf(tree[1], row - 1, found);
    } else if (/_rows$/.test(op)) this.reasonsOf(tree[1], -1, found);
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
    } else if (member.value) {
      var key = name + "@" + (repeat ? row : -1);
      if (!this.led[key]) this.led[key] = this.reasons(member.value, repeat ? row : -1, {});
      Object.assign(found, this.led[key]);
    }
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

  function has(map, key) { return Object.prototype.hasOwnProperty.call(map, key); }
  function own(map, key, otherwise) { return has(map, key) ? map[key] : otherwise; }
  function isRows(value) { return Array.isArray(value) && value.length > 0 && value.every(isMap); }

  function isBlank(value) {
    return value === null || (typeof value === "string" ? !value.trim() : Array.isArray(value) && !value.length);
  }

  function parseCell(repeat, key, raw, words) {
    var inner = repeat.items.find(function (one) { return one.id === key && one.type !== "note"; });
    if (!inner) throw new Refusal("REC_005", { item: key });
    return parseValue(inner, raw, words);
  }

  function parseAnswers(definition, raw) {
    var answers = {}, words = definition.data.words;
    Object.keys(raw).forEach(function (name) {
      var repeat = definition.repeats[name], item = definition.items[name], value;
      if (repeat) {
        if (raw[name] === null) return;
        if (!Array.isArray(raw[name]) || !raw[name].every(isMap)) throw new Refusal("REC_004", { item: repeat.label });
        if (raw[name].length > repeat.max_rows) throw new Refusal("REC_007", { item: repeat.label });
        value = raw[name].map(function (row) {
          var kept = {};
          Object.keys(row).forEach(function (key) {
            var cell = parseCell(repeat, key, row[key], words);
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
    });
    return answers;
  }

  /* An answer that is left out, for somebody who may have to write it down. */
  function told(value, limit) {
    var text = (typeof value === "string" ? value : JSON.stringify(value)).replace(/[\x00-\x1f\x7f-\x9f]/g, " ");
    var signs = Array.from(text);
    return signs.length > limit ? signs.slice(0, limit - 3).join("") + "…" : text;
  }

  /* The answers of another version, taken through the steps from it to this one; what changes goes into the notes. */
  function migrate(definition, steps, raw, notes) {
    var renamed = Object.create(null), current = raw, kept = {}, unchanged = 0, answered = Object.create(null);
    function note(code, fields) { notes.push(new Refusal(code, fields)); }
    function lose(name, value) {
      if (!isBlank(value)) note("REC_016", { item: told(name, 60), value: told(value, 2000) });
    }
    function final(name, start) {
      for (var at = start; at < steps.length; at += 1) {
        if (steps[at].dropped.indexOf(name) >= 0) return null;
        name = own(steps[at].renamed, name, name);
      }
      return name;
    }
    function take(step, at, answers, rows) {
      var taken = Object.create(null);
      Object.keys(answers).forEach(function (name) {
        var value = answers[name], to = own(step.renamed, name, name);
        if (step.dropped.indexOf(name) >= 0 || (to !== name && has(answers, to))) {
          if (!isBlank(value)) note("REC_014", { item: told(name, 60), value: told(value, 2000) });
          return;
        }
        var last = final(to, at + 1), codes = own(step.answers, to, {});
        if (to !== name && last && !isBlank(value)) {
          renamed[Object.keys(renamed).find(function (old) { return renamed[old] === last; }) || name] = last;
        }
        function recode(code) {
          var made = typeof code === "string" ? own(codes, code, code) : code;
          if (made !== code && last) note("REC_013", { item: last, old: code, "new": made });
          return made;
        }
        if (rows && isRows(value)) taken[to] = value.map(function (row) { return take(step, at, row, false); });
        else taken[to] = Array.isArray(value) ? value.map(recode) : recode(value);
      });
      return taken;
    }
    steps.forEach(function (step, at) { current = take(step, at, current, true); });
    Object.keys(renamed).forEach(function (old) { note("REC_012", { item: old, to: renamed[old] }); });
    Object.keys(current).forEach(function (name) {
      var value = current[name], before = notes.length, repeat = definition.repeats[name], one = Object.create(null);
      if (repeat && isRows(value) && value.length <= repeat.max_rows) {
        kept[name] = value.map(function (row) {
          var cells = {};
          Object.keys(row).forEach(function (key) {
            try {
              var cell = parseCell(repeat, key, row[key], definition.data.words);
              if (cell !== null) cells[key] = answered[key] = cell;
            } catch (problem) { lose(key, row[key]); }
          });
          return cells;
        });
      } else {
        one[name] = value;
        try { Object.assign(kept, parseAnswers(definition, one)); } catch (problem) { lose(name, value); }
      }
      if (!has(kept, name)) return;
      answered[name] = true;
      if (notes.length === before && has(raw, name) && JSON.stringify(raw[name]) === JSON.stringify(value)) unchanged += 1;
    });
    steps.forEach(function (step, at) {
      step.added.forEach(function (name) {
        var last = final(name, at + 1);
        if (last && !(last in answered)) note("REC_015", { item: last });
      });
    });
    return { answers: kept, unchanged: unchanged };
  }

  function isBefore(one, other) {
    var a = one.split("."), b = other.split(".");
    return a[0] - b[0] < 0 || (a[0] - b[0] === 0 && a[1] - b[1] < 0);
  }

  /* Purpose, receiver and last day; null when the file says nothing of them. */
  function readHandling(record, notes) {
    var found = { purpose: "", receiver: "", keep_until: null }, raw = record.handling;
    function unknown(key) { notes.push(new Refusal("REC_009", { key: told(key, 80) })); }
    Object.keys(record).forEach(function (key) {
      if (["format", "instrument", "version", "handling", "answers"].indexOf(key) < 0) unknown(key);
    });
    if (raw === undefined || raw === null) return null;
    if (!isMap(raw)) { unknown("handling"); return null; }
    Object.keys(raw).forEach(function (key) { if (!has(found, key)) unknown("handling." + key); });
    Object.keys(found).forEach(function (key) {
      if (!has(raw, key)) return;
      var value = raw[key], text = typeof value === "string" ? value.trim().replace(/\s+/g, " ") : null, day = key === "keep_until";
      if (day && (value === null || value === "")) return;
      if (text === null || (day ? !isDate(text) : Array.from(text).length > 200)) notes.push(new Refusal("REC_008", { key: key }));
      else found[key] = text;
    });
    return found.purpose || found.receiver || found.keep_until ? found : null;
  }

  /* `today` as year-month-day. Gives the answers, the handling, and what is to be told. */
  function readRecord(definition, text, today) {
    var data = definition.data, notes = [], record;
    if (text.length > SIZE_MAX) throw new Refusal("REC_006");
    try { record = JSON.parse(text.replace(/^\ufeff/, "")); } catch (error) { throw new Refusal("REC_001"); }
    if (!isMap(record) || record.format !== FORMAT || typeof record.instrument !== "string" ||
        typeof record.version !== "string" || !isMap(record.answers)) throw new Refusal("REC_001");
    if (record.instrument !== data.id) throw new Refusal("REC_002", { found: record.instrument.slice(0, 60) });
    var handling = readHandling(record, notes), version = record.version;
    if (handling && handling.keep_until && handling.keep_until < today) notes.push(new Refusal("REC_010", { date: handling.keep_until }));
    if (version === data.version) return { answers: parseAnswers(definition, record.answers), handling: handling, notes: notes };
    var known = /^[0-9]{1,6}\.[0-9]{1,6}$/.test(version), major = Number(version.split(".")[0]);
    var steps = (known && data.migrations || []).filter(function (step) { return !isBefore(step.from, version); });
    if (!known || [data.version].concat(steps.map(function (step) { return step.from; })).every(function (one) {
      return parseInt(one, 10) !== major;
    })) throw new Refusal("REC_003", { found: version.slice(0, 20), wanted: data.version });
    var changes = [], made = migrate(definition, steps, record.answers, changes);
    notes.push(new Refusal("REC_011", { found: version, wanted: data.version, count: made.unchanged }));
    return { answers: made.answers, handling: handling, notes: notes.concat(changes) };
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

  function writeRecord(definition, answers, handling) {
    var record = { format: FORMAT, instrument: definition.data.id, version: definition.data.version }, known = {};
    ["purpose", "receiver", "keep_until"].forEach(function (key) { if (handling && handling[key]) known[key] = handling[key]; });
    if (Object.keys(known).length) record.handling = known;
    record.answers = relevantAnswers(definition, answers);
    return JSON.stringify(record, null, 2) + "\n";
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
      if (!member.year) parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ",");
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
