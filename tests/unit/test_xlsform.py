"""The XLSForm: its structure, its words in several languages, and labels that must stay words."""

from __future__ import annotations

import dataclasses
import io
import re
from pathlib import Path

import openpyxl
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from cases import vectors

from tools import content
from tools.errors import Problem
from tools.instruments import library, translation
from tools.instruments.model import Instrument
from tools.surfaces import xlsform, xpath

EVERYTHING = vectors.fixture("everything.yml")


def survey(instrument: Instrument, *locales: str) -> dict[str, xlsform.Row]:
    return {row["name"]: row for row in xlsform.sheets(instrument, locales).survey if "name" in row}


def changed(old: str, new: str) -> Instrument:
    text = (vectors.HERE / "instruments" / "everything.yml").read_text(encoding="utf-8")
    assert old in text
    return library.read(text.replace(old, new), "changed.yml")


@pytest.fixture
def indonesian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small made-up catalogue."""
    monkeypatch.setattr(content, "LOCALE", tmp_path)
    for domain, texts in {
        "instruments": {"Was it agreed?": "Disepakati?", "Yes": "Ya", "A code and no name.": "Kode, bukan nama.", "Money is owed": "Ada utang"},
        "tools": {"Write a number from {low} to {high}. Decimals: at most {decimals}.": "Angka {low} sampai {high}; {decimals}."},
    }.items():  # fmt: skip
        catalogue = Catalog(locale="id")
        for english, other in texts.items():
            catalogue.add(english, other)
        path = translation.catalogue_path("id", domain)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue)


def test_every_item_has_its_type() -> None:
    rows = survey(EVERYTHING)
    types = {name: rows[name]["type"] for name in EVERYTHING.everything if name in rows}
    assert types["agreed"] == "select_one yes_no_unknown" == types["on_time"]
    assert types["place"] == "select_one place"
    assert types["signs"] == "select_multiple signs"
    assert (types["days"], types["hours"], types["wage"]) == ("integer", "decimal", "decimal")
    assert (types["started"], types["remarks"], types["at_sea_note"]) == ("date", "text", "note")
    assert rows["remarks"]["appearance"] == "multiline"
    assert set(types) == set(EVERYTHING.everything)
    assert not any("required" in row for row in rows.values())


def test_whole_numbers_without_a_bound_are_decimals_because_integers_hold_nine_digits() -> None:
    row = survey(changed(', minimum: "-1000000", maximum: "1000000"', ""))["days"]
    assert row["type"] == "decimal"
    assert "int(abs(.) * 1 + 0.5)" in row["constraint"]
    assert row["constraint_message"] == "Write a whole number."


def test_groups_repeats_and_conditions() -> None:
    rows = survey(EVERYTHING)
    assert rows["rows_section"]["type"] == "begin_group"
    assert rows["rows_section"]["relevant"] == "(${place} != '' and ${place} != 'no')"
    assert (rows["periods"]["type"], rows["periods"]["repeat_count"]) == ("begin_repeat", "${periods_rows}")
    assert rows["other_rows"]["relevant"] == "(${agreed} = 'yes' and number(${other_rows_rows}) > 0)"
    assert rows["periods_rows"]["constraint"] == ". >= 0 and . <= 6"
    assert rows["ended"]["relevant"] == "string-length(${started}) > 0"
    kinds = [row["type"] for row in xlsform.sheets(EVERYTHING).survey]
    assert kinds.count("begin_group") == kinds.count("end_group") == len(EVERYTHING.sections) + 2
    assert kinds.count("begin_repeat") == kinds.count("end_repeat") == 2


def test_the_form_says_what_it_is_first_and_what_it_is_not_last() -> None:
    rows = [row for row in xlsform.sheets(EVERYTHING).survey if row["type"] == "note"]
    assert EVERYTHING.purpose in rows[0]["label"]
    assert all(limit in rows[0]["label"] for limit in EVERYTHING.limits)
    assert "not a finding" in rows[-1]["label"]


def test_settings() -> None:
    assert xlsform.sheets(EVERYTHING).settings == {
        "form_title": "Everything the language has", "form_id": "tests__everything", "version": "2.3",
        "default_language": "English (en)",
    }  # fmt: skip


def test_results_are_notes_shown_when_they_hold() -> None:
    rows = survey(EVERYTHING)
    for outcome in EVERYTHING.outcomes:
        note = rows[f"outcome_{outcome.id}"]
        assert note["label"].startswith(outcome.title)
        assert note["relevant"] == f"${{outcome}} = '{outcome.id}'"
    assert rows["notice_long_day"]["relevant"] == "number(${hours}) > 12"
    assert rows["class_high_note"]["label"] == "Class: High"
    assert rows["why_due_note"]["relevant"] == "${why_due} = 'yes'"


@pytest.mark.promise("input-formula")
def test_labels_stay_words_in_the_workbook() -> None:
    words = ("=1+1", "@SUM(A1)", "+1", "-1", "{=1}", "http://example.org/", "mailto:x@example.org", "${hours}")
    for word in words:
        instrument = changed("label: Was it agreed?", f"label: '{word}'")
        sheet = openpyxl.load_workbook(io.BytesIO(xlsform.workbook(instrument)))["survey"]
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s"}
        assert not any(cell.hyperlink for cell in cells)
        assert xlsform.neutral(word) in [cell.value for cell in cells]


def test_no_answer_can_be_drawn_into_a_label() -> None:
    instrument = translation.translated(EVERYTHING, lambda text: text + " ${case_code}")
    assert "${case_code}" not in "".join(
        row.get(key, "") for row in xlsform.sheets(instrument).survey for key in xlsform.WORDED
    )
    assert "/case_code" not in "".join(re.findall(r"<output [^>]*>", xlsform.xform(instrument)))


@pytest.mark.promise("language-gettext")
def test_every_language_has_columns_of_its_own(indonesian: None) -> None:
    rows = survey(EVERYTHING, "id")
    assert rows["agreed"]["label::English (en)"] == "Was it agreed?"
    assert rows["agreed"]["label::Indonesia (id)"] == "Disepakati?"
    assert rows["case_code"]["hint::Indonesia (id)"] == "Kode, bukan nama."
    assert rows["hours"]["constraint_message::Indonesia (id)"] == "Angka 0 sampai 24; 2."
    assert rows["outcome_owing"]["label::Indonesia (id)"].startswith("Ada utang")
    assert rows["paid"]["label::Indonesia (id)"] == "Was it paid?"  # not translated yet
    assert not any(key in row for row in rows.values() for key in xlsform.WORDED)
    choices = xlsform.sheets(EVERYTHING, ("id",)).choices
    assert {row["label::Indonesia (id)"] for row in choices if row["name"] == "yes"} == {"Ya"}
    form = xlsform.xform(EVERYTHING, ("id",), validate=True)
    assert 'lang="Indonesia (id)"' in form
    assert 'lang="English (en)" default="true()"' in form


def test_one_language_twice_is_one_language(indonesian: None) -> None:
    assert xlsform.sheets(EVERYTHING, ("id", "id", "")) == xlsform.sheets(EVERYTHING, ("id",))


def test_the_workbook_is_the_form_and_the_same_each_time() -> None:
    from pyxform.xls2xform import convert

    first = xlsform.workbook(EVERYTHING)
    assert first == xlsform.workbook(EVERYTHING)
    warnings: list[str] = []
    converted = convert(xlsform=io.BytesIO(first), file_type=".xlsx", warnings=warnings, pretty_print=False)
    assert warnings == []
    # A cell keeps its words, but pyxform reads runs of spaces in a file as one.
    assert re.sub(r"\s+", " ", converted.xform) == re.sub(r"\s+", " ", xlsform.xform(EVERYTHING))


def test_ids_that_xlsform_keeps_for_itself_get_another_name() -> None:
    text = (vectors.HERE / "instruments" / "everything.yml").read_text(encoding="utf-8")
    instrument = library.read(
        re.sub(r"\bremarks\b", "meta", text)
        .replace("watched", "outcome")
        .replace("paid:", "data:")
        .replace("id: paid,", "id: data,"),
        "changed.yml",
    )
    rows = survey(instrument)
    assert (rows["meta_"]["type"], rows["outcome"]["type"]) == ("text", "select_one yes_no_unknown")
    assert "if(" in rows["outcome_"]["calculation"]
    assert (rows["data"]["type"], xlsform.sheets(instrument).settings["name"]) == ("select_one yes_no_unknown", "data_")
    xlsform.xform(instrument, validate=True)


def test_a_value_that_reads_itself_in_the_row_before_stands_outside_the_repeat() -> None:
    assert xpath.Printer(EVERYTHING).chains == {"running"}
    rows = survey(EVERYTHING)
    assert {f"running_row_{number}" for number in range(1, 7)} <= set(rows)


def test_a_condition_that_reads_itself_in_the_row_before_is_refused() -> None:
    instrument = changed("relevant: answered(due)}", "relevant: prev(running) > 0}")
    with pytest.raises(Problem) as caught:
        xlsform.sheets(instrument)
    assert caught.value.code == "XLF_001"


def test_a_fault_that_pyxform_finds_says_so() -> None:
    repeated = dataclasses.replace(EVERYTHING, title="")
    broken = dataclasses.replace(repeated, sections=(dataclasses.replace(repeated.sections[0], id="9 signs"),))
    with pytest.raises(Problem) as caught:
        xlsform.xform(dataclasses.replace(broken, computed=(), outcomes=(), notices=()))
    assert caught.value.code == "XLF_002"
