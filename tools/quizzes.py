"""What a quiz holds for people who teach: questions, choices, the right answer, and why.

A quiz is an instrument like any other; the right answers stand in its rules and nowhere else. So they are found by
asking the rules: the choice that counts is the right one, and what is said after another is why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tools import content
from tools.errors import Problem
from tools.instruments import library, record
from tools.instruments.assessment import assess
from tools.instruments.model import Instrument

#: The computed value of a quiz that counts right answers; every quiz has it.
COUNTED: Final = "correct"


@dataclass(frozen=True)
class Question:
    """One question of a quiz.

    Attributes
    ----------
    id, ask : str
    choices : tuple of (str, str)
        Code and words, in the order of the form.
    right : str
        The code that counts.
    why : str
        What the quiz says after a wrong answer.
    """

    id: str
    ask: str
    choices: tuple[tuple[str, str], ...]
    right: str
    why: str

    @property
    def answer(self) -> str:
        """The words of the right answer."""
        return dict(self.choices)[self.right]


def ids() -> tuple[str, ...]:
    """Return the ids of all quizzes that count right answers."""
    return tuple(name for name in content.instrument_ids() if is_quiz(library.load(name)))


def is_quiz(instrument: Instrument) -> bool:
    """Whether an instrument is a quiz that counts right answers."""
    return instrument.kind == "quiz" and any(value.id == COUNTED for value in instrument.computed)


def of_guide(guide: str) -> tuple[str, ...]:
    """Return the quizzes that test what a guide teaches: its own, and the one made for its workshop."""
    own = f"training/quiz-{guide}"
    return tuple(name for name in ids() if name.startswith(f"{guide}/") or name == own)


def questions(instrument: Instrument) -> tuple[Question, ...]:
    """Return the questions of a quiz.

    Raises
    ------
    Problem
        ``QUI_001`` if a question has more than one choice that counts.

    Examples
    --------
    >>> first, *rest = questions(library.load("coordination/coordination-quiz"))
    >>> first.id, first.right, len(rest)
    ('core', 'three', 9)
    """
    found = []
    for item in instrument.items.values():
        if item.type != "choice":
            continue
        said = {
            choice.code: assess(instrument, record.of(instrument, {item.id: choice.code})) for choice in item.choices
        }
        right = [code for code, one in said.items() if one.values[COUNTED] == 1]
        if not right:  # such as the moment of a test: asked, and not counted
            continue
        if len(right) > 1:
            raise Problem("QUI_001", instrument=instrument.id, item=item.id, count=len(right))
        good = {notice.id for notice in said[right[0]].notices}
        wrong = next((one for code, one in said.items() if code != right[0]), None)
        why = " ".join(notice.text for notice in wrong.notices if notice.id not in good) if wrong else ""
        choices = tuple((choice.code, choice.label) for choice in item.choices)
        found.append(Question(item.id, item.label, choices, right[0], why))
    return tuple(found)
