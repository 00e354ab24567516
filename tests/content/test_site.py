"""The checks of the built website: over the site, and each over pages that must fail and pages that must pass."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import site_checks
import yaml
from site_checks import SITE_CHECKS, BuiltPage, Site

from tools.content import ROOT

# A page that passes every check; the failing ones below say one thing wrong.
GOOD = """\
<!doctype html>
<html lang="en">
<head>
<title>First contact</title>
<link rel="stylesheet" href="../../_static/book.css?v=1">
<link rel="canonical" href="https://example.org/guides/book/start/a.html">
<script src="../../_static/book.js"></script>
</head>
<body>
<a href="#main">Skip to the content</a>
<h1 id="main">First contact</h1>
<h2>What to do</h2>
<h3>In the first minutes</h3>
<h2>Watch out</h2>
<p><a href="../index.html">Start</a>, <a href="b.html#there">the other page</a>, <a href="https://example.org/">Example</a>,
<a href="mailto:a@example.org">write to us</a></p>
<img src="../../_static/path.svg" alt="A path of three steps"><img src="data:image/gif;base64,AAAA" alt="">
<svg role="img" aria-label="A chart"><path d="M0 0"/></svg>
<form><label for="pay">Pay</label><input id="pay"><input title="Hours"><label>Debt <input></label>
<button>Clear</button><button aria-label="Close"></button><select title="Where"><option>Here</option></select></form>
<table><tr><th scope="col">Mistake</th><td></td></tr></table>
</body></html>
"""
OTHER = '<!doctype html><html lang="en"><title>B</title><h1>B</h1><p id="there">B</p></html>'
FILES = frozenset(
    {"book/start/a.html", "book/start/b.html", "book/index.html",
     "_static/book.css", "_static/book.js", "_static/path.svg"}
)  # fmt: skip


def findings(check, source: str) -> list[str]:
    page = BuiltPage("book/start/a.html", source)
    other = BuiltPage("book/start/b.html", OTHER)
    return [str(finding) for finding in check(page, Site(FILES, {page.path: page, other.path: other}))]


BAD: dict[str, list[tuple[str, str, str]]] = {
    "check_links": [
        ('href="../index.html"', 'href="../start.html"', "The link '../start.html' leads to no file"),
        ('href="b.html#there"', 'href="b.html#here"', "The link 'b.html#here' leads to no place in its page"),
        ('href="#main"', 'href="#content"', "'#content' leads to no place"),
        ('href="../index.html"', 'href="../../../index.html"', "leads to no file"),
        ('href="../index.html"', 'href="/book/index.html"', "leads to no file"),
        ("<title>", '<meta http-equiv="refresh" content="0; url=c.html"><title>', "'c.html' leads to no file"),
    ],
    "check_files_exist": [
        ("book.css?v=1", "other.css", "The file '../../_static/other.css' does not exist"),
        ("book.js", "other.js", "other.js"),
        ("path.svg", "other.svg", "other.svg"),
        ("<h2>Watch", '<img srcset="x.png 2x" alt=""><h2>Watch', "'x.png'"),
    ],
    "check_nothing_from_outside": [
        ("../../_static/book.js", "https://cdn.example.org/x.js", "The page fetches 'https://cdn.example.org/x.js'"),
        ("../../_static/book.css?v=1", "//cdn.example.org/x.css", "The page fetches '//cdn.example.org/x.css'"),
        ("../../_static/path.svg", "http://example.org/x.png", "The page fetches"),
        ("<title>", '<link rel="preconnect" href="https://fonts.example.org"><title>', "The page fetches"),
        ("<title>", '<link rel="icon" href="https://example.org/i.ico"><title>', "The page fetches"),
        ("<h2>Watch", '<iframe src="https://example.org/"></iframe><h2>Watch', "The page fetches"),
        ("<h2>Watch", '<img src="a.png" srcset="https://example.org/a.png 2x" alt=""><h2>Watch', "The page fetches"),
        ("<h2>Watch", '<style>@import "https://example.org/f.css";</style><h2>Watch', "A style fetches"),
        ("<h2>Watch", '<p style="background: url(//example.org/i.png)">x</p><h2>Watch', "A style fetches"),
        ("<form>", '<form action="https://example.org/">', "A form sends to"),
        ('<a href="https://example.org/">', '<a ping="/x" href="https://example.org/">', "ping"),
        ("<title>", '<meta http-equiv="Refresh" content="0; url=https://example.org/"><title>', "sends the reader"),
    ],
    "check_unique_ids": [("<h2>Watch", '<h2 id="main">Watch', "line 14: The id 'main' stands 2 times")],
    "check_headings_in_order": [
        ("<h2>Watch out</h2>", "<h1>Watch out</h1>", "The page has 2 main headings"),
        ('<h1 id="main">First contact</h1>', "", "The page has 0 main headings"),
        ("<h3>In the first minutes</h3>", "<h4>In the first minutes</h4>", "is of level 4, below level 2"),
        ("<h2>Watch out</h2>", "<h2></h2>", "A heading is empty"),
    ],
    "check_language": [
        (' lang="en"', "", "does not name its language"),
        ("<title>First contact</title>", "", "has no title"),
    ],
    "check_pictures_described": [
        (' alt="A path of three steps"', "", "A picture has no description"),
        (' aria-label="A chart"', "", "A drawing has no description"),
    ],
    "check_controls_named": [
        ('<label for="pay">Pay</label>', "", 'A control has no name: <input id="pay">'),
        (' title="Hours"', "", "A control has no name"),
        (' aria-label="Close"', "", "A control has no name: <button>"),
        (' title="Where"', "", "A control has no name: <select>"),
        ('for="pay"', 'for="play"', "A label names no control: 'play'"),
    ],
    "check_tables": [(' scope="col"', "", "The table header 'Mistake' has no scope")],
    "check_link_words": [
        (">the other page<", ">here<", "A link only says 'here'"),
        (">the other page<", "> Click\nhere. <", "A link only says 'Click here.'"),
        (">the other page<", "><", "A link has no words"),
    ],
    "check_no_leftovers": [
        ("<h2>Watch", "<p>/home/someone/x.md</p><h2>Watch", "line 14: The page shows the path of a machine"),
        ("<h2>Watch", "<p>Traceback (most recent call last)</p><h2>Watch", "a program error"),
        ("<h2>Watch", "<p>&lt;tools.Chart object at 0x7f00&gt;</p><h2>Watch", "a program object"),
        ("<h2>Watch", "<p>TODO: more</p><h2>Watch", "a note to ourselves"),
        ("<h2>Watch", "<p>{cite}`a2020`</p><h2>Watch", "markup that was not understood"),
    ],
}
NAMES = {check.__name__: check for check in SITE_CHECKS}


def test_every_check_has_a_page_that_fails() -> None:
    assert set(BAD) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_good_page_passes(name: str) -> None:
    assert findings(NAMES[name], GOOD) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        pytest.param(name, *case, id=f"{name.removeprefix('check_')}-{number}")
        for name, cases in BAD.items()
        for number, case in enumerate(cases, 1)
    ],
)
def test_a_bad_page_is_found(name: str, old: str, new: str, message: str) -> None:
    assert old in GOOD
    found = findings(NAMES[name], GOOD.replace(old, new, 1))
    assert any(message in finding for finding in found), found
    assert all(finding.startswith("book/start/a.html") for finding in found)


def test_a_page_that_only_sends_the_reader_on_needs_no_heading() -> None:
    source = '<meta http-equiv="Refresh" content="0; url=b.html" />'
    assert [finding for check in SITE_CHECKS for finding in findings(check, source)] == []


def test_only_the_page_for_a_missing_address_may_start_from_the_top_of_the_server() -> None:
    def broken(name: str, address: str) -> list[str]:
        page = BuiltPage(name, f'<a href="{address}">x</a>')
        site = Site(frozenset({"index.html", name}), {name: page}, "/guides/")
        return [str(finding) for finding in site_checks.check_links(page, site)]

    assert broken("404.html", "/guides/index.html") == []
    assert "leads to no file" in broken("404.html", "/guides/start.html")[0]
    assert "leads to no file" in broken("404.html", "/index.html")[0]
    assert "leads to no file" in broken("book/a.html", "/guides/index.html")[0]


def test_a_style_sheet_from_outside_is_found() -> None:
    (found,) = site_checks.check_styles_from_outside("x.css", "@font-face { src: url('https://example.org/f.woff2') }")
    assert str(found).startswith("x.css: The style sheet fetches 'https://example.org/f.woff2'")
    assert list(site_checks.check_styles_from_outside("x.css", "a { background: url(data:image/png;base64,A) }")) == []


def test_the_folder_of_the_build_is_found() -> None:
    page = BuiltPage("x.html", "<p>\n/build/here/x.md</p>")
    (found,) = site_checks.check_no_place_of_the_build(page, "/build/here")
    assert str(found).startswith("x.html, line 2: The page names the folder it was built in")
    assert list(site_checks.check_no_place_of_the_build(page, "/build/there")) == []


# --- the site itself


@pytest.fixture(scope="module")
def built(site) -> Site:
    address = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["html_baseurl"]
    found = Site.read(site, urlsplit(address).path)
    assert len(found.pages) > 5
    return found


def over(check, built: Site) -> list:
    return [finding for page in built.pages.values() for finding in check(page, built)]


@pytest.mark.book
@pytest.mark.promise("access-structure")
@pytest.mark.parametrize(
    "check",
    [
        site_checks.check_links,
        site_checks.check_unique_ids,
        site_checks.check_headings_in_order,
        site_checks.check_language,
        site_checks.check_pictures_described,
        site_checks.check_controls_named,
        site_checks.check_tables,
        site_checks.check_link_words,
    ],
)
def test_every_page_is_well_made(check, built, none_found) -> None:
    none_found(over(check, built))


@pytest.mark.book
@pytest.mark.promise("offline-file")
def test_every_file_a_page_needs_is_in_the_site(built, none_found) -> None:
    none_found(over(site_checks.check_files_exist, built))


@pytest.mark.book
@pytest.mark.promise("privacy-no-request")
def test_no_page_asks_another_site_for_anything(built, site, none_found) -> None:
    found = over(site_checks.check_nothing_from_outside, built)
    for name in sorted(built.files):
        if name.endswith(".css"):
            found += site_checks.check_styles_from_outside(name, (site / name).read_text(encoding="utf-8"))
    none_found(found)


@pytest.mark.book
def test_no_page_shows_leftovers(built, none_found) -> None:
    found = over(site_checks.check_no_leftovers, built)
    for page in built.pages.values():
        found += site_checks.check_no_place_of_the_build(page, str(ROOT))
    none_found(found)
