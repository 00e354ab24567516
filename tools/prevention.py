"""What is known about prevention, and where the four Ps stand in the book: two small files, read and checked."""

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
    "measure": ("campaign", "peers", "training", "community", "work", "healing", "other"),
    "design": ("trial", "quasi-experiment", "before and after", "realist evaluation", "case study", "donor research", "review"),
    "region": (
        "world", "South Asia", "South-East Asia", "West Africa", "Europe", "North America", "Latin America",
    ),
    "grade": ("shown", "indicative", "intention only", "knowledge only", "no effect", "disputed", "not shown"),
}  # fmt: skip
"""The columns that can be filtered by, and the words each takes, in the order of the filter."""

READ: Final = ("part", "abstract")
"""How much of a study was read before its row was written."""

COLUMNS: Final = ("study", "measure", "design", "region", "knowledge", "behaviour", "grade", "read", "source_key")

FOUR_P: Final = ("prevention", "protection", "prosecution", "partnership")
WEIGHTS: Final = ("main", "some", "")


@dataclass(frozen=True)
class Study:
    """One row of the evidence table: what was found about knowledge, and about what people do.

    ``words`` holds one word for each column of :data:`WORDS`.
    """

    study: str
    words: Mapping[str, str]
    knowledge: str
    behaviour: str
    read: str
    sources: tuple[str, ...]


def read(text: str, file: str = "") -> tuple[Study, ...]:
    """Return the rows of the evidence table.

    Raises
    ------
    Problem
        ``PRE_001`` with file, line and column where a column is missing, a cell is empty, or a word is not one of the
        list.
    """
    return tuple(_study(row, file, line) for line, row in _rows(text, COLUMNS, file))


def _rows(text: str, columns: tuple[str, ...], file: str) -> list[tuple[int, dict[str, str]]]:
    rows = csv.DictReader(io.StringIO(text), restkey="", restval="")
    if tuple(rows.fieldnames or ()) != columns:
        raise Problem("PRE_001", file=file, line=1, detail=f"The columns are not {', '.join(columns)}")
    found = []
    for row in rows:
        if "" in row:
            raise Problem("PRE_001", file=file, line=rows.line_num, detail="The row has more cells than columns")
        found.append((rows.line_num, row))
    return found


def _study(row: dict[str, str], file: str, line: int) -> Study:
    for column in COLUMNS:
        if not row[column].strip():
            raise Problem("PRE_001", file=file, line=line, field=column, detail=f"The column {column} is empty")
    for column, allowed in (*WORDS.items(), ("read", READ)):
        _one_of(row[column], allowed, column, file, line)
    return Study(
        study=row["study"],
        words={column: row[column] for column in WORDS},
        knowledge=row["knowledge"],
        behaviour=row["behaviour"],
        read=row["read"],
        sources=tuple(key.strip() for key in row["source_key"].split(";")),
    )


def _one_of(word: str, allowed: tuple[str, ...], column: str, file: str, line: int) -> None:
    if word not in allowed:
        detail = f"'{word}' is not a word of the column {column}{near(word, allowed)}"
        raise Problem("PRE_001", file=file, line=line, field=column, detail=detail)


@cache
def load() -> tuple[Study, ...]:
    """Return the evidence table.

    >>> load()[0].words["design"]
    'review'
    """
    return read(content.read_text(content.PREVENTION_EVIDENCE), content.relative(content.PREVENTION_EVIDENCE))


@dataclass(frozen=True)
class GuideTag:
    """What a guide gives to each of the four Ps: ``main``, ``some`` or nothing."""

    guide: str
    title: str
    weights: Mapping[str, str]


def read_tags(text: str, file: str = "") -> tuple[GuideTag, ...]:
    """Return the map of the four Ps.

    Raises
    ------
    Problem
        ``PRE_001`` where a weight is not one of :data:`WEIGHTS`.
    """
    tags = []
    for line, row in _rows(text, ("guide", "title", *FOUR_P), file):
        for column in FOUR_P:
            _one_of(row[column], WEIGHTS, column, file, line)
        tags.append(GuideTag(row["guide"], row["title"], {column: row[column] for column in FOUR_P}))
    return tuple(tags)


@cache
def tags() -> tuple[GuideTag, ...]:
    """Return the map of the four Ps.

    >>> tags()[0].weights["protection"]
    'main'
    """
    return read_tags(content.read_text(content.FOUR_P), content.relative(content.FOUR_P))
