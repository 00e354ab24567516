"""Ways by role: every page and tool is there, agendas fit the day, and a wrong file is refused with its place."""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tools import chapters, content, pathways
from tools.errors import Problem
from tools.pathways import LENGTHS, Slot

RAW = yaml.safe_load(content.read_text(content.PATHWAYS))
ROLES = {
    "police", "labour-inspector", "immigration", "health", "consular", "shelter", "social-worker", "lawyer", "data-officer",
    "policymaker", "donor", "trainer", "village-team",
}  # fmt: skip
PAGES = [
    f"{guide}/{one.name.rsplit('/', 1)[1]}" for guide in chapters.guides() for one in chapters.of_guide(guide) if one.is_taught
]  # fmt: skip


def test_every_role_is_there_with_pages_that_teach_and_tools() -> None:
    found = pathways.load()
    assert {one.id for one in found} == ROLES
    for one in found:
        assert len(one.pages) >= 6, one.id
        assert len(one.tools) >= 3, one.id
        for page in one.pages:
            assert chapters.page(f"book/{page}").is_taught, page
        assert all(text.endswith((".", one.title)) for text in one.texts())


def test_every_exercise_is_a_page_of_the_book_and_stands_in_its_contents() -> None:
    toc = content.read_text(content.ROOT / "_toc.yml")
    for page, minutes in pathways.EXERCISES:
        assert f"file: book/{page}\n" in toc
        assert chapters.page(f"book/{page}").title
        assert minutes >= 30


def check_day(day: tuple[Slot, ...], most: int) -> None:
    assert day[0].what == "welcome"
    assert day[-1].what == "close"
    assert day[-1].start + day[-1].minutes <= most
    for before, after in pairwise(day):
        assert after.start == before.start + before.minutes
    pauses = {"break", "lunch"}
    assert not any(a.what in pauses and b.what in pauses for a, b in pairwise(day))
    assert sum(slot.what == "lunch" for slot in day) <= 1


@pytest.mark.parametrize("role", [one.id for one in pathways.load()])
@pytest.mark.parametrize("length", LENGTHS)
def test_a_role_s_agenda_fits_and_has_sessions(role: str, length: str) -> None:
    (one,) = (each for each in pathways.load() if each.id == role)
    days = pathways.agenda(one.pages, length)
    assert len(days) == LENGTHS[length][0]
    for day in days:
        check_day(day, LENGTHS[length][1])
        assert any(slot.what == "session" for slot in day)
    flat = [slot for day in days for slot in day]
    assert [slot.what for slot in flat].count("test") == 2
    taught = [slot.page for slot in flat if slot.what == "session"]
    assert taught == list(one.pages[: len(taught)])
    for day in days:
        end = day[-1].start + day[-1].minutes
        assert any(slot.what == "lunch" for slot in day) == (end > 300), "a day that ends by five hours has no lunch"


@given(st.lists(st.sampled_from(PAGES), max_size=30, unique=True), st.sampled_from(sorted(LENGTHS)))
def test_no_choice_of_pages_makes_a_day_too_long(pages: list[str], length: str) -> None:
    for day in pathways.agenda(pages, length):
        check_day(day, LENGTHS[length][1])


def test_a_session_without_tool_and_case_is_a_talk_and_a_debrief() -> None:
    bare = pathways.session(chapters.read("book/a/b", "# A\n\n## At a glance\n\n- One.\n"))
    assert [(part.what, part.minutes) for part in bare.parts] == [("talk", 5), ("debrief", 10)]


def changed(**new: Any) -> list[dict[str, Any]]:
    rows = copy.deepcopy(RAW)
    rows[0].update(new)
    return rows


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({}, "no list of roles"),
        ([], "no list of roles"),
        (["police"], "role 1"),
        (changed(pages=["identification/no-such"]), "There is no page 'identification/no-such'"),
        (changed(tools=["identification/referral-slap"]), "'identification/referral-slip'"),
        (changed(pages=["identification/missed", "identification/missed"]), "stands twice"),
        ([*copy.deepcopy(RAW), RAW[0]], "stands twice"),
        ([{key: value for key, value in RAW[0].items() if key != "first"}], "needs exactly"),
        (changed(more="x"), "needs exactly"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(raw: Any, said: str) -> None:
    with pytest.raises(Problem) as caught:
        pathways.read(raw, "pathways.yml")
    assert caught.value.code == "PAT_001"
    assert "pathways.yml" in str(caught.value)
    assert said in str(caught.value)


def test_the_file_itself_is_read() -> None:
    assert pathways.read(copy.deepcopy(RAW), "pathways.yml") == pathways.load()
