"""Reads a page of the book into pieces that checks can judge: headings, paragraphs, items, roles, directives.

The parser is MyST's own, so a page is read here as the book reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

import yaml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

# As in `_config.yml`; test_config.py checks that the two agree.
MYST_EXTENSIONS = frozenset({"attrs_block", "attrs_inline", "colon_fence", "deflist"})

# Folders of book/ that hold no guide: their pages follow the rules of the language, not the skeleton of a chapter.
NOT_GUIDES = frozenset({"start", "library", "training", "reference"})

# Directives whose content is not prose. Any other directive is read, so that a new one is checked from its first day.
NOT_PROSE = frozenset(
    {"bibliography", "code", "code-block", "code-cell", "contents", "downloads", "forms-index", "image", "include", "instrument",
     "literalinclude", "math", "mermaid", "only", "raw", "toctree"}
)  # fmt: skip
# What a paragraph above it may introduce.
LED = frozenset({"bullet_list_open", "ordered_list_open", "table_open"})
# Directives whose argument is a file or a class, not words.
ARGUMENT_NOT_WORDS = frozenset({"container", "div", "figure", "glossary", "grid", "list-table"})


@dataclass(frozen=True)
class Finding:
    """One thing a check found.

    Attributes
    ----------
    file : str
        The file, from the top of the project.
    line : int
        The line in it, from 1; 0 when the whole file is meant.
    what : str
        What is wrong, in one sentence.
    todo : str
        What to do.
    """

    file: str
    line: int
    what: str
    todo: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.what} {self.todo}"


@dataclass(frozen=True)
class Role:
    """A role in a line: ``{cite}`key```."""

    name: str
    content: str
    line: int

    @property
    def is_citation(self) -> bool:
        """Whether the role cites a source."""
        return self.name.split(":")[0] in ("cite", "footcite")

    @property
    def keys(self) -> list[str]:
        """The bibliography keys of a citation."""
        return [key.strip() for key in self.content.split(",")] if self.is_citation else []


@dataclass(frozen=True)
class Line:
    """The prose of one line of the source.

    Attributes
    ----------
    number : int
    text : str
    hard : bool
        Whether the line ends on purpose (the end of the block, or a hard break).
    lead : str
        The bold words that open the line, if any: a label, not a sentence.
    """

    number: int
    text: str
    hard: bool
    lead: str = ""


@dataclass(frozen=True)
class Block:
    """A piece of prose.

    Attributes
    ----------
    kind : str
        ``heading``, ``title`` (of an admonition or a card), ``paragraph``, ``item`` (of a list), ``cell`` (of a table)
        or ``term`` (of a list of definitions).
    lines : tuple of Line
    level : int
        Level of a heading, else 0.
    section : str
        The heading of level two above the block.
    roles : tuple of Role
    classes : frozenset of str
        Classes of the block and of everything around it.
    directives : tuple of str
        The directives around it, outermost first.
    intro : Block or None
        For an item of a list or a cell of a table: the paragraph above it.
    """

    kind: str
    lines: tuple[Line, ...]
    level: int = 0
    section: str = ""
    roles: tuple[Role, ...] = ()
    classes: frozenset[str] = frozenset()
    directives: tuple[str, ...] = ()
    intro: Block | None = None

    @property
    def line(self) -> int:
        """Line of the source where the block starts."""
        return self.lines[0].number

    @property
    def text(self) -> str:
        """The words, on one line."""
        return tidy(" ".join(line.text for line in self.lines))

    @property
    def cites(self) -> bool:
        """Whether the block itself cites a source."""
        return any(role.is_citation for role in self.roles)


@dataclass(frozen=True)
class Directive:
    """A directive of the page: ```` ```{name} argument ````."""

    name: str
    argument: str
    line: int
    classes: frozenset[str]
    section: str


@dataclass(frozen=True)
class Page:
    """A page of the book, read into pieces."""

    file: str
    front: dict[str, object] = field(default_factory=dict)
    front_lines: dict[str, int] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    directives: tuple[Directive, ...] = ()
    problems: tuple[Finding, ...] = ()

    @property
    def folder(self) -> str:
        """The folder of ``book/`` that holds the page; empty for the landing page."""
        parts = self.file.split("/")
        return parts[1] if len(parts) > 2 and parts[0] == "book" else ""

    @property
    def is_chapter(self) -> bool:
        """Whether the page is a chapter of a guide, and so follows the skeleton."""
        return bool(self.folder) and self.folder not in NOT_GUIDES and not self.file.endswith("/index.md")

    @property
    def has_reviews(self) -> bool:
        """Whether the page must say when it was reviewed: every page that practitioners act on."""
        if self.folder in NOT_GUIDES:
            return self.folder == "start" and not self.file.endswith("/index.md")
        return bool(self.folder)

    @property
    def states_facts(self) -> bool:
        """Whether the page tells readers how the world is, and not how this book works."""
        return self.folder != "reference" or self.file.endswith("/glossary.md")

    @property
    def prose(self) -> tuple[Block, ...]:
        """The blocks made of sentences."""
        return tuple(block for block in self.blocks if block.kind in ("paragraph", "item"))

    @property
    def citations(self) -> list[tuple[str, int]]:
        """Every bibliography key that the page cites, with its line."""
        return [(key, role.line) for block in self.blocks for role in block.roles for key in role.keys]


def tidy(text: str) -> str:
    """Return text without the gaps that a removed citation leaves.

    >>> tidy("Ask first  ( ).")
    'Ask first.'
    """
    text = re.sub(r"\(\s*[,;]?\s*\)", "", text)
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r" +([.,;:!?)])", r"\1", text)


@cache
def _parser() -> MarkdownIt:
    return create_md_parser(MdParserConfig(enable_extensions=set(MYST_EXTENSIONS)), RendererHTML)


def _classes(token: Token) -> frozenset[str]:
    return frozenset(str(token.attrs.get("class", "")).split())


def _inline(token: Token, start: int) -> tuple[tuple[Line, ...], tuple[Role, ...]]:
    """Return the lines and the roles of one inline token that starts at line `start`."""
    lines: list[Line] = []
    roles: list[Role] = []
    number, words = start, ""
    lead, opens = "", False
    spans: list[bool] = []  # for each open span: is it kept from the checks?
    for child in token.children or ():
        if child.type == "strong_close" and not lead and opens:
            lead = tidy(words)
        opens = (child.type == "strong_open" and not tidy(words)) or (opens and child.type != "strong_close")
        if child.type == "span_open":
            spans.append(bool({"avoid", "treaty"} & _classes(child)))
        elif child.type == "span_close":
            spans.pop()
        elif child.type in ("softbreak", "hardbreak"):
            lines.append(Line(number, tidy(words), child.type == "hardbreak", lead))
            number, words, lead, opens = number + 1, "", "", False
        elif child.type == "myst_role":
            role = Role(child.meta["name"], child.content, number)
            roles.append(role)
            if not role.is_citation and not any(spans):
                words += re.sub(r"\s*<[^<>]*>$", "", child.content)
        elif child.type == "text" and not any(spans):  # code in a line is no prose
            words += child.content
    lines.append(Line(number, tidy(words), True, lead))
    return tuple(lines), tuple(roles)


def _options(content: str) -> tuple[dict[str, str], int]:
    """Return the options of a directive, and how many lines of its content they take."""
    lines = content.split("\n")
    if lines[0].strip() == "---":
        end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == "---"), len(lines) - 1)
        loaded = yaml.safe_load("\n".join(lines[1:end])) or {}
        return {str(key): str(value) for key, value in loaded.items()}, end + 1
    options: dict[str, str] = {}
    for taken, line in enumerate(lines):
        found = re.fullmatch(r":([\w-]+):\s*(.*)", line)
        if not found:
            return options, taken
        options[found.group(1)] = found.group(2)
    return options, len(lines)


class _Reader:
    """Walks the token streams of a page and of the directives in it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.directives: list[Directive] = []
        self.section = ""

    def read(self, text: str, offset: int, classes: frozenset[str], directives: tuple[str, ...]) -> None:
        """Read text whose first line is line ``offset + 1`` of the page."""
        stack: list[Token] = []
        intros: list[Block | None] = [None]
        last: Block | None = None
        for token in _parser().parse(text):
            around = classes.union(_classes(token), *map(_classes, stack))
            if token.type in ("fence", "colon_fence"):
                self._directive(token, offset, around, directives)
                last = None
            elif token.type == "inline":
                block = self._block(token, offset, around, directives, stack, intros[-1])
                last = block if block.kind in ("paragraph", "item") else None
            elif token.nesting == 1:
                if token.type in LED:
                    intros.append(last or intros[-1])
                stack.append(token)
            elif token.nesting == -1:
                closed = stack.pop()
                if closed.type in LED:
                    intros.pop()

    def _block(
        self,
        token: Token,
        offset: int,
        classes: frozenset[str],
        directives: tuple[str, ...],
        stack: list[Token],
        intro: Block | None,
    ) -> Block:
        inside = {parent.type for parent in stack}
        lines, roles = _inline(token, (token.map[0] if token.map else 0) + 1 + offset)
        level = 0
        if "heading_open" in inside:
            kind, level = "heading", int(stack[-1].tag[1])
            if level <= 2 and not directives:
                self.section = tidy(" ".join(line.text for line in lines)) if level == 2 else ""
        elif inside & {"th_open", "td_open"}:
            kind = "cell"
        elif "dt_open" in inside:
            kind = "term"
        elif "list_item_open" in inside:
            kind = "cell" if directives[-1:] == ("list-table",) else "item"
        else:
            kind = "paragraph"
        block = Block(
            kind, lines, level, self.section, roles, classes, directives, intro if kind in ("item", "cell") else None
        )
        self.blocks.append(block)
        return block

    def _directive(self, token: Token, offset: int, classes: frozenset[str], directives: tuple[str, ...]) -> None:
        found = re.match(r"\{([\w:-]+)\}\s*(.*)", token.info.strip())
        if not found:
            return  # a listing, not a directive
        name, argument = found.group(1), found.group(2).strip()
        line = (token.map[0] if token.map else 0) + 1 + offset
        options, taken = _options(token.content)
        inner = classes | set(options.get("class", "").split())
        if name in ("div", "container"):
            inner |= set(argument.split())
        self.directives.append(Directive(name, argument, line, inner, self.section))
        if name in NOT_PROSE:
            return
        inside = (*directives, name)
        if argument and name not in ARGUMENT_NOT_WORDS:
            lines, roles = _inline(_parser().parseInline(argument)[0], line)
            self.blocks.append(Block("title", lines, 0, self.section, roles, inner, inside))
        content = token.content.split("\n")[taken:]
        if name == "glossary":
            self._terms(content, line + taken, inner, inside)
            # The definitions, dedented, with blank lines where the terms stood, so that lines keep their numbers.
            content = [text.strip() if text[:1].isspace() else "" for text in content]
        self.read("\n".join(content), line + taken, inner, inside)

    def _terms(self, content: list[str], offset: int, classes: frozenset[str], directives: tuple[str, ...]) -> None:
        for number, text in enumerate(content, offset + 1):
            if text and not text[0].isspace():
                self.blocks.append(Block("term", (Line(number, text, True),), 0, self.section, (), classes, directives))


def _front_matter(file: str, text: str) -> tuple[dict[str, object], dict[str, int], int, tuple[Finding, ...]]:
    """Return the front matter, the line of each key, the number of lines it takes, and what is wrong with it."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return {}, {}, 0, ()
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        return {}, {}, 0, (Finding(file, 1, "The front matter does not end.", "Close it with a line `---`."),)
    places: dict[str, int] = {}
    for number, line in enumerate(lines[1:end], 2):
        if found := re.match(r"([A-Za-z_][\w-]*):", line):
            places.setdefault(found.group(1), number)
    try:
        loaded = yaml.safe_load("\n".join(lines[1:end]))
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2027-02-30
        mark = getattr(error, "problem_mark", None)
        detail = Finding(
            file,
            mark.line + 2 if mark else 1,
            f"The front matter cannot be read: {getattr(error, 'problem', None) or error}.",
            "Look for a missing colon or quote, or a day that does not exist.",
        )
        return {}, places, end + 1, (detail,)
    return (loaded if isinstance(loaded, dict) else {}), places, end + 1, ()


def read_page(file: str, text: str) -> Page:
    """Read a page of MyST Markdown.

    Parameters
    ----------
    file : str
        Its path from the top of the project: for messages, and to know what kind of page it is.
    text : str
        The whole source.
    """
    front, places, taken, problems = _front_matter(file, text)
    reader = _Reader()
    reader.read("\n".join(text.split("\n")[taken:]), taken, frozenset(), ())
    return Page(file, front, places, tuple(reader.blocks), tuple(reader.directives), problems)
