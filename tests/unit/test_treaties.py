"""Articles and the status of treaties: data that is checked, an old list shown as old, a filter that finds every row."""

from __future__ import annotations

import datetime
import re

import pytest

from tools import treaties
from tools.errors import Problem
from tools.instruments import library
from tools.sphinxext import treaties as directive

TODAY = datetime.date(2026, 11, 25)
ARTICLE = "text,body,article,topic,duty,tool,source_key\n"
STATUS = "country,text,status,date,as_of,source_key\n"


def test_every_article_leads_to_a_tool_and_every_topic_has_one() -> None:
    assert {one.topic for one in treaties.articles()} == set(treaties.TOPICS)
    for tool in {one.tool for one in treaties.articles()}:
        assert library.load(tool).title


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("T,UN,1,nothing,D,identification/offence-link,k", "topic"),
        ("T,EU,1,help,D,identification/offence-link,k", "body"),
        ("T,UN,1,help,D,identification/no-such,k", "tool"),
        ("T,UN,,help,D,identification/offence-link,k", "article"),
    ],
)
def test_a_wrong_article_is_named(row: str, column: str) -> None:
    with pytest.raises(Problem) as problem:
        treaties.read_articles(ARTICLE + row, "articles.csv")
    assert (problem.value.code, problem.value.line, problem.value.fields["field"]) == ("LAW_001", 2, column)
    assert treaties.read_articles(ARTICLE + "T,UN,1,help,D,identification/offence-link,k")[0].article == "1"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("THL,T,party,,,k", "country"),
        ("THA,T,joined,,,k", "status"),
        ("THA,T,party,2015,,k", "date"),
        ("THA,T,party,,,k\nTHA,T,none,,,k", "country"),
    ],
)
def test_a_wrong_state_is_named(row: str, column: str) -> None:
    with pytest.raises(Problem) as problem:
        treaties.read_status(STATUS + row)
    assert (problem.value.code, problem.value.fields["field"]) == ("LAW_001", column)


@pytest.mark.promise("truth-numbers")
def test_an_old_list_is_shown_as_old_with_its_day() -> None:
    head = directive.status_source(TODAY)[0].replace("\u2011", "-")
    assert "Trafficking Protocol (read as of 2015-03-14; OLD)" in head
    assert "Council of Europe Convention (the list bore no date; OLD)" in head
    fresh = directive.status_source(datetime.date(2015, 6, 1))[0].replace("\u2011", "-")
    assert "Trafficking Protocol (read as of 2015-03-14)" in fresh


def test_what_was_not_read_is_an_empty_cell_and_no_no() -> None:
    assert directive.status_words(None) == ""
    known = {(one.country, one.text): directive.status_words(one) for one in treaties.statuses()}
    assert known["THA", "Trafficking Protocol"] == "party 2013"
    assert known["THA", "Council of Europe Convention"] == "no party"
    assert ("SGP", "Trafficking Protocol") not in known  # joined after the capture


def test_the_filter_offers_a_value_for_every_row() -> None:
    made = directive.filter_html()
    for one in treaties.articles():
        for word in (one.topic, one.body, one.text):
            assert f'value="{directive.code(word)}"' in made
    assert re.search(r" hidden><span><label for=\"articles-topic\">", made)
