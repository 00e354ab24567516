"""Charts that show the same evidence on a web page, on a phone, on paper and to a screen reader.

A :class:`Chart` is a picture with all that belongs to it: what was counted, where, when, by whom, what the picture does
not show, and every figure in a table. Displayed in a chapter it writes one piece of HTML with a static picture (SVG),
so that it needs no script; a reader may ask for a live view, which the page draws from the same specification.

Altair and vl-convert are imported where they are used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.etree import ElementTree as ET

from tools import evidence
from tools.errors import Problem

if TYPE_CHECKING:
    from tools.evidence import Figure

VEGA_LITE: Final = "6.4"
"""The release of Vega-Lite that draws both the static picture and the live view."""

WIDTH: Final = 190
"""Width of the plot in the picture's own units. With the scale on its left and the names on its right a picture is
about as wide as a phone, so that letters of 14 units stay readable there."""


# --- Words ------------------------------------------------------------------------------------------------------------

WORDS: Final[Mapping[str, str]] = {
    "counted": "What is counted",
    "unit": "Unit",
    "where": "Places and years",
    "sources": "Sources",
    "reviewed": "Last reviewed",
    "note": "Read with care",
    "not_shown": "What this does not show",
    "table": "Every figure in a table",
    "year": "Year",
    "withheld": "{text} (withheld by the source)",
    "none": "no figure",
    "explore": "Explore this chart",
    "back": "Back to the picture",
    "loading": "Loading the chart.",
    "failed": "The chart could not be loaded. The picture and the table hold every figure.",
}
"""The words that belong to every chart."""

_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


# --- Colours ----------------------------------------------------------------------------------------------------------


class Colour(NamedTuple):
    """A colour by its role, on light and on dark paper."""

    light: str
    dark: str
    text: bool
    """True if letters are printed in it."""


PALETTE: Final[Mapping[str, Colour]] = {
    # Page colours, the same as in tokens.css.
    "paper": Colour("#fcfaf5", "#14191a", text=False),
    "line": Colour("#d8d1c0", "#384648", text=False),
    "ink": Colour("#1d2b2f", "#e4e2da", text=True),
    "ink-soft": Colour("#4b5a5d", "#b2bbb9", text=True),
    # What a chart shows: the first line (people referred, the wider count) and the second (people identified, the
    # narrower one). They also differ in lightness, in the width of the line and in the mark, so that a copy in grey can
    # be read.
    "referred": Colour("#2b7099", "#74add4", text=True),
    "identified": Colour("#7a2f10", "#ffd0a6", text=True),
}
"""Every colour a chart may use. The light ones stand in the picture; chart.css turns them into the dark ones."""


# --- The chart --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """Figures as a table.

    Attributes
    ----------
    caption : str
        What the table holds.
    columns : tuple of str
        Heads of the columns; the first column heads the rows.
    rows : tuple of tuple of str
        Cells, as printed.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """Return the table as lines of plain text."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        ruled = [
            "  ".join(c.rjust(w) if i else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True)))
            for line in lines
        ]
        return "\n".join([self.caption, *ruled])

    def html(self) -> str:
        """Return the table as HTML, with scopes."""
        head = "".join(f'<th scope="col">{escape(column)}</th>' for column in self.columns)
        body = "".join(
            f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
            for first, *rest in self.rows
        )
        return (
            f"<table><caption>{escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


@dataclass(frozen=True)
class Chart:
    """A picture of figures, with all that a reader needs to judge it.

    Attributes
    ----------
    slug : str
        Its name in addresses and ids: lower case, digits, hyphens.
    title : str
        What, where and when.
    description : str
        What the picture shows, for those who do not see it.
    unit, population, places, years : str
        What one mark counts, who was counted by whom, where, when.
    sources : tuple of str
        Keys of the bibliography.
    reviewed : date
        When the figures were last compared with their sources.
    note : str
        What to know before reading it, such as a break; may be empty.
    not_shown : str
        What must not be read from it.
    spec : Mapping
        A Vega-Lite specification with its data inside.
    tables : tuple of Table
        All its figures.
    figures : tuple of Figure
        The same, as read from the evidence.

    Raises
    ------
    Problem
        ``CHA_001`` if a statement is missing, ``EVI_001`` if a source is not in the bibliography.
    """

    slug: str
    title: str
    description: str
    unit: str
    population: str
    places: str
    years: str
    sources: tuple[str, ...]
    reviewed: date
    not_shown: str
    spec: Mapping[str, Any]
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
    note: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "description", "unit", "population", "places", "years", "not_shown", "tables"):
            if not getattr(self, name):
                raise Problem("CHA_001", slug=self.slug, field=name)
        self._check_sources()

    def _check_sources(self) -> None:
        if not self.sources:
            raise Problem("CHA_001", slug=self.slug, field="sources")
        for key in self.sources:
            evidence.reference(key)

    @property
    def alternative(self) -> str:
        """The whole text alternative: what the picture shows and what belongs to it."""
        return (
            f"{self.title}. {self.description} {WORDS['unit']}: {self.unit} {WORDS['counted']}: {self.population} "
            f"{WORDS['where']}: {self.places}, {self.years}. "
            f"{WORDS['sources']}: {self._named_sources()}."
        )

    def _named_sources(self) -> str:
        return "; ".join(map(evidence.short, self.sources))

    def svg(self) -> str:
        """Return the static picture: one ``<svg>`` element without styles, scripts, links or fixed fonts."""
        return _picture(json.dumps(self.spec, sort_keys=True), self.slug, self.title, self.description)

    def html(self) -> str:
        """Return the chart as HTML: title, picture, statements, table, and what the live view needs."""
        own = f"chart-{self.slug}"
        # `<` must not stand in a data block: "</script" would end it.
        spec = json.dumps(self.spec, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        words = "".join(f' data-{name}="{escape(WORDS[name])}"' for name in ("back", "loading", "failed"))
        tables = "".join(
            # A wide table scrolls by itself; to be scrolled with the keyboard it must take the focus.
            f'<div class="ct-chart-scroll" role="region" aria-label="{escape(table.caption)}" tabindex="0">'
            f"{table.html()}</div>"
            for table in self.tables
        )
        return (
            f'<figure class="ct-chart" data-ct-chart="{self.slug}" id="{own}" data-alt="{escape(self.alternative)}">'
            f'<figcaption class="ct-chart-title">{escape(self.title)}</figcaption>'
            f'<div class="ct-chart-picture">{self.svg()}</div>'
            f'<button type="button" class="ct-chart-explore"{words} hidden>'
            f"{escape(WORDS['explore'])}</button>"
            f'<dl class="ct-chart-notes">{"".join(self._notes())}</dl>'
            f'<details class="ct-chart-table"><summary>{escape(WORDS["table"])}</summary>{tables}</details>'
            f'<script type="application/json" class="ct-chart-spec">{spec}</script>'
            "</figure>"
        )

    def _linked_sources(self) -> str:
        pages: dict[str, str] = {figure.source_key: figure.url for figure in self.figures}
        return "; ".join(
            f'<a href="{escape(pages[key])}">{escape(evidence.short(key))}</a>'
            if key in pages
            else escape(evidence.short(key))
            for key in self.sources
        )

    def _notes(self) -> Iterable[str]:
        notes = {
            "unit": escape(self.unit),
            "counted": escape(self.population),
            "where": escape(f"{self.places}, {self.years}."),
            "note": escape(self.note),
            "not_shown": escape(self.not_shown),
            "sources": f"{self._linked_sources()}.",
            "reviewed": f'<time datetime="{self.reviewed.isoformat()}">{_day(self.reviewed)}</time>.',
        }
        return (f"<div><dt>{escape(WORDS[name])}</dt><dd>{words}</dd></div>" for name, words in notes.items() if words)

    def text(self) -> str:
        """Return title and tables as plain text."""
        return "\n\n".join([self.title, *(table.text() for table in self.tables)])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002
        """Give a notebook or the book both forms; it picks the one it can show."""
        return {"text/html": self.html(), "text/plain": self.text()}

    def __str__(self) -> str:
        return self.text()


# --- The charts of the book -------------------------------------------------------------------------------------------


def referred_and_identified() -> Chart:
    """Return the chart of people referred against people identified, in Serbia and in the United Kingdom.

    The figures are those of ``data/statistics/referred-and-identified.csv``. For the United Kingdom "identified" is a
    positive conclusive grounds decision. Each place has its own scale, which begins at zero.

    Raises
    ------
    Problem
        ``EVI_003`` if a figure lacks its unit, population, place, year or source.

    Examples
    --------
    >>> chart = referred_and_identified()
    >>> chart.years
    '2015 to 2021 and 2014 to 2023'
    """
    figures = evidence.statistics("referred-and-identified")
    serbia = _series(figures, "Serbia")
    uk = _series(figures, "United Kingdom")
    referred, identified, positive = (
        "Potential victims referred",
        "Victims identified",
        "Conclusive grounds decisions, positive",
    )
    reasonable = _share(uk, "Reasonable grounds decisions")
    conclusive = _share(uk, "Conclusive grounds decisions")
    before = [share for year, share in reasonable.items() if year < _BREAK]
    return Chart(
        slug="referred-and-identified",
        title="People referred and people identified: Serbia 2015 to 2021, United Kingdom 2014 to 2023",
        description=(
            "Two line charts, one below the other, each with its own scale from zero. "
            f"{_story('Serbia', 'persons referred', serbia[referred], 'persons identified', serbia[identified])} "
            f"{_story('United Kingdom', 'persons referred', uk[referred], _UK_IDENTIFIED, uk[positive])} "
            f"{_above((serbia[referred], serbia[identified]), (uk[referred], uk[positive]))}"
            f"A dashed line marks a break in the decisions of the United Kingdom before {_BREAK}."
        ),
        unit="Persons in a calendar year; identified in the United Kingdom: decisions in a calendar year.",
        population=(
            "Referred: potential victims referred by first responders (Serbia) or to the National Referral Mechanism "
            "(United Kingdom). Identified: victims formally identified by the Centre for Protection of Trafficking "
            "Victims (Serbia), or positive conclusive grounds decisions by the competent authorities (United Kingdom)."
        ),
        places="Serbia and United Kingdom",
        years=f"{_span(serbia[referred])} and {_span(uk[referred])}",
        sources=tuple(dict.fromkeys(figure.source_key for figure in figures)),
        reviewed=date(2026, 11, 24),
        note=(
            f"Each place has its own scale: to {_number(_SERBIA_TOP)}, and to {_number(_UK_TOP)}. "
            f"The United Kingdom's decisions have a break before {_BREAK}: of the reasonable grounds decisions "
            f"{reasonable[_BREAK]:.1f} per cent were positive, after {min(before):.1f} to {max(before):.1f} per cent "
            f"in {min(reasonable)} to {_BREAK - 1}; of the conclusive grounds decisions {conclusive[_BREAK]:.1f} per "
            f"cent, after {conclusive[_BREAK - 1]:.1f} in {_BREAK - 1} (our calculation). "
            "Find out what changed before you compare across the break. "
            "For Serbia the UNODC data portal shows other totals of victims in the same years. "
            "The United Kingdom's tables were read as packaged in a public data package."
        ),
        not_shown=(
            "How many people were trafficked, or how many were wrongly refused. "
            "The decisions of a year are not all about the people referred in that year, so the gap between the lines "
            "is not a rate of refusal. Law, training and effort move both lines. "
            "The two places decide in different ways and cannot be ranked."
        ),
        spec=_referred_spec(serbia, uk),
        tables=(
            _table(
                f"Serbia, {_span(serbia[referred])}, persons",
                {"Referred": serbia[referred], "Identified": serbia[identified]},
            ),
            _table(
                f"United Kingdom, {_span(uk[referred])}, persons referred and decisions made",
                {
                    "Persons referred": uk[referred],
                    "Identified: conclusive grounds, positive": uk[positive],
                    "Conclusive grounds, negative": uk["Conclusive grounds decisions, negative"],
                    "Reasonable grounds, positive": uk["Reasonable grounds decisions, positive"],
                    "Reasonable grounds, negative": uk["Reasonable grounds decisions, negative"],
                },
            ),
        ),
        figures=figures,
    )


def potential_and_confirmed() -> Chart:
    """Return the chart of potential victims against victims confirmed by the authorities of Malaysia.

    The figures are those of ``data/statistics/potential-and-confirmed.csv``, taken from four yearly reports. Two of the
    six periods run from April to March.

    Examples
    --------
    >>> potential_and_confirmed().years
    '2016 to 2021'
    """
    figures = evidence.statistics("potential-and-confirmed")
    series = _series(figures, "Malaysia")
    potential, confirmed = series["Potential victims"], series["Victims confirmed"]
    shares = {year: 100 * _known(confirmed[year]) / _known(potential[year]) for year in potential}
    panel = _panel(
        "Malaysia",
        (_Line("Potential", potential, breaks=True), _Line("Confirmed", confirmed, breaks=True)),
        4_000,
        range(2016, 2022),
        _PERIODS_CHANGE,
    )
    readouts = {
        year: f"{year} ({potential[year].note}). {_value(potential[year])} potential, {_value(confirmed[year])} confirmed, "
        f"{shares[year]:.1f} per cent."
        for year in potential
    }
    return Chart(
        slug="potential-and-confirmed",
        title="Potential victims and victims confirmed: Malaysia 2016 to 2021",
        description=(
            f"Line chart from zero. Potential victims: {_course(potential)}. Confirmed: {_course(confirmed)}. "
            f"{_above((potential, confirmed))}A dashed line marks that the periods change after 2018."
        ),
        unit="Persons in a reporting period.",
        population=(
            "Potential victims met by the authorities, and those whom the authorities confirmed as victims, as the "
            "yearly reports of the US Department of State give them."
        ),
        places="Malaysia",
        years=_span(potential),
        sources=tuple(dict.fromkeys(figure.source_key for figure in figures)),
        reviewed=date(2026, 11, 24),
        note=(
            "The points of 2019 and 2020 stand for April 2019 to March 2020 and for April 2020 to March 2021; the others "
            "are calendar years, so periods overlap. "
            f"The share confirmed runs from {min(shares.values()):.1f} to {max(shares.values()):.1f} per cent (our "
            "calculation). One later report gives the years in another way."
        ),
        not_shown=(
            "How many people were trafficked, or how many were wrongly refused. What happened to those who were not "
            "confirmed is not in the figures. Changes in raids, in mandate and in who is called potential move both lines."
        ),
        spec=_whole([panel], readouts, max(potential)),
        tables=(_table(f"Malaysia, {_span(potential)}, persons", {"Potential": potential, "Confirmed": confirmed}),),
        figures=figures,
    )


_PERIODS_CHANGE: Final = 2019  # the first period that does not begin in January


def men_identified() -> Chart:
    """Return the chart of women and men detected as victims in Thailand and in the United Kingdom.

    The figures are those of ``data/statistics/men-and-women.csv``: adults, as each state reported them to UNODC.

    Examples
    --------
    >>> men_identified().places
    'Thailand and United Kingdom'
    """
    figures = evidence.statistics("men-and-women")
    panels, tables, stories = [], [], []
    readouts: dict[int, list[str]] = {}
    for place, top in (("Thailand", 1_000), ("United Kingdom", 5_000)):
        series = _series(figures, place)
        women, men = series["Detected victims, women"], series["Detected victims, men"]
        panels.append(_panel(place, (_Line("Women", women), _Line("Men", men)), top, range(2012, 2023)))
        tables.append(
            _table(f"{place}, {_span(men)}, persons", {"Women": women, "Men": men, "Men, per cent": _of(men, women)})
        )
        stories.append(f"{place}: women, {_course(women)}; men, {_course(men)}.")
        for year in range(2012, 2023):
            said = f"{_value(women[year])} women, {_value(men[year])} men" if year in men else WORDS["none"]
            readouts.setdefault(year, [f"{year}."]).append(f"{place}: {said}.")
    return Chart(
        slug="men-identified",
        title="Women and men among detected victims: Thailand 2012 to 2022, United Kingdom 2012 to 2021",
        description=f"Two line charts, one below the other, each with its own scale from zero. {' '.join(stories)}",
        unit="Adult persons in a year.",
        population="Adult victims detected, as each state reported them to UNODC; children are not in it.",
        places="Thailand and United Kingdom",
        years="2012 to 2022 and 2012 to 2021",
        sources=tuple(dict.fromkeys(figure.source_key for figure in figures)),
        reviewed=date(2026, 11, 24),
        note=(
            "Each place has its own scale. The per cent is that of men among adults (our calculation). Each state "
            "decides whom it counts, and may change it. Small numbers jump. The workbook was read in a public copy."
        ),
        not_shown=(
            "How many men were trafficked. A low share can mean that few were asked. The two places count in different "
            "ways and cannot be ranked."
        ),
        spec=_whole(panels, {year: " ".join(words) for year, words in readouts.items()}, 2021),
        tables=tuple(tables),
        figures=figures,
    )


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
        series = _series(figures, place)
        girls, boys = series["Detected victims, girls"], series["Detected victims, boys"]
        panels.append(_panel(place, (_Line("Girls", girls), _Line("Boys", boys)), top, range(2012, 2023)))
        columns = {"Girls": girls, "Boys": boys, "Boys, per cent": _of(boys, girls)}
        tables.append(_table(f"{place}, {_span(boys)}, persons", columns))
        stories.append(f"{place}: girls, {_course(girls)}; boys, {_course(boys)}.")
        for year in range(2012, 2023):
            said = f"{_value(girls[year])} girls, {_value(boys[year])} boys" if year in boys else WORDS["none"]
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
        spec=_whole(panels, {year: " ".join(words) for year, words in readouts.items()}, 2021),
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
    said = "; ".join(f"{name}: {_value(figure)} per cent" for name, figure in shown.items()) + "."
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
        spec=_whole([_bars("World, 2022 (scale to 100)", shown, 100)], {2022: said}, 2022),
        tables=(_table("World, 2022, per cent", {name: {figure.year: figure} for name, figure in shown.items()}),),
        figures=figures,
    )


def decisions_by_year() -> Chart:
    """Return the chart of positive and negative decisions in the United Kingdom, with the break in the series.

    The figures are those of ``data/statistics/referred-and-identified.csv``.

    Examples
    --------
    >>> decisions_by_year().places
    'United Kingdom'
    """
    figures = tuple(
        figure
        for figure in evidence.statistics("referred-and-identified")
        if figure.geography == "United Kingdom" and "decisions" in figure.indicator
    )
    uk = _series(figures, "United Kingdom")
    kinds = (("Reasonable grounds", 20_000), ("Conclusive grounds", 8_000))
    panels, stories = [], []
    columns: dict[str, Mapping[int, Figure]] = {}
    for kind, top in kinds:
        yes, no = (uk[f"{kind} decisions, {sign}"] for sign in ("positive", "negative"))
        lines = (_Line("Negative", no, breaks=True), _Line("Positive", yes, breaks=True))
        panels.append(_panel(f"{kind} decisions", lines, top, range(2014, 2024), _BREAK))
        columns |= {f"{kind}, positive": yes, f"{kind}, negative": no}
        share = _share(uk, f"{kind} decisions")
        stories.append(
            f"{kind}: positive, {_course(yes)}; negative, {_course(no)}; the positive share was {share[_BREAK - 1]:.1f} "
            f"per cent in {_BREAK - 1} and {share[_BREAK]:.1f} per cent in {_BREAK}."
        )
    years = range(2014, 2024)
    readouts = {
        year: f"{year}. "
        + " ".join(
            f"{kind}: {_value(uk[f'{kind} decisions, positive'][year])} positive, "
            f"{_value(uk[f'{kind} decisions, negative'][year])} negative."
            for kind, _ in kinds
        )
        for year in years
    }
    return Chart(
        slug="decisions-by-year",
        title="Decisions on reasonable and on conclusive grounds: United Kingdom 2014 to 2023",
        description=(
            f"Two line charts, one below the other, each with its own scale from zero. {' '.join(stories)} A dashed line "
            f"marks a break before {_BREAK}."
        ),
        unit="Decisions in a calendar year.",
        population="Decisions by the competent authorities on people referred to the National Referral Mechanism.",
        places="United Kingdom",
        years="2014 to 2023",
        sources=(*dict.fromkeys(figure.source_key for figure in figures), "yjlc2023guidance", "gardencourt2023grounds"),
        reviewed=date(2026, 11, 24),
        note=(
            f"The lines stop at a break before {_BREAK}: from 30 January {_BREAK} guidance for England and Wales asked for "
            "objective factors before a positive decision on reasonable grounds (Youth Justice Legal Centre 2023); that "
            "part was later withdrawn (Garden Court Chambers 2023). Do not compare across the break. "
            "The shares are our calculation. The tables were read as packaged in a public data package."
        ),
        not_shown=(
            "Whether a decision was right. The decisions of a year are not all about the people referred in that year."
        ),
        spec=_whole(panels, readouts, 2023),
        tables=(_table("United Kingdom, 2014 to 2023, decisions", columns),),
        figures=figures,
    )


def who_refers() -> Chart:
    """Return the chart of who referred potential victims in Serbia, first and last year side by side.

    The figures are those of ``data/statistics/who-refers.csv``.

    Examples
    --------
    >>> who_refers().years
    '2018 to 2021'
    """
    figures = evidence.statistics("who-refers")
    series = {
        name.removeprefix("Referred by ").capitalize(): years for name, years in _series(figures, "Serbia").items()
    }
    years = sorted({figure.year for figure in figures})
    shown = (years[0], years[-1])
    panels = [
        _bars(
            f"Serbia, {year} (scale to 100)",
            {name: found[year] for name, found in series.items() if year in found},
            100,
        )
        for year in shown
    ]
    said = {
        year: f"{year}. "
        + "; ".join(f"{name}: {_value(found[year])}" for name, found in series.items() if year in found)
        + "."
        for year in years
    }
    return Chart(
        slug="who-refers",
        title="Who referred potential victims: Serbia 2018 to 2021",
        description=(
            "Two bar charts, one below the other, on one scale from zero to 100. "
            + " ".join(said[year] for year in shown)
        ),
        unit="Persons referred in a calendar year.",
        population="Potential victims referred, by who referred them, as the yearly US reports on Serbia give them.",
        places="Serbia",
        years=f"{years[0]} to {years[-1]}",
        sources=tuple(dict.fromkeys(figure.source_key for figure in figures)),
        reviewed=date(2026, 11, 24),
        note=(
            "The picture shows the first and the last year; the table holds all four. The groups of the reports change: "
            "other government is named in 2018 and 2019 only, private citizens and other institutions from 2020, people "
            "who named it themselves from 2019."
        ),
        not_shown="Who met trafficked people and did not refer them.",
        spec=_whole(panels, said, years[-1]),
        tables=(_table(f"Serbia, {years[0]} to {years[-1]}, persons", series),),
        figures=figures,
    )


def needed_after_leaving() -> Chart:
    """Return the chart of what people from civil society see as most needed after leaving exploitation.

    The figures are those of ``data/statistics/needed-after-leaving.csv``.

    Examples
    --------
    >>> needed_after_leaving().years
    '2023 and 2024'
    """
    figures = evidence.statistics("needed-after-leaving")
    series = _series(figures, "World")
    last = {name: next(iter(years.values())) for name, years in series.items()}
    year = max(figure.year for figure in figures)
    said = "; ".join(f"{name}: {_value(figure)}" for name, figure in last.items()) + "."
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
        spec=_whole([_bars("Ranked first (scale to 40)", last, 40)], {year: said}, year),
        tables=(_table("Ranked first, persons, by the year in which the survey ended", series),),
        figures=figures,
    )


_UK_IDENTIFIED: Final = "positive conclusive grounds decisions"
_BREAK: Final = 2023  # the first year after the break in the United Kingdom's decisions
_SERBIA_TOP: Final = 200
_UK_TOP: Final = 20_000


def _referred_spec(serbia: _Series, uk: _Series) -> dict[str, Any]:
    years = range(2014, 2024)
    referred = "Potential victims referred"
    panels = [
        _panel(
            "Serbia",
            (_Line("Referred", serbia[referred]), _Line("Identified", serbia["Victims identified"])),
            _SERBIA_TOP,
            years,
        ),
        _panel(
            "United Kingdom",
            (
                _Line("Referred", uk[referred]),
                _Line("Identified", uk["Conclusive grounds decisions, positive"], breaks=True),
            ),
            _UK_TOP,
            years,
            _BREAK,
        ),
    ]
    # The live view opens at the last year for which every place has figures.
    start = max(set.intersection(*(set(series) for place in (serbia, uk) for series in place.values())))
    return _whole(panels, {year: _readout(year, serbia, uk) for year in years}, start)


def _readout(year: int, serbia: _Series, uk: _Series) -> str:
    """Return what the live view says about one year."""

    def one(place: str, referred: Figure | None, identified: Figure | None, what: str) -> str:
        if referred is None or identified is None:
            return f"{place}: {WORDS['none']}."
        return f"{place}: {_value(referred)} referred, {_value(identified)} {what}."

    name = "Potential victims referred"
    return " ".join(
        (
            f"{year}.",
            one("Serbia", serbia[name].get(year), serbia["Victims identified"].get(year), "identified"),
            one(
                "United Kingdom",
                uk[name].get(year),
                uk["Conclusive grounds decisions, positive"].get(year),
                f"identified ({_UK_IDENTIFIED})",
            ),
        )
    )


@dataclass(frozen=True)
class _Line:
    """One of the two lines of a panel: its name, its figures by year, and whether the break of the panel is its own."""

    name: str
    years: Mapping[int, Figure]
    breaks: bool = False


def _panel(place: str, lines_of: tuple[_Line, _Line], top: int, years: range, broken: int | None = None) -> Any:
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
            "tip": f"{place}, {figure.year}: {_value(figure)} {figure.unit}, {line.name.lower()}",
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
    places = _apart([float(str(row["number"])) for row in ends], top)
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
        title=alt.TitleParams(f"{place} (scale to {_number(top)})", anchor="start", frame="group", offset=10),
    )


def _apart(values: Sequence[float], top: float) -> list[float]:
    """Return where the names of two lines stand: beside their last points, or moved until two lines of words fit.

    >>> _apart([90, 10], 100), _apart([12, 10], 100)
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


