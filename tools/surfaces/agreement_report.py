"""Ratings of a room: read from a table, and told in words."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tools.casedata.agreement import CASES_FEW, Agreement, measure
from tools.errors import Problem, in_file, near
from tools.surfaces.told import Told

COLUMNS: Final = ("case", "rater", "rating")


def read(path: str | Path, sheet: str = "") -> Agreement:
    """Return how far the raters of a file agree.

    Raises
    ------
    Problem
        As :func:`tools.surfaces.data_reader.read`; ``DAT_050`` for a missing column, ``AGR_001``, ``AGR_002``.
    """
    from tools.surfaces import data_reader

    opened = data_reader.read(path, sheet=sheet)
    names = opened.frame.columns
    with in_file(opened.name):
        for column in COLUMNS:
            if column not in names:
                raise Problem("DAT_050", column=column, near=near(column, names))
        rows = opened.frame.select(COLUMNS).drop_nulls().rows()
        return measure([(str(case).strip(), str(rater).strip(), str(rating).strip()) for case, rater, rating in rows])


def example() -> Agreement:
    """Return the agreement of the made-up ratings of the book."""
    from tools import content

    return read(content.EXAMPLES / "ratings-made-up.csv")


def text(found: Agreement) -> Told:
    """Return in words how far raters agree, and on which cases they part."""
    name = "Cohen's kappa" if found.method == "cohen" else "Fleiss' kappa"
    lines = [
        f"{found.raters} raters, {found.cases} cases. Pairs of raters agree in {100 * found.share:.0f} of 100.",
    ]
    if found.kappa is None:
        lines.append(f"{name} has no value: everybody said the same throughout, and chance alone could do that.")
    else:
        interval = f" (95 in 100: {found.low:.2f} to {found.high:.2f})" if found.low is not None else ""
        lines.append(f"{name}: {found.kappa:.2f}{interval}. 1 is full agreement, 0 is what chance gives.")
    if found.cases < CASES_FEW:
        lines.append(f"Fewer than {CASES_FEW} cases: take the figure as a beginning of a talk.")
    if found.left_out:
        lines.append(f"Not counted, since not everybody rated them: {', '.join(found.left_out)}.")
    parted = [one for one in found.by_case if not one.agreed]
    if parted:
        lines += ["", "Where people part, the most divided first:"]
        lines += [f"- {one.case}: " + ", ".join(f"{answer} {n}" for answer, n in one.answers) for one in parted]
    same = [one.case for one in found.by_case if one.agreed]
    if same:
        lines += ["", f"All agree on: {', '.join(same)}."]
    lines += ["", "Agreement is not truth: a room can be wrong together."]
    return Told(lines)
