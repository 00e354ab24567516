"""Who is missing when only assisted people are counted: a made-up population, looked at through one shelter's books.

Nothing here is a finding about trafficking. It shows what selection does to shares and averages, with numbers that the
reader sets, and that no weighting repairs a group that is not seen at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tools.errors import Problem

if TYPE_CHECKING:
    from tools.casedata.estimate import Estimate


@dataclass(frozen=True)
class Group:
    """One group of people of the made-up population.

    Attributes
    ----------
    name : str
    share : float
        Of all exploited people.
    noticed : float
        Chance to come to notice, from 0 to 1.
    accepts : float
        Chance to accept help, once noticed.
    injured : float
        Share with an injury: what a study of assisted people might report.
    """

    name: str
    share: float
    noticed: float
    accepts: float
    injured: float

    def __post_init__(self) -> None:
        for what in ("share", "noticed", "accepts", "injured"):
            value = getattr(self, what)
            if not 0 <= value <= 1:
                raise Problem("EST_018", name=f"{what} of {self.name}", value=value, wanted="a number from 0 to 1")


EXAMPLE: Final = (
    Group("Women, sexual exploitation", 0.20, 0.50, 0.70, 0.50),
    Group("Women, domestic work", 0.15, 0.10, 0.60, 0.30),
    Group("Girls and boys", 0.15, 0.30, 0.80, 0.40),
    Group("Men, building and farms", 0.30, 0.10, 0.30, 0.35),
    Group("Men at sea", 0.12, 0.05, 0.50, 0.60),
    Group("Forced crime", 0.08, 0.40, 0.05, 0.30),
)
"""Numbers made up for teaching; change them."""


@dataclass(frozen=True)
class Seen:
    """A group in the population and in the books.

    Attributes
    ----------
    name : str
    people, noticed, assisted : int
        Drawn at random from the chances.
    share, share_assisted : float
        Of the population, and of those assisted.
    """

    name: str
    people: int
    noticed: int
    assisted: int
    share: float
    share_assisted: float

    @property
    def times(self) -> float:
        """How many times larger the group looks in the books than it is; below one, it is hidden."""
        return self.share_assisted / self.share if self.share else 0.0


@dataclass(frozen=True)
class Picture:
    """What the books show, beside what is so.

    Attributes
    ----------
    groups : tuple of Seen
    people, assisted : int
    injured, injured_assisted, injured_weighted : float
        Share with an injury: in all, among those assisted, and among those assisted after weighting the groups back to
        their true shares. Groups that nobody was assisted from stay missing.
    """

    groups: tuple[Seen, ...]
    people: int
    assisted: int
    injured: float
    injured_assisted: float
    injured_weighted: float


def simulate(groups: Sequence[Group] = EXAMPLE, people: int = 10_000, seed: int = 1, pull: float = 0.0) -> Picture:
    """Draw a population, and who of it is assisted.

    Parameters
    ----------
    groups : sequence of Group
        Shares must add up to one.
    people : int
        From 100 to a million.
    seed : int
        The same seed gives the same people.
    pull : float
        How much an injury raises the chance to be noticed, within a group: 0 not at all, 1 doubles it (to at most 1).

    Raises
    ------
    Problem
        ``EST_018`` if a number is out of its range.
    """
    import numpy as np

    _check(groups, people)
    if not 0 <= pull <= 10:
        raise Problem("EST_018", name="pull", value=pull, wanted="a number from 0 to 10")
    draw = np.random.default_rng(seed)
    total = sum(group.share for group in groups)
    at = draw.choice(len(groups), size=people, p=[group.share / total for group in groups])
    chance = np.array([[group.noticed, group.accepts, group.injured] for group in groups])[at]
    injured = draw.random(people) < chance[:, 2]
    noticed = draw.random(people) < np.minimum(1.0, chance[:, 0] * np.where(injured, 1 + pull, 1.0))
    assisted = noticed & (draw.random(people) < chance[:, 1])
    helped = int(assisted.sum())
    seen, weighted, covered = [], 0.0, 0.0
    for number, group in enumerate(groups):
        mine = at == number
        count, of_mine = int(mine.sum()), assisted & mine
        inside = int(of_mine.sum())
        seen.append(
            Seen(
                group.name,
                count,
                int((noticed & mine).sum()),
                inside,
                count / people,
                inside / helped if helped else 0.0,
            )
        )
        if inside:
            weighted += count * float(injured[of_mine].mean())
            covered += count
    return Picture(
        tuple(seen), people, helped, float(injured.mean()), float(injured[assisted].mean()) if helped else 0.0,
        weighted / covered if covered else 0.0,
    )  # fmt: skip


def _check(groups: Sequence[Group], people: int) -> None:
    if not 100 <= people <= 1_000_000:
        raise Problem("EST_018", name="people", value=people, wanted="a whole number from 100 to 1,000,000")
    if not groups or abs(sum(group.share for group in groups) - 1) > 1e-6:
        raise Problem(
            "EST_018", name="the sum of shares", value=sum(group.share for group in groups), wanted="shares of one"
        )


def expected(groups: Sequence[Group] = EXAMPLE) -> dict[str, float]:
    """Return the share of each group among those assisted, in closed form (without pull).

    >>> {name: round(share, 2) for name, share in expected().items()}["Women, sexual exploitation"]
    0.54
    """
    _check(groups, 100)
    parts = {group.name: group.share * group.noticed * group.accepts for group in groups}
    whole = sum(parts.values())
    return {name: part / whole if whole else 0.0 for name, part in parts.items()}


def two_lists(groups: Sequence[Group] = EXAMPLE, people: int = 10_000, seed: int = 1) -> Estimate:
    """Estimate the made-up population from two lists, each drawn with the chances of the groups.

    Groups that are often on one list are often on the other, too. So the lists overlap more than by chance, and the
    estimate is too low: the assumption of like chances fails.
    """
    import numpy as np

    from tools.casedata import estimate

    _check(groups, people)
    draw = np.random.default_rng(seed)
    at = draw.choice(len(groups), size=people, p=[group.share for group in groups])
    chance = np.array([group.noticed for group in groups])[at]
    one, other = (draw.random(people) < chance for _ in range(2))
    return estimate.chapman(int(one.sum()), int(other.sum()), int((one & other).sum()))
