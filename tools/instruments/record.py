"""Records: the answers of one filled instrument, and nothing that says whose they are.

A record file is JSON::

    {"format": "ct-record/1", "instrument": "guide/name", "version": "1.0",
     "answers": {"age_group": "adult", "hours": "12.5", "signs": ["a", "b"], "periods": [{"pay": "80"}]}}

Numbers and amounts are texts, so that no digit is lost on the way.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from tools.errors import Problem, near
from tools.instruments.expressions import DATE_MAX, DATE_MIN, NUMBER_MAX, Value
from tools.instruments.model import Instrument, Item

FORMAT: Final = "ct-record/1"
SIZE_MAX: Final = 1_000_000
TEXT_MAX: Final = 20_000
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")

Row = Mapping[str, Value]
Answers = Mapping[str, Value | tuple[Row, ...]]


@dataclass(frozen=True)
class Record:
    """The answers of one filled instrument.

    Attributes
    ----------
    instrument, version : str
        Which definition they answer.
    answers : mapping
        Item id -> value (``str`` for a choice or a text, ``Decimal``, ``date``, ``frozenset`` for
        several choices); repeat id -> tuple of rows. What was not answered is not in it.
    """

    instrument: str
    version: str
    answers: Answers = field(default_factory=dict)


def of(instrument: Instrument, answers: Mapping[str, Any]) -> Record:
    """Return a record from plain values, as they stand in JSON or are typed in a notebook.

    Parameters
    ----------
    instrument : Instrument
    answers : mapping
        Item id -> text, number, list of codes, date; repeat id -> list of such mappings. ``None``
        and empty texts mean "not answered".

    Raises
    ------
    Problem
        ``REC_004`` for a value that cannot be, ``REC_005`` for an unknown item, ``REC_007`` for too
        many rows.
    """
    found: dict[str, Value | tuple[Row, ...]] = {}
    for name, raw in answers.items():
        if name in instrument.repeats:
            rows = _rows(instrument, name, raw)
            if rows:
                found[name] = rows
            continue
        item = instrument.items.get(name)
        if item is None or not item.answerable:
            known = [*instrument.items, *instrument.repeats]
            raise Problem("REC_005", item=name, instrument=instrument.id, near=near(name, known))
        value = parse_value(item, raw)
        if value is not None:
            found[name] = value
    return Record(instrument.id, instrument.version, found)


def _rows(instrument: Instrument, name: str, raw: Any) -> tuple[Row, ...]:
    repeat = instrument.repeats[name]
    if raw is None:
        return ()
    if not isinstance(raw, list | tuple) or not all(isinstance(row, Mapping) for row in raw):
        raise Problem(
            "REC_004",
            item=name,
            value=_short(raw),
            detail="it is not a list of rows",
            wanted="Give one set of answers a row",
        )
    if len(raw) > repeat.max_rows:
        raise Problem("REC_007", repeat=name, rows=len(raw), limit=repeat.max_rows)
    items = {item.id: item for item in repeat.items}
    rows: list[Row] = []
    for raw_row in raw:
        row: dict[str, Value] = {}
        for key, cell in raw_row.items():
            item = items.get(key)
            if item is None or not item.answerable:
                raise Problem("REC_005", item=key, instrument=instrument.id, near=near(key, items))
            value = parse_value(item, cell)
            if value is not None:
                row[key] = value
        rows.append(row)
    return tuple(rows)


def parse_value(item: Item, raw: Any) -> Value:
    """Return the value of one answer, or ``None`` when it is blank.

    Raises
    ------
    Problem
        ``REC_004``.
    """
    if raw is None or raw == "" or raw == [] or (isinstance(raw, str) and not raw.strip()):
        return None

    def wrong(detail: str, wanted: str) -> Problem:
        return Problem("REC_004", item=item.id, value=_short(raw), detail=detail, wanted=wanted)

    if item.type in {"yes-no-unknown", "choice", "choices"}:
        codes = [choice.code for choice in item.choices]
        wanted = "Use " + ("any of: " if item.type == "choices" else "one of: ") + ", ".join(codes)
        picked = [raw] if isinstance(raw, str) else raw
        if item.type == "choices":
            if not isinstance(picked, list | tuple | set | frozenset) or not all(isinstance(c, str) for c in picked):
                raise wrong("it is not a list of answers", wanted)
        elif not isinstance(raw, str):
            raise wrong("it is not one answer", wanted)
        for code in picked:
            if code not in codes:
                raise wrong("it is not one of the answers", wanted)
        return frozenset(picked) if item.type == "choices" else raw
    if item.type in {"number", "money"}:
        return _number(item, raw, wrong)
    if item.type == "date":
        try:
            day = _day(raw)
        except ValueError:
            raise wrong("it is not a date", "Write year-month-day, for example 2026-11-24") from None
        low = dt.date.fromisoformat(item.minimum) if item.minimum else DATE_MIN
        high = dt.date.fromisoformat(item.maximum) if item.maximum else DATE_MAX
        if not low <= day <= high:
            raise wrong("it is out of range", f"Use a date from {low} to {high}")
        return day
    if not isinstance(raw, str):
        raise wrong("it is not a text", "Write a text")
    if len(raw) > TEXT_MAX:
        raise wrong(f"it is longer than {TEXT_MAX} signs", "Shorten it")
    return raw


def _day(raw: Any) -> dt.date:
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw
    # Python also reads 20261124 and 2026-W48-2; the page does not, so neither counts.
    if not isinstance(raw, str) or not _DATE.fullmatch(raw.strip()):
        raise ValueError
    return dt.date.fromisoformat(raw.strip())


def _number(item: Item, raw: Any, wrong: Any) -> Decimal:
    text = str(raw).strip() if not isinstance(raw, bool) else ""
    if isinstance(raw, Decimal):
        text = format(raw, "f")
    elif isinstance(raw, float):
        text = format(Decimal(repr(raw)), "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
    places = f"at most {item.decimals} decimals" if item.decimals else "no decimals"
    wanted = f"Write digits with a point, {places}"
    if not _NUMBER.fullmatch(text):
        raise wrong("it is not a number", wanted)
    number = Decimal(text)
    if len(text.partition(".")[2].rstrip("0")) > item.decimals:
        raise wrong("it has too many decimals", wanted)
    if abs(number) > NUMBER_MAX:
        raise wrong("it is too large", "Use a number up to 100,000,000,000")
    if (item.minimum and number < Decimal(item.minimum)) or (item.maximum and number > Decimal(item.maximum)):
        bounds = " ".join(
            filter(None, (item.minimum and f"from {item.minimum}", item.maximum and f"to {item.maximum}"))
        )
        raise wrong("it is out of range", f"Use a number {bounds}")
    return number


def _short(raw: Any) -> str:
    text = str(raw)
    return text if len(text) <= 60 else text[:57] + "…"


# --- files -------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Return a value as it stands in JSON.

    >>> plain(Decimal("12.50"))
    '12.50'
    >>> plain(frozenset({"b", "a"}))
    ['a', 'b']
    """
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [{key: plain(cell) for key, cell in row.items()} for row in value]
    return value


