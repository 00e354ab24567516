"""``python -m tools``: instruments from the shell."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

from tools import __version__, content
from tools.errors import Problem, in_file, near
from tools.instruments import library
from tools.instruments.model import KINDS, Instrument
from tools.surfaces import (
    agreement_commands,
    country_commands,
    data_commands,
    directory_commands,
    estimate_commands,
    forms,
    library_commands,
    loss_commands,
    shared_options,
    slides_commands,
    storyboard_commands,
    tracker_commands,
    workshop_commands,
)

if TYPE_CHECKING:
    from tools.instruments.record import Handling, Record

_TEACH = """\
examples:
  python -m tools list                                    all instruments
  python -m tools list --guide identification --kind screening
  python -m tools show identification/elements-of-the-definition
  python -m tools export identification/elements-of-the-definition --to xlsx,xlsform --out forms
  python -m tools export all --to html --out usb-stick    every instrument as a page for the phone
  python -m tools fill identification/elements-of-the-definition --out record.json
  python -m tools assess record.json returned.xlsx        what filled forms come to, with the reasons
  python -m tools convert returned.pdf --to json          a filled form as another form
  python -m tools check my-instrument.yml                 check a definition, wherever it lies
  python -m tools calendar plan.json                      review dates for a calendar, in neutral words
  python -m tools track cases.xlsx                        cases over their reviews, small numbers hidden
  python -m tools directory --help                        a directory of services, from Excel to web page and booklet
  python -m tools estimate --help                         the hidden part from lists that overlap, with its cautions

`python -m tools COMMAND --help` says more.

exit codes:
  0  all is well
  1  a problem; the message says what, where, and what to do
  2  the command was not understood
"""

_KINDS_HELP = """\
kinds of forms (--to, with commas between them):
  pdf      fillable PDF; copied from the built book
  xlsx     Excel workbook with live formulas
  xlsform  form for KoboToolbox and ODK, to upload as it is
  xform    the same, converted to XML
  html     one page that works from disk, to send or to carry
  txt      plain text
  json     an empty record, with a place for each answer
  csv      the columns of a table of records
