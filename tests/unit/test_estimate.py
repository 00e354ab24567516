"""Estimates: closed forms for two lists, the published five-list table, sparse tables, and bad input."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from tools import content, evidence
from tools.__main__ import main
from tools.casedata import estimate, estimate_checks, estimate_models, poisson
from tools.errors import Problem

UK = estimate.read((content.ESTIMATION / "uk-2013-five-lists.csv").read_text(encoding="utf-8"))


def table(text: str) -> estimate.Overlap:
    """Return a table from words such as ``A:5 AB:3``."""
    cells = dict(part.split(":") for part in text.split())
    lists = tuple(sorted(set("".join(cells))))
    return estimate.Overlap(lists, {frozenset(name): int(count) for name, count in cells.items()})


# --- two lists


@pytest.mark.parametrize(("people", "first", "second"), [(20, 12, 9), (30, 16, 20), (9, 5, 5)])
def test_chapman_is_unbiased_and_so_is_its_variance(people: int, first: int, second: int) -> None:
    # Where both lists together are at least as long as the population, theory says so exactly (Chapman 1951, Seber 1970).
    ways = {
        both: math.comb(first, both) * math.comb(people - first, second - both) / math.comb(people, second)
        for both in range(max(0, first + second - people), min(first, second) + 1)
    }
    mean = sum(chance * estimate.chapman(first, second, both).total for both, chance in ways.items())
    assert mean == pytest.approx(people)
    square = sum(chance * estimate.chapman(first, second, both).total ** 2 for both, chance in ways.items())
    z = 1.959963984540054
    variance = 0.0
    for both, chance in ways.items():
        found = estimate.chapman(first, second, both)
        variance += chance * ((found.high - found.total) / z) ** 2
    assert variance == pytest.approx(square - mean**2)


def test_two_lists_and_the_model_without_pairs_agree() -> None:
    small = table("A:80 B:60 AB:20")
    assert estimate_models.fit(small).total == pytest.approx(estimate.lincoln_petersen(100, 80, 20))
    assert estimate.lincoln_petersen(10, 10, 0) == math.inf


# --- the published table


def test_the_stepwise_model_of_the_united_kingdom_2013_reproduces() -> None:
    model, steps = estimate_models.stepwise(UK)
    assert [step.pair for step in steps] == [
        ("LA", "NG"), ("NG", "GP"), ("PFNCA", "GP"), ("LA", "PFNCA"), ("GO", "GP"), ("NG", "GO"),
    ]  # fmt: skip
    assert [f"{step.probability:.1e}" for step in steps] == [
        "2.2e-07", "2.2e-05", "1.1e-04", "3.9e-04", "1.3e-03", "1.7e-02",
    ]  # fmt: skip
    assert (round(model.total), round(model.low), round(model.high)) == (11_313, 9_884, 13_027)
    assert (round(model.deviance, 2), model.freedom) == (16.35, 19)
    assert (round(model.aic, 2), round(model.bic, 2)) == (127.60, 198.60)
    assert 10_000 <= round(model.total, -3) <= 13_000  # as published by Silverman (2014)
    low, high = estimate_models.profile(UK, model.pairs)
    assert (round(low), round(high)) == (9_908, 13_064)


def test_main_effects_only() -> None:
    model = estimate_models.fit(UK)
    assert (round(model.total), round(model.low), round(model.high)) == (13_444, 11_985, 15_133)


def test_all_1024_models_and_the_lowest_bic_as_published() -> None:
    models = estimate_models.search(UK)
    assert len(models) == 1024
    assert [(round(model.bic, 2), round(model.total)) for model in models[:2]] == [(196.54, 22_991), (197.49, 12_262)]
    names = [caution.name for caution in estimate_checks.cautions(UK, models)]
    assert "models-disagree" in names
    assert "never-together" in names


# --- sparse tables


def test_a_pair_that_never_meets_is_zero_and_not_a_failure() -> None:
    model = estimate_models.fit(UK, [("LA", "GP")])
    assert model.never == (("LA", "GP"),)
    assert model.status == estimate_models.FITTED
    # Leaving the cells out by hand comes to the same.
    frame = estimate_models._frame(UK, [("LA", "GP")])
    assert len(frame.counts) == 31 - 8


def test_a_model_without_an_estimate_is_named() -> None:
    none_meet = table("A:50 B:40 C:30")
    models = estimate_models.search(none_meet)
    assert any(model.status != estimate_models.FITTED for model in models)
    assert "no-overlap" in [caution.name for caution in estimate_checks.cautions(none_meet, models)]


def test_existence_agrees_with_brute_force() -> None:
    # Over small random tables: where an estimate exists, Newton settles at positive means; where it does not, the
    # likelihood still rises when a coefficient is pushed on along some direction that was found by random search.
    rng = np.random.default_rng(7)
    seen = {True: 0, False: 0}
    for _ in range(60):
        design = np.column_stack([np.ones(6), rng.integers(0, 2, (6, 2)).astype(float)])
        counts = rng.integers(0, 3, 6).astype(float)
        if not poisson.identifiable(design) or not counts.sum():
            continue
        grid = rng.integers(-3, 4, (4000, 3)).astype(float)
        moved = grid @ design.T
        falls = (np.abs(moved[:, counts > 0]) < 1e-12).all(axis=1) & (moved[:, counts == 0] <= 0).all(axis=1)
        escape = bool((falls & (moved < 0).any(axis=1)).any())
        assert poisson.exists(design, counts) is not escape
        seen[not escape] += 1
    assert min(seen.values()) >= 5


def test_known_dependence_is_recovered() -> None:
    # Expected counts of a known model, rounded: the fit must give the people on no list back.
    lists = ("A", "B", "C")
    people = {}
    for size in (1, 2, 3):
        for history in combinations(lists, size):
            log = math.log(5000) - 1.6 * size + (1.0 if {"A", "B"} <= set(history) else 0.0)
            people[frozenset(history)] = round(math.exp(log))
    known = estimate.Overlap(lists, people)
    model, _ = estimate_models.stepwise(known)
    assert model.pairs == (("A", "B"),)
    assert model.total - known.total == pytest.approx(5000, rel=0.03)


def test_the_bootstrap_is_seeded_and_holds_the_estimate() -> None:
    first, second = (estimate_models.bootstrap(UK, samples=40, seed=3) for _ in range(2))
    assert first == second
    assert first.percentile[0] < 11_313 < first.percentile[1]
    assert first.bca[0] < first.bca[1]
    wald = estimate_models.stepwise(UK)[0]
    assert first.percentile[1] - first.percentile[0] > wald.high - wald.low  # the choice of a model costs certainty


# --- tables and bad input


def test_keys_of_lists_become_a_table() -> None:
    found = estimate.of_keys({"police": "ab", "shelter": "bc", "hotline": "b"})
    assert found.people[frozenset({"police", "shelter", "hotline"})] == 1
    assert (found.total, found.on("police")) == (3, 2)


def test_lists_of_one_chain_can_be_merged() -> None:
    merged = UK.merged("PFNCA", "GO", "state")
    assert merged.total == UK.total
    assert merged.on("state") == UK.on("PFNCA") + UK.on("GO") - UK.both("PFNCA", "GO")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A,people\n1,3\n", "EST_001"),
        ("A,B,people\n0,0,3\n", "EST_002"),
        ("A,B,people\n1,0,0\n", "EST_004"),
        ("A,B\n1,0\n", "EST_005"),
        ("", "EST_005"),
        ("A,B,people\n1,2,3\n", "EST_006"),
        ("A,B,people\n1,0,-3\n", "EST_006"),
        ("A,B,people\n1\n", "EST_006"),
        ("A,B,people\n1,0,3.5\n", "EST_006"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_place(text: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        estimate.read(text, "lists.csv")
    assert caught.value.code == code


def test_other_bad_input() -> None:
    with pytest.raises(Problem, match="EST_008"):
        estimate.chapman(3, 4, 5)
    with pytest.raises(Problem, match="EST_009"):
        estimate.chapman(5, 4, 3, level=2)
    with pytest.raises(Problem, match="EST_010"):
        estimate_models.fit(UK, [("LA", "XX")])
    with pytest.raises(Problem, match="EST_003"):
        estimate.Overlap(("A", "B"), {frozenset("A"): -1})
    six = table("A:9 B:9 C:9 D:9 E:9 F:9 AB:3")
    with pytest.raises(Problem, match="EST_011"):
        estimate_models.search(six)


# --- the figures in the book, and the command


def test_the_figures_of_the_chart_are_what_the_models_say_now() -> None:
    printed = {
        row.indicator: row.value
        for row in evidence.statistics("uk-2013-estimates")
        if "our calculation" in row.indicator
    }
    best = estimate_models.search(UK)
    models = {
        "No pair depends": estimate_models.fit(UK),
        "Chosen stepwise": estimate_models.stepwise(UK)[0],
        **dict(zip(("Lowest BIC", "Second by BIC", "Third by BIC"), best, strict=False)),
    }
    computed = {
        f"{name}, our calculation, {part}": round(getattr(model, field))
        for name, model in models.items()
        for part, field in (("estimate", "total"), ("from", "low"), ("to", "high"))
    }
    assert printed == computed


def test_the_command_prints_models_cautions_and_assumptions(capsys, tmp_path) -> None:
    picture = tmp_path / "models.svg"
    file = str(content.ESTIMATION / "uk-2013-five-lists.csv")
    assert main(["estimate", "lists", file, "--samples", "20", "--chart", str(picture)]) == 0
    said = capsys.readouterr().out
    for words in ("11,313 people; Wald 9,884 to 13,027; profile 9,908 to 13,064", "22,991", "STOP: ", "You assume"):
        assert words in said
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    assert main(["estimate", "two", "100", "100", "20"]) == 0
    assert "Chapman:               485" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "data"), [("none.csv", None), ("bad.csv", b"\xff\xfe\x00"), ("x.csv", b"A;B;people\n")]
)
def test_the_command_says_what_is_wrong_with_a_file(capsys, tmp_path, name: str, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert main(["estimate", "lists", str(tmp_path / name)]) == 1
    assert "[EST_00" in capsys.readouterr().err
