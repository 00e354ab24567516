"""The catalogue of public tools in the page: whole without the script, filtered with it."""

from __future__ import annotations

import pytest

from tools import catalogue

PAGE = "/book/identification/sign-lists.html"

pytestmark = pytest.mark.browser


def test_the_filter_shows_the_rows_that_have_every_chosen_word(browser, server) -> None:
    page = browser.new_page()
    page.goto(server + PAGE)
    rows = page.locator("table.ct-catalogue > tbody > tr")
    tools = catalogue.load()
    assert rows.count() == len(tools)
    assert rows.locator("visible=true").count() == len(tools)
    page.select_option("#catalogue-stage", "interview")
    page.select_option("#catalogue-users", "service-providers")
    fit = [t for t in tools if "interview" in t.words["stage"] and "service providers" in t.words["users"]]
    shown = page.locator("table.ct-catalogue > tbody > tr:not([hidden])")
    assert 0 < len(fit) < len(tools)
    assert shown.count() == len(fit)
    for tool in fit:
        assert shown.filter(has_text=tool.tool).count() == 1
    assert page.locator(".ct-forms-filter [role=status]").inner_text() == f"{len(fit)} of {len(tools)} tools are shown."
    assert page.url == server + PAGE, "what is chosen must not go into the address"
    page.select_option("#catalogue-purpose", "give-health-care")  # nothing fits: the filter itself must stay
    assert shown.count() == 0
    assert page.locator("#catalogue-purpose").is_visible()
    page.close()


def test_without_the_script_the_table_is_whole(browser, server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server + PAGE)
    assert page.locator("table.ct-catalogue > tbody > tr").count() == len(catalogue.load())
    assert not page.locator(".ct-forms-filter").is_visible()
    context.close()
