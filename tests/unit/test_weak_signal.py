"""Weak signals: bands of made-up places, steady for a seed, with small places left out."""

from __future__ import annotations

import dataclasses

import pytest

from tools.casedata import weak_signal


def test_a_small_place_is_left_out_and_the_rest_is_sorted() -> None:
    bands = weak_signal.bands(weak_signal.example())
    assert len(bands) == 11
    assert "Synthetic place 12" not in {band.place for band in bands}
    assert [band.rank for band in bands] == list(range(1, 12))
    assert all(1 <= band.best <= band.worst <= 11 for band in bands)
    assert bands == weak_signal.bands(weak_signal.example())


def test_a_place_worse_in_every_trait_is_first_whatever_the_weights() -> None:
    worst = weak_signal.Place("Worst", 100, {trait: float(more) for trait, more in weak_signal.TRAITS.items()})
    best = weak_signal.Place("Best", 100, {trait: float(not more) for trait, more in weak_signal.TRAITS.items()})
    bands = {band.place: band for band in weak_signal.bands((*weak_signal.example(), worst, best), draws=50)}
    assert (bands["Worst"].band, bands["Worst"].best, bands["Worst"].worst) == ("high", 1, 1)
    assert (bands["Best"].band, bands["Best"].best) == ("low", 13)


def test_a_place_that_swings_is_unsure() -> None:
    middle = dict.fromkeys(weak_signal.TRAITS, 0.5)
    places = [
        weak_signal.Place(f"P{n}", 50, {**middle, "debt": n / 10, "no_papers": (8 - n) / 10}) for n in range(1, 8)
    ]
    bands = {band.place: band.band for band in weak_signal.bands(places, draws=200)}
    assert bands["P1"] == bands["P7"] == "unsure"


def test_equal_places_do_not_divide_by_zero_and_too_few_are_refused() -> None:
    one = weak_signal.example()[0]
    same = [dataclasses.replace(one, name=str(number)) for number in range(6)]
    assert len(weak_signal.bands(same, draws=10)) == 6
    with pytest.raises(ValueError, match="at least six"):
        weak_signal.bands(same[:5])


def test_the_table_shows_a_range_and_no_single_rank() -> None:
    shown = weak_signal.table(weak_signal.bands(weak_signal.example()))._repr_html_()
    assert shown.count("<tr>") == 12
    assert " to " in shown
    assert "<script" not in shown
    assert "Synthetic place 1:" in repr(weak_signal.table(weak_signal.bands(weak_signal.example())))
