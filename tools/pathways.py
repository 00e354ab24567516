"""Ways through the book by role, and agendas of half a day, a day and three days made from them.

``data/pathways.yml`` says which pages and tools serve which role. How long a session lasts is worked out from its page: a
talk, the tool, the case, the debrief. The choice and the minutes are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tools import chapters, content
from tools.chapters import Chapter
from tools.errors import Problem, near
from tools.instruments import library

#: Minutes of the parts of a session; a tool takes what its definition says, within these bounds.
TALK, CASE, DEBRIEF = 5, 10, 10
TOOL_LEAST, TOOL_MOST = 10, 20
#: Minutes of what opens and closes a workshop.
WELCOME, TEST, CLOSE = 20, 10, 20
#: Minutes without a break, of a break, and of lunch.
STRETCH, BREAK, LUNCH = 90, 15, 60
#: Minutes after the beginning from which a pause is lunch.
LUNCH_AFTER = 150
#: The agendas: how many days, and the minutes of a day.
LENGTHS: Final[dict[str, tuple[int, int]]] = {"half-day": (1, 210), "one-day": (1, 420), "three-day": (3, 420)}


@dataclass(frozen=True)
class Pathway:
    """One role.

    Attributes
    ----------
    id, title, says, first : str
        Name, what is special in it, and the first thing to do.
    pages : tuple of str
        Names of pages without ``book/``, in the order of teaching.
    tools : tuple of str
        Ids of instruments.
    """

    id: str
    title: str
    says: str
    first: str
    pages: tuple[str, ...]
    tools: tuple[str, ...]

    def texts(self) -> Iterator[str]:
        """Yield every text that people read."""
        yield from (self.title, self.says, self.first)


@dataclass(frozen=True)
class Part:
    """Some minutes of a session.

    Attributes
    ----------
    what : str
        ``talk``, ``tool``, ``case`` or ``debrief``.
    minutes : int
    """

    what: str
    minutes: int


@dataclass(frozen=True)
class Session:
    """What is taught from one page."""

    chapter: Chapter
    parts: tuple[Part, ...]

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return sum(part.minutes for part in self.parts)


@dataclass(frozen=True)
class Slot:
    """A line of an agenda.

    Attributes
    ----------
    start : int
        Minutes after the workshop began that day.
    minutes : int
    what : str
        ``welcome``, ``test``, ``session``, ``exercise``, ``break``, ``lunch`` or ``close``.
    page : str
        The page of a session or of an exercise.
    """

    start: int
    minutes: int
    what: str
    page: str = ""


#: What fills a long workshop between the sessions: pages of the training part, with their minutes.
EXERCISES: Final[tuple[tuple[str, int], ...]] = (
    ("training/simulations", 45),
    ("training/cases", 45),
    ("training/agreement", 60),
    ("training/room-vote", 45),
    ("training/first-contact-to-plan", 60),
)


@cache
def load() -> tuple[Pathway, ...]:
    """Return the pathways of the book.

    Raises
    ------
    Problem
        ``PAT_001`` if the file is not what it should be, with the place.
    """
    import yaml

    where = content.relative(content.PATHWAYS)
    return read(yaml.safe_load(content.read_text(content.PATHWAYS)), where)


def read(raw: Any, where: str) -> tuple[Pathway, ...]:
    """Return pathways from their data, each name checked.

    Parameters
    ----------
    raw : list of dict
    where : str
        Name of the file, for messages.

    Raises
    ------
    Problem
        ``PAT_001``.
    """
    if not isinstance(raw, list) or not raw:
        raise Problem("PAT_001", where=where, what="It holds no list of roles.")
    known = set(content.instrument_ids())
    found: list[Pathway] = []
    for number, one in enumerate(raw, start=1):
        place = f"{where}, role {one.get('id', number) if isinstance(one, dict) else number}"
        keys = {"id", "title", "says", "first", "pages", "tools"}
        if not isinstance(one, dict) or set(one) != keys:
            raise Problem("PAT_001", where=place, what=f"It needs exactly: {', '.join(sorted(keys))}.")
        for page in one["pages"]:
            if not (content.BOOK / f"{page}.md").is_file():
                raise Problem("PAT_001", where=place, what=f"There is no page '{page}' in book/.")
        for tool in one["tools"]:
            if tool not in known:
                raise Problem(
                    "PAT_001", where=place, what=f"There is no instrument '{tool}'{near(tool, sorted(known))}."
                )
        if len(set(one["pages"])) < len(one["pages"]) or one["id"] in {other.id for other in found}:
            raise Problem("PAT_001", where=place, what="A page or the role itself stands twice.")
        found.append(
            Pathway(one["id"], one["title"], one["says"], one["first"], tuple(one["pages"]), tuple(one["tools"]))
        )
    return tuple(found)


def session(chapter: Chapter) -> Session:
    """Return a page as a session: a talk, its first tool, its case, a debrief.

    >>> [(part.what, part.minutes) for part in session(chapters.page("book/identification/missed")).parts]
    [('talk', 5), ('tool', 20), ('case', 10), ('debrief', 10)]
    """
    parts = [Part("talk", TALK)]
    if chapter.forms:
        asked = library.load(chapter.forms[0]).minutes or TOOL_LEAST
        parts.append(Part("tool", min(TOOL_MOST, max(TOOL_LEAST, asked))))
    if chapter.case:
        parts.append(Part("case", CASE))
    return Session(chapter, (*parts, Part("debrief", DEBRIEF)))


def of_guide(guide: str) -> tuple[Session, ...]:
    """Return a session for every chapter of a guide that has key points."""
    return tuple(session(one) for one in chapters.of_guide(guide) if one.is_taught)


def agenda(pages: Sequence[str], length: str) -> tuple[tuple[Slot, ...], ...]:
    """Return the days of a workshop.

    Sessions come in the order of the pages, as many as there is room for. A day opens with a welcome, and the workshop with
    a test; nobody sits for more than an hour and a half and a session; what is left of a long workshop goes to exercises.

    Parameters
    ----------
    pages : sequence of str
        Names of pages without ``book/``.
    length : str
        A key of :data:`LENGTHS`.

    Returns
    -------
    tuple of tuple of Slot
        One tuple for each day; no day is longer than it may be.

    Examples
    --------
    >>> (day,) = agenda(["identification/missed", "identification/interview"], "half-day")
    >>> [slot.what for slot in day][:3], day[-1].what
    (['welcome', 'test', 'session'], 'close')
    """
    days, minutes = LENGTHS[length]
    waiting = [("session", page, session(chapters.page(f"book/{page}")).minutes) for page in pages]
    exercises = [("exercise", page, needs) for page, needs in EXERCISES]
    a_day = -(-len(waiting) // days)
    planned = []
    for number in range(days):
        is_last = number == days - 1
        day = _Day(minutes)
        day.add("welcome", WELCOME)
        if number == 0:
            day.add("test", TEST)
        tail = CLOSE + (TEST if is_last else 0)
        # Each day of several ends with an exercise, so its room is kept.
        kept = [exercises.pop(0)] if days > 1 else []
        for pool, most in (
            (waiting, a_day),
            (exercises, len(exercises) // (days - number) if days > 1 else len(exercises)),
        ):
            for _ in range(most):
                if not pool or not day.has_room(pool[0][2], tail, [one[2] for one in kept]):
                    break
                what, page, needs = pool.pop(0)
                day.add(what, needs, page)
        for what, page, needs in kept:
            day.add(what, needs, page)
        if is_last:
            day.add("test", TEST)
        day.add("close", CLOSE)
        planned.append(tuple(day.slots))
    return tuple(planned)


class _Day:
    """A day that fills up, with a break before people tire and lunch in its middle."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        self.slots: list[Slot] = []
        self._sat = 0

    @property
    def _end(self) -> int:
        return self.slots[-1].start + self.slots[-1].minutes if self.slots else 0

    def _pause(self, needs: int) -> tuple[str, int]:
        """Return the pause that comes before something that takes so long; none is ('', 0)."""
        if self._sat + needs <= STRETCH or self._sat == 0:
            return "", 0
        is_long = self.minutes > LENGTHS["half-day"][1]
        had_lunch = any(slot.what == "lunch" for slot in self.slots)
        if is_long and not had_lunch and self._end >= LUNCH_AFTER:
            return "lunch", LUNCH
        return "break", BREAK

    def has_room(self, needs: int, tail: int, kept: Sequence[int] = ()) -> bool:
        """Whether something fits before what is kept for later and what closes the day."""
        trial = _Day(self.minutes)
        trial.slots, trial._sat = list(self.slots), self._sat
        for one in (needs, *kept):
            trial.add("session", one)
        return trial._end + tail <= self.minutes

    def add(self, what: str, needs: int, page: str = "") -> None:
        """Add a line, after a pause if one is due."""
        pause, rest = self._pause(needs) if what in {"session", "exercise"} else ("", 0)
        if pause:
            self.slots.append(Slot(self._end, rest, pause))
            self._sat = 0
        self.slots.append(Slot(self._end, needs, what, page))
        self._sat += needs
