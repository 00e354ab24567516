"""The JSON Schema for editors says what the loader accepts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cases import vectors
from jsonschema import Draft202012Validator

from tools import content
from tools.errors import Problem
from tools.instruments import library

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
    for place, schema in places.items():
        for key, entry in schema["properties"].items():
            assert "description" in entry or "$ref" in entry, f"{place}: {key}"
