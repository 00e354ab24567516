"""Quizzes: each question has one right answer, found from the rules, and says why after a wrong one."""

from __future__ import annotations

from collections import Counter

import pytest

from tools import chapters, quizzes
from tools.errors import Problem
from tools.instruments import library, record
from tools.instruments.assessment import assess


def test_every_guide_has_a_quiz_of_its_own() -> None:
    without = [guide for guide in chapters.guides() if guide != "start" and not quizzes.of_guide(guide)]
    assert without == []


@pytest.mark.parametrize("name", quizzes.ids())
def test_each_question_has_one_right_answer_and_a_reason(name: str) -> None:
    found = quizzes.questions(library.load(name))
    assert len(found) >= 4
    for one in found:
        assert len(one.choices) >= 2, one.id
        assert one.answer
        assert one.why, f"{one.id}: nothing is said after a wrong answer"


@pytest.mark.parametrize("name", quizzes.ids())
def test_all_right_counts_every_question_and_all_wrong_counts_none(name: str) -> None:
    quiz = library.load(name)
    found = quizzes.questions(quiz)
    right = assess(quiz, record.of(quiz, {one.id: one.right for one in found}))
    assert right.values[quizzes.COUNTED] == len(found)
    wrong = {one.id: next(code for code, _ in one.choices if code != one.right) for one in found}
    assert assess(quiz, record.of(quiz, wrong)).values[quizzes.COUNTED] == 0


def test_the_right_answer_has_no_place_of_its_own() -> None:
    places = Counter(
        [code for code, _ in one.choices].index(one.right)
        for name in quizzes.ids()
        for one in quizzes.questions(library.load(name))
    )
    assert max(places.values()) < 0.6 * places.total()


def test_a_question_with_two_right_answers_is_refused() -> None:
    quiz = library.read(TWO_RIGHT)
    with pytest.raises(Problem) as caught:
        quizzes.questions(quiz)
    assert caught.value.code == "QUI_001"
    assert "first" in str(caught.value)


def test_a_question_that_counts_nothing_is_no_question_and_a_good_one_is_read() -> None:
    (only,) = quizzes.questions(library.read(TWO_RIGHT.replace("first == 'a' or first == 'b'", "first == 'b'")))
    assert (only.id, only.answer, only.why) == ("first", "Ask", "Ask before you tell.")


TWO_RIGHT = """\
id: training/quiz-made-up
title: Made up
kind: quiz
version: "1.0"
reviewed: 2026-11-25
review_due: 2027-11-25
status: our proposal
purpose: See that two right answers are refused.
roles: [trainer]
minutes: 5
sources: [gallagher2012measuring]
limits: [It tests nothing.]
paper: By hand.
sections:
  - id: all
    title: All
    items:
      - id: first
        type: choice
        label: What comes first?
        choices: {a: Tell, b: Ask, c: Go}
      - id: moment
        type: choice
        label: When?
        choices: {before: Before, after: After}
computed:
  - {id: correct, label: "Right", value: "1 if first == 'a' or first == 'b' else 0"}
outcomes:
  - {id: done, when: correct >= 1, level: calm, title: All right, text: Go on.}
  - {id: begin, level: ask, title: Answer, text: The result appears here.}
notices:
  - {id: why, when: "first != 'b' and answered(first)", level: ask, text: Ask before you tell.}
"""
