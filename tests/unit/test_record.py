"""Records: every refusal with its words, nothing lost on the way to a file and back, noise refused."""

from __future__ import annotations

import datetime as dt
import json
import random
from decimal import Decimal
from typing import Any

import pytest
from cases import vectors
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tools import content
from tools.errors import Problem
from tools.instruments import library, record
from tools.instruments.assessment import assess
from tools.instruments.model import Instrument
from tools.instruments.record import SIZE_MAX, TEXT_MAX, Record

SHEET = vectors.fixture("everything.yml")


def file(**changes: Any) -> str:
    """Return a record file of the made-up instrument with some parts changed."""
    return json.dumps(
        {"format": "ct-record/1", "instrument": SHEET.id, "version": SHEET.version, "answers": {}} | changes
    )


WRONG_ANSWERS = [
    # code, item, answer, what the message has to name
    ("REC_004", "agreed", "maybe", ["'agreed'", "'maybe'", "yes, no, unknown"]),
    ("REC_004", "agreed", True, ["'agreed'", "not one answer"]),
    ("REC_004", "agreed", ["yes"], ["not one answer"]),
    ("REC_004", "signs", ["debt", "fire"], ["'signs'", "debt, papers, threats"]),
    ("REC_004", "signs", {"debt": 1}, ["not a list of answers"]),
    ("REC_004", "signs", [["debt"]], ["not a list of answers"]),
    ("REC_004", "hours", "25", ["'hours'", "from 0 to 24"]),
    ("REC_004", "hours", "-0.01", ["from 0 to 24"]),
    ("REC_004", "hours", "1.234", ["too many decimals", "at most 2 decimals"]),
    ("REC_004", "days", "1.5", ["no decimals"]),
    ("REC_004", "hours", "ten", ["not a number", "digits with a point"]),
    ("REC_004", "hours", "1,5", ["not a number"]),
    ("REC_004", "hours", "1e1", ["not a number"]),
    ("REC_004", "hours", "٣", ["not a number"]),
    ("REC_004", "hours", float("nan"), ["not a number"]),
    ("REC_004", "hours", float("inf"), ["not a number"]),
    ("REC_004", "hours", True, ["not a number"]),
    ("REC_004", "fee", "100000000000.01", ["too large"]),
    ("REC_004", "started", "2026-02-30", ["not a date", "2026-11-24"]),
    ("REC_004", "started", "24.11.2026", ["not a date"]),
    ("REC_004", "started", "1900-02-28", ["1900-03-01"]),
    ("REC_004", "started", "2101-01-01", ["2100-12-31"]),
    ("REC_004", "as_of", "1999-12-31", ["2000-01-01"]),
    ("REC_004", "started", dt.datetime(2026, 1, 1), ["'started'"]),
    ("REC_004", "remarks", 12, ["not a text"]),
    ("REC_004", "remarks", "x" * (TEXT_MAX + 1), ["longer than 20000"]),
    ("REC_004", "periods", "x", ["list of rows"]),
    ("REC_004", "periods", [1], ["list of rows"]),
    ("REC_004", "periods", [{"worked": "x"}], ["'worked'"]),
    ("REC_005", "agreedd", "yes", ["'agreedd'", "tests/everything", "did you mean 'agreed'?"]),
    ("REC_005", "at_sea_note", "x", ["'at_sea_note'"]),
    ("REC_005", "yes_count", "1", ["'yes_count'"]),
    ("REC_005", "worked", "1", ["'worked'"]),
    ("REC_005", "periods", [{"workedd": "1"}], ["'workedd'", "did you mean 'worked'?"]),
    ("REC_005", "periods", [{"agreed": "yes"}], ["'agreed'"]),
    ("REC_007", "periods", [{}] * 7, ["'periods'", "7 rows", "at most 6"]),
]  # fmt: skip


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(("code", "item", "answer", "said"), WRONG_ANSWERS, ids=[f"{i} = {str(a)[:20]}" for _, i, a, _ in WRONG_ANSWERS])  # fmt: skip
def test_a_wrong_answer_is_refused_with_item_and_remedy(code: str, item: str, answer: Any, said: list[str]) -> None:
    with pytest.raises(Problem) as caught:
        record.of(SHEET, {item: answer})
    assert caught.value.code == code, str(caught.value)
    assert len(str(caught.value)) < 400
    for words in said:
        assert words in str(caught.value)


