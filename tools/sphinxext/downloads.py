"""Links to the files of the book: the ``{downloads}`` directive, and the step that fills its places.

A page is written before the files are made. So the directive leaves a hidden place, and when the files are there

    python -m tools.sphinxext.downloads _build/html _build/guidepdf _build/forms

copies them to ``downloads/`` beside the pages and fills every place with links and sizes. A second run changes nothing.
"""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from tools import content
from tools.errors import Problem
from tools.instruments import library
from tools.sphinxext.words import interface as _
from tools.sphinxext.words import speak
from tools.surfaces import forms

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

FOLDER = "downloads"
_TARGET = re.compile(r"complete|(?:guide|workshop):[a-z0-9-]+|instrument:[a-z0-9-]+/[a-z0-9-]+")
_PLACE = re.compile(r'<div(?=[^>]*\bdata-ct-downloads="([^"]+)")[^>]*>.*?</div>', re.S)


#: What is offered beside an instrument, in this order; the other kinds are for programs and for `python -m tools`.
OFFERED = ("pdf", "xlsx", "xlsform", "html", "txt")


#: The ending of the slides of a guide, which are offered after its PDF.
SLIDES = ".pptx"


@dataclass(frozen=True)
class Download:
    """One file that can be downloaded.

    Attributes
    ----------
    file : str
        Its name.
    title : str
        What it is a form of; said to screen readers, who hear the link without the text around it.
    words : str
        What the link says: the kind, and what it is for.
    size : str
        How large it is, and how many pages it has.
    """

    file: str
    title: str
    words: str
    size: str = ""


#: How the file of a brief ends.
BRIEF = "--brief"
#: How the file of a guide without its forms ends.
LIGHT = "--light"
#: How the files of a workshop end, in the order of the links.
WORKSHOP = ("--facilitator.pdf", "--workbook.pdf", "--certificate.pdf", SLIDES, ".apkg", "--scorm.zip")
#: From this many pages on a link says how many there are.
LONG = 10


def _words(kind: str, path: Path) -> tuple[str, list[str]]:
    """Return what a link says, and what is said of its file besides the size."""
    if kind == "pdf":
        return _describe_pdf(path)
    said = {
        "xlsx": _("Excel"),
        "xlsform": _("Kobo or ODK"),
        "html": _("Page to send"),
        "txt": _("Text"),
    }
    return said[kind], []


def _describe_pdf(path: Path) -> tuple[str, list[str]]:
    import pikepdf

    with pikepdf.open(path) as pdf:
        pages = len(pdf.pages)
        fillable = "/AcroForm" in pdf.Root
    # A short form needs no warning before it is printed.
    return (_("PDF to fill in") if fillable else "PDF"), [_("%d pages") % pages] if pages >= LONG else []


def size_words(size: int) -> str:
    """Return a size as people read it.

    >>> size_words(309_700), size_words(4_260_000), size_words(12)
    ('310 kB', '4.3 MB', '1 kB')
    """
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def file_stem(target: str) -> str:
    """Return the name of the files that a place asks for.

    >>> file_stem("instrument:identification/elements"), file_stem("guide:identification"), file_stem("complete")
    ('identification--elements', 'identification', 'complete')
    >>> file_stem("workshop:identification")
    'identification--workshop'
    """
    if target.startswith("workshop:"):
        return f"{target.partition(':')[2]}--workshop"
    return target.split(":", 1)[-1].replace("/", "--")


def collect(folder: Path, language: str = "en") -> dict[str, list[Download]]:
    """Return what can be downloaded, by the name of the file without its ending, in the order of the links."""
    found: dict[str, list[Download]] = {}
    titles = {library.load(name).slug: name for name in content.instrument_ids()}
    for name in OFFERED:
        for path, stem in _files(folder, name):
            place = stem.removesuffix(f".{language}")
            if path.name.endswith(WORKSHOP):
                continue
            words, more = _words(name, path)
            for ending, offer in ((BRIEF, _("Brief to print")), (LIGHT, _("Light PDF, without forms"))):
                if place.endswith(ending):  # offered after the guide it belongs to
                    place, words = place.removesuffix(ending), offer
            title = _title(path, titles.get(place, ""), language)
            size = ", ".join([*more, size_words(path.stat().st_size)])
            found.setdefault(place, []).append(Download(path.name, title, words, size))
    for path in sorted(folder.glob(f"*{SLIDES}")):
        said = Download(path.name, "", _("Slides with notes"), size_words(path.stat().st_size))
        found.setdefault(path.stem, []).append(said)
    for ending, offer in zip(WORKSHOP, _workshop_words(), strict=True):
        for path in sorted(folder.glob(f"*{ending}")):
            title = _title(path, "", language)
            said = Download(path.name, title, offer, size_words(path.stat().st_size))
            found.setdefault(f"{path.name.removesuffix(ending)}--workshop", []).append(said)
    return found


def _workshop_words() -> tuple[str, ...]:
    """Return what the links of a workshop say, in the order of its files."""
    return (
        _("Plan for the facilitator"), _("Workbook to fill in"), _("Certificate to fill in"), _("Slides with notes"),
        _("Flash cards (Anki)"), _("Course for learning platforms (SCORM 1.2)"),
    )  # fmt: skip


