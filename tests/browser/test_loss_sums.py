"""The page "Sums to the last cent": every vector is typed into its fields, and gives what Python gives."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from cases import vectors

from tools.errors import Problem
from tools.remedies import methods, sums

pytestmark = pytest.mark.browser

PAGE = "/book/remedies/exact-sums.html"
VECTORS: list[dict[str, Any]] = json.loads((vectors.HERE / "loss-vectors.json").read_text(encoding="utf-8"))["vectors"]
#: Parts of an input that say how it is counted where there is only one way, or that name a rule of a country.
SAID_ELSEWHERE = {
    "currency", "day_count", "quote", "timing", "stack", "preset", "in_kind_claimed", "book_debt", "fee_deducted",
    "fee_claimed_separately", "labour_award_wages", "defendants",
}  # fmt: skip
#: The same amount under several names; the page shows it once.
SAME = {"year_value": "labour_value", "value": "labour_value", "victim_still_owed": "outstanding"}
#: Vectors about one wrong entry: the sum and the fields that take it, and the words that come.
WRONG = {
    "E01": ("hours-of-the-days", {"six_days_hours": "25"}, "Hours on each of the six days: more than there can be (24)."),
    "E02": ("interest-days", {"principal": "1", "rate": "1", "from": "2025-06-01", "to": "2025-05-01", "compounding": "none"}, "the end lies before the start"),
    "E03": ("whole-months", {"paid": "-10"}, "What was paid in all: this is below nothing."),
    "E04": ("currencies", {"items": [["10", "MMK", ""]]}, "line 1: the rate is missing. It is never taken as 1."),
    "E05": ("hours-of-a-week", {"worked_week": "170"}, "Hours worked in a week: more than there can be (168)."),
    "E07": ("periods", {"spans": [["2025-03-01", "2025-03-31"], ["2025-03-31", "2025-04-30"]]}, "Period 2 shares a day with another one."),
    "E08": ("currencies", {"items": [["10", "XYZ", "2"]]}, "Currency, line 1: this currency is not known here."),
}  # fmt: skip


@pytest.fixture(scope="module")
def page(browser, server):
    page = browser.new_page()
    page.goto(server + PAGE)
    yield page
    page.close()


def part(given: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(given, list):
            given = given[int(step)] if int(step) < len(given) else None
        else:
            given = given.get(step) if isinstance(given, dict) else None
    return given


def cells(field: sums.Field, given: dict[str, Any]) -> list[list[Any]]:
    """Return the rows that give a part of an input."""
    if field.shape == "columns":
        return [list(row) for row in zip(*(given[name] for name in field.id.split("+")), strict=True)]
    found = part(given, field.id)
    if not found:
        return []
    if isinstance(found, dict):
        if field.shape == "list":
            return [[one] for one in found.values()]
        if field.shape == "map":
            return [[name, one] for name, one in found.items()]
        return [[name, *one] for name, parts in found.items() for one in parts]
    if field.shape == "records":
        return [[one[column.id] for column in field.columns] for one in found]
    return [one if isinstance(one, list) else [one] for one in found]


def fits(one: sums.Sum, given: dict[str, Any]) -> bool:
    """Return whether the fields of a sum hold the whole of an input."""
    names = {name for field in one.fields for name in field.id.split(".")[0].split("+")}
    if any(isinstance(given.get(f.id), dict) and f.kind != "rows" for f in one.fields):
        return False
    if any(f.kind == "rows" and "+" not in f.id and part(given, f.id) is not None and not isinstance(part(given, f.id), list | dict) for f in one.fields):  # fmt: skip
        return False
    alias = {"paid": "paid_by_offender"} if one.method == "award" else {}
    asked = {alias.get(name, name) for name in given} - SAID_ELSEWHERE
    needed = {
        f.id.split(".")[0] for f in one.fields if not f.optional and f.kind not in ("tick", "untick", "choice", "rows")
    }
    return asked <= names and needed <= {alias.get(n, n) for n in given} | DEFAULTS.get(one.id, set())


#: Fields that the method takes as nothing, or as one, when an input leaves them out; the page asks for them.
DEFAULTS = {
    "whole-months": {"paid"}, "hours-of-the-days": {"ot", "rest"}, "premium-hours": {"base_hours"},
    "debt-by-year": {"rate_year"}, "debt-by-month": {"rate_month"}, "fee-ceiling": set(),
}  # fmt: skip
FILLED = {"paid": "0", "ot": "1", "rest": "1", "base_hours": "1", "rate_year": "0", "rate_month": "0"}


def percent(value: Any) -> str:
    return format(Decimal(str(value)) * 100, "f")


def commands(one: sums.Sum, given: dict[str, Any]) -> list[list[Any]]:
    """Return what is typed: for each field its id on the page, its kind and its value; a row beyond the third is added."""
    made: list[list[Any]] = []
    for field in one.fields:
        name = f"sum-{one.id}-{field.id}".replace(".", "-").replace("+", "-")
        if field.kind == "rows":
            for number, row in enumerate(cells(field, given), start=1):
                for column, value in zip(field.columns, row, strict=True):
                    made.append([f"{name}-{number}-{column.id}", column.kind, value])
            continue
        value = part(given, field.id)
        if value is None and not field.optional and field.kind in ("number", "percent", "whole"):
            value = FILLED.get(field.id)
        if value is None and field.id == "compounding":
            value = "none"
        if value is not None:
            made.append([name, field.kind, percent(value) if field.kind == "percent" and part(given, field.id) is not None else value])  # fmt: skip
    return made


TYPE = """
([id, currency, typed]) => {
  const box = document.getElementById("sum-" + id), form = box.querySelector("form");
  box.open = true;
  form.querySelector("[data-ct-blank]").click();
  document.getElementById("sums-currency").value = currency;
  for (const [name, kind, value] of typed) {
    let control = document.getElementById(name);
    while (!control) { form.querySelector("[data-ct-row]").click(); control = document.getElementById(name); }
    if (kind === "tick") { control.checked = value; }
    else if (kind === "untick") { control.checked = !value; }
    else { control.value = value === null ? "" : String(value); if (control.value !== String(value ?? "")) { throw new Error(name + " does not take " + value); } }
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const found = {};
  form.querySelectorAll("[data-result]").forEach((one) => { found[one.dataset.result] = one.textContent; });
  return [found, form.querySelector(".ct-sum-result").textContent];
}
"""


def compute(method: str, given: dict[str, Any]) -> dict[str, Any]:
    try:
        return methods.compute(method, given)
    except Problem as problem:
        return {"error": problem.code}


@pytest.mark.promise("same-result", "input-messages")
@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["id"])
def test_a_vector_typed_into_the_page_gives_its_result(page, vector: dict[str, Any]) -> None:
    given = vector.get("given", vector["input"])
    if vector["id"] in WRONG:
        ident, typed, words = WRONG[vector["id"]]
        (one,) = (one for one in sums.load().sums if one.id == ident)
        found, said = page.evaluate(TYPE, [one.id, "USD", commands(one, typed)])
        assert (found, words in said) == ({}, True), said
        return
    if vector["id"] == "E06":
        assert page.evaluate(TYPE, ["whole-months", "USD", []]) == [{}, ""]
        return
    (one, *others) = (one for one in sums.load().sums if one.method == vector["method"] and fits(one, given))
    assert not others, [one.id, *(other.id for other in others)]
    if one.method == "award":
        given = {**given, "paid_by_offender": given.get("paid_by_offender", given.get("paid"))}
    found, said = page.evaluate(TYPE, [one.id, given.get("currency", "USD"), commands(one, given)])
    code = given.get("currency", "USD")
    for name, expected in compute(one.method, given).items():
        shown = found.get(SAME.get(name, name))
        if expected is None or (expected == "" and shown is None):
            continue
        if isinstance(expected, list):
            assert [line.split(": ")[1] for line in shown.split("; ")] == [f"{one} {code}" for one in expected]
        else:
            assert shown in (str(expected), f"{expected} {code}"), (name, found, said)
    assert set(vector["expected"]) <= set(found) | set(SAME)


@pytest.mark.promise(
    "privacy-no-request", "privacy-no-cookies-no-storage", "privacy-clear", "privacy-nothing-typed-in-url"
)
def test_a_list_is_made_saved_and_cleared_and_nothing_stays(browser, server) -> None:
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.goto(server + PAGE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#sum-whole-months summary").press("Enter")
    for name, value in (("monthly", "300"), ("months", "7"), ("paid", "450")):
        page.locator(f"#sum-whole-months-{name}").fill(value)
    assert "1650.00 USD" in page.locator("#sum-whole-months .ct-sum-result").inner_text()
    page.locator("#sum-whole-months [data-ct-keep]").press("Enter")
    assert "Still owed: 1650.00 USD" in page.locator(".ct-sums-list table").inner_text()
    with page.expect_download() as saved:
        page.locator("[data-ct-save]").click()
    text = saved.value.path().read_text(encoding="utf-8")
    assert "Whole months" in text
    assert "Pay owed for a month: 300" in text
    assert "Still owed: 1650.00 USD" in text
    page.locator("[data-ct-all]").click()
    assert page.locator("#sum-whole-months-monthly").input_value() == ""
    assert page.locator(".ct-sums-list tbody tr").count() == 0
    assert [url for url in asked if not url.startswith("blob:")] == []
    assert page.url == server + PAGE
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert context.cookies() == []
    context.close()


@pytest.mark.promise("safety-leave")
def test_leaving_the_page_clears_sums_and_list(browser, server) -> None:
    page = browser.new_page()
    page.goto(server + PAGE)
    page.evaluate(TYPE, ["whole-months", "USD", [["sum-whole-months-monthly", "number", "300"], ["sum-whole-months-months", "number", "1"], ["sum-whole-months-paid", "number", "0"]]])  # fmt: skip
    page.locator("#sum-whole-months [data-ct-keep]").click()
    page.evaluate("document.dispatchEvent(new CustomEvent('ct:clear', { detail: { leaving: true } }))")
    assert page.locator("#sum-whole-months-monthly").input_value() == ""
    assert page.locator("#sum-whole-months .ct-sum-result").inner_text() == ""
    assert page.locator(".ct-sums-list tbody tr").count() == 0
    page.close()


@pytest.mark.promise("access-axe")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_in_sums_with_results_and_faults(
    browser, server, axe_source, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(server + PAGE)
    for one in sums.load().sums:
        page.evaluate("(id) => { document.getElementById(id).open = true; }", f"sum-{one.id}")
    for name, value in (("monthly", "300"), ("months", "7"), ("paid", "450")):
        page.locator(f"#sum-whole-months-{name}").fill(value)
    page.locator("#sum-whole-months [data-ct-keep]").click()
    page.locator("#sum-currencies-items-1-currency").fill("XYZ")
    page.evaluate(axe_source)
    found = page.evaluate("axe.run('.ct-sums')")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.promise("access-no-js")
def test_without_scripts_every_rule_and_field_stands_in_the_page(browser, server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server + PAGE)
    for one in sums.load().sums:
        assert page.locator(f"#sum-{one.id} summary").inner_text() == one.title
        assert page.locator(f"#sum-{one.id} .ct-sum-works").text_content() == one.works
    assert page.locator(".ct-sums-off").is_visible()
    assert not page.locator("[data-ct-save]").is_visible()
    context.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("method: floor", "method: unheard"), "there is no method 'unheard'"),
        (("kind: date, label: First day}", "kind: day, label: First day}"), "the kind 'day'"),
        (("id: pieces\n    method", "id: minimum-wage\n    method"), "two sums have this id"),
        (("    works: Pieces", "    work: Pieces"), None),
    ],
)
def test_a_wrong_definition_is_told_with_its_place(change: tuple[str, str], words: str | None) -> None:
    from tools import content

    text = content.read_text(content.LOSS_METHODS)
    assert sums.read(text).sums == sums.load().sums
    changed = text.replace(*change)
    if words is None:
        assert changed == text
        return
    with pytest.raises(Problem, match=words) as problem:
        sums.read(changed)
    assert problem.value.code == "REM_012"
