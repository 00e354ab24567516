"""The filter above a list or a table. ``static/forms.js`` makes it work: it finds an entry by its classes or its data.

It stays hidden until the script runs, because the list is whole without it. Nothing chosen is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes

from tools.sphinxext.words import interface as _

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Options = Sequence[tuple[str, str]]


class list_filter(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """The place of a filter, with its HTML; only the website shows it, and its words are not for the search index."""

    def astext(self) -> str:
        """Return nothing."""
        return ""


def place(html: str) -> list_filter:
    """Return the place of a filter above a list."""
    return list_filter(html=html)


def _visit(self: Any, node: list_filter) -> None:
    if self.builder.name == "html":
        self.body.append(node["html"])
    raise nodes.SkipNode


def _skip(_self: Any, _node: nodes.Element) -> None:
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the place of a filter."""
    app.add_node(list_filter, html=(_visit, None), text=(_skip, None))


def row_class(column: str, word: str) -> str:
    """Return the class by which the filter finds an entry.

    >>> row_class("stage", "first contact")
    'ct-stage--first-contact'
    """
    return f"ct-{column}--{code(word)}"


def code(word: str) -> str:
    """Return a word as the value of an option and the end of a class.

    >>> code("first contact")
    'first-contact'
    """
    return word.replace(" ", "-")


def box(
    name: str, fields: Mapping[str, tuple[str, Options]], told: str, *, counts: bool = False, after: str = ""
) -> str:
    """Return the filter as HTML.

    Parameters
    ----------
    name : str
        What the ids of its fields begin with.
    fields : mapping of str to (str, sequence of (str, str))
        For each column its label, and the values with their words.
    told : str
        What is said of the result; ``%(shown)s`` and ``%(all)s`` are filled in.
    counts : bool
        Whether each value says how many entries it would show beside what else is chosen.
    after : str
        HTML that follows the fields.
    """
    made = "".join(field(f"{name}-{column}", f'data-ct-filter="{column}"', *parts) for column, parts in fields.items())
    return (
        f'<div class="ct-forms-filter" data-ct-forms="{escape(told)}"{" data-ct-counts" if counts else ""} role="group"'
        f' aria-label="{escape(_("Show only some"))}" hidden>{made}{after}<p role="status"></p></div>'
    )


def field(ident: str, data: str, label: str, options: Options, *, every: bool = True) -> str:
    """Return one field with its label; ``every`` puts "All" in front of its options."""
    first = f'<option value="">{escape(_("All"))}</option>' if every else ""
    listed = "".join(f'<option value="{escape(value)}">{escape(words)}</option>' for value, words in options)
    return (
        f'<span><label for="{ident}">{escape(label)}</label>'
        f'<select id="{ident}" {data} autocomplete="off">{first}{listed}</select></span>'
    )
