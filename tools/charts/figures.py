"""Figures in series, and the words and tables made from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tools.charts.chart import WORDS, Table

if TYPE_CHECKING:
    from tools.evidence import Figure

Series = Mapping[str, Mapping[int, "Figure"]]
"""Figures by indicator, then by year."""


def series_of(figures: Iterable[Figure], geography: str) -> Series:
    """Return the figures of one place by indicator, then by year in order."""
    series: dict[str, dict[int, Figure]] = {}
    for figure in figures:
        if figure.geography == geography:
            series.setdefault(figure.indicator, {})[figure.year] = figure
    return {name: dict(sorted(years.items())) for name, years in series.items()}


def share_positive(series: Series, name: str) -> dict[int, float]:
    """Return the per cent of positive decisions by year, for the years in which both counts are given."""
    yes, no = series[f"{name}, positive"], series[f"{name}, negative"]
    pairs = {year: (yes[year].value, no[year].value) for year in yes if year in no}
    return {year: 100 * y / (y + n) for year, (y, n) in pairs.items() if y is not None and n is not None and y + n > 0}


def share_of(part: Mapping[int, Figure], rest: Mapping[int, Figure]) -> Mapping[int, Figure]:
    """Return the per cent of one group among both, as figures of our own calculation."""
    return {
        year: replace(
            figure,
            value=(share := round(100 * known_value(figure) / (known_value(figure) + known_value(rest[year])), 1)),
            text=str(share),
            unit="per cent",
            confidence="computed",
        )
        for year, figure in part.items()
    }


def known_value(figure: Figure) -> float:
    """Return the value of a figure; one that its source withholds draws nothing."""
    return 0 if figure.value is None else figure.value


def always_above(*pairs: tuple[Mapping[int, Figure], Mapping[int, Figure]]) -> str:
    """Say that the upper line is above the lower one everywhere, if the figures say so."""
    values = [(upper[year].value, lower[year].value) for upper, lower in pairs for year in lower if year in upper]
    if all(u is not None and n is not None and u > n for u, n in values):
        return "In every year the number referred is above the number identified. "
    return ""


def course_of(years: Mapping[int, Figure]) -> str:
    """Return first, highest and last figure in words."""
    known = [figure for figure in years.values() if figure.value is not None]
    first, last = known[0], known[-1]
    highest = max(known, key=lambda figure: figure.value or 0)
    words = [f"{printed(first)} in {first.year}"]
    if highest not in (first, last):
        words.append(f"a peak of {printed(highest)} in {highest.year}")
    return ", ".join([*words, f"{printed(last)} in {last.year}"])


def table_of(caption: str, columns: Mapping[str, Mapping[int, Figure]]) -> Table:
    """Return series side by side as a table, one row a year."""
    years = sorted({year for series in columns.values() for year in series})
    rows = tuple(
        (str(year), *(printed(series[year]) if year in series else WORDS["none"] for series in columns.values()))
        for year in years
    )
    return Table(caption, (WORDS["year"], *columns), rows)


def printed(figure: Figure) -> str:
    """Return a figure as printed; a withheld one says so."""
    if figure.value is None:
        return WORDS["withheld"].format(text=figure.text)
    return number_words(figure.value)


def number_words(value: float) -> str:
    """Return a number with its thousands apart.

    >>> number_words(12000)
    '12,000'
    """
    return f"{value:,}"


def span_of(years: Mapping[int, Figure]) -> str:
    """Return the first and the last year of a series."""
    return f"{min(years)} to {max(years)}"
