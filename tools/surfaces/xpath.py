"""Expressions printed as XPath, in the small part of it that ODK, Enketo and KoboCollect share.

How the rules of the expression language are kept:

- Inside an expression a missing number or date is ``NaN``, which arithmetic and comparison pass on or answer with
  false; a missing code is ``''``. A node that keeps a value is ``''`` when it is missing.
- Dates are counted in days from the text of the date, with whole numbers only, so no clock change leaks in.
- Some engines leave an answer that no longer applies in its node. So whatever reads an item asks first whether it
  applies.
- A text that would be needed more than once becomes a node of its own (``Node``), so that forms stay small.
- JavaRosa, on which KoboCollect stands, refuses a value that reads itself in the row before. Such values are worked
  out outside their repeat, one node a row, and each row picks its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from tools.errors import Problem
from tools.instruments import expressions as ex
from tools.instruments.contribution import contributions
from tools.instruments.model import Computed, Instrument, Item

#: Names that XLSForm keeps for itself.
RESERVED: Final = frozenset({"meta"})
MISSING_NUMBER: Final = "number('')"
LONG: Final = 120
_FAR: Final = "999999999999999"  # beyond every number that counts
_NUMERIC: Final = frozenset({"number", "money", "date"})


@dataclass(frozen=True)
class Place:
    """Where an expression stands: outside repeats, in a row of one, or outside but reading a numbered row."""

    repeat: str = ""
    row: int = 0

    @property
    def home(self) -> str:
        """The repeat in which a node made here lies; empty outside."""
        return "" if self.row else self.repeat


OUTSIDE: Final = Place()


@dataclass(frozen=True)
class Node:
    """A calculated node.

    Attributes
    ----------
    name, calculation : str
    number : bool
        It holds a number. Said to the engines too: JavaRosa writes large numbers as ``1.0E8`` into text and cannot
        read that back.
    """

    name: str
    calculation: str
    number: bool = False


def day_number(day: dt.date) -> int:
    """Return the day as the printed expressions count it: in days from 1 March of the year 0, counted as day 1.

    >>> day_number(dt.date(2024, 3, 1)) - day_number(dt.date(2024, 2, 28))
    2
    """
    return day.toordinal() + 306


def reference(node: str) -> str:
    """Return the reference to a node, as XLSForm writes it."""
    return f"${{{node}}}"


def amount(node: str) -> str:
    """Return XPath for the number in a node; ``NaN`` when it is empty."""
    return f"number(${{{node}}})"


def _days(months: str, day: str) -> str:
    """Return XPath for the day number, from months since March of the year 0 and the day of the month."""
    year = f"int({months} div 12)"
    return (
        f"{day} + int((153 * ({months} - 12 * {year}) + 2) div 5) + 365 * {year}"
        f" + int({months} div 48) - int({months} div 1200) + int({months} div 4800)"
    )


def either(parts: Iterable[str]) -> str:
    """Return XPath that is true when one part is."""
    return _joined("or", list(parts))


def every(parts: Iterable[str]) -> str:
    """Return XPath that is true when all parts are."""
    return _joined("and", list(parts))


def _joined(word: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else "(" + f" {word} ".join(parts) + ")"


class Printer:
    """Prints the expressions of one instrument and collects the helper nodes they need.

    Attributes
    ----------
    instrument : Instrument
    nodes : dict
        Repeat id, or empty for outside -> the helper nodes there, in the order in which they were needed.
    """

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.nodes: dict[str, list[Node]] = {"": [], **{repeat: [] for repeat in instrument.repeats}}
        self.taken: set[str] = set()
        self.name_of: dict[str, str] = {}
        # Repeats and everything in them first: they keep their ids.
        for name in [s.id for s in instrument.sections] + [*instrument.repeats, *instrument.everything]:
            self.name_of[name] = self.new_name(name)
        # The question that asks how many rows a repeat has.
        self.count_of = {repeat: self.new_name(f"{repeat}_rows") for repeat in instrument.repeats}
        self.why_trees = contributions(instrument)
        self.chains = frozenset().union(*(_chained(instrument, repeat) for repeat in instrument.repeats))
        self.chain_names: dict[tuple[str, ...], str] = {}
        self.kept: dict[tuple[str, str, bool], str] = {}
        self.owner = "value"

    # -- names and nodes

    def new_name(self, wanted: str) -> str:
        """Return a name that no node has yet."""
        name = wanted
        while name in self.taken or name in RESERVED:
            name += "_"
        self.taken.add(name)
        return name

    def keep(self, text: str, place: Place, wanted: str = "", *, number: bool = False) -> str:
        """Return the name of a node that holds the value of an expression; the same expression has one node."""
        key = (place.home, text, number)
        if key not in self.kept:
            count = sum(len(nodes) for nodes in self.nodes.values()) + 1
            name = self.new_name(wanted or f"{self.owner}_w{count}")
            self.kept[key] = name
            self.nodes[place.home].append(Node(name, text, number))
        return self.kept[key]

    def short(self, text: str, place: Place) -> str:
        """Return a number's text, by way of a node when it is too long to stand more than once."""
        if len(text) <= 60:
            return text
        return amount(self.keep(text, place, number=True))

    def atom(self, node: str, repeat: str, place: Place) -> str:
        """Return the reference to a node as it has to be written at a place."""
        if repeat and place.row:
            return f"indexed-repeat(${{{node}}}, ${{{self.name_of[repeat]}}}, {place.row})"
        return reference(node)

    def before(self, node: str, repeat: str, missing: str) -> str:
        """Return XPath for the value of a node in the row before."""
        reference = f"indexed-repeat(${{{node}}}, ${{{self.name_of[repeat]}}}, position(..) - 1)"
        return f"if(position(..) > 1, {reference}, {missing})"

    def repeat_of(self, name: str) -> str:
        """Return the repeat that an item or computed value belongs to; empty outside."""
        return self.instrument.repeat_of.get(name, "")

    # -- values by name

    def kind(self, name: str) -> str:
        """Return ``number``, ``money``, ``date``, ``code``, ``codes`` or ``text``."""
        member = self.instrument.everything[name]
        if isinstance(member, Computed):
            return "code" if member.kind == "condition" else member.kind
        return {"yes-no-unknown": "code", "choice": "code", "choices": "codes"}.get(member.type, member.type)

    def raw(self, name: str, place: Place) -> str:
        """Return the reference to an item or computed value, whether it applies or not."""
        if place.row and name in self.chains:
            return reference(self.chain_name(name, place.row))
        return self.atom(self.name_of[name], self.repeat_of(name), place)

    def applies(self, name: str, place: Place) -> str:
        """Return XPath for whether an item or repeat applies; empty when it always does."""
        conditions = self.instrument.conditions_of.get(name, ())
        # A section and an item in it often say the same.
        return every(dict.fromkeys(self.condition(c.tree, place) for c in conditions)) if conditions else ""

    def value(self, name: str, place: Place) -> str:
        """Return XPath for a value as text; ``''`` when it is missing."""
        on = self.applies(name, place)
        raw = self.raw(name, place)
        return f"if({on}, {raw}, '')" if on else raw

    def answered(self, name: str, place: Place) -> str:
        """Return XPath for whether there is a value."""
        on, text = self.applies(name, place), self.raw(name, place)
        if self.kind(name) == "text":
            text = f"normalize-space({text})"
        return every(filter(None, (on, f"string-length({text}) > 0")))

    def equals(self, name: str, code: str, place: Place) -> str:
        """Return XPath for whether a choice is the one named."""
        return every(filter(None, (self.applies(name, place), f"{self.raw(name, place)} = {quoted(code)}")))

    def quantity(self, name: str, place: Place) -> str:
        """Return XPath for a number or for the day number of a date; ``NaN`` when it is missing."""
        if self.kind(name) == "date" and not (place.row and name in self.chains):
            return f"number({self.atom(self.day_node(name), self.repeat_of(name), place)})"
        return f"number({self.value(name, place)})"

    def day_node(self, name: str) -> str:
        """Return the node that holds the day number of a date."""
        home = Place(self.repeat_of(name))
        if isinstance(self.instrument.everything[name], Computed):
            return self.chain_name(name, 0)
        text = self.value(name, home)
        if text != self.raw(name, home):
            text = reference(self.keep(text, home, f"{name}_applies"))
        month = f"number(substr({text}, 0, 4)) * 12 + number(substr({text}, 5, 7)) - 3"
        asked = f"if(string-length({text}) > 0, "
        months = amount(self.keep(f"{asked}{month}, '')", home, f"{name}_months", number=True))
        days = _days(months, f"number(substr({text}, 8, 10))")
        return self.keep(f"{asked}{days}, '')", home, f"{name}_day", number=True)

    def chain_name(self, *key: Any) -> str:
        """Return the name of the node for a value in a numbered row (0: the day number of a computed date)."""
        wanted = "_".join(map(str, key[:-1])) + (f"_row_{key[-1]}" if key[-1] else "_day")
        full = tuple(map(str, key))
        if full not in self.chain_names:
            self.chain_names[full] = self.new_name(wanted.replace(":", "_"))
        return self.chain_names[full]

    # -- conditions

    def condition(self, tree: ex.Tree, place: Place) -> str:
        """Return XPath that is true or false; long ones by way of a node that says ``yes`` or ``no``."""
        text = self.condition_text(tree, place)
        if len(text) <= LONG:
            return text
        node = self.keep(f"if({text}, 'yes', 'no')", place)
        return f"{reference(node)} = 'yes'"

    def flag(self, tree: ex.Tree, repeat: str, wanted: str) -> str:
        """Return the node in a row that says ``yes`` or ``no`` for a condition."""
        place = Place(repeat)
        return self.keep(f"if({self.condition(tree, place)}, 'yes', 'no')", place, wanted)

    def condition_text(self, tree: ex.Tree, place: Place) -> str:
        """Return XPath that is true or false."""
        op = tree[0]
        if op == "bool":
            return "true()" if tree[1] else "false()"
        if op in {"and", "or"}:
            return (every if op == "and" else either)([self.condition(part, place) for part in tree[1:]])
        if op == "not":
            return f"not({self.condition(tree[1], place)})"
        if op == "answered":
            return self.answered(tree[1], place)
        if op == "selected":
            if self.kind(tree[1]) == "code":
                return self.equals(tree[1], tree[2], place)
            return every(
                filter(None, (self.applies(tree[1], place), f"selected({self.raw(tree[1], place)}, {quoted(tree[2])})"))
            )
        if op == "cmp":
            return self.comparison(tree, place)
        if op == "why":
            return self.why(tree[1], tree[2], place)
        if op == "any_row":
            return f"{self.over_rows(tree[1], f'if({self.condition(tree[2], Place(tree[1]))}, 1, 0)')} > 0"
        return self.condition_before(tree, place)

    def condition_before(self, tree: ex.Tree, place: Place) -> str:
        """Return XPath for a condition on the row before; false in the first row."""
        now = ("answered", tree[1]) if tree[0] == "answered_before" else ("why", tree[1], tree[2])
        if place.row:
            return self.condition(now, Place(place.repeat, place.row - 1)) if place.row > 1 else "false()"
        node = self.flag(now, place.repeat, "_".join(("is" if tree[0] == "answered_before" else "why", *now[1:])))
        above = self.before(node, place.repeat, "''")
        return f"{above} = 'yes'"

    def comparison(self, tree: ex.Tree, place: Place) -> str:
        """Return XPath for a comparison; false when a side is missing."""
        op, left, right = tree[1:]
        if {self.tree_kind(left), self.tree_kind(right)} & _NUMERIC:
            one, two = self.number(left, place), self.number(right, place)
            if op == "!=":
                one, two = self.short(one, place), self.short(two, place)
                return f"({one} < {two} or {one} > {two})"
            return f"{one} {'=' if op == '==' else op} {two}"
        for one_side, other in ((left, right), (right, left)):
            if op == "==" and one_side[0] == "ref" and other[0] == "str":
                return self.equals(one_side[1], other[1], place)
        one, two = self.code(left, place), self.code(right, place)
        known = [f"{text} != ''" for side, text in ((left, one), (right, two)) if side[0] != "str"]
        return every([*known, f"{one} {'=' if op == '==' else '!='} {two}"])

    # -- reasons

    def why(self, owner: str, name: str, place: Place) -> str:
        """Return XPath for whether an item is a reason for a computed value or an outcome."""
        repeat = self.repeat_of(owner) if owner in self.instrument.everything else ""
        tree = self.why_trees[owner].get(name)
        if tree is None:
            return "false()"
        if owner in self.chains:
            in_row = self.why_row(owner, name)
            return f"{self.why_reference(owner, name, place.row) if place.row else reference(in_row)} = 'yes'"
        if repeat and place.row:
            node = self.flag(tree, repeat, f"why_{owner}_{name}")
            return f"{self.atom(node, repeat, place)} = 'yes'"
        return self.condition(tree, place)

    def why_reference(self, owner: str, name: str, row: int) -> str:
        """Return the reference to the node outside that says whether an item is a reason in a numbered row."""
        return reference(self.chain_name("why", owner, name, row))

    def why_row(self, owner: str, name: str) -> str:
        """Return the node in a row that says whether an item is a reason for a value worked out in a chain."""
        repeat, tree = self.repeat_of(owner), self.why_trees[owner][name]
        key = ("why_row", owner, name)
        if key not in self.chain_names:
            self.chain_names[key] = self.new_name(f"why_{owner}_{name}")
            rows = range(1, self.instrument.repeats[repeat].max_rows + 1)
            for row in rows:
                text = f"if({self.condition(tree, Place(repeat, row))}, 'yes', 'no')"
                self.nodes[""].append(Node(self.chain_name("why", owner, name, row), text))
            picks = [f"if(position(..) = {row}, {self.why_reference(owner, name, row)}, '')" for row in rows]
            self.nodes[repeat].append(Node(self.chain_names[key], _concat(picks)))
        return self.chain_names[key]

    # -- numbers, dates and codes

    def tree_kind(self, tree: ex.Tree) -> str:
        """Return the kind of value a tree gives; ``missing`` when it gives none."""
        op = tree[0]
        if op in {"ref", "prev", "min_rows", "max_rows", "sum_rows"}:
            return self.kind(tree[1])
        if op == "if":
            kinds = [self.tree_kind(part) for part in tree[2:]]
            return next((kind for kind in kinds if kind != "missing"), "missing")
        return {"str": "code", "none": "missing", "date": "date", "add_days": "date"}.get(op, "number")

    def code(self, tree: ex.Tree, place: Place) -> str:
        """Return XPath for a choice code; ``''`` when it is missing."""
        op = tree[0]
        if op == "str":
            return quoted(tree[1])
        if op == "none":
            return "''"
        if op == "if":
            return f"if({self.condition(tree[1], place)}, {self.code(tree[2], place)}, {self.code(tree[3], place)})"
        if op == "prev":
            return self.previous(tree[1], place, "''")
        return self.value(tree[1], place)

    def previous(self, name: str, place: Place, missing: str) -> str:
        """Return XPath for the value in the row before (a date: its day number)."""
        numeric = self.kind(name) in _NUMERIC
        if place.row:
            above = Place(place.repeat, place.row - 1)
            return missing if place.row == 1 else self.quantity(name, above) if numeric else self.value(name, above)
        home = Place(place.repeat)
        if self.kind(name) == "date":
            node = self.day_node(name)
        elif self.value(name, home) == self.raw(name, home):
            node = self.name_of[name]
        else:
            node = self.keep(self.value(name, home), home, f"{name}_applies")
        text = self.before(node, place.repeat, "''")
        return f"number({text})" if numeric else text

    def number(self, tree: ex.Tree, place: Place) -> str:
        """Return XPath for a number, or for the day number of a date; ``NaN`` when it is missing."""
        op = tree[0]
        if op == "num":
            return str(tree[1])
        if op == "none":
            return MISSING_NUMBER
        if op == "date":
            return str(day_number(dt.date.fromisoformat(tree[1])))
        if op == "ref":
            return self.quantity(tree[1], place)
        if op == "prev":
            return self.previous(tree[1], place, MISSING_NUMBER)
        if op == "if":
            return f"if({self.condition(tree[1], place)}, {self.number(tree[2], place)}, {self.number(tree[3], place)})"
        if op == "count":
            return "(" + " + ".join(f"if({self.equals(name, tree[2], place)}, 1, 0)" for name in tree[1]) + ")"
        if op == "rows":
            return amount(self.row_count(tree[1]))
        if op == "count_rows":
            repeat = self.repeat_of(tree[1])
            return self.over_rows(repeat, f"if({self.equals(tree[1], tree[2], Place(repeat))}, 1, 0)")
        if op in {"sum_rows", "min_rows", "max_rows"}:
            return self.aggregate_rows(op[:3], tree[1])
        if op in {"sum", "min", "max"}:
            return self.aggregate(op, [self.number(part, place) for part in tree[1:]], place)
        if op == "round":
            return self.rounded(self.number(tree[1], place), tree[2], place)
        if op == "neg":
            return f"(0 - {self.number(tree[1], place)})"
        return self.arithmetic(op, self.number(tree[1], place), self.number(tree[2], place), place)

    def arithmetic(self, op: str, left: str, right: str, place: Place) -> str:
        """Return XPath for an operation on two numbers or dates."""
        if op == "days_between":
            return f"({right} - {left})"
        if op == "add_days":
            day = self.short(f"({left} + {right})", place)
            low, high = day_number(ex.DATE_MIN), day_number(ex.DATE_MAX)
            return f"if({day} >= {low} and {day} <= {high}, {day}, {MISSING_NUMBER})"
        if op == "/":
            right = self.short(right, place)
            return f"({left} div if({right} = 0, {MISSING_NUMBER}, {right}))"
        return f"({left} {op} {right})"

    def rounded(self, text: str, digits: int, place: Place) -> str:
        """Return XPath for a number rounded to ``digits`` + 4 places and then to ``digits``, halves away from zero."""
        text = self.short(text, place)
        units = self.units(text, digits)
        return f"(if({text} < 0, -1, 1) * {units} div {10**digits})" if digits else f"(if({text} < 0, -1, 1) * {units})"

    def units(self, text: str, digits: int) -> str:
        """Return XPath for the size of a number in units of its last digit, a whole number."""
        return f"int(int(abs({text}) * {10 ** (digits + 4)} + 0.5) div 10000 + 0.5)"

    # -- several values

    def row_count(self, repeat: str) -> str:
        """Return the node that holds how many rows count.

        It goes by the answer: where that is blank, KoboCollect's engine still holds one row, and others none.
        """
        answer = f"{amount(self.count_of[repeat])} >= 0"
        counted = every(filter(None, (self.applies(repeat, OUTSIDE), answer)))
        text = f"if({counted}, {amount(self.count_of[repeat])}, 0)"
        return self.keep(text, OUTSIDE, f"{repeat}_rows_counted", number=True)

    def over_rows(self, repeat: str, in_row: str, how: str = "sum", nothing: str = "0") -> str:
        """Return XPath for the sum (or the smallest) of a number that every row has.

        ``nothing`` stands in for it in rows that do not count.
        """
        rows = amount(self.row_count(repeat))
        node = self.keep(f"if(position(..) <= {rows}, {in_row}, {nothing})", Place(repeat), number=True)
        # Of no rows, engines give 0, nothing or NaN.
        outside = self.keep(f"if({rows} > 0, {how}({reference(node)}), 0)", OUTSIDE, number=True)
        return amount(outside)

    def aggregate_rows(self, op: str, name: str) -> str:
        """Return XPath for the sum, smallest or largest of the values in a repeat that are not missing."""
        repeat = self.repeat_of(name)
        value = self.quantity(name, Place(repeat))
        self.owner, before = name, self.owner
        known = f"string-length({self.value(name, Place(repeat))}) > 0"
        if op == "sum":
            text = self.over_rows(repeat, f"if({known}, {value}, 0)")
        else:
            count = self.over_rows(repeat, f"if({known}, 1, 0)")
            # The largest is the smallest of the opposites: KoboCollect's engine has no max() below zero.
            far = f"if({known}, {_opposite(value, op)}, {_FAR})"
            best = _opposite(self.over_rows(repeat, far, "min", _FAR), op)
            text = f"if({count} > 0, {best}, {MISSING_NUMBER})"
        self.owner = before
        return text

    def aggregate(self, op: str, parts: list[str], place: Place) -> str:
        """Return XPath for the sum, smallest or largest of the values that are not missing."""
        parts = [self.short(part, place) for part in parts]
        if op == "sum":
            return "(" + " + ".join(f"if({part} = {part}, {part}, 0)" for part in parts) + ")"
        found = either([f"{part} = {part}" for part in parts])
        known = [f"if({part} = {part}, {_opposite(part, op)}, {_FAR})" for part in parts]
        smallest = f"min({', '.join(known)})"
        return f"if({found}, {_opposite(smallest, op)}, {MISSING_NUMBER})"

    # -- computed values

    def computed(self, member: Computed) -> Node:
        """Return the node of a computed value, and keep the helpers it needs."""
        self.owner = member.id
        repeat = self.repeat_of(member.id)
        place = Place(repeat)
        tree = member.expression.tree
        if member.id in self.chains:
            return self.chained(member, repeat)
        if member.kind == "date":
            return self.date_node(member, self.number(tree, place), place)
        return Node(self.name_of[member.id], self.stored(member, place), member.kind in _NUMERIC)

    def stored(self, member: Computed, place: Place) -> str:
        """Return XPath for what a node of a computed value keeps; ``''`` when it is missing."""
        tree = member.expression.tree
        if member.kind == "condition":
            return f"if({self.condition(tree, place)}, 'yes', 'no')"
        if member.kind == "code":
            return self.code(tree, place)
        if _is_count(tree):
            return self.number(tree, place)
        return self.known(self.number(tree, place), place)

    def known(self, text: str, place: Place) -> str:
        """Return XPath for a number when it is one and not too large; ``''`` otherwise."""
        text = self.short(text, place)
        return f"if(abs({text}) <= {ex.NUMBER_MAX:f}, {text}, '')"

    def date_node(self, member: Computed, day: str, place: Place) -> Node:
        """Return the node of a computed date, as year-month-day, and keep its day number."""
        number = self.chain_name(member.id, 0)
        self.nodes[place.home].append(Node(number, self.known(day, place), True))

        # One text from one node: an engine that works nodes out one after the other must never meet half of a new
        # date with half of an old one. Between the bounds only the year 2100 falls out of the rule of four; years
        # begin in March here, so that the leap day is their last.
        first, skipped = day_number(dt.date(1900, 3, 1)), day_number(dt.date(2100, 3, 1))
        counted = amount(number)
        since = f"if({counted} >= {skipped}, {counted} - {first - 1}, {counted} - {first})"
        asked = f"if(string-length({reference(number)}) > 0, {since}, '')"
        node = self.keep(asked, place, f"{member.id}_since", number=True)
        days = amount(node)
        year = f"int((4 * {days} + 3) div 1461)"
        in_year = f"({days} - int(1461 * {year} div 4))"
        month = f"int((5 * {in_year} + 2) div 153)"
        in_month = f"({in_year} - int((153 * {month} + 2) div 5) + 1)"
        parts = [
            f"(1900 + {year} + if({month} > 9, 1, 0))", "'-'", _pad(f"if({month} > 9, {month} - 9, {month} + 3)", 2),
            "'-'", _pad(in_month, 2),
        ]  # fmt: skip
        return Node(self.name_of[member.id], f"if(string-length({reference(node)}) > 0, {_concat(parts)}, '')")

    def chained(self, member: Computed, repeat: str) -> Node:
        """Return the node in the row of a value worked out outside, one node for every row that there can be."""
        rows = range(1, self.instrument.repeats[repeat].max_rows + 1)
        number = member.kind in _NUMERIC
        for row in rows:
            place = Place(repeat, row)
            name = self.chain_name(member.id, row)
            self.nodes[""].append(Node(name, self.stored(member, place), number))
        home = Place(repeat)
        picked = [reference(self.chain_name(member.id, row)) for row in rows]
        if not number:
            picks = [f"if(position(..) = {row}, {name}, '')" for row, name in zip(rows, picked, strict=True)]
            return Node(self.name_of[member.id], _concat(picks))
        picks = [f"if(position(..) = {row}, number({name}), 0)" for row, name in zip(rows, picked, strict=True)]
        text = self.short(" + ".join(picks), home)
        if member.kind == "date":
            return self.date_node(member, text, home)
        return Node(self.name_of[member.id], self.known(text, home), True)

    # -- values for people

    def shown(self, member: Computed) -> str:
        """Return the node that holds a number or date as people read it: with its decimals, ``–`` when missing."""
        self.owner = member.id
        place = Place(self.repeat_of(member.id))
        raw = reference(self.name_of[member.id])
        if _is_count(member.expression.tree):
            return self.name_of[member.id]
        if member.kind not in _NUMERIC or member.kind == "date":
            return self.keep(f"if(string-length({raw}) > 0, {raw}, '–')", place, f"{member.id}_shown")
        units = amount(self.keep(self.units(f"number({raw})", member.decimals), place, number=True))
        power = 10**member.decimals
        # In groups of six digits: some engines write large numbers with an exponent.
        whole_part = f"int({units} div {power})" if member.decimals else units
        millions = f"int({units} div {power * 1_000_000})"
        rest = f"({whole_part} - {millions} * 1000000)"
        parts = [
            f"if(number({raw}) < 0 and {units} > 0, '-', '')",
            f"if({millions} > 0, concat({millions}, {_pad(rest, 6)}), {rest})",
        ]
        if member.decimals:
            parts += ["'.'", _pad(f"({units} - {whole_part} * {power})", member.decimals)]
        if member.currency:
            parts.append(self.currency(member.currency, place))
        return self.keep(f"if(string-length({raw}) > 0, {_concat(parts)}, '–')", place, f"{member.id}_shown")

    def currency(self, currency: str, place: Place) -> str:
        """Return XPath for the currency of an amount as it stands behind it."""
        if currency.isupper():
            return quoted(f" {currency}")
        codes = [choice.code for choice in self.instrument.everything[currency].choices]
        return _concat(
            [f"if({self.equals(currency, code, place)}, {quoted(f' {code.upper()}')}, '')" for code in codes]
        )

    def outcome(self) -> Node:
        """Return the node that names the outcome."""
        self.owner = "outcome"
        text = "''"
        for outcome in reversed(self.instrument.outcomes):
            if outcome.when is None:
                text = quoted(outcome.id)
            else:
                text = f"if({self.condition(outcome.when.tree, OUTSIDE)}, {quoted(outcome.id)}, {text})"
        return Node(self.new_name("outcome"), text)


