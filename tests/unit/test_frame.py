from __future__ import annotations

import ast
import hashlib
import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.content import ROOT
from tools.errors import Problem
from tools.sphinxext import chapter, pages, search
from tools.sphinxext.markup import mend, style_classes
from tools.surfaces import bundle
from tools.surfaces.words import WORDS


def test_a_tiny_site_builds_without_a_warning(make_site):
    site = make_site({"index.md": "# Start\n\nA word.\n", "next.md": "# Next\n\nSee {doc}`index`.\n"})
    assert site.warnings == ""
    assert "A word." in site.html("index")
    assert site.doctree("next").astext().startswith("Next")


SITES = Path(__file__).parent / "sites" / "pages"


def fixture_site(name: str) -> dict[str, str]:
    folder = SITES / name
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# --- The frame of a page ---


@pytest.fixture
def kitchen_sink(make_site):
    site = make_site(fixture_site("kitchen-sink"))
    assert site.warnings == ""
    return site


@pytest.mark.promise("privacy-csp", "privacy-no-request")
def test_the_policy_stands_first_and_nothing_is_inline(kitchen_sink):
    names = {path.stem for path in kitchen_sink.out.rglob("*.html")}
    assert {"index", "text", "search", "genindex", "404", "kitchen-measures"} <= names
    for path in kitchen_sink.out.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        first = html.split("<head>", 1)[1].lstrip()
        start = '<meta http-equiv="Content-Security-Policy" content="'
        assert first.startswith(start), path
        policy = first[len(start) :].split('"', 1)[0]
        if path.stem == "404":
            style = html.split("<style>", 1)[1].split("</style>", 1)[0]
            assert policy == pages.policy(style)
        else:
            assert policy == pages.POLICY
            assert "<style" not in html
        assert not re.search(r"<[^>]+\sstyle=", html), path
        assert not re.search(r"<[^>]+\son[a-z]+=", html), path
        assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", html) == [], path
        assert '<meta name="referrer" content="no-referrer">' in html
        assert not re.search(r"<(?:script|img|iframe)[^>]+src=\"(?:https?:)?//", html)
        assert not re.search(r"<link[^>]+href=\"(?:https?:)?//", html)


def test_every_page_has_language_title_and_one_main_part(kitchen_sink):
    for path in kitchen_sink.out.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert '<html lang="en" dir="ltr">' in html
        assert html.count("<title>") == 1
        assert len(re.findall(r"<main\b", html)) == 1, path
        assert len(re.findall(r"<h1\b", html)) == 1, path
        ids = re.findall(r"\sid=\"([^\"]+)\"", html)
        assert len(ids) == len(set(ids)), path
    assert "<title>Every kind of text · Practitioner guides</title>" in kitchen_sink.html("text")
    assert "<title>Practitioner guides</title>" in kitchen_sink.html("index")
    assert "<title>Notes</title>" not in kitchen_sink.html("quiet")
    assert "<title>Notes · Practitioner guides</title>" in kitchen_sink.html("quiet")


def test_links_that_leave_are_marked_and_tell_nobody_where_from(kitchen_sink):
    html = kitchen_sink.html("text")
    links = re.findall(r"<a\b([^>]*)>((?:(?!</a>).)*)</a>", html, re.S)
    outside = [(raw, inside) for raw, inside in links if 'href="http' in raw]
    assert len(outside) == 2
    for raw, inside in outside:
        assert 'rel="noopener noreferrer"' in raw
        assert "ct-external" in raw
        assert "(another website)" in inside
    assert all("ct-external" not in raw for raw, _ in links if 'href="http' not in raw)


def test_tables_have_scopes_names_and_no_empty_header(kitchen_sink):
    html = kitchen_sink.html("text")
    assert html.count('role="group" aria-label="Table 1 Where to go"') == 1
    table = html.split("<table", 1)[1].split("</table>", 1)[0]
    assert not re.search(r"<th\b(?![^>]*scope=)", table)
    assert not re.search(r"<th\b[^>]*>\s*(<p>\s*</p>)?\s*</th>", table)
    assert "ct-s:width:" in table


