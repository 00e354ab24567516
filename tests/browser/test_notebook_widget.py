"""The form in a notebook: in a real JupyterLab and a real Notebook 7, typed into, read and set from Python."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cases import lab
from cases.in_page import ELEMENTS, RULES, Tool
from playwright.sync_api import expect

from tools.instruments import library
from tools.instruments.assessment import assess
from tools.instruments.record import of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELLS = [
    f"import tools\nform = tools.load({ELEMENTS!r})\nform",
    "print(sorted((k, v) for k, v in form.record.answers.items()), form.assessment.outcome.id)",
    "form.record = {'age_group': 'adult', 'recruited': 'no', 'force': 'unknown'}",
    "try:\n    form.record = {'age_group': 'old'}\nexcept Exception as problem:\n    print(problem.code, len(form.record.answers))",
    f"again = tools.load({ELEMENTS!r})\nagain",
    "print(len(form.record.answers), len(again.record.answers))",
    "form",
]


def notebook() -> str:
    cells = [
        {
            "cell_type": "code",
            "id": f"cell{n}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for n, source in enumerate(CELLS)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory) -> Iterator[tuple[str, str, Path]]:
    """Address, token and folder of a JupyterLab server of our own."""
    with lab.server(tmp_path_factory.mktemp("jupyter")) as started:
        yield started


class Notebook(lab.Notebook):
    """An open notebook with a form in it."""

    def tool(self, number: int) -> Tool:
        tool = Tool(self.page, library.load(ELEMENTS))
        tool.root = self.cells.nth(number).locator("[data-ct-tool]")
        tool.root.wait_for(timeout=30_000)
        return tool


@pytest.fixture(scope="module", params=["lab/tree", "notebooks"], ids=["JupyterLab", "Notebook"])
def opened(request, browser, jupyter) -> Iterator[Notebook]:
    """The notebook, open in JupyterLab or in Notebook 7, with its first cell run."""
    address, token, work = jupyter
    name = f"{request.param.split('/')[0]}.ipynb"
    (work / name).write_text(notebook(), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(60_000)
    outside: list[str] = []
    page.on(
        "request", lambda r: outside.append(r.url) if urlsplit(r.url).hostname not in ("127.0.0.1", None, "") else None
    )
    page.goto(f"{address}/{request.param}/{name}?token={token}")
    found = Notebook(page)
    expect(found.cells).to_have_count(len(CELLS), timeout=60_000)
    page.wait_for_selector("#jupyterlab-splash", state="detached", timeout=60_000)
    found.run(0)
    yield found
    context.close()
    assert outside == []


def test_no_style_goes_in_or_out_and_the_form_is_dark_when_the_notebook_is(opened):
    tool, page = opened.tool(0), opened.page
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ct-paper')") == ""
    assert page.evaluate("""() => [...document.styleSheets, ...document.adoptedStyleSheets].flatMap((sheet) => [...sheet.cssRules])
      .filter((rule) => (rule.selectorText || "").includes(".ct-")).length""") == 0  # fmt: skip
    font, size = tool.root.evaluate("(root) => [getComputedStyle(root).fontFamily, getComputedStyle(root).fontSize]")
    assert font.startswith("system-ui")
    assert size == "17px"
    colours = []
    for light in ("true", "false"):
        page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
        page.wait_for_timeout(50)
        colours.append(tool.root.evaluate("(root) => getComputedStyle(root).backgroundColor"))
    assert colours == ["rgb(243, 239, 229)", "rgb(29, 37, 38)"]


@pytest.mark.promise("access-axe")
def test_axe_finds_nothing_in_the_form(opened, axe_source):
    tool, page = opened.tool(0), opened.page
    tool.fill({"age_group": "child", "recruited": "yes", "forced_labour": "yes"})
    page.evaluate(axe_source)
    found = []
    for light in ("true", "false"):
        page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
        result = page.evaluate(
            """(tags) => axe.run({include: [[".ct-in-notebook"]]},
              {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})""",
            RULES,
        )
        found += [f"{light}: {v['id']}: {v['nodes'][0]['html'][:120]}" for v in result["violations"]]
    assert found == []


@pytest.mark.promise("access-keyboard")
def test_keys_pressed_in_the_form_are_answers_and_no_shortcuts_of_the_notebook(opened):
    tool, page = opened.tool(0), opened.page
    tool.option("age_group", "adult").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(tool.option("age_group", "child")).to_be_checked()
    for key in "ddaxb":  # delete twice, insert, cut
        page.keyboard.press(key)
    page.keyboard.press("Shift")
    expect(opened.cells).to_have_count(len(CELLS))
    assert "child" in opened.output(1)
    address = page.url
    tool.root.locator(".ct-steps a").last.click()  # a link inside the form stays inside
    assert page.url == address
    expect(tool.root.locator(".ct-section").last).to_be_in_viewport()


@pytest.mark.promise("same-result", "privacy-no-request", "input-messages", "input-nothing-lost")
def test_form_and_python_hold_the_same_answers_both_ways(opened):
    opened.run(0)
    tool = opened.tool(0)
    answers = {"age_group": "child", "recruited": "yes", "forced_labour": "yes"}
    tool.fill(answers)
    outcome = assess(tool.instrument, of(tool.instrument, answers)).outcome
    assert outcome
    expect(tool.root.locator(".ct-outcome-title")).to_have_text(outcome.title)
    assert opened.output(1) == f"{sorted(answers.items())} {outcome.id}"

    opened.run(2)  # set in Python
    expect(tool.option("age_group", "adult")).to_be_checked()
    expect(tool.option("recruited", "no")).to_be_checked()
    expect(tool.option("force", "unknown")).to_be_checked()
    expect(tool.root.locator("input:checked")).to_have_count(3)

    assert opened.output(3) == "REC_004 3"  # refused, and nothing changed
    expect(tool.root.locator("input:checked")).to_have_count(3)
    expect(tool.option("age_group", "adult")).to_be_checked()

    # The same instrument once more, and the first form shown twice.
    opened.run(4)
    other = opened.tool(4)
    other.fill({"age_group": "child"})
    expect(tool.option("age_group", "adult")).to_be_checked()
    assert opened.output(5) == "3 1"
    opened.run(6)
    twin = opened.tool(6)
    expect(twin.root.locator("input:checked")).to_have_count(3)
    twin.fill({"recruited": "yes"})
    expect(tool.option("recruited", "yes")).to_be_checked()
    assert other.root.locator("input:checked").count() == 1
    names = opened.page.locator("[data-ct-tool]").evaluate_all("all => all.map((one) => one.id)")
    assert len(set(names)) == 2  # the twin is the first form, seen twice

    opened.page.once("dialog", lambda dialog: dialog.accept())
    tool.press("clear")
    expect(twin.root.locator("input:checked")).to_have_count(0)
    assert opened.output(5) == "0 1"
