"""Charts of the reintegration guide."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tools import evidence
from tools.charts.chart import Chart
from tools.charts.drawing import bar_panel, specification
from tools.charts.figures import (
    printed,
    series_of,
    table_of,
)

if TYPE_CHECKING:
    pass


def needed_after_leaving() -> Chart:
    """Return the chart of what people from civil society see as most needed after leaving exploitation.

    The figures are those of ``data/statistics/needed-after-leaving.csv``.

    Examples
    --------
    >>> needed_after_leaving().years
    '2023 and 2024'
    """
    figures = evidence.statistics("needed-after-leaving")
    series = series_of(figures, "World")
    last = {name: next(iter(years.values())) for name, years in series.items()}
    year = max(figure.year for figure in figures)
    said = "; ".join(f"{name}: {printed(figure)}" for name, figure in last.items()) + "."
    return Chart(
        slug="needed-after-leaving",
        title="The service most needed after leaving, by how many ranked it first: a survey in 2023 and 2024",
        description=f"A bar chart on a scale from zero to 40. {said}",
        unit="Persons who ranked a service first.",
        population=(
            "People from civil society against trafficking in 37 countries, asked online; the 85 of 87 who answered this "
            "question. Nine of the 87 had lived through it."
        ),
        places="37 countries",
        years="2023 and 2024",
        sources=tuple(dict.fromkeys(figure.source_key for figure in figures)),
        reviewed=date(2026, 11, 24),
        note=(
            "The survey ran from July 2023 to March 2024. It is indicative only: one in five answers came from North "
            "America, and none from East Asia and the Pacific."
        ),
        not_shown="What trafficked people themselves would rank first.",
        spec=specification([bar_panel("Ranked first (scale to 40)", last, 40)], {year: said}, year),
        tables=(table_of("Ranked first, persons, by the year in which the survey ended", series),),
        figures=figures,
    )
