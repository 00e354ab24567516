"""A table of counts that may leave the office: small numbers are hidden in it, and it says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tools.casedata import disclosure

SYNTHETIC: Final = "Synthetic sample, no real person"

Cell = str | int | float | None


@dataclass(frozen=True)
class Tally:
    """Counts of cases, ready to be shown.

    Attributes
    ----------
    title : str
        What is counted; says so when the cases are made up.
    heads : tuple of str
        Heads of the columns; the first column heads the rows.
    rows : tuple of tuple
        Cells: a count, a share in per cent, or words. ``None`` is hidden.
    unit : str
        What one of it is.
    note : str
        What to know before reading it.
    threshold : int
        Counts below it are hidden.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    unit: str
    note: str
    threshold: int

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(cell is None for row in self.rows for cell in row)

    @property
    def statement(self) -> str:
        """What is hidden, and why."""
        if not self.threshold:
            return "Nothing is hidden: this is for the worker of the case, and no table for a report."
        rule = f"Counts of fewer than {self.threshold} are hidden, and what would give them away."
        beside = "Other tables of the same cases, laid beside this one, can still give something away."
        return f"{rule} Hidden here: {self.hidden}. {beside}"

    def words(self) -> tuple[tuple[str, ...], ...]:
        """Return the cells as printed."""
        return tuple(tuple(_words(cell) for cell in row) for row in self.rows)

    def text(self) -> str:
        """Return it as lines of plain text."""
        lines = [self.heads, *self.words()]
        widths = [max(len(line[at]) for line in lines) for at in range(len(self.heads))]
        ruled = [
            "  ".join(
                cell.rjust(width) if at else cell.ljust(width)
                for at, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.title, *ruled, *filter(None, (self.unit, self.note)), self.statement])

    def frame(self, backend: Any = "pandas") -> Any:
        """Return it as a frame of the backend that is named: ``pandas``, ``polars`` or ``pyarrow``.

        A hidden number is a missing value there, never zero.
        """
        import narwhals as nw

        columns = {head: [row[at] for row in self.rows] for at, head in enumerate(self.heads)}
        return nw.from_dict(columns, backend=backend).to_native()

    def __str__(self) -> str:
        return self.text()


def _words(cell: Cell) -> str:
    if cell is None:
        return disclosure.HIDDEN
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)


def titled(title: str, *, synthetic: bool) -> str:
    """Return a title that says when the cases are made up."""
    return f"{SYNTHETIC}. {title}" if synthetic else title


def two_parts(name: str, first: int, second: int, threshold: int) -> tuple[Cell, ...]:
    """Return a row: its name, the whole, two parts of it, and the share of the first in per cent.

    >>> two_parts("month 3", 12, 8, 5), two_parts("month 36", 2, 9, 5), two_parts("month 48", 0, 0, 5)
    (('month 3', 20, 12, 8, 60.0), ('month 36', 11, None, None, None), ('month 48', 0, 0, 0, ''))
    """
    _, total, one, two = line(name, (first, second), threshold)
    if total == 0:
        return (name, 0, 0, 0, "")
    share = None if one is None else round(100 * first / (first + second), 1)
    return (name, total, one, two, share)


def line(name: str, parts: Sequence[int], threshold: int) -> tuple[Cell, ...]:
    """Return a row: its name, the whole, and its parts.

    Where the whole is small, its zeros are hidden, too: a zero would say something about each of the few.

    >>> line("month 3", (12, 0, 9), 5), line("month 36", (3, 0, 0), 5)
    (('month 3', 21, 12, 0, 9), ('month 36', None, None, None, None))
    """
    shown, total = disclosure.suppress_line(parts, threshold)
    return (name, total, *(shown if total is not None else (None,) * len(parts)))
