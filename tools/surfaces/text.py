"""Plain text: the summary someone pastes into a case file. Facts, and what was not asked.

The page's script writes the same text; a test compares the two.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tools.instruments.assessment import Assessment, Sheet, assess, display
from tools.instruments.model import Computed, Instrument, Item, Repeat
from tools.instruments.record import Record
from tools.surfaces.words import words


def date_words(day: dt.date, locale: str = "") -> str:
    """Return a date as people write it: ``24 November 2026``."""
    from babel.dates import format_date

    return str(format_date(day, "d MMMM y", locale=locale or "en"))


def currency_of(member: Item | Computed, values: Any) -> str:
    """Return the currency of an amount: a fixed code, or the answer of the item that holds it."""
    code = member.currency
    if not code or code.isupper():
        return code
    found = values(code)
    return "" if found is None else str(found).upper()


def value_words(member: Item | Computed, value: Any, values: Any) -> str:
    """Return a value in words, an amount with its currency, a number with its unit."""
    text = display(member, value)
    if not text or not isinstance(value, Decimal):
        return text
    suffix = currency_of(member, values) or (member.unit if isinstance(member, Item) else "")
    return f"{text} {suffix}" if suffix else text


def meta_line(instrument: Instrument) -> str:
    """Return version, review date, status and time needed as one line."""
    said = words(instrument.locale)
    parts = [
        said["version"].format(version=instrument.version),
        said["reviewed"].format(date=date_words(instrument.reviewed, instrument.locale)),
        said[f"status_{instrument.status}"],
    ]
    if instrument.minutes:
        parts.append(said["minutes"].format(minutes=instrument.minutes))
    return " · ".join(parts)


def summary(instrument: Instrument, record: Record) -> str:
    """Return the summary of a record as plain text.

    Raises
    ------
    Problem
        ``REC_002`` when the record belongs to another instrument.
    """
    said = words(instrument.locale)
    assessment = assess(instrument, record)
    sheet = Sheet(instrument, record)
    lines = [instrument.title, meta_line(instrument), instrument.id]
    if instrument.status_note:
        lines.append(instrument.status_note)
    lines += ["", said["answers"].upper(), *_answer_lines(instrument, sheet)]
    if assessment.missing:
        lines += ["", said["missing"].upper()]
        lines += [f"- {instrument.items[name].label}" for name in assessment.missing]
    lines += _value_lines(instrument, assessment, sheet)
    lines += _result_lines(instrument, assessment, sheet)
    lines += ["", said["limits"].upper(), *(f"- {limit}" for limit in instrument.limits)]
    lines += ["", said["not_finding"]]
    return "\n".join(lines) + "\n"


def _answer_lines(instrument: Instrument, sheet: Sheet) -> list[str]:
    said = words(instrument.locale)
    lines: list[str] = []
    for section in instrument.sections:
        part: list[str] = []
        for member in section.members:
            if isinstance(member, Repeat):
                for row in range(sheet.row_count(member.id)):
                    inner: list[Item | Computed] = [*member.items, *member.computed]
                    cells = [_line(cell, sheet, row) for cell in inner]
                    part.append(f"- {said['row'].format(row=member.row, number=row + 1)}")
                    part += [f"  {cell}" for cell in cells if cell]
            elif member.answerable:
                line = _line(member, sheet, -1)
                if line:
                    part.append(line)
        if part:
            lines += [section.title, *part]
    return lines or [said["none"]]


def _line(member: Item | Computed, sheet: Sheet, row: int) -> str:
    value = sheet.get(member.id, row) if not isinstance(member, Item) or member.answerable else None
    shown_words = value_words(member, value, lambda name: sheet.get(name, row))
    return f"- {asked(member.label)} {shown_words}" if shown_words else ""


def asked(label: str) -> str:
    """Return a label with the sign that stands before an answer: its own question mark, or a colon.

    >>> asked("How old is the person?")
    'How old is the person?'
    >>> asked("Act")
    'Act:'
    """
    return label if label.endswith(("?", ":")) else label.rstrip(".") + ":"


def _value_lines(instrument: Instrument, assessment: Assessment, sheet: Sheet) -> list[str]:
    said = words(instrument.locale)
    shown = [computed for computed in instrument.computed if computed.show]
    if not shown:
        return []
    lines = ["", said["values"].upper()]
    for computed in shown:
        fault = assessment.faults.get(computed.id)
        shown_words = value_words(computed, assessment.values[computed.id], lambda name: sheet.get(name, -1))
        if fault:
            shown_words = said["fault"].format(reason=said[f"fault_{fault}"])
        lines.append(f"- {asked(computed.label)} {shown_words or '–'}")
    return lines


def _result_lines(instrument: Instrument, assessment: Assessment, sheet: Sheet) -> list[str]:
    said = words(instrument.locale)
    if assessment.outcome is None:
        return []
    lines = ["", said["result"].upper(), assessment.outcome.title, assessment.outcome.text]
    if assessment.reasons:
        lines.append(said["because"] + ":")
        for name in assessment.reasons:
            member: Item | Repeat | Computed = instrument.repeats.get(name) or instrument.everything[name]
            if isinstance(member, Repeat) or name in instrument.repeat_of:
                lines.append(f"- {member.title if isinstance(member, Repeat) else member.label}")
            else:
                lines.append(_line(member, sheet, -1))
    if assessment.notices:
        lines.append(said["notes"] + ":")
        lines += [f"- {notice.text}" for notice in assessment.notices]
    return lines


def blank(instrument: Instrument) -> str:
    """Return the instrument itself as plain text: for search, and to fill in on paper."""
    said = words(instrument.locale)
    lines = [instrument.title, instrument.purpose, meta_line(instrument)]
    if instrument.status_note:
        lines.append(instrument.status_note)
    lines += ["", said["limits"], *(f"- {limit}" for limit in instrument.limits)]
    for section in instrument.sections:
        lines += ["", section.title, *([section.intro] if section.intro else [])]
        for member in section.members:
            if isinstance(member, Repeat):
                lines += [member.title, *(f"- {item.label}" for item in member.items)]
                continue
            answers = " / ".join(choice.label for choice in member.choices)
            lines.append(f"- {member.label}" + (f" [{answers}]" if answers else ""))
            lines += [f"  {extra}" for extra in (member.hint, member.about, member.contested) if extra]
    for outcome in instrument.outcomes:
        lines += ["", outcome.title, outcome.text, *(f"- {step}" for step in outcome.next)]
    lines += ["", *(notice.text for notice in instrument.notices), *instrument.always, instrument.paper]
    return "\n".join(line for line in lines) + "\n"
