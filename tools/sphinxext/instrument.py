"""The ``{instrument}`` directive: an instrument stands in a chapter, found by search, cited and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from tools import content
from tools.errors import Problem
from tools.instruments import library
from tools.surfaces import html, text

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)


class instrument_node(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """An instrument in the doctree; its attribute ``instrument`` is the id."""

    def astext(self) -> str:
        """Return its words, for the search index and for plain-text builders."""
        return text.blank(library.load(self["instrument"]))


class InstrumentDirective(SphinxDirective):
    """Put an instrument here: its id is the only argument."""

    required_arguments = 1
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the node, with a label ``tool-<name>`` that chapters can link to."""
        name = self.arguments[0].strip()
        try:
            instrument = library.load(name)
        except Problem as problem:
            logger.warning(str(problem), location=self.get_location(), type="tools", subtype="instrument")
            return []
        self.env.note_dependency(str(content.instrument_path(name)))
        node = instrument_node(instrument=name)
        self.set_source_info(node)
        target = nodes.target("", "", ids=[f"tool-{instrument.name}"], names=[f"tool-{instrument.name}"])
        self.state.document.note_explicit_target(target)
        return [target, node]


def level_of(node: nodes.Node) -> int:
    """Return the level of the instrument's heading: one below the section it stands in."""
    level, parent = 1, node.parent
    while parent is not None:
        level += isinstance(parent, nodes.section)
        parent = parent.parent
    return level


def prefix_for(visitor: Any) -> str:
    """Return what is put before ids and field names: the edition's name where two could meet."""
    return str(getattr(visitor.builder, "edition_prefix", ""))


def anchors(node: nodes.Element) -> str:
    """Return what links to the label lead to; docutils has moved its id from the target to the instrument."""
    return "".join(f'<span id="{name}"></span>' for name in node["ids"])


def _visit_html(self: Any, node: instrument_node) -> None:
    self.body.append(anchors(node))
    self.body.append(html.render(library.load(node["instrument"]), prefix=prefix_for(self), level=level_of(node)))
    raise nodes.SkipNode


def _visit_text(self: Any, node: instrument_node) -> None:
    self.add_text(node.astext())
    raise nodes.SkipNode


def _skip(self: Any, node: instrument_node) -> None:  # noqa: ARG001 - the writers call it so
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the node and the directive."""
    app.add_node(instrument_node, html=(_visit_html, None), text=(_visit_text, None), latex=(_skip, None),
                 man=(_skip, None), texinfo=(_skip, None))  # fmt: skip
    app.add_directive("instrument", InstrumentDirective)
