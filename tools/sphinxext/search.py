"""Search that works from disk and tells nobody what was looked for.

Sphinx's own search puts the words into the address and fetches pages for its excerpts, which browsers refuse
from disk. Here the index is made from the document trees while the site is built, for the library MiniSearch, packed
in few signs, and shipped as classic scripts: one with the index, and one per part of the book with
the texts, of which the page loads those it shows excerpts from.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The fields of a place in the index, as the page's script names them.
FIELDS = ("title", "heading", "text")
#: A word that stands in more than this share of all places tells no place from another, in any language. Such words
#: would be a tenth of the index.
COMMON = 0.4
#: Below this number of places every word counts.
COMMON_FROM = 200
_BLOCKS = re.compile(r"<(script|style)\b.*?</\1\s*>", re.S | re.I)
_BETWEEN_TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Place:
    """One section of a page: what a search result leads to.

    Attributes
    ----------
    page : str
        Document name, for example ``book/start/roles``.
    anchor : str
        Id of the section; empty for the top of the page.
    title, heading, text : str
        Title of the page, heading of the section (empty at the top) and the text of the section alone.
    """

    page: str
    anchor: str
    title: str
    heading: str
    text: str


@cache
def _separators() -> re.Pattern[str]:
    # The same as MiniSearch's /[\n\r\p{Z}\p{P}]+/u, which Python's own expressions cannot say.
    signs = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c))[0] in "ZP"]
    return re.compile("[\n\r" + re.escape("".join(signs)) + "]+")


def terms(text: str) -> list[str]:
    """Return the words of a text as the library would split them.

    >>> terms("The child's passport—kept by “agents”.")
    ['the', 'child', 's', 'passport', 'kept', 'by', 'agents']
    """
    return [term.lower() for term in _separators().split(text) if term]


def plain(node: nodes.Node) -> str:
    """Return the words of a node; pictures give their description, raw HTML its text."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.raw):
        if "html" not in str(node.get("format", "")).split():
            return ""
        return unescape(_BETWEEN_TAGS.sub(" ", _BLOCKS.sub(" ", node.astext())))
    if isinstance(node, nodes.image):
        return str(node.get("alt", ""))
    if isinstance(node, nodes.comment | nodes.substitution_definition | nodes.target | nodes.system_message):
        return ""
    if isinstance(node, nodes.Element) and node.children:
        between = "" if isinstance(node, nodes.TextElement) else " "
        return between.join(plain(child) for child in node.children if not isinstance(child, nodes.section))
    return node.astext()  # nodes with words of their own, such as an instrument


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def places(doctree: nodes.document, page: str) -> Iterator[Place]:
    """Yield the sections of a page, in reading order."""
    sections = list(doctree.findall(nodes.section))
    first = next(iter(doctree.findall(nodes.title)), None)
    title = page if first is None else _squeeze(first.astext())
    for number, section in enumerate(sections):
        heading = next((child for child in section.children if isinstance(child, nodes.title)), None)
        body = (
            plain(child)
            for child in section.children
            if not isinstance(child, nodes.section | nodes.title)
            and not (isinstance(child, nodes.Element) and "ct-meta" in child.get("classes", ()))
        )
        yield Place(
            page=page,
            anchor="" if number == 0 else section["ids"][0],
            title=title,
            heading="" if number == 0 or heading is None else _squeeze(heading.astext()),
            text=_squeeze(" ".join(body)),
        )


def common(found: Sequence[Place]) -> frozenset[str]:
    """Return the words that are left out of the index, because they stand nearly everywhere."""
    if len(found) < COMMON_FROM:
        return frozenset()
    counts = Counter(term for place in found for term in {t for name in FIELDS for t in terms(getattr(place, name))})
    return frozenset(term for term, count in counts.items() if count > COMMON * len(found))


