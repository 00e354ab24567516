"""Screen scripts of how-to videos: pictures with captions in the book, and a text to film from, with times.

A film would be heavy, and nobody could mend it. The script is a list that reads without pictures, prints, and works without
a network; whoever films it does so in their own language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, Final

from tools import content
from tools.errors import Problem, near
from tools.surfaces.words import WORDS

#: Words in a caption: more cannot be read aloud in its seconds.
MOST_WORDS: Final = 20
#: Letters of a line on the screen of a picture, lines, and how long a step may last.
LINE_MOST, LINES_MOST = 40, 4
SECONDS_LEAST, SECONDS_MOST = 3, 20
_KEYS: Final = {"says", "seconds", "screen", "lines"}
_MAY: Final = {"buttons", "press"}


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    says : str
        The caption, read aloud.
    seconds : int
        How long it is shown.
    screen : str
        The head of the window or paper.
    lines, buttons : tuple of str
        What it shows; the words of its buttons.
    press : str
        The words of the button that is used; may be empty.
    """

    says: str
    seconds: int
    screen: str
    lines: tuple[str, ...]
    buttons: tuple[str, ...]
    press: str

    @property
    def seen(self) -> str:
        """What the picture shows, for those who do not see it."""
        parts = [f"{self.screen}. {'; '.join(self.lines)}."]
        if self.buttons:
            parts.append(f"Buttons: {', '.join(self.buttons)}.")
        if self.press:
            parts.append(f"Used: {self.press}.")
        return " ".join(parts)


@dataclass(frozen=True)
class Storyboard:
    """One script."""

    id: str
    title: str
    shows: str
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> int:
        """How long it lasts."""
        return sum(step.seconds for step in self.steps)


@cache
def load() -> tuple[Storyboard, ...]:
    """Return the storyboards of the book.

    Raises
    ------
    Problem
        ``STO_001`` if the file is not what it should be, with the place.
    """
    import yaml

    return read(yaml.safe_load(content.read_text(content.STORYBOARDS)), content.relative(content.STORYBOARDS))


def find(name: str) -> Storyboard:
    """Return one storyboard.

    Raises
    ------
    Problem
        ``STO_002`` if there is none of that name.
    """
    known = {one.id: one for one in load()}
    if name not in known:
        raise Problem("STO_002", found=name, near=near(name, known))
    return known[name]


def read(raw: Any, where: str) -> tuple[Storyboard, ...]:
    """Return storyboards from their data, each step checked.

    Parameters
    ----------
    raw : list of dict
    where : str
        Name of the file, for messages.

    Raises
    ------
    Problem
        ``STO_001``.
    """
    if not isinstance(raw, list) or not raw:
        raise Problem("STO_001", where=where, what="It holds no list of storyboards.")
    found: list[Storyboard] = []
    for number, one in enumerate(raw, start=1):
        place = f"{where}, storyboard {one.get('id', number) if isinstance(one, dict) else number}"
        if not isinstance(one, dict) or set(one) != {"id", "title", "shows", "steps"} or not one["steps"]:
            raise Problem("STO_001", where=place, what="It needs exactly: id, title, shows, steps.")
        if one["id"] in {other.id for other in found}:
            raise Problem("STO_001", where=place, what="It stands twice.")
        steps = tuple(_step(step, f"{place}, step {at}") for at, step in enumerate(one["steps"], start=1))
        found.append(Storyboard(one["id"], one["title"], one["shows"], steps))
    return tuple(found)


