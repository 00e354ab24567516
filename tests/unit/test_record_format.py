"""The page that describes saved files says what the program does."""

from __future__ import annotations

import getpass
import json
import re

from tools import content
from tools.instruments import library, record, seal

PAGE = (content.BOOK / "reference" / "record-format.md").read_text(encoding="utf-8")
LANGUAGE = (content.BOOK / "reference" / "definition-language.md").read_text(encoding="utf-8")
(RECORD,) = re.findall(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
(SCRIPT,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
INSTRUMENT = library.read(re.findall(r"^```yaml\n(.*?)^```$", LANGUAGE, re.DOTALL | re.MULTILINE)[0])
SECRET = "four unrelated plain words"  # noqa: S105


def test_the_record_of_the_page_is_what_the_program_writes() -> None:
    opened = record.read(RECORD, INSTRUMENT)
    assert opened.record.answers == {"private": "yes", "interpreter": "not_needed"}
    assert record.dumps(opened.record, INSTRUMENT, handling=opened.handling) == RECORD


def test_the_script_of_the_page_opens_a_sealed_file(tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "record.json").write_text(seal.seal(RECORD, SECRET), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(getpass, "getpass", lambda _: SECRET)
    exec(compile(SCRIPT, "record-format.md", "exec"), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out == RECORD + "\n"


def test_the_sealed_file_of_the_page_has_the_members_that_the_program_writes() -> None:
    said = re.findall(r"^\| `(\w+)` \|", PAGE[PAGE.index("## A sealed file") :], re.MULTILINE)
    shown = re.findall(r'^  "(\w+)": ', PAGE[PAGE.index("## A sealed file") :], re.MULTILINE)
    assert said == shown == list(json.loads(seal.seal("", SECRET)))


def test_the_limits_of_the_page_are_those_of_the_program() -> None:
    for limit in (record.SIZE_MAX, seal.SIZE_MAX, record.TEXT_MAX, record.HANDLING_MAX):
        assert f"| {limit:,} signs" in PAGE
    for number in (seal.ITERATIONS, seal.ITERATIONS_MIN, seal.ITERATIONS_MAX):
        assert f"`{number}`" in PAGE
    for words in (
        f"{seal.SALT_BYTES} random",
        f"{seal.NONCE_BYTES} random",
        f"of {seal.TAG_BYTES} bytes",
        f"of {seal.BLOCK}",
    ):
        assert words in PAGE
    assert all(f"`{key}`" in PAGE for key in (*record.HANDLING_KEYS, *record._KEYS, record.FORMAT, seal.FORMAT))
