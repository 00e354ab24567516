"""Flash cards for learning alone: an Anki deck for each guide, and one of the field's words.

A card asks what a chapter's mistakes, a quiz or the glossary answer. A card keeps its number as long as its question stays
as it is, so that a newer deck updates the older one and nothing that was learnt is lost.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

from tools import chapters, content, quizzes
from tools.instruments import library

#: The deck that is of no guide.
WORDS: Final = "words"
_TIME: Final = 1_764_000_000.0
_ENTRY = re.compile(r"^(\S.*)\n((?:[ ]{2,}\S.*\n?|\n(?=[ ]{2}))+)", flags=re.M)


def cards(deck: str) -> tuple[tuple[str, str], ...]:
    """Return the cards of a deck as question and answer, in plain text.

    Parameters
    ----------
    deck : str
        A guide's folder in ``book/``, or :data:`WORDS`.

    Raises
    ------
    Problem
        ``SLI_001`` if there is no such guide.
    """
    found = _glossary() if deck == WORDS else _guide(deck)
    return tuple(dict(found).items())


def _guide(guide: str) -> Iterator[tuple[str, str]]:
    for one in chapters.of_guide(guide):
        for mistake, instead in one.mistakes:
            yield f"{one.title}. Watch out: {mistake}. What do you do instead?".replace("?.", "?"), instead
    for name in quizzes.of_guide(guide):
        for question in quizzes.questions(library.load(name)):
            yield question.ask, f"{question.answer}. {question.why}".strip()


def _glossary() -> Iterator[tuple[str, str]]:
    text = content.read_text(content.BOOK / "reference" / "glossary.md")
    inside = text.split("```{glossary}", 1)[1].split("```", 1)[0]
    for term, body in _ENTRY.findall(inside.strip() + "\n"):
        yield chapters.plain(term), chapters.plain(body)


def write(deck: str, path: Path) -> int:
    """Write a deck as an Anki file, and return how many cards it has."""
    import genanki  # type: ignore[import-untyped]

    found = cards(deck)
    title = "Words of the field" if deck == WORDS else chapters.of_guide(deck)[0].title
    made = genanki.Deck(_number(f"deck:{deck}"), f"Practitioner guides::{title}")
    model = _model(genanki)
    for front, back in found:
        note = genanki.Note(model, [escape(front), escape(back)], guid=genanki.guid_for(deck, front))
        made.add_note(note)
    path.parent.mkdir(parents=True, exist_ok=True)
    genanki.Package(made).write_to_file(str(path), timestamp=_TIME)
    return len(found)


def _model(library_: Any) -> Any:
    side = '{{Front}}<hr id="answer">{{Back}}'
    css = ".card { font-family: sans-serif; font-size: 20px; text-align: left; max-width: 34em; margin: 0 auto }"
    return library_.Model(
        _number("model:guides"), "Guides: question and answer", fields=[{"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "Card", "qfmt": "{{Front}}", "afmt": side}], css=css,
    )  # fmt: skip


def _number(name: str) -> int:
    """Return a number that is the same for the same name, as Anki wants its ids.

    >>> _number("deck:words") == _number("deck:words"), 1 << 30 <= _number("deck:words") < 1 << 31
    (True, True)
    """
    return (1 << 30) + int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % (1 << 30)
