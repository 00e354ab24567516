"""Charts: the picture, the table, the text alternative and the live view show the same figures, each with its source."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tools import charts, content, evidence
from tools.errors import Problem

SVG = "{http://www.w3.org/2000/svg}"
STATIC = content.ROOT / "tools" / "surfaces" / "static"


@pytest.fixture(scope="module")
def chart() -> charts.Chart:
    return charts.referred_and_identified()


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (content.STATISTICS / "referred-and-identified.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(html: str) -> str:
    """Return what a reader sees of a piece of HTML, without the data block."""
    return " ".join(re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def drawn(spec: Any) -> list[dict[str, Any]]:
    """Return every row of data in a specification, wherever it stands."""
    if isinstance(spec, dict):
        found = [row for rows in spec.get("datasets", {}).values() for row in rows]
        found += spec.get("data", {}).get("values", []) if isinstance(spec.get("data"), dict) else []
        return found + [row for key, part in spec.items() if key not in ("datasets", "data") for row in drawn(part)]
    if isinstance(spec, list):
        return [row for part in spec for row in drawn(part)]
    return []


# --- The same figures everywhere --------------------------------------------------------------------------------------


@pytest.mark.promise("truth-numbers")
def test_the_picture_draws_the_figures_of_the_file_and_no_others(
    chart: charts.Chart, rows: list[dict[str, str]]
) -> None:
    wanted = {
        (row["geography"], int(row["year"]), what, int(row["value"]))
        for row in rows
        for place, indicator, what in (
            ("Serbia", "Potential victims referred", "Referred"),
            ("Serbia", "Victims identified", "Identified"),
            ("United Kingdom", "Potential victims referred", "Referred"),
            ("United Kingdom", "Conclusive grounds decisions, positive", "Identified"),
        )
        if (row["geography"], row["indicator"]) == (place, indicator)
    }
    data = [row for row in drawn(chart.spec) if "number" in row]
    shown = {(row["tip"].split(",")[0], row["year"], row["what"], row["number"]) for row in data}
    assert shown == wanted
    assert len(shown) == 2 * 7 + 2 * 10
    for row in data:
        assert f"{row['number']:,} {row['unit']}" in row["tip"]


@pytest.mark.promise("truth-numbers", "access-no-js")
def test_every_figure_stands_in_a_table(chart: charts.Chart, rows: list[dict[str, str]]) -> None:
    cells: dict[str, dict[str, list[str]]] = {}
    for table in chart.tables:
        place = table.caption.split(",")[0]
        for row in table.rows:
            cells.setdefault(place, {})[row[0]] = list(row[1:])
    for row in rows:
        assert f"{int(row['value']):,}" in cells[row["geography"]][row["year"]], row
    assert sum(len(years) * len(next(iter(years.values()))) for years in cells.values()) == len(rows)


def test_columns_of_the_table_hold_the_indicator_they_name(chart: charts.Chart, rows: list[dict[str, str]]) -> None:
    uk = chart.tables[1]
    found = {row["indicator"]: f"{int(row['value']):,}" for row in rows if row["year"] == "2023"}
    assert dict(zip(uk.columns, uk.rows[-1], strict=True)) == {
        "Year": "2023",
        "Persons referred": found["Potential victims referred"],
        "Identified: conclusive grounds, positive": found["Conclusive grounds decisions, positive"],
        "Conclusive grounds, negative": found["Conclusive grounds decisions, negative"],
        "Reasonable grounds, positive": found["Reasonable grounds decisions, positive"],
        "Reasonable grounds, negative": found["Reasonable grounds decisions, negative"],
    }


@pytest.mark.promise("truth-numbers")
def test_the_live_view_says_the_figures_of_each_year(chart: charts.Chart, rows: list[dict[str, str]]) -> None:
    meta = chart.spec["usermeta"]
    readouts = dict(meta["readouts"])
    assert list(readouts) == list(range(2014, 2024))
    assert meta["start"] == 2021
    for row in rows:
        if row["indicator"] in ("Potential victims referred", "Victims identified") or row["indicator"].startswith(
            "Conclusive grounds decisions, p"
        ):
            assert re.search(rf"\b{int(row['value']):,}\b", readouts[int(row["year"])]), row
    assert readouts[2014].startswith("2014. Serbia: no figure. United Kingdom: 2,337 referred, 978 identified")


@pytest.mark.promise("truth-numbers")
def test_the_shares_around_the_break_are_right(chart: charts.Chart, rows: list[dict[str, str]]) -> None:
    value = {(row["indicator"], int(row["year"])): int(row["value"]) for row in rows if row["geography"] != "Serbia"}

    def share(kind: str, year: int) -> float:
        yes, no = (value[f"{kind} grounds decisions, {side}", year] for side in ("positive", "negative"))
        return round(100 * yes / (yes + no), 1)

    before = [share("Reasonable", year) for year in range(2014, 2023)]
    assert (min(before), max(before), share("Reasonable", 2023)) == (80.9, 92.3, 54.6)
    assert (share("Conclusive", 2022), share("Conclusive", 2023)) == (89.4, 66.4)
    for number in ("80.9 to 92.3", "54.6", "89.4", "66.4"):
        assert number in chart.note


@pytest.mark.promise("truth-known")
def test_the_break_is_marked_and_no_cause_is_given_that_was_not_seen(chart: charts.Chart) -> None:
    svg = chart.svg()
    assert "stroke-dasharray" in svg
    assert ">break<" in svg
    assert not re.search(r"guidance|law changed|January|rule", plain(chart.html()))
    lines = {row["run"] for row in drawn(chart.spec) if row.get("what") == "Identified" and row["year"] == 2023}
    assert lines == {"Identified after"}  # the line is not drawn across the break


# --- What a chart says about itself -----------------------------------------------------------------------------------


@pytest.mark.promise("truth-numbers", "access-structure")
def test_the_text_alternative_says_unit_place_years_population_and_source(chart: charts.Chart) -> None:
    for words in (
        "Persons in a calendar year",
        "decisions in a calendar year",
        "Serbia",
        "United Kingdom",
        "2015 to 2021",
        "2014 to 2023",
        "potential victims referred by first responders",
        "US Department of State 2017",
        "UK Home Office 2024",
        "106 in 2015, a peak of 193 in 2018, 127 in 2021",
        "2,337 in 2014, 17,004 in 2023",
    ):
        assert words in chart.alternative
    assert not re.search(r"\.\.|  |\{", chart.alternative)


@pytest.mark.promise("truth-numbers")
def test_the_page_says_unit_population_place_years_source_date_and_limits(chart: charts.Chart) -> None:
    text = plain(chart.html())
    for words in (
        chart.title,
        chart.unit,
        "2015 to 2021 and 2014 to 2023",
        "24 November 2026",
        "Each place has its own scale",
        "not a rate of refusal",
        "not all about the people referred in that year",
    ):
        assert words in text
    for figure in chart.figures:
        assert f'href="{figure.url}"' in chart.html()


@pytest.mark.promise("truth-numbers", "input-messages")
@pytest.mark.parametrize("field", ["title", "description", "unit", "population", "places", "years", "not_shown"])
def test_a_chart_that_leaves_something_unsaid_is_refused(chart: charts.Chart, field: str) -> None:
    with pytest.raises(Problem) as caught:
        dataclasses.replace(chart, **{field: ""})
    assert caught.value.code == "CHA_001"
    assert field in caught.value.what


@pytest.mark.promise("truth-numbers", "input-messages")
def test_a_chart_without_a_source_or_with_an_unknown_one_is_refused(chart: charts.Chart) -> None:
    with pytest.raises(Problem) as caught:
        dataclasses.replace(chart, sources=())
    assert caught.value.code == "CHA_001"
    with pytest.raises(Problem) as caught:
        dataclasses.replace(chart, sources=("nobody1999",))
    assert caught.value.code == "EVI_001"


@pytest.mark.promise("truth-numbers", "input-messages")
def test_a_figure_without_a_source_stops_the_chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "referred-and-identified.csv"
    text = (content.STATISTICS / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text.replace(",tip2019serbia,", ",,", 1), encoding="utf-8")
    monkeypatch.setattr(content, "STATISTICS", tmp_path)
    with pytest.raises(Problem, match="source_key") as caught:
        charts.referred_and_identified()
    assert caught.value.code == "EVI_003"


@pytest.mark.promise("truth-numbers")
def test_a_withheld_figure_is_no_mark_and_is_told_in_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "referred-and-identified.csv"
    text = (content.STATISTICS / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text.replace("Serbia,2019,36,", "Serbia,2019,<5,", 1), encoding="utf-8")
    monkeypatch.setattr(content, "STATISTICS", tmp_path)
    chart = charts.referred_and_identified()
    numbers = {
        (row["what"], row["year"]) for row in drawn(chart.spec) if "tip" in row and row["tip"].startswith("Serbia")
    }
    assert ("Identified", 2018) in numbers
    assert ("Identified", 2019) not in numbers
    assert ("2019", "135", "<5 (withheld by the source)") in chart.tables[0].rows
    assert "&lt;5 (withheld by the source)" in chart.html()


# --- The markup -------------------------------------------------------------------------------------------------------


class Markup(HTMLParser):
    """Collects tags with their attributes, and fails on a tag that is not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.promise("privacy-csp", "privacy-no-request")
