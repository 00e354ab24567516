"""The XForm gives what Python gives, in ODK's web engine (`@getodk/xforms-engine`), run in a real browser."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import form_comparison
import pytest
from cases import vectors

from tools.content import ROOT
from tools.instruments import record
from tools.instruments.model import Instrument
from tools.surfaces import xlsform

pytestmark = pytest.mark.browser

NODE = ROOT / "tests" / "node"
#: Random sets for each form, fewer for a large one.
SETS_MAX, SETS_MIN = (20, 6) if vectors.FULL else (2, 1)
#: Shared vectors of an instrument of the library at most, spread over all it has: the page and JavaRosa run every one.
CASES = None if vectors.FULL else 4


@pytest.fixture(scope="module")
def engine(browser, tmp_path_factory) -> Iterator[Any]:
    """A page in which the engine is loaded; it is bundled once a run."""
    esbuild = NODE / "node_modules" / ".bin" / "esbuild"
    if not esbuild.exists():
        pytest.fail("The Node tools of the tests are missing. Run `make setup`.")
    bundle = tmp_path_factory.mktemp("engine") / "xforms.js"
    command = [esbuild, NODE / "xforms.mjs", "--bundle", "--format=esm", f"--outfile={bundle}", "--log-level=warning"]
    subprocess.run(command, check=True, timeout=120)
    page = browser.new_page()
    # The engine makes ids with the browser's cryptography, which an empty page does not have. Nothing is asked for.
    page.route("**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto("http://localhost/")
    page.add_script_tag(content=bundle.read_text(encoding="utf-8"), type="module")
    page.wait_for_function("globalThis.ctRunForm !== undefined")
    yield page
    page.close()


@pytest.mark.promise("same-result")
@pytest.mark.parametrize("instrument", vectors.instruments(), ids=lambda i: i.id)
def test_the_xform_agrees_with_python(engine, instrument: Instrument, record_property) -> None:
    size = len(xlsform.sheets(instrument).survey)
    sets = form_comparison.answer_sets(instrument, max(SETS_MIN, min(SETS_MAX, 4000 // size)), CASES)
    questions = [name for name, item in instrument.items.items() if item.answerable]
    found = engine.evaluate(
        "([xml, questions, sets]) => ctRunForm(xml, questions, sets)",
        [
            xlsform.xform(instrument),
            questions,
            [form_comparison.filled(instrument, record.of(instrument, raw)) for raw in sets],
        ],
    )
    form_comparison.compare(instrument, sets, found)
    record_property("answer_sets", len(sets))
