"""The ``{publications}`` directive: the catalogue of publications as a table, with a filter and saving on the web.

The table is whole without the script. Each work leads to the chapters that use it: those that cite it, and those that
show an instrument which rests on it. ``{publication-parts}`` is the table of editions in other languages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from tools import content, publications
from tools.publications import NONE
from tools.sphinxext.filters import box, code, field, row_class
from tools.sphinxext.words import interface as _
from tools.surfaces import publication_files

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from tools.publications import Publication

#: What the page loads when somebody saves a list.
SCRIPT = "ct-publications.js"


class publications_filter(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """The place of the filter."""

    def astext(self) -> str:
        """Return nothing: its words are not for the search index."""
        return ""


class publication_uses(nodes.Part, nodes.Element):  # noqa: N801
    """The place of the links to the chapters that use a work."""


def headings() -> dict[str, str]:
    """Return the heading of each column that can be filtered by, in the language of the build."""
    return {
        "topics": _("Topic"), "type": _("Type"), "regions": _("Region"), "countries": _("Country"),
        "populations": _("People"), "forms_of_exploitation": _("Form of exploitation"), "languages": _("Language"),
        "formats": _("Format"), "year": _("Year"),
    }  # fmt: skip


def said(facet: str, word: str) -> str:
    """Return a word of the catalogue in the language of the build: countries and languages by name."""
    if word == NONE:
        return {"year": _("no year given"), "countries": _("no country named")}.get(facet, _("not said"))
    if facet == "year":
        return word
    if facet == "formats":
        return _(word).replace("pdf", "PDF").replace("excel", "Excel")
    return _(publications.words()[facet][word].meaning if facet in ("countries", "languages") else word)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(one: Publication, facet: str) -> str:
    return ", ".join(said(facet, word) for word in one.words[facet])


# --- the table ---


def _line(*parts: nodes.Node | str, classes: Sequence[str] = ()) -> nodes.paragraph:
    line = nodes.paragraph(classes=list(classes))
    line.extend(nodes.Text(part) if isinstance(part, str) else part for part in parts)
    return line


def _labelled(label: str, text: str) -> nodes.paragraph:
    return _line(nodes.strong(label, label), f": {text}")


def _work(one: Publication) -> list[nodes.Node]:
    by = ", ".join(one.authors)
    bodies = "; ".join(one.organisations)
    kind = _upper(_listed(one, "type"))
    made: list[nodes.Node] = [
        _line(nodes.strong(one.title, one.title), classes=["ct-work-title"]),
        _line(
            " · ".join(filter(None, (said("year", one.words["year"][0]), kind, by, bodies))), classes=["ct-forms-meta"]
        ),
        _line(one.summary),
    ]
    if one.sample_size:
        made.append(_line(_("Rests on: %s.") % one.sample_size, classes=["ct-forms-meta"]))
    return made


def _about(one: Publication) -> list[nodes.Node]:
    shown = ("topics", "populations", "regions", "countries", "forms_of_exploitation")
    return [
        _labelled(headings()[facet], _listed(one, facet))
        for facet in shown
        if one.words[facet] not in ((NONE,), ("general",))
    ]


def _had(one: Publication) -> list[nodes.Node]:
    made: list[nodes.Node] = [_labelled(headings()[facet], _listed(one, facet)) for facet in ("languages", "formats")]
    return [*made, publication_uses(work=one.key)]


def _table(
    caption: str, heads: Iterable[str], rows: Iterable[tuple[Iterable[Sequence[nodes.Node]], nodes.row]]
) -> nodes.table:
    heads = list(heads)
    group = nodes.tgroup(cols=len(heads))
    group.extend(nodes.colspec(colwidth=1) for _head in heads)
    top, body = nodes.thead(), nodes.tbody()
    top += nodes.row("", *(nodes.entry("", nodes.paragraph(head, head)) for head in heads))
    for cells, row in rows:
        row.extend(nodes.entry("", *cell) for cell in cells)
        body += row
    group.extend((top, body))
    return nodes.table("", nodes.title(caption, caption), group, classes=["ct-forms"])


class PublicationsDirective(SphinxDirective):
    """Show the catalogue."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the filter and the table."""
        for path in (content.PUBLICATIONS, content.PUBLICATION_WORDS):
            self.env.note_dependency(str(path))
        self.env.metadata[self.env.docname]["ct_publications"] = "yes"
        works = publications.load()
        rows = (
            (
                [_work(one), _about(one), _had(one)],
                nodes.row(
                    ids=[f"work-{one.key}"],
                    classes=[row_class(facet, word) for facet, words in one.words.items() for word in words],
                ),
            )
            for one in works
        )
        caption = _("Publications: %s works") % len(works)
        table = _table(caption, (_("Work"), _("About"), _("To have, and where this book uses it")), rows)
        table["classes"] += ["ct-publications"]
        return [publications_filter(), table]


