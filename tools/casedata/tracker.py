"""The case tracker: many plans over their reviews, seen by the person and by the service.

One row of the table is one look at one case from one side. Whoever looks gives each area a step from 1 (far away) to 4
(it is there), as the reintegration plan does. From it come a view of one case for the worker, and counts of many cases
for a report; in those, small numbers are hidden.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from tools.casedata import columns as cols
from tools.casedata import disclosure
from tools.casedata.matrix import AREAS, PLAN_AREAS, STAGES
from tools.casedata.tally import Cell, Tally, line, titled, two_parts
from tools.errors import Problem, near

VIEWS: Final[dict[str, str]] = {"person": "The person", "service": "The service"}
CONTACT: Final[dict[str, str]] = {
    "in_contact": "In contact",
    "completed": "Closed as planned",
    "moved": "Moved to another service",
    "declined": "Help no longer wanted",
    "lost": "Not reachable",
    "other": "Ended otherwise",
}
"""Where the case stands at a look. All but the first end it."""
GROUPS: Final[dict[str, dict[str, str]]] = {
    "sex": {"woman": "Women", "man": "Men", "other": "Other", "not_said": "Not said"},
    "age_group": {"adult": "Adults", "child": "Children", "in_doubt": "Age in doubt"},
    "exploitation": {
        "labour": "Labour", "sea": "Labour at sea", "domestic": "Domestic work", "sexual": "Sexual exploitation",
        "crime": "Forced crime", "marriage": "Forced marriage", "other": "Other", "not_said": "Not said",
    },
}  # fmt: skip
"""Columns by which counts may be broken down; each may be left out."""
MARK: Final[dict[str, str]] = {"synthetic": "Made up"}

COLUMNS: Final = (
    cols.Column("case_code", "a code of your own making, such as A-17", cols.code),
    cols.day_column("intake_on"),
    cols.day_column("review_on"),
    cols.choice_column("seen_by", VIEWS),
    cols.choice_column("stage", STAGES, blank=True),
    cols.choice_column("contact", CONTACT),
    *(cols.choice_column(name, known, needed=False, blank=True) for name, known in GROUPS.items()),
    *(cols.Column(area, "1, 2, 3 or 4, or nothing", cols.score, needed=False, blank=True) for area in PLAN_AREAS),
    cols.choice_column("synthetic", MARK, needed=False, blank=True),
)
"""The columns of the table. An area that nobody looks at is left out."""

MOMENTS: Final = (0, 3, 6, 12, 18, 24, 36)
"""Months since intake at which cases are compared; a look counts for the moment it is closest to."""
REVIEW_DAYS: Final = 92
"""A case in contact without a look for longer is overdue. Our limit, the same as in the reintegration plan."""
_MONTH: Final = 30.4375  # days


@dataclass(frozen=True)
class Review:
    """One look at one case from one side.

    Attributes
    ----------
    case : str
    intake, on : date
    view : str
        Code of :data:`VIEWS`.
    stage : str or None
    contact : str
        Code of :data:`CONTACT`.
    scores : mapping
        Area -> 1 to 4; areas that were not looked at are not in it.
    groups : mapping
        Column of :data:`GROUPS` -> code.
    row : int
        Its row in the table.
    """

    case: str
    intake: dt.date
    on: dt.date
    view: str
    stage: str | None
    contact: str
    scores: Mapping[str, int]
    groups: Mapping[str, str]
    row: int

    @property
    def months(self) -> float:
        """Months since intake."""
        return (self.on - self.intake).days / _MONTH

    @property
    def situation(self) -> str | None:
        """``stable``, ``in_progress`` or ``critical`` by our rule; ``None`` where nothing was looked at.

        Critical: safety or housing at 1, or two areas at 1. Stable: a mean of 3 or more and no area at 1. The rule is a
        proposal of ours, for a caseload; it is no measure of a person.
        """
        if not self.scores:
            return None
        lowest = [area for area, step in self.scores.items() if step == 1]
        if len(lowest) >= 2 or {"safety", "housing"} & set(lowest):
            return "critical"
        mean = sum(self.scores.values()) / len(self.scores)
        return "stable" if mean >= 3 and not lowest else "in_progress"


SITUATIONS: Final[dict[str, str]] = {"critical": "Critical", "in_progress": "In progress", "stable": "Stable"}


@dataclass(frozen=True)
class Cases:
    """All looks of a tracker.

    Attributes
    ----------
    reviews : tuple of Review
        By case and date.
    synthetic : bool
        Whether the cases are made up; every table and chart of them says so.
    """

    reviews: tuple[Review, ...]
    synthetic: bool = False

    @cached_property
    def by_case(self) -> Mapping[str, tuple[Review, ...]]:
        """The looks of each case, in the order of their dates."""
        found: dict[str, list[Review]] = {}
        for review in self.reviews:
            found.setdefault(review.case, []).append(review)
        return {case: tuple(looks) for case, looks in found.items()}

    @cached_property
    def last_day(self) -> dt.date:
        """The day of the latest look."""
        return max(review.on for review in self.reviews)

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas that were looked at, in their order."""
        used = {area for review in self.reviews for area in review.scores}
        return tuple(area for area in PLAN_AREAS if area in used)


