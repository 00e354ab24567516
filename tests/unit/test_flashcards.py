"""Flash cards: an Anki file that opens, with cards that keep their number."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tools import chapters
from tools.errors import Problem
from tools.surfaces import flashcards


def notes(path: Path, tmp_path: Path) -> list[tuple[str, str]]:
    """Open a deck as Anki does: a zip with a database."""
    with zipfile.ZipFile(path) as archive:
        archive.extract("collection.anki2", tmp_path)
    with closing(sqlite3.connect(tmp_path / "collection.anki2")) as base:
        assert base.execute("pragma integrity_check").fetchone() == ("ok",)
        (count,) = base.execute("select count(*) from cards").fetchone()
        rows = base.execute("select guid, flds from notes order by id").fetchall()
    assert count == len(rows)
    return rows


def test_the_words_of_the_field_are_a_deck_with_a_question_and_an_answer_each(tmp_path: Path) -> None:
    assert flashcards.write("words", tmp_path / "words.apkg") >= 50
    rows = notes(tmp_path / "words.apkg", tmp_path)
    assert len({guid for guid, _ in rows}) == len(rows)
    for _, fields in rows:
        front, back = fields.split("\x1f")
        assert front
        assert len(back) > 10
        assert not any(mark in fields for mark in ("{cite", "{term", "](", "**"))
    assert "can be taken back" in dict(flashcards.cards("words"))["consent"]


def test_a_card_keeps_its_number_when_its_answer_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flashcards.write("protection", tmp_path / "one.apkg")
    one = {fields.split("\x1f")[0]: guid for guid, fields in notes(tmp_path / "one.apkg", tmp_path)}
    found = [(front, f"{back} New.") for front, back in flashcards.cards("protection")]
    monkeypatch.setattr(flashcards, "cards", lambda _deck: tuple(reversed(found)))
    flashcards.write("protection", tmp_path / "two.apkg")
    two = {fields.split("\x1f")[0]: guid for guid, fields in notes(tmp_path / "two.apkg", tmp_path)}
    assert one == two


@pytest.mark.parametrize("guide", [guide for guide in chapters.guides() if guide != "start"])
def test_every_guide_has_cards_of_its_mistakes_and_its_quiz(guide: str) -> None:
    found = dict(flashcards.cards(guide))
    assert len(found) >= 15
    assert any("Watch out" in front for front in found)
    assert all(back.strip(". ") for back in found.values())


def test_an_unknown_deck_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        flashcards.write("no-such", tmp_path / "a.apkg")
    assert caught.value.code == "SLI_001"
    assert not list(tmp_path.iterdir())
