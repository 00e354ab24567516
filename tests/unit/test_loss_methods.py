"""The methods of the worksheets give what the vectors say, and refuse what cannot be."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from cases import vectors

from tools.errors import Problem
from tools.remedies import methods, money

FILE = vectors.HERE / "loss-vectors.json"
VECTORS: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]


def same(wanted: Any, found: Any) -> bool:
    """Return whether two results agree; texts of digits are compared as numbers."""
    if isinstance(wanted, list):
        return len(wanted) == len(found) and all(same(*both) for both in zip(wanted, found, strict=True))
    try:
        return Decimal(str(wanted)) == Decimal(str(found))
    except ArithmeticError:
        return bool(wanted == found)


@pytest.mark.promise("same-result", "input-messages")
@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["id"])
def test_a_vector_of_loss(vector: dict[str, Any]) -> None:
    given = vector.get("given", vector["input"])
    expected = vector["expected"]
    if "error" in expected:
        with pytest.raises(Problem) as caught:
            methods.compute(vector["method"], given)
        assert caught.value.code == expected["error"]
        return
    found = methods.compute(vector["method"], given)
    for name, value in expected.items():
        assert same(value, found[name]), (name, value, found[name])


@pytest.mark.promise("same-result")
def test_every_vector_says_where_it_holds() -> None:
    known = {(case.instrument.id, case.name.partition(": ")[2]) for case in vectors.cases()}
    for vector in VECTORS:
        assert vector["python"] is vector["page"] is True
        assert ("forms" in vector) != bool(vector.get("not_in_forms")), vector["id"]
        for case in vector.get("forms", {}).get("cases", ()):
            assert (vector["forms"]["instrument"], case) in known, vector["id"]
    assert {vector["method"] for vector in VECTORS} == set(methods.METHODS)


@pytest.mark.promise("input-messages")
def test_the_message_names_the_row() -> None:
    spans = [money.span("2025-05-01", "2025-05-31"), money.span("2025-03-01", "2025-05-01")]
    with pytest.raises(Problem) as caught:
        money.no_overlap(spans)
    assert "Period 1 and Period 2 share a day (2025-05-01)" in caught.value.what
    with pytest.raises(Problem) as caught:
        methods.compute("convert", {"base": "USD", "items": [["1", "USD", "1"], ["5", "MMK", None]]})
    assert caught.value.what.startswith("Line 2: there is no rate from MMK to USD")
    with pytest.raises(Problem) as caught:
        methods.compute("magic", {})
    assert caught.value.code == "REM_008"


@pytest.mark.parametrize(
    ("recovered", "awards"), [("100", ["1", "1", "1"]), ("0.05", ["3", "2", "2"]), ("7", ["0", "5"])]
)
def test_shares_add_up_to_what_was_recovered(recovered: str, awards: list[str]) -> None:
    found = money.shared(Decimal(recovered), [Decimal(one) for one in awards])
    assert sum(found) == Decimal(recovered)
    assert money.shared(Decimal(10), [Decimal(0)]) == (Decimal(0),)
