"""Charts of the guide on children."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tools import evidence
from tools.charts.chart import WORDS, Chart
from tools.charts.drawing import Line, bar_panel, line_panel, specification
from tools.charts.figures import (
    course_of,
    printed,
    series_of,
    share_of,
    span_of,
    table_of,
)

if TYPE_CHECKING:
    pass


def children_detected() -> Chart:
    """Return the chart of girls and boys detected as victims in Thailand and in the United Kingdom.

    The figures are those of ``data/statistics/girls-and-boys.csv``: children, as each state reported them to UNODC.

    Examples
    --------
    >>> children_detected().places
    'Thailand and United Kingdom'
    """
    figures = evidence.statistics("girls-and-boys")
    panels, tables, stories = [], [], []
    readouts: dict[int, list[str]] = {}
    for place, top in (("Thailand", 500), ("United Kingdom", 5_000)):
        series = series_of(figures, place)
        girls, boys = series["Detected victims, girls"], series["Detected victims, boys"]
        panels.append(line_panel(place, (Line("Girls", girls), Line("Boys", boys)), top, range(2012, 2023)))
        columns = {"Girls": girls, "Boys": boys, "Boys, per cent": share_of(boys, girls)}
        tables.append(table_of(f"{place}, {span_of(boys)}, persons", columns))
        stories.append(f"{place}: girls, {course_of(girls)}; boys, {course_of(boys)}.")
        for year in range(2012, 2023):
            said = f"{printed(girls[year])} girls, {printed(boys[year])} boys" if year in boys else WORDS["none"]
            readouts.setdefault(year, [f"{year}."]).append(f"{place}: {said}.")
    return Chart(
        slug="children-detected",
        title="Girls and boys among detected victims: Thailand 2012 to 2022, United Kingdom 2012 to 2021",
        description=f"Two line charts, one below the other, each with its own scale from zero. {' '.join(stories)}",
        unit="Children in a year.",
        population="Child victims detected, as each state reported them to UNODC; adults are not in it.",
        places="Thailand and United Kingdom",
        years="2012 to 2022 and 2012 to 2021",
        sources=tuple(dict.fromkeys(figure.source_key for figure in figures)),
        reviewed=date(2026, 11, 24),
        note=(
            "Each place has its own scale. The per cent is that of boys among children (our calculation). Each state "
            "decides whom it counts, and may change it: the step of the United Kingdom in 2017 is so large that it may be "
            "one. The workbook was read in a public copy."
        ),
        not_shown=(
            "How many children were trafficked, and children whose age was doubted. A low share of boys can mean that few "
            "were asked. The two places count in different ways and cannot be ranked."
        ),
        spec=specification(panels, {year: " ".join(words) for year, words in readouts.items()}, 2021),
        tables=tuple(tables),
        figures=figures,
    )


def children_by_form() -> Chart:
    """Return the chart of three shares that UNODC published of the forms in which children were exploited.

    The figures are those of ``data/statistics/children-by-form.csv``.

    Examples
    --------
    >>> children_by_form().years
    '2022'
    """
    figures = evidence.statistics("children-by-form")
    shown = {figure.indicator: figure for figure in figures}
    said = "; ".join(f"{name}: {printed(figure)} per cent" for name, figure in shown.items()) + "."
    return Chart(
        slug="children-by-form",
        title="Girls and boys by form of exploitation: world, 2022",
        description=f"One bar chart on a scale from zero to 100. {said}",
        unit="Per cent of detected girls, or of detected boys.",
        population="Detected child victims, as states reported them to UNODC.",
        places="World",
        years="2022",
        sources=tuple(dict.fromkeys(figure.source_key for figure in figures)),
        reviewed=date(2026, 11, 24),
        note=(
            "Three shares of a press release; the others were not read. The shares of girls and of boys have different "
            "wholes and are not added."
        ),
        not_shown="Forms that are seldom looked for, such as marriage, adoption and armed groups, and children nobody detected.",
        spec=specification([bar_panel("World, 2022 (scale to 100)", shown, 100)], {2022: said}, 2022),
        tables=(table_of("World, 2022, per cent", {name: {figure.year: figure} for name, figure in shown.items()}),),
        figures=figures,
    )
