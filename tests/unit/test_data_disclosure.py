"""What leaves the office: records that look alike, and tables that an attack cannot solve."""

import csv
import io
import random

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools import content
from tools.__main__ import main
from tools.casedata import anonymity, attack, disclosure, made_up, recoding, schema, table
from tools.errors import Problem

WHICH = schema.load("victim-centred")
QUASI = ("sex", "age", "citizenship", "sector")


@pytest.fixture(scope="module")
def cases():
    return pl.DataFrame(made_up.rows(WHICH, 1_500, seed=5))


# --- tables ---------------------------------------------------------------------------------------


def flat(shown):
    rows = [one for row, total in zip(shown.cells, shown.row_totals, strict=True) for one in (*row, total)]
    return [*rows, *shown.column_totals, shown.total]


counts = st.one_of(st.integers(0, 6), st.integers(0, 60), st.just(0))
grids = st.integers(1, 5).flatmap(
    lambda wide: st.lists(st.lists(counts, min_size=wide, max_size=wide), min_size=1, max_size=5)
)


@settings(max_examples=60, deadline=None)
@given(grids, st.sampled_from([3, 5, 10]))
def test_no_attack_solves_a_suppressed_table(grid, threshold):
    shown = flat(disclosure.suppress(grid, threshold))
    found = attack.solve(shown, attack.sums(len(grid), len(grid[0])), width=threshold)
    assert found.safe, found
    truth = [one for row in grid for one in (*row, sum(row))]
    truth += [sum(column) for column in zip(*[[*row, sum(row)] for row in grid], strict=True)]
    for at, (low, high) in found.ranges.items():
        assert low <= truth[at] <= high
    assert not [one for one in shown if one is not None and 0 < one < threshold]


@pytest.mark.promise("input-messages", "input-nothing-lost")
def test_a_table_that_the_attack_solves_is_not_made(cases, monkeypatch, tmp_path, capsys):
    """Suppression of the small cells alone, without the second ones, is refused before anything is written."""
    import dataclasses

    real = disclosure.suppress

    def careless(grid, threshold):
        cells = tuple(tuple(None if 0 < one < threshold else one for one in row) for row in grid)
        return dataclasses.replace(
            real(grid, threshold), cells=cells, row_totals=tuple(map(sum, grid)),
            column_totals=tuple(map(sum, zip(*grid, strict=True))), total=sum(map(sum, grid)),
        )  # fmt: skip

    monkeypatch.setattr(disclosure, "suppress", careless)
    file = tmp_path / "cases.csv"
    cases.write_csv(file)
    with pytest.raises(Problem, match="DAT_062"):
        table.make(cases, WHICH, "main_form", "registered_on:year", threshold=10)
    assert main(["data", "table", str(file), "--rows", "main_form", "--columns", "registered_on:year", "--out", str(tmp_path / "out")]) == 1  # fmt: skip
    assert "DAT_062" in "".join(capsys.readouterr())
    assert not (tmp_path / "out").exists()


@settings(max_examples=8, deadline=None)
@given(st.lists(counts, min_size=8, max_size=8), st.sampled_from([3, 5]))
def test_no_attack_solves_linked_tables(cells, threshold):
    # Year by sex by age: eight cells, printed as three two-way tables that share their totals.
    cube = {(y, s, a): cells[4 * y + 2 * s + a] for y in (0, 1) for s in (0, 1) for a in (0, 1)}
    names = [(y, s, a) for y in (0, 1, 2) for s in (0, 1, 2) for a in (0, 1, 2)]

    def value(name):
        return sum(n for key, n in cube.items() if all(w in (2, k) for w, k in zip(name, key, strict=True)))

    place = {name: at for at, name in enumerate(names)}
    values = [value(name) for name in names]
    equations = []
    for name in names:
        for axis in range(3):
            if name[axis] == 2:
                parts = tuple(place[(*name[:axis], one, *name[axis + 1 :])] for one in (0, 1))
                equations.append((place[name], parts))
    shown = attack.suppress(values, equations, threshold)
    found = attack.solve(shown, equations, width=threshold)
    assert found.safe or all(one in (None, 0) for one in shown)
    assert not [one for one in shown if one is not None and 0 < one < threshold]