WRONG_FILES = [
    ("REC_001", "", ["not JSON"]),
    ("REC_001", "hello", ["not JSON"]),
    ("REC_001", "[" * 100_000, ["not a saved record"]),
    ("REC_001", "[]", ["does not begin like one"]),
    ("REC_001", '"ct-record/1"', ["does not begin"]),
    ("REC_001", file(format="ct-record/2"), ["does not begin"]),
    ("REC_001", file(version=2.3), ["a part is missing"]),
    ("REC_001", file(answers=[]), ["a part is missing"]),
    ("REC_001", '{"format": "ct-record/1"}', ["a part is missing"]),
    ("REC_002", file(instrument="other/one"), ["'other/one'", "'tests/everything'"]),
    ("REC_003", file(version="1.9"), ["version 1.9", "version 2.3", "Open it with the edition"]),
    ("REC_003", file(version=""), ["version 2.3"]),
    ("REC_004", file(answers={"agreed": "maybe"}), ["'agreed'"]),
    ("REC_005", file(answers={"gone": "x"}), ["'gone'"]),
    ("REC_006", " " * (SIZE_MAX + 1), ["1,000,001 signs", "1,000,000"]),
]


@pytest.mark.promise("input-messages", "input-limits")
@pytest.mark.parametrize(("code", "text", "said"), WRONG_FILES, ids=[f"{c} {t[:50]}" for c, t, _ in WRONG_FILES])
def test_a_wrong_file_is_refused_with_the_reason(code: str, text: str, said: list[str]) -> None:
    with pytest.raises(Problem) as caught:
        record.loads(text, SHEET)
    assert caught.value.code == code
    for words in said:
        assert words in str(caught.value)


BLANK = [None, "", "  ", []]


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize("item", ["agreed", "signs", "hours", "started", "remarks"])
def test_blank_answers_are_not_in_a_record(item: str, blank: Any) -> None:
    assert record.of(SHEET, {item: blank}).answers == {}


def test_values_become_what_they_are() -> None:
    given = {
        "hours": 1.5,
        "days": 3,
        "fee": "007.50",
        "signs": ("debt",),
        "started": dt.date(2026, 1, 2),
        "remarks": " x ",
    }
    assert record.of(SHEET, given).answers == {
        "hours": Decimal("1.5"), "days": Decimal(3), "fee": Decimal("7.50"), "signs": frozenset({"debt"}),
        "started": dt.date(2026, 1, 2), "remarks": " x ",
    }  # fmt: skip


def test_an_older_minor_version_opens_and_each_loss_is_told() -> None:
    answers = {"agreed": "yes", "gone": "x", "place": "moon", "periods": [{}] * 7, "hours": "8"}
    read, lost = record.loads(file(version="2.0", answers=answers), SHEET)
    assert read.answers == {"agreed": "yes", "hours": Decimal(8)}
    assert read.version == SHEET.version
    assert "version 2.0; this is version 2.3. Unchanged answers: 2." in lost[0]
    told = [line for line in lost if "was left out" in line]
    assert len(told) == 3
    for name, line in zip(("gone", "place", "periods"), told, strict=True):
        assert f"'{name}'" in line
        assert str(answers[name])[:4] in line  # the answer itself, so that nobody has to guess it


MIGRATIONS = json.loads((vectors.HERE / "migrations.json").read_text(encoding="utf-8"))
FIELDS = ("item", "key", "date", "found", "old", "to", "new", "value", "count")


def told(note: Problem) -> list[Any]:
    """Return the code of a note and what the vectors pin down of it."""
    wanted = {"REC_008": ("key",), "REC_011": ("found", "count"), "REC_016": ("item", "value")}.get(note.code, FIELDS)
    return [note.code, *(plain_note(note.fields[key]) for key in wanted if key in note.fields)]


