"""The monitoring matrix: indicators for plans and services, each with where it can be seen and how it is known.

The rows are data (``data/reintegration-indicators.csv``), which people who do not code may edit. A row is no list of an
authority: its status says whether it follows an instrument that was read, or was worded here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from tools import content
from tools.errors import Problem, near

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS: Final = (
    "id", "stage", "area", "label", "outcome", "indicator", "means", "frequency", "source", "status",
)  # fmt: skip
"""The columns of the file, in their order."""

STAGES: Final[dict[str, str]] = {"crisis": "Crisis", "transition": "Transition", "inclusion": "Inclusion"}
"""Stages by code, in their order. A row that fits every stage says ``all`` in the file."""

AREAS: Final[dict[str, str]] = {
    "housing": "Housing",
    "physical_health": "Physical health",
    "mental_health": "Mental health",
    "economic": "Work and money",
    "education_training": "Education and training",
    "safety": "Safety",
    "legal_status": "Papers and stay",
    "legal_proceedings": "Legal proceedings",
    "family": "Family",
    "social_community": "Friends and community",
    "case_management": "Case management",
    "child_protection": "Child protection",
    "programme": "The programme as a whole",
}
"""Areas by code, in their order. The first eleven are those of the reintegration plan."""

PLAN_AREAS: Final = tuple(AREAS)[:11]
"""Areas in which one person's situation can be seen."""

STATUSES: Final[dict[str, str]] = {
    "seen": "Read in the source",
    "composed": "Our wording",
    "known": "Common practice, not read again",
}
"""How a row is known, by code."""

_ID: Final = re.compile(r"[a-z][a-z_]*_[0-9]{2}")
_LABEL_MAX: Final = 60


@dataclass(frozen=True)
class Indicator:
    """One row of the matrix.

    Attributes
    ----------
    id : str
        Stable for ever, for example ``housing_06``.
    stages : tuple of str
        Codes of :data:`STAGES`; all of them where the row fits any stage.
    area : str
        Code of :data:`AREAS`.
    label : str
        A few words, to pick it by.
    outcome : str
        What it is a sign of.
    indicator : str
        What is counted, asked or looked at.
    means : tuple of str
        Where it can be seen (means of verification).
    frequency : str
        How often it is looked at; a suggestion.
    sources : tuple of str
        Keys of the bibliography.
    status : str
        Code of :data:`STATUSES`.
    row : int
        Its line in the file, for messages.
    """

    id: str
    stages: tuple[str, ...]
    area: str
    label: str
    outcome: str
    indicator: str
    means: tuple[str, ...]
    frequency: str
    sources: tuple[str, ...]
    status: str
    row: int


def load() -> tuple[Indicator, ...]:
    """Return the whole matrix, in the order of the file.

    Raises
    ------
    Problem
        ``CAS_001`` or ``CAS_002``: the file, the row, and what is wrong.

    Examples
    --------
    >>> row = load()[5]
    >>> row.id, row.label
    ('housing_06', 'The person feels safe at home')
    """
    return _load(content.INDICATORS)


@cache
def _load(path: Path) -> tuple[Indicator, ...]:
    return read(content.read_text(path), content.relative(path))


def pick(
    stage: str | Collection[str] = (), area: str | Collection[str] = (), status: str | Collection[str] = ()
) -> tuple[Indicator, ...]:
    """Return the rows that fit a stage, an area and a status; what is left out fits everything.

    Parameters
    ----------
    stage, area, status : str or collection of str
        One code or several of :data:`STAGES`, :data:`AREAS`, :data:`STATUSES`. Rows for every stage fit each of them.

    Raises
    ------
    Problem
        ``CAS_003`` for a code that is not known.

    Examples
    --------
    >>> [row.id for row in pick("crisis", "mental_health", "seen")]
    ['mental_health_04']
    """
    stages = _codes(stage, STAGES, "stage")
    areas = _codes(area, AREAS, "area")
    statuses = _codes(status, STATUSES, "status")
    return tuple(
        row for row in load()
        if (not stages or stages & set(row.stages))
        and (not areas or row.area in areas)
        and (not statuses or row.status in statuses)
    )  # fmt: skip


def _codes(given: str | Collection[str], known: Collection[str], column: str) -> set[str]:
    codes = {given} if isinstance(given, str) else set(given)
    for code in sorted(codes - set(known)):
        raise Problem("CAS_003", column=column, value=code, near=near(code, known), known=", ".join(known))
    return codes


def read(text: str, file: str = "indicators.csv") -> tuple[Indicator, ...]:
    """Read and check the text of a matrix.

    Parameters
    ----------
    text : str
        A header line with :data:`COLUMNS`, then one indicator a line. ``stage``, ``means`` and ``source`` may hold
        several, with semicolons between them.
    file : str
        Its name, for messages.

    Raises
    ------
    Problem
        ``CAS_001`` if it is not such a table, ``CAS_002`` for a row.
    """
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[Indicator] = []
    try:
        header = tuple(next(lines, ()))
        if header != COLUMNS:
            raise Problem("CAS_001", file=file, line=1, columns=",".join(COLUMNS))
        for cells in lines:
            if any(cell.strip() for cell in cells):
                found.append(_row(cells, file, lines.line_num))
    except csv.Error as error:
        raise Problem("CAS_002", file=file, line=lines.line_num, detail=f"it cannot be read ({error})") from None
    for name in ("id", "label"):
        first: dict[str, int] = {}
        for one in found:
            value = getattr(one, name)
            if value in first:
                detail = f"its {name} '{value}' stands already in row {first[value]}"
                raise Problem("CAS_002", file=file, line=one.row, detail=detail)
            first[value] = one.row
    return tuple(found)


def _row(cells: list[str], file: str, row: int) -> Indicator:
    def bad(detail: str) -> Problem:
        return Problem("CAS_002", file=file, line=row, detail=detail)

    if len(cells) != len(COLUMNS):
        raise bad(f"it has {len(cells)} cells where {len(COLUMNS)} belong; put a text with commas in quotes")
    given = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
    for column, text in given.items():
        if not text:
            raise bad(f"'{column}' is empty")
    if not _ID.fullmatch(given["id"]) or given["id"][:-3] != given["area"]:
        raise bad(f"the id '{given['id']}' is not the area, an underscore and two digits, such as housing_06")
    for column, known in (("area", AREAS), ("status", STATUSES)):
        if given[column] not in known:
            raise bad(f"'{given[column]}' is no {column}{near(given[column], known)}; use {', '.join(known)}")
    stages = tuple(STAGES) if given["stage"] == "all" else _parts(given["stage"])
    if unknown := [one for one in stages if one not in STAGES]:
        raise bad(f"'{unknown[0]}' is no stage{near(unknown[0], STAGES)}; use all, {', '.join(STAGES)}")
    if len(given["label"]) > _LABEL_MAX:
        raise bad(f"the label is longer than {_LABEL_MAX} signs")
    return Indicator(
        given["id"], stages, given["area"], given["label"], given["outcome"], given["indicator"],
        _parts(given["means"]), given["frequency"], _parts(given["source"]), given["status"], row,
    )  # fmt: skip


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
