"""The quality of a data set: as a chart, as text, as a page and as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape
from typing import Any, Final

from tools.casedata.findings import shown
from tools.casedata.quality import AMBER, GREEN, MEASURES, TARGET, Measured, Quality, light
from tools.charts import PALETTE, Table
from tools.charts.chart import day_words
from tools.charts.drawing import specification
from tools.surfaces import data_report
from tools.surfaces.case_charts import CaseChart

HEADS: Final = ("Complete", "Unique", "Valid", "Consistent", "On time")
#: Rows of a chart at most; the tables have all.
ROWS: Final = 24
_MADE_UP: Final = "SYNTHETIC"
_SAYS: Final = (
    f"Complete: core cells that hold something. Unique: persons by records. Valid: cells that conform, of those that "
    f"hold something. Consistent: records that break no rule. On time: records made within {TARGET} days of the event. "
    f"Our limits: good from {100 * GREEN:.0f} in 100, to watch from {100 * AMBER:.0f}. "
    "In the picture a full square is good, a broken line is to be watched, a thick line is below."
)
_CELL: Final = 64


def percent(value: float | None) -> str:
    """Return a share in per cent, cut and not rounded up: 99.96 is not 100.

    >>> percent(0.9996), percent(1.0), percent(None)
    ('99.9', '100.0', '–')
    """
    return "–" if value is None else f"{int(value * 1000 + 1e-9) / 10:.1f}"


def cells(one: Measured) -> tuple[str, ...]:
    """Return the line of a source or a month: records, five shares, two delays."""
    delays = ("–" if days is None else f"{days:.0f}" for days in (one.median, one.ninetieth))
    return (f"{one.records:,}", *(percent(getattr(one, name)) for name in MEASURES), *delays)


def tables(quality: Quality) -> tuple[Table, ...]:
    """Return the tables: by source, by month, by both."""
    heads = ("Records", *(f"{head}, %" for head in HEADS), "Middle delay, days", "Ninth tenth, days")
    every = ("All", *cells(quality.whole))
    return (
        Table("By source", ("Source", *heads), (every, *((shown(one.source), *cells(one)) for one in quality.sources))),
        Table("By month", ("Month", *heads), (every, *((one.month, *cells(one)) for one in quality.months))),
    )


def chart(quality: Quality, by: str = "source") -> CaseChart:
    """Return the shares by source or by month, as a grid.

    Parameters
    ----------
    quality : Quality
    by : str
        ``source`` or ``month``.
    """
    parts = quality.sources if by == "source" else quality.months
    named = [(shown(getattr(one, by)), one) for one in parts]
    kept = [("All", quality.whole), *(named if len(named) <= ROWS else named[-ROWS:])]
    months = sorted(one.month for one in quality.months if one.month[:1].isdigit())
    made_up = _MADE_UP.lower() in quality.report.name.lower() or "sample" in quality.report.name.lower()
    left = f" Only the last {ROWS} of {len(named)} are drawn; the table has all." if len(named) > ROWS else ""
    low = [
        f"{name}, {head.lower()}: {percent(getattr(one, measure))}"
        for name, one in kept
        for measure, head in zip(MEASURES, HEADS, strict=True)
        if light(getattr(one, measure)) == "red"
    ]
    return CaseChart(
        slug=f"data-quality-by-{by}",
        title=f"Quality of {quality.whole.records:,} records, by {by}",
        description=(
            f"A grid: one line for each {by} and one for all, five shares in per cent in each. "
            + (f"Below {100 * AMBER:.0f}: {'; '.join(low)}." if low else f"No share lies below {100 * AMBER:.0f}.")
            + left
        ),
        unit="Per cent; higher is better.",
        population=("Made up" if made_up else "Own records") + f": {quality.report.schema.title}.",
        places="No real place" if made_up else "The sources of one data set",
        years=f"{months[0]} to {months[-1]}" if months else "No month is known",
        sources=(),
        origin="Made up by this project; nothing may be concluded from it" if made_up else "Own records",
        reviewed=dt.date(2026, 11, 25) if made_up else dt.date.today(),
        note=_SAYS,
        not_shown="Whether a value is true. Cases that nobody recorded. With few records a share moves by chance.",
        spec=_spec(kept, by),
        tables=tables(quality),
        figures=(),
    )


def example() -> Quality:
    """Return the quality of the made-up cases of the book, with faults put in, so that there is something to see."""
    import polars as pl

    from tools import content
    from tools.casedata import quality, schema

    frame = pl.read_csv(content.EXAMPLES / "victim-centred-sample.csv", infer_schema=False).with_row_index("_n")
    at, where = pl.col("_n"), pl.col("organisation")
    frame = frame.with_columns(
        pl.when((where == "ORG-3") & (at % 4 == 0)).then(None).otherwise("sex").alias("sex"),
        pl.when((where == "ORG-6") & (at % 3 == 0)).then(pl.lit("GBR")).otherwise("citizenship").alias("citizenship"),
        pl.when((where == "ORG-4") & (at % 3 == 0)).then(pl.lit("2010")).otherwise("birth_year").alias("birth_year"),
    )
    twice = frame.filter((where == "ORG-5") & (at % 5 == 0))
    both = pl.concat([frame, twice]).drop("_n")
    return quality.measure(
        both, schema.load("victim-centred"), name="made-up sample with faults", today=dt.date(2026, 11, 25)
    )


def _spec(kept: Sequence[tuple[str, Measured]], by: str) -> dict[str, Any]:
    import altair as alt

    rows = [
        {
            "name": name,
            "measure": head,
            "share": percent(getattr(one, measure)),
            "light": light(getattr(one, measure)),
            "tip": f"{name}, {head.lower()}: {percent(getattr(one, measure))}",
        }
        for name, one in kept
        for measure, head in zip(MEASURES, HEADS, strict=True)
    ]
    ink, soft, filled, faint = (PALETTE[role].light for role in ("ink", "ink-soft", "referred", "line"))
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "measure:N", title=None, sort=list(HEADS),
            axis=alt.Axis(orient="top", domain=False, ticks=False, labelAngle=0, labelLimit=_CELL + 16, labelFontSize=12),
        ),
        y=alt.Y(
            "name:N", title=None, sort=[name for name, _ in kept],
            axis=alt.Axis(domain=False, ticks=False, labelLimit=130),
        ),
    )  # fmt: skip
    # Not by colour alone: the figure stands in every cell, and what is below a limit has a frame.
    looks = {
        "green": {"color": faint, "opacity": 1},
        "amber": {"filled": False, "stroke": soft, "strokeWidth": 2, "strokeDash": [4, 3]},
        "red": {"filled": False, "stroke": filled, "strokeWidth": 3},
    }
    frames = [
        base.transform_filter(f"datum.light === '{name}'").mark_square(size=1300, **look).encode(tooltip="tip:N")
        for name, look in looks.items()
    ]
    numbers = base.mark_text(baseline="middle", color=ink).encode(text="share:N")
    panel = alt.layer(*frames, numbers).properties(width=_CELL * len(HEADS), height=40 * len(kept))
    told = {
        name: f"{name}: "
        + ", ".join(f"{head.lower()} {percent(getattr(one, m))}" for m, head in zip(MEASURES, HEADS, strict=True))
        for name, one in kept
    }
    return specification([panel], told, "All", "name", by.capitalize())


def text(quality: Quality) -> str:
    """Return the measures as plain text."""
    head = f"{quality.report.schema.title}: quality of {shown(quality.report.name)}"
    return "\n\n".join([head, *(table.text() for table in tables(quality)), _SAYS, *_warnings(quality)]) + "\n"


def _warnings(quality: Quality) -> list[str]:
    said = []
    few = [shown(one.source) for one in quality.sources if one.records < 30]
    if few:
        said.append(f"Fewer than 30 records, so that shares move by chance: {', '.join(few[:12])}.")
    if quality.whole.timeliness is None:
        said.append("Timeliness has no figure: the day of the event or of the record is missing.")
    return said


def html(quality: Quality) -> str:
    """Return the measures as a page that loads nothing: two pictures, tables, and what they say."""
    title = f"{quality.report.schema.title}: quality of {shown(quality.report.name)}"
    body = "".join(
        f"<figure>{one.svg()}<figcaption>{escape(one.description)}</figcaption></figure>"
        for one in (chart(quality), chart(quality, "month"))
    )
    body += "".join(data_report.table_html(one.caption, one.columns, one.rows) for one in tables(quality))
    body += "".join(f"<p>{escape(said)}</p>" for said in (_SAYS, *_warnings(quality)))
    return data_report.page(title, body + f'<p class="soft">Worked out on {day_words(dt.date.today())}.</p>')


def workbook(quality: Quality) -> bytes:
    """Return the measures as a workbook: by source, by month, by both."""
    from tools.surfaces.cells import safe

    heads = ("Source", "Month", "Records", *HEADS, "Middle delay", "Ninth tenth")
    both = [heads, *((one.source, one.month, *cells(one)) for one in quality.parts)]
    sheets = {one.caption: [one.columns, *one.rows] for one in tables(quality)} | {"By source and month": both}
    return data_report.sheets_xlsx({name: [tuple(map(safe, row)) for row in rows] for name, rows in sheets.items()})
