"""The workshop of each guide: every file is linked from its page, and its papers are good PDFs."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pikepdf
import pytest
from lxml import html

from tools import chapters
from tools.content import ROOT
from tools.sphinxext import downloads

pytestmark = pytest.mark.book

BUILD = Path(os.environ.get("BOOK_BUILD", ROOT / "_build"))
GUIDES = [guide for guide in chapters.guides() if guide != "start"]
FILES = ("--facilitator.pdf", "--workbook.pdf", "--certificate.pdf", ".pptx", ".apkg", "--scorm.zip")


@pytest.fixture(scope="module")
def box() -> Path:
    folder = BUILD / "workshop"
    if not (folder / "words.apkg").is_file():
        pytest.fail("The workshops were not found. Run `make book` first.")
    return folder


@pytest.mark.parametrize("guide", GUIDES)
def test_a_teaching_page_links_all_files_of_its_box(site: Path, guide: str) -> None:
    page = html.document_fromstring((site / f"book/training/teach-{guide}.html").read_text(encoding="utf-8"))
    (place,) = page.xpath(f"//div[@data-ct-downloads='workshop:{guide}']")
    links = [str(link) for link in place.xpath(".//a/@href")]
    assert [link.rsplit("/", 1)[-1] for link in links] == [f"{guide}{ending}" for ending in FILES]
    for link in links:
        assert (site / "book/training" / link).resolve().stat().st_size > 1000
    (title,) = page.xpath("//h1")
    assert title.text_content().startswith("Teach")


def test_the_cards_of_words_are_linked_from_the_first_page_of_the_part(site: Path) -> None:
    page = html.document_fromstring((site / "book/training/index.html").read_text(encoding="utf-8"))
    (link,) = page.xpath("//div[@data-ct-downloads='workshop:words']//a/@href")
    assert (site / "book/training" / str(link)).resolve().name == "words.apkg"
    assert zipfile.is_zipfile(site / downloads.FOLDER / "words.apkg")


@pytest.mark.promise("pdf-tagged", "pdf-fonts", "pdf-no-js")
@pytest.mark.parametrize("guide", chapters.guides())
@pytest.mark.parametrize("ending", ["facilitator", "workbook", "certificate"])
def test_a_paper_is_tagged_titled_embedded_and_without_scripts(box: Path, guide: str, ending: str) -> None:
    with pikepdf.open(box / f"{guide}--{ending}.pdf") as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo.Title)
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary):
                assert "/JavaScript" not in item
                assert "/JS" not in item
                if item.get("/Type") == "/FontDescriptor":
                    assert any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))


@pytest.mark.promise("pdf-fields-named")
@pytest.mark.parametrize("guide", GUIDES)
def test_fields_of_workbook_and_certificate_can_be_filled_in_and_have_names(box: Path, guide: str) -> None:
    for ending, least in (("workbook", 8), ("certificate", 4)):
        with pikepdf.open(box / f"{guide}--{ending}.pdf") as pdf:
            fields = list(pdf.Root.AcroForm.Fields)
            assert len(fields) >= least
            for field in fields:
                assert str(field.FT) == "/Tx"
                assert str(field.get("/TU", "")), f"{guide} {ending}: {field.T} has no name that is read aloud"
    with pikepdf.open(box / f"{guide}--facilitator.pdf") as pdf:
        assert "/AcroForm" not in pdf.Root


@pytest.mark.parametrize("guide", GUIDES)
def test_a_certificate_is_one_page_and_a_workbook_no_book(box: Path, guide: str) -> None:
    with pikepdf.open(box / f"{guide}--certificate.pdf") as pdf:
        assert len(pdf.pages) == 1
    with pikepdf.open(box / f"{guide}--workbook.pdf") as pdf:
        assert 5 <= len(pdf.pages) <= 40
