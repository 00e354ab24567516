"""The PDF editions hold what the book promises of them."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from tools.content import ROOT, instrument_ids
from tools.instruments.library import load_all

pytestmark = pytest.mark.book

BUILD = Path(os.environ.get("BOOK_BUILD", ROOT / "_build"))
FAMILIES = {"Book-Sans", "Book-Sans-Bold", "Book-Sans-Italic", "Book-Sans-Bold-Italic", "Book-Signs", "Book-Maths",
            "Book-Mono", "Book-Mono-Bold", "Book-Fields"}  # fmt: skip


@pytest.fixture(scope="session")
def editions() -> Path:
    folder = BUILD / "guidepdf"
    if not (folder / "complete.pdf").is_file():
        pytest.fail("The PDF editions were not found. Run `make book` first.")
    return folder


@pytest.fixture(scope="session")
def paths(editions: Path) -> list[Path]:
    return sorted(editions.glob("*.pdf"))


def fields(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """Yield every field that a person meets: groups of radio buttons and fields without kids."""
    form = pdf.Root.get("/AcroForm")
    for field in form.Fields if form is not None else []:
        assert "/Parent" not in field, "a kid stands beside its group"
        yield str(field.T), field


def objects(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Yield every dictionary of a PDF, those inside others included."""
    stack = list(pdf.objects)
    while stack:
        item = stack.pop()
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            yield item
            stack += [value for value in item.values() if _inside(value)]
        elif isinstance(item, pikepdf.Array):
            stack += [value for value in item if _inside(value)]


def _inside(value: object) -> bool:
    return isinstance(value, pikepdf.Object) and not value.is_indirect


def test_every_edition_is_there(editions, paths):
    names = {path.stem for path in paths}
    assert {"complete", "identification"} <= names
    assert {name.replace("/", "--") for name in instrument_ids()} <= names


def test_every_guide_has_a_brief_on_two_sides_of_a4(editions, paths):
    guides = {path.stem for path in paths if "--" not in path.stem} - {"complete"}
    assert len(guides) >= 9
    for guide in sorted(guides):
        with pikepdf.open(editions / f"{guide}--brief.pdf") as pdf:
            assert len(pdf.pages) <= 2, guide
            assert [round(float(side)) for side in pdf.pages[0].MediaBox[2:]] == [595, 842]
        said = subprocess.run(
            ["pdftotext", editions / f"{guide}--brief.pdf", "-"], capture_output=True, text=True, check=True
        )
        assert len(re.findall(r"^ *\d+\.", said.stdout, re.M)) >= 6, "points to follow"


#: The largest a file may be, in bytes, by the end of its name; then a guide, and the complete edition.
SIZES = {"--brief": 100_000, "--light": 1_500_000, "": 3_000_000, "complete": 12_000_000}


def test_every_guide_has_a_light_file_and_none_is_too_large_for_a_slow_line(paths):
    names = {path.stem for path in paths}
    for path in paths:
        end = (
            path.stem
            if path.stem == "complete"
            else next((end for end in SIZES if end and path.stem.endswith(end)), "")
        )
        assert path.stat().st_size <= SIZES[end], path.name
        if "--" not in path.stem and path.stem != "complete":
            assert f"{path.stem}--light" in names
            assert path.with_name(f"{path.stem}--light.pdf").stat().st_size < 0.7 * path.stat().st_size, path.name


@pytest.mark.promise("pdf-tagged")
def test_tagged_with_title_and_language(paths):
    for path in paths:
        with pikepdf.open(path) as pdf:
            root = pdf.Root
            assert root.MarkInfo.Marked is True, path.name
            assert "/StructTreeRoot" in root
            assert str(root.Lang) == "en"
            assert root.ViewerPreferences.DisplayDocTitle is True
            assert str(pdf.docinfo["/Title"])
            assert "/Outlines" in root
            assert all(page.obj.get("/Tabs") in ("/S", None) for page in pdf.pages)
            with pdf.open_metadata() as metadata:
                assert str(metadata.get("pdfuaid:part")) == "1"


@pytest.mark.promise("pdf-tagged")
def test_every_figure_has_words_and_every_running_head_is_an_artifact(paths):
    from tools.sphinxext import pdf_finish

    for path in paths:
        with pikepdf.open(path) as pdf:
            for element in pdf_finish.elements(pdf):
                if element.get("/S") == "/Figure":
                    assert str(element.get("/Alt", "")).strip(), path.name
                if element.get("/S") == "/LI":
                    assert {str(kid.S) for kid in pdf_finish.kids(element)} <= {"/Lbl", "/LBody"}
                if element.get("/S") == "/TH":
                    assert "/Scope" in str(element.get("/A"))
            assert b"/Artifact" in pdf.pages[-1].Contents.read_bytes()


