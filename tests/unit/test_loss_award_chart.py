"""The chart of awards draws what the tracker works out."""

from __future__ import annotations

import pytest

from tools.errors import Problem
from tools.instruments import library, record
from tools.surfaces import award_chart

TRACKER = library.load("remedies/award-tracker")
ONE = {"cur": "usd", "claimed": "12000", "awarded": "10000", "as_of": "2026-11-25",
       "payments": [{"sum_paid": "3700", "verified": "yes"}, {"sum_paid": "900", "verified": "no"}]}  # fmt: skip


def test_the_gap_is_drawn_from_what_was_received() -> None:
    chart = award_chart.gap(
        [record.of(TRACKER, ONE), record.of(TRACKER, {"cur": "usd", "awarded": "500"})], made_up=True
    )
    rows = dict(chart.tables[0].rows)
    assert rows == {"Claimed": "12,500.00", "Awarded": "10,500.00", "Received": "3,700.00", "Still owed": "6,800.00"}
    assert "2 awards, of which 0 paid in full" in chart.population
    assert "<svg" in chart.html()


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(
    ("answers", "code"),
    [([{}], "CAS_031"), ([{"cur": "usd", "awarded": "1"}, {"cur": "thb", "awarded": "1"}], "REM_004")],
)
def test_what_cannot_be_drawn_is_said(answers, code: str) -> None:
    with pytest.raises(Problem) as caught:
        award_chart.gap([record.of(TRACKER, one) for one in answers])
    assert caught.value.code == code
