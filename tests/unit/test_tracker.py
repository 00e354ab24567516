"""The case tracker: the same counts from any frame, faults named by row and column, small numbers hidden."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pandas
import polars
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools import content
from tools.casedata import synthetic, tracker
from tools.errors import Problem

SAMPLE = content.EXAMPLES / "reintegration-sample.csv"
ROW = {
    "case_code": "A-1", "intake_on": "2026-01-05", "review_on": "2026-04-06", "seen_by": "person", "stage": "crisis",
    "contact": "in_contact", "sex": "man", "housing": "3", "safety": "2",
}  # fmt: skip


def frame(*changes: dict[str, object]) -> pandas.DataFrame:
    return pandas.DataFrame([ROW | change for change in changes or ({},)])


def faults(*changes: dict[str, object]) -> list[str]:
    return [str(problem) for problem in tracker.check(frame(*changes))]


@pytest.fixture(scope="module")
def sample() -> tracker.Cases:
    return tracker.read(pandas.read_csv(SAMPLE))


# --- frames


@pytest.mark.parametrize(
    "make",
    [
        lambda rows: pandas.DataFrame(rows),
        lambda _: pandas.read_csv(SAMPLE),
        lambda _: pandas.read_csv(SAMPLE, parse_dates=["intake_on", "review_on"], dtype_backend="numpy_nullable"),
        lambda _: polars.read_csv(SAMPLE, try_parse_dates=True),
        lambda rows: polars.LazyFrame(rows),
        lambda rows: pyarrow.Table.from_pylist(rows),
    ],
    ids=["pandas", "pandas from a file", "pandas with dates", "polars", "polars lazy", "pyarrow"],
)
def test_any_frame_gives_the_same_cases(make, sample: tracker.Cases) -> None:
    rows = list(csv.DictReader(io.StringIO(content.read_text(SAMPLE))))
    assert tracker.read(make(rows)) == sample


@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_a_table_becomes_a_frame_with_hidden_numbers_missing(backend: str, sample: tracker.Cases) -> None:
    import narwhals as nw

    tally = tracker.attrition(sample)
    made = nw.from_native(tally.frame(backend), eager_only=True)
    assert made.shape == (len(tally.rows), len(tally.heads))
    assert sum(made[name].null_count() for name in made.columns) == tally.hidden > 0


# --- faults


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"housing": "5"}, "Row 1, column 'housing': '5' cannot be used, because the scale has four steps. Write 1, 2"),
        ({"housing": 2.5}, "Row 1, column 'housing': '2.5' cannot be used"),
        ({"review_on": "06/04/2026"}, "column 'review_on': '06/04/2026' cannot be used, because it is not a date"),
        ({"review_on": "2026-02-30"}, "there is no such day"),
        ({"review_on": "1026-02-20"}, "it is before 1990"),
        ({"review_on": "2026-01-04"}, "it is before the intake on 2026-01-05"),
        ({"seen_by": "staf"}, "it is not in the list"),
        ({"contact": "in_contct"}, "did you mean 'in_contact'?"),
        ({"case_code": ""}, "Row 1, column 'case_code': nothing is filled in. Write a code of your own"),
        ({"case_code": "x" * 41}, "a code has at most 40"),
        ({"case_code": "=1+1"}, "a code has at most 40"),
        ({"name": "somebody"}, "The column 'name' is not one of a tracker"),
        ({"houses": 1}, "The column 'houses' is not one of a tracker (did you mean 'housing'?)"),
    ],
)
def test_a_fault_is_named_with_row_column_reason_and_remedy(change: dict[str, object], said: str) -> None:
    (found,) = faults(change)
    assert said in found
    with pytest.raises(Problem):
        tracker.read(frame(change))


def test_all_faults_are_told_in_the_order_of_the_rows() -> None:
    found = tracker.check(frame({}, {"housing": "9"}, {"review_on": "x", "sex": "m"}))
    assert [(one.fields["row"], one.fields["column"]) for one in found] == [
        (2, "housing"),
        (3, "review_on"),
        (3, "sex"),
    ]


def test_a_row_that_stands_twice_or_contradicts_another_is_named() -> None:
    (found,) = faults({}, {"housing": "1"})
    assert found.startswith("Row 2: this case, date and view stand already in row 1.")
    (found,) = faults({}, {"review_on": "2026-06-06", "sex": "woman"})
    assert "Row 2, column 'sex': 'woman' differs from 'man' in row 1 of the same case." in found
    (found,) = faults({}, {"seen_by": "service", "contact": "lost"})
    assert "column 'contact'" in found


def test_a_missing_column_an_empty_table_and_another_thing_are_named() -> None:
    (found,) = map(str, tracker.check(frame().drop(columns="seen_by")))
    assert found.startswith("The column 'seen_by' is missing. Add it. The columns are: case_code, intake_on")
    (found,) = map(str, tracker.check(frame().head(0)))
    assert found.startswith("The table has no rows.")
    with pytest.raises(Problem, match="This is not a table that can be read: it is of the kind str"):
        tracker.read("cases.csv")
    with pytest.raises(Problem, match="CAS_018"):
        tracker.read(frame().assign(**{"Housing ": 1}))


def test_headings_and_codes_are_taken_as_people_write_them() -> None:
    written = frame({"seen_by": "The person", "contact": "In contact", "stage": "CRISIS"})
    written = written.rename(columns={"case_code": "Case code", "review_on": "review-on"})
    assert tracker.read(written) == tracker.read(frame())


# --- counts


def look(case: str, months: int, contact: str = "in_contact", view: str = "person", **scores: int) -> dict[str, object]:
    intake = dt.date(2024, 1, 1)
    return {
        "case_code": case, "intake_on": intake, "review_on": intake + dt.timedelta(days=round(months * 30.44)),
        "seen_by": view, "stage": "transition", "contact": contact, "housing": None, "safety": None, **scores,
    }  # fmt: skip


def cases(*looks: dict[str, object]) -> tracker.Cases:
    return tracker.read(pandas.DataFrame(looks).astype(object))


def test_a_cohort_counts_the_closest_look_of_each_case() -> None:
    found = cases(
        *(look(f"A{n}", 0, housing=1) for n in range(8)),
        *(look(f"A{n}", 3, housing=3) for n in range(6)),
        *(look(f"A{n}", 4, housing=1) for n in range(6)),  # closer to 3 than to 6, but not as close
        *(look(f"A{n}", 12, housing=4) for n in range(3)),
    )
    rows = tracker.cohort(found, "housing").rows
    assert rows[0] == ("Month 0", 8, 0, 8, 0.0)
    assert rows[1] == ("Month 3", 6, 6, 0, 100.0)
    assert rows[2] == ("Month 6", 0, 0, 0, "")
    assert rows[3] == ("Month 12", None, None, None, None)


def test_a_trend_counts_the_last_look_of_each_case_and_shows_empty_periods() -> None:
    found = cases(
        *(look(f"A{n}", 0, housing=1) for n in range(6)),
        *(look(f"A{n}", 2, housing=4) for n in range(6)),
        *(look(f"A{n}", 8, housing=4) for n in range(6)),
    )
    tally = tracker.trend(found, "housing")
    assert [row[0] for row in tally.rows] == ["2024 Q1", "2024 Q2", "2024 Q3"]
    assert [row[1:] for row in tally.rows] == [(6, 6, 0, 100.0), (0, 0, 0, ""), (6, 6, 0, 100.0)]
    assert [row[:2] for row in tracker.trend(found, "housing", every="year").rows] == [("2024", 6)]


def test_attrition_leaves_out_young_cases_and_finds_those_nobody_saw() -> None:
    found = cases(
        *(look(f"A{n}", 0, housing=1) for n in range(20)),
        *(look(f"A{n}", 6, housing=2) for n in range(10)),
        *(look(f"A{n}", 6, "lost") for n in range(10, 15)),
    )
    rows = {row[0]: row[1:] for row in tracker.attrition(found).rows}
    assert rows["Month 0"] == (20, 20, 0, 0, 0, 0)
    assert rows["Month 6"] == (20, 10, 0, 0, 5, 5)
    assert rows["Month 12"] == (0, 0, 0, 0, 0, 0)  # nobody was there so long
    assert {row[0]: row[1] for row in tracker.attrition(found, dt.date(2025, 2, 1)).rows}["Month 12"] == 20


def test_two_views_and_the_rule_for_the_situation() -> None:
    found = cases(
        *(look(f"A{n}", 3, housing=3, safety=3) for n in range(6)),
        *(look(f"A{n}", 3, view="service", housing=4, safety=3) for n in range(6)),
    )
    assert tracker.two_views(found).rows == (("Housing", 6, 0, 0, 6), ("Safety", 6, 0, 6, 0))
    situation = {"housing": 3, "safety": 3, "family": 3}
    told = [
        tracker.read(frame(situation | change)).reviews[0].situation
        for change in ({}, {"family": 1}, {"safety": 1}, {"safety": 2, "housing": 2})
    ]
    assert told == ["stable", "in_progress", "critical", "in_progress"]


def test_one_case_shows_both_views_and_says_it_is_no_report(sample: tracker.Cases) -> None:
    found = cases(look("A1", 0, housing=1), look("A1", 0, view="service", housing=3))
    tally = tracker.one_case(found, "A1")
    assert tally.rows[0] == ("Housing", "1 / 3 !")
    assert "no table for a report" in tally.text()
    with pytest.raises(Problem, match="CAS_003"):
        tracker.one_case(found, "A2")


def test_reviews_that_are_overdue_are_listed() -> None:
    found = cases(look("A1", 0, housing=1), look("A2", 0, housing=1), look("A2", 3, "completed", housing=4))
    assert tracker.overdue(found, dt.date(2024, 4, 2)) == ()
    assert tracker.overdue(found, dt.date(2024, 4, 3)) == (("A1", dt.date(2024, 1, 1), 93),)


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: tracker.cohort(c, "houses"),
        lambda c: tracker.cohort(c, view="staff"),
        lambda c: tracker.trend(c, every="day"),
        lambda c: tracker.caseload(c, "name"),
    ],
)
def test_a_word_that_is_not_known_is_refused(ask, sample: tracker.Cases) -> None:
    with pytest.raises(Problem, match="CAS_003"):
        ask(sample)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_table_of_a_report_shows_a_small_number(data: st.DataObject) -> None:
    rows = [
        look(f"A{n}", months, data.draw(st.sampled_from([*tracker.CONTACT])), housing=data.draw(st.integers(1, 4)))
        | {"sex": data.draw(st.sampled_from(["woman", "man"])) if months == 0 else ""}
        for n in range(data.draw(st.integers(1, 15)))
        for months in (0, 3, 12)
    ]
    found = cases(*rows)
    for tally in (tracker.cohort(found, "housing"), tracker.trend(found), tracker.attrition(found),
                  tracker.two_views(found), tracker.caseload(found), tracker.caseload(found, "contact")):  # fmt: skip
        counts = [cell for row in tally.rows for cell in row[1:] if isinstance(cell, int)]
        assert not [count for count in counts if 0 < count < 5]
        for row in tally.rows:
            assert sum(cell is None for cell in row[1:]) != 1


# --- made-up cases


def test_the_sample_is_what_its_function_writes_and_says_so_everywhere(sample: tracker.Cases) -> None:
    text = content.read_text(SAMPLE)
    assert text == synthetic.reintegration_csv()
    assert synthetic.reintegration_csv(seed=1) != text
    assert len(sample.by_case) == 60
    assert sample.synthetic
    for row in csv.DictReader(io.StringIO(text)):
        assert row["case_code"].startswith("SYNTHETIC-")
        assert row["synthetic"] == "synthetic"
        assert row["intake_on"] >= "2090"  # no day on which anybody has lived
    for tally in (tracker.cohort(sample), tracker.trend(sample), tracker.attrition(sample), tracker.two_views(sample),
                  tracker.caseload(sample), tracker.one_case(sample, "SYNTHETIC-07")):  # fmt: skip
        assert tally.title.startswith("Synthetic sample, no real person.")
    months = max(review.months for review in sample.reviews)
    assert 35 < months < 37
