"""How many to ask: sample sizes, intervals, and people lost between rounds. Closed forms only; no survey is run here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from tools.errors import Problem

LEVEL: Final = 0.95


def _share(name: str, value: float, low: float = 0.0, high: float = 1.0) -> float:
    if not low < value < high:
        raise Problem("EST_018", name=name, value=value, wanted=f"a number between {low:g} and {high:g}")
    return value


def _whole(name: str, value: float, least: int = 1) -> float:
    if not (math.isfinite(value) and value >= least):
        raise Problem("EST_018", name=name, value=value, wanted=f"a number of {least} or more")
    return value


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + _share("level", level, 0.5)) / 2)


def sample_size(
    margin: float, share: float = 0.5, population: int | None = None, design_effect: float = 1.0,
    answering: float = 1.0, level: float = LEVEL,
) -> int:  # fmt: skip
    """Return how many to approach, so that a share is known within a margin.

    ``z² p (1 - p) / e²``, corrected for a small population, times the design effect, divided by the share that answers.

    Parameters
    ----------
    margin : float
        Half the width of the interval, as a share: 0.05 is five points.
    share : float
        The share expected; 0.5 is the most careful.
    population : int, optional
        People in all, where few; it makes the sample smaller.
    design_effect : float
        How much larger the variance is than in a simple random sample, 1 or more; see :func:`design_effect`.
    answering : float
        Share of those approached who answer.
    level : float
        Confidence level.

    Returns
    -------
    int
        Rounded up; never more than the population.

    Raises
    ------
    Problem
        ``EST_018`` if a number is out of its range.

    Examples
    --------
    >>> sample_size(0.05), sample_size(0.05, population=1000), sample_size(0.05, design_effect=2, answering=0.8)
    (385, 278, 961)
    """
    _share("margin", margin)
    _share("share", share)
    _whole("design effect", design_effect)
    _share("share that answers", answering, high=1.0 + 1e-12)
    size = _z(level) ** 2 * share * (1 - share) / margin**2
    if population is not None:
        size /= 1 + (size - 1) / _whole("population", population)
    needed = math.ceil(round(size * design_effect / answering, 9))
    return needed if population is None else min(needed, population)


def margin(asked: int, share: float = 0.5, population: int | None = None, design_effect: float = 1.0, level: float = LEVEL) -> float:  # fmt: skip
    """Return the margin that a sample gives: half the width of the interval of a share.

    Examples
    --------
    >>> round(margin(385), 4), margin(50, population=50)
    (0.0499, 0.0)
    """
    _whole("people asked", asked)
    _share("share", share)
    left = 1.0
    if population is not None:
        if population < asked:
            raise Problem("EST_018", name="population", value=population, wanted="at least the people asked")
        left = (population - asked) / (population - 1) if population > 1 else 0.0
    return _z(level) * math.sqrt(share * (1 - share) / asked * _whole("design effect", design_effect) * left)


def design_effect(per_cluster: float, likeness: float) -> float:
    """Return the design effect of a sample in clusters (Kish): ``1 + (m - 1) ρ``.

    Parameters
    ----------
    per_cluster : float
        People asked in a village, vessel or shelter.
    likeness : float
        How alike people of one cluster are: 0 not at all, 1 all the same (the intraclass correlation).

    Examples
    --------
    >>> design_effect(20, 0.05), design_effect(1, 0.9)
    (1.9500000000000002, 1.0)
    """
    _whole("people in a cluster", per_cluster)
    _share("likeness", likeness, -1e-12, 1 + 1e-12)
    return 1 + (per_cluster - 1) * likeness


def weighting_effect(weights: Sequence[float]) -> float:
    """Return the design effect of unequal weights (Kish): ``n Σw² / (Σw)²``.

    Examples
    --------
    >>> weighting_effect([1, 1, 1]), weighting_effect([1, 3])
    (1.0, 1.25)
    """
    if not weights or min(weights) <= 0 or not all(map(math.isfinite, weights)):
        raise Problem("EST_018", name="a weight", value=min(weights, default=0), wanted="numbers above zero")
    return len(weights) * math.fsum(weight**2 for weight in weights) / math.fsum(weights) ** 2


def wilson(found: int, asked: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the Wilson interval of a share; unlike the usual one it holds for few people and for none.

    Examples
    --------
    >>> tuple(round(each, 3) for each in wilson(0, 20)), tuple(round(each, 4) for each in wilson(81, 263))
    ((0.0, 0.161), (0.2553, 0.3662))
    """
    if not 0 <= found <= asked or asked < 1:
        raise Problem("EST_018", name="the count", value=f"{found} of {asked}", wanted="a count within those asked")
    return _wilson(found / asked, asked, level)


def _wilson(share: float, asked: float, level: float) -> tuple[float, float]:
    z = _z(level)
    middle = share + z * z / (2 * asked)
    reach = z * math.sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked))
    whole = 1 + z * z / asked
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


# --- Rounds -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Round:
    """One round of a study over time: its number, people still in it, and the share of the first round."""

    number: int
    people: int
    share: float


