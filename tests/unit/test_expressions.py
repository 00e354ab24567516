"""The expression language: what it says, what it refuses and in which words, and that it never does anything else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from cases import vectors
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.errors import Problem
from tools.instruments import expressions as ex

# A tiny world: what the names in the expressions below stand for.
SCOPE = ex.Scope(
    names={
        "paid": ex.Name(ex.Type("code", codes=frozenset({"yes", "no", "unknown"})), section="work", tags={"strength": "weak"}),
        "held": ex.Name(ex.Type("code", codes=frozenset({"yes", "no", "unknown"})), section="work", tags={"strength": "strong"}),
        "signs": ex.Name(ex.Type("codes", codes=frozenset({"debt", "threat"}))),
        "hours": ex.Name(ex.Type("number")),
        "days": ex.Name(ex.Type("number", integer=True)),
        "share": ex.Name(ex.Type("number", exact=False), computed=True),
        "wage": ex.Name(ex.Type("money", currency="IDR")),
        "fee": ex.Name(ex.Type("money", currency="USD")),
        "start": ex.Name(ex.Type("date")),
        "end": ex.Name(ex.Type("date")),
        "remark": ex.Name(ex.Type("text")),
        "enough": ex.Name(ex.YES_NO, computed=True, can_be_missing=False),
        "due": ex.Name(ex.Type("money", currency="USD"), repeat="periods"),
        "on_time": ex.Name(ex.Type("code", codes=frozenset({"yes", "no"})), repeat="periods"),
    },
    sections={"work": ("paid", "held")},
    repeats={"periods": ("due", "on_time")},
)  # fmt: skip


class Answers(ex.Reader):
    """Values from a mapping, and no rows."""

    def __init__(self, **values: Any) -> None:
        self.values, self.faults = values, []

    def value(self, name: str) -> Any:
        return self.values.get(name)

    def previous(self, name: str) -> Any:
        return self.values.get(f"{name} in the row before")

    def column(self, name: str) -> list[Any]:
        return self.values.get(name, [])

    def row_count(self, repeat: str) -> int:
        return self.values.get(repeat, 0)

    def fault(self, reason: str) -> None:
        self.faults.append(reason)


def value(text: str, **values: Any) -> Any:
    return ex.evaluate(ex.parse(text, SCOPE).tree, Answers(**values))


REFUSED = [
    # code, expression, what the message has to name
    ("EXP_001", "paid ==", ["`paid ==`"]),
    ("EXP_001", "", ["cannot be read"]),
    ("EXP_001", "1e12 > hours", ["too large"]),
    ("EXP_001", "hours > 0x1f", ["0x1f", "in digits"]),
    ("EXP_001", "round(hours, 9)", ["round(number, decimals)"]),
    ("EXP_001", "round(hours)", ["0 to 4 decimals"]),
    ("EXP_001", "answered(1)", ["answered(item), with a name"]),
    ("EXP_001", 'date("2026-02-30")', ['date("2025-12-31")']),
    ("EXP_001", 'date("1899-12-31")', ["1900-03-01 to 2100-12-31"]),
    ("EXP_001", "prev(due)", ["inside a repeat"]),
    ("EXP_001", "sum(*hours)", ["sum(row_item)"]),
    ("EXP_001", "answered(item=paid)", ["takes no named values"]),
    ("EXP_002", "[1]", ["'list'", "count"]),
    ("EXP_002", "hours ** 2", ["'pow'", "+ - * /"]),
    ("EXP_002", "hours // 2", ["'floordiv'"]),
    ("EXP_002", 'paid in "yes"', ["'in'", "== != <"]),
    ("EXP_002", "open(paid)", ["'open'", "days_between"]),
    ("EXP_002", "paid.upper()", ["'paid.upper'"]),
    ("EXP_002", "lambda: 1", ["'lambda'"]),
    ("EXP_003", 'piad == "yes"', ["'piad'", "did you mean 'paid'?"]),
    ("EXP_003", 'count(wrok, "yes")', ["'wrok'", "did you mean 'work'?"]),
    ("EXP_003", "rows(hours)", ["'hours'"]),
    ("EXP_004", "hours and days", ["`hours`", "condition is needed"]),
    ("EXP_004", "hours == paid", ["number and a choice"]),
    ("EXP_004", 'signs == "debt"', ["several choices", "selected("]),
    ("EXP_004", 'remark == "x"', ["free text", "answered("]),
    ("EXP_004", "paid == None", ["nothing cannot be compared"]),
    ("EXP_004", "wage + 1", ["Add amounts to amounts"]),
    ("EXP_004", "wage * wage", ["Multiply an amount by a number"]),
    ("EXP_004", "1 / wage", ["Divide an amount by a number"]),
    ("EXP_004", 'paid < "yes"', ["no order"]),
    ("EXP_004", "hours if answered(paid) else start", ["different kinds"]),
    ("EXP_004", "add_days(start, hours)", ["round("]),
    ("EXP_004", "add_days(hours, days)", ["is not a date"]),
    ("EXP_004", "convert(hours, 2)", ["convert(amount, rate)"]),
    ("EXP_005", 'paid == "yess"', ["'yess'", "'paid'", "no, unknown, yes"]),
    ("EXP_005", 'selected(signs, "fire")', ["'fire'", "debt, threat"]),
    ("EXP_005", 'count(work, "yes", strength="huge")', ["'huge'", "strong, weak"]),
    ("EXP_006", 'not paid == "yes"', ['== "no"', "not answered("]),
    ("EXP_006", 'not (answered(paid) and held == "yes")', ["count as an answer"]),
    ("EXP_008", "share > 0.5", ["round("]),
    ("EXP_008", "days / 3 >= 1", ["without rounding"]),
    ("EXP_009", "wage + fee", ["IDR and USD", "convert("]),
    ("EXP_009", "wage > fee", ["IDR and USD"]),
    ("EXP_010", "due > 0", ["'due'", "'periods'", "sum"]),
]  # fmt: skip


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(("code", "text", "said"), REFUSED, ids=[f"{code} {text[:40]}" for code, text, _ in REFUSED])
def test_a_wrong_expression_is_refused_with_place_and_remedy(code: str, text: str, said: list[str]) -> None:
    with pytest.raises(Problem) as caught:
        ex.parse(text, SCOPE, file="some.yml", line=7)
    assert caught.value.code == code, str(caught.value)
    assert str(caught.value).startswith("some.yml, line 7: ")
    for words in said:
        assert words in str(caught.value)


def test_a_condition_is_needed_where_one_is_asked() -> None:
    with pytest.raises(Problem) as caught:
        ex.parse_condition("hours", SCOPE)
    assert caught.value.code == "EXP_004"


MEANING = [
    # expression, answers, value
    ("days / 0", {"days": Decimal(3)}, None),
    ("days / hours", {"days": Decimal(3), "hours": Decimal(0)}, None),
    ("1 < days <= 3", {"days": Decimal(3)}, True),
    ("1 < days <= 3", {"days": Decimal(1)}, False),
    ('paid == "yes" or held == "yes" and enough == "yes"', {"paid": "yes"}, True),
    ("not answered(paid)", {}, True),
    ('not enough == "yes"', {"enough": "no"}, True),
    ('count(work, "yes")', {"paid": "yes", "held": "unknown"}, Decimal(1)),
    ('count(work, "yes", strength="strong")', {"paid": "yes", "held": "yes"}, Decimal(1)),
    ("sum(hours, days)", {"days": Decimal(2)}, Decimal(2)),
    ("sum(hours, days)", {}, Decimal(0)),
    ("min(hours, days)", {}, None),
    ("max(hours, days)", {"hours": Decimal(-1)}, Decimal(-1)),
    ("sum(due)", {"due": [Decimal(1), None, Decimal("0.5")]}, Decimal("1.5")),
    ('count(on_time, "no")', {"on_time": ["no", None, "yes", "no"]}, Decimal(2)),
    ("rows(periods)", {"periods": 4}, Decimal(4)),
    ('selected(signs, "debt")', {"signs": frozenset({"debt"})}, True),
    ('selected(signs, "debt")', {}, False),
    ('selected(paid, "yes")', {"paid": "yes"}, True),
    ("days_between(start, end)", {"start": dt.date(2026, 3, 28), "end": dt.date(2026, 3, 30)}, Decimal(2)),
    ("days_between(start, end)", {"start": dt.date(2026, 3, 28)}, None),
    ("add_days(start, days)", {"start": dt.date(2024, 2, 28), "days": Decimal(1)}, dt.date(2024, 2, 29)),
    ("add_days(start, days)", {"start": dt.date(2100, 12, 31), "days": Decimal(1)}, None),
    ("add_days(start, days)", {"start": dt.date(2000, 1, 1), "days": Decimal(10**11)}, None),
    ('start >= date("2024-02-29")', {"start": dt.date(2024, 2, 29)}, True),
    ("convert(wage, 0.0001)", {"wage": Decimal(15000)}, Decimal("1.5")),
    ("fee * days", {"fee": Decimal("1.10"), "days": Decimal(3)}, Decimal("3.30")),
    ("0.1 + 0.2", {}, Decimal("0.3")),
    ("-days", {"days": Decimal(3)}, Decimal(-3)),
    ("fee if answered(paid) else 0", {}, Decimal(0)),
    ("days if answered(paid) else None", {"days": Decimal(1)}, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answers", "wanted"), MEANING, ids=[f"{t} with {sorted(a)}" for t, a, _ in MEANING])
def test_what_an_expression_means(text: str, answers: dict[str, Any], wanted: Any) -> None:
    assert value(text, **answers) == wanted


@pytest.mark.parametrize(("text", "wanted"), [("days / hours", ["division by zero"]), ("add_days(start, days)", ["date out of range"])])  # fmt: skip
def test_a_value_that_cannot_be_worked_out_says_why(text: str, wanted: list[str]) -> None:
    answers = Answers(days=Decimal(400), hours=Decimal(0), start=dt.date(2100, 1, 1))
    assert ex.evaluate(ex.parse(text, SCOPE).tree, answers) is None
    assert answers.faults == wanted


@pytest.mark.parametrize(
    ("number", "digits", "wanted"),
    [
        ("1.005", 2, "1.01"), ("1.015", 2, "1.02"), ("2.5", 0, "3"), ("-2.5", 0, "-3"), ("-0.4", 0, "0"),
        ("0.49999999", 0, "1"), ("0.4999", 0, "0"), ("99999999999.995", 2, "100000000000.00"), ("0", 4, "0.0000"),
    ],
)  # fmt: skip
def test_halves_go_away_from_zero_after_the_dust_is_gone(number: str, digits: int, wanted: str) -> None:
    assert str(ex.round_half_away(Decimal(number), digits)) == wanted


# --- for every input ---------------------------------------------------------------------------

numbers = st.decimals(min_value=-(10**6), max_value=10**6, places=2)
maybe = st.none() | numbers


@given(st.sampled_from("+-*/"), maybe, maybe)
def test_a_missing_operand_makes_arithmetic_missing(op: str, left: Decimal | None, right: Decimal | None) -> None:
    found = value(f"hours {op} days", hours=left, days=right)
    assert (found is None) == (left is None or right is None or (op == "/" and right == 0))


@given(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), maybe)
def test_a_comparison_with_missing_is_false(op: str, other: Decimal | None) -> None:
    assert value(f"hours {op} days", hours=other) is False
    assert value(f"days {op} hours", hours=other) is False


@given(numbers, st.integers(0, 4))
def test_rounding_is_odd_and_keeps_what_is_rounded(number: Decimal, digits: int) -> None:
    rounded = ex.round_half_away(number, digits)
    assert ex.round_half_away(-number, digits) == -rounded
    assert ex.round_half_away(rounded, digits) == rounded
    assert abs(rounded - number) <= Decimal(5).scaleb(-digits - 1)


# Pieces of the language in any order: more of it comes through the parser than of plain noise.
PIECES = st.sampled_from(
    ["paid", "hours", "wage", "start", "due", '"yes"', "1", "0x1f", "1e400", "1j", "None", "True", "(", ")", ",", "+", "-",
     "/", "**", "==", "<", "!=", "and", "or", "not", "if", "else", "in", "is", "count(work,", "sum(", "round(", "prev(",
     "days_between(", "date(", "lambda:", "[", "]", "{", "}", "=", "\\", "\n", "\0", "#", "f'{paid}'", "*", "...", "é", "9" * 5000]
)  # fmt: skip
garbage = st.text(max_size=60) | st.lists(PIECES, max_size=12).map(" ".join)


@pytest.mark.promise("input-messages")
@settings(max_examples=400)
@given(garbage)
def test_noise_gives_a_message_and_nothing_else(text: str) -> None:
    problem = None
    try:
        ex.evaluate(ex.parse(text, SCOPE).tree, Answers(hours=Decimal(1)))
    except Problem as caught:
        problem = caught
    assert problem is None or (problem.code.startswith("EXP_") and problem.what and problem.todo)


@pytest.mark.parametrize("text", ["(" * 5000 + "1" + ")" * 5000, "-" * 50000 + "1", " + ".join(["1"] * 20000), "not " * 3000 + "answered(paid)"])  # fmt: skip
def test_deep_and_long_expressions_are_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        ex.parse(text, SCOPE)
    assert caught.value.code.startswith("EXP_")


@pytest.mark.parametrize("name", ["dec1", "r1c1", "c", "and", "count", "Paid", "1st", "two words", "", "ä"])
def test_ids_that_would_mislead_are_refused(name: str) -> None:
    assert ex.id_fault(name)


@pytest.mark.parametrize("name", ["paid", "dec_job_nature", "a", "day1_pay", "abcd1"])
def test_ids_that_are_fine(name: str) -> None:
    assert ex.id_fault(name) is None


def test_every_expression_of_the_library_and_of_the_tests_survives_as_json() -> None:
    for instrument in vectors.instruments():
        for member in instrument.everything.values():
            expression = getattr(member, "expression", None)
            if expression:
                assert ex.to_json(expression.tree)[0] == expression.tree[0]
