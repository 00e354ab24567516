"""Sealed files: a saved file that only a passphrase opens. The page reads and writes the same format.

A sealed file is JSON with these members, in this order::

    {"format": "ct-sealed/1", "kdf": "PBKDF2-HMAC-SHA256", "iterations": 600000, "salt": "…",
     "cipher": "AES-256-GCM", "nonce": "…", "data": "…"}

``book/reference/record-format.md`` describes it for people who write other programs.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from tools.errors import Problem

FORMAT: Final = "ct-sealed/1"
KDF: Final = "PBKDF2-HMAC-SHA256"
CIPHER: Final = "AES-256-GCM"
#: Rounds of the key derivation: what we write, and what we accept before doing any work.
ITERATIONS: Final = 600_000
ITERATIONS_MIN: Final = 100_000
ITERATIONS_MAX: Final = 5_000_000
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
#: Text is filled up to a multiple of this, so that the size of a file says little about the answers.
BLOCK: Final = 1024
SIZE_MAX: Final = 6_000_000
_LONE: Final = re.compile("[\ud800-\udfff]")


def is_sealed(text: str) -> bool:
    """Return whether a text claims to be a sealed file, of whatever version and however damaged.

    >>> is_sealed('{"format": "ct-sealed/9"}'), is_sealed('{"format": "ct-record/1"}')
    (True, False)
    """
    return re.match(r'\ufeff?\s*\{\s*"format"\s*:\s*"ct-sealed/', text) is not None


def seal(text: str, passphrase: str) -> str:
    """Return a sealed file that holds a text.

    Each call draws a new salt and a new nonce, so no two files are alike.

    Raises
    ------
    Problem
        ``SEA_005`` for an empty passphrase, ``SEA_007`` where the library is missing.
    """
    return _sealed(text, passphrase, secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES), ITERATIONS)


def _sealed(text: str, passphrase: str, salt: bytes, nonce: bytes, iterations: int) -> str:
    # A nonce may never be used twice with one key; only the test vectors give their own.
    header = {
        "format": FORMAT, "kdf": KDF, "iterations": iterations, "salt": _text64(salt),
        "cipher": CIPHER, "nonce": _text64(nonce),
    }  # fmt: skip
    data = _cipher(passphrase, salt, iterations).encrypt(nonce, pad(_bytes(text)), additional(header))
    return json.dumps({**header, "data": _text64(data)}, indent=2) + "\n"


def unseal(text: str, passphrase: str) -> str:
    """Return the text that a sealed file holds.

    Raises
    ------
    Problem
        ``SEA_001`` when the passphrase is wrong or the file was changed (nobody can tell which),
        ``SEA_002`` for another format or version, ``SEA_003`` for a file that is not complete,
        ``SEA_004`` for more or fewer rounds than are accepted, ``SEA_005`` for an empty passphrase,
        ``SEA_006`` for a file that is too large, ``SEA_007`` where the library is missing.
    """
    found = _read(text)
    salt, nonce, data = (_bytes64(found[key]) for key in ("salt", "nonce", "data"))
    if (
        len(salt) != SALT_BYTES
        or len(nonce) != NONCE_BYTES
        or len(data) <= TAG_BYTES
        or (len(data) - TAG_BYTES) % BLOCK
    ):
        raise Problem("SEA_003")
    from cryptography.exceptions import InvalidTag

    cipher = _cipher(passphrase, salt, found["iterations"])
    try:
        return unpad(cipher.decrypt(nonce, data, additional(found))).decode("utf-8")
    except (InvalidTag, ValueError):
        raise Problem("SEA_001") from None


def _read(text: str) -> Mapping[str, Any]:
    """Return the members of a sealed file after every check that needs no passphrase."""
    if len(text) > SIZE_MAX:
        raise Problem("SEA_006", size=f"{len(text):,} signs", limit=f"{SIZE_MAX:,}")
    try:
        found = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise Problem("SEA_003" if is_sealed(text) else "SEA_002", detail="it is not JSON") from None
    if not isinstance(found, dict) or not str(found.get("format", "")).startswith("ct-sealed/"):
        raise Problem("SEA_002", detail="it does not begin like one")
    for key, wanted in (("format", FORMAT), ("kdf", KDF), ("cipher", CIPHER)):
        if found.get(key) != wanted:
            raise Problem("SEA_002", detail=f"'{key}' is '{str(found.get(key))[:40]}', not '{wanted}'")
    if not all(isinstance(found.get(key), str) for key in ("salt", "nonce", "data")):
        raise Problem("SEA_003")
    rounds = found.get("iterations")
    if isinstance(rounds, bool) or not isinstance(rounds, int):
        raise Problem("SEA_003")
    if not ITERATIONS_MIN <= rounds <= ITERATIONS_MAX:
        raise Problem("SEA_004", found=str(rounds)[:20], low=f"{ITERATIONS_MIN:,}", high=f"{ITERATIONS_MAX:,}")
    return found


def additional(header: Mapping[str, Any]) -> bytes:
    r"""Return the header as the bytes that are authenticated beside the text.

    The members in their fixed order, one a line, without a line end after the last.

    >>> additional({"format": "a", "kdf": "b", "iterations": 1, "salt": "c", "cipher": "d", "nonce": "e"})
    b'a\nb\n1\nc\nd\ne'
    """
    return "\n".join(str(header[k]) for k in ("format", "kdf", "iterations", "salt", "cipher", "nonce")).encode()


def pad(data: bytes) -> bytes:
    """Return data with a byte 0x80 and zeros behind it, up to a multiple of :data:`BLOCK`."""
    marked = data + b"\x80"
    return marked + bytes(-len(marked) % BLOCK)


def unpad(data: bytes) -> bytes:
    r"""Return what was padded.

    >>> unpad(pad(b"text\0"))
    b'text\x00'
    """
    bare = data.rstrip(b"\0")
    if not bare.endswith(b"\x80"):
        raise ValueError("padding")
    return bare[:-1]


def _cipher(passphrase: str, salt: bytes, iterations: int) -> Any:
    if not passphrase:
        raise Problem("SEA_005")
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
    except ImportError:
        raise Problem("SEA_007") from None
    secret = _bytes(unicodedata.normalize("NFC", passphrase))
    return AESGCM(PBKDF2HMAC(SHA256(), 32, salt, iterations).derive(secret))


def _bytes(text: str) -> bytes:
    # Half a surrogate pair is no character; the page's encoder writes the replacement character, too.
    return _LONE.sub("\ufffd", text).encode("utf-8")


def _text64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Problem("SEA_003") from None
    # Base64 has several spellings of the same bytes; only one is taken.
    if _text64(data) != text:
        raise Problem("SEA_003")
    return data
