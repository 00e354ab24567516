"""A workbook as it is written: right values beside formulas, texts that stay texts, the same bytes every time."""

from __future__ import annotations

import dataclasses
import io
import random
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from cases import vectors
from cases.attacks import ATTACKS

from tools.errors import Problem
from tools.instruments import library, record
from tools.instruments.assessment import assess
from tools.instruments.model import Choice, Instrument
from tools.surfaces import workbook
from tools.surfaces.words import words
from tools.surfaces.workbook_formulas import stored
from tools.surfaces.workbook_layout import layout

EVERYTHING = vectors.fixture("everything.yml")
INSTRUMENTS = vectors.instruments()
#: The largest and the plainest of the library, and the made-up one; the test of the spreadsheet runs all of them.
FEW = (
    EVERYTHING,
    *map(library.load, ("identification/elements-of-the-definition", "identification/ilo-screening-adult-labour")),
)
#: Signs that a workbook cannot hold.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: Everything a formula may call: in Excel since 2007 at the latest, and the same every time it is worked out.
FUNCTIONS = {
    "ABS", "AND", "CLEAN", "COUNT", "DAY", "EXACT", "FIXED", "IF", "IFERROR", "INDEX", "INT", "ISBLANK", "ISNUMBER",
    "ISTEXT", "LEFT", "LOWER", "MATCH", "MAX", "MID", "MIN", "MONTH", "OR", "RIGHT", "ROUND", "ROW", "SIGN", "SUM", "SUMPRODUCT",
    "TRIM", "UPPER", "YEAR",
}  # fmt: skip