def test_nothing_in_a_chart_runs_styles_itself_or_asks_for_something(chart: charts.Chart) -> None:
    markup = Markup(chart.html())
    for tag, attributes in markup.tags:
        assert tag not in ("style", "link", "img", "image", "iframe", "object", "foreignobject", "use")
        assert not {
            name for name in attributes if name in ("style", "src", "srcset", "xlink:href") or name.startswith("on")
        }
        if tag == "script":
            assert attributes["type"] == "application/json"
        if "href" in attributes:
            assert tag == "a"
    data = re.search(r'<script type="application/json" class="ct-chart-spec">(.*?)</script>', chart.html(), re.DOTALL)
    assert data
    assert json.loads(data[1]) == json.loads(json.dumps(chart.spec))
    assert "http" not in data[1]
    assert '"url"' not in data[1]


@pytest.mark.promise("access-structure")
def test_the_picture_is_one_described_image(chart: charts.Chart) -> None:
    root = ET.fromstring(chart.svg())  # noqa: S314
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
    assert root[0].text == chart.title
    assert root[1].text == chart.description
    for element in root.iter():
        assert not {"style", "class", "font-family"} & set(element.attrib) or element is root
        assert not {name for name in element.attrib if name.startswith("aria-")} or element is root
    texts = ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]
    assert {"Referred17,004 persons", "Identified6,528 decisions", "Serbia (scale to 200)"} <= set(texts)
    sizes = [float(element.get("font-size", "0px").removesuffix("px")) for element in root.iter(f"{SVG}text")]
    assert min(sizes) >= 14


