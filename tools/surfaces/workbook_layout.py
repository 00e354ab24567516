"""Where everything stands on the sheet of a workbook: a pure function of the instrument.

The writer, the formulas and the reader all take it from here, so a filled workbook is read by what the
definition says and never by what the file says about itself.

The sheet is a stack of lines. Each line has a key (in a hidden first column) that names what is asked there and
in which column the answer stands, for example ``agreed@C`` or ``periods[2] due@C got@E``. The columns of the grid
are the cuts that questions and tables need; where a table needs more cuts than a question, cells are merged.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from tools.instruments.model import Choice, Computed, Instrument, Item, Repeat

FORMAT: Final = "ct-workbook/1"
LISTS: Final = "Lists"
WORKINGS: Final = "Workings"
#: Reasons that the result names; all of them are marked beside their question.
REASONS_SHOWN: Final = 10

# Widths in characters of the standard font; together about one page of A4.
_QUESTION: Final = (46, 22, 3, 27)
_WIDTHS: Final = {"number": 11, "money": 13, "date": 12, "text": 20, "note": 20}
_ROW, _ECHO, _CHOICE, _CODE, _COMPUTED, _MARK = 8, 20, 13, 9, 12, 3
#: How much wider than needed a table of few columns becomes.
_STRETCH: Final = 1.5
#: How much more than its columns need a table may have before it is parted.
_SQUEEZE: Final = 1.15
_FONT_LINE: Final = 15.0


@dataclass(frozen=True)
class Cell:
    """One place on a line.

    Attributes
    ----------
    role : str
        ``question``, ``answer``, ``mark``, ``note``, ``wide``, ``row``, ``computed``, ``head``, ``label`` or ``value``.
    first, last : int
        Its first and last column on the sheet, counted from 0; merged when they differ.
    member : Item, Computed or None
    code : str
        For an item that takes several answers: which of them this cell is for.
    """

    role: str
    first: int
    last: int
    member: Item | Computed | None = None
    code: str = ""


@dataclass(frozen=True)
class Line:
    """One row of the sheet.

    Attributes
    ----------
    kind : str
        What stands in it; the writer has a method for each.
    at : int
        The row on the sheet, counted from 0.
    cells : tuple of Cell
    part : object
        What of the instrument it shows.
    row : int
        For a row of a table, which; otherwise -1.
    key : str
        What stands in the hidden first column.
    """

    kind: str
    at: int
    cells: tuple[Cell, ...]
    part: Any = None
    row: int = -1
    key: str = ""

    @property
    def answers(self) -> tuple[Cell, ...]:
        """The cells that take an answer."""
        return tuple(cell for cell in self.cells if cell.role == "answer")

    def cell(self, role: str) -> Cell:
        """Return the first cell of a role."""
        return next(cell for cell in self.cells if cell.role == role)


@dataclass(frozen=True)
class Layout:
    """The whole sheet.

    Attributes
    ----------
    widths : tuple of float
        The widths of the columns, in characters; the first is the hidden column of keys.
    lines : tuple of Line
    states : int
        The first of the hidden columns after the grid, which hold the state of each answer of their line.
    """

    instrument: Instrument
    widths: tuple[float, ...]
    lines: tuple[Line, ...]
    states: int

    def of_kind(self, kind: str) -> tuple[Line, ...]:
        """Return all lines of a kind."""
        return tuple(line for line in self.lines if line.kind == kind)

    def width(self, cell: Cell) -> float:
        """Return how wide a cell is, in characters."""
        return sum(self.widths[cell.first : cell.last + 1])


def column(number: int) -> str:
    """Return the letters of a column, counted from 0.

    >>> column(0), column(27)
    ('A', 'AB')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def labels(choices: Sequence[Choice]) -> tuple[str, ...]:
    """Return the words to choose from, each different from the others whatever the case of its letters.

    >>> labels((Choice("a", "Other"), Choice("b", "other")))
    ('Other (a)', 'other (b)')
    """
    folded = {choice.label.casefold() for choice in choices}
    if len(folded) == len(choices):
        return tuple(choice.label for choice in choices)
    return tuple(f"{choice.label} ({choice.code})" for choice in choices)


