"""Charts of a caseload and of one plan: what is hidden in a table has no mark; what is drawn stands in a table."""

from __future__ import annotations

import json
import re

import pandas
import pytest

from tools import charts, content
from tools.casedata import tracker
from tools.errors import Problem
from tools.instruments import library, record
from tools.surfaces import case_charts

PLAN, NEEDS = "reintegration/reintegration-plan", "reintegration/needs-three-moments"
LOOKS = [
    {"look_on": "2026-03-05", "look_goal": "1", "look_person": "far", "look_staff": "begun"},
    {"look_on": "2026-06-04", "look_goal": "1", "look_person": "begun", "look_staff": "there"},
    {"look_on": "2026-06-04", "look_goal": "2", "look_person": "begun"},
    {"look_on": "2026-06-04", "look_goal": "3"},  # nothing was said
]
GOALS = [
    {"words": "To sleep <b>again</b>", "area": "mental_health", "person_view": "near", "staff_view": "there"},
    {"area": "economic"},
]


def plan(**answers: object) -> record.Record:
    return record.of(
        library.load(PLAN), {"plan_code": "A-17", "as_of": "2026-09-03", "goals": GOALS, "looks": LOOKS} | answers
    )


def needs() -> record.Record:
    areas = [
        {"area": "family", "was_before": "grave", "is_after": "strength"},
        {"area": "housing", "because_of": "need"},
    ]
    return record.of(library.load(NEEDS), {"as_of": "2026-09-03", "areas": areas})


@pytest.fixture(scope="module")
def sample() -> tracker.Cases:
    return tracker.read(pandas.read_csv(content.EXAMPLES / "reintegration-sample.csv"))


MADE = {
    "cohort": lambda sample: case_charts.cohort(sample, "housing"),
    "trend": lambda sample: case_charts.trend(sample, "economic"),
    "years": lambda sample: case_charts.trend(sample, every="year", view="service"),
    "attrition": case_charts.attrition,
    "needs": lambda _: case_charts.needs(needs(), made_up=True),
    "places": lambda _: case_charts.place_example(),
    "progress": lambda _: case_charts.progress(plan(), made_up=True),
}
each = pytest.mark.parametrize("name", MADE)


@each
@pytest.mark.promise("access-structure")
def test_the_alternative_says_all_that_belongs_to_it(name: str, sample: tracker.Cases) -> None:
    chart = MADE[name](sample)
    for part in (chart.title, chart.description, chart.unit, chart.population, chart.places, chart.years, chart.origin):
        assert part in chart.alternative
    assert chart.note
    assert chart.not_shown
    assert chart.tables


@each
def test_made_up_cases_are_called_so(name: str, sample: tracker.Cases) -> None:
    chart = MADE[name](sample)
    assert chart.title.startswith("Synthetic sample, no real person.")
    assert "Synthetic sample, no real person." in chart.html()
    assert "Made up by this project" in chart.html()


@each
def test_colours_are_those_of_the_palette_and_the_picture_is_plain(name: str, sample: tracker.Cases) -> None:
    svg = MADE[name](sample).svg()
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', svg))
    assert used
    assert used <= {colour.light for colour in charts.PALETTE.values()}
    assert not re.search(r"<(script|style|image|a)\b|style=|href", svg)


@each
def test_the_live_view_runs_along_the_data(name: str, sample: tracker.Cases) -> None:
    chart = MADE[name](sample)
    meta = chart.spec["usermeta"]
    stops = [stop for stop, _ in meta["readouts"]]
    assert meta["start"] in stops
    drawn = {row[meta["field"]] for row in rows(chart.spec) if meta["field"] in row}
    assert drawn
    assert drawn <= set(stops)
    json.dumps(chart.spec)


