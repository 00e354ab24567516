"""Panels of lines and of bars, and the specification that puts them together in the book's colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tools.charts.chart import PALETTE, WORDS
from tools.charts.figures import known_value, number_words, printed

if TYPE_CHECKING:
    from tools.evidence import Figure

WIDTH: Final = 190
"""Width of the plot in the picture's own units. With the scale on its left and the names on its right a picture is
about as wide as a phone, so that letters of 14 units stay readable there."""


@dataclass(frozen=True)
class Line:
    """One of the two lines of a panel: its name, its figures by year, and whether the break of the panel is its own."""

    name: str
    years: Mapping[int, Figure]
    breaks: bool = False


def line_panel(place: str, lines_of: tuple[Line, Line], top: int, years: range, broken: int | None = None) -> Any:
    """Return one place: two lines with their names at the end, from zero to ``top``."""
    import altair as alt

    rows = [
        {
            "year": figure.year,
            "what": line.name,
            # A line is drawn inside a run; the years on both sides of a break are two runs.
            "run": line.name + (" after" if line.breaks and broken is not None and figure.year >= broken else ""),
            "number": figure.value,
            "unit": figure.unit,
            "tip": f"{place}, {figure.year}: {printed(figure)} {figure.unit}, {line.name.lower()}",
        }
        for line in lines_of
        for figure in line.years.values()
        if not figure.suppressed  # withheld is not zero: no mark; the table says so
    ]
    last = max(int(str(row["year"])) for row in rows)
    ends = [row for row in rows if row["year"] == last]
    kinds = [line.name for line in lines_of]
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[years[0], years[-1]], nice=False),
        axis=alt.Axis(format="d", values=list(years)[::2], grid=False, ticks=True, tickSize=4, labelFlush=False),
    )
    marks_at = [0, top // 4, top // 2, top * 3 // 4, top]
    axis = alt.Axis(values=marks_at, format=",d", domain=False, ticks=False)
    scale = alt.Scale(domain=[0, top], nice=False)
    y = alt.Y("number:Q", title=None, scale=scale, axis=axis)
    colour = alt.Color(
        "what:N",
        legend=None,
        scale=alt.Scale(domain=kinds, range=[PALETTE["referred"].light, PALETTE["identified"].light]),
    )
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y, color=colour)
    lines = base.mark_line().encode(
        detail="run:N",
        strokeWidth=alt.StrokeWidth("what:O", legend=None, scale=alt.Scale(domain=kinds, range=[1.5, 3])),
    )
    marks = base.mark_point(opacity=1, strokeWidth=1.75).encode(
        shape=alt.Shape("what:N", legend=None, scale=alt.Scale(domain=kinds, range=["circle", "square"])),
        fill=alt.Fill(
            "what:N",
            legend=None,
            scale=alt.Scale(domain=kinds, range=[PALETTE["paper"].light, PALETTE["identified"].light]),
        ),
        size=alt.condition("datum.year === at", alt.value(170), alt.value(42)),
        tooltip="tip:N",
    )
    places = kept_apart([float(str(row["number"])) for row in ends], top)
    names = (
        alt.Chart(
            alt.Data(
                values=[
                    {**row, "label": f"{row['what']}\n{row['number']:,} {row['unit']}", "place": at}
                    for row, at in zip(ends, places, strict=True)
                ]
            )
        )
        .mark_text(align="left", baseline="middle", dx=9, lineBreak="\n", fontWeight=600)
        .encode(x=x, y=alt.Y("place:Q", title=None, scale=scale, axis=axis), color=colour, text="label:N")
    )
    layers = [lines, marks, names]
    if broken is not None:
        rule = alt.Chart(alt.Data(values=[{"year": broken - 0.5, "label": "break"}]))
        layers = [
            rule.mark_rule(strokeDash=[4, 3], color=PALETTE["ink-soft"].light).encode(x=x),
            rule.mark_text(align="right", dx=-4, y=6, color=PALETTE["ink-soft"].light).encode(x=x, text="label:N"),
            *layers,
        ]
    return alt.layer(*layers).properties(
        width=WIDTH,
        height=150,
        title=alt.TitleParams(f"{place} (scale to {number_words(top)})", anchor="start", frame="group", offset=10),
    )


def kept_apart(values: Sequence[float], top: float) -> list[float]:
    """Return where the names of two lines stand: beside their last points, or moved until two lines of words fit.

    >>> kept_apart([90, 10], 100), kept_apart([12, 10], 100)
    ([90, 10], [39.0, 13.0])
    """
    if len(values) != 2 or abs(values[0] - values[1]) >= _ROOM * top:
        return list(values)
    upper, lower = (0, 1) if values[0] >= values[1] else (1, 0)
    middle = max(sum(values) / 2, _ROOM * top)  # and above the names of the years
    placed = [0.0, 0.0]
    placed[upper], placed[lower] = middle + _ROOM * top / 2, middle - _ROOM * top / 2
    return placed


_ROOM: Final = 0.26  # two lines of letters, as a share of the height of a panel


def bar_panel(title: str, figures: Mapping[str, Figure], top: int) -> Any:
    """Return bars from zero to ``top``, the longest first, each with its figure at the end."""
    import altair as alt

    order = sorted(figures, key=lambda name: -known_value(figures[name]))
    rows = [
        {
            "name": name,
            "year": figures[name].year,
            "number": figures[name].value,
            "label": printed(figures[name]),
            "tip": f"{name}, {figures[name].year}: {printed(figures[name])} {figures[name].unit}",
        }
        for name in order
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("number:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=None),
        y=alt.Y(
            "name:N", title=None, sort=order,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=170, labelExpr=_WRAPPED),
        ),
    )  # fmt: skip
    bars = base.mark_bar(color=PALETTE["referred"].light, height=16).encode(tooltip="tip:N")
    ends = base.mark_text(align="left", dx=6, color=PALETTE["ink"].light).encode(text="label:N")
    return alt.layer(bars, ends).properties(
        width=WIDTH - 40,
        height=36 * len(rows),
        title=alt.TitleParams(title, anchor="start", frame="group", offset=10),
    )


# Two lines for the name of a bar that is too long for a phone, or for the wider letters of the PDF.
_WRAPPED: Final = "length(datum.label) > 20 ? split(replace(replace(datum.label, ' and ', ' and@'), ' or ', '@or '), '@') : datum.label"


def specification(
    panels: Sequence[Any], readouts: Mapping[Any, str], start: object, field: str = "year", label: str = WORDS["year"]
) -> dict[str, Any]:
    """Return the specification of panels one below the other, in the book's colours, with what the live view says.

    ``field`` is what the live view's slider runs along, ``label`` its name.
    """
    import altair as alt

    ink, soft, line = (PALETTE[role].light for role in ("ink", "ink-soft", "line"))
    chart = (
        alt.vconcat(*panels, spacing=26)
        .add_params(alt.param(name="at", value=0))  # the year that the live view points out; none in the picture
        .configure(
            background="transparent",
            aria=False,
            font="sans-serif",
            # Room on the right: the reader's font may be wider than the one the picture was measured with.
            padding={"left": 2, "top": 2, "bottom": 2, "right": 12},
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=soft, labelFontSize=14, labelPadding=6, gridColor=line, domainColor=soft, tickColor=soft
        )
        .configure_title(color=ink, fontSize=16, fontWeight=600)
        .configure_text(fontSize=15)
    )
    spec: dict[str, Any] = chart.to_dict()
    # Only an address of a schema, but a page of this book names no other site that a program might ask.
    spec.pop("$schema")
    spec["usermeta"] = {
        "signal": "at",
        "field": field,
        "label": label,
        "start": start,
        "readouts": [[at, words] for at, words in readouts.items()],
    }
    return spec
