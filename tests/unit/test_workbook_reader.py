"""A filled workbook read back: exactly what was written, and a note for whatever is not certain."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from cases import vectors
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from tools.errors import Problem
from tools.instruments import library, record
from tools.instruments.model import Instrument
from tools.surfaces import intake, workbook, workbook_reader
from tools.surfaces.workbook_layout import layout

EVERYTHING = vectors.fixture("everything.yml")
ELEMENTS = library.load("identification/elements-of-the-definition")
FULL = {
    "case_code": "K-17", "remarks": "two\nlines", "agreed": "unknown", "paid": "yes", "place": "sea",
    "signs": ["debt", "threats"], "hours": "7.25", "days": "-3", "rate": "1.0050", "currency": "idr", "wage": "100000000000",
    "fee": "99999999999.99", "started": "1900-03-01", "ended": "2100-12-31", "as_of": "2026-11-24",
    "periods": [{"worked": "22.5", "due": "100.10", "on_time": "no"}, {}, {"paid_on": "2024-02-29"}],
    "other_rows": [{"weight": "0.001"}],
}  # fmt: skip


def place(key: str, number: int = 0) -> tuple[int, int]:
    """Row and column, counted from 1, of an answer; of a table, of one of the answers in a row."""
    line = next(line for line in layout(EVERYTHING).lines if line.key.startswith(key))
    return line.at + 1, line.answers[number].first + 1


def changed(change: Callable[[Worksheet], Any], raw: dict[str, Any] | None = None) -> bytes:
    """Return a workbook as somebody changed it by hand."""
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(EVERYTHING, record.of(EVERYTHING, raw or {}))))
    change(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.promise("input-nothing-lost")
@pytest.mark.parametrize("instrument", [EVERYTHING, ELEMENTS], ids=lambda i: i.id)
def test_what_is_written_reads_back(instrument: Instrument) -> None:
    chance = random.Random(11)  # noqa: S311 - a fixed seed, so that a difference can be looked at again
    for raw in [FULL, *(vectors.random_answers(instrument, chance) for _ in range(5))]:
        if raw is FULL and instrument is not EVERYTHING:
            continue
        given = workbook.counted(record.of(instrument, raw))
        read = workbook_reader.read(workbook.write(instrument, given), instrument)
        assert read == (instrument, given, ())


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1, max_size=60)


@pytest.mark.promise("input-nothing-lost")
@settings(max_examples=15, deadline=None)
@given(text=TEXTS, odd=st.sampled_from(["_x0041_", "_x000D_", "_x005F", "&lt;", " both ends ", "'=1"]))
def test_any_text_reads_back(text: str, odd: str) -> None:
    given = record.of(EVERYTHING, {"remarks": text, "case_code": odd})
    if any(sign in "\ufffe\uffff" for sign in text) or "x005F_" in text:
        return
    read = workbook_reader.read(workbook.write(EVERYTHING, given), EVERYTHING)
    assert (read[1], read[2]) == (given, ())


def test_the_form_is_found_by_the_name_in_the_file() -> None:
    given = record.of(ELEMENTS, {"age_group": "unsure"})
    assert workbook_reader.read(workbook.write(ELEMENTS, given)) == (ELEMENTS, given, ())


UNCERTAIN: list[tuple[str, Any, str, str]] = [
    ("hours@", "7", "", "it is a text"),
    ("hours@", "seven", "", "it is a text"),
    ("hours@", 25, "", "it is out of range"),
    ("hours@", 1.234, "", "it has too many decimals"),
    ("days@", 1.5, "", "it has too many decimals"),
    ("hours@", True, "", "it is true or false"),
    ("hours@", dt.date(2026, 1, 1), "", "it is a date"),
    ("hours@", "=1+1", "", "it is a formula"),
    ("hours@", "#DIV/0!", "", "it is an error of the spreadsheet"),
    ("started@", dt.datetime(2026, 1, 1, 9, 30), "", "it has a time, or is one"),
    ("started@", dt.time(9, 30), "", "it has a time, or is one"),
    ("started@", "2026-01-01", "@", "it is a text"),
    ("started@", 46023, "0", "it is a number"),
    ("as_of@", dt.date(1999, 12, 31), "", "it is out of range"),
    ("place@", "At see", "", "it is not one of the answers"),
    ("place@", "sea", "", "it is not one of the answers"),
    ("place@", 3, "", "it is a number"),
    ("place@", '="At sea"', "", "it is a formula"),
    ("signs=papers@", "no", "", "it is not one of the answers"),
    ("remarks@", 7, "", "it is a number"),
    ("remarks@", "=1+1", "", "it is a formula"),
]


@pytest.mark.promise("input-messages")
def test_what_is_not_certain_is_listed_and_not_guessed() -> None:
    waiting = list(UNCERTAIN)
    while waiting:  # one workbook for every question once: opening and saving takes long
        some = {case[0]: case for case in reversed(waiting)}
        waiting = [case for case in waiting if case not in some.values()]

        def change(form: Worksheet, some: dict[str, Any] = some) -> None:
            for key, value, kind, _ in some.values():
                cell = form.cell(*place(key), value)
                cell.number_format = kind or cell.number_format

        _, read, notes = workbook_reader.read(changed(change), EVERYTHING)
        assert read.answers == {}
        assert len(notes) == len(some)
        for key, value, _, detail in some.values():
            assert any(f"'{key.rstrip('@')}'" in note and detail in note for note in notes), (key, value, notes)


def test_what_is_certain_is_read() -> None:
    def change(form: Worksheet) -> None:
        for key, value in (("place@", " at  SEA "), ("signs=papers@", "yes"), ("hours@", 0), ("remarks@", "   ")):
            form.cell(*place(key), value)

    _, read, notes = workbook_reader.read(changed(change), EVERYTHING)
    assert (read, notes) == (record.of(EVERYTHING, {"place": "sea", "signs": ["papers"], "hours": "0"}), ())


def test_a_cell_of_a_table_that_is_not_certain_leaves_the_rest_of_its_row() -> None:
    data = changed(lambda form: form.cell(*place("periods[2]", 1), "lots"), {"periods": [{}, {"worked": "1"}]})
    _, read, notes = workbook_reader.read(data, EVERYTHING)
    assert read == record.of(EVERYTHING, {"periods": [{}, {"worked": "1"}]})
    assert len(notes) == 1
    assert "due" in notes[0]


def _move(form: Worksheet) -> None:
    form.move_range("A12:Z30", rows=1)


def _stamp(form: Worksheet, text: str) -> None:
    form["A1"] = text


CHANGED: dict[str, tuple[Callable[[Worksheet], Any], str]] = {
    "a key": (lambda form: form.cell(place("agreed@")[0], 1, "paid@G"), "WBK_003"),
    "a key that is gone": (lambda form: form.cell(place("agreed@")[0], 1).__setattr__("value", None), "WBK_003"),
    "a key more": (lambda form: form.cell(400, 1, "agreed@G"), "WBK_003"),
    "lines moved": (_move, "WBK_003"),
    "lines without end": (lambda form: form.cell(6_000, 3, "x"), "WBK_003"),
    "no name": (lambda form: form.__setitem__("A1", None), "WBK_002"),
    "another name than stated": (lambda form: _stamp(form, "ct-workbook/1 tests/other 2.3 en"), "WBK_003"),
    "another version than stated": (lambda form: _stamp(form, "ct-workbook/1 tests/everything 2.2 en"), "WBK_003"),
    "another format": (lambda form: _stamp(form, "ct-workbook/2 tests/everything 2.3 en"), "WBK_002"),
    "an odd name": (lambda form: _stamp(form, "ct-workbook/1 ../../etc 2.3 en"), "WBK_002"),
}


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_form_is_refused(name: str) -> None:
    change, code = CHANGED[name]
    with pytest.raises(Problem) as caught:
        workbook_reader.read(changed(change, FULL), EVERYTHING)
    assert caught.value.code == code


def test_another_instrument_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        workbook_reader.read(workbook.write(ELEMENTS), EVERYTHING)
    assert caught.value.code == "REC_002"


def _restamped(version: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(EVERYTHING, record.of(EVERYTHING, FULL))))
    form = book.worksheets[0]
    form["A1"] = f"ct-workbook/1 tests/everything {version} en"
    book.custom_doc_props["ct-version"].value = version
    row, column = place("agreed@")
    form.cell(row, 1, form.cell(row, 1).value.replace("agreed", "gone"))
    form.cell(place("place@")[0], column, "On the moon")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.promise("input-messages", "input-nothing-lost")
def test_another_minor_version_is_read_and_losses_are_listed() -> None:
    _, read, notes = workbook_reader.read(_restamped("2.1"), EVERYTHING)
    kept = {name: value for name, value in FULL.items() if name not in {"agreed", "place"}}
    assert read == record.of(EVERYTHING, kept)
    assert any("On the moon" in note for note in notes)
    assert any("gone" in note for note in notes)


def test_another_major_version_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        workbook_reader.read(_restamped("7.0"), EVERYTHING)
    assert caught.value.code == "REC_003"


@pytest.mark.promise("input-limits")
def test_a_file_is_looked_at_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("parsed before it was looked at")

    monkeypatch.setattr(openpyxl, "load_workbook", never)
    for data in (b"", b"PK\x03\x04 no zip", b"x" * (intake.ZIP_SIZE_MAX + 1)):
        with pytest.raises(Problem, match="FIL_"):
            workbook_reader.read(data)


def test_a_workbook_of_somebody_else_is_refused() -> None:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    with pytest.raises(Problem) as caught:
        workbook_reader.read(out.getvalue())
    assert caught.value.code == "WBK_002"
