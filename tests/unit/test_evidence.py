"""Sources and figures: what is read, and what is refused with a plain message."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import content, evidence
from tools.errors import Problem

HEADER = ",".join(evidence.COLUMNS)
ROW = {
    "indicator": "Victims identified",
    "geography": "Serbia",
    "year": "2015",
    "value": "36",
    "unit": "persons",
    "population": "victims formally identified by the Centre for Protection of Trafficking Victims",
    "source_key": "tip2017serbia",
    "url": "https://www.state.gov/reports/2017-trafficking-in-persons-report/serbia/",
    "confidence": "seen",
    "note": "",
}
PLACE = content.STATISTICS / "x.csv"


def read(*rows: dict[str, str], header: str = HEADER) -> tuple[evidence.Figure, ...]:
    lines = [",".join(f'"{row[column]}"' for column in evidence.COLUMNS) for row in rows]
    return evidence.read_figures("\n".join([header, *lines, ""]), PLACE)


def refused(*rows: dict[str, str], header: str = HEADER) -> Problem:
    with pytest.raises(Problem) as caught:
        read(*rows, header=header)
    assert caught.value.code == "EVI_003"
    return caught.value


# --- Sources ----------------------------------------------------------------------------------------------------------


def test_every_entry_of_the_bibliography_reads_as_plain_text() -> None:
    keys = re.findall(r"^@\w+\{(.+),$", content.read_text(content.BIBLIOGRAPHY), re.MULTILINE)
    assert len(keys) > 20
    for key in keys:
        reference = evidence.reference(key)
        assert reference.title
        assert reference.year, key
        for text in (reference.text, evidence.short(key)):
            assert not re.search(r"[{}\\]|\.\.|  |\(\)|None", text.replace(reference.url, "")), text
            assert reference.year in text


def test_a_reference_is_author_year_title_publisher_address() -> None:
    text = evidence.reference("tip2017serbia").text
    assert text == (
        "US Department of State (2017). Trafficking in Persons Report 2017: Serbia, protection section. "
        "https://www.state.gov/reports/2017-trafficking-in-persons-report/serbia/"
    )
    assert evidence.short("tip2017serbia") == "US Department of State 2017"


@pytest.mark.parametrize(
    ("authors", "short", "long"),
    [
        ("{{UN Women}}", "UN Women", "UN Women"),
        ("Surtees, Rebecca", "Surtees", "Rebecca Surtees"),
        ("Gallagher, Anne T. and Pearson, Elaine", "Gallagher and Pearson", "Anne T. Gallagher and Elaine Pearson"),
        (
            "Surtees, Rebecca and Johnson, Laura S. and {Caya}",
            "Surtees and others",
            "Rebecca Surtees, Laura S. Johnson and Caya",
        ),
        (
            r"van der Leun, Joanne and H{\"o}rnle, Tatjana",
            "van der Leun and Hörnle",
            "Joanne van der Leun and Tatjana Hörnle",
        ),
        ("", "A title", ""),
    ],
)
def test_authors_as_print_wants_them(
    authors: str, short: str, long: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bibliography = tmp_path / "references.bib"
    author = f"author = {{{authors}}}, " if authors else ""
    bibliography.write_text(
        f"@article{{x, {author}title = {{{{A title}}}}, year = {{2020}}, journal = {{A Journal}}, volume = {{3}}, "
        "number = {2}, pages = {1--9}}",
        encoding="utf-8",
    )
    monkeypatch.setattr(content, "BIBLIOGRAPHY", bibliography)
    evidence._bibliography.cache_clear()
    evidence.short.cache_clear()
    try:
        assert evidence.short("x") == f"{short} 2020"
        assert evidence.reference("x").author == long
        assert evidence.reference("x").publisher == "A Journal 3(2), 1–9"
    finally:
        evidence._bibliography.cache_clear()
        evidence.short.cache_clear()


@pytest.mark.promise("input-messages")
def test_an_unknown_source_is_named_with_the_nearest_one() -> None:
    with pytest.raises(Problem, match="did you mean 'tip2017serbia'") as caught:
        evidence.reference("tip2017sebria")
    assert caught.value.code == "EVI_001"


# --- Figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.promise("truth-numbers")
def test_every_file_of_figures_is_whole() -> None:
    files = sorted(content.STATISTICS.glob("*.csv"))
    assert files
    for path in files:
        figures = evidence.statistics(path.stem)
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [figure.text for figure in figures] == [row["value"] for row in rows]


def test_a_whole_row_is_read() -> None:
    (figure,) = read(ROW)
    assert (figure.value, figure.year, figure.suppressed, figure.row) == (36, 2015, False, 2)
    (figure,) = read({**ROW, "value": "54.6", "unit": "per cent"})
    assert figure.value == 54.6


@pytest.mark.promise("truth-numbers")
@pytest.mark.parametrize("value", ["<5", "< 5", "≤10"])
def test_a_withheld_number_is_no_number_and_not_zero(value: str) -> None:
    (figure,) = read({**ROW, "value": value})
    assert figure.suppressed
    assert figure.value is None
    assert figure.text == value


@pytest.mark.promise("truth-numbers", "input-messages")
@pytest.mark.parametrize("column", [column for column in evidence.COLUMNS if column != "note"])
def test_a_figure_that_lacks_something_is_refused_with_its_place(column: str) -> None:
    problem = refused(ROW, {**ROW, "year": "2016", column: " "})
    assert problem.line == 3
    assert str(problem).startswith("data/statistics/x.csv, line 3: ")
    assert column in problem.what


@pytest.mark.promise("truth-known")
@pytest.mark.parametrize("confidence", ["known", "seen-secondary", "derived"])
def test_a_figure_that_was_not_seen_in_its_source_is_refused(confidence: str) -> None:
    assert confidence in refused({**ROW, "confidence": confidence}).what


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": "1,200"}, "1,200"),
        ({"value": "about 30"}, "plain number"),
        ({"value": "1e5"}, "plain number"),
        ({"year": "2015-16"}, "four digits"),
        ({"url": "www.state.gov"}, "https://"),
        ({"source_key": "tip2017sebria"}, "did you mean 'tip2017serbia'"),
    ],
)
def test_a_wrong_cell_is_refused(change: dict[str, str], words: str) -> None:
    assert words in refused({**ROW, **change}).what


@pytest.mark.promise("input-messages")
def test_a_wrong_file_is_refused() -> None:
    assert "row 2" in refused(ROW, ROW).what
    assert HEADER in refused(ROW, header=HEADER.replace("unit", "units")).what
    assert HEADER in refused(header="").what
    with pytest.raises(Problem, match="9 cells where 10 belong"):
        evidence.read_figures(f"{HEADER}\na,b,2015,1,c,d,e,f,g\n", PLACE)
    with pytest.raises(Problem, match="cannot be read as CSV"):
        evidence.read_figures(f'{HEADER}\n"a"b,c\n', PLACE)


@pytest.mark.promise("input-messages")
def test_a_file_that_is_not_there_or_not_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem, match="did you mean 'referred-and-identified'") as caught:
        evidence.statistics("refered-and-identified")
    assert caught.value.code == "EVI_002"
    (tmp_path / "old.csv").write_bytes(f"{HEADER}\nn\xe9".encode("latin-1"))
    monkeypatch.setattr(content, "STATISTICS", tmp_path)
    with pytest.raises(Problem, match="UTF-8"):
        evidence.statistics("old")


def test_the_schema_says_what_the_reader_checks() -> None:
    schema = json.loads((content.SCHEMAS / "statistics.schema.json").read_text(encoding="utf-8"))
    fields = {field["name"]: field for field in schema["fields"]}
    assert tuple(fields) == evidence.COLUMNS
    assert {name for name, field in fields.items() if field["constraints"]["required"]} == set(evidence._MISSING)
    assert tuple(fields["confidence"]["constraints"]["enum"]) == evidence.PRINTABLE
    for path in content.STATISTICS.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for name, field in fields.items():
                    pattern = field["constraints"].get("pattern")
                    assert pattern is None or re.fullmatch(pattern, row[name]), (path.name, row)


def test_importing_the_evidence_reads_nothing_and_brings_no_library() -> None:
    code = (
        "import sys, tools.evidence; print([m for m in ('pybtex', 'pandas', 'altair', 'sphinx') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=content.ROOT)
    assert run.stdout.strip() == "[]"