"""

# --- list, show, check -----------------------------------------------------------------------------


def _list(options: argparse.Namespace) -> int:
    def fits(one: Instrument) -> bool:
        asked = ((options.guide, [one.guide]), (options.kind, [one.kind]), (options.role, one.roles))
        return all(not want or any(want.casefold() in had.casefold() for had in found) for want, found in asked)

    found = [one for one in library.load_all() if fits(one)]
    if options.json:
        from tools.surfaces import facts

        _print_json([facts.of_instrument(one) for one in found])
        return 0
    rows = [
        (one.id, one.kind, f"{one.minutes} min" if one.minutes else "", one.version, one.status, one.title)
        for one in found
    ]
    for line in _columns([("id", "kind", "time", "version", "status", "title"), *rows] if rows else []):
        print(line)
    if not rows:
        print("No instrument fits. Leave out --guide, --kind or --role to see more.", file=sys.stderr)
    return 0


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def _show(options: argparse.Namespace) -> int:
    from tools.surfaces import text

    print(text.blank(library.load(options.id, locale=options.lang)), end="")
    return 0


def _check(options: argparse.Namespace) -> int:
    found: list[Problem] = []
    paths = [Path(name) for name in options.files]
    names = () if paths else content.instrument_ids()
    for path in paths:
        try:
            library.read(forms.read_text(path), content.relative(path))
        except Problem as problem:
            found.append(problem)
    for name in names:
        try:
            library.load(name)
        except Problem as problem:
            found.append(problem)
    for one in found:
        print(one, file=sys.stderr)
    print(f"{len(paths) + len(names)} checked, {len(found)} with a problem.")
    return 1 if found else 0


# --- files -----------------------------------------------------------------------------------------


def _passphrase(options: argparse.Namespace, *, new: bool = False) -> str:
    """Return the passphrase from its file, or ask for it; it is never an argument, which others could see."""
    if options.passphrase_file:
        return forms.read_text(Path(options.passphrase_file)).rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Problem("CLI_007")
    import getpass

    while True:
        typed = getpass.getpass("Passphrase: ")
        if not new or (typed and getpass.getpass("The same again: ") == typed):
            return typed
        print("Empty, or not the same. Type it twice.", file=sys.stderr)


def _open(name: str, options: argparse.Namespace) -> tuple[Instrument, Record, tuple[str, ...], Handling | None]:
    """Return what a filled form holds, whatever its kind, and what its record says on keeping it."""
    from tools.instruments import record
    from tools.surfaces import intake

    data = forms.read(Path(name))
    kind = intake.kind(data)
    passphrase = _passphrase(options) if kind == "sealed" else None
    with in_file(Path(name).name):
        instrument, answers, notes = intake.read(data, passphrase=passphrase)
    said = kind in {"record", "sealed"}
    return instrument, answers, notes, record.handling_of(intake.text_of(data), passphrase) if said else None


class _Progress:
    """Says on the error stream how far it is: every file when somebody watches, else now and then."""

    def __init__(self, count: int) -> None:
        self.count, self.done, self.said = count, 0, time.monotonic()

    def step(self, what: str) -> None:
        self.done += 1
        if self.count > 1 and (sys.stderr.isatty() or time.monotonic() - self.said > 5):
            self.said = time.monotonic()
            print(f"{self.done} of {self.count}: {what}", file=sys.stderr, flush=True)


# --- export, convert -------------------------------------------------------------------------------


def _export(options: argparse.Namespace) -> int:
    names = content.instrument_ids() if options.id == "all" else (options.id,)
    found = [library.load(name, locale=options.lang) for name in names]
    progress = _Progress(len(found) * len(options.to))
    todo: list[tuple[Path, Callable[[], bytes]]] = []
    for number, instrument in enumerate(found, start=1):
        for kind in options.to:
            name = forms.file_name(instrument, kind, neutral=options.neutral, number=number if len(found) > 1 else 0)
            todo.append((Path(options.out) / name, _maker(kind, instrument, options.neutral, progress, name)))
    _tell_written(forms.write(todo, force=options.force))
    return 0


def _maker(
    kind: forms.Kind, instrument: Instrument, neutral: bool, progress: _Progress, name: str
) -> Callable[[], bytes]:
    def make() -> bytes:
        data = kind.blank(instrument, neutral)
        progress.step(name)
        return data

    return make


def _tell_written(paths: Sequence[Path]) -> None:
    size = sum(path.stat().st_size for path in paths)
    if len(paths) > 10:
        print(f"{len(paths)} files written to {paths[0].parent} ({size / 1e6:.1f} MB)")
    else:
        for path in paths:
            print(f"{path} ({max(1, round(path.stat().st_size / 1000))} kB)")


def _convert(options: argparse.Namespace) -> int:
    instrument, answers, notes, handling = _open(options.file, options)
    stem = "record" if options.neutral else Path(options.file).name.split(".")[0]
    todo: list[tuple[Path, Callable[[], bytes]]] = []
    for kind in options.to:
        todo.append((Path(options.out) / f"{stem}{kind.ending}", _filler(kind, instrument, answers, handling)))
    written = forms.write(todo, force=options.force)
    _tell_notes(notes)
    _tell_written(written)
    return 0


def _filler(
    kind: forms.Kind, instrument: Instrument, answers: Record, handling: Handling | None
) -> Callable[[], bytes]:
    def make() -> bytes:
        if kind.name == "json":  # what a record says on keeping it stays with it
            from tools.instruments import record

            return record.dumps(answers, instrument, handling=handling).encode()
        return cast("Callable[[Instrument, Record], bytes]", kind.filled)(instrument, answers)

    return make


def _tell_notes(notes: Sequence[str], file: str = "") -> None:
    for note in notes:
        print(f"{file + ': ' if file else ''}please look: {note}", file=sys.stderr)


# --- assess, fill ----------------------------------------------------------------------------------


def _assess(options: argparse.Namespace) -> int:
    from tools.surfaces import facts, text

    told: list[dict[str, Any]] = []
    problems = 0
    for number, name in enumerate(options.files):
        try:
            instrument, answers, notes, handling = _open(name, options)
        except Problem as problem:
            problems += 1
            print(problem, file=sys.stderr)
            continue
        if options.json:
            keep = {} if handling is None else {"handling": _handling_facts(handling)}
            told.append({"file": Path(name).name, **facts.of_record(instrument, answers), **keep, "notes": list(notes)})
            continue
        _tell_notes(notes, Path(name).name if len(options.files) > 1 else "")
        if len(options.files) > 1:
            print(f"{'' if number == 0 else chr(10)}===== {Path(name).name} =====")
        print(text.summary(instrument, answers), end="")
    if options.json:
        _print_json(told)
    return 1 if problems else 0


def _handling_facts(handling: Handling) -> dict[str, str]:
    from tools.instruments.record import HANDLING_KEYS, plain

    return {key: plain(value) for key in HANDLING_KEYS if (value := getattr(handling, key))}


def _fill(options: argparse.Namespace) -> int:
    from tools.surfaces import terminal, text

    instrument = library.load(options.id, locale=options.lang)
    target = Path(options.out) if options.out else None
    if target is not None and target.exists() and not options.force:
        raise Problem("CLI_003", name=target.name, more="")
    locked = bool(options.seal or options.passphrase_file)
    if locked and not sys.stdin.isatty():
        _passphrase(options)  # better to learn before the first question that there is none
    dialogue = terminal.Dialogue(instrument, _ask, print)
    try:
        dialogue.run()
        print()
        print(text.summary(instrument, dialogue.record), end="")
    except terminal.Stopped:
        print()
        print("Stopped. What was answered so far can be kept.")
    print()
    keeping = terminal.Keeping(
        _ask, print, given=(options.purpose, options.receiver, options.keep_until), force=options.force,
        passphrase=(lambda: _passphrase(options, new=True)) if locked else None,
    )  # fmt: skip
    return 0 if keeping.run(instrument, dialogue.record, target) else 1


def _ask(prompt: str) -> str:
    line = input(prompt)
    if not sys.stdin.isatty():
        print()  # nobody pressed Enter, and the next line would follow the prompt
    return line


# --- messages ------------------------------------------------------------------------------------


def _instrument_texts() -> Iterator[tuple[str, str]]:
    from tools.instruments import translation

    for instrument in library.load_all():
        for message in translation.messages(instrument):
            yield message, instrument.file


def _interface_texts() -> Iterator[tuple[str, str]]:
    """Yield the words that the extension puts around the text; they stand in ``_(…)`` in its code."""
    from babel.messages.extract import extract_from_dir

    for name, _line, message, *_rest in extract_from_dir(content.ROOT / "tools" / "sphinxext", [("**.py", "python")]):
        yield (message if isinstance(message, str) else message[0]), f"tools/sphinxext/{name}"
    from tools import publications

    for column, known in publications.words().items():  # of countries and languages the names are shown, else the words
        for text, word in known.items():
            yield (word.meaning if column in ("countries", "languages") else text), "data/publications-vocabulary.csv"
    from tools import composite_cases
    from tools.remedies import sums

    yield from ((text, "data/loss-methods.yml") for text in sums.load().texts())
    for case in composite_cases.load():
        yield from ((text, "data/composite-cases.yml") for text in case.texts())
    for part in publications.parts():
        yield from ((text, "data/publications-parts.csv") for text in (part.part, part.note) if text)


def _messages(_: argparse.Namespace) -> int:
    from tools.instruments import translation
    from tools.surfaces import directory_words, terminal, words

    tools_texts = [(text, "tools/surfaces/words.py") for text in words.WORDS.values()]
    tools_texts += [(text, "tools/surfaces/terminal.py") for text in terminal.WORDS.values()]
    for domain, texts in (
        (translation.DOMAIN, _instrument_texts()),
        (words.DOMAIN, iter(tools_texts)),
        ("interface", _interface_texts()),
        (directory_words.DOMAIN, ((text, "tools/surfaces/directory_words.py") for text in directory_words.texts())),
    ):
        path = content.LOCALE / f"{domain}.pot"
        print(f"{content.relative(path)}: {translation.write_template(texts, path)} texts")
    return 0


# --- the command line ------------------------------------------------------------------------------


def _kinds(typed: str) -> tuple[forms.Kind, ...]:
    """Return the kinds that ``--to`` names."""
    found = dict.fromkeys(name.strip().lower() for name in typed.split(",") if name.strip())
    for name in found:
        if name not in forms.KINDS:
            known = ", ".join(forms.KINDS)
            problem = Problem("CLI_010", kind=name, near=near(name, forms.KINDS), known=known)
            raise argparse.ArgumentTypeError(f"{problem.what} {problem.todo}")
    if not found:
        raise argparse.ArgumentTypeError(f"name a kind: {', '.join(forms.KINDS)}")
    return tuple(forms.KINDS[name] for name in found)


def _fillable_kinds(typed: str) -> tuple[forms.Kind, ...]:
    found = _kinds(typed)
    known = [kind.name for kind in forms.KINDS.values() if kind.filled]
    for kind in found:
        if kind.name not in known:
            raise argparse.ArgumentTypeError(f"a filled {kind.name} is not made; use {', '.join(known)}")
    return found


def _language(typed: str) -> str:
    if typed in ("", "en"):  # definitions are written in English
        return ""
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(typed.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        raise argparse.ArgumentTypeError(f"'{typed}' is not the code of a language, such as id, km or pt_BR") from None
    return typed.replace("-", "_")


def _day(typed: str) -> str:
    from tools.instruments.record import Handling

    try:
        Handling("", "", cast("Any", typed))
    except Problem as problem:
        raise argparse.ArgumentTypeError(f"{problem.what} {problem.todo}") from None
    return typed


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m tools",
        description="Instruments of the practitioner guides, from the shell. Nothing leaves this machine.",
        epilog=_TEACH,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=__version__)
    commands = made.add_subparsers(dest="command", required=True, metavar="command")
    for add in (_add_list, _add_show, _add_export, _add_fill, _add_assess, _add_convert, _add_check, _add_messages):
        add(commands)
    directory_commands.add(commands, _typesetter)
    agreement_commands.add(commands)
    estimate_commands.add(commands)
    country_commands.add(commands)
    slides_commands.add(commands)
    workshop_commands.add(commands, _typesetter)
    storyboard_commands.add(commands)
    tracker_commands.add(commands, _open, _add_passphrase)
    library_commands.add(commands)
    loss_commands.add(commands, _open, _add_passphrase)
    data_commands.add(commands)
    return made


def _typesetter() -> Any:
    """Return what sets the PDFs of a directory; it needs libraries that nothing else here does."""
    from tools.sphinxext.document_pdf import pdfs

    return pdfs


Commands = Any  # argparse keeps the type of its subparsers to itself


def _command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], says: str, more: str = ""
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=says, description=f"{says[0].upper()}{says[1:]}.", epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.set_defaults(run=run)
    return made


def _add_id(command: argparse.ArgumentParser, says: str = "") -> None:
    command.add_argument("id", metavar="ID", help=f"for example identification/elements-of-the-definition{says}")
    command.add_argument(
        "--lang", default="", type=_language, metavar="CODE",
        help="language, for example id; what is not translated stays in English",
    )  # fmt: skip


def _add_passphrase(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--passphrase-file", metavar="FILE", help="holds the passphrase of locked files; else you are asked"
    )


def _add_handling(command: argparse.ArgumentParser) -> None:
    command.add_argument("--purpose", default="", help="why it is saved; written into the file")
    command.add_argument("--receiver", default="", help="for whom: an office or a role, no name")
    command.add_argument("--keep-until", default="", type=_day, metavar="DATE", help="last day, as year-month-day")


def _add_list(commands: Commands) -> None:
    command = _command(commands, "list", _list, "list the instruments")
    command.add_argument("--guide", default="", help="only those of this guide (a part of its name is enough)")
    command.add_argument("--kind", default="", choices=("", *KINDS), metavar="KIND", help=f"only {', '.join(KINDS)}")
    command.add_argument("--role", default="", help="only those for this role (a part of its name is enough)")
    command.add_argument("--json", action="store_true", help="as JSON, for other programs")


def _add_show(commands: Commands) -> None:
    _add_id(_command(commands, "show", _show, "print an instrument as plain text"))


def _add_export(commands: Commands) -> None:
    command = _command(commands, "export", _export, "write an instrument as forms of other kinds", _KINDS_HELP)
    _add_id(command, "; or all")
    command.add_argument("--to", required=True, type=_kinds, metavar="KINDS", help="kinds of forms, see below")
    shared_options.add_folder(command)
    command.add_argument("--neutral", action="store_true", help="names and titles that do not say what it is about")


def _add_fill(commands: Commands) -> None:
    more = """\
