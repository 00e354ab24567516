"""The PDF editions: the whole book, one for each guide, one for each instrument.

    jupyter-book build . --builder custom --custom-builder guidepdf

The builder reads nothing anew: it works from the pickled trees that the website left. It never changes a setting,
because every builder shares them. The trees are put together here, one after the other; WeasyPrint sets them in two
processes.
"""

from __future__ import annotations

import copy
import multiprocessing
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from docutils.io import StringOutput
from sphinx import addnodes
from sphinx.builders.singlehtml import SingleFileHTMLBuilder
from sphinx.locale import get_translation
from sphinx.util import logging

from tools import content
from tools.errors import Problem
from tools.instruments import library
from tools.sphinxext import edition_page, typeset
from tools.sphinxext import edition_tree as trees
from tools.sphinxext.edition_html import prepare
from tools.sphinxext.instrument import anchors, instrument_node
from tools.surfaces import html as surface
from tools.surfaces.text import meta_line

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinxcontrib.bibtex.domain import BibtexDomain

logger = logging.getLogger(__name__)
_ = get_translation("interface")

GUIDES = "Guides"
GLOSSARY, BIBLIOGRAPHY = "book/reference/glossary", "book/reference/bibliography"
STATIC = Path(__file__).parent / "static"
PROCESSES = 2
#: How the file of a guide without its forms ends.
LIGHT = "--light"
#: How the file of a brief ends, and the id of the section it is made of.
BRIEF, BRIEF_SECTION = "--brief", "one-page-brief"


@dataclass(frozen=True)
class Edition:
    """One PDF.

    Attributes
    ----------
    name : str
        Name of its file, without the ending.
    kind : str
        ``complete``, ``guide``, ``light``, ``brief`` or ``instrument``; a light one is a guide without its forms, for
        a slow line, and a brief is a guide on two sides at most.
    start : str
        Its first document, or the id of its instrument.
    title : str
    """

    name: str
    kind: str
    start: str
    title: str

    @property
    def fillable(self) -> bool:
        """Forms of the complete edition are printed as boxes: so many fields would make it slow."""
        return self.kind in ("guide", "instrument")


def editions(app: Sphinx) -> list[Edition]:
    """Return the editions: complete, guides from ``_toc.yml``, instruments; the long ones first.

    A writer who looks at one guide needs not wait for the rest: ``BOOK_EDITIONS="protection*" make pdf`` makes only
    the editions whose names match, several patterns parted by commas.
    """
    env, site_map = app.env, app.config.external_site_map
    found = [Edition("complete", "complete", str(app.config.root_doc), str(app.config.project))]
    for subtree in site_map.root.subtrees:
        if subtree.caption == GUIDES:
            for item in subtree.items:
                docname = str(item)
                if docname in site_map and site_map[docname].subtrees:
                    name, title = docname.split("/")[-2], env.titles[docname].astext()
                    found.append(Edition(name, "guide", docname, title))
                    found.append(Edition(f"{name}{LIGHT}", "light", docname, title))
                    if _brief(env.get_doctree(docname)) is not None:
                        found.append(Edition(f"{name}{BRIEF}", "brief", docname, _("%s: brief") % title))
    for name in content.instrument_ids():
        instrument = library.load(name)
        found.append(Edition(instrument.slug, "instrument", name, instrument.title))
    wanted = [pattern.strip() for pattern in os.environ.get("BOOK_EDITIONS", "*").split(",")]
    return [edition for edition in found if any(fnmatch(edition.name, pattern) for pattern in wanted)]


def _brief(tree: nodes.document) -> nodes.section | None:
    """Return the section of a guide's first page that is its brief."""
    return next((one for one in tree.findall(nodes.section) if BRIEF_SECTION in one["ids"]), None)


