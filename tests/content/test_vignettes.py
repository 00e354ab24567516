"""Composite cases in chapters: their worked answers are what the tools say, word for word."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.instruments import library, record
from tools.instruments.assessment import Assessment, assess, display

ROOT = Path(__file__).resolve().parents[2]
VIGNETTES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "data/vignettes").glob("*.yml")}
RUNS = [
    pytest.param(vignette, run, id=f"{name}: {run['what']}")
    for name, vignette in VIGNETTES.items()
    for run in vignette["runs"]
]


def misfits(run: dict[str, Any], found: Assessment) -> list[str]:
    """Say where a tool's result differs from the worked answer."""
    wrong = []
    outcome = found.outcome.id if found.outcome else None
    if outcome != run["outcome"]:
        wrong.append(f"outcome is {outcome}, not {run['outcome']}")
    wrong += [
        f"{name} is {found.values[name]}, not {value}"
        for name, value in run.get("values", {}).items()
        if found.values[name] != value
    ]
    return wrong


def fill(run: dict[str, Any]) -> Assessment:
    instrument = library.load(run["instrument"])
    return assess(instrument, record.of(instrument, run["answers"]))


@pytest.mark.parametrize(("vignette", "run"), RUNS)
def test_the_worked_answer_is_the_result_of_the_tool(vignette: dict[str, Any], run: dict[str, Any]) -> None:
    assert vignette["composite"] is True
    assert isinstance(vignette["review_due"], datetime.date)
    found = fill(run)
    assert misfits(run, found) == []
    chapter = " ".join((ROOT / vignette["chapter"]).read_text("utf-8").split())
    for name in run.get("in_chapter", []):
        if name == "outcome":
            assert found.outcome is not None
            words = found.outcome.title
        else:
            [computed] = [each for each in found.instrument.computed if each.id == name]
            words = display(computed, found.values[name])
        assert words in chapter, f"the chapter does not say '{words}'"


def test_a_wrong_worked_answer_is_found() -> None:
    run = dict(VIGNETTES["indicators-practice"]["runs"][1])
    assert misfits({**run, "outcome": "not_enough"}, fill(run)) == ["outcome is signs, not not_enough"]
    assert misfits({**run, "values": {"coercion_positive": "yes"}}, fill(run)) == ["coercion_positive is no, not yes"]
