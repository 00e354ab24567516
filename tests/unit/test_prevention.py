"""The evidence table and the map of the four Ps: whole, refused with a place, and shown."""

from __future__ import annotations

import pytest

from tools import content, prevention
from tools.errors import Problem
from tools.sphinxext import prevention as shown

HEAD = ",".join(prevention.COLUMNS)
ROW = "A study,training,trial,world,more known,not tested,not shown,abstract,a2020"


def test_every_row_has_a_source_and_a_grade() -> None:
    studies = prevention.load()
    assert len(studies) >= 15
    for one in studies:
        assert one.words["grade"] in prevention.WORDS["grade"]
        for key in one.sources:
            assert f"{{{key}," in content.read_text(content.BIBLIOGRAPHY)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("trial", "trail", "'trail' is not a word of the column design (did you mean 'trial'?)"),
        ("more known", "", "The column knowledge is empty"),
        ("a2020", "a2020,more", "The row has more cells than columns"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(old: str, new: str, message: str) -> None:
    assert prevention.read(f"{HEAD}\n{ROW}\n")[0].sources == ("a2020",)
    with pytest.raises(Problem) as caught:
        prevention.read(f"{HEAD}\n{ROW.replace(old, new)}\n", "x.csv")
    assert caught.value.code == "PRE_001"
    assert message in str(caught.value)
    assert "x.csv, line 2" in str(caught.value)


def test_the_map_names_every_guide_of_the_book_once() -> None:
    tags = [tag.guide for tag in prevention.tags()]
    assert len(set(tags)) == len(tags)
    with_forms = {ident.split("/")[0] for ident in content.instrument_ids()}
    assert with_forms <= set(tags)
    with pytest.raises(Problem, match="'much' is not a word of the column prevention"):
        prevention.read_tags(f"guide,title,{','.join(prevention.FOUR_P)}\na,A,much,,,\n")


def test_tables_and_filter_use_the_words_of_the_files() -> None:
    assert shown.headings().keys() == prevention.WORDS.keys()
    for words in (*prevention.WORDS.values(), prevention.READ, prevention.WEIGHTS, prevention.FOUR_P):
        assert all(shown.said(word) for word in words)
    lines = shown.evidence_source(prevention.load())
    assert len({line.count("|") for line in lines}) == 1
    assert 'value="no-effect"' in shown.filter_html(prevention.load())
    some = shown.map_source(prevention.tags(), {"book/prevention/index"})
    assert len(some) == 3
    assert "](/book/prevention/index.md)" in some[2]


def test_every_page_of_a_guide_is_tagged_by_the_four_ps_it_serves() -> None:
    from tools.sphinxext.chapter import four_p

    guides = {one.guide for one in prevention.tags()}
    pages = [path.relative_to(content.ROOT).with_suffix("").as_posix() for path in content.BOOK.glob("*/*.md")]
    tagged = [page for page in pages if four_p(page, None, "en")]
    assert {page.split("/")[1] for page in tagged} == guides & {page.split("/")[1] for page in pages}
    assert all(four_p(page, None, "en") for page in pages if page.split("/")[1] in guides)
    assert four_p("book/children/index", ["prevention"], "en") == "Of the four Ps: prevention"
    assert four_p("book/data-collection/survey", None, "en").endswith(
        "prevention, protection, prosecution and partnership"
    )
    assert four_p("book/reference/about", None, "en") == ""
