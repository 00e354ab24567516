"""The catalogue of publications in the page: whole without the script; chosen from, put in order and saved with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tools import publications
from tools.sphinxext.filters import code
from tools.surfaces import publication_files

PAGE = "/book/library/publications.html"
SHOWN = "table.ct-publications > tbody > tr:not([hidden])"

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Any, server: str) -> Iterator[Any]:
    opened = browser.new_page(accept_downloads=True)
    opened.goto(server + PAGE)
    yield opened
    opened.close()


def keys(page: Any) -> list[str]:
    found: list[str] = page.locator(SHOWN).evaluate_all("rows => rows.map(row => row.id.slice(5))")
    return found


@pytest.mark.parametrize("facet", publications.FACETS)
def test_each_value_shows_what_the_catalogue_says(page: Any, facet: str) -> None:
    # all values in one go inside the page; one call for each value would take minutes
    found = page.evaluate(
        """facet => {
          const field = document.getElementById("publications-" + facet), seen = {};
          for (const option of Array.from(field.options).slice(1)) {
            field.value = option.value;
            field.dispatchEvent(new Event("change", { bubbles: true }));
            const rows = document.querySelectorAll("table.ct-publications > tbody > tr:not([hidden])");
            seen[option.value] = [option.textContent, Array.from(rows, row => row.id.slice(5))];
          }
          return seen;
        }""",
        facet,
    )
    assert set(found) == {code(value) for value in publications.values(facet)}
    for value in publications.values(facet):
        words, shown = found[code(value)]
        expected = [one.key for one in publications.select({facet: value})]
        assert shown == expected
        assert words.endswith(f"({len(expected)})")


def test_choices_combine_counts_follow_and_all_comes_back(page: Any, server: str) -> None:
    chosen = {"topics": "reintegration", "countries": "IDN", "formats": "pdf"}
    for facet, value in chosen.items():
        page.select_option(f"#publications-{facet}", code(value))
    assert keys(page) == [one.key for one in publications.select(chosen)]
    for facet in publications.FACETS:
        said = page.locator(f"#publications-{facet} option").all_inner_texts()[1:]
        numbers = [int(words.rpartition("(")[2].rstrip(")")) for words in said]
        assert numbers == list(publications.counts(facet, chosen).values())
    status = page.locator(".ct-forms-filter [role=status]")
    assert status.inner_text() == f"{len(publications.select(chosen))} of 120 publications are shown."
    assert page.url == server + PAGE, "what is chosen must not go into the address"
    page.get_by_role("button", name="Show all").click()
    assert len(keys(page)) == 120
    assert status.inner_text() == "120 of 120 publications are shown."


def test_the_order_can_be_changed(page: Any) -> None:
    newest = [one.key for one in publications.load()]
    assert keys(page) == newest
    page.select_option("#publications-order", "oldest")
    years = {one.key: one.year for one in publications.load()}
    assert keys(page) == sorted(newest, key=lambda key: years[key] or "9999")
    page.select_option("#publications-order", "newest")
    assert keys(page) == newest


def test_what_is_shown_is_saved_as_the_command_line_writes_it(page: Any) -> None:
    page.select_option("#publications-languages", "km")
    expected = publications.select({"languages": "km"})
    for kind, name in (("bibtex", "BibTeX"), ("ris", "RIS"), ("csv", "CSV")):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as {name}").click()
        ending = publication_files.KINDS[kind][0]
        assert download.value.suggested_filename == f"publications{ending}"
        assert download.value.path().read_bytes().decode() == publication_files.whole(kind, expected)


def test_the_keyboard_is_enough(page: Any) -> None:
    page.focus("#publications-topics")
    page.keyboard.type("Mentoring")
    page.keyboard.press("Tab")
    assert keys(page) == [one.key for one in publications.select({"topics": "mentoring"})]
    assert page.evaluate("document.activeElement.id") == "publications-type"


def test_works_lead_to_the_chapters_that_use_them(page: Any) -> None:
    row = page.locator("#work-in-african-waters-2014")
    assert row.get_by_role("link").first.get_attribute("href") == "../identification/at-sea.html"


def test_without_the_script_the_table_is_whole(browser: Any, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server + PAGE)
    assert page.locator(SHOWN).count() == 120
    assert not page.locator(".ct-forms-filter").is_visible()
    for link in page.get_by_role("link", name="BibTeX"), page.get_by_role("link", name="CSV"):
        assert page.request.get(server + "/book/library/" + link.get_attribute("href")).ok
    context.close()