While you fill: Enter skips, < goes back, - deletes an answer, ! stops and keeps everything, ? shows this again.
Answers may come from a pipe, one a line."""
    command = _command(commands, "fill", _fill, "fill an instrument in, question by question", more)
    _add_id(command)
    command.add_argument("--out", metavar="FILE", help="where the record goes; else you are asked at the end")
    command.add_argument("--force", action="store_true", help="replace a file that is there already")
    _add_handling(command)
    command.add_argument("--seal", action="store_true", help="lock the file with a passphrase")
    _add_passphrase(command)


def _add_assess(commands: Commands) -> None:
    more = "Exit code 1 if a file could not be read; the others are told all the same."
    command = _command(commands, "assess", _assess, "print what filled forms come to, with the reasons", more)
    command.add_argument("files", nargs="+", metavar="FILE", help="a record, locked or not; a filled Excel file or PDF")
    command.add_argument(
        "--json", action="store_true", help="as JSON, for other programs; a list with one entry a file"
    )
    _add_passphrase(command)


def _add_convert(commands: Commands) -> None:
    command = _command(commands, "convert", _convert, "write a filled form as another form")
    command.add_argument("file", metavar="FILE", help="a record, locked or not; a filled Excel file or PDF")
    known = ", ".join(kind.name for kind in forms.KINDS.values() if kind.filled)
    command.add_argument("--to", required=True, type=_fillable_kinds, metavar="KINDS", help=f"kinds of forms: {known}")
    shared_options.add_folder(command)
    command.add_argument("--neutral", action="store_true", help="name the files record.… instead of after FILE")
    _add_passphrase(command)


def _add_check(commands: Commands) -> None:
    command = _command(commands, "check", _check, "check definitions; says file, line, item and remedy")
    command.add_argument("files", nargs="*", metavar="FILE", help="YAML files; without any, all of data/instruments")


def _add_messages(commands: Commands) -> None:
    _command(commands, "messages", _messages, "write the catalogues for translators (book/locale/*.pot)")


def _tell_untranslated(locale: str) -> None:
    from tools.instruments import translation

    if locale not in ("", "en", *translation.locales()):
        print(f"There is no translation into '{locale}' yet; the texts stay in English.", file=sys.stderr)


def _survive(stream: TextIO) -> None:
    # A terminal that knows fewer signs shows a question mark instead of stopping.
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        _survive(stream)
    try:
        options = parser().parse_args(arguments)
        _tell_untranslated(getattr(options, "lang", ""))
        return int(options.run(options))
    except Problem as problem:
        print(problem, file=sys.stderr)
    except ModuleNotFoundError as error:
        print(Problem("CLI_008", library=error.name), file=sys.stderr)
    except BrokenPipeError:  # `| head` has seen enough
        sys.stderr.close()
    except (KeyboardInterrupt, EOFError):
        print("\nStopped. Nothing was written.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
