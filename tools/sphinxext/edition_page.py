"""The page around the text of an edition: title, cover, contents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from sphinx.locale import get_translation

_ = get_translation("interface")


def page(
    *, title: str, kind: str, body: str, author: str, language: str, project: str, version: str,
    contents: Sequence[tuple[int, str, str]],
) -> str:  # fmt: skip
    """Return a whole HTML page.

    Parameters
    ----------
    title, author, language, project, version : str
        ``project`` is the name of the whole book; ``title`` that of the edition.
    kind : str
        ``complete``, ``guide``, ``light``, ``brief`` or ``instrument``; the last two have no cover and no contents.
    body : str
        HTML of the text.
    contents : sequence of (level, id, title)
    """
    full = title if kind == "complete" else f"{title} – {project}"
    before = "" if kind in ("instrument", "brief") else cover(title, project, version, kind) + contents_list(contents)
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}"><head><meta charset="utf-8"><title>{escape(full)}</title>'
        f'<meta name="author" content="{escape(author)}"></head>'
        f'<body class="pdf-{kind}">{before}<main>{body}</main></body></html>'
    )


def cover(title: str, project: str, version: str, kind: str) -> str:
    """Return the cover; its picture is the background and says nothing of its own."""
    over = _("Complete edition") if kind == "complete" else project
    return (
        f'<div class="pdf-cover"><p class="pdf-cover-over">{escape(over)}</p>'
        f'<p class="pdf-cover-title">{escape(title)}</p><p class="pdf-cover-version">{escape(version)}</p></div>'
    )


def contents_list(entries: Iterable[tuple[int, str, str]]) -> str:
    """Return the contents as nested lists; page numbers come from the style sheet.

    >>> contents_list([(1, "a", "One"), (2, "b", "Two")]).count("<ul>")
    2
    """
    out: list[str] = []
    depth = 0
    for level, name, title in entries:
        if level > depth:
            out += ["<ul>"] * (level - depth)
        else:
            out += ["</li></ul>"] * (depth - level) + ["</li>"]
        out.append(f'<li class="pdf-level-{level}"><a href="#{escape(name)}">{escape(title)}</a>')
        depth = level
    out += ["</li></ul>"] * depth
    return f'<nav class="pdf-contents"><p class="pdf-contents-title">{escape(_("Contents"))}</p>{"".join(out)}</nav>'


def footer(words: str) -> str:
    """Return a style rule that prints words at the foot of every page."""
    text = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'@page {{ @bottom-left {{ content: "{text}"; width: 80% }} @bottom-right {{ width: 20% }} }}'
