"""Sealed files: the vectors, round trips, every change refused, every refusal with its words."""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import pytest
from cases import vectors
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.errors import Problem
from tools.instruments import seal

VECTORS: list[dict[str, Any]] = json.loads((vectors.HERE / "sealed.json").read_text(encoding="utf-8"))["sealed"]
RECORD = next(case for case in VECTORS if case["id"] == "record")


def quickly(text: str, passphrase: str) -> str:
    """Return a sealed file with the fewest rounds that are accepted, so that many fit into a test."""
    return seal._sealed(text, passphrase, bytes(16), bytes(12), seal.ITERATIONS_MIN)


def changed(**changes: Any) -> str:
    """Return the sealed record of the vectors with some members changed, or left out where ``None``."""
    found = RECORD["sealed"] | changes
    return json.dumps({key: value for key, value in found.items() if value is not None})


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["id"])
def test_the_vectors_open_and_are_written_again(case: dict[str, Any]) -> None:
    file = case["sealed"]
    assert seal.unseal(json.dumps(file), case["passphrase"]) == case["text"]
    salt, nonce = base64.b64decode(file["salt"]), base64.b64decode(file["nonce"])
    assert json.loads(seal._sealed(case["text"], case["passphrase"], salt, nonce, file["iterations"])) == file


def test_what_is_written_is_slow_and_new_each_time() -> None:
    one, other = (json.loads(seal.seal("text", "a passphrase")) for _ in range(2))
    assert list(one) == ["format", "kdf", "iterations", "salt", "cipher", "nonce", "data"]
    assert one["iterations"] >= 600_000
    assert all(one[key] != other[key] for key in ("salt", "nonce", "data"))
    assert seal.unseal(json.dumps(one), "a passphrase") == "text"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=3000), st.text(min_size=1, max_size=40))
def test_any_text_comes_back(text: str, passphrase: str) -> None:
    assert seal.unseal(quickly(text, passphrase), passphrase) == text


def test_half_a_character_does_not_stop_the_sealing() -> None:
    assert seal.unseal(quickly("a\ud800b", "x\udfff"), "x\udfff") == "a\ufffdb"


@pytest.mark.parametrize(("length", "blocks"), [(0, 1), (1023, 1), (1024, 2), (2047, 2), (2048, 3)])
def test_the_size_tells_little(length: int, blocks: int) -> None:
    data = base64.b64decode(json.loads(quickly("a" * length, "x"))["data"])
    assert len(data) == blocks * 1024 + 16


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize("passphrase", ["x", "Correct Horse", RECORD["passphrase"] + " ", RECORD["passphrase"].upper()])
def test_a_wrong_passphrase_is_told(passphrase: str) -> None:
    with pytest.raises(Problem) as caught:
        seal.unseal(changed(), passphrase)
    assert caught.value.code == "SEA_001"
    assert caught.value.what == "The passphrase is wrong, or the file was changed."


def flipped(text: str, at: int) -> str:
    """Return base64 text with one bit of one byte changed."""
    data = bytearray(base64.b64decode(text))
    data[at] ^= 1
    return base64.b64encode(bytes(data)).decode()


# The first, a middle and the last byte of every part; the last sixteen bytes of the data are its tag.
TAMPERED = [
    *(("salt", flipped(RECORD["sealed"]["salt"], at)) for at in (0, 7, 15)),
    *(("nonce", flipped(RECORD["sealed"]["nonce"], at)) for at in (0, 6, 11)),
    *(("data", flipped(RECORD["sealed"]["data"], at)) for at in (0, 100, 500, 1023, 1024, 1032, 1039)),
    ("iterations", 100_001),
    ("iterations", 600_000),
]


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(("key", "value"), TAMPERED, ids=[f"{key} {n}" for n, (key, _) in enumerate(TAMPERED)])
def test_every_change_is_noticed(key: str, value: Any) -> None:
    with pytest.raises(Problem) as caught:
        seal.unseal(changed(**{key: value}), RECORD["passphrase"])
    assert caught.value.code == "SEA_001"


DATA = RECORD["sealed"]["data"]
WRONG = [
    ("SEA_002", "", ["not JSON"]),
    ("SEA_002", "hello", ["not JSON"]),
    ("SEA_002", "[]", ["does not begin"]),
    ("SEA_002", '{"format": "ct-record/1"}', ["does not begin"]),
    ("SEA_002", changed(format="ct-sealed/2"), ["'ct-sealed/2'", "'ct-sealed/1'"]),
    ("SEA_002", changed(kdf="scrypt"), ["'kdf'", "'scrypt'"]),
    ("SEA_002", changed(cipher="AES-128-CBC"), ["'cipher'"]),
    ("SEA_002", changed(cipher=None), ["'cipher'"]),
    ("SEA_003", changed()[:-1], ["not complete"]),
    ("SEA_003", changed()[:300], ["not complete"]),
    ("SEA_003", changed()[:25], ["not complete"]),
    ("SEA_003", changed(data=None), []),
    ("SEA_003", changed(salt=None), []),
    ("SEA_003", changed(nonce=12), []),
    ("SEA_003", changed(iterations="600000"), []),
    ("SEA_003", changed(iterations=True), []),
    ("SEA_003", changed(iterations=600000.5), []),
    ("SEA_003", changed(data=DATA[:-4]), []),
    ("SEA_003", changed(data=DATA[:400]), []),
    ("SEA_003", changed(data=""), []),
    ("SEA_003", changed(data=DATA[:-1]), []),
    ("SEA_003", changed(data=DATA[:40] + "\n" + DATA[40:]), []),
    ("SEA_003", changed(data="!" + DATA[1:]), []),
    ("SEA_003", changed(salt="AAAA"), []),
    ("SEA_003", changed(nonce=RECORD["sealed"]["salt"]), []),
    ("SEA_003", changed(salt=RECORD["sealed"]["salt"].replace("Q==", "R==")), []),  # the same bytes, spelt otherwise
    ("SEA_004", changed(iterations=99_999), ["99999", "100,000", "5,000,000"]),
    ("SEA_004", changed(iterations=5_000_001), []),
    ("SEA_004", changed(iterations=-1), []),
    ("SEA_004", changed(iterations=10**30), []),
    ("SEA_006", " " * 6_000_001, ["6,000,001 signs"]),
]  # fmt: skip


@pytest.mark.promise("input-messages", "input-limits")
@pytest.mark.parametrize(("code", "text", "said"), WRONG, ids=[f"{n} {case[0]}" for n, case in enumerate(WRONG)])
def test_what_cannot_be_opened_is_told_before_any_work(code: str, text: str, said: list[str], monkeypatch) -> None:
    monkeypatch.setattr(seal, "_cipher", lambda *_: pytest.fail("the slow part ran"))
    with pytest.raises(Problem) as caught:
        seal.unseal(text, "x")
    assert caught.value.code == code
    for words in said:
        assert words in str(caught.value)


def test_an_empty_passphrase_is_refused_both_ways() -> None:
    for act in (lambda: seal.seal("text", ""), lambda: seal.unseal(changed(), "")):
        with pytest.raises(Problem) as caught:
            act()
        assert caught.value.code == "SEA_005"


def test_a_missing_library_is_told_with_its_remedy(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers.aead", None)
    with pytest.raises(Problem) as caught:
        seal.seal("text", "x")
    assert caught.value.code == "SEA_007"
    assert "pip install" in str(caught.value)


def test_the_library_is_loaded_only_when_it_is_needed() -> None:
    import subprocess

    code = "import sys, tools.instruments.seal; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
