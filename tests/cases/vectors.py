"""The shared vectors: answers and what they come to, run by Python and by the page."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tools.instruments import library
from tools.instruments.model import Instrument, Item

HERE = Path(__file__).parent
#: `make conformance` compares many more sets of answers than `make test`, with the same code.
FULL = os.environ.get("CONFORMANCE") == "full"


@dataclass(frozen=True)
class Case:
    """One set of answers and the part of the result that the vector pins down."""

    name: str
    instrument: Instrument
    answers: Mapping[str, Any]
    expect: Mapping[str, Any]


def fixture(name: str) -> Instrument:
    """Return an instrument that only the tests use."""
    path = HERE / "instruments" / name
    return library.read(path.read_text(encoding="utf-8"), name)


@cache
def instruments() -> tuple[Instrument, ...]:
    """Return every instrument of the library, and the made-up one that uses the whole language."""
    return (*library.load_all(), fixture("everything.yml"))


@cache
def cases() -> tuple[Case, ...]:
    """Return every vector."""
    return tuple(_read_cases())


def _read_cases() -> Iterator[Case]:
    for path in sorted(HERE.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if "cases" not in data:
            continue
        instrument = fixture(Path(data["file"]).name) if "file" in data else library.load(data["instrument"])
        default = data.get("default")
        rest = {i: default for i, item in instrument.items.items() if default and item.type == "yes-no-unknown"}
        for case in data["cases"]:
            yield Case(f"{path.stem}: {case['id']}", instrument, {**rest, **case["answers"]}, case["expect"])


NUMBERS = ("0", "1", "-1", "0.5", "2.5", "-2.5", "1.005", "1.015", "0.1", "0.2", "0.3", "7", "30", "365", "12345.6789",
           "99999999999.99", "100000000000", "-100000000000", "0.0001")  # fmt: skip
DATES = ("1900-03-01", "1999-12-31", "2000-02-29", "2024-02-29", "2026-03-29", "2026-10-25", "2100-12-31")


def random_answer(item: Item, chance: random.Random) -> Any:
    """Return an answer that the item takes, edges included; ``None`` where it stays blank."""
    if not item.answerable or chance.random() < 0.3:
        return None
    codes = [choice.code for choice in item.choices]
    if item.type == "choices":
        return sorted(code for code in codes if chance.random() < 0.5)
    if codes:
        return chance.choice(codes)
    if item.type in {"number", "money"}:
        fitting = [n for n in NUMBERS if len(n.partition(".")[2]) <= item.decimals
                   and (not item.minimum or float(n) >= float(item.minimum))
                   and (not item.maximum or float(n) <= float(item.maximum))]  # fmt: skip
        return chance.choice(fitting or [str(item.minimum)])  # a year, for example, has none of these numbers
    if item.type == "date":
        return chance.choice([d for d in DATES if (item.minimum or d) <= d <= (item.maximum or d)])
    return chance.choice(["x", "a remark", "<b>not markup</b>", "ស្រី", "=1+1"])


def random_answers(instrument: Instrument, chance: random.Random) -> dict[str, Any]:
    """Return a set of answers, those that do not apply included."""
    found = {name: random_answer(item, chance) for name, item in instrument.items.items()}
    for repeat in instrument.repeats.values():
        found[repeat.id] = [
            {k: v for item in repeat.items if (k := item.id) and (v := random_answer(item, chance)) is not None}
            for _ in range(chance.randint(0, repeat.max_rows))
        ]
    return {name: value for name, value in found.items() if value not in (None, [], {})}
