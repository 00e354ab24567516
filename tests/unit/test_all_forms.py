"""The list of all forms: it follows the library and the chapters; the links to files speak the page's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import content
from tools.instruments import library
from tools.sphinxext import downloads, forms_index
from tools.sphinxext import words as site_words
from tools.surfaces import forms

ELEMENTS = "identification/elements-of-the-definition"
CONTENTS = """format: jb-book
root: book/index
chapters:
  - file: book/forms
"""


def entry(page: str, title: str) -> str:
    """Return the entry of a form."""
    found = [part for part in page.split("<li data-guide") if f">{title}<" in part]
    assert len(found) == 1
    return found[0]


@pytest.mark.slow
def test_titles_follow_their_chapter_and_removed_pages_go(make_site) -> None:
    site = make_site(
        {
            "book/index.md": "# Book",
            "book/forms.md": "# All forms\n\n```{forms-index}\n```\n\n## After\n",
            "book/chapter.md": f"# Chapter\n\n```{{instrument}} {ELEMENTS}\n```\n",
            "_toc.yml": CONTENTS + "  - file: book/chapter\n",
        },
        nitpicky=True,
    )
    assert site.warnings == ""
    page = site.html("book/forms")
    linked = entry(page, "Act, means and purpose")
    assert 'href="chapter.html#tool-elements-of-the-definition"' in linked
    assert f'data-ct-downloads="instrument:{ELEMENTS}" hidden' in linked
    assert "Screening · about 10 minutes · English · adapted from a published list" in linked
    assert "<a " not in entry(page, "Consent opening").split("</p>")[0]
    assert page.count("<li data-guide") == len(content.instrument_ids())
    again = make_site({"_toc.yml": CONTENTS}, nitpicky=True)
    assert again.warnings == ""
    assert "<a " not in entry(again.html("book/forms"), "Act, means and purpose").split("</p>")[0]
    assert not (again.out / "book" / "chapter.html").exists()


def test_the_filter_offers_what_there_is_to_choose() -> None:
    one, other = library.load(ELEMENTS), library.load("identification/consent-opening")
    made = forms_index.filter_html([one, other])
    assert '<option value="screening">Screening</option>' in made
    assert '<option value="health worker">Health worker</option>' in made
    assert "forms-guide" not in made  # one guide and one language: nothing to choose
    assert "forms-language" not in made
    assert 'hidden><span><label for="forms-role">' in made


def test_languages_are_named_in_their_own_words_and_say_when_they_are_not_whole(monkeypatch) -> None:
    monkeypatch.setattr(forms_index.facts, "languages", lambda _one: {"en": 1.0, "id": 0.4, "xx": 1.0})
    assert forms_index.language_names(library.load(ELEMENTS)) == ["English", "Indonesia, in part", "xx"]


# --- links to files ---


def built(folder: Path, language: str = "en") -> Path:
    """Return a site of one page with a place for links, and the files of an instrument."""
    page = folder / "site" / "book" / "index.html"
    page.parent.mkdir(parents=True)
    place = downloads.links(f"instrument:{ELEMENTS}", (), "")
    page.write_text(f'<html class="x" lang="{language}"><main>{place}</main></html>', "utf-8")
    made = folder / "forms"
    made.mkdir()
    instrument = library.load(ELEMENTS)
    for kind in ("xlsx", "xlsform", "html", "txt", "csv"):
        (made / forms.file_name(instrument, forms.KINDS[kind])).write_bytes(b"x" * 2500)
    return page


def test_each_kind_of_file_has_a_link_in_order_with_title_and_size(tmp_path: Path) -> None:
    page = built(tmp_path)
    assert downloads.run(tmp_path / "site", [tmp_path / "forms"]) == (4, 1)
    text = page.read_text("utf-8")
    said = [link.split("</a>")[0].split("</span>")[1] for link in text.split("<a ")[1:]]
    assert said == ["Excel", "Kobo or ODK", "Page to send", "Text"]
    assert text.count('<span class="ct-hidden">Act, means and purpose: </span>') == 4
    assert text.count('<span class="ct-size">2 kB</span>') == 4
    assert text.count(" download>") == 1
    assert 'href="../downloads/identification--elements-of-the-definition--xlsform.xlsx"' in text
    assert downloads.run(tmp_path / "site", [tmp_path / "forms"]) == (4, 0)
    (tmp_path / "forms" / "identification--elements-of-the-definition.txt").unlink()
    assert downloads.run(tmp_path / "site", [tmp_path / "forms"]) == (3, 1)
    assert not list((tmp_path / "site" / "downloads").glob("*.txt"))


@pytest.mark.promise("language-gettext")
def test_links_speak_the_language_of_the_page(tmp_path: Path, monkeypatch) -> None:
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    catalogue = Catalog(locale="id")
    catalogue.add("Page to send", "Halaman untuk dikirim")
    path = tmp_path / "locale" / "id" / "LC_MESSAGES" / "interface.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(content, "LOCALE", tmp_path / "locale")
    page = built(tmp_path, "id")
    try:
        downloads.run(tmp_path / "site", [tmp_path / "forms"])
    finally:
        site_words.speak("en", [])
    assert "</span>Halaman untuk dikirim</a>" in page.read_text("utf-8")
