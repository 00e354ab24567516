"""``python -m tools``: helpful errors, exit codes, nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import content
from tools.__main__ import main

ELEMENTS = "identification/elements-of-the-definition"


def test_list_names_every_instrument(capsys) -> None:
    assert main(["list"]) == 0
    assert ELEMENTS in capsys.readouterr().out


def test_show_prints_the_questions(capsys) -> None:
    assert main(["show", ELEMENTS]) == 0
    assert "How old is the person? [Adult, 18 or over / Child, under 18" in capsys.readouterr().out


@pytest.mark.promise("input-messages")
def test_an_unknown_instrument_gets_a_hint(capsys) -> None:
    assert main(["show", "identification/elements-of-the-definitoin"]) == 1
    said = capsys.readouterr().err
    assert "did you mean 'identification/elements-of-the-definition'" in said
    assert "Traceback" not in said


@pytest.mark.promise("input-messages")
def test_check_names_file_line_and_remedy(tmp_path: Path, capsys) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text("id: a/b\nheading: x\n", encoding="utf-8")
    assert main(["check", str(broken)]) == 1
    said = capsys.readouterr()
    assert "broken.yml, line 2: 'heading' is not a word" in said.err
    assert "1 checked, 1 with a problem." in said.out


def test_check_passes_the_library(capsys) -> None:
    assert main(["check"]) == 0
    assert "0 with a problem" in capsys.readouterr().out


def test_assess_prints_the_summary(tmp_path: Path, capsys) -> None:
    file = tmp_path / "record.json"
    answers = {"age_group": "child", "recruited": "yes", "forced_labour": "yes"}
    file.write_text(
        json.dumps({"format": "ct-record/1", "instrument": ELEMENTS, "version": "1.0", "answers": answers}), "utf-8"
    )
    assert main(["assess", str(file)]) == 0
    assert "The elements are there: protect and refer now" in capsys.readouterr().out


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize("bad", [b"", b"[]", b"\xff\xfe\x00", b'{"format": "other"}', b"{" * 5000])
def test_assess_refuses_other_files_plainly(tmp_path: Path, capsys, bad: bytes) -> None:
    file = tmp_path / "record.json"
    file.write_bytes(bad)
    assert main(["assess", str(file)]) == 1
    assert "not a saved record" in capsys.readouterr().err


@pytest.mark.promise("language-gettext")
def test_messages_writes_the_catalogues_for_translators(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(content, "LOCALE", tmp_path)
    assert main(["messages"]) == 0
    for name, text in (
        ("instruments", "How old is the person?"), ("tools", "Clear all answers"), ("tools", "Type y or n."),
        ("tools", "Leave this page"), ("interface", "Skip to the text"),
    ):  # fmt: skip
        assert f'msgid "{text}"' in (tmp_path / f"{name}.pot").read_text(encoding="utf-8")