def opened(data: bytes, *, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def answers(instrument: Instrument) -> list[dict[str, Any]]:
    chance = random.Random(7)  # noqa: S311 - a fixed seed, so that a difference can be looked at again
    return [{}, *(vectors.random_answers(instrument, chance) for _ in range(3))]


@pytest.mark.promise("same-result")
@pytest.mark.parametrize("instrument", FEW, ids=lambda i: i.id)
def test_the_values_beside_the_formulas_are_those_of_python(instrument: Instrument) -> None:
    for raw in answers(instrument)[: 4 if instrument is EVERYTHING else 2]:
        given = workbook.counted(record.of(instrument, raw))
        drawn = workbook.draw(instrument, given)
        result, workings = assess(instrument, given), opened(drawn.data, values=True)["Workings"]
        for name, value in result.values.items():
            line = drawn.program.value(name).line + 1
            rows = value if isinstance(value, tuple) else (value,)
            for place, cell in enumerate(rows):
                found = workings.cell(line, 2 + place).value
                wanted = stored(cell)
                assert (found or "") == wanted or found == pytest.approx(wanted), (name, raw)
        if result.outcome and not drawn.shown.outcome.text:
            number = workings.cell(drawn.shown.outcome.line + 1, 2).value
            assert instrument.outcomes[int(number) - 1] == result.outcome


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda i: i.id)
def test_formulas_are_short_plain_and_old(instrument: Instrument) -> None:
    found: list[str] = []
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(instrument)), read_only=True)
    for sheet in book.worksheets:
        found += [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert found
    bare = [re.sub(r'"[^"]*"', "", formula) for formula in found]
    assert max(map(len, found)) < 8_000
    assert {name for formula in bare for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", formula)} <= FUNCTIONS
    assert max(_depth(formula) for formula in bare) < 20
    assert max(len(text) for formula in found for text in re.findall(r'"([^"]*)"', formula)) < 255


def _depth(formula: str) -> int:
    deep = most = 0
    for sign in formula:
        deep += (sign == "(") - (sign == ")")
        most = max(most, deep)
    return most


@pytest.mark.parametrize("instrument", FEW, ids=lambda i: i.id)
def test_two_workbooks_are_the_same_bytes_and_name_nobody(instrument: Instrument) -> None:
    data = workbook.write(instrument)
    assert data == workbook.write(instrument)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core
    assert str(instrument.reviewed) in core


def _formulas(book: openpyxl.Workbook) -> list[str]:
    return [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@pytest.mark.promise("input-formula")
def test_texts_that_look_like_formulas_stay_texts() -> None:
    plain = _formulas(opened(workbook.write(EVERYTHING)))
    for name, attack in ATTACKS.items():
        choices = (Choice("a", attack.strip() or "x"), Choice("b", "other"))
        first, *rest = EVERYTHING.sections
        members = tuple(
            dataclasses.replace(m, choices=choices, label=attack) if m.id == "place" else m for m in first.members
        )
        hostile = dataclasses.replace(
            EVERYTHING, title=attack, sections=(dataclasses.replace(first, members=members), *rest)
        )
        given = record.of(EVERYTHING, {"remarks": attack, "case_code": "x"})
        if UNFIT.search(attack):
            with pytest.raises(Problem, match="WBK_001"):
                workbook.write(hostile, given)
            continue
        data = workbook.write(hostile, given)
        book = opened(data)
        assert _formulas(book) == plain, name
        sheet = book.worksheets[0]
        line = next(line for line in layout(EVERYTHING).lines if line.key.startswith("remarks@"))
        cell = sheet.cell(line.at + 1, line.answers[0].first + 1)
        if attack.strip():
            assert (cell.data_type, cell.number_format) == ("s", "@"), name


def test_only_answers_can_be_changed() -> None:
    book = opened(workbook.write(EVERYTHING))
    form = book.worksheets[0]
    free = {cell.coordinate for row in form.iter_rows() for cell in row if not cell.protection.locked}
    first = {
        f"{form.cell(line.at + 1, c.first + 1).coordinate}" for line in layout(EVERYTHING).lines for c in line.answers
    }
    merged = {cell for area in form.merged_cells.ranges for cell in _cells(area)}
    assert first <= free <= first | merged
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book.worksheets)
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "hidden", "hidden"]
    assert form.column_dimensions["A"].hidden


def _cells(area: Any) -> list[str]:
    return [f"{openpyxl.utils.get_column_letter(column)}{row}" for row, column in area.cells]


def test_the_page_is_set_for_a4_and_shows_no_answer_in_its_margins() -> None:
    form = opened(workbook.write(EVERYTHING, record.of(EVERYTHING, {"case_code": "K-17"}))).worksheets[0]
    assert (form.page_setup.paperSize, form.page_setup.orientation) == (9, "portrait")
    assert (form.page_setup.fitToWidth or 1, form.page_setup.fitToHeight) == (1, 0)
    assert form.print_title_rows == "$1:$1"
    margins = "".join(str(part.text) for part in (form.oddFooter.left, form.oddFooter.right, form.oddHeader.center))
    assert "K-17" not in margins
    assert EVERYTHING.title in margins


def test_every_choice_has_a_list_and_every_answer_its_check() -> None:
    form = opened(workbook.write(EVERYTHING)).worksheets[0]
    checked = {str(area) for rule in form.data_validations.dataValidation for area in rule.sqref.ranges}
    wanted = {form.cell(line.at + 1, c.first + 1).coordinate for line in layout(EVERYTHING).lines for c in line.answers}
    assert checked == wanted


@pytest.mark.parametrize(
    ("text", "detail"), [("x" * 20_000, ""), ("\x07", "sign"), ("\ud83d", "sign"), ("😀" * 18_000, "longer")]
)
def test_a_text_that_no_cell_holds_is_refused_and_not_cut(text: str, detail: str) -> None:
    given = record.of(EVERYTHING, {"remarks": text})
    if not detail:
        workbook.write(EVERYTHING, given)
        return
    with pytest.raises(Problem) as caught:
        workbook.write(EVERYTHING, given)
    assert caught.value.code == "WBK_001"
    assert detail in caught.value.what


def test_a_record_of_another_instrument_is_refused() -> None:
    other = record.of(library.load("identification/elements-of-the-definition"), {})
    with pytest.raises(Problem) as caught:
        workbook.write(EVERYTHING, other)
    assert caught.value.code == "REC_002"


@pytest.mark.promise("language-gettext")
def test_words_of_a_workbook_are_in_no_page() -> None:
    from tools.surfaces.html import page_data

    assert not [key for key in page_data(EVERYTHING)["words"] if key.startswith("workbook_")]
    assert [key for key in words() if key.startswith("workbook_")]
