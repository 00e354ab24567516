"""The notebooks of the training part in a real JupyterLab: opened by a click, run from top to bottom, typed into."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cases import lab
from cases.in_page import Tool
from playwright.sync_api import Locator, expect

from tools import content
from tools.instruments import library

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Notebooks, and words that one of their cells shows.
NOTEBOOKS = {
    "agreement": "Agreement is not truth",
    "room-vote": "7 groups voted on 13 signs.",
    "first-contact-to-plan": "Goal 1: I want my pay before I go home",
    "loss-worksheet": "Total, central",
    "directory-room": "47 services. Rows with errors: 0. Warnings: 5.",
    "data-workbench": "Main form by sex",
    "charts-room": "What this does not show",
}


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory) -> Iterator[tuple[str, str, Path]]:
    """A server that is set up as `make lab` does, on copies of the notebooks."""
    home = tmp_path_factory.mktemp("jupyter")
    with lab.server(home, JUPYTER_CONFIG_PATH=content.ROOT / "setup" / "lab") as started:
        for name in NOTEBOOKS:
            shutil.copy(content.BOOK / "training" / f"{name}.md", started[2])
        yield started


@pytest.fixture
def open_notebook(browser, jupyter) -> Iterator:
    """Opens a notebook as a double click does, and runs every cell."""
    address, token, work = jupyter
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    outside: list[str] = []

    def show(name: str) -> lab.Notebook:
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on(
            "request", lambda r: outside.append(r.url) if urlsplit(r.url).hostname not in ("127.0.0.1", "") else None
        )
        page.goto(f"{address}/lab/workspaces/{name}{len(context.pages)}/tree/{name}.md?token={token}")
        found = lab.Notebook(page)
        page.wait_for_selector("#jupyterlab-splash", state="detached")
        cells = (work / f"{name}.md").read_text(encoding="utf-8").count("```{code-cell}")
        expect(found.cells).to_have_count(cells, timeout=60_000)
        # Whoever runs a cell before the kernel is there is asked to choose one.
        expect(page.locator("#jp-main-statusbar")).to_contain_text("Python 3 (ipykernel) | Idle", timeout=60_000)
        for number in range(cells):
            found.run(number)
        return found

    yield show
    context.close()
    assert [url for url in outside if urlsplit(url).hostname] == []


def cell_below(notebook: lab.Notebook, code: str) -> int:
    """Write a cell at the end and run it, as a trainer does; return its number."""
    page, last = notebook.page, notebook.cells.count() - 1
    notebook.cells.nth(last).locator(".jp-InputArea-prompt").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(notebook.cells).to_have_count(last + 2)
    notebook.cells.nth(last + 1).locator(".jp-InputArea-editor").first.click()
    page.keyboard.type(code)
    notebook.run(last + 1)
    return last + 1


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_opens_with_a_click_and_runs_to_its_end_without_a_fault(open_notebook, name: str) -> None:
    notebook = open_notebook(name)
    page = notebook.page
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"], [data-mime-type*="stderr"]').count() == 0
    expect(page.locator(".jp-OutputArea-output", has_text=NOTEBOOKS[name]).first).to_be_visible()


def vote(ballot: Locator, sign: str, counts: tuple[int, int, int]) -> None:
    row = ballot.locator(".widget-vbox", has=ballot.page.get_by_text(sign, exact=True)).last
    for box, count in zip(row.locator("input").all(), counts, strict=True):
        box.fill(str(count))
        box.press("Tab")


def test_a_room_votes_by_typing_and_sees_where_it_is_split(open_notebook) -> None:
    notebook = open_notebook("room-vote")
    ballot = notebook.shown(1)
    said = ballot.get_by_role("status")
    expect(said).to_contain_text("No group has voted yet.")
    vote(ballot, "Control: works to pay off a debt or an advance", (5, 0, 1))
    expect(said).to_contain_text("6 groups voted on 1 signs.")
    expect(said).to_contain_text("yes: Control: works to pay off a debt or an advance")
    vote(ballot, "Control: threats or intimidation", (3, 3, 0))
    expect(said).to_contain_text("The room is split")
    number = cell_below(notebook, "ballot.room.signs[0].words, len(ballot.room.signs)")
    expect(notebook.shown(number)).to_contain_text("yes 3, no 3, not known 0")


@pytest.mark.parametrize(
    ("name", "form"),
    [("first-contact-to-plan", "reintegration/reintegration-plan"), ("loss-worksheet", "remedies/loss-worksheet")],
)
def test_the_live_form_appears_with_the_made_up_answers_and_hears_clicks(open_notebook, name: str, form: str) -> None:
    notebook = open_notebook(name)
    number = cell_below(notebook, "before = dict(form.record.answers); form")
    tool = Tool(notebook.page, library.load(form))
    tool.root = notebook.cells.nth(number).locator("[data-ct-tool]")
    tool.root.wait_for(timeout=30_000)
    assert tool.answers()
    after = cell_below(notebook, "len(before) > 3, form.record.answers != before")
    expect(notebook.shown(after)).to_have_text("(True, False)")
    box = tool.root.locator('input[type="radio"]:visible:not(:checked)').first
    field = tool.root.locator(f'input[id="{box.get_attribute("id")}"]')
    field.check()
    notebook.run(after)
    expect(notebook.shown(after)).to_have_text("(True, True)")


def test_a_changed_cell_gives_another_answer_and_a_wrong_word_is_refused_in_words(open_notebook) -> None:
    notebook = open_notebook("directory-room")
    number = cell_below(notebook, 'directory_room.serving(directory, "shelter", "Harbour", "men")')
    expect(notebook.shown(number)).to_contain_text("Shelter or safe place, Harbour, for men: ")
    number = cell_below(notebook, 'directory_room.serving(directory, "shelter", "Harbor", "men")')
    expect(notebook.shown(number)).to_contain_text("did you mean 'Harbour'")
