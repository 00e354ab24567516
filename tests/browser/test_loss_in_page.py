"""The script of the loss worksheets gives what Python gives, in a real browser, for every vector and many odd amounts."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from cases import vectors

from tools.errors import Problem
from tools.remedies import methods, money
from tools.surfaces import html

pytestmark = pytest.mark.browser

VECTORS: list[dict[str, Any]] = json.loads((vectors.HERE / "loss-vectors.json").read_text(encoding="utf-8"))["vectors"]
RUN = """
(asked) => asked.map(([method, given]) => {
  try { return ctLoss.compute(method, given); } catch (fault) { return { error: fault.code || String(fault) }; }
});
"""


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    page.add_script_tag(content=html.minified((html.STATIC / "loss.js").read_text(encoding="utf-8")))
    yield page
    page.close()


def python(method: str, given: dict[str, Any]) -> dict[str, Any]:
    try:
        return methods.compute(method, given)
    except Problem as problem:
        return {"error": problem.code}


@pytest.mark.promise("same-result", "input-messages")
def test_every_vector_holds_in_the_page(page) -> None:
    asked = [[vector["method"], vector.get("given", vector["input"])] for vector in VECTORS]
    for vector, one, found in zip(VECTORS, asked, page.evaluate(RUN, asked), strict=True):
        assert found == python(*one), vector["id"]
        for name, value in vector["expected"].items():
            assert found[name] == value or float(found[name]) == float(value), (vector["id"], name)
    assert page.evaluate("ctLoss.methods") == sorted(methods.METHODS)


@pytest.mark.parametrize("code", sorted(money.CURRENCIES))
def test_the_page_knows_the_currencies_of_the_list_and_their_decimals(page, code: str) -> None:
    given = {"base": code, "items": [["1234.5", code, None]]}
    assert page.evaluate(RUN, [["convert", given]]) == [python("convert", given)]


@pytest.mark.promise("same-result")
def test_odd_amounts_agree_to_the_last_digit(page) -> None:
    chance = random.Random(20261125)  # noqa: S311 - a fixed seed, so that a difference can be looked at again

    def number(most: int = 100000) -> str:
        return f"{chance.randint(0, most)}.{chance.randint(0, 9999):04d}"

    asked: list[list[Any]] = []
    for _ in range(60):
        year, code = chance.randint(2015, 2025), chance.choice(["USD", "VND", "KHR"])
        start = f"{year}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        end = f"{year + chance.randint(0, 4)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        rate = f"0.{chance.randint(0, 9999):04d}"
        asked += [
            ["interest", {"principal": number(), "rate": rate, "from": start, "to": end, "compounding": "yearly", "currency": code}],
            ["interest", {"principal": number(), "rate": rate, "from": start, "to": end}],
            ["part_months", {"monthly": number(), "from": start, "to": end, "method": chance.choice(["calendar", "thirty", "working26"])}],
            ["present", {"monthly": number(), "months": chance.randint(0, 120), "rate_month": f"0.{chance.randint(0, 99):03d}"}],
            ["debt", {"principal": number(), "rate_year": rate, "value_month": number(900), "months": 24, "currency": code}],
            ["shares", {"recovered": number(), "awards": [number() for _ in range(5)], "currency": code}],
        ]  # fmt: skip
    asked.append(["interest", {"principal": "100", "rate": "0.1", "from": "2024-02-29", "to": "2027-03-01", "compounding": "yearly"}])  # fmt: skip
    for one, found in zip(asked, page.evaluate(RUN, asked), strict=True):
        assert found == python(*one), one
