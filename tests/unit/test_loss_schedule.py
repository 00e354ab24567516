"""The schedule of loss, from saved forms, as text and as a page."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cases import vectors

from tools.__main__ import main
from tools.errors import Problem
from tools.instruments import library, record
from tools.remedies import schedule
from tools.surfaces import loss_page


def made(name: str, case: str) -> schedule.Schedule:
    instrument = library.load(f"remedies/{name}")
    file = json.loads((vectors.HERE / f"{name}.json").read_text(encoding="utf-8"))
    answers = next(one["answers"] for one in file["cases"] if one["id"] == case)
    return schedule.of_record(instrument, record.of(instrument, answers))


def test_the_schedule_of_the_live_in_worker() -> None:
    found = made("loss-schedule", "X01")
    assert found.central == sum(line.sum for line in found.lines) == Decimal("9579.49")
    said = loss_page.text(found)
    assert "9,579.49" in said
    assert "N06 Fear and anxiety: by the lawyer" in said
    assert "The highest lawful rate" in said
    assert max(map(len, said.splitlines())) <= 78


def test_the_worksheet_makes_one_too() -> None:
    found = made("loss-worksheet", "X01")
    assert found.central == sum(line.sum for line in found.lines) == Decimal("9579.49")
    assert found.lines[-1].method == "simple, 5 per cent a year, 400 days of 365"
    barred = made("loss-worksheet", "W11")
    assert ("Unpaid, out of time", "7,200.00 USD") in barred.apart


def test_several_currencies_show_their_rates() -> None:
    found = made("loss-schedule", "C01-C02")
    assert found.lines[0].own == "9,000 MYR at 4.60"
    assert ("Total at the rates of the day of judgment", "3,827.48 USD") in found.apart
    assert made("loss-schedule", "N03").apart[0][1] == "legal ceiling, no claim: 126,500,000 VND"


def test_the_page_holds_no_script_and_what_was_typed_stays_text() -> None:
    instrument = library.load("remedies/loss-schedule")
    line = {"head": "fees", "line_cur": "usd", "amount": "5", "method": "<script>alert(1)</script>"}
    answers = {"base": "usd", "assumed_more": "<b>x</b>", "lines": [line]}
    html = loss_page.page(schedule.of_record(instrument, record.of(instrument, answers)))
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("loss-worksheet", {"periods": [{"from_on": "2025-03-01", "to_on": "2025-03-31"}, {"from_on": "2025-03-31", "to_on": "2025-04-30"}]}, "REM_005", "Period 1 and Period 2"),
    ("loss-worksheet", {"periods": [{}, {"from_on": "2025-06-01", "to_on": "2025-05-01"}]}, "REM_003", "Period 2"),
    ("loss-worksheet", {"periods": [{"part_days": "3", "agreed": "5"}]}, "REM_010", "no sum is shown"),
    ("loss-schedule", {"base": "usd", "lines": [{"line_cur": "usd", "amount": "1"}, {"line_cur": "mmk", "amount": "10"}]}, "REM_007", "Line 2"),
    ("interest", {}, "REM_009", "remedies/interest"),
]  # fmt: skip


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(("name", "answers", "code", "words"), REFUSED)
def test_a_wrong_row_is_named(name: str, answers: dict[str, Any], code: str, words: str) -> None:
    instrument = library.load(f"remedies/{name}")
    with pytest.raises(Problem) as caught:
        schedule.of_record(instrument, record.of(instrument, answers))
    assert caught.value.code == code
    assert words in caught.value.what


def test_the_command_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    instrument = library.load("remedies/loss-schedule")
    file = json.loads((vectors.HERE / "loss-schedule.json").read_text(encoding="utf-8"))
    answers = next(one["answers"] for one in file["cases"] if one["id"] == "C01-C02")
    saved = tmp_path / "schedule.json"
    saved.write_text(record.dumps(record.of(instrument, answers), instrument), encoding="utf-8")
    assert main(["loss", str(saved)]) == 0
    assert "3,648.83" in capsys.readouterr().out
    out = tmp_path / "page.html"
    assert main(["loss", str(saved), "--out", str(out)]) == 0
    assert "<h1>Schedule of loss</h1>" in out.read_text(encoding="utf-8")
    assert main(["loss", str(saved), "--out", str(out)]) == 1, "a file that is there is not replaced"
    assert main(["loss", str(saved), str(saved), "--out", str(out)]) == 1