def stamp(instrument: Instrument) -> str:
    """Return what the first cell says: the format, and which form in which version and language this is."""
    return f"{FORMAT} {instrument.id} {instrument.version} {instrument.locale or 'en'}"


@lru_cache(maxsize=8192)
def lines_needed(text: str, width: float) -> int:
    r"""Return how many lines a text takes when it is wrapped in a column of a width in characters.

    >>> lines_needed("one two three", 8), lines_needed("one\ntwo", 20), lines_needed("", 20)
    (2, 2, 1)
    """
    count = 0
    for paragraph in text.split("\n"):
        count += 1
        room = width
        for word in paragraph.split(" "):
            size = _length(word) + 1
            if size - 1 > room and room < width:
                count += 1
                room = width
            while size - 1 > room:  # a word longer than the line is broken
                count += 1
                size -= int(room)
            room -= size
    return count


def _length(word: str) -> int:
    sizes = {"W": 2, "F": 2}
    return sum(0 if unicodedata.combining(c) else sizes.get(unicodedata.east_asian_width(c), 1) for c in word)


def height(lines: int, size: float = 11) -> float:
    """Return the height in points of a row that holds some lines of text of a size."""
    return round(lines * _FONT_LINE * size / 11 + 5, 2)


def layout(instrument: Instrument) -> Layout:
    """Return where everything stands on the sheet of an instrument."""
    return _Builder(instrument).build()


def table_members(repeat: Repeat) -> Iterator[tuple[str, Item | Computed, str]]:
    """Yield the columns of a table after the number of the row: role, member and code."""
    for item in repeat.items:
        if item.type == "choices":
            yield from (("answer", item, choice.code) for choice in item.choices)
        else:
            yield ("answer" if item.answerable else "label", item, "")
    yield from (("computed", computed, "") for computed in repeat.computed if computed.show)


def _width(role: str, member: Item | Computed, code: str) -> float:
    if role == "computed":
        return _COMPUTED
    if code:
        return _CODE
    return _WIDTHS.get(member.type, _CHOICE) if isinstance(member, Item) else _COMPUTED


@dataclass(frozen=True)
class Band:
    """A part of a table that fits the width of the page; a wide table has several, one below the other.

    Attributes
    ----------
    members : tuple
        Role, member and code of each column after the number of the row.
    echo : Item or None
        Whose answer is said again beside the number of the row, so that rows of a later band are known.
    """

    members: tuple[tuple[str, Item | Computed, str], ...]
    echo: Item | None = None

    @property
    def widths(self) -> list[float]:
        """The widths of all its columns, the number of the row and the marks included."""
        return [_ECHO if self.echo else _ROW, *(_width(*member) for member in self.members), _MARK]


def bands(repeat: Repeat) -> tuple[Band, ...]:
    """Return a table in parts that fit the page."""
    found = [Band(())]
    first = repeat.items[0]
    echo = first if first.answerable and first.type != "choices" else None
    for member in table_members(repeat):
        grown = Band((*found[-1].members, member), found[-1].echo)
        if sum(grown.widths) > sum(_QUESTION) * _SQUEEZE and found[-1].members:
            found.append(Band((member,), echo))
        else:
            found[-1] = grown
    return tuple(found)


def _cuts(widths: Sequence[float], total: float) -> list[int]:
    """Return where columns end when a row of widths is stretched to a total."""
    ends, end = [], 0.0
    for width in widths:
        end += width * total / sum(widths)
        ends.append(round(end))
    return ends


