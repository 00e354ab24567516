"""The document tree of one edition: gathered from the chapters, filtered, and with ids that meet nowhere.

These functions know docutils and Sphinx's nodes, and neither a builder nor a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    GetTree = Callable[[str], nodes.document]

_DOCUMENT = re.compile(r"#document-([^#]+)(?:#(.*))?")


def slug(docname: str) -> str:
    """Return a document's name as one word, for ids.

    >>> slug("book/identification/indicators")
    'identification-indicators'
    """
    return re.sub(r"[^\w]+", "-", docname.removeprefix("book/")).strip("-")


def gather(get_tree: GetTree, start: str, extra: Iterable[str] = ()) -> nodes.document:
    """Return a document with everything below it, each page inside a ``start_of_file`` node.

    Parameters
    ----------
    get_tree : callable
        Gives a fresh tree for a document name.
    start : str
        Where the edition starts.
    extra : iterable of str
        Documents to put at the end, beside the first one.

    Notes
    -----
    Pages under a table of contents with a caption (a part of the book) are put beside the first page, each part in a
    section of its own. ``extend`` is used and not ``children =``, so that each node knows its parent.
    """
    tree = get_tree(start)
    tree["docname"] = start
    seen = {start}
    parts = _expand(get_tree, tree, seen)
    page = _page(start, tree)
    page["front"] = bool(parts)  # the first page of a book with parts is an introduction, not a chapter
    tree.clear()
    tree.append(page)
    for caption, pages in parts:
        section = nodes.section(classes=["pdf-part"], ids=[f"part-{slug(caption.lower())}"])
        section += nodes.title(caption, caption)
        section.extend(pages)
        tree.append(section)
    for docname in extra:
        if docname not in seen:
            seen.add(docname)
            other = get_tree(docname)
            _expand(get_tree, other, seen)
            tree.append(_page(docname, other))
    return tree


def _page(docname: str, tree: nodes.document) -> addnodes.start_of_file:
    page = addnodes.start_of_file(docname=docname)
    page.extend(tree.children)
    return page


def _expand(get_tree: GetTree, tree: nodes.document, seen: set[str]) -> list[tuple[str, list[nodes.Node]]]:
    """Replace each table of contents by the pages it names; return the parts of a book instead."""
    parts = []
    for toctree in list(tree.findall(addnodes.toctree)):
        pages: list[nodes.Node] = []
        for docname in toctree["includefiles"]:
            if docname in seen:
                continue
            seen.add(docname)
            child = get_tree(docname)
            _expand(get_tree, child, seen)
            pages.append(_page(docname, child))
        wrapper = toctree.parent
        place = wrapper if isinstance(wrapper, nodes.compound) else toctree
        if toctree.get("caption"):
            parts.append((toctree["caption"], pages))
            place.parent.remove(place)
        else:
            place.replace_self(pages)
    return parts


def docnames(tree: nodes.Element) -> list[str]:
    """Return the documents that a gathered tree holds, in order."""
    return [node["docname"] for node in tree.findall(addnodes.start_of_file)]


def _walk(node: nodes.Element, docname: str) -> Iterator[tuple[nodes.Element, str]]:
    for child in node.children:
        if isinstance(child, nodes.Element):
            inside = child["docname"] if isinstance(child, addnodes.start_of_file) else docname
            yield child, inside
            yield from _walk(child, inside)


def first_ids(tree: nodes.Element) -> dict[str, str]:
    """Return the id at which each document of a tree begins (before :func:`prefix_ids`)."""
    found = {}
    for page in tree.findall(addnodes.start_of_file):
        section = next((child for child in page.children if isinstance(child, nodes.section)), None)
        if section is not None and section["ids"]:
            found[page["docname"]] = section["ids"][0]
    return found


def prefix_ids(tree: nodes.document) -> None:
    """Put the document's slug before every id and every reference to one, so that equal ids do not meet.

    A reference ``#document-X#y`` becomes ``#slug--y``; ``#document-X`` leads to the first section of X.
    """
    first = first_ids(tree)

    def full(docname: str, name: str) -> str:
        return f"{slug(docname)}--{name}" if name else f"{slug(docname)}--{first.get(docname, '')}"

    for node, docname in list(_walk(tree, tree["docname"])):
        if "pdf-part" in node.get("classes", ()):
            continue
        for key in ("ids", "backrefs"):
            if node.get(key):
                node[key] = [full(docname, name) for name in node[key]]
        if node.get("refid"):
            node["refid"] = full(docname, node["refid"])
        if match := _DOCUMENT.fullmatch(node.get("refuri", "")):
            node["refuri"] = "#" + full(match[1], match[2] or "")


def dissolve(tree: nodes.document) -> None:
    """Take out the ``start_of_file`` nodes; the sections of their pages get the class ``pdf-doc``.

    The writer's empty span for such a node would land on the page before a chapter. A page with pages below it also
    gets ``pdf-guide``, and an introduction to a book with parts ``pdf-front``.
    """
    for page in list(tree.findall(addnodes.start_of_file)):
        has_pages = any(node is not page for node in page.findall(addnodes.start_of_file))
        for section in page.children:
            if isinstance(section, nodes.section):
                kinds = [
                    "pdf-doc",
                    *(["pdf-guide"] if has_pages else []),
                    *(["pdf-front"] if page.get("front") else []),
                ]
                section["classes"] = [*section["classes"], *kinds]
    for page in list(tree.findall(addnodes.start_of_file)):
        page.replace_self(page.children)


def flatten_references(tree: nodes.Element) -> None:
    """Make the words of a link plain text: the PDF's tags would mark the inner element and not the link."""
    for reference in tree.findall(nodes.reference):
        if len(reference.children) == 1 and isinstance(reference[0], nodes.inline | nodes.literal):
            text = reference.astext()
            reference.clear()
            reference += nodes.Text(text)


