"""A simulation in the page: with the keyboard alone, from disk without a network; another choice drops what followed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cases.in_page import Tool
from playwright.sync_api import Page, expect

from tools import chapters, content
from tools.instruments import library

pytestmark = pytest.mark.browser

PAGE = "book/training/simulations.html"
TALK, WEEK = "training/first-interview", "training/referral-week"


def opened(browser, site: Path, name: str) -> Tool:
    context = browser.new_context(offline=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto((site / PAGE).as_uri())
    return Tool(page, library.load(name))


def choose(tool: Tool, item: str, code: str) -> None:
    """Choose with the keyboard alone: the group is entered, and the space key takes the choice."""
    box = tool.option(item, code)
    box.focus()
    tool.page.keyboard.press("Space")
    expect(box).to_be_checked()


@pytest.mark.promise("access-keyboard", "offline-file")
def test_a_story_is_played_with_the_keyboard_and_its_end_ties_each_choice_to_a_chapter(browser, site: Path) -> None:
    tool = opened(browser, site, TALK)
    expect(tool.field("interpreter").first).to_be_hidden()
    for item, code in (
        ("start", "alone"), ("interpreter", "telephone"), ("opening", "my_role"), ("ask_next", "the_day"),
        ("girl", "tell_then_call"), ("want", "ask_want"), ("closing", "way_back"),
    ):  # fmt: skip
        assert "Read:" not in tool.root.locator(".ct-result").inner_text()
        choose(tool, item, code)
    expect(tool.result).to_contain_text("K came back on Thursday")
    said = tool.root.locator(".ct-result").inner_text()
    assert len(re.findall(r"Read: ", said)) == 7
    tool.page.context.close()


def test_a_choice_taken_back_drops_what_followed_and_the_story_takes_another_way(browser, site: Path) -> None:
    tool = opened(browser, site, TALK)
    choose(tool, "start", "alone")
    choose(tool, "interpreter", "telephone")
    choose(tool, "opening", "label_it")
    choose(tool, "start", "ask_there")
    choose(tool, "recover", "leave")
    expect(tool.result).to_contain_text("K left with the foreman")
    expect(tool.field("opening").first).to_be_hidden()
    assert "You saw him alone" not in tool.root.locator(".ct-result").inner_text()
    tool.page.context.close()


def test_the_second_story_runs_beside_the_first(browser, site: Path) -> None:
    tool = opened(browser, site, WEEK)
    first = next(item for item in tool.instrument.items.values() if item.type == "choice")
    choose(tool, first.id, first.choices[-1].code)
    expect(tool.root.locator(".ct-result")).not_to_contain_text("No answers yet")
    expect(tool.page.locator(f'[data-ct-tool="{TALK}"] .ct-result')).to_contain_text("No answers yet")
    tool.page.context.close()


@pytest.mark.promise("access-no-js")
def test_without_scripts_the_whole_story_stands_there(browser, site: Path) -> None:
    context = browser.new_context(offline=True, java_script_enabled=False)
    page: Page = context.new_page()
    page.goto((site / PAGE).as_uri())
    said = page.locator(f'[data-ct-tool="{TALK}"]').inner_text()
    for words in ("The foreman knocks", "Who interprets?", "girl of fifteen"):
        assert words in said
    context.close()


@pytest.mark.parametrize("name", [TALK, WEEK])
def test_every_page_that_a_debrief_names_is_a_page_of_the_book(name: str) -> None:
    toc = content.read_text(content.ROOT / "_toc.yml")
    titles = {chapters.page(page).title for page in re.findall(r"file: (book/[\w/-]+)", toc)}
    named = [title for notice in library.load(name).notices for title in re.findall(r"Read: (.+)\.$", notice.text)]
    assert len(named) >= 15
    assert set(named) <= titles
