"""The bibliography and the instruments: as they are, and with one thing wrong at a time."""

from __future__ import annotations

import datetime
import json
import warnings

import checks
import data_checks
import jsonschema
import pytest
from data_checks import load_yaml, read_bibliography
from reading import read_page

from tools import content
from tools.casedata import matrix

BIB = "book/references.bib"
SCHEMA = content.SCHEMAS / "instrument.schema.json"


@pytest.fixture(scope="module")
def bibliography():
    return read_bibliography(BIB, content.BIBLIOGRAPHY.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def definitions() -> dict[str, object]:
    """Every instrument by its file, read strictly."""
    found: dict[str, object] = {}
    for name in content.instrument_ids():
        path = content.instrument_path(name)
        data, problems = load_yaml(content.relative(path), path.read_text(encoding="utf-8"))
        assert not problems, str(problems[0])
        found[content.relative(path)] = data
    assert found, "data/instruments holds no instrument"
    return found


def cited(pages, definitions) -> list[tuple[str, str, int]]:
    """Return (key, file, line) for every source named in the book, the instruments and the statistics."""
    uses = [(key, page.file, line) for page in pages for key, line in page.citations]
    for file, data in definitions.items():
        uses += data_checks.instrument_citations(file, data)
    for path in (
        *sorted(content.STATISTICS.rglob("*.csv")),
        content.TOOLS_CATALOGUE,
        content.FRAMEWORKS,
        content.TREATY_ARTICLES,
        content.TREATY_STATUS,
        content.REMEDY_NOTES,
        content.PREVENTION_EVIDENCE,
    ):
        uses += data_checks.statistic_citations(content.relative(path), path.read_text(encoding="utf-8-sig"))
    uses += [(key, content.relative(content.INDICATORS), row.row) for row in matrix.load() for key in row.sources]
    return uses


# --- the bibliography


@pytest.mark.promise("truth-bib")
def test_the_bibliography_is_read_without_a_repeated_key(bibliography, none_found) -> None:
    data, _, problems = bibliography
    none_found(problems)
    assert data.entries


@pytest.mark.promise("truth-bib")
def test_every_entry_has_author_title_and_year(bibliography, none_found) -> None:
    data, lines, _ = bibliography
    none_found(list(data_checks.check_entries(BIB, data, lines)))


@pytest.mark.promise("truth-bib")
def test_every_key_that_is_cited_exists(bibliography, pages, definitions, none_found) -> None:
    none_found(list(data_checks.check_keys_exist(cited(pages, definitions), bibliography[1])))


@pytest.mark.promise("truth-bib")
def test_every_entry_is_cited(bibliography, pages, definitions, none_found) -> None:
    used = {key for key, _, _ in cited(pages, definitions)}
    none_found(list(data_checks.check_keys_used(BIB, bibliography[1], used)))


@pytest.mark.promise("truth-known")
def test_no_figure_rests_only_on_a_work_that_was_not_read(bibliography, pages, none_found) -> None:
    unread = data_checks.unread_works(bibliography[0])
    none_found([finding for page in pages for finding in data_checks.check_figures_were_seen(page, unread)])


GOOD_BIB = """\
% A comment.
@misc{a2020,
  author = {{United Nations}},
  title = {{A title}},
  year = {2020a},
  note = {Known through a summary; text not read},
}

@book{b2021,
  editor = {Doe, Jane},
  title = {Another},
  year = {n.d.},
}
"""


def bib_findings(text: str) -> list[str]:
    data, lines, problems = read_bibliography("x.bib", text)
    return [str(f) for f in (*problems, *data_checks.check_entries("x.bib", data, lines))]


def test_a_good_bibliography_passes() -> None:
    assert bib_findings(GOOD_BIB) == []
    lines = read_bibliography("x.bib", GOOD_BIB)[1]
    assert lines == {"a2020": 2, "b2021": 9}
    uses = [("a2020", "x.md", 1), ("b2021", "x.md", 2)]
    assert list(data_checks.check_keys_exist(uses, lines)) == []
    assert list(data_checks.check_keys_used("x.bib", lines, ["a2020", "b2021"])) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("@book{b2021,", "@book{A2020,", "x.bib, line 9: The key 'A2020' stands twice"),
        ("  author = {{United Nations}},\n", "", "x.bib, line 2: 'a2020' has no author"),
        ("  title = {Another},\n", "", "x.bib, line 9: 'b2021' has no title"),
        ("  year = {n.d.},\n", "", "'b2021' has no year"),
        ("year = {2020a}", "year = {soon}", "'a2020' has the year 'soon'"),
        ("  title = {Another},\n", "  title = {Another\n", "This is not BibTeX"),
    ],
)
def test_a_bad_entry_is_found(old: str, new: str, message: str) -> None:
    assert old in GOOD_BIB
    found = bib_findings(GOOD_BIB.replace(old, new, 1))
    assert any(message in finding for finding in found), found


