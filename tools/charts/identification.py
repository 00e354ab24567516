"""Charts of the identification guide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from tools import evidence
from tools.charts.chart import WORDS, Chart
from tools.charts.drawing import Line, bar_panel, line_panel, specification
from tools.charts.figures import (
    Series,
    always_above,
    course_of,
    known_value,
    number_words,
    printed,
    series_of,
    share_of,
    share_positive,
    span_of,
    table_of,
)

if TYPE_CHECKING:
    from tools.evidence import Figure

_UK_IDENTIFIED: Final = "positive conclusive grounds decisions"
_BREAK: Final = 2023  # the first year after the break in the United Kingdom's decisions
_SERBIA_TOP: Final = 200
_UK_TOP: Final = 20_000
_PERIODS_CHANGE: Final = 2019  # the first period that does not begin in January


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
    serbia = series_of(figures, "Serbia")
    uk = series_of(figures, "United Kingdom")
    referred, identified, positive = (
        "Potential victims referred",
        "Victims identified",
        "Conclusive grounds decisions, positive",
    )
    reasonable = share_positive(uk, "Reasonable grounds decisions")
    conclusive = share_positive(uk, "Conclusive grounds decisions")
    before = [share for year, share in reasonable.items() if year < _BREAK]
    return Chart(
        slug="referred-and-identified",
        title="People referred and people identified: Serbia 2015 to 2021, United Kingdom 2014 to 2023",
        description=(
            "Two line charts, one below the other, each with its own scale from zero. "
            f"{_story('Serbia', 'persons referred', serbia[referred], 'persons identified', serbia[identified])} "
            f"{_story('United Kingdom', 'persons referred', uk[referred], _UK_IDENTIFIED, uk[positive])} "
            f"{always_above((serbia[referred], serbia[identified]), (uk[referred], uk[positive]))}"
            f"A dashed line marks a break in the decisions of the United Kingdom before {_BREAK}."
        ),
        unit="Persons in a calendar year; identified in the United Kingdom: decisions in a calendar year.",
        population=(
            "Referred: potential victims referred by first responders (Serbia) or to the National Referral Mechanism "
            "(United Kingdom). Identified: victims formally identified by the Centre for Protection of Trafficking "
            "Victims (Serbia), or positive conclusive grounds decisions by the competent authorities (United Kingdom)."
        ),
        places="Serbia and United Kingdom",
        years=f"{span_of(serbia[referred])} and {span_of(uk[referred])}",
        sources=tuple(dict.fromkeys(figure.source_key for figure in figures)),
        reviewed=date(2026, 11, 24),
        note=(
            f"Each place has its own scale: to {number_words(_SERBIA_TOP)}, and to {number_words(_UK_TOP)}. "
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
            table_of(
                f"Serbia, {span_of(serbia[referred])}, persons",
                {"Referred": serbia[referred], "Identified": serbia[identified]},
            ),
            table_of(
                f"United Kingdom, {span_of(uk[referred])}, persons referred and decisions made",
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
    series = series_of(figures, "Malaysia")
    potential, confirmed = series["Potential victims"], series["Victims confirmed"]
    shares = {year: 100 * known_value(confirmed[year]) / known_value(potential[year]) for year in potential}
    panel = line_panel(
        "Malaysia",
        (Line("Potential", potential, breaks=True), Line("Confirmed", confirmed, breaks=True)),
        4_000,
        range(2016, 2022),
        _PERIODS_CHANGE,
    )
    readouts = {
        year: f"{year} ({potential[year].note}). {printed(potential[year])} potential, {printed(confirmed[year])} confirmed, "
        f"{shares[year]:.1f} per cent."
        for year in potential
    }
    return Chart(
        slug="potential-and-confirmed",
        title="Potential victims and victims confirmed: Malaysia 2016 to 2021",
        description=(
            f"Line chart from zero. Potential victims: {course_of(potential)}. Confirmed: {course_of(confirmed)}. "
            f"{always_above((potential, confirmed))}A dashed line marks that the periods change after 2018."
        ),
        unit="Persons in a reporting period.",
        population=(
            "Potential victims met by the authorities, and those whom the authorities confirmed as victims, as the "
            "yearly reports of the US Department of State give them."
        ),
        places="Malaysia",
        years=span_of(potential),
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
        spec=specification([panel], readouts, max(potential)),
        tables=(
            table_of(f"Malaysia, {span_of(potential)}, persons", {"Potential": potential, "Confirmed": confirmed}),
        ),
        figures=figures,
    )


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
        series = series_of(figures, place)
        women, men = series["Detected victims, women"], series["Detected victims, men"]
        panels.append(line_panel(place, (Line("Women", women), Line("Men", men)), top, range(2012, 2023)))
        tables.append(
            table_of(
                f"{place}, {span_of(men)}, persons", {"Women": women, "Men": men, "Men, per cent": share_of(men, women)}
            )
        )
        stories.append(f"{place}: women, {course_of(women)}; men, {course_of(men)}.")
        for year in range(2012, 2023):
            said = f"{printed(women[year])} women, {printed(men[year])} men" if year in men else WORDS["none"]
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
        spec=specification(panels, {year: " ".join(words) for year, words in readouts.items()}, 2021),
        tables=tuple(tables),
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
    uk = series_of(figures, "United Kingdom")
    kinds = (("Reasonable grounds", 20_000), ("Conclusive grounds", 8_000))
    panels, stories = [], []
    columns: dict[str, Mapping[int, Figure]] = {}
    for kind, top in kinds:
        yes, no = (uk[f"{kind} decisions, {sign}"] for sign in ("positive", "negative"))
        lines = (Line("Negative", no, breaks=True), Line("Positive", yes, breaks=True))
        panels.append(line_panel(f"{kind} decisions", lines, top, range(2014, 2024), _BREAK))
        columns |= {f"{kind}, positive": yes, f"{kind}, negative": no}
        share = share_positive(uk, f"{kind} decisions")
        stories.append(
            f"{kind}: positive, {course_of(yes)}; negative, {course_of(no)}; the positive share was {share[_BREAK - 1]:.1f} "
            f"per cent in {_BREAK - 1} and {share[_BREAK]:.1f} per cent in {_BREAK}."
        )
    years = range(2014, 2024)
    readouts = {
        year: f"{year}. "
        + " ".join(
            f"{kind}: {printed(uk[f'{kind} decisions, positive'][year])} positive, "
            f"{printed(uk[f'{kind} decisions, negative'][year])} negative."
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
        spec=specification(panels, readouts, 2023),
        tables=(table_of("United Kingdom, 2014 to 2023, decisions", columns),),
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
        name.removeprefix("Referred by ").capitalize(): years for name, years in series_of(figures, "Serbia").items()
    }
    years = sorted({figure.year for figure in figures})
    shown = (years[0], years[-1])
    panels = [
        bar_panel(
            f"Serbia, {year} (scale to 100)",
            {name: found[year] for name, found in series.items() if year in found},
            100,
        )
        for year in shown
    ]
    said = {
        year: f"{year}. "
        + "; ".join(f"{name}: {printed(found[year])}" for name, found in series.items() if year in found)
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
        spec=specification(panels, said, years[-1]),
        tables=(table_of(f"Serbia, {years[0]} to {years[-1]}, persons", series),),
        figures=figures,
    )


def _referred_spec(serbia: Series, uk: Series) -> dict[str, Any]:
    years = range(2014, 2024)
    referred = "Potential victims referred"
    panels = [
        line_panel(
            "Serbia",
            (Line("Referred", serbia[referred]), Line("Identified", serbia["Victims identified"])),
            _SERBIA_TOP,
            years,
        ),
        line_panel(
            "United Kingdom",
            (
                Line("Referred", uk[referred]),
                Line("Identified", uk["Conclusive grounds decisions, positive"], breaks=True),
            ),
            _UK_TOP,
            years,
            _BREAK,
        ),
    ]
    # The live view opens at the last year for which every place has figures.
    start = max(set.intersection(*(set(series) for place in (serbia, uk) for series in place.values())))
    return specification(panels, {year: _readout(year, serbia, uk) for year in years}, start)


def _readout(year: int, serbia: Series, uk: Series) -> str:
    """Return what the live view says about one year."""

    def one(place: str, referred: Figure | None, identified: Figure | None, what: str) -> str:
        if referred is None or identified is None:
            return f"{place}: {WORDS['none']}."
        return f"{place}: {printed(referred)} referred, {printed(identified)} {what}."

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


def _story(
    place: str,
    referred_word: str,
    referred: Mapping[int, Figure],
    identified_word: str,
    identified: Mapping[int, Figure],
) -> str:
    return f"{place}: {referred_word}, {course_of(referred)}; {identified_word}, {course_of(identified)}."
