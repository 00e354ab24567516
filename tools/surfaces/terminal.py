"""A form in the terminal: one question at a time, in the order and with the relevance of the instrument.

It reads lines and writes lines, so that it works with a keyboard, a screen reader and a pipe alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from tools.errors import Problem
from tools.instruments.assessment import Sheet
from tools.instruments.model import Instrument, Item, Repeat, Section
from tools.instruments.record import Handling, Record, dumps, parse_value
from tools.surfaces import forms
from tools.surfaces.text import meta_line, value_words
from tools.surfaces.words import words

BACK, CLEAR, STOP, HELP = "<", "-", "!", "?"

#: The words of the dialogue; translated with those of the other surfaces.
WORDS: Final[dict[str, str]] = {
    "term_help": "Type the number or the beginning of an answer, then Enter. Enter alone skips, or keeps what is there."
    " {back} goes back, {clear} deletes an answer, {stop} stops and keeps everything, {help} shows this again.",
    "term_names": "Write no names, birth dates, addresses, phone or document numbers. A case code is enough.",
    "term_several": "Several numbers, with commas between them.",
    "term_date": "As year-month-day, for example 2026-11-24.",
    "term_now": "Answered: {answer}",
    "term_first": "This is the first question.",
    "term_more": "Add {row}? (y/n, Enter: no)",
    "term_row": "{row} is there. Keep it? (y/n, Enter: yes; n deletes it and the rows after it)",
    "term_place": "Question {number} of {all}",
    "term_yes_no": "Type y or n.",
}


@dataclass(frozen=True, order=True)
class Step:
    """A place in the form: section, member, row (-1 outside repeats) and item; item -1 asks for the row itself."""

    section: int
    member: int
    row: int = -1
    item: int = 0


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """The person stopped before the end; the answers so far are in the dialogue."""


@dataclass
class Dialogue:
    """Asks the questions of one instrument.

    Attributes
    ----------
    instrument : Instrument
    read : callable
        Shows a prompt and returns the line typed; raises ``EOFError`` at the end of the input.
    say : callable
        Writes a line.
    answers : dict
        What was answered so far; a repeat has a list of rows.
    """

    instrument: Instrument
    read: Callable[[str], str]
    say: Callable[[str], None]
    answers: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words = {**words(self.instrument.locale), **words(self.instrument.locale, WORDS)}
        self.seen_section = -1

    @property
    def record(self) -> Record:
        """The answers as a record; rows left empty at the end of a repeat are dropped."""
        kept: dict[str, Any] = {}
        for name, value in self.answers.items():
            if isinstance(value, list):
                rows = list(value)
                while rows and not rows[-1]:
                    rows.pop()
                if rows:
                    kept[name] = tuple(rows)
            else:
                kept[name] = value
        return Record(self.instrument.id, self.instrument.version, kept)

    def _sheet(self) -> Sheet:
        answers = {name: tuple(v) if isinstance(v, list) else v for name, v in self.answers.items()}
        return Sheet(self.instrument, Record(self.instrument.id, self.instrument.version, answers))

    # -- places

    def _steps(self) -> Iterator[Step]:
        """Yield every place that applies now."""
        sheet = self._sheet()
        for s, section in enumerate(self.instrument.sections):
            for m, member in enumerate(section.members):
                if not sheet.is_relevant(member.id):
                    continue
                if isinstance(member, Item):
                    yield Step(s, m)
                    continue
                rows = len(self.answers.get(member.id, ()))
                for row in range(rows):
                    yield Step(s, m, row, -1)
                    yield from (
                        Step(s, m, row, i) for i, one in enumerate(member.items) if sheet.is_relevant(one.id, row)
                    )
                if rows < member.max_rows:
                    yield Step(s, m, rows, -1)

    def _member(self, step: Step) -> tuple[Section, Item | Repeat]:
        section = self.instrument.sections[step.section]
        return section, section.members[step.member]

    def _is_question(self, step: Step) -> bool:
        _section, member = self._member(step)
        item = member.items[step.item] if isinstance(member, Repeat) and step.item >= 0 else member
        return not isinstance(item, Item) or item.answerable

    # -- the dialogue

    def run(self) -> Record:
        """Ask everything that applies and return the record.

        Raises
        ------
        Stopped
            When the person stops, or the input ends, before the last question.
        """
        self.say(self.instrument.title)
        self.say(meta_line(self.instrument))
        for text in (self.instrument.status_note, self.instrument.purpose, self.words["term_names"]):
            if text:
                self.say(text)
        self._help()
        visited: list[Step] = []
        step = next(self._steps(), None)
        while step is not None:
            if self._ask(step):
                if self._is_question(step):
                    visited.append(step)
                step = next((one for one in self._steps() if one > step), None)
            else:
                step = self._before(visited, step)
        return self.record

    def _before(self, visited: list[Step], step: Step) -> Step:
        here = set(self._steps())
        while visited:
            last = visited.pop()
            if last in here:
                return last
        self.say(self.words["term_first"])
        return step

    def _help(self) -> None:
        self.say(self.words["term_help"].format(back=BACK, clear=CLEAR, stop=STOP, help=HELP))

    def _line(self, prompt: str) -> str:
        try:
            typed = self.read(prompt).strip()
        except (EOFError, KeyboardInterrupt):
            raise Stopped from None
        if typed == STOP:
            raise Stopped
        return typed

    def _ask(self, step: Step) -> bool:
        """Ask one question; return whether to go on (``False``: back)."""
        section, member = self._member(step)
        if step.section != self.seen_section:
            self.seen_section = step.section
            self.say("")
            self.say(f"== {step.section + 1}. {section.title} ==")
            if section.intro:
                self.say(section.intro)
        if isinstance(member, Repeat):
            return self._ask_row(member, step.row) if step.item < 0 else self._ask_item(member.items[step.item], step)
        return self._ask_item(member, step)

    def _ask_row(self, repeat: Repeat, row: int) -> bool:
        rows = self.answers.setdefault(repeat.id, [])
        there = row < len(rows)
        self.say("")
        if row == 0:
            self.say(repeat.title)
            if repeat.hint:
                self.say(f"  {repeat.hint}")
        name = self.words["row"].format(row=repeat.row, number=row + 1)
        question = (
            self.words["term_row"].format(row=name) if there else self.words["term_more"].format(row=name.lower())
        )
        while True:
            typed = self._line(f"{question} > ").lower()
            if typed == BACK:
                return False
            if typed == HELP:
                self._help()
            elif typed in {"", "y", "n", self.words["yes"].lower(), self.words["no"].lower()}:
                wanted = typed in {"y", self.words["yes"].lower()} or (there and not typed)
                if wanted and not there:
                    rows.append({})
                elif not wanted and there:
                    del rows[row:]
                return True
            else:
                self.say(self.words["term_yes_no"])

    def _ask_item(self, item: Item, step: Step) -> bool:
        self.say("")
        if not item.answerable:
            self.say(item.label)
            return True
        self._show(item, step)
        kept = self._kept(step)
        while True:
            typed = self._line("> ")
            if typed == BACK:
                return False
            if typed == HELP:
                self._help()
                continue
            if typed == "":
                return True
            if typed == CLEAR:
                kept.pop(item.id, None)
                return True
            try:
                value = parse_value(item, understood(item, typed))
            except Problem as problem:
                self.say(f"{problem.what} {problem.todo}")
                continue
            if value is not None:
                kept[item.id] = value
            return True

    def _kept(self, step: Step) -> dict[str, Any]:
        """Return where the answer of this place is kept."""
        if step.row < 0:
            return self.answers
        repeat = self._member(step)[1]
        row: dict[str, Any] = self.answers[repeat.id][step.row]
        return row

    def _show(self, item: Item, step: Step) -> None:
        places = [one for one in self._steps() if one.item >= 0 and self._is_question(one)]
        place = self.words["term_place"].format(number=places.index(step) + 1, all=len(places))
        unit = item.unit or (item.currency if item.currency.isupper() else "")
        self.say(f"{place}: {item.label}" + (f" [{unit}]" if unit else ""))
        if item.hint:
            self.say(f"  {item.hint}")
        for sign, choice in zip(signs(item), item.choices, strict=True):
            self.say(f"  {sign}  {choice.label}")
        if item.type == "choices":
            self.say(f"  {self.words['term_several']}")
        if item.type == "date":
            self.say(f"  {self.words['term_date']}")
        value = self._kept(step).get(item.id)
        if value is not None:
            sheet = self._sheet()
            shown = value_words(item, value, lambda name: sheet.get(name, step.row))
            self.say(f"  {self.words['term_now'].format(answer=shown)}")


@dataclass
class Keeping:
    """Keeps a record in a file, where, why and for how long the person says.

    Attributes
    ----------
    read, say : callable
        As in :class:`Dialogue`.
    given : tuple of str
        Purpose, receiver and last day, as far as they are known; what is empty is asked.
    force : bool
        Whether a file that is there already may be replaced.
    passphrase : callable or None
        Asks for the passphrase that locks the file; ``None`` leaves it open.
    """

    read: Callable[[str], str]
    say: Callable[[str], None]
    given: tuple[str, str, str] = ("", "", "")
    force: bool = False
    passphrase: Callable[[], str] | None = None

    def run(self, instrument: Instrument, answers: Record, target: Path | None = None) -> bool:
        """Write the record; without a place nothing is written, and an answer is not lost for a wrong one.

        Returns
        -------
        bool
            Whether all went as the person wanted; ``False`` when it could not be written.

        Raises
        ------
        Problem
            ``CLI_009`` when the input ended before a place was named.
        """
        if not answers.answers:
            self.say("Nothing was answered, so nothing was written.")
            return True
        try:
            target = target or self._file()
            handling = self._handling() if target else Handling()
        except (EOFError, KeyboardInterrupt):
            if target is None:
                raise Problem("CLI_009") from None
            self.say("")
            purpose, receiver, keep = self.given
            handling = Handling(purpose, receiver, _day(keep))
        while target is not None:
            phrase = self.passphrase() if self.passphrase else None
            data = dumps(answers, instrument, handling=handling, passphrase=phrase).encode()
            try:
                forms.write([(target, partial(bytes, data))], force=self.force)
            except Problem as problem:
                self.say(str(problem))
                try:
                    target = self._file()
                except EOFError:
                    return False
                continue
            self.say(f"Written: {target}. It holds the answers: keep it where only those who need it can open it.")
            return True
        self.say("Nothing was written.")
        return True

    def _file(self) -> Path | None:
        while True:
            typed = self.read("Save to which file? (for example record.json; Enter alone: do not save) > ").strip()
            if not typed:
                return None
            path = Path(typed).expanduser()
            if not path.exists() or self.force:
                return path
            self.say(f"'{path.name}' is there already. Choose another name.")

    def _handling(self) -> Handling:
        """Ask what is not known yet: why it is saved, for whom, until when."""
        purpose, receiver, keep = self.given
        purpose = self._asked(purpose, "Why is it saved? (Enter: not stated)", lambda typed: Handling(purpose=typed))
        receiver = self._asked(
            receiver, "For whom? An office or a role, no name (Enter: not stated)",
            lambda typed: Handling(receiver=typed),
        )  # fmt: skip
        keep = self._asked(
            keep, "Keep until which day? As year-month-day (Enter: not stated)",
            lambda typed: Handling(keep_until=_day(typed)),
        )  # fmt: skip
        return Handling(purpose, receiver, _day(keep))

    def _asked(self, given: str, question: str, check: Callable[[str], Handling]) -> str:
        while not given:
            typed = self.read(f"{question} > ").strip()
            try:
                check(typed)
            except Problem as problem:
                self.say(f"{problem.what} {problem.todo}")
            else:
                return typed
        return given


def _day(typed: str) -> Any:
    # A text is checked, and read, by the record itself.
    return typed or None


def signs(item: Item) -> list[str]:
    """Return what is typed for each answer: its number, or its code where codes are numbers themselves."""
    codes = [choice.code for choice in item.choices]
    return codes if any(code.isdigit() for code in codes) else [str(n) for n in range(1, len(codes) + 1)]


def understood(item: Item, typed: str) -> Any:
    """Return the codes that a typed line means; what is not understood stays as typed.

    Parameters
    ----------
    item : Item
    typed : str
        Numbers, codes, words of the answers or their beginnings, when only one answer begins like that.

    Examples
    --------
    >>> from tools.instruments.model import Choice
    >>> item = Item("a", "choice", "A", choices=(Choice("yes", "Yes"), Choice("no", "No"), Choice("open", "Not known")))
    >>> [understood(item, typed) for typed in ("1", "n", "Not known", "not", "maybe")]
    ['yes', 'no', 'open', 'open', 'maybe']
    """
    if item.type == "choices":
        whole = _code(item, typed)
        return [whole] if whole else [_code(item, part) or part for part in re.split(r"[,;\s]+", typed) if part]
    return (_code(item, typed) or typed) if item.choices else typed


def _code(item: Item, typed: str) -> str:
    low = typed.casefold()
    codes = [choice.code for choice in item.choices]
    labels = [choice.label.casefold() for choice in item.choices]
    for known in (signs(item), codes, labels):
        if low in known:
            return codes[known.index(low)]
    for known in (codes, labels):
        found = [code for code, one in zip(codes, known, strict=True) if one.startswith(low)]
        if len(found) == 1:
            return found[0]
    return ""
