"""``python -m tools loss``: the schedule of loss from filled forms."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.surfaces import forms

_HELP = """\
examples:
  python -m tools loss schedule.json                       print the schedule of loss
  python -m tools loss worksheet.xlsx --out schedule.html  write it as a page to print; .txt writes text

FILE is a filled schedule of loss or loss worksheet: a saved record, locked or not; a filled Excel file or PDF.
"""


def add(
    commands: Any, opened: Callable[[str, argparse.Namespace], Any], passphrase: Callable[[Any], None]
) -> None:  # fmt: skip
    """Add the command.

    Parameters
    ----------
    commands : the subparsers of the command line
    opened : callable
        ``(file name, options) -> (instrument, record, ...)``.
    passphrase : callable
        Adds the option for locked files.
    """
    says = "make the schedule of loss for a lawyer"
    made = commands.add_parser(
        "loss", help=says, description=f"{says.capitalize()}.", epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.add_argument("files", nargs="+", metavar="FILE", help="a filled form")
    made.add_argument("--out", metavar="FILE", help="write it: .html to print, else text; one form only")
    made.add_argument("--force", action="store_true", help="replace a file that is there already")
    passphrase(made)
    made.set_defaults(run=lambda options: _loss(options, opened))


def _loss(options: argparse.Namespace, opened: Callable[[str, argparse.Namespace], Any]) -> int:
    from tools.errors import Problem, in_file
    from tools.remedies import schedule
    from tools.surfaces import loss_page

    if options.out and len(options.files) > 1:
        raise Problem("REM_011", count=len(options.files))
    for name in options.files:
        instrument, record, *_ = opened(name, options)
        with in_file(Path(name).name):
            made = schedule.of_record(instrument, record)
        if not options.out:
            print(loss_page.text(made), end="")
            continue
        out = Path(options.out)
        data = (loss_page.page(made) if out.suffix.lower() in {".html", ".htm"} else loss_page.text(made)).encode()
        (written,) = forms.write([(out, lambda data=data: data)], force=options.force)  # type: ignore[misc]
        print(f"{written}: {len(made.lines)} lines, {made.said(made.central)} {made.currency}.")
    return 0
