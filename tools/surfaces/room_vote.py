"""A room votes on the signs of a composite case: what most groups say, where the room is split, what the tool makes of it.

Nothing is stored. A group has a number or none, never a name.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from tools import composite_cases
from tools.composite_cases import Case
from tools.errors import Problem, near
from tools.instruments import library
from tools.instruments import record as records
from tools.instruments.assessment import Assessment, assess
from tools.instruments.model import Instrument, Item
from tools.surfaces.told import Told
from tools.surfaces.widget import STATIC_ENVIRONMENT, in_notebook

#: The answers a group can give, in the order in which they are typed, and their words.
ANSWERS: Final[Mapping[str, str]] = {"yes": "yes", "no": "no", "unknown": "not known"}
#: The case that is shown if no other is named.
CASE: Final = "trawler-debt"
#: What the case says itself, so that nobody votes on it: a man of 29, and no emergency is told.
GIVEN: Final[Mapping[str, Any]] = {"urgent_now": ["none"], "scope": "one", "age_group": "adult"}
#: Votes of seven groups, made up for the printed page.
MADE_UP: Final[Mapping[str, Sequence[int]]] = {
    "fl_restriction_movement": (3, 0, 4),
    "fl_isolation": (5, 1, 1),
    "fl_violence": (0, 1, 6),
    "fl_intimidation": (1, 0, 6),
    "fl_documents": (7, 0, 0),
    "fl_debt_bondage": (7, 0, 0),
    "fl_abuse_vulnerability": (3, 3, 1),
    "fl_deception": (1, 0, 6),
    "fl_wages_withheld": (4, 1, 2),
    "fl_abusive_conditions": (0, 0, 7),
    "fl_excessive_overtime": (0, 0, 7),
    "not_free": (3, 1, 3),
    "penalty": (2, 1, 4),
}
_MOST: Final = 99
_TOLD: Final = {"one": "All groups say", "most": "Most groups say", "split": "The room is split"}


@dataclass(frozen=True)
class Sign:
    """What a room said about one sign.

    Attributes
    ----------
    item : Item
    counts : tuple of int
        Groups that said yes, no, not known.
    """

    item: Item
    counts: tuple[int, int, int]

    @property
    def groups(self) -> int:
        """How many groups voted on it."""
        return sum(self.counts)

    @property
    def majority(self) -> str:
        """The answer of more than half of the groups; empty if none has it."""
        return next((a for a, n in zip(ANSWERS, self.counts, strict=True) if 2 * n > self.groups), "")

    @property
    def agreed(self) -> bool:
        """Whether all groups said the same."""
        return self.groups > 0 and max(self.counts) == self.groups

    @property
    def words(self) -> str:
        """The counts in words.

        >>> Sign(Item("a", "yes-no-unknown", "A"), (3, 0, 4)).words
        'yes 3, no 0, not known 4'
        """
        return ", ".join(f"{word} {n}" for word, n in zip(ANSWERS.values(), self.counts, strict=True))


@dataclass(frozen=True)
class Room:
    """What a room said, and what the tool makes of it.

    Attributes
    ----------
    instrument : Instrument
    signs : tuple of Sign
        Those that were voted on, in the order of the form.
    assessment : Assessment
        Of the majority answers; where none has more than half of the groups, of "not known".
    if_seen : Assessment
        The same, if every sign that at least one group saw is there.
    """

    instrument: Instrument
    signs: tuple[Sign, ...]
    assessment: Assessment
    if_seen: Assessment


def signs_of(instrument: Instrument) -> tuple[Item, ...]:
    """Return the questions of a form that a room can vote on: yes, no or not known, and in no table."""
    return tuple(
        one for one in instrument.items.values() if one.type == "yes-no-unknown" and one.id not in instrument.repeat_of
    )


def count(instrument: Instrument, votes: Mapping[str, Sequence[int]], given: Mapping[str, Any] | None = None) -> Room:
    """Return what a room said.

    Parameters
    ----------
    instrument : Instrument
    votes : mapping
        Sign -> how many groups said yes, no, not known. A sign without a vote is left open.
    given : mapping, optional
        Answers that the case itself gives, such as the age.

    Raises
    ------
    Problem
        ``AGR_003`` for votes that cannot be, ``AGR_004`` for a sign that is not in the form; those of
        :func:`tools.instruments.record.of`.
    """
    known = {one.id: one for one in signs_of(instrument)}
    for name, counts in votes.items():
        if name not in known:
            raise Problem("AGR_004", sign=name, form=instrument.title, near=near(name, known))
        if len(counts) != len(ANSWERS) or any(type(n) is not int or not 0 <= n <= _MOST for n in counts):
            raise Problem("AGR_003", sign=known[name].label, found=", ".join(map(str, counts)), most=_MOST)
    signs = tuple(
        Sign(one, (votes[name][0], votes[name][1], votes[name][2]))
        for name, one in known.items()
        if sum(votes.get(name, ()))
    )
    answers = {**(given or {}), **{one.item.id: one.majority or "unknown" for one in signs}}

    seen = {one.item.id: "yes" for one in signs if one.counts[0]}
    made, if_seen = (assess(instrument, records.of(instrument, one)) for one in (answers, {**answers, **seen}))
    return Room(instrument, signs, made, if_seen)


def _title(found: Assessment) -> str:
    return found.outcome.title if found.outcome else ""


def case_text(case: Case) -> Told:
    """Return a composite case as it is read out: its facts, and not what is uncertain or decided."""
    lines = [case.title, "A composite case: made up of what many cases share.", "", *(f"- {one}" for one in case.facts)]
    return Told(lines)


def text(room: Room) -> Told:
    """Return in words what a room said, where it is split, and what the tool makes of the majority answers."""
    if not room.signs:
        return Told(["No group has voted yet."])
    lines = [f"{max(one.groups for one in room.signs)} groups voted on {len(room.signs)} signs."]
    uneven = [one for one in room.signs if one.groups != room.signs[0].groups]
    if uneven:
        lines.append("Not every sign has the same number of votes: count the hands again.")
    for kind, told in _TOLD.items():
        some = [one for one in room.signs if _kind(one) == kind]
        if some:
            lines += ["", f"{told}:"]
            lines += [f"- {_said(one)}" for one in some]
    found = room.assessment
    lines += ["", f'What "{room.instrument.title}" makes of the majority answers:']
    if found.outcome:
        lines += ["", found.outcome.title, found.outcome.text]
        reasons = [room.instrument.items[name] for name in found.reasons if name in room.instrument.items]
        lines += ["", "It says so because of:"] if reasons else []
        answers = {one.item.id: one.majority or "unknown" for one in room.signs}
        lines += [f"- {one.label}: {ANSWERS[answers[one.id]]}" for one in reasons if one.id in answers]
        lines += ["", "Next:", *(f"- {one}" for one in found.outcome.next)] if found.outcome.next else []
    if (other := _title(room.if_seen)) != _title(found):
        lines += ["", "If every group that says yes is right, the tool says:", other]
    lines += ["", "Where no answer has more than half of the groups, the tool was given \"not known\".",
              "A majority is no evidence. One group may have seen what the others missed: ask it."]  # fmt: skip
    return Told(lines)


def _kind(one: Sign) -> str:
    return "one" if one.agreed else "most" if one.majority else "split"


def _said(one: Sign) -> str:
    if one.agreed:
        return f"{ANSWERS[one.majority]}: {one.item.label}"
    return f"{ANSWERS[one.majority]}: {one.item.label} ({one.words})" if one.majority else f"{one.item.label} ({one.words})"  # fmt: skip


def example() -> Room:
    """Return the votes of seven made-up groups on the case of the book."""
    return count(_form(_case(CASE)), MADE_UP, GIVEN)


def _case(case_id: str) -> Case:
    found = {one.id: one for one in composite_cases.load()}
    if case_id not in found:
        raise Problem("AGR_005", case=case_id, near=near(case_id, found))
    return found[case_id]


def _form(case: Case) -> Instrument:
    return library.load(case.tool)


def _given(case: Case, instrument: Instrument) -> Mapping[str, Any]:
    if case.id == CASE:
        return GIVEN
    age = instrument.items.get("age_group")
    return {"age_group": case.age} if age and case.age in {one.code for one in age.choices} else {}


def facts(case_id: str = CASE) -> Told:
    """Return the facts of a composite case of the book, to be read out.

    Raises
    ------
    Problem
        ``AGR_005`` when there is no such case.
    """
    return case_text(_case(case_id))


def sheet(case_id: str = CASE) -> str:
    """Return the tally sheet of a case as HTML, empty, for paper."""
    case = _case(case_id)
    heads = "".join(f'<th scope="col">{word.capitalize()}</th>' for word in ANSWERS.values())
    rows = "".join(
        f'<tr><th scope="row">{escape(one.label)}</th>{"<td></td>" * len(ANSWERS)}</tr>'
        for one in signs_of(_form(case))
    )
    return (
        f'<table class="docutils"><caption>Groups that say yes, no, or not known: {escape(case.title)}</caption>'
        f'<thead><tr><th scope="col">Sign</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


class Ballot:
    """The vote of a room: boxes to type into in a notebook, and a tally sheet on paper.

    Parameters
    ----------
    case_id : str
        A composite case whose form has questions to vote on.
    given : mapping, optional
        Answers that the case gives; else those that are known of it, such as whether it is about a child.

    Raises
    ------
    Problem
        ``AGR_005`` when there is no such case, ``AGR_006`` when its form has nothing to vote on.
    """

    def __init__(self, case_id: str = CASE, given: Mapping[str, Any] | None = None) -> None:
        self.case = _case(case_id)
        self.instrument = _form(self.case)
        if not signs_of(self.instrument):
            raise Problem("AGR_006", case=case_id, form=self.instrument.title)
        self.given = given if given is not None else _given(self.case, self.instrument)
        self.votes: dict[str, tuple[int, ...]] = {}
        self._widget: Any = None

    @property
    def room(self) -> Room:
        """What the room has said so far."""
        return count(self.instrument, self.votes, self.given)

    @property
    def widget(self) -> Any:
        """The boxes, one line for each sign, and below them what they come to (an ``ipywidgets.VBox``)."""
        if self._widget is None:
            self._widget = self._made()
        return self._widget

    def _made(self) -> Any:
        import ipywidgets as widgets

        told = widgets.HTML(case_text(self.case).html())
        said = widgets.HTML()
        rows, boxes = [], {}
        for one in signs_of(self.instrument):
            boxes[one.id] = [
                widgets.BoundedIntText(value=0, min=0, max=_MOST, description=word, layout=widgets.Layout(width="11em"))
                for word in ANSWERS.values()
            ]
            rows.append(widgets.VBox([widgets.Label(one.label), widgets.HBox(boxes[one.id])]))

        def tell(_: object = None) -> None:
            self.votes = {name: tuple(box.value for box in row) for name, row in boxes.items()}
            said.value = f'<div role="status">{text(self.room).html()}</div>'

        for row in boxes.values():
            for box in row:
                box.observe(tell, names="value")
        tell()
        return widgets.VBox([told, *rows, said])

    def __repr__(self) -> str:
        # Notebooks keep this text in their file, so it says nothing of the votes.
        return f"Ballot({self.case.id!r})"

    def _repr_mimebundle_(self, **_options: object) -> dict[str, Any]:
        static = {"text/plain": repr(self), "text/html": sheet(self.case.id)}
        if os.environ.get(STATIC_ENVIRONMENT) or not in_notebook():
            return static
        return {**self.widget._repr_mimebundle_(), **static}


def show(case_id: str = CASE) -> Ballot:
    """Return the vote on a case, to be shown: boxes in a notebook, an empty tally sheet in the book.

    Raises
    ------
    Problem
        As :class:`Ballot`.
    """
    return Ballot(case_id)
