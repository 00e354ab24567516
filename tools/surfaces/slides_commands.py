"""``python -m tools slides``: the slides of a guide, with notes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tools import chapters
from tools.surfaces import slides

_TEACH = """\
examples:
  python -m tools slides protection --out work    one guide
  python -m tools slides all --out work           every guide
"""


def add(commands: Any) -> None:
    """Add the command.

    Parameters
    ----------
    commands : the subparsers of the command line
    """
    made = commands.add_parser(
        "slides", help="slides of a guide, with notes", epilog=_TEACH,
        description="Write the key points, mistakes and cases of a guide's chapters as slides, with the rest in the notes.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.add_argument("guide", metavar="GUIDE", help="its folder in book/, or: all")
    made.add_argument("--out", type=Path, default=Path(), metavar="FOLDER", help="where to write; else here")
    made.set_defaults(run=_write)


def _write(options: argparse.Namespace) -> int:
    for guide in chapters.guides() if options.guide == "all" else (options.guide,):
        path = options.out / f"{guide}.pptx"
        count = slides.write(guide, path)
        print(f"{path}: {count} slides")
    return 0
