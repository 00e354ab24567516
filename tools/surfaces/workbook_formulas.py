"""The formulas of a workbook, printed from the trees of an instrument.

Every item, every condition and every operation has a cell of its own on a hidden sheet, so that no formula is long
and none is nested. A cell holds ``""`` when its value is missing, ``"yes"`` or ``"no"`` for a condition, a code, a
number, or a date as the spreadsheet counts days. A line of a repeat has one cell for each row, side by side.

Each formula is written together with its value, since a spreadsheet may show what is stored until something changes.
Only functions of Excel 2007 are used, none that changes by itself, and no text that could be read as a pattern.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tools.instruments import expressions as ex
from tools.instruments.assessment import Assessment, Sheet, assess
from tools.instruments.contribution import contributions
from tools.instruments.expressions import Tree
from tools.instruments.model import Choice, Computed, Instrument, Item
from tools.instruments.record import Record
from tools.surfaces.words import words
from tools.surfaces.workbook_layout import LISTS, Layout, column, labels

Stored = str | float
#: Names and conditions that stand in one formula; more are gathered in lines of their own first.
_TOGETHER: Final = 100
_DAY_ZERO: Final = dt.date(1899, 12, 30)


def serial(day: dt.date) -> int:
    """Return a date as a spreadsheet counts it.

    >>> serial(dt.date(1900, 3, 1))
    61
    """
    return (day - _DAY_ZERO).days


def stored(value: Any) -> Stored:
    """Return a value as a cell holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.date):
        return float(serial(value))
    return "yes" if isinstance(value, frozenset) else str(value)


@dataclass(frozen=True)
class Formula:
    """A formula without its sign of equality, and what it comes to for the record that is written.

    Without a formula it is a plain value.
    """

    text: str
    value: Stored


@dataclass(frozen=True)
class Operand:
    """Something a formula can name: a literal, or a line of the workings.

    Attributes
    ----------
    text : str
        The literal; empty for a line.
    line : int
        The line, counted from 0.
    repeat : str
        The repeat whose rows the line has cells for; empty for a line of one cell.
    shift : int
        -1 for the cell of the row before.
    sure : bool
        It is never missing.
    """

    text: str = ""
    line: int = -1
    repeat: str = ""
    shift: int = 0
    sure: bool = False

    def at(self, row: int) -> str:
        """Return how a formula of the workings names it in a row (-1: outside rows)."""
        if self.text:
            return self.text
        if not self.repeat:
            return f"B{self.line + 1}"
        place = row + self.shift
        return f"{column(1 + place)}{self.line + 1}" if place >= 0 else '""'

    def across(self, rows: int) -> str:
        """Return all cells of a line of a repeat."""
        return f"B{self.line + 1}:{column(rows)}{self.line + 1}"


@dataclass
class Working:
    """A line of the workings: what it is, and its formulas, one or one for each row."""

    name: str
    cells: list[Formula]


#: A part of a formula, as it stands in a row.
Part = Callable[[int], str]


def holds(one: Operand, test: str = '="yes"') -> Part:
    """Return the part of a formula that compares an operand."""
    return lambda row: f"{one.at(row)}{test}"


NO: Final = Operand('"no"', sure=True)
YES: Final = Operand('"yes"', sure=True)
NONE: Final = Operand('""')