class PartsDirective(SphinxDirective):
    """Show the editions whose languages are not those of the whole work."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        self.env.note_dependency(str(content.PUBLICATION_PARTS))
        titles = {one.key: one.title for one in publications.load()}
        rows = (
            ([[_line(titles[key])], [_labelled(_upper(_(part.part)), _spoken(part)) for part in found]], nodes.row())
            for key, found in groupby(publications.parts(), key=lambda part: part.key)
        )
        caption = _("Editions in other languages than the whole")
        return [_table(caption, (_("Work"), _("Parts and their languages")), rows)]


def _spoken(part: publications.Part) -> str:
    names = ", ".join(said("languages", language) for language in part.languages) or _("not said")
    return f"{names}; {_(part.note)}" if part.note else names


# --- the chapters that use a work ---


def uses(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return, for each work of the catalogue, the pages that use it, in the order of the book.

    A page uses a work when it cites it, or shows an instrument that names it as a source.
    """
    pages: dict[str, set[str]] = {}
    for reference in env.get_domain("cite").citation_refs:  # type: ignore[attr-defined]
        for key in (target.key for target in reference.targets):
            pages.setdefault(key, set()).add(reference.docname)
    labels = env.get_domain("std").data["anonlabels"]
    for name, keys in _instrument_sources().items():
        if f"tool-{name}" in labels:
            for key in keys:
                pages.setdefault(key, set()).add(labels[f"tool-{name}"][0])
    order = {page: place for place, page in enumerate(_reading_order(env))}
    return {
        one.key: sorted(
            {page for key in one.cited_as for page in pages.get(key, ())}, key=lambda page: (order.get(page, 999), page)
        )
        for one in publications.load()
    }


@cache
def _instrument_sources() -> dict[str, tuple[str, ...]]:
    from tools.instruments import library

    return {one.name: tuple(one.sources) for one in library.load_all()}


def _reading_order(env: BuildEnvironment) -> list[str]:
    found, todo = [], [env.config.root_doc]
    while todo:
        page = todo.pop(0)
        found.append(page)
        todo = [*(child for child in env.toctree_includes.get(page, []) if child not in found), *todo]
    return found


class UsesTransform(SphinxPostTransform):
    """Puts in the links to the chapters, before Sphinx resolves links."""

    default_priority = 5

    def run(self, **_options: Any) -> None:
        """Replace each place by a line with links, or by nothing."""
        places = list(self.document.findall(publication_uses))
        found = uses(self.env) if places else {}
        for place in places:
            pages = found[place["work"]]
            place.replace_self([self._links(pages)] if pages else [])

    def _links(self, pages: Sequence[str]) -> nodes.paragraph:
        label = _("Used in")
        line = _line(nodes.strong(label, label), ": ")
        for number, page in enumerate(pages):
            title = self.env.titles[page].astext()
            link = addnodes.pending_xref(
                "", nodes.inline(title, title), refdomain="std", reftype="doc", reftarget=f"/{page}", refexplicit=True,
                refwarn=True, refdoc=self.env.docname,
            )  # fmt: skip
            line.extend([nodes.Text("; "), link] if number else [link])
        return line


def _moved(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the table again when a chapter began or ceased to use a work."""
    shown = [name for name, data in env.metadata.items() if "ct_publications" in data]
    now = repr((uses(env), {name: title.astext() for name, title in env.titles.items()})) if shown else ""
    changed = [name for name in shown if env.metadata[name].get("ct_publication_uses") != now]
    for name in changed:
        env.metadata[name]["ct_publication_uses"] = now
    return changed


# --- on the web ---


@cache
def _script() -> str:
    return publication_files.script(publications.load())


def filter_html() -> str:
    """Return the filter, the order, and the buttons that save what is shown."""
    fields = {
        facet: (label, [(code(word), _upper(said(facet, word))) for word in publications.values(facet)])
        for facet, label in headings().items()
    }
    orders = [("newest", _("Newest first")), ("oldest", _("Oldest first")), ("title", _("By title"))]
    after = field("publications-order", "data-ct-order", _("Order"), orders, every=False)
    digest = hashlib.sha256(_script().encode()).hexdigest()[:8]
    failed = escape(_("The list could not be made. Open the page again, or use the whole list below."))
    saves = "".join(
        f'<button type="button" class="ct-button" data-ct-save="{kind}">{escape(_("Save as %s") % name)}</button>'
        for kind, name in (("bibtex", "BibTeX"), ("ris", "RIS"), ("csv", "CSV"))
    )
    after += (
        f'<div class="ct-forms-act" data-ct-pieces="{SCRIPT}?v={digest}" data-ct-failed="{failed}">{saves}'
        f'<button type="button" class="ct-button" data-ct-all>{escape(_("Show all"))}</button></div>'
    )
    return box("publications", fields, _("%(shown)s of %(all)s publications are shown."), counts=True, after=after)


def whole_html(static: str) -> str:
    """Return the line that leads to the whole list as files; it needs no script."""
    links = ", ".join(
        f'<a href="{static}publications{publication_files.KINDS[kind][0]}" download>{name}</a>'
        for kind, name in (("bibtex", "BibTeX"), ("ris", "RIS"), ("csv", "CSV"))
    )
    return f"<p>{escape(_('The whole list as a file:'))} {links}.</p>"


def _write_pieces(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name != "html":
        return
    if any("ct_publications" in data for data in app.env.metadata.values()):
        static = Path(app.outdir) / "_static"
        (static / SCRIPT).write_text(_script(), encoding="utf-8")
        for kind, (ending, _head, _make) in publication_files.KINDS.items():
            made = publication_files.whole(kind, publications.load())
            (static / f"publications{ending}").write_text(made, encoding="utf-8", newline="")


def _visit_filter(self: Any, _node: publications_filter) -> None:
    if self.builder.name == "html":
        up = "../" * self.builder.current_docname.count("/")
        self.body.append(filter_html() + whole_html(f"{up}_static/"))
    raise nodes.SkipNode


def _skip(_self: Any, _node: nodes.Element) -> None:
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directives, the node of the filter, the links, and the files that are saved from the page."""
    app.add_node(publications_filter, html=(_visit_filter, None), text=(_skip, None))
    app.add_node(publication_uses)
    app.add_directive("publications", PublicationsDirective)
    app.add_directive("publication-parts", PartsDirective)
    app.add_post_transform(UsesTransform)
    app.connect("env-updated", _moved)
    app.connect("build-finished", _write_pieces, priority=950)
