"""Charts in a real browser: the picture without scripts, and the live view on request, from the book's own files only."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}
EXPLORE = ".ct-chart-explore"
LIVE = ".ct-chart-live svg.ct-chart-svg"
STILL = ".ct-chart-picture svg"
SLIDER = ".ct-chart-pick input"
MARKS = 'path[stroke-width="1.75"]'

_WATCH = """
window.ctViolations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.ctViolations.push(event.violatedDirective + " " + event.blockedURI + " " + (event.sample || ""));
});
"""


@pytest.fixture(scope="module")
def chart_page(site: Path) -> str:
    """The page with the chart that these tests know: people referred and people identified."""
    mark = 'data-ct-chart="referred-and-identified"'
    pages = [path for path in sorted(site.rglob("*.html")) if mark in path.read_text(encoding="utf-8")]
    assert pages, "no page has the chart"
    return pages[0].relative_to(site).as_posix()


@pytest.fixture(params=["server", "disk"])
def address(request: pytest.FixtureRequest, context: Any, chart_page: str, site: Path) -> str:
    """The page with a chart, from a server and from disk with the network off."""
    if request.param == "server":
        return f"{request.getfixturevalue('server')}/{chart_page}"
    context.set_offline(True)
    return (site / chart_page).as_uri()


def watch(page: Any) -> dict[str, list[str]]:
    """Keep what a page asks for, says in its console, and what its policy refuses (the last in the page itself)."""
    seen: dict[str, list[str]] = {"requests": [], "console": []}
    page.add_init_script(_WATCH)
    page.on("request", lambda request: seen["requests"].append(request.url))
    page.on("console", lambda message: seen["console"].append(message.text))
    return seen


def explore(page: Any, address: str) -> None:
    page.goto(address)
    page.click(EXPLORE)
    expect(page.locator(LIVE)).to_be_visible()
    expect(page.locator(SLIDER)).to_be_visible()


# --- Without scripts, and before anybody asks -------------------------------------------------------------------------


@pytest.mark.promise("access-no-js")
def test_without_scripts_the_picture_and_the_table_are_there(browser, server, chart_page):
    context = browser.new_context(java_script_enabled=False, viewport=DESK)
    page = context.new_page()
    page.goto(f"{server}/{chart_page}")
    expect(page.locator(STILL)).to_be_visible()
    expect(page.locator(EXPLORE)).to_be_hidden()
    page.click(".ct-chart-table summary")
    expect(page.locator(".ct-chart table").first).to_be_visible()
    expect(page.locator('.ct-chart th[scope="row"]', has_text="2018").first).to_be_visible()
    context.close()


@pytest.mark.promise("weight-page", "privacy-no-request")
def test_nothing_is_loaded_for_the_live_view_until_it_is_asked_for(page, server, chart_page):
    seen = watch(page)
    page.goto(f"{server}/{chart_page}", wait_until="networkidle")
    assert not [url for url in seen["requests"] if "vega" in url]
    page.click(EXPLORE)
    expect(page.locator(LIVE)).to_be_visible()
    assert len([url for url in seen["requests"] if "vega" in url]) == 1
    page.click(EXPLORE)
    page.click(EXPLORE)
    expect(page.locator(LIVE)).to_be_visible()
    assert len([url for url in seen["requests"] if "vega" in url]) == 1


# --- The live view ----------------------------------------------------------------------------------------------------


@pytest.mark.promise("access-keyboard", "privacy-csp", "privacy-no-request", "offline-file")
def test_exploring_with_the_keyboard_breaks_no_policy_and_asks_nobody_else(page, address, site):
    seen = watch(page)
    page.goto(address)
    button = page.locator(EXPLORE)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(LIVE)).to_be_visible()
    expect(page.locator(STILL)).to_be_hidden()
    slider = page.locator(SLIDER)
    expect(slider).to_be_focused()
    expect(page.locator(".ct-chart-readout")).to_have_attribute("role", "status")

    for year, words in ((2020, "Serbia: 130 referred, 48 identified."), (2019, "10,606 referred, 2,962 identified")):
        page.keyboard.press("ArrowLeft")
        expect(slider).to_have_attribute("aria-valuetext", str(year))
        expect(page.locator(".ct-chart-pick output")).to_have_text(str(year))
        expect(page.locator(".ct-chart-readout")).to_contain_text(words)
    page.keyboard.press("Home")
    expect(page.locator(".ct-chart-readout")).to_contain_text("2014. Serbia: no figure.")
    page.keyboard.press("End")
    expect(page.locator(".ct-chart-readout")).to_contain_text("17,004 referred, 6,528 identified")

    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    expect(button).to_have_text("Back to the picture")
    page.keyboard.press("Space")
    expect(page.locator(".ct-chart-live")).to_have_count(0)
    expect(page.locator(STILL)).to_be_visible()
    expect(button).to_be_focused()
    expect(button).to_have_text("Explore this chart")

    home = site.as_uri() if address.startswith("file:") else address.split("/book/")[0]
    assert [url for url in seen["requests"] if not url.startswith((home, "data:"))] == []
    assert page.evaluate("window.ctViolations") == []
    assert seen["console"] == []
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


@pytest.mark.promise("privacy-csp")
def test_the_policy_is_on_in_the_page_that_explores(page, server, chart_page):
    watch(page)
    explore(page, f"{server}/{chart_page}")
    # Later, because what a test runs in a page at once is excused from the policy.
    page.evaluate(
        """() => new Promise((done) => setTimeout(() => {
          try { Function("return 1")(); } catch (error) { /* as it should */ }
          done();
        }))"""
    )
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    refused = " ".join(page.evaluate("window.ctViolations"))
    assert "eval" in refused
    assert "style-src" in refused


@pytest.mark.promise("truth-numbers")
def test_picture_and_live_view_show_the_same_marks_and_words(page, server, chart_page):
    explore(page, f"{server}/{chart_page}")
    texts = "svg => [...svg.querySelectorAll('text')].map(text => text.textContent)"
    assert page.locator(LIVE).evaluate(texts) == page.locator(STILL).evaluate(texts)
    assert page.locator(f"{LIVE} {MARKS}").count() == page.locator(f"{STILL} {MARKS}").count() == 34
    named = page.locator(".ct-chart-canvas [role=img]").get_attribute("aria-label")
    assert named == page.locator(".ct-chart-title").inner_text()


@pytest.mark.promise("access-keyboard", "privacy-csp")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_pointing_at_a_mark_says_its_figure_beside_it_and_moves_the_slider(page, server, chart_page, size):
    page.set_viewport_size(size)
    watch(page)
    explore(page, f"{server}/{chart_page}")
    tip = page.locator(".ct-chart-tip")
    expect(tip).to_be_hidden()
    data = json.loads(page.locator("script.ct-chart-spec").text_content())
    known = set(re.findall(r'"tip": "(.*?)"', json.dumps(data)))
    told = set()
    for index in (0, 3, 8, 20, 33):
        mark = page.locator(f"{LIVE} {MARKS}").nth(index)
        mark.scroll_into_view_if_needed()
        mark.hover()
        expect(tip).to_be_visible()
        told.add(tip.inner_text())
        year = re.search(r", (\d{4}):", tip.inner_text())[1]
        expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", year)
        box, frame = tip.bounding_box(), page.locator(".ct-chart-canvas").bounding_box()
        assert frame["x"] - 1 <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
    assert told <= known
    assert len(told) == 5
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    assert page.evaluate("window.ctViolations") == []


@pytest.mark.promise("offline-file", "input-messages")
def test_a_library_that_does_not_load_leaves_the_picture_and_a_word(page, server, chart_page):
    page.route("**/ct-vega.js*", lambda route: route.abort())
    page.goto(f"{server}/{chart_page}")
    page.click(EXPLORE)
    expect(page.locator(".ct-chart-wait")).to_contain_text("could not be loaded")
    expect(page.locator(STILL)).to_be_visible()
    page.unroute("**/ct-vega.js*")
    page.click(EXPLORE)
    expect(page.locator(LIVE)).to_be_visible()
    expect(page.locator(STILL)).to_be_hidden()
    expect(page.locator(".ct-chart-wait")).to_have_count(0)


# --- The look ---------------------------------------------------------------------------------------------------------


@pytest.mark.promise("access-axe")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_chart_and_nothing_sticks_out(page, server, chart_page, axe_source, size, scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{server}/{chart_page}")
    page.evaluate(axe_source)
    page.click(".ct-chart-table summary")
    check = """async () => (await axe.run(".ct-chart", {resultTypes: ["violations"]})).violations
      .map(found => found.id + " " + found.nodes.map(node => node.html.slice(0, 100)))"""
    assert page.evaluate(check) == []
    page.click(EXPLORE)
    expect(page.locator(SLIDER)).to_be_visible()
    assert page.evaluate(check) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for picture in (LIVE, EXPLORE, SLIDER, ".ct-chart-readout"):
        box = page.locator(picture).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]


@pytest.mark.promise("access-axe")
def test_letters_stay_readable_on_a_phone_and_the_words_stay_inside(page, server, chart_page):
    page.set_viewport_size(PHONE)
    page.goto(f"{server}/{chart_page}")
    sizes = page.locator(STILL).evaluate(
        """svg => [...svg.querySelectorAll("text")].map(text =>
          parseFloat(getComputedStyle(text).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"""
    )
    assert min(sizes) >= 11
    out = page.locator(STILL).evaluate(
        """svg => [...svg.querySelectorAll("text")].filter(text => {
          const box = text.getBoundingClientRect();
          return box.left < 0 || box.right > innerWidth;
        }).map(text => text.textContent)"""
    )
    assert out == []


@pytest.mark.promise("access-axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_page_in_the_picture_and_in_the_live_view(page, server, chart_page, scheme):
    page.emulate_media(color_scheme=scheme)
    explore(page, f"{server}/{chart_page}")
    page.click(EXPLORE)
    wanted = {"light": ["rgb(43, 112, 153)", "rgb(122, 47, 16)"], "dark": ["rgb(116, 173, 212)", "rgb(255, 208, 166)"]}
    colours = """svg => ["Referred", "Identified"].map(word => getComputedStyle(
      [...svg.querySelectorAll("text")].find(text => text.textContent.startsWith(word))).fill)"""
    assert page.locator(STILL).evaluate(colours) == wanted[scheme]
    page.click(EXPLORE)
    assert page.locator(LIVE).evaluate(colours) == wanted[scheme]


@pytest.mark.promise("access-no-js")
def test_print_shows_the_picture_even_from_the_live_view(page, server, chart_page):
    explore(page, f"{server}/{chart_page}")
    page.emulate_media(media="print")
    expect(page.locator(STILL)).to_be_visible()
    expect(page.locator(".ct-chart-live")).to_be_hidden()
    expect(page.locator(EXPLORE)).to_be_hidden()
