"""Records: the answers of one filled instrument, and nothing that says whose they are.

A record file is JSON::

    {"format": "ct-record/1", "instrument": "guide/name", "version": "1.0",
     "handling": {"purpose": "Referral", "receiver": "Shelter desk", "keep_until": "2027-02-24"},
     "answers": {"age_group": "adult", "hours": "12.5", "signs": ["a", "b"], "periods": [{"pay": "80"}]}}

Numbers and amounts are texts, so that no digit is lost on the way. ``handling`` may be left out. It
came later than the rest; programs that do not know it pass over it, so the format is still
``ct-record/1``. ``book/reference/record-format.md`` describes the file for others.
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
from tools.instruments import seal
from tools.instruments.expressions import DATE_MAX, DATE_MIN, NUMBER_MAX, Value
from tools.instruments.model import Instrument, Item, Migration, Repeat, version_key

FORMAT: Final = "ct-record/1"
SIZE_MAX: Final = 1_000_000
TEXT_MAX: Final = 20_000
#: Signs of a purpose or a receiver.
HANDLING_MAX: Final = 200
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")
_VERSION: Final = re.compile(r"[0-9]{1,6}\.[0-9]{1,6}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LONE: Final = re.compile("[\ud800-\udfff]")

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


@dataclass(frozen=True)
class Handling:
    """Why a record was saved, for whom, and until when it may be kept.

    Parameters
    ----------
    purpose : str
        For example ``"Referral"``.
    receiver : str
        An office or a role, never a person's name.
    keep_until : date or None
        The last day; a text such as ``"2027-02-24"`` is taken, too.

    Raises
    ------
    Problem
        ``REC_008``.

    Examples
    --------
    >>> Handling("Referral", "Shelter desk", "2027-02-24").keep_until
    datetime.date(2027, 2, 24)
    """

    purpose: str = ""
    receiver: str = ""
    keep_until: dt.date | None = None

    def __post_init__(self) -> None:
        for key in ("purpose", "receiver"):
            object.__setattr__(self, key, _handling_text(key, getattr(self, key)))
        object.__setattr__(self, "keep_until", _handling_day(self.keep_until))

    def expired(self, today: dt.date) -> bool:
        """Return whether the last day has passed."""
        return self.keep_until is not None and self.keep_until < today


def _handling_text(key: str, raw: Any) -> str:
    wanted = f"Write a text of at most {HANDLING_MAX} signs"
    if not isinstance(raw, str):
        raise Problem("REC_008", key=key, value=_short(raw), detail="it is not a text", wanted=wanted)
    text = " ".join(raw.split())
    if len(text) > HANDLING_MAX:
        detail = f"it is longer than {HANDLING_MAX} signs"
        raise Problem("REC_008", key=key, value=_short(raw), detail=detail, wanted=wanted)
    return text


def _handling_day(raw: Any) -> dt.date | None:
    if raw is None or raw == "":
        return None
    try:
        day = _day(raw)
        if DATE_MIN <= day <= DATE_MAX:
            return day
    except ValueError:
        pass
    wanted = "Write year-month-day, for example 2027-02-24"
    raise Problem("REC_008", key="keep_until", value=_short(raw), detail="it is not a date", wanted=wanted)


@dataclass(frozen=True)
class Opened:
    """What a record file held.

    Attributes
    ----------
    record : Record
    handling : Handling or None
        ``None`` when the file says nothing of it.
    notes : tuple of Problem
        What was carried over otherwise than it stood, in the order of the file; never raised.
    """

    record: Record
    handling: Handling | None
    notes: tuple[Problem, ...]


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


def _short(raw: Any, limit: int = 60) -> str:
    text = raw if isinstance(raw, str) else str(plain(raw))
    # A file can hold signs that a terminal would obey.
    text = _CONTROL.sub(" ", text)
    return text if len(text) <= limit else text[: limit - 3] + "…"


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


def dumps(
    record: Record, instrument: Instrument, *, handling: Handling | None = None, passphrase: str | None = None
) -> str:
    """Return the text of a record file; answers that do not apply are left out.

    Parameters
    ----------
    record : Record
    instrument : Instrument
    handling : Handling, optional
        Written into the file; its empty parts are left out.
    passphrase : str, optional
        Seals the file (see :mod:`tools.instruments.seal`).

    Raises
    ------
    Problem
        ``REC_002`` when the record belongs to another instrument; ``SEA_005``, ``SEA_007``.
    """
    from tools.instruments.assessment import relevant_answers

    if record.instrument != instrument.id:
        raise Problem("REC_002", found=record.instrument, wanted=instrument.id)
    data: dict[str, Any] = {"format": FORMAT, "instrument": record.instrument, "version": record.version}
    known = {key: plain(getattr(handling, key)) for key in HANDLING_KEYS if getattr(handling, key, None)}
    if known:
        data["handling"] = known
    data["answers"] = {name: plain(value) for name, value in relevant_answers(instrument, record).items()}
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    # Half a surrogate pair cannot be written as UTF-8; JSON has a spelling for it.
    text = _LONE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
    return text if passphrase is None else seal.seal(text, passphrase)


HANDLING_KEYS: Final = ("purpose", "receiver", "keep_until")
_KEYS: Final = ("format", "instrument", "version", "handling", "answers")


def header(text: str, passphrase: str | None = None) -> Mapping[str, Any]:
    """Return the parsed file after checking that it is a record at all.

    Raises
    ------
    Problem
        ``REC_001`` or ``REC_006``; for a sealed file ``SEA_…``.
    """
    if seal.is_sealed(text):
        text = seal.unseal(text, passphrase or "")
    text = text.removeprefix("\ufeff")  # Windows editors put it there
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


def handling_of(text: str, passphrase: str | None = None) -> Handling | None:
    """Return what a record file says of its purpose, its receiver and its last day; ``None`` for nothing.

    Raises
    ------
    Problem
        As :func:`header`.
    """
    return _handling(header(text, passphrase))[0]


def _handling(data: Mapping[str, Any]) -> tuple[Handling | None, list[Problem]]:
    notes = [Problem("REC_009", key=_short(key)) for key in data if key not in _KEYS]
    raw = data.get("handling")
    if raw is None:
        return None, notes
    if not isinstance(raw, dict):
        return None, [*notes, Problem("REC_009", key="handling")]
    notes += [Problem("REC_009", key=f"handling.{_short(key)}") for key in raw if key not in HANDLING_KEYS]
    known: dict[str, Any] = {}
    for key in HANDLING_KEYS:
        try:
            known[key] = getattr(Handling(**{key: raw[key]}), key) if key in raw else None
        except Problem as problem:
            notes.append(problem)
    handling = Handling(known.get("purpose") or "", known.get("receiver") or "", known.get("keep_until"))
    return (None if handling == Handling() else handling), notes


def loads(text: str, instrument: Instrument, passphrase: str | None = None) -> tuple[Record, tuple[str, ...]]:
    """Read a record file; :func:`read` in short.

    Returns
    -------
    record : Record
    notes : tuple of str
        One or two sentences for everything that is not as it stood in the file. Empty when all is.

    Raises
    ------
    Problem
        As :func:`read`.
    """
    opened = read(text, instrument, passphrase)
    return opened.record, tuple(f"{note.what} {note.todo}" for note in opened.notes)


def read(text: str, instrument: Instrument, passphrase: str | None = None, *, today: dt.date | None = None) -> Opened:
    """Read a record file, with a report of what changed on the way.

    A record of another minor version is opened, and so is one of an older major version from which
    the instrument declares a way (see :class:`~tools.instruments.model.Migration`). Every answer that
    was renamed, given another code or left out is told; so is a last day that has passed.

    Parameters
    ----------
    text : str
    instrument : Instrument
    passphrase : str, optional
        For a sealed file.
    today : date, optional
        The day to compare the last day with; the present one, if left out.

    Raises
    ------
    Problem
        ``REC_001`` to ``REC_003``, ``REC_006``, ``SEA_…``; for a record of the same version also
        ``REC_004``, ``REC_005``, ``REC_007``: its own version never writes such a thing.
    """
    data = header(text, passphrase)
    if data["instrument"] != instrument.id:
        raise Problem("REC_002", found=_short(data["instrument"]), wanted=instrument.id)
    handling, notes = _handling(data)
    if handling and handling.expired(today or dt.datetime.now().astimezone().date()):
        notes.append(Problem("REC_010", date=handling.keep_until))
    if data["version"] == instrument.version:
        return Opened(of(instrument, data["answers"]), handling, tuple(notes))
    steps = _steps(data["version"], instrument)
    reading = _Migrating(instrument, steps)
    kept = reading.answers(data["answers"])
    told = Problem("REC_011", found=data["version"], wanted=instrument.version, count=reading.unchanged)
    return Opened(of(instrument, kept), handling, (*notes, told, *reading.notes))


def _steps(version: str, instrument: Instrument) -> tuple[Migration, ...]:
    """Return the steps that a record of a version takes; refuse one from which no way leads here."""
    if _VERSION.fullmatch(version):
        here = version_key(version)
        steps = tuple(step for step in instrument.migrations if version_key(step.since) >= here)
        majors = {version_key(step.since)[0] for step in steps}
        if here[0] == version_key(instrument.version)[0] or here[0] in majors:
            return steps
    advice = "Open it with the edition it was saved from, or copy the answers by hand."
    raise Problem("REC_003", found=_short(version), wanted=instrument.version, advice=advice)


class _Migrating:
    """Reads the answers of another version, and reports. One instance a file; the page has its twin.

    Attributes
    ----------
    notes : list of Problem
        What was renamed, given another code, left out, or is asked anew.
    unchanged : int
        How many answers stand as they stood.
    """

    def __init__(self, instrument: Instrument, steps: tuple[Migration, ...]) -> None:
        self.instrument, self.steps = instrument, steps
        self.notes: list[Problem] = []
        self.unchanged = 0
        self.renamed: dict[str, str] = {}

    def answers(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answers that this version takes, still as plain values."""
        current = dict(raw)
        for at, step in enumerate(self.steps):
            current = self.take(step, at, current, rows=True)
        self.notes += [Problem("REC_012", item=old, to=new) for old, new in self.renamed.items()]
        kept: dict[str, Any] = {}
        for name, value in current.items():
            before = len(self.notes)
            repeat = self.instrument.repeats.get(name)
            if repeat and _is_rows(value) and len(value) <= repeat.max_rows:
                found: Any = [self.row(repeat, row) for row in value]
            else:
                found = self.one(name, value)
            if not _blank(found):
                kept[name] = found
                self.unchanged += len(self.notes) == before and name in raw and raw[name] == value
        answered = {*kept, *(cell for value in kept.values() if _is_rows(value) for row in value for cell in row)}
        for at, step in enumerate(self.steps):
            for name in step.added:
                final = self.final(name, at + 1)
                if final and final not in answered:
                    self.notes.append(Problem("REC_015", item=final))
        return kept

    def final(self, name: str, start: int) -> str | None:
        """Return what an id is called in this version, from a step on; ``None`` when it is no longer asked."""
        for step in self.steps[start:]:
            if name in step.dropped:
                return None
            name = step.renamed.get(name, name)
        return name

    def take(self, step: Migration, at: int, answers: Mapping[str, Any], *, rows: bool) -> dict[str, Any]:
        """Return the answers of a record, or of one row, after one step."""
        taken: dict[str, Any] = {}
        for name, value in answers.items():
            to = step.renamed.get(name, name)
            # A file that has the old id and the new one was not written by a tool; the new one counts.
            if name in step.dropped or (to != name and to in answers):
                if not _blank(value):
                    self.notes.append(Problem("REC_014", item=_short(name), value=_text(value)))
                continue
            final = self.final(to, at + 1)
            if to != name and final and not _blank(value):
                # An id that is renamed twice is told once, from its first name to its last.
                first = next((old for old, new in self.renamed.items() if new == final), name)
                self.renamed[first] = final
            if rows and _is_rows(value):
                taken[to] = [self.take(step, at, row, rows=False) for row in value]
            else:
                taken[to] = self.recode(step, to, final, value)
        return taken

    def recode(self, step: Migration, name: str, final: str | None, value: Any) -> Any:
        codes = step.answers.get(name, {})
        picked = value if isinstance(value, list) else [value]
        found = []
        for code in picked:
            new = codes.get(code) if isinstance(code, str) else None
            found.append(code if new is None else new)
            if new is not None and final:
                self.notes.append(Problem("REC_013", item=final, old=code, new=new))
        return found if isinstance(value, list) else found[0]

    def one(self, name: str, value: Any) -> Any:
        """Return an answer if this version takes it; report it otherwise."""
        try:
            of(self.instrument, {name: value})
        except Problem as problem:
            self.lose(name, value, problem)
            return None
        return value

    def row(self, repeat: Repeat, cells: Mapping[str, Any]) -> dict[str, Any]:
        items = {item.id: item for item in repeat.items if item.answerable}
        kept = {}
        for name, value in cells.items():
            try:
                if name not in items:
                    raise Problem("REC_005", item=_short(name), instrument=self.instrument.id, near="")
                if parse_value(items[name], value) is not None:
                    kept[name] = value
            except Problem as problem:
                self.lose(name, value, problem)
        return kept

    def lose(self, name: str, value: Any, problem: Problem) -> None:
        if _blank(value):
            return
        detail = problem.fields.get(
            "detail", "there is no such question" if problem.code == "REC_005" else "too many rows"
        )
        self.notes.append(Problem("REC_016", item=_short(name), value=_text(value), detail=detail))


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 0 and all(isinstance(row, dict) for row in value)


def _blank(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _text(value: Any) -> str:
    """Return an answer that is left out, in full within reason: somebody may have to write it down."""
    return _short(
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":")), 2000
    )
