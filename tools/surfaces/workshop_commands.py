"""``python -m tools workshop``: a folder with everything a trainer takes into the room."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_TEACH = """\
examples:
  python -m tools workshop protection --out work    one guide
  python -m tools workshop all --out work           every guide, and the cards of words

A guide gives: plan for the facilitator (PDF), workbook (PDF to fill in), certificate (PDF), slides (PowerPoint), flash cards
(Anki), and a course for learning platforms (SCORM 1.2).
"""

Typesetter = Callable[[], Callable[[Mapping[str, tuple[str, str]]], dict[str, bytes]]]


def add(commands: Any, typesetter: Typesetter) -> None:
    """Add the command.

    Parameters
    ----------
    commands : the subparsers of the command line
    typesetter : callable
        Returns what sets PDFs; it lives on the floor above.
    """
    says = "a workshop in a box: plan, workbook, slides, cards, course"
    made = commands.add_parser(
        "workshop", help=says, description=f"{says.capitalize()}.", epilog=_TEACH,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.add_argument("guide", metavar="GUIDE", help="its folder in book/, or: all")
    made.add_argument("--out", type=Path, default=Path(), metavar="FOLDER", help="where to write; else here")
    made.set_defaults(run=lambda options: _write(options, typesetter))


def _write(options: argparse.Namespace, typesetter: Typesetter) -> int:
    from tools import chapters, quizzes
    from tools.surfaces import flashcards, scorm, slides, workshop

    guides = chapters.guides() if options.guide == "all" else (options.guide,)
    papers: dict[str, tuple[str, str]] = {}
    for guide in guides:
        papers[f"{guide}--facilitator"] = workshop.paper(guide, "facilitator")
        papers[f"{guide}--workbook"] = workshop.paper(guide, "participant")
        papers[f"{guide}--certificate"] = workshop.certificate(guide)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, data in typesetter()(papers).items():
        (options.out / f"{name}.pdf").write_bytes(data)
    for guide in guides:
        count = slides.write(guide, options.out / f"{guide}.pptx")
        learnt = flashcards.write(guide, options.out / f"{guide}.apkg")
        asked = sum(len(quizzes.questions(_load(name))) for name in quizzes.of_guide(guide))
        if asked:
            scorm.write(guide, options.out / f"{guide}--scorm.zip")
        print(f"{options.out / guide}: {count} slides, {learnt} cards, {asked} questions")
    if options.guide == "all":
        print(
            f"{options.out / flashcards.WORDS}: {flashcards.write(flashcards.WORDS, options.out / 'words.apkg')} cards"
        )
    return 0


def _load(name: str) -> Any:
    from tools.instruments import library

    return library.load(name)
