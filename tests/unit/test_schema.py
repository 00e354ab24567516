"""The JSON Schema for editors, and the page for people who do not code, say what the loader accepts."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cases import vectors
from jsonschema import Draft202012Validator

from tools import content
from tools.errors import Problem
from tools.instruments import expressions, library, model, record
from tools.instruments.assessment import assess

SCHEMA = json.loads((content.SCHEMAS / "instrument.schema.json").read_text(encoding="utf-8"))
GOOD = """\
id: a/b
title: T
kind: checklist
purpose: P
version: "1.0"
reviewed: 2026-01-01
review_due: 2027-01-01
status: our proposal
sources: [s]
limits: [None known.]
sections:
  - id: one_section
    title: S
    items:
      - {id: agreed, type: yes-no-unknown, label: Agreed?}
"""


def valid(text: str) -> bool:
    return Draft202012Validator(SCHEMA).is_valid(library.read_yaml(text, "x.yml"))


def loads(text: str) -> bool:
    try:
        library.read(text, "x.yml")
    except Problem:
        return False
    return True


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("instrument", vectors.instruments(), ids=lambda i: i.id)
def test_every_definition_follows_it(instrument) -> None:
    path = content.instrument_path(instrument.id)
    if not path.is_file():
        path = vectors.HERE / "instruments" / instrument.file
    errors = list(Draft202012Validator(SCHEMA).iter_errors(library.read_yaml(path.read_text("utf-8"), path.name)))
    assert errors == []


def test_schema_and_loader_take_a_small_definition() -> None:
    assert valid(GOOD)
    assert loads(GOOD)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: T\n", "heading: T\n"),
        ("purpose: P\n", ""),
        ("kind: checklist", "kind: list"),
        ('version: "1.0"', 'version: "1"'),
        ("reviewed: 2026-01-01", "reviewed: soon"),
        ("status: our proposal", "status: mine"),
        ("limits: [None known.]", "limits: []"),
        ("id: agreed", "id: Agreed"),
        ("type: yes-no-unknown", "type: yesno"),
        ("label: Agreed?", "label: ''"),
        ("label: Agreed?", "label: Agreed?, decimals: 9"),
        ("label: Agreed?", "label: Agreed?, extra: 1"),
        ("id: agreed", "id: dec1"),
        ("id: agreed", "id: round"),
        ("label: Agreed?", "label: Agreed?, choices: {a: A}"),
        ("label: Agreed?", "label: Agreed?, minimum: 0"),
        ("type: yes-no-unknown", "type: choice"),
        ("type: yes-no-unknown", "type: choice, choices: {Big: B}"),
        ("type: yes-no-unknown", "type: money"),
        ("type: yes-no-unknown", "type: money, currency: dollars and cents"),
        ("type: yes-no-unknown", "type: number, maximum: many"),
        ("type: yes-no-unknown", "type: date, minimum: 5"),
        ("type: yes-no-unknown", "type: text, long: often"),
        ("review_due: 2027-01-01", "review_due: 2027-13-01"),
        ("sources: [s]", "sources: s"),
        ("title: S", "title: '  '"),
        ("title: T", "title: [T]"),
        ("sections:", "minutes: long\nsections:"),
        ("sections:", "outcomes: [{id: rest, title: R, text: T, level: loud}]\nsections:"),
        ("sections:", "notices: [{id: rest, text: T}]\nsections:"),
        ("sections:", "computed: [{id: rest, label: L}]\nsections:"),
        ("sections:", "migrations: {from: '0.9'}\nsections:"),
        ("sections:", "migrations: [{from: soon}]\nsections:"),
        ("sections:", "migrations: [{renamed: {was: agreed}}]\nsections:"),
        ("sections:", "migrations: [{from: '0.9', renamed: [was, agreed]}]\nsections:"),
        ("sections:", "migrations: [{from: '0.9', renamed: {Was: agreed}}]\nsections:"),
        ("sections:", "migrations: [{from: '0.9', answers: {agreed: ok}}]\nsections:"),
        ("sections:", "migrations: [{from: '0.9', dropped: {was: x}}]\nsections:"),
    ],
)
def test_both_refuse_the_same_faults(old: str, new: str) -> None:
    broken = GOOD.replace(old, new)
    assert broken != GOOD
    assert not loads(broken)
    assert not valid(broken)


def test_the_keys_are_those_of_the_loader() -> None:
    places: dict[str, Any] = {**SCHEMA["$defs"], "instrument": SCHEMA}
    for place, (needed, allowed) in library.KEYS.items():
        assert set(places[place]["properties"]) == {*needed, *allowed}, place
        assert set(places[place]["required"]) == set(needed), place


def test_every_key_is_explained() -> None:
    places = {**{k: v for k, v in SCHEMA["$defs"].items() if k in library.KEYS}, "instrument": SCHEMA}
    unexplained = [
        f"{p}: {k}" for p, s in places.items() for k, entry in s["properties"].items() if "description" not in entry
    ]
    assert unexplained == []


# --- the page -----------------------------------------------------------------------------------

PAGE = (content.BOOK / "reference" / "definition-language.md").read_text(encoding="utf-8")
SMALL, LARGE = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
(CASES,) = re.findall(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
TABLE = PAGE[PAGE.index("## Expressions") : PAGE.index("## The rules in full")]
EXPRESSIONS = re.findall(r"^\| `(.+?)` \|", TABLE, re.MULTILINE)


@pytest.mark.parametrize("text", [SMALL, LARGE])
def test_the_examples_of_the_page_load(text: str) -> None:
    library.read(text, "example.yml")
    assert valid(text)


@pytest.mark.parametrize("case", json.loads(CASES)["cases"], ids=lambda case: case["id"])
def test_the_cases_of_the_page_hold(case) -> None:
    instrument = library.read(SMALL, "example.yml")
    found = assess(instrument, record.of(instrument, case["answers"]))
    assert found.outcome is not None
    assert found.outcome.id == case["expect"]["outcome"]
    assert set(found.reasons) == set(case["expect"].get("reasons", found.reasons))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_expression_of_the_page_is_one(expression: str) -> None:
    value = json.dumps(expression)
    currency = ", currency: USD" if expression.startswith("convert") else ""
    new = f"{{id: tried, label: Tried, value: {value}{currency}}}"
    row_ids = {"days_worked >", "days_worked *", "days_worked if", "prev("}
    inside = any(expression.startswith(start) for start in row_ids)
    place = "        computed:\n" if inside else "\ncomputed:\n"
    text = LARGE.replace(place, f"{place}{'          ' if inside else '  '}- {new}\n")
    assert "tried" in library.read(text, "example.yml").everything


def test_the_page_leaves_nothing_out() -> None:
    said = set(re.findall(r"`([^`\n]+)`", PAGE)) | set(re.findall(r"\w+", " ".join(EXPRESSIONS)))
    keys = {key for needed, allowed in library.KEYS.values() for key in (*needed, *allowed)}
    wanted = {*keys, *model.KINDS, *model.STATUSES, *model.TYPES, *model.LEVELS, *expressions.FUNCTIONS}
    assert wanted - {word for phrase in said for word in (phrase, phrase.partition(":")[0])} == set()
