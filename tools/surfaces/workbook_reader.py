"""A filled workbook, read back into a record.

Nothing in the file is believed. It is looked at before it is parsed (:func:`tools.surfaces.intake.check_zip`), its
answers are read from where the definition says they stand, formulas and stored results are not looked at, and a
sheet whose lines are not those of the form is refused. What cannot be read with certainty is listed, never guessed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tools.errors import Problem
from tools.instruments import library, record
from tools.instruments.model import Instrument, Item
from tools.instruments.record import Record
from tools.instruments.translation import catalogue, translated
from tools.surfaces.intake import check_zip
from tools.surfaces.words import words
from tools.surfaces.workbook_layout import FORMAT, Layout, labels, layout

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_STAMP: Final = re.compile(r"(ct-workbook/[0-9]+) ([a-z0-9-]+/[a-z0-9-]+) ([0-9]+\.[0-9]+) ([A-Za-z_-]{2,12})")
_KEY: Final = re.compile(r"([a-z][a-z0-9_]*)(?:=([a-z][a-z0-9_]*))?@([A-Z]{1,3})")
_ROW: Final = re.compile(r"([a-z][a-z0-9_]*)\[([0-9]{1,3})\]")
_LINES_MAX: Final = 5_000
_COLUMNS_MAX: Final = 500


def read(data: bytes, instrument: Instrument | None = None) -> tuple[Instrument, Record, tuple[str, ...]]:
    """Read a filled workbook.

    Parameters
    ----------
    data : bytes
        The file.
    instrument : Instrument, optional
        Whose workbook it is; found by the name in the file when not given.

    Returns
    -------
    instrument : Instrument
        In the language of the workbook.
    record : Record
    notes : tuple of str
        One sentence for every answer that could not be read with certainty and so was left out.

    Raises
    ------
    Problem
        ``FIL_…`` for a file that must not be opened; ``WBK_002`` for another workbook, ``WBK_003`` for one whose
        form was changed; ``REC_002`` for another instrument, ``REC_003`` for a version that cannot be read.
    """
    check_zip(data)
    form = _form(data)
    mark = _stamp(form)
    if instrument is None:
        instrument = library.load(mark.instrument)
    elif instrument.id != mark.instrument:
        raise Problem("REC_002", found=mark.instrument, wanted=instrument.id)
    instrument = _in_language(instrument, mark.locale)
    found = _Answers(instrument, form)
    if mark.version == instrument.version:
        _check_lines(layout(instrument), found.keys)
        found.take_all()
        return instrument, record.of(instrument, found.plain), tuple(found.notes)
    # Another version: its lines say themselves what they ask, and the answers travel as a saved record would.
    found.take_all()
    saved = {"format": record.FORMAT, "instrument": instrument.id, "version": mark.version, "answers": found.plain}
    kept, notes = record.loads(json.dumps(saved), instrument)
    return instrument, kept, (*found.notes, *notes)


@dataclass(frozen=True)
class _Mark:
    instrument: str
    version: str
    locale: str


@dataclass(frozen=True)
class _Form:
    """The sheet that is filled in.

    Attributes
    ----------
    title : str
    cells : mapping
        Row and column, counted from 1 -> cell; empty ones are not in it.
    """

    title: str
    cells: Mapping[tuple[int, int], Cell]


def _form(data: bytes) -> _Form:
    """Return the sheet that is filled in; the other sheets are not read, and no formula is followed."""
    import defusedxml  # noqa: F401 - openpyxl uses it where it is installed
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("openpyxl reads XML without defusedxml; install the packages of requirements.txt")
    try:
        with warnings.catch_warnings():
            # Extensions that openpyxl does not know are not read; that is all it warns of.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            stated = {name: book.custom_doc_props[name].value for name in book.custom_doc_props.names}
            found = [sheet for sheet in book.worksheets if _first(sheet).startswith("ct-workbook/")]
            form = _Form(found[0].title, _cells(found[0])) if len(found) == 1 else None
    except Problem:
        raise
    except Exception as fault:  # whatever a broken part makes openpyxl stumble over
        raise Problem("FIL_007", name="workbook") from fault
    if form is None:
        raise Problem("WBK_002", detail="the name of the form is missing in it")
    mark = _stamp(form)
    if (stated.get("ct-format"), stated.get("ct-instrument"), stated.get("ct-version")) != (
        FORMAT, mark.instrument, mark.version,
    ):  # fmt: skip
        raise Problem("WBK_003", detail="its name and version are stated in two ways that differ")
    return form


def _first(sheet: ReadOnlyWorksheet) -> str:
    return str(next((row[0] for row in sheet.iter_rows(max_row=1, max_col=1, values_only=True)), "") or "")


def _cells(sheet: ReadOnlyWorksheet) -> dict[tuple[int, int], Cell]:
    found: dict[tuple[int, int], Cell] = {}
    for row in sheet.iter_rows(max_col=_COLUMNS_MAX):
        for cell in row:
            if cell.value is not None:
                found[cell.row, cell.column] = cell
                if cell.row > _LINES_MAX:
                    raise Problem("WBK_003", detail="it has lines that no form has")
    return found


def _stamp(form: _Form) -> _Mark:
    match = _STAMP.fullmatch(str(form.cells[1, 1].value))
    if not match:
        raise Problem("WBK_002", detail="the name of the form cannot be read")
    if match[1] != FORMAT:
        raise Problem("WBK_002", detail=f"it is of the kind {match[1]}, this edition reads {FORMAT}")
    return _Mark(match[2], match[3], "" if match[4] == "en" else match[4])


def _in_language(instrument: Instrument, locale: str) -> Instrument:
    """Return the instrument with the words of the language that the workbook is written in."""
    if instrument.locale == locale:
        return instrument
    plain = library.load(instrument.id) if instrument.locale else instrument
    found: Mapping[str, str] = catalogue(locale) if locale else {}
    return dataclasses.replace(translated(plain, lambda text: found.get(text, text)), locale=locale)


def _check_lines(wanted: Layout, found: Mapping[int, str]) -> None:
    """Refuse a sheet whose hidden keys are not those of the form, line by line."""
    keys = {line.at: line.key for line in wanted.lines if line.key}
    for at in sorted(keys.keys() | found.keys()):
        if keys.get(at) != found.get(at):
            raise Problem("WBK_003", detail=f"line {at + 1} of its sheet is not the line it was made with")


def _place(letters: str) -> int:
    """Return the number of a column, counted from 1.

    >>> _place("A"), _place("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class _Doubt(Exception):  # noqa: N818 - what it is
    """An answer that cannot be read with certainty."""


class _Answers:
    """The answers on a sheet, as plain values; what cannot be read is noted."""

    def __init__(self, instrument: Instrument, form: _Form) -> None:
        self.instrument, self.form = instrument, form
        self.keys = {at - 1: str(cell.value) for (at, place), cell in form.cells.items() if place == 1}
        self.renamed = {old: new for step in instrument.migrations for old, new in step.renamed.items()}
        self.plain: dict[str, Any] = {}
        self.notes: list[str] = []

    def take_all(self) -> None:
        """Read every line that has a key."""
        for at, key in self.keys.items():
            if at:
                self.line(at, key)
        for value in self.plain.values():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                while value and not value[-1]:
                    value.pop()
        self.plain = {name: value for name, value in self.plain.items() if value}

    def line(self, at: int, key: str) -> None:
        parts = key.split(" ")
        row = _ROW.fullmatch(parts[0])
        matches = [_KEY.fullmatch(part) for part in (parts[1:] if row else parts)]
        if not matches or not all(matches):
            raise Problem("WBK_003", detail=f"line {at + 1} of its sheet is not the line it was made with")
        answers = self.plain
        if row:
            rows = self.plain.setdefault(row[1], [])
            rows.extend({} for _ in range(int(row[2]) - len(rows)))
            answers = rows[int(row[2]) - 1]
        for match in matches:
            if match:
                cell = self.form.cells.get((at + 1, _place(match[3])))
                if cell is not None:
                    self.cell(answers, match[1], match[2] or "", cell)

    def cell(self, answers: dict[str, Any], name: str, code: str, cell: Cell) -> None:
        if isinstance(cell.value, str) and not cell.value.strip():
            return
        item = self.item(name)
        try:
            if code:
                if self.text(cell).casefold() != words(self.instrument.locale)["yes"].casefold():
                    raise _Doubt("it is not one of the answers")
                answers.setdefault(name, []).append(code)
            else:
                answers[name] = self.value(item, cell) if item else self.text(cell)
        except _Doubt as doubt:
            where = f"{self.form.title}, {cell.coordinate}"
            shown = str(cell.value) if len(str(cell.value)) < 60 else f"{str(cell.value)[:57]}…"
            problem = Problem(
                "WBK_004", item=f"{name}={code}" if code else name, value=shown, detail=doubt, place=where
            )
            self.notes.append(f"{problem.what} {problem.todo}")

    def item(self, name: str) -> Item | None:
        """Return the item that an id stands for in this version."""
        for _ in range(len(self.renamed) + 1):
            found = self.instrument.everything.get(name)
            if isinstance(found, Item):
                return found
            name = self.renamed.get(name, name)
        return None

    def text(self, cell: Cell) -> str:
        """Return a text without needless spaces."""
        if cell.data_type != "s":
            raise _Doubt(_KINDS.get(cell.data_type, "it is not a text"))
        return " ".join(str(cell.value).split())

    def value(self, item: Item, cell: Cell) -> str:
        """Return an answer as it stands in a record file."""
        if item.type in {"number", "money"}:
            found: Any = self.number(cell)
        elif item.type == "date":
            found = self.date(cell)
        elif item.choices:
            folded = [label.casefold() for label in labels(item.choices)]
            picked = self.text(cell).casefold()
            if picked not in folded:
                raise _Doubt("it is not one of the answers")
            found = item.choices[folded.index(picked)].code
        else:
            self.text(cell)
            found = str(cell.value)
        try:
            record.parse_value(item, found)
        except Problem as problem:
            raise _Doubt(problem.fields["detail"]) from None
        return str(found)

    def number(self, cell: Cell) -> str:
        if cell.data_type != "n" or isinstance(cell.value, bool):
            raise _Doubt(_KINDS.get(cell.data_type, "it is not a number"))
        # The shortest digits that stand for the same number: what was typed, and not the dust of its double.
        text = format(Decimal(repr(cell.value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text

    def date(self, cell: Cell) -> str:
        if cell.data_type != "d":
            raise _Doubt("it is a number" if cell.data_type == "n" else _KINDS.get(cell.data_type, "it is not a date"))
        if not isinstance(cell.value, dt.datetime) or cell.value.time() != dt.time():
            raise _Doubt("it has a time, or is one")
        return cell.value.date().isoformat()


_KINDS: Final = {
    "f": "it is a formula", "e": "it is an error of the spreadsheet", "b": "it is true or false",
    "n": "it is a number", "d": "it is a date", "s": "it is a text",
}  # fmt: skip
