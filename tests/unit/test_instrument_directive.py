"""The directive: an instrument stands in a page, can be linked to, and a wrong id says what to do."""

from __future__ import annotations

import re

import pytest

from tools.surfaces import html

ELEMENTS = "identification/elements-of-the-definition"
FENCE = "```{{instrument}} {name}\n```\n"
PAGE = "# A page\n\n## A section\n\nSee [the tool](tool-elements-of-the-definition).\n\n" + FENCE.format(name=ELEMENTS)


def test_an_instrument_stands_in_the_page_below_its_section(make_site) -> None:
    site = make_site({"index.md": PAGE})
    assert site.warnings == ""
    page = (site.out / "index.html").read_text(encoding="utf-8")
    assert page.count(f'data-ct-tool="{ELEMENTS}"') == 1
    assert re.search(r'<h3 id="[^"]*" class="ct-tool-title">', page)
    assert "<h4 " in page
    assert 'class="ct-data"' in page


def test_the_label_of_an_instrument_can_be_linked_to_from_another_page(make_site) -> None:
    other = "# Other\n\nSee [the tool](tool-elements-of-the-definition), or {ref}`in words <tool-elements-of-the-definition>`.\n"
    site = make_site({"index.md": PAGE, "other.md": other})
    assert site.warnings == ""
    page = (site.out / "other.html").read_text(encoding="utf-8")
    assert page.count('href="index.html#tool-elements-of-the-definition"') == 2
    assert 'id="tool-elements-of-the-definition"' in (site.out / "index.html").read_text(encoding="utf-8")


@pytest.mark.promise("input-messages")
def test_an_unknown_id_gives_one_warning_with_place_and_remedy(make_site) -> None:
    site = make_site({"index.md": "# A page\n\n" + FENCE.format(name="identification/elements-of-the-defintion")})
    lines = [line for line in site.warnings.splitlines() if line]
    assert len(lines) == 1, site.warnings
    for words in ("index.md:3", "elements-of-the-defintion", "did you mean", "python -m tools list", "INS_001"):
        assert words in lines[0]


def test_the_words_of_an_instrument_are_in_the_text_of_the_page(make_site) -> None:
    site = make_site({"index.md": PAGE}, builder="text")
    said = " ".join((site.out / "index.txt").read_text(encoding="utf-8").split())
    assert "Someone recruited the person" in said
    assert "What this must not be used for" in said


def test_two_copies_of_one_instrument_are_not_silent(make_site) -> None:
    site = make_site({"index.md": PAGE + "\n" + FENCE.format(name=ELEMENTS)})
    assert "tool-elements-of-the-definition" in site.warnings


def test_the_directive_and_the_surface_write_the_same(make_site) -> None:
    from tools.instruments import library

    site = make_site({"index.md": PAGE})
    page = (site.out / "index.html").read_text(encoding="utf-8")
    assert html.render(library.load(ELEMENTS), level=3) in page
