"""Slides of a guide, with notes for the trainer, made from the chapters.

A chapter gives three slides: its key points, what to watch out for, and its case. What to do, what to do instead and the
worked answer stand in the notes below them, so that the room does not read ahead.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tools import content
from tools.errors import Problem

if TYPE_CHECKING:
    from markdown_it.token import Token

#: Sections of a chapter that become slides; see the skeleton of a chapter in CONTRIBUTING.
AT_A_GLANCE, WHAT_TO_DO, WATCH_OUT, PRACTISE = "At a glance", "What to do", "Watch out", "Practise"
LICENCE: Final = "Text CC BY 4.0. Tools inform a decision to protect; they are not proof."
#: The paper and the inks of the website's light theme (tokens.css).
_PAPER, _INK, _ACCENT = "FCFAF5", "1D2B2F", "0B5C66"
#: Letters on a slide, by how many signs stand on it: what a person at the back can still read.
_SIZES: Final = ((260, 26), (420, 22), (640, 18), (900, 16))
_ROLE = re.compile(r"\{[\w:.-]+\}`([^`<]*?)(?:\s*<[^`]*>)?`")
_CITED = re.compile(r"\s*\{cite[\w:]*\}`[^`]*`")


@dataclass(frozen=True)
class Slide:
    """One slide: title, lines, and what the trainer has before them."""

    title: str
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Return a line of a chapter without markup and citations.

    >>> plain("Ask for {term}`consent <Consent>`, **always** {cite}`un2000protocol`.")
    'Ask for consent, always.'
    >>> plain("See [the plan](tool-plan) and `case code`.")
    'See the plan and case code.'
    """
    text = _CITED.sub("", text)
    text = _ROLE.sub(lambda role: role[1], text)
    text = re.sub(r"!?\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})?", r"\1", text)
    return re.sub(r"\s+", " ", re.sub(r"\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)", "", text)).strip()


def sections(text: str) -> dict[str, str]:
    """Return the text of each section of a chapter by its heading; the first is the title, without text."""
    body = text.split("\n---\n", 1)[-1] if text.startswith("---\n") else text
    parts = re.split(r"^(#{1,2}) +(.+?)\s*$", body, flags=re.M)
    return {plain(parts[n + 1]): parts[n + 2] for n in range(1, len(parts), 3)}


def _items(text: str) -> tuple[str, ...]:
    """Return the entries of lists, without what is nested in them, and without directives."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(_without_directives(text))
    return tuple(plain(token.content) for token in _first_in_items(tokens))


def _first_in_items(tokens: Sequence[Token]) -> Iterator[Token]:
    depth, wanted = 0, False
    for token in tokens:
        if token.type == "list_item_open":
            depth += 1
            wanted = depth == 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type == "inline" and wanted:
            wanted = False
            yield token


def _without_directives(text: str) -> str:
    text = re.sub(r"^(`{3,}|:{3,})\{.*?^\1\s*$", "", text, flags=re.S | re.M)
    return re.sub(r"^(\(.+\)=|\{\..*\}|%.*)$", "", text, flags=re.M)


def _mistakes(text: str) -> list[tuple[str, str]]:
    """Return mistakes and what to do instead, from a definition list."""
    found = re.findall(r"^\*\*(.+?)\*\*\s*\n: (.+?)(?=\n\s*\n|\Z)", text, flags=re.S | re.M)
    return [(plain(mistake), plain(instead)) for mistake, instead in found]


def _case(text: str) -> tuple[str, str]:
    """Return the first case and its worked answer."""
    case = re.search(r"^:{3,}\{div\} case\s*\n(.*?)^:{3,}\s*$", text, flags=re.S | re.M)
    answer = re.search(r"^`{3,}\{dropdown\}[^\n]*\n(.*?)^`{3,}\s*$", text, flags=re.S | re.M)
    return plain(case[1]) if case else "", plain(answer[1]) if answer else ""


def of_chapter(text: str) -> tuple[Slide, ...]:
    r"""Return the slides of a chapter.

    >>> slides = of_chapter("# Ask first\n## At a glance\n- Ask.\n- Wait.\n## What to do\n1. **Ask** the person.\n")
    >>> slides[0].title, slides[0].lines, slides[0].notes[-1]
    ('Ask first', ('Ask.', 'Wait.'), '1. Ask the person.')
    """
    found = sections(text)
    title = next(iter(found), "")
    slides = []
    if points := _items(found.get(AT_A_GLANCE, "")):
        steps = [f"{n}. {step}" for n, step in enumerate(_items(found.get(WHAT_TO_DO, "")), start=1)]
        slides.append(Slide(title, points, (f"{WHAT_TO_DO}:", *steps) if steps else ()))
    if mistakes := _mistakes(found.get(WATCH_OUT, "")):
        notes = tuple(f"{mistake}: {instead}" for mistake, instead in mistakes)
        slides.append(Slide(f"{WATCH_OUT}: {title}", tuple(mistake for mistake, _ in mistakes), notes))
    case, answer = _case(found.get(PRACTISE, ""))
    if case:
        slides.append(Slide(f"{PRACTISE}: {title}", (case,), ("A worked answer:", answer) if answer else ()))
    return tuple(slides)


def guides() -> tuple[str, ...]:
    """Return the guides that have chapters, by name."""
    found = (path for path in content.BOOK.glob("*/*.md") if f"\n## {AT_A_GLANCE}\n" in content.read_text(path))
    return tuple(sorted({path.parent.name for path in found}))


def chapters(guide: str) -> tuple[str, ...]:
    """Return the texts of a guide's chapters in the order of the book; the first is its first page.

    Raises
    ------
    Problem
        ``SLI_001`` if there is no such guide.
    """
    toc = content.read_text(content.ROOT / "_toc.yml")
    paths = [content.ROOT / f"{name}.md" for name in re.findall(rf"\b(book/{re.escape(guide)}/[\w-]+)", toc)]
    if not paths:
        raise Problem("SLI_001", guide=guide, known=", ".join(guides()))
    return tuple(content.read_text(path) for path in paths if path.is_file())


def of_guide(guide: str) -> tuple[Slide, ...]:
    """Return all slides of a guide, its title first."""
    first, *rest = chapters(guide)
    title = next(iter(sections(first)), guide)
    made = [slide for text in rest for slide in of_chapter(text)]
    if not made:
        raise Problem("SLI_001", guide=guide, known=", ".join(guides()))
    return (Slide(title, (LICENCE,)), *made)


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