def followed(start: int, lost: Sequence[float]) -> tuple[Round, ...]:
    """Return how many people are still in a study after each round, if these shares are lost.

    Parameters
    ----------
    start : int
        People in the first round.
    lost : sequence of float
        Share lost from each round to the next.

    Examples
    --------
    >>> [each.people for each in followed(100, [0.2, 0.1, 0.1])]
    [100, 80, 72, 65]
    """
    _whole("people at the start", start)
    rounds, share = [Round(1, start, 1.0)], 1.0
    for number, part in enumerate(lost, 2):
        share *= 1 - _share("share lost", part, -1e-12)
        rounds.append(Round(number, math.floor(start * share + 0.5), share))
    return tuple(rounds)


def to_begin_with(needed: int, lost: Sequence[float]) -> int:
    """Return how many people to begin with, so that enough are left in the last round.

    Examples
    --------
    >>> to_begin_with(60, [0.2, 0.1, 0.1])
    93
    """
    share = math.prod(1 - _share("share lost", part, -1e-12) for part in lost)
    return math.ceil(round(_whole("people needed", needed) / share, 9))


def between(true_stay: float, true_leave: float, stayed: float) -> float:
    """Return how far a share is off if only those who stayed are asked, in points of a share.

    Parameters
    ----------
    true_stay, true_leave : float
        The share among those who stayed, and among those who left.
    stayed : float
        Share of people who stayed.

    Examples
    --------
    >>> round(between(0.6, 0.3, 0.65), 3)
    0.105
    """
    for name, value in (
        ("share of those who stayed", true_stay),
        ("of those who left", true_leave),
        ("stayed", stayed),
    ):
        _share(name, value, -1e-12, 1 + 1e-12)
    return true_stay - (stayed * true_stay + (1 - stayed) * true_leave)


# --- Answers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """One answer: where it was given, how many people it stands for, and whether it was yes."""

    place: str
    weight: float
    yes: bool


@dataclass(frozen=True)
class Result:
    """A share from a survey in places.

    Attributes
    ----------
    asked, places : int
    plain : float
        Share without weights.
    share, low, high : float
        Weighted share and its interval.
    effect : float
        Design effect found in the answers.
    """

    asked: int
    places: int
    plain: float
    share: float
    low: float
    high: float
    effect: float


def share_of(answers: Sequence[Answer], level: float = LEVEL) -> Result:
    """Return the weighted share of yes, with an interval that knows of the places.

    The variance is that of places drawn with replacement (linearised); the interval is Wilson's, for the answers divided
    by the design effect.

    Raises
    ------
    Problem
        ``EST_018`` if there are fewer than two places, or a weight is not above zero.
    """
    if not answers or min(answer.weight for answer in answers) <= 0:
        raise Problem("EST_018", name="a weight", value="zero or none", wanted="answers with weights above zero")
    places = {answer.place: 0.0 for answer in answers}
    if len(places) < 2:
        raise Problem("EST_018", name="the places", value=len(places), wanted="two places or more")
    total = math.fsum(answer.weight for answer in answers)
    share = math.fsum(answer.weight for answer in answers if answer.yes) / total
    for answer in answers:
        places[answer.place] += answer.weight * (answer.yes - share)
    variance = len(places) / (len(places) - 1) * math.fsum(part**2 for part in places.values()) / total**2
    chance = share * (1 - share) / len(answers)
    effect = max(variance / chance, 1 / len(answers)) if chance else 1.0
    low, high = _wilson(share, len(answers) / effect, level)
    plain = sum(answer.yes for answer in answers) / len(answers)
    return Result(len(answers), len(places), plain, share, low, high, effect)


def made_up_answers(seed: int = 1) -> tuple[Answer, ...]:
    """Return made-up answers to "Do you know a number to call?": 20 town and 10 village places, 20 people in each.

    Towns are asked too often, so an answer from a village stands for more people. In truth 50 in 100 know a number in
    towns and 20 in 100 in villages; half of all people live in each.
    """
    import numpy as np

    draw = np.random.default_rng(seed)
    answers = []
    for number in range(30):
        town = number < 20
        here = min(max((0.5 if town else 0.2) + float(draw.normal(0, 0.12)), 0.02), 0.98)
        name = f"{'town' if town else 'village'} {number + 1}"
        answers += [Answer(name, 1.0 if town else 2.0, bool(draw.random() < here)) for _ in range(20)]
    return tuple(answers)


def made_up_survey(*, seed: int) -> str:
    """Return what a made-up survey says, as lines: the plain and the weighted share, and the design effect."""
    found = share_of(made_up_answers(seed=seed))
    return (
        f"{found.asked} answers in {found.places} places\n"
        f"as they came: {found.plain:.0%}; weighted: {found.share:.0%} (from {found.low:.0%} to {found.high:.0%})\n"
        f"design effect: {found.effect:.1f}"
    )


def worked_sizes() -> str:
    """Return the sizes of the worked example, as lines.

    >>> print(worked_sizes().splitlines()[1])
    278 if there are 1,000 people in all
    """
    effect = design_effect(per_cluster=20, likeness=0.05)
    return (
        f"{sample_size(0.05)} by simple chance, five points either way\n"
        f"{sample_size(0.05, population=1000)} if there are 1,000 people in all\n"
        f"{sample_size(0.05, design_effect=effect, answering=0.8)} with 20 in each place, when 8 in 10 answer\n"
        f"none of 20 said yes: the share may still be {wilson(0, 20)[1]:.0%}"
    )
