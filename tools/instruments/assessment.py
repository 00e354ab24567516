"""Assessing a record: values, the outcome, and the reasons for it.

Python is the reference; the page's script does the same with the same trees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tools.errors import Problem
from tools.instruments import expressions as ex
from tools.instruments.expressions import Value
from tools.instruments.model import Computed, Instrument, Item, Notice, Outcome, Repeat
from tools.instruments.record import Record


@dataclass(frozen=True)
class Assessment:
    """What a record comes to.

    Attributes
    ----------
    instrument : Instrument
    values : mapping
        Computed value id -> value (``None`` when missing); of a repeat, a tuple with one a row.
    relevant : frozenset of str
        Items and repeats that apply. Items of a repeat are in it when they apply in any row.
    outcome : Outcome or None
        ``None`` for instruments without outcomes.
    reasons : tuple of str
        Item ids whose answers led to the outcome, in the order of the form.
    reasons_for : mapping
        Computed value id (outside repeats) -> the same for this value.
    notices : tuple of Notice
    missing : tuple of str
        Items that apply, bear on a result and are not answered.
    faults : mapping
        Computed value id -> why it is missing, such as ``division by zero``.
    answered : int
        How many items that apply are answered.
    """

    instrument: Instrument
    values: Mapping[str, Any]
    relevant: frozenset[str]
    outcome: Outcome | None
    reasons: tuple[str, ...]
    reasons_for: Mapping[str, tuple[str, ...]]
    notices: tuple[Notice, ...]
    missing: tuple[str, ...]
    faults: Mapping[str, str]
    answered: int


@dataclass
class Sheet(ex.Reader):
    """All values of one record, worked out when asked for and kept. Row -1 is outside every repeat."""

    instrument: Instrument
    record: Record
    known: dict[tuple[str, int], Value] = field(default_factory=dict)
    applies: dict[tuple[str, int], bool] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    led: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)

    # -- rows

    def row_count(self, repeat: str) -> int:
        """Return how many rows a repeat has; none when it does not apply."""
        rows = self.record.answers.get(repeat, ())
        return len(rows) if isinstance(rows, tuple) and self.is_relevant(repeat) else 0

    def at(self, row: int) -> _Place:
        """Return the sheet as an expression in this row sees it."""
        return _Place(self, row)

    # -- relevance

    def is_relevant(self, name: str, row: int = -1) -> bool:
        """Return whether an item or repeat applies."""
        key = (name, row)
        if key not in self.applies:
            repeat = self.instrument.repeat_of.get(name)
            inside = repeat is None or self.is_relevant(repeat)
            conditions = self.instrument.conditions_of.get(name, ())
            self.applies[key] = inside and all(ex.evaluate(c.tree, self.at(row)) for c in conditions)
        return self.applies[key]

    # -- values

    def get(self, name: str, row: int) -> Value:
        """Return a value, ``None`` when missing."""
        repeat = self.instrument.repeat_of.get(name)
        key = (name, row if repeat else -1)
        if key not in self.known:
            self.known[key] = self.work_out(name, key[1], repeat)
        return self.known[key]

    def work_out(self, name: str, row: int, repeat: str | None) -> Value:
        """Work a value out; :meth:`get` keeps it."""
        member = self.instrument.everything[name]
        if isinstance(member, Computed):
            place = self.at(row)
            place.computing = name
            value = ex.evaluate(member.expression.tree, place)
            # Beyond the largest input, double precision has no digit left for cents: no engine shows such a number.
            if isinstance(value, Decimal) and abs(value) > ex.NUMBER_MAX:
                place.fault("too large")
                return None
            return ("yes" if value else "no") if isinstance(value, bool) else value
        if not self.is_relevant(name, row):
            return None
        if repeat:
            rows = self.record.answers.get(repeat, ())
            return rows[row].get(name) if isinstance(rows, tuple) and 0 <= row < len(rows) else None
        answer = self.record.answers.get(name)
        return None if isinstance(answer, tuple) else answer

    def reasons_of(self, name: str, row: int) -> frozenset[str]:
        """Return the reasons behind one id: an answered item itself, a computed value's own."""
        if name in self.instrument.repeats:
            return frozenset({name}) if self.row_count(name) else frozenset()
        repeat = self.instrument.repeat_of.get(name)
        if repeat and row < 0:  # all rows
            rows = range(self.row_count(repeat))
            return frozenset().union(*(self.reasons_of(name, r) for r in rows))
        member = self.instrument.everything[name]
        if isinstance(member, Item):
            return frozenset({name}) if self.get(name, row) is not None else frozenset()
        key = (name, row if repeat else -1)
        if key not in self.led:
            self.led[key] = self.reasons(member.expression.tree, key[1])
        return self.led[key]

    def reasons(self, tree: ex.Tree, row: int) -> frozenset[str]:
        """Return the reasons behind the value of a tree in a row."""

        def of(name: str, place: str) -> frozenset[str]:
            if place == "before":
                return self.reasons_of(name, row - 1) if row > 0 else frozenset()
            return self.reasons_of(name, -1 if place == "all" else row)

        return ex.reasons(tree, self.at(row), of)


