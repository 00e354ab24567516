"""The catalogue of public tools: read, refused with a place, and shown as a table that a filter can work on."""

from __future__ import annotations

import pytest

from tools import catalogue, content
from tools.errors import Problem
from tools.sphinxext import tools_catalogue

HEAD = ",".join(catalogue.COLUMNS)
ROW = "A list,2020,A body,spot signs,frontline staff,labour,adults;children,first contact,not said,,a2020,read whole"


def test_the_catalogue_is_whole_and_newest_first() -> None:
    tools = catalogue.load()
    assert len(tools) >= 15
    years = [tool.year for tool in tools]
    assert years == sorted(years, reverse=True)
    assert len({tool.tool for tool in tools}) == len(tools)


def test_a_good_row_is_read() -> None:
    [tool] = catalogue.read(f"{HEAD}\n{ROW}\n")
    assert tool.words["target_profile"] == ("adults", "children")
    assert tool.sources == ("a2020",)
    assert tool.languages == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("spot signs", "spot sings", "'spot sings' is not a word of the column purpose (did you mean 'spot signs'?)"),
        ("labour", "", "The column target_form is empty"),
        ("read whole", "seen", "'seen' is not a word of the column confidence"),
        ("2020,", "about 2020,", "'about 2020' is not a year"),
        ("read whole", "read whole,extra", "The row has more cells than there are columns"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(old: str, new: str, message: str) -> None:
    with pytest.raises(Problem) as caught:
        catalogue.read(f"{HEAD}\n{ROW.replace(old, new, 1)}\n", "x.csv")
    assert caught.value.code == "EVI_004"
    assert message in str(caught.value)
    assert "x.csv, line 2" in str(caught.value)


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(Problem, match="The columns are not tool, year"):
        catalogue.read("tool,year\nA list,2020\n")


def test_every_word_can_be_said_and_filtered_by() -> None:
    for words in (*catalogue.WORDS.values(), catalogue.CONFIDENCE):
        assert all(tools_catalogue.said(word) for word in words)
    assert tools_catalogue.headings().keys() == catalogue.WORDS.keys()
    filled = tools_catalogue.filter_html(catalogue.load())
    assert filled.count("<select") == len(catalogue.WORDS) == 6
    assert 'value="first-contact"' in filled


def test_the_table_has_a_row_and_a_source_for_each_tool() -> None:
    tools = catalogue.load()
    lines = tools_catalogue.table_source(tools)
    assert len(lines) == len(tools) + 2
    assert all("{cite}`" in line for line in lines[2:])
    assert {line.count(" | ") for line in lines[2:]} == {7}


def test_the_file_lies_where_the_package_says() -> None:
    assert content.relative(content.TOOLS_CATALOGUE) == "data/tools-catalogue.csv"