def check(frame: Any) -> tuple[Problem, ...]:
    """Return everything that is wrong with a table, in the order of its rows.

    Parameters
    ----------
    frame
        As for :func:`read`.
    """
    return _read(frame)[1]


def read(frame: Any) -> Cases:
    """Return the looks of a table.

    Parameters
    ----------
    frame : pandas, Polars or PyArrow frame, or any other that narwhals takes; or a Table
        One row for each look: the columns of :data:`COLUMNS`. Files are read by ``tools.surfaces.tracker_files``.

    Raises
    ------
    Problem
        The first of what :func:`check` finds: ``CAS_010`` to ``CAS_019``, with row, column, reason and remedy.

    Examples
    --------
    >>> import pandas
    >>> cases = read(pandas.DataFrame({"case_code": ["A-1"], "intake_on": ["2026-01-05"], "review_on": ["2026-04-06"],
    ...                                "seen_by": ["person"], "stage": ["transition"], "contact": ["in_contact"],
    ...                                "housing": [3]}))
    >>> round(cases.reviews[0].months, 1), cases.reviews[0].scores
    (3.0, {'housing': 3})
    """
    found, problems = _read(frame)
    if problems:
        raise problems[0]
    return found


def _read(frame: Any) -> tuple[Cases, tuple[Problem, ...]]:
    problems: list[Problem] = []
    table = cols.table_of(frame)
    reviews: list[Review] = []
    synthetic = False
    for number, values in cols.rows(table, COLUMNS, problems):
        synthetic = synthetic or bool(values["synthetic"])
        if values["review_on"] < values["intake_on"]:
            problems.append(
                Problem(
                    "CAS_014", file=table.file, row=number, column="review_on", value=values["review_on"],
                    detail=f"it is before the intake on {values['intake_on']}", wanted="the day of the look",
                )
            )  # fmt: skip
            continue
        reviews.append(
            Review(
                values["case_code"], values["intake_on"], values["review_on"], values["seen_by"], values["stage"],
                values["contact"], {area: values[area] for area in PLAN_AREAS if values[area] is not None},
                {name: values[name] for name in GROUPS if values[name] is not None}, number,
            )
        )  # fmt: skip
    problems += _contradictions(reviews, table.file)
    problems.sort(key=lambda one: int(str(one.fields.get("row", 0))))
    return Cases(tuple(sorted(reviews, key=lambda one: (one.case, one.on, one.view))), synthetic), tuple(problems)


def _contradictions(reviews: Iterable[Review], file: str | None) -> list[Problem]:
    """Return rows that say the same thing twice, or one thing in two ways."""
    problems: list[Problem] = []
    looks: dict[tuple[str, dt.date, str], int] = {}
    facts: dict[tuple[str, str], tuple[object, int]] = {}
    for one in reviews:
        first = looks.setdefault((one.case, one.on, one.view), one.row)
        if first != one.row:
            problems.append(Problem("CAS_015", file=file, row=one.row, other=first))
        # Both sides of one look must agree on where the case stands; the facts of a case never change.
        said: dict[str, object] = {"intake_on": one.intake, **one.groups, f"contact@{one.on}": one.contact}
        for name, value in said.items():
            other, row = facts.setdefault((one.case, name), (value, one.row))
            if other != value:
                problems.append(
                    Problem(
                        "CAS_016", file=file, row=one.row, column=name.partition("@")[0], value=value, other=other,
                        other_row=row,
                    )
                )  # fmt: skip
    return problems


