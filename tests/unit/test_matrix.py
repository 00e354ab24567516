"""The monitoring matrix: the rows as they are, and one fault at a time."""

from __future__ import annotations

import pytest

from tools import content
from tools.casedata import matrix
from tools.errors import Problem

GOOD = (
    ",".join(matrix.COLUMNS)
    + "\nhousing_01,crisis; transition,housing,First night,A safe place,Hours to the first night,Log; note,once,a2020; b2021,seen\n"
    + 'safety_01,all,safety,Felt safe,"Safety, felt",Says so,Interview,monthly,a2020,composed\n'
)


@pytest.mark.promise("truth-known")
def test_the_whole_matrix_loads_with_a_status_for_every_row() -> None:
    rows = matrix.load()
    assert len(rows) == 203
    assert {row.area for row in rows} == set(matrix.AREAS)
    assert {stage for row in rows for stage in row.stages} == set(matrix.STAGES)
    counts = {status: sum(row.status == status for row in rows) for status in matrix.STATUSES}
    assert counts == {"seen": 109, "composed": 91, "known": 3}


def test_areas_of_the_plan_have_the_same_codes_and_words() -> None:
    from tools.instruments import library

    plan = library.load("reintegration/reintegration-plan")
    assert "goals" in plan.repeats
    area = plan.everything["area"]
    assert [choice.code for choice in area.choices] == list(matrix.PLAN_AREAS)
    assert [choice.label for choice in area.choices] == [matrix.AREAS[code] for code in matrix.PLAN_AREAS]


def test_no_figure_of_a_country_or_a_programme_stands_in_an_indicator() -> None:
    for row in matrix.load():
        assert "%" not in row.indicator
        assert "TVRP" not in row.indicator


def test_rows_are_read() -> None:
    first, second = matrix.read(GOOD)
    assert first.stages == ("crisis", "transition")
    assert first.means == ("Log", "note")
    assert first.sources == ("a2020", "b2021")
    assert second.stages == tuple(matrix.STAGES)
    assert second.outcome == "Safety, felt"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id,stage", "id,phase", "line 1: This is not the matrix"),
        (
            "once,a2020; b2021,seen",
            "once,a2020; b2021",
            "line 2: This row of the matrix cannot be used: it has 9 cells",
        ),
        ("housing_01", "housing_1", "the id 'housing_1' is not the area"),
        ("housing_01", "safety_02", "the id 'safety_02' is not the area"),
        ("safety_01", "housing_01", "line 3: This row of the matrix cannot be used: the id 'housing_01' is not"),
        ("Felt safe", "First night", "line 3: This row of the matrix cannot be used: its label 'First night' stands"),
        ("Felt safe", "x" * 61, "the label is longer"),
        ("crisis; transition", "crisis; crises", "'crises' is no stage (did you mean 'crisis'?)"),
        ("seen\n", "read\n", "'read' is no status"),
        ("Hours to the first night", "", "'indicator' is empty"),
        ('"Safety, felt"', '"Safety, felt', "it cannot be read"),
    ],
)
@pytest.mark.promise("input-messages")
def test_a_bad_row_is_named(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(Problem) as caught:
        matrix.read(GOOD.replace(old, new, 1), "x.csv")
    assert said in str(caught.value)


def test_rows_are_picked() -> None:
    picked = matrix.pick("crisis", ["housing", "safety"])
    assert picked
    assert {row.area for row in picked} == {"housing", "safety"}
    assert all("crisis" in row.stages for row in picked)
    assert matrix.pick() == matrix.load()
    assert set(matrix.pick(status="seen")) < set(matrix.load())
    with pytest.raises(Problem, match=r"no area 'houses'.*did you mean 'housing'"):
        matrix.pick(area="houses")


def test_the_file_is_plain_utf8_without_formulas() -> None:
    from tools.surfaces.cells import safe

    for line in content.read_text(content.INDICATORS).splitlines():
        assert all(safe(cell) == cell for cell in line.split(","))
