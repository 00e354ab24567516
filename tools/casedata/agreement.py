"""How far people agree who look at the same cases: share, Cohen's and Fleiss' kappa, and where they part.

Sources of the methods: Cohen 1960 for two raters, Fleiss 1971 for more. The interval is a percentile bootstrap over
cases: it says how far the figure could move if other cases like these had been taken.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tools.errors import Problem

#: Draws of the bootstrap; fixed, with a seed, so that the same ratings give the same interval.
DRAWS: Final = 2000
SEED: Final = 20261125
#: Fewer cases, and the interval says more than the figure; our limit.
CASES_FEW: Final = 10


@dataclass(frozen=True)
class Parted:
    """One case, and what raters said of it, the most frequent answer first."""

    case: str
    answers: tuple[tuple[str, int], ...]

    @property
    def agreed(self) -> bool:
        """Whether all said the same."""
        return len(self.answers) == 1


@dataclass(frozen=True)
class Agreement:
    """How far raters agree.

    Attributes
    ----------
    method : str
        ``cohen`` for two raters, ``fleiss`` for more.
    raters, cases : int
    left_out : tuple of str
        Cases that not everybody rated; they are not counted.
    share : float
        Pairs of raters that agree on a case, by all pairs.
    kappa : float or None
        Agreement beyond chance; None where everybody always said the same, so that chance explains it all.
    low, high : float or None
        The interval of 95 in 100.
    by_case : tuple of Parted
        The most divided first.
    """

    method: str
    raters: int
    cases: int
    left_out: tuple[str, ...]
    share: float
    kappa: float | None
    low: float | None
    high: float | None
    by_case: tuple[Parted, ...]


def cohen(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa of two raters; each pair is one case.

    >>> cohen([("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15)
    0.4
    """
    total = len(pairs)
    same = sum(one == two for one, two in pairs) / total
    first, second = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    chance = sum(first[code] * second[code] for code in first) / total**2
    return None if chance == 1 else round((same - chance) / (1 - chance), 12)


def fleiss(rows: Sequence[Sequence[int]]) -> float | None:
    """Return Fleiss' kappa.

    Parameters
    ----------
    rows : sequence of sequences of int
        For each case how many raters chose each answer; every row has the same sum.

    >>> fleiss([[3, 0], [0, 3]])
    1.0
    """
    raters = sum(rows[0])
    pairs = raters * (raters - 1)
    observed = sum((sum(n * n for n in row) - raters) / pairs for row in rows) / len(rows)
    shares = [sum(row[column] for row in rows) / (len(rows) * raters) for column in range(len(rows[0]))]
    chance = sum(share * share for share in shares)
    return None if abs(1 - chance) < 1e-12 else round((observed - chance) / (1 - chance), 12)


def measure(ratings: Iterable[tuple[str, str, str]]) -> Agreement:
    """Measure how far raters agree.

    Parameters
    ----------
    ratings : iterable of (case, rater, answer)

    Raises
    ------
    Problem
        ``AGR_001`` for fewer than two raters or two cases that all rated, ``AGR_002`` for a case rated twice by one.
    """
    found: dict[str, dict[str, str]] = {}
    for case, rater, answer in ratings:
        if rater in found.setdefault(case, {}):
            raise Problem("AGR_002", case=case, rater=rater)
        found[case][rater] = answer
    raters = sorted({rater for one in found.values() for rater in one})
    whole = {case: one for case, one in found.items() if len(one) == len(raters)}
    if len(raters) < 2 or len(whole) < 2:
        raise Problem("AGR_001", raters=len(raters), cases=len(whole))
    codes = sorted({answer for one in whole.values() for answer in one.values()})
    table = {case: [Counter(one.values())[code] for code in codes] for case, one in whole.items()}
    pairs = len(raters) * (len(raters) - 1)
    share = sum((sum(n * n for n in row) - len(raters)) / pairs for row in table.values()) / len(table)
    kappa = _kappa(list(whole.values()), list(table.values()), raters)
    low, high = _interval(list(whole.values()), list(table.values()), raters)
    by_case = tuple(
        Parted(case, tuple(Counter(one.values()).most_common()))
        for case, one in sorted(whole.items(), key=lambda pair: (max(Counter(pair[1].values()).values()), pair[0]))
    )
    left = tuple(sorted(set(found) - set(whole)))
    method = "cohen" if len(raters) == 2 else "fleiss"
    return Agreement(method, len(raters), len(whole), left, share, kappa, low, high, by_case)


def _kappa(answers: Sequence[Mapping[str, str]], rows: Sequence[Sequence[int]], raters: Sequence[str]) -> float | None:
    if len(raters) == 2:
        return cohen([(one[raters[0]], one[raters[1]]) for one in answers])
    return fleiss(rows)


def _interval(
    answers: Sequence[Mapping[str, str]], rows: Sequence[Sequence[int]], raters: Sequence[str]
) -> tuple[float | None, float | None]:
    dice = random.Random(SEED)  # noqa: S311 - a bootstrap, no secret
    drawn = []
    for _ in range(DRAWS):
        picked = [dice.randrange(len(rows)) for _ in rows]
        value = _kappa([answers[n] for n in picked], [rows[n] for n in picked], raters)
        if value is not None:  # a draw in which all say one thing has no kappa
            drawn.append(value)
    if len(drawn) < DRAWS / 2:
        return None, None
    drawn.sort()
    return drawn[int(0.025 * len(drawn))], drawn[int(0.975 * len(drawn)) - 1]
