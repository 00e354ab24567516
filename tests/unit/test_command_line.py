"""``python -m tools``: helpful errors, exit codes, nothing half-written."""

from __future__ import annotations

import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tools import content
from tools.__main__ import main, parser
from tools.instruments import library, record
from tools.surfaces import forms, terminal

ELEMENTS = "identification/elements-of-the-definition"
ANSWERS = {"age_group": "child", "recruited": "yes", "forced_labour": "yes"}


def saved(folder: Path, name: str = "record.json", **more: object) -> Path:
    """Return a saved record of the elements."""
    file = folder / name
    data = {"format": "ct-record/1", "instrument": ELEMENTS, "version": "1.0", **more, "answers": ANSWERS}
    file.write_text(json.dumps(data), "utf-8")
    return file


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def printed_commands() -> list[tuple[str, str]]:
    """Return every command that a page of the book or of the project tells people to type."""
    found = []
    pages = [*sorted(content.BOOK.rglob("*.md")), *(content.ROOT / name for name in ("README.md", "CONTRIBUTING.md"))]
    for page in pages:
        for line in page.read_text(encoding="utf-8").splitlines():
            for typed in re.findall(r"python -m tools ([a-z][^`\n]*)", line):
                if "|" not in typed and "--help" not in typed:
                    found.append((page.relative_to(content.ROOT).as_posix(), typed.strip()))
    return found


def test_every_command_in_the_book_is_one_that_there_is() -> None:
    commands = printed_commands()
    assert len(commands) > 15
    wrong = []
    for page, typed in commands:
        words = shlex.split(typed)
        try:
            made = parser().parse_args(words)
        except SystemExit:
            # A sentence may name a group of commands without its step.
            if len(words) > 1 or words[0] not in {"library", "directory", "country", "data", "estimate", "check"}:
                wrong.append((page, typed))
            continue
        assert made.run
        for word in words[1:]:  # the files that come with the book are there
            if word.startswith("data/") and not (content.ROOT / word).is_file():
                wrong.append((page, word))
    assert wrong == []


def test_a_command_that_there_is_not_is_seen() -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["data", "guess", "cases.csv"])


def test_list_names_every_instrument(capsys) -> None:
    assert main(["list"]) == 0
    assert ELEMENTS in capsys.readouterr().out