class _Place(ex.Reader):
    """The sheet as seen from one row (-1: from outside every repeat)."""

    def __init__(self, sheet: Sheet, row: int) -> None:
        self.sheet, self.here, self.computing = sheet, row, ""

    def value(self, name: str) -> Value:
        return self.sheet.get(name, self.here)

    def previous(self, name: str) -> Value:
        return self.sheet.get(name, self.here - 1) if self.here > 0 else None

    def column(self, name: str) -> list[Value]:
        repeat = self.sheet.instrument.repeat_of[name]
        return [self.sheet.get(name, row) for row in range(self.sheet.row_count(repeat))]

    def row_count(self, repeat: str) -> int:
        return self.sheet.row_count(repeat)

    def fault(self, reason: str) -> None:
        if self.computing:
            self.sheet.faults.setdefault(self.computing, reason)


def open_sheet(instrument: Instrument, record: Record) -> Sheet:
    """Return the sheet of a record after checking that it belongs to the instrument."""
    if record.instrument != instrument.id:
        raise Problem("REC_002", found=record.instrument, wanted=instrument.id)
    return Sheet(instrument, record)


def _outcome(instrument: Instrument, place: ex.Reader) -> Outcome | None:
    for outcome in instrument.outcomes:
        if outcome.when is None or ex.evaluate(outcome.when.tree, place):
            return outcome
    return None


def assess(instrument: Instrument, record: Record) -> Assessment:
    """Assess a record.

    Raises
    ------
    Problem
        ``REC_002`` when the record belongs to another instrument.
    """
    sheet = open_sheet(instrument, record)
    place = sheet.at(-1)
    values: dict[str, Any] = {}
    for repeat in instrument.repeats.values():
        for computed in repeat.computed:
            values[computed.id] = tuple(sheet.get(computed.id, row) for row in range(sheet.row_count(repeat.id)))
    for computed in instrument.computed:
        values[computed.id] = sheet.get(computed.id, -1)
    outcome = _outcome(instrument, place)
    order = list(instrument.items) + list(instrument.repeats) + list(instrument.repeat_of)

    def in_order(found: frozenset[str]) -> tuple[str, ...]:
        return tuple(name for name in order if name in found)

    led = sheet.reasons(outcome.when.tree, -1) if outcome and outcome.when else frozenset[str]()
    bearing = _bearing(instrument)
    relevant = frozenset(name for name in _all_names(instrument) if _anywhere(sheet, name))
    return Assessment(
        instrument=instrument,
        values=values,
        relevant=relevant,
        outcome=outcome,
        reasons=in_order(led),
        reasons_for={c.id: in_order(sheet.reasons_of(c.id, -1)) for c in instrument.computed},
        notices=tuple(n for n in instrument.notices if ex.evaluate(n.when.tree, place)),
        missing=tuple(
            name
            for name, item in instrument.items.items()
            if item.answerable and name in relevant and name in bearing and sheet.get(name, -1) is None
        ),
        faults=dict(sheet.faults),
        answered=sum(
            1 for name, item in instrument.items.items() if item.answerable and sheet.get(name, -1) is not None
        ) + sum(sheet.row_count(name) > 0 for name in instrument.repeats),
    )  # fmt: skip


