"""The files to take along: every instrument has each of them, linked from its chapter and from the list of all forms."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from lxml import html

from tools import content
from tools.instruments import library
from tools.sphinxext import downloads
from tools.surfaces import forms

pytestmark = pytest.mark.book

INDEX = "book/forms.html"
SINGLE_MAX = 300_000


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, html.HtmlElement]:
    """Every page that has places for links, parsed."""
    texts = {path: path.read_text(encoding="utf-8") for path in site.glob("book/**/*.html")}
    return {
        path.relative_to(site).as_posix(): html.document_fromstring(text)
        for path, text in texts.items()
        if "data-ct-downloads" in text
    }


@pytest.fixture(scope="module")
def folder(site: Path) -> Path:
    found = site / downloads.FOLDER
    if not any(found.glob("*.html")):
        pytest.fail("The forms were not found beside the website. Run `make book` first.")
    return found


def expected(name: str) -> list[str]:
    instrument = library.load(name)
    return [forms.file_name(instrument, forms.KINDS[kind]) for kind in downloads.OFFERED]


@pytest.mark.parametrize("name", content.instrument_ids())
def test_every_instrument_has_every_file(folder: Path, name: str) -> None:
    for file in expected(name):
        data = (folder / file).read_bytes()
        assert data, file
        if file.endswith(".xlsx"):
            assert zipfile.is_zipfile(folder / file)
        elif file.endswith(".pdf"):
            assert data.startswith(b"%PDF")
        else:
            assert library.load(name).title.split(":")[0] in data.decode("utf-8").replace("&amp;", "&")


def test_a_page_to_send_is_small_enough(folder: Path) -> None:
    heavy = {path.name: path.stat().st_size for path in folder.glob("*.html") if path.stat().st_size > SINGLE_MAX}
    assert heavy == {}


def test_every_place_is_filled_and_its_links_lead_to_files(site: Path, folder: Path, pages) -> None:
    places = 0
    for name, page in pages.items():
        for place in page.xpath("//div[@data-ct-downloads]"):
            places += 1
            target = place.get("data-ct-downloads")
            links = [str(link) for link in place.xpath(".//a/@href")]
            assert links, f"{name}: no file for {target}"
            assert place.get("hidden") is None
            for link in links:
                assert ((site / name).parent / link).resolve().is_file(), f"{name}: {link}"
            if target.startswith("instrument:"):
                assert [link.rsplit("/", 1)[-1] for link in links] == expected(target.removeprefix("instrument:"))
    assert places >= 2 * 20


@pytest.mark.promise("access-structure")
def test_links_say_what_they_are_of(pages) -> None:
    for name, page in pages.items():
        for place in page.xpath("//div[starts-with(@data-ct-downloads, 'instrument:')]"):
            title = library.load(place.get("data-ct-downloads").removeprefix("instrument:")).title
            for link in place.xpath(".//a"):
                assert link.text_content().startswith(f"{title}: "), f"{name}: {link.text_content()}"


def test_the_list_of_all_forms_lists_every_instrument_with_its_facts(site: Path, pages) -> None:
    page = pages[INDEX]
    entries = page.xpath("//ul[@class='ct-forms']/li")
    titles = [entry.xpath("string(p[@class='ct-forms-title'])").strip().replace("’", "'") for entry in entries]
    instruments = library.load_all()
    assert titles == [one.title.replace("’", "'") for one in instruments]
    for entry, one in zip(entries, instruments, strict=True):
        said = " ".join(entry.text_content().split())
        assert str(one.review_due.year) in said
        assert not one.minutes or f"about {one.minutes} minutes" in said
        assert all(role in said for role in one.roles)
        assert (entry.get("data-guide"), entry.get("data-kind")) == (one.guide, one.kind)


def test_titles_in_the_list_lead_to_the_instrument_where_a_chapter_shows_it(site: Path, pages) -> None:
    shown = {
        str(found)
        for path in site.glob("book/**/*.html")
        for found in re.findall(r'data-ct-tool="([^"]+)"', path.read_text(encoding="utf-8"))
    }
    links = pages[INDEX].xpath("//ul[@class='ct-forms']/li/p[@class='ct-forms-title']")
    linked = {one.id for one, title in zip(library.load_all(), links, strict=True) if title.xpath(".//a")}
    assert linked == shown & set(content.instrument_ids())


def test_the_list_is_reached_from_the_first_page(pages) -> None:
    assert "forms.html" in pages["book/index.html"].xpath("//main//a/@href | //article//a/@href")