def test_the_attack_catches_a_single_hidden_cell_and_a_total():
    # 12 + ? = 15: the reader subtracts. This is how naive suppression fails.
    naive = [12, None, 15, 30, 20, 50, 42, 23, 65]
    found = attack.solve(naive, attack.sums(2, 2))
    assert found.exact == (1,)
    assert found.ranges[1] == (3, 3)
    hidden_total = [12, 3, None, 30, 20, 50, 42, 23, 65]
    assert attack.solve(hidden_total, attack.sums(2, 2)).exact == (2,)
    whole = [None, None, 15, None, None, 50, 42, 23, 65]
    assert attack.solve(whole, attack.sums(2, 2)).safe


def test_a_false_table_is_refused():
    with pytest.raises(Problem, match="DAT_060"):
        attack.suppress([1, 2, 4], [(2, (0, 1))])
    with pytest.raises(Problem, match="DAT_060"):
        attack.solve([None, 9, 5], [(2, (0, 1))])


def test_random_rounding_keeps_the_expectation():
    made = [attack.round_randomly([7], 5, seed)[0] for seed in range(4_000)]
    assert set(made) == {5, 10}
    assert abs(sum(made) / len(made) - 7) < 0.2


def test_a_table_hides_proves_and_says_what_remains(cases):
    made = table.make(cases, WHICH, "main_form", "registered_on:year")
    assert made.hidden
    assert made.proof.safe
    assert "What remains possible" in made.statement
    shown = [cell for row in made.cells for cell in row if cell is not None]
    assert all(cell == 0 or cell >= 10 for cell in shown)
    rounded = table.make(cases, WHICH, "main_form", "sex", base=5, seed=2)
    assert all(cell % 5 == 0 for row in rounded.cells for cell in row)
    again = table.make(duckdb.from_arrow(cases.to_arrow()), WHICH, "main_form", "registered_on:year")
    assert again.cells == made.cells


@pytest.mark.parametrize("asked", [("sexx", "age"), ("sex", "age:decade"), ("sex", "sex"), ("record_id", "linkage")])
def test_a_table_that_cannot_be_made_is_refused(cases, asked):
    with pytest.raises(Problem, match="DAT_05"):
        table.make(cases, WHICH, *asked)


# --- records --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("k", "l"), [(2, 1), (5, 1), (11, 2), (60, 1)])
def test_every_combination_occurs_often_enough(cases, k, l):  # noqa: E741
    sensitive = "main_form" if l > 1 else ""
    made = anonymity.protect(cases, WHICH, k=k, l=l, quasi=QUASI, sensitive=sensitive)
    groups = made.frame.group_by(QUASI).agg(pl.len().alias("n"), pl.col("main_form").n_unique().alias("kinds"))
    assert groups["n"].min() >= k
    assert groups["kinds"].min() >= l
    assert len(made.frame) + made.removed == len(cases)
    assert 0 <= made.loss <= 1
    assert "record_id" not in made.frame.columns
    assert "record_id" in made.dropped


def test_nothing_is_changed_where_nothing_must_be():
    same = pl.DataFrame({"sex": ["female", "male"] * 20, "age": ["20", "30"] * 20})
    made = anonymity.protect(same, WHICH, k=5, quasi=("sex", "age"))
    assert made.loss == 0
    assert made.frame.equals(same)


def test_a_larger_k_costs_more(cases):
    losses = [anonymity.protect(cases, WHICH, k=k, quasi=QUASI).loss for k in (2, 10, 60)]
    assert losses == sorted(losses)


