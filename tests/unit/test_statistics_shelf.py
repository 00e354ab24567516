"""The shelf of statistics: every file stands on it, with its sources, the pages that chart it, and the file itself."""

from __future__ import annotations

from tools import charts, content, evidence
from tools.sphinxext import statistics_shelf as shelf


def test_every_file_stands_on_the_shelf_with_all_its_sources() -> None:
    lines = shelf.table_source({name: [] for name in shelf.names()})[2:]
    assert len(lines) == len(list(content.STATISTICS.glob("*.csv")))
    for name, line in zip(shelf.names(), lines, strict=True):
        figures = evidence.statistics(name)
        assert shelf.title(name) in line
        assert f"{len(figures)} figures" in line
        assert all(figure.source_key in line for figure in figures)
        assert line.count("|") == 3, "a cell must not hold the sign that parts cells"


def test_a_file_leads_to_the_page_that_charts_it() -> None:
    pages = shelf.charted()
    assert "/book/identification/indicators" in pages["referred-and-identified"]
    assert set(pages) == set(shelf.names())


def test_every_chart_of_figures_is_on_the_shelf() -> None:
    known = {figure for name in shelf.names() for figure in evidence.statistics(name)}
    shown = charts.referred_and_identified()
    assert set(shown.figures) <= known


def test_years_in_words() -> None:
    figures = evidence.statistics("referred-and-identified")
    assert shelf.span(figures) == "2014 to 2023"
    assert shelf.span([one for one in figures if one.year == 2015]) == "2015"
