"""Treaties: which article asks for what, with which tool it is done, and which state had joined on which day.

``data/treaties/articles.csv`` holds articles that were read in the texts. ``data/treaties/status.csv`` holds what lists
of the depositaries said on the day they were read; a list that is older than a year counts as old, and says so.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from tools import content
from tools.errors import Problem, near

TOPICS: Final = (
    "definition", "identification", "help", "time to recover", "stay", "non-punishment", "privacy", "victim-witnesses",
    "remedy", "return", "children", "prevention", "coordination and data",
)  # fmt: skip
"""What an article is about, in the order of the filter."""

BODIES: Final = ("UN", "ILO", "ASEAN", "Council of Europe", "European Union")
"""Whose text it is."""

STATUSES: Final = ("party", "signatory", "none")
"""What a list said: party, only signed, not a party."""

OLD_AFTER_DAYS: Final = 365
"""A list of a depositary is called old after a year. Our choice."""


@dataclass(frozen=True)
class Article:
    """One duty: text, article, what it asks, and the instrument it is done with."""

    text: str
    body: str
    article: str
    topic: str
    duty: str
    tool: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Status:
    """What a list said of one state and one treaty.

    Attributes
    ----------
    country : str
        ISO 3166, three letters.
    text : str
    status : str
        One of :data:`STATUSES`.
    day : date or None
        Of ratification, accession or succession; for a signature, of the signature.
    as_of : date or None
        The day of the list; ``None`` where it bore none.
    sources : tuple of str
    """

    country: str
    text: str
    status: str
    day: datetime.date | None
    as_of: datetime.date | None
    sources: tuple[str, ...]


def read_articles(text: str, file: str = "") -> tuple[Article, ...]:
    """Return the rows of a table of articles.

    Raises
    ------
    Problem
        ``LAW_001`` with line and column for an empty cell, an unknown word or an instrument that is not there.
    """
    known = content.instrument_ids()
    found = []
    for line, row in _rows(text, ("text", "body", "article", "topic", "duty", "tool", "source_key"), file):
        for column, allowed in (("body", BODIES), ("topic", TOPICS), ("tool", known)):
            if row[column] not in allowed:
                detail = f"'{row[column]}' is no {column}{near(row[column], allowed)}"
                raise Problem("LAW_001", file=file, line=line, field=column, detail=detail)
        keys = tuple(row["source_key"].split(";"))
        found.append(Article(row["text"], row["body"], row["article"], row["topic"], row["duty"], row["tool"], keys))
    return tuple(found)


def read_status(text: str, file: str = "") -> tuple[Status, ...]:
    """Return the rows of a table of states; raises what :func:`read_articles` raises, also for a state that stands twice."""
    found: dict[tuple[str, str], Status] = {}
    for line, row in _rows(
        text, ("country", "text", "status", "date", "as_of", "source_key"), file, empty=("date", "as_of")
    ):

        def refuse(column: str, detail: str, line: int = line) -> Problem:
            return Problem("LAW_001", file=file, line=line, field=column, detail=detail)

        if row["country"] not in names():
            raise refuse("country", f"'{row['country']}' is no country code of three letters (ISO 3166)")
        if row["status"] not in STATUSES:
            raise refuse("status", f"'{row['status']}' is no status{near(row['status'], STATUSES)}")
        days = []
        for column in ("date", "as_of"):
            if row[column] and not re.fullmatch(r"\d{4}-\d\d-\d\d", row[column]):
                raise refuse(column, f"'{row[column]}' is no date such as 2015-03-14")
            days.append(datetime.date.fromisoformat(row[column]) if row[column] else None)
        key = (row["country"], row["text"])
        if key in found:
            raise refuse("country", f"{row['country']} and {row['text']} stand twice")
        found[key] = Status(row["country"], row["text"], row["status"], days[0], days[1], tuple(row["source_key"].split(";")))  # fmt: skip
    return tuple(found.values())


def _rows(
    text: str, columns: tuple[str, ...], file: str, empty: tuple[str, ...] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    rows = csv.DictReader(io.StringIO(text), restkey="", restval="")
    if tuple(rows.fieldnames or ()) != columns:
        raise Problem("LAW_001", file=file, line=1, detail=f"The columns are not {', '.join(columns)}")
    for row in rows:
        for column in columns:
            if not row[column].strip() and column not in empty:
                raise Problem("LAW_001", file=file, line=rows.line_num, field=column, detail=f"The column {column} is empty")  # fmt: skip
        if "" in row:
            raise Problem("LAW_001", file=file, line=rows.line_num, detail="The row has more cells than there are columns")  # fmt: skip
        yield rows.line_num, row


@cache
def articles() -> tuple[Article, ...]:
    """Return the articles of the book.

    >>> articles()[0].text, articles()[0].topic
    ('Trafficking Protocol', 'definition')
    """
    return read_articles(content.read_text(content.TREATY_ARTICLES), content.relative(content.TREATY_ARTICLES))


@cache
def statuses() -> tuple[Status, ...]:
    """Return what the lists said, by country and treaty."""
    return read_status(content.read_text(content.TREATY_STATUS), content.relative(content.TREATY_STATUS))


@cache
def names() -> Mapping[str, str]:
    """Return the English names of countries by their three letters.

    >>> names()["THA"], names()["XKX"]
    ('Thailand', 'Kosovo')
    """
    from babel import Locale
    from babel.core import get_global

    short = Locale("en").territories
    aliases = get_global("territory_aliases")
    found = {three: short[two[0]] for three, two in aliases.items() if len(three) == 3 and three.isalpha() and two and two[0] in short}  # fmt: skip
    return {**found, "XKX": short["XK"]}


def texts() -> tuple[str, ...]:
    """Return the treaties whose status is known, in the order of the table."""
    order = ("Trafficking Protocol", "Convention against organised crime", "Council of Europe Convention")
    found = dict.fromkeys(one.text for one in statuses())
    return tuple(sorted(found, key=lambda text: (order.index(text) if text in order else len(order), text)))


def is_old(as_of: datetime.date | None, today: datetime.date) -> bool:
    """Tell whether a list is older than a year, or bears no day.

    >>> is_old(datetime.date(2015, 3, 14), datetime.date(2026, 11, 25)), is_old(None, datetime.date(2026, 11, 25))
    (True, True)
    """
    return as_of is None or (today - as_of).days > OLD_AFTER_DAYS
