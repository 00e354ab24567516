"""A country pack: sheets to checked entries. A row with an error is named and kept out; the rest stands."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Final

from tools.countries.columns import COUNTRY, LISTS, SHEETS, code
from tools.errors import Problem, near
from tools.services import cells
from tools.services.columns import Column
from tools.services.finding import Finding, Severity, errors
from tools.services.model import Language

Row = tuple[int, Mapping[str, str]]

FRESH_DAYS: Final = 180
"""How many days after its last call a hotline counts as fresh, unless the pack says otherwise. Our choice."""

_AMOUNT: Final = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,4})?")
_IN_A_TABLE: Final = re.compile(r"([a-z][a-z0-9_]*)\.([1-9][0-9]?)\.([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Country:
    """Whose pack it is, and how old."""

    name: str
    code: str
    currency: str
    publisher: str
    prepared: datetime.date
    due: datetime.date
    languages: tuple[Language, ...] = ()
    fresh_days: int = FRESH_DAYS
    fictional: bool = False
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """One row: the sheet's cells by the key of their column.

    Attributes
    ----------
    row : int
        As the spreadsheet counts.
    cells : mapping
        Codes, texts, dates, whole numbers and ``Decimal`` amounts; a column that was left empty is not there.
    """

    row: int
    cells: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.cells[key]

    def get(self, key: str, otherwise: Any = "") -> Any:
        """Return a cell, or something else where it is empty."""
        return self.cells.get(key, otherwise)


@dataclass(frozen=True)
class Pack:
    """What is known of a country.

    Attributes
    ----------
    country : Country
    entries : mapping of str to tuple of Entry
        The good rows of each sheet except the first.
    findings : tuple of Finding
        What the check said, in the order of the sheets.
    """

    country: Country
    entries: Mapping[str, tuple[Entry, ...]]
    findings: tuple[Finding, ...] = ()

    def of(self, sheet: str, key: str = "", codes: Sequence[str] = ()) -> tuple[Entry, ...]:
        """Return the rows of a sheet, or those whose column ``key`` holds one of some codes."""
        return tuple(one for one in self.entries[sheet] if not codes or one.get(key) in codes)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps a row, or the whole pack, from being used."""
        return errors(self.findings)

    def is_old(self, hotline: Entry, as_of: datetime.date) -> bool:
        """Tell whether a hotline was called too long ago to be given out without a new call."""
        return as_of > self.good_until(hotline)

    def good_until(self, hotline: Entry) -> datetime.date:
        """Return the last day on which a hotline counts as fresh."""
        checked: datetime.date = hotline["checked"]
        return checked + datetime.timedelta(days=self.country.fresh_days)

    def wages_on(self, day: datetime.date) -> tuple[Entry, ...]:
        """Return the minimum wages that hold on a day."""
        return tuple(one for one in self.entries["Wages"] if one["since"] <= day <= one.get("until", day))


@dataclass(frozen=True)
class Sheets:
    """The cells of a workbook as text: rows of each sheet with their numbers, by the keys of the columns."""

    rows: Mapping[str, Sequence[Row]]
    findings: tuple[Finding, ...] = ()


@dataclass
class _Checker:
    as_of: datetime.date
    findings: list[Finding] = field(default_factory=list)

    def say(self, severity: Severity, sheet: str, row: int, column: str, problem: Problem) -> None:
        self.findings.append(Finding(severity, sheet, row, column, problem))

    def row(self, sheet: str, number: int, row: Mapping[str, str]) -> dict[str, Any] | None:
        """Return what the cells of a row mean, or nothing when one of them is wrong."""
        before = len(self.findings)
        found: dict[str, Any] = {}
        for column in SHEETS[sheet]:
            text = row.get(column.key, "").strip()
            if not text:
                if column.required:
                    problem = Problem("CTY_001", label=column.label, help=column.help)
                    self.say("error", sheet, number, column.label, problem)
                continue
            try:
                found[column.key] = self.cell(sheet, number, column, text)
            except Problem as problem:
                self.say("error", sheet, number, column.label, problem)
        return None if errors(self.findings[before:]) else found

    def cell(self, sheet: str, number: int, column: Column, text: str) -> Any:
        """Return what one cell means.

        Raises
        ------
        Problem
            What the kind of column raises: ``CTY_…`` or, for kinds that the directory has too, ``DIR_…``.
        """
        if len(text) > cells.TEXT_MAX:
            raise Problem("DIR_030", label=column.label, limit=cells.TEXT_MAX)
        if column.kind == "languages":
            found, said = cells.languages(text)
            for problem in said:
                self.say("warning", sheet, number, column.label, problem)
            return found
        value = _PARSERS[column.kind](column, text)
        if column.key in ("checked", "prepared") and value > self.as_of:
            raise Problem("CTY_006", date=value.isoformat(), as_of=self.as_of.isoformat())
        return value