def test_the_search_finds_the_best_recoding(cases):
    # All recodings tried one by one, with the same measure.
    quasi = ("sex", "age", "citizenship")
    made = anonymity._counted(cases, quasi, "")
    ladders = [recoding.ladder(WHICH.by_name[one], values) for one, values in zip(quasi, made.values, strict=True)]
    keeps, steps = anonymity._entropies(made, ladders), anonymity._steps(made, ladders)
    best = -1.0
    for node in [(a, b, c) for a in range(len(steps[0])) for b in range(len(steps[1])) for c in range(len(steps[2]))]:
        _, groups, _ = made.groups(
            [steps[at][one][0] for at, one in enumerate(node)], [len(steps[at][one][1]) for at, one in enumerate(node)]
        )
        lost = groups[groups < 5].sum() / len(cases)
        if lost <= 0.05:
            best = max(best, sum(keeps[at][one] for at, one in enumerate(node)) / 3 * (1 - lost))
    plan = anonymity._plan(made, ladders, 5, 1, 0.05)
    _, groups, _ = made.groups(
        [steps[at][one][0] for at, one in enumerate(plan.levels)],
        [len(steps[at][one][1]) for at, one in enumerate(plan.levels)],
    )
    lost = groups[groups < 5].sum() / len(cases)
    kept = sum(keeps[at][one] for at, one in enumerate(plan.levels)) / 3 * (1 - lost)
    assert plan.complete
    assert kept == pytest.approx(best)


def test_polars_duckdb_and_pandas_agree(cases):
    tables = {"Polars": cases, "DuckDB": duckdb.from_arrow(cases.to_arrow()), "pandas": pd.DataFrame(cases.to_dicts())}
    said = {}
    for name, one in tables.items():
        made = anonymity.protect(one, WHICH, k=5, quasi=QUASI)
        frame = {"Polars": lambda f: f, "DuckDB": lambda f: f.pl(), "pandas": lambda f: pl.DataFrame(f.to_dict("list"))}
        rows = sorted(frame[name](made.frame).select(QUASI).rows())
        said[name] = (rows, dict(made.levels), made.cells, made.removed, made.after)
    assert said["Polars"] == said["DuckDB"] == said["pandas"]


def test_risk_is_what_pycanon_measures(cases):
    from pycanon import anonymity as other

    frame = pd.DataFrame(cases.to_dicts())
    risk = anonymity.risk(cases, ("sex", "sector"), "main_form")
    assert risk.smallest == other.k_anonymity(frame, ["sex", "sector"])
    assert risk.diversity == other.l_diversity(frame, ["sex", "sector"], ["main_form"])


@pytest.mark.parametrize(
    ("said", "code"),
    [({"k": 1}, "DAT_053"), ({"quasi": ("nothing",)}, "DAT_050"), ({"k": 9_999}, "DAT_054"), ({"l": 2}, "DAT_053")],
)
def test_what_cannot_be_done_is_refused(cases, said, code):
    with pytest.raises(Problem, match=code):
        anonymity.protect(cases, WHICH, **{"quasi": QUASI, **said})


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 8), st.integers(8, 120))
def test_any_small_data_set_becomes_k_anonymous(seed, k, size):
    dice = random.Random(seed)  # noqa: S311
    frame = pl.DataFrame(
        {
            "sex": [dice.choice(["female", "male", "", "unknown"]) for _ in range(size)],
            "age": [str(dice.randrange(5, 60)) for _ in range(size)],
            "citizenship": [dice.choice(["AL", "NP", "NP;IN", "PH", ""]) for _ in range(size)],
        }
    )
    made = anonymity.protect(frame, WHICH, k=k, quasi=("sex", "age", "citizenship"))
    assert made.after.smallest >= k


def test_the_commands(tmp_path, capsys):
    sample = str(content.EXAMPLES / "victim-centred-sample.csv")
    assert main(["data", "protect", sample]) == 0
    assert "Unique:" in capsys.readouterr().out
    assert main(["data", "protect", sample, "-k", "5", "--quasi", "sex,age", "--out", str(tmp_path)]) == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "victim-centred-sample--protected.csv").read_text("utf-8-sig"))))
    assert 390 <= len(rows) <= 400
    assert main(["data", "table", sample, "--rows", "main_form", "--columns", "sex", "--out", str(tmp_path)]) == 0
    assert "remains possible" in (tmp_path / "victim-centred-sample--table.csv").read_text("utf-8-sig")