def _files(folder: Path, kind: str) -> list[tuple[Path, str]]:
    """Return the files of a kind in a folder, each with its name without the ending."""
    named = [(path, forms.kind_of(path.name)) for path in sorted(folder.iterdir())] if folder.is_dir() else []
    return [(path, found[1]) for path, found in named if found and found[0].name == kind]


def _title(path: Path, instrument: str, language: str) -> str:
    if instrument:
        return library.load(instrument, locale="" if language == "en" else language).title
    if path.suffix != ".pdf":
        return ""
    import pikepdf

    with pikepdf.open(path) as pdf:
        return str(pdf.docinfo.get("/Title", "")).split(" – ")[0]


def links(target: str, downloads: Sequence[Download], to_root: str) -> str:
    """Return a place, filled; without a file it stays hidden and empty.

    Parameters
    ----------
    target : str
        What is downloaded: ``complete``, ``guide:…`` or ``instrument:…``.
    downloads : sequence of Download
    to_root : str
        The way from the page to the top of the site, such as ``"../../"``.
    """
    start = f'<div class="ct-downloads" data-ct-downloads="{escape(target)}"'
    if not downloads:
        return f"{start} hidden></div>"
    return f"{start}><ul>{''.join(_link(download, to_root) for download in downloads)}</ul></div>"


def _link(download: Download, to_root: str) -> str:
    # A page would open in place; it is meant to be sent on, or carried.
    saved = " download" if download.file.endswith(".html") else ""
    title = f'<span class="ct-hidden">{escape(download.title)}: </span>' if download.title else ""
    size = f' <span class="ct-size">{escape(download.size)}</span>' if download.size else ""
    return (
        f'<li><a href="{to_root}{FOLDER}/{escape(download.file)}"{saved}>{title}{escape(download.words)}</a>{size}</li>'
    )


def fill(html: str, downloads: dict[str, list[Download]], to_root: str) -> str:
    """Return a page with every place filled."""
    return _PLACE.sub(lambda place: links(place[1], downloads.get(file_stem(place[1]), []), to_root), html)


def copy_files(site: Path, folders: Iterable[Path]) -> Path:
    """Copy the files of each folder to ``downloads/``; files of an older build that nothing makes any more go."""
    out = site / FOLDER
    out.mkdir(exist_ok=True)
    fresh = {path.name: path for folder in folders for kind in OFFERED for path, _stem in _files(folder, kind)}
    fresh |= {path.name: path for folder in folders for ending in WORKSHOP for path in folder.glob(f"*{ending}")}
    for old in out.iterdir():
        if old.name not in fresh and (forms.kind_of(old.name) or old.name.endswith(WORKSHOP)):
            old.unlink()
    for name, path in fresh.items():
        shutil.copyfile(path, out / name)
    return out


def _language(site: Path) -> str:
    found = re.search(r'<html[^>]*\blang="([^"]+)"', (site / "book" / "index.html").read_text(encoding="utf-8"))
    return found[1].replace("-", "_") if found else "en"


def run(site: Path, folders: Sequence[Path]) -> tuple[int, int]:
    """Copy the files and fill the pages; return how many files there are and how many pages changed.

    Raises
    ------
    Problem
        ``BLD_004`` if the site has not been built.
    """
    if not (site / "book" / "index.html").is_file():
        raise Problem("BLD_004", folder=site)
    language = _language(site)
    speak(language, [content.LOCALE])
    downloads = collect(copy_files(site, folders), language)
    changed = 0
    for page in sorted(site.rglob("*.html")):
        old = page.read_text(encoding="utf-8")
        if "data-ct-downloads" not in old or page.parent.name == FOLDER:
            continue
        new = fill(old, downloads, "../" * (len(page.relative_to(site).parts) - 1))
        if new != old:
            page.write_text(new, encoding="utf-8")
            changed += 1
    return sum(map(len, downloads.values())), changed


class DownloadsDirective(SphinxDirective):
    """Leave a place for the links to a guide, an instrument or the whole book."""

    required_arguments = 1
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the hidden place; the PDF leaves it out."""
        target = self.arguments[0].strip()
        if not _TARGET.fullmatch(target):
            logger.warning(
                "'%s' cannot be downloaded. Write complete, guide:name or instrument:guide/name.",
                target, location=self.get_location(), type="tools", subtype="downloads",
            )  # fmt: skip
            return []
        return [nodes.raw("", links(target, (), ""), format="html")]


def setup(app: Sphinx) -> None:
    """Offer the directive."""
    app.add_directive("downloads", DownloadsDirective)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the pages; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.sphinxext.downloads", description=main.__doc__)
    parser.add_argument("site", type=Path, help="the built website")
    parser.add_argument("folders", type=Path, nargs="+", help="folders with files to offer")
    options = parser.parse_args(arguments)
    try:
        files, changed = run(options.site, options.folders)
    except Problem as problem:
        print(problem)
        return 1
    print(f"{files} files to download; links written into {changed} pages")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
