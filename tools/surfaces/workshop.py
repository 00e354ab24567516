"""What a trainer takes into the room, on paper: the facilitator's plan and the participants' workbook of one guide.

Both come from the same sources, the chapters, the composite cases and the quiz. The facilitator's has the answers, the
participants' has room to write instead. A third paper is the certificate.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final, Literal

from tools import __version__, chapters, composite_cases, pathways, quizzes
from tools.composite_cases import Case
from tools.instruments import library
from tools.pathways import Session, Slot
from tools.surfaces import html

Edition = Literal["facilitator", "participant"]

#: What a line of an agenda says when it is no page.
WHAT: Final = {
    "welcome": "Welcome, and how to leave the room",
    "test": "Questions, each alone",
    "exercise": "Exercise",
    "break": "Break",
    "lunch": "Lunch",
    "close": "What each will do on Monday; thanks; certificate",
}
LENGTHS: Final = {"half-day": "Half a day", "one-day": "One day", "three-day": "Three days"}
PARTS: Final = {
    "talk": "Talk", "tool": "Try the tool", "case": "The case", "debrief": "Debrief",
}  # fmt: skip
#: Before people come into the room. Ours, from the chapters on training, consent and safe use.
BEFORE: Final = (
    "Ask who comes: jobs, languages, what they need to see, hear, read and move. Pay for interpreters and breaks.",
    "Officers and people whom they might question do not sit in one room, unless all of them want to.",
    "A quiet second room, and a person to talk to who does not teach that day.",
    "Composite cases only. Choose none that somebody in the room lives with now.",
    "Put slides, forms and this paper on a stick. Nothing needs a network.",
    "Phones may be used for the forms. Nothing that is typed leaves them; close the page at the end.",
    "No photographs of people. No names on tests and lists of agreement.",
)
#: What is said first. Ours.
OPENING: Final = (
    "You may leave at any time and need not say why.",
    "Somebody here may have lived through this. Speak so that they could sit beside you.",
    "Tell no story of a real person, not even with another name.",
    "Nobody is examined. The questions show what we should talk about.",
)
_LICENCE: Final = "Text CC BY 4.0. The tools inform a decision to protect; they are not proof."


def clock(minutes: int) -> str:
    """Return minutes after the beginning as hours and minutes.

    >>> clock(0), clock(75)
    ('0:00', '1:15')
    """
    return f"{minutes // 60}:{minutes % 60:02}"


def slot_title(slot: Slot) -> str:
    """Return what a line of an agenda says."""
    return chapters.page(f"book/{slot.page}").title if slot.page else WHAT[slot.what]


def paper(guide: str, edition: Edition) -> tuple[str, str]:
    """Return a guide's paper for the room.

    Parameters
    ----------
    guide : str
        Name of its folder in ``book/``.
    edition : str
        ``facilitator`` has the answers; ``participant`` has room to write, as fields that can be filled in.

    Returns
    -------
    tuple of str
        HTML and its style sheet.

    Raises
    ------
    Problem
        ``SLI_001`` if there is no such guide.
    """
    return _Paper(guide, edition).document(), _sheet()


def certificate(guide: str) -> tuple[str, str]:
    """Return a certificate to fill in, on one page: HTML and its style sheet."""
    title = chapters.of_guide(guide)[0].title
    lines = "".join(
        f'<p class="line"><label for="{name}">{label}</label> {_field(name, label)}</p>'
        for name, label in (("who", "Name, as the person wants it"), ("hours", "Hours"), ("place", "Place and day"), ("by", "Facilitator"))
    )  # fmt: skip
    points = "".join(f"<li>{escape(one.title)}</li>" for one in chapters.of_guide(guide) if one.is_taught)
    body = (
        f'<div class="certificate"><h1>Took part in a workshop</h1><p class="of">{escape(title)}</p>{lines}'
        f"<h2>What the guide is about</h2><ul>{points}</ul>"
        '<p class="small">It says that somebody took part. It is no licence, and nobody was graded. No list of those who '
        "took part is kept by this book.</p></div>"
    )
    return _document(f"Certificate: {title}", body), _sheet()


class _Paper:
    """One paper while it is written; it numbers its fields."""

    def __init__(self, guide: str, edition: Edition) -> None:
        self.guide, self.edition = guide, edition
        self.pages = chapters.of_guide(guide)
        self.sessions = pathways.of_guide(guide)
        self.fields = 0

    @property
    def with_answers(self) -> bool:
        return self.edition == "facilitator"

    def document(self) -> str:
        what = "Plan for the facilitator" if self.with_answers else "Workbook"
        title = self.pages[0].title
        cover = (
            f'<div class="cover"><h1>{escape(title)}</h1><p class="of">{what}</p><p class="small">{_LICENCE}</p></div>'
        )
        parts = [cover, self._opening()]
        if self.with_answers:
            parts.append(self._agendas())
        parts += [self._session(number, one) for number, one in enumerate(self.sessions, start=1)]
        parts += [self._cases(), self._quizzes(), self._end()]
        return _document(f"{title}: {what}", "".join(parts))

    def _opening(self) -> str:
        said = _list(OPENING)
        if not self.with_answers:
            return (
                f'<section class="part"><h2>In this room</h2>{said}{self._notes("What I want to take home")}</section>'
            )
        forms = dict.fromkeys(form for one in self.sessions for form in one.chapter.forms)
        titles = sorted(library.load(name).title for name in forms)
        return (
            f'<section class="part"><h2>Before the day</h2>{_list(BEFORE)}<h2>Say first</h2>{said}'
            "<h2>What you need</h2>"
            f"{_list(['The slides with notes, the workbook for each person, the cards for learning alone.', 'Paper, pens, a clock that all can see.'])}"
            f"<p>Forms that are tried: {escape('; '.join(titles))}.</p></section>"
        )

    def _agendas(self) -> str:
        names = [one.chapter.name.removeprefix("book/") for one in self.sessions]
        parts = []
        for length in ("half-day", "one-day"):
            (day,) = pathways.agenda(names, length)
            rows = "".join(
                f"<tr><td>{clock(slot.start)}–{clock(slot.start + slot.minutes)}</td><td>{escape(slot_title(slot))}</td></tr>"
                for slot in day
            )
            parts.append(
                f"<h3>{LENGTHS[length]}</h3><table><thead><tr><th>From the start</th><th>What</th></tr></thead>"
                f"<tbody>{rows}</tbody></table>"
            )
        return (
            '<section class="part"><h2>Agenda</h2><p>Times run from the beginning. They are our guess; a room with two '
            f"languages needs half as much again.</p>{''.join(parts)}</section>"
        )

    def _session(self, number: int, one: Session) -> str:
        chapter = one.chapter
        parts = [f"<h2>{number}. {escape(chapter.title)}</h2>"]
        if self.with_answers:
            parts.append(f'<p class="small">{one.minutes} minutes · page {escape(chapter.name)}</p>')
        parts.append(
            f"<h3>{'Aims: at the end people can say' if self.with_answers else 'Key points'}</h3>{_list(chapter.points)}"
        )
        if self.with_answers:
            parts.append(f"<h3>Steps</h3>{self._steps(one)}")
        if chapter.case:
            parts.append(
                f'<div class="case"><h3>Case</h3><p>{escape(chapter.case)}</p><p><strong>{escape(chapter.question)}</strong></p></div>'
            )
            parts.append(
                f"<h4>A worked answer</h4><p>{escape(chapter.answer)}</p>"
                if self.with_answers
                else self._notes("What I would do, and why")
            )
        if chapter.mistakes:
            parts.append(
                f"<h3>{'Debrief: ask who has seen this' if self.with_answers else 'Watch out: what do you do instead?'}</h3>{self._mistakes(chapter.mistakes)}"
            )
        if self.with_answers and chapter.adapt:
            parts.append(f"<h3>For other people and places</h3>{_list(chapter.adapt)}")
        if not self.with_answers and not chapter.case:
            parts.append(self._notes("My notes"))
        return f'<section class="part">{"".join(parts)}</section>'

    def _steps(self, one: Session) -> str:
        chapter, rows = one.chapter, []
        does = {
            "talk": "Show the key points. Ask which one is hardest where people work, and begin there.",
            "case": "Read it aloud. Pairs for five minutes, then one pair answers and the next one disagrees.",
            "debrief": "Go through the mistakes below. Close with what each will do differently; nobody has to speak.",
        }
        for part in one.parts:
            text = does.get(part.what, "")
            if part.what == "tool":
                text = f"Open “{library.load(chapter.forms[0]).title}” on the page or on paper. One pair types, with the case below or with a composite case."
            rows.append(f"<tr><td>{part.minutes}</td><td>{PARTS[part.what]}</td><td>{escape(text)}</td></tr>")
        steps = _list(chapter.steps, ordered=True) if chapter.steps else ""
        return (
            f"<table><thead><tr><th>Minutes</th><th>Part</th><th>You</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"
            + (f"<h4>What the page says to do</h4>{steps}" if steps else "")
        )

    def _mistakes(self, mistakes: Sequence[tuple[str, str]]) -> str:
        if self.with_answers:
            return (
                "<ul>" + "".join(f"<li><strong>{escape(a)}</strong>: {escape(b)}</li>" for a, b in mistakes) + "</ul>"
            )
        return "".join(self._notes(one, small=True) for one, _ in mistakes)

    def _cases(self) -> str:
        found = [one for one in composite_cases.load() if one.guide == self.guide]
        if not found:
            return ""
        return f'<section class="part"><h2>Composite cases</h2>{"".join(map(self._case, found))}</section>'

    def _case(self, one: Case) -> str:
        decisions = "".join(
            f"<p><strong>{escape(each.ask)}</strong></p>"
            + (
                f"<p>{escape(each.answer)} <em>{escape(each.because)}</em></p>"
                if self.with_answers
                else self._notes("Our answer", small=True)
            )
            for each in one.decisions
        )
        return (
            f'<div class="case"><h3>{escape(one.title)}</h3>{_list(one.facts)}'
            f"<p>Not certain: {escape('; '.join(one.uncertain))}.</p></div>{decisions}"
        )

    def _quizzes(self) -> str:
        parts = []
        for name in quizzes.of_guide(self.guide):
            instrument = library.load(name)
            rows = []
            for number, one in enumerate(quizzes.questions(instrument), start=1):
                if self.with_answers:
                    below = f"<p>{escape(one.answer)}. <em>{escape(one.why)}</em></p>"
                else:
                    below = _list([words for _, words in one.choices], boxes=True)
                rows.append(f'<div class="question"><p><strong>{number}. {escape(one.ask)}</strong></p>{below}</div>')
            parts.append(f"<h3>{escape(instrument.title)}</h3>{''.join(rows)}")
        if not parts:
            return ""
        use = (
            "<p>Before and after, the same questions, each person alone and without a name. Collect how many were right for each "
            "question, and teach again what more than a third had wrong. A better score says that people remember; it does not say "
            "that they will do it.</p>"
            if self.with_answers
            else "<p>Answer before and after the workshop. No name; nobody is graded.</p>"
        )
        return f'<section class="part"><h2>Questions</h2>{use}{"".join(parts)}</section>'

    def _end(self) -> str:
        if self.with_answers:
            asks = [
                "What will you do differently on Monday?", "What did we not talk about?", "What was hard to hear?",
                "What would you leave out?",
            ]  # fmt: skip
            return (
                f'<section class="part"><h2>At the end</h2><p>Ask, on paper and without names:</p>{_list(asks)}<p>Ask again after three '
                "months what people have done. Tear up tests and lists before you leave.</p></section>"
            )
        return f'<section class="part"><h2>On Monday</h2>{self._notes("What I will do, with whom, by when")}{self._notes("What I still want to ask")}</section>'

    def _notes(self, label: str, *, small: bool = False) -> str:
        self.fields += 1
        name = f"notes{self.fields}"
        kind = ' class="small-area"' if small else ""
        return (
            f'<div class="note"><p><label for="{name}">{escape(label)}</label></p>'
            f'<textarea id="{name}" name="{name}" title="{escape(label)}"{kind}></textarea></div>'
        )


def _list(lines: Sequence[str], *, ordered: bool = False, boxes: bool = False) -> str:
    tag = "ol" if ordered else "ul"
    kind = ' class="boxes"' if boxes else ""
    return f"<{tag}{kind}>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</{tag}>"


def _field(name: str, label: str) -> str:
    return f'<input type="text" id="{name}" name="{name}" title="{escape(label)}">'


def _document(title: str, body: str) -> str:
    made = f"Counter-trafficking practitioner guides {__version__}"
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="generator" content="{made}"></head><body>{body}</body></html>'
    )


def _sheet() -> str:
    return (html.STATIC / "workshop-print.css").read_text(encoding="utf-8")