def _all_names(instrument: Instrument) -> Iterator[str]:
    yield from instrument.items
    for repeat in instrument.repeats.values():
        yield repeat.id
        yield from (item.id for item in repeat.items)


def _anywhere(sheet: Sheet, name: str) -> bool:
    repeat = sheet.instrument.repeat_of.get(name)
    if repeat is None:
        return sheet.is_relevant(name)
    return any(sheet.is_relevant(name, row) for row in range(sheet.row_count(repeat)))


def _bearing(instrument: Instrument) -> frozenset[str]:
    """Return the ids that outcomes, notices or shown values read, directly or through others."""
    todo = [o.when.tree for o in instrument.outcomes if o.when] + [n.when.tree for n in instrument.notices]
    todo += [c.expression.tree for c in instrument.computed if c.show]
    found: set[str] = set()
    while todo:
        for name in ex.names(todo.pop()) - found:
            found.add(name)
            member = instrument.everything.get(name)
            if isinstance(member, Computed):
                todo.append(member.expression.tree)
            todo.extend(c.tree for c in instrument.conditions_of.get(name, ()))
    return frozenset(found)


@dataclass(frozen=True)
class Change:
    """One answer that would lead to another outcome."""

    item: str
    answer: str
    outcome: str


def what_would_change(instrument: Instrument, record: Record) -> tuple[Change, ...]:
    """Return the single answers that, given differently, would lead to another outcome.

    Tries every other answer of every choice item outside repeats that applies and bears on a
    result, one at a time; answers that are open are tried too.
    """
    base = _outcome(instrument, open_sheet(instrument, record).at(-1))
    if base is None:
        return ()
    sheet = open_sheet(instrument, record)
    bearing = _bearing(instrument)
    found: list[Change] = []
    for name, item in instrument.items.items():
        if item.type not in {"yes-no-unknown", "choice"} or name not in bearing or not sheet.is_relevant(name):
            continue
        for choice in item.choices:
            if record.answers.get(name) == choice.code:
                continue
            other = Record(record.instrument, record.version, {**record.answers, name: choice.code})
            outcome = _outcome(instrument, open_sheet(instrument, other).at(-1))
            if outcome is not None and outcome.id != base.id:
                found.append(Change(name, choice.code, outcome.id))
    return tuple(found)


def relevant_answers(instrument: Instrument, record: Record) -> dict[str, Any]:
    """Return the answers that apply, in the order of the form; the rest is dropped when saving."""
    sheet = open_sheet(instrument, record)
    kept: dict[str, Any] = {}
    for section in instrument.sections:
        for member in section.members:
            if isinstance(member, Repeat):
                rows = tuple(
                    {item.id: value for item in member.items if (value := sheet.get(item.id, row)) is not None}
                    for row in range(sheet.row_count(member.id))
                )
                if rows:
                    kept[member.id] = rows
            elif (value := sheet.get(member.id, -1) if member.answerable else None) is not None:
                kept[member.id] = value
    return kept


def display(member: Item | Computed, value: Value) -> str:
    """Return a value in words: the label of a code, a number with its decimals, a date."""
    if value is None:
        return ""
    labels = {choice.code: choice.label for choice in member.choices}
    if isinstance(value, frozenset):
        return "; ".join(choice.label for choice in member.choices if choice.code in value)
    if isinstance(value, Decimal):
        digits = member.decimals
        comma = "" if isinstance(member, Item) and member.is_year else ","
        return format(ex.round_half_away(value, digits), f"{comma}.{digits}f")
    return labels.get(str(value), str(value))
