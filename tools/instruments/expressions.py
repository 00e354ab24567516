"""Expressions: parsed once with ``ast``, checked against an instrument, kept as a small JSON tree.

The meaning of every operation is the same in four engines (Python, the page's script, XForms, a
spreadsheet). Python is the reference. Two ideas carry most of it:

- a value that was not asked, was skipped, was deleted or is irrelevant is *missing* (``None``);
- conditions are true or false only; a comparison with a missing value is false, ``!=`` included.

A tree is a nested tuple whose first member names the operation, for example
``("cmp", "==", ("ref", "age"), ("str", "adult"))``; ``json.dumps`` turns it into the lists that the
page interprets.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from typing import Any, Final

from tools.errors import Problem, near

Tree = tuple[Any, ...]
Value = str | Decimal | dt.date | frozenset[str] | bool | None

ID: Final = re.compile(r"[a-z][a-z0-9_]*")
# A spreadsheet would read these as cells (`dec1`, `r1c1`), so no id may look like one.
_CELL: Final = re.compile(r"[a-z]{1,3}[0-9]+|r[0-9]*c[0-9]*|r|c")
_WORDS: Final = frozenset(
    "and or not if else none true false in is for lambda div mod null today now index position".split()  # noqa: SIM905 - reads better than a list
)

DATE_MIN: Final = dt.date(1900, 3, 1)
DATE_MAX: Final = dt.date(2100, 12, 31)
NUMBER_MAX: Final = Decimal("1e11")
DECIMALS_MAX: Final = 4

FUNCTIONS: Final = (
    "count", "rows", "answered", "selected", "sum", "min", "max", "round", "prev", "days_between", "add_days",
    "convert", "date",
)  # fmt: skip

_COMPARISONS: Final[Mapping[type, str]] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ARITHMETIC: Final[Mapping[type, str]] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


@dataclass(frozen=True)
class Type:
    """What kind of value an expression gives.

    Attributes
    ----------
    kind : str
        ``condition``, ``number``, ``money``, ``date``, ``code``, ``codes``, ``text`` or ``missing``.
    exact : bool
        The number is the same in every engine to the last digit (input, literal, count, rounded).
    integer : bool
        The number is whole.
    codes : frozenset of str
        The answers a ``code`` or ``codes`` value can be.
    currency : str
        A fixed ISO 4217 code, or the id of the item that holds it; empty straight after ``convert``.
    """

    kind: str
    exact: bool = True
    integer: bool = False
    codes: frozenset[str] = frozenset()
    currency: str = ""


CONDITION: Final = Type("condition")
YES_NO: Final = Type("code", codes=frozenset({"yes", "no"}))
MISSING: Final = Type("missing")


@dataclass(frozen=True)
class Name:
    """What an id stands for while an expression is checked."""

    type: Type
    repeat: str = ""
    computed: bool = False
    section: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    # False for a computed condition, which is always yes or no.
    can_be_missing: bool = True


@dataclass(frozen=True)
class Scope:
    """All names of an instrument, as an expression may use them.

    Attributes
    ----------
    names : mapping of str to Name
    sections : mapping of str to tuple of str
        Section id -> ids of its choice items, outside repeats.
    repeats : mapping of str to tuple of str
        Repeat id -> ids of its items and computed values.
    """

    names: Mapping[str, Name]
    sections: Mapping[str, tuple[str, ...]]
    repeats: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Expression:
    """A checked expression.

    Attributes
    ----------
    text : str
        As written in the definition.
    tree : tuple
        What the engines interpret or print.
    type : Type
    """

    text: str
    tree: Tree
    type: Type


# --- ids ---------------------------------------------------------------------------------------


def id_fault(name: str) -> str | None:
    """Return why a word cannot be an id, or ``None`` when it can.

    >>> id_fault("wages_withheld") is None
    True
    >>> id_fault("dec1")
    'a spreadsheet would read it as a cell'
    """
    if not ID.fullmatch(name):
        return "it has other signs than lower-case letters, digits and underscores, or starts with a digit"
    if _CELL.fullmatch(name):
        return "a spreadsheet would read it as a cell"
    if name in _WORDS or name in FUNCTIONS:
        return "it is a word of the expression language"
    return None


# --- parsing -----------------------------------------------------------------------------------


def parse(text: str, scope: Scope, *, repeat: str = "", file: str | None = None, line: int | None = None) -> Expression:
    """Parse and check one expression.

    Parameters
    ----------
    text : str
        Python syntax, the small whitelist of the definition language.
    scope : Scope
        The names that may be used.
    repeat : str
        The repeat in whose rows the expression stands, if any.
    file, line : str, int, optional
        Where it stands, for messages.

    Raises
    ------
    Problem
        ``EXP_001`` to ``EXP_010``.
    """
    return _Parser(text, scope, repeat, file, line).expression()


def parse_condition(
    text: str, scope: Scope, *, repeat: str = "", file: str | None = None, line: int | None = None
) -> Expression:
    """Parse an expression that has to be a condition (for ``relevant`` and ``when``)."""
    parsed = parse(text, scope, repeat=repeat, file=file, line=line)
    if parsed.type.kind != "condition":
        raise Problem(
            "EXP_004", file=file, line=line, text=f"`{text}`", detail="a condition is needed here, this is a value",
            wanted='Write a comparison, for example `… == "yes"`',
        )  # fmt: skip
    return parsed


class _Parser:
    def __init__(self, text: str, scope: Scope, repeat: str, file: str | None, line: int | None) -> None:
        self.text, self.scope, self.repeat, self.file, self.line = text, scope, repeat, file, line

    def problem(self, code: str, /, **fields: object) -> Problem:
        return Problem(code, file=self.file, line=self.line, text=f"`{self.text}`", **fields)

    def expression(self) -> Expression:
        try:
            body = ast.parse(self.text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise self.problem("EXP_001", detail=getattr(error, "msg", None) or "it is not complete") from None
        try:
            tree, type_ = self.node(body)
        except RecursionError:
            raise self.problem("EXP_001", detail="it is nested too deeply") from None
        return Expression(self.text, tree, type_)

    # -- dispatch

    def node(self, node: ast.expr) -> tuple[Tree, Type]:
        match node:
            case ast.Constant():
                return self.constant(node)
            case ast.Name():
                return self.name(node.id)
            case ast.BoolOp():
                op = "and" if isinstance(node.op, ast.And) else "or"
                return (op, *(self.condition(value) for value in node.values)), CONDITION
            case ast.UnaryOp(op=ast.Not()):
                return self.negation(node.operand)
            case ast.UnaryOp(op=ast.USub()):
                tree, type_ = self.quantity(node.operand)
                return ("neg", tree), type_
            case ast.BinOp():
                return self.arithmetic(node)
            case ast.Compare():
                return self.comparison(node)
            case ast.IfExp():
                return self.choice(node)
            case ast.Call():
                return self.call(node)
        known = 'item names, numbers, "texts", comparisons, and, or, not, + - * /, `x if c else y`, ' + ", ".join(
            FUNCTIONS
        )
        raise self.problem("EXP_002", name=type(node).__name__.lower(), known=known)

    def constant(self, node: ast.Constant) -> tuple[Tree, Type]:
        value = node.value
        if value is None:
            return ("none",), MISSING
        if isinstance(value, bool):
            return ("bool", value), CONDITION
        if isinstance(value, int | float):
            # The digits as written: a float literal must not pass through binary.
            written = ast.get_source_segment(self.text.strip(), node) or repr(value)
            try:
                number = Decimal(written.replace("_", ""))
            except InvalidOperation:  # Python also reads 0x1f, 0o7 and 0b1
                raise self.problem("EXP_001", detail=f"{written} is not a number in digits") from None
            if abs(number) > NUMBER_MAX or -int(number.as_tuple().exponent) > 9:
                raise self.problem("EXP_001", detail=f"the number {written} is too large or too fine")
            whole = number == number.to_integral_value()
            return ("num", format(number, "f")), Type("number", integer=whole)
        if isinstance(value, str):
            return ("str", value), Type("code", codes=frozenset({value}))
        raise self.problem("EXP_002", name=type(value).__name__, known="numbers and texts")

    def name(self, name: str) -> tuple[Tree, Type]:
        found = self.scope.names.get(name)
        if found is None:
            raise self.problem("EXP_003", name=name, near=near(name, self.scope.names))
        if found.repeat and found.repeat != self.repeat:
            raise self.problem("EXP_010", name=name, repeat=found.repeat)
        return ("ref", name), found.type

    def condition(self, node: ast.expr) -> Tree:
        tree, type_ = self.node(node)
        if type_.kind != "condition":
            raise self.problem(
                "EXP_004", detail=f"`{ast.unparse(node)}` is a value where a condition is needed",
                wanted='Write a comparison, for example `… == "yes"`',
            )  # fmt: skip
        return tree

    def negation(self, operand: ast.expr) -> tuple[Tree, Type]:
        tree = self.condition(operand)
        # `not x == "yes"` would read a skipped question as an answer.
        for part in walk(tree):
            if part[0] == "cmp" and any(
                leaf[0] in {"ref", "prev"} and self.scope.names[leaf[1]].can_be_missing for leaf in walk(part)
            ):
                raise self.problem("EXP_006")
        return ("not", tree), CONDITION

    def quantity(self, node: ast.expr) -> tuple[Tree, Type]:
        tree, type_ = self.node(node)
        if type_.kind not in {"number", "money", "missing"}:
            raise self.problem(
                "EXP_004", detail=f"`{ast.unparse(node)}` is not a number or an amount", wanted="Use a number here"
            )
        return tree, type_

    def arithmetic(self, node: ast.BinOp) -> tuple[Tree, Type]:
        op = _ARITHMETIC.get(type(node.op))
        if op is None:
            raise self.problem("EXP_002", name=type(node.op).__name__.lower(), known="+ - * /")
        left, left_type = self.quantity(node.left)
        right, right_type = self.quantity(node.right)
        return (op, left, right), self.arithmetic_type(op, left_type, right_type)

    def arithmetic_type(self, op: str, left: Type, right: Type) -> Type:
        integer = left.integer and right.integer and op != "/"
        plain = Type("number", exact=integer, integer=integer)
        kinds = (left.kind, right.kind)
        if "money" not in kinds:
            return plain
        if op in "+-":
            if kinds != ("money", "money"):
                raise self.problem(
                    "EXP_004", detail="an amount of money and a bare number are added or subtracted",
                    wanted="Add amounts to amounts",
                )  # fmt: skip
            self.same_currency(left, right)
            return Type("money", exact=False, currency=left.currency)
        if kinds == ("money", "money"):
            if op == "*":
                raise self.problem(
                    "EXP_004", detail="two amounts are multiplied", wanted="Multiply an amount by a number"
                )
            self.same_currency(left, right)
            return Type("number", exact=False)
        if op == "/" and right.kind == "money":
            raise self.problem(
                "EXP_004", detail="a number is divided by an amount", wanted="Divide an amount by a number"
            )
        return Type("money", exact=False, currency=left.currency or right.currency)

    def same_currency(self, left: Type, right: Type) -> None:
        if left.currency != right.currency:
            raise self.problem("EXP_009", detail=f"{left.currency or 'converted'} and {right.currency or 'converted'}")

    def comparison(self, node: ast.Compare) -> tuple[Tree, Type]:
        parts: list[Tree] = []
        left = node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            parts.append(self.compare(left, op, right))
            left = right
        return (parts[0] if len(parts) == 1 else ("and", *parts)), CONDITION

    def compare(self, left: ast.expr, op_node: ast.cmpop, right: ast.expr) -> Tree:
        op = _COMPARISONS.get(type(op_node))
        if op is None:
            raise self.problem("EXP_002", name=type(op_node).__name__.lower(), known="== != < <= > >=")
        left_tree, left_type = self.node(left)
        right_tree, right_type = self.node(right)
        # Nothing is nothing in every currency: `owed > 0`.
        if left_type.kind == "money" and right_tree == ("num", "0"):
            right_type = Type("money", currency=left_type.currency)
        kinds = {left_type.kind, right_type.kind}
        if kinds <= {"number"} or kinds <= {"money"}:
            if kinds == {"money"}:
                self.same_currency(left_type, right_type)
            if not (left_type.exact and right_type.exact):
                raise self.problem("EXP_008")
        elif kinds == {"code"}:
            self.compare_codes(left, left_tree, left_type, op, right, right_tree, right_type)
        elif kinds != {"date"}:
            names = {"code": "a choice", "codes": "several choices", "text": "free text", "missing": "nothing"}
            detail = " and ".join(names.get(t.kind, t.kind) for t in (left_type, right_type))
            raise self.problem(
                "EXP_004", detail=f"{detail} cannot be compared",
                wanted="Use selected(…) for several choices, answered(…) for text or to ask whether there is an answer",
            )  # fmt: skip
        return ("cmp", op, left_tree, right_tree)

    def compare_codes(
        self,
        left: ast.expr,
        left_tree: Tree,
        left_type: Type,
        op: str,
        right: ast.expr,
        right_tree: Tree,
        right_type: Type,
    ) -> None:
        if op not in {"==", "!="}:
            raise self.problem("EXP_004", detail="choices have no order", wanted="Use == or !=")
        for tree, other, node in ((left_tree, right_type, right), (right_tree, left_type, left)):
            if tree[0] == "str" and tree[1] not in other.codes:
                raise self.problem(
                    "EXP_005", code=tree[1], name=ast.unparse(node), known=", ".join(sorted(other.codes)) or "none"
                )

    def choice(self, node: ast.IfExp) -> tuple[Tree, Type]:
        condition = self.condition(node.test)
        yes, yes_type = self.node(node.body)
        no, no_type = self.node(node.orelse)
        # Nothing is nothing in every currency: `amount if … else 0`.
        if yes_type.kind == "money" and no == ("num", "0"):
            no_type = yes_type
        if no_type.kind == "money" and yes == ("num", "0"):
            yes_type = no_type
        return ("if", condition, yes, no), self.join(yes_type, no_type)

    def join(self, left: Type, right: Type) -> Type:
        if left.kind == "missing":
            return right
        if right.kind == "missing":
            return left
        if left.kind != right.kind or left.kind in {"codes", "text"}:
            raise self.problem(
                "EXP_004",
                detail="the two sides of `if … else …` are of different kinds",
                wanted="Give both the same kind",
            )
        if left.kind == "condition":
            raise self.problem(
                "EXP_004", detail="`if … else …` chooses between conditions", wanted="Use and, or, not instead"
            )
        if left.kind == "money":
            self.same_currency(left, right)
        return Type(
            left.kind, exact=left.exact and right.exact, integer=left.integer and right.integer,
            codes=left.codes | right.codes, currency=left.currency,
        )  # fmt: skip

    # -- functions

    def call(self, node: ast.Call) -> tuple[Tree, Type]:
        name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        if name not in FUNCTIONS:
            raise self.problem("EXP_002", name=name, known=", ".join(FUNCTIONS))
        if node.keywords and name != "count":
            raise self.problem("EXP_001", detail=f"{name} takes no named values")
        method: Callable[[ast.Call], tuple[Tree, Type]] = getattr(self, f"call_{name}")
        return method(node)

    def arity(self, node: ast.Call, usage: str, low: int, high: int | None = None) -> list[ast.expr]:
        if not low <= len(node.args) <= (high or low) or any(isinstance(a, ast.Starred) for a in node.args):
            raise self.problem("EXP_001", detail=f"write {usage}")
        return node.args

    def word(self, node: ast.expr, usage: str) -> str:
        if not isinstance(node, ast.Name):
            raise self.problem("EXP_001", detail=f"write {usage}, with a name")
        return node.id

    def literal(self, node: ast.expr, usage: str) -> str:
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            raise self.problem("EXP_001", detail=f"write {usage}, with a text in quotes")
        return node.value

    def item(self, name: str, *, anywhere: bool = False) -> Name:
        if anywhere and name in self.scope.names:
            return self.scope.names[name]
        self.name(name)
        return self.scope.names[name]

    def call_count(self, node: ast.Call) -> tuple[Tree, Type]:
        usage = 'count(section, "answer"), count(section, "answer", strength="strong") or count(row_item, "answer")'
        place, answer = self.arity(node, usage, 2)
        name, code = self.word(place, usage), self.literal(answer, usage)
        whole = Type("number", integer=True)
        if name in self.scope.sections:
            wanted = {k.arg or "": self.literal(k.value, usage) for k in node.keywords}
            members = self.scope.sections[name]
            for tag, tag_value in wanted.items():
                values = {self.scope.names[i].tags.get(tag) for i in members} - {None}
                if tag_value not in values:
                    raise self.problem(
                        "EXP_005",
                        code=tag_value,
                        name=f"{tag} in {name}",
                        known=", ".join(sorted(filter(None, values))) or "none",
                    )
                members = tuple(i for i in members if self.scope.names[i].tags.get(tag) == tag_value)
            members = tuple(i for i in members if code in self.scope.names[i].type.codes)
            if not members:
                raise self.problem("EXP_005", code=code, name=name, known="the answers of its items")
            return ("count", members, code), whole
        found = self.scope.names.get(name)
        if found and found.repeat and not node.keywords:
            if code not in found.type.codes or found.type.kind != "code":
                raise self.problem("EXP_005", code=code, name=name, known=", ".join(sorted(found.type.codes)) or "none")
            return ("count_rows", name, code), whole
        known = [*self.scope.sections, *(n for n, v in self.scope.names.items() if v.repeat)]
        raise self.problem("EXP_003", name=name, near=near(name, known))

    def call_rows(self, node: ast.Call) -> tuple[Tree, Type]:
        usage = "rows(repeat)"
        name = self.word(self.arity(node, usage, 1)[0], usage)
        if name not in self.scope.repeats:
            raise self.problem("EXP_003", name=name, near=near(name, self.scope.repeats))
        return ("rows", name), Type("number", integer=True)

    def call_answered(self, node: ast.Call) -> tuple[Tree, Type]:
        usage = "answered(item)"
        name = self.word(self.arity(node, usage, 1)[0], usage)
        self.item(name)
        return ("answered", name), CONDITION

    def call_selected(self, node: ast.Call) -> tuple[Tree, Type]:
        usage = 'selected(item, "code")'
        place, answer = self.arity(node, usage, 2)
        name, code = self.word(place, usage), self.literal(answer, usage)
        found = self.item(name)
        if found.type.kind not in {"code", "codes"} or code not in found.type.codes:
            raise self.problem("EXP_005", code=code, name=name, known=", ".join(sorted(found.type.codes)) or "none")
        return ("selected", name, code), CONDITION

    def aggregate(self, node: ast.Call, op: str) -> tuple[Tree, Type]:
        usage = f"{op}(row_item) or {op}(a, b, …)"
        args = self.arity(node, usage, 1, 30)
        if len(args) == 1:
            name = self.word(args[0], usage)
            found = self.item(name, anywhere=True)
            dates = found.type.kind == "date" and op != "sum"
            if not found.repeat or not (found.type.kind in {"number", "money"} or dates):
                raise self.problem("EXP_004", detail=f"`{name}` is not a number in a repeat", wanted=f"Write {usage}")
            if found.repeat == self.repeat:
                raise self.problem(
                    "EXP_004",
                    detail=f"`{name}` is totalled inside its own repeat",
                    wanted="Put the total outside the repeat",
                )
            if found.type.currency in self.scope.repeats.get(found.repeat, ()):
                raise self.problem("EXP_009", detail=f"each row of {found.repeat} has a currency of its own")
            exact = found.type.exact and (op != "sum" or found.type.integer)
            return (f"{op}_rows", name), Type(
                found.type.kind, exact=exact, integer=found.type.integer, currency=found.type.currency
            )
        parts = [self.quantity(a) for a in args]
        type_ = parts[0][1]
        for _, other in parts[1:]:
            type_ = self.join(type_, other)
        exact = type_.exact and (op != "sum" or type_.integer)
        return (op, *(tree for tree, _ in parts)), Type(
            type_.kind, exact=exact, integer=type_.integer, currency=type_.currency
        )

    def call_sum(self, node: ast.Call) -> tuple[Tree, Type]:
        return self.aggregate(node, "sum")

    def call_min(self, node: ast.Call) -> tuple[Tree, Type]:
        return self.aggregate(node, "min")

    def call_max(self, node: ast.Call) -> tuple[Tree, Type]:
        return self.aggregate(node, "max")

    def call_round(self, node: ast.Call) -> tuple[Tree, Type]:
        usage = "round(number, decimals), with 0 to 4 decimals"
        value, digits = self.arity(node, usage, 2)
        tree, type_ = self.quantity(value)
        if not (isinstance(digits, ast.Constant) and type(digits.value) is int and 0 <= digits.value <= DECIMALS_MAX):
            raise self.problem("EXP_001", detail=f"write {usage}")
        return ("round", tree, digits.value), Type(type_.kind, integer=digits.value == 0, currency=type_.currency)

    def call_prev(self, node: ast.Call) -> tuple[Tree, Type]:
        usage = "prev(row_item), inside a repeat"
        name = self.word(self.arity(node, usage, 1)[0], usage)
        found = self.scope.names.get(name)
        if found is None:
            raise self.problem("EXP_003", name=name, near=near(name, self.scope.names))
        if not self.repeat or found.repeat != self.repeat:
            raise self.problem("EXP_001", detail=f"write {usage}")
        return ("prev", name), found.type

    def dates(self, node: ast.expr, usage: str) -> Tree:
        tree, type_ = self.node(node)
        if type_.kind not in {"date", "missing"}:
            raise self.problem("EXP_004", detail=f"`{ast.unparse(node)}` is not a date", wanted=f"Write {usage}")
        return tree

    def call_days_between(self, node: ast.Call) -> tuple[Tree, Type]:
        usage = "days_between(earlier, later)"
        first, last = self.arity(node, usage, 2)
        return ("days_between", self.dates(first, usage), self.dates(last, usage)), Type("number", integer=True)

    def call_add_days(self, node: ast.Call) -> tuple[Tree, Type]:
        usage = "add_days(date, whole_number)"
        day, number = self.arity(node, usage, 2)
        tree, type_ = self.quantity(number)
        if not type_.integer:
            raise self.problem("EXP_004", detail="days must be a whole number", wanted="Use round(…, 0)")
        return ("add_days", self.dates(day, usage), tree), Type("date")

    def call_convert(self, node: ast.Call) -> tuple[Tree, Type]:
        usage = "convert(amount, rate)"
        amount, rate = self.arity(node, usage, 2)
        amount_tree, amount_type = self.quantity(amount)
        rate_tree, rate_type = self.quantity(rate)
        if (amount_type.kind, rate_type.kind) != ("money", "number"):
            raise self.problem("EXP_004", detail="convert needs an amount and a rate", wanted=f"Write {usage}")
        return ("*", amount_tree, rate_tree), Type("money", exact=False)

    def call_date(self, node: ast.Call) -> tuple[Tree, Type]:
        usage = 'date("2025-12-31")'
        text = self.literal(self.arity(node, usage, 1)[0], usage)
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            raise self.problem("EXP_001", detail=f"write {usage}") from None
        if not DATE_MIN <= day <= DATE_MAX:
            raise self.problem("EXP_001", detail=f"dates run from {DATE_MIN} to {DATE_MAX}")
        return ("date", day.isoformat()), Type("date")


# --- trees -------------------------------------------------------------------------------------


def walk(tree: Tree) -> Iterator[Tree]:
    """Yield a tree and all trees inside it."""
    yield tree
    for part in tree[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str) and tree[0] != "count":
            yield from walk(part)


_NAMES_ONE: Final = frozenset(
    {"ref", "answered", "selected", "count_rows", "rows", "sum_rows", "min_rows", "max_rows", "prev"}
)


def names(tree: Tree, *, prev: bool = True) -> frozenset[str]:
    """Return the ids a tree reads.

    Parameters
    ----------
    tree : tuple
    prev : bool
        Count ``prev(x)`` as reading ``x``.
    """
    found: set[str] = set()
    for part in walk(tree):
        if part[0] == "count":
            found.update(part[1])
        elif part[0] in _NAMES_ONE and (prev or part[0] != "prev"):
            found.add(part[1])
    return frozenset(found)


def to_json(tree: Tree) -> list[Any]:
    """Return a tree as nested lists."""
    return [
        to_json(part)
        if isinstance(part, tuple) and tree[0] != "count"
        else list(part)
        if isinstance(part, tuple)
        else part
        for part in tree
    ]


# --- meaning -----------------------------------------------------------------------------------


class Reader:
    """Where an expression reads its values from; the assessment implements it."""

    def value(self, name: str) -> Value:
        """Return the value of an item or computed value here (``None`` when missing)."""
        raise NotImplementedError

    def previous(self, name: str) -> Value:
        """Return the value in the row before (``None`` in the first row)."""
        raise NotImplementedError

    def column(self, name: str) -> list[Value]:
        """Return the values of a row item, one for each row."""
        raise NotImplementedError

    def row_count(self, repeat: str) -> int:
        """Return how many rows a repeat has (0 when it is irrelevant)."""
        raise NotImplementedError

    def fault(self, reason: str) -> None:
        """Take note of why a value is missing (``division by zero``)."""
        raise NotImplementedError


def round_half_away(value: Decimal, digits: int) -> Decimal:
    """Round to ``digits`` + 4 places first, then to ``digits``, halves away from zero.

    The first step removes the dust that double precision leaves, so that every engine agrees.

    >>> round_half_away(Decimal("1.005"), 2)
    Decimal('1.01')
    >>> round_half_away(Decimal("-2.5"), 0)
    Decimal('-3')
    """
    with localcontext() as context:
        context.prec = 60
        fine = value.quantize(Decimal(1).scaleb(-(digits + 4)), rounding=ROUND_HALF_UP)
        rounded = fine.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
        return abs(rounded) if rounded.is_zero() else rounded  # no minus sign before nothing


def evaluate(tree: Tree, reader: Reader) -> Value:
    """Return the value of a tree: ``bool`` for conditions, ``None`` when missing."""
    op = tree[0]
    if op == "ref":
        return reader.value(tree[1])
    if op == "cmp":
        return _compare(tree[1], evaluate(tree[2], reader), evaluate(tree[3], reader))
    if op == "and":
        return all(evaluate(part, reader) for part in tree[1:])
    if op == "or":
        return any(evaluate(part, reader) for part in tree[1:])
    if op == "not":
        return not evaluate(tree[1], reader)
    if op == "count":
        return Decimal(sum(reader.value(name) == tree[2] for name in tree[1]))
    if op == "num":
        return Decimal(tree[1])
    if op in {"str", "bool"}:
        return tree[1]  # type: ignore[no-any-return]
    if op == "none":
        return None
    if op == "date":
        return dt.date.fromisoformat(tree[1])
    if op == "if":
        return evaluate(tree[2] if evaluate(tree[1], reader) else tree[3], reader)
    if op == "answered":
        return reader.value(tree[1]) is not None
    if op == "selected":
        value = reader.value(tree[1])
        return tree[2] in value if isinstance(value, frozenset) else value == tree[2]
    if op == "prev":
        return reader.previous(tree[1])
    if op == "rows":
        return Decimal(reader.row_count(tree[1]))
    if op == "count_rows":
        return Decimal(sum(value == tree[2] for value in reader.column(tree[1])))
    if op in {"sum_rows", "min_rows", "max_rows"}:
        return _aggregate(op[:3], reader.column(tree[1]))
    if op in {"sum", "min", "max"}:
        return _aggregate(op, [evaluate(part, reader) for part in tree[1:]])
    if op == "days_between":
        first, last = evaluate(tree[1], reader), evaluate(tree[2], reader)
        if not (isinstance(first, dt.date) and isinstance(last, dt.date)):
            return None
        return Decimal((last - first).days)
    if op == "add_days":
        return _add_days(evaluate(tree[1], reader), evaluate(tree[2], reader), reader)
    return _arithmetic(op, tree, reader)


def _compare(op: str, left: Value, right: Value) -> bool:
    if left is None or right is None:
        return False
    if op == "==":
        return left == right
    if op == "!=":
        return left != right
    if op == "<":
        return left < right  # type: ignore[operator]
    if op == "<=":
        return left <= right  # type: ignore[operator]
    if op == ">":
        return left > right  # type: ignore[operator]
    return left >= right  # type: ignore[operator]


def _aggregate(op: str, values: Iterable[Value]) -> Value:
    known = [value for value in values if value is not None]
    if op == "sum":
        return sum((value for value in known if isinstance(value, Decimal)), Decimal(0))
    if not known:
        return None
    return min(known) if op == "min" else max(known)


def _add_days(day: Value, number: Value, reader: Reader) -> Value:
    if not isinstance(day, dt.date) or not isinstance(number, Decimal):
        return None
    try:
        result = day + dt.timedelta(days=int(number))
    except OverflowError:
        result = None
    if result is None or not DATE_MIN <= result <= DATE_MAX:
        reader.fault("date out of range")
        return None
    return result


def _arithmetic(op: str, tree: Tree, reader: Reader) -> Value:
    left = evaluate(tree[1], reader)
    if op == "round":
        return round_half_away(left, tree[2]) if isinstance(left, Decimal) else None
    if op == "neg":
        return -left if isinstance(left, Decimal) else None
    right = evaluate(tree[2], reader)
    if not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return None
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    if right == 0:
        reader.fault("division by zero")
        return None
    return left / right


# --- reasons -----------------------------------------------------------------------------------


def reasons(tree: Tree, reader: Reader, of: Callable[[str, str], frozenset[str]]) -> frozenset[str]:
    """Return the ids of the answers that led to the value of a tree.

    A set, the same in every engine: of ``and`` and ``or`` only the parts count that decided (the
    true ones when it is true, the false ones when it is false), of a count the items counted, of
    ``if`` the condition and the side taken. Missing answers are never reasons.

    Parameters
    ----------
    tree : tuple
    reader : Reader
    of : callable
        Returns the reasons behind one id: itself for an answered item, its own reasons for a
        computed value. Its second argument says where: ``here``, in the row ``before``, or in ``all`` rows.
    """
    op = tree[0]
    if op in {"ref", "answered", "selected", "rows"}:
        return of(tree[1], "here")
    if op == "prev":
        return of(tree[1], "before")
    if op in {"count_rows", "sum_rows", "min_rows", "max_rows"}:
        return of(tree[1], "all")
    if op == "count":
        counted = [name for name in tree[1] if reader.value(name) == tree[2]]
        return frozenset().union(*(of(name, "here") for name in counted))
    if op in {"and", "or"}:
        truth = bool(evaluate(tree, reader))
        decided = [part for part in tree[1:] if bool(evaluate(part, reader)) == truth]
        return frozenset().union(*(reasons(part, reader, of) for part in decided))
    if op == "if":
        taken = tree[2] if evaluate(tree[1], reader) else tree[3]
        return reasons(tree[1], reader, of) | reasons(taken, reader, of)
    return frozenset().union(
        *(reasons(part, reader, of) for part in tree[1:] if isinstance(part, tuple) and part and op != "count")
    )
