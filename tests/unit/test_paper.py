"""Paper and back: what was filled in a PDF is what is read, and what is not certain is told."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import io
import json
import random
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from cases import papers, vectors
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from tools.errors import Problem
from tools.instruments import library, record
from tools.instruments.model import Instrument
from tools.surfaces import paper

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*not supported by font")]

SHEET = vectors.fixture("everything.yml")
SCREENING = library.load("identification/ilo-screening-adult-labour")
ELEMENTS = library.load("identification/elements-of-the-definition")
PREFIX = "test-1-ct-tests--everything-"


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The form of the made-up instrument."""
    return papers.blank([SHEET], tmp_path_factory.mktemp("paper"))


@pytest.fixture(scope="session")
def guide(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A PDF with two forms, as a guide has them."""
    return papers.blank([ELEMENTS, SCREENING], tmp_path_factory.mktemp("guide"))


def filled(blank: bytes, change: Callable[[Any], None] | None = None, **answers: Any) -> bytes:
    return papers.fill(blank, papers.written(SHEET, answers, PREFIX), change)


@pytest.mark.promise("input-nothing-lost", "pdf-fillable")
def test_random_answers_come_back_as_they_were(blank: bytes) -> None:
    chance = random.Random(11)  # noqa: S311 - test data
    for _ in range(15):
        answers = papers.holds(SHEET, vectors.random_answers(SHEET, chance))
        _, found, notes = paper.read(filled(blank, **answers), SHEET)
        assert found == record.of(SHEET, answers)
        assert notes == ()


@pytest.mark.promise("input-nothing-lost", "pdf-fillable")
@pytest.mark.parametrize("instrument", [ELEMENTS, SCREENING], ids=lambda i: i.id)
def test_the_forms_of_a_guide_come_back_each_by_itself(guide: bytes, instrument: Instrument) -> None:
    chance = random.Random(12)  # noqa: S311 - test data
    prefix = next(form.prefix for form in paper.open_fields(guide)[1] if form.id == instrument.id)
    for _ in range(4):
        answers = papers.holds(instrument, vectors.random_answers(instrument, chance))
        data = papers.fill(guide, papers.written(instrument, answers, prefix))
        for asked in (instrument, None):  # the only form that was filled is the one that is meant
            which, found, notes = paper.read(data, asked)
            assert (which, found, notes) == (instrument, record.of(instrument, answers), ())


def test_an_empty_form_is_an_empty_record(blank: bytes) -> None:
    assert paper.read(blank, SHEET) == (SHEET, record.of(SHEET, {}), ())


def test_a_row_left_empty_between_others_is_a_row(blank: bytes) -> None:
    rows = [{}, {"due": "3"}]
    assert paper.read(filled(blank, periods=rows), SHEET)[1] == record.of(SHEET, {"periods": rows})


def test_text_keeps_its_lines_and_scripts(blank: bytes) -> None:
    text = "one\rtwo\r\nthree\n ស្រី العربية 汉字 😀 =1+1"
    found = paper.read(filled(blank, remarks=text), SHEET)[1]
    assert found.answers["remarks"] == "one\ntwo\nthree\n ស្រី العربية 汉字 😀 =1+1"


def only_values(writer: Any) -> None:
    """As a program does that sets values and leaves the marks as they are."""
    for page in writer.pages:
        for mark in page["/Annots"]:
            mark = mark.get_object()
            mark.pop("/AP", None)
            if "/AS" in mark:
                mark[NameObject("/AS")] = NameObject("/Off")


def test_values_count_where_marks_and_appearances_are_missing(blank: bytes) -> None:
    answers = {"agreed": "no", "place": "sea", "signs": ["papers", "threats"], "hours": "7"}
    assert paper.read(filled(blank, only_values, **answers), SHEET)[1:] == (record.of(SHEET, answers), ())


NOT_CERTAIN = {
    "a decimal comma": ("hours", "1,5", "Hours a day", "not a number"),
    "a number in words": ("hours", "ten", "Hours a day", "not a number"),
    "a number with its unit": ("hours", "10 h", "Hours a day", "not a number"),
    "a number out of range": ("hours", "25", "Hours a day", "out of range"),
    "a date in another order": ("started", "24.11.2026", "Start", "not a date"),
    "a date that is none": ("started", "2026-02-30", "Start", "not a date"),
    "a date too early": ("as_of", "1999-12-31", "As of", "out of range"),
    "a text that is too long": ("remarks", "x" * 20_001, "Remarks", "longer than 20000"),
    "a number in a row": ("periods-row1-worked", "many", "Period 2: Days worked", "not a number"),
}


@pytest.mark.promise("input-messages", "input-nothing-lost")
@pytest.mark.parametrize("case", NOT_CERTAIN)
def test_what_is_not_certain_is_told_and_not_guessed(blank: bytes, case: str) -> None:
    name, typed, where, detail = NOT_CERTAIN[case]
    data = papers.fill(blank, {PREFIX + name: typed, PREFIX + "agreed": "yes"})
    _, found, (note,) = paper.read(data, SHEET)
    assert found == record.of(SHEET, {"agreed": "yes"})
    assert where in note
    assert detail in note
    assert typed[:100] in note


def mark(number: int) -> Callable[[Any], None]:
    """Mark one more answer of the question about the place, as no viewer should."""

    def change(writer: Any) -> None:
        kid = papers.field(writer, PREFIX + "place")["/Kids"][number].get_object()
        kid[NameObject("/AS")] = NameObject(f"/{number}")

    return change


def tick(writer: Any) -> None:
    papers.field(writer, PREFIX + "signs-debt")[NameObject("/AS")] = NameObject("/on")


@pytest.mark.promise("input-messages")
def test_two_answers_where_one_fits_are_told(blank: bytes) -> None:
    _, found, (note,) = paper.read(filled(blank, mark(2), place="sea", agreed="yes"), SHEET)
    assert found == record.of(SHEET, {"agreed": "yes"})
    assert "Where?" in note
    assert "two answers are marked" in note
    assert "no, sea" in note


def test_a_mark_that_is_not_stored_is_told(blank: bytes) -> None:
    _, found, (note,) = paper.read(filled(blank, mark(1)), SHEET)
    assert not found.answers
    assert "not stored as an answer" in note
    _, found, (note,) = paper.read(filled(blank, tick, signs=["papers"]), SHEET)
    assert found == record.of(SHEET, {"signs": ["papers"]})
    assert "'debt' was not taken over at 'Which?'" in note


def test_the_result_written_by_hand_is_told(blank: bytes) -> None:
    _, found, (note,) = paper.read(papers.fill(blank, {PREFIX + "-write": "Refer today"}), SHEET)
    assert not found.answers
    assert "Refer today" in note


def restamped(**changes: str) -> Callable[[Any], None]:
    def change(writer: Any) -> None:
        (form,) = json.loads(writer.metadata[paper.STAMP])
        writer.add_metadata({paper.STAMP: json.dumps([form | changes])})

    return change


@pytest.mark.promise("input-messages")
def test_another_version_follows_the_rule_of_records(blank: bytes) -> None:
    data = filled(blank, restamped(version="2.1"), hours="25", days="3", signs=["debt"])
    _, found, notes = paper.read(data, SHEET)
    assert found == record.of(SHEET, {"days": "3", "signs": ["debt"]})
    assert any("2.1" in note and "2.3" in note for note in notes)
    assert any("hours" in note and "25" in note for note in notes)
    with pytest.raises(Problem, match="REC_003"):
        paper.read(filled(blank, restamped(version="9.0"), days="3"), SHEET)


def test_a_field_that_this_version_does_not_have_is_told(blank: bytes) -> None:
    smaller = dataclasses.replace(SHEET, sections=(SHEET.sections[0], *SHEET.sections[2:]))
    _, found, notes = paper.read(filled(blank, hours="5", agreed="yes"), smaller)
    assert found.answers == {"agreed": "yes"}
    assert [("'5'" in note, "'hours'" in note) for note in notes] == [(True, True)]


def without_stamp(writer: Any) -> None:
    writer.metadata = {"/Title": "kept"}


def test_a_viewer_that_drops_the_stamp_costs_only_a_note(guide: bytes) -> None:
    prefix = next(form.prefix for form in paper.open_fields(guide)[1] if form.id == ELEMENTS.id)
    data = papers.fill(guide, {prefix + "age_group": "adult"}, without_stamp)
    assert paper.STAMP not in pypdf.PdfReader(io.BytesIO(data)).metadata
    which, found, (note,) = paper.read(data)
    assert which == ELEMENTS
    assert found.answers == {"age_group": "adult"}
    assert f"version {ELEMENTS.version}" in note


def test_fields_that_are_missing_are_told(blank: bytes) -> None:
    def shorten(writer: Any) -> None:
        node = papers.field(writer, PREFIX + "hours")
        node[NameObject("/T")] = TextStringObject("other")

    assert sorted(paper.field_names(SHEET)) == sorted(paper.open_fields(blank)[1][0].names - {"-write"})
    _, found, (note,) = paper.read(filled(blank, shorten, hours="5", days="3"), SHEET)
    assert found == record.of(SHEET, {"days": "3"})
    assert "1 in all" in note
    assert "(hours)" in note


def test_which_form_of_several_is_asked(guide: bytes) -> None:
    forms = {form.id: form.prefix for form in paper.open_fields(guide)[1]}
    with pytest.raises(Problem) as caught:
        paper.read(guide)
    assert caught.value.code == "FIL_013"
    assert ELEMENTS.id in str(caught.value)
    assert SCREENING.id in str(caught.value)
    both = papers.fill(guide, {forms[ELEMENTS.id] + "age_group": "adult", forms[SCREENING.id] + "age_group": "child"})
    with pytest.raises(Problem, match="FIL_013"):
        paper.read(both)
    _, found, (note,) = paper.read(both, ELEMENTS)
    assert found.answers == {"age_group": "adult"}
    assert SCREENING.id in note
    with pytest.raises(Problem, match="REC_002"):
        paper.read(both, SHEET)


def test_one_form_twice_in_a_file(tmp_path: Path) -> None:
    data = papers.blank([SHEET, SHEET], tmp_path)
    second = PREFIX.replace("1", "2")
    assert paper.read(papers.fill(data, {second + "days": "4"}), SHEET)[1].answers
    with pytest.raises(Problem, match="FIL_009"):
        paper.read(papers.fill(data, {second + "days": "4", PREFIX + "days": "5"}), SHEET)


# --- files that must be refused ------------------------------------------------------------------


def page_of(*entries: tuple[str, Any], mark: dict[str, Any] | None = None) -> Callable[[Any], None]:
    """Add entries to the root of the file, and an annotation to its first page."""

    def change(writer: Any) -> None:
        for key, value in entries:
            writer.root_object[NameObject(key)] = value
        if mark is not None:
            writer.pages[0]["/Annots"].append(thing(mark))

    return change


def thing(value: Any) -> Any:
    """Return plain values as objects of a PDF."""
    if isinstance(value, dict):
        return DictionaryObject({NameObject(key): thing(entry) for key, entry in value.items()})
    if isinstance(value, list):
        return ArrayObject([thing(entry) for entry in value])
    return NameObject(value) if value.startswith("/") else TextStringObject(value)


SCRIPT = {"/S": "/JavaScript", "/JS": "app.alert(1)"}
LAUNCH = {"/S": "/Launch", "/F": "calc.exe"}
REFUSED: dict[str, Callable[[Any], None]] = {
    "script when opened": page_of(("/OpenAction", thing(SCRIPT))),
    "script after another action": page_of(
        ("/OpenAction", thing({"/S": "/GoTo", "/Next": [{"/S": "/GoTo", "/Next": SCRIPT}]}))
    ),
    "script when closed": page_of(("/AA", thing({"/WC": SCRIPT}))),
    "script by name": page_of(("/Names", thing({"/JavaScript": {"/Names": ["a", SCRIPT]}}))),
    "script behind a mark": page_of(mark={"/Subtype": "/Link", "/A": SCRIPT}),
    "program behind a mark": page_of(mark={"/Subtype": "/Link", "/A": LAUNCH}),
    "form sent away": page_of(mark={"/Subtype": "/Widget", "/AA": {"/U": {"/S": "/SubmitForm"}}}),
    "file attached": page_of(("/Names", thing({"/EmbeddedFiles": {"/Names": []}}))),
    "file attached to a page": page_of(mark={"/Subtype": "/FileAttachment"}),
    "other kind of form": lambda writer: writer.root_object["/AcroForm"].update({NameObject("/XFA"): thing("x")}),
}


@pytest.mark.promise("input-limits", "input-messages")
@pytest.mark.parametrize("case", REFUSED)
def test_scripts_and_files_inside_are_refused(blank: bytes, case: str) -> None:
    with pytest.raises(Problem, match="FIL_004"):
        paper.read(filled(blank, REFUSED[case], days="3"), SHEET)


def test_a_link_and_a_place_to_open_at_are_let_in(blank: bytes) -> None:
    change = page_of(
        ("/OpenAction", thing({"/S": "/GoTo"})),
        mark={"/Subtype": "/Link", "/A": {"/S": "/URI", "/URI": "https://example.org"}},
    )
    assert paper.read(filled(blank, change, days="3"), SHEET)[1].answers


def emptied(writer: Any) -> None:
    del writer.root_object["/AcroForm"]
    for page in writer.pages:
        page.pop("/Annots", None)


def renamed(writer: Any) -> None:
    for entry in writer.root_object["/AcroForm"]["/Fields"]:
        entry.get_object()[NameObject("/T")] = TextStringObject(f"theirs {entry.get_object()['/T']}"[:12])


def locked(writer: Any) -> None:
    writer.encrypt("secret")


@pytest.mark.promise("input-limits", "input-messages")
@pytest.mark.parametrize(
    ("change", "code"),
    [(emptied, "FIL_011"), (renamed, "FIL_012"), (locked, "FIL_005")],
    ids=["flattened", "foreign", "locked"],
)
def test_other_pdfs_get_a_message(blank: bytes, change: Callable[[Any], None], code: str) -> None:
    with pytest.raises(Problem, match=code):
        paper.read(filled(blank, change))


@pytest.mark.promise("input-limits", "input-messages")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FIL_007"),
        (b"hello", "FIL_007"),
        (b"%PDF-1.7\n", "FIL_007"),
        (b"%PDF-1.7\n" + bytes(paper.SIZE_MAX), "FIL_001"),
        (b"%PDF-1.7\n" + b"1 0 obj\n" * (paper.OBJECTS_MAX + 1), "FIL_008"),
    ],
    ids=["empty", "text", "only a beginning", "too large", "too many objects"],
)
def test_what_is_no_pdf_gets_a_message(data: bytes, code: str) -> None:
    with pytest.raises(Problem, match=code):
        paper.read(data)


@pytest.mark.promise("input-limits", "input-messages")
def test_a_bomb_costs_little_memory() -> None:
    """A list of objects that unpacks to 400 MB, in a file of half a megabyte."""
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(400)) + packer.flush()
    entries = b"<< /Type /XRef /Size 99 /W [1 2 1] /Root 2 0 R /Filter /FlateDecode /Length %d >>" % len(bomb)
    data = b"%%PDF-1.7\n1 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n9\n%%%%EOF\n" % (entries, bomb)
    tracemalloc.start()
    try:
        with pytest.raises(Problem, match="FIL_007"):
            paper.read(data)
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_too_many_pages_and_fields_are_refused(blank: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "FIELDS_MAX", 5)
    with pytest.raises(Problem, match="FIL_008"):
        paper.read(blank)
    monkeypatch.setattr(paper, "PAGES_MAX", 1)
    with pytest.raises(Problem, match="FIL_008"):
        paper.read(blank)


def test_fields_that_are_their_own_kids_end(blank: bytes) -> None:
    def circle(writer: Any) -> None:
        node = papers.field(writer, PREFIX + "place")
        node[NameObject("/Kids")] = ArrayObject([node.indirect_reference])
        node[NameObject("/Parent")] = node.indirect_reference

    assert paper.read(filled(blank, circle, days="3"), SHEET)[1].answers == {"days": 3}


@pytest.mark.promise("input-messages")
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damage_gives_a_message_or_answers_that_can_be(blank: bytes, data: st.DataObject) -> None:
    whole = bytearray(loose(blank) if data.draw(st.booleans()) else blank)
    if data.draw(st.booleans()):
        whole = whole[: data.draw(st.integers(0, len(whole)))]
    for place in data.draw(st.lists(st.integers(0, max(len(whole) - 1, 0)), max_size=12 if whole else 0)):
        whole[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Problem):
        paper.read(bytes(whole), SHEET)


@functools.cache
def loose(blank: bytes) -> bytes:
    """Return the form filled, with its objects unpacked, so that damage reaches them."""
    writer = pypdf.PdfWriter(
        clone_from=io.BytesIO(filled(blank, agreed="yes", remarks="two\nlines", periods=[{"due": "3"}]))
    )
    for page in writer.pages:
        page.pop("/Contents", None)
        page.pop("/Resources", None)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
