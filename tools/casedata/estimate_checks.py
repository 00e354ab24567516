"""What must be said beside an estimate: assumptions that fail, and those that the data cannot show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tools.casedata.estimate_models import FITTED, Model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.casedata.estimate import Overlap

ALWAYS: Final = (
    "Nobody came or went in the period.",
    "Every list used the same definition.",
    "Every match is right; a missed match pushes the estimate up.",
    "Everybody had some chance to be on a list; people with none are in no estimate.",
    "Dependence between lists is in the model; referral from one list to another creates it.",
    "People of one kind have like chances, or kinds are estimated apart.",
)
"""Assumptions that the table cannot show; each has to be argued."""

FEW_IN_COMMON: Final = 10
ONE_LIST_SHARE: Final = 0.85
WORTH_A_LOOK: Final = 10.0
"""Models whose BIC lies within so much of the best are shown side by side (our choice)."""
SPREAD: Final = 1.25


@dataclass(frozen=True)
class Caution:
    """One thing that speaks against the estimate.

    Attributes
    ----------
    name : str
        Stable name.
    stop : bool
        True if no single figure should be published.
    words : str
        What it is, and what to do.
    """

    name: str
    stop: bool
    words: str


def cautions(table: Overlap, models: Sequence[Model] = ()) -> tuple[Caution, ...]:
    """Return what the table and its models give cause to say, the gravest first.

    Parameters
    ----------
    table : Overlap
    models : sequence of Model
        The whole list of candidates, as from :func:`tools.casedata.estimate_models.search`.

    Examples
    --------
    >>> from tools.casedata.estimate import Overlap
    >>> table = Overlap(("A", "B"), {frozenset("A"): 80, frozenset("B"): 80, frozenset("AB"): 3})
    >>> [each.name for each in cautions(table)]
    ['two-lists', 'small-overlap', 'one-list']
    """
    found = [*_of_lists(table), *_of_models(table, models)]
    return tuple(sorted(found, key=lambda each: not each.stop))


def _of_lists(table: Overlap) -> list[Caution]:
    found = []
    if len(table.lists) < 3:
        words = "Two lists only: whether they depend on each other cannot be seen. Treat the figure as a lesson."
        found.append(Caution("two-lists", True, words))
    pairs = [("·".join(pair), table.both(*pair)) for pair in table.pairs]
    never = [name for name, count in pairs if not count]
    if len(never) == len(pairs):
        found.append(Caution("no-overlap", True, "No two lists have a person in common: nothing can be estimated."))
    elif never:
        words = f"Never seen together: {', '.join(never)}. A model with such a pair sets the overlap to zero."
        found.append(Caution("never-together", False, words))
    few = [f"{name} ({count})" for name, count in pairs if 0 < count < FEW_IN_COMMON]
    if few:
        words = f"Fewer than {FEW_IN_COMMON} people in common: {', '.join(few)}. One wrong match moves the estimate."
        found.append(Caution("small-overlap", False, words))
    alone = sum(count for history, count in table.people.items() if len(history) == 1) / table.total
    if alone > ONE_LIST_SHARE:
        words = f"{100 * alone:.0f} per cent of people stand on one list only: the estimate rests on the few others."
        found.append(Caution("one-list", False, words))
    return found


def close(models: Sequence[Model]) -> tuple[Model, ...]:
    """Return the models whose BIC lies near that of the best."""
    fitted = [model for model in models if model.status == FITTED]
    best = min((model.bic for model in fitted), default=0.0)
    return tuple(model for model in sorted(fitted, key=lambda each: each.bic) if model.bic - best <= WORTH_A_LOOK)


def _of_models(table: Overlap, models: Sequence[Model]) -> list[Caution]:
    if not models:
        return []
    near = close(models)
    if not near:
        return [Caution("no-model", True, "No model has an estimate. Publish the table of overlaps, and stop.")]
    found = []
    totals = [model.total for model in near]
    if max(totals) > SPREAD * min(totals):
        words = (
            f"{len(near)} models fit about as well, and say from {min(totals):,.0f} to {max(totals):,.0f} people. "
            "Do not print one of them alone."
        )
        found.append(Caution("models-disagree", True, words))
    best = near[0]
    if best.high - best.low > best.total:
        found.append(Caution("wide", True, "The interval of the best model is wider than its estimate."))
    if best.freedom <= 0 and len(table.lists) > 2:
        found.append(Caution("saturated", False, "The best model fits every cell: nothing is left to test it with."))
    lost = sum(model.status != FITTED for model in models)
    if lost:
        found.append(
            Caution("lost-models", False, f"{lost} of {len(models)} models have no estimate, and are left out.")
        )
    return found