class Lists:
    """The words that formulas show, and the answers to choose from, on a hidden sheet: words and codes."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str]] = []
        self.known: dict[tuple[tuple[str, str], ...], int] = {}

    def block(self, rows: Sequence[tuple[str, str]]) -> tuple[int, int]:
        """Return the first and the last row, counted from 1, of some rows; the same rows stand there once."""
        key = tuple(rows)
        if key not in self.known:
            self.known[key] = len(self.rows) + 1
            self.rows.extend(key)
        return self.known[key], self.known[key] + len(key) - 1

    def text(self, text: str) -> str:
        """Return the cell of a text."""
        return f"{LISTS}!$A${self.block([(text, '')])[0]}"

    def texts(self, texts: Sequence[str]) -> str:
        """Return the cells of some texts, one below the other."""
        first, last = self.block([(text, "") for text in texts])
        return f"{LISTS}!$A${first}:$A${last}"

    def labels(self, choices: Sequence[Choice]) -> str:
        """Return the cells with the words of some choices."""
        first, last = self.block(list(zip(labels(choices), (c.code for c in choices), strict=True)))
        return f"{LISTS}!$A${first}:$A${last}"

    def codes(self, choices: Sequence[Choice]) -> str:
        """Return the cells with the codes of some choices."""
        return self.labels(choices).replace("$A$", "$B$")


class Known:
    """What a record comes to: the values that stand beside the formulas."""

    def __init__(self, instrument: Instrument, record: Record) -> None:
        self.instrument, self.record = instrument, record
        self.sheet = Sheet(instrument, record)
        self.assessment: Assessment = assess(instrument, record)

    def raw(self, name: str, row: int) -> Any:
        """Return an answer as given, whether or not it applies."""
        repeat = self.instrument.repeat_of.get(name)
        if repeat is None:
            return self.record.answers.get(name)
        rows: Any = self.record.answers.get(repeat, ())
        return rows[row].get(name) if row < len(rows) else None

    def value(self, tree: Tree, row: int) -> Any:
        """Return the value of a tree, those of contributions included."""
        op = tree[0]
        if op in {"why", "why_before", "answered_before"}:
            here = row - 1 if op.endswith("_before") else row
            if op.endswith("_before") and here < 0:
                return False
            if op == "answered_before":
                return self.sheet.get(tree[1], here) is not None
            return tree[2] in self.sheet.reasons_of(tree[1], here if tree[1] in self.instrument.repeat_of else -1)
        if op == "any_row":
            return any(self.value(tree[2], at) for at in range(self.sheet.row_count(tree[1])))
        if op == "and":
            return all(self.value(part, row) for part in tree[1:])
        if op == "or":
            return any(self.value(part, row) for part in tree[1:])
        if op == "not":
            return not self.value(tree[1], row)
        return ex.evaluate(tree, self.sheet.at(row))


class Program:
    """All formulas of a workbook.

    Parameters
    ----------
    layout : Layout
    record : Record
        Whose values stand beside the formulas.
    form : str
        The name of the sheet that is filled in, as formulas write it.
    """

    def __init__(self, layout: Layout, record: Record, form: str) -> None:
        self.layout, self.form = layout, form
        self.instrument: Instrument = layout.instrument
        self.said = words(self.instrument.locale)
        self.known = Known(self.instrument, record)
        self.lists = Lists()
        self.lines: list[Working] = []
        self.trees: dict[tuple[Tree, str], Operand] = {}
        self.named: dict[tuple[str, ...], Operand] = {}
        self.contributions = contributions(self.instrument)
        self.most_rows = max([1, *(repeat.max_rows for repeat in self.instrument.repeats.values())])
        self.places: dict[tuple[str, str], list[str]] = {}
        for line in layout.lines:
            for cell in line.answers:
                if cell.member:
                    place = f"{form}!${column(cell.first)}${line.at + 1}"
                    self.places.setdefault((cell.member.id, cell.code), []).append(place)
        # The number of each row, above everything.
        self.lines.append(Working("row", [Formula("", row + 1.0) for row in range(self.most_rows)]))

    # -- lines

    def rows_of(self, repeat: str) -> int:
        """Return how many cells a line of a repeat has."""
        return self.instrument.repeats[repeat].max_rows

    def reserve(self, name: str, repeat: str, *, sure: bool = False) -> Operand:
        """Return a new line whose formulas come later."""
        self.lines.append(Working(name, []))
        return Operand(line=len(self.lines) - 1, repeat=repeat, sure=sure)

    def fill(self, made: Operand, formula: Part, value: Callable[[int], Any]) -> Operand:
        """Write the formulas of a line; they are asked for with the row, or with -1 outside rows."""
        rows = range(self.rows_of(made.repeat)) if made.repeat else (-1,)
        self.lines[made.line].cells = [Formula(formula(row), stored(value(row))) for row in rows]
        return made

    def line(
        self, name: str, repeat: str, formula: Part, value: Callable[[int], Any], *,
        sure: bool = False,
    ) -> Operand:  # fmt: skip
        """Return a new line."""
        return self.fill(self.reserve(name, repeat, sure=sure), formula, value)

    def once(self, key: tuple[str, ...], make: Callable[[], Operand]) -> Operand:
        """Return the line of a key, made when it is first asked for."""
        if key not in self.named:
            self.named[key] = make()
        return self.named[key]

    # -- answers

    def parsed(self, item: Item, code: str = "") -> Operand:
        """Return an answer as it counts when the question applies: missing unless it can be read with certainty."""
        return self.once(("parsed", item.id, code), lambda: self._parsed(item, code))

    def _parsed(self, item: Item, code: str) -> Operand:
        places = self.places[item.id, code]
        repeat = self.instrument.repeat_of.get(item.id, "")

        def raw(row: int) -> Any:
            found = self.known.raw(item.id, row)
            return (code in found or None) if code and found is not None else found

        def formula(row: int) -> str:
            return self._reading(item, code, places[max(row, 0)])

        if item.choices and not code:
            picked = self._picked(item, places, repeat, raw)
            codes = self.lists.codes(item.choices)
            return self.line(
                f"{item.id}: read", repeat, lambda r: f'IF({picked.at(r)}=0,"",INDEX({codes},{picked.at(r)}))', raw
            )
        if item.type == "text":
            return self.line(f"{item.id}: read", repeat, formula, lambda r: None if raw(r) is None else "yes")
        return self.line(f"{item.id}{code and '=' + code}: read", repeat, formula, raw)

    def _picked(self, item: Item, places: list[str], repeat: str, raw: Callable[[int], Any]) -> Operand:
        """Return which of the answers to choose from stands in the cell; 0 for none of them."""
        found = self.lists.labels(item.choices)
        above = self.lists.block(list(zip(labels(item.choices), (c.code for c in item.choices), strict=True)))[0] - 1
        codes = [choice.code for choice in item.choices]

        def formula(row: int) -> str:
            cell = places[max(row, 0)]
            return f"IF(ISTEXT({cell}),SUMPRODUCT(EXACT(LOWER(TRIM({cell})),LOWER({found}))*(ROW({found})-{above})),0)"

        def number(row: int) -> Any:
            return Decimal(codes.index(raw(row)) + 1 if raw(row) is not None else 0)

        return self.line(f"{item.id}: which", repeat, formula, number, sure=True)

    def _reading(self, item: Item, code: str, cell: str) -> str:
        if code:
            yes = self.lists.text(self.said["yes"])
            return f'IF(ISTEXT({cell}),IF(EXACT(LOWER(TRIM({cell})),LOWER({yes})),"yes",""),"")'
        if item.type == "date":
            low = serial(dt.date.fromisoformat(item.minimum) if item.minimum else ex.DATE_MIN)
            high = serial(dt.date.fromisoformat(item.maximum) if item.maximum else ex.DATE_MAX)
            return f'IF(ISNUMBER({cell}),IF(AND({cell}=INT({cell}),{cell}>={low},{cell}<={high}),{cell},""),"")'
        if item.type in {"number", "money"}:
            low_number = max(Decimal(item.minimum or -ex.NUMBER_MAX), -ex.NUMBER_MAX)
            high_number = min(Decimal(item.maximum or ex.NUMBER_MAX), ex.NUMBER_MAX)
            bounds = f"{cell}>={low_number:f},{cell}<={high_number:f},ROUND({cell},{item.decimals})={cell}"
            return f'IF(ISNUMBER({cell}),IF(AND({bounds}),{cell},""),"")'
        return f'IF(ISTEXT({cell}),IF(TRIM(CLEAN({cell}))="","","yes"),"")'

    def cells_of(self, item: Item) -> list[str]:
        """Return the codes of the cells of an item; one empty code where it has one cell."""
        return [choice.code for choice in item.choices] if item.type == "choices" else [""]

    def fault_in(self, item: Item, code: str = "") -> Operand:
        """Return whether a cell holds something that cannot be read."""

        def make() -> Operand:
            read, places = self.parsed(item, code), self.places[item.id, code]

            def formula(row: int) -> str:
                cell = places[max(row, 0)]
                blank = f'IF(ISTEXT({cell}),IF(TRIM(CLEAN({cell}))="","no","yes"),"yes")'
                return f'IF(ISBLANK({cell}),"no",IF({read.at(row)}<>"","no",{blank}))'

            return self.line(
                f"{item.id}{code and '=' + code}: unreadable", self.instrument.repeat_of.get(item.id, ""),
                formula, lambda _: False, sure=True,
            )  # fmt: skip

        return self.once(("fault", item.id, code), make)

    # -- rows

    def rows(self, repeat: str) -> Operand:
        """Return how many rows count: up to the last one that holds an answer, none when the repeat does not apply."""

        def make() -> Operand:
            filled = self.filled(repeat)
            applies = self.relevant(repeat)
            count = f"MAX({filled.across(self.rows_of(repeat))})"
            return self.line(
                f"{repeat}: rows", "", lambda row: f'IF({applies.at(row)}="yes",{count},0)',
                lambda _: Decimal(self.known.sheet.row_count(repeat)), sure=True,
            )  # fmt: skip

        return self.once(("rows", repeat), make)

    def filled(self, repeat: str) -> Operand:
        """Return for each row its number when it holds an answer, else 0."""

        def make() -> Operand:
            items = [item for item in self.instrument.repeats[repeat].items if item.answerable]
            read = [self.parsed(item, code) for item in items for code in self.cells_of(item)]
            some = self.some([holds(one, '<>""') for one in read], f"{repeat}: filled", repeat,
                             lambda row: any(self.known.raw(item.id, row) is not None for item in items))  # fmt: skip
            return self.line(
                f"{repeat}: number", repeat, lambda row: f'IF({some.at(row)}="yes",{self.numbers_at(row)},0)',
                lambda row: Decimal(row + 1 if any(self.known.raw(i.id, row) is not None for i in items) else 0),
                sure=True,
            )  # fmt: skip

        return self.once(("filled", repeat), make)

    def numbers_at(self, row: int) -> str:
        """Return the cell with the number of a row."""
        return f"{column(1 + row)}$1"

    def some(
        self, tests: Sequence[Part], name: str, repeat: str, value: Callable[[int], Any], word: str = "OR"
    ) -> Operand:  # fmt: skip
        """Return a line that says whether some (or, with ``AND``, all) of many tests hold."""
        while len(tests) > _TOGETHER:
            gathered: list[Part] = []
            for start in range(0, len(tests), _TOGETHER):
                part = self.some(tests[start : start + _TOGETHER], name, repeat, lambda _: None, word)
                gathered.append(holds(part))
            tests = gathered
        return self.line(
            name, repeat, lambda row: f'IF({word}({",".join(test(row) for test in tests)}),"yes","no")', value, sure=True
        )  # fmt: skip

    def any_answer(self) -> Operand:
        """Return whether anything is answered at all."""

        def make() -> Operand:
            items = [item for item in self.instrument.items.values() if item.answerable]
            read = [self.parsed(item, code) for item in items for code in self.cells_of(item)]
            tests: list[Part] = [holds(one, '<>""') for one in read]
            for repeat in self.instrument.repeats:
                filled = self.filled(repeat)
                across = filled.across(self.rows_of(repeat))
                tests.append(Operand(f"MAX({across})>0").at)
            return self.some(tests, "anything answered", "", lambda _: bool(self.known.record.answers))

        return self.once(("any",), make)

    # -- relevance and values

    def relevant(self, name: str) -> Operand:
        """Return whether an item or repeat applies; of a row item, in its row."""

        def make() -> Operand:
            scope = self.instrument.repeat_of.get(name, "")
            parts = [self.tree(c.tree, scope) for c in self.instrument.conditions_of.get(name, ())]
            if scope:
                parts.append(self.relevant(scope))
            parts = [part for part in parts if part != YES]
            if len(parts) < 2:
                return parts[0] if parts else YES
            bound = next((part.repeat for part in parts if part.repeat), "")
            tests: list[Part] = [holds(one) for one in parts]
            return self.some(
                tests, f"{name}: applies", bound, lambda row: self.known.sheet.is_relevant(name, row), "AND"
            )

        return self.once(("relevant", name), make)

    def value(self, name: str, code: str = "") -> Operand:
        """Return the value of an item or computed value as the expressions see it."""
        member = self.instrument.everything[name]
        if isinstance(member, Computed):
            return self.computed(member)
        if member.type == "choices" and not code:
            return self.once(("answered", name), lambda: self._answered(member))
        return self.once(("value", name, code), lambda: self._value(member, code))

    def _value(self, item: Item, code: str) -> Operand:
        read, applies = self.parsed(item, code), self.relevant(item.id)
        repeat = self.instrument.repeat_of.get(item.id, "")

        def value(row: int) -> Any:
            if repeat and row >= self.known.sheet.row_count(repeat):
                return None
            found = self.known.sheet.get(item.id, row)
            if item.type == "text" and found is not None:
                return "yes"
            return (code in found or None) if code and isinstance(found, frozenset) else found

        if repeat:
            count = self.rows(repeat)

            def in_row(row: int) -> str:
                holds = "" if applies == YES else f',{applies.at(row)}="yes"'
                return f'IF(AND({self.numbers_at(row)}<={count.at(row)}{holds}),{read.at(row)},"")'

            return self.line(f"{item.id}{code and '=' + code}", repeat, in_row, value)
        if applies == YES:
            return read
        return self.line(
            f"{item.id}{code and '=' + code}", "", lambda row: f'IF({applies.at(row)}="yes",{read.at(row)},"")', value
        )

    def _answered(self, item: Item) -> Operand:
        repeat = self.instrument.repeat_of.get(item.id, "")
        parts = [self.value(item.id, choice.code) for choice in item.choices]
        some = self.some([holds(one) for one in parts], f"{item.id}: any", repeat,
                         lambda row: self.known.sheet.get(item.id, row) is not None)  # fmt: skip
        return self.line(
            item.id, repeat, lambda row: f'IF({some.at(row)}="yes","yes","")',
            lambda row: self.known.sheet.get(item.id, row),
        )  # fmt: skip

    def computed(self, computed: Computed) -> Operand:
        """Return the line of a computed value."""
        key = ("value", computed.id, "")
        if key in self.named:
            return self.named[key]
        repeat = self.instrument.repeat_of.get(computed.id, "")
        # First its place: `prev` may look back at the value itself.
        made = self.reserve(computed.id, repeat, sure=computed.kind == "condition" and not repeat)
        self.named[key] = made
        body = self.tree(computed.expression.tree, repeat)

        def formula(row: int) -> str:
            text = body.at(row)
            if computed.kind in {"number", "money"}:
                text = f'IF({text}="","",IF(ABS({text})>{ex.NUMBER_MAX:f},"",{text}))'
            return f'IF({self.numbers_at(row)}<={self.rows(repeat).at(row)},{text},"")' if repeat else text

        def value(row: int) -> Any:
            beyond = repeat and row >= self.known.sheet.row_count(repeat)
            return None if beyond else self.known.sheet.get(computed.id, row)

        return self.fill(made, formula, value)

    # -- trees

    def bound(self, tree: Tree, repeat: str) -> bool:
        """Return whether a tree has another value in every row of a repeat."""
        op = tree[0]
        if op in {"ref", "answered", "selected", "prev", "why", "why_before", "answered_before"}:
            return self.instrument.repeat_of.get(tree[1]) == repeat
        if op in {"count", "count_rows", "sum_rows", "min_rows", "max_rows", "rows", "any_row"}:
            return False
        return any(self.bound(part, repeat) for part in tree[1:] if isinstance(part, tuple))

    def tree(self, tree: Tree, repeat: str = "") -> Operand:
        """Return where the value of a tree stands; the same tree stands there once."""
        scope = repeat if repeat and self.bound(tree, repeat) else ""
        key = (tree, scope)
        if key not in self.trees:
            method: Callable[[Tree, str], Operand] = getattr(self, f"_{_METHODS.get(tree[0], tree[0])}_op", _unknown)
            self.trees[key] = self._simple(tree) or method(tree, scope)
        return self.trees[key]

    def node(self, tree: Tree, scope: str, formula: Part, *, sure: bool = False) -> Operand:
        """Return a new line for a tree."""
        return self.line(str(tree[0]), scope, formula, lambda row: self.known.value(tree, row), sure=sure)

    def _simple(self, tree: Tree) -> Operand | None:
        """Return a literal, or what a name stands for; nothing for an operation."""
        match tree[0]:
            case "num":
                return Operand(tree[1], sure=True)
            case "str":
                return Operand('"' + tree[1].replace('"', '""') + '"', sure=True)
            case "bool":
                return YES if tree[1] else NO
            case "none":
                return NONE
            case "date":
                return Operand(str(serial(dt.date.fromisoformat(tree[1]))), sure=True)
            case "ref":
                return self.value(tree[1])
            case "prev":
                return _before(self.value(tree[1]))
            case "rows":
                return self.rows(tree[1])
            case "why":
                return self.why(tree[1], tree[2])
        return None

    def _answered_op(self, tree: Tree, scope: str) -> Operand:
        found = self.value(tree[1]) if tree[0] == "answered" else _before(self.value(tree[1]))
        return self.node(tree, scope, lambda row: f'IF({found.at(row)}="","no","yes")', sure=True)

    def _selected_op(self, tree: Tree, scope: str) -> Operand:
        member = self.instrument.everything[tree[1]]
        if isinstance(member, Item) and member.type == "choices":
            found, code = self.value(tree[1], tree[2]), "yes"
        else:
            found, code = self.value(tree[1]), tree[2]
        return self.node(tree, scope, lambda row: f'IF({found.at(row)}="{code}","yes","no")', sure=True)

    def _cmp_op(self, tree: Tree, scope: str) -> Operand:
        op = "<>" if tree[1] == "!=" else "=" if tree[1] == "==" else tree[1]
        left, right = self.tree(tree[2], scope), self.tree(tree[3], scope)

        def formula(row: int) -> str:
            test = f'IF({left.at(row)}{op}{right.at(row)},"yes","no")'
            return _unless_missing(row, (left, right), '"no"', test)

        return self.node(tree, scope, formula, sure=True)

    def _logic_op(self, tree: Tree, scope: str) -> Operand:
        parts = [self.tree(part, scope) for part in tree[1:]]
        word = tree[0].upper()
        tests: list[Part] = [holds(one) for one in parts]
        return self.some(tests, tree[0], scope, lambda row: self.known.value(tree, row), word)

    def _not_op(self, tree: Tree, scope: str) -> Operand:
        part = self.tree(tree[1], scope)
        return self.node(tree, scope, lambda row: f'IF({part.at(row)}="yes","no","yes")', sure=True)

    def _if_op(self, tree: Tree, scope: str) -> Operand:
        test, then, other = (self.tree(part, scope) for part in tree[1:])
        return self.node(
            tree, scope, lambda row: f'IF({test.at(row)}="yes",{then.at(row)},{other.at(row)})',
            sure=then.sure and other.sure,
        )  # fmt: skip

    def _count_op(self, tree: Tree, _: str) -> Operand:
        if len(tree[1]) > _TOGETHER:
            halves = (("count", tree[1][:_TOGETHER], tree[2]), ("count", tree[1][_TOGETHER:], tree[2]))
            return self.tree(("+", *halves))
        parts = [self.value(name) for name in tree[1]]
        return self.node(tree, "", lambda row: "+".join(f'({p.at(row)}="{tree[2]}")' for p in parts) + "+0", sure=True)

    def column_of(self, name: str) -> str:
        """Return the cells of a row item or row value, those of rows that do not count being empty."""
        return self.value(name).across(self.rows_of(self.instrument.repeat_of[name]))

    def _count_rows_op(self, tree: Tree, _: str) -> Operand:
        cells = self.column_of(tree[1])
        return self.node(tree, "", lambda _: f'SUMPRODUCT(({cells}="{tree[2]}")*1)', sure=True)

    def _all_rows_op(self, tree: Tree, _: str) -> Operand:
        cells, op = self.column_of(tree[1]), tree[0][:3].upper()
        total = "SUM({0})" if op == "SUM" else 'IF(COUNT({0})=0,"",{1}({0}))'
        return self.node(tree, "", lambda _: total.format(cells, op), sure=op == "SUM")

    def _aggregate_op(self, tree: Tree, scope: str) -> Operand:
        parts, op = [self.tree(part, scope) for part in tree[1:]], tree[0].upper()

        def formula(row: int) -> str:
            # A cell with "" in it is passed over, the text "" itself is not.
            cells = [text for text in (part.at(row) for part in parts) if text != '""']
            if not cells:
                return "0" if op == "SUM" else '""'
            listed = ",".join(cells)
            return f"SUM({listed})" if op == "SUM" else f'IF(COUNT({listed})=0,"",{op}({listed}))'

        return self.node(tree, scope, formula, sure=op == "SUM")

    def _arithmetic_op(self, tree: Tree, scope: str) -> Operand:
        left, right = self.tree(tree[1], scope), self.tree(tree[2], scope)

        def formula(row: int) -> str:
            a, b = left.at(row), right.at(row)
            text = {
                "/": f'IF({b}=0,"",{a}/{b})',
                "days_between": f"{b}-{a}",
                "add_days": f'IF(AND({a}+{b}>={serial(ex.DATE_MIN)},{a}+{b}<={serial(ex.DATE_MAX)}),{a}+{b},"")',
            }.get(tree[0], f"{a}{tree[0]}{b}")
            return _unless_missing(row, (left, right), '""', text)

        sure = left.sure and right.sure and tree[0] not in {"/", "add_days"}
        return self.node(tree, scope, formula, sure=sure)

    def _neg_op(self, tree: Tree, scope: str) -> Operand:
        part = self.tree(tree[1], scope)
        return self.node(
            tree, scope, lambda row: _unless_missing(row, (part,), '""', f"0-{part.at(row)}"), sure=part.sure
        )

    def _round_op(self, tree: Tree, scope: str) -> Operand:
        part = self.tree(tree[1], scope)
        return self.node(
            tree,
            scope,
            lambda row: _unless_missing(row, (part,), '""', rounded(part.at(row), tree[2])),
            sure=part.sure,
        )

    # -- contributions

    def why(self, owner: str, name: str) -> Operand:
        """Return whether an answer is a reason for a computed value or an outcome."""
        key = ("why", owner, name)
        if key not in self.named:
            repeat = self.instrument.repeat_of.get(owner, "")
            made = self.reserve(f"{name} led to {owner}", repeat, sure=True)
            self.named[key] = made
            found = self.contributions[owner].get(name)
            body = self.tree(found, repeat) if found is not None else NO
            self.fill(made, body.at, lambda row: self.known.value(("why", owner, name), row))
        return self.named[key]

    def _why_before_op(self, tree: Tree, scope: str) -> Operand:
        found = _before(self.why(tree[1], tree[2]))
        return self.node(tree, scope, lambda row: f'IF({found.at(row)}="yes","yes","no")', sure=True)

    def _any_row_op(self, tree: Tree, _: str) -> Operand:
        repeat = tree[1]
        part, count = self.tree(tree[2], repeat), self.rows(repeat)
        if not part.repeat:
            test = f'AND({count.at(-1)}>0,{part.at(-1)}="yes")'
        else:
            numbers = f"B1:{column(self.rows_of(repeat))}1"
            test = f'SUMPRODUCT(({part.across(self.rows_of(repeat))}="yes")*({numbers}<={count.at(-1)}))>0'
        return self.node(tree, "", lambda _: f'IF({test},"yes","no")', sure=True)


_METHODS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("and", "or"), "logic"),
    "answered_before": "answered",
    **dict.fromkeys(("sum_rows", "min_rows", "max_rows"), "all_rows"),
    **dict.fromkeys(("sum", "min", "max"), "aggregate"),
    **dict.fromkeys(("+", "-", "*", "/", "days_between", "add_days"), "arithmetic"),
}


def _unknown(tree: Tree, _: str) -> Operand:
    raise NotImplementedError(tree[0])


def _before(found: Operand) -> Operand:
    return Operand(found.text, found.line, found.repeat, found.shift - 1)


def _unless_missing(row: int, parts: Iterable[Operand], instead: str, text: str) -> str:
    """Return a formula that gives something else when an operand is missing."""
    found = [part.at(row) for part in parts if not part.sure]
    if '""' in found:
        return instead
    tests = [f'{cell}=""' for cell in dict.fromkeys(found)]
    if not tests:
        return text
    return f"IF({tests[0] if len(tests) == 1 else 'OR(' + ','.join(tests) + ')'},{instead},{text})"


def rounded(cell: str, digits: int) -> str:
    """Round as the definition language does: in two steps, halves away from zero."""
    return f"ROUND(ROUND(ABS({cell}),{digits + 4}),{digits})*SIGN({cell})"
