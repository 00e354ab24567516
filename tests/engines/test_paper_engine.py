"""Paper and back through a real viewer: clicked and typed in PDFium, the engine of Chrome, and saved by it."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from cases import papers, vectors

from tools.errors import Problem
from tools.instruments import record
from tools.surfaces import paper

pytestmark = pytest.mark.slow

SHEET = vectors.fixture("everything.yml")
PREFIX = "test-1-ct-tests--everything-"
ANSWERS: dict[str, Any] = {
    "case_code": "A-17",
    "remarks": "Two facts\nand é",
    "agreed": "unknown",
    "place": "no",
    "signs": ["debt", "threats"],
    "hours": "7.5",
    "days": "-3",
    "started": "2024-02-29",
    "periods": [{"worked": "2.5", "on_time": "no"}, {"due": "80", "paid_on": "2026-01-31"}],
}


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return papers.blank([SHEET], tmp_path_factory.mktemp("paper"))


def places(data: bytes) -> dict[str, tuple[int, float, float]]:
    """Return where each field, and each button of a group, lies: page, across, up."""
    found = {}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages):
            for mark in page.obj.get("/Annots", []):
                if mark.get("/Subtype") != "/Widget":
                    continue
                x1, y1, x2, y2 = map(float, mark.Rect)
                owner = mark.Parent if "/Parent" in mark else mark
                name = str(owner.T)
                if "/Opt" in owner:
                    (state,) = (key for key in mark.AP.N.keys() if key != "/Off")  # noqa: SIM118 - not a dict
                    name += f"={owner.Opt[int(state[1:])]}"
                found[name] = (number, (x1 + x2) / 2, (y1 + y2) / 2)
    return found


def click_and_type(data: bytes, values: dict[str, Any]) -> bytes:
    """Fill a form with the mouse and the keyboard, and return what the viewer saves."""
    where = places(data)
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    form = document.formenv.raw
    pages = [document[number] for number in range(len(document))]
    for name, value in values.items():
        number, x, y = where.get(name) or where[f"{name}={value}"]
        handle = pages[number].raw
        pdfium.FORM_OnMouseMove(form, handle, 0, x, y)
        pdfium.FORM_OnLButtonDown(form, handle, 0, x, y)
        pdfium.FORM_OnLButtonUp(form, handle, 0, x, y)
        if name in where and value is not True:
            for letter in value.replace("\n", "\r"):
                pdfium.FORM_OnChar(form, handle, ord(letter), 0)
        pdfium.FORM_ForceToKillFocus(form)
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    return stream.getvalue()


@pytest.mark.promise("pdf-fillable", "input-nothing-lost")
def test_clicked_typed_and_saved_in_a_viewer(blank: bytes) -> None:
    saved = click_and_type(blank, papers.written(SHEET, ANSWERS, PREFIX))
    _, found, notes = paper.read(saved, SHEET)
    assert notes == ()
    assert found == record.of(SHEET, ANSWERS)


@pytest.mark.promise("pdf-fillable", "input-nothing-lost")
def test_saved_again_by_other_programs(blank: bytes) -> None:
    """Another program that opens and saves the file, and one that unpacks it, change no answer."""
    filled = papers.fill(blank, papers.written(SHEET, ANSWERS, PREFIX))
    for options in (
        {"object_stream_mode": pikepdf.ObjectStreamMode.disable},
        {"linearize": True},
        {"qdf": True},
    ):
        stream = io.BytesIO()
        with pikepdf.open(io.BytesIO(filled)) as pdf:
            pdf.save(stream, **options)
        assert paper.read(stream.getvalue(), SHEET)[1:] == (record.of(SHEET, ANSWERS), ())


@pytest.mark.promise("input-messages")
def test_printed_to_a_pdf_is_a_picture_and_says_so(blank: bytes, tmp_path: Path) -> None:
    (tmp_path / "filled.pdf").write_bytes(papers.fill(blank, papers.written(SHEET, ANSWERS, PREFIX)))
    subprocess.run(["pdftocairo", "-pdf", tmp_path / "filled.pdf", tmp_path / "printed.pdf"], check=True)
    with pytest.raises(Problem, match="FIL_011"):
        paper.read((tmp_path / "printed.pdf").read_bytes(), SHEET)
