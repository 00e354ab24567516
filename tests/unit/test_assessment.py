"""Python, the reference, gives what the shared vectors say."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from cases import vectors
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.errors import Problem
from tools.instruments import library, record
from tools.instruments.assessment import assess, what_would_change
from tools.instruments.model import Instrument, Section
from tools.instruments.record import Record, plain

ADULT = "identification/ilo-screening-adult-labour"


def same(found: Any, wanted: Any) -> bool:
    """Return whether a value is the one in the vector; numbers are compared as numbers."""
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(same(f, w) for f, w in zip(found, wanted, strict=True))
    found = plain(found)
    if isinstance(found, str) and isinstance(wanted, str):
        try:
            return float(found) == float(wanted)
        except ValueError:
            return found == wanted
    return bool(found == wanted)


@pytest.mark.promise("same-result")
@pytest.mark.parametrize("case", list(vectors.cases()), ids=lambda case: case.name)
def test_a_vector(case: vectors.Case) -> None:
    result = assess(case.instrument, record.of(case.instrument, case.answers))
    for name, wanted in case.expect.get("values", {}).items():
        assert same(result.values[name], wanted), f"{name} is {result.values[name]}, not {wanted}"
    if "outcome" in case.expect:
        assert result.outcome is not None
        assert result.outcome.id == case.expect["outcome"]
    if "notices" in case.expect:
        assert [notice.id for notice in result.notices] == case.expect["notices"]
    if "reasons" in case.expect:
        assert list(result.reasons) == case.expect["reasons"]
    for name, why in case.expect.get("faults", {}).items():
        assert result.faults[name] == why


def test_the_adult_list_has_the_67_signs_of_the_publication() -> None:
    sections = {section.id: section.items for section in library.load(ADULT).sections if section.id != "frame"}
    assert {name: len(items) for name, items in sections.items()} == {
        "deceptive": 10, "coercive": 10, "vulnerability": 16, "exploitation": 9, "coercion": 15, "dependence": 7,
    }  # fmt: skip
    strengths = [item.tags["strength"] for items in sections.values() for item in items]
    assert (strengths.count("strong"), strengths.count("medium"), strengths.count("weak")) == (7, 53, 7)
    assert sum(bool(item.contested) for items in sections.values() for item in items) == 5


def test_what_would_change_names_single_answers() -> None:
    instrument = library.load("identification/elements-of-the-definition")
    given_answers = {"age_group": "adult", "recruited": "yes", "forced_labour": "yes"}
    changes = what_would_change(instrument, record.of(instrument, given_answers))
    assert ("fraud", "yes", "all_elements") in {(c.item, c.answer, c.outcome) for c in changes}
    assert ("age_group", "unsure", "all_elements") in {(c.item, c.answer, c.outcome) for c in changes}
    assert all(c.item != "person_agreed" for c in changes)


def test_each_change_leads_where_it_says() -> None:
    instrument = library.load(ADULT)
    case = next(case for case in vectors.cases() if case.name == "adult-labour: A")
    for change in what_would_change(instrument, record.of(instrument, case.answers)):
        other = assess(instrument, record.of(instrument, {**case.answers, change.item: change.answer}))
        assert other.outcome is not None
        assert other.outcome.id == change.outcome


SIGNS = [item.id for section in library.load(ADULT).sections if section.id != "frame" for item in section.items]


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(SIGNS), max_size=12), st.sampled_from(SIGNS))
def test_one_more_yes_never_takes_a_dimension_away(yes: set[str], more: str) -> None:
    instrument = library.load(ADULT)
    frame = {"age_group": "adult", "acts": ["recruited"], "work_begun": "yes"}

    def positive(signs: set[str]) -> set[str]:
        result = assess(instrument, record.of(instrument, {**frame, **dict.fromkeys(signs, "yes")}))
        return {n for n, v in result.values.items() if n.endswith("_positive") and v == "yes"}

    assert positive(yes) <= positive(yes | {more})


def test_a_record_of_another_instrument_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        assess(library.load(ADULT), Record("other/one", "1.0"))
    assert caught.value.code == "REC_002"


# The five smallest sets of strong, medium and weak signs that make a dimension positive (the publication's rule).
SMALLEST = ((2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 3, 0), (0, 2, 1))
DIMENSIONS = [section for section in library.load(ADULT).sections if section.id != "frame"]


@pytest.mark.promise("same-result")
@pytest.mark.parametrize("dimension", DIMENSIONS, ids=lambda section: section.id)
def test_every_mix_of_strengths_follows_the_rule(dimension: Section) -> None:
    instrument = library.load(ADULT)
    by_strength = [
        [item.id for item in dimension.items if item.tags["strength"] == strength]
        for strength in ("strong", "medium", "weak")
    ]
    tried = 0
    for mix in itertools.product(*(range(min(len(ids), 4) + 1) for ids in by_strength)):
        # The last ones of each strength, so that rows at the end count, too; every other row is answered "no".
        yes = {name for ids, number in zip(by_strength, mix, strict=True) for name in ids[len(ids) - number :]}
        signs = {item.id: "yes" if item.id in yes else "no" for item in dimension.items}
        frame = {"age_group": "adult", "acts": ["recruited"], "work_begun": "yes"}
        values = assess(instrument, record.of(instrument, {**frame, **signs})).values
        wanted = any(all(have >= need for have, need in zip(mix, smallest, strict=True)) for smallest in SMALLEST)
        assert values[f"{dimension.id}_positive"] == ("yes" if wanted else "no"), mix
        tried += 1
    assert tried >= 10


@pytest.mark.parametrize("sign", SIGNS)
def test_each_sign_counts_once_and_only_in_its_own_dimension(sign: str) -> None:
    instrument = library.load(ADULT)
    frame = {"age_group": "adult", "acts": ["recruited"], "work_begun": "yes"}
    values = assess(instrument, record.of(instrument, {**frame, sign: "yes"})).values
    dimension = next(section for section in DIMENSIONS if sign in {item.id for item in section.items})
    strength = instrument.items[sign].tags["strength"]
    counted = {name for name, value in values.items() if re.fullmatch(r"[a-z]+_(strong|medium|weak)", name) and value}
    assert counted == {f"{dimension.id}_{strength}"}
    assert values[f"{dimension.id}_{strength}"] == 1


@pytest.mark.parametrize("instrument", library.load_all(), ids=lambda i: i.id)
def test_the_vectors_reach_every_outcome(instrument: Instrument) -> None:
    own = [case for case in vectors.cases() if case.instrument.id == instrument.id]
    assert own, f"write tests/cases/… for {instrument.id}"
    reached = {case.expect["outcome"] for case in own if "outcome" in case.expect}
    assert reached == {outcome.id for outcome in instrument.outcomes}