# --- one case, for its worker -----------------------------------------------------------------------------------------


def one_case(cases: Cases, code: str) -> Tally:
    """Return the way of one case: areas against dates, the person's step beside the service's.

    It is for the worker of the case. Nothing in it is hidden, so it is no table for a report.

    Raises
    ------
    Problem
        ``CAS_003`` if there is no such case.
    """
    if code not in cases.by_case:
        raise Problem("CAS_003", column="case", value=code, near=near(code, cases.by_case), known="a code of the table")
    looks = cases.by_case[code]
    days = sorted({look.on for look in looks})
    at = {(look.on, look.view): look for look in looks}

    def cell(day: dt.date, area: str) -> str:
        steps = [at[day, view].scores.get(area) if (day, view) in at else None for view in VIEWS]
        if steps == [None, None]:
            return ""
        both = " / ".join("–" if step is None else str(step) for step in steps)
        return f"{both} !" if None not in steps and abs(steps[0] - steps[1]) >= 2 else both  # type: ignore[operator]

    areas = [area for area in PLAN_AREAS if any(area in look.scores for look in looks)]
    last = {look.on: look for look in looks}
    rows: list[tuple[Cell, ...]] = [(AREAS[area], *(cell(day, area) for day in days)) for area in areas]
    rows.append(("Contact", *(CONTACT[last[day].contact] for day in days)))
    return Tally(
        titled(f"Case {code}", synthetic=cases.synthetic), ("Area", *(day.isoformat() for day in days)), tuple(rows),
        "Steps from 1 (far away) to 4 (it is there): the person's / the service's.",
        "An exclamation mark stands where the two are two steps or more apart: talk about that first.", 0,
    )  # fmt: skip


def overdue(cases: Cases, as_of: dt.date, days: int = REVIEW_DAYS) -> tuple[tuple[str, dt.date, int], ...]:
    """Return the cases in contact whose last look is too long ago, the longest first: code, day, days since.

    Parameters
    ----------
    cases : Cases
    as_of : date
    days : int
        The limit; 92 by itself, which is ours.
    """
    last = {case: looks[-1] for case, looks in cases.by_case.items()}
    found = [
        (case, look.on, (as_of - look.on).days)
        for case, look in last.items()
        if look.contact == "in_contact" and (as_of - look.on).days > days
    ]
    return tuple(sorted(found, key=lambda one: -one[2]))


# --- many cases, for a report -----------------------------------------------------------------------------------------


def cohort(
    cases: Cases, area: str = "", *, view: str = "person", moments: Sequence[int] = MOMENTS,
    threshold: int = disclosure.THRESHOLD,
) -> Tally:  # fmt: skip
    """Return how many cases are well on their way, by months since their intake.

    Parameters
    ----------
    cases : Cases
    area : str
        An area: counted are cases at step 3 or 4. Without one: cases that our rule calls stable.
    view : str
        Whose steps: ``person`` or ``service``.
    moments : sequence of int
        Months since intake. A look counts for the closest one; of several looks of a case the closest counts.
    threshold : int
        Smaller counts are hidden.

    Returns
    -------
    Tally
        Columns: moment, cases seen, well on their way, not yet, share in per cent. Cases that are not seen any more are
        not in a later row; :func:`attrition` shows how many.

    Raises
    ------
    Problem
        ``CAS_003`` for an area or a view that is not known, ``CAS_004`` for the threshold.
    """
    well = _well(area, view)
    chosen: dict[int, dict[str, Review]] = {moment: {} for moment in moments}
    for look in cases.reviews:
        if look.view != view or well(look) is None:
            continue
        moment = min(moments, key=lambda one: abs(look.months - one))
        best = chosen[moment].get(look.case)
        if best is None or abs(look.months - moment) <= abs(best.months - moment):
            chosen[moment][look.case] = look
    rows = tuple(_row(f"Month {moment}", looks.values(), well, threshold) for moment, looks in chosen.items())
    title = titled(f"{_measured(area)}, by months since intake", synthetic=cases.synthetic)
    return Tally(title, _heads("Moment", area), rows, _unit(view), _FEWER, threshold)