@pytest.mark.promise("truth-numbers")
def test_scales_begin_at_zero(chart: charts.Chart) -> None:
    scales = re.findall(r'"field": "number".*?"scale": (\{.*?\})', json.dumps(chart.spec, sort_keys=True))
    assert scales
    assert {json.loads(scale)["domain"][0] for scale in scales} == {0}


@pytest.mark.promise("access-structure")
def test_tables_have_captions_and_scopes(chart: charts.Chart) -> None:
    html = chart.html()
    markup = Markup(html)
    assert len(re.findall(r"<table><caption>", html)) == len(chart.tables)
    assert all("scope" in attributes for tag, attributes in markup.tags if tag == "th")
    assert html.count('<th scope="row">') == sum(len(table.rows) for table in chart.tables)
    assert html.count("<td>") == len(chart.figures)


def test_ids_are_the_charts_own(chart: charts.Chart) -> None:
    ids = [attributes["id"] for _, attributes in Markup(chart.html()).tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(str(name).startswith("chart-referred-and-identified") for name in ids)


def test_markup_in_words_and_data_is_escaped(chart: charts.Chart) -> None:
    nasty = '</script><b onclick="x">&"'
    made = dataclasses.replace(
        chart, title=nasty, note=nasty, description=nasty, spec={**chart.spec, "usermeta": {"label": nasty}}
    )
    markup = Markup(made.html())
    assert not [tag for tag, _ in markup.tags if tag == "b"]
    data = made.html().split('class="ct-chart-spec">')[1].split("</script>")[0]
    assert json.loads(data)["usermeta"]["label"] == nasty


def test_a_notebook_gets_html_and_text(chart: charts.Chart) -> None:
    bundle = chart._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/html"].startswith('<figure class="ct-chart" data-ct-chart="referred-and-identified"')
    assert bundle["text/plain"] == str(chart)
    assert "2018       193          76" in bundle["text/plain"]


@pytest.mark.slow
@pytest.mark.promise("pdf-identical")
def test_two_runs_give_the_same_bytes(chart: charts.Chart) -> None:
    code = "from tools import charts; import sys; sys.stdout.buffer.write(charts.referred_and_identified().html().encode())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=content.ROOT)
    assert run.stdout.decode() == chart.html()


@pytest.mark.promise("weight-page")
def test_a_chart_is_light(chart: charts.Chart) -> None:
    import gzip

    assert len(gzip.compress(chart.html().encode())) < 8_000


# --- Colours ----------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.promise("access-axe")
def test_colours_can_be_told_from_the_paper_and_from_each_other() -> None:
    for tone in ("light", "dark"):
        papers = [getattr(charts.PALETTE["paper"], tone), *(["#ffffff"] if tone == "light" else [])]  # white: print
        for role, colour in charts.PALETTE.items():
            if role in ("paper", "line"):  # the paper, and lines that only divide
                continue
            least = 4.5 if colour.text else 3
            assert all(contrast(getattr(colour, tone), paper) >= least for paper in papers), (role, tone)
        # In grey the two lines differ as well; besides, one is thin with hollow circles, the other thick with squares.
        assert contrast(getattr(charts.PALETTE["referred"], tone), getattr(charts.PALETTE["identified"], tone)) >= 1.5


def test_lines_differ_without_colour(chart: charts.Chart) -> None:
    root = ET.fromstring(chart.svg())  # noqa: S314
    looks: dict[str, set[tuple[str | None, str]]] = {"referred": set(), "identified": set()}
    for path in root.iter(f"{SVG}path"):
        for role in looks:
            if path.get("stroke") == charts.PALETTE[role].light:
                looks[role].add((path.get("stroke-width"), path.get("fill", "none")))
    assert looks["referred"].isdisjoint(looks["identified"])
    assert ("3", "none") in looks["identified"]
    assert ("1.5", "none") in looks["referred"]


def test_the_picture_uses_the_palette_and_the_style_sheet_turns_every_colour(chart: charts.Chart) -> None:
    used = set(re.findall(r'(fill|stroke)="(#\w+)"', chart.svg()))
    assert used
    assert {colour for _, colour in used} <= {colour.light for colour in charts.PALETTE.values()}
    css = (STATIC / "chart.css").read_text(encoding="utf-8")
    for name, colour in used:
        assert f'.ct-chart-svg [{name}="{colour}"] {{ {name}: var(--ct-' in css, (name, colour)
    for role in ("referred", "identified"):
        colour = charts.PALETTE[role]
        assert css.count(f"--ct-chart-{role}: {colour.light};") == 1
        assert css.count(f"--ct-chart-{role}: {colour.dark};") == 2  # chosen by hand, and by the system


def test_page_colours_are_those_of_the_tokens() -> None:
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    for role in ("paper", "line", "ink", "ink-soft"):
        found = re.findall(rf"--ct-{role}: (#\w+);", tokens)
        assert {found[0], *found[1:]} == {charts.PALETTE[role].light, charts.PALETTE[role].dark}


# --- The drawing library ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.promise("offline-file", "privacy-csp")
def test_the_library_is_one_classic_script_and_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "ct-vega.js"
    charts.write_vega_bundle(path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("/* Vega-Lite")
    assert "Redistributions" in text[:2500]
    assert "globalThis.ctVega" in text
    assert not re.search(r"^\s*(?:import|export)\b", text, re.MULTILINE)
    first = path.stat().st_mtime_ns
    charts.write_vega_bundle(path)
    assert path.stat().st_mtime_ns == first
    path.write_text("/* an older release */", encoding="utf-8")
    charts.write_vega_bundle(path)
    assert path.read_text(encoding="utf-8") == text


def test_importing_charts_brings_no_drawing_library() -> None:
    code = (
        "import sys, tools.charts; print([m for m in ('altair', 'vl_convert', 'pandas', 'sphinx') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=content.ROOT)
    assert run.stdout.strip() == "[]"


@pytest.mark.promise("truth-reviewed")
def test_the_figures_were_reviewed_after_their_sources_came_out(chart: charts.Chart) -> None:
    newest = max(int(re.sub(r"\D", "", evidence.reference(key).year)) for key in chart.sources)
    assert date(newest, 1, 1) < chart.reviewed


def test_a_chart_on_a_second_page_has_ids_of_its_own_and_the_same_figures() -> None:
    first = charts.men_identified()
    second = first.again("room")
    ids = [set(re.findall(r'\bid="([^"]+)"', one.html())) for one in (first, second)]
    assert ids[0]
    assert ids[0].isdisjoint(ids[1])
    assert second.tables == first.tables
