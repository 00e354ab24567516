"""Charts of the data-collection guide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from tools import evidence
from tools.charts.chart import PALETTE, Chart, Table
from tools.charts.drawing import WIDTH, specification
from tools.charts.figures import number_words

if TYPE_CHECKING:
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
