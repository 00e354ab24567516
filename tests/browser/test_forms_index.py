"""The list of all forms in a browser: the filter, without a script, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAGE = "book/forms.html"
ENTRIES = ".ct-forms > li"


@pytest.mark.promise("privacy-nothing-typed-in-url", "privacy-no-cookies-no-storage")
def test_the_filter_shows_what_fits_and_keeps_nothing(page, server) -> None:
    page.goto(f"{server}/{PAGE}")
    every = page.locator(ENTRIES).count()
    address = page.url
    page.get_by_label("Kind").select_option("screening")
    shown = page.locator(f"{ENTRIES}:visible")
    assert 0 < shown.count() < every
    assert set(shown.evaluate_all("all => all.map(one => one.dataset.kind)")) == {"screening"}
    expect(page.locator(".ct-forms-filter [role=status]")).to_have_text(f"{shown.count()} of {every} forms are shown.")
    # A guide without a fitting form goes, heading and all.
    headings = page.locator("article section h2:visible, main section h2:visible").count()
    page.get_by_label("Role").select_option("trainer")
    assert shown.count() > 0
    page.get_by_label("Kind").select_option("")
    page.get_by_label("Role").select_option("")
    assert page.locator(f"{ENTRIES}:visible").count() == every
    assert page.locator("article section h2:visible, main section h2:visible").count() >= headings
    assert page.url == address
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.get_by_label("Kind").select_option("screening")
    page.reload()
    assert page.locator(f"{ENTRIES}:visible").count() == every


@pytest.mark.promise("access-no-js")
def test_without_a_script_the_list_is_whole_and_the_filter_away(browser, server) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{server}/{PAGE}")
    assert page.locator(f"{ENTRIES}:visible").count() == page.locator(ENTRIES).count() > 0
    assert not page.locator(".ct-forms-filter").is_visible()
    context.close()


@pytest.mark.promise("access-axe")
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_and_the_filter_in_use_have_no_fault(browser, server, axe_source, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{server}/{PAGE}")
    page.get_by_label("Kind").select_option("screening")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.evaluate(axe_source)
    found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
    context.close()
    assert found == []
