"""Charts of the law and coordination guide.

The shapes of countries in ``data/treaties/world.json`` are those of Natural Earth at 1:110 million (public domain), by way
of the package world-atlas 2.0.2, rounded to whole degrees, without islands that could not be seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from itertools import accumulate
from typing import Any, Final

from tools import content, treaties
from tools.charts.chart import PALETTE, Chart, Table, day_words
from tools.charts.drawing import WIDTH, specification

_PROTOCOL: Final = "Trafficking Protocol"
_TOP: Final = 200


def protocol_parties() -> Chart:
    """Return the map of states that had joined the Trafficking Protocol, with the count by year.

    It rests on ``data/treaties/status.csv``, and says on which day the list was read.

    Examples
    --------
    >>> protocol_parties().years
    '2001 to 14 March 2015'
    """
    rows = [one for one in treaties.statuses() if one.text == _PROTOCOL and one.status == "party" and one.day]
    joined = {one.country: one.day.year for one in rows if one.day}
    read = max(one.as_of for one in rows if one.as_of)
    first, last = min(joined.values()), max(joined.values())
    new = {year: list(joined.values()).count(year) for year in range(first, last + 1)}
    by_year = dict(zip(new, accumulate(new.values()), strict=True))
    names = treaties.names()
    said = f"{len(joined)} parties on {day_words(read)}."
    return Chart(
        slug="protocol-parties",
        title=f"States that had joined the Trafficking Protocol by {day_words(read)}",
        description=(
            f"A world map. States with an entry are dark: most of the Americas, Europe, Africa and Asia; {said} "
            f"Below it bars on a scale from zero to {_TOP} show parties at the end of each year, "
            f"from {by_year[first]} in {first} to {by_year[last]} in {last}."
        ),
        unit="States; below the map, states at the end of a year.",
        population="States with a ratification, accession or succession in a capture of the depositary's table.",
        places="World",
        years=f"{first} to {day_words(read)}",
        sources=tuple(dict.fromkeys(key for one in rows for key in one.sources)),
        reviewed=date(2026, 11, 25),
        note=(
            f"OLD: the list is of {day_words(read)}. States have joined since. A light state is one without an entry in it. "
            "Small states are counted and cannot be seen. Borders are those of Natural Earth and say nothing on status."
        ),
        not_shown="Who is a party today, reservations, and what courts do with the Protocol.",
        spec=specification(
            [_world(joined, read), _bars(by_year)],
            {year: f"{count} parties at the end of {year}" for year, count in by_year.items()},
            last,
        ),
        tables=(
            Table("Parties at the end of each year", ("Year", "Parties"), tuple((str(y), str(n)) for y, n in by_year.items())),
            Table(
                "States and the year in which they joined", ("State", "Year"),
                tuple(sorted((names[country], str(year)) for country, year in joined.items())),
            ),
        ),
        figures=(),
    )  # fmt: skip


def _world(joined: Mapping[str, int], read: date) -> Any:
    """Return the map: dark where a state had joined, in the live view by the year pointed at."""
    import altair as alt

    shapes: dict[str, list[Any]] = json.loads(content.read_text(content.WORLD))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]},
            "year": joined.get(country, 0),
        }
        for country, rings in shapes.items()
    ]
    dark, light = PALETTE["identified"].light, PALETTE["line"].light
    return (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(stroke=PALETTE["paper"].light, strokeWidth=0.4)
        .encode(
            color=alt.condition(
                "datum.year > 0 && (at === 0 || datum.year <= at)", alt.value(dark), alt.value(light)
            )
        )
        .project("equirectangular")
        .properties(
            width=WIDTH + 140, height=170,
            title=alt.TitleParams(f"Dark: party by {day_words(read)}", anchor="start", frame="group", offset=10),
        )
    )  # fmt: skip


def _bars(by_year: Mapping[int, int]) -> Any:
    import altair as alt

    rows = [{"year": year, "number": count} for year, count in by_year.items()]
    axis = alt.Axis(values=[0, 50, 100, 150, _TOP], domain=False, ticks=False)
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(color=PALETTE["referred"].light)
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(values=list(by_year)[::4], labelAngle=0, ticks=False)),
            y=alt.Y("number:Q", title=None, scale=alt.Scale(domain=[0, _TOP], nice=False), axis=axis),
        )
        .properties(
            width=WIDTH + 100, height=110,
            title=alt.TitleParams(f"Parties at the end of the year (scale to {_TOP})", anchor="start", frame="group", offset=10),
        )
    )  # fmt: skip
