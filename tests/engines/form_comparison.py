"""What an XForms engine found, compared with Python. Used by the tests of both engines."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from cases import vectors

from tools.instruments import expressions as ex
from tools.instruments import record
from tools.instruments.assessment import Sheet, assess, display
from tools.instruments.model import Instrument, Repeat
from tools.instruments.record import Record, plain

SEED = 20261124


def answer_sets(instrument: Instrument, count: int, most: int | None = None) -> list[dict[str, Any]]:
    """Return the vectors of an instrument (``most`` of them, spread over all), no answer, and ``count`` random sets."""
    chance = random.Random(SEED)  # noqa: S311 - a fixed seed, so that a difference can be looked at again
    sets = [dict(case.answers) for case in vectors.cases() if case.instrument.id == instrument.id]
    if most is not None and len(sets) > most and not instrument.id.startswith("tests/"):
        sets = [sets[number * len(sets) // most] for number in range(most)]
    return [*sets, {}, *(vectors.random_answers(instrument, chance) for _ in range(count))]


def compare(instrument: Instrument, sets: list[dict[str, Any]], found: list[dict[str, Any]]) -> int:
    """Compare what an engine found for each set with Python; return how many comparisons were made."""
    assert len(sets) == len(found)
    count = sum(
        Comparison(instrument, raw, record.of(instrument, raw), one).run() for raw, one in zip(sets, found, strict=True)
    )
    print(f"{instrument.id}: {len(sets)} answer sets, {count} comparisons")
    return count


def text_of(value: Any) -> Any:
    """Return an answer as the engine takes it."""
    if isinstance(value, frozenset):
        return sorted(value)
    return plain(value)


def filled(instrument: Instrument, answers: Record) -> dict[str, Any]:
    """Return what to fill in; a repeat is asked for its number of rows."""
    rows = {}
    for name in instrument.repeats:
        found = answers.answers.get(name, ())
        assert isinstance(found, tuple)
        rows[name] = [f"{name}_rows", [{key: text_of(value) for key, value in row.items()} for row in found]]
    single = {name: text_of(value) for name, value in answers.answers.items() if name in instrument.items}
    return {"answers": single, "rows": rows}


def same(python: Any, engine: str, decimals: int) -> bool:
    """Return whether two values are the same: numbers as people see them, with the decimals of the value."""
    if python is None or engine == "":
        return python is None and engine == ""
    if isinstance(python, Decimal):
        double = Decimal(engine)
        if abs(python - double) <= abs(python) * Decimal("1e-12") + Decimal("1e-9"):
            return True
        return ex.round_half_away(python, decimals) == ex.round_half_away(double, decimals)
    return str(plain(python)) == engine


class Comparison:
    """Compares what the engine found for one set of answers with Python."""

    def __init__(self, instrument: Instrument, raw: dict[str, Any], answers: Record, found: dict[str, Any]) -> None:
        self.instrument, self.raw, self.found = instrument, raw, found
        self.sheet, self.result = Sheet(instrument, answers), assess(instrument, answers)
        self.count = 0

    def check(self, what: str, python: Any, engine: Any, good: bool) -> None:
        self.count += 1
        assert good, (what, "Python:", python, "engine:", engine, self.raw)

    def value(self, name: str, python: Any, engine: dict[str, Any]) -> None:
        found = engine["values"][name]
        member = self.instrument.everything[name]
        self.check(name, python, found, same(python, found, member.decimals))
        shown = engine["values"].get(f"{name}_shown")
        if shown is not None:  # as people read it: without commas, with the currency behind
            wanted = display(member, python).replace(",", "") or "–"
            self.check(f"{name} as shown", wanted, shown, shown.partition(" ")[0] == wanted)

    def relevance(self, name: str, python: bool, engine: dict[str, Any]) -> None:
        self.check(f"{name} applies", python, name in engine["relevant"], python == (name in engine["relevant"]))

    def run(self) -> int:
        i, found, result = self.instrument, self.found, self.result
        self.check("valid answers are taken", [], found["refused"], found["refused"] == [])
        for computed in i.computed:
            self.value(computed.id, result.values[computed.id], found)
        for name in i.items:
            self.relevance(name, self.sheet.is_relevant(name), found)
        for repeat in i.repeats.values():
            # The question for the number of rows stands for the repeat, which shows when there are any.
            self.relevance(f"{repeat.id}_rows", self.sheet.is_relevant(repeat.id), found)
            self.relevance(repeat.id, self.sheet.row_count(repeat.id) > 0, found)
            if self.sheet.row_count(repeat.id):
                self.rows(repeat)
        if i.outcomes:
            outcome = result.outcome.id if result.outcome else ""
            self.check("outcome", outcome, found["values"]["outcome"], outcome == found["values"]["outcome"])
        self.names("outcome_", {o.id for o in i.outcomes}, {result.outcome.id} if result.outcome else set())
        self.names("notice_", {n.id for n in i.notices}, {n.id for n in result.notices})
        can_be_reasons = {
            name for name in [*i.items, *i.repeats, *i.repeat_of] if f"why_{name}_note" in found["values"]
        }
        self.check("reasons shown", set(result.reasons), can_be_reasons, set(result.reasons) <= can_be_reasons)
        self.names("why_", can_be_reasons, set(result.reasons), "_note")
        return self.count

    def names(self, before: str, names: set[str], python: set[str], after: str = "") -> None:
        shown = {name for name in names if f"{before}{name}{after}" in self.found["relevant"]}
        self.check(f"{before}…", python, shown, python == shown)

    def rows(self, repeat: Repeat) -> None:
        rows = self.found["rows"][repeat.id]
        count = self.sheet.row_count(repeat.id)
        self.check(f"rows of {repeat.id}", count, len(rows), count == len(rows))
        for number, row in enumerate(rows):
            self.check("valid answers are taken", [], row["refused"], row["refused"] == [])
            for item in repeat.items:
                self.relevance(item.id, self.sheet.is_relevant(item.id, number), row)
            for computed in repeat.computed:
                self.value(computed.id, self.result.values[computed.id][number], row)
