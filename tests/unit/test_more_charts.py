"""Every chart of the book: it says what it counts, holds every figure, keeps to the palette, and is light."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from tools import charts, evidence
from tools.charts import drawing

MADE = [
    charts.referred_and_identified,
    charts.potential_and_confirmed,
    charts.children_by_form,
    charts.children_detected,
    charts.men_identified,
    charts.decisions_by_year,
    charts.who_refers,
    charts.needed_after_leaving,
    charts.protocol_parties,
    charts.hidden_part_models,
    charts.evidence_gaps,
    charts.publications_by_year,
    charts.books_and_people,
    charts.fixed_panel,
    charts.rule_change,
    charts.study_rounds,
    charts.withheld_and_found,
    charts.awarded_and_paid,
]
each = pytest.mark.parametrize("make", MADE, ids=lambda make: make.__name__)
Make = Callable[[], charts.Chart]


def test_every_chart_of_the_module_is_tried_here() -> None:
    made = {name for name, one in vars(charts).items() if getattr(one, "__annotations__", {}).get("return") == "Chart"}
    assert made == {make.__name__ for make in MADE}


def test_no_two_charts_share_a_name() -> None:
    assert len({make().slug for make in MADE}) == len(MADE)


@each
@pytest.mark.promise("access-structure")
def test_the_alternative_says_unit_population_place_years_and_source(make: Make) -> None:
    chart = make()
    for part in (chart.title, chart.description, chart.unit, chart.population, chart.places, chart.years):
        assert part in chart.alternative
    for key in chart.sources:
        assert evidence.short(key) in chart.alternative
    assert chart.note
    assert chart.not_shown


@each
def test_every_figure_stands_in_a_table(make: Make) -> None:
    chart = make()
    cells = [cell for table in chart.tables for row in table.rows for cell in row]
    for figure in chart.figures:
        if figure.value is not None:
            assert f"{figure.value:,}" in cells, figure


@each
def test_scales_begin_at_zero_and_hold_every_figure(make: Make) -> None:
    spec = make().spec
    scales = re.findall(r'"domain": \[([\d.]+), ([\d.]+)\]', json.dumps(spec))
    counts = [(float(low), float(high)) for low, high in scales if float(low) < 1900]
    assert counts
    assert {low for low, _ in counts} == {0.0}
    tops = {high for _, high in counts}
    assert max(row["number"] for row in _rows(spec)) <= max(tops)


def _rows(spec: object) -> list[dict[str, float]]:
    if isinstance(spec, dict):
        here = [row for row in spec.get("values", []) if isinstance(row, dict) and row.get("number") is not None]
        return here + [row for part in spec.values() for row in _rows(part)]
    return [row for part in spec for row in _rows(part)] if isinstance(spec, list) else []


@each
def test_colours_are_those_of_the_palette(make: Make) -> None:
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', make().svg()))
    assert used
    assert used <= {colour.light for colour in charts.PALETTE.values()}


@pytest.mark.parametrize(("upper", "lower"), [(90, 10), (12, 10), (0, 0), (100, 99), (10, 12), (50, 40)])
def test_names_at_the_end_of_lines_stand_apart(upper: float, lower: float) -> None:
    first, second = drawing.kept_apart([upper, lower], 100)
    assert abs(first - second) >= 25
    assert (first > second) == (upper >= lower)
    assert min(first, second) >= min(13, upper, lower)