def plain_note(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


@pytest.mark.promise("input-nothing-lost")
@pytest.mark.parametrize("case", MIGRATIONS["files"], ids=lambda case: case["id"])
def test_a_record_of_another_version_opens_with_a_report(case: dict[str, Any]) -> None:
    opened = record.read(file(**case["record"]), SHEET, today=dt.date.fromisoformat(MIGRATIONS["today"]))
    assert opened.record == record.of(SHEET, case["kept"])
    assert [told(note) for note in opened.notes] == case["notes"]
    handling = opened.handling and {key: record.plain(getattr(opened.handling, key)) for key in record.HANDLING_KEYS}
    assert handling == case.get("handling")
    assert all(note.todo and note.what for note in opened.notes)


@pytest.mark.parametrize("case", MIGRATIONS["refused"], ids=lambda case: case["version"])
def test_a_version_from_which_no_way_leads_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(Problem) as caught:
        record.read(file(version=case["version"]), SHEET)
    assert caught.value.code == case["code"]


def test_a_record_of_another_instrument_is_not_written() -> None:
    with pytest.raises(Problem) as caught:
        record.dumps(Record("other/one", "1.0"), SHEET)
    assert caught.value.code == "REC_002"


@pytest.mark.promise("privacy-no-identity-asked")
def test_a_record_holds_answers_and_nothing_about_whose_or_when() -> None:
    for instrument in vectors.instruments():
        text = record.dumps(record.of(instrument, vectors.random_answers(instrument, random.Random(5))), instrument)  # noqa: S311
        assert list(json.loads(text)) == ["format", "instrument", "version", "answers"]


# --- why, for whom, until when; sealed -----------------------------------------------------------


def test_purpose_receiver_and_last_day_stand_in_the_file() -> None:
    answers = record.of(SHEET, {"agreed": "yes"})
    handling = record.Handling(" Referral ", "Shelter desk", "2027-02-24")  # type: ignore[arg-type]
    text = record.dumps(answers, SHEET, handling=handling)
    assert list(json.loads(text)) == ["format", "instrument", "version", "handling", "answers"]
    assert json.loads(text)["handling"] == {
        "purpose": "Referral",
        "receiver": "Shelter desk",
        "keep_until": "2027-02-24",
    }
    assert record.handling_of(text) == handling
    assert record.loads(text, SHEET)[0] == answers


@pytest.mark.parametrize("handling", [None, record.Handling()])
def test_what_is_not_said_is_not_in_the_file(handling: record.Handling | None) -> None:
    text = record.dumps(record.of(SHEET, {}), SHEET, handling=handling)
    assert "handling" not in text
    assert record.handling_of(text) is None
    only = record.dumps(record.of(SHEET, {}), SHEET, handling=record.Handling(receiver="Court"))
    assert json.loads(only)["handling"] == {"receiver": "Court"}


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("purpose", 3, "not a text"),
        ("receiver", "x" * 201, "longer than 200"),
        ("keep_until", "soon", "2027-02-24"),
        ("keep_until", "2101-01-01", "not a date"),
        ("keep_until", 20270224, "not a date"),
    ],
)
def test_handling_that_cannot_be_is_refused(key: str, value: Any, said: str) -> None:
    with pytest.raises(Problem) as caught:
        record.Handling(**{key: value})
    assert caught.value.code == "REC_008"
    assert said in str(caught.value)
    assert f"'{key}'" in str(caught.value)


def test_a_record_kept_beyond_its_date_is_told() -> None:
    handling = record.Handling(keep_until=dt.date(2020, 1, 1))
    _, notes = record.loads(record.dumps(record.of(SHEET, {}), SHEET, handling=handling), SHEET)
    (note,) = notes
    assert "2020-01-01" in note
    assert "kept beyond its date" in note
    assert "Delete it, or decide anew" in note


def test_a_sealed_record_opens_with_its_passphrase_only() -> None:
    answers = record.of(SHEET, {"agreed": "yes", "remarks": "ស្រី"})
    handling = record.Handling("Referral")
    text = record.dumps(answers, SHEET, handling=handling, passphrase="four plain words here")  # noqa: S106
    assert "agreed" not in text
    assert "Referral" not in text
    assert record.loads(text, SHEET, "four plain words here") == (answers, ())
    assert record.handling_of(text, "four plain words here") == handling
    for passphrase, code in (("four plain words", "SEA_001"), ("", "SEA_005"), (None, "SEA_005")):
        with pytest.raises(Problem) as caught:
            record.loads(text, SHEET, passphrase)
        assert caught.value.code == code
    with pytest.raises(Problem) as caught:
        record.dumps(answers, SHEET, passphrase="")
    assert caught.value.code == "SEA_005"


