"""The catalogue of publications: read, refused with a place, chosen from, counted, and written for other programs."""

from __future__ import annotations

import csv
import io

import pytest
from pybtex.database import parse_string

from tools import content, publications
from tools.__main__ import main
from tools.errors import Problem
from tools.sphinxext import publications as directive
from tools.surfaces import publication_files

HEAD = ",".join(publications.COLUMNS)
ROW = "a-work,A work,2020,,A body,study,shelter;men,Asia,KHM,men,general,en;km,pdf,It tells something.,,a2020,a list"
RAW = list(csv.DictReader(io.StringIO(content.read_text(content.PUBLICATIONS))))


def refused(text: str) -> str:
    with pytest.raises(Problem) as caught:
        publications.read(f"{HEAD}\n{text}\n", publications.words(), "x.csv")
    assert caught.value.code == "LIB_001"
    assert "x.csv, line 2" in str(caught.value)
    return str(caught.value)


def test_the_catalogue_is_whole_and_newest_first() -> None:
    works = publications.load()
    assert len(works) == len(RAW) == 120
    assert (
        sum(one.listed_in == "NEXUS Institute list" for one in works) == 98
    )  # 92 entries, 4 slide sets, 2 named works
    years = [one.year for one in works]
    assert years == sorted(years, reverse=True)
    assert sum(one.title.startswith("[Title missing") for one in works) == 1


def test_a_good_row_is_read() -> None:
    [one] = publications.read(f"{HEAD}\n{ROW}\n", publications.words())
    assert one.words["topics"] == ("shelter", "men")
    assert one.authors == ()
    [empty] = publications.read(f"{HEAD}\n{ROW.replace('KHM', '').replace('2020', '', 1)}\n", publications.words())
    assert empty.words["countries"] == empty.words["year"] == ("none",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("shelter", "sheltr", "'sheltr' is not a word of the column topics (did you mean 'shelter'?)"),
        ("KHM", "KHX", "'KHX' is not a word of the column countries"),
        ("A body", "", "The column organisation is empty"),
        (",2020,", ",about 2020,", "'about 2020' is not a year"),
        ("a-work", "A work!", "is not a key"),
        ("It tells something.", "No full stop", "The summary is not one sentence"),
        ("a list", "a list,more", "The row has more cells than there are columns"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(old: str, new: str, message: str) -> None:
    assert message in refused(ROW.replace(old, new, 1))


def test_a_key_that_stands_twice_and_a_missing_column_are_refused() -> None:
    with pytest.raises(Problem, match="The key 'a-work' stands twice"):
        publications.read(f"{HEAD}\n{ROW}\n{ROW}\n", publications.words())
    with pytest.raises(Problem, match="The columns are not key, title"):
        publications.read("key,title\na,b\n", publications.words())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour,red,,Red", "'colour' is no column"),
        ("topics,shelter,a group,", "A word, its group or its meaning is missing"),
        ("topics,shelter,,A house", "A word, its group or its meaning is missing"),
        ("topics,a,g,A\ntopics,a,g,B", "'a' stands twice"),
    ],
)
def test_a_wrong_word_of_the_vocabulary_is_refused(text: str, message: str) -> None:
    with pytest.raises(Problem, match=message):
        publications.read_words(f"column,value,group,meaning\n{text}\n")


def test_every_word_of_the_vocabulary_is_used() -> None:
    for facet in publications.WORDED:
        unused = set(publications.words()[facet]) - set(publications.values(facet))
        assert not unused, facet


def test_a_part_names_a_work_and_a_language() -> None:
    head = "key,part,languages,note\n"
    for text, message in (
        ("b,slides,en,", "There is no publication 'b'"),
        ("a,,en,", "part is missing"),
        ("a,slides,xx,", "'xx' is no"),
    ):
        with pytest.raises(Problem, match=message):
            publications.read_parts(head + text, ["a"], ["en"])
    with_km = {part.key for part in publications.parts() if "km" in part.languages}
    assert with_km == {"in-african-waters-2014", "after-trafficking-gms-2013"}
    for part in publications.parts():  # the languages of a part are among those of the whole
        [whole] = [one for one in publications.load() if one.key == part.key]
        assert set(part.languages) <= set(whole.words["languages"])


@pytest.mark.parametrize("facet", publications.FACETS)
def test_each_value_shows_what_the_file_says_and_every_work_is_reached(facet: str) -> None:
    reached = set()
    for value, number in publications.counts(facet).items():
        expected = {
            row["key"]
            for row in RAW
            if (value == "none" and not row[facet]) or value in [w.strip() for w in row[facet].split(";")]
        }
        found = {one.key for one in publications.select({facet: value})}
        assert found == expected
        assert number == len(expected) > 0
        reached |= found
    assert reached == {row["key"] for row in RAW}