def test_a_wrong_key_and_an_unused_entry_are_found() -> None:
    lines = read_bibliography("x.bib", GOOD_BIB)[1]
    page = read_page("book/x.md", "One {cite}`a2020,b2022`.\n\nTwo {cite:t}`a2020`.\n")
    uses = [(key, page.file, line) for key, line in page.citations]
    (found,) = data_checks.check_keys_exist(uses, lines)
    assert str(found).startswith("book/x.md, line 1: The bibliography has no 'b2022'")
    (found,) = data_checks.check_keys_used("x.bib", lines, [key for key, _, _ in uses])
    assert str(found).startswith("x.bib, line 9: Nothing cites 'b2021'")


def test_a_figure_from_a_work_that_was_not_read_is_found() -> None:
    unread = data_checks.unread_works(read_bibliography("x.bib", GOOD_BIB)[0])
    assert unread == {"a2020"}
    bad = "It found 40 men {cite}`a2020`.\n\n"
    good = "It says so {cite}`a2020`.\n\nIt found 40 {cite}`a2020,b2021`.\n"
    page = read_page("book/x.md", bad + good)
    (found,) = data_checks.check_figures_were_seen(page, unread)
    assert str(found).startswith("book/x.md, line 1: The figure '40' rests only on 'a2020', which was not read")


def test_the_sources_of_statistics_are_read() -> None:
    text = "place,year,value,source_key\nA,2020,1,a2020\nB,2020,2,b2021; c2022\n"
    assert list(data_checks.statistic_citations("x.csv", text)) == [
        ("a2020", "x.csv", 2),
        ("b2021", "x.csv", 3),
        ("c2022", "x.csv", 3),
    ]


# --- the instruments


def test_every_instrument_follows_the_schema(definitions, none_found) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validators.validator_for(schema).check_schema(schema)
    none_found([f for file, data in definitions.items() for f in data_checks.check_schema(file, data, schema)])


@pytest.mark.promise("truth-reviewed")
def test_every_instrument_has_sources_limits_status_and_reviews(definitions, none_found) -> None:
    none_found([f for file, data in definitions.items() for f in data_checks.check_instrument_head(file, data)])


@pytest.mark.promise("truth-reviewed")
def test_no_review_of_an_instrument_is_overdue(definitions, none_found) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    for file, data in definitions.items():
        for finding in checks.due_soon(file, data, today):
            warnings.warn(str(finding), stacklevel=1)
    none_found([f for file, data in definitions.items() for f in checks.overdue(file, data, today)])


@pytest.mark.promise("privacy-no-identity-asked")
def test_no_instrument_asks_who_the_person_is(definitions, none_found) -> None:
    none_found([f for file, data in definitions.items() for f in data_checks.check_asks_no_identity(file, data)])


@pytest.mark.promise("safety-no-verdict")
def test_no_outcome_gives_a_verdict(definitions, none_found) -> None:
    none_found([f for file, data in definitions.items() for f in data_checks.check_no_verdict(file, data)])


@pytest.mark.promise("language-plain")
@pytest.mark.parametrize("check", [data_checks.check_instrument_words, data_checks.check_instrument_sentences])
def test_instruments_are_in_plain_words(check, definitions, none_found) -> None:
    none_found([f for file, data in definitions.items() for f in check(file, data)])


def test_ids_and_codes_are_unique(definitions, none_found) -> None:
    none_found([f for file, data in definitions.items() for f in data_checks.check_unique_ids(file, data)])


# An instrument that passes every check; the failing ones below say one thing wrong.
GOOD = """\
id: identification/example
title: First questions
kind: checklist
purpose: Sort what was said.
version: "1.0"
reviewed: 2026-11-24
review_due: 2027-11-24
status: our proposal
sources: [a2020]
limits:
  - It proves nothing.
sections:
  - id: work
    title: Work
    items:
      - id: knows_address
        code: A1
        type: yes-no-unknown
        label: Does the person know the address of the workplace?
      - id: case_code
        type: text
        label: Case code
        hint: Do not write a name or a phone number here.
      - id: employer
        type: choice
        label: Who pays?
        choices:
          - {code: boss, label: The boss}
          - {code: agent, label: The agent}
outcomes:
  - id: refer
    title: Refer now
    text: There are signs of trafficking. This does not say that the person is a victim.
    when: knows_address == "no"
  - id: ask
    title: Ask on
    text: Treat the person as a presumed victim until more is known.
"""
SMALL_SCHEMA = {
    "type": "object",
    "required": ["id", "sections"],
    "properties": {"version": {"type": "string"}, "reviewed": {"type": "string", "format": "date"}},
}


