"""The bias simulator: seeded, right in expectation, and honest about what weighting cannot repair."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tools.casedata import bias
from tools.errors import Problem
from tools.surfaces import bias_widget


def test_shares_agree_with_the_closed_form() -> None:
    picture = bias.simulate(people=400_000, seed=2)
    closed = bias.expected()
    for seen in picture.groups:
        assert seen.share_assisted == pytest.approx(closed[seen.name], abs=0.006)
    assert sum(seen.share_assisted for seen in picture.groups) == pytest.approx(1)
    assert sum(seen.people for seen in picture.groups) == picture.people


def test_the_books_show_an_error_and_the_same_seed_shows_it_again() -> None:
    picture = bias.simulate(seed=5)
    assert picture == bias.simulate(seed=5)
    assert picture != bias.simulate(seed=6)
    times = {seen.name: seen.times for seen in picture.groups}
    assert times["Women, sexual exploitation"] > 2
    assert times["Men, building and farms"] < 0.5
    assert times["Forced crime"] < 0.5


def test_without_selection_there_is_no_error() -> None:
    all_alike = [replace(group, noticed=0.5, accepts=0.5) for group in bias.EXAMPLE]
    picture = bias.simulate(all_alike, people=300_000)
    assert all(seen.times == pytest.approx(1, abs=0.05) for seen in picture.groups)
    assert picture.injured_assisted == pytest.approx(picture.injured, abs=0.01)


def test_weighting_repairs_groups_and_not_what_happens_within_them() -> None:
    fair, pulled = (bias.simulate(people=300_000, pull=pull) for pull in (0.0, 1.0))
    assert abs(fair.injured_weighted - fair.injured) < 0.01
    assert abs(fair.injured_assisted - fair.injured) > 0.03
    assert pulled.injured_weighted - pulled.injured > 0.05


def test_a_group_that_nobody_sees_stays_missing() -> None:
    unseen = [replace(group, noticed=0.0) if group.name == "Men at sea" else group for group in bias.EXAMPLE]
    picture = bias.simulate(unseen, people=200_000)
    assert next(seen for seen in picture.groups if seen.name == "Men at sea").assisted == 0
    assert picture.injured - picture.injured_weighted > 0.015  # their injuries are in no average


def test_unlike_chances_make_the_estimate_of_two_lists_too_low() -> None:
    found = bias.two_lists(people=20_000)
    assert found.high < 20_000 * 0.8
    alike = bias.two_lists([replace(group, noticed=0.3) for group in bias.EXAMPLE], people=20_000)
    assert alike.low < 20_000 < alike.high


def test_nobody_assisted_is_no_division_by_zero() -> None:
    nobody = [replace(group, accepts=0.0) for group in bias.EXAMPLE]
    assert bias.simulate(nobody).assisted == 0


@pytest.mark.parametrize(
    "bad",
    [
        lambda: bias.Group("x", 1.5, 0, 0, 0),
        lambda: bias.simulate(bias.EXAMPLE[:2]),
        lambda: bias.simulate([]),
        lambda: bias.simulate(people=5),
        lambda: bias.simulate(pull=-1),
    ],
)
def test_numbers_out_of_their_range_are_refused(bad) -> None:
    with pytest.raises(Problem, match="EST_018"):
        bad()


def test_the_sliders_draw_the_picture_anew() -> None:
    box = bias_widget.show(people=2_000)
    *sliders, words, drawn = box.children
    assert len(sliders) == 2 * len(bias.EXAMPLE) + 1
    before = (drawn.value, words.value)
    assert before[0].startswith("<svg")
    sliders[0].value = 0.0  # nobody of the largest group in the books is noticed any more
    assert drawn.value != before[0]
    assert words.value != before[1]
    for slider in sliders:
        slider.value = 0.0
    assert words.value.startswith("0 of 2,000")