def _targets(nodes_: Iterable[nodes.Element]) -> set[str]:
    found = set()
    for node in nodes_:
        for reference in node.findall(nodes.reference):
            if reference.get("refid"):
                found.add(reference["refid"])
            if reference.get("refuri", "").startswith("#"):
                found.add(reference["refuri"][1:])
    return found


def _is_listed(node: nodes.Node) -> bool:
    return isinstance(node, nodes.citation) or (
        isinstance(node, nodes.definition_list_item)
        and node.parent is not None
        and isinstance(node.parent.parent, addnodes.glossary)
    )


def _ids(entry: nodes.Element) -> set[str]:
    return {name for node in entry.findall(nodes.Element) for name in node["ids"]}


def keep_used(tree: nodes.Element, wanted: Collection[str] = ()) -> int:
    """Drop the terms and works that nothing in the tree refers to; return how many were dropped.

    Parameters
    ----------
    tree : docutils element
        After :func:`prefix_ids`.
    wanted : collection of str
        Ids that are used besides, for example by forms.
    """
    entries = [node for node in tree.findall(nodes.Element) if _is_listed(node)]
    inside = {id(node) for entry in entries for node in entry.findall(nodes.reference)}
    used = set(wanted)
    for reference in tree.findall(nodes.reference):
        if id(reference) not in inside:
            used |= _targets([reference])
    kept: set[int] = set()
    while fresh := [entry for entry in entries if id(entry) not in kept and _ids(entry) & used]:
        kept |= {id(entry) for entry in fresh}
        used |= _targets(fresh)
    for entry in entries:
        if id(entry) not in kept:
            entry.parent.remove(entry)
    return len(entries) - len(kept)


def numbers(
    fignumbers: Mapping[str, Mapping[str, Mapping[str, tuple[int, ...]]]],
) -> dict[str, dict[str, tuple[int, ...]]]:
    """Return the figure numbers of all documents in one map, by kind and prefixed id."""
    merged: dict[str, dict[str, tuple[int, ...]]] = {}
    for docname, kinds in fignumbers.items():
        for kind, found in kinds.items():
            merged.setdefault(kind, {}).update({f"{slug(docname)}--{name}": number for name, number in found.items()})
    return merged


def heading_level(node: nodes.Node) -> int:
    """Return the level that a heading beside this node would have: one per section around it."""
    level = 0
    parent = node.parent
    while parent is not None:
        level += isinstance(parent, nodes.section)
        parent = parent.parent
    return level


def contents(tree: nodes.Element, depth: int) -> list[tuple[int, str, str]]:
    """Return the contents as (level from 1, id, title), down to a depth."""
    found: list[tuple[int, str, str]] = []

    def walk(node: nodes.Element, level: int) -> None:
        for section in node.children:
            if isinstance(section, nodes.section) and section["ids"]:
                title = next((child for child in section.children if isinstance(child, nodes.title)), None)
                if title is not None and level <= depth:
                    found.append((level, section["ids"][0], title.astext()))
                    walk(section, level + 1)

    walk(tree, 1)
    return found
