"""Make a fillable PDF of instruments as the book's builder does, and fill it as viewers do."""

from __future__ import annotations

import io
import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pypdf
from pypdf.generic import NameObject

from tools.content import ROOT
from tools.instruments.model import Instrument
from tools.sphinxext import edition_page, typeset
from tools.sphinxext.edition_html import prepare
from tools.surfaces import html as surface


def blank(instruments: Sequence[Instrument], folder: Path) -> bytes:
    """Return a PDF with the forms of instruments, one after the other."""
    body = "".join(surface.render(i, prefix=f"test-{number}-") for number, i in enumerate(instruments, start=1))
    page = edition_page.page(
        title="Test", kind="instrument", body=body, author="-", language="en", project="Test", version="1", contents=[]
    )
    paper = prepare(page, fillable=True, baseurl="https://example.org/")
    assert paper.faults == []
    (folder / "page.html").write_text(paper.html, encoding="utf-8")
    (folder / "no-fonts.conf").write_text(typeset.NO_FONTS, encoding="utf-8")
    style = (ROOT / "tools" / "sphinxext" / "static" / "print.css").read_text(encoding="utf-8")
    job = typeset.Job(
        "test",
        folder / "page.html",
        folder / "test.pdf",
        (typeset.font_faces(), style),
        folder,
        paper.legends,
        paper.forms,
    )
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        pool.submit(typeset.typeset, job).result()
    return (folder / "test.pdf").read_bytes()


def written(instrument: Instrument, answers: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return what a person writes into which field: field name -> text; code for radio buttons; ``True`` for a box."""
    found: dict[str, Any] = {}
    for name, value in answers.items():
        rows = (
            [(f"{name}-row{n}-{key}", cell) for n, row in enumerate(value) for key, cell in row.items()]
            if (name in instrument.repeats)
            else [(name, value)]
        )
        for place, cell in rows:
            if isinstance(cell, list):
                found.update({f"{prefix}{place}-{code}": True for code in cell})
            else:
                found[prefix + place] = cell
    return found


def holds(instrument: Instrument, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that paper can hold: no rows beyond the printed ones, no empty rows at the end."""
    kept = dict(answers)
    for repeat in instrument.repeats.values():
        rows = list(kept.pop(repeat.id, []))[: repeat.print_rows]
        while rows and not any(rows[-1].values()):
            rows.pop()
        if rows:
            kept[repeat.id] = rows
    return kept


def fill(data: bytes, values: Mapping[str, Any], change: Callable[[Any], None] | None = None) -> bytes:
    """Return a PDF with fields filled as a viewer does it: value, mark and appearance."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    states: dict[str, str] = {}
    for field in writer.root_object["/AcroForm"]["/Fields"]:
        field = field.get_object()
        name = str(field["/T"])
        if name not in values:
            continue
        if "/Opt" in field:
            states[name] = f"/{[str(code) for code in field['/Opt']].index(values[name])}"
        elif field["/FT"] == "/Btn":
            states[name] = next(state for state in field["/AP"]["/N"] if state != "/Off")
        else:
            states[name] = values[name]
    assert set(states) == set(values), set(values) - set(states)
    for page in writer.pages:
        writer.update_page_form_field_values(page, states, auto_regenerate=False)
    if change:
        change(writer)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def field(writer: Any, name: str) -> Any:
    """Return one field of a PDF that is being written."""
    found = (entry.get_object() for entry in writer.root_object["/AcroForm"]["/Fields"])
    return next(entry for entry in found if entry["/T"] == name)


def name(text: str) -> NameObject:
    """Return a PDF name."""
    return NameObject(text)