def index(found: Iterable[Place], left_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the index as ``MiniSearch.loadJS`` reads it (its serialisation, version 2)."""
    postings: dict[str, dict[int, dict[int, int]]] = {}
    lengths: dict[int, list[int]] = {}
    totals = [0] * len(FIELDS)
    number = -1
    for number, place in enumerate(found):
        lengths[number] = []
        for field, name in enumerate(FIELDS):
            counts = Counter(terms(getattr(place, name)))
            lengths[number].append(len(counts))  # the library counts different words
            totals[field] += len(counts)
            for term, count in counts.items():
                if term in left_out:
                    continue
                postings.setdefault(term, {}).setdefault(field, {})[number] = count
    size = number + 1
    return {
        "documentCount": size,
        "nextId": size,
        "documentIds": {n: n for n in range(size)},
        "fieldIds": {name: n for n, name in enumerate(FIELDS)},
        "fieldLength": lengths,
        "averageFieldLength": [total / max(size, 1) for total in totals],
        "storedFields": {},
        "dirtCount": 0,
        "index": [[term, postings[term]] for term in sorted(postings)],
        "serializationVersion": 2,
    }


#: Between the fields of a term; codes of places begin after it, and leave out the backslash, which JSON writes twice.
_FIELD_END = "!"
_FIRST = ord("#")


def _step(gap: int) -> str:
    code = _FIRST + gap - 1
    return chr(code if code < ord("\\") else code + 1)


def packed(whole: dict[str, Any]) -> dict[str, Any]:
    """Return the index in few signs; the page's script spells it out again (``unpacked`` in search.js).

    ``terms`` holds each term as the letters that differ from the term before, behind a sign for how many it shares.
    ``postings`` holds for each term its fields, and in a field one sign for each place: the step from the last one.
    How often a word stands in a place is left out: it changes the order of results little, and would be a fifth of
    the whole.

    >>> made = packed(index([Place("a", "", "Bee", "", "bee beef"), Place("b", "", "Fly", "", "bee")]))
    >>> made["terms"], made["postings"]
    ('0bee 3f 0fly', '#!!## !!# $!!')
    """
    terms, postings, last = [], [], ""
    for term, fields in whole["index"]:
        shared = next(
            (n for n, (a, b) in enumerate(zip(term, last, strict=False)) if a != b), min(len(term), len(last))
        )
        shared = min(shared, 40)
        terms.append(chr(ord("0") + shared) + term[shared:])
        last = term
        streams = []
        for field in range(len(FIELDS)):
            numbers = sorted(fields.get(field, {}))
            streams.append("".join(_step(after - before) for before, after in pairwise([-1, *numbers])))
        postings.append(_FIELD_END.join(streams))
    return {
        "serializationVersion": whole["serializationVersion"],
        "averageFieldLength": whole["averageFieldLength"],
        "lengths": [whole["fieldLength"][number] for number in range(whole["documentCount"])],
        "terms": " ".join(terms),
        "postings": " ".join(postings),
    }


def _part(page: str) -> str:
    """Return the part of the book a page belongs to: its folder."""
    return "-".join(page.split("/")[:-1][-2:]) or "top"


def scripts(found: list[Place]) -> dict[str, str]:
    """Return the files of the search by name: the index, and the texts of each part of the book."""
    parts = sorted({_part(place.page) for place in found})
    listed = [[place.page, place.anchor, place.title, place.heading, parts.index(_part(place.page))] for place in found]
    words = common(found)
    made = {"places": listed, "parts": parts, "common": sorted(words), "index": packed(index(found, words))}
    files = {"search-index.js": _assign("ctSearch", made)}
    for part in parts:
        texts = {n: place.text for n, place in enumerate(found) if _part(place.page) == part}
        files[f"search-text-{part}.js"] = f"ctSearch.got({_json(part)},{_json(texts)});\n"
    return files


def _json(value: object) -> str:
    # Line separators end a line in old JavaScript, and "</" would end a script that is put inside a page.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")


def _assign(name: str, value: object) -> str:
    return f"var {name} = {_json(value)};\n"


def _memory(app: Sphinx) -> Path:
    return Path(app.doctreedir) / "search-places.json"


def _collect(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.name == "html":
        _found(app)[docname] = [asdict(place) for place in places(doctree, docname)]


def _found(app: Sphinx) -> dict[str, list[dict[str, str]]]:
    """Return what is known of each page: pages that this build does not write again are read from the last one."""
    found = getattr(app, "_ct_places", None)
    if found is None:
        try:
            found = json.loads(_memory(app).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = {}
        app._ct_places = found  # type: ignore[attr-defined]
    return found


def write_index(app: Sphinx) -> None:
    """Write the files of the search into the built site."""
    found = _found(app)
    for docname in sorted(set(app.env.found_docs) - set(found)):
        doctree = app.env.get_and_resolve_doctree(docname, app.builder)
        found[docname] = [asdict(place) for place in places(doctree, docname)]
    for docname in set(found) - set(app.env.found_docs):
        del found[docname]
    _memory(app).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    ordered = [Place(**place) for docname in sorted(found) for place in found[docname]]
    static = Path(app.outdir) / "_static"
    for old in static.glob("search-text-*.js"):
        old.unlink()
    for name, text in scripts(ordered).items():
        (static / name).write_text(text, encoding="utf-8")
    (Path(app.outdir) / "searchindex.js").unlink(missing_ok=True)


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.name == "html":
        write_index(app)


def _no_search_of_sphinx(app: Sphinx) -> None:
    """Switch Sphinx's search off: it puts the words into the address and needs a server for its excerpts."""
    if app.builder.name == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    """Collect the words of each page as it is written, and write the index at the end."""
    app.connect("builder-inited", _no_search_of_sphinx, priority=900)
    app.connect("doctree-resolved", _collect, priority=900)
    app.connect("build-finished", _finish, priority=850)  # before the pages stamp the links to these files
