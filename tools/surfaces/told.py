"""What a program says of some answers or data: plain text in a terminal, paragraphs, lists and tables on a page.

A notebook and the book show the second, so that a phone breaks lines where words end and a table stays a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from textwrap import wrap
from typing import Any, Final, Protocol

_WIDTH: Final = 72


class Shown(Protocol):
    """A table that is text and HTML, such as :class:`tools.charts.Table`."""

    def text(self) -> str:
        """Return it as lines of plain text."""

    def html(self) -> str:
        """Return it as HTML."""


class Told(str):
    """Text that a page shows as paragraphs, lists and tables.

    Parameters
    ----------
    blocks : sequence
        Lines and tables. A line that begins with ``- `` is an entry of a list, one that is set in goes on with the entry
        before it, an empty one parts paragraphs.
    plain : str, optional
        The plain text, if it is more than the blocks, wrapped.

    Examples
    --------
    >>> said = Told(["Next:", "- Ask <her>."])
    >>> print(said, end="")
    Next:
    - Ask <her>.
    >>> said.html()
    '<div class="ct-told"><p>Next:</p><ul><li>Ask &lt;her&gt;.</li></ul></div>'
    """

    blocks: tuple[str | Shown, ...]

    def __new__(cls, blocks: Sequence[str | Shown], plain: str | None = None) -> Told:
        """Return the text."""
        made = super().__new__(cls, _plain(blocks) if plain is None else plain)
        made.blocks = tuple(blocks)
        return made

    def html(self) -> str:
        """Return it as HTML without styles and scripts."""
        return f'<div class="ct-told">{"".join(_parts(self.blocks))}</div>'

    def _repr_mimebundle_(self, **_options: object) -> dict[str, Any]:
        return {"text/html": self.html(), "text/plain": str(self)}


def wrapped(lines: Sequence[str]) -> str:
    """Return lines as text of at most 72 letters a line, ended; what follows in a list is set in.

    >>> print(wrapped(["- one two", ""]), end="")
    - one two
    <BLANKLINE>
    """
    parts = (
        part
        for line in lines
        for part in (wrap(line, _WIDTH, subsequent_indent="  " * line.startswith("- "), break_long_words=False) or [""])
    )
    return "\n".join(parts) + "\n"


def _plain(blocks: Sequence[str | Shown]) -> str:
    parts = (wrapped([block]) if isinstance(block, str) else block.text() + "\n" for block in blocks)
    return "".join(parts)


def _kind(block: str | Shown) -> str:
    if not isinstance(block, str):
        return "table"
    return "list" if block.startswith(("- ", "  ")) else "line" if block else ""


def _parts(blocks: Sequence[str | Shown]) -> Iterator[str]:
    for kind, some in groupby(blocks, key=_kind):
        if kind == "list":
            yield f"<ul>{''.join(_entries([str(one) for one in some]))}</ul>"
        elif kind == "table":
            # A wide table scrolls by itself; to be scrolled with the keyboard it must take the focus.
            yield "".join(
                f'<div class="ct-told-scroll" role="region" aria-label="{escape(one.text().splitlines()[0])}" '
                f'tabindex="0">{one.html()}</div>'
                for one in some
                if not isinstance(one, str)
            )
        elif kind == "line":
            yield "".join(f"<p>{escape(str(one))}</p>" for one in some)


def _entries(lines: Sequence[str]) -> Iterator[str]:
    entries: list[list[str]] = []
    for line in lines:
        if line.startswith("- ") or not entries or not entries[-1][0].startswith("- "):
            entries.append([line])
        else:
            entries[-1].append(line)
    for entry in entries:
        first, *rest = (part.removeprefix("- ").strip() for part in entry)
        yield f"<li>{escape(first)}{''.join(f'<br>{escape(part)}' for part in rest)}</li>"
