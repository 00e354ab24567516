"""The catalogue of publications: ``data/publications.csv`` with its words and its parts, read, checked and chosen from.

Nine columns can be filtered by. Each takes only the words of ``data/publications-vocabulary.csv``. A publication that
says nothing in a column has the value :data:`NONE` there, so that every column reaches every publication.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from tools import content
from tools.errors import Problem, near

COLUMNS: Final = (
    "key", "title", "year", "authors", "organisation", "type", "topics", "regions", "countries", "populations",
    "forms_of_exploitation", "languages", "formats", "summary", "sample_size", "cited_as", "listed_in",
)  # fmt: skip
"""The columns of the file, in their order. A semicolon parts several words in one cell."""

FACETS: Final = (
    "topics", "type", "regions", "countries", "populations", "forms_of_exploitation", "languages", "formats", "year",
)  # fmt: skip
"""What can be filtered by, in the order of the filter."""

WORDED: Final = tuple(name for name in FACETS if name != "year")
"""The columns whose words stand in the vocabulary."""

NONE: Final = "none"
"""The value of a publication that says nothing in a column."""

READERS: Final = "readers"
"""The group of words in the column ``populations`` that name readers, not the people a work is about."""

GROUPED: Final = ("topics", "populations")
"""The columns whose words belong to groups."""

_NEEDED: Final = ("key", "title", "organisation", "type", "topics", "regions", "populations", "languages", "formats", "summary", "listed_in")  # fmt: skip
_SUMMARY_WORDS: Final = 30


@dataclass(frozen=True)
class Publication:
    """One work of the catalogue.

    Attributes
    ----------
    key : str
        Its name in the catalogue; never changes.
    title, year : str
        As the list gives them; the year is empty where the list has none.
    authors, organisations : tuple of str
        As far as they were seen; ``authors`` may be empty.
    words : mapping of str to tuple of str
        For each of :data:`FACETS`, what holds of the work; ``("none",)`` where nothing is said.
    summary : str
        Our own sentence on what it covers.
    sample_size : str
        As stated; may be empty.
    cited_as : tuple of str
        Keys under which the book's bibliography may have it.
    listed_in : str
        The list that names it.
    line : int
        Its line in the file, for messages.
    """

    key: str
    title: str
    year: str
    authors: tuple[str, ...]
    organisations: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    summary: str
    sample_size: str
    cited_as: tuple[str, ...]
    listed_in: str
    line: int


@dataclass(frozen=True)
class Part:
    """One edition of a work that has other languages than the whole.

    Attributes
    ----------
    key : str
        The work.
    part : str
        Which edition.
    languages : tuple of str
        Empty where the list does not say.
    note : str
        What to know beside; may be empty.
    """

    key: str
    part: str
    languages: tuple[str, ...]
    note: str


def _cut(cell: str) -> tuple[str, ...]:
    """Split a cell at its semicolons.

    >>> _cut("men; at sea")
    ('men', 'at sea')
    """
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _rows(text: str, columns: Sequence[str], file: str) -> Iterator[tuple[dict[str, str], int]]:
    rows = csv.DictReader(io.StringIO(text), restkey="", restval="")
    if tuple(rows.fieldnames or ()) != tuple(columns):
        raise Problem("LIB_001", file=file, line=1, detail=f"The columns are not {', '.join(columns)}")
    for row in rows:
        if "" in row:
            detail = "The row has more cells than there are columns; put a cell with a comma in quotes"
            raise Problem("LIB_001", file=file, line=rows.line_num, detail=detail)
        yield {name: (cell or "").strip() for name, cell in row.items()}, rows.line_num


@dataclass(frozen=True)
class Word:
    """A word that a column takes: its group, where the column has groups, and what it means."""

    group: str
    meaning: str


def read_words(text: str, file: str = "") -> dict[str, dict[str, Word]]:
    """Return the words each column takes, with their groups and meanings, in the order of the file.

    Raises
    ------
    Problem
        ``LIB_001`` with file and line where a cell is empty, a column is unknown or a word stands twice.
    """
    found: dict[str, dict[str, Word]] = {name: {} for name in WORDED}
    for row, line in _rows(text, ("column", "value", "group", "meaning"), file):
        column, value = row["column"], row["value"]
        if column not in found:
            raise Problem("LIB_001", file=file, line=line, detail=f"'{column}' is no column{near(column, found)}")
        if not value or not row["meaning"] or bool(row["group"]) != (column in GROUPED):
            raise Problem(
                "LIB_001", file=file, line=line, detail="A word, its group or its meaning is missing, or too much"
            )
        if value in found[column]:
            raise Problem("LIB_001", file=file, line=line, detail=f"'{value}' stands twice")
        found[column][value] = Word(row["group"], row["meaning"])
    return found


def read(text: str, words: Mapping[str, Mapping[str, Word]], file: str = "") -> tuple[Publication, ...]:
    """Return the rows of a catalogue, in the order of the file.

    Raises
    ------
    Problem
        ``LIB_001`` with file, line and column where a cell is empty that must not be, a word is not in the vocabulary,
        or a key stands twice.
    """
    found: dict[str, Publication] = {}
    for row, line in _rows(text, COLUMNS, file):
        one = _publication(row, words, file, line)
        if one.key in found:
            raise Problem("LIB_001", file=file, line=line, field="key", detail=f"The key '{one.key}' stands twice")
        found[one.key] = one
    return tuple(found.values())


def _publication(row: Mapping[str, str], words: Mapping[str, Mapping[str, Word]], file: str, line: int) -> Publication:
    def refuse(column: str, detail: str) -> Problem:
        return Problem("LIB_001", file=file, line=line, field=column, detail=detail)

    for column in _NEEDED:
        if not row[column]:
            raise refuse(column, f"The column {column} is empty")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["key"]):
        raise refuse("key", f"'{row['key']}' is not a key of small letters, digits and dashes")
    if row["year"] and not re.fullmatch(r"(19|20)\d\d", row["year"]):
        raise refuse("year", f"'{row['year']}' is not a year")
    if len(row["summary"].split()) > _SUMMARY_WORDS or not row["summary"].endswith("."):
        raise refuse("summary", f"The summary is not one sentence of at most {_SUMMARY_WORDS} words")
    cells = {column: _cut(row[column]) for column in FACETS}
    for column in WORDED:
        for word in cells[column]:
            if word not in words[column]:
                raise refuse(column, f"'{word}' is not a word of the column {column}{near(word, words[column])}")
    return Publication(
        key=row["key"],
        title=row["title"],
        year=row["year"],
        authors=_cut(row["authors"]),
        organisations=_cut(row["organisation"]),
        words={column: cell or (NONE,) for column, cell in cells.items()},
        summary=row["summary"],
        sample_size=row["sample_size"],
        cited_as=_cut(row["cited_as"]),
        listed_in=row["listed_in"],
        line=line,
    )


def read_parts(text: str, keys: Iterable[str], languages: Iterable[str], file: str = "") -> tuple[Part, ...]:
    """Return the editions that have other languages than the whole.

    Raises
    ------
    Problem
        ``LIB_001`` with file, line and column where a work or a language is unknown.
    """
    keys, languages, found = set(keys), set(languages), []
    for row, line in _rows(text, ("key", "part", "languages", "note"), file):
        spoken = _cut(row["languages"])
        if row["key"] not in keys or not row["part"]:
            detail = (
                f"There is no publication '{row['key']}'{near(row['key'], keys)}"
                if row["part"]
                else "The part is missing"
            )
            raise Problem("LIB_001", file=file, line=line, field="key" if row["part"] else "part", detail=detail)
        for code in spoken:
            if code not in languages:
                raise Problem(
                    "LIB_001", file=file, line=line, field="languages", detail=f"'{code}' is no language of the list"
                )
        found.append(Part(row["key"], row["part"], spoken, row["note"]))
    return tuple(found)


@cache
def words() -> dict[str, dict[str, Word]]:
    """Return, for each column, its words with their groups and meanings.

    Examples
    --------
    >>> words()["languages"]["km"].meaning
    'Khmer'
    """
    path = content.PUBLICATION_WORDS
    return read_words(content.read_text(path), content.relative(path))


@cache
def load() -> tuple[Publication, ...]:
    """Return the catalogue, newest first; works without a year come last, and within a year the order is that of titles.

    Examples
    --------
    >>> load()[0].year, load()[-1].year
    ('2023', '')
    """
    path = content.PUBLICATIONS
    found = read(content.read_text(path), words(), content.relative(path))
    return tuple(sorted(sorted(found, key=lambda one: one.title.casefold()), key=lambda one: one.year, reverse=True))


@cache
def parts() -> tuple[Part, ...]:
    """Return the editions that have other languages than the whole, in the order of the file."""
    path = content.PUBLICATION_PARTS
    keys = [one.key for one in load()]
    return read_parts(content.read_text(path), keys, words()["languages"], content.relative(path))


def values(facet: str, publications: Iterable[Publication] | None = None) -> tuple[str, ...]:
    """Return the values that occur in a facet, in the order of the vocabulary (years: newest first); ``none`` last.

    Raises
    ------
    Problem
        ``LIB_002`` if there is no such facet.

    Examples
    --------
    >>> values("year")[:2]
    ('2023', '2022')
    """
    if facet not in FACETS:
        raise Problem("LIB_002", facet=facet, near=near(facet, FACETS), known=", ".join(FACETS))
    used = {word for one in (load() if publications is None else publications) for word in one.words[facet]}
    order = (
        sorted(used - {NONE}, reverse=True) if facet == "year" else [word for word in words()[facet] if word in used]
    )
    return (*order, NONE) if NONE in used else tuple(order)


def select(chosen: Mapping[str, str], publications: Sequence[Publication] | None = None) -> tuple[Publication, ...]:
    """Return the publications that have every chosen value.

    Parameters
    ----------
    chosen : mapping of str to str
        Facet and value; an empty value chooses nothing.
    publications : sequence of Publication, optional
        Else the whole catalogue.

    Raises
    ------
    Problem
        ``LIB_002`` for an unknown facet, ``LIB_003`` for a value that does not occur in it.

    Examples
    --------
    >>> [one.year for one in select({"topics": "at sea", "countries": "KHM"})]
    ['2014']
    """
    among = load() if publications is None else tuple(publications)
    for facet, value in chosen.items():
        known = values(facet)
        if value and value not in known:
            raise Problem("LIB_003", value=value, facet=facet, near=near(value, known))
    return tuple(one for one in among if all(not value or value in one.words[facet] for facet, value in chosen.items()))


def counts(facet: str, chosen: Mapping[str, str] | None = None) -> dict[str, int]:
    """Return how many publications each value of a facet would show, given what is chosen in the *other* facets.

    Examples
    --------
    >>> counts("languages", {"topics": "mentoring"})["sq"]
    1
    """
    others = {name: value for name, value in (chosen or {}).items() if name != facet}
    left = select(others)
    return {value: sum(value in one.words[facet] for one in left) for value in values(facet)}


def groups(facet: str) -> dict[str, tuple[str, ...]]:
    """Return the groups of a column with their words, in the order of the vocabulary.

    Examples
    --------
    >>> groups("populations")["People at sea"]
    ('fishers', 'seafarers')
    """
    found: dict[str, tuple[str, ...]] = {}
    for value, word in words()[facet].items():
        found[word.group] = (*found.get(word.group, ()), value)
    return found


def gap_map(*, grouped: bool = False) -> dict[tuple[str, str], int]:
    """Return how many publications have each pair of a topic and a population the work is about; readers are left out.

    Every topic and every population of the vocabulary is there, so that a gap is a zero and not a hole.

    Parameters
    ----------
    grouped : bool
        Whether to count groups of topics and of populations: works that have at least one word of each.

    Examples
    --------
    >>> gap_map()["at sea", "fishers"], gap_map(grouped=True)["Men, women and work", "People at sea"]
    (4, 4)
    """

    def sets(facet: str) -> dict[str, set[str]]:
        every = {group: set(found) for group, found in groups(facet).items() if group != READERS}
        return every if grouped else {word: {word} for found in every.values() for word in found}

    topics, people = sets("topics"), sets("populations")
    return {
        (topic, group): sum(
            not topics[topic].isdisjoint(one.words["topics"]) and not people[group].isdisjoint(one.words["populations"])
            for one in load()
        )
        for topic in topics
        for group in people
    }


def timeline(publications: Sequence[Publication] | None = None) -> dict[int, int]:
    """Return how many publications each year has, years without any included; works without a year are left out."""
    years = [int(one.year) for one in (load() if publications is None else publications) if one.year]
    return {year: years.count(year) for year in range(min(years), max(years) + 1)} if years else {}