def rows(spec: object) -> list[dict[str, object]]:
    if isinstance(spec, dict):
        here = [row for row in spec.get("values", []) if isinstance(row, dict)]
        return here + [row for part in spec.values() for row in rows(part)]
    return [row for part in spec for row in rows(part)] if isinstance(spec, list) else []


def test_what_is_hidden_has_no_mark_in_the_picture(sample: tracker.Cases) -> None:
    tally = tracker.cohort(sample, "housing")
    chart = case_charts.cohort(sample, "housing")
    shown = {row["name"]: row["number"] for row in rows(chart.spec) if row.get("label") != "×"}
    assert shown == {str(row[0]).removeprefix("Month "): row[4] for row in tally.rows if isinstance(row[4], float)}
    hidden = [str(row[0]) for row in tally.rows if row[4] is None]
    assert hidden
    assert f"No mark, because numbers are small: {', '.join(hidden)}." in chart.description
    pieces = [row for row in rows(case_charts.attrition(sample).spec) if "part" in row]
    said = case_charts.attrition(sample).description
    for row in tracker.attrition(sample).rows:
        if row[3] is None:
            assert not [one for one in pieces if str(one["tip"]).startswith(f"{row[0]}: closed")]
            assert f"{row[0]}, {row[1]} cases. in contact {row[2]}; closed as planned, or handed over hidden" in said


def test_progress_shows_both_views_at_every_look_and_today() -> None:
    chart = case_charts.progress(plan())
    assert [table.caption for table in chart.tables] == ["Goal 1: Mental health", "Goal 2: Work and money"]
    assert chart.tables[0].rows == (
        ("5 March 2026", "1", "2", "1"),
        ("4 June 2026", "2", "4", "2"),
        ("3 September 2026", "3", "4", "1"),
    )
    assert chart.tables[1].rows == (("4 June 2026", "2", "", ""),)
    assert "To sleep" not in chart.html()
    assert "A-17" not in chart.html()
    worded = case_charts.progress(plan(), words=True).html()
    assert "To sleep &lt;b&gt;again" in worded
    assert "<b>" not in worded


def test_needs_stand_in_the_order_of_the_areas() -> None:
    (table,) = case_charts.needs(needs()).tables
    assert table.rows == (
        ("Housing", "not said", "need", "not said"),
        ("Family", "grave need", "not said", "strength"),
    )


@pytest.mark.promise("input-messages")
def test_another_record_and_an_empty_one_are_refused() -> None:
    with pytest.raises(Problem, match="REC_002"):
        case_charts.progress(needs())
    with pytest.raises(Problem, match="REC_002"):
        case_charts.needs(plan())
    with pytest.raises(Problem, match="CAS_031"):
        case_charts.progress(record.of(library.load(PLAN), {"goals": GOALS[1:]}))
    with pytest.raises(Problem, match="CAS_031"):
        case_charts.needs(record.of(library.load(NEEDS), {}))


def test_a_map_says_nothing_of_a_country_with_few_records() -> None:
    many, few = ["TH"] * 30 + ["IT"] * 12, ["NP"] * 9
    with_few = case_charts.place_map(pandas.DataFrame({"exploitation_country": many + few + [None]}))
    without = case_charts.place_map(pandas.DataFrame({"exploitation_country": many}))
    assert with_few.svg() == without.svg()
    assert with_few.text() == without.text()
    assert with_few.tables[0].rows == (
        ("Thailand", "25 or more"), ("Italy", "10 to 24"), ("All others", "fewer than 10, or none"),
    )  # fmt: skip
    shown = case_charts.place_map(pandas.DataFrame({"exploitation_country": many + few}), threshold=5)
    assert "Nepal" in shown.text()
    assert shown.svg() != without.svg()


def test_a_map_without_its_column_is_told() -> None:
    with pytest.raises(Problem, match="DAT_050"):
        case_charts.place_map(pandas.DataFrame({"country": ["TH"]}))
    with pytest.raises(Problem, match="DAT_003"):
        case_charts.place_map("no frame")
