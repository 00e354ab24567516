"""What a chapter says, by the parts of its skeleton: for slides, plans of a workshop, flash cards and courses.

The chapters are written once, in ``book/``; whatever a trainer takes into a room is made from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tools import content
from tools.errors import Problem

if TYPE_CHECKING:
    from markdown_it.token import Token

#: Sections of a chapter; see the skeleton of a chapter in CONTRIBUTING.
AT_A_GLANCE, WHAT_TO_DO, WATCH_OUT, ADAPT, PRACTISE = "At a glance", "What to do", "Watch out", "Adapt it", "Practise"
_ROLE = re.compile(r"\{[\w:.-]+\}`([^`<]*?)(?:\s*<[^`]*>)?`")
_CITED = re.compile(r"\s*\{cite[\w:]*\}`[^`]*`")
_FORM = re.compile(r"^`{3,}\{instrument\}[ \t]+([\w/-]+)", flags=re.M)


@dataclass(frozen=True)
class Chapter:
    """One chapter, without markup and citations.

    Attributes
    ----------
    name : str
        Its page: ``book/identification/indicators``.
    title : str
    points, steps : tuple of str
        What it says at a glance, and what to do.
    mistakes : tuple of (str, str)
        A mistake, and what to do instead.
    adapt : tuple of str
    case, question, answer : str
        Its first case, what is asked, and our answer; empty where it has none.
    forms : tuple of str
        Ids of the instruments on the page.
    """

    name: str
    title: str
    points: tuple[str, ...]
    steps: tuple[str, ...]
    mistakes: tuple[tuple[str, str], ...]
    adapt: tuple[str, ...]
    case: str
    question: str
    answer: str
    forms: tuple[str, ...]

    @property
    def is_taught(self) -> bool:
        """Whether it has what a session needs: key points."""
        return bool(self.points)


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


def items(text: str) -> tuple[str, ...]:
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


def mistakes(text: str) -> list[tuple[str, str]]:
    """Return mistakes and what to do instead, from a definition list."""
    found = re.findall(r"^\*\*(.+?)\*\*\s*\n: (.+?)(?=\n\s*\n|\Z)", text, flags=re.S | re.M)
    return [(plain(mistake), plain(instead)) for mistake, instead in found]


def _case(text: str) -> tuple[str, str, str]:
    """Return the first case, what is asked about it, and its worked answer."""
    case = re.search(r"^:{3,}\{div\} case\s*\n(.*?)^:{3,}\s*$", text, flags=re.S | re.M)
    if not case:
        return "", "", ""
    answer = re.search(r"^`{3,}\{dropdown\}[^\n]*\n(.*?)^`{3,}\s*$", text[case.end() :], flags=re.S | re.M)
    asked = text[case.end() :][: answer.start()] if answer else text[case.end() :]
    return plain(case[1]), plain(_without_directives(asked)), plain(answer[1]) if answer else ""


def read(name: str, text: str) -> Chapter:
    r"""Return the parts of a chapter.

    Parameters
    ----------
    name : str
        Its page, without the ending.
    text : str
        MyST Markdown.

    Examples
    --------
    >>> one = read("book/a/ask", "# Ask first\n## At a glance\n- Ask.\n- Wait.\n## What to do\n1. **Ask** the person.\n")
    >>> one.title, one.points, one.steps, one.case
    ('Ask first', ('Ask.', 'Wait.'), ('Ask the person.',), '')
    """
    found = sections(text)
    case, question, answer = _case(found.get(PRACTISE, ""))
    return Chapter(
        name=name,
        title=next(iter(found), ""),
        points=items(found.get(AT_A_GLANCE, "")),
        steps=items(found.get(WHAT_TO_DO, "")),
        mistakes=tuple(mistakes(found.get(WATCH_OUT, ""))),
        adapt=items(found.get(ADAPT, "")),
        case=case,
        question=question,
        answer=answer,
        forms=tuple(dict.fromkeys(_FORM.findall(text))),
    )


def guides() -> tuple[str, ...]:
    """Return the guides that have chapters, by name."""
    found = (path for path in content.BOOK.glob("*/*.md") if f"\n## {AT_A_GLANCE}\n" in content.read_text(path))
    return tuple(sorted({path.parent.name for path in found}))


@cache
def of_guide(guide: str) -> tuple[Chapter, ...]:
    """Return a guide's pages in the order of the book; the first is its first page.

    Raises
    ------
    Problem
        ``SLI_001`` if there is no such guide.
    """
    toc = content.read_text(content.ROOT / "_toc.yml")
    names = re.findall(rf"\b(book/{re.escape(guide)}/[\w-]+)", toc)
    found = tuple(page(name) for name in names if (content.ROOT / f"{name}.md").is_file())
    if not any(one.is_taught for one in found):
        raise Problem("SLI_001", guide=guide, known=", ".join(guides()))
    return found


@cache
def page(name: str) -> Chapter:
    """Return one page of the book by its name, such as ``book/identification/indicators``."""
    return read(name, content.read_text(content.ROOT / f"{name}.md"))
