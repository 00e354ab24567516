"""The weight of the built site, from its files and from real first visits."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from weight import KB, Budget, Visit, broken, measure, own_scripts, packed, pages, table

pytestmark = pytest.mark.book

_LOADS = re.compile(r"<(?:link[^>]+rel=\"stylesheet\"[^>]+href|script[^>]+src|img[^>]+src)=\"([^\"]+)\"")


def from_files(site: Path, name: str) -> Visit:
    """Return what a page and the files it names weigh, without a browser."""
    page = site / name
    html = page.read_bytes()
    names = {urlsplit(address).path for address in _LOADS.findall(html.decode()) if not address.startswith("data:")}
    files = [(page.parent / name).resolve() for name in names]
    kinds = {"document": packed(html)}
    for path in files:
        kinds[path.name] = packed(path.read_bytes())
    return Visit(name, 1 + len(files), kinds)


@pytest.mark.promise("weight-page", "weight-requests", "weight-js")
def test_the_files_of_every_page_keep_the_budget(site):
    visits = [from_files(site, name) for name in pages(site)]
    assert len(visits) > 10
    assert broken(visits, own_scripts(site)) == []


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.promise("weight-page", "weight-requests", "weight-js", "weight-no-fonts")
def test_first_visits_keep_the_budget(site, browser):
    visits = measure(site, browser)
    scripts = own_scripts(site)
    print(table(visits, scripts))
    assert broken(visits, scripts) == []
    assert [visit.page for visit in visits if visit.kinds.get("font")] == []


@pytest.mark.promise("weight-no-fonts")
def test_the_site_holds_no_fonts_and_no_style_names_one(site):
    assert [path.name for path in site.rglob("*") if path.suffix in (".woff", ".woff2", ".ttf", ".otf", ".eot")] == []
    assert [path.name for path in site.rglob("*.css") if "@font-face" in path.read_text(encoding="utf-8")] == []


def test_the_budget_sees_a_heavy_page_many_requests_and_heavy_scripts():
    light = Visit("a.html", 3, {"document": 10 * KB})
    assert broken([light], 5 * KB) == []
    assert broken([light, Visit("b.html", 3, {"document": 101 * KB}), light], 0) == [
        "b.html weighs 101.0 kB; the limit is 100 kB."
    ]
    assert broken([Visit("search.html", 15, {"document": 101 * KB}), light, light], 0) == []
    assert broken([Visit("b.html", 13, {"document": 1})], 0) == ["b.html makes 13 requests; the limit is 12."]
    assert broken([light], 26 * KB) == ["Our own scripts weigh 26.0 kB; the limit is 25 kB."]
    assert broken([Visit("b.html", 1, {"document": 61 * KB})], 0, Budget(page=1000 * KB)) == [
        "The middle page weighs 61.0 kB; the limit is 60 kB."
    ]
