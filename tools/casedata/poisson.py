"""Log-linear Poisson models of small tables: fitting, and whether an estimate exists at all.

Only numpy is needed. The tables are small (31 cells for five lists), so plain Newton steps do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEPS: Final = 100
_TINY: Final = 1e-9
_FLOOR: Final = -40.0  # a fitted mean below exp(-40) is zero for every purpose here


@dataclass(frozen=True)
class Fitted:
    """A fitted model.

    Attributes
    ----------
    coefficients : array of shape (p,)
        On the log scale.
    means : array of shape (n,)
        Fitted counts.
    covariance : array of shape (p, p)
        Inverse of the information.
    log_likelihood : float
        Of the counts, factorials included.
    deviance : float
        Twice the distance to the model that fits every cell.
    """

    coefficients: Floats
    means: Floats
    covariance: Floats
    log_likelihood: float
    deviance: float


def fit(design: Floats, counts: Floats, offset: Floats | float = 0.0, start: Floats | None = None) -> Fitted | None:
    """Fit ``counts ~ Poisson(exp(design @ b + offset))`` by Newton's method (iteratively reweighted least squares).

    Parameters
    ----------
    design : array of shape (n, p)
        Full column rank.
    counts : array of shape (n,)
        Counts of zero or more.
    offset : array of shape (n,) or float
        Known part on the log scale.
    start : array of shape (p,), optional
        Where to begin.

    Returns
    -------
    Fitted or None
        None if the steps do not settle, as when no estimate exists.

    Examples
    --------
    >>> import numpy as np
    >>> found = fit(np.ones((3, 1)), np.array([2.0, 4.0, 6.0]))
    >>> round(float(found.means[0]), 6)
    4.0
    """
    import numpy as np

    coefficients: Floats = _first(design, counts, offset) if start is None else np.array(start, dtype=np.float64)
    now = -math.inf
    for _ in range(_STEPS):
        means = np.exp(np.clip(design @ coefficients + offset, _FLOOR, 40.0))
        information = design.T @ (means[:, None] * design)
        try:
            step: Floats = np.linalg.solve(information, design.T @ (counts - means)).astype(np.float64)
        except np.linalg.LinAlgError:
            return None
        before, now = now, _kernel(counts, design @ coefficients + offset)
        if abs(now - before) <= 1e-12 * (abs(now) + 1) and float(np.max(np.abs(step))) < 1e-7:
            return _finished(design, counts, coefficients, offset)
        coefficients = _improved(design, counts, offset, coefficients, step, now)
    return None


def _first(design: Floats, counts: Floats, offset: Floats | float) -> Floats:
    import numpy as np

    weights = counts + 0.5
    root = np.sqrt(weights)
    found = np.linalg.lstsq(root[:, None] * design, root * (np.log(weights) - offset), rcond=None)[0]
    first: Floats = found.astype(np.float64)
    return first


def _kernel(counts: Floats, linear: Floats) -> float:
    import numpy as np

    return float(counts @ linear - np.exp(np.clip(linear, _FLOOR, 40.0)).sum())


def _improved(design: Floats, counts: Floats, offset: Floats | float, at: Floats, step: Floats, now: float) -> Floats:
    # A full step may overshoot in a sparse table; half of it, and half again, does not.
    for _ in range(30):
        if _kernel(counts, design @ (at + step) + offset) >= now - 1e-10 * (abs(now) + 1):
            break
        step = step / 2
    return at + step


def _finished(design: Floats, counts: Floats, coefficients: Floats, offset: Floats | float) -> Fitted:
    import numpy as np

    linear = design @ coefficients + offset
    means = np.exp(linear)
    covariance: Floats = np.linalg.pinv(design.T @ (means[:, None] * design)).astype(np.float64)
    seen = counts > 0
    factorials = sum(math.lgamma(count + 1) for count in counts)
    deviance = 2 * float((counts[seen] * np.log(counts[seen] / means[seen])).sum() - (counts - means).sum())
    return Fitted(coefficients, means, covariance, _kernel(counts, linear) - factorials, deviance)


def identifiable(design: Floats) -> bool:
    """Return whether different coefficients always give different means."""
    import numpy as np

    return bool(np.linalg.matrix_rank(design) == design.shape[1])


def exists(design: Floats, counts: Floats) -> bool:
    """Return whether a finite estimate with positive means exists (the condition of Fienberg and Rinaldo, 2012).

    It does not exist if the likelihood still rises along some direction that leaves the means of all cells with people
    as they are and lowers others. By Stiemke's lemma there is no such direction exactly if a strictly positive vector is
    orthogonal to what the zero cells allow; that is asked here as a least-squares problem without negative values.

    Examples
    --------
    >>> import numpy as np
    >>> design = np.array([[1.0, 0.0], [1.0, 1.0]])
    >>> exists(design, np.array([3.0, 1.0])), exists(design, np.array([3.0, 0.0]))
    (True, False)
    """
    import numpy as np

    seen = counts > 0
    free = _null_space(design[seen])
    if free.shape[1] == 0:
        return True
    directions = design[~seen] @ free
    directions = directions[np.abs(directions).max(axis=1) > _TINY] if len(directions) else directions
    if not len(directions):
        return True  # the direction changes nothing at all: not identifiable, which is another question
    target = -directions.sum(axis=0)
    rest = directions.T @ nonnegative(directions.T, target) - target
    return bool(np.linalg.norm(rest) <= 1e-7 * (1 + np.linalg.norm(target)))


def _null_space(matrix: Floats) -> Floats:
    import numpy as np

    _, sizes, right = np.linalg.svd(matrix, full_matrices=True)
    rank = int((sizes > _TINY * max(1.0, float(sizes.max(initial=0.0)))).sum())
    space: Floats = right[rank:].T
    return space


def nonnegative(matrix: Floats, target: Floats) -> Floats:
    """Solve least squares without negative values (Lawson and Hanson, 1974).

    Parameters
    ----------
    matrix : array of shape (n, p)
    target : array of shape (n,)

    Returns
    -------
    array of shape (p,)
        The vector x of zero or more that makes ``|matrix @ x - target|`` smallest.

    Examples
    --------
    >>> import numpy as np
    >>> nonnegative(np.eye(2), np.array([1.0, -1.0])).tolist()
    [1.0, 0.0]
    """
    import numpy as np

    size = matrix.shape[1]
    found = np.zeros(size)
    inside = np.zeros(size, dtype=bool)
    for _ in range(10 * size + 10):
        pull = matrix.T @ (target - matrix @ found)
        if inside.all() or float(np.max(np.where(inside, -math.inf, pull))) <= 1e-10:
            break
        inside[int(np.argmax(np.where(inside, -math.inf, pull)))] = True
        while True:
            trial = np.zeros(size)
            trial[inside] = np.linalg.lstsq(matrix[:, inside], target, rcond=None)[0]
            if not inside.any() or trial[inside].min() > 0:
                break
            low = inside & (trial <= 0)
            share = float(np.min(found[low] / np.maximum(found[low] - trial[low], 1e-300)))
            found = found + share * (trial - found)
            inside &= found > 1e-12
            found[~inside] = 0.0
        found = trial
    return found


def tail(count: int, mean: float) -> float:
    """Return the smaller one-sided Poisson probability: of so few, or of so many.

    >>> round(tail(0, 2.0), 4), round(tail(5, 2.0), 4)
    (0.1353, 0.0527)
    """
    if mean <= 0:
        return 1.0 if count == 0 else 0.0
    few = math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))
    here = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    many = 1 - few + here
    if many < 1e-8:  # what was subtracted is all there is: add the tail up instead
        many = math.fsum(
            math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count, count + 200 + int(mean))
        )
    return min(1.0, few, many)