@pytest.mark.promise("pdf-tagged")
def test_the_checker_finds_nothing(paths):
    # Every guide, which holds every chapter and every form; of the forms on their own, which are set alike, one of
    # each kind. The complete edition has the same chapters.
    kinds = {instrument.kind: instrument.slug for instrument in load_all()}
    some = [path for path in paths if "--" not in path.stem and path.stem != "complete"]
    some += [path for path in paths if path.stem in kinds.values()]
    assert len(some) >= len(kinds) + 5
    run = subprocess.run(
        [sys.executable, "-m", "pdfua", "check", "--quiet", *some], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]


def test_the_checker_sees_a_fault(paths, tmp_path):
    """A document that says no language is refused, also among good ones."""
    with pikepdf.open(paths[0]) as pdf:
        del pdf.Root.Lang
        pdf.save(tmp_path / "bad.pdf")
    run = subprocess.run(
        [sys.executable, "-m", "pdfua", "check", "--quiet", paths[0], tmp_path / "bad.pdf"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode != 0
    assert "bad.pdf" in run.stdout


@pytest.mark.promise("pdf-fields-named")
def test_every_field_has_a_name_of_its_own(paths):
    for path in paths:
        with pikepdf.open(path) as pdf:
            names = Counter(name for name, _field in fields(pdf))
            assert [name for name, count in names.items() if count > 1] == [], path.name
            for name, field in fields(pdf):
                said = str(field.get("/TU", "")).strip()
                assert said, f"{path.name}: {name}"
                assert said != name
                for kid in field.get("/Kids", []):
                    assert said.startswith(str(kid.TU).rsplit(" – ", 1)[0]), f"{path.name}: {name}"
                    assert "/T" not in kid


@pytest.mark.promise("pdf-fillable")
def test_guides_and_instruments_have_fields_and_the_complete_edition_has_none(paths):
    for path in paths:
        with pikepdf.open(path) as pdf:
            count = sum(1 for _ in fields(pdf))
            assert bool(count) == (path.stem != "complete" and not path.stem.endswith(("--brief", "--light"))), (
                path.name
            )


def _fill(path: Path, tmp_path: Path) -> tuple[pypdf.PdfReader, dict[str, str]]:
    """Fill the first group of choices, if there is one, and the first text field; return what was written."""
    reader = pypdf.PdfReader(path)
    found = reader.get_fields()
    radios = [name for name, field in found.items() if field.get("/FT") == "/Btn" and "/Kids" in field]
    text = next(name for name, field in found.items() if field.get("/FT") == "/Tx")
    wanted = {**dict.fromkeys(radios[:1], "/1"), text: "Two facts"}
    writer = pypdf.PdfWriter(clone_from=reader)
    for page in writer.pages:
        writer.update_page_form_field_values(page, wanted, auto_regenerate=False)
    writer.write(tmp_path / "filled.pdf")
    return pypdf.PdfReader(tmp_path / "filled.pdf"), wanted


@pytest.mark.promise("pdf-fillable")
def test_a_program_can_fill_every_fillable_edition(paths, tmp_path):
    choices = 0
    for path in paths:
        if path.stem == "complete" or path.stem.endswith(("--brief", "--light")):
            continue
        filled, wanted = _fill(path, tmp_path)
        assert {name: filled.get_fields()[name]["/V"] for name in wanted} == wanted
        choices += len(wanted) == 2
    assert choices > 100


@pytest.mark.promise("pdf-fillable")
def test_a_person_can_fill_an_instrument_in_the_engine_of_chrome(editions):
    document = pypdfium2.PdfDocument(editions / "identification--elements-of-the-definition.pdf")
    document.init_forms()
    for number in range(len(document)):
        page = document[number]
        handle, form = page.raw, document.formenv.raw
        for kind, value in ((pdfium.FPDF_FORMFIELD_RADIOBUTTON, None), (pdfium.FPDF_FORMFIELD_TEXTFIELD, "Two facts")):
            box = _box(handle, form, kind)
            if box is None:
                continue
            x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            pdfium.FORM_OnMouseMove(form, handle, 0, x, y)
            pdfium.FORM_OnLButtonDown(form, handle, 0, x, y)
            pdfium.FORM_OnLButtonUp(form, handle, 0, x, y)
            for letter in value or "":
                pdfium.FORM_OnChar(form, handle, ord(letter), 0)
            pdfium.FORM_ForceToKillFocus(form)
            annotation = pdfium.FPDFAnnot_GetFormFieldAtPoint(form, handle, pdfium.FS_POINTF(x, y))
            if value is None:
                assert pdfium.FPDFAnnot_IsChecked(form, annotation)
            else:
                assert _value(form, annotation) == value
            pdfium.FPDFPage_CloseAnnot(annotation)
    document.close()


def _box(page, form, kind: int) -> tuple[float, float, float, float] | None:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if pdfium.FPDFAnnot_GetFormFieldType(form, annotation) == kind:
            rectangle = pdfium.FS_RECTF()
            pdfium.FPDFAnnot_GetRect(annotation, rectangle)
            return rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
    return None


def _value(form, annotation) -> str:
    import ctypes

    size = pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le")


@pytest.mark.promise("pdf-fonts")
def test_only_our_fonts_and_all_embedded(paths):
    for path in paths:
        lines = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
        assert lines
        for line in lines:
            name = line.split()[0].split("+")[-1]
            assert name in FAMILIES, f"{path.name}: {line}"
            assert re.search(r"\s(yes)\s+(yes|no)\s+(yes|no)\s+\d+\s+0$", line), f"{path.name}: not embedded: {line}"


@pytest.mark.promise("pdf-no-js")
def test_nothing_runs_and_nothing_names_a_file_of_the_machine(paths):
    for path in paths:
        with pikepdf.open(path) as pdf:
            for item in objects(pdf):
                for key in ("/JS", "/JavaScript", "/OpenAction", "/AA", "/EmbeddedFiles"):
                    assert key not in item, f"{path.name}: {key}"
                assert str(item.get("/S", "")) not in {"/JavaScript", "/Launch", "/SubmitForm", "/GoToR"}
                if "/URI" in item:
                    assert str(item.URI).startswith(("https://", "http://", "mailto:")), str(item.URI)


def _page_of(pdf: pikepdf.Pdf) -> dict[tuple[int, int], int]:
    return {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}


def _destination(pdf: pikepdf.Pdf, target: pikepdf.Object, pages: dict[tuple[int, int], int]) -> int:
    if isinstance(target, pikepdf.String | pikepdf.Name):
        names = pikepdf.NameTree(pdf.Root.Names.Dests)
        target = names[str(target)]
    if isinstance(target, pikepdf.Dictionary):
        target = target.D
    return pages[target[0].objgen]


@pytest.mark.promise("pdf-contents")
def test_every_link_inside_leads_to_a_page(paths):
    for path in paths:
        with pikepdf.open(path) as pdf:
            pages = _page_of(pdf)
            for page in pdf.pages:
                for link in page.obj.get("/Annots", []):
                    if link.Subtype != "/Link":
                        continue
                    action = link.get("/A")
                    if action is not None and action.S == "/URI":
                        continue
                    target = action.D if action is not None else link.Dest
                    assert _destination(pdf, target, pages) >= 1


@pytest.mark.promise("pdf-contents")
def test_the_contents_say_the_page_that_their_links_lead_to(paths):
    for path in paths:
        if "--" in path.stem:  # an instrument alone has no contents
            continue
        compared = 0
        laid = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
        with pikepdf.open(path) as pdf:
            pages = _page_of(pdf)
            texts = laid.split("\f")
            assert len(texts) == len(pdf.pages) + 1
            for number, (page, words) in enumerate(zip(pdf.pages, texts, strict=False), start=1):
                printed = [int(found) for found in re.findall(r"(?: \.){3,}\s+(\d+)$", words, re.M)]
                if not printed:
                    continue
                # A title over two lines has two links to one place: one after the other, they count once.
                links = []
                for link in page.obj.get("/Annots", []):
                    target = link.A.D if "/A" in link and "/D" in link.A else link.get("/Dest")
                    if target is not None and (not links or str(target) != links[-1][0]):
                        links.append((str(target), _destination(pdf, target, pages)))
                assert printed == [page for _name, page in links], f"{path.name}, page {number}"
                compared += len(printed)
        assert compared > 5, f"{path.name} has no contents"


def test_no_word_lies_outside_its_page(paths):
    for path in paths:
        words = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True).stdout
        width = height = 0.0
        for line in words.splitlines():
            if page := re.search(r'<page width="([\d.]+)" height="([\d.]+)"', line):
                width, height = float(page[1]), float(page[2])
            elif word := re.search(r'xMin="(-?[\d.]+)" yMin="(-?[\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)<', line):
                left, top, right, bottom = (float(word[number]) for number in range(1, 5))
                inside = left >= 0 and top >= 0 and right <= width and bottom <= height
                assert inside, f"{path.name}: {html.unescape(word[5])}"


def test_no_character_is_without_a_glyph(editions, paths):
    for path in paths:
        text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
        assert "\ufffd" not in text, path.name


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.promise("pdf-identical")
def test_a_second_build_gives_the_same_bytes(editions, paths, tmp_path):
    # In a folder of its own, and from the sources: other tests may be reading the first build. Two guides, one with
    # charts and one with its forms: the other editions are set by the same code.
    run = subprocess.run(
        [Path(sys.executable).parent / "jupyter-book", "build", ".", "-n", "-W", "--path-output", tmp_path,
         "--builder", "custom", "--custom-builder", "guidepdf"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "BOOK_EDITIONS": "identification, victim-witnesses*"},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    again = [path for path in paths if path.stem == "identification" or path.stem.startswith("victim-witnesses")]
    assert len(again) >= 5
    for path in again:
        assert (tmp_path / "_build" / "guidepdf" / path.name).read_bytes() == path.read_bytes(), path.name
