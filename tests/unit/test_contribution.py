"""Reasons as conditions say the same as reasons found by walking."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from cases import vectors

from tools.instruments import expressions as ex
from tools.instruments import record
from tools.instruments.assessment import Sheet, assess
from tools.instruments.contribution import Conditions, contributions, outcome_owner
from tools.instruments.model import Instrument

SETS = 60


class Conditional:
    """Evaluates the conditions, the four added operations included, on a sheet."""

    def __init__(self, sheet: Sheet, owners: dict[str, Conditions]) -> None:
        self.sheet, self.owners = sheet, owners
        # A row that follows itself is asked for again and again: what was found is kept, as a spreadsheet keeps a cell.
        self.known: dict[tuple[int, int], bool] = {}

    def holds(self, tree: ex.Tree, row: int) -> bool:
        place = (id(tree), row)
        if place not in self.known:
            self.known[place] = self.found(tree, row)
        return self.known[place]

    def found(self, tree: ex.Tree, row: int) -> bool:
        op = tree[0]
        if op == "and":
            return all(self.holds(part, row) for part in tree[1:])
        if op == "or":
            return any(self.holds(part, row) for part in tree[1:])
        if op == "not":
            return not self.holds(tree[1], row)
        if op in {"why", "why_before"}:
            at = row - (op == "why_before")
            own = self.sheet.instrument.repeat_of.get(tree[1])
            return (at >= 0 or not own) and self.holds(self.owners[tree[1]][tree[2]], at if own else -1)
        if op == "answered_before":
            return row > 0 and self.sheet.get(tree[1], row - 1) is not None
        if op == "any_row":
            return any(self.holds(tree[2], at) for at in range(self.sheet.row_count(tree[1])))
        return bool(ex.evaluate(tree, self.sheet.at(row)))

    def reasons(self, owner: str) -> list[str]:
        return [name for name, tree in self.owners[owner].items() if self.holds(tree, -1)]


@pytest.mark.parametrize("instrument", vectors.instruments(), ids=lambda i: i.id)
def test_conditions_give_the_reasons_that_walking_gives(instrument: Instrument) -> None:
    chance = random.Random(7)  # noqa: S311 - a fixed seed, so that a difference can be looked at again
    owners = dict(contributions(instrument))
    compared = 0
    for _ in range(SETS):
        answers = record.of(instrument, vectors.random_answers(instrument, chance))
        result = assess(instrument, answers)
        conditional = Conditional(Sheet(instrument, answers), owners)
        if result.outcome and result.outcome.when:
            assert conditional.reasons(outcome_owner(result.outcome.id)) == list(result.reasons)
            compared += 1
        for name, reasons in result.reasons_for.items():
            assert conditional.reasons(name) == list(reasons), name
            compared += 1
    assert compared


def periods(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"periods": list(rows), "place": "land"}


def test_a_value_that_follows_itself_has_the_reasons_of_the_rows_before() -> None:
    instrument = vectors.fixture("everything.yml")
    first = {"due": "10", "paid_on": "2026-01-01", "got": "4"}
    second = {"due": "10", "paid_on": "2026-01-02"}
    answers = record.of(instrument, periods(first, second))
    result = assess(instrument, answers)
    assert result.values["running"] == (Decimal("6.00"), None)
    assert result.reasons_for["peak"] == ("due", "got", "paid_on")


def test_an_item_that_cannot_be_a_reason_is_not_named() -> None:
    instrument = vectors.fixture("everything.yml")
    found = contributions(instrument)
    assert set(found["stay"]) == {"started", "ended"}
    assert "remarks" not in found["owed"]
