"""``python -m tools data``: a private workbench for case data. No row leaves the machine."""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tools.errors import Problem
from tools.surfaces import forms

_TEACH = """\
examples:
  python -m tools data check cases.csv                         what is wrong: row, column, reason, what to do
  python -m tools data check cases.xlsx --schema criminal-justice --out report

Everything runs on this machine. The files that are read are never changed. What is written is for your eyes first:
look at it before you send it.
"""


def add(commands: Any) -> None:
    """Add the command and what is below it.

    Parameters
    ----------
    commands : the subparsers of the command line
    """
    made = commands.add_parser(
        "data", help="case data: check, quality, disclosure control, tables", epilog=_TEACH,
        description="Check, measure and protect case data.", formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    steps = made.add_subparsers(dest="step", required=True, metavar="step")
    checked = steps.add_parser("check", help="list what is wrong with a data set", description="List what is wrong with a data set. Exit code 1 if there is an error.")  # fmt: skip
    _file(checked)
    _out(checked, "folder for the report as page, workbook and text; else the text is printed")
    checked.add_argument("--json", action="store_true", help="as JSON, for other programs")
    checked.add_argument("--as-of", type=_day, default=None, metavar="DATE", help="the day that counts as today")
    checked.set_defaults(run=_check)


def _file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a data set: CSV or Excel")
    command.add_argument("--schema", default="victim-centred", metavar="NAME", help="victim-centred (default), criminal-justice, or a .json file")  # fmt: skip
    command.add_argument("--sheet", default="", metavar="NAME", help="the sheet of a workbook; else the first")


def _out(command: argparse.ArgumentParser, said: str) -> None:
    command.add_argument("--out", default="", metavar="FOLDER", help=said)
    command.add_argument("--force", action="store_true", help="replace files that are there already")


def _day(typed: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{typed}' is not a date; write year-month-day, such as 2026-11-02") from None


def _open(options: argparse.Namespace) -> tuple[Any, Any]:
    from tools.casedata import schema
    from tools.surfaces import data_reader

    return data_reader.read(options.file, sheet=options.sheet), schema.find(options.schema)


def _check(options: argparse.Namespace) -> int:
    from tools.casedata import check
    from tools.surfaces import data_report

    opened, which = _open(options)
    try:
        report = check.frame(
            opened.frame, which, name=opened.name, before=opened.findings, notes=opened.notes, today=options.as_of
        )
    except Problem as problem:
        problem.file = problem.file or opened.name
        raise
    if options.json:
        print(json.dumps(data_report.as_json(report), ensure_ascii=False, indent=2))
    elif options.out:
        stem = Path(options.out) / f"{Path(opened.name).stem}--check"
        _write(options, {
            f"{stem}.html": lambda: data_report.html(report).encode(),
            f"{stem}.xlsx": lambda: data_report.workbook(report),
            f"{stem}.txt": lambda: data_report.text(report).encode(),
        })  # fmt: skip
        print(data_report.summary(report))
    else:
        print(data_report.text(report), end="")
    return 0 if report.usable else 1


def _write(options: argparse.Namespace, files: dict[str, Callable[[], bytes]]) -> None:
    _tell(forms.write([(Path(name), make) for name, make in files.items()], force=options.force))


def _tell(paths: Sequence[Path]) -> None:
    for path in paths:
        print(f"{path} ({max(1, round(path.stat().st_size / 1000))} kB)")