def instrument_findings(text: str) -> list[str]:
    data, problems = load_yaml("x.yml", text)
    if problems:
        return [str(finding) for finding in problems]
    assert isinstance(data, dict)
    return [
        str(finding)
        for found in (
            data_checks.check_schema("x.yml", data, SMALL_SCHEMA),
            data_checks.check_instrument_head("x.yml", data),
            data_checks.check_asks_no_identity("x.yml", data),
            data_checks.check_no_verdict("x.yml", data),
            data_checks.check_instrument_words("x.yml", data),
            data_checks.check_instrument_sentences("x.yml", data),
            data_checks.check_unique_ids("x.yml", data),
            data_checks.check_keys_exist(data_checks.instrument_citations("x.yml", data), ["a2020"]),
        )
        for finding in found
    ]


def test_a_good_instrument_passes() -> None:
    assert instrument_findings(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: First questions\n", "title: A\ntitle: B\n", "line 3: The key 'title' stands twice"),
        ('version: "1.0"', "version: 1.0", "At version: 1.0 is not of type 'string'"),
        ("id: identification/example\n", "", "At the top: 'id' is a required property"),
        ("limits:\n  - It proves nothing.\n", "limits: []\n", "line 10: 'limits' is missing or empty"),
        ("status: our proposal", "status: ours", "line 8: The status 'ours' is not known"),
        ("review_due: 2027-11-24", "review_due: 2026-01-01", "line 7: The next review is due before"),
        ("reviewed: 2026-11-24", "reviewed: lately", "line 6: 'reviewed: lately' is not a date"),
        ("sources: [a2020]", "sources: []", "'sources' is missing or empty"),
        ("sources: [a2020]", "sources: [b2021]", "line 9: The bibliography has no 'b2021'"),
        ("label: Case code", "label: Name", "line 22: A field asks for a name: 'Name'"),
        ("label: Case code", "label: Full name of the worker", "A field asks for a name"),
        ("label: Case code", "label: Date of birth", "A field asks for a birth date"),
        ("label: Case code", "label: Home address", "A field asks for an address"),
        ("label: Case code", "label: Phone number", "A field asks for a phone number"),
        ("label: Case code", "label: Passport number", "A field asks for a document number"),
        ("hint: Do not write a name or a phone number here.", "hint: Her name", "line 23: A field asks for a name"),
        ("There are signs of trafficking.", "The person is a victim.", "An outcome gives a verdict: 'is a victim'"),
        ("There are signs of trafficking.", "The person is not a victim.", "'is not a victim'"),
        ("There are signs of trafficking.", "She was trafficked.", "'was trafficked'"),
        ("There are signs of trafficking.", "This is not trafficking.", "'This is not trafficking'"),
        ("There are signs of trafficking.", "The likelihood is 80%.", "'likelihood'"),
        ("title: Ask on", "title: Not trafficked", "'Not trafficked'"),
        ("purpose: Sort what was said.", "purpose: Rescue people.", "line 4: We do not use 'Rescue'"),
        ("{code: boss, label: The boss}", "{code: boss, label: 'The boss, etc.'}", "Name the rest"),
        (
            "Sort what was said.",
            "We " + "ask and " * 30 + "go.",
            "line 4: A sentence has 62 words: 'We ask and ask and ask",
        ),
        (
            "Sort what was said.",
            "Operationalise individualised multidisciplinary considerations. " * 9,
            "reads at grade",
        ),
        ("- id: case_code", "- id: knows_address", "line 20: The id 'knows_address' stands 2 times"),
        ("type: choice\n", "type: choice\n        code: A1\n", "The code 'A1' stands 2 times"),
        ("kind: checklist", "kind: [checklist", "This is not YAML"),
    ],
)
def test_a_bad_instrument_is_found(old: str, new: str, message: str) -> None:
    assert old in GOOD
    found = instrument_findings(GOOD.replace(old, new, 1))
    assert any(message in finding for finding in found), found
    assert all(finding.startswith("x.yml") for finding in found)
