"""One way in for every kind of file with answers."""

from __future__ import annotations

import codecs
import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.errors import MESSAGES, Problem
from tools.instruments import library, record, seal
from tools.surfaces import intake

TOOL = library.load("identification/elements-of-the-definition")
PHRASE = "seven small words that nobody else knows"
FILLED = record.of(TOOL, {"age_group": "adult", "force": "unknown"})
TEXT = record.dumps(FILLED, TOOL)


@pytest.mark.promise("input-nothing-lost")
@pytest.mark.parametrize("instrument", [None, TOOL], ids=["found by the file", "asked for"])
def test_a_record_is_read(instrument) -> None:
    for data in (TEXT.encode(), codecs.BOM_UTF8 + TEXT.encode(), TEXT.encode("utf-16")):
        assert intake.kind(data) == "record"
        assert intake.read(data, instrument) == (TOOL, FILLED, ())
        assert intake.text_of(data) == TEXT


def test_a_sealed_record_is_read() -> None:
    data = seal.seal(TEXT, PHRASE).encode()
    assert intake.kind(data) == "sealed"
    assert intake.read(data, passphrase=PHRASE) == (TOOL, FILLED, ())
    for wrong, code in (("another", "SEA_001"), (None, "SEA_005")):
        with pytest.raises(Problem, match=code):
            intake.read(data, passphrase=wrong)


@pytest.mark.promise("input-messages", "input-limits")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FIL_019"),
        (b"age_group,force\r\nadult,yes\r\n", "FIL_019"),
        (b"\x89PNG\r\n", "FIL_019"),
        (b"PK\x03\x04 not really", "FIL_007"),
        (intake._OLE + bytes(600), "FIL_006"),
        (b"{", "REC_001"),
        (b'{"format": "ct-record/1", "text": "\xff"}', "REC_001"),
        (b"{" + b" " * intake.RECORD_SIZE_MAX, "FIL_001"),
        (b"%PDF-1.7", "FIL_007"),
        (json.dumps(json.loads(TEXT) | {"instrument": "no/such"}).encode(), "INS_001"),
        (json.dumps(json.loads(TEXT) | {"version": "99.0"}).encode(), "REC_003"),
    ],
)
def test_every_other_file_gets_a_message(data: bytes, code: str) -> None:
    with pytest.raises(Problem) as caught:
        intake.read(data)
    assert caught.value.code == code
    assert caught.value.todo


def test_a_record_of_another_instrument_is_refused() -> None:
    with pytest.raises(Problem, match="REC_002"):
        intake.read(TEXT.encode(), library.load("identification/ilo-screening-adult-labour"))


@pytest.mark.promise("input-messages")
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damage_gives_a_message_or_answers_that_can_be(data: st.DataObject) -> None:
    whole = bytearray(TEXT.encode())
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    with contextlib.suppress(Problem):
        intake.read(bytes(whole[:cut] if data.draw(st.booleans()) else whole))


def test_every_message_about_a_file_says_what_to_do() -> None:
    for code, message in MESSAGES.items():
        if code.startswith("FIL_"):
            assert message.todo.endswith(".") or message.todo == "{todo}", code
            assert max(len(sentence.split()) for sentence in f"{message.what} {message.todo}".split(". ")) <= 25, code
