"""Rules by country: the same headings for each, a source for each cell, and gaps that are shown."""

from __future__ import annotations

import pytest

from tools import content, evidence, frameworks


def test_the_file_has_its_columns() -> None:
    head = content.read_text(content.FRAMEWORKS).splitlines()[0]
    assert tuple(head.split(",")) == frameworks.COLUMNS


def test_every_country_has_every_heading_once() -> None:
    pairs = [(cell.country, cell.heading) for cell in frameworks.cells()]
    assert len(set(pairs)) == len(pairs)
    assert len(frameworks.countries()) == 5
    for country in frameworks.countries():
        assert tuple(heading for place, heading in pairs if place == country) == frameworks.headings()


@pytest.mark.promise("truth-known")
@pytest.mark.parametrize("cell", frameworks.cells(), ids=lambda cell: f"{cell.country}-{cell.heading}")
def test_a_cell_has_words_year_and_source_or_is_a_gap(cell: frameworks.Cell) -> None:
    assert cell.status in frameworks.KNOWN
    if cell.status == frameworks.GAP:
        assert (cell.words, cell.as_of, cell.sources) == ("", "", ())
        return
    assert cell.words.endswith(".")
    assert cell.as_of.isdigit()
    assert cell.sources
    for key in cell.sources:
        assert evidence.short(key)
    assert all(len(sentence.split()) <= 30 for sentence in cell.words.split(". "))
    assert "|" not in cell.words + cell.note


def test_a_gap_is_shown_as_a_gap_and_not_as_a_no() -> None:
    rows = frameworks.compare("hotline").rows
    assert rows[-1] == ("Cambodia, Indonesia, Lao PDR, Thailand", "gap: not read so far")
    assert rows[0][0] == "Viet Nam"
    assert rows[0][1].startswith("111")
    assert "(report, 2025 {cite}`vgp2025`; press report" in rows[0][1]


def test_every_country_stands_under_every_heading() -> None:
    for heading in frameworks.headings():
        shown = [place for row in frameworks.compare(heading).rows for place in row[0].split(", ")]
        assert sorted(shown) == sorted(frameworks.countries())


def test_gaps_are_counted() -> None:
    rows = {row[0]: row for row in frameworks.gaps().rows}
    assert tuple(rows) == frameworks.countries()
    filled, of, whole = rows["Viet Nam"][1].split()
    assert (int(filled), of, int(whole)) == (10, "of", len(frameworks.headings()))
    assert rows["Viet Nam"][2] == "time to recover and stay"


def test_a_wrong_heading_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"No heading 'weather'.*main law"):
        frameworks.compare("weather")


def test_markdown_has_one_line_a_country() -> None:
    shown = frameworks.compare("main law")._repr_markdown_().splitlines()
    assert len(shown) == 2 + len(frameworks.countries())
    assert {line.count("|") for line in shown} == {3}