class _Builder:
    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        total = sum(_QUESTION)
        base = _cuts(_QUESTION, total)
        self.cuts: dict[str, list[int]] = {"": base}
        for repeat in instrument.repeats.values():
            for number, band in enumerate(bands(repeat)):
                # A table of few columns is not stretched far. A cut close to one of the questions falls on it:
                # fewer, wider columns.
                cuts = _cuts(band.widths, min(total, sum(band.widths) * _STRETCH))
                near = [next((b for b in base if abs(b - cut) < 2), cut) for cut in cuts]
                self.cuts[f"{repeat.id}/{number}"] = near
        self.ends = sorted({end for cuts in self.cuts.values() for end in cuts})
        self.lines: list[Line] = []

    def spans(self, name: str) -> list[tuple[int, int]]:
        """Return first and last column of each cell of a table, or of a question for the empty name."""
        found, first = [], 1
        for cut in self.cuts[name]:
            last = self.ends.index(cut) + 1
            found.append((first, last))
            first = last + 1
        return found

    def add(self, kind: str, cells: Sequence[Cell] = (), part: Any = None, row: int = -1, key: str = "") -> None:
        whole = (Cell("wide", 1, len(self.ends)),)
        self.lines.append(Line(kind, len(self.lines), tuple(cells) or whole, part, row, key))

    def build(self) -> Layout:
        i = self.instrument
        self.add("title", key=stamp(i))
        self.add("follow")
        self.add("purpose")
        self.add("meta")
        if i.status_note:
            self.add("status")
        self.add("limits_head")
        for limit in i.limits:
            self.add("limit", part=limit)
        self.add("how")
        self.add("heads", self.roles(("head", "head", "head", "head")))
        for number, section in enumerate(i.sections, start=1):
            self.add("section", part=(number, section))
            if section.intro or section.relevant:
                self.add("intro", part=section)
            for member in section.members:
                if isinstance(member, Repeat):
                    self.table(member)
                else:
                    self.item(member)
        self.result()
        answers = max([1, *(len(line.answers) for line in self.lines)])
        widths = [float(end - start) for start, end in zip([0, *self.ends], self.ends, strict=False)]
        return Layout(i, (2.0, *widths, *[2.0] * answers), tuple(self.lines), len(widths) + 1)

    def roles(self, roles: Sequence[str], member: Item | Computed | None = None, code: str = "") -> list[Cell]:
        return [
            Cell(role, first, last, member, code)
            for role, (first, last) in zip(roles, self.spans(""), strict=True)
        ]  # fmt: skip

    def item(self, item: Item) -> None:
        if not item.answerable:
            self.add("note", part=item)
            return
        usual = ("question", "answer", "mark", "note")
        place = column(self.spans("")[1][0])
        if item.type != "choices":
            self.add("question", self.roles(usual, item), item, key=f"{item.id}@{place}")
            return
        self.add("codes", self.roles(("question", "label", "mark", "note"), item), item)
        for choice in item.choices:
            key = f"{item.id}={choice.code}@{place}"
            self.add("code", self.roles(("question", "answer", "mark", "note"), item, choice.code), item, key=key)

    def table(self, repeat: Repeat) -> None:
        self.add("table", part=repeat)
        if repeat.hint or repeat.relevant or any(item.hint or item.relevant for item in repeat.items):
            self.add("table_hint", part=repeat)
        self.add("table_message", part=repeat)
        for number, band in enumerate(bands(repeat)):
            parts = [("row", band.echo, ""), *band.members, ("mark", None, "")]
            cells = [
                Cell(role, first, last, member, code)
                for (role, member, code), (first, last) in zip(parts, self.spans(f"{repeat.id}/{number}"), strict=True)
            ]
            self.add("table_head", [Cell("head", c.first, c.last, c.member, c.code) for c in cells], repeat)
            places = [
                f"{c.member.id}{'=' + c.code if c.code else ''}@{column(c.first)}"
                for c in cells
                if c.role == "answer" and c.member
            ]
            for row in range(repeat.max_rows):
                key = f"{repeat.id}[{row + 1}] {' '.join(places)}" if places else ""
                self.add("table_row", cells, repeat, row, key)

    def result(self) -> None:
        i = self.instrument
        self.add("result_head")
        if i.outcomes:
            self.add("outcome_title")
            self.add("outcome_text")
            if any(outcome.next for outcome in i.outcomes):
                self.add("next_head")
                self.add("next")
        self.add("not_finding")
        for number in range(len(i.notices)):
            self.add("notice", part=number)
        shown = [computed for computed in i.computed if computed.show]
        if shown:
            self.add("values_head")
            for computed in shown:
                self.add("value", self.roles(("label", "value", "mark", "note"), computed), computed)
        if i.always:
            self.add("always_head")
            for step in i.always:
                self.add("always", part=step)
        if any(outcome.when for outcome in i.outcomes):
            self.add("because_head")
            for number in range(REASONS_SHOWN):
                self.add("reason", part=number)
            self.add("because_more")
