"""Weak signals on made-up places: bands of risk, and how far each place moves when the weights are shaken.

Places are the only unit; there is no function for a person. The traits and the method are ours and follow no published
list. A band says where to go and listen. It is no finding about a place, and no forecast.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

SMALLEST: Final = 20
"""Places with fewer people asked than this are left out: a small group can point at somebody."""

DRAWS: Final = 500
SEED: Final = 10

TRAITS: Final[Mapping[str, bool]] = {
    "debt": True,
    "shock_last_year": True,
    "left_school": True,
    "no_papers": True,
    "agents_near": True,
    "women_decide": False,
    "services_near": False,
}
"""Each trait, and whether more of it is taken to mean more risk. The direction is an assumption, and can be wrong."""


@dataclass(frozen=True)
class Place:
    """A place and its traits.

    Attributes
    ----------
    name : str
    asked : int
        How many people were asked.
    traits : mapping of str to float
        Shares from 0 to 1, by the names of :data:`TRAITS`.
    """

    name: str
    asked: int
    traits: Mapping[str, float]


@dataclass(frozen=True)
class Band:
    """Where a place stands: ``high``, ``middle`` or ``low``, or ``unsure`` when it moves too much.

    ``best`` and ``worst`` are the ranks between which it lies in nine of ten draws (1 is most risk).
    """

    place: str
    band: str
    rank: int
    best: int
    worst: int


def example(places: int = 12, seed: int = SEED) -> tuple[Place, ...]:
    """Return made-up places; the same seed gives the same ones.

    >>> example()[0].name
    'Synthetic place 1'
    """
    chance = random.Random(seed)  # noqa: S311 - an example, no secret
    made = []
    for number in range(1, places + 1):
        level = chance.uniform(0.2, 0.8)
        traits = {
            trait: round(min(1.0, max(0.0, (level if more else 1 - level) + chance.gauss(0, 0.13))), 2)
            for trait, more in TRAITS.items()
        }
        made.append(Place(f"Synthetic place {number}", 12 if number == places else chance.randrange(40, 200), traits))
    return tuple(made)


def bands(places: Sequence[Place], draws: int = DRAWS, seed: int = SEED) -> tuple[Band, ...]:
    """Sort places into bands, and say how far each moves when the weights of the traits are drawn at random.

    Parameters
    ----------
    places : sequence of Place
        Those with fewer than :data:`SMALLEST` people asked are left out.
    draws : int
        How many sets of weights.
    seed : int

    Returns
    -------
    tuple of Band
        Most risk first. A third of the places each is high, middle and low. A place is ``unsure`` when its ranks in nine
        of ten draws reach from the high third to the low third.

    Raises
    ------
    ValueError
        When fewer than six places are left; then there is nothing to sort.
    """
    kept = [place for place in places if place.asked >= SMALLEST]
    if len(kept) < 6:
        raise ValueError("Bands need at least six places with enough people asked.")
    scores = _standardised(kept)
    chance = random.Random(seed)  # noqa: S311 - weights, no secret
    ranks: list[list[int]] = [[] for _ in kept]
    for _ in range(draws):
        weights = [chance.random() for _ in TRAITS]
        for index, rank in enumerate(_ranks([_weigh(row, weights) for row in scores])):
            ranks[index].append(rank)
    equal = _ranks([_weigh(row, [1.0] * len(TRAITS)) for row in scores])
    made = [_band(place, equal[index], sorted(ranks[index]), len(kept)) for index, place in enumerate(kept)]
    return tuple(sorted(made, key=lambda band: band.rank))


def _standardised(places: Sequence[Place]) -> list[list[float]]:
    """Return each place's traits in standard deviations from the mean, turned so that high means more risk."""
    columns = []
    for trait, more in TRAITS.items():
        values = [place.traits[trait] for place in places]
        mean, spread = statistics.fmean(values), statistics.pstdev(values)
        columns.append([(value - mean) / spread * (1 if more else -1) if spread else 0.0 for value in values])
    return [list(row) for row in zip(*columns, strict=True)]


def _weigh(row: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(row, weights, strict=True))


def _ranks(scores: Sequence[float]) -> list[int]:
    """Return ranks, 1 for the highest score; equal scores keep their order.

    >>> _ranks([0.2, 0.9, 0.5])
    [3, 1, 2]
    """
    order = sorted(range(len(scores)), key=lambda index: -scores[index])
    ranks = [0] * len(scores)
    for rank, index in enumerate(order, 1):
        ranks[index] = rank
    return ranks


def _band(place: Place, rank: int, drawn: Sequence[int], count: int) -> Band:
    best, worst = drawn[int(0.05 * (len(drawn) - 1))], drawn[round(0.95 * (len(drawn) - 1))]
    third = count / 3
    name = "high" if rank <= third else "middle" if rank <= 2 * third else "low"
    if best <= third and worst > 2 * third:
        name = "unsure"
    return Band(place.name, name, rank, best, worst)


@dataclass(frozen=True)
class Table:
    """Bands as a table to show. It lists places by band, and never prints one rank alone."""

    rows: tuple[Band, ...]

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{word}</th>' for word in ("Place", "Band", "Moves between ranks"))
        body = "".join(
            f'<tr><th scope="row">{escape(band.place)}</th><td>{escape(band.band)}</td>'
            f"<td>{band.best} to {band.worst}</td></tr>"
            for band in self.rows
        )
        return (
            "<table><caption>Made-up places. Rank 1 is most risk; the range holds nine of ten sets of weights.</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    def __repr__(self) -> str:
        return "\n".join(f"{band.place}: {band.band}, ranks {band.best} to {band.worst}" for band in self.rows)


def table(rows: Sequence[Band]) -> Table:
    """Return bands as a table for a page or a notebook."""
    return Table(tuple(rows))
