"""The page and the web booklet of a services directory: from disk, without a network, on a phone, without scripts."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cases.in_page import RULES
from playwright.sync_api import Page, expect

from tools import content
from tools.services.publish import publishable
from tools.surfaces import directory_booklet, directory_files, directory_page

pytestmark = pytest.mark.browser

AS_OF = datetime.date(2026, 11, 25)
PUBLIC = publishable(directory_files.read(content.DATA / "examples" / "directory-example").directory)
WRITERS = {"page": directory_page.page, "booklet": directory_booklet.page}
STORED = """async () => [document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage),
  ...(await indexedDB.databases())]"""
FAULTS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI);
});
"""


@dataclass
class Opened:
    """One file, open in a browser that has no network."""

    page: Page
    path: Path
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def shown(self) -> list[str]:
        return self.page.locator(".dir-item:visible .dir-name").all_text_contents()

    def choose(self, key: str, label: str) -> None:
        self.page.locator(f'[data-ct-filter="{key}"]').select_option(label=label)
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_timeout(250)


@pytest.fixture
def open_file(browser, tmp_path) -> Iterator[Callable[..., Opened]]:
    """Writes the page or the booklet of the example country and opens it from disk, with the network off."""
    contexts = []

    def show(which: str = "page", *, scripts: bool = True, now: str = "") -> Opened:
        path = tmp_path / f"{which}.html"
        path.write_text(WRITERS[which](PUBLIC, AS_OF), encoding="utf-8")
        context = browser.new_context(
            offline=True,
            java_script_enabled=scripts,
            viewport={"width": 1280, "height": 900},
            timezone_id="Asia/Tehran",
        )
        contexts.append(context)
        page = context.new_page()
        opened = Opened(page, path)
        page.on("request", lambda request: opened.asked.append(request.url))
        page.on("console", lambda message: opened.said.append(message.text))
        page.on("pageerror", lambda error: opened.said.append(str(error)))
        if scripts:
            page.add_init_script(FAULTS)
        if now:
            page.clock.set_fixed_time(datetime.datetime.fromisoformat(now))
        page.goto(path.as_uri())
        return opened

    yield show
    for context in contexts:
        context.close()


@pytest.mark.promise("offline-file", "privacy-no-request", "privacy-no-cookies-no-storage", "privacy-csp")
def test_choices_narrow_the_list_and_nothing_leaves_the_page(open_file):
    opened = open_file()
    page = opened.page
    everything = len(opened.shown)
    assert everything == len(directory_page.shown(PUBLIC))
    opened.choose("n", "A safe place to stay")
    opened.choose("w", "Men")
    opened.choose("a", "North Coast")
    assert opened.shown == ["Hostel for men"]
    expect(page.locator(".dir-count")).to_have_text("1 service fits.")
    opened.choose("l", "Burmese")
    assert opened.shown == []
    expect(page.locator(".dir-count")).to_contain_text("Nothing fits.")
    page.get_by_role("button", name="Show all").click()
    opened.settle()
    assert len(opened.shown) == everything
    page.get_by_label("Search for a word").fill("  FISHERS' tea ")
    opened.settle()
    assert opened.shown == ["Fishers' house"]
    page.get_by_label("Search for a word").press("Enter")
    assert page.url == opened.path.as_uri()
    assert page.evaluate(STORED) == [""]
    assert opened.page.context.cookies() == []
    assert opened.asked == [opened.path.as_uri()]
    assert opened.said == []


@pytest.mark.parametrize(
    ("now", "is_open", "is_closed"),
    [
        ("2026-11-25T10:00:00+03:30", {"National helpline", "Wage desk"}, {"Duty officer at night", "Evening circle"}),
        ("2026-11-25T12:30:00+03:30", {"National helpline", "Meals and clothes"}, {"Wage desk"}),
        ("2026-11-25T23:30:00+03:30", {"Duty officer at night", "Emergency beds"}, {"Wage desk", "Night line"}),
        ("2026-11-28T03:00:00+03:30", {"Duty officer at night", "Emergency beds"}, {"Meals and clothes"}),  # after Friday
        ("2026-11-30T02:00:00+03:30", {"Emergency beds"}, {"Duty officer at night"}),  # Sunday's night runs into Monday
    ],
)  # fmt: skip
def test_open_now_goes_by_the_clock_of_the_device(open_file, now, is_open, is_closed):
    opened = open_file(now=now)
    opened.page.get_by_label("Only what is open now").check()
    opened.settle()
    shown = set(opened.shown)
    assert is_open <= shown
    assert not is_closed & shown
    assert set(opened.page.locator(".dir-badge:visible").all_text_contents()) == {"Open now"}


@pytest.mark.promise("access-no-js")
@pytest.mark.parametrize("which", WRITERS)
def test_without_scripts_everything_reads(open_file, which):
    opened = open_file(which, scripts=False)
    page = opened.page
    for one in directory_page.shown(PUBLIC):
        expect(page.locator(".dir-name", has_text=one.name).first).to_be_visible()
    assert page.locator("form:visible, button:visible").count() == 0
    first = page.locator(".dir-lines a").first
    assert first.get_attribute("href") == "tel:1188"
    page.click("[data-ct-leave]")
    page.wait_for_url("about:blank")


@pytest.mark.promise("safety-leave", "privacy-clear")
def test_leaving_clears_what_was_chosen_and_shows_an_empty_page(open_file):
    opened = open_file()
    page = opened.page
    page.get_by_label("Search for a word").fill("lawyer")
    seen = page.evaluate("""() => {
      const seen = [];
      document.addEventListener("ct:clear", () => seen.push(getComputedStyle(document.body).display));
      const field = document.querySelector("[data-ct-filter=q]");
      document.querySelector("[data-ct-leave]").click();
      return [...seen, field.value, document.body.textContent];
    }""")
    assert seen == ["none", "", ""]
    page.wait_for_url("about:blank")


@pytest.mark.promise("access-keyboard")
def test_the_keyboard_reaches_every_choice(open_file):
    page = open_file().page
    seen = []
    for _ in range(16):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.dataset.ctFilter || document.activeElement.type || ''"))
    assert [key for key in seen if key in "nawlqo" and key] == ["n", "a", "w", "l", "q", "o"]
    assert "reset" in seen


@pytest.mark.slow
@pytest.mark.promise("access-axe")
@pytest.mark.parametrize("which", WRITERS)
def test_axe_finds_nothing(open_file, axe_source, which):
    opened = open_file(which)
    page, found = opened.page, []
    page.evaluate(axe_source)
    states = ("all", "nothing fits") if which == "page" else ("all",)
    for state in states:
        if state == "nothing fits":
            page.get_by_label("Search for a word").fill("zzz")
            opened.settle()
        for width in (1280, 320):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(60)
                result = page.evaluate(
                    "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
                    RULES,
                )
                found += [
                    f"{state}, {width}, {scheme}: {v['id']}: {v['nodes'][0]['html'][:120]}"
                    for v in result["violations"]
                ]
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert wide <= 0, (state, width)
    assert found == []