def dumps(record: Record, instrument: Instrument) -> str:
    """Return the text of a record file; answers that do not apply are left out.

    Raises
    ------
    Problem
        ``REC_002`` when the record belongs to another instrument.
    """
    from tools.instruments.assessment import relevant_answers

    if record.instrument != instrument.id:
        raise Problem("REC_002", found=record.instrument, wanted=instrument.id)
    kept = relevant_answers(instrument, record)
    data = {
        "format": FORMAT,
        "instrument": record.instrument,
        "version": record.version,
        "answers": {name: plain(value) for name, value in kept.items()},
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def header(text: str) -> Mapping[str, Any]:
    """Return the parsed file after checking that it is a record at all.

    Raises
    ------
    Problem
        ``REC_001`` or ``REC_006``.
    """
    if len(text) > SIZE_MAX:
        raise Problem("REC_006", size=f"{len(text):,} signs", limit=f"{SIZE_MAX:,}")
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem("REC_001", detail="it is not JSON") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Problem("REC_001", detail="it does not begin like one")
    if not all(isinstance(data.get(key), str) for key in ("instrument", "version")) or not isinstance(
        data.get("answers"), dict
    ):
        raise Problem("REC_001", detail="a part is missing")
    return data


def _no_constant(word: str) -> None:
    # Python reads NaN and Infinity, which are not JSON.
    raise ValueError(word)


def loads(text: str, instrument: Instrument) -> tuple[Record, tuple[str, ...]]:
    """Read a record file.

    A record of another minor version is opened, and what could not be carried over is listed; one
    of another major version is refused.

    Returns
    -------
    record : Record
    notes : tuple of str
        One sentence for everything that was not carried over. Empty when all was.

    Raises
    ------
    Problem
        ``REC_001`` to ``REC_003``, ``REC_006``; for a record of the same version also ``REC_004``,
        ``REC_005``, ``REC_007``: its own version never writes such a thing.
    """
    data = header(text)
    if data["instrument"] != instrument.id:
        raise Problem("REC_002", found=_short(data["instrument"]), wanted=instrument.id)
    if data["version"] == instrument.version:
        return of(instrument, data["answers"]), ()
    if data["version"].split(".")[0] != instrument.version.split(".")[0]:
        advice = "Open it with the edition it was saved from, or copy the answers by hand."
        raise Problem("REC_003", found=_short(data["version"]), wanted=instrument.version, advice=advice)
    kept: dict[str, Any] = {}
    notes: list[str] = []
    for name, raw in data["answers"].items():
        try:
            of(instrument, {name: raw})
            kept[name] = raw
        except Problem as problem:
            notes.append(f"{problem.what} ({name}: {_short(raw)})")
    return of(instrument, kept), tuple(notes)
