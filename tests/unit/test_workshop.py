"""Plan and workbook of a workshop: one source, two editions; the answers stand in one of them only."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from tools import chapters, composite_cases, pathways, quizzes
from tools.__main__ import main
from tools.errors import Problem
from tools.instruments import library
from tools.surfaces import workshop

GUIDES = [guide for guide in chapters.guides() if guide != "start"]


def read(guide: str, edition: workshop.Edition) -> tuple[html.HtmlElement, str]:
    page = html.document_fromstring(workshop.paper(guide, edition)[0])
    return page, " ".join(page.text_content().split())


@pytest.mark.parametrize("guide", GUIDES)
def test_answers_stand_in_the_facilitators_plan_and_not_in_the_workbook(guide: str) -> None:
    _, plan = read(guide, "facilitator")
    _, book = read(guide, "participant")
    cases = [one for one in composite_cases.load() if one.guide == guide]
    hidden = [each.answer for one in cases for each in one.decisions]
    hidden += [one.answer for one in chapters.of_guide(guide) if one.answer]
    hidden += [one.why for name in quizzes.of_guide(guide) for one in quizzes.questions(library.load(name))]
    assert len(hidden) > 10
    for text in hidden:
        words = " ".join(text.split())
        assert words in plan
        assert words not in book
    asked = [each.ask for one in cases for each in one.decisions]
    asked += [one.ask for name in quizzes.of_guide(guide) for one in quizzes.questions(library.load(name))]
    for text in asked:
        assert " ".join(text.split()) in plan
        assert " ".join(text.split()) in book


@pytest.mark.parametrize("guide", GUIDES)
def test_the_plan_has_every_session_with_its_minutes_and_both_short_agendas(guide: str) -> None:
    page, plan = read(guide, "facilitator")
    for number, one in enumerate(pathways.of_guide(guide), start=1):
        assert f"{number}. {one.chapter.title}" in plan
        assert f"{one.minutes} minutes · page {one.chapter.name}" in plan
        for point in one.chapter.points:
            assert point in plan
    assert [title.text for title in page.xpath("//h3")][:2] == ["Half a day", "One day"]
    assert "You may leave at any time" in plan
    assert not page.xpath("//textarea | //input")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_field_of_the_workbook_has_a_name_and_a_label(guide: str) -> None:
    page, _ = read(guide, "participant")
    fields = page.xpath("//textarea | //input")
    names = [field.get("name") for field in fields]
    assert len(names) >= len(pathways.of_guide(guide))
    assert len(set(names)) == len(names)
    for field in fields:
        (label,) = page.xpath("//label[@for=$name]", name=field.get("id"))
        assert label.text_content() == field.get("title") != ""


def test_a_certificate_says_took_part_and_no_grade() -> None:
    page = html.document_fromstring(workshop.certificate("protection")[0])
    said = page.text_content()
    assert "Took part in a workshop" in said
    assert "nobody was graded" in said
    assert [field.get("name") for field in page.xpath("//input")] == ["who", "hours", "place", "by"]


def test_signs_in_a_chapter_are_words_in_the_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    one = chapters.read("book/a/b", "# A <b>\n\n## At a glance\n\n- 1 < 2 & more.\n- Two.\n")
    monkeypatch.setattr(chapters, "of_guide", lambda _guide: (one,))
    monkeypatch.setattr(pathways, "agenda", lambda _pages, _length: ((),))
    said, _ = workshop.paper("a", "facilitator")
    assert "A &lt;b&gt;" in said
    assert "1 &lt; 2 &amp; more." in said


def test_an_unknown_guide_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        workshop.paper("no-such", "facilitator")
    assert caught.value.code == "SLI_001"


def test_the_command_writes_the_whole_box(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["workshop", "coordination", "--out", str(tmp_path / "box")]) == 0
    assert sorted(path.name for path in (tmp_path / "box").iterdir()) == [
        "coordination--certificate.pdf", "coordination--facilitator.pdf", "coordination--scorm.zip",
        "coordination--workbook.pdf", "coordination.apkg", "coordination.pptx",
    ]  # fmt: skip
    assert " questions" in capsys.readouterr().out


def test_the_command_writes_nothing_for_a_guide_that_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["workshop", "no-such", "--out", str(tmp_path / "box")]) != 0
    assert "SLI_001" in capsys.readouterr().err
    assert not (tmp_path / "box").exists()
