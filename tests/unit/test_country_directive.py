"""The ``{country}`` directive: nothing without a pack, facts with one, an old hotline flagged, a wrong pack refused."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from sphinx.errors import ExtensionError

from tools import content
from tools.countries.columns import LISTS
from tools.sphinxext import country
from tools.surfaces import country_files

DAY = "2026-11-25"
PAGE = "# Title\n\n" + "\n".join(f"```{{country}} {part}\n```\n" for part in country.PARTS)


def site(make_site: Any, page: str = PAGE, pack: Path | None = content.COUNTRY_EXAMPLE, day: str = DAY) -> Any:
    return make_site({"index.md": page}, country_pack=str(pack or ""), country_as_of=day)


def test_without_a_pack_no_number_stands_on_the_page(make_site: Any) -> None:
    built = site(make_site, pack=None)
    html = built.html("index")
    assert not built.warnings
    assert "so no hotline stands here" in html
    assert html.count("No country pack is loaded") == len(country.PARTS)
    assert "0999" not in html
    assert not (built.out / country.FOLDER).exists()


def test_with_a_pack_the_page_holds_its_facts_and_the_presets(make_site: Any) -> None:
    built = site(make_site)
    html = built.html("index")
    assert not built.warnings
    for words in (
        "Hotlines: Examplia (not a real country)", "Prepared by Example network on 2026-11-02",
        "0999", "2026-10-20. Call it again before 2027-04-18.",
        "OLD: last called on 2026-03-15. Call it yourself before you give it out.",
        "At least 45 days, counted from the first decision on reasonable grounds",
        "2.50 USD an hour, for 48 hours a week", "Identification Team, Ministry of Justice", "Hazardous work",
        'href="_static/country/examplia--coordination--action-plan.json"',
    ):  # fmt: skip
        assert words in html.replace("\u2011", "-"), words
    assert "2.20 USD" not in html  # held until the end of last year
    made = built.out / country.FOLDER / "examplia--coordination--action-plan.json"
    assert '"cur": "usd"' in made.read_text("utf-8")


def test_only_some_rows_and_a_pack_that_has_grown_old(make_site: Any) -> None:
    page = "# Title\n\n```{country} periods\n:only: recovery, appeal\n```\n\n```{country} hotlines\n:only: women\n```\n"
    html = site(make_site, page, day="2027-05-03").html("index")
    assert ("Time to recover" in html, "Appeal" in html, "Permit to stay" in html) == (True, True, False)
    assert "This pack is old: its review was due on 2027-05-02." in html
    assert "The country pack says nothing on this" in html


@pytest.mark.parametrize(
    ("asked", "words"), [("hotlins", "did you mean 'hotlines'"), ("periods\n:only: days", "no 'days'")]
)
def test_a_wrong_part_is_told_with_a_remedy(make_site: Any, asked: str, words: str) -> None:
    built = site(make_site, f"# Title\n\n```{{country}} {asked}\n```\n")
    assert words in built.warnings
    assert "CTY_017" in built.warnings


def test_a_pack_with_errors_stops_the_build(make_site: Any, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(content.COUNTRY_EXAMPLE)
    book["Periods"]["C4"] = "some"
    book.save(tmp_path / "pack.xlsx")
    with pytest.raises(ExtensionError, match="CTY_016"):
        site(make_site, pack=tmp_path / "pack.xlsx")


def test_words_in_a_pack_are_text_and_never_markup(make_site: Any, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(content.COUNTRY_EXAMPLE)
    book["Laws"]["D4"] = "<script>alert(1)</script> **bold** {cite}`x`"
    book.save(tmp_path / "pack.xlsx")
    built = site(make_site, "# Title\n\n```{country} laws\n```\n", pack=tmp_path / "pack.xlsx")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **bold** {cite}`x`" in built.html("index")
    assert not built.warnings


def test_the_words_of_every_list_can_be_translated() -> None:
    assert set(country.list_words()) == {words for known in LISTS.values() for words in known.values()}


def test_every_part_has_as_many_headings_as_cells() -> None:
    pack = country_files.read(content.COUNTRY_EXAMPLE, datetime.date.fromisoformat(DAY))
    for part in list(country.PARTS)[1:]:
        for row in country.rows(pack, part, (), datetime.date.fromisoformat(DAY)):
            assert len(row) == len(country.headings(part)), part
