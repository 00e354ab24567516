"""The composite cases: enough of them, tagged with known words, short, and a wrong one is told with its place."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tools import composite_cases, content
from tools.composite_cases import TAGS
from tools.errors import Problem


def test_there_are_enough_of_them_for_every_guide() -> None:
    cases = composite_cases.load()
    assert len(cases) >= 20
    guides = Counter(one.guide for one in cases)
    assert set(guides) == set(TAGS["guide"])
    assert min(guides.values()) >= 2
    assert {one.sex for one in cases} == set(TAGS["sex"])
    assert {one.country for one in cases} == set(TAGS["country"])
    assert {one.form for one in cases} == set(TAGS["form"])


def test_each_says_what_is_not_certain_and_gives_reasons_in_short_sentences() -> None:
    for case in composite_cases.load():
        assert len(case.uncertain) >= 2, case.id
        for text in case.texts():
            for sentence in re.split(r"(?<=[.?!]) ", text):
                assert len(sentence.split()) <= 25, (case.id, sentence)


def test_a_child_is_no_adult_and_nobody_has_a_name() -> None:
    for case in composite_cases.load():
        assert (case.sex in ("girl", "boy")) <= (case.age == "child"), case.id
        words = re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", " ".join((*case.facts, case.title)))
        assert set(words) <= {"Monday", "Friday"}, (case.id, words)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("form: labour", "form: labor", "form is 'labor'"),
        ("tool: identification/ilo-forced-labour-eleven", "tool: identification/nothing", "there is no instrument"),
        ("id: kitchen-passport", "id: trawler-debt", "another case has this id"),
        ("  uncertain: [whether he could leave", "  unsure: [whether he could leave", "is missing or not known"),
        ("      because: Debt", "      why: Debt", "a decision needs"),
    ],
)
def test_a_wrong_case_is_told_with_its_place(before: str, after: str, words: str) -> None:
    text = content.read_text(content.COMPOSITE_CASES)
    assert before in text
    with pytest.raises(Problem, match="CMP_001") as problem:
        composite_cases.read(text.replace(before, after, 1))
    assert words in str(problem.value)
