"""Checks of the built website: functions that take a parsed page and yield findings.

They read files only; what happens while a page runs is for the browser tests.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml import html
from reading import Finding

Element = html.HtmlElement
NOT_FOUND = "404.html"


@dataclass(frozen=True)
class BuiltPage:
    """A page of the built site.

    Attributes
    ----------
    path : str
        Its path in the site, with slashes.
    source : str
        Its HTML.
    """

    path: str
    source: str

    @cached_property
    def root(self) -> Element:
        """The parsed page."""
        return html.document_fromstring(self.source)

    @cached_property
    def ids(self) -> list[str]:
        """Every id, in the order of the page."""
        return [str(found) for found in self.root.xpath("//@id")]

    @cached_property
    def sends_to(self) -> str | None:
        """Where the page sends the reader at once, if that is all it does (Jupyter Book's top page)."""
        for content in self.root.xpath("//meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']/@content"):
            return str(content).partition("=")[2].strip(" '\"")
        return None

    def finding(self, element: Element | None, what: str, todo: str) -> Finding:
        """Return a finding at an element of this page."""
        return Finding(self.path, element.sourceline or 0 if element is not None else 0, what, todo)


@dataclass(frozen=True)
class Site:
    """All files of a built site, and its pages.

    Attributes
    ----------
    files : frozenset of str
    pages : dict of str to BuiltPage
    base : str
        The path of the site on its server. Only the page for a missing address may use it, since a server shows that
        page at any depth; on any other page such a link breaks on a USB stick.
    """

    files: frozenset[str]
    pages: dict[str, BuiltPage]
    base: str = "/"

    @classmethod
    def read(cls, folder: Path, base: str = "/") -> Site:
        """Read the built site in a folder."""
        files = frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        pages = {
            name: BuiltPage(name, (folder / name).read_text(encoding="utf-8"))
            for name in sorted(files)
            if name.endswith(".html") and not name.startswith(("_static/", "_sources/", "_downloads/", "downloads/"))
        }
        return cls(files, pages, base)

    def resolve(self, page: str, address: str) -> tuple[str, str] | None:
        """Return the file and the anchor that an address in a page leads to; nothing when it leaves the site."""
        if page == NOT_FOUND and address.startswith(self.base):
            return resolve("index.html", address.removeprefix(self.base))
        return resolve(page, address)


def _words(element: Element) -> str:
    return " ".join(element.text_content().split())


def _where(element: Element) -> str:
    """Return the start tag of an element, short, to be found again in the page."""
    tag = html.tostring(element, encoding="unicode", with_tail=False).split(">")[0] + ">"
    return tag if len(tag) <= 120 else tag[:117] + "…>"


def resolve(page: str, address: str) -> tuple[str, str] | None:
    """Return the file and the anchor that a link of a page leads to; nothing when it leaves the site.

    >>> resolve("book/start/index.html", "../index.html?x=1#top")
    ('book/index.html', 'top')
    >>> resolve("book/index.html", "https://example.org/") is None
    True
    """
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    if not parts.path:
        return page, unquote(parts.fragment)
    target = PurePosixPath(page).parent / unquote(parts.path)
    steps: list[str] = []
    for step in target.parts:
        if step == "..":
            if not steps:
                return "..", ""  # above the top of the site: nothing is there
            steps.pop()
        elif step != ".":
            steps.append(step)
    return "/".join(steps), unquote(parts.fragment)


def check_links(page: BuiltPage, site: Site) -> Iterator[Finding]:
    """Every link inside the book leads to a file that exists, and to an anchor in it."""
    links = [(link, link.get("href")) for link in page.root.xpath("//a[@href] | //area[@href]")]
    if page.sends_to is not None:
        links.append((page.root, page.sends_to))
    for link, address in links:
        if (found := site.resolve(page.path, address)) is None:
            continue
        file, anchor = found
        if file not in site.files:
            yield page.finding(link, f"The link '{address}' leads to no file.", "Correct it, or build what it names.")
        elif anchor and anchor != "top" and file in site.pages and anchor not in site.pages[file].ids:
            yield page.finding(link, f"The link '{address}' leads to no place in its page.", "Correct the anchor.")


# Attributes that make a browser fetch something.
FETCHES = (
    "//script/@src | //img/@src | //source/@src | //audio/@src | //video/@src | //video/@poster | //track/@src"
    " | //iframe/@src | //embed/@src | //object/@data | //input/@src | //*[local-name()='image']/@href"
    " | //*[local-name()='use']/@href"
    " | //link[not(contains('canonical alternate license next prev author search index', @rel))]/@href"
)
OUTSIDE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
CSS_OUTSIDE = re.compile(r"(?:url\(\s*[\"']?|@import\s+[\"'])((?:https?:)?//[^\"')\s]+)", re.IGNORECASE)


def _fetched(page: BuiltPage) -> Iterator[tuple[Element, str]]:
    for found in page.root.xpath(FETCHES):
        yield found.getparent(), str(found).strip()
    for element in page.root.xpath("//*[@srcset]"):
        for part in element.get("srcset").split(","):
            yield element, part.strip().split(" ")[0]


def check_files_exist(page: BuiltPage, site: Site) -> Iterator[Finding]:
    """Every picture, script and style of a page is a file of the site."""
    for element, address in _fetched(page):
        if address.startswith(("data:", "#")):
            continue
        found = site.resolve(page.path, address)
        if found is not None and found[0] not in site.files:
            yield page.finding(element, f"The file '{address}' does not exist.", "Correct the path, or add the file.")


def check_nothing_from_outside(page: BuiltPage, site: Site) -> Iterator[Finding]:
    """No page fetches anything from another site: no script, style, picture, frame or font, and no form sends."""
    todo = "Keep a copy in the book, or leave it out."
    for element, address in _fetched(page):
        if OUTSIDE.match(address):
            yield page.finding(element, f"The page fetches '{address}'.", todo)
    for element in page.root.xpath("//*[@style] | //style"):
        styles = element.get("style") or element.text_content()
        for found in CSS_OUTSIDE.finditer(styles):
            yield page.finding(element, f"A style fetches '{found.group(1)}'.", todo)
    for element in page.root.xpath("//form[@action] | //*[@formaction]"):
        address = element.get("action") or element.get("formaction") or ""
        if OUTSIDE.match(address):
            yield page.finding(element, f"A form sends to '{address}'.", "No form of this book sends anything.")
    for element in page.root.xpath("//a[@ping]"):
        yield page.finding(element, "A link reports that it was followed (ping).", "Leave the attribute out.")
    if page.sends_to is not None and OUTSIDE.match(page.sends_to):
        yield page.finding(None, f"The page sends the reader to '{page.sends_to}' by itself.", "Leave it out.")


def check_styles_from_outside(name: str, styles: str) -> Iterator[Finding]:
    """No style sheet fetches anything from another site, and none brings a web font."""
    for found in CSS_OUTSIDE.finditer(styles):
        yield Finding(name, 0, f"The style sheet fetches '{found.group(1)}'.", "Keep a copy in the book.")


def check_unique_ids(page: BuiltPage, site: Site) -> Iterator[Finding]:
    """An id stands once in a page."""
    for name, times in Counter(page.ids).items():
        if times > 1:
            element = page.root.xpath("//*[@id=$name]", name=name)[1]
            yield page.finding(element, f"The id '{name}' stands {times} times.", "Give each place an id of its own.")


def check_headings_in_order(page: BuiltPage, site: Site) -> Iterator[Finding]:
    """One main heading; no level is skipped on the way down; no heading is empty."""
    if page.sends_to is not None:
        return
    headings = page.root.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")
    main = [heading for heading in headings if heading.tag == "h1"]
    if len(main) != 1:
        yield page.finding(
            main[1] if main else None, f"The page has {len(main)} main headings (h1).", "A page has exactly one."
        )
    before = 0
    for heading in headings:
        level = int(heading.tag[1])
        if before and level > before + 1:
            yield page.finding(
                heading, f"'{_words(heading)}' is of level {level}, below level {before}.", "Do not skip a level."
            )
        if not _words(heading):
            yield page.finding(heading, "A heading is empty.", "Give it words, or remove it.")
        before = level


def check_language(page: BuiltPage, site: Site) -> Iterator[Finding]:
    """The page names its language and has a title."""
    if page.sends_to is not None:
        return
    if not page.root.get("lang"):
        yield page.finding(page.root, "The page does not name its language.", "Set `lang` on the html element.")
    if not "".join(page.root.xpath("//head/title/text()")).strip():
        yield page.finding(None, "The page has no title.", "Give it a main heading.")


def check_pictures_described(page: BuiltPage, site: Site) -> Iterator[Finding]:
    """A picture has a description (an empty one when it only decorates)."""
    for picture in page.root.xpath("//img[not(@alt)]"):
        yield page.finding(picture, f"A picture has no description: {_where(picture)}", "Add `:alt:`.")
    for picture in page.root.xpath("//*[local-name()='svg'][@role='img']"):
        named = picture.get("aria-label") or picture.get("aria-labelledby")
        if not named and not picture.xpath("./*[local-name()='title']"):
            yield page.finding(picture, "A drawing has no description.", "Add a title, or aria-label.")


def check_controls_named(page: BuiltPage, site: Site) -> Iterator[Finding]:
    """Every control has a name: a label, a title, or words of its own."""
    labelled = set(page.root.xpath("//label/@for"))
    controls = "//input[not(@type='hidden')] | //select | //textarea | //button | //summary | //*[@role='button']"
    for control in page.root.xpath(controls):
        named = (
            any((control.get(key) or "").strip() for key in ("aria-label", "aria-labelledby", "title"))
            or control.get("id") in labelled
            or control.xpath("ancestor::label")
            or (control.tag == "input" and control.get("type") in ("submit", "reset") and control.get("value"))
            or (control.tag not in ("input", "select", "textarea") and _words(control))
        )
        if not named:
            yield page.finding(control, f"A control has no name: {_where(control)}", "Give it a label or a title.")
    for label in page.root.xpath("//label[@for]"):
        if label.get("for") not in page.ids:
            yield page.finding(label, f"A label names no control: '{label.get('for')}'.", "Correct `for`.")


def check_tables(page: BuiltPage, site: Site) -> Iterator[Finding]:
    """The headers of a table say what they head: a column or a row."""
    for header in page.root.xpath("//th[not(@scope)]"):
        if _words(header):
            yield page.finding(header, f"The table header '{_words(header)}' has no scope.", "Set scope=col or row.")


VAGUE = frozenset({"here", "click here", "this", "this page", "link", "this link", "more", "read more", "see here"})


def check_link_words(page: BuiltPage, site: Site) -> Iterator[Finding]:
    """A link says where it leads."""
    for link in page.root.xpath("//a[@href]"):
        described = " ".join(link.xpath(".//img/@alt | .//*[local-name()='title']/text()"))
        words = link.get("aria-label") or _words(link) or described or link.get("title") or ""
        hidden = link.get("aria-hidden") == "true"
        if not words.strip() and not hidden:
            yield page.finding(link, f"A link has no words: {_where(link)}", "Say where it leads.")
        elif words.strip().rstrip(".").lower() in VAGUE:
            yield page.finding(link, f"A link only says '{words}'.", "Say where it leads.")


LEFTOVERS = (
    (re.compile(r"/home/|/Users/|[A-Z]:\\\\?Users|/tmp/"), "the path of a machine"),
    (re.compile(r"Traceback \(most recent call last\)"), "a program error"),
    (re.compile(r"[\w.]+ object at 0x"), "a program object"),
    (re.compile(r"\b(?:TODO|FIXME|XXX)\b"), "a note to ourselves"),
    (re.compile(r"\{(?:cite|term|ref|doc|numref|instrument)(?::\w)?\}`"), "markup that was not understood"),
)


def check_no_leftovers(page: BuiltPage, site: Site) -> Iterator[Finding]:
    """No trace of a machine, an error, an unfinished note or unread markup."""
    for pattern, name in LEFTOVERS:
        for found in pattern.finditer(page.source):
            line = page.source.count("\n", 0, found.start()) + 1
            yield Finding(page.path, line, f"The page shows {name}: '{found.group()}'.", "Mend its source.")


def check_no_place_of_the_build(page: BuiltPage, root: str) -> Iterator[Finding]:
    """No page names the folder it was built in."""
    if root in page.source:
        line = page.source.count("\n", 0, page.source.index(root)) + 1
        yield Finding(page.path, line, f"The page names the folder it was built in: '{root}'.", "Mend its source.")


SITE_CHECKS: tuple[Callable[[BuiltPage, Site], Iterator[Finding]], ...] = (
    check_links,
    check_files_exist,
    check_nothing_from_outside,
    check_unique_ids,
    check_headings_in_order,
    check_language,
    check_pictures_described,
    check_controls_named,
    check_tables,
    check_link_words,
    check_no_leftovers,
)
