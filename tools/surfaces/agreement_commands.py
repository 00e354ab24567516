"""``python -m tools agreement``: how far a room agrees on the same cases, and where people part."""

from __future__ import annotations

import argparse
from typing import Any, Final

_TEACH: Final = """\
examples:
  python -m tools agreement data/examples/ratings-made-up.csv

FILE is CSV or Excel with the columns case, rater and rating, one line for each case and rater. A rater is a letter or a
number, never a name. Everything runs on this machine.
"""


def add(commands: Any) -> None:
    """Add the command."""
    says = "how far people agree who rated the same cases"
    made = commands.add_parser(
        "agreement", help=says, description=f"{says.capitalize()}.", epilog=_TEACH,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.add_argument("file", metavar="FILE", help="the ratings: CSV or Excel")
    made.add_argument("--sheet", default="", metavar="NAME", help="the sheet of a workbook; else the first")
    made.set_defaults(run=_agreement)


def _agreement(options: argparse.Namespace) -> int:
    from tools.surfaces import agreement_report

    print(agreement_report.text(agreement_report.read(options.file, options.sheet)), end="")
    return 0
