"""The services directory: rows and their faults, the template, what is published and what never is."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools import content
from tools.errors import Problem
from tools.services import directory, rows
from tools.services.columns import SERVICES, SHEETS
from tools.services.rows import Sheets
from tools.surfaces import directory_build, directory_files, directory_template

EXAMPLE = content.DATA / "examples" / "directory-example"
AS_OF = datetime.date(2026, 11, 25)
GOOD = {
    "organisation": "Org", "name": "Help", "types": "Legal help", "description": "Text.", "status": "Open", "women": "Yes",
    "men": "Yes", "children": "No", "eligibility": "Anyone.", "languages": "English", "areas": "North", "phone": "117",
    "cost": "Free", "apply": "Call.", "confidential": "No", "assured_date": "2026-11-01",
}  # fmt: skip


@pytest.fixture(scope="module")
def example():
    return directory_files.read(EXAMPLE)


def sheets(*changes: dict[str, str]) -> Sheets:
    found = [
        (number, {k: v for k, v in (GOOD | change).items() if v}) for number, change in enumerate(changes, start=4)
    ]
    organisations = [(4, {"name": "Org", "description": "d"}), (5, {"name": "Other", "description": "d"})]
    return Sheets(organisations=organisations, services=found, areas=[(4, {"name": "North"}), (5, {"name": "South"})])


def plain(found):
    """Services without the place they came from."""
    return [dataclasses.replace(one, place=None) for one in found.services]


# --- Rows ---


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"name": ""}, "DIR_001", "Service"), ({"types": "Magic"}, "DIR_002", "Kind of help"),
        ({"more_types": "Legal help; Magic"}, "DIR_002", "More kinds of help"), ({"men": "perhaps"}, "DIR_002", "Men"),
        ({"assured_date": "02.11.2026"}, "DIR_003", "Checked on"), ({"assured_date": "2026-02-30"}, "DIR_003", "Checked on"),
        ({"minimum_age": "-1"}, "DIR_005", "Lowest age"), ({"minimum_age": "about 12"}, "DIR_005", "Lowest age"),
        ({"minimum_age": "18", "maximum_age": "12"}, "DIR_006", "Highest age"),
        ({"phone": "call us"}, "DIR_007", "Phone"), ({"phone": "+"}, "DIR_007", "Phone"),
        ({"monday": "9 to 5"}, "DIR_008", "Monday"), ({"monday": "09:00-09:00"}, "DIR_008", "Monday"),
        ({"monday": "09:00-12:00; 11:00-13:00"}, "DIR_008", "Monday"), ({"monday": "25:00-26:00"}, "DIR_008", "Monday"),
        ({"email": "a@b"}, "DIR_009", "Email"), ({"website": "javascript:alert(1)"}, "DIR_010", "Website"),
        ({"website": 'https://a.org/"><script>'}, "DIR_010", "Website"), ({"areas": "West"}, "DIR_012", "Areas served"),
        ({"organisation": "Nobody"}, "DIR_013", "Organisation"),
        ({"confidential": "Yes", "address": "1 Street"}, "DIR_014", "Address"),
        ({"confidential": "Yes", "latitude": "11.5"}, "DIR_014", "Latitude"), ({"phone": ""}, "DIR_016", "Phone"),
        ({"description": "x" * 2001}, "DIR_030", "What people get"), ({"latitude": "north"}, "DIR_031", "Latitude"),
        ({"latitude": "91"}, "DIR_031", "Latitude"), ({"country": "Examplia"}, "DIR_032", "Country"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_with_its_place_and_the_good_row_is_kept(change, code, column):
    found, findings = rows.read(sheets(change, {"name": "Good"}))
    assert [one.name for one in found.services] == ["Good"]
    errors = [one for one in findings if one.severity == "error"]
    assert {(one.code, one.sheet, one.row, one.column) for one in errors} == {(code, "Services", 4, column)}
    text = str(errors[0])
    assert text.startswith(f"error: Services, row 4, {column}: ")
    assert errors[0].problem.todo in text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"contact_role": "Dr Example"}, "DIR_015"), ({"assurer": "Ana Example"}, "DIR_015"),
        ({"languages": "English; Klingonese"}, "DIR_011"), ({"setting": "Closed: residents cannot go out alone"}, "DIR_024"),
    ],
)  # fmt: skip
def test_a_warning_keeps_its_row(change, code):
    found, findings = rows.read(sheets(change))
    assert [(one.code, one.severity) for one in findings] == [(code, "warning")]
    assert len(found.services) == 1


def test_a_message_on_a_name_or_an_address_does_not_repeat_it():
    _, findings = rows.read(
        sheets({"contact_role": "Dr Canary"}, {"confidential": "Yes", "address": "1 Canary Street"})
    )
    assert len(findings) == 2
    assert "Canary" not in " ".join(map(str, findings))


def test_ids_stay_the_same_whatever_the_order_and_a_given_id_is_kept():
    first, _ = rows.read(sheets({"name": "A"}, {"name": "B"}, {"id": "mine", "name": "C"}))
    second, _ = rows.read(sheets({"id": "mine", "name": "C"}, {"name": "B"}, {"name": "A"}))
    assert {one.name: one.id for one in first.services} == {one.name: one.id for one in second.services}
    assert first.services[2].id == "mine"
    twins, findings = rows.read(sheets({"id": "x"}, {"id": "x", "name": "Other"}))
    assert [one.code for one in findings] == ["DIR_029"]
    assert len(twins.services) == 1
    assert len({one.id for one in rows.read(sheets({}, {}))[0].services}) == 2


def test_the_directory_as_a_whole_is_checked():
    found, _ = rows.read(
        sheets({"men": "No", "assured_date": "2026-05-01"}, {"men": "No", "assured_date": "2026-12-01"})
    )
    told = {one.code: one for one in directory.check(found, AS_OF)}
    assert set(told) == {"DIR_017", "DIR_004", "DIR_019", "DIR_020", "DIR_022", "DIR_023"}
    assert (told["DIR_017"].row, told["DIR_022"].problem.fields["area"]) == (4, "South")
    edge, _ = rows.read(sheets({"assured_date": "2026-05-26"}, {"name": "B", "assured_date": "2026-05-25"}))
    assert [one.name for one in directory.stale(edge, AS_OF)] == ["B"]
    shelters, _ = rows.read(sheets({"types": "Shelter or safe place", "men": "No"}, {"name": "B"}))
    assert "DIR_021" in {one.code for one in directory.check(shelters, AS_OF)}


@pytest.mark.parametrize(
    ("change", "twins"),
    [
        ({"name": "The help"}, True), ({"name": "HELP", "phone": "118"}, True), ({"name": "Housing"}, False),
        ({"areas": "South"}, False), ({"organisation": "Other", "phone": "118"}, False),
    ],
)  # fmt: skip
def test_likely_twins(change, twins):
    numbers = {"phone": "+999 10 200"}
    found, _ = rows.read(sheets(numbers, numbers | change))
    assert bool(directory.duplicates(found)) is twins


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_cell_brings_the_reader_down(text):
    for column in SERVICES:
        found, findings = rows.read(sheets({column.key: text}))
        assert len(found.services) + bool([one for one in findings if one.severity == "error"]) >= 1


# --- Files in ---


def test_the_template_is_empty_for_the_reader_and_a_filled_one_comes_back_whole(example):
    with_nothing = directory_files.read_bytes(directory_template.write(), "x.xlsx")
    assert {one.code for one in with_nothing.findings} == {"DIR_033", "DIR_001"}  # nothing yet, not even a title
    filled = directory_files.read_bytes(directory_template.write(example.directory), "x.xlsx")
    assert directory_build.bad_rows(filled.findings) == 0
    assert plain(filled.directory) == plain(example.directory)
    assert filled.directory.about == example.directory.about
    assert filled.directory.areas == example.directory.areas
    assert directory_template.write(example.directory) == directory_template.write(example.directory)


def test_the_files_to_download_are_what_the_writer_writes(example):
    folder = content.DATA / "examples"
    assert (folder / "services-template.xlsx").read_bytes() == directory_template.write()
    assert (folder / "directory-example.xlsx").read_bytes() == directory_template.write(example.directory)


def test_the_template_has_lists_help_a_locked_heading_and_a4():
    book = openpyxl.load_workbook(io.BytesIO(directory_template.write()))
    assert book.sheetnames == ["Help", "About", "Organisations", "Services", "Areas", "Lists"]
    sheet = book["Services"]
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert len(lists) == sum(column.kind in ("code", "answer") for column in SERVICES) + 1
    assert sheet.protection.sheet
    assert sheet["A1"].protection.locked
    assert not sheet.column_dimensions["A"].protection.locked
    assert all(book[name].page_setup.paperSize == 9 for name in book.sheetnames[:5])
    assert book["Lists"].sheet_state == "hidden"
    for name, columns in SHEETS.items():
        if name != "About":
            assert [str(cell.value).rstrip(" *") for cell in book[name][1]] == [column.label for column in columns]


def changed(example, change) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(directory_template.write(example.directory)))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_with_formulas_and_columns_of_its_own_is_told(example):
    def change(book):
        sheet = book["Services"]
        sheet.cell(1, len(SERVICES) + 1, "Our notes")
        sheet.cell(4, 3, '=HYPERLINK("https://example.org","x")')
        phone = [column.key for column in SERVICES].index("phone") + 1
        sheet.cell(5, phone, 117)  # a telephone number that Excel took for a number

    found = directory_files.read_bytes(changed(example, change), "x.xlsx")
    told = {(one.code, one.row) for one in found.findings if one.code in ("DIR_035", "DIR_026")}
    assert told == {("DIR_035", 4), ("DIR_026", 1)}
    assert len(found.directory.services) == len(example.directory.services) - 1
    assert found.directory.services[0].phones[0].number == "117"


def test_a_workbook_without_its_sheets_or_columns_is_refused(example):
    with pytest.raises(Problem) as told:
        directory_files.read_bytes(changed(example, lambda book: book.remove(book["Areas"])), "x.xlsx")
    assert told.value.code == "DIR_025"
    found = directory_files.read_bytes(changed(example, lambda book: book["Services"].delete_cols(3)), "x.xlsx")
    assert "DIR_028" in {one.code for one in found.findings}
    assert found.directory.services == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_one_table_of_services_is_read_in_the_ways_spreadsheets_save_it(encoding, delimiter):
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow([column.label for column in SERVICES])
    row = GOOD | {"name": "Hélp = “one”", "description": "Two\nlines; with, signs", "phone": "'+999 10 20"}
    writer.writerow([row.get(column.key, "") for column in SERVICES])
    found = directory_files.read_bytes(stream.getvalue().encode(encoding), "services.csv")
    assert found.findings == ()
    (one,) = found.directory.services
    assert (one.name, one.description, one.phones[0].number) == (
        "Hélp = “one”",
        "Two\nlines; with, signs",
        "+999 10 20",
    )


def test_the_table_that_is_written_is_no_formula_and_comes_back(example):
    text = directory_files.services_csv(example.directory)
    for line in csv.reader(io.StringIO(text)):
        assert not [cell for cell in line if cell[:1] in "=+-@" and cell]
    again = directory_files.read_bytes(text.encode(), "x.csv")
    assert directory_build.bad_rows(again.findings) == 0
    want = [(one.name, one.phones, one.schedules, one.attributes) for one in example.directory.services]
    assert [(one.name, one.phones, one.schedules, one.attributes) for one in again.directory.services] == want


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped(**{"../services.csv": b"id\n"}), "DIR_052"), (zipped(**{"a/../../services.csv": b"id\n"}), "DIR_052"),
        (zipped(**{"services.csv": b"id\n", "x.zip": zipped(a=b"")}), "DIR_052"),
        (zipped(**{"services.csv": b"0" * 40_000_000}), "DIR_053"), (b"PK\x03\x04rubbish", "FIL_007"),
        (zipped(**{"readme.txt": b"x"}), "DIR_040"), (b"hello", "DIR_040"), (b"\x00" * 50, "DIR_040"),
    ],
)  # fmt: skip
def test_files_that_are_no_directory_or_are_dangerous_are_refused(data, code):
    with pytest.raises(Problem) as told:
        directory_files.read_bytes(data, "x.zip")
    assert told.value.code == code


def test_a_folder_with_a_link_that_leads_out_is_refused(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.csv").write_text("id\n")
    (tmp_path / "in" / "services.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(Problem) as told:
        directory_files.read(tmp_path / "in")
    assert told.value.code == "DIR_052"
