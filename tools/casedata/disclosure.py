"""Small numbers in one table: hidden, and hidden so that the totals do not give them away.

A count from one to four can point to a person whom somebody knows. It is hidden, and where a total would give it back by
subtraction, a second number is hidden with it. What a reader could still work out is checked by the same arithmetic that
a reader would use: every hidden number keeps a range of possible values.

This guards one table. It does not guard two tables of the same people that are laid beside each other.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from tools.errors import Problem

THRESHOLD: Final = 5
"""Counts from one up to this, without it, are hidden. It is our default, not a law; some data protection rules ask for more."""

HIDDEN: Final = "hidden"
"""What stands in place of a hidden number. One word for all of them, or the word would tell the small ones apart."""

Shown = tuple[int | None, ...]
"""Counts; ``None`` where a count is hidden."""


class _Arc(NamedTuple):
    """A number as a flow from one sum to another: what all sums of a table allow is what a network allows."""

    start: int
    end: int
    value: int
    total: bool


@dataclass(frozen=True)
class Suppressed:
    """A table of counts that may be shown.

    Attributes
    ----------
    cells : tuple of tuple of (int or None)
        Rows of counts; ``None`` is hidden.
    row_totals, column_totals : tuple of (int or None)
    total : int or None
    threshold : int
    """

    cells: tuple[Shown, ...]
    row_totals: Shown
    column_totals: Shown
    total: int | None
    threshold: int


def suppress(counts: Sequence[Sequence[int]], threshold: int = THRESHOLD) -> Suppressed:
    """Hide the small counts of a table that is shown with its totals, and what would give them away.

    Parameters
    ----------
    counts : sequence of sequence of int
        Rows of equal length; how many people each cell counts.
    threshold : int
        Counts from 1 to ``threshold - 1`` are hidden, totals too. Zero is shown.

    Returns
    -------
    Suppressed

    Raises
    ------
    Problem
        ``CAS_004`` for a threshold below 3, ``CAS_005`` for a cell that is no count, or rows of different length.

    Notes
    -----
    A reader who knows this rule and all that is shown can narrow each hidden number down to no fewer than ``threshold``
    values. Complementary cells are chosen one path at a time, each the cheapest by the number of people hidden: the
    method is a heuristic over the network of sums of a two-way table; the check of the ranges is exact.

    Examples
    --------
    >>> suppress([[12, 3], [9, 20]]).cells
    ((None, None), (None, None))
    >>> suppress([[12, 3, 30], [9, 20, 8]]).cells
    ((None, None, 30), (None, None, 8))
    """
    rows = [list(row) for row in counts]
    _check(rows, threshold)
    width = len(rows[0]) if rows else 0
    last_row, last_column = len(rows), width
    node_of_column = len(rows) + 1
    arcs: list[_Arc] = []
    for i, row in enumerate([*rows, [sum(column) for column in zip(*rows, strict=True)]]):
        for j, value in enumerate([*row, sum(row)]):
            # A cell adds to its row and its column; a total is what they add up to, so it flows the other way.
            start, end = i, node_of_column + j
            totals = (i == last_row) + (j == last_column)
            arcs.append(_Arc(*((end, start) if totals == 1 else (start, end)), value, totals > 0))
    shown = _hide(arcs, threshold)
    table = [shown[i * (width + 1) : (i + 1) * (width + 1)] for i in range(len(rows) + 1)]
    return Suppressed(
        tuple(line[:-1] for line in table[:-1]),
        tuple(line[-1] for line in table[:-1]),
        table[-1][:-1],
        table[-1][-1],
        threshold,
    )


def suppress_line(counts: Sequence[int], threshold: int = THRESHOLD) -> tuple[Shown, int | None]:
    """Hide the small counts of one line that is shown with its total.

    Parameters
    ----------
    counts : sequence of int
        Parts of one whole.
    threshold : int

    Returns
    -------
    parts : tuple of (int or None)
    total : int or None

    Raises
    ------
    Problem
        As :func:`suppress`.

    Examples
    --------
    >>> suppress_line([30, 2, 9, 14])
    ((30, None, None, 14), 55)
    >>> suppress_line([1, 0, 1])
    ((None, 0, None), None)
    """
    _check([list(counts)], threshold)
    arcs = [*(_Arc(0, 1, value, total=False) for value in counts), _Arc(1, 0, sum(counts), total=True)]
    shown = _hide(arcs, threshold)
    return shown[:-1], shown[-1]


def _check(rows: list[list[int]], threshold: int) -> None:
    if isinstance(threshold, bool) or not isinstance(threshold, int) or threshold < 3:
        raise Problem("CAS_004", value=threshold)
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise Problem("CAS_005", row=number, detail=f"it has {len(row)} cells, the first row {len(rows[0])}")
        for value in row:
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise Problem("CAS_005", row=number, detail=f"'{value}' is no count")


# --- what a reader could work out -------------------------------------------------------------------------------------


def _hide(arcs: Sequence[_Arc], threshold: int) -> Shown:
    """Return the values, with ``None`` for those that are small and those that would give them away."""
    hidden = {at for at, arc in enumerate(arcs) if 0 < arc.value < threshold}
    need = threshold - 1  # a range this wide holds as many values as the threshold
    while True:
        bare = next((at for at in sorted(hidden) if not _wide(arcs, hidden, at, need)), None)
        if bare is None:
            return tuple(None if at in hidden else arc.value for at, arc in enumerate(arcs))
        hidden |= _cheapest_path(arcs, hidden, bare, need)


def _room(arc: _Arc, *, down: bool) -> float:
    """Return how far a hidden number could move; it is known to be at least one, since zeros are shown."""
    return arc.value - 1 if down else float("inf")


def _steps(arcs: Sequence[_Arc], node: int, use: Sequence[int]) -> list[tuple[int, int, bool]]:
    """Return (next sum, number, downwards) for every number that may move at a sum."""
    found = []
    for at in use:
        if arcs[at].start == node:
            found.append((arcs[at].end, at, False))
        elif arcs[at].end == node:
            found.append((arcs[at].start, at, True))
    return found


def _wide(arcs: Sequence[_Arc], hidden: set[int], at: int, need: int) -> bool:
    """Tell whether the values that a hidden number could have are spread over ``need`` or more."""
    others = sorted(hidden - {at})
    arc = arcs[at]
    up = _flow(arcs, others, arc.end, arc.start, need)
    if up >= need:
        return True
    down = min(_flow(arcs, others, arc.start, arc.end, need), arc.value - 1)
    return up + down >= need


def _flow(arcs: Sequence[_Arc], use: Sequence[int], source: int, sink: int, most: int) -> int:
    """Return how much more can flow from one sum to another, up to ``most``, by moving the numbers in ``use``."""
    moved = dict.fromkeys(use, 0)
    total = 0
    while total < most:
        came: dict[int, tuple[int, int, bool]] = {source: (source, -1, False)}
        waiting = deque([source])
        while waiting and sink not in came:
            node = waiting.popleft()
            for following, at, down in _steps(arcs, node, use):
                if following not in came and (not down or arcs[at].value - 1 + moved[at] > 0):
                    came[following] = (node, at, down)
                    waiting.append(following)
        if sink not in came:
            break
        node = sink
        while node != source:  # one person at a time: the numbers are small
            node, at, down = came[node][0], came[node][1], came[node][2]
            moved[at] += -1 if down else 1
        total += 1
    return total


def _cheapest_path(arcs: Sequence[_Arc], hidden: set[int], at: int, need: int) -> set[int]:
    """Return the numbers to hide so that one hidden number could be larger by ``need``.

    There always is a way: a cell, its two totals and the grand total can all be larger.
    """
    use = [one for one, arc in enumerate(arcs) if one != at and arc.value > 0]
    whole = 1 + sum(arc.value for arc in arcs)  # a total is worth more than any number of cells
    start, goal = arcs[at].end, arcs[at].start
    best: dict[int, float] = {start: 0}
    came: dict[int, tuple[int, int]] = {}
    queue: list[tuple[float, int]] = [(0, start)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node == goal:
            break
        if cost > best[node]:
            continue
        for following, one, down in _steps(arcs, node, use):
            if _room(arcs[one], down=down) < need:
                continue
            price = 0 if one in hidden else arcs[one].value + whole * arcs[one].total
            if cost + price < best.get(following, float("inf")):
                best[following] = cost + price
                came[following] = (node, one)
                heapq.heappush(queue, (cost + price, following))
    path, node = set(), goal
    while node != start:
        node, one = came[node]
        path.add(one)
    return path
