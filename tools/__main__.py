"""``python -m tools``: instruments from the shell.

Exit codes: 0 all is well; 1 a problem the message explains; 2 the command was not understood.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools import __version__, content
from tools.errors import Problem
from tools.instruments import library, record

_TEACH = """\
examples:
  python -m tools list                                    all instruments
  python -m tools show identification/elements-of-the-definition
  python -m tools check                                   read and check every definition
  python -m tools check my-instrument.yml                 check one file, wherever it lies
  python -m tools assess record.json                      the summary of a saved record
  python -m tools messages                                write the catalogues for translators
"""


def _list(_: argparse.Namespace) -> int:
    for instrument in library.load_all():
        print(f"{instrument.id}  {instrument.version}  {instrument.kind}  {instrument.title}")
    return 0


def _show(options: argparse.Namespace) -> int:
    from tools.surfaces import text

    print(text.blank(library.load(options.id, locale=options.lang)), end="")
    return 0


def _check(options: argparse.Namespace) -> int:
    found: list[Problem] = []
    paths = [Path(name) for name in options.files]
    checked = len(paths)
    for path in paths:
        try:
            if not path.is_file():
                raise Problem("INS_001", id=path.name, near="")
            library.read(path.read_text(encoding="utf-8-sig"), content.relative(path))
        except Problem as problem:
            found.append(problem)
        except UnicodeDecodeError:
            found.append(Problem("INS_002", file=path.name, detail="it is not a text file in UTF-8"))
    if not paths:
        for name in content.instrument_ids():
            checked += 1
            try:
                library.load(name)
            except Problem as problem:
                found.append(problem)
    for one in found:
        print(one, file=sys.stderr)
    print(f"{checked} checked, {len(found)} with a problem.")
    return 1 if found else 0


def _assess(options: argparse.Namespace) -> int:
    from tools.surfaces import text

    path = Path(options.record)
    if not path.is_file():
        raise Problem("REC_001", detail=f"there is no file '{path.name}'")
    if path.stat().st_size > 4 * record.SIZE_MAX:
        raise Problem("REC_006", size=f"{path.stat().st_size:,} bytes", limit=f"{record.SIZE_MAX:,}")
    try:
        raw = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("REC_001", detail="it is not a text file") from None
    instrument = library.load(record.header(raw)["instrument"])
    answers, notes = record.loads(raw, instrument)
    for note in notes:
        print(f"Not carried over: {note}", file=sys.stderr)
    print(text.summary(instrument, answers), end="")
    return 0


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


def _messages(_: argparse.Namespace) -> int:
    from tools.instruments import translation
    from tools.surfaces import words

    tools_texts = ((text, "tools/surfaces/words.py") for text in words.WORDS.values())
    for domain, texts in (
        (translation.DOMAIN, _instrument_texts()),
        (words.DOMAIN, tools_texts),
        ("interface", _interface_texts()),
    ):
        path = content.LOCALE / f"{domain}.pot"
        print(f"{content.relative(path)}: {translation.write_template(texts, path)} texts")
    return 0


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
    commands.add_parser("list", help="list the instruments").set_defaults(run=_list)
    show = commands.add_parser("show", help="print an instrument as plain text")
    show.add_argument("id", help="for example identification/elements-of-the-definition")
    show.add_argument("--lang", default="", help="language, for example id; what is not translated stays in English")
    show.set_defaults(run=_show)
    check = commands.add_parser("check", help="check definitions; says file, line, item and remedy")
    check.add_argument("files", nargs="*", help="YAML files; without any, all of data/instruments")
    check.set_defaults(run=_check)
    assess = commands.add_parser("assess", help="print the summary of a saved record")
    assess.add_argument("record", help="a record file saved from a page or a notebook")
    assess.set_defaults(run=_assess)
    messages = commands.add_parser("messages", help="write the catalogues for translators (book/locale/*.pot)")
    messages.set_defaults(run=_messages)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
