"""The gap between what was claimed, awarded and received, drawn from saved award trackers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from tools.charts import PALETTE, Table
from tools.charts.chart import day_words
from tools.charts.drawing import WIDTH, specification
from tools.errors import Problem
from tools.instruments import library
from tools.instruments.assessment import assess
from tools.instruments.record import Record
from tools.remedies import money
from tools.surfaces.case_charts import CaseChart

TRACKER: Final = "remedies/award-tracker"
_BARS: Final = {
    "claimed": "Claimed",
    "awarded": "Awarded",
    "paid_all": "Received",
    "outstanding": "Still owed",
}


def gap(records: Sequence[Record], *, made_up: bool = False) -> CaseChart:
    """Return bars of what was claimed, awarded, received and is still owed, over one or several awards.

    Parameters
    ----------
    records : sequence of Record
        Of ``remedies/award-tracker``, all in one currency. An award without a claim counts its award as claimed.
    made_up : bool
        Whether they are examples; the chart then says so.

    Raises
    ------
    Problem
        ``REC_002`` for another record, ``CAS_031`` without an award, ``REM_004`` for several currencies.
    """
    instrument = library.load(TRACKER)
    sums = dict.fromkeys(_BARS, Decimal(0))
    codes: set[str] = set()
    count = paid_up = 0
    days = []
    for record in records:
        if record.instrument != TRACKER:
            raise Problem("REC_002", found=record.instrument, wanted=TRACKER)
        found = {**record.answers, **assess(instrument, record).values}
        awarded = found.get("awarded")
        if not isinstance(awarded, Decimal):
            continue
        count += 1
        codes.add(str(found.get("cur", "")).upper())
        if isinstance(found.get("as_of"), dt.date):
            days.append(found["as_of"])
        for name in sums:
            value = found.get(name)
            sums[name] += value if isinstance(value, Decimal) else awarded if name == "claimed" else Decimal(0)
        paid_up += found["outstanding"] == 0
    if not count:
        raise Problem("CAS_031", what="award")
    if len(codes) > 1:
        raise Problem("REM_004", row="The awards", found=" and ".join(sorted(codes)), known="one currency for all")
    code = codes.pop()
    said = {words: f"{words}: {_said(sums[name], code)} {code}." for name, words in _BARS.items()}
    as_of = max(days, default=dt.datetime.now(dt.UTC).date())
    return CaseChart(
        slug="awards-gap", title="Awarded and received" + (" (made up)" if made_up else ""),
        description=f"Four bars from zero. {' '.join(said.values())}",
        unit=f"{code}, as awarded and received; no interest added.",
        population=f"{count} {'award' if count == 1 else 'awards'}, of which {paid_up} paid in full."
        + (" Made up." if made_up else ""),
        places="No real place" if made_up else "Own cases", years=f"as of {day_words(as_of)}", sources=(),
        origin="Made up by this project" if made_up else "Saved award trackers", reviewed=as_of, figures=(),
        note="Only money that the person received in full is counted as received.",
        not_shown="Harm without a price, awards that nobody entered, and why a payment is missing.",
        spec=specification([_panel(sums, code)], said, "Still owed", "name", "Sum"),
        tables=(Table("Awards", ("What", code or "Sum"), tuple((words, f"{_said(sums[name], code)}") for name, words in _BARS.items())),),
    )  # fmt: skip


def _said(value: Decimal, code: str) -> str:
    return f"{value:,.{0 if code in money.WHOLE else 2}f}"


def _panel(sums: dict[str, Decimal], code: str) -> Any:
    import altair as alt

    order = list(_BARS.values())
    rows = [
        {"name": words, "number": float(sums[name]), "label": f"{_said(sums[name], code)}", "tip": f"{words}: {_said(sums[name], code)} {code}"}
        for name, words in _BARS.items()
    ]  # fmt: skip
    blue, brown = PALETTE["referred"].light, PALETTE["identified"].light
    top = float(max(sums.values())) or 1.0
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("number:Q", title=None, axis=None, scale=alt.Scale(domain=[0, top * 1.35], nice=False)),
        y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False)),
    )
    bars = base.mark_bar(height=18).encode(
        color=alt.condition("datum.name === 'Still owed'", alt.value(brown), alt.value(blue)), tooltip="tip:N"
    )
    ends = base.mark_text(align="left", dx=6, color=PALETTE["ink"].light).encode(text="label:N")
    return alt.layer(bars, ends).properties(
        width=WIDTH, height=36 * len(rows), title=alt.TitleParams(code or "Sum", anchor="start", frame="group")
    )
