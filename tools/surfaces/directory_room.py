"""The example directory in a training room: what is wrong with it, who can help, what is out of date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tools import content
from tools.errors import Problem, near
from tools.services import codes
from tools.services.directory import in_areas, stale
from tools.services.model import Directory, Service
from tools.services.publish import publishable
from tools.surfaces import directory_build, directory_files
from tools.surfaces.told import Told


def example() -> directory_files.Opened:
    """Return the made-up directory of the book, as it was read."""
    return directory_files.read(content.EXAMPLES / "directory-example")


def checked(opened: directory_files.Opened, as_of: str) -> Told:
    """Return in words what a check finds, errors first.

    Parameters
    ----------
    opened : Opened
    as_of : str
        The day that counts as today.
    """
    found = sorted(
        directory_build.findings(opened, dt.date.fromisoformat(as_of)), key=lambda one: one.severity != "error"
    )
    bad = directory_build.bad_rows(found)
    warnings = sum(one.severity == "warning" for one in found)
    lines = [f"{len(opened.directory.services)} services. Rows with errors: {bad}. Warnings: {warnings}.", ""]
    return Told([*lines, *(f"- {one}" for one in found)])


def serving(opened: directory_files.Opened, kind: str, district: str, people: str = "") -> Told:
    """Return in words which services of a kind work in a district, as the public may read it.

    Parameters
    ----------
    opened : Opened
    kind, people : str
        Codes of the lists of services, such as ``shelter`` and ``men``; all people if empty.
    district : str

    Raises
    ------
    Problem
        ``DIR_067`` for a kind, a group or a district that is not there.
    """
    directory = publishable(opened.directory).directory
    kinds = {code: one.name for code, one in codes.codes("types").items()}
    groups = sorted({name for one in directory.services for name in one.attributes})
    for word, known, what in ((kind, kinds, "kind"), (district, directory.areas, "district"), (people, ["", *groups], "group")):  # fmt: skip
        if word not in known:
            raise Problem("DIR_067", what=what, found=word, near=near(word, known))
    there = [one for one in in_areas(directory, [district]) if kind in one.types and one.status == "active"]
    fit = [one for one in there if not people or one.has(people)]
    asked = f"{kinds[kind]}, {district}" + (f", for {people}" if people else "")
    lines = [f"{asked}: {len(fit)} of {len(there)} services." if there else f"{asked}: nobody."]
    lines += [_told(directory, one) for one in fit]
    if not fit:
        others = [one for one in directory.services if kind in one.types and (not people or one.has(people))]
        near_by = sorted({area for one in others for area in one.areas if one.status == "active"})
        lines.append(f"There is one in: {', '.join(near_by)}." if near_by else "There is none in any district.")
    return Told(lines)


def _told(directory: Directory, one: Service) -> str:
    numbers = ", ".join(phone.number for phone in one.phones) or "no telephone"
    always = len(one.schedules) == 7 and all(span.opens == 0 and span.closes >= 1439 for span in one.schedules)
    when = "day and night" if always else one.hours_note
    checked_on = f"checked on {one.assured_date}" if one.assured_date else "never checked"
    parts = [directory.organisation(one).name, numbers, when, one.apply.rstrip("."), checked_on]
    return f"- {one.name}: {'; '.join(part for part in parts if part)}"


def out_of_date(opened: directory_files.Opened, as_of: str) -> Told:
    """Return in words which entries have to be checked again, the oldest first.

    Parameters
    ----------
    opened : Opened
    as_of : str
        The day that counts as today.
    """
    today = dt.date.fromisoformat(as_of)
    found = stale(opened.directory, today)
    lines = [f"{len(found)} of {len(opened.directory.services)} entries have to be checked again."]
    return Told([*lines, *(f"- {one.name} ({', '.join(one.areas)}): {_age(one, today)}" for one in found)])


def _age(one: Service, today: dt.date) -> str:
    if one.assured_date is None:
        return "never checked"
    return f"checked {(today - one.assured_date).days} days ago, on {one.assured_date}"


def gaps(opened: directory_files.Opened, kinds: Sequence[str], people: str = "") -> Told:
    """Return as a grid how many running services of each kind a district has.

    Parameters
    ----------
    opened : Opened
    kinds : sequence of str
        Codes of the list of kinds.
    people : str
        Count only what takes these people, such as ``men``.
    """
    from tools.charts import Table

    directory = publishable(opened.directory).directory
    known = codes.codes("types")
    rows = []
    for area in directory.areas:
        there = [
            one for one in in_areas(directory, [area]) if one.status == "active" and (not people or one.has(people))
        ]
        rows.append((area, *(str(sum(kind in one.types for one in there)) for kind in kinds)))
    caption = "Services that are open" + (f", for {people}" if people else "")
    return Told([Table(caption, ("District", *(known[kind].name for kind in kinds)), tuple(rows))])
