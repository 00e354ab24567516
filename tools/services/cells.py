"""One cell of a sheet at a time: what it says, or what is wrong with it."""

from __future__ import annotations

import datetime
import re
import unicodedata
from itertools import pairwise
from typing import Final

from tools.errors import Problem, near
from tools.services import codes
from tools.services.columns import DAY_COLUMNS, Column
from tools.services.model import DAYS, Language, Schedule

TEXT_MAX: Final = 2_000
_PHONE: Final = re.compile(r"\+?[0-9(][0-9 ()./-]{0,28}[0-9)](?: ?(?:ext\.?|x) ?[0-9]{1,6})?", re.I)
_EMAIL: Final = re.compile(r"[^\s@<>\"',;:()]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}", re.I)
_URL: Final = re.compile(r"https?://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}(?::[0-9]{1,5})?(?:[/?#][^\s<>\"]{0,500})?", re.I)  # fmt: skip
_SPAN: Final = re.compile(r"([0-2]?[0-9])[:.h]([0-5][0-9]) ?[-\u2013\u2014] ?([0-2]?[0-9])[:.h]([0-5][0-9])")
_COORDINATE: Final = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?")
_TITLE: Final = re.compile(r"(?:mr|mrs|ms|miss|dr|prof|pak|bapak|ibu|sir|madam|sister|father|rev)\b\.? +\S", re.I)
_ROLE: Final = frozenset(
    re.findall(
        r"\S+",
        "adviser advisor assistant board case centre chief clerk clinic consul coordinator counsellor department desk "
        "director doctor duty editor embassy general head health help helpdesk hotline house inspector intake interpreter "
        "labour lawyer legal lead line manager matron medical midwife nurse office officer on-call operator paralegal "
        "police point psychologist reception receptionist secretary section service services shelter shift social staff "
        "supervisor support team unit ward warden worker workers focal person protection attaché union",
    )
)


def split(text: str) -> list[str]:
    """Return the parts of a cell that holds several, without empty ones.

    >>> split("English; Khmer;")
    ['English', 'Khmer']
    """
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def code(column: Column, text: str) -> str:
    """Return the code that a cell means; ``DIR_002`` for one that is not in the list."""
    found = codes.find(column.codes, text)
    if found is None:
        known = [one.name for one in codes.codes(column.codes).values()]
        raise Problem("DIR_002", value=short(text), label=column.label, near=near(text, known), known=", ".join(known))
    return found


def date(column: Column, text: str) -> datetime.date:
    """Return a date; ``DIR_003`` for anything but year-month-day."""
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise Problem("DIR_003", value=short(text), label=column.label) from None


def age(column: Column, text: str) -> int:
    """Return an age in whole years; ``DIR_005``."""
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > 120:
        raise Problem("DIR_005", value=short(text), label=column.label)
    return int(text)


def phone(column: Column, text: str) -> str:
    """Return a number that can be dialled; ``DIR_007``.

    >>> from tools.services.columns import SERVICES, by_heading
    >>> phone(by_heading(SERVICES, "phone"), "＋９９９ 10-200")
    '+999 10-200'
    """
    number = unicodedata.normalize("NFKC", text).replace("\u2011", "-").strip()
    if not _PHONE.fullmatch(number) or not 2 <= sum(sign.isdigit() for sign in number) <= 21:
        raise Problem("DIR_007", value=short(text), label=column.label)
    return number


def email(column: Column, text: str) -> str:
    """Return an address for letters; ``DIR_009``."""
    if not _EMAIL.fullmatch(text):
        raise Problem("DIR_009", value=short(text), label=column.label)
    return text


def url(column: Column, text: str) -> str:
    """Return the address of a page; ``DIR_010`` unless it is one of the web."""
    if not _URL.fullmatch(text):
        raise Problem("DIR_010", value=short(text), label=column.label)
    return text


def coordinate(column: Column, text: str) -> str:
    """Return a coordinate as it was typed; ``DIR_031``."""
    if not _COORDINATE.fullmatch(text) or abs(float(text)) > (90 if column.key == "latitude" else 180):
        raise Problem("DIR_031", value=short(text), label=column.label)
    return text


def country(column: Column, text: str) -> str:
    """Return a country's two letters; ``DIR_032``."""
    if not re.fullmatch("[A-Za-z]{2}", text):
        raise Problem("DIR_032", value=short(text), label=column.label)
    return text.upper()


def hours(column: Column, text: str) -> tuple[Schedule, ...]:
    """Return the spans of one day; ``DIR_008``.

    >>> from tools.services.columns import SERVICES, by_heading
    >>> [(s.day, s.opens, s.closes) for s in hours(by_heading(SERVICES, "friday"), "9:00-12:00; 22:00–02:00")]
    [('FR', 540, 720), ('FR', 1320, 1560)]
    """
    day = DAYS[DAY_COLUMNS.index(column.key)]
    if codes.folded(text) in ("closed", "-", "no"):
        return ()
    if codes.folded(text) in ("24h", "24 h", "24 hours", "24/7"):
        return (Schedule(day, 0, 1440),)
    found = []
    for part in split(text):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise Problem("DIR_008", value=short(text), label=column.label)
        opens, closes = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if opens >= 1440 or closes > 1440 or opens == closes:
            raise Problem("DIR_008", value=short(text), label=column.label)
        found.append(Schedule(day, opens, closes + (1440 if closes < opens else 0)))
    found.sort(key=lambda span: span.opens)
    if any(before.closes > after.opens for before, after in pairwise(found)):
        raise Problem("DIR_008", value=short(text), label=column.label)
    return tuple(found)


def languages(text: str) -> tuple[tuple[Language, ...], tuple[Problem, ...]]:
    """Return languages, and ``DIR_011`` for each without a code: it is kept by its name."""
    found, said = [], []
    for part in split(text):
        known = codes.language(part)
        if known is None:
            said.append(Problem("DIR_011", value=short(part), near=near(part, codes.languages().values())))
        found.append(Language(*known) if known else Language("", part))
    return tuple(found), tuple(said)


def looks_like_a_name(text: str) -> bool:
    """Tell whether a cell that asks for a role seems to hold a person's name.

    >>> [looks_like_a_name(t) for t in ("Dr Example", "Ana Example", "Duty Lawyer", "reception")]
    [True, True, False, False]
    """
    words = [word.strip(".,()") for word in re.split(r"[\s/]+", text) if word.strip(".,()")]
    if any(word.casefold() in _ROLE for word in words):
        return False
    return bool(_TITLE.match(text)) or (2 <= len(words) <= 4 and all(word[:1].isupper() for word in words))


def short(text: str) -> str:
    """Return the beginning of a text, on one line, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "…"
