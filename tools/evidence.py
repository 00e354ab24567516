"""What stands behind the book: its sources, and the figures it shows.

A reference is read from ``book/references.bib``, a figure from ``data/statistics/``. Both are read when first asked
for and then kept, so that importing this module costs nothing.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from tools import content
from tools.errors import Problem, near

if TYPE_CHECKING:
    from pathlib import Path

    from pybtex.database import BibliographyData, Entry

COLUMNS: Final = (
    "indicator",
    "geography",
    "year",
    "value",
    "unit",
    "population",
    "source_key",
    "url",
    "confidence",
    "note",
)
"""The columns of a file of figures, in their order."""

PRINTABLE: Final = ("seen", "computed")
"""How a figure may be known and still be printed: read in its source, or calculated from figures that were."""

_MISSING: Final = {
    "indicator": "the name of the figure is missing (column indicator)",
    "geography": "the place is missing (column geography)",
    "year": "the year is missing (column year)",
    "value": "the value is missing (column value); leave the row out if nothing was reported",
    "unit": "the unit is missing (column unit), for example persons or decisions",
    "population": "the population is missing (column population): who or what was counted",
    "source_key": "the source is missing (column source_key): a key of book/references.bib",
    "url": "the address of the page that was read is missing (column url)",
    "confidence": "it does not say how the figure is known (column confidence)",
}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SUPPRESSED = re.compile(r"[<≤]\s?\d+")


# --- Sources ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """One entry of the bibliography, as plain text.

    Attributes
    ----------
    key : str
        The citation key.
    author, year, title, publisher, url, note : str
        As printed; empty where the entry has none. ``publisher`` is the journal, institution or website where the
        entry has no publisher. ``author`` may be empty: some works name none.
    """

    key: str
    author: str
    year: str
    title: str
    publisher: str
    url: str
    note: str

    @property
    def text(self) -> str:
        """The whole reference: author (year). Title. Publisher. Address."""
        lead = f"{self.author} ({self.year})" if self.author else f"{self.title} ({self.year})"
        parts = [lead, self.title if self.author else "", self._publisher, self.note]
        sentences = " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
        return f"{sentences} {self.url}".strip()

    @property
    def _publisher(self) -> str:
        return "" if self.publisher == self.author else self.publisher


def reference(key: str) -> Reference:
    """Return the bibliography's entry for a citation key.

    Raises
    ------
    Problem
        ``EVI_001`` if there is no such entry; the message offers the nearest key.

    Examples
    --------
    >>> reference("coe2005convention").year
    '2005'
    """
    entries = _bibliography().entries
    if key not in entries:
        raise Problem("EVI_001", key=key, near=near(key, entries.keys()))
    entry = entries[key]
    return Reference(
        key=key,
        author=_people(entry, first_names=True),
        year=_field(entry, "year"),
        title=_field(entry, "title"),
        publisher=_publisher(entry),
        url=_raw(entry, "url"),
        note=_field(entry, "note"),
    )


@cache
def short(key: str) -> str:
    """Return author and year, as in running text.

    Raises
    ------
    Problem
        ``EVI_001`` if there is no such entry.

    Examples
    --------
    >>> short("coe2005convention")
    'Council of Europe 2005'
    """
    whole = reference(key)
    return f"{_people(_bibliography().entries[key], first_names=False) or whole.title} {whole.year}"


@cache
def _bibliography() -> BibliographyData:
    from pybtex.database.input.bibtex import Parser

    data: BibliographyData = Parser().parse_string(content.read_text(content.BIBLIOGRAPHY))
    return data


def _raw(entry: Entry, name: str) -> str:
    return str(entry.fields.get(name, "")).strip()


def _field(entry: Entry, name: str) -> str:
    """Return a field with its braces and LaTeX accents resolved."""
    from pybtex.richtext import Text

    return str(Text.from_latex(_raw(entry, name))).strip()


def _publisher(entry: Entry) -> str:
    """Return who published it; for an article the journal with volume, number and pages."""
    journal = _field(entry, "journal")
    if journal:
        number = _field(entry, "volume") + (f"({_field(entry, 'number')})" if _field(entry, "number") else "")
        return ", ".join(part for part in (f"{journal} {number}".strip(), _field(entry, "pages")) if part)
    return next(filter(None, (_field(entry, name) for name in ("publisher", "institution", "howpublished"))), "")


def _people(entry: Entry, *, first_names: bool) -> str:
    """Return the authors, or else the editors: all of them with first names, or as many as running text bears."""
    from pybtex.richtext import Text

    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = []
    for person in people:
        last = [*person.prelast_names, *person.last_names, *person.lineage_names]
        parts = [*person.first_names, *person.middle_names, *last] if first_names else last
        names.append(str(Text.from_latex(" ".join(parts))))
    if not first_names and len(names) > 2:
        return f"{names[0]} and others"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


# --- Figures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """One number with everything a reader needs to judge it.

    Attributes
    ----------
    indicator : str
        What it is a figure of, for example ``"potential victims referred"``.
    geography : str
        The place.
    year : int
        The calendar year.
    value : int, float or None
        The number; ``None`` where the source withholds a small count.
    text : str
        The value as written, for example ``"<5"``.
    suppressed : bool
        True where the source withholds the number. It is not zero.
    unit : str
        What one of it is: persons, decisions, per cent.
    population : str
        Who or what was counted, and by whom.
    source_key : str
        Key of the source in the bibliography.
    url : str
        The page that was read.
    confidence : str
        ``"seen"`` or ``"computed"``.
    note : str
        What a reader must know beside; may be empty.
    row : int
        Its line in the file, for messages.
    """

    indicator: str
    geography: str
    year: int
    value: int | float | None
    text: str
    suppressed: bool
    unit: str
    population: str
    source_key: str
    url: str
    confidence: str
    note: str
    row: int


def statistics(name: str) -> tuple[Figure, ...]:
    """Return the figures of ``data/statistics/<name>.csv``, in the order of the file.

    Parameters
    ----------
    name : str
        The file's name without its ending.

    Raises
    ------
    Problem
        ``EVI_002`` if there is no such file, ``EVI_003`` if a row lacks something or repeats another.

    Examples
    --------
    >>> figure = statistics("referred-and-identified")[0]
    >>> figure.geography, figure.year, figure.unit
    ('Serbia', 2015, 'persons')
    """
    return _statistics(content.STATISTICS / f"{name}.csv")


@cache
def _statistics(path: Path) -> tuple[Figure, ...]:
    if not path.is_file():
        known = sorted(file.stem for file in content.STATISTICS.glob("*.csv"))
        raise Problem("EVI_002", id=path.stem, near=near(path.stem, known))
    try:
        text = content.read_text(path)
    except UnicodeDecodeError:
        raise _bad(path, 1, "the file is not UTF-8 text; save it as CSV UTF-8") from None
    return read_figures(text, path)


def read_figures(text: str, path: Path) -> tuple[Figure, ...]:
    """Read and check the text of a file of figures.

    Parameters
    ----------
    text : str
        The file: a header line with :data:`COLUMNS`, then one figure a line.
    path : Path
        Where it lies, for messages.

    Raises
    ------
    Problem
        ``EVI_003``: the file, the row, and what is missing.
    """
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    figures: list[Figure] = []
    seen: dict[tuple[str, str, int], int] = {}
    try:
        header = tuple(next(lines, ()))
        if header != COLUMNS:
            raise _bad(path, 1, f"the first line must be {','.join(COLUMNS)}")
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            row = lines.line_num
            if len(cells) != len(COLUMNS):
                detail = f"it has {len(cells)} cells where {len(COLUMNS)} belong; put a text with commas in quotes"
                raise _bad(path, row, detail)
            figure = _figure(dict(zip(COLUMNS, map(str.strip, cells), strict=True)), path, row)
            name = (figure.indicator, figure.geography, figure.year)
            if name in seen:
                raise _bad(path, row, f"the figure stands already in row {seen[name]}")
            seen[name] = row
            figures.append(figure)
    except csv.Error as error:
        raise _bad(path, lines.line_num, f"it cannot be read as CSV ({error})") from None
    return tuple(figures)


def _figure(cells: dict[str, str], path: Path, row: int) -> Figure:
    for column, detail in _MISSING.items():
        if not cells[column]:
            raise _bad(path, row, detail)
    if not re.fullmatch(r"\d{4}", cells["year"]):
        raise _bad(path, row, f"the year '{cells['year']}' is not four digits")
    suppressed = bool(_SUPPRESSED.fullmatch(cells["value"]))
    if not suppressed and not _NUMBER.fullmatch(cells["value"]):
        detail = f"the value '{cells['value']}' is neither a plain number (no commas or spaces) nor withheld, as in <5"
        raise _bad(path, row, detail)
    if not cells["url"].startswith(("https://", "http://")):
        raise _bad(path, row, f"the address '{cells['url']}' does not begin with https:// or http://")
    if cells["confidence"] not in PRINTABLE:
        raise _bad(
            path,
            row,
            f"the confidence is '{cells['confidence']}'; a figure is shown only after it was "
            "read in its source ('seen') or calculated from such figures ('computed')",
        )
    try:
        reference(cells["source_key"])
    except Problem as problem:
        raise _bad(path, row, f"{problem.what[0].lower()}{problem.what[1:].rstrip('.')}") from None
    return Figure(
        indicator=cells["indicator"],
        geography=cells["geography"],
        year=int(cells["year"]),
        value=None if suppressed else _number(cells["value"]),
        text=cells["value"],
        suppressed=suppressed,
        unit=cells["unit"],
        population=cells["population"],
        source_key=cells["source_key"],
        url=cells["url"],
        confidence=cells["confidence"],
        note=cells["note"],
        row=row,
    )


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _bad(path: Path, row: int, detail: str) -> Problem:
    return Problem("EVI_003", file=content.relative(path), line=row, detail=detail)