def test_inline_styles_come_back_as_rules_of_the_sheet(kitchen_sink):
    css = (kitchen_sink.out / "_static" / "site.css").read_text(encoding="utf-8")
    names = re.findall(r"ct-s:[^\s\"]+", kitchen_sink.html("text"))
    assert names
    for name in names:
        assert re.sub(r"([^\w-])", r"\\\1", name) + "{" in css


def test_only_what_pages_load_is_shipped(kitchen_sink):
    static = kitchen_sink.out / "_static"
    shipped = {path.relative_to(static).as_posix() for path in static.rglob("*") if path.is_file()}
    expected = {"site.css", "site.js", "search.js", "minisearch.js", "search-index.js", "neutral.css"}
    kinds = {f"{kind}.{suffix}" for kind in pages.KINDS for suffix in ("css", "js")}
    assert expected <= shipped
    assert {
        name for name in shipped - expected - kinds if not re.fullmatch(r"search-text-[\w-]+\.js|ct-[\w.-]+", name)
    } == set()
    assert not (kitchen_sink.out / "searchindex.js").exists()


def test_tools_and_charts_bring_their_files_only_to_their_pages(make_site):
    site = make_site(
        {
            "index.md": "# Start\n",
            "tool.md": '# Tool\n\n```{raw} html\n<section data-ct-tool="a/b"></section>\n```\n',
            "chart.md": '# Chart\n\n```{raw} html\n<figure data-ct-chart="c"></figure>\n```\n',
        }
    )
    loads = {
        name: sorted(re.findall(r'(?:href|src)="_static/([\w-]+\.(?:css|js))', site.html(name)))
        for name in ("index", "tool", "chart")
    }
    assert loads == {
        "index": ["site.css", "site.js"],
        "tool": ["site.css", "site.js", "tool.css", "tool.js"],
        "chart": ["chart.css", "chart.js", "site.css", "site.js"],
    }


def test_links_to_bundles_carry_their_digest_and_a_second_build_keeps_it_right(make_site):
    site = make_site({"index.md": "# Start\n", "next.md": "# Next\n"})
    assert site.warnings == ""
    again = make_site({"next.md": "# Next\n\n:::{warning}\nNew styles.\n:::\n"})
    css = (again.out / "_static" / "site.css").read_bytes()
    digest = hashlib.sha256(css).hexdigest()[:8]
    assert b".admonition" in css
    for name in ("index", "next"):
        assert f"_static/site.css?v={digest}" in again.html(name)


def test_a_build_with_nothing_to_write_keeps_the_styles(make_site):
    css = make_site({"index.md": "# Start\n\n:::{note}\nA word.\n:::\n"}).out / "_static" / "site.css"
    first = css.read_bytes()
    assert b".admonition" in first
    assert make_site({}).warnings == ""
    assert css.read_bytes() == first


def test_the_first_address_leads_to_the_book_by_a_proper_page(make_site):
    site = make_site({"book/index.md": "# Book\n"})
    html = site.html("index")
    assert html.split("<head>")[1].lstrip().startswith('<meta http-equiv="Content-Security-Policy"')
    assert '<a href="book/index.html">' in html
    assert 'content="0; url=book/index.html"' in html


@pytest.mark.promise("language-rtl")
def test_a_right_to_left_language_turns_the_page(make_site):
    site = make_site({"index.md": "# Start\n"}, language="ar")
    assert '<html lang="ar" dir="rtl">' in site.html("index")
    css = (site.out / "_static" / "site.css").read_text(encoding="utf-8")
    assert re.findall(r"[{;]((?:margin|padding|border)-(?:left|right)|left|right|float:(?:left|right))\b", css) == []


