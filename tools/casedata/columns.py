"""What a tracker's table may hold: its columns, and what each of their cells means.

A table is rows of cells under column names, whatever program it came from. Every fault names the row, the column, the
reason and the remedy; all faults are collected, so that a table is corrected in one go.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tools.errors import Problem, near

ROWS_MAX: Final = 200_000
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _./-]{0,39}")
_DAY_WANTED: Final = "year-month-day, such as 2026-11-24"
_EARLIEST: Final = dt.date(1990, 1, 1)
_LATEST: Final = dt.date(2100, 12, 31)


@dataclass(frozen=True)
class Column:
    """A column of a tracker.

    Attributes
    ----------
    name : str
    wanted : str
        What belongs into a cell, in words.
    read : callable
        ``text -> value``; raises ``ValueError`` with the reason.
    needed : bool
        Whether the column must be there.
    blank : bool
        Whether a cell may be empty.
    """

    name: str
    wanted: str
    read: Callable[[str], Any]
    needed: bool = True
    blank: bool = False


@dataclass(frozen=True)
class Table:
    """Cells as they came, before anything is believed.

    Attributes
    ----------
    columns : tuple of str
    rows : tuple of tuple
        One value a column.
    first : int
        The number by which a person knows the first row: 2 in a spreadsheet, where the names stand in row 1.
    file : str or None
        Its name, for messages.
    numbers : tuple of int
        The number of every row, where rows were left out between them; else counted from ``first``.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    first: int = 1
    file: str | None = None
    numbers: tuple[int, ...] = ()

    def number(self, at: int) -> int:
        """Return the number by which a person knows a row."""
        return self.numbers[at] if self.numbers else self.first + at


def table_of(frame: Any) -> Table:
    """Return the cells of a frame.

    Parameters
    ----------
    frame : Table or any frame that narwhals takes
        pandas, Polars (lazy too), PyArrow, DuckDB and others.

    Raises
    ------
    Problem
        ``CAS_010`` for anything else, ``CAS_018`` for two columns of one name, ``CAS_019`` for too many rows.
    """
    if isinstance(frame, Table):
        return frame
    import narwhals as nw

    try:
        native = nw.from_native(frame)
    except TypeError:
        raise Problem("CAS_010", kind=f"it is of the kind {type(frame).__name__}") from None
    except Exception as error:
        if "unique" in str(error) or "duplicate" in str(error).casefold():
            raise Problem("CAS_018", column="of the same name") from None
        raise
    eager = native.collect() if isinstance(native, nw.LazyFrame) else native
    if eager.shape[0] > ROWS_MAX:
        raise Problem("CAS_019", rows=f"{eager.shape[0]:,}", limit=f"{ROWS_MAX:,}")
    return Table(tuple(map(str, eager.columns)), tuple(eager.iter_rows()))


def rows(table: Table, columns: Sequence[Column], problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number and the values of every row that is without fault; faults are added to ``problems``.

    Parameters
    ----------
    table : Table
    columns : sequence of Column
        What may stand in it. A cell of a column that is left out, or may be blank and is, has the value ``None``.
    problems : list of Problem
        ``CAS_011`` to ``CAS_014``, ``CAS_017``, ``CAS_018``.
    """
    known = {column.name: column for column in columns}
    places = _places(table, known, problems)
    if problems:
        return
    if not table.rows:
        problems.append(Problem("CAS_017", file=table.file))
    for at, cells in enumerate(table.rows):
        number = table.number(at)
        values: dict[str, Any] = {}
        before = len(problems)
        for name, column in known.items():
            text = as_text(cells[places[name]]) if name in places else ""
            values[name] = None
            if not text:
                if name in places and not column.blank:
                    problems.append(Problem("CAS_013", file=table.file, row=number, column=name, wanted=column.wanted))
                continue
            try:
                values[name] = column.read(text)
            except ValueError as fault:
                problems.append(
                    Problem(
                        "CAS_014", file=table.file, row=number, column=name, value=_short(text), detail=fault,
                        wanted=column.wanted,
                    )
                )  # fmt: skip
        if len(problems) == before:
            yield number, values


def _places(table: Table, known: Mapping[str, Column], problems: list[Problem]) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, raw in enumerate(table.columns):
        name = re.sub(r"[\s-]+", "_", raw.strip().casefold())
        if name in places:
            problems.append(Problem("CAS_018", file=table.file, column=_short(raw)))
        elif name in known:
            places[name] = at
        elif name:
            problems.append(Problem("CAS_012", file=table.file, column=_short(raw), near=near(name, known)))
    for name, column in known.items():
        if column.needed and name not in places:
            wanted = ", ".join(one.name for one in known.values() if one.needed)
            problems.append(
                Problem("CAS_011", file=table.file, column=name, near=near(name, table.columns), known=wanted)
            )
    return places


def as_text(value: Any) -> str:
    """Return what a cell says, whatever the program it came from kept it as.

    >>> [as_text(one) for one in (None, float("nan"), 3.0, dt.datetime(2026, 11, 24), " Yes ")]
    ['', '', '3', '2026-11-24', 'Yes']
    """
    if value is None or str(value) in ("nan", "NaT", "<NA>"):  # each library has a blank of its own
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 40 else flat[:39] + "…"


# --- kinds of cells ---------------------------------------------------------------------------------------------------


def day(text: str) -> dt.date:
    """Return a date.

    Raises
    ------
    ValueError
        With the reason, as all readers of cells here.
    """
    if not _DATE.fullmatch(text):
        raise ValueError("it is not a date in this form")
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such day") from None
    if not _EARLIEST <= found <= _LATEST:
        raise ValueError(f"it is before {_EARLIEST.year} or after {_LATEST.year}")
    return found


def code(text: str) -> str:
    """Return a case code: short, without signs that no code needs."""
    if not _CODE.fullmatch(text):
        raise ValueError("a code has at most 40 letters, digits, hyphens, dots or spaces")
    return text


def score(text: str) -> int:
    """Return a step from 1 to 4."""
    if text not in ("1", "2", "3", "4"):
        raise ValueError("the scale has four steps")
    return int(text)


def one_of(known: Mapping[str, str]) -> Callable[[str], str]:
    """Return a reader of one of the codes; the words for a code are taken, too."""
    by_words = {words.casefold(): code for code, words in known.items()}

    def read(text: str) -> str:
        folded = re.sub(r"[\s-]+", "_", text.casefold())
        if folded in known:
            return folded
        if text.casefold() in by_words:
            return by_words[text.casefold()]
        raise ValueError(f"it is not in the list{near(folded, known)}")

    return read


def day_column(name: str, *, needed: bool = True, blank: bool = False) -> Column:
    """Return a column of dates."""
    return Column(name, _DAY_WANTED, day, needed, blank)


def choice_column(name: str, known: Mapping[str, str], *, needed: bool = True, blank: bool = False) -> Column:
    """Return a column of codes."""
    return Column(name, f"one of: {', '.join(known)}", one_of(known), needed, blank)
