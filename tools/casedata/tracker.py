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
