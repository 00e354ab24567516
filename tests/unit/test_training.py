"""What the training notebooks share: made-up answers that lead where the page says, and results in few lines."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

import tools
from tools import content
from tools.instruments import library, record
from tools.remedies import methods, schedule
from tools.surfaces import training

#: Each step of the path, and how the result begins that the page talks about.
PATH = {
    "identification/consent-opening": "You can begin",
    "identification/ilo-forced-labour-eleven": "Signs of control are recorded",
    "protection/safety-plan": "High: act within two days",
    "identification/referral-slip": "It may go, and could be better",
    "reintegration/reintegration-plan": "The plan is running",
}


@pytest.mark.parametrize(("name", "title"), PATH.items())
def test_each_step_of_the_path_comes_to_what_the_page_says(name: str, title: str) -> None:
    form = tools.load(name)
    form.record = training.saved(f"first-contact/{form.instrument.id.partition('/')[2]}")
    said = training.result(form)
    assert said.startswith(f"{form.instrument.title}\n\n{title}")
    assert "It says so because of:" in said
    assert max(map(len, said.splitlines())) <= 72


@pytest.mark.parametrize("path", sorted((content.EXAMPLES / "first-contact").iterdir()), ids=lambda path: path.name)
def test_each_file_of_the_path_opens_in_its_form_without_a_note(path: Path) -> None:
    told = path.read_text(encoding="utf-8")
    name = json.loads(told)["instrument"]
    assert name in PATH
    assert record.read(told, library.load(name)).notes == ()


def test_one_answer_turns_a_result() -> None:
    form = tools.load("identification/consent-opening")
    form.record = {**training.saved("first-contact/consent-opening").answers, "said_must_report": "no"}
    assert "Say the rest before the first question" in training.result(form)


def test_the_goals_are_read_out_and_an_empty_plan_says_so() -> None:
    form = tools.load("reintegration/reintegration-plan")
    assert training.plan(form) == "No goal yet.\n"
    form.record = training.saved("first-contact/reintegration-plan")
    said = training.plan(form)
    assert said.startswith("Goal 1: I want my pay before I go home\n- ")
    assert "The service's view today: Much is there" in said


def test_a_form_without_answers_and_one_without_results() -> None:
    form = tools.load("reintegration/reintegration-plan")
    assert "begin with one goal" in training.result(form)
    without = tools.load("identification/tool-comparison-matrix")
    assert (without.assessment.outcome is None) == ("It gives no result." in training.result(without))


def test_the_made_up_loss_is_what_the_page_says() -> None:
    form = tools.load("remedies/loss-worksheet")
    form.record = training.saved("loss-worksheet")
    made = schedule.of_record(form.instrument, form.record)
    assert (made.low, made.central, made.high) == (Decimal("6366.20"), Decimal("7955.25"), Decimal("9544.31"))
    assert not [one for one in made.lines if one.head.startswith("M06")]  # the fee is in the missing pay already
    answers = json.loads(content.read_text(content.EXAMPLES / "loss-worksheet-made-up.json"))["answers"]
    answers["costs"][0]["from_pay"] = "no"  # the mistake of the case
    form.record = answers
    assert schedule.of_record(form.instrument, form.record).central == made.central + 600
    taken = methods.compute("fee_once", {"due": "4500", "net_received": "3600", "fee_paid_cash": "0"})
    in_cash = methods.compute("fee_once", {"due": "4500", "net_received": "4200", "fee_paid_cash": "600"})
    assert taken["total"] == in_cash["total"] == "900.00"