def trend(
    cases: Cases, area: str = "", *, view: str = "person", every: str = "quarter",
    threshold: int = disclosure.THRESHOLD,
) -> Tally:  # fmt: skip
    """Return how many cases are well on their way, by calendar year or quarter; of each case the last look counts.

    Parameters and columns are those of :func:`cohort`; ``every`` is ``quarter`` or ``year``. Quarters without a look
    between the first and the last stand with zero.
    """
    well = _well(area, view)
    if every not in ("quarter", "year"):
        raise Problem("CAS_003", column="period", value=every, near="", known="quarter, year")
    chosen: dict[tuple[int, int], dict[str, Review]] = {}
    for look in cases.reviews:  # by date, so a later look takes the place of an earlier one
        if look.view == view and well(look) is not None:
            chosen.setdefault(_period(look.on, every), {})[look.case] = look
    rows: list[tuple[Cell, ...]] = []
    if chosen:
        period, last = min(chosen), max(chosen)
        while period <= last:
            year, part = period
            name = f"{year} Q{part}" if every == "quarter" else str(year)
            rows.append(_row(name, chosen.get(period, {}).values(), well, threshold))
            period = (year, part + 1) if every == "quarter" and part < 4 else (year + 1, min(part, 1))
    title = titled(f"{_measured(area)}, by {every}", synthetic=cases.synthetic)
    return Tally(title, _heads("Period", area), tuple(rows), _unit(view), _FEWER, threshold)


_FEWER: Final = "A share of those who were seen: people who stayed away may be better or worse off."


