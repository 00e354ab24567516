"""Every method of the worksheets, by name: from a plain input to plain results.

Each takes a mapping of texts, as a vector or a web page has them, and gives one of texts. ``loss.js`` holds the same
methods under the same names; ``tests/cases/loss-vectors.json`` holds what both must give.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext
from typing import Any, Final

from tools.errors import Problem
from tools.instruments.expressions import round_half_away
from tools.remedies import money
from tools.remedies.money import amount, rounded, total

Input = Mapping[str, Any]
Output = dict[str, Any]

_ZERO: Final = Decimal(0)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EXACT: Final = 60  # digits of every step before the one rounding at the end of a line


def compute(method: str, given: Input) -> Output:
    """Return what a method gives.

    Parameters
    ----------
    method : str
        A key of :data:`METHODS`.
    given : mapping
        Numbers and dates as texts; rates as parts of one, not per cent.

    Raises
    ------
    Problem
        ``REM_001`` to ``REM_008``.

    Examples
    --------
    >>> compute("months", {"monthly": "300", "months": 7, "paid": "450"})
    {'due': '2100.00', 'shortfall': '1650.00'}
    """
    if method not in METHODS:
        raise Problem("REM_008", found=method, known=", ".join(sorted(METHODS)))
    with localcontext() as context:
        context.prec = _EXACT
        return METHODS[method](given)


def _n(given: Input, name: str, default: str = "0") -> Decimal:
    return amount(given.get(name, default), name)


def _line(value: Decimal, given: Input) -> Decimal:
    """Return a line as it is paid, in the smallest unit of its currency."""
    return rounded(value, given.get("currency", "USD"))


def _said(value: Decimal, given: Input, places: int = 2) -> str:
    code = given.get("currency", "USD")
    value = rounded(value, code) if places == 2 else round_half_away(value, places)
    return format(value, "f")


def _short(due: Decimal, credit: Decimal) -> Decimal:
    return max(due - credit, _ZERO)


# --- pay ---------------------------------------------------------------------------------------------


def _months(i: Input) -> Output:
    due = _line(_n(i, "monthly") * _n(i, "months"), i)
    return {"due": _said(due, i), "shortfall": _said(_short(due, _n(i, "paid")), i)}


def _part_months(i: Input) -> Output:
    first, last = money.span(i["from"], i["to"])
    found: Output = {}
    monthly, due = _n(i, "monthly"), _ZERO
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        length = calendar.monthrange(year, month)[1]
        start, end = max(first, dt.date(year, month, 1)), min(last, dt.date(year, month, length))
        days = (end - start).days + 1
        if days == length:
            line = _line(monthly, i)
        else:
            whole = {"calendar": length, "thirty": 30, "working26": 26}[i["method"]]
            if i["method"] == "working26":
                rest = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(i.get("weekly_rest", "Sun"))
                days = sum((start + dt.timedelta(n)).weekday() != rest for n in range(days))
            line = _line(monthly * days / whole, i)
            found[_MONTHS[month - 1]], found[f"{_MONTHS[month - 1]}_days"] = _said(line, i), days
        due += line
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return {**found, "due": _said(due, i)}


def _week(i: Input) -> Output:
    """Hours of one week: ordinary, above the norm, and on the day of rest. Each hour has one rate."""
    hourly, weeks = _n(i, "hourly"), _n(i, "weeks", "1")
    if "worked_week" in i:
        worked, normal = money.hours(i["worked_week"], 168), _n(i, "normal_week")
        plain, over = min(worked, normal), _short(worked, normal)
    else:
        normal, day = _n(i, "normal_day"), money.hours(i.get("six_days_hours", 0), 24)
        plain, over = 6 * min(day, normal), 6 * _short(day, normal)
    rest = money.hours(i.get("rest_day_hours", 0), 24) * _n(i, "rest", "1")
    week = hourly * (plain + over * _n(i, "ot", "1") + rest)
    return {"week": _said(week, i), "due": _said(week * weeks, i)}


def _floor(i: Input) -> Output:
    best = max(_n(i, "contract_monthly"), _n(i, "minimum_monthly"))
    return {"shortfall": _said(_short(best, _n(i, "paid_monthly")) * _n(i, "months"), i)}


def _steps(i: Input) -> Output:
    """Whole calendar months at the minimum in force on their first day."""
    first, last = money.span(i["from"], i["to"])
    steps = sorted((dt.date.fromisoformat(day), amount(rate)) for day, rate in i["minimum"])
    due, day = _ZERO, first
    while day <= last:
        due += [rate for since, rate in steps if since <= day][-1]
        day = (day.replace(day=1) + dt.timedelta(32)).replace(day=1)
    return {"due": _said(_short(due, _n(i, "paid")), i)}


def _pieces(i: Input) -> Output:
    return {"due": _said(max(_n(i, "pieces") * _n(i, "piece_rate"), _n(i, "hours") * _n(i, "minimum_hourly")), i)}


def _share(i: Input) -> Output:
    return {"due": _said(max(_n(i, "share"), _n(i, "floor") if i.get("floor_by_law") else _ZERO), i)}


def _range(i: Input) -> Output:
    days, weeks, normal = _n(i, "days_week"), _n(i, "weeks"), _n(i, "normal_week")
    found = {}
    for name, day in zip(("low", "central", "high"), i["hours_day"], strict=True):
        worked = money.hours(day, 24) * days
        hours = min(worked, normal) + _short(worked, normal) * _n(i, "ot")
        found[name] = _said(_n(i, "hourly") * hours * weeks, i)
    return found


def _limit(i: Input) -> Output:
    months, kept = _n(i, "months_unpaid"), min(_n(i, "months_unpaid"), _n(i, "limit_months"))
    return {
        "claimable": _said(_n(i, "monthly") * kept, i),
        "time_barred": _said(_n(i, "monthly") * (months - kept), i),
    }


# --- what was paid, and what was taken ------------------------------------------------------------------


def _payments(i: Input) -> Output:
    due, paid = ([amount(one) for one in i[name]] for name in ("due", "paid"))
    if i["mode"] == "pooled":
        return {"shortfall": _said(_short(total(due), total(paid)), i)}
    return {"shortfall": _said(total(_short(*both) for both in zip(due, paid, strict=True)), i)}


def _verified(i: Input) -> Output:
    sums = {known: total(amount(p["amount"]) for p in i["paid"] if p["verified"] is known) for known in (True, False)}
    return {"shortfall": _said(_short(_n(i, "due"), sums[True]), i), "disputed": _said(sums[False], i)}


def _deductions(i: Input) -> Output:
    # What was deducted without right stays owed; a balance below nothing is no debt of the person.
    due, lawful, taken = _n(i, "due"), _n(i, "lawful"), i["unlawful"]
    lost = total(map(amount, taken.values())) if isinstance(taken, Mapping) else amount(taken)
    net = _n(i, "net_received") if "net_received" in i else _short(_n(i, "gross_claimed"), lawful + lost)
    found = {"net_received": _said(net, i), "shortfall": _said(_short(due, net + lawful), i)}
    return {**found, "debt_owed_by_worker": _said(_ZERO, i)}


def _deduction_cap(i: Input) -> Output:
    allowed = _line(min(_n(i, "lawful_damage"), _n(i, "net_wage") * _n(i, "cap")), i)
    return {"allowed": _said(allowed, i), "refund": _said(_short(_n(i, "deducted"), allowed), i)}


def _in_kind(i: Input) -> Output:
    credit = _line(min(_n(i, "fair_value"), _n(i, "due") * _n(i, "cap")), i)
    return {"credit": _said(credit, i), "shortfall": _said(_short(_n(i, "due"), _n(i, "cash") + credit), i)}


def _fee_once(i: Input) -> Output:
    # A fee taken out of pay is in the unpaid pay already; one paid in cash comes beside it.
    short, fee = _short(_n(i, "due"), _n(i, "net_received")), _n(i, "fee_paid_cash")
    return {"shortfall": _said(short, i), "fee": _said(fee, i), "total": _said(short + fee, i)}


# --- debts and fees -------------------------------------------------------------------------------------


def _debt(i: Input) -> Output:
    # The ledger of a debt: interest on what is left, rounded, is added; then the month's value is taken off.
    principal = _n(i, "principal") if i.get("debt_enforceable", True) else _ZERO
    rate = _n(i, "rate_month") if "rate_month" in i else _n(i, "rate_year") / 12
    value = _n(i, "value_month") if "value_month" in i else _n(i, "credited_month")
    balance, interest, cleared, months = principal, _ZERO, None, int(i["months"])
    for month in range(1, months + 1):
        line = rounded(max(balance, _ZERO) * rate, i.get("currency", "USD"))
        interest += line
        balance += line - value
        if cleared is None and balance <= 0:
            cleared = month
    return {
        "ledger_balance": _said(max(balance, _ZERO), i), "interest_total": _said(interest, i),
        "cleared_in_month": cleared, "owed_to_worker": _said(max(-balance, _ZERO), i),
    }  # fmt: skip


def _ratio(i: Input) -> Output:
    return {"ratio": _said(_n(i, "cost") / _n(i, "monthly_wage"), {})}


def _fee_cap(i: Input) -> Output:
    cap = _n(i, "monthly_wage") * _n(i, "contract_months") / 12 * _n(i, "cap_months_per_12")
    return {"cap": _said(cap, i), "excess": _said(_short(_n(i, "paid"), cap), i)}


def _fee_refund(i: Input) -> Output:
    months = _n(i, "contract_months")
    return {"refund": _said(_n(i, "fee") * _short(months, _n(i, "served")) / months, i)}


# --- interest, currencies, prices -----------------------------------------------------------------------


def _interest(i: Input) -> Output:
    principal, rate = _n(i, "principal"), _n(i, "rate")
    if "years" in i:
        years = int(i["years"])
        return {
            "simple": _said(principal * rate * years, i),
            "compound": _said(principal * ((1 + rate) ** years - 1), i),
        }
    if "months" in i:
        return {"interest": _said(principal * rate * _n(i, "months") / 12, i)}
    first, last = money.span(i["from"], i["to"])
    found: Output = {"days": (last - first).days}
    if i.get("compounding") != "yearly":
        return {**found, "interest": _said(principal * rate * found["days"] / 365, i)}
    grown, start = principal, first
    while start < last:
        end = min(_anniversary(first, start.year - first.year + 1), last)
        grown *= 1 + rate * (end - start).days / 365
        start = end
    return {**found, "interest": _said(grown - principal, i)}


def _anniversary(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _instalments(i: Input) -> Output:
    end, lines = dt.date.fromisoformat(i["to"]), []
    for month in i["due_end_of"]:
        year, number = map(int, month.split("-"))
        due, end_ = money.span(dt.date(year, number, calendar.monthrange(year, number)[1]), end, month)
        lines.append(_line(_n(i, "monthly") * _n(i, "rate") * (end_ - due).days / 365, i))
    return {"interest": _said(total(lines), i)}


def _convert(i: Input) -> Output:
    """Each item in its own currency, divided by its rate and rounded; a missing rate is never one."""
    base, lines = money.currency(i["base"]), []
    for number, (sum_, code, rate) in enumerate(i["items"], start=1):
        row = f"Line {number}"
        known = money.currency(code, row)
        if rate is None and known != base:
            raise Problem("REM_007", row=row, code=known, base=base)
        by = Decimal(1) if known == base else amount(rate, "rate", row)
        if not by:
            raise Problem("REM_007", row=row, code=known, base=base)
        lines.append(rounded(amount(sum_, "amount", row) / by, base))
    return {"total": _said(total(lines), {"currency": base})}


def _round(i: Input) -> Output:
    return {"rounded": _said(_n(i, "amount"), i)}


def _index(i: Input) -> Output:
    return {"indexed": _said(_n(i, "amount") * _n(i, "cpi_to") / _n(i, "cpi_from"), i)}


def _present(i: Input) -> Output:
    """Equal sums at the end of each month, worth today at a rate a month."""
    monthly, rate, months = _n(i, "monthly"), _n(i, "rate_month"), int(i["months"])
    worth = monthly * ((1 - (1 + rate) ** -months) / rate if rate else Decimal(months))
    return {"present_value": _said(worth, i), "undiscounted": _said(monthly * months, i)}


# --- the formula of the United States -------------------------------------------------------------------


def _us(i: Input) -> Output:
    """18 U.S.C. 1593 with 29 U.S.C. 206, 207 and 216: 40 hours, then one and a half times."""
    worked, weeks, wage = money.hours(i["hours_week"], 168), _n(i, "weeks"), _n(i, "min_wage")
    times = Decimal(1) if i.get("overtime_exempt") else Decimal("1.5")
    week = wage * (min(worked, Decimal(40)) + _short(worked, Decimal(40)) * times)
    full = wage * (min(worked, Decimal(40)) + _short(worked, Decimal(40)) * Decimal("1.5")) * weeks
    value = _line(week * weeks, i)
    unpaid = _short(value, _n(i, "paid_week") * weeks)
    greater = max(value, _n(i, "gross_income"))
    losses = total(map(amount, i.get("other_losses", ())))
    return {
        "week_value": _said(week, i), "year_value": _said(value, i), "labour_value": _said(value, i),
        "value": _said(value, i), "difference": _said(full - value, i), "less_paid": _said(unpaid, i),
        "with_liquidated": _said(unpaid * 2, i), "greater": _said(greater, i), "total": _said(greater + losses, i),
    }  # fmt: skip


def _equal_amount(i: Input) -> Output:
    return {"with_equal_amount": _said(_n(i, "unpaid") * 2, i)}


# --- awards ---------------------------------------------------------------------------------------------


def _award(i: Input) -> Output:
    # What is still owed on one award: paid once, by whomever; the State steps in for what it advanced.
    paid = i.get("paid_by_offender", i.get("paid", ()))
    done = total(map(amount, paid.values() if isinstance(paid, Mapping) else paid))
    advance = _n(i, "state_advance")
    left = _said(_short(_n(i, "award"), done + advance), i)
    return {"outstanding": left, "victim_still_owed": left, "state_subrogated": _said(advance, i)}


def _two_routes(i: Input) -> Output:
    # The same wages awarded twice: what one route paid is taken off the wages of the other, and off nothing else.
    award = i["criminal_award"]
    paid = _n(i, "paid_labour") if i["same_wages"] else _ZERO
    return {"outstanding": _said(_short(amount(award["wages"]), paid) + amount(award["other"]), i)}


def _shares(i: Input) -> Output:
    code = money.currency(i.get("currency", "USD"))
    found = money.shared(_n(i, "recovered"), [amount(one) for one in i["awards"]], code)
    return {"shares": [_said(one, i) for one in found]}


# --- all together ---------------------------------------------------------------------------------------


def _composite(i: Input) -> Output:
    best, weeks = max(_n(i, "contract_monthly"), _n(i, "minimum_monthly")), _n(i, "weeks")
    day, normal, days = money.hours(i["hours_day"], 24), _n(i, "normal_day"), min(_n(i, "days"), Decimal(6))
    hour = best / _n(i, "hours_month")
    rest = day * _n(i, "rest") if _n(i, "days") > 6 else _ZERO
    ordinary = _line(best * _n(i, "months"), i)
    premium = _line(hour * (_short(day, normal) * days * _n(i, "ot") + rest) * weeks, i)
    short = _short(ordinary + premium, _n(i, "paid"))
    material = short + total(_n(i, name) for name in ("fee_cash", "medical", "transport", "documents"))
    terms = i["interest"]
    interest = _line(short * amount(terms["rate"]) * amount(terms["days"]) / 365, i)
    return {
        "ordinary": _said(ordinary, i), "premium": _said(premium, i), "due": _said(ordinary + premium, i),
        "wage_shortfall": _said(short, i), "material": _said(material, i), "interest": _said(interest, i),
        "total": _said(material + interest, i),
    }  # fmt: skip


# --- national rules -------------------------------------------------------------------------------------


def _premiums(i: Input) -> Output:
    """Hours at their multipliers on one hourly base: ``{name: [[hours, times], …]}``; each line rounded."""
    hour = _n(i, "base") / _n(i, "base_hours", "1")
    found: Output = {"hourly": _said(hour, i)}
    sums = []
    for name, parts in i["lines"].items():
        lines = [rounded(hour * amount(h) * amount(times), i.get("currency", "USD")) for h, times in parts]
        sums.append(total(lines))
        found[name] = _said(sums[-1], i)
    return {**found, "total": _said(total(sums), i)}


def _night(i: Input) -> Output:
    """Viet Nam, overtime at night: the rate, plus night pay, plus a fifth of the day rate of that kind of day."""
    plain, over, rest, feast, night, extra = (
        _n(i, name) for name in ("weekday", "weekday_ot", "rest_day", "holiday", "night", "night_ot")
    )
    rows = {
        "weekday_no_day_ot": over + night + extra * plain,
        "weekday_after_day_ot": over + night + extra * over,
        "rest_day": rest + night + extra * rest,
        "holiday": feast + night + extra * feast,
    }
    return {name: _said(value, {}, 4) for name, value in rows.items()}


def _ceiling(i: Input) -> Output:
    base = _n(i, "base_salary")
    return {f"{name}_max": _said(base * _n(i, f"{name}_multiple"), i) for name in ("health", "honour")}


def _check(i: Input) -> Output:
    """Refuse what cannot be; what is whole gives a total."""
    if "hours_day" in i:
        money.hours(i["hours_day"], 24, "the hours of the day")
    if "hours_week" in i:
        money.hours(i["hours_week"], 168, "the hours of the week")
    if "from" in i:
        money.span(i["from"], i["to"])
    if "spans" in i:
        money.no_overlap([money.span(one[0], one[1], f"Period {n}") for n, one in enumerate(i["spans"], start=1)])
    if "amount" in i:
        return _convert({"base": i["base"], "items": [[i["amount"], i["currency"], i["rate"]]]})
    return {"total": _said(_n(i, "paid"), i), "notice": "empty" if not i else ""}


METHODS: Final[Mapping[str, Callable[[Input], Output]]] = {
    "award": _award, "ceiling": _ceiling, "check": _check, "composite": _composite, "convert": _convert,
    "debt": _debt, "deduction_cap": _deduction_cap, "deductions": _deductions, "equal_amount": _equal_amount,
    "fee_cap": _fee_cap, "fee_once": _fee_once, "fee_refund": _fee_refund, "floor": _floor, "in_kind": _in_kind,
    "index": _index, "instalments": _instalments, "interest": _interest, "limit": _limit, "months": _months,
    "night": _night, "part_months": _part_months, "payments": _payments, "pieces": _pieces, "premiums": _premiums,
    "present": _present, "range": _range, "ratio": _ratio, "round": _round, "share": _share, "shares": _shares,
    "steps": _steps, "two_routes": _two_routes, "us": _us, "verified": _verified, "week": _week,
}  # fmt: skip
