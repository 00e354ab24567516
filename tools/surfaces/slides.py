"""Slides of a guide, with notes for the trainer, made from the chapters.

A chapter gives three slides: its key points, what to watch out for, and its case. What to do, what to do instead and the
worked answer stand in the notes below them, so that the room does not read ahead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools import chapters
from tools.chapters import PRACTISE, WATCH_OUT, WHAT_TO_DO, Chapter

LICENCE: Final = "Text CC BY 4.0. Tools inform a decision to protect; they are not proof."
#: The paper and the inks of the website's light theme (tokens.css).
_PAPER, _INK, _ACCENT = "FCFAF5", "1D2B2F", "0B5C66"
#: Letters on a slide, by how many signs stand on it: what a person at the back can still read.
_SIZES: Final = ((260, 26), (420, 22), (640, 18), (900, 16))


@dataclass(frozen=True)
class Slide:
    """One slide: title, lines, and what the trainer has before them."""

    title: str
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()


def of_chapter(one: Chapter) -> tuple[Slide, ...]:
    """Return the slides of a chapter: key points, mistakes, case."""
    slides = []
    if one.points:
        steps = [f"{n}. {step}" for n, step in enumerate(one.steps, start=1)]
        slides.append(Slide(one.title, one.points, (f"{WHAT_TO_DO}:", *steps) if steps else ()))
    if one.mistakes:
        notes = tuple(f"{mistake}: {instead}" for mistake, instead in one.mistakes)
        slides.append(Slide(f"{WATCH_OUT}: {one.title}", tuple(mistake for mistake, _ in one.mistakes), notes))
    if one.case:
        asked = (one.question,) if one.question else ()
        notes = ("A worked answer:", one.answer) if one.answer else ()
        slides.append(Slide(f"{PRACTISE}: {one.title}", (one.case, *asked), notes))
    return tuple(slides)


def of_guide(guide: str) -> tuple[Slide, ...]:
    """Return all slides of a guide, its title first.

    Raises
    ------
    Problem
        ``SLI_001`` if there is no such guide.
    """
    first, *rest = chapters.of_guide(guide)
    made = [slide for one in rest for slide in of_chapter(one)]
    return (Slide(first.title, (LICENCE,)), *made)


def write(guide: str, path: Path, *, day: dt.date | None = None) -> int:
    """Write a guide as a PowerPoint file with notes, and return how many slides it has.

    Parameters
    ----------
    guide : str
        Name of its folder in ``book/``.
    path : Path
        The file; its folder is made if need be.
    day : date, optional
        The date that the file says it was made on; the day of the sources if left out.
    """
    from pptx import Presentation
    from pptx.util import Inches

    slides = of_guide(guide)
    show: Any = Presentation()
    show.slide_width, show.slide_height = Inches(13.333), Inches(7.5)
    made = dt.datetime.combine(day or dt.date(2026, 11, 25), dt.time())
    about = show.core_properties
    about.title, about.author, about.language = slides[0].title, "Counter-trafficking practitioner guides", "en"
    about.created = about.modified = made
    for number, one in enumerate(slides):
        page = show.slides.add_slide(show.slide_layouts[5])
        page.background.fill.solid()
        page.background.fill.fore_color.rgb = _colour(_PAPER)
        title = page.shapes.title
        title.left, title.top, title.width, title.height = Inches(0.7), Inches(0.45), Inches(11.9), Inches(1.2)
        _write_text(title.text_frame, (one.title,), 34 if len(one.title) < 60 else 28, _ACCENT, bold=True)
        box = page.shapes.add_textbox(Inches(0.7), Inches(1.9 if number else 3.2), Inches(11.9), Inches(5.0))
        box.name = "Text"
        length = sum(map(len, one.lines))
        size = next((size for most, size in _SIZES if length <= most), 14)
        _write_text(box.text_frame, one.lines, size, _INK, marked=number > 0 and len(one.lines) > 1)
        page.notes_slide.notes_text_frame.text = "\n".join(one.notes)
    path.parent.mkdir(parents=True, exist_ok=True)
    show.save(str(path))
    return len(slides)


def _colour(name: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(name)  # type: ignore[no-untyped-call]


def _write_text(
    frame: Any, lines: Sequence[str], size: int, colour: str, *, bold: bool = False, marked: bool = False
) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = f"•  {line}" if marked else line
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, _colour(colour)
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_after = Pt(size * 0.5)