@pytest.mark.promise("language-gettext")
def test_every_word_of_the_frame_can_be_translated(make_site, tmp_path):
    """A made-up language in which every word is marked: no word of the frame stays unmarked."""
    from babel.messages import Catalog, mofile

    catalogue = Catalog(locale="eo")
    for word in _frame_words():
        catalogue.add(word, f"«{word}»")
    folder = tmp_path / "locale" / "eo" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "interface.mo").open("wb") as file:
        mofile.write_mo(file, catalogue)
    front = "---\nreviewed: 2026-11-24\nreview_due: 2027-11-24\nstatus: draft for review\n---\n"
    site = make_site(
        {"index.md": f"{front}# Titolo\n\n## Unu\n", "due.md": "# Due\n"},
        language="eo",
        project="Libro",
        copyright="",
        locale_dirs=[str(tmp_path / "locale")],
    )
    body = site.html("index").split("<body", 1)[1].split(">", 1)[1]
    words = re.sub(r"<script.*?</script>|«[^»]*»", "", body, flags=re.S)
    seen = re.findall(
        r">([^<]*[A-Za-z]{2}[^<]*)<|(?:aria-label|title|data-ct-\w+)=\"([^\"]*[A-Za-z]{2}[^\"]*)\"", words
    )
    left = {(text or attribute).strip() for text, attribute in seen} - {"Libro", "Titolo", "Unu", "Due"}
    assert {
        text for text in left if not re.fullmatch(r"[\W\d]*(Libro,  0\.1)?[\W\d]*|Link to this heading", text)
    } == set()


def _frame_words() -> list[str]:
    """Return what stands between the brackets of every `_("...")` and `_(WORDS["..."])` in the two modules."""
    source = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in (pages, chapter))
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    said = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "_"]
    return [word.value if isinstance(word, ast.Constant) else WORDS[word.slice.value] for word in said]


# --- Design tokens ---

TOKENS = ROOT / "tools" / "surfaces" / "static" / "tokens.css"
_VALUE = re.compile(r"--ct-([\w-]+):\s*(#[0-9a-f]{6});(?:\s*/\*(.*?)\*/)?")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def wrong_contrasts(css: str) -> list[str]:
    """Say which colours do not have the contrast that their comment claims, or too little of it."""
    colours = {name: value for name, value, _ in _VALUE.findall(css)}
    faults = []
    for name, value, claims in _VALUE.findall(css):
        for ratio, ground in re.findall(r"([\d.]+) on ([\w-]+)", claims):
            found = contrast(value, colours[ground])
            if f"{found:.1f}" != ratio or found < (3 if name in ("edge", "focus") else 4.5):
                faults.append(f"{name} on {ground}: {found:.1f}, said {ratio}")
    return faults


def token_blocks() -> list[str]:
    css = TOKENS.read_text(encoding="utf-8")
    starts = [css.index(s) for s in (":root {", 'body[data-theme="dark"] {', 'body:not([data-theme="light"]) {')]
    return [css[a:b] for a, b in itertools.pairwise([*starts, len(css)])]


@pytest.mark.promise("access-axe")
def test_the_contrasts_in_the_tokens_are_as_said():
    assert [wrong_contrasts(block) for block in token_blocks()] == [[], [], []]
    assert all(len(re.findall(r" on paper", block)) >= 8 for block in token_blocks())


def test_the_contrast_check_sees_a_wrong_claim_and_a_faint_colour():
    assert wrong_contrasts("--ct-paper: #ffffff; --ct-ink: #000000; /* 21.0 on paper */") == []
    assert wrong_contrasts("--ct-paper: #ffffff; --ct-ink: #000000; /* 12.0 on paper */") == [
        "ink on paper: 21.0, said 12.0"
    ]
    assert wrong_contrasts("--ct-paper: #ffffff; --ct-ink: #999999; /* 2.8 on paper */") == [
        "ink on paper: 2.8, said 2.8"
    ]


def test_both_ways_to_dark_give_the_same_colours():
    _, chosen, system = token_blocks()
    assert _VALUE.findall(chosen) == _VALUE.findall(system)


# --- Mending ---


def mended(html: str):
    return mend(html, outside_words="another website", table_words="Table")


@pytest.mark.promise("privacy-csp")
@pytest.mark.parametrize(
    ("html", "scripts", "outside"),
    [
        ("<script>alert(1)</script>", 1, 0),
        ('<script src="https://cdn.example/x.js"></script>', 1, 0),
        ('<p onclick="x()">a</p>', 1, 0),
        ("<style>p{}</style>", 1, 0),
        ('<img src="https://example.org/a.png" alt="">', 0, 1),
        ('<iframe src="//example.org/"></iframe>', 0, 1),
        ("<style scoped>p{}</style><p>fine</p>", 0, 0),
        ('<script type="application/json">{"a": "<a href=\'https://x\'>"}</script>', 0, 0),
        ('<img src="../_images/a.png" alt="">', 0, 0),
    ],
)
def test_what_the_policy_would_refuse_is_found(html, scripts, outside):
    page = mended(html)
    assert (len(page.scripts), len(page.outside)) == (scripts, outside)
    assert "alert" not in page.html
    assert "onclick" not in page.html


