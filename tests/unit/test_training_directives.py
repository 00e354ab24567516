"""Sessions, agendas and ways by role as pages: whole without a script, every link leads somewhere, no warning."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from tools import pathways
from tools.errors import Problem
from tools.sphinxext import training


def test_an_agenda_is_a_table_with_times_that_follow_each_other() -> None:
    days = pathways.agenda(["identification/missed", "identification/interview"], "half-day")
    lines = training.agenda_lines(days)
    assert lines[1:3] == ["| From the start | What |", "|---|---|"]
    assert lines[3] == "| 0:00–0:20 | Welcome, and how to leave the room |"
    assert any("](/book/identification/missed.md)" in line for line in lines)
    assert not any("Day 1" in line for line in lines)
    three = training.agenda_lines(pathways.agenda(["identification/missed"], "three-day"))
    assert [line for line in three if line.startswith("**")] == ["**Day 1**", "**Day 2**", "**Day 3**"]


def test_a_guide_has_a_row_for_each_session_and_three_agendas() -> None:
    lines = training.workshop_source("protection")
    sessions = pathways.of_guide("protection")
    for one in sessions:
        assert any(
            line.startswith(f"| [{one.chapter.title}](/book/") and f"| {one.minutes} |" in line for line in lines
        )
    assert [line for line in lines if "dropdown" in line] == [
        "````{dropdown} Half a day", "````{dropdown} One day", "````{dropdown} Three days",
    ]  # fmt: skip


def test_a_role_says_what_comes_first_and_names_its_tools_by_title() -> None:
    (police,) = (one for one in pathways.load() if one.id == "police")
    said = "\n".join(training.pathway_source(police))
    assert f"**First:** {police.first}" in said
    assert "](tool-screening-interview)" in said
    for page in police.pages[:5]:
        assert f"](/book/{page}.md)" in said


def test_an_unknown_guide_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        training.workshop_source("no-such")
    assert caught.value.code == "SLI_001"


@pytest.mark.book
@pytest.mark.promise("access-structure")
def test_the_page_of_ways_has_a_section_for_each_role_and_links_that_lead_somewhere(site: Any) -> None:
    folder = site / "book/training"
    page = html.document_fromstring((folder / "pathways.html").read_text(encoding="utf-8"))
    roles = page.xpath("//section[starts-with(@id, 'way-')]")
    assert [one.get("id") for one in roles] == [f"way-{one.id}" for one in pathways.load()]
    for role in roles:
        links = [str(link).partition("#") for link in role.xpath(".//a[not(contains(@class, 'headerlink'))]/@href")]
        assert len(links) > 8
        for file, _, anchor in links:
            text = (folder / file).resolve().read_text(encoding="utf-8")
            assert not anchor or f'id="{anchor}"' in text
        assert len(role.xpath(".//details")) == 3
        assert not role.xpath(".//script")