def _text(_column: Column, text: str) -> str:
    return text


def _code(column: Column, text: str) -> str:
    found = code(column.codes, text)
    if found is None:
        known = list(LISTS[column.codes].values())
        raise Problem("CTY_002", value=cells.short(text), label=column.label, near=near(text, known), known=", ".join(known))  # fmt: skip
    return found


def _whole(column: Column, text: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", text):
        raise Problem("CTY_003", value=cells.short(text), label=column.label)
    return int(text)


def _amount(column: Column, text: str) -> Decimal:
    if not _AMOUNT.fullmatch(text):
        raise Problem("CTY_004", value=cells.short(text), label=column.label)
    return Decimal(text)


@cache
def _currencies() -> frozenset[str]:
    from babel import Locale

    return frozenset(Locale("en").currencies)


def _currency(column: Column, text: str) -> str:
    if text.upper() not in _currencies():
        raise Problem("CTY_005", value=cells.short(text), label=column.label)
    return text.upper()


_PARSERS: Final[dict[str, Any]] = {
    "text": _text, "code": _code, "whole": _whole, "amount": _amount, "currency": _currency, "date": cells.date,
    "age": cells.age, "phone": cells.phone, "url": cells.url, "country": cells.country,
}  # fmt: skip


def read(sheets: Sheets, as_of: datetime.date) -> Pack:
    """Return the pack that sheets hold, without the rows that have errors.

    Parameters
    ----------
    sheets : Sheets
    as_of : date
        The day that counts as today.

    Raises
    ------
    Problem
        ``CTY_011`` when the sheet Country has errors: nothing can be said of a country that is not named.
    """
    checker = _Checker(as_of, list(sheets.findings))
    country = _country(checker, sheets)
    kept: dict[str, tuple[Entry, ...]] = {}
    for sheet in list(SHEETS)[1:]:
        kept[sheet] = tuple(_entries(checker, sheet, sheets.rows.get(sheet, ())))
    pack = Pack(country, kept)
    for more in (_hotlines, _wages, _ages):
        pack = more(checker, pack)
    pack = _presets(checker, pack)
    if country.due < as_of:
        checker.say("warning", "Country", 0, "Next review", Problem("CTY_007", due=country.due.isoformat()))
    order = list(SHEETS)
    found = sorted(checker.findings, key=lambda one: (order.index(one.sheet), one.row))
    return Pack(pack.country, pack.entries, tuple(found))


def _country(checker: _Checker, sheets: Sheets) -> Country:
    rows = list(sheets.rows.get("Country", ()))[:1]
    found = checker.row("Country", 0, rows[0][1] if rows else {})
    if found is None:
        wrong = [one for one in checker.findings if one.sheet == "Country" and one.severity == "error"]
        raise Problem("CTY_011", detail="; ".join(f"{one.column}: {one.problem.what}" for one in wrong[:3]))
    given = {column.key: found[column.key] for column in COUNTRY if column.key in found and column.key != "fictional"}
    return Country(**given, fictional=found.get("fictional") == "yes")


def _entries(checker: _Checker, sheet: str, rows: Sequence[Row]) -> Iterator[Entry]:
    spoilt = {one.row for one in checker.findings if one.sheet == sheet and one.severity == "error" and one.row > 1}
    for number, row in rows:
        found = checker.row(sheet, number, row)
        if found is not None and number not in spoilt:
            yield Entry(number, found)


def _without(pack: Pack, sheet: str, rows: set[int]) -> Pack:
    kept = tuple(one for one in pack.entries[sheet] if one.row not in rows)
    return Pack(pack.country, {**pack.entries, sheet: kept}, pack.findings)


def _hotlines(checker: _Checker, pack: Pack) -> Pack:
    seen: dict[tuple[str, str], int] = {}
    twice: set[int] = set()
    for one in pack.entries["Hotlines"]:
        key = (re.sub(r"\D", "", one["number"]), one["callers"])
        if key in seen:
            checker.say("error", "Hotlines", one.row, "Number", Problem("CTY_008", row=seen[key]))
            twice.add(one.row)
        seen.setdefault(key, one.row)
        if pack.is_old(one, checker.as_of):
            days = (checker.as_of - one["checked"]).days
            checker.say("warning", "Hotlines", one.row, "Called on", Problem("CTY_010", days=days, limit=pack.country.fresh_days))  # fmt: skip
    if not pack.entries["Hotlines"]:
        checker.say("warning", "Hotlines", 0, "", Problem("CTY_012"))
    return _without(pack, "Hotlines", twice)


def _wages(checker: _Checker, pack: Pack) -> Pack:
    wrong: set[int] = set()
    rows = pack.entries["Wages"]
    for number, one in enumerate(rows):
        if "until" in one.cells and one["until"] < one["since"]:
            checker.say("error", "Wages", one.row, "Until", Problem("CTY_009", since=one["since"].isoformat()))
            wrong.add(one.row)
            continue
        for other in rows[:number]:
            same = all(one[key] == other[key] for key in ("area", "workers", "span"))
            last = datetime.date.max
            if same and one["since"] <= other.get("until", last) and other["since"] <= one.get("until", last):
                checker.say("warning", "Wages", one.row, "From", Problem("CTY_013", row=other.row))
    return _without(pack, "Wages", wrong)


def _ages(checker: _Checker, pack: Pack) -> Pack:
    for one in pack.entries["Ages"]:
        if one["subject"] == "child" and one["years"] != 18:
            checker.say("warning", "Ages", one.row, "Years", Problem("CTY_014", years=one["years"]))
    return pack


def _presets(checker: _Checker, pack: Pack) -> Pack:
    """Check each preset by itself, so that the message names its row."""
    wrong: set[int] = set()
    for one in pack.entries["Presets"]:
        try:
            records((one,))
        except Problem as problem:
            column = (
                "Instrument" if problem.code.startswith("INS") else "Item" if problem.code == "REC_005" else "Answer"
            )
            checker.say("error", "Presets", one.row, column, problem)
            wrong.add(one.row)
    return _without(pack, "Presets", wrong)


def records(presets: Sequence[Entry]) -> Mapping[str, Any]:
    """Return the presets as records that people open, by the id of their instrument.

    Parameters
    ----------
    presets : sequence of Entry
        Rows of the sheet Presets. An item ``table.2.item`` belongs to row 2 of a table.

    Returns
    -------
    mapping of str to Record

    Raises
    ------
    Problem
        ``INS_001`` for an instrument that is not there, ``REC_004``, ``REC_005``, ``REC_007`` for an answer that it
        does not take.
    """
    from tools.instruments import library, record

    answers: dict[str, dict[str, Any]] = {}
    for one in presets:
        instrument = library.load(one["instrument"])
        given = answers.setdefault(instrument.id, {})
        inside = _IN_A_TABLE.fullmatch(one["item"])
        item = instrument.items.get(one["item"])
        typed = one["answer"]
        value = cells.split(typed) if item is not None and item.type == "choices" else typed
        if inside is None:
            given[one["item"]] = value
            continue
        rows = given.setdefault(inside[1], [])
        rows += [{} for _ in range(int(inside[2]) - len(rows))]
        rows[int(inside[2]) - 1][inside[3]] = value
    return {name: record.of(library.load(name), given) for name, given in answers.items()}
