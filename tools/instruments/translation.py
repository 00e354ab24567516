"""The words of instruments in other languages.

Instruments have a gettext catalogue of their own, ``book/locale/<language>/LC_MESSAGES/instruments.po``,
applied when an instrument is loaded, so that every form made from it speaks the language. What is
not translated stays in English. Ids, codes and expressions are never translated.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from tools import content
from tools.instruments.model import Choice, Computed, Instrument, Item, Notice, Outcome, Picture, Repeat, Section

DOMAIN: Final = "instruments"

#: The fields that hold words for people.
TEXTS: Final[Mapping[type, tuple[str, ...]]] = {
    Choice: ("label",),
    Item: ("label", "hint", "about", "contested", "unit", "choices"),
    Computed: ("label", "hint", "choices"),
    Repeat: ("title", "row", "hint", "items", "computed"),
    Section: ("title", "intro", "members"),
    Outcome: ("title", "text", "next"),
    Notice: ("text",),
    Picture: ("title",),
    Instrument: (
        "title", "purpose", "status_note", "roles", "limits", "always", "paper", "sections", "computed", "outcomes",
        "notices", "picture",
    ),
}  # fmt: skip

Part = TypeVar("Part")


def messages(part: Any) -> Iterator[str]:
    """Yield every text of an instrument, or of a part of it, that people read."""
    if isinstance(part, str):
        if part:
            yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from messages(one)
    elif part is not None:
        for name in TEXTS[type(part)]:
            yield from messages(getattr(part, name))


def translated(part: Part, say: Callable[[str], str]) -> Part:
    """Return a copy of an instrument, or of a part of it, with every text passed through ``say``.

    >>> translated(Choice("yes", "Yes"), str.upper)
    Choice(code='yes', label='YES')
    """
    if isinstance(part, str):
        return say(part) if part else part  # type: ignore[return-value]
    if isinstance(part, tuple):
        return tuple(translated(one, say) for one in part)  # type: ignore[return-value]
    if part is None:
        return part
    changes = {name: translated(getattr(part, name), say) for name in TEXTS[type(part)]}
    return dataclasses.replace(part, **changes)  # type: ignore[type-var]


def catalogue_path(locale: str, domain: str = DOMAIN) -> Path:
    """Return where the catalogue of a language lies; it need not exist."""
    return content.LOCALE / locale / "LC_MESSAGES" / f"{domain}.po"


@lru_cache(maxsize=32)
def _catalogue(path: Path, _changed: int) -> Mapping[str, str]:
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        read = read_po(file)
    return {str(entry.id): str(entry.string) for entry in read if entry.id and entry.string and not entry.fuzzy}


def catalogue(locale: str, domain: str = DOMAIN) -> Mapping[str, str]:
    """Return English text -> translation; empty where a language has no catalogue. Unsure entries are left out."""
    path = catalogue_path(locale, domain)
    return _catalogue(path, path.stat().st_mtime_ns) if locale and path.is_file() else {}


def locales() -> tuple[str, ...]:
    """Return the languages that have a catalogue of instruments, besides English."""
    found = content.LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po")
    return tuple(sorted(path.parent.parent.name for path in found))


def share(instrument: Instrument, locale: str) -> float:
    """Return how much of an instrument, as it is written, a language has: 0 for nothing, 1 for all of it.

    Parameters
    ----------
    instrument : Instrument
        In English, as it is written.
    locale : str
    """
    known = catalogue(locale)
    texts = set(messages(instrument))
    return sum(text in known for text in texts) / len(texts)


def write_template(texts: Iterator[tuple[str, str]], path: Path) -> int:
    """Write a catalogue for translators.

    Parameters
    ----------
    texts : iterator of (str, str)
        Text, and where it stands.
    path : Path
        A ``.pot`` file.

    Returns
    -------
    int
        How many texts it holds.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    template = Catalog(project="Counter-trafficking practitioner guides", fuzzy=False)
    for text, place in texts:
        template.add(text, locations=[(place, 1)])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, template, sort_output=True, omit_header=True, no_location=False, include_lineno=False)
    return len(template)