def test_data_blocks_stay_as_they_are():
    block = '<script type="application/json">{"a": "<a href=\\"https://x\\" style=\\"b\\">"}</script>'
    assert mended(f"<p>{block}</p>").html == f"<p>{block}</p>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<col style="width: 40%" />', '<col class="ct-s:width:40%" />'),
        ('<p class="a" style="text-align:right;color: red">', '<p class="a ct-s:text-align:right ct-s:color:red">'),
        ('<div class="citation" id="x" role="doc-biblioentry">', '<div class="citation" id="x" role="listitem">'),
        ("<pre>x</pre>", '<pre tabindex="0">x</pre>'),
        ('<p title="a &lt; b">x</p>', '<p title="a &lt; b">x</p>'),
        ("<input disabled>", "<input disabled>"),
    ],
)
def test_tags_are_mended(before, after):
    assert mended(before).html == after


def test_a_style_can_be_read_back_from_its_class():
    assert style_classes("grid-template: 1fr 2fr / auto") == ["ct-s:grid-template:1fr_2fr_/_auto"]


@pytest.mark.promise("privacy-csp")
def test_a_script_in_a_chapter_stops_a_strict_build(make_site):
    site = make_site({"index.md": "# Start\n\n```{raw} html\n<script>document.title</script>\n```\n"})
    assert "PAG_001" in site.warnings
    assert "document.title" not in site.html("index")


# --- The bundle ---


def test_the_purge_keeps_what_is_used_and_drops_the_rest():
    css = (
        "@font-face{font-family:x}@media print{.used{left:0}.gone{top:0}}"
        ".gone:hover,.used>p{float:left}#no .used{top:0}"
    )
    assert bundle.purge(css, {"used"}, set()) == (
        "@media print{.used{inset-inline-start:0}}.used>p{float:inline-start}"
    )


def test_the_bundle_keeps_addresses_and_strings_whole():
    rule = '.a{background:url("data:image/svg+xml,%3Csvg xmlns=\'http://www.w3.org/2000/svg\'/%3E");content:"a  b"}'
    assert "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E" in bundle.minify(rule)


# --- Search ---


def test_places_are_sections_with_their_own_text(kitchen_sink):
    found = list(search.places(kitchen_sink.resolved("text"), "text"))
    assert [place.heading for place in found] == ["", "A table", "Code and pictures", "Raw words"]
    assert found[0].title == "Every kind of text"
    assert "Reviewed" not in found[0].text
    assert "Shelter" in found[1].text
    assert "A drawing of a door" in found[2].text
    assert found[3].text == "Words of a tool"
    assert found[1].anchor == "a-table"


def unpacked(index: dict[str, Any]) -> dict[str, list[list[int]]]:
    """Spell a packed index out again, as the page does: the places of each term in each field."""
    found, last = {}, ""
    for term, posting in zip(index["terms"].split(" "), index["postings"].split(" "), strict=True):
        last = last[: ord(term[0]) - 48] + term[1:]
        steps = [[ord(c) - (35 if c > "\\" else 34) for c in field] for field in posting.split("!")]
        found[last] = [[sum(field[: n + 1]) - 1 for n in range(len(field))] for field in steps]
    return found


@given(st.lists(st.lists(st.text("abcé-", min_size=1, max_size=50), max_size=6), min_size=1, max_size=150))
def test_nothing_is_lost_from_a_packed_index_but_counts(texts) -> None:
    found = [search.Place("p", "", "Title", words[0] if words else "", " ".join(words)) for words in texts]
    whole = search.index(found)
    wanted = {term: [sorted(fields.get(n, {})) for n in range(3)] for term, fields in whole["index"]}
    assert unpacked(search.packed(whole)) == wanted


