"""Code lists of the services directory: what may stand in a cell, and the plain words for it."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from tools import content

#: The lists, by the name a column calls them.
LISTS: Final = ("types", "status", "cost", "settings", "phone-types", "organisation-types", "answers", "terms")


@dataclass(frozen=True)
class Code:
    """One entry of a list.

    Attributes
    ----------
    code : str
        What files hold.
    name : str
        What a drop-down shows.
    plain : str
        What a booklet says; empty where it says nothing.
    """

    code: str
    name: str
    plain: str


@cache
def codes(name: str) -> Mapping[str, Code]:
    """Return a list by code, in its order.

    >>> codes("status")["temporarily closed"].name
    'Closed for now'
    """
    text = content.read_text(content.CODELISTS / f"service-{name}.csv")
    return {row["code"]: Code(row["code"], row["name"], row["plain"]) for row in csv.DictReader(io.StringIO(text))}


@cache
def _known(name: str) -> Mapping[str, str]:
    return {folded(word): one.code for one in codes(name).values() for word in (one.name, one.code)}


def find(name: str, typed: str) -> str | None:
    """Return the code that somebody meant by a code or a name, or nothing.

    >>> find("types", " legal HELP "), find("types", "magic")
    ('legal', None)
    """
    return _known(name).get(folded(typed))


def folded(text: str) -> str:
    """Return a text as it is compared: one case, one width, single spaces.

    >>> folded("  Médecins  DU monde ")
    'médecins du monde'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def languages() -> Mapping[str, str]:
    """Return the languages that have a name in English, by their code."""
    from babel import Locale

    named = Locale("en").languages
    return {code: name for code, name in named.items() if len(code) in (2, 3)}


@cache
def _language_names() -> Mapping[str, str]:
    return {folded(name): code for code, name in languages().items()}


def language(typed: str) -> tuple[str, str] | None:
    """Return the code and the English name of a language that somebody typed as either.

    >>> language("Khmer"), language("id"), language("Klingonese")
    (('km', 'Khmer'), ('id', 'Indonesian'), None)
    """
    asked = folded(typed)
    code = asked if asked in languages() else _language_names().get(asked)
    return None if code is None else (code, languages()[code])
