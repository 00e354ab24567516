"""The service tracker: what was asked for, area by area, what became of it, and how long it took.

One row of the table is one request of one case. What is counted is cases, not requests, so that a person who asked five
times does not look like five people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from tools.casedata import columns as cols
from tools.casedata import disclosure
from tools.casedata.matrix import AREAS, PLAN_AREAS
from tools.casedata.tally import Cell, Tally, line, titled, two_parts
from tools.casedata.tracker import MARK
from tools.errors import Problem

OUTCOMES: Final[dict[str, str]] = {
    "received": "Received",
    "waiting": "Waiting",
    "declined": "Declined by the person",
    "unavailable": "Not available",
    "elsewhere": "Received elsewhere",
}
"""What became of a request, after the code list of an open case management system (Primero)."""
MET: Final[dict[str, str]] = {"yes": "Yes", "no": "No", "unknown": "Not known"}

COLUMNS: Final = (
    cols.Column("case_code", "a code of your own making, such as A-17", cols.code),
    cols.choice_column("area", {area: AREAS[area] for area in PLAN_AREAS}),
    cols.day_column("asked_on"),
    cols.choice_column("outcome", OUTCOMES),
    cols.day_column("began_on", needed=False, blank=True),
    cols.choice_column("met_need", MET, needed=False, blank=True),
    cols.choice_column("synthetic", MARK, needed=False, blank=True),
)
"""The columns of the table."""


@dataclass(frozen=True)
class Request:
    """One request of one case for help in an area.

    Attributes
    ----------
    case, area : str
    asked, began : date; ``began`` may be None
    outcome : str
        Code of :data:`OUTCOMES`.
    met : str or None
        Whether it met its purpose, as the person says: code of :data:`MET`.
    row : int
    """

    case: str
    area: str
    asked: dt.date
    outcome: str
    began: dt.date | None
    met: str | None
    row: int


@dataclass(frozen=True)
class Requests:
    """All requests of a table, by date; ``synthetic`` says whether they are made up."""

    all: tuple[Request, ...]
    synthetic: bool = False


def check(frame: Any) -> tuple[Problem, ...]:
    """Return everything that is wrong with a table, in the order of its rows."""
    return _read(frame)[1]


def read(frame: Any) -> Requests:
    """Return the requests of a table.

    Parameters
    ----------
    frame : pandas, Polars or PyArrow frame, or any other that narwhals takes; or a Table
        One row for each request: the columns of :data:`COLUMNS`.

    Raises
    ------
    Problem
        The first of what :func:`check` finds: ``CAS_010`` to ``CAS_019``, with row, column, reason and remedy.
    """
    found, problems = _read(frame)
    if problems:
        raise problems[0]
    return found


def _read(frame: Any) -> tuple[Requests, tuple[Problem, ...]]:
    problems: list[Problem] = []
    table = cols.table_of(frame)
    found: list[Request] = []
    synthetic = False
    for number, values in cols.rows(table, COLUMNS, problems):
        synthetic = synthetic or bool(values["synthetic"])
        began = values["began_on"]
        if began and began < values["asked_on"]:
            problems.append(
                Problem(
                    "CAS_014", file=table.file, row=number, column="began_on", value=began,
                    detail=f"it is before the request on {values['asked_on']}", wanted="the day on which it began",
                )
            )  # fmt: skip
        else:
            found.append(
                Request(
                    values["case_code"], values["area"], values["asked_on"], values["outcome"], began,
                    values["met_need"], number,
                )
            )  # fmt: skip
    problems.sort(key=lambda one: int(str(one.fields.get("row", 0))))
    return Requests(tuple(sorted(found, key=lambda one: one.asked)), synthetic), tuple(problems)


def outcomes(requests: Requests, *, threshold: int = disclosure.THRESHOLD) -> Tally:
    """Return what became of the latest request of each case, area by area.

    Returns
    -------
    Tally
        Columns: area, cases that asked, then each outcome. No column is summed: one case may ask in several areas.
    """
    rows = []
    for area, latest in _latest(requests.all).items():
        counts = dict.fromkeys(OUTCOMES, 0)
        for one in latest:
            counts[one.outcome] += 1
        rows.append(line(AREAS[area], tuple(counts.values()), threshold))
    return Tally(
        titled("What became of requests, by area", synthetic=requests.synthetic), ("Area", "Cases", *OUTCOMES.values()),
        tuple(rows), "Cases, each by its latest request in the area.",
        "What nobody asks for is not in it: people stop asking for what is never there.", threshold,
    )  # fmt: skip


def purpose_met(requests: Requests, *, threshold: int = disclosure.THRESHOLD) -> Tally:
    """Return in how many cases a service that was received met its purpose, and how long the person waited.

    Returns
    -------
    Tally
        Columns: area, cases with a yes or a no, yes, no, share in per cent, median days from request to beginning.
        The median is hidden where it rests on fewer cases than the threshold.
    """
    rows: list[tuple[Cell, ...]] = []
    for area, latest in _latest(one for one in requests.all if one.outcome == "received").items():
        said = [one.met for one in latest]
        waits = [(one.began - one.asked).days for one in latest if one.began]
        days = None if 0 < len(waits) < threshold else float(median(waits)) if waits else ""
        rows.append((*two_parts(AREAS[area], said.count("yes"), said.count("no"), threshold), days))
    return Tally(
        titled("Whether services met their purpose", synthetic=requests.synthetic),
        ("Area", "Cases asked", "Met the need", "Did not", "Per cent", "Median days to begin"), tuple(rows),
        "Cases that received a service, each by its latest one in the area.",
        "Half of the cases waited longer than the median.", threshold,
    )  # fmt: skip


def _latest(requests: Iterable[Request]) -> Mapping[str, list[Request]]:
    """Return the latest request of each case, by area, in the order of the areas."""
    found: dict[tuple[str, str], Request] = {}
    for one in requests:
        found[one.area, one.case] = one
    by_area: dict[str, list[Request]] = {}
    for area in PLAN_AREAS:
        latest = [one for (where, _), one in found.items() if where == area]
        if latest:
            by_area[area] = latest
    return by_area
