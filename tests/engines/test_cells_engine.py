"""CSV out, opened in a real spreadsheet: every attack arrives as text, every number as a number."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from cases import vectors
from cases.attacks import ATTACKS

from tools.errors import Problem
from tools.instruments import record
from tools.surfaces import intake
from tools.surfaces.table import to_csv

SHEET = vectors.fixture("everything.yml")
# Comma and semicolon as separators: a file opened with the settings of another country. UTF-8, every column as
# "standard", and formulas evaluated, which LibreOffice leaves off unless it is told.
# https://help.libreoffice.org/latest/en-US/text/shared/guide/csv_params.html
SEPARATORS = {"comma": "44", "semicolon": "59", "comma, semicolon and tab": "44/59/9"}


def opened(text: str, separators: str, folder: Path) -> openpyxl.Workbook:
    """Return a CSV file as LibreOffice opens it."""
    program = shutil.which("soffice")
    if program is None:
        raise Problem("BLD_005")
    (folder / "records.csv").write_text(text, encoding="utf-8", newline="")
    subprocess.run(
        [
            program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
            f"--infilter=CSV:{separators},34,76,1,,0,false,true,false,false,false,-1,true",
            "--convert-to", "xlsx", "--outdir", str(folder), str(folder / "records.csv"),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    data = next(folder.glob("records*.xlsx")).read_bytes()
    intake.check_zip(data)  # what LibreOffice saves has to be let in
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.slow
@pytest.mark.promise("input-formula")
@pytest.mark.parametrize("separators", SEPARATORS)
def test_a_spreadsheet_runs_nothing_of_it(separators: str, tmp_path: Path) -> None:
    records = [record.of(SHEET, {"remarks": attack, "case_code": attack, "days": "-3"}) for attack in ATTACKS.values()]
    book = opened(to_csv(SHEET, records), SEPARATORS[separators], tmp_path)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    if separators == "comma":
        (sheet,) = book.worksheets
        header = {cell.value: number for number, cell in enumerate(sheet[1])}
        rows = list(sheet.iter_rows(min_row=2))
        assert len(rows) == len(records)
        for row in rows:
            assert row[header["remarks"]].data_type == "s"
            assert row[header["case_code"]].data_type == "s"
            assert row[header["days"]].value == -3


@pytest.mark.slow
@pytest.mark.parametrize("separators", ["comma", "semicolon"])
def test_without_the_apostrophe_it_would(separators: str, tmp_path: Path) -> None:
    """The check above is worth something: the same spreadsheet runs the same texts when they are left as they are."""
    book = opened('\ufeffa,b\r\n"=1+1",x\r\n"x;=2+3;y",x\r\n', SEPARATORS[separators], tmp_path)
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == [{"comma": "=1+1"}.get(separators, "=2+3")]
