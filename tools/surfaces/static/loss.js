/* The methods of the loss worksheets, twin of tools/remedies/methods.py: same names, same inputs, same results.
   Fractions of whole numbers of any length, so that nothing is rounded before the end of a line. */
(function () {
  "use strict";

  var WHOLE = ["IDR", "KHR", "LAK", "VND"];
  var CURRENCIES = WHOLE.concat("USD MYR MMK PHP SGD THB AED BDT EUR GBP INR LKR MKD NPR RSD".split(" "));
  var DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  var MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
  var DAY = 86400000;

  function Fault(code, row, most) { this.code = code; this.row = row; this.most = most; }

  // --- exact fractions

  function ratio(top, below) {
    if (below < 0n) { top = -top; below = -below; }
    var a = top < 0n ? -top : top, b = below;
    while (b) { var rest = a % b; a = b; b = rest; }
    return a > 1n ? { n: top / a, d: below / a } : { n: top, d: below };
  }
  var ZERO = ratio(0n, 1n), ONE = ratio(1n, 1n);
  function whole(number) { return ratio(BigInt(number), 1n); }
  function add(a, b) { return ratio(a.n * b.d + b.n * a.d, a.d * b.d); }
  function sub(a, b) { return ratio(a.n * b.d - b.n * a.d, a.d * b.d); }
  function mul(a, b) { return ratio(a.n * b.n, a.d * b.d); }
  function div(a, b) { return ratio(a.n * b.d, a.d * b.n); }
  function less(a, b) { return a.n * b.d < b.n * a.d; }
  function max(a, b) { return less(a, b) ? b : a; }
  function min(a, b) { return less(b, a) ? b : a; }
  function power(a, times) { var found = ONE; for (; times > 0; times -= 1) { found = mul(found, a); } return found; }
  function sum(list) { return list.reduce(add, ZERO); }
  function times() { return Array.prototype.reduce.call(arguments, mul); }
  function short(due, credit) { return max(sub(due, credit), ZERO); }

  // Halves go away from nothing.
  function fixed(value, places) {
    var scale = 10n ** BigInt(places), top = value.n * scale * 2n, minus = top < 0n;
    var units = ((minus ? -top : top) + value.d) / (2n * value.d);
    return ratio(minus ? -units : units, scale);
  }
  function say(value, places) {
    var scale = 10n ** BigInt(places), units = fixed(value, places).n * scale / fixed(value, places).d;
    var digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
    var cut = digits.length - places;
    return (units < 0n ? "-" : "") + digits.slice(0, cut) + (places ? "." + digits.slice(cut) : "");
  }
  function places(code) { return WHOLE.indexOf(code) >= 0 ? 0 : 2; }
  function rounded(value, code) { return fixed(value, places(code || "USD")); }
  function said(value, given) { return say(value, places(given.currency || "USD")); }

  // --- what was typed

  function amount(value, row) {
    var found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value));
    if (!found) { throw new Fault("REM_001", row); }
    var part = found[3] || "", number = ratio(BigInt(found[2] + part), 10n ** BigInt(part.length));
    if (found[1] && number.n) { throw new Fault("REM_002", row); }
    return number;
  }
  function get(given, name, other) {
    var has = given[name] !== undefined && given[name] !== null;
    return amount(has ? given[name] : other === undefined ? "0" : other, name);
  }
  function day(text, row) {
    var found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(String(text)), at = found && Date.UTC(+found[1], found[2] - 1, +found[3]);
    if (!found || new Date(at).toISOString().slice(0, 10) !== text) { throw new Fault("REM_001", row); }
    return at;
  }
  function span(start, end, row) {
    var first = day(start, row), last = day(end, row);
    if (last < first) { throw new Fault("REM_003", row); }
    return [first, last];
  }
  function between(first, last) { return whole(Math.round((last - first) / DAY)); }
  function hours(value, most, row) {
    var found = amount(value, row);
    if (less(whole(most), found)) { throw new Fault("REM_006", row, most); }
    return found;
  }
  function currency(code, row) {
    var found = String(code).trim().toUpperCase();
    if (CURRENCIES.indexOf(found) < 0) { throw new Fault("REM_004", row); }
    return found;
  }
  function monthEnd(year, month) { return Date.UTC(year, month + 1, 0); }

  // --- methods

  var METHODS = {
    months: function (i) {
      var due = rounded(mul(get(i, "monthly"), get(i, "months")), i.currency);
      return { due: said(due, i), shortfall: said(short(due, get(i, "paid")), i) };
    },
    part_months: function (i) {
      var ends = span(i.from, i.to), monthly = get(i, "monthly"), due = ZERO, found = {};
      var at = new Date(ends[0]), year = at.getUTCFullYear(), month = at.getUTCMonth();
      for (; Date.UTC(year, month, 1) <= ends[1]; month += 1) {
        if (month > 11) { year += 1; month = 0; }
        var length = new Date(monthEnd(year, month)).getUTCDate();
        var start = Math.max(ends[0], Date.UTC(year, month, 1)), end = Math.min(ends[1], monthEnd(year, month));
        var count = Math.round((end - start) / DAY) + 1, line = rounded(monthly, i.currency);
        if (count !== length) {
          var parts = { calendar: length, thirty: 30, working26: 26 }[i.method];
          if (i.method === "working26") {
            var rest = DAYS.indexOf(i.weekly_rest || "Sun"), worked = 0;
            for (var n = 0; n < count; n += 1) { if (new Date(start + n * DAY).getUTCDay() !== rest) { worked += 1; } }
            count = worked;
          }
          line = rounded(div(mul(monthly, whole(count)), whole(parts)), i.currency);
          found[MONTHS[month]] = said(line, i);
          found[MONTHS[month] + "_days"] = count;
        }
        due = add(due, line);
      }
      found.due = said(due, i);
      return found;
    },
    week: function (i) {
      var plain, over;
      if ("worked_week" in i) {
        var worked = hours(i.worked_week, 168), norm = get(i, "normal_week");
        plain = min(worked, norm); over = short(worked, norm);
      } else {
        var normal = get(i, "normal_day"), long = hours(i.six_days_hours || "0", 24);
        plain = mul(whole(6), min(long, normal)); over = mul(whole(6), short(long, normal));
      }
      var rest = mul(hours(i.rest_day_hours || "0", 24), get(i, "rest", "1"));
      var week = mul(get(i, "hourly"), sum([plain, mul(over, get(i, "ot", "1")), rest]));
      return { week: said(week, i), due: said(mul(week, get(i, "weeks", "1")), i) };
    },
    floor: function (i) {
      var best = max(get(i, "contract_monthly"), get(i, "minimum_monthly"));
      return { shortfall: said(mul(short(best, get(i, "paid_monthly")), get(i, "months")), i) };
    },
    steps: function (i) {
      var ends = span(i.from, i.to), due = ZERO;
      var steps = i.minimum.map(function (one) { return [day(one[0]), amount(one[1])]; }).sort(function (a, b) { return a[0] - b[0]; });
      for (var at = new Date(ends[0]); +at <= ends[1]; at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))) {
        due = add(due, steps.filter(function (step) { return step[0] <= +at; }).pop()[1]);
      }
      return { due: said(short(due, get(i, "paid")), i) };
    },
    pieces: function (i) {
      return { due: said(max(mul(get(i, "pieces"), get(i, "piece_rate")), mul(get(i, "hours"), get(i, "minimum_hourly"))), i) };
    },
    share: function (i) { return { due: said(max(get(i, "share"), i.floor_by_law ? get(i, "floor") : ZERO), i) }; },
    range: function (i) {
      var found = {}, normal = get(i, "normal_week");
      ["low", "central", "high"].forEach(function (name, n) {
        var worked = mul(hours(i.hours_day[n], 24), get(i, "days_week"));
        var paid = add(min(worked, normal), mul(short(worked, normal), get(i, "ot")));
        found[name] = said(times(get(i, "hourly"), paid, get(i, "weeks")), i);
      });
      return found;
    },
    limit: function (i) {
      var months = get(i, "months_unpaid"), kept = min(months, get(i, "limit_months")), monthly = get(i, "monthly");
      return { claimable: said(mul(monthly, kept), i), time_barred: said(mul(monthly, sub(months, kept)), i) };
    },
    payments: function (i) {
      var due = i.due.map(amount), paid = i.paid.map(amount);
      var gap = i.mode === "pooled" ? short(sum(due), sum(paid)) : sum(due.map(function (one, n) { return short(one, paid[n]); }));
      return { shortfall: said(gap, i) };
    },
    verified: function (i) {
      function of(known) { return sum(i.paid.filter(function (p) { return p.verified === known; }).map(function (p) { return amount(p.amount); })); }
      return { shortfall: said(short(get(i, "due"), of(true)), i), disputed: said(of(false), i) };
    },
    deductions: function (i) {
      var lawful = get(i, "lawful");
      var lost = typeof i.unlawful === "object" ? sum(Object.values(i.unlawful).map(amount)) : amount(i.unlawful);
      var net = "net_received" in i ? get(i, "net_received") : short(get(i, "gross_claimed"), add(lawful, lost));
      return { net_received: said(net, i), shortfall: said(short(get(i, "due"), add(net, lawful)), i), debt_owed_by_worker: said(ZERO, i) };
    },
    deduction_cap: function (i) {
      var allowed = rounded(min(get(i, "lawful_damage"), mul(get(i, "net_wage"), get(i, "cap"))), i.currency);
      return { allowed: said(allowed, i), refund: said(short(get(i, "deducted"), allowed), i) };
    },
    in_kind: function (i) {
      var credit = rounded(min(get(i, "fair_value"), mul(get(i, "due"), get(i, "cap"))), i.currency);
      return { credit: said(credit, i), shortfall: said(short(get(i, "due"), add(get(i, "cash"), credit)), i) };
    },
    fee_once: function (i) {
      var gap = short(get(i, "due"), get(i, "net_received")), fee = get(i, "fee_paid_cash");
      return { shortfall: said(gap, i), fee: said(fee, i), total: said(add(gap, fee), i) };
    },
    debt: function (i) {
      var balance = i.debt_enforceable === false ? ZERO : get(i, "principal"), interest = ZERO, cleared = null;
      var rate = "rate_month" in i ? get(i, "rate_month") : div(get(i, "rate_year"), whole(12));
      var value = "value_month" in i ? get(i, "value_month") : get(i, "credited_month");
      for (var month = 1; month <= Number(i.months); month += 1) {
        var line = rounded(mul(max(balance, ZERO), rate), i.currency);
        interest = add(interest, line);
        balance = sub(add(balance, line), value);
        if (cleared === null && balance.n <= 0n) { cleared = month; }
      }
      return { ledger_balance: said(max(balance, ZERO), i), interest_total: said(interest, i), cleared_in_month: cleared, owed_to_worker: said(short(ZERO, balance), i) };
    },
    ratio: function (i) { return { ratio: say(div(get(i, "cost"), get(i, "monthly_wage")), 2) }; },
    fee_cap: function (i) {
      var cap = times(get(i, "monthly_wage"), div(get(i, "contract_months"), whole(12)), get(i, "cap_months_per_12"));
      return { cap: said(cap, i), excess: said(short(get(i, "paid"), cap), i) };
    },
    fee_refund: function (i) {
      var months = get(i, "contract_months");
      return { refund: said(div(mul(get(i, "fee"), short(months, get(i, "served"))), months), i) };
    },
    interest: function (i) {
      var principal = get(i, "principal"), rate = get(i, "rate");
      if ("years" in i) {
        return { simple: said(times(principal, rate, whole(i.years)), i), compound: said(mul(principal, sub(power(add(ONE, rate), Number(i.years)), ONE)), i) };
      }
      if ("months" in i) { return { interest: said(times(principal, rate, div(get(i, "months"), whole(12))), i) }; }
      var ends = span(i.from, i.to), year = whole(365), found = { days: Math.round((ends[1] - ends[0]) / DAY) };
      if (i.compounding !== "yearly") {
        found.interest = said(times(principal, rate, div(between(ends[0], ends[1]), year)), i);
        return found;
      }
      var grown = principal, start = ends[0], at = new Date(ends[0]);
      for (var n = 1; start < ends[1]; n += 1) {
        var turn = new Date(Date.UTC(at.getUTCFullYear() + n, at.getUTCMonth(), at.getUTCDate()));
        if (turn.getUTCMonth() !== at.getUTCMonth()) { turn = new Date(+turn - DAY); } // 29 February
        var end = Math.min(+turn, ends[1]);
        grown = mul(grown, add(ONE, mul(rate, div(between(start, end), year))));
        start = end;
      }
      found.interest = said(sub(grown, principal), i);
      return found;
    },
    instalments: function (i) {
      var lines = i.due_end_of.map(function (month) {
        var parts = month.split("-").map(Number), due = new Date(monthEnd(parts[0], parts[1] - 1)).toISOString().slice(0, 10);
        var ends = span(due, i.to, month);
        return rounded(times(get(i, "monthly"), get(i, "rate"), div(between(ends[0], ends[1]), whole(365))), i.currency);
      });
      return { interest: said(sum(lines), i) };
    },
    convert: function (i) {
      var base = currency(i.base), lines = i.items.map(function (item, n) {
        var row = "Line " + (n + 1), code = currency(item[1], row), by = ONE;
        if (code !== base) {
          if (item[2] === null || item[2] === undefined) { throw new Fault("REM_007", row); }
          by = amount(item[2], row);
          if (!by.n) { throw new Fault("REM_007", row); }
        }
        return rounded(div(amount(item[0], row), by), base);
      });
      return { total: said(sum(lines), { currency: base }) };
    },
    round: function (i) { return { rounded: said(get(i, "amount"), i) }; },
    index: function (i) { return { indexed: said(div(mul(get(i, "amount"), get(i, "cpi_to")), get(i, "cpi_from")), i) }; },
    present: function (i) {
      var monthly = get(i, "monthly"), rate = get(i, "rate_month"), months = Number(i.months);
      var factor = rate.n ? div(sub(ONE, div(ONE, power(add(ONE, rate), months))), rate) : whole(months);
      return { present_value: said(mul(monthly, factor), i), undiscounted: said(mul(monthly, whole(months)), i) };
    },
    us: function (i) {
      var worked = hours(i.hours_week, 168), weeks = get(i, "weeks"), wage = get(i, "min_wage"), half = ratio(3n, 2n);
      function of(factor) { return mul(wage, add(min(worked, whole(40)), mul(short(worked, whole(40)), factor))); }
      var week = of(i.overtime_exempt ? ONE : half), value = rounded(mul(week, weeks), i.currency);
      var unpaid = short(value, mul(get(i, "paid_week"), weeks)), greater = max(value, get(i, "gross_income"));
      var total = add(greater, sum((i.other_losses || []).map(amount)));
      return {
        week_value: said(week, i), year_value: said(value, i), labour_value: said(value, i), value: said(value, i),
        difference: said(sub(mul(of(half), weeks), value), i), less_paid: said(unpaid, i),
        with_liquidated: said(mul(unpaid, whole(2)), i), greater: said(greater, i), total: said(total, i)
      };
    },
    equal_amount: function (i) { return { with_equal_amount: said(mul(get(i, "unpaid"), whole(2)), i) }; },
    award: function (i) {
      var paid = sum(Object.values(i.paid_by_offender || i.paid || []).map(amount)), advance = get(i, "state_advance");
      var left = said(short(get(i, "award"), add(paid, advance)), i);
      return { outstanding: left, victim_still_owed: left, state_subrogated: said(advance, i) };
    },
    two_routes: function (i) {
      var paid = i.same_wages ? get(i, "paid_labour") : ZERO, award = i.criminal_award;
      return { outstanding: said(add(short(amount(award.wages), paid), amount(award.other)), i) };
    },
    shares: function (i) {
      var code = currency(i.currency || "USD"), digits = places(code), scale = whole(10n ** BigInt(digits));
      var awards = i.awards.map(amount), total = sum(awards), all = mul(get(i, "recovered"), scale), units = all.n / all.d;
      if (!total.n) { return { shares: awards.map(function () { return say(ZERO, digits); }) }; }
      var exact = awards.map(function (one) { return div(mul(ratio(units, 1n), one), total); });
      var found = exact.map(function (one) { return one.n / one.d; });
      var left = Number(units - found.reduce(function (a, b) { return a + b; }, 0n));
      exact.map(function (one, n) { return [sub(one, ratio(found[n], 1n)), n]; })
        .sort(function (a, b) { return less(b[0], a[0]) ? -1 : less(a[0], b[0]) ? 1 : a[1] - b[1]; })
        .slice(0, left).forEach(function (one) { found[one[1]] += 1n; });
      return { shares: found.map(function (one) { return say(div(ratio(one, 1n), scale), digits); }) };
    },
    composite: function (i) {
      var best = max(get(i, "contract_monthly"), get(i, "minimum_monthly")), long = hours(i.hours_day, 24);
      var hour = div(best, get(i, "hours_month")), days = get(i, "days");
      var rest = less(whole(6), days) ? mul(long, get(i, "rest")) : ZERO;
      var over = times(short(long, get(i, "normal_day")), min(days, whole(6)), get(i, "ot"));
      var ordinary = rounded(mul(best, get(i, "months")), i.currency), premium = rounded(times(hour, add(over, rest), get(i, "weeks")), i.currency);
      var due = add(ordinary, premium), gap = short(due, get(i, "paid"));
      var material = add(gap, sum(["fee_cash", "medical", "transport", "documents"].map(function (name) { return get(i, name); })));
      var interest = rounded(times(gap, amount(i.interest.rate), div(amount(i.interest.days), whole(365))), i.currency);
      return {
        ordinary: said(ordinary, i), premium: said(premium, i), due: said(due, i), wage_shortfall: said(gap, i),
        material: said(material, i), interest: said(interest, i), total: said(add(material, interest), i)
      };
    },
    premiums: function (i) {
      var hour = div(get(i, "base"), get(i, "base_hours", "1")), found = { hourly: said(hour, i) }, all = ZERO;
      Object.keys(i.lines).forEach(function (name) {
        var line = sum(i.lines[name].map(function (part) { return rounded(times(hour, amount(part[0]), amount(part[1])), i.currency); }));
        found[name] = said(line, i);
        all = add(all, line);
      });
      found.total = said(all, i);
      return found;
    },
    night: function (i) {
      var night = get(i, "night"), extra = get(i, "night_ot");
      function at(rate, day) { return say(sum([rate, night, mul(extra, day)]), 4); }
      var over = get(i, "weekday_ot"), rest = get(i, "rest_day"), feast = get(i, "holiday");
      return { weekday_no_day_ot: at(over, get(i, "weekday")), weekday_after_day_ot: at(over, over), rest_day: at(rest, rest), holiday: at(feast, feast) };
    },
    ceiling: function (i) {
      var base = get(i, "base_salary");
      return { health_max: said(mul(base, get(i, "health_multiple")), i), honour_max: said(mul(base, get(i, "honour_multiple")), i) };
    },
    check: function (i) {
      if ("hours_day" in i) { hours(i.hours_day, 24, "the hours of the day"); }
      if ("hours_week" in i) { hours(i.hours_week, 168, "the hours of the week"); }
      if ("from" in i) { span(i.from, i.to); }
      if (i.spans) {
        i.spans.map(function (one, n) { return span(one[0], one[1], "Period " + (n + 1)).concat(n + 1); })
          .sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; })
          .forEach(function (one, n, all) { if (n && one[0] <= all[n - 1][1]) { throw new Fault("REM_005", "Period " + one[2]); } });
      }
      if ("amount" in i) { return METHODS.convert({ base: i.base, items: [[i.amount, i.currency, i.rate]] }); }
      return { total: said(get(i, "paid"), i), notice: Object.keys(i).length ? "" : "empty" };
    }
  };

  globalThis.ctLoss = {
    methods: Object.keys(METHODS).sort(),
    compute: function (method, given) {
      if (!Object.prototype.hasOwnProperty.call(METHODS, method)) { throw new Fault("REM_008", method); }
      return METHODS[method](given);
    }
  };
})();
