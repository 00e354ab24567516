"""The matrix of indicators in the page: whole without the script, filtered with it."""

from __future__ import annotations

import pytest

from tools.casedata import matrix

PAGE = "/book/reintegration/matrix.html"
ROWS = "table.ct-matrix > tbody > tr"

pytestmark = pytest.mark.browser


def test_the_filter_shows_the_rows_of_a_stage_and_an_area(browser, server) -> None:
    page = browser.new_page()
    page.goto(server + PAGE)
    every = matrix.load()
    assert page.locator(ROWS).count() == len(every)
    page.select_option("#matrix-stage", "crisis")
    page.select_option("#matrix-area", "safety")
    fit = matrix.pick("crisis", "safety")
    shown = page.locator(f"{ROWS}:not([hidden])")
    assert shown.count() == len(fit)
    for row in fit:
        assert shown.filter(has_text=row.label).count() == 1
    said = page.locator(".ct-forms-filter [role=status]").inner_text()
    assert said == f"{len(fit)} of {len(every)} indicators are shown."
    assert not page.locator("#indicators-housing").is_visible(), "an area without a row leaves no heading"
    assert page.url == server + PAGE, "what is chosen must not go into the address"
    page.select_option("#matrix-area", "")
    page.select_option("#matrix-stage", "")
    assert shown.count() == len(every)
    page.close()


@pytest.mark.promise("access-no-js")
def test_without_the_script_the_matrix_is_whole(browser, server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server + PAGE)
    assert page.locator(ROWS).count() == len(matrix.load())
    assert page.locator("#indicators-housing").is_visible()
    assert not page.locator(".ct-forms-filter").is_visible()
    context.close()
