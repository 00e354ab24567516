"""The child path: every age limit has vectors on both sides and without an age, and no form is an adult one renamed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tools import content
from tools.instruments import library, record
from tools.instruments.assessment import assess

FOLDER = content.INSTRUMENTS / "children"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yml"))
LIMIT = re.compile(r"\b(\w*age(?:_low)?) (<|<=|>|>=|==) (\d+)\b")
CASES = {
    data["instrument"].removeprefix("children/"): data["cases"]
    for data in (json.loads(path.read_text("utf-8")) for path in sorted((content.ROOT / "tests/cases").glob("*.json")))
    if str(data.get("instrument", "")).startswith("children/")
}
# The question of age in each form, and the outcome by which an adult leaves the child path.
LEAVES = {
    "first-contact-child": ("age_low", "adult_path"),
    "age-doubt": ("age_low", "no_doubt"),
    "best-interests-assessment": ("age", "adult"),
    "best-interests-determination": ("age", "adult"),
    "guardian-log": ("age", "grown_up"),
    "child-interview": ("age", "adult"),
    "care-options": ("age", "adult"),
    "family-tracing": ("age", "adult"),
    "durable-solution": ("age", "adult"),
    "child-case-review": ("age", "adult"),
    "child-court": ("age", "adult"),
    "child-signs-by-form": ("age", "adult"),
    "assent-words": ("age", "adult"),
    "safeguarding-concern": ("age", "adult"),
    "absent-parent": ("child_age", "grown"),
}
# The form for adults that is nearest to one for children.
NEAREST = {
    "first-contact-child": "protection/immediate-needs",
    "assent-words": "protection/consent-record",
    "care-options": "protection/housing-chooser",
    "child-court": "victim-witnesses/court-preparation",
    "child-interview": "identification/screening-interview",
    "child-signs-by-form": "identification/ilo-screening-adult-labour",
    "durable-solution": "protection/return-check",
}


def limits(text: str) -> set[tuple[str, int]]:
    """Return (item, age): the first age above each limit that the expressions of a definition hold."""
    found = set()
    for item, sign, number in LIMIT.findall(text):
        if sign in {"<", ">="}:
            found.add((item, int(number)))
        elif sign in {"<=", ">"}:
            found.add((item, int(number) + 1))
        else:
            found |= {(item, int(number)), (item, int(number) + 1)}
    return found


def ages(answers: Mapping[str, Any], item: str) -> Iterator[int | None]:
    """Yield the answers to a question of age, in rows as well; None where it is left blank."""
    rows = [row for value in answers.values() if isinstance(value, list) for row in value if isinstance(row, dict)]
    asked_in_rows = item not in answers and any(item in row for row in rows)
    holders = rows if asked_in_rows else [answers]
    for holder in holders:
        yield int(holder[item]) if item in holder else None


def missing(text: str, cases: list[dict[str, Any]]) -> list[str]:
    """Return what the vectors leave out: an age below a limit, the limit itself, or the age not known."""
    out = []
    for item, limit in sorted(limits(text)):
        tried = {age for case in cases for age in ages(case["answers"], item)}
        out += [f"{item}: no vector with {age}" for age in (limit - 1, limit) if age >= 0 and age not in tried]
        out += [] if None in tried else [f"{item}: no vector without it"]
    return out


@pytest.mark.parametrize("name", NAMES)
def test_every_age_limit_has_vectors_on_both_sides_and_without_an_age(name: str) -> None:
    assert missing((FOLDER / f"{name}.yml").read_text("utf-8"), CASES[name]) == []


def test_a_limit_without_vectors_is_found() -> None:
    text = 'when: age >= 16\nvalue: \'"a" if child_age < 3 else "b"\''
    assert limits(text) == {("age", 16), ("child_age", 3)}
    cases = [{"answers": {"age": "16"}}, {"answers": {"age": "15", "rows": [{"child_age": "2"}]}}]
    assert missing(text, cases) == ["age: no vector without it", "child_age: no vector with 3"]
    cases += [{"answers": {"rows": [{"child_age": "3"}]}}, {"answers": {}}]
    assert missing(text, cases) == []


@pytest.mark.parametrize("name", LEAVES)
def test_eighteen_leaves_the_child_path_and_seventeen_and_unknown_stay(name: str) -> None:
    instrument = library.load(f"children/{name}")
    item, leaves = LEAVES[name]

    def outcome(answers: dict[str, str]) -> str:
        found = assess(instrument, record.of(instrument, answers)).outcome
        assert found is not None
        return found.id

    assert outcome({item: "18"}) == leaves
    assert outcome({item: "17"}) != leaves
    assert outcome({}) != leaves


def test_every_form_for_children_asks_for_an_age_or_is_no_form_on_one_child() -> None:
    assert set(NAMES) - set(LEAVES) == {"born-of-trafficking", "household-tool", "who-does-what"}


def words(name: str) -> tuple[set[str], set[str]]:
    """Return the questions of a form, and the titles of its outcomes."""
    instrument = library.load(name)
    items = {item.label for section in instrument.sections for item in section.items if hasattr(item, "label")}
    return items, {outcome.title for outcome in instrument.outcomes}


@pytest.mark.parametrize("name", NEAREST)
def test_no_form_for_children_is_an_adult_form_renamed(name: str) -> None:
    child, child_titles = words(f"children/{name}")
    adult, adult_titles = words(NEAREST[name])
    assert len(child & adult) <= len(child) // 10, child & adult
    assert not child_titles & adult_titles


@pytest.mark.parametrize(
    ("name", "answers", "wanted"),
    [
        # An adult consents alone. A child assents, and at this age the carer is asked as well.
        ("assent-words", {"age": "9", "talk": "yes", "said_back": "yes"}, "carer_too"),
        # Turning away is a no. No adult form reads silence.
        ("assent-words", {"age": "4", "talk": "shown_no", "carer": "agrees"}, "stop"),
        # For an adult the means count.
        ("child-signs-by-form", {"age": "12", "acts": ["moved"], "quota": "yes"}, "act_and_purpose"),
        # An adult chooses where to live.
        ("care-options", {"age": "2", "group": "safe"}, "family_first"),
        # An adult may testify against advice.
        ("child-court", {"age": "5", "wants": "willing"}, "ask_recording"),
        # An adult goes where they like.
        ("first-contact-child", {"age_low": "15", "adult_checked": "unchecked"}, "release"),
    ],
)  # fmt: skip
def test_the_rules_for_a_child_are_other_rules(name: str, answers: dict[str, Any], wanted: str) -> None:
    instrument = library.load(f"children/{name}")
    found = assess(instrument, record.of(instrument, answers)).outcome
    assert found is not None
    assert found.id == wanted
