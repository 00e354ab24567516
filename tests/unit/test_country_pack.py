"""Country packs: every kind of cell, rows that are kept out, old hotlines, presets, the commands."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tools import content
from tools.__main__ import main
from tools.countries import pack as packs
from tools.countries.columns import LISTS, SHEETS, code
from tools.countries.pack import Pack, Sheets
from tools.errors import Problem
from tools.instruments import library, record
from tools.instruments.assessment import assess
from tools.surfaces import country_files

DAY = datetime.date(2026, 11, 25)
COUNTRY = {
    "name": "Testland", "code": "XB", "currency": "usd", "publisher": "An office", "prepared": "2026-11-01",
    "due": "2027-05-01",
}  # fmt: skip
GOOD: dict[str, dict[str, str]] = {
    "Laws": {"topic": "Main law", "name": "Act", "words": "It says so.", "source": "Gazette", "checked": "2026-11-01"},
    "Authorities": {"task": "Identifies", "name": "Office", "checked": "2026-11-01"},
    "Periods": {"subject": "Time to recover", "limit": "at least", "amount": "30", "unit": "days", "starts": "the decision", "law": "Act", "checked": "2026-11-01"},
    "Ages": {"subject": "Work", "years": "15", "law": "Act", "checked": "2026-11-01"},
    "Hotlines": {"name": "Line", "number": "0999", "callers": "Anyone", "languages": "English", "hours": "Always", "free": "Yes", "checked": "2026-11-01"},
    "Wages": {"area": "All", "workers": "All", "amount": "2.50", "span": "an hour", "since": "2026-01-01", "law": "Act", "checked": "2026-11-01"},
    "Presets": {"instrument": "reintegration/funding-mix", "item": "reserve", "answer": "15", "checked": "2026-11-01"},
}  # fmt: skip


def read(sheet: str = "", *rows: dict[str, str], **country: str) -> Pack:
    """Return a pack with the given rows; the first is row 4, as in the template."""
    filled: dict[str, Any] = {name: [(4, row)] for name, row in GOOD.items()}
    if sheet:
        filled[sheet] = [(number, {**GOOD[sheet], **row}) for number, row in enumerate(rows, start=4)]
    return packs.read(Sheets({"Country": [(2, {**COUNTRY, **country})], **filled}), DAY)


def said(pack: Pack, sheet: str) -> list[tuple[str, int, str, str]]:
    return [(one.severity, one.row, one.column, one.code) for one in pack.findings if one.sheet == sheet]


def test_a_good_pack_says_nothing() -> None:
    pack = read()
    assert pack.findings == ()
    assert {sheet: len(rows) for sheet, rows in pack.entries.items()} == dict.fromkeys(GOOD, 1)
    assert (pack.country.currency, pack.country.fresh_days) == ("USD", 180)


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(
    ("sheet", "row", "column", "expected"),
    [
        ("Laws", {"topic": "Main lwa"}, "Topic", "CTY_002"),
        ("Laws", {"words": ""}, "What it says", "CTY_001"),
        ("Authorities", {"website": "example.org"}, "Website", "DIR_010"),
        ("Authorities", {"phone": "call me"}, "Phone", "DIR_007"),
        ("Periods", {"amount": "thirty"}, "How many", "CTY_003"),
        ("Periods", {"amount": "-30"}, "How many", "CTY_003"),
        ("Ages", {"years": "150"}, "Years", "DIR_005"),
        ("Hotlines", {"checked": "2026-11-26"}, "Called on", "CTY_006"),
        ("Hotlines", {"checked": "yesterday"}, "Called on", "DIR_003"),
        ("Hotlines", {"checked": ""}, "Called on", "CTY_001"),
        ("Wages", {"amount": "1,250"}, "Amount", "CTY_004"),
        ("Wages", {"currency": "ZZZ"}, "Currency", "CTY_005"),
        ("Wages", {"until": "2025-12-31"}, "Until", "CTY_009"),
        ("Presets", {"instrument": "reintegration/no-such"}, "Instrument", "INS_001"),
        ("Presets", {"item": "reserves"}, "Item", "REC_005"),
        ("Presets", {"answer": "101"}, "Answer", "REC_004"),
    ],
)
def test_a_wrong_cell_is_named_and_its_row_kept_out(
    sheet: str, row: dict[str, str], column: str, expected: str
) -> None:
    pack = read(sheet, {}, row)
    assert ("error", 5, column, expected) in said(pack, sheet)
    assert [one.row for one in pack.entries[sheet]] == [4]
    message = str(pack.errors[0])
    assert message.startswith(f"error: {sheet}, row 5, {column}: ")


def test_a_code_that_is_nearly_right_gets_a_hint() -> None:
    assert "did you mean 'Main law'" in str(read("Laws", {"topic": "Main lwa"}).errors[0])


@pytest.mark.parametrize("missing", ["name", "code", "currency", "publisher", "prepared", "due"])
def test_a_country_without_a_name_or_a_date_is_no_pack(missing: str) -> None:
    with pytest.raises(Problem) as problem:
        read(**{missing: ""})
    assert problem.value.code == "CTY_011"


@pytest.mark.parametrize(("called", "old"), [("2026-05-29", False), ("2026-05-28", True)])
def test_a_hotline_is_old_after_the_stated_days(called: str, old: bool) -> None:
    pack = read("Hotlines", {"checked": called})
    (line,) = pack.entries["Hotlines"]
    assert pack.is_old(line, DAY) is old
    assert bool(said(pack, "Hotlines")) is old


def test_the_pack_may_state_another_limit() -> None:
    pack = read("Hotlines", {"checked": "2026-10-25"}, fresh_days="30")
    assert said(pack, "Hotlines") == [("warning", 4, "Called on", "CTY_010")]


def test_no_hotline_is_said_and_is_no_error() -> None:
    pack = read("Hotlines")
    assert said(pack, "Hotlines") == [("warning", 0, "", "CTY_012")]
    assert not pack.errors


def test_the_same_number_for_the_same_callers_stands_once() -> None:
    pack = read("Hotlines", {}, {"number": "09 99"}, {"callers": "Children"})
    assert said(pack, "Hotlines") == [("error", 5, "Number", "CTY_008")]
    assert [one.row for one in pack.entries["Hotlines"]] == [4, 6]


def test_wages_hold_from_their_first_to_their_last_day() -> None:
    pack = read("Wages", {"since": "2025-01-01", "until": "2025-12-31", "amount": "2"}, {})
    assert said(pack, "Wages") == []
    for day, amount in (("2024-12-31", None), ("2025-12-31", "2"), ("2026-01-01", "2.50")):
        held = pack.wages_on(datetime.date.fromisoformat(day))
        assert [format(one["amount"], "f") for one in held] == ([amount] if amount else [])


def test_two_wages_for_the_same_days_are_told() -> None:
    assert said(read("Wages", {"since": "2025-01-01"}, {}), "Wages") == [("warning", 5, "From", "CTY_013")]


def test_another_age_of_a_child_is_told() -> None:
    assert said(read("Ages", {"subject": "child", "years": "16"}), "Ages") == [("warning", 4, "Years", "CTY_014")]


def test_an_old_pack_is_told() -> None:
    assert [one.code for one in read(due="2026-11-24").findings] == ["CTY_007"]
    assert read(due="2026-11-25").findings == ()


def test_presets_of_a_table_fill_its_rows() -> None:
    rows = [
        {"item": "cur", "answer": "usd"},
        {"item": "costs.2.cost_kind", "answer": "housing"},
        {"item": "costs.1.per_month", "answer": "200"},
    ]
    pack = read("Presets", *rows)
    assert not pack.errors
    (made,) = packs.records(pack.entries["Presets"]).values()
    assert record.plain(made.answers["costs"]) == [{"per_month": "200"}, {"cost_kind": "housing"}]


def test_codes_and_words_are_both_understood() -> None:
    for name, words in LISTS.items():
        for key, word in words.items():
            assert code(name, key) == code(name, word.upper()) == key


# --- files -------------------------------------------------------------------------------------------------


def changed(cells: dict[tuple[str, str], Any]) -> bytes:
    """Return the worked pack with other cells."""
    book = openpyxl.load_workbook(content.COUNTRY_EXAMPLE)
    for (sheet, place), value in cells.items():
        book[sheet][place] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_the_worked_country_is_good_and_its_old_hotline_is_flagged() -> None:
    pack = country_files.read(content.COUNTRY_EXAMPLE, DAY)
    assert pack.country.fictional
    assert [(one.sheet, one.code) for one in pack.findings] == [("Hotlines", "CTY_010")]
    assert all(pack.entries[sheet] for sheet in list(SHEETS)[1:])


def test_a_pack_survives_writing_and_reading() -> None:
    pack = country_files.read(content.COUNTRY_EXAMPLE, DAY)
    again = country_files.read_bytes(country_files.write(pack), DAY)
    assert (again.country, again.entries) == (pack.country, pack.entries)
    assert country_files.write(pack) == country_files.write(again) == content.COUNTRY_EXAMPLE.read_bytes()


def test_the_template_that_is_shipped_is_the_one_that_is_written() -> None:
    assert content.COUNTRY_TEMPLATE.read_bytes() == country_files.write()


@pytest.mark.promise("input-messages")
def test_the_empty_template_asks_for_the_country_first() -> None:
    with pytest.raises(Problem) as problem:
        country_files.read(content.COUNTRY_TEMPLATE, DAY)
    assert (problem.value.code, problem.value.file) == ("CTY_011", content.COUNTRY_TEMPLATE.name)


def test_cells_of_a_spreadsheet_are_read_as_typed() -> None:
    data = changed({("Wages", "C4"): 2.4, ("Ages", "B5"): 16.0, ("Hotlines", "J4"): datetime.datetime(2026, 11, 20)})
    pack = country_files.read_bytes(data, DAY)
    assert not pack.errors
    assert str(pack.entries["Wages"][0]["amount"]) == "2.4"
    assert pack.entries["Ages"][1]["years"] == 16
    assert pack.entries["Hotlines"][0]["checked"] == datetime.date(2026, 11, 20)


def test_a_formula_keeps_its_row_out() -> None:
    pack = country_files.read_bytes(changed({("Hotlines", "B4"): "=1+1"}), DAY)
    assert [one.code for one in pack.errors] == ["DIR_035", "DIR_007"]
    assert pack.entries["Hotlines"][0].row == 5


@pytest.mark.parametrize(
    ("data", "expected"), [(b"no workbook", "FIL_002"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "FIL_006")]
)
def test_another_file_is_refused(data: bytes, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "pack.xlsx"
    path.write_bytes(data)
    with pytest.raises(Problem) as problem:
        country_files.read(path, DAY)
    assert problem.value.code == expected


def test_a_workbook_of_another_kind_is_no_pack() -> None:
    data = (content.EXAMPLES / "services-template.xlsx").read_bytes()
    with pytest.raises(Problem) as problem:
        country_files.read_bytes(data, DAY)
    assert problem.value.code == "CTY_015"


def test_presets_become_records_that_the_forms_open() -> None:
    made = country_files.preset_files(country_files.read(content.COUNTRY_EXAMPLE, DAY))
    name = "examplia--reintegration--funding-mix.json"
    instrument = library.load("reintegration/funding-mix")
    opened, dropped = record.loads(made[name], instrument)
    assert record.plain(opened.answers["reserve"]) == "15"
    assert dropped == ()
    assert assess(instrument, opened).outcome.id == "begin"  # type: ignore[union-attr]


# --- commands ----------------------------------------------------------------------------------------------


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["country", "template", "mine", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "mine.xlsx").read_bytes() == content.COUNTRY_TEMPLATE.read_bytes()
    assert main(["country", "template", "mine", "--out", str(tmp_path)]) == 1
    capsys.readouterr()
    assert main(["country", "check", str(content.COUNTRY_EXAMPLE), "--as-of", "2026-11-25"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0].startswith("warning: Hotlines, row 6, Called on: ")
    assert out.splitlines()[-1] == "Examplia: 39 rows are good; 0 have errors; 1 warnings."
    assert main(["country", "records", str(content.COUNTRY_EXAMPLE), "--out", str(tmp_path)]) == 0
    assert (tmp_path / "examplia--coordination--action-plan.json").is_file()


def test_a_pack_with_errors_exits_with_1_and_writes_no_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.xlsx"
    path.write_bytes(changed({("Ages", "B4"): "grown up"}))
    assert main(["country", "check", str(path), "--json", "--as-of", "2026-11-25"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["sheet"], one["row"], one["column"], one["code"]) for one in found if one["severity"] == "error"] == [
        ("Ages", 4, "Years", "DIR_005")
    ]
    assert main(["country", "records", str(path), "--out", str(tmp_path / "out")]) == 1
    assert "[CTY_016]" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
