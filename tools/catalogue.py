"""The catalogue of public tools for identification: ``data/tools-catalogue.csv``, read and checked.

Six columns can be filtered by. Each takes only the words listed here, so that a filter finds everything.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from tools import content
from tools.errors import Problem, near

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "purpose": (
        "screen people", "spot signs", "refer", "reach people who came home", "give health care", "measure", "train",
        "build a system", "review tools",
    ),
    "users": (
        "frontline staff", "labour inspectors", "police and prosecutors", "border guards", "consular staff",
        "health workers", "service providers", "unions", "village teams", "policy makers", "researchers",
    ),
    "target_form": ("any form", "labour", "sexual exploitation", "forced crime"),
    "target_profile": ("anyone", "adults", "children", "people who came home"),
    "stage": (
        "first contact", "at a workplace", "interview", "after a talk", "referral", "survey", "training", "planning",
    ),
    "developed": ("tested on cases", "agreed by experts", "agreed by states", "from research", "from a pilot", "not said"),
}  # fmt: skip
"""The columns that can be filtered by, and the words each takes, in the order of the filter."""

CONFIDENCE: Final = ("read whole", "read in part", "opening or contents read", "read in a summary", "title read")
"""How much of a tool was read before its row was written."""

COLUMNS: Final = ("tool", "year", "body", *WORDS, "languages", "source_key", "confidence")
"""The columns of the file, in their order. A semicolon parts several words in one cell."""


@dataclass(frozen=True)
class PublicTool:
    """One row of the catalogue.

    Attributes
    ----------
    tool, year, body : str
        Title, year (empty where none is given) and publisher.
    words : mapping of str to tuple of str
        For each column of :data:`WORDS`, what holds of the tool.
    languages : tuple of str
        As far as known; may be empty.
    sources : tuple of str
        Keys of the bibliography.
    confidence : str
        One of :data:`CONFIDENCE`.
    """

    tool: str
    year: str
    body: str
    words: Mapping[str, tuple[str, ...]]
    languages: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: str


def read(text: str, file: str = "") -> tuple[PublicTool, ...]:
    """Return the rows of a catalogue.

    Raises
    ------
    Problem
        ``EVI_004`` with file, line and column where a column is missing, a cell is empty that must not be, or a word
        is not one of the list.
    """
    rows = csv.DictReader(io.StringIO(text), restkey="", restval="")
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise Problem("EVI_004", file=file, line=1, detail=f"The columns are not {', '.join(COLUMNS)}")
    return tuple(_row(row, file, rows.line_num) for row in rows)


def _row(row: dict[str, str], file: str, line: int) -> PublicTool:
    def refuse(column: str, detail: str) -> Problem:
        return Problem("EVI_004", file=file, line=line, field=column, detail=detail)

    if "" in row:
        raise refuse("tool", "The row has more cells than there are columns; put a cell with a comma in quotes")
    cells = {column: _cut(row[column]) for column in COLUMNS}
    for column in ("tool", "body", *WORDS, "source_key", "confidence"):
        if not cells[column]:
            raise refuse(column, f"The column {column} is empty")
    for column, allowed in (*WORDS.items(), ("confidence", CONFIDENCE)):
        for word in cells[column]:
            if word not in allowed:
                raise refuse(column, f"'{word}' is not a word of the column {column}{near(word, allowed)}")
    if row["year"] and not (row["year"].isdigit() and len(row["year"]) == 4):
        raise refuse("year", f"'{row['year']}' is not a year")
    return PublicTool(
        tool=row["tool"].strip(),
        year=row["year"],
        body=row["body"].strip(),
        words={column: cells[column] for column in WORDS},
        languages=cells["languages"],
        sources=cells["source_key"],
        confidence=row["confidence"].strip(),
    )


def _cut(cell: str) -> tuple[str, ...]:
    """Split a cell at its semicolons.

    >>> _cut("adults; children")
    ('adults', 'children')
    """
    return tuple(part.strip() for part in cell.split(";") if part.strip())


@cache
def load() -> tuple[PublicTool, ...]:
    """Return the catalogue, newest first; rows without a year come last.

    Examples
    --------
    >>> load()[0].tool
    'First responder toolkit'
    """
    path = content.TOOLS_CATALOGUE
    return tuple(sorted(read(content.read_text(path), content.relative(path)), key=lambda one: one.year, reverse=True))
