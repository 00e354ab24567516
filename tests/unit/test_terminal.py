"""The form in the terminal: the same record as any other form, going back without loss, rows."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from cases import vectors

from tools.instruments import record
from tools.instruments.assessment import relevant_answers
from tools.instruments.model import Item, Repeat
from tools.surfaces.terminal import BACK, CLEAR, Dialogue, Step, Stopped


class Typist(Dialogue):
    """Types the answers of a record where they are asked for."""

    def __init__(self, instrument, wanted: record.Record) -> None:
        super().__init__(instrument, lambda _prompt: self.typed, lambda _line: None)
        self.wanted = wanted.answers
        self.typed = ""

    def _ask_row(self, repeat: Repeat, row: int) -> bool:
        self.typed = "y" if row < len(self.wanted.get(repeat.id, ())) else "n"
        return super()._ask_row(repeat, row)

    def _ask_item(self, item: Item, step: Step) -> bool:
        member = self._member(step)[1]
        place = self.wanted if step.row < 0 else self.wanted[member.id][step.row]
        self.typed = typed(place.get(item.id))
        return super()._ask_item(item, step)


def typed(value: Any) -> str:
    """Return what is typed for a value."""
    found = record.plain(value)
    return ", ".join(found) if isinstance(found, list) else str("" if found is None else found)


def no_empty_row_at_the_end(answers: dict[str, Any]) -> dict[str, Any]:
    """The dialogue drops rows that were added and left empty at the end."""
    for name, value in list(answers.items()):
        if isinstance(value, tuple):
            rows = list(value)
            while rows and not rows[-1]:
                rows.pop()
            answers[name] = tuple(rows)
    return {name: value for name, value in answers.items() if value != ()}


CASES = list(vectors.cases())
MOST = 4  # cases of one instrument; the made-up one, which uses everything, runs all of its own


@pytest.mark.promise("same-result")
@pytest.mark.parametrize("instrument", vectors.instruments(), ids=lambda one: one.id)
def test_typing_the_answers_gives_the_record(instrument) -> None:
    mine = [case for case in CASES if case.instrument.id == instrument.id]
    assert mine
    for case in mine if instrument.name == "everything" else mine[:MOST]:
        wanted = record.of(instrument, case.answers)
        made = Typist(instrument, wanted).run()
        kept = no_empty_row_at_the_end(relevant_answers(instrument, wanted))
        assert relevant_answers(instrument, made) == kept, case
        # Enter alone, all the way through, changes nothing.
        again = Dialogue(instrument, lambda _prompt: "", lambda _line: None)
        again.answers = {n: list(map(dict, v)) if isinstance(v, tuple) else v for n, v in made.answers.items()}
        assert again.run() == made


def everything():
    return next(one for one in vectors.instruments() if one.name == "everything")


def run(lines: list[str], **answers: Any) -> tuple[Dialogue, list[str]]:
    """Fill the made-up instrument with these lines, until they end."""
    said: list[str] = []
    waiting = iter(lines)

    def read(prompt: str) -> str:
        said.append(prompt)
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    dialogue = Dialogue(everything(), read, said.append)
    dialogue.answers.update(answers)
    with contextlib.suppress(Stopped):
        dialogue.run()
    return dialogue, said


BEFORE_ROWS = [*[""] * 5, "land", *[""] * 9]  # the questions before the rows, which apply on land


def test_several_answers_dates_and_numbers_are_read_and_checked() -> None:
    lines = ["C-1", "", "", "", "", "sea", "1, papers", "25", "12.5"]
    dialogue, said = run(lines)
    assert dialogue.record.answers["signs"] == frozenset({"debt", "papers"})
    assert str(dialogue.record.answers["hours"]) == "12.5"
    assert any("'hours' cannot be '25'" in line for line in said)
    assert "Think of the flag, the port and the coast." in said


def test_an_answer_is_deleted_and_back_keeps_what_was_typed() -> None:
    dialogue, said = run(["C-1", "free text", BACK, BACK, BACK, CLEAR])
    assert dialogue.record.answers == {"remarks": "free text"}
    assert "This is the first question." in said
    assert "  Answered: free text" in said


def test_rows_are_added_gone_through_again_and_taken_away() -> None:
    first = [*BEFORE_ROWS, "y", "5", "100", "", "", "", "y", "6", "", "", "", "n"]
    dialogue, said = run(first)
    assert [set(row) for row in dialogue.record.answers["periods"]] == [{"worked", "due"}, {"worked"}]
    assert "Add period 1? (y/n, Enter: no) > " in said
    kept = {"periods": [dict(row) for row in dialogue.record.answers["periods"]]}
    again, said = run([*BEFORE_ROWS, "maybe", "", "7", "", "", "", "", "n"], **kept)
    assert [str(row["worked"]) for row in again.record.answers["periods"]] == ["7"]
    assert "Type y or n." in said


def test_a_row_left_empty_is_dropped_and_no_more_are_asked_than_fit() -> None:
    row = ["y", "", "", "", ""]
    dialogue, said = run([*BEFORE_ROWS, *row * 6])
    assert "periods" not in dialogue.record.answers
    assert not any("period 7" in line for line in said)


def test_help_and_stop() -> None:
    dialogue, said = run(["?", "C-1", "!"])
    assert dialogue.record.answers == {"case_code": "C-1"}
    assert sum("goes back" in line for line in said) == 2