def _step(raw: Any, where: str) -> Step:
    def wrong(what: str) -> Problem:
        return Problem("STO_001", where=where, what=what)

    if not isinstance(raw, dict) or not _KEYS <= set(raw) <= _KEYS | _MAY:
        raise wrong(f"It needs {', '.join(sorted(_KEYS))}, and may have {', '.join(sorted(_MAY))}.")
    if len(str(raw["says"]).split()) > MOST_WORDS:
        raise wrong(f"The caption has more than {MOST_WORDS} words.")
    if type(raw["seconds"]) is not int or not SECONDS_LEAST <= raw["seconds"] <= SECONDS_MOST:
        raise wrong(f"Seconds are a whole number from {SECONDS_LEAST} to {SECONDS_MOST}.")
    lines = [str(line) for line in raw["lines"]]
    if len(lines) > LINES_MOST or any(len(line) > LINE_MOST for line in [*lines, str(raw["screen"])]):
        raise wrong(f"A picture has at most {LINES_MOST} lines of at most {LINE_MOST} letters.")
    buttons = list(raw.get("buttons", ()))
    for key in buttons:
        if key not in WORDS:
            raise wrong(f"There are no words '{key}' in tools/surfaces/words.py{near(key, WORDS)}.")
    press = raw.get("press", "")
    if press and press not in buttons:
        raise wrong(f"'{press}' is used and is not among the buttons.")
    return Step(
        str(raw["says"]), raw["seconds"], str(raw["screen"]), tuple(lines), tuple(WORDS[key] for key in buttons),
        WORDS[press] if press else "",
    )  # fmt: skip


# --- The picture ---

_WIDTH, _LEFT, _ROW = 340, 14, 22


def picture(step: Step) -> str:
    """Return the picture of a step: one ``<svg>`` in the colour of the text around it, without styles and scripts."""
    parts, y = [], 48
    for line in step.lines:
        parts.append(f'<text x="{_LEFT}" y="{y}">{escape(line)}</text>')
        y += _ROW
    for row in _rows(step.buttons):
        x = float(_LEFT)
        for label in row:
            wide = _wide(label)
            used = label == step.press
            heavy = ' font-weight="bold"' if used else ""
            parts.append(
                f'<rect x="{x}" y="{y - 10}" width="{wide}" height="28" rx="5" fill="currentColor" '
                f'fill-opacity="{".18" if used else "0"}" stroke="currentColor" stroke-width="{3 if used else 1}"/>'
                f'<text x="{x + wide / 2}" y="{y + 8}" text-anchor="middle"{heavy}>'
                f"{escape(label)}</text>"
            )
            x += wide + 8
        y += 38
    high = y - 4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {high}" width="{_WIDTH}" height="{high}" '
        f'role="img" aria-label="{escape(step.seen)}" font-size="13" fill="currentColor">'
        f'<rect x="1" y="1" width="{_WIDTH - 2}" height="{high - 2}" rx="8" fill="none" stroke="currentColor"/>'
        f'<path d="M1 26V9a8 8 0 0 1 8-8H{_WIDTH - 9}a8 8 0 0 1 8 8V26z" fill-opacity=".1"/>'
        f'<text x="{_LEFT}" y="18" font-weight="bold">{escape(step.screen)}</text>{"".join(parts)}</svg>'
    )


def _wide(label: str) -> float:
    return len(label) * 7.4 + 18


def _rows(labels: Sequence[str]) -> Iterator[list[str]]:
    row: list[str] = []
    for label in labels:
        if row and sum(map(_wide, [*row, label])) + 8 * len(row) > _WIDTH - 2 * _LEFT:
            yield row
            row = []
        row.append(label)
    if row:
        yield row


# --- The script ---


def _clock(seconds: int) -> str:
    return f"00:{seconds // 60:02}:{seconds % 60:02}.000"


def _timed(one: Storyboard) -> Iterator[tuple[int, int, Step]]:
    start = 0
    for step in one.steps:
        yield start, start + step.seconds, step
        start += step.seconds


def captions(one: Storyboard) -> str:
    """Return the captions as WebVTT, for a film that follows the script."""
    cues = [
        f"{_clock(start)} --> {_clock(end)}\n{escape(step.says, quote=False)}\n" for start, end, step in _timed(one)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def script(one: Storyboard) -> str:
    """Return the script as plain text: times, what is seen, what is said."""
    lines = [one.title, "=" * len(one.title), "", one.shows, f"{one.seconds} seconds, {len(one.steps)} steps.", ""]
    for number, (start, end, step) in enumerate(_timed(one), start=1):
        lines += [f"{number}. {start}-{end} s", f"   Say:  {step.says}", f"   Show: {step.seen}", ""]
    lines.append("Film made-up answers only. Show no face, no name, and no real place.")
    return "\n".join(lines) + "\n"
