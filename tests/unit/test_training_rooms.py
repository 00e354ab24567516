"""The directory, the workbench and the charts in a training room: they say what the pages talk about."""

from __future__ import annotations

import pytest

from tools import charts
from tools.errors import Problem
from tools.surfaces import data_room, directory_room

DAY = "2026-11-25"


@pytest.fixture(scope="module")
def directory():
    return directory_room.example()


@pytest.fixture(scope="module")
def cases():
    return data_room.example()


def test_the_check_finds_five_things_and_no_error(directory) -> None:
    said = directory_room.checked(directory, DAY)
    assert said.startswith("47 services. Rows with errors: 0. Warnings: 5.")
    assert said.count("\n- ") == 5
    assert "cannot leave" in said


def test_help_is_found_and_its_absence_leads_to_the_next_district(directory) -> None:
    assert "Hostel for men" in directory_room.serving(directory, "shelter", "North Coast", "men")
    none = directory_room.serving(directory, "shelter", "East Border", "men")
    assert none.startswith("Shelter or safe place, East Border, for men: 0 of 1 services.")
    assert "There is one in: Delta, Harbour, Islands, North Coast." in none
    lawyers = directory_room.serving(directory, "legal", "Hills", "women")
    assert lawyers.startswith("Legal help, Hills, for women: 1 of 2 services.")
    assert "checked on 2026-01-20" in lawyers


def test_what_is_closed_or_for_staff_only_is_never_shown(directory) -> None:
    said = directory_room.serving(directory, "case-management", "Harbour") + directory_room.serving(
        directory, "hotline", "Harbour"
    )
    assert "National helpline" in said
    for hidden in ("Staff duty line", "Old office", "Night line"):
        assert hidden not in said


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("sheltre", "Harbour", ""), "did you mean 'shelter'"),
        (("shelter", "Harbor", ""), "did you mean 'Harbour'"),
        (("shelter", "Harbour", "man"), "did you mean"),
    ],
)
def test_a_word_that_is_not_known_is_refused(directory, asked: tuple[str, str, str], words: str) -> None:
    with pytest.raises(Problem, match=words) as caught:
        directory_room.serving(directory, *asked)
    assert caught.value.code == "DIR_067"


def test_what_is_stale_comes_oldest_first_and_nothing_was_stale_when_it_was_checked(directory) -> None:
    said = directory_room.out_of_date(directory, DAY)
    assert said.startswith("3 of 47 entries")
    assert said.index("Travelling lawyer") < said.index("Reception centre East") < said.index("Night line")


def test_the_two_grids_differ_where_help_is_not_for_men(directory) -> None:
    kinds = ("shelter", "health", "legal", "labour")
    every, men = (directory_room.gaps(directory, kinds, people) for people in ("", "men"))
    line = {said: next(one for one in said.splitlines() if one.startswith("East Border")).split() for said in (every, men)}  # fmt: skip
    assert (line[every][2], line[men][2]) == ("1", "0")


def test_more_than_half_stand_out_and_then_nobody(cases) -> None:
    columns = ("sex", "age", "citizenship")
    assert "Unique: 255 records (63.8 per cent)" in data_room.risk(cases, columns)
    said = data_room.protected(cases, columns, k=11)
    assert "Now: 0." in said
    assert max(map(len, said.splitlines())) <= 72


def test_the_raw_table_holds_small_numbers_and_the_published_one_none(cases) -> None:
    assert "labour         56   111      3" in data_room.raw(cases, "main_form", "sex")
    for rows in ("main_form", "citizenship:region"):
        table = data_room.counts(cases, rows, "sex").partition("\n\n")[0]
        assert "hidden" in table
        assert not [cell for cell in table.split() if cell.isdigit() and 0 < int(cell) < 10]


def test_the_figures_of_the_false_and_true_sentences_stand_in_the_charts() -> None:
    told = {chart: " ".join(table.text() for table in chart().tables) for chart in (charts.men_identified, charts.fixed_panel, charts.awarded_and_paid)}  # fmt: skip
    assert all(one in told[charts.men_identified] for one in ("2019    263  932", "2020     30   42"))
    assert all(one in told[charts.fixed_panel] for one in ("46,284", "82,291", "30,664", "32,723"))
    assert all(one in told[charts.awarded_and_paid] for one in ("8,200", "7,378", "968"))