def _period(day: dt.date, every: str) -> tuple[int, int]:
    return (day.year, (day.month + 2) // 3 if every == "quarter" else 0)


def _well(area: str, view: str) -> Callable[[Review], bool | None]:
    if view not in VIEWS:
        raise Problem("CAS_003", column="view", value=view, near=near(view, VIEWS), known=", ".join(VIEWS))
    if area and area not in PLAN_AREAS:
        raise Problem("CAS_003", column="area", value=area, near=near(area, PLAN_AREAS), known=", ".join(PLAN_AREAS))

    def well(look: Review) -> bool | None:
        if area:
            return look.scores[area] >= 3 if area in look.scores else None
        return None if look.situation is None else look.situation == "stable"

    return well


def _measured(area: str) -> str:
    return f"{AREAS[area]}: much is there, or all of it" if area else "Situation stable by our rule"


def _heads(first: str, area: str) -> tuple[str, ...]:
    return (first, "Cases seen", "At step 3 or 4" if area else "Stable", "Not yet", "Per cent")


def _unit(view: str) -> str:
    return f"Cases, as seen by {VIEWS[view].lower()}."


def _row(name: str, looks: Iterable[Review], well: Callable[[Review], bool | None], limit: int) -> tuple[Cell, ...]:
    found = [bool(well(look)) for look in looks]
    return two_parts(name, sum(found), len(found) - sum(found), limit)


def attrition(
    cases: Cases, as_of: dt.date | None = None, *, moments: Sequence[int] = MOMENTS,
    threshold: int = disclosure.THRESHOLD,
) -> Tally:  # fmt: skip
    """Return what became of the cases, by months since their intake.

    Parameters
    ----------
    cases : Cases
    as_of : date, optional
        Until when the table was kept; the day of the latest look if left out. A case is in a row only if that many months
        had passed by then, so that young cases do not look like lost ones.
    moments, threshold
        As for :func:`cohort`.

    Returns
    -------
    Tally
        Columns: moment, cases, in contact, ways to end, and cases in contact on paper without a look since the moment
        before (not seen). Each row is a whole of its own.
    """
    until = as_of or cases.last_day
    rows = []
    for at, moment in enumerate(moments):
        counts = dict.fromkeys(_BECAME.values(), 0)
        late = (moment + moments[at + 1]) / 2 if at + 1 < len(moments) else moment + 6  # closest to this moment
        early = (moment + moments[at - 1]) / 2 if at else -1.0
        for looks in cases.by_case.values():
            if (until - looks[0].intake).days / _MONTH < moment:
                continue
            known = [look for look in looks if look.months < late and look.on <= until]
            state = known[-1].contact if known else "unseen"
            if state == "in_contact" and known[-1].months < early:
                state = "unseen"
            counts[_BECAME[state]] += 1
        rows.append(line(f"Month {moment}", tuple(counts.values()), threshold))
    return Tally(
        titled("What became of the cases, by months since intake", synthetic=cases.synthetic),
        ("Moment", "Cases", *dict.fromkeys(_BECAME.values())), tuple(rows), "Cases whose intake was long enough ago.",
        "Every row counts other cases, since younger ones are not in the later rows.", threshold,
    )  # fmt: skip


_BECAME: Final = {
    "in_contact": "In contact",
    "completed": "Closed as planned, or handed over",
    "moved": "Closed as planned, or handed over",
    "declined": "Help no longer wanted, or other end",
    "other": "Help no longer wanted, or other end",
    "lost": "Not reachable",
    "unseen": "Not seen",
}
"""Ways to end, in few groups: many columns would hide more than they show."""


def two_views(cases: Cases, *, threshold: int = disclosure.THRESHOLD) -> Tally:
    """Return how the person's view and the service's differ at the last look that has both, area by area.

    Returns
    -------
    Tally
        Columns: area, cases with both views, the person a step or more above, the same, the service above.
    """
    rows = []
    for area in cases.areas:
        counts = [0, 0, 0]
        for looks in cases.by_case.values():
            steps: dict[dt.date, dict[str, int]] = {}
            for look in looks:
                if area in look.scores:
                    steps.setdefault(look.on, {})[look.view] = look.scores[area]
            both = [found for _, found in sorted(steps.items()) if len(found) == 2]
            if both:
                gap = both[-1]["service"] - both[-1]["person"]
                counts[(gap > 0) + (gap >= 0)] += 1
        rows.append(line(AREAS[area], counts, threshold))
    return Tally(
        titled("Two views of the same situation", synthetic=cases.synthetic),
        ("Area", "Cases", "Person sees more", "The same", "Service sees more"), tuple(rows), "Cases.",
        "The person's view is not corrected. A gap is a reason to talk.", threshold,
    )  # fmt: skip


def caseload(
    cases: Cases, rows: str = "stage", columns: str = "sex", *, threshold: int = disclosure.THRESHOLD
) -> Tally:
    """Return how many cases there are, by two groups, as known at the last look.

    Parameters
    ----------
    cases : Cases
    rows, columns : str
        ``stage``, ``contact``, or a column of :data:`GROUPS`.
    threshold : int

    Returns
    -------
    Tally
        A table with totals; small cells are hidden, and others with them, so that no total gives them away.
    """
    known = {"stage": STAGES, "contact": CONTACT, **GROUPS}
    for name in (rows, columns):
        if name not in known:
            raise Problem("CAS_003", column="group", value=name, near=near(name, known), known=", ".join(known))
    counts: dict[tuple[str, str], int] = {}
    for looks in cases.by_case.values():
        pair = (_group(looks, rows), _group(looks, columns))
        counts[pair] = counts.get(pair, 0) + 1
    down = [code for code in (*known[rows], "") if any(code == one for one, _ in counts)]
    across = [code for code in (*known[columns], "") if any(code == other for _, other in counts)]
    shown = disclosure.suppress([[counts.get((one, other), 0) for other in across] for one in down], threshold)
    lines: list[tuple[Cell, ...]] = [
        (known[rows].get(code, "Not given"), *cells, total)
        for code, cells, total in zip(down, shown.cells, shown.row_totals, strict=True)
    ]
    lines.append(("All", *shown.column_totals, shown.total))
    names = {"age_group": "age", "exploitation": "form of exploitation"}
    title = f"Cases by {names.get(rows, rows)} and {names.get(columns, columns)}"
    return Tally(
        titled(title, synthetic=cases.synthetic),
        ("", *(known[columns].get(code, "Not given") for code in across), "All"), tuple(lines), "Cases.",
        "As known at the last look.", threshold,
    )  # fmt: skip


def _group(looks: Sequence[Review], name: str) -> str:
    """Return a group of a case: what was said last."""
    said = (getattr(look, name) if name in ("stage", "contact") else look.groups.get(name) for look in reversed(looks))
    return next((value for value in said if value), "")
