"""Estimating how many people no list holds: two lists, and multiple systems estimation.

Lists of the same people, made by different bodies in one period, overlap. From the overlap a model guesses how many
people stand on none. The guess hangs on assumptions that the data cannot prove; :mod:`tools.casedata.estimate_checks`
says them aloud. Method: log-linear Poisson models as described by Silverman (2020) and, for pairs of lists that never
meet, by Chan, Silverman and Vincent (2021).
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

from tools.errors import Problem

if TYPE_CHECKING:
    pass

PEOPLE: Final = "people"
"""The column that counts people; every other column is a list, with 1 for "stands on it"."""
MOST_LISTS: Final = 8
MOST_MODELS: Final = 1024
LEVEL: Final = 0.95
THRESHOLD: Final = 0.02
"""A pair enters the stepwise model below this probability; Silverman and others chose it by simulation."""

Pair = tuple[str, str]

# --- The table of overlaps --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overlap:
    """How many people stand on which lists.

    Attributes
    ----------
    lists : tuple of str
        Names of the lists.
    people : Mapping of frozenset of str to int
        People by the lists they stand on, and on no other. What is not named is zero.

    Raises
    ------
    Problem
        ``EST_001`` to ``EST_003`` if the table cannot be used.

    Examples
    --------
    >>> table = Overlap(("police", "shelter"), {frozenset({"police"}): 70, frozenset({"police", "shelter"}): 30})
    >>> table.total, table.on("police"), table.both("police", "shelter")
    (100, 100, 30)
    """

    lists: tuple[str, ...]
    people: Mapping[frozenset[str], int] = field(hash=False)

    def __post_init__(self) -> None:
        if not 2 <= len(set(self.lists)) <= MOST_LISTS or len(set(self.lists)) != len(self.lists):
            raise Problem("EST_001", lists=len(self.lists), most=MOST_LISTS)
        for history, count in self.people.items():
            if not history or not history <= set(self.lists):
                raise Problem("EST_002", history="+".join(sorted(history)) or "no list at all")
            if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                raise Problem("EST_003", value=count, history="+".join(sorted(history)))
        if not self.total:
            raise Problem("EST_004")

    @property
    def total(self) -> int:
        """People on at least one list."""
        return sum(self.people.values())

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Every pair of lists."""
        return tuple(combinations(self.lists, 2))

    def on(self, name: str) -> int:
        """Return how many people stand on a list."""
        return sum(count for history, count in self.people.items() if name in history)

    def both(self, one: str, other: str) -> int:
        """Return how many people stand on both of two lists."""
        return sum(count for history, count in self.people.items() if {one, other} <= history)

    def histories(self) -> tuple[frozenset[str], ...]:
        """Return every history that can be seen, also those of nobody."""
        flags = product((1, 0), repeat=len(self.lists))
        return tuple(
            frozenset(name for name, flag in zip(self.lists, row, strict=True) if flag) for row in flags if any(row)
        )

    def merged(self, one: str, other: str, name: str) -> Overlap:
        """Return the table with two lists made into one, as when both belong to one chain of referral."""
        people: dict[frozenset[str], int] = {}
        for history, count in self.people.items():
            new = (history - {one, other}) | ({name} if history & {one, other} else set())
            people[new] = people.get(new, 0) + count
        return Overlap((*(each for each in self.lists if each not in (one, other)), name), people)


def read(text: str, name: str = "") -> Overlap:
    r"""Read a table of overlaps from CSV: one column a list (1 or 0), and the column ``people``.

    Raises
    ------
    Problem
        ``EST_001`` to ``EST_006``, with the line.

    Examples
    --------
    >>> read("A,B,people\n1,0,10\n0,1,8\n1,1,4\n").total
    22
    """
    rows = csv.DictReader(io.StringIO(text))
    heads = [head.strip() for head in rows.fieldnames or ()]
    if PEOPLE not in heads:
        raise Problem("EST_005", file=name or None, column=PEOPLE)
    lists = tuple(head for head in heads if head != PEOPLE)
    people: dict[frozenset[str], int] = {}
    try:
        for line, row in enumerate(rows, 2):
            cells = {str(head).strip(): (value or "").strip() for head, value in row.items() if isinstance(value, str)}
            wrong = next((head for head in lists if cells.get(head) not in ("0", "1")), None)
            if wrong is not None or not cells.get(PEOPLE, "").isdecimal():
                column = wrong or PEOPLE
                raise Problem("EST_006", file=name or None, line=line, column=column, value=cells.get(column, ""))
            history = frozenset(head for head in lists if cells[head] == "1")
            people[history] = people.get(history, 0) + int(cells[PEOPLE])
    except csv.Error as error:
        raise Problem("EST_007", file=name or None, detail=error) from None
    if not people.get(frozenset()):
        people.pop(frozenset(), None)
    return Overlap(lists, people)


def of_keys(lists: Mapping[str, Iterable[str]]) -> Overlap:
    """Count the overlap of lists of linkage keys; one key is one person.

    Examples
    --------
    >>> of_keys({"police": ["a", "b"], "shelter": ["b", "c", "c"]}).both("police", "shelter")
    1
    """
    where: dict[str, set[str]] = {}
    for name, keys in lists.items():
        for key in keys:
            where.setdefault(key, set()).add(name)
    people: dict[frozenset[str], int] = {}
    for names in where.values():
        people[frozenset(names)] = people.get(frozenset(names), 0) + 1
    return Overlap(tuple(lists), people)


# --- Two lists --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Estimate:
    """An estimate of how many people there are, those on a list included.

    Attributes
    ----------
    total : float
        The estimate, in people; infinite where no overlap was seen.
    low, high : float
        Limits of the interval.
    observed : int
        People on at least one list.
    """

    total: float
    low: float
    high: float
    observed: int

    @property
    def unseen(self) -> float:
        """People on no list, by the estimate."""
        return self.total - self.observed


def lincoln_petersen(first: int, second: int, both: int) -> float:
    """Return the estimate of Lincoln and Petersen from two lists: ``first * second / both``.

    Parameters
    ----------
    first, second : int
        People on each list.
    both : int
        People on both.

    Examples
    --------
    >>> lincoln_petersen(100, 100, 20)
    500.0
    """
    _two_lists(first, second, both)
    return first * second / both if both else math.inf


def chapman(first: int, second: int, both: int, level: float = LEVEL) -> Estimate:
    """Return Chapman's estimate, which is finite and less biased when the overlap is small.

    The interval is normal, with the variance of Seber and Wittes; it never goes below the people seen. It knows nothing
    of dependence between the lists, which is the larger error.

    Parameters
    ----------
    first, second, both : int
        People on each list, and on both.
    level : float
        Confidence level.

    Raises
    ------
    Problem
        ``EST_008`` if the overlap is larger than a list.

    Examples
    --------
    >>> found = chapman(100, 100, 20)
    >>> round(found.total, 1), round(found.low), round(found.high)
    (484.8, 324, 646)
    """
    _two_lists(first, second, both)
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    reach = _z(level) * math.sqrt(variance)
    observed = first + second - both
    return Estimate(total, max(float(observed), total - reach), total + reach, observed)


def _two_lists(first: int, second: int, both: int) -> None:
    if not 0 <= both <= min(first, second):
        raise Problem("EST_008", first=first, second=second, both=both)


def _z(level: float) -> float:
    if not 0.5 <= level < 1:
        raise Problem("EST_009", level=level)
    return NormalDist().inv_cdf((1 + level) / 2)