def _bars(title: str, figures: Mapping[str, Figure], top: int) -> Any:
    """Return bars from zero to ``top``, the longest first, each with its figure at the end."""
    import altair as alt

    order = sorted(figures, key=lambda name: -_known(figures[name]))
    rows = [
        {
            "name": name,
            "year": figures[name].year,
            "number": figures[name].value,
            "label": _value(figures[name]),
            "tip": f"{name}, {figures[name].year}: {_value(figures[name])} {figures[name].unit}",
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


# Two lines for the name of a bar that is too long for a phone.
_WRAPPED: Final = "length(datum.label) > 20 ? split(replace(datum.label, ' and ', ' and@'), '@') : datum.label"


def _known(figure: Figure) -> float:
    return 0 if figure.value is None else figure.value


def _of(part: Mapping[int, Figure], rest: Mapping[int, Figure]) -> Mapping[int, Figure]:
    """Return the per cent of one group among both, as figures of our own calculation."""
    return {
        year: replace(
            figure,
            value=(share := round(100 * _known(figure) / (_known(figure) + _known(rest[year])), 1)),
            text=str(share),
            unit="per cent",
            confidence="computed",
        )
        for year, figure in part.items()
    }


def _whole(
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


# --- Figures in series ------------------------------------------------------------------------------------------------

_Series = Mapping[str, Mapping[int, "Figure"]]
"""Figures by indicator, then by year."""


def _series(figures: Iterable[Figure], geography: str) -> _Series:
    series: dict[str, dict[int, Figure]] = {}
    for figure in figures:
        if figure.geography == geography:
            series.setdefault(figure.indicator, {})[figure.year] = figure
    return {name: dict(sorted(years.items())) for name, years in series.items()}


def _share(series: _Series, name: str) -> dict[int, float]:
    """Return the per cent of positive decisions by year, for the years in which both counts are given."""
    yes, no = series[f"{name}, positive"], series[f"{name}, negative"]
    pairs = {year: (yes[year].value, no[year].value) for year in yes if year in no}
    return {year: 100 * y / (y + n) for year, (y, n) in pairs.items() if y is not None and n is not None and y + n > 0}


def _story(
    place: str,
    referred_word: str,
    referred: Mapping[int, Figure],
    identified_word: str,
    identified: Mapping[int, Figure],
) -> str:
    return f"{place}: {referred_word}, {_course(referred)}; {identified_word}, {_course(identified)}."


def _above(*pairs: tuple[Mapping[int, Figure], Mapping[int, Figure]]) -> str:
    """Say that the upper line is above the lower one everywhere, if the figures say so."""
    values = [(upper[year].value, lower[year].value) for upper, lower in pairs for year in lower if year in upper]
    if all(u is not None and n is not None and u > n for u, n in values):
        return "In every year the number referred is above the number identified. "
    return ""


def _course(years: Mapping[int, Figure]) -> str:
    """Return first, highest and last figure in words."""
    known = [figure for figure in years.values() if figure.value is not None]
    first, last = known[0], known[-1]
    highest = max(known, key=lambda figure: figure.value or 0)
    words = [f"{_value(first)} in {first.year}"]
    if highest not in (first, last):
        words.append(f"a peak of {_value(highest)} in {highest.year}")
    return ", ".join([*words, f"{_value(last)} in {last.year}"])


def _table(caption: str, columns: Mapping[str, Mapping[int, Figure]]) -> Table:
    years = sorted({year for series in columns.values() for year in series})
    rows = tuple(
        (str(year), *(_value(series[year]) if year in series else WORDS["none"] for series in columns.values()))
        for year in years
    )
    return Table(caption, (WORDS["year"], *columns), rows)


def _value(figure: Figure) -> str:
    if figure.value is None:
        return WORDS["withheld"].format(text=figure.text)
    return _number(figure.value)


def _number(value: float) -> str:
    return f"{value:,}"


def _span(years: Mapping[int, Figure]) -> str:
    return f"{min(years)} to {max(years)}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


# --- The picture ------------------------------------------------------------------------------------------------------

_SVG: Final = "http://www.w3.org/2000/svg"
_LONG_DECIMAL = re.compile(r"-?\d+\.\d{3,}")
# What Vega writes for browsers and screen readers. The picture as a whole has its own text alternative, and the page
# rules fonts; a `style` attribute would be refused by the content security policy.
_DROPPED = ("style", "class", "role", "pointer-events", "font-family", "font", "cursor", "version")

_DEFAULTS: Final = {("opacity", "1"), ("transform", "translate(0,0)"), ("stroke-width", "1")}


@cache
def _picture(spec: str, slug: str, title: str, description: str) -> str:
    import vl_convert

    root = ET.fromstring(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))  # noqa: S314
    for parent in list(root.iter()):
        parent.tag = parent.tag.removeprefix(f"{{{_SVG}}}")
        for name in list(parent.attrib):
            if name in _DROPPED or name.startswith(("aria-", "{")) or (name, parent.attrib[name]) in _DEFAULTS:
                del parent.attrib[name]
            elif name in ("id", "clip-path"):
                parent.set(name, _own(parent.attrib[name], slug))
            else:
                parent.set(name, _LONG_DECIMAL.sub(_shorter, parent.attrib[name]))
        for child in list(parent):
            if child.tag == f"{{{_SVG}}}path" and not child.get("d"):
                parent.remove(child)
    _prune(root)
    for parent in list(root.iter()):
        parent[:] = _unwrapped(parent)
    own = f"chart-{slug}"
    for name, text in (("desc", description), ("title", title)):
        element = ET.Element(name, {"id": f"{own}-{name}"})
        element.text = text
        root.insert(0, element)
    size = {name: root.attrib[name] for name in ("width", "height", "viewBox")}
    root.attrib.clear()
    root.attrib.update(
        {"xmlns": _SVG, **size, "role": "img", "aria-labelledby": f"{own}-title {own}-desc", "class": "ct-chart-svg"}
    )
    return ET.tostring(root, encoding="unicode")


def _prune(element: ET.Element) -> None:
    """Take out groups and shapes that draw nothing."""
    for child in list(element):
        _prune(child)
        empty = child.tag == "g" and len(child) == 0
        unseen = child.tag == "path" and child.get("fill") in (None, "none", "transparent") and not child.get("stroke")
        if empty or unseen:
            element.remove(child)


def _unwrapped(element: ET.Element) -> list[ET.Element]:
    """Return the children, with groups that only group replaced by what they hold."""
    flat: list[ET.Element] = []
    for child in element:
        flat += _unwrapped(child) if child.tag == "g" and not child.attrib else [child]
    return flat


def _own(value: str, slug: str) -> str:
    """Return an id, or a reference to one, that is the chart's own on its page."""
    prefix = f"chart-{slug}-"
    return value.replace("url(#", f"url(#{prefix}") if value.startswith("url(") else prefix + value


def _shorter(match: re.Match[str]) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")


# --- The live view ----------------------------------------------------------------------------------------------------


def write_vega_bundle(path: Path) -> None:
    """Write the program that draws live charts, as one classic script that needs no network.

    It holds Vega, Vega-Lite, vega-embed and the interpreter of Vega's expressions, which keeps within a content security
    policy without ``unsafe-eval``. It sets ``globalThis.ctVega.embed``; chart.js loads it when a reader asks.

    Parameters
    ----------
    path : Path
        The file to write; its folder is made if need be.
    """
    from importlib.metadata import version

    import vl_convert

    licence = (Path(__file__).parent / "surfaces" / "static" / "ct-vega-licence.txt").read_text(encoding="utf-8")
    head = f"/* Vega-Lite {VEGA_LITE} from vl-convert {version('vl-convert-python')}\n\n{licence}*/\n"
    if path.is_file():
        with path.open(encoding="utf-8") as file:
            if file.read(len(head)) == head:  # made by the same release
                return
    bundle = vl_convert.javascript_bundle("globalThis.ctVega = { embed: vegaEmbed };", vl_version=VEGA_LITE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{head}(function () {{\n{bundle}\n}})();\n", encoding="utf-8")
