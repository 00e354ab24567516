"""Charts of a caseload, and of one plan: the same pictures as the book's, of records and not of published figures.

A chart of a caseload shows only what :mod:`tools.casedata` lets out: a number that is hidden in the table has no mark in
the picture. A chart of one plan is for the person and the worker; it leaves out the person's words unless asked for them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from tools.casedata import tracker
from tools.casedata.matrix import AREAS
from tools.casedata.tally import SYNTHETIC, Cell, Tally
from tools.charts import PALETTE, Chart, Table
from tools.charts.chart import day_words
from tools.charts.drawing import WIDTH, specification
from tools.errors import Problem
from tools.instruments.record import Record

_STEPS: Final = {"far": 1, "begun": 2, "near": 3, "there": 4}
_STEP_WORDS: Final = {1: "far away", 2: "a beginning", 3: "much is there", 4: "it is there"}
_ONE_PLAN: Final = "One plan. Nothing is hidden: it is for the person and the worker, and for no report."


@dataclass(frozen=True)
class CaseChart(Chart):
    """A chart of records.

    Attributes
    ----------
    origin : str
        Where the records are from, in place of published sources.
    """

    origin: str = ""

    def _check_sources(self) -> None:
        if not self.origin:
            raise Problem("CHA_001", slug=self.slug, field="origin")

    def _named_sources(self) -> str:
        return self.origin

    def _linked_sources(self) -> str:
        return escape(self.origin)


def _common(cases: tracker.Cases) -> dict[str, Any]:
    years = sorted({review.on.year for review in cases.reviews})
    made_up = cases.synthetic
    return {
        "population": f"{SYNTHETIC}: cases from a seeded function." if made_up else "Cases of one tracker.",
        "places": "No real place" if made_up else "The caseload of one tracker",
        "years": f"{years[0]} to {years[-1]}" + (", years to come" if made_up else ""),
        "sources": (),
        "origin": "Made up by this project; nothing may be concluded from it" if made_up else "Own records",
        "reviewed": dt.date(2026, 11, 24) if made_up else cases.last_day,
        "figures": (),
    }


def _table(tally: Tally) -> Table:
    return Table(tally.title, tally.heads, tally.words())


def _shares(tally: Tally) -> dict[str, tuple[str, Cell, Cell]]:
    """Return the cases seen and the share of each row, by the name of the row without its first word."""
    return {str(row[0]): (str(row[0]).removeprefix("Month "), row[1], row[4]) for row in tally.rows}


def cohort(cases: tracker.Cases, area: str = "", *, view: str = "person", threshold: int = 5) -> CaseChart:
    """Return the share of cases that are well on their way, by months since intake.

    Parameters
    ----------
    cases : Cases
    area, view, threshold
        As for :func:`tools.casedata.tracker.cohort`, whose figures it shows.

    Raises
    ------
    Problem
        As that.
    """
    tally = tracker.cohort(cases, area, view=view, threshold=threshold)
    return _share_chart(
        cases, tally, f"case-cohort{'-' + area.replace('_', '-') if area else ''}", "Months since intake"
    )


def trend(
    cases: tracker.Cases, area: str = "", *, view: str = "person", every: str = "quarter", threshold: int = 5
) -> CaseChart:
    """Return the share of cases that are well on their way, by calendar quarter or year.

    Parameters are those of :func:`tools.casedata.tracker.trend`, whose figures it shows.
    """
    tally = tracker.trend(cases, area, view=view, every=every, threshold=threshold)
    return _share_chart(cases, tally, f"case-trend{'-' + area.replace('_', '-') if area else ''}", every.capitalize())


def _share_chart(cases: tracker.Cases, tally: Tally, slug: str, label: str) -> CaseChart:
    rows = _shares(tally)
    said = {name: _share_words(full, *figures) for full, (name, *figures) in rows.items()}
    known = [(full, share) for full, (_, _, share) in rows.items() if isinstance(share, float)]
    course = "No share can be shown." if not known else (
        f"{known[0][0]}: {known[0][1]:.1f} per cent. {known[-1][0]}: {known[-1][1]:.1f} per cent."
    )  # fmt: skip
    without = [full for full, (_, seen, share) in rows.items() if share is None or seen is None]
    gaps = f" No mark, because numbers are small: {', '.join(without)}." if without else ""
    return CaseChart(
        slug=slug, title=tally.title, description=f"Line chart from zero to 100 per cent. {course}{gaps}",
        unit=f"Per cent of the cases seen. {tally.unit}", note=f"{tally.statement} {tally.note}",
        not_shown="Cases that were not seen, and why. One person's way. A cause: nothing here says what helped.",
        spec=specification([_share_panel(rows, label)], said, next(reversed(said), ""), "name", label),
        tables=(_table(tally),), **_common(cases),
    )  # fmt: skip


def _share_words(full: str, seen: Cell, share: Cell) -> str:
    if share is None or seen is None:
        return f"{full}. Hidden, because the numbers are small."
    if share == "":
        return f"{full}. No case was seen."
    return f"{full}. {share:.1f} per cent of {seen} cases seen."


def _share_panel(rows: Mapping[str, tuple[str, Cell, Cell]], label: str) -> Any:
    import altair as alt

    order = [name for name, _, _ in rows.values()]
    months = all(name.isdigit() and len(name) < 4 for name in order)  # else periods, which are equally long
    marks: list[dict[str, object]] = []
    crosses: list[dict[str, object]] = []
    run = 0
    for full, (name, seen, share) in rows.items():
        at = {"name": name, "at": int(name) if months else name}
        if isinstance(share, float):
            tip = f"{full}: {share:.1f} per cent of {seen} cases"
            marks.append({**at, "number": share, "run": run, "label": f"{share:.0f}", "tip": tip})
            continue
        run += 1  # the line is drawn only through neighbours that may be seen
        if share is None:
            crosses.append({**at, "number": 4, "label": "×", "tip": f"{full}: hidden"})
    crowded = len(order) > 8  # then every fourth is named: the first quarter of a year
    if months:
        x = alt.X(
            "at:Q", title=None, scale=alt.Scale(domain=[0, max(map(int, order))], nice=False),
            axis=alt.Axis(grid=False, ticks=True, tickSize=4, values=[int(name) for name in order], labelFlush=False),
        )  # fmt: skip
    else:
        x = alt.X(
            "at:O", sort=order, title=None, scale=alt.Scale(domain=order),
            axis=alt.Axis(labelAngle=0, grid=False, ticks=True, tickSize=4, values=order[::4] if crowded else order,
                          labelExpr="split(datum.label, ' ')[0]", labelOverlap=False),
        )  # fmt: skip
    y = alt.Y(
        "number:Q", title=None, scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(values=[0, 25, 50, 75, 100], domain=False, ticks=False),
    )  # fmt: skip
    blue = PALETTE["referred"].light
    base = alt.Chart(alt.Data(values=marks)).encode(x=x, y=y)
    layers = [
        base.mark_line(color=blue, strokeWidth=2.5).encode(detail="run:N"),
        base.mark_point(color=blue, fill=PALETTE["paper"].light, opacity=1, strokeWidth=1.75).encode(
            size=alt.condition("datum.name === at", alt.value(170), alt.value(50)), tooltip="tip:N"
        ),
    ]
    if not crowded:
        layers.append(base.mark_text(dy=-14, color=PALETTE["ink"].light, fontWeight=600).encode(text="label:N"))
    if crosses:
        hidden = alt.Chart(alt.Data(values=crosses)).encode(x=x, y=y)
        layers.append(hidden.mark_text(color=PALETTE["ink-soft"].light).encode(text="label:N", tooltip="tip:N"))
    said = ["Per cent of the cases seen,", f"by {label.lower()}", *(["× hidden: small numbers"] if crosses else [])]
    return alt.layer(*layers).properties(
        width=WIDTH + 60, height=170, title=alt.TitleParams(said, anchor="start", frame="group", offset=16, fontSize=14)
    )


def attrition(cases: tracker.Cases, as_of: dt.date | None = None, *, threshold: int = 5) -> CaseChart:
    """Return what became of the cases, by months since intake, as bars.

    Parameters are those of :func:`tools.casedata.tracker.attrition`, whose figures it shows. Ways to end that are hidden
    stand together in one piece of a bar, with those that are shown beside them in the table.
    """
    tally = tracker.attrition(cases, as_of, threshold=threshold)
    rows, said = [], {}
    for name, total, stayed, closed, *_ in tally.rows:
        month = str(name).removeprefix("Month ")
        if not isinstance(total, int) or not total:
            said[month] = f"{name}. " + ("No case was there so long." if total == 0 else "Hidden: small numbers.")
            continue
        parts = [stayed, closed, total - sum(value for value in (stayed, closed) if isinstance(value, int))]
        end, told = 0.0, []
        for part, count in zip(_PARTS, parts, strict=True):
            told.append(f"{part.lower()} {'hidden' if count is None else count}")
            if isinstance(count, int):  # what is hidden is inside the last piece
                share = 100 * count / total
                tip = f"{name}: {part.lower()}, {count} of {total}"
                rows.append({"name": month, "part": part, "from": end, "to": end + share, "tip": tip})
                end += share
        said[month] = f"{name}, {total} cases. {'; '.join(told)}."
    return CaseChart(
        slug="case-attrition", title=tally.title,
        description=f"One bar for each moment, from zero to 100 per cent, in three pieces. {' '.join(said.values())}",
        unit=f"Per cent of cases. {tally.unit}", note=f"{tally.statement} {tally.note}",
        not_shown="Why people left. Leaving is not always a loss: some need no more help.",
        spec=specification([_stack_panel(rows)], said, next(iter(said)), "name", "Months since intake"),
        tables=(_table(tally),), **_common(cases),
    )  # fmt: skip


_PARTS: Final = ("In contact", "Closed as planned, or handed over", "Left, not reached, not seen, or hidden")


def _stack_panel(rows: Sequence[Mapping[str, object]]) -> Any:
    import altair as alt

    order = list(dict.fromkeys(str(row["name"]) for row in rows))
    colours = [PALETTE[role].light for role in ("referred", "identified", "line")]
    bars = alt.Chart(alt.Data(values=list(rows))).mark_bar(height=20).encode(
        x=alt.X("from:Q", title=None, scale=alt.Scale(domain=[0, 100], nice=False),
                axis=alt.Axis(values=[0, 50, 100], domain=False, ticks=False)),
        x2="to:Q",
        y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False)),
        color=alt.Color("part:N", scale=alt.Scale(domain=list(_PARTS), range=colours),
                        legend=alt.Legend(orient="top", direction="vertical", title=None, labelFontSize=14, labelLimit=300,
                                          labelColor=PALETTE["ink-soft"].light, symbolType="square")),
        tooltip="tip:N",
    )  # fmt: skip
    return bars.properties(
        width=WIDTH + 60, height=30 * len(order),
        title=alt.TitleParams(["Per cent of cases,", "by months since intake"], anchor="start", frame="group", fontSize=14),
    )  # fmt: skip


# --- one person -------------------------------------------------------------------------------------------------------

_MOMENTS: Final = {"was_before": "Before", "because_of": "Because of it", "is_after": "Now"}
_STATES: Final = {"strength": "strength", "fine": "in order", "need": "need", "grave": "grave need"}


def needs(record: Record, *, made_up: bool = False) -> CaseChart:
    """Return needs and strengths by area at three moments, from a record of ``reintegration/needs-three-moments``.

    Parameters
    ----------
    record : Record
    made_up : bool
        Whether the record is an example; the chart then says so.

    Raises
    ------
    Problem
        ``REC_002`` for another record, ``CAS_031`` if no area is filled in.
    """
    rows = _rows_of(record, "reintegration/needs-three-moments", "areas")
    last = {str(row["area"]): row for row in rows if row.get("area") in AREAS}  # an area filled twice: the later row
    areas = [area for area in AREAS if area in last]
    if not areas:
        raise Problem("CAS_031", what="area of life")
    cells = [
        {"area": AREAS[area], "moment": words, "state": _STATES.get(str(last[area].get(item, "")), "–")}
        for area in areas
        for item, words in _MOMENTS.items()
    ]
    said = {
        words: f"{words}: " + "; ".join(f"{one['area']} {one['state']}" for one in cells if one["moment"] == words) + "."
        for words in _MOMENTS.values()
    }  # fmt: skip
    table = tuple(
        (AREAS[area], *(_STATES.get(str(last[area].get(item, "")), "not said") for item in _MOMENTS)) for area in areas
    )
    return CaseChart(
        slug="needs-three-moments", title=_own_title("Needs and strengths at three moments", made_up),
        description=f"A grid of areas of life against three moments. {' '.join(said.values())}",
        unit="What was said about an area of life.", note=_ONE_PLAN,
        not_shown="What happened. How heavy one area weighs against another.",
        spec=specification([_grid_panel(cells)], said, "Now", "moment", "Moment"),
        tables=(Table("Needs and strengths", ("Area", *_MOMENTS.values()), table),), **_own(record, made_up),
    )  # fmt: skip


def _grid_panel(cells: Sequence[Mapping[str, str]]) -> Any:
    import altair as alt

    areas = list(dict.fromkeys(cell["area"] for cell in cells))
    paper, ink, line, blue, brown = (PALETTE[role].light for role in ("paper", "ink", "line", "referred", "identified"))
    states = [*_STATES.values(), "–"]
    base = alt.Chart(alt.Data(values=[{**cell, "tip": f"{cell['area']}, {cell['moment']}: {cell['state']}"} for cell in cells])).encode(
        x=alt.X("moment:N", sort=list(_MOMENTS.values()), title=None,
                axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False, labelLimit=110)),
        y=alt.Y("area:N", sort=areas, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=170)),
    )  # fmt: skip
    boxes = base.mark_rect(stroke=line, strokeWidth=1).encode(
        color=alt.Color("state:N", legend=None, scale=alt.Scale(domain=states, range=[blue, paper, line, brown, paper])),
        tooltip="tip:N",
    )  # fmt: skip
    names = base.mark_text().encode(
        text="state:N",
        color=alt.Color("state:N", legend=None, scale=alt.Scale(domain=states, range=[paper, ink, ink, paper, ink])),
    )
    return (
        alt.layer(boxes, names)
        .resolve_scale(color="independent")
        .properties(width=WIDTH + 80, height=30 * len(areas), title=alt.TitleParams(""))
    )


def progress(record: Record, *, words: bool = False, made_up: bool = False) -> CaseChart:
    """Return the way of one plan: each goal over its reviews, as the person and as the service see it.

    Parameters
    ----------
    record : Record
        Of ``reintegration/reintegration-plan``: its looks together, and the views of each goal today.
    words : bool
        Whether goals are named in the person's words; else by their area.
    made_up : bool
        Whether the record is an example; the chart then says so.

    Raises
    ------
    Problem
        ``REC_002`` for another record, ``CAS_031`` if no goal was looked at yet.
    """
    plan = "reintegration/reintegration-plan"
    goals = _rows_of(record, plan, "goals")
    points: dict[int, dict[dt.date, tuple[int | None, int | None]]] = {}

    def add(goal: int, day: object, row: Mapping[str, Any], person: str, staff: str) -> None:
        steps = (_STEPS.get(str(row.get(person, ""))), _STEPS.get(str(row.get(staff, ""))))
        if isinstance(day, dt.date) and steps != (None, None):
            points.setdefault(goal, {})[day] = steps

    for number, row in enumerate(goals, start=1):
        add(number, record.answers.get("as_of"), row, "person_view", "staff_view")
    for row in _rows_of(record, plan, "looks"):
        if row.get("look_goal") is not None:
            add(int(row["look_goal"]), row.get("look_on"), row, "look_person", "look_staff")
    if not points:
        raise Problem("CAS_031", what="look at a goal with its date")
    days = sorted({day for looks in points.values() for day in looks})
    names = {number: _goal_name(number, goals, words) for number in sorted(points)}
    said = {day_words(day): _day_words(day, points, names) for day in days}
    tables = tuple(
        Table(
            names[number],
            ("Date", "Person", "Service", "Gap"),
            tuple((day_words(day), *_cells(*points[number][day])) for day in sorted(points[number])),
        )
        for number in names
    )
    panels = [_steps_panel(name, points[number], days) for number, name in names.items()]
    return CaseChart(
        slug="plan-progress", title=_own_title("The plan over its reviews", made_up),
        description="For each goal two lines from 1, far away, to 4, it is there: the person (wide, circles) and the "
        f"service (thin, squares). {' '.join(said.values())}",
        unit="Steps: 1 far away, 2 a beginning, 3 much is there, 4 it is there.", note=_ONE_PLAN,
        not_shown="How hard a goal is, and what came in between.",
        spec=specification(panels, said, next(reversed(said)), "day", "Review"), tables=tables, **_own(record, made_up),
    )  # fmt: skip


def _goal_name(number: int, goals: Sequence[Mapping[str, Any]], words: bool) -> str:
    row = goals[number - 1] if number <= len(goals) else {}
    named = str(row.get("words", "")) if words else AREAS.get(str(row.get("area", "")), "")
    return f"Goal {number}: {named}" if named else f"Goal {number}"


def _cells(person: int | None, staff: int | None) -> tuple[str, str, str]:
    gap = "" if person is None or staff is None else str(staff - person)
    return ("" if person is None else str(person), "" if staff is None else str(staff), gap)


def _day_words(day: dt.date, points: Mapping[int, Mapping[dt.date, tuple[int | None, int | None]]], names: Mapping[int, str]) -> str:  # fmt: skip
    told = []
    for number, name in names.items():
        if day in points[number]:
            person, staff = (_STEP_WORDS.get(step or 0, "not said") for step in points[number][day])
            told.append(f"{name}, person: {person}, service: {staff}")
    return f"{day_words(day)}. {'; '.join(told)}."


def _steps_panel(name: str, looks: Mapping[dt.date, tuple[int | None, int | None]], days: Sequence[dt.date]) -> Any:
    import altair as alt

    views = ["Person", "Service"]
    rows = [
        {"day": day_words(day), "at": day.isoformat(), "view": view, "step": step,
         "tip": f"{day_words(day)}, {view.lower()}: {_STEP_WORDS[step]}"}
        for day in sorted(looks)
        for view, step in zip(views, looks[day], strict=True)
        if step is not None
    ]  # fmt: skip
    order = [day.isoformat() for day in days]
    colour = alt.Color("view:N", legend=None, scale=alt.Scale(domain=views, range=[PALETTE["referred"].light, PALETTE["identified"].light]))  # fmt: skip
    x = alt.X(
        "at:O", title=None, scale=alt.Scale(domain=order),
        axis=alt.Axis(labelAngle=0, grid=False, labelExpr=_SHORT_DAY, labelOverlap="greedy", labelLineHeight=16),
    )  # fmt: skip
    scale = alt.Scale(domain=[0.7, 4.3], nice=False)
    axis = alt.Axis(values=[1, 2, 3, 4], format="d", domain=False, ticks=False)
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=x, y=alt.Y("step:Q", title=None, scale=scale, axis=axis), color=colour
    )
    lines = base.mark_line().encode(strokeWidth=alt.StrokeWidth("view:O", legend=None, scale=alt.Scale(domain=views, range=[4.5, 2])))  # fmt: skip
    marks = base.mark_point(opacity=1, strokeWidth=1.75).encode(
        shape=alt.Shape("view:N", legend=None, scale=alt.Scale(domain=views, range=["circle", "square"])),
        fill=alt.Fill("view:N", legend=None, scale=alt.Scale(domain=views, range=[PALETTE["paper"].light, PALETTE["identified"].light])),
        size=alt.condition("datum.view === 'Person'", alt.value(110), alt.value(36)),
        tooltip="tip:N",
    )  # fmt: skip
    last = {row["view"]: row for row in rows}
    apart = len({row["step"] for row in last.values()}) == len(last)
    ends = [
        {**row, "place": step if apart else step + (0.3 if view == "Person" else -0.3)}
        for view, row in last.items()
        if (step := int(str(row["step"])))
    ]
    names = alt.Chart(alt.Data(values=ends)).mark_text(align="left", dx=12, fontWeight=600).encode(
        x=x, y=alt.Y("place:Q", title=None, scale=scale, axis=axis), color=colour, text="view:N"
    )  # fmt: skip
    return alt.layer(lines, marks, names).properties(
        width=WIDTH + 40, height=110,
        title=alt.TitleParams(_wrapped(name), anchor="start", frame="group", offset=8, fontSize=14),
    )  # fmt: skip


_SHORT_DAY: Final = "[slice(datum.label, 8) + '.' + slice(datum.label, 5, 7), slice(datum.label, 0, 4)]"


def _wrapped(text: str, width: int = 44) -> list[str]:
    from textwrap import wrap

    return wrap(text, width)[:3] or [""]


def _rows_of(record: Record, instrument: str, repeat: str) -> Sequence[Mapping[str, Any]]:
    if record.instrument != instrument:
        raise Problem("REC_002", found=record.instrument, wanted=instrument)
    found = record.answers.get(repeat, ())
    return found if isinstance(found, tuple) else ()


def _own_title(title: str, made_up: bool) -> str:
    return f"{SYNTHETIC}. {title}" if made_up else title


def _own(record: Record, made_up: bool) -> dict[str, Any]:
    """Return the statements of a chart of one record."""
    as_of = record.answers.get("as_of")
    day = as_of if isinstance(as_of, dt.date) else dt.datetime.now(dt.UTC).date()
    return {
        "population": f"{SYNTHETIC}." if made_up else "One person's plan.",
        "places": "No real place" if made_up else "One plan",
        "years": f"as of {day_words(day)}",
        "sources": (),
        "origin": "Made up by this project" if made_up else "The person and the service, in one saved record",
        "reviewed": dt.date(2026, 11, 24) if made_up else day,
        "figures": (),
    }


#: Bands of a map, from below: where a band begins, and its word.
_BANDS: Final = (10, 25)


def place_map(native: Any, column: str = "exploitation_country", *, threshold: int = 10, made_up: bool = False) -> CaseChart:  # fmt: skip
    """Return a map of countries by the number of records, in bands; a number below the threshold is like none.

    Parameters
    ----------
    native : any frame that narwhals takes
    column : str
        A column of country codes (ISO 3166-1, two letters).
    threshold : int
        Countries with fewer records look like those without one, and no total is given: it would tell their sum.
    made_up : bool
        Whether the records are made up.

    Raises
    ------
    Problem
        ``DAT_050`` for a column that is not there; ``DAT_003`` for what is no frame.
    """
    import narwhals as nw
    from babel import Locale

    from tools.errors import near

    try:
        frame = nw.from_native(native).lazy()
    except TypeError:
        raise Problem("DAT_003", detail=f"it is a {type(native).__name__}") from None
    names = frame.collect_schema().names()
    if column not in names:
        raise Problem("DAT_050", column=column, near=near(column, names))
    counted = frame.group_by(column).agg(nw.len().alias("_n")).collect().rows()
    territories = Locale("en").territories
    shown = {str(code): int(n) for code, n in counted if code and len(str(code)) == 2 and n >= threshold}
    words = {code: str(territories.get(code, code)) for code in shown}
    bands = _band_words(threshold)
    order = sorted(shown, key=lambda code: (-shown[code], words[code]))
    few = f"fewer than {threshold}, or none"
    said = {code: f"{words[code]}: {_band_of(shown[code], threshold)}" for code in order}
    return CaseChart(
        slug="case-places",
        title=(f"{SYNTHETIC}. " if made_up else "")
        + ("Countries of exploitation, in bands" if column == "exploitation_country" else f"Countries of {column}, in bands"),
        description=(
            "A world map in shades. "
            + ("; ".join(said.values()) or "No country has enough records to be shown")
            + f". All others are light: {few}."
        ),
        unit="Records, in bands.",
        population=f"{SYNTHETIC}: cases from a seeded function." if made_up else "Own records.",
        places="World",
        years="Made-up years" if made_up else "As in the data set",
        sources=(),
        origin="Made up by this project; nothing may be concluded from it" if made_up else "Own records",
        reviewed=dt.date(2026, 11, 25) if made_up else dt.date.today(),
        note=(
            f"A light country has {few}: the map does not say which. No total is printed, because it would tell the sum of "
            "what is hidden. Borders are those of Natural Earth and say nothing on status."
        ),
        not_shown="Where trafficking is frequent: a map of records shows who looked. Places below the country: never map them.",
        spec=specification([_shades(shown, bands)], said or {"": few}, order[0] if order else "", "code", "Country"),
        tables=(
            Table(
                "Countries by band", ("Country", "Records"),
                (*((words[code], _band_of(shown[code], threshold)) for code in order), ("All others", few)),
            ),
        ),
        figures=(),
    )  # fmt: skip


def _band_words(threshold: int) -> tuple[tuple[int, str], ...]:
    starts = [threshold, *(start for start in _BANDS if start > threshold)]
    ends = [*(start - 1 for start in starts[1:]), None]
    return tuple(
        (start, f"{start} to {end}" if end else f"{start} or more") for start, end in zip(starts, ends, strict=True)
    )


def _band_of(number: int, threshold: int) -> str:
    return next(word for start, word in reversed(_band_words(threshold)) if number >= start)


def _shades(shown: Mapping[str, int], bands: Sequence[tuple[int, str]]) -> Any:
    import altair as alt
    from babel.core import get_global

    from tools import content

    shapes: dict[str, list[Any]] = json.loads(content.read_text(content.WORLD))
    short = get_global("territory_aliases")  # the shapes have three letters, records two
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]},
            "band": sum(shown.get(code, 0) >= start for start, _ in bands),
            **({"code": code} if code in shown else {}),
        }
        for country, rings in shapes.items()
        for code in (next(iter(short.get(country, ())), country),)
    ]
    # Shades differ in darkness, and the table names each country's band.
    shades = [PALETTE[role].light for role in ("line", "referred", "identified")]
    keys = ", ".join(f"{name}: {word}" for name, (_, word) in zip(("middle", "dark"), bands, strict=False))
    return (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(strokeWidth=0.4)
        .encode(
            stroke=alt.condition("datum.code === at", alt.value(PALETTE["ink"].light), alt.value(PALETTE["paper"].light)),

            color=alt.Color(
                "band:Q",
                scale=alt.Scale(type="ordinal", domain=list(range(len(bands) + 1)), range=shades[: len(bands) + 1]),
                legend=None,
            )
        )
        .project("equirectangular")
        .properties(
            width=WIDTH + 140, height=170,
            title=alt.TitleParams(keys[:1].upper() + keys[1:], anchor="start", frame="group", offset=10),
        )
    )  # fmt: skip


def place_example() -> CaseChart:
    """Return the map of the made-up cases of the book."""
    import polars as pl

    from tools import content

    sample = pl.read_csv(content.EXAMPLES / "victim-centred-sample.csv", infer_schema=False)
    return place_map(sample, made_up=True)
