"""Charts of the guide on access to remedies."""

from __future__ import annotations

from datetime import date
from typing import Final

from tools import evidence
from tools.charts.chart import Chart
from tools.charts.drawing import bar_panel, specification
from tools.charts.figures import printed, series_of, table_of

_TOP: Final = 10_000
_ORDERED_IN: Final = 2022
_PAID_IN: Final = 2024


def awarded_and_paid() -> Chart:
    """Return the chart of what was worked out, asked, ordered, due and paid in trafficking cases in Indonesia.

    The figures are those of ``data/statistics/awarded-and-paid.csv``: two press reports on two sets of cases, so the
    two panels share a scale, and are not one chain.

    Examples
    --------
    >>> awarded_and_paid().places
    'Indonesia'
    """
    figures = evidence.statistics("awarded-and-paid")
    series = series_of(figures, "Indonesia")
    ordered = {name: years[_ORDERED_IN] for name, years in series.items() if _ORDERED_IN in years}
    paid = {name: years[_PAID_IN] for name, years in series.items() if _PAID_IN in years}
    said = {
        year: "; ".join(f"{name}: {printed(figure)}" for name, figure in panel.items()) + "."
        for year, panel in ((_ORDERED_IN, ordered), (_PAID_IN, paid))
    }
    return Chart(
        slug="awarded-and-paid",
        title="From the sum that was worked out to the sum that was paid: trafficking cases in Indonesia",
        description=(
            "Two bar charts on one scale from zero to 10,000. "
            f"Reported in {_ORDERED_IN}: {said[_ORDERED_IN]} In {_PAID_IN}: {said[_PAID_IN]}"
        ),
        unit="Million rupiah.",
        population="Restitution in trafficking cases, as told by Indonesia's agency for witnesses and victims.",
        places="Indonesia",
        years=f"reported in {_ORDERED_IN}, and {_PAID_IN}",
        sources=tuple(dict.fromkeys(figure.source_key for figure in figures)),
        reviewed=date(2026, 11, 25),
        note=(
            "Both are press reports. The first names no year for its cases. The second does not say whether due means "
            "worked out or ordered. The two are about different cases, so the upper bars do not lead to the lower ones."
        ),
        not_shown="How many people the sums were for, what was settled out of court, and what was paid later.",
        spec=specification(
            [
                bar_panel(f"Reported in {_ORDERED_IN} (scale to 10,000)", ordered, _TOP),
                bar_panel(f"Year {_PAID_IN} (scale to 10,000)", paid, _TOP),
            ],
            said,
            _PAID_IN,
        ),
        tables=(
            table_of(f"Reported in {_ORDERED_IN}, million rupiah", {n: {f.year: f} for n, f in ordered.items()}),
            table_of(f"Year {_PAID_IN}, million rupiah", {n: {f.year: f} for n, f in paid.items()}),
        ),
        figures=figures,
    )