def test_choices_combine_and_counts_follow_the_other_choices() -> None:
    chosen = {"topics": "reintegration", "countries": "IDN"}
    found = publications.select(chosen)
    assert found
    assert all("reintegration" in one.words["topics"] and "IDN" in one.words["countries"] for one in found)
    assert publications.counts("languages", chosen)["id"] == sum("id" in one.words["languages"] for one in found)
    # its own choice does not narrow a filter: one can still change it
    assert publications.counts("topics", chosen)["mentoring"] == len(
        publications.select({"topics": "mentoring", "countries": "IDN"})
    )
    assert publications.select({"topics": ""}) == publications.load()


def test_an_unknown_filter_or_value_is_refused() -> None:
    with pytest.raises(Problem, match=r"no filter 'topic' \(did you mean 'topics'"):
        publications.select({"topic": "shelter"})
    with pytest.raises(Problem, match="No publication has 'sheltr' under topics"):
        publications.select({"topics": "sheltr"})


def test_the_gap_map_and_the_timeline_count_the_catalogue() -> None:
    cells = publications.gap_map()
    assert cells["reintegration", "men"] == sum(
        "reintegration" in row["topics"].split(";") and "men" in row["populations"].split(";") for row in RAW
    )
    readers = publications.groups("populations")[publications.READERS]
    assert "donors" in readers
    assert not {group for _topic, group in cells} & set(readers)
    assert 0 in cells.values()
    together = publications.gap_map(grouped=True)
    women = sum(
        bool(
            {"remedies", "privacy", "criminal justice", "traffickers", "victim-witnesses", "non-punishment"}
            & set(row["topics"].split(";"))
        )
        and "women" in row["populations"].split(";")
        for row in RAW
    )
    assert together["Remedies and courts", "Women"] == women
    years = publications.timeline()
    assert sum(years.values()) == sum(bool(row["year"]) for row in RAW)
    assert list(years) == list(range(2002, 2024))


def test_the_files_hold_every_work_and_are_read_again() -> None:
    works = publications.load()
    entries = parse_string(publication_files.whole("bibtex", works), "bibtex").entries
    assert list(entries) == [one.key for one in works]
    assert str(entries["dialogue-brief-1-offenders-2022"].fields["title"]).startswith(r"{Dialogue Brief \#1")
    rows = list(csv.DictReader(io.StringIO(publication_files.whole("csv", works).removeprefix("\ufeff"), newline="")))
    assert [row["key"] for row in rows] == [one.key for one in works]
    assert rows[0]["topics"] == ";".join(works[0].words["topics"])
    records = publication_files.whole("ris", works).split("ER  - \r\n")
    assert len(records) == len(works) + 1
    assert all(record.startswith("TY  - ") for record in records[:-1])


def test_a_cell_that_looks_like_a_formula_stays_text() -> None:
    [one] = publications.read(f"{HEAD}\n{ROW.replace('A work', '=1+1')}\n", publications.words())
    assert "'=1+1" in publication_files.csv_line(one)


def test_the_command_line_lists_counts_and_writes(tmp_path, capsys) -> None:
    assert main(["library", "list", "--where", "topics=at sea", "--where", "topics=men"]) == 0
    both = [one for one in publications.load() if {"at sea", "men"} <= set(one.words["topics"])]
    assert capsys.readouterr().out.endswith(f"{len(both)} of 120 publications\n")
    assert main(["library", "values", "--where", "countries=IDN"]) == 0
    assert f"{len(publications.select({'countries': 'IDN', 'topics': 'men'})):4}  men" in capsys.readouterr().out
    order = ["library", "export", "--to", "bibtex,ris,csv", "--out", str(tmp_path), "--where", "languages=km"]
    assert main(order) == 0
    khmer = publications.select({"languages": "km"})
    for kind, (ending, _head, _make) in publication_files.KINDS.items():
        written = (tmp_path / f"publications{ending}").read_bytes().decode()
        assert written == publication_files.whole(kind, khmer)
    capsys.readouterr()
    assert main(order) != 0  # the files are there already
    for typed in (["--where", "topics"], ["--to", "excel"]):
        assert main(["library", "export", "--out", str(tmp_path / "new"), *typed]) != 0
    assert not (tmp_path / "new").exists()


def test_no_two_values_of_a_filter_share_a_class() -> None:
    filled = directive.filter_html()
    for facet in publications.FACETS:
        classes = [directive.row_class(facet, value) for value in publications.values(facet)]
        assert len(set(classes)) == len(classes)
        assert all(f'value="{directive.code(value)}"' in filled for value in publications.values(facet))
