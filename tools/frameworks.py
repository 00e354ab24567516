"""Rules for protection by country, under the same headings, with the gaps shown.

The cells are those of ``data/countries/framework.csv``: one row a country and heading, with how it is known and where
it was read. A gap says that nobody has read it so far, and never that the right is not there.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from typing import Final

from tools import content

COLUMNS: Final = ("country", "heading", "words", "status", "as_of", "source_key", "note")
"""The columns of the file, in their order."""

KNOWN: Final = {
    "law read": "law",
    "report": "report",
    "gap": "gap: not read so far",
}
"""How a cell is known, and the words for it."""

GAP: Final = "gap"


@dataclass(frozen=True)
class Cell:
    """What one country's rules say under one heading.

    Attributes
    ----------
    country, heading : str
        Where the cell stands.
    words : str
        What was read, in our words; empty for a gap.
    status : str
        A key of :data:`KNOWN`.
    as_of : str
        The year of the text or the report; empty for a gap.
    sources : tuple of str
        Keys of the bibliography; empty for a gap.
    note : str
        What of the source was read, where it was not all.
    """

    country: str
    heading: str
    words: str
    status: str
    as_of: str
    sources: tuple[str, ...]
    note: str


@cache
def cells() -> tuple[Cell, ...]:
    """Return all cells, in the order of the file.

    Examples
    --------
    >>> first = cells()[0]
    >>> first.country, first.heading, first.status
    ('Cambodia', 'main law', 'law read')
    """
    rows = csv.DictReader(io.StringIO(content.read_text(content.FRAMEWORKS)))
    return tuple(
        Cell(
            row["country"],
            row["heading"],
            row["words"],
            row["status"],
            row["as_of"],
            tuple(key for key in row["source_key"].split(";") if key),
            row["note"],
        )
        for row in rows
    )


def countries() -> tuple[str, ...]:
    """Return the countries, in the order of the file."""
    return tuple(dict.fromkeys(cell.country for cell in cells()))


def headings() -> tuple[str, ...]:
    """Return the headings, in the order of the file."""
    return tuple(dict.fromkeys(cell.heading for cell in cells()))


@dataclass(frozen=True)
class Comparison:
    """A table that a chapter shows: Markdown with citations, or plain lines."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def _repr_markdown_(self) -> str:
        lines = [self.columns, ("---",) * len(self.columns), *self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)

    def __repr__(self) -> str:
        return "\n".join(": ".join(row) for row in self.rows)


def compare(heading: str) -> Comparison:
    """Return what each country's rules say under a heading.

    Parameters
    ----------
    heading : str
        One of :func:`headings`.

    Raises
    ------
    KeyError
        If no cell stands under the heading; the message names the headings there are.
    """
    found = [cell for cell in cells() if cell.heading == heading]
    if not found:
        raise KeyError(f"No heading {heading!r} in data/countries/framework.csv. There are: {', '.join(headings())}.")
    rows = [(cell.country, f"{cell.words} {_known(cell)}") for cell in found if cell.status != GAP]
    missing = [cell.country for cell in found if cell.status == GAP]
    if missing:
        rows.append((", ".join(missing), KNOWN[GAP]))
    return Comparison(("Country", "What was read, and where"), tuple(rows))


def gaps() -> Comparison:
    """Return, for each country, how many headings are filled and which are gaps."""
    rows = []
    for country in countries():
        own = [cell for cell in cells() if cell.country == country]
        missing = [cell.heading for cell in own if cell.status == GAP]
        rows.append((country, f"{len(own) - len(missing)} of {len(own)}", ", ".join(missing) or "none"))
    return Comparison(("Country", "Headings filled", "Gaps"), tuple(rows))


def _known(cell: Cell) -> str:
    """Return where a cell was read, in brackets, with a citation."""
    words = f"{KNOWN[cell.status]}, {cell.as_of} {{cite}}`{','.join(cell.sources)}`"
    return f"({words}; {cell.note[:1].lower()}{cell.note[1:].rstrip('.')})" if cell.note else f"({words})"