class GuidePdfBuilder(SingleFileHTMLBuilder):
    """Make the PDF editions from the trees of the website."""

    name = "guidepdf"
    epilog = "The PDF editions are in %(outdir)s."
    add_permalinks = False
    supported_image_types = ["image/svg+xml", "image/png", "image/jpeg"]  # noqa: RUF012 - Sphinx's own attribute
    included: frozenset[str] = frozenset()

    def init(self) -> None:
        """Look first whether this machine can set PDFs."""
        try:
            typeset.check_libraries()
            typeset.font_files()
        except Problem as problem:
            raise SystemExit(str(problem)) from None  # Jupyter Book adds a long traceback to anything else
        super().init()

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:  # noqa: ARG002 - Sphinx's signature
        """Return a place inside the edition, or the public page of what stands elsewhere."""
        if docname in self.included:
            return f"#document-{docname}"
        return f"{self.config.html_baseurl.rstrip('/')}/{docname}.html"

    def write(self, *ignored: Any) -> None:  # noqa: ARG002 - Sphinx's signature
        """Write every edition as HTML, then set them all."""
        self.prepare_writing(set(self.env.all_docs))
        out = Path(self.outdir)
        for old in out.glob("*.pdf"):
            old.unlink()
        (out / "no-fonts.conf").write_text(typeset.NO_FONTS, encoding="utf-8")
        (out / "_html").mkdir(exist_ok=True)
        jobs = [self._write_edition(edition) for edition in editions(self.app)]
        self.copy_image_files()
        shutil.copy(content.BOOK / "figures" / "cover.svg", out / "cover.svg")
        context = multiprocessing.get_context("spawn")  # the same on every system, and a small process
        with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
            for result in pool.map(typeset.typeset, jobs):
                self._report(result)

    def _report(self, result: typeset.Result) -> None:
        logger.info(
            "%s.pdf: %d pages, %.1f s, up to %.0f MB", result.name, result.pages, result.seconds, result.megabytes
        )
        for message in result.messages:
            logger.warning("%s.pdf: %s", result.name, message, type="guidepdf", subtype="weasyprint")

    def finish(self) -> None:
        """Leave a folder that myst-nb writes into when the build ends."""
        (Path(self.outdir) / "_static").mkdir(exist_ok=True)

    # -- one edition

    def _write_edition(self, edition: Edition) -> typeset.Job:
        kinds = {"instrument": self._instrument_tree, "brief": self._brief_tree}
        tree = kinds.get(edition.kind, self._book_tree)(edition)
        self._render_instruments(tree, edition)
        body = self._body(tree, edition.start)
        page = edition_page.page(
            title=edition.title, kind=edition.kind, body=body, author=str(self.config.author),
            language=(self.config.language or "en").replace("_", "-"), project=str(self.config.project),
            version=f"{_('Version')} {self.config.release}", contents=trees.contents(tree, 3),
        )  # fmt: skip
        paper = prepare(page, fillable=edition.fillable, baseurl=f"{self.config.html_baseurl.rstrip('/')}/")
        for fault in paper.faults:
            logger.warning("%s.pdf: %s", edition.name, fault, type="guidepdf", subtype="page")
        out = Path(self.outdir)
        path = out / "_html" / f"{edition.name}.html"
        path.write_text(paper.html, encoding="utf-8")
        styles = (typeset.font_faces(), (STATIC / "print.css").read_text(encoding="utf-8"), self._footer(edition))
        return typeset.Job(edition.name, path, out / f"{edition.name}.pdf", styles, out, paper.legends, paper.forms)

    def _footer(self, edition: Edition) -> str:
        if edition.kind == "brief":
            return edition_page.footer(f"{self.config.project}. {_('Version')} {self.config.release}")
        if edition.kind != "instrument":
            return ""
        return edition_page.footer(meta_line(library.load(edition.start)))

    def _book_tree(self, edition: Edition) -> nodes.document:
        appended = () if edition.kind == "complete" else (GLOSSARY, BIBLIOGRAPHY)
        extra = [name for name in appended if name in self.env.all_docs]
        tree = trees.gather(self.env.get_doctree, edition.start, extra)
        self.included = frozenset(trees.docnames(tree))
        with self._fresh_bibliography():
            self.env.resolve_references(tree, edition.start, self)
        self._copy_numbers(tree)
        trees.prefix_ids(tree)
        if edition.kind != "complete":
            self._filter(tree, forms=edition.fillable)
        trees.dissolve(tree)
        trees.flatten_references(tree)
        return tree

    def _works(self) -> BibtexDomain:
        return cast("BibtexDomain", self.env.get_domain("cite"))

    @contextmanager
    def _fresh_bibliography(self) -> Iterator[None]:
        """Let each edition fill copies of the works' nodes: filling changes the ones that are kept for all."""
        values = [value.citation_nodes for value in self._works().bibliographies.values()]
        kept = [dict(value) for value in values]
        for value in values:
            value.update({key: copy.deepcopy(node) for key, node in value.items()})
        try:
            yield
        finally:
            for value, old in zip(values, kept, strict=True):
                value.update(old)

    def _copy_numbers(self, tree: nodes.document) -> None:
        numbers = self.env.toc_secnumbers
        for page in tree.findall(addnodes.start_of_file):
            for section in page.findall(nodes.section):
                own = numbers.get(page["docname"], {})
                number = own.get("" if section.parent is page else f"#{section['ids'][0]}")
                if number and isinstance(title := section[0], nodes.title):
                    title["secnumber"] = number

    def _work_ids(self, sources: tuple[str, ...]) -> list[str]:
        citations = self._works().citations
        return [
            f"{trees.slug(citation.bibliography_key.docname)}--{citation.citation_id}"
            for citation in citations
            if citation.key in sources
        ]

    def _filter(self, tree: nodes.document, *, forms: bool) -> None:
        """Keep the terms and works that this guide uses, and its instruments where they are in it, and say so."""
        wanted: list[str] = []
        for node in tree.findall(instrument_node) if forms else ():
            wanted += self._work_ids(library.load(node["instrument"]).sources)
        if trees.keep_used(tree, wanted):
            words = _("This edition lists only what it uses. The website lists everything.")
            for page in tree.findall(addnodes.start_of_file):
                if page["docname"] in (GLOSSARY, BIBLIOGRAPHY) and isinstance(page[0], nodes.section):
                    page[0].insert(1, nodes.paragraph(words, words, classes=["pdf-note"]))

    def _instrument_tree(self, edition: Edition) -> nodes.document:
        """Return a tree with the instrument and its sources as formatted references."""
        instrument = library.load(edition.start)
        tree = trees.gather(self.env.get_doctree, BIBLIOGRAPHY)
        tree["docname"] = BIBLIOGRAPHY
        self.included = frozenset({BIBLIOGRAPHY})
        with self._fresh_bibliography():
            self.env.resolve_references(tree, BIBLIOGRAPHY, self)
        trees.prefix_ids(tree)
        wanted = set(self._work_ids(instrument.sources))
        works = [node for node in tree.findall(nodes.citation) if wanted & set(node["ids"])]
        tree.clear()
        tree.append(instrument_node(instrument=edition.start, level=1))
        section = nodes.section(ids=["sources"], classes=["pdf-sources"])
        section += nodes.title(_("Sources"), str(_("Sources")))
        section.extend(works)
        tree.append(section)
        trees.flatten_references(tree)
        return tree

    def _brief_tree(self, edition: Edition) -> nodes.document:
        """Return a tree with the brief of a guide, and the works it names."""
        brief = _brief(self.env.get_doctree(edition.start))
        if brief is None:
            raise ValueError(edition.start)  # it was there when the editions were listed
        named = {
            key.strip()
            for mark in brief.findall(addnodes.pending_xref)
            if mark.get("refdomain") == "cite"
            for key in mark["reftarget"].split(",")
        }
        text = nodes.section(ids=[BRIEF_SECTION])
        text += nodes.title(edition.title, edition.title)
        text.extend(brief.children[1:])
        page = addnodes.start_of_file(docname=edition.start)
        page += text
        tree = trees.gather(self.env.get_doctree, BIBLIOGRAPHY)
        tree["docname"] = BIBLIOGRAPHY
        tree.insert(0, page)
        self.included = frozenset({BIBLIOGRAPHY, edition.start})
        with self._fresh_bibliography():
            self.env.resolve_references(tree, BIBLIOGRAPHY, self)
        trees.prefix_ids(tree)
        wanted = set(self._work_ids(tuple(sorted(named))))
        works = [node for node in tree.findall(nodes.citation) if wanted & set(node["ids"])]
        tree.clear()
        tree.append(text)
        if works:
            section = nodes.section(ids=["sources"], classes=["pdf-sources"])
            section += nodes.title(_("Sources"), str(_("Sources")))
            section.extend(works)
            text += section
        trees.flatten_references(tree)
        return tree

    def _render_instruments(self, tree: nodes.document, edition: Edition) -> None:
        """Write each form with a prefix of its own: two fields with one name would be one field."""
        for number, node in enumerate(list(tree.findall(instrument_node)), start=1):
            instrument = library.load(node["instrument"])
            if edition.kind == "light":
                words = _("The form “%s” is a file of its own, and in the full PDF of this guide.") % instrument.title
                node.replace_self(
                    [nodes.raw("", anchors(node), format="html"), nodes.paragraph(words, words, classes=["pdf-note"])]
                )
                continue
            level = min(max(trees.heading_level(node) + 1, 1), 5)
            text = surface.render(instrument, prefix=f"{edition.name}-{number}-", level=level)
            node.replace_self(nodes.raw("", anchors(node) + text, format="html"))

    def _body(self, tree: nodes.document, docname: str) -> str:
        self.current_docname = docname
        self.imgpath = "_images"
        self.dlpath = "_downloads"
        self.secnumbers = {}
        self.fignumbers = trees.numbers(self.env.toc_fignumbers)
        self.post_process_images(tree)
        tree.settings = self.docsettings
        self.docwriter.write(tree, StringOutput(encoding="utf-8"))
        self.docwriter.assemble_parts()
        return str(self.docwriter.parts["body"])


def setup(app: Sphinx) -> None:
    """Offer the builder ``guidepdf``, and the directive for the places where its files can be downloaded."""
    from tools.sphinxext import downloads  # here, because it is a program as well (`python -m`)

    app.add_builder(GuidePdfBuilder)
    downloads.setup(app)
