"""The form in one file: opened from disk with the network off, filled, saved, cleared, left, read without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cases import vectors
from cases.in_page import RULES, Tool
from playwright.sync_api import Page, expect

from tools.instruments import library, record
from tools.instruments.model import Instrument
from tools.surfaces import single

pytestmark = pytest.mark.browser

ELEMENTS = "identification/elements-of-the-definition"
ANSWERS = {"age_group": "adult", "recruited": "yes", "force": "yes", "forced_labour": "yes"}
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
    tool: Tool
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture
def open_file(browser, tmp_path) -> Iterator[Callable[..., Opened]]:
    """Writes the file of an instrument and opens it from disk, with the network off."""
    contexts = []

    def show(instrument: Instrument, *, scripts: bool = True, neutral: bool = False) -> Opened:
        path = tmp_path / single.file_name(instrument, neutral=neutral)
        path.write_text(single.page(instrument, neutral=neutral), encoding="utf-8")
        context = browser.new_context(
            offline=True, java_script_enabled=scripts, viewport={"width": 1280, "height": 900}
        )
        contexts.append(context)
        page = context.new_page()
        opened = Opened(page, path, Tool(page, instrument))
        page.on("request", lambda request: opened.asked.append(request.url))
        page.on("console", lambda message: opened.said.append(message.text))
        page.on("pageerror", lambda error: opened.said.append(str(error)))
        if scripts:
            page.add_init_script(FAULTS)
        page.goto(path.as_uri())
        return opened

    yield show
    for context in contexts:
        context.close()


# --- The file itself ---


@pytest.mark.promise("weight-page")
@pytest.mark.parametrize("instrument", vectors.instruments(), ids=lambda i: i.id)
def test_a_file_is_small_and_names_nothing_outside(instrument):
    text = single.page(instrument)
    assert len(text.encode()) <= single.SIZE_MAX
    sources = re.findall(r'\s(?:src|href|action|poster|srcset|data)="([^"]*)"', text)
    assert {s for s in sources if not s.startswith(("#", "data:image/svg+xml,"))} == {"about:blank"}
    assert not re.search(r"url\(|@import", text)


@pytest.mark.promise("privacy-csp")
def test_the_policy_allows_the_one_script_and_the_one_style(open_file):
    text = single.page(library.load(ELEMENTS))
    head = text.split("<head>")[1]
    assert head.lstrip().startswith('<meta http-equiv="Content-Security-Policy"')
    policy = head.split('content="', 1)[1].split('"', 1)[0]
    (style,) = re.findall(r"<style>(.*?)</style>", text, flags=re.S)
    (script,) = re.findall(r"<script>(.*?)</script>", text, flags=re.S)
    assert policy == (
        f"default-src 'none'; script-src {single.digest(script)}; style-src {single.digest(style)}; img-src data:; "
        "connect-src 'none'; form-action 'none'; base-uri 'none'"
    )
    assert not re.search(r"\s(?:style|on\w+)=\"", text)
    opened = open_file(library.load(ELEMENTS))
    opened.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )
    assert opened.page.evaluate("window.ran") is None
    assert any("script-src" in line for line in opened.said), "the test must see a breach"


def test_a_neutral_file_says_nothing_in_its_name_and_its_tab(open_file):
    opened = open_file(library.load(ELEMENTS), neutral=True)
    assert (opened.path.name, opened.page.title()) == ("form.html", "Form")
    head = opened.page.content().split("</title>")[0].lower()
    assert not re.search("traffick|victim|purpose", head)
    assert open_file(library.load(ELEMENTS)).page.title() == library.load(ELEMENTS).title


# --- Used ---


@pytest.mark.promise("offline-file", "privacy-no-request", "privacy-no-cookies-no-storage", "privacy-memory-only", "privacy-clear", "same-result")  # fmt: skip
def test_a_file_gives_the_result_saves_opens_and_clears_and_asks_for_nothing(open_file):
    instrument = library.load(ELEMENTS)
    opened = open_file(instrument)
    page = opened.page
    opened.tool.fill(ANSWERS)
    expected = library_result(instrument)
    expect(page.locator(".ct-outcome-title")).to_have_text(expected)
    saved = opened.tool.save()
    assert json.loads(saved)["answers"] == ANSWERS
    page.once("dialog", lambda dialog: dialog.accept())
    opened.tool.press("clear")
    expect(page.locator(".ct-outcome-title")).to_have_count(0)
    assert page.locator("main input:checked").count() == 0
    opened.tool.open(saved)
    expect(page.locator(".ct-outcome-title")).to_have_text(expected)
    opened.tool.press("summary")
    expect(page.locator(".ct-summary-text")).to_have_value(re.compile(re.escape(expected)))
    assert page.evaluate(STORED) == [""]
    assert opened.page.context.cookies() == []
    assert [url for url in opened.asked if not url.startswith(("blob:", "data:"))] == [opened.path.as_uri()]
    assert opened.said == []


def library_result(instrument: Instrument) -> str:
    from tools.instruments.assessment import assess

    outcome = assess(instrument, record.of(instrument, ANSWERS)).outcome
    assert outcome
    return outcome.title


@pytest.mark.promise("safety-leave", "privacy-clear")
@pytest.mark.parametrize("way", ["click", "enter", "shift"])
def test_leaving_shows_an_empty_page_and_back_does_not_return(open_file, way):
    opened = open_file(library.load(ELEMENTS))
    page = opened.page
    opened.tool.fill(ANSWERS)
    if way == "shift":
        for _ in range(3):
            page.keyboard.press("Shift")
    elif way == "enter":
        page.focus("[data-ct-leave]")
        page.keyboard.press("Enter")
    else:
        page.click("[data-ct-leave]")
    page.wait_for_url("about:blank")
    assert page.evaluate("document.documentElement.textContent") == ""
    page.go_back()
    assert page.url == "about:blank"


@pytest.mark.promise("safety-leave", "privacy-clear")
def test_leaving_hides_first_then_clears_all_before_anything_is_painted(open_file):
    opened = open_file(library.load(ELEMENTS))
    opened.tool.fill(ANSWERS)
    seen = opened.page.evaluate("""() => {
      const seen = [];
      document.addEventListener("ct:clear", () => seen.push(getComputedStyle(document.body).display));
      document.querySelector("[data-ct-leave]").click();
      return [...seen, document.body.textContent, document.title];
    }""")
    assert seen == ["none", "", "New tab"]
    opened.page.wait_for_url("about:blank")


@pytest.mark.promise("access-no-js", "safety-leave")
def test_without_scripts_a_file_reads_and_can_be_left(open_file):
    instrument = library.load(ELEMENTS)
    opened = open_file(instrument, scripts=False)
    page = opened.page
    for item in instrument.items.values():
        expect(page.locator(f'[data-ct-item="{item.id}"]')).to_be_visible()
    expect(page.locator(".ct-paper")).to_be_visible()
    expect(page.locator("noscript p")).to_be_visible()
    assert page.locator("button:visible").count() == 0
    assert page.locator(".single-js:visible").count() == 0
    page.click("[data-ct-leave]")
    page.wait_for_url("about:blank")


def test_on_paper_the_bar_is_gone_and_the_result_stays(open_file):
    opened = open_file(library.load(ELEMENTS))
    opened.tool.fill(ANSWERS)
    opened.page.emulate_media(media="print")
    for selector in (".single-bar", ".single-safe", ".ct-toolbar"):
        assert opened.page.locator(f"{selector}:visible").count() == 0, selector
    expect(opened.page.locator(".ct-outcome-title")).to_be_visible()
    expect(opened.page.locator(".single-foot")).to_contain_text("CC BY 4.0")


@pytest.mark.promise("language-rtl")
def test_a_file_has_the_language_and_the_direction_of_its_words(open_file):
    import dataclasses

    page = open_file(dataclasses.replace(library.load(ELEMENTS), locale="ar")).page
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.slow
@pytest.mark.promise("access-axe")
def test_axe_finds_nothing_in_a_file(open_file, axe_source):
    opened = open_file(library.load(ELEMENTS))
    page, found = opened.page, []
    page.evaluate(axe_source)
    for state in ("empty", "with a result and the help open"):
        if state != "empty":
            opened.tool.fill(ANSWERS)
            page.click(".single-help summary")
        for width in (1280, 320):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 800})
                page.emulate_media(color_scheme=scheme)
                page.evaluate("document.querySelector('.ct-result').scrollIntoView()")
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
                box = page.locator("[data-ct-leave]").bounding_box()
                assert box
                assert box["y"] >= 0
                assert box["height"] >= 44
    assert found == []