def test_list_filters_and_speaks_json(capsys) -> None:
    assert main(["list", "--kind", "screening", "--role", "trainer", "--guide", "identif", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert ELEMENTS in [one["id"] for one in found]
    assert {one["kind"] for one in found} == {"screening"}
    assert found[0]["languages"]["en"] == 1
    assert main(["list", "--role", "astronaut"]) == 0
    said = capsys.readouterr()
    assert (said.out, "No instrument fits" in said.err) == ("", True)


def test_show_prints_the_questions(capsys) -> None:
    assert main(["show", ELEMENTS]) == 0
    assert "How old is the person? [Adult, 18 or over / Child, under 18" in capsys.readouterr().out


@pytest.mark.promise("input-messages")
def test_an_unknown_instrument_gets_a_hint(capsys) -> None:
    assert main(["show", "identification/elements-of-the-definitoin"]) == 1
    said = capsys.readouterr().err
    assert "did you mean 'identification/elements-of-the-definition'" in said
    assert "Traceback" not in said


@pytest.mark.promise("input-messages")
def test_check_names_file_line_and_remedy(tmp_path: Path, capsys) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text("id: a/b\nheading: x\n", encoding="utf-8")
    assert main(["check", str(broken)]) == 1
    said = capsys.readouterr()
    assert "broken.yml, line 2: 'heading' is not a word" in said.err
    assert "1 checked, 1 with a problem." in said.out


def test_check_passes_the_library(capsys) -> None:
    assert main(["check"]) == 0
    assert "0 with a problem" in capsys.readouterr().out


def test_assess_prints_the_summary(tmp_path: Path, capsys) -> None:
    assert main(["assess", str(saved(tmp_path))]) == 0
    assert "The elements are there: protect and refer now" in capsys.readouterr().out


@pytest.mark.promise("input-nothing-lost")
def test_assess_reads_several_files_and_tells_the_good_ones_beside_a_bad_one(tmp_path: Path, capsys) -> None:
    good, bad = saved(tmp_path), tmp_path / "bad.json"
    bad.write_text("{}", "utf-8")
    assert main(["assess", str(bad), str(good), str(tmp_path / "gone.json")]) == 1
    said = capsys.readouterr()
    assert "===== record.json =====" in said.out
    assert "bad.json: This file is not a saved record" in said.err
    assert "There is no file 'gone.json'" in said.err


def test_assess_speaks_json_with_reasons_limits_and_handling(tmp_path: Path, capsys) -> None:
    file = saved(tmp_path, handling={"purpose": "Referral", "keep_until": "2100-01-01"})
    assert main(["assess", "--json", str(file)]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["outcome"]["id"] == "all_elements"
    assert found["reasons"] == ["age_group", "recruited", "forced_labour"]
    assert found["values"]["child_rule"] == "yes"
    assert found["limits"]
    assert found["handling"] == {"purpose": "Referral", "keep_until": "2100-01-01"}


def test_a_locked_record_opens_with_the_passphrase_from_a_file(tmp_path: Path, capsys) -> None:
    instrument = library.load(ELEMENTS)
    locked, key = tmp_path / "locked.json", tmp_path / "key.txt"
    locked.write_text(record.dumps(record.of(instrument, ANSWERS), instrument, passphrase="seven words"), "utf-8")  # noqa: S106
    key.write_text("seven words\n", "utf-8")
    assert main(["assess", str(locked), "--passphrase-file", str(key)]) == 0
    assert "protect and refer now" in capsys.readouterr().out
    key.write_text("other words", "utf-8")
    assert main(["assess", str(locked), "--passphrase-file", str(key)]) == 1
    assert "The passphrase is wrong" in capsys.readouterr().err
    assert main(["assess", str(locked)]) == 1  # no terminal to ask in
    assert "--passphrase-file" in capsys.readouterr().err


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(
    "bad",
    [b"", b"[]", b"\xff\xfe\x00", b'{"format": "other"}', b"{" * 5000, b"%PDF-1.7 nothing", b"PK\x03\x04 nothing",
     b'{"format": "ct-record/1", "instrument": "../../x", "version": "1.0", "answers": {}}', b"id: a\n"],
)  # fmt: skip
def test_assess_refuses_other_files_plainly(tmp_path: Path, capsys, bad: bytes) -> None:
    file = tmp_path / "record.json"
    file.write_bytes(bad)
    assert main(["assess", str(file)]) == 1
    said = capsys.readouterr()
    assert "record.json: " in said.err
    assert said.err.strip().endswith("]")  # the code of the message
    assert "Traceback" not in said.err + said.out


@pytest.mark.promise("language-gettext")
def test_messages_writes_the_catalogues_for_translators(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(content, "LOCALE", tmp_path)
    assert main(["messages"]) == 0
    for name, text in (
        ("instruments", "How old is the person?"), ("tools", "Clear all answers"), ("tools", "Type y or n."),
        ("tools", "Leave this page"), ("interface", "Skip to the text"),
    ):  # fmt: skip
        assert f'msgid "{text}"' in (tmp_path / f"{name}.pot").read_text(encoding="utf-8")


# --- export, convert -------------------------------------------------------------------------------


def test_export_writes_every_kind_under_names_that_say_what_they_are(tmp_path: Path, capsys) -> None:
    out = tmp_path / "new" / "forms"
    assert main(["export", ELEMENTS, "--to", "xlsx,xlsform,xform,html,json,txt,csv", "--out", str(out)]) == 0
    slug = ELEMENTS.replace("/", "--")
    endings = ("--xlsform.xlsx", ".csv", ".html", ".json", ".txt", ".xlsx", ".xml")
    assert files(out) == sorted(slug + ending for ending in endings)
    assert str(out / f"{slug}.html") in capsys.readouterr().out


def test_the_empty_record_holds_a_place_for_every_answer_and_opens(tmp_path: Path, capsys) -> None:
    assert main(["export", ELEMENTS, "--to", "json", "--neutral", "--out", str(tmp_path)]) == 0
    assert files(tmp_path) == ["form.json"]
    answers = json.loads((tmp_path / "form.json").read_text("utf-8"))["answers"]
    assert set(answers.values()) == {None}
    assert "age_group" in answers
    assert "consent_note" not in answers  # a note takes no answer
    capsys.readouterr()
    assert main(["assess", str(tmp_path / "form.json")]) == 0
    assert "Not enough information" in capsys.readouterr().out


def test_export_all_makes_one_file_an_instrument(tmp_path: Path, capsys) -> None:
    count = len(content.instrument_ids())
    assert main(["export", "all", "--to", "txt", "--out", str(tmp_path)]) == 0
    assert len(files(tmp_path)) == count
    assert f"{count} files written" in capsys.readouterr().out
    assert main(["export", "all", "--to", "txt", "--neutral", "--out", str(tmp_path / "neutral")]) == 0
    assert files(tmp_path / "neutral")[0] == "form-1.txt"


@pytest.mark.promise("input-nothing-lost")
def test_nothing_is_overwritten_unasked_and_nothing_half_written(tmp_path: Path, capsys, monkeypatch) -> None:
    out = ["--out", str(tmp_path)]
    there = tmp_path / f"{ELEMENTS.replace('/', '--')}.txt"
    there.write_text("mine", "utf-8")
    assert main(["export", ELEMENTS, "--to", "json,txt", *out]) == 1
    assert "--force" in capsys.readouterr().err
    assert files(tmp_path) == [there.name]
    assert main(["export", ELEMENTS, "--to", "txt", "--force", *out]) == 0
    assert there.read_text("utf-8").startswith("Act, means and purpose")

    def fails(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    broken = forms.Kind("csv", ".csv", fails)
    monkeypatch.setitem(forms.KINDS, "csv", broken)
    assert main(["export", ELEMENTS, "--to", "json,csv", *out]) == 1
    assert "no space left on device. Nothing was written" in capsys.readouterr().err
    assert files(tmp_path) == [there.name]


def test_export_says_what_to_do_where_a_pdf_or_a_library_is_missing(tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(forms, "PDF_FOLDER", tmp_path)
    pdf = ["export", ELEMENTS, "--to", "pdf", "--out", str(tmp_path / "out")]
    assert main(pdf) == 1
    assert "Run `make book` first" in capsys.readouterr().err
    assert main([*pdf, "--lang", "km"]) == 1
    assert "speaks its language" in capsys.readouterr().err
    (tmp_path / f"{ELEMENTS.replace('/', '--')}.pdf").write_bytes(b"%PDF")
    assert main(pdf) == 0
    capsys.readouterr()

    def misses(*_: object) -> bytes:
        raise ModuleNotFoundError(name="xlsxwriter")

    monkeypatch.setitem(forms.KINDS, "csv", forms.Kind("csv", ".csv", misses))
    assert main(["export", ELEMENTS, "--to", "csv", "--out", str(tmp_path)]) == 1
    assert "needs the Python library 'xlsxwriter', which is not installed. Run `make setup`" in capsys.readouterr().err


def test_convert_keeps_answers_and_what_was_said_on_keeping_them(tmp_path: Path, capsys) -> None:
    file = saved(tmp_path, "anna.json", handling={"receiver": "Shelter desk"})
    out = ["--out", str(tmp_path / "out")]
    assert main(["convert", str(file), "--to", "json,txt,csv", *out]) == 0
    assert files(tmp_path / "out") == ["anna.csv", "anna.json", "anna.txt"]
    made = json.loads((tmp_path / "out" / "anna.json").read_text("utf-8"))
    assert (made["answers"], made["handling"]) == (ANSWERS, {"receiver": "Shelter desk"})
    assert main(["convert", str(file), "--to", "txt", "--neutral", *out]) == 0
    assert "record.txt" in files(tmp_path / "out")
    assert "recruited" in (tmp_path / "out" / "anna.csv").read_text("utf-8-sig")


def test_a_filled_workbook_is_assessed_and_becomes_the_same_record_again(tmp_path: Path, capsys) -> None:
    file = saved(tmp_path)
    assert main(["convert", str(file), "--to", "xlsx", "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["assess", str(tmp_path / "record.xlsx")]) == 0
    assert "The elements are there: protect and refer now" in capsys.readouterr().out
    assert main(["convert", str(tmp_path / "record.xlsx"), "--to", "json", "--out", str(tmp_path / "back")]) == 0
    assert json.loads((tmp_path / "back" / "record.json").read_text("utf-8"))["answers"] == ANSWERS


# --- fill ------------------------------------------------------------------------------------------


def fill(monkeypatch, lines: list[str], *options: str) -> int:
    """Fill the elements from a pipe."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(line + "\n" for line in lines)))
    return main(["fill", ELEMENTS, *options])


def test_fill_asks_in_order_checks_answers_goes_back_and_saves(tmp_path: Path, capsys, monkeypatch) -> None:
    file = tmp_path / "record.json"
    # adult; a wrong answer, then yes; back to age; child; keep the yes; skip; then stop
    lines = ["1", "perhaps", "y", "<", "<", "2", "", "", "!", "Referral", "Shelter desk", "soon", "2100-01-31"]
    assert fill(monkeypatch, lines, "--out", str(file)) == 0
    said = capsys.readouterr().out
    assert "'recruited' cannot be 'perhaps'" in said
    assert "Answered: Adult, 18 or over" in said
    assert "'soon'" in said
    found = json.loads(file.read_text("utf-8"))
    assert found["answers"] == {"age_group": "child", "recruited": "yes"}
    assert found["handling"] == {"purpose": "Referral", "receiver": "Shelter desk", "keep_until": "2100-01-31"}


def test_fill_shows_what_the_answers_come_to_and_asks_for_a_file(tmp_path: Path, capsys, monkeypatch) -> None:
    file = tmp_path / "record.json"
    questions: list[str] = []
    terminal.Dialogue(library.load(ELEMENTS), lambda prompt: questions.append(prompt) or "1", lambda _line: None).run()
    answers = ["1"] * len(questions)
    assert fill(monkeypatch, [*answers, ""]) == 0
    said = capsys.readouterr().out
    assert "protect and refer now" in said
    assert "Nothing was written." in said
    assert fill(monkeypatch, [*answers, str(file), "", "", ""]) == 0
    assert json.loads(file.read_text("utf-8"))["answers"]["forced_labour"] == "yes"


@pytest.mark.promise("input-nothing-lost")
def test_fill_loses_nothing_when_the_answers_end_early(tmp_path: Path, capsys, monkeypatch) -> None:
    file = tmp_path / "record.json"
    assert fill(monkeypatch, ["1", "y"], "--out", str(file), "--purpose", "Test") == 0
    found = json.loads(file.read_text("utf-8"))
    assert (found["answers"], found["handling"]) == ({"age_group": "adult", "recruited": "yes"}, {"purpose": "Test"})
    assert fill(monkeypatch, ["1", "y"]) == 1  # no file was named: nothing is written unasked
    assert "--out" in capsys.readouterr().err
    assert fill(monkeypatch, ["1"], "--out", str(file)) == 1  # before the first question
    assert "--force" in capsys.readouterr().err
    assert fill(monkeypatch, [], "--out", str(tmp_path / "other.json")) == 0
    assert files(tmp_path) == ["record.json"]


def test_fill_asks_for_another_file_when_one_cannot_be_written(tmp_path: Path, capsys, monkeypatch) -> None:
    blocked, good = saved(tmp_path, "blocked") / "record.json", tmp_path / "good.json"
    assert fill(monkeypatch, ["1", "!", "", "", "", str(good)], "--out", str(blocked)) == 0
    assert "cannot be written" in capsys.readouterr().out
    assert json.loads(good.read_text("utf-8"))["answers"] == {"age_group": "adult"}


def test_fill_locks_the_file(tmp_path: Path, capsys, monkeypatch) -> None:
    file, key = tmp_path / "locked.json", tmp_path / "key.txt"
    key.write_text("seven words", "utf-8")
    assert fill(monkeypatch, ["1", "!", "", "", ""], "--out", str(file), "--passphrase-file", str(key)) == 0
    assert "age_group" not in file.read_text("utf-8")
    assert main(["assess", str(file), "--passphrase-file", str(key)]) == 0
    assert "Adult, 18 or over" in capsys.readouterr().out
    assert fill(monkeypatch, ["1"], "--out", str(tmp_path / "x.json"), "--seal") == 1  # nobody to ask for it
    assert files(tmp_path) == ["key.txt", "locked.json"]


# --- wrong commands --------------------------------------------------------------------------------


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "required: command"),
        (["lst"], 2, "invalid choice"),
        (["list", "--kind", "poem"], 2, "invalid choice: 'poem'"),
        (["show"], 2, "required: ID"),
        (["show", "../../etc/passwd"], 1, "There is no instrument called"),
        (["show", ELEMENTS, "--lang", "../.."], 2, "not the code of a language"),
        (["export", ELEMENTS], 2, "required: --to"),
        (["export", ELEMENTS, "--to", "xlss"], 2, "did you mean 'xlsx'?"),
        (["export", ELEMENTS, "--to", ","], 2, "name a kind"),
        (["export", "nothing/here", "--to", "txt"], 1, "There is no instrument called"),
        (["export", ELEMENTS, "--to", "txt", "--out", "{file}"], 1, "cannot be written"),
        (["convert", "{file}", "--to", "html"], 2, "a filled html is not made"),
        (["convert", "{folder}", "--to", "txt"], 1, "cannot be read: is a directory"),
        (["assess", "{folder}/none.json"], 1, "There is no file 'none.json'"),
        (["assess", "{folder}"], 1, "cannot be read: is a directory"),
        (["check", "{folder}/none.yml"], 1, "There is no file 'none.yml'"),
        (["fill", ELEMENTS, "--keep-until", "tomorrow"], 2, "it is not a date"),
        (["fill", "nothing/here"], 1, "There is no instrument called"),
    ],
)
def test_wrong_commands_are_told_plainly(tmp_path: Path, capsys, arguments, code: int, said: str) -> None:
    file = tmp_path / "file"
    file.write_text("x", "utf-8")
    given = [argument.format(file=file, folder=tmp_path) for argument in arguments]
    try:
        found = main(given)
    except SystemExit as end:
        found = end.code
    told = capsys.readouterr()
    assert found == code
    assert said in told.err
    assert "Traceback" not in told.err
    assert files(tmp_path) == ["file"]


def test_a_language_without_translations_is_told(capsys) -> None:
    assert main(["show", ELEMENTS, "--lang", "km"]) == 0
    assert "no translation into 'km' yet" in capsys.readouterr().err


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_stops_it_quietly() -> None:
    command = f"{sys.executable} -m tools show {ELEMENTS} | head -1"
    done = subprocess.run(["bash", "-c", command], cwd=content.ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("Act, means and purpose\n", "")
