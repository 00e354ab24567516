"""Reasons as conditions: when an answer counts towards an outcome or a computed value.

A spreadsheet and an XForm cannot walk a tree as :func:`tools.instruments.expressions.reasons` does. So the
rule "which answers led there" is turned round: for every item, the condition under which it is a reason. The
conditions are trees of the same language with four operations more:

``("why", owner, name)``
    ``name`` is a reason for the computed value ``owner`` (in this row, when the owner belongs to a repeat).
``("why_before", owner, name)``
    The same in the row before; false in the first row.
``("answered_before", name)``
    ``name`` is answered in the row before; false in the first row.
``("any_row", repeat, tree)``
    The condition holds in at least one of the rows that count, ``rows(repeat)`` of them.

Owners are computed values, by id, and outcomes, as ``outcome:<id>``. Inside a row condition the names of the
repeat stand for their value in the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tools.instruments.expressions import Tree
from tools.instruments.model import Computed, Instrument

#: Name of an item or repeat -> when it is a reason.
Conditions = Mapping[str, Tree]

_ROWS: Final = frozenset({"count_rows", "sum_rows", "min_rows", "max_rows"})


def outcome_owner(outcome: str) -> str:
    """Return the owner that an outcome is called by.

    >>> outcome_owner("refer")
    'outcome:refer'
    """
    return f"outcome:{outcome}"


def contributions(instrument: Instrument) -> Mapping[str, Conditions]:
    """Return, for every computed value and outcome, when each item or repeat is a reason for it.

    Parameters
    ----------
    instrument : Instrument

    Returns
    -------
    mapping of str to mapping of str to tuple
        Owner -> name of an item or repeat, in the order in which reasons are given -> condition. A name that
        can never be a reason is not in it. Conditions of a row's computed value are meant in its row.
    """
    return _Contributions(instrument).all()


def either(conditions: Iterable[Tree]) -> Tree:
    """Return the condition that at least one of some conditions holds."""
    parts = list(dict.fromkeys(conditions))
    return parts[0] if len(parts) == 1 else ("or", *parts)


class _Contributions:
    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        order = [*instrument.items, *instrument.repeats, *instrument.repeat_of]
        self.rank = {name: place for place, name in enumerate(order)}
        self.names = self._names()

    def all(self) -> Mapping[str, Conditions]:
        i = self.instrument
        found: dict[str, Conditions] = {}
        for repeat in i.repeats.values():
            for computed in repeat.computed:
                found[computed.id] = self.why(computed.expression.tree, repeat.id)
        for computed in i.computed:
            found[computed.id] = self.why(computed.expression.tree, "")
        for outcome in i.outcomes:
            if outcome.when is not None:
                found[outcome_owner(outcome.id)] = self.why(outcome.when.tree, "")
        return found

    def _names(self) -> Mapping[str, frozenset[str]]:
        """Return the names that can be reasons for each computed value.

        ``prev`` lets a value depend on itself in the row before, so the sets grow until nothing changes.
        """
        computed = {n: m for n, m in self.instrument.everything.items() if isinstance(m, Computed)}
        self.names = dict.fromkeys(computed, frozenset())
        while True:
            grown = {
                name: frozenset(self.why(member.expression.tree, self.instrument.repeat_of.get(name, "")))
                for name, member in computed.items()
            }
            if grown == self.names:
                return grown
            self.names = grown

    # -- one id

    def of(self, name: str, scope: str, place: str) -> dict[str, Tree]:
        """Return when each name is a reason through one id: ``here``, in the row ``before``, or in ``all`` rows."""
        if name in self.instrument.repeats:
            return {name: ("cmp", ">", ("rows", name), ("num", "0"))}
        repeat = self.instrument.repeat_of.get(name, "")
        if repeat and (place == "all" or scope != repeat):
            return {other: ("any_row", repeat, tree) for other, tree in self.of(name, repeat, "here").items()}
        before = "_before" if place == "before" else ""
        if isinstance(self.instrument.everything[name], Computed):
            return {other: (f"why{before}", name, other) for other in self.names[name]}
        return {name: (f"answered{before}", name)}

    # -- trees

    def why(self, tree: Tree, scope: str) -> dict[str, Tree]:
        """Return when each name is a reason for the value of a tree, in the order of reasons."""
        found: dict[str, list[Tree]] = {}
        for name, condition in self.parts(tree, scope):
            found.setdefault(name, []).append(condition)
        return {name: either(found[name]) for name in sorted(found, key=self.rank.__getitem__)}

    def parts(self, tree: Tree, scope: str) -> list[tuple[str, Tree]]:
        op = tree[0]
        if op == "prev":
            return list(self.of(tree[1], scope, "before").items())
        if op in _ROWS:
            return list(self.of(tree[1], scope, "all").items())
        if op in {"ref", "answered", "selected", "rows"}:
            return list(self.of(tree[1], scope, "here").items())
        if op == "count":
            return [(name, ("cmp", "==", ("ref", name), ("str", tree[2]))) for name in tree[1]]
        if op in {"and", "or"}:
            # Of a true `and` every part decided, of a false one the false parts; `or` the other way round.
            found: list[tuple[str, Tree]] = []
            for part in tree[1:]:
                decided = ("or", tree, ("not", part)) if op == "and" else ("or", ("not", tree), part)
                found += [(name, ("and", when, decided)) for name, when in self.parts(part, scope)]
            return found
        if op == "if":
            condition, then, other = tree[1:]
            return [
                *self.parts(condition, scope),
                *((name, ("and", when, condition)) for name, when in self.parts(then, scope)),
                *((name, ("and", when, ("not", condition))) for name, when in self.parts(other, scope)),
            ]
        return [one for part in tree[1:] if isinstance(part, tuple) and part for one in self.parts(part, scope)]
