"""Notes on remedies by country: one statement a row, with how it is known and what of the source was read.

The rows are those of ``data/countries/remedies.csv``. A statement that was not checked is shown as such, and never as a
fact; a gap says that nobody has read it so far, and never that there is nothing.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from typing import Final

from tools import content
from tools.frameworks import GAP, KNOWN, Comparison

COLUMNS: Final = ("country", "topic", "statement", "confidence", "source_key", "read")
"""The columns of the file, in their order."""

NOT_CHECKED: Final = "not checked"

CONFIDENCE: Final = {**KNOWN, NOT_CHECKED: "not checked"}
"""How a statement is known, and the words for it: the words of the rules by country, and one more."""


@dataclass(frozen=True)
class Note:
    """What was read on remedies in one country, on one topic.

    Attributes
    ----------
    country, topic : str
        Where the statement stands; a topic may have more than one.
    statement : str
        What was read, in our words; empty for a gap.
    confidence : str
        A key of :data:`CONFIDENCE`.
    sources : tuple of str
        Keys of the bibliography; empty for a gap and for a statement that was not checked.
    read : str
        The year of the source, and what of it was read.
    """

    country: str
    topic: str
    statement: str
    confidence: str
    sources: tuple[str, ...]
    read: str


@cache
def notes() -> tuple[Note, ...]:
    """Return all statements, in the order of the file.

    Examples
    --------
    >>> first = notes()[0]
    >>> first.country, first.topic, first.confidence
    ('Cambodia', 'law', 'law read')
    """
    rows = csv.DictReader(io.StringIO(content.read_text(content.REMEDY_NOTES)))
    return tuple(
        Note(
            row["country"],
            row["topic"],
            row["statement"],
            row["confidence"],
            tuple(key for key in row["source_key"].split(";") if key),
            row["read"],
        )
        for row in rows
    )


def countries() -> tuple[str, ...]:
    """Return the countries, in the order of the file."""
    return tuple(dict.fromkeys(note.country for note in notes()))


def country(name: str) -> Comparison:
    """Return the statements on one country, the gaps together in the last row.

    Parameters
    ----------
    name : str
        One of :func:`countries`.

    Raises
    ------
    KeyError
        If nothing stands for the country; the message names the countries there are.
    """
    found = [note for note in notes() if note.country == name]
    if not found:
        raise KeyError(f"No country {name!r} in data/countries/remedies.csv. There are: {', '.join(countries())}.")
    rows = [(note.topic, note.statement, _known(note)) for note in found if note.confidence != GAP]
    missing = [note.topic for note in found if note.confidence == GAP]
    if missing:
        rows.append((", ".join(missing), "–", KNOWN[GAP]))
    return Comparison(("Topic", "Statement", "How it is known"), tuple(rows))


def counts() -> Comparison:
    """Return how many statements of each country rest on the law, on a report, on neither, or are missing."""
    rows = []
    for name in countries():
        own = [note.confidence for note in notes() if note.country == name]
        rows.append((name, *(str(own.count(confidence)) for confidence in CONFIDENCE)))
    return Comparison(("Country", "Law read", "Report read", "Gaps", "Not checked"), tuple(rows))


def _known(note: Note) -> str:
    """Return how a statement is known, with a citation and what was read."""
    words = CONFIDENCE[note.confidence]
    return f"{words} {{cite}}`{','.join(note.sources)}`: {note.read}" if note.sources else words
