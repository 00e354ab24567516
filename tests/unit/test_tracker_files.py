"""Trackers from files: CSV as programs write it, Excel, what is refused; the command; the service tracker."""

from __future__ import annotations

import csv
import datetime as dt
import io

import openpyxl
import pandas
import pytest

from tools import content
from tools.__main__ import main
from tools.casedata import service_tracker, synthetic, tracker
from tools.errors import Problem
from tools.surfaces import tracker_files

SAMPLE = content.EXAMPLES / "reintegration-sample.csv"
SERVICES = content.EXAMPLES / "reintegration-services-sample.csv"
TEXT = content.read_text(SAMPLE)


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def typed(cell: str) -> object:
    """Return a cell as Excel keeps it: dates as dates, numbers as numbers."""
    if len(cell) == 10 and cell[4] == "-":
        return dt.datetime.fromisoformat(cell)
    return int(cell) if cell.isdigit() else cell or None


@pytest.fixture(scope="module")
def sample() -> tracker.Cases:
    return tracker.read(tracker_files.read(SAMPLE))


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace(",", ";").encode("cp1252"),
        TEXT.replace(",", "\t").replace("\n", "\r\n").encode(),
        workbook([[typed(cell) for cell in row] for row in csv.reader(io.StringIO(TEXT))]),
    ],
    ids=["utf-8", "utf-16", "semicolons", "tabs", "excel"],
)
def test_a_file_gives_the_same_cases_whatever_program_wrote_it(data: bytes, sample: tracker.Cases) -> None:
    assert tracker.read(tracker_files.table(data, "x")) == sample


@pytest.mark.promise("input-messages")
def test_a_fault_in_a_file_has_the_row_number_of_the_spreadsheet() -> None:
    rows = list(csv.reader(io.StringIO(TEXT)))[:4]
    at = rows[0].index("housing")
    rows[2][at] = "7"
    rows.insert(1, [])  # an empty row between counts, as it does in Excel
    for data in (workbook(rows), "\n".join(",".join(row) for row in rows).encode()):
        (problem,) = tracker.check(tracker_files.table(data, "cases.xlsx"))
        assert str(problem).startswith("cases.xlsx: Row 4, column 'housing': '7' cannot be used")


@pytest.mark.promise("input-formula")
@pytest.mark.parametrize("make", [workbook, lambda rows: "\n".join(",".join(map(str, row)) for row in rows).encode()])
def test_a_formula_is_refused(make) -> None:
    with pytest.raises(Problem, match=r"x: Row 2, column 'housing' holds a formula.*CAS_020"):
        tracker_files.table(make([["case_code", "housing"], ["A1", "=1+1"]]), "x")


@pytest.mark.promise("input-limits")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "CAS_010"),
        (b"\n,,\n", "CAS_010"),
        (b"a\0b", "CAS_010"),
        (b'case_code\n"A', "CAS_010"),
        (b"PK\x03\x04 no zip", "FIL_007"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "FIL_006"),
        (b"x" * (tracker_files.CSV_MAX + 1), "FIL_001"),
    ],
)
def test_what_is_no_table_is_refused_before_it_is_read(data: bytes, code: str) -> None:
    with pytest.raises(Problem, match=code) as caught:
        tracker_files.table(data, "x.csv")
    assert caught.value.file == "x.csv"


def test_too_many_rows_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(tracker_files, "ROWS_MAX", 3)
    with pytest.raises(Problem, match="CAS_019"):
        tracker_files.table(b"case_code\n" + b"A\n" * 4, "x.csv")


# --- the command


def test_the_command_counts(capsys) -> None:
    assert main(["track", str(SAMPLE), "--area", "housing", "--by", "year"]) == 0
    said = capsys.readouterr().out
    assert said.count("Synthetic sample, no real person.") == 5
    assert "Housing: much is there, or all of it, by year" in said
    assert main(["track", str(SAMPLE), "--case", "SYNTHETIC-07"]) == 0
    assert "no table for a report" in capsys.readouterr().out
    assert main(["track", str(SERVICES), "--services"]) == 0
    assert "Median days to begin" in capsys.readouterr().out
    assert main(["track", "--columns"]) == 0
    assert capsys.readouterr().out.startswith("case_code")


def test_the_command_tells_every_fault_and_counts_nothing(tmp_path, capsys) -> None:
    file = tmp_path / "cases.csv"
    file.write_text(TEXT.replace("in_contact", "in_contct", 2), encoding="utf-8")
    assert main(["track", str(file)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("did you mean 'in_contact'?") == 2
    assert "2 faults in cases.csv; nothing was counted." in told.err
    for wrong in (["track"], ["track", str(tmp_path / "none.csv")], ["track", str(SAMPLE), "--threshold", "1"]):
        assert main(wrong) == 1
        assert "Traceback" not in capsys.readouterr().err


# --- services


def request(case: str, day: int, outcome: str = "received", **more: object) -> dict[str, object]:
    asked = dt.date(2026, 1, 1) + dt.timedelta(days=day)
    return {"case_code": case, "area": "housing", "asked_on": asked, "outcome": outcome} | more


def test_cases_are_counted_by_their_latest_request() -> None:
    rows = [request(f"A{n}", day, "waiting") for n in range(6) for day in (1, 2, 3)]
    rows += [request(f"A{n}", 9, "received", began_on=dt.date(2026, 1, 20 + n), met_need="yes") for n in range(5)]
    rows += [request(f"B{n}", 9, "unavailable") for n in range(6)]
    found = service_tracker.read(pandas.DataFrame(rows).astype(object))
    (row,) = service_tracker.outcomes(found).rows
    assert row == ("Housing", 12, None, None, 0, 6, 0)  # the one who still waits, and another with it
    (row,) = service_tracker.purpose_met(found).rows
    assert row == ("Housing", 5, 5, 0, 100.0, 12.0)


def test_a_beginning_before_the_request_is_named() -> None:
    (problem,) = service_tracker.check(pandas.DataFrame([request("A", 9, began_on=dt.date(2026, 1, 2))]))
    assert "Row 1, column 'began_on': '2026-01-02' cannot be used, because it is before the request" in str(problem)


def test_the_sample_of_requests_is_what_its_function_writes() -> None:
    assert content.read_text(SERVICES) == synthetic.service_csv()
    found = service_tracker.read(tracker_files.read(SERVICES))
    assert found.synthetic
    for tally in (service_tracker.outcomes(found), service_tracker.purpose_met(found)):
        assert tally.title.startswith("Synthetic sample")
        counts = [cell for row in tally.rows for cell in row[1:] if isinstance(cell, int)]
        assert not [count for count in counts if 0 < count < 5]