@pytest.mark.parametrize("gap", [1, 2, 57, 58, 59, 60, 61, 300])
def test_a_long_way_to_the_next_place_is_kept(gap) -> None:
    """The codes of the steps leave out one sign, the backslash; those after it must not move."""
    found = [search.Place("p", "", "", "", "here" if number in (0, gap) else "x") for number in range(gap + 1)]
    packed = search.packed(search.index(found))
    assert unpacked(packed)["here"][2] == [0, gap]
    assert "\\" not in packed["postings"]


@pytest.mark.promise("offline-file")
def test_the_index_is_a_classic_script_and_texts_come_in_parts(kitchen_sink):
    static = kitchen_sink.out / "_static"
    script = (static / "search-index.js").read_text(encoding="utf-8")
    data = json.loads(script.removeprefix("var ctSearch = ").rstrip().rstrip(";"))
    assert data["index"]["serializationVersion"] == 2
    assert len(data["places"]) == len(data["index"]["lengths"])
    assert "shelter" in unpacked(data["index"])
    text = (static / "search-text-top.js").read_text(encoding="utf-8")
    assert text.startswith('ctSearch.got("top",{')
    assert "</" not in text
    assert "</" not in script


def words_of(site) -> dict[str, list[list[int]]]:
    script = (site.out / "_static" / "search-index.js").read_text(encoding="utf-8")
    return unpacked(json.loads(script.removeprefix("var ctSearch = ").rstrip().rstrip(";"))["index"])


def test_pages_that_are_not_written_again_stay_in_the_index_and_removed_ones_go(make_site):
    make_site(
        {"_toc.yml": "format: jb-book\nroot: index\nchapters:\n- file: b\n", "index.md": "# A\n", "b.md": "# Bee\n"}
    )
    again = make_site({"index.md": "# A changed\n"})
    assert {"changed", "bee"} <= set(words_of(again))
    (again.source / "b.md").unlink()
    last = make_site({"_toc.yml": "format: jb-book\nroot: index\n", "index.md": "# A\n"})
    assert "bee" not in words_of(last)


def test_the_vendored_library_is_the_published_one():
    folder = pages.STATIC / "vendor" / "minisearch"
    note = (folder / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256((folder / "minisearch.js").read_bytes()).hexdigest() in note
    assert "Luca Ongaro" in pages._vendored("minisearch")[:200]


# --- The line under the title ---


@pytest.mark.promise("truth-reviewed")
def test_a_chapter_says_when_it_was_reviewed_in_the_document_itself(make_site):
    front = (
        "---\nreviewed: 2026-11-24\nreview_due: 2027-11-24\nroles: [police, trainers]\nstatus: draft for review\n---\n"
    )
    site = make_site({"index.md": f"{front}# Chapter\n\nText.\n"})
    assert site.warnings == ""
    line = "For police and trainers · Reviewed 24 November 2026, next review by 24 November 2027 · Draft for review"
    assert line in site.doctree("index").astext()
    assert f'<p class="ct-meta">{line}</p>' in site.html("index")


def test_a_page_without_these_lines_gets_none(make_site):
    assert "ct-meta" not in make_site({"index.md": "# Chapter\n"}).html("index")


@pytest.mark.promise("input-messages")
def test_a_wrong_date_is_said_with_its_place(make_site):
    site = make_site({"index.md": "---\nreviewed: soon\n---\n# Chapter\n"})
    assert "PAG_003" in site.warnings
    assert "reviewed: soon" in site.warnings
    with pytest.raises(Problem):
        chapter.read_date("reviewed", "24.11.2026")


def test_words_that_stand_nearly_everywhere_are_left_out_of_the_index() -> None:
    many = [search.Place("p", "", "The title", "", f"the word{n}") for n in range(search.COMMON_FROM)]
    assert search.common(many) == {"the", "title"}
    made = search.index(many, search.common(many))
    assert {term for term, _ in made["index"]} == {f"word{n}" for n in range(search.COMMON_FROM)}


def test_a_small_book_leaves_no_word_out() -> None:
    assert search.common([search.Place("p", "", "The title", "", "the word")]) == frozenset()
