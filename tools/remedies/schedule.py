"""One page for a lawyer: heads of loss, method, currency, rates, assumptions and range, from a saved form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tools.errors import Problem
from tools.instruments.assessment import Assessment, assess
from tools.instruments.model import Instrument, Item
from tools.instruments.record import Record
from tools.remedies import money

SCHEDULE: Final = "remedies/loss-schedule"
WORKSHEET: Final = "remedies/loss-worksheet"


@dataclass(frozen=True)
class Line:
    """One head of loss in the main currency.

    Attributes
    ----------
    head, method : str
        What was lost, and how the sum was worked out.
    own : str
        The amount in its own currency with its rate, where that is another one.
    sum : Decimal
        In the main currency, rounded.
    """

    head: str
    method: str
    own: str
    sum: Decimal


@dataclass(frozen=True)
class Schedule:
    """A schedule of loss.

    Attributes
    ----------
    currency : str
        The main currency.
    as_of : date or None
        The day as of which it was worked out.
    lines : tuple of Line
    low, central, high : Decimal
        Totals.
    apart : tuple of (str, str)
        What stands beside the totals and is not in them: a name, and words or an amount.
    assumptions : tuple of str
    """

    currency: str
    as_of: dt.date | None
    lines: tuple[Line, ...]
    low: Decimal
    central: Decimal
    high: Decimal
    apart: tuple[tuple[str, str], ...]
    assumptions: tuple[str, ...]

    def said(self, value: Decimal) -> str:
        """Return an amount as it is printed, with thousands set apart."""
        return f"{value:,.{0 if self.currency in money.WHOLE else 2}f}"


def of_record(instrument: Instrument, record: Record) -> Schedule:
    """Return the schedule of a saved form.

    Parameters
    ----------
    instrument : Instrument
        ``remedies/loss-schedule`` or ``remedies/loss-worksheet``.
    record : Record
        Its answers.

    Raises
    ------
    Problem
        ``REM_009`` for another form; ``REM_003``, ``REM_004``, ``REM_005`` and ``REM_007`` for a row that cannot be right,
        with its number. Nothing is added up then.
    """
    if record.instrument not in (SCHEDULE, WORKSHEET):
        raise Problem("REM_009", found=record.instrument)
    _check(record)
    result = assess(instrument, record)
    faulty = (result.values.get("faults") or 0) != 0 or result.values.get("faulty") == "yes"
    if faulty or result.values["total_mid"] is None:
        raise Problem("REM_010", title=result.outcome.title if result.outcome else "")
    made = _of_schedule if record.instrument == SCHEDULE else _of_worksheet
    return made(instrument, record, result)


def _check(record: Record) -> None:
    spans = []
    for number, row in enumerate(_rows(record, "periods"), start=1):
        if "from_on" in row and "to_on" in row:
            spans.append(money.span(row["from_on"], row["to_on"], f"Period {number}"))
    money.no_overlap(spans)
    if "interest_from" in record.answers and "interest_to" in record.answers:
        money.span(record.answers["interest_from"], record.answers["interest_to"], "Interest")
    if record.instrument == SCHEDULE:
        base = str(record.answers.get("base", ""))
        for number, row in enumerate(_rows(record, "lines"), start=1):
            code = str(row.get("line_cur", ""))
            if "amount" in row and code != base and "rate" not in row:
                raise Problem("REM_007", row=f"Line {number}", code=code.upper() or "no currency", base=base.upper())


def _rows(record: Record, repeat: str) -> Sequence[Mapping[str, Any]]:
    found = record.answers.get(repeat, ())
    return found if isinstance(found, tuple) else ()


def _choice(instrument: Instrument, item: str, code: Any) -> str:
    member = instrument.everything[item]
    labels = {choice.code: choice.label for choice in member.choices} if isinstance(member, Item) else {}
    return labels.get(str(code), "")


def _labels(instrument: Instrument, record: Record, item: str) -> tuple[str, ...]:
    chosen = record.answers.get(item, frozenset())
    member = instrument.everything[item]
    assert isinstance(member, Item)  # noqa: S101 - the two forms are fixed
    return tuple(c.label for c in member.choices if isinstance(chosen, frozenset) and c.code in chosen)


def _column(result: Assessment, name: str) -> Sequence[Decimal | None]:
    found = result.values[name]
    return found if isinstance(found, tuple) else ()


def _sum(result: Assessment, name: str) -> Decimal:
    found = result.values[name]
    return found if isinstance(found, Decimal) else Decimal(0)


def _of_schedule(instrument: Instrument, record: Record, result: Assessment) -> Schedule:
    answers, code = record.answers, str(record.answers.get("base", "")).upper()
    lines = []
    for row, sum_ in zip(_rows(record, "lines"), _column(result, "mid"), strict=True):
        if sum_ is not None:
            other = str(row.get("line_cur", "")).upper()
            own = f"{row['amount']:,f} {other} at {row['rate']}" if other != code else ""
            head = _choice(instrument, "head", row.get("head", "")) or "Not named"
            lines.append(Line(head, str(row.get("method", "")), own, sum_))
    apart = []
    for row, most in zip(_rows(record, "harms"), _column(result, "ceiling"), strict=True):
        told = str(row.get("report", ""))
        if most is not None:
            told += f"{'; ' if told else ''}legal ceiling, no claim: {most:,f} {code}"
        apart.append((_choice(instrument, "harm", row.get("harm", "")) or "Not named", told or "by the lawyer"))
    later = result.values["total_later"]
    if isinstance(later, Decimal) and later != result.values["total_mid"]:
        apart.append(("Total at the rates of the day of judgment", f"{later:,f} {code}"))
    said = [*_labels(instrument, record, "assumed")]
    said += [f"{name}: {answers[item]}" for item, name in (("rate_source", "Source of rates"), ("assumed_more", "Also"), ("limit_on", "First time limit")) if item in answers]  # fmt: skip
    as_of = answers.get("as_of")
    return Schedule(
        code, as_of if isinstance(as_of, dt.date) else None, tuple(lines),
        _sum(result, "total_low"), _sum(result, "total_mid"), _sum(result, "total_high"), tuple(apart), tuple(said),
    )  # fmt: skip


def _of_worksheet(instrument: Instrument, record: Record, result: Assessment) -> Schedule:
    answers, code = record.answers, str(record.answers.get("cur", "")).upper()
    due, credit = _sum(result, "due_all"), _sum(result, "credit_all")
    lines = [Line("M01-M03 Unpaid pay", f"due {due:,f}, credited {credit:,f}", "", _sum(result, "pay_mid"))]
    for row, sum_ in zip(_rows(record, "costs"), _column(result, "cost_mid"), strict=True):
        if sum_:
            head = _choice(instrument, "head", row.get("head", "")) or "Not named"
            lines.append(Line(head, _choice(instrument, "proof", row.get("proof", "")), "", sum_))
    if _sum(result, "interest"):
        method = f"simple, {answers.get('interest_rate')} per cent a year, {result.values['interest_days']} days of 365"
        lines.append(Line("I01 Interest", method, "", _sum(result, "interest")))
    apart = [(label, "by the lawyer") for label in _labels(instrument, record, "harms")]
    for name, label in (("barred_all", "Unpaid, out of time"), ("disputed_all", "Said to be paid, not verified")):
        if _sum(result, name):
            apart.append((label, f"{_sum(result, name):,f} {code}"))
    said = [*instrument.always]
    said += [f"{name}: {answers[item]}" for item, name in (("rate_from", "Rates of pay"), ("interest_law", "Rate of interest")) if item in answers]  # fmt: skip
    as_of = answers.get("interest_to")
    return Schedule(
        code, as_of if isinstance(as_of, dt.date) else None, tuple(lines),
        _sum(result, "total_low"), _sum(result, "total_mid"), _sum(result, "total_high"), tuple(apart), tuple(said),
    )  # fmt: skip
