"""Probabilistic linkage of two lists (Fellegi and Sunter), by splink on DuckDB: one machine, nothing sent.

What is compared is no name: three and two letters as in SLK-581, date of birth, sex, citizenship, place and month. The
weights are learnt from the data themselves. Between the two thresholds a person has to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from tools.casedata import linkage
from tools.errors import Problem

if TYPE_CHECKING:
    import numpy as np

MATCH: Final = 0.95
REVIEW: Final = 0.50
"""Pairs above ``MATCH`` are linked, pairs between the two go to two reviewers (our choice; set them on your data)."""


@dataclass(frozen=True)
class Record:
    """One record, as it is compared.

    Attributes
    ----------
    record : str
        Its random number; in the two lists together each stands once.
    source : str
        The organisation.
    family, given : str
        Three and two letters of the names, as in SLK-581.
    born : str
        Date of birth, year-month-day; empty if not known.
    sex, citizenship, place : str
        Codes; empty if not known.
    month : str
        Month of identification, such as ``2026-04``.
    person : str
        Known only in made-up records: who it is. It is never compared.
    """

    record: str
    source: str
    family: str
    given: str
    born: str
    sex: str
    citizenship: str
    place: str
    month: str
    person: str = ""

    @property
    def key(self) -> str:
        """The deterministic key of the same parts."""
        return f"{self.family}{self.given}{self.born}{self.sex}"


@dataclass(frozen=True)
class Link:
    """Two records and how probable it is that they are one person."""

    one: str
    other: str
    probability: float


@dataclass(frozen=True)
class Score:
    """How good a linkage was, where the truth is known.

    Attributes
    ----------
    right, wrong, missed : int
        Pairs linked rightly, pairs linked wrongly, true pairs that were not linked.
    """

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the links that are right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were linked."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0


def settings() -> dict[str, Any]:
    """Return the settings for splink, as plain data: the same for DuckDB here and for Spark on a cluster.

    Returns
    -------
    dict
        Two lists are linked, each without duplicates. Pairs are compared if birth date, or three letters and sex, or
        two letters with citizenship and place, agree.
    """
    import splink.comparison_level_library as levels
    import splink.comparison_library as compare
    from splink import SettingsCreator, block_on

    born = compare.CustomComparison(
        output_column_name="born",
        comparison_levels=[
            levels.NullLevel("born"),
            levels.ExactMatchLevel("born"),
            # Day and month changed places, or one digit is wrong; then the year alone, or a year beside it.
            levels.LevenshteinLevel("born", 2),
            levels.CustomLevel("abs(cast(substr(born_l, 1, 4) as int) - cast(substr(born_r, 1, 4) as int)) <= 1"),
            levels.ElseLevel(),
        ],
    )
    made = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record",
        source_dataset_column_name="source",
        blocking_rules_to_generate_predictions=[
            block_on("born"),
            block_on("family", "sex"),
            block_on("given", "citizenship", "place"),
        ],
        comparisons=[
            compare.LevenshteinAtThresholds("family", 1),
            compare.LevenshteinAtThresholds("given", 1),
            born,
            compare.ExactMatch("sex"),
            compare.ExactMatch("citizenship"),
            compare.ExactMatch("place"),
            compare.ExactMatch("month"),
        ],
    )
    plain: dict[str, Any] = made.create_settings_dict("duckdb")
    return plain


def link(records: Sequence[Record], threshold: float = MATCH, seed: int = 1) -> tuple[Link, ...]:
    """Link the records of two or more organisations, the most probable pair first.

    Parameters
    ----------
    records : sequence of Record
        Of two organisations or more; within one, each person should stand once.
    threshold : float
        Pairs at least as probable are returned.
    seed : int
        For the sample that shows how often different people agree; the same seed gives the same links.

    Raises
    ------
    Problem
        ``EST_017`` if there are fewer than two organisations, a record stands twice, or nothing can be compared.
    """
    import duckdb
    import pandas as pd
    from splink import DuckDBAPI, Linker

    _check(records)
    engine = DuckDBAPI(connection=duckdb.connect(":memory:", config={"threads": 1}))
    frames = []
    for at, source in enumerate(sorted({record.source for record in records})):
        rows = [_blank_is_missing(record) for record in records if record.source == source]
        frames.append(engine.register(pd.DataFrame(rows), dataset_display_name=f"list_{at}"))
    linker = Linker(frames, settings(), log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(_SURE, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=200_000, seed=seed)
    for rule in _TRAINED_ON:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=threshold).as_pandas_dataframe()
    links = (
        Link(str(row["record_l"]), str(row["record_r"]), float(row["match_probability"]))
        for row in found.to_dict("records")
    )
    return tuple(sorted(links, key=lambda each: (-each.probability, each.one, each.other)))


# Agreeing on all of this, two records are hardly of two people; it sets the start, and is no rule for links.
_SURE: Final = ["l.family = r.family and l.given = r.given and l.born = r.born"]
_TRAINED_ON: Final = ("l.born = r.born", "l.family = r.family and l.given = r.given")


def _check(records: Sequence[Record]) -> None:
    if len({record.source for record in records}) < 2:
        raise Problem("EST_017", detail="they come from fewer than two organisations", todo="Give two lists or more.")
    twice = len(records) - len({record.record for record in records})
    if twice:
        raise Problem("EST_017", detail=f"{twice} record numbers stand twice", todo="Number all records anew.")


def _blank_is_missing(record: Record) -> dict[str, str | None]:
    # What is not known must not agree with what is not known elsewhere. Who it is does not go to the model.
    row = {name: (value or None) for name, value in asdict(record).items() if name != "person"}
    return {**row, "family": None if record.family.startswith("9") else row["family"],
            "given": None if record.given.startswith("9") else row["given"]}  # fmt: skip


def by_key(records: Iterable[Record]) -> tuple[Link, ...]:
    """Link records of different organisations whose key is the same, and complete."""
    found: dict[str, list[Record]] = {}
    for record in records:
        if record.born and record.sex and "9" not in record.family + record.given:
            found.setdefault(record.key, []).append(record)
    return tuple(
        Link(one.record, other.record, 1.0)
        for same in found.values()
        for at, one in enumerate(same)
        for other in same[at + 1 :]
        if one.source != other.source
    )


def score(links: Iterable[Link], records: Iterable[Record]) -> Score:
    """Compare links with the truth, which is known for made-up records only."""
    people: dict[str, list[Record]] = {}
    for record in records:
        people.setdefault(record.person, []).append(record)
    true = {
        frozenset((one.record, other.record))
        for same in people.values()
        for at, one in enumerate(same)
        for other in same[at + 1 :]
        if one.source != other.source
    }
    made = {frozenset((each.one, each.other)) for each in links}
    return Score(len(made & true), len(made - true), len(true - made))


# --- Made-up records --------------------------------------------------------------------------------------------------

_STARTS: Final = "ba be bo da de do ka ke ko la le lo ma me mi na ne ni pa pe ra re ri sa se si ta te to va ve".split()  # noqa: SIM905
_ENDS: Final = "an el ic in ka li mar na nor ra ris ro sen ta tin va".split()  # noqa: SIM905


def made_up(people: int, seed: int = 1, both: float = 0.4, faults: float = 0.25) -> tuple[Record, ...]:
    """Return made-up records of two organisations, with the truth.

    Parameters
    ----------
    people : int
        How many people there are.
    seed : int
        The same seed gives the same records.
    both : float
        Share of people who stand on both lists; the others stand on one.
    faults : float
        Share of second records with each kind of fault at half this rate: another spelling, a day that is the first of
        January or not known, a place or a month that differs.
    """
    import numpy as np

    if not 0 <= both <= 1 or not 0 <= faults <= 1 or people < 1:
        raise Problem("EST_018", name="a share", value=f"{both} or {faults}", wanted="numbers from 0 to 1")
    draw = np.random.default_rng(seed)
    records = []
    for number in range(people):
        first = _person(draw, number)
        kind = draw.random()
        if kind < both or kind < both + (1 - both) / 2:
            records.append(first)
        if kind < both or kind >= both + (1 - both) / 2:
            records.append(_second(draw, first, faults))
    return tuple(records)


def _person(draw: np.random.Generator, number: int) -> Record:
    def name() -> str:
        # A few names are common, most are rare, as everywhere.
        rank = min(int(5 * float(draw.pareto(0.8))), 4000)
        start, rest = divmod(rank * 37, len(_STARTS))
        return _STARTS[rest] + _STARTS[start % len(_STARTS)] + _ENDS[(rank * 11) % len(_ENDS)]

    born = date(1965, 1, 1) + timedelta(days=int(draw.integers(0, 365 * 40)))
    key = linkage.slk581(name(), name(), born, "unknown")
    return Record(
        f"A{number:05d}", "organisation A", key[:3], key[3:5], born.isoformat(), str(draw.choice(["1", "2"])),
        str(draw.choice(["AA", "BB", "CC", "DD"], p=[0.6, 0.2, 0.15, 0.05])), f"p{draw.integers(0, 12)}",
        f"2026-{draw.integers(1, 13):02d}", f"person {number}",
    )  # fmt: skip


def _second(draw: np.random.Generator, first: Record, faults: float) -> Record:
    half = faults / 2
    letter = str(draw.choice(list("AEIOUYN")))
    born = first.born
    if draw.random() < half:
        born = f"{born[:4]}-01-01" if draw.random() < 0.7 else ""
    return Record(
        "B" + first.record[1:], "organisation B",
        letter + first.family[1:] if draw.random() < half else first.family,
        first.given[0] + letter if draw.random() < half else first.given,
        born, "" if draw.random() < half / 4 else first.sex, first.citizenship,
        f"p{draw.integers(0, 12)}" if draw.random() < half else first.place,
        f"2026-{draw.integers(1, 13):02d}" if draw.random() < half else first.month, first.person,
    )  # fmt: skip


def counts_on_made_up(people: int, *, seed: int) -> str:
    """Return how many pairs each way finds among made-up people, as lines: right, wrong and missed."""
    records = made_up(people, seed=seed)
    ways = (("same key", by_key(records)), ("probability", link(records)))
    scores = ((name, score(links, records)) for name, links in ways)
    return "\n".join(f"{name}: {one.right} right, {one.wrong} wrong, {one.missed} missed" for name, one in scores)


def shares_on_made_up(people: int, *, seed: int, faults: float) -> str:
    """Return precision and recall among made-up people with more faults, as lines; doubtful pairs apart from sure ones."""
    records = made_up(people, seed=seed, faults=faults)
    found = link(records, threshold=REVIEW)
    sure = [one for one in found if one.probability >= MATCH]
    ways = (("same key", by_key(records)), ("sure", sure), ("sure and doubtful", found))
    scores = ((name, score(links, records)) for name, links in ways)
    return "\n".join(
        f"{name}: {one.precision:.0%} of links right, {one.recall:.0%} of true pairs found" for name, one in scores
    )
