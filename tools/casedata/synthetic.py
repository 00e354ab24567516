"""Made-up cases to learn and to test with. They follow no real person, and every row says so.

The numbers come from simple rules of ours and a seed. They are no finding, and nothing may be read from them about
people. The dates lie in years to come, so that no row can be somebody's.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Iterator
from typing import Final

from tools.casedata.matrix import PLAN_AREAS
from tools.casedata.service_tracker import COLUMNS as SERVICE_COLUMNS
from tools.casedata.tracker import COLUMNS, MOMENTS

CASES: Final = 60
SEED: Final = 36
_FIRST_INTAKE: Final = dt.date(2091, 1, 8)
_LAST_DAY: Final = dt.date(2094, 12, 31)
# Steps begin low where a person has just come out of exploitation; these are guesses to make a lively example.
_START: Final = dict.fromkeys(PLAN_AREAS, 1.6) | {"safety": 2.0, "housing": 2.1, "case_management": 2.6}


def reintegration_rows(cases: int = CASES, seed: int = SEED) -> Iterator[dict[str, str]]:
    """Yield the rows of a case tracker with made-up cases, over 36 months.

    Parameters
    ----------
    cases : int
    seed : int
        The same seed gives the same rows.

    Yields
    ------
    dict
        Cells by the columns of :data:`tools.casedata.tracker.COLUMNS`, as text.

    Examples
    --------
    >>> row = next(reintegration_rows())
    >>> row["case_code"], row["synthetic"], row["intake_on"][:4]
    ('SYNTHETIC-01', 'synthetic', '2091')
    """
    chance = random.Random(seed)  # noqa: S311 - an example, no secret
    for number in range(1, cases + 1):
        yield from _case(f"SYNTHETIC-{number:02}", chance)


def _case(code: str, chance: random.Random) -> Iterator[dict[str, str]]:
    intake = _FIRST_INTAKE + dt.timedelta(days=chance.randrange(0, 520))
    groups = {
        "sex": chance.choices(("woman", "man", "other"), (52, 44, 4))[0],
        "age_group": chance.choices(("adult", "child"), (9, 1))[0],
        "exploitation": chance.choices(
            ("labour", "sea", "domestic", "sexual", "crime", "marriage"), (28, 16, 18, 22, 11, 5)
        )[0],
    }
    level = {area: _START[area] + chance.gauss(0, 0.6) for area in PLAN_AREAS}
    pace = chance.uniform(0.015, 0.07)
    contact = "in_contact"
    for moment in MOMENTS:
        day = intake + dt.timedelta(days=round(moment * 30.44) + (chance.randrange(-12, 13) if moment else 0))
        if day > _LAST_DAY or contact != "in_contact":
            return
        if moment and chance.random() < 0.06:
            continue  # a look that did not happen
        contact = _contact(moment, chance)
        yield from _looks(code, intake, day, moment, contact, groups, level, chance)
        for area in PLAN_AREAS:  # on the whole upwards, with setbacks
            level[area] += pace * 14 * chance.uniform(0.2, 1.4) - (0.9 if chance.random() < 0.09 else 0)


def _contact(moment: int, chance: random.Random) -> str:
    if moment == 0:
        return "in_contact"
    ends = {"completed": 0.12 if moment >= 18 else 0.0, "moved": 0.025, "declined": 0.05, "lost": 0.055}
    drawn = chance.random()
    for end, likely in ends.items():
        if drawn < likely:
            return end
        drawn -= likely
    return "in_contact"


def _looks(
    code: str, intake: dt.date, day: dt.date, moment: int, contact: str, groups: dict[str, str],
    level: dict[str, float], chance: random.Random,
) -> Iterator[dict[str, str]]:  # fmt: skip
    stage = "crisis" if moment < 3 else "transition" if moment < 12 else "inclusion"
    for view in ("person", "service"):
        if contact == "lost" and view == "person":
            continue  # nobody could ask
        tilt = 0.25 if view == "service" else 0.0
        row = dict.fromkeys((column.name for column in COLUMNS), "")
        row |= {
            "case_code": code, "intake_on": intake.isoformat(), "review_on": day.isoformat(), "seen_by": view,
            "stage": stage, "contact": contact, **groups, "synthetic": "synthetic",
        }  # fmt: skip
        if contact in ("in_contact", "completed"):
            for area in PLAN_AREAS:
                if chance.random() > 0.04:
                    row[area] = str(min(4, max(1, round(level[area] + tilt + chance.gauss(0, 0.35)))))
        yield row


def reintegration_csv(cases: int = CASES, seed: int = SEED) -> str:
    """Return the rows as CSV; ``data/examples/reintegration-sample.csv`` is this, and a test compares the two."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, [column.name for column in COLUMNS], lineterminator="\n")
    writer.writeheader()
    writer.writerows(reintegration_rows(cases, seed))
    return stream.getvalue()


def service_rows(cases: int = CASES, seed: int = SEED) -> Iterator[dict[str, str]]:
    """Yield the rows of a service tracker with made-up requests of the same made-up cases.

    Examples
    --------
    >>> row = next(service_rows())
    >>> row["case_code"], row["synthetic"]
    ('SYNTHETIC-01', 'synthetic')
    """
    chance = random.Random(seed + 1)  # noqa: S311 - an example, no secret
    starts = {row["case_code"]: dt.date.fromisoformat(row["intake_on"]) for row in reintegration_rows(cases, seed)}
    for code, intake in starts.items():
        for area in PLAN_AREAS:
            for _ in range(chance.choices((0, 1, 2), (35, 50, 15))[0]):
                asked = intake + dt.timedelta(days=chance.randrange(2, 500))
                outcome = chance.choices(
                    ("received", "waiting", "declined", "unavailable", "elsewhere"), (60, 10, 10, 14, 6)
                )[0]
                received = outcome == "received"
                began = asked + dt.timedelta(days=chance.randrange(1, 75))
                yield {
                    "case_code": code, "area": area, "asked_on": asked.isoformat(), "outcome": outcome,
                    "began_on": began.isoformat() if received else "",
                    "met_need": chance.choices(("yes", "no", "unknown"), (65, 25, 10))[0] if received else "",
                    "synthetic": "synthetic",
                }  # fmt: skip


def service_csv(cases: int = CASES, seed: int = SEED) -> str:
    """Return the requests as CSV; ``data/examples/reintegration-services-sample.csv`` is this."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, [column.name for column in SERVICE_COLUMNS], lineterminator="\n")
    writer.writeheader()
    writer.writerows(service_rows(cases, seed))
    return stream.getvalue()