def _opposite(text: str, op: str) -> str:
    """Return XPath for the opposite of a number when the largest is wanted."""
    return f"(0 - {text})" if op == "max" else text


def _is_count(tree: ex.Tree) -> bool:
    """Return whether a tree counts, so that its value is never missing and never too large."""
    return tree[0] in {"count", "count_rows", "rows"} or (tree[0] == "+" and all(_is_count(part) for part in tree[1:]))


def quoted(text: str) -> str:
    """Return a code as an XPath string; codes hold no quotes."""
    return f"'{text}'"


def _concat(parts: list[str]) -> str:
    return f"concat({', '.join(parts)})" if len(parts) > 1 else parts[0]


def _pad(text: str, digits: int) -> str:
    """Return XPath for a whole number with zeros before it."""
    return f"substr({10**digits} + {text}, 1, {digits + 1})"


def _chained(instrument: Instrument, repeat: str) -> frozenset[str]:
    """Return the computed values of a repeat that depend on themselves, by way of the row before.

    Raises
    ------
    Problem
        ``XLF_001`` when whether an item applies is part of the circle.
    """
    reads: dict[str, frozenset[str]] = {}
    for name, owner in instrument.repeat_of.items():
        if owner != repeat:
            continue
        member = instrument.everything[name]
        trees = [c.tree for c in instrument.conditions_of.get(name, ())]
        trees += [member.expression.tree] if isinstance(member, Computed) else []
        reads[name] = frozenset().union(*(ex.names(tree) for tree in trees))

    def reached(start: str) -> frozenset[str]:
        found: set[str] = set()
        todo = list(reads[start])
        while todo:
            name = todo.pop()
            if name in reads and name not in found:
                found.add(name)
                todo += reads[name]
        return frozenset(found)

    circle = frozenset(name for name in reads if name in reached(name))
    for name in circle:
        if isinstance(instrument.everything[name], Item):
            raise Problem("XLF_001", file=instrument.file or None, item=name)
    return circle
