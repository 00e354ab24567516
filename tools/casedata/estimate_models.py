"""Multiple systems estimation: log-linear models of three or more lists, and how one of them is chosen.

The logarithm of each expected count is a sum: an intercept, a term for each list, and a term for each pair of lists
that depend on each other. The exponential of the intercept is the estimate of those on no list.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

from tools.casedata import poisson
from tools.casedata.estimate import LEVEL, MOST_MODELS, THRESHOLD, Overlap, Pair, _z
from tools.errors import Problem

if TYPE_CHECKING:
    from tools.casedata.poisson import Fitted, Floats

FITTED: Final = "fitted"
NO_ESTIMATE: Final = "no estimate exists"
NOT_IDENTIFIABLE: Final = "not identifiable"


@dataclass(frozen=True)
class Model:
    """One model and what it says.

    Attributes
    ----------
    pairs : tuple of pairs
        Pairs of lists that depend on each other in this model.
    status : str
        ``fitted``, ``no estimate exists`` or ``not identifiable``; the numbers are missing (nan) unless it is fitted.
    never : tuple of pairs
        Those of its pairs that nobody stands on together: the term is minus infinity, which is an estimate.
    total, low, high : float
        People in all, with the Wald interval on the intercept.
    log_likelihood, deviance : float
    terms : int
        Every term, those of minus infinity too.
    aic, bic : float
        ``-2 log L + 2 terms`` and ``-2 log L + terms log(people seen)``.
    """

    pairs: tuple[Pair, ...]
    status: str
    never: tuple[Pair, ...] = ()
    total: float = math.nan
    low: float = math.nan
    high: float = math.nan
    log_likelihood: float = math.nan
    deviance: float = math.nan
    terms: int = 0
    freedom: int = 0
    aic: float = math.nan
    bic: float = math.nan

    @property
    def name(self) -> str:
        """Return the pairs as words."""
        return ", ".join("·".join(pair) for pair in self.pairs) or "no pair"


@dataclass(frozen=True)
class _Frame:
    """Design and counts of a model, without the cells that a never-met pair makes zero."""

    design: Floats
    counts: Floats
    never: tuple[Pair, ...]


def _frame(table: Overlap, pairs: Iterable[Pair]) -> _Frame:
    import numpy as np

    chosen = tuple(pairs)
    for pair in chosen:
        if pair not in table.pairs:
            raise Problem("EST_010", pair="·".join(pair), known=", ".join(table.lists))
    never = tuple(pair for pair in chosen if not table.both(*pair))
    kept = [history for history in table.histories() if not any(set(pair) <= history for pair in never)]
    finite = [pair for pair in chosen if pair not in never]
    columns = [
        [1.0 for _ in kept],
        *([float(name in history) for history in kept] for name in table.lists),
        *([float(set(pair) <= history) for history in kept] for pair in finite),
    ]
    counts = np.array([float(table.people.get(history, 0)) for history in kept])
    return _Frame(np.array(columns).T, counts, never)


def fit(table: Overlap, pairs: Iterable[Pair] = (), level: float = LEVEL) -> Model:
    """Fit one model.

    Parameters
    ----------
    table : Overlap
    pairs : iterable of pairs
        Pairs of lists that depend on each other, in the order of ``table.pairs``.
    level : float
        Confidence level of the Wald interval on the intercept.

    Returns
    -------
    Model
        With a status other than ``fitted`` where no estimate exists or it is not unique; both are checked beforehand.

    Examples
    --------
    >>> from tools.casedata.estimate import Overlap
    >>> table = Overlap(("A", "B"), {frozenset("A"): 80, frozenset("B"): 80, frozenset("AB"): 20})
    >>> round(fit(table).total)
    500
    """
    chosen = tuple(pairs)
    frame = _frame(table, chosen)
    terms = 1 + len(table.lists) + len(chosen)
    status, found = _solve(frame)
    if found is None:
        return Model(chosen, status, frame.never, terms=terms)
    hidden, error = float(found.coefficients[0]), math.sqrt(float(found.covariance[0, 0]))
    reach = _z(level) * error
    aic, bic = (-2 * found.log_likelihood + terms * weight for weight in (2.0, math.log(table.total)))
    return Model(
        chosen, FITTED, frame.never, table.total + math.exp(hidden), table.total + math.exp(hidden - reach),
        table.total + math.exp(hidden + reach), found.log_likelihood, found.deviance, terms,
        len(table.histories()) - terms, aic, bic,
    )  # fmt: skip


def _solve(frame: _Frame) -> tuple[str, Fitted | None]:
    if not poisson.identifiable(frame.design):
        return NOT_IDENTIFIABLE, None
    if not poisson.exists(frame.design, frame.counts):
        return NO_ESTIMATE, None
    found = poisson.fit(frame.design, frame.counts)
    return (FITTED, found) if found else (NO_ESTIMATE, None)


def profile(table: Overlap, pairs: Iterable[Pair] = (), level: float = LEVEL) -> tuple[float, float]:
    """Return the profile-likelihood interval of the people in all: what the data do not speak against.

    Raises
    ------
    Problem
        ``EST_012`` if the model has no estimate.
    """
    frame = _frame(table, pairs)
    _, found = _solve(frame)
    if found is None:
        raise Problem("EST_012")
    hidden, error = float(found.coefficients[0]), math.sqrt(float(found.covariance[0, 0]))
    limit = found.log_likelihood - _z(level) ** 2 / 2
    rest, start = frame.design[:, 1:], found.coefficients[1:]

    def above(value: float) -> bool:
        fixed = poisson.fit(rest, frame.counts, frame.design[:, 0] * value, start)
        return fixed is not None and fixed.log_likelihood > limit

    ends = []
    for sign in (-1, 1):
        near, far = hidden, hidden + sign * error
        for _ in range(40):
            if not above(far):
                break
            near, far = far, far + sign * error
        for _ in range(40):
            middle = (near + far) / 2
            near, far = (middle, far) if above(middle) else (near, middle)
        ends.append(table.total + math.exp(near))
    return ends[0], ends[1]


def search(table: Overlap, criterion: str = "bic", level: float = LEVEL) -> tuple[Model, ...]:
    """Fit every model with pairs, and return all of them, the best first; those without an estimate come last.

    Parameters
    ----------
    table : Overlap
        At most ten pairs (five lists); more makes too many models.
    criterion : {"bic", "aic"}

    Raises
    ------
    Problem
        ``EST_011`` if there would be too many.
    """
    count = len(table.pairs)
    if 2**count > MOST_MODELS:
        raise Problem("EST_011", pairs=count, models=2**count, most=MOST_MODELS)
    models = (fit(table, chosen, level) for size in range(count + 1) for chosen in combinations(table.pairs, size))
    return tuple(sorted(models, key=lambda model: _rank(model, criterion)))


def _rank(model: Model, criterion: str) -> tuple[bool, float, int]:
    value = model.aic if criterion == "aic" else model.bic
    return (model.status != FITTED, 0.0 if math.isnan(value) else value, model.terms)


@dataclass(frozen=True)
class Step:
    """One step of the stepwise choice: the pair that entered, and how improbable its overlap was without it."""

    pair: Pair
    probability: float


def stepwise(table: Overlap, threshold: float = THRESHOLD, level: float = LEVEL) -> tuple[Model, tuple[Step, ...]]:
    """Choose a model by adding, each time, the pair whose overlap surprises most, while it is below the threshold.

    For each pair outside the model the people on both lists are compared with their fitted mean, one-sided. A pair
    whose model would have no estimate is passed over.

    Raises
    ------
    Problem
        ``EST_012`` if even the model without pairs has no estimate.
    """
    pairs: tuple[Pair, ...] = ()
    steps: list[Step] = []
    while True:
        frame = _frame(table, pairs)
        _, found = _solve(frame)
        if found is None:
            raise Problem("EST_012")
        for probability, pair in _surprises(table, pairs, frame, found):
            if probability >= threshold:
                return fit(table, pairs, level), tuple(steps)
            wider = tuple(each for each in table.pairs if each in (*pairs, pair))
            if _solve(_frame(table, wider))[1] is not None:
                pairs, steps = wider, [*steps, Step(pair, probability)]
                break
        else:
            return fit(table, pairs, level), tuple(steps)


def _surprises(table: Overlap, pairs: tuple[Pair, ...], frame: _Frame, found: Fitted) -> list[tuple[float, Pair]]:
    at = {name: place for place, name in enumerate(table.lists, 1)}
    return sorted(
        (
            poisson.tail(
                table.both(*pair),
                float(found.means[(frame.design[:, at[pair[0]]] * frame.design[:, at[pair[1]]]) > 0].sum()),
            ),
            pair,
        )
        for pair in table.pairs
        if pair not in pairs
    )


# --- Bootstrap --------------------------------------------------------------------------------------------------------

CHOICES: Final = ("stepwise", "bic", "aic", "fixed")
"""How a model is chosen again in each sample; ``fixed`` keeps the pairs, and so leaves out the largest error."""


@dataclass(frozen=True)
class Bootstrap:
    """What many samples of the people seen come to.

    Attributes
    ----------
    totals : tuple of float
        Estimates of people in all, sorted; samples without an estimate are not in it.
    failed : int
        Samples without an estimate.
    percentile, bca : tuple of float
        Limits: percentiles as they are, and corrected for bias and acceleration (Efron's BCa).
    """

    totals: tuple[float, ...]
    failed: int
    percentile: tuple[float, float]
    bca: tuple[float, float]


def bootstrap(
    table: Overlap, choice: str = "stepwise", samples: int = 500, seed: int = 1, level: float = LEVEL,
    pairs: Iterable[Pair] = (),
) -> Bootstrap:  # fmt: skip
    """Draw the people seen again and again, choose the model anew each time, and return the interval.

    Parameters
    ----------
    table : Overlap
    choice : {"stepwise", "bic", "aic", "fixed"}
    samples, seed : int
        The same seed gives the same samples.
    pairs : iterable of pairs
        The model, where the choice is ``fixed``.

    Raises
    ------
    Problem
        ``EST_012`` if fewer than half of the samples have an estimate.
    """
    import numpy as np

    kept = tuple(pairs)
    cells = [history for history, count in table.people.items() if count]
    counts = np.array([table.people[history] for history in cells])
    best = _total(table, choice, kept)
    draws = np.random.default_rng(seed).multinomial(table.total, counts / table.total, size=samples)
    found = [_total(Overlap(table.lists, _whole(cells, draw)), choice, kept) for draw in draws]
    totals = tuple(sorted(total for total in found if total is not None))
    if best is None or len(totals) < samples / 2:
        raise Problem("EST_012")
    # One person less in each cell in turn: how fast the estimate moves.
    less = []
    for place, count in enumerate(counts):
        total = _total(Overlap(table.lists, _whole(cells, counts - np.eye(len(cells), dtype=int)[place])), choice, kept)
        less.append((best if total is None else total, float(count)))
    half = (1 - level) / 2
    shift, speed = _bias(totals, best), _acceleration(less)
    limits = tuple(_at(totals, _corrected(share, shift, speed)) for share in (half, 1 - half))
    return Bootstrap(totals, samples - len(totals), (_at(totals, half), _at(totals, 1 - half)), (limits[0], limits[1]))


def _whole(cells: list[frozenset[str]], counts: Iterable[int]) -> dict[frozenset[str], int]:
    return {cell: int(count) for cell, count in zip(cells, counts, strict=True)}


def _total(table: Overlap, choice: str, pairs: tuple[Pair, ...]) -> float | None:
    try:
        if choice == "stepwise":
            model = stepwise(table)[0]
        else:
            model = fit(table, pairs) if choice == "fixed" else search(table, choice)[0]
    except Problem:
        return None
    return model.total if model.status == FITTED else None


def _bias(totals: tuple[float, ...], best: float) -> float:
    below = sum(total < best for total in totals) + sum(total == best for total in totals) / 2
    share = min(max(below / len(totals), 1 / (2 * len(totals))), 1 - 1 / (2 * len(totals)))
    return NormalDist().inv_cdf(share)


def _acceleration(less: list[tuple[float, float]]) -> float:
    people = sum(weight for _, weight in less)
    mean = sum(total * weight for total, weight in less) / people
    square = sum(weight * (mean - total) ** 2 for total, weight in less)
    return sum(weight * (mean - total) ** 3 for total, weight in less) / (6 * square**1.5) if square else 0.0


def _corrected(share: float, shift: float, speed: float) -> float:
    moved = shift + NormalDist().inv_cdf(share)
    return NormalDist().cdf(shift + moved / (1 - speed * moved))


def _at(totals: tuple[float, ...], share: float) -> float:
    place = share * (len(totals) - 1)
    low = min(int(place), len(totals) - 1)
    high = min(low + 1, len(totals) - 1)
    return totals[low] + (place - low) * (totals[high] - totals[low])
