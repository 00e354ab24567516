"""Notes on remedies by country: every statement says how it is known, and what is not checked never looks like a fact."""

from __future__ import annotations

import pytest

from tools import content, evidence, remedy_notes

SEVEN = ("Cambodia", "Indonesia", "Lao PDR", "Malaysia", "Philippines", "Thailand", "Viet Nam")


def test_the_file_has_its_columns() -> None:
    head = content.read_text(content.REMEDY_NOTES).splitlines()[0]
    assert tuple(head.split(",")) == remedy_notes.COLUMNS


def test_the_seven_countries_stand_in_order_and_each_has_a_sheet() -> None:
    assert remedy_notes.countries() == SEVEN
    for name in SEVEN:
        assert remedy_notes.country(name).rows


@pytest.mark.promise("truth-known")
@pytest.mark.parametrize("note", remedy_notes.notes(), ids=lambda note: f"{note.country}-{note.topic}")
def test_a_statement_has_words_source_and_what_was_read(note: remedy_notes.Note) -> None:
    assert note.confidence in remedy_notes.CONFIDENCE
    assert "|" not in note.statement + note.read
    if note.confidence == "gap":
        assert (note.statement, note.sources, note.read) == ("", (), "")
        return
    assert note.statement.endswith(".")
    assert all(len(sentence.split()) <= 30 for sentence in note.statement.split(". "))
    if note.confidence == remedy_notes.NOT_CHECKED:
        # No figure and no article: a reader must not be able to act on it as if it had been read.
        assert (note.sources, note.read) == ((), "")
        assert "article" not in note.statement or "Ask" in note.statement
        return
    assert note.sources
    assert note.read
    for key in note.sources:
        assert evidence.short(key)


def test_what_was_not_checked_is_shown_as_not_checked() -> None:
    rows = [row for row in remedy_notes.country("Lao PDR").rows if row[2] == "not checked"]
    assert len(rows) == 1
    assert "We did not read it." in rows[0][1]


def test_gaps_stand_last_and_together() -> None:
    assert remedy_notes.country("Cambodia").rows[-1] == ("state fund, what was paid", "–", "gap: not read so far")


def test_an_unknown_country_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"No country 'Atlantis'.*Cambodia"):
        remedy_notes.country("Atlantis")


def test_statements_are_counted() -> None:
    rows = remedy_notes.counts().rows
    assert [row[0] for row in rows] == list(SEVEN)
    assert sum(int(number) for row in rows for number in row[1:]) == len(remedy_notes.notes())
