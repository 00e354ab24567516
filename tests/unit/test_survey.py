"""Sample sizes and intervals against published numbers and closed forms; people lost between rounds."""

from __future__ import annotations

import math

import pytest

from tools.__main__ import main
from tools.casedata import survey
from tools.errors import Problem


@pytest.mark.parametrize(
    ("population", "asked"),
    # The table of Krejcie and Morgan (1970), margin of five points at 95 per cent.
    [
        (100, 80),
        (200, 132),
        (500, 217),
        (1_000, 278),
        (1_200, 291),
        (1_300, 297),
        (2_000, 322),
        (5_000, 357),
        (10_000, 370),
        (1_000_000, 384),
    ],
)
def test_sample_sizes_as_in_the_table_of_krejcie_and_morgan(population: int, asked: int) -> None:
    # They round to the nearest; here it is rounded up, so one more is right.
    assert asked <= survey.sample_size(0.05, population=population) <= asked + 1


def test_wilson_agrees_with_the_example_of_newcombe() -> None:
    # Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for found, asked, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):  # fmt: skip
        assert survey.wilson(found, asked) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize("population", [None, 400, 5_000])
def test_the_margin_of_the_sample_is_the_margin_asked_for(population: int | None) -> None:
    for wanted in (0.03, 0.05, 0.1):
        size = survey.sample_size(wanted, population=population)
        assert survey.margin(size, population=population) <= wanted + 1e-3
        assert survey.margin(size - 3, population=population) > wanted


def test_design_effects_in_closed_form() -> None:
    assert survey.design_effect(11, 0.1) == pytest.approx(2.0)
    # All of one kind in each cluster: asking m people there is asking one.
    assert survey.sample_size(0.1, design_effect=survey.design_effect(5, 1.0)) == pytest.approx(5 * 96.04, abs=1)
    assert survey.weighting_effect([2.0] * 7) == pytest.approx(1.0)
    # Kish: 1 + squared coefficient of variation.
    weights = [1.0, 2.0, 3.0, 6.0]
    mean = sum(weights) / 4
    spread = sum((weight - mean) ** 2 for weight in weights) / 4
    assert survey.weighting_effect(weights) == pytest.approx(1 + spread / mean**2)


def test_rounds_lose_people_and_the_start_makes_up_for_it() -> None:
    lost = [0.25, 0.1, 0.05]
    start = survey.to_begin_with(60, lost)
    assert survey.followed(start, lost)[-1].people >= 60
    assert survey.followed(start - 1, lost)[-1].share * (start - 1) < 60
    assert [each.number for each in survey.followed(10, lost)] == [1, 2, 3, 4]


def test_who_leaves_biases_who_is_left() -> None:
    assert survey.between(0.5, 0.5, 0.4) == pytest.approx(0)
    assert survey.between(0.6, 0.3, 1.0) == pytest.approx(0)
    assert survey.between(0.6, 0.3, 0.65) == pytest.approx(0.35 * 0.3)


def test_one_person_a_place_is_a_simple_random_sample() -> None:
    answers = [survey.Answer(f"p{number}", 1.0, number < 12) for number in range(40)]
    found = survey.share_of(answers)
    assert found.effect == pytest.approx(40 / 39)
    assert found.share == found.plain == 0.3
    low, high = survey.wilson(12, 40)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.003)


def test_places_of_one_mind_are_one_answer_each() -> None:
    answers = [survey.Answer(f"p{place}", 1.0, place < 4) for place in range(10) for _ in range(15)]
    assert survey.share_of(answers).effect == pytest.approx(15 * 10 / 9)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    truth = 0.35  # half of the people live in towns (0.5), half in villages (0.2)
    found = [survey.share_of(survey.made_up_answers(seed)) for seed in range(200)]
    assert 0.88 <= sum(each.low <= truth <= each.high for each in found) / 200 <= 0.99
    assert sum(each.plain for each in found) / 200 == pytest.approx(0.40, abs=0.01)
    assert sum(each.share for each in found) / 200 == pytest.approx(truth, abs=0.01)


@pytest.mark.parametrize(
    "bad",
    [
        lambda: survey.sample_size(0),
        lambda: survey.sample_size(0.05, share=1),
        lambda: survey.sample_size(0.05, population=0),
        lambda: survey.sample_size(0.05, design_effect=0.5),
        lambda: survey.sample_size(0.05, answering=0),
        lambda: survey.sample_size(math.nan),
        lambda: survey.margin(10, population=5),
        lambda: survey.wilson(3, 2),
        lambda: survey.weighting_effect([]),
        lambda: survey.weighting_effect([1, -1]),
        lambda: survey.design_effect(0, 0.1),
        lambda: survey.followed(10, [1.0]),
        lambda: survey.to_begin_with(0, [0.1]),
        lambda: survey.between(0.5, 1.5, 0.5),
        lambda: survey.share_of([]),
        lambda: survey.share_of([survey.Answer("a", 1.0, True)]),
        lambda: survey.share_of([survey.Answer("a", 0.0, True), survey.Answer("b", 1.0, True)]),
    ],
)
def test_numbers_out_of_their_range_are_refused(bad) -> None:
    with pytest.raises(Problem, match="EST_018"):
        bad()


def test_the_commands_print_what_the_functions_say(capsys) -> None:
    assert main(["estimate", "size", "5", "--people", "1000"]) == 0
    assert "people to approach: 278" in capsys.readouterr().out
    assert main(["estimate", "size", "5", "--in-place", "20", "--answer", "80"]) == 0
    assert "937 (design effect 1.95)" in capsys.readouterr().out
    assert main(["estimate", "rounds", "60", "--lost", "15", "--times", "4"]) == 0
    said = capsys.readouterr().out
    assert "round 1: 115 people (100%)" in said
    assert "round 5: 60 people" in said
    assert main(["estimate", "size", "0"]) == 1
    assert "EST_018" in capsys.readouterr().err
