"""The vote of a room: majority and split, what the tool makes of them, the ballot in a notebook and on paper."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.errors import Problem
from tools.instruments import library
from tools.surfaces import room_vote, widget

ELEVEN = library.load("identification/ilo-forced-labour-eleven")
SIGNS = [one.id for one in room_vote.signs_of(ELEVEN)]


def test_the_room_votes_on_the_signs_and_the_tests_and_on_nothing_else() -> None:
    assert len(SIGNS) == 13
    assert not {"age_group", "urgent_now", "scope"} & set(SIGNS)
    assert set(room_vote.MADE_UP) == set(SIGNS)


def test_more_than_half_is_a_majority_and_half_is_none() -> None:
    room = room_vote.count(ELEVEN, {"fl_documents": (4, 2, 1), "penalty": (3, 3, 0), "not_free": (5, 0, 0)})
    assert [(one.item.id, one.majority, one.agreed) for one in room.signs] == [
        ("fl_documents", "yes", False),
        ("not_free", "yes", True),
        ("penalty", "", False),
    ]


def test_the_example_says_where_the_room_is_split_what_the_tool_makes_of_it_and_why() -> None:
    said = room_vote.text(room_vote.example())
    assert said.startswith("7 groups voted on 13 signs.")
    split = said.partition("The room is split:")[2].partition("What")[0]
    assert split.count("\n- ") == 2
    result = said.partition("makes of the majority answers:")[2]
    assert "Signs of control are recorded" in result
    because = result.partition("It says so because of:")[2].partition("Next:")[0]
    assert "out of reach: yes" in because
    assert "weak position" not in because  # three of seven are no majority
    assert "Both tests of the Convention" in result.partition("If every group that says yes is right")[2]
    assert "A majority is no evidence." in said
    assert max(map(len, said.splitlines())) <= 72


def test_a_split_sign_reaches_the_tool_as_not_known() -> None:
    split = room_vote.count(ELEVEN, {"fl_documents": (2, 2, 0)}, room_vote.GIVEN)
    assert split.assessment.values["control"] == "no"
    assert split.if_seen.values["control"] == "yes"
    assert "If every group that says yes is right" in room_vote.text(split)


def test_a_child_in_the_case_stays_a_child_however_the_room_votes() -> None:
    room = room_vote.count(ELEVEN, dict.fromkeys(SIGNS, (0, 7, 0)), {**room_vote.GIVEN, "age_group": "child"})
    assert "call child protection" in room_vote.text(room)


def test_without_a_vote_nothing_is_said_and_an_uneven_count_is_told() -> None:
    assert room_vote.text(room_vote.count(ELEVEN, {"penalty": (0, 0, 0)})) == "No group has voted yet.\n"
    uneven = room_vote.count(ELEVEN, {"penalty": (3, 0, 0), "not_free": (3, 1, 0)})
    assert "count the hands again" in room_vote.text(uneven)


@pytest.mark.parametrize(
    ("votes", "code"),
    [
        ({"fl_documents": (1, 2)}, "AGR_003"),
        ({"fl_documents": (1, -1, 0)}, "AGR_003"),
        ({"fl_documents": (1, 0.5, 0)}, "AGR_003"),
        ({"fl_documents": (True, 0, 0)}, "AGR_003"),
        ({"fl_document": (1, 0, 0)}, "AGR_004"),
        ({"age_group": (1, 0, 0)}, "AGR_004"),
    ],
)
def test_votes_that_cannot_be_are_refused(votes: dict[str, Any], code: str) -> None:
    with pytest.raises(Problem) as caught:
        room_vote.count(ELEVEN, votes)
    assert caught.value.code == code


def test_a_case_that_is_not_there_is_told() -> None:
    with pytest.raises(Problem, match="did you mean 'trawler-debt'"):
        room_vote.show("trawler-dept")
    with pytest.raises(Problem) as caught:
        room_vote.show("hotel-shifts")
    assert caught.value.code == "AGR_006"


def test_another_case_brings_its_form_and_its_age() -> None:
    ballot = room_vote.show("kidney-broker")
    assert ballot.given == {"age_group": "adult"}
    assert ballot.room.instrument.id == "identification/elements-of-the-definition"
    assert room_vote.show("kitchen-passport").given == {}


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries({one: st.tuples(*[st.integers(0, 9)] * 3) for one in SIGNS}))
def test_any_vote_gives_a_text_that_names_every_sign_voted_on(votes: dict[str, tuple[int, int, int]]) -> None:
    room = room_vote.count(ELEVEN, votes, room_vote.GIVEN)
    assert [one.item.id for one in room.signs] == [one for one in SIGNS if sum(votes[one])]
    said = " ".join(room_vote.text(room).split())
    assert all(" ".join(one.item.label.split()) in said for one in room.signs)


def test_typing_votes_changes_what_is_said() -> None:
    ballot = room_vote.show()
    told, *rows, said = ballot.widget.children
    assert "trawler" in told.value
    assert len(rows) == len(SIGNS)
    assert "No group has voted yet" in said.value
    documents = rows[SIGNS.index("fl_documents")].children[1].children
    documents[0].value = 4
    documents[1].value = 1
    assert ballot.votes["fl_documents"] == (4, 1, 0)
    assert "Signs of control are recorded" in said.value
    assert repr(ballot) == "Ballot('trawler-debt')"


def test_in_the_book_the_ballot_is_an_empty_tally_sheet_and_in_a_notebook_a_widget(monkeypatch) -> None:
    ballot = room_vote.show()
    monkeypatch.setattr(room_vote, "in_notebook", lambda: True)
    monkeypatch.setenv(widget.STATIC_ENVIRONMENT, "1")
    static = ballot._repr_mimebundle_()
    assert set(static) == {"text/plain", "text/html"}
    assert static["text/html"].count('<th scope="row">') == len(SIGNS)
    assert ballot._widget is None
    monkeypatch.delenv(widget.STATIC_ENVIRONMENT)
    live = ballot._repr_mimebundle_()
    assert live["application/vnd.jupyter.widget-view+json"]["model_id"] == ballot.widget.model_id
    assert live["text/html"] == static["text/html"]
