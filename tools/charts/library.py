"""Charts of the library: what the catalogue of publications covers, what it leaves out, and when the works appeared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tools import publications
from tools.charts.chart import PALETTE, Chart, Table
from tools.charts.drawing import WIDTH, specification

_SOURCE: Final = "contributors2026catalogue"
_REVIEWED: Final = date(2026, 11, 25)
_COUNTED: Final = (
    "Works in the catalogue of this library: the publications of one research institute, and the works that our other "
    "starting texts name."
)
_NOTE: Final = (
    "The catalogue is not the whole field. "
    "We gave the topics and the people from the summaries of the works, and most works have several."
)
_CELL: Final = 25


def evidence_gaps() -> Chart:
    """Return the map of topics against people: how many works have both.

    Examples
    --------
    >>> evidence_gaps().tables[0].columns[0]
    'Topic'
    """
    cells = publications.gap_map(grouped=True)
    topics, people = (list(dict.fromkeys(pair[place] for pair in cells)) for place in (0, 1))
    fullest = max(cells, key=lambda pair: cells[pair])
    empty = sum(not number for number in cells.values())
    return Chart(
        slug="evidence-gaps",
        title="Where the catalogue has works, and where it has none",
        description=(
            f"A grid of {len(topics)} groups of topics and {len(people)} groups of people. "
            "Each cell holds a number, on a disc that grows with it. "
            f"The fullest is {fullest[0].lower()} with {fullest[1].lower()}, {cells[fullest]} works. "
            f"In {empty} of {len(cells)} cells there is no work; those cells show a zero without a disc."
        ),
        unit="Works.",
        population=_COUNTED,
        places="The whole catalogue",
        years=_years(),
        sources=(_SOURCE,),
        reviewed=_REVIEWED,
        note=_NOTE,
        not_shown=(
            "How good the works are, and what others have published. "
            "A zero is a gap in this catalogue; look elsewhere before you call it a gap in knowledge. "
            "The cells must not be added up, because one work stands in several."
        ),
        spec=_gap_spec(cells, topics, people),
        tables=(
            _grid("Works by groups of topics and of people", cells),
            _lists("Works by every topic and every group of people", publications.gap_map()),
        ),
        figures=(),
    )


def _years() -> str:
    years = list(publications.timeline())
    return f"{years[0]} to {years[-1]}"


def _grid(caption: str, cells: Mapping[tuple[str, str], int]) -> Table:
    topics, people = (list(dict.fromkeys(pair[place] for pair in cells)) for place in (0, 1))
    heads = ("Topic", *(group[:1].upper() + group[1:] for group in people))
    return Table(caption, heads, tuple((topic, *(str(cells[topic, group]) for group in people)) for topic in topics))


def _lists(caption: str, cells: Mapping[tuple[str, str], int]) -> Table:
    """Return a wide grid as one list a row: most cells are empty, and so many columns fit no page and no telephone."""
    topics, people = (list(dict.fromkeys(pair[place] for pair in cells)) for place in (0, 1))
    rows = []
    for topic in topics:
        held = [f"{group} {cells[topic, group]}" for group in people if cells[topic, group]]
        rows.append((topic, ", ".join(held) or "none"))
    return Table(f"{caption}; a group that is not named has none", ("Topic", "Works"), tuple(rows), words=True)


def _gap_spec(cells: Mapping[tuple[str, str], int], topics: list[str], people: list[str]) -> dict[str, Any]:
    import altair as alt

    rows = [
        {
            "topic": topic,
            "people": group,
            "number": number,
            "tip": f"{topic}, {group.lower()}: {_works(number)}",
        }
        for (topic, group), number in cells.items()
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "people:N", title=None, sort=people,
            axis=alt.Axis(orient="top", labelAngle=-90, labelLimit=190, domain=False, ticks=False, labelAlign="left"),
        ),
        y=alt.Y(
            "topic:N", title=None, sort=topics,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=150, labelExpr=_WRAPPED),
        ),
    )  # fmt: skip
    most = max(cells.values())
    discs = base.transform_filter("datum.number > 0").mark_circle(color=PALETTE["line"].light, opacity=1).encode(
        size=alt.Size("number:Q", legend=None, scale=alt.Scale(domain=[0, most], range=[0, 950])), tooltip="tip:N",
            stroke=alt.condition("datum.people === at", alt.value(PALETTE["identified"].light), alt.value("transparent")),
    )  # fmt: skip
    numbers = base.mark_text(baseline="middle").encode(
        text="number:N",
        color=alt.condition(
            "datum.number > 0", alt.value(PALETTE["ink"].light), alt.value(PALETTE["identified"].light)
        ),
    )
    panel = alt.layer(discs, numbers).properties(width=_CELL * len(people), height=36 * len(topics))
    told = {
        group: f"{group}: " + ", ".join(f"{topic.lower()} {_works(cells[topic, group])}" for topic in topics)
        for group in people
    }
    return specification([panel], told, people[0], field="people", label="People")


# Two lines for the name of a topic that is too long for a phone.
_WRAPPED: Final = (
    "length(datum.label) > 16 ? split(replace(replace(datum.label, ' and ', '@and '), 'Violence ', 'Violence@'), '@') "
    ": datum.label"
)


def _works(number: int) -> str:
    return f"{number} work" if number == 1 else f"{number} works"


def publications_by_year() -> Chart:
    """Return the works of the catalogue by the year in which they appeared.

    Examples
    --------
    >>> publications_by_year().tables[0].rows[0]
    ('2002', '2')
    """
    counts = publications.timeline()
    most = max(counts, key=lambda year: counts[year])
    undated = len(publications.load()) - sum(counts.values())
    return Chart(
        slug="publications-by-year",
        title=f"Works of the catalogue by year, {_years()}",
        description=(
            f"A bar for each year from zero. The highest is {most} with {_works(counts[most])}; "
            f"the first is {min(counts)} with {_works(counts[min(counts)])}, the last {max(counts)} with "
            f"{_works(counts[max(counts)])}."
        ),
        unit="Works in a calendar year.",
        population=_COUNTED,
        places="The whole catalogue",
        years=_years(),
        sources=(_SOURCE,),
        reviewed=_REVIEWED,
        note=f"{_works(undated)} without a year are left out. The year is that of the list which names the work.",
        not_shown="How much was written on trafficking in a year. The bars follow the work of a few bodies.",
        spec=_years_spec(counts),
        tables=(
            Table(
                "Works by year", ("Year", "Works"), tuple((str(year), str(number)) for year, number in counts.items())
            ),
        ),
        figures=(),
    )


def _years_spec(counts: Mapping[int, int]) -> dict[str, Any]:
    import altair as alt

    rows = [{"year": year, "number": number, "tip": f"{year}: {_works(number)}"} for year, number in counts.items()]
    top = max(counts.values()) + 1
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(size=9)
        .encode(
            x=alt.X(
                "year:Q", title=None, scale=alt.Scale(domain=[min(counts) - 1, max(counts) + 1], nice=False),
                axis=alt.Axis(format="d", values=[2005, 2010, 2015, 2020], grid=False),
            ),
            y=alt.Y(
                "number:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False),
                axis=alt.Axis(values=list(range(0, top + 1, 4)), domain=False, ticks=False),
            ),
            color=alt.condition(
                "datum.year === at", alt.value(PALETTE["identified"].light), alt.value(PALETTE["referred"].light)
            ),
            tooltip="tip:N",
        )
    )  # fmt: skip
    panel = bars.properties(width=WIDTH + 100, height=150)
    told = {year: f"{year}: {_works(number)}" for year, number in counts.items()}
    return specification([panel], told, max(counts))
