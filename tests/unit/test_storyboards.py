"""Screen scripts: each step is read, drawn and timed; a wrong one is refused with its place."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from tools import content
from tools.__main__ import main
from tools.errors import Problem
from tools.surfaces import storyboard
from tools.surfaces.words import WORDS

RAW = yaml.safe_load(content.read_text(content.STORYBOARDS))
ALL = storyboard.load()


def test_three_procedures_are_there_and_none_is_long() -> None:
    assert [one.id for one in ALL] == ["leave-nothing", "paper-form", "referral-slip"]
    for one in ALL:
        assert 5 <= len(one.steps) <= 9
        assert one.seconds <= 90


def test_buttons_are_called_what_they_are_called_in_the_page() -> None:
    used = {label for one in ALL for step in one.steps for label in step.buttons}
    assert {WORDS["save"], WORDS["clear"], WORDS["leave"], WORDS["interview"]} <= used
    assert used <= set(WORDS.values())


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_a_caption_can_be_read_aloud_in_its_time(one: storyboard.Storyboard) -> None:
    for step in one.steps:
        # Slow speech: two and a half words in a second.
        assert len(step.says.split()) <= 2.5 * step.seconds, step.says


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_a_picture_says_what_it_shows_and_keeps_within_its_frame(one: storyboard.Storyboard) -> None:
    for step in one.steps:
        drawn = etree.fromstring(storyboard.picture(step))
        assert drawn.get("role") == "img"
        assert drawn.get("aria-label") == step.seen
        texts = [text.text for text in drawn.iter("{*}text")]
        assert texts == [step.screen, *step.lines, *step.buttons]
        _, _, wide, high = map(float, drawn.get("viewBox").split())
        for rect in drawn.iter("{*}rect"):
            assert float(rect.get("x")) + float(rect.get("width")) <= wide
            assert float(rect.get("y")) + float(rect.get("height")) <= high
        thick = [rect for rect in drawn.iter("{*}rect") if rect.get("stroke-width") == "3"]
        assert len(thick) == bool(step.press)
        assert not {"style", "class"} & {name for element in drawn.iter() for name in element.attrib}


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_captions_are_webvtt_whose_times_follow_each_other(one: storyboard.Storyboard) -> None:
    text = storyboard.captions(one)
    assert text.startswith("WEBVTT\n\n")
    times = re.findall(r"^(\d\d):(\d\d):(\d\d)\.000 --> (\d\d):(\d\d):(\d\d)\.000$", text, flags=re.M)
    spans = [(int(b) * 60 + int(c), int(e) * 60 + int(f)) for _, b, c, _, e, f in times]
    assert len(spans) == len(one.steps)
    assert spans[0][0] == 0
    assert all(end > start for start, end in spans)
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]]
    assert spans[-1][1] == one.seconds


def test_the_command_writes_script_and_captions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["storyboard", "all", "--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"{one.id}.{end}" for one in ALL for end in ("txt", "vtt")
    )
    said = (tmp_path / "leave-nothing.txt").read_text(encoding="utf-8")
    assert all(step.says in said and step.seen in said for step in ALL[0].steps)
    assert "steps" in capsys.readouterr().out
    assert main(["storyboard", "leave-nothin", "--out", str(tmp_path / "no")]) != 0
    assert "did you mean 'leave-nothing'" in capsys.readouterr().err
    assert not (tmp_path / "no").exists()


def changed(**new: Any) -> list[dict[str, Any]]:
    rows = copy.deepcopy(RAW)
    rows[0]["steps"][1].update(new)
    return rows


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({}, "no list of storyboards"),
        ([{"id": "a"}], "needs exactly"),
        ([*RAW, RAW[0]], "stands twice"),
        (changed(says="word " * 21), "more than 20 words"),
        (changed(seconds=2), "from 3 to 20"),
        (changed(seconds="8"), "from 3 to 20"),
        (changed(lines=["x" * 41]), "at most 40 letters"),
        (changed(lines=["x"] * 5), "at most 4 lines"),
        (changed(buttons=["leev"]), "no words 'leev'"),
        (changed(press="save"), "'save' is used and is not among the buttons"),
        (changed(colour="red"), "may have buttons, press"),
    ],
)
def test_a_wrong_step_is_refused_with_its_place(raw: Any, said: str) -> None:
    with pytest.raises(Problem) as caught:
        storyboard.read(raw, "storyboards.yml")
    assert caught.value.code == "STO_001"
    assert said in str(caught.value)
    assert "storyboards.yml" in str(caught.value)


def test_the_page_is_a_list_of_captions_and_pictures_without_warnings(make_site: Any) -> None:
    built = make_site({"index.md": "# Title\n\n```{storyboard} paper-form\n```\n"})
    assert not built.warnings
    page = etree.HTML(built.html("index"))
    (steps,) = page.xpath("//ol[contains(@class, 'ct-story')]")
    assert len(steps.xpath("./li")) == len(ALL[1].steps)
    for item, step in zip(steps.xpath("./li"), ALL[1].steps, strict=True):
        assert " ".join(item.xpath("string(./p)").split()) == step.says.replace("'", "’")
        assert item.xpath("./svg/@aria-label") == [step.seen]


def test_a_name_that_is_not_there_is_said_on_the_page_that_asks_for_it(make_site: Any) -> None:
    built = make_site({"index.md": "# Title\n\n```{storyboard} paper-from\n```\n"})
    assert "did you mean 'paper-form'" in built.warnings
