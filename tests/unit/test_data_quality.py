"""Quality of case data: each share counted by hand, by source and month, on several frames, as text and as files."""

from __future__ import annotations

import datetime as dt

import duckdb
import openpyxl
import polars as pl
import pytest

from tools.__main__ import main
from tools.casedata import quality, schema
from tools.surfaces import quality_report

TODAY = dt.date(2026, 11, 25)
ROWS = [
    # record, source, registered, sex, age, event
    ("A-1", "ORG-1", "2026-01-10", "female", "24", "2026-01-08"),
    ("A-2", "ORG-1", "2026-01-20", "", "30", "2026-01-01"),
    ("A-2", "ORG-1", "2026-02-01", "male", "31", "2026-02-01"),
    ("B-1", "ORG-2", "2026-02-11", "femal", "19", "2026-02-10"),
    ("B-2", "ORG-2", "2026-02-12", "male", "200", "2026-03-10"),
]
COLUMNS = ("record_id", "organisation", "registered_on", "sex", "age", "identified_on")


def frame(rows: list[tuple[str, ...]] = ROWS) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=list(COLUMNS), orient="row").with_columns(
        pl.when(pl.all() == "").then(None).otherwise(pl.all()).name.keep()
    )


def measured(native: object) -> quality.Quality:
    return quality.measure(native, schema.load("victim-centred"), name="five", today=TODAY)


def by(parts: tuple[quality.Measured, ...], name: str, value: str) -> quality.Measured:
    (one,) = (one for one in parts if getattr(one, name) == value)
    return one


def test_every_share_is_what_a_person_counts() -> None:
    found = measured(frame())
    which = schema.load("victim-centred")
    core = [one.name for one in which.fields if one.required and one.name in COLUMNS]
    assert "sex" in core
    assert found.whole.records == 5
    assert found.whole.completeness == pytest.approx(1 - 1 / (5 * len(core)))
    assert found.whole.uniqueness == pytest.approx(4 / 5)
    assert found.whole.validity == pytest.approx(27 / 29), (
        "29 cells hold something; 'femal' and an age of 200 do not conform"
    )
    one, two = by(found.sources, "source", "ORG-1"), by(found.sources, "source", "ORG-2")
    assert (one.records, two.records) == (3, 2)
    assert one.uniqueness == pytest.approx(2 / 3)
    assert two.uniqueness == 1
    assert one.validity == 1
    assert by(found.months, "month", "2026-02").records == 3
    assert {(part.source, part.month) for part in found.parts} == {
        ("ORG-1", "2026-01"), ("ORG-1", "2026-02"), ("ORG-2", "2026-02"),
    }  # fmt: skip


def test_a_record_made_before_its_event_is_not_in_time_but_not_consistent() -> None:
    found = measured(frame())
    two = by(found.sources, "source", "ORG-2")
    assert two.consistency is not None
    assert two.consistency < 1
    event = schema.load("victim-centred").having("event")
    assert event
    if "identified_on" in event:
        assert by(found.sources, "source", "ORG-1").timeliness == pytest.approx(2 / 3)
        assert two.timeliness == 1, "the day before counts; the day that lies after the record does not"


def test_other_frames_give_the_same() -> None:
    made = frame()
    duck = duckdb.sql("select * from made")
    first, second = measured(made), measured(duck)
    assert first.whole == second.whole
    assert first.sources == second.sources
    assert first.parts == second.parts
    assert measured(made.to_pandas()).whole == first.whole


def test_an_empty_column_and_no_dates_give_no_figure() -> None:
    found = measured(frame([("A-1", "ORG-1", "", "", "", "")]))
    assert found.whole.timeliness is None
    assert "no figure" in quality_report.text(found)
    assert quality.light(None) == "no figure"


def test_the_example_shows_the_faults_that_were_put_in() -> None:
    found = quality_report.example()
    lights = {
        one.source: {name for name in quality.MEASURES if quality.light(getattr(one, name)) != "green"} - {"timeliness"}
        for one in found.sources
    }
    assert lights["ORG-4"] == {"consistency"}
    assert lights["ORG-5"] == {"uniqueness"}
    assert lights["ORG-1"] == set()
    drawn = quality_report.chart(found)
    assert "ORG-5, unique" not in drawn.description, "it is to be watched and not below"
    assert "ORG-4, consistent: 71.1" in drawn.description
    assert "71.1" in drawn.svg()
    assert drawn.tables[0].rows[0][0] == "All"


def test_the_command_prints_and_writes(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    frame().write_csv("cases.csv")
    before = (tmp_path / "cases.csv").read_bytes()
    assert main(["data", "quality", "cases.csv", "--as-of", "2026-11-25"]) == 0
    assert "ORG-2" in capsys.readouterr().out
    assert main(["data", "quality", "cases.csv", "--out", "report", "--as-of", "2026-11-25"]) == 0
    names = {path.name for path in (tmp_path / "report").iterdir()}
    assert names == {"cases--quality.html", "cases--quality.xlsx", "cases--quality.txt"}
    page = (tmp_path / "report" / "cases--quality.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "<script" not in page
    book = openpyxl.load_workbook(tmp_path / "report" / "cases--quality.xlsx")
    assert book.sheetnames == ["By source", "By month", "By source and month"]
    assert (tmp_path / "cases.csv").read_bytes() == before
    capsys.readouterr()
    assert main(["data", "quality", "nowhere.csv"]) != 0
    assert "Traceback" not in capsys.readouterr().err
