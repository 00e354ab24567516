"""Linking records of one person across organisations without passing names on.

From weakest to strongest protection of what is passed on: the key SLK-581 as it is, a plain hash of it (which anybody can
undo by trying every key), and a hash with a secret. None of them makes data anonymous. The secret belongs to one trusted
body, never into a form, and is changed for each project and year.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import secrets
import string
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from tools.errors import Problem

SEX: Final[Mapping[str, str]] = {"male": "1", "female": "2", "other": "3", "unknown": "9"}
"""Codes of the published key; ``other`` is other or indeterminate."""
SECRET_BYTES: Final = 32
_MISSING: Final = "9"
_TOO_SHORT: Final = "2"
_FAMILY: Final = (2, 3, 5)
_GIVEN: Final = (2, 3)

# --- The key ----------------------------------------------------------------------------------------------------------


def letters(name: str) -> str:
    """Return the letters A to Z of a name: marks stripped, upper case, all else dropped.

    Names in another script come out empty: write them in Latin letters first, by one agreed rule.

    >>> letters("O'Brien-Smith"), letters("Ñúñez"), letters("Đurić"), letters("Ольга")
    ('OBRIENSMITH', 'NUNEZ', 'DURIC', '')
    """
    # These letters have no parts to take apart; the spelling is that of passports, cut to one letter where it can be.
    spelt = name.translate(_SPELT)
    taken_apart = unicodedata.normalize("NFKD", spelt).upper()
    return "".join(letter for letter in taken_apart if letter in string.ascii_uppercase)


_SPELT: Final = str.maketrans(
    {"Đ": "D", "đ": "d", "Ł": "L", "ł": "l", "Ø": "O", "ø": "o", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Þ": "TH",
     "þ": "th", "ß": "ss", "ı": "i"}
)  # fmt: skip


def _picked(name: str, places: tuple[int, ...]) -> str:
    written = letters(name)
    if not written:
        return _MISSING * len(places)
    return "".join(written[place - 1] if place <= len(written) else _TOO_SHORT for place in places)


def slk581(family: str, given: str, born: date, sex: str) -> str:
    """Return the statistical linkage key SLK-581 (Australian Institute of Health and Welfare).

    Letters 2, 3 and 5 of the family name, letters 2 and 3 of the given name, date of birth, sex: fourteen characters.
    The key holds the whole date of birth, so it is personal data. Same key is not same person, and the other way round.

    Parameters
    ----------
    family, given : str
        Names; a missing one becomes nines, a letter that is not there becomes 2.
    born : date
        Date of birth. Keep beside the key how exact it is.
    sex : {"male", "female", "other", "unknown"}

    Raises
    ------
    Problem
        ``EST_013`` if the sex is none of these.

    Examples
    --------
    >>> slk581("Smith", "John", date(1990, 1, 1), "male")
    'MIHOH010119901'
    """
    if sex not in SEX:
        raise Problem("EST_013", value=sex, known=", ".join(SEX))
    return f"{_picked(family, _FAMILY)}{_picked(given, _GIVEN)}{born:%d%m}{born.year:04d}{SEX[sex]}"


# --- Hashes -----------------------------------------------------------------------------------------------------------


def new_secret() -> bytes:
    """Return a fresh secret; keep it with one trusted body, and never in a form, a mail or a table."""
    return secrets.token_bytes(SECRET_BYTES)


def blinded(key: str, secret: bytes, project: str) -> str:
    """Return a key hashed with a secret (HMAC-SHA-256), for one project.

    Whoever has the secret can try every key, so the hash protects only from those who have not. The same key in
    another project, or with next year's secret, gives another hash: the two cannot be joined.

    Parameters
    ----------
    key : str
        For example an SLK-581.
    secret : bytes
        At least 32 bytes, as from :func:`new_secret`.
    project : str
        Name and year, such as ``"overlap 2026"``.

    Raises
    ------
    Problem
        ``EST_014`` if the secret is too short, ``EST_015`` if key or project is empty.

    Examples
    --------
    >>> one = blinded("MIHOH010119901", b"0" * 32, "overlap 2026")
    >>> len(one), one == blinded("MIHOH010119901", b"0" * 32, "overlap 2027")
    (64, False)
    """
    if len(secret) < SECRET_BYTES:
        raise Problem("EST_014", bytes=len(secret), least=SECRET_BYTES)
    if not key.strip() or not project.strip():
        raise Problem("EST_015")
    # The length stands first, so that no two pairs of project and key give the same text.
    text = f"{len(project)}:{project}:{key}".encode()
    return hmac.new(secret, text, hashlib.sha256).hexdigest()


def undo_plain_hash(digest: str, years: range = range(1940, 2026)) -> str | None:
    """Return the initials and birth year behind a plain SHA-256, found by trying all of them.

    This is why a hash without a secret is not anonymous: there are only 26 x 26 initials and a hundred years, and a
    laptop tries them in a fraction of a second.

    Examples
    --------
    >>> undo_plain_hash(hashlib.sha256(b"JS1990").hexdigest())
    'JS1990'
    """
    for first, second, year in itertools.product(string.ascii_uppercase, string.ascii_uppercase, years):
        tried = f"{first}{second}{year}"
        if hashlib.sha256(tried.encode()).hexdigest() == digest:
            return tried
    return None


def chance_matches(records: int, keys: int) -> float:
    """Return how many pairs of different people share a key by chance, if all keys are equally likely.

    ``n (n - 1) / (2 K)``; real keys are not equally likely, so there will be more.

    >>> round(chance_matches(1000, 67_600), 3), round(chance_matches(1000, 26**5 * 365 * 80), 6)
    (7.389, 1e-06)
    """
    if records < 0 or keys < 1:
        raise Problem("EST_016", records=records, keys=keys)
    return records * (records - 1) / (2 * keys)


# --- Duplicates -------------------------------------------------------------------------------------------------------


def same_key(records: Iterable[tuple[str, str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each key that stands at more than one record, with the records; nothing is deleted.

    Parameters
    ----------
    records : iterable of (record, key)
        Keys with a missing part (a ``9`` in the names) are passed over: they match whom they should not.

    Examples
    --------
    >>> list(same_key([("a1", "MIHOH010119901"), ("b7", "MIHOH010119901"), ("c2", "999OH010119901")]))
    [('MIHOH010119901', ('a1', 'b7'))]
    """
    found: dict[str, list[str]] = {}
    for record, key in records:
        if _MISSING not in key[:5]:
            found.setdefault(key, []).append(record)
    yield from ((key, tuple(where)) for key, where in sorted(found.items()) if len(where) > 1)
