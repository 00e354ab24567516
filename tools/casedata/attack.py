"""The attack on a published table: solve for what is hidden, as a reader with a computer would.

A table is a list of numbers and the sums that hold between them: a total is the sum of its parts, whether it is
printed beside them, in another table, or on another page. What is hidden is unknown; linear programming gives the
lowest and the highest value that each unknown can have. A hidden number is safe if its range is wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from tools.casedata import disclosure
from tools.errors import Problem

Sum = tuple[int, tuple[int, ...]]
"""The place of a total, and the places of its parts."""
CELLS_MAX: Final = 4_000
_CLOSE: Final = 1e-6


@dataclass(frozen=True)
class Attack:
    """What an attack found.

    Attributes
    ----------
    ranges : dict of int to tuple
        For each hidden place, the lowest and the highest value that it can have; infinity where there is no limit.
    width : int
        How many values must be possible.
    """

    ranges: dict[int, tuple[float, float]]
    width: int

    @property
    def bare(self) -> tuple[int, ...]:
        """Places whose range is too narrow."""
        return tuple(at for at, (low, high) in sorted(self.ranges.items()) if high - low + 1 < self.width)

    @property
    def exact(self) -> tuple[int, ...]:
        """Places that are given away to the last person."""
        return tuple(at for at, (low, high) in sorted(self.ranges.items()) if high - low < 1)

    @property
    def safe(self) -> bool:
        """Whether nothing is given away."""
        return not self.bare


def sums(rows: int, columns: int) -> tuple[Sum, ...]:
    """Return the sums of a two-way table whose last row and last column are totals, numbered row by row.

    >>> sums(1, 2)
    ((2, (0, 1)), (5, (3, 4)), (3, (0,)), (4, (1,)), (5, (2,)))
    """
    wide = columns + 1
    lines = [(row * wide + columns, tuple(row * wide + at for at in range(columns))) for row in range(rows + 1)]
    stacks = [(rows * wide + at, tuple(row * wide + at for row in range(rows))) for at in range(wide)]
    return (*lines, *stacks)


def solve(
    values: Sequence[int | None], equations: Sequence[Sum], *, width: int = disclosure.THRESHOLD, slack: int = 0,
    least: int = 1,
) -> Attack:  # fmt: skip
    """Attack a table.

    Parameters
    ----------
    values : sequence of (int or None)
        Every number of the table, totals too; ``None`` is hidden.
    equations : sequence of Sum
    width : int
        How many values each hidden number must be able to have.
    slack : int
        For a rounded table: how far each printed number may lie from the true one. All numbers count as unknown then.
    least : int
        What a hidden number is at least: 1 where zeros are printed.

    Returns
    -------
    Attack

    Raises
    ------
    Problem
        ``DAT_060`` for a table that is too large or that cannot be true.
    """
    import numpy as np
    from scipy.optimize import linprog  # type: ignore[import-untyped]
    from scipy.sparse import lil_matrix  # type: ignore[import-untyped]

    size = len(values)
    if size > CELLS_MAX:
        raise Problem("DAT_060", detail=f"it has {size:,} numbers; at most {CELLS_MAX:,} are attacked")
    unknown = [at for at, value in enumerate(values) if value is None or slack]
    if not unknown:
        return Attack({}, width)
    place = {at: number for number, at in enumerate(unknown)}
    matrix = lil_matrix((len(equations), len(unknown)))
    right = np.zeros(len(equations))
    for line, (total, parts) in enumerate(equations):
        for at, sign in ((total, -1.0), *((part, 1.0) for part in parts)):
            if at in place:
                matrix[line, place[at]] += sign
            else:
                right[line] -= sign * float(values[at] or 0)
    limits = [_limits(values[at], slack, least) for at in unknown]
    ready = matrix.tocsr()
    ranges: dict[int, tuple[float, float]] = {}
    for at in unknown:
        ends = []
        for sign in (1.0, -1.0):
            aim = np.zeros(len(unknown))
            aim[place[at]] = sign
            found = linprog(aim, A_eq=ready, b_eq=right, bounds=limits, method="highs")
            if found.status == 3:
                ends.append(inf)
            elif found.status == 0:
                ends.append(float(found.fun) * sign)
            else:
                raise Problem("DAT_060", detail="its numbers contradict each other")
        ranges[at] = (float(np.ceil(ends[0] - _CLOSE)), float(np.floor(ends[1] + _CLOSE)))
    return Attack(ranges, width)


def _limits(value: int | None, slack: int, least: int) -> tuple[float, float | None]:
    if value is None:
        return (least, None)
    return (max(0, value - slack), value + slack)


def suppress(
    values: Sequence[int], equations: Sequence[Sum], threshold: int = disclosure.THRESHOLD
) -> tuple[int | None, ...]:
    """Hide small numbers and whatever would give them away, in a table of any shape, or in several linked ones.

    For a two-way table :func:`tools.casedata.disclosure.suppress` hides less; this one takes any sums, and asks the
    attack itself after every step.

    Parameters
    ----------
    values : sequence of int
        Every number, totals too.
    equations : sequence of Sum
    threshold : int
        Numbers from 1 to ``threshold - 1`` are hidden, and each can then have at least ``threshold`` values.

    Returns
    -------
    tuple of (int or None)

    Raises
    ------
    Problem
        ``CAS_004`` for a threshold below 3; ``DAT_060`` for sums that do not hold.

    Examples
    --------
    >>> suppress([30, 2, 9, 14, 55], [(4, (0, 1, 2, 3))])
    (30, None, None, 14, 55)
    """
    if threshold < 3:
        raise Problem("CAS_004", value=threshold)
    for total, parts in equations:
        if values[total] != sum(values[part] for part in parts):
            raise Problem("DAT_060", detail="a total is not the sum of its parts")
    hidden = {at for at, value in enumerate(values) if 0 < value < threshold}
    totals = {total for total, _ in equations}
    while True:
        shown = tuple(None if at in hidden else value for at, value in enumerate(values))
        bare = solve(shown, equations, width=threshold).bare
        if not bare:
            return shown
        found = [
            (at in totals, value, at)
            for total, parts in equations
            if {total, *parts} & set(bare)
            for at, value in ((one, values[one]) for one in (total, *parts))
            if at not in hidden and value > 0
        ]
        if not found:
            # Nothing is left beside it: hide what hangs together with what is hidden already.
            found = [(at in totals, value, at) for at, value in enumerate(values) if at not in hidden and value > 0]
        if not found:
            return tuple(None if value else 0 for value in values)
        hidden.add(min(found)[2])


def round_randomly(values: Sequence[int], base: int, seed: int) -> tuple[int, ...]:
    """Round each number up or down to a multiple of a base, so that the expected value is the number itself.

    Totals are rounded on their own: they need not add up, and that is said beside the table.

    >>> round_randomly([0, 3, 7], 3, seed=1)
    (0, 3, 6)
    """
    import random

    if base < 3:
        raise Problem("DAT_053", value=base, what="the base", wanted="a whole number, 3 or more")
    dice = random.Random(seed)  # noqa: S311 - the seed stays with whoever publishes
    return tuple(value - value % base + base * (dice.random() < value % base / base) for value in values)