def test_a_passphrase_for_an_open_file_does_no_harm() -> None:
    text = record.dumps(record.of(SHEET, {"agreed": "yes"}), SHEET)
    assert record.loads("\ufeff" + text, SHEET, "x")[0].answers == {"agreed": "yes"}


def test_half_a_character_can_be_written_to_disk() -> None:
    text = record.dumps(record.of(SHEET, {"remarks": "a\ud800b"}), SHEET)
    assert record.loads(text.encode("utf-8").decode("utf-8"), SHEET)[0].answers == {"remarks": "a\ud800b"}


def test_what_a_terminal_would_obey_is_not_in_a_message() -> None:
    _, notes = record.loads(file(version="2.2", answers={"gone": "a\x1b[31mb", "x\x07": "y"}), SHEET)
    assert not [sign for note in notes for sign in note if sign < " "]


# --- for every input ---------------------------------------------------------------------------


@pytest.mark.promise("same-result", "input-nothing-lost")
@pytest.mark.parametrize("instrument", vectors.instruments(), ids=lambda i: i.id)
@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_saving_and_opening_changes_nothing(instrument: Instrument, seed: int) -> None:
    given_answers = record.of(instrument, vectors.random_answers(instrument, random.Random(seed)))  # noqa: S311
    text = record.dumps(given_answers, instrument)
    read, lost = record.loads(text, instrument)
    assert lost == ()
    assert record.dumps(read, instrument) == text
    # What does not apply is gone from the file, and nothing of the result changes by that.
    before, after = assess(instrument, given_answers), assess(instrument, read)
    assert set(read.answers) <= before.relevant
    assert (before.values, before.outcome, before.reasons, before.notices, before.missing) == (
        after.values, after.outcome, after.reasons, after.notices, after.missing,
    )  # fmt: skip


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(["yes", "debt", "2026-01-01", "12.5"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["worked", "due", "x"]), inner, max_size=2),
    max_leaves=6,
)  # fmt: skip
names = st.sampled_from([*SHEET.items, *SHEET.repeats, "x", "yes_count"])


@pytest.mark.promise("input-messages")
@settings(max_examples=300, deadline=None)
@given(st.dictionaries(names, plain_values, max_size=4))
def test_any_answers_are_taken_or_refused_with_a_message(answers: dict[str, Any]) -> None:
    try:
        found = record.of(SHEET, answers)
    except Problem as problem:
        assert problem.code in {"REC_004", "REC_005", "REC_007"}  # noqa: PT017
        assert problem.todo  # noqa: PT017
    else:
        assess(SHEET, found)


@pytest.mark.promise("input-messages")
@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | plain_values.map(json.dumps) | st.dictionaries(names, plain_values, max_size=3).map(lambda a: file(answers=a)))  # fmt: skip
def test_any_text_is_read_or_refused_with_a_message(text: str) -> None:
    try:
        record.loads(text, SHEET)
    except Problem as problem:
        assert problem.code.startswith(("REC_", "SEA_"))  # noqa: PT017
        assert problem.todo  # noqa: PT017


@pytest.mark.promise("input-messages", "input-nothing-lost")
@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["1.0", "1.4", "2.0", "2.2", "2.9"]),
    st.dictionaries(names | st.sampled_from(["spot", "site", "spells", "weather"]), plain_values, max_size=4),
    plain_values,
)
def test_any_answers_of_another_version_are_kept_or_told(version: str, answers: dict[str, Any], handling: Any) -> None:
    text = file(version=version, answers=answers, handling=handling)
    assume("NaN" not in text and "Infinity" not in text)  # which is not JSON
    opened = record.read(text, SHEET)
    assess(SHEET, opened.record)
    names_told = {str(note.fields.get("item")) for note in opened.notes}
    for name, value in answers.items():
        if value not in (None, "", []) and str(value).strip() and name not in opened.record.answers:
            assert name in names_told or isinstance(value, list), (name, value)


@pytest.mark.parametrize("path", sorted(content.EXAMPLES.glob("*.json")), ids=lambda path: path.name)
def test_a_filled_example_opens_and_has_a_result(path) -> None:
    text = path.read_text(encoding="utf-8")
    instrument = library.load(json.loads(text)["instrument"])
    opened = record.read(text, instrument)
    assert opened.notes == ()
    result = assess(instrument, opened.record)
    assert result.outcome is not None
    assert result.outcome is not instrument.outcomes[0]
