"""``python -m tools storyboard``: the scripts of how-to videos as text, and their captions."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Add the command."""
    says = "the script of a how-to video as text, and its captions as WebVTT"
    made = commands.add_parser("storyboard", help=says, description=f"{says.capitalize()}.")
    made.add_argument("name", metavar="ID", help="behind 'id' in data/storyboards.yml, or: all")
    made.add_argument("--out", type=Path, default=Path(), metavar="FOLDER", help="where to write; else here")
    made.set_defaults(run=_write)


def _write(options: argparse.Namespace) -> int:
    from tools.surfaces import storyboard

    chosen = storyboard.load() if options.name == "all" else (storyboard.find(options.name),)
    options.out.mkdir(parents=True, exist_ok=True)
    for one in chosen:
        for ending, text in (("txt", storyboard.script(one)), ("vtt", storyboard.captions(one))):
            (options.out / f"{one.id}.{ending}").write_text(text, encoding="utf-8")
        print(f"{options.out / one.id}: {len(one.steps)} steps, {one.seconds} seconds")
    return 0
