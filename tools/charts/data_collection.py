"""Charts of the data-collection guide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from tools import evidence
from tools.charts.chart import PALETTE, Chart, Table
from tools.charts.drawing import WIDTH, Line, bar_panel, line_panel, specification
from tools.charts.figures import course_of, known_value, number_words, printed, series_of, share_of, table_of

if TYPE_CHECKING:
    from tools.casedata.bias import Picture
    from tools.casedata.estimate import Overlap
    from tools.casedata.estimate_models import Model
    from tools.evidence import Figure

# --- Estimates with their range ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Range:
    """An estimate with its range: a name of one or two lines (``|`` between them), a figure or none, and two limits."""

    name: str
    number: float | None
    low: float
    high: float

    @property
    def words(self) -> str:
        """The range in words, for the table and for those who do not see the picture."""
        said = f"{self.name.replace('|', ' ')}: "
        return (
            said
            + (f"{self.number:,.0f}, " if self.number is not None else "")
            + f"from {self.low:,.0f} to {self.high:,.0f}"
        )


def range_panel(title: str, ranges: Sequence[Range], top: int) -> Any:
    """Return a line from limit to limit for each estimate, and a mark with its figure, on a scale from zero."""
    import altair as alt

    rows = [
        {
            "name": each.name,
            "number": each.number,
            "low": each.low,
            "high": each.high,
            "label": "" if each.number is None else f"{each.number:,.0f}",
            "tip": each.words,
            "place": at,
        }
        for at, each in enumerate(ranges, 1)
    ]
    axis = alt.Axis(values=[0, top // 2, top], format=",d", domain=False, ticks=False)
    scale = alt.Scale(domain=[0, top], nice=False)
    names = alt.Axis(
        domain=False, ticks=False, grid=False, labelLimit=170, labelExpr="split(datum.label, '|')", labelAlign="left",
        labelPadding=150,
    )  # fmt: skip
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("name:N", title=None, sort=[each.name for each in ranges], axis=names)
    )
    lines = base.mark_rule(strokeWidth=4, color=PALETTE["referred"].light).encode(
        x=alt.X("low:Q", title=None, scale=scale, axis=axis), x2="high:Q", tooltip="tip:N"
    )
    known = base.transform_filter("datum.number !== null").encode(x=alt.X("number:Q", scale=scale))
    marks = known.mark_point(shape="square", filled=True, opacity=1, size=80, color=PALETTE["identified"].light).encode(
        tooltip="tip:N"
    )
    ends = known.mark_text(dy=-15, color=PALETTE["ink"].light).encode(text="label:N")
    return alt.layer(lines, marks, ends).properties(
        width=WIDTH,
        height=50 * len(rows),
        title=alt.TitleParams(title, anchor="start", frame="group", offset=10),
    )


def _range_table(caption: str, ranges: Iterable[Range]) -> Table:
    rows = tuple(
        (
            each.name.replace("|", " "),
            "none given" if each.number is None else f"{each.number:,.0f}",
            f"{each.low:,.0f}",
            f"{each.high:,.0f}",
        )
        for each in ranges
    )
    return Table(caption, ("", "Estimate", "From", "To"), rows)


_UK_TOP: Final = 50_000
_POTENTIAL: Final = "potential victims of trafficking"


def hidden_part_models() -> Chart:
    """Return the chart of what several models make of one table: United Kingdom, 2013, five lists.

    The figures are those of ``data/statistics/uk-2013-estimates.csv``; a test computes those of our models anew.

    Examples
    --------
    >>> hidden_part_models().years
    '2013'
    """
    figures = evidence.statistics("uk-2013-estimates")
    ranges = _ranges(figures)
    said = {at: f"{each.words}." for at, each in enumerate(ranges, 1)}
    known = next(figure for figure in figures if figure.indicator == "People on at least one list")
    return Chart(
        slug="hidden-part-models",
        title="One table, several models: United Kingdom 2013, potential victims, those on a list included",
        description=(
            f"Seven lines from limit to limit, on one scale from zero to {number_words(_UK_TOP)}, most with a mark at the "
            f"estimate. {' '.join(said.values())}"
        ),
        unit="Persons in the year.",
        population=f"Estimates of {_POTENTIAL}; {known.value:,} of them stood on at least one of five lists.",
        places="United Kingdom",
        years="2013",
        sources=tuple(dict.fromkeys(figure.source_key for figure in figures)),
        reviewed=date(2026, 11, 25),
        note=(
            "The first and the last line are published. The others are our calculation from the published table, with an "
            "interval that takes the model as given, and is therefore too short. The last line lets the model be chosen "
            "anew in each sample."
        ),
        not_shown=(
            "What no model can know: people with no chance to be on a list, wrong matches, lists that use other words."
        ),
        spec=specification(
            [range_panel(f"Estimates (scale to {number_words(_UK_TOP)})", ranges, _UK_TOP)], said, 1, "place", "Model"
        ),
        tables=(
            _range_table("United Kingdom, 2013, persons", ranges),
            Table("On the lists", ("", "Persons"), ((known.indicator, f"{known.value:,}"),)),
        ),
        figures=figures,
    )


def _ranges(figures: Iterable[Figure]) -> list[Range]:
    found: dict[str, dict[str, float]] = {}
    for figure in figures:
        name, _, part = figure.indicator.rpartition(", ")
        if name and part in ("estimate", "from", "to") and figure.value is not None:
            found.setdefault(name, {})[part] = figure.value
    return [Range(_two_lines(name), parts.get("estimate"), parts["from"], parts["to"]) for name, parts in found.items()]


def _two_lines(name: str) -> str:
    """Return a name with ``|`` where it may break.

    >>> _two_lines("Published, any model"), _two_lines("No pair")
    ('Published,|any model', 'No pair')
    """
    return name.replace(", ", ",|", 1)


def of_models(table: Overlap, models: Sequence[Model], place: str, period: str) -> Chart:
    """Return the chart of the reader's own table: every model whose BIC lies near that of the best.

    Parameters
    ----------
    table : Overlap
    models : sequence of Model
        The whole list of candidates.
    place, period : str
        Where and when; they are printed.
    """
    from tools.casedata import estimate_checks

    near = estimate_checks.close(models)[:12]
    ranges = [Range(f"Model {at}", model.total, model.low, model.high) for at, model in enumerate(near, 1)]
    top = _round_up(max(each.high for each in ranges))
    said = {at: f"{each.words}." for at, each in enumerate(ranges, 1)}
    listed = tuple((f"Model {at}", f"{model.bic:,.2f}", model.name) for at, model in enumerate(near, 1))
    return Chart(
        slug="models",
        title=f"What the models that fit best say: {place}, {period}",
        description=f"Lines from limit to limit on one scale from zero. {' '.join(said.values())}",
        unit="Persons.",
        population=f"Estimates of all people, of whom {table.total:,} stand on at least one list.",
        places=place,
        years=period,
        sources=("silverman2020mse", "chan2021mse"),
        reviewed=date.today(),
        note="Each interval takes its model as given, and is therefore too short. Read the cautions beside it.",
        not_shown="People with no chance to be on a list, wrong matches, lists that use other words.",
        spec=specification([range_panel(f"Scale to {number_words(top)}", ranges, top)], said, 1, "place", "Model"),
        tables=(
            _range_table(f"{place}, {period}, persons", ranges),
            Table("Models", ("", "BIC", "Pairs that depend"), listed),
        ),
        figures=(),
    )


def _round_up(value: float) -> int:
    """Return the next number of one digit and zeros, of which half is whole.

    >>> _round_up(13_027), _round_up(43_894), _round_up(7)
    (20000, 50000, 8)
    """
    size = int(10 ** (len(str(int(value))) - 1))
    top = (int(value) // size + 1) * size
    return top + top % 2


# --- Honest charts: the worked lessons --------------------------------------------------------------------------------

_PANEL_TOP: Final = 100_000


def fixed_panel() -> Chart:
    """Return the chart of a sum over whoever reported, beside the sum over the same countries every year.

    The figures are those of ``data/statistics/fixed-panel.csv``.

    Examples
    --------
    >>> fixed_panel().years
    '2017 to 2022'
    """
    figures = evidence.statistics("fixed-panel")
    series = series_of(figures, "World")
    naive, panel = series["Sum of whoever reported"], series["Same 69 countries"]
    rest = series["Same 68 countries, without the United States"]
    years = range(2017, 2023)
    said = {
        year: f"{year}. Whoever reported: {printed(naive[year])}. The same 69 countries: {printed(panel[year])}."
        for year in years
    }
    return Chart(
        slug="fixed-panel",
        title="Whoever reported, and the same countries every year: the world, 2017 to 2022",
        description=(
            f"Two lines on one scale from zero. The sum of whoever reported: {course_of(naive)}. The same 69 countries: "
            f"{course_of(panel)}. The upper line jumps in 2019, when more countries enter; the lower one hardly moves then."
        ),
        unit="Persons in a year.",
        population="Victims detected, as states reported them to UNODC.",
        places="World",
        years="2017 to 2022",
        sources=tuple(dict.fromkeys(figure.source_key for figure in figures)),
        reviewed=date(2026, 11, 25),
        note=(
            "Both sums are our calculation from the public file of April 2025, and neither is a world total. In the upper "
            "one, between 112 and 143 countries have a figure; small numbers that are withheld are not in it. The lower "
            "one leaves out those who report now and then. In 2022 one large country moves it: without it, see the table."
        ),
        not_shown="How many people were trafficked, or whether there were more. It shows only what a change of reporters does.",
        spec=specification(
            [line_panel("Victims detected", (Line("All", naive), Line("Same 69", panel)), _PANEL_TOP, years)],
            said,
            2019,
        ),
        tables=(
            table_of(
                "World, 2017 to 2022, persons",
                {"Whoever reported": naive, "Same 69 countries": panel, "Same 68, without the United States": rest},
            ),
        ),
        figures=figures,
    )


def withheld_and_found() -> Chart:
    """Return the chart of small numbers that were withheld, and of those that a subtraction gives away.

    The figures are those of ``data/statistics/withheld-and-found.csv``; no country is named.

    Examples
    --------
    >>> withheld_and_found().places
    'World'
    """
    figures = evidence.statistics("withheld-and-found")
    panels, said, rows = [], {}, []
    groups = dict.fromkeys(figure.indicator.rpartition(", ")[0] for figure in figures)
    by_name = {figure.indicator: figure for figure in figures}
    for at, group in enumerate(groups, 1):
        hidden, found = (by_name[f"{group}, {what}"] for what in ("number withheld", "found by taking away"))
        share = 100 * known_value(found) / known_value(hidden)
        panels.append(bar_panel(f"{group} (scale to 400)", {"Withheld": hidden, "Found again": found}, 400))
        said[at] = f"{group}: {printed(hidden)} withheld, {printed(found)} found by taking away, {share:.0f} per cent."
        rows.append((group, printed(hidden), printed(found), f"{share:.0f}"))
    return Chart(
        slug="withheld-and-found",
        title="Small numbers withheld, and found again by taking away: one public portal, years up to 2022",
        description=f"Three pairs of bars on one scale from zero to 400. {' '.join(said.values())}",
        unit="A country and a year.",
        population="Cells of a public portal with a number under five withheld, while the other parts and the total are printed.",
        places="World",
        years="up to 2022",
        sources=("unodc2025portal",),
        reviewed=date(2026, 11, 25),
        note=(
            "Our calculation from the public file of April 2025. A number counts as found if the difference lies from 0 to 4. "
            "It is exact only if nobody is of unknown age or sex; otherwise it is an upper limit. No country is named here."
        ),
        not_shown="Whether any person was harmed by it.",
        spec=specification(panels, said, 1, "place", "Group"),
        tables=(Table("Countries and years", ("", "Withheld", "Found again", "Per cent"), tuple(rows)),),
        figures=figures,
    )


def rule_change() -> Chart:
    """Return the chart of the share of positive decisions in the United Kingdom before and after a change of the rule.

    The figures are computed from ``data/statistics/referred-and-identified.csv``.

    Examples
    --------
    >>> rule_change().years
    '2021 to 2023'
    """
    counted = series_of(evidence.statistics("referred-and-identified"), "United Kingdom")
    panels, said, columns = [], {}, {}
    figures: list[Figure] = []
    for at, kind in enumerate(("Reasonable grounds", "Conclusive grounds"), 1):
        yes, no = (counted[f"{kind} decisions, {sign}"] for sign in ("positive", "negative"))
        share = {year: figure for year, figure in share_of(yes, no).items() if 2021 <= year <= 2023}
        bars = {f"{year}{' and new rule' if year == 2023 else ''}": figure for year, figure in share.items()}
        panels.append(bar_panel(f"{kind}: positive, per cent", bars, 100))
        said[at] = (
            f"{kind}: " + ", ".join(f"{printed(figure)} per cent in {year}" for year, figure in share.items()) + "."
        )
        columns[kind] = share
        figures += share.values()
    return Chart(
        slug="rule-change",
        title="Share of positive decisions before and after a change of the rule: United Kingdom 2021 to 2023",
        description=f"Two sets of three bars on a scale from zero to 100 per cent. {' '.join(said.values())}",
        unit="Per cent of the decisions of a calendar year.",
        population="Decisions by the competent authorities on people referred to the National Referral Mechanism.",
        places="United Kingdom",
        years="2021 to 2023",
        sources=(*dict.fromkeys(figure.source_key for figure in figures), "yjlc2023guidance"),
        reviewed=date(2026, 11, 25),
        note=(
            "From 30 January 2023 guidance for England and Wales asked for objective factors before a positive decision on "
            "reasonable grounds (Youth Justice Legal Centre 2023). Bars on both sides of it are not of one kind. The "
            "shares are our calculation. The tables were read as packaged in a public data package."
        ),
        not_shown="Whether people referred in 2023 had been exploited less often, or whether a decision was right.",
        spec=specification(panels, said, 1, "place", "Decision"),
        tables=(table_of("United Kingdom, 2021 to 2023, per cent positive", columns),),
        figures=tuple(figures),
    )


# --- Made up for teaching ---------------------------------------------------------------------------------------------


def _pairs_panel(title: str, pairs: Sequence[tuple[str, float, float]], top: int) -> Any:
    """Return, for each name, a ring (in the population) and a square (in the books) with a line between, from zero."""
    import altair as alt

    rows = [
        {"name": name, "what": what, "number": value, "low": min(true, books), "high": max(true, books),
         "tip": f"{name.replace('|', ' ')}: {value:.0f} per cent {what}"}
        for name, true, books in pairs
        for what, value in (("in the population", true), ("in the books", books))
    ]  # fmt: skip
    scale = alt.Scale(domain=[0, top], nice=False)
    axis = alt.Axis(values=[0, top // 2, top], domain=False, ticks=False)
    names = alt.Axis(
        domain=False, ticks=False, grid=False, labelLimit=170, labelExpr="split(datum.label, '|')", labelAlign="left",
        labelPadding=150,
    )  # fmt: skip
    kinds = ["in the population", "in the books"]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("name:N", title=None, sort=[name for name, *_ in pairs], axis=names)
    )
    lines = base.mark_rule(strokeWidth=2, color=PALETTE["ink-soft"].light).encode(
        x=alt.X("low:Q", title=None, scale=scale, axis=axis), x2="high:Q"
    )
    fills = alt.Scale(domain=kinds, range=[PALETTE["paper"].light, PALETTE["identified"].light])
    strokes = alt.Scale(domain=kinds, range=[PALETTE["referred"].light, PALETTE["identified"].light])
    legend = alt.Legend(
        title=None, orient="bottom", direction="vertical", labelFontSize=14, labelColor=PALETTE["ink"].light
    )
    marks = base.mark_point(opacity=1, strokeWidth=2, size=90).encode(
        x=alt.X("number:Q", scale=scale),
        shape=alt.Shape("what:N", legend=legend, scale=alt.Scale(domain=kinds, range=["circle", "square"])),
        fill=alt.Fill("what:N", legend=legend, scale=fills),
        stroke=alt.Stroke("what:N", legend=legend, scale=strokes),
        tooltip="tip:N",
    )
    return alt.layer(lines, marks).properties(
        width=WIDTH, height=42 * len(pairs), title=alt.TitleParams(title, anchor="start", frame="group", offset=10)
    )


def books_and_people() -> Chart:
    """Return the chart of a made-up population, and of what one sees of it in the books of services.

    The numbers are those of :data:`tools.casedata.bias.EXAMPLE`, drawn with a fixed seed.

    Examples
    --------
    >>> books_and_people().places
    'A made-up population'
    """
    from tools.casedata import bias

    return of_picture(bias.simulate())


def of_picture(picture: Picture) -> Chart:
    """Return the same chart of numbers that the reader has set.

    Parameters
    ----------
    picture : Picture
        As from :func:`tools.casedata.bias.simulate`.
    """
    pairs = [(_two_lines(seen.name), 100 * seen.share, 100 * seen.share_assisted) for seen in picture.groups]
    top = 60 if max(max(pair[1:]) for pair in pairs) <= 60 else 100
    said = {
        at: f"{seen.name}: {100 * seen.share:.0f} per cent of people, {100 * seen.share_assisted:.0f} per cent in the books."
        for at, seen in enumerate(picture.groups, 1)
    }
    rows = tuple(
        (seen.name, f"{seen.people:,}", f"{seen.noticed:,}", f"{seen.assisted:,}", f"{100 * seen.share:.0f}",
         f"{100 * seen.share_assisted:.0f}")
        for seen in picture.groups
    )  # fmt: skip
    return Chart(
        slug="books-and-people",
        title="Made up: who is exploited, and who stands in the books of services",
        description=f"For each group a ring and a square, with a line between, from zero to {top}. {' '.join(said.values())}",
        unit="Per cent of people.",
        population=f"{picture.people:,} made-up people, of whom {picture.assisted:,} were noticed and took help.",
        places="A made-up population",
        years="no year",
        sources=("brunovskis2010untold", "surtees2014otherside"),
        reviewed=date(2026, 11, 25),
        note=(
            "Every number is made up for teaching and drawn with a fixed seed. The two studies named describe why people "
            "in the books differ from others; they give no such numbers."
        ),
        not_shown="Anything about real people. Your own numbers will differ.",
        spec=specification([_pairs_panel(f"Per cent (scale to {top})", pairs, top)], said, 1, "place", "Group"),
        tables=(
            Table(
                "Made-up people",
                ("", "People", "Noticed", "Assisted", "Per cent of people", "Per cent of the books"),
                rows,
            ),
        ),
        figures=(),
    )


def study_rounds() -> Chart:
    """Return the chart of how many of 100 people are left in a study over five rounds, by the share lost each time.

    Calculated by :func:`tools.casedata.survey.followed`.

    Examples
    --------
    >>> study_rounds().tables[0].rows[-1]
    ('Round 5', '81', '52', '32')
    """
    from tools.casedata import survey

    few, some, many = (survey.followed(100, [lost] * 4) for lost in (0.05, 0.15, 0.25))
    ranges = [
        Range(f"Round {number}", middle.people, high.people, low.people)
        for number, (low, middle, high) in enumerate(zip(few, some, many, strict=True), 1)
    ]
    said = {
        at: f"Round {at}: {each.high:.0f} people left if 5 in 100 are lost each time, {each.number:.0f} if 15, {each.low:.0f} if 25."
        for at, each in enumerate(ranges, 1)
    }
    rows = tuple((each.name, f"{each.high:.0f}", f"{each.number:.0f}", f"{each.low:.0f}") for each in ranges)
    return Chart(
        slug="study-rounds",
        title="Calculated: how many of 100 people are left in a study of five rounds",
        description=f"A line for each round on one scale from zero to 100. {' '.join(said.values())}",
        unit="Persons left, of 100 who began.",
        population="A plan, and no study: 100 people, of whom an equal share is lost from each round to the next.",
        places="A calculation",
        years="five rounds",
        sources=("surtees2016going",),
        reviewed=date(2026, 11, 25),
        note=(
            "The mark is at 15 lost in 100 each time; the line runs from 25 to 5. The study named met people again over two years; it is "
            "not the source of these numbers."
        ),
        not_shown="Who leaves. Those who leave differ from those who stay, and that matters more than how many.",
        spec=specification([range_panel("People left (scale to 100)", ranges, 100)], said, 1, "place", "Round"),
        tables=(Table("Of 100 who began", ("", "5 lost", "15 lost", "25 lost"), rows),),
        figures=(),
    )
