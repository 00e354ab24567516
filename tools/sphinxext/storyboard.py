"""The directive ``{storyboard} ID``: a procedure as a list of captions, each with its picture. It needs no script."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools import content
from tools.errors import Problem
from tools.surfaces import storyboard


class StoryboardDirective(SphinxDirective):
    """Show one storyboard."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return what it shows, and its steps."""
        self.env.note_dependency(str(content.STORYBOARDS))
        try:
            one = storyboard.find(self.arguments[0])
        except Problem as problem:
            raise self.error(str(problem)) from None
        steps = nodes.enumerated_list(classes=["ct-story"])
        for step in one.steps:
            steps += nodes.list_item(
                "", nodes.paragraph("", step.says), nodes.raw("", storyboard.picture(step), format="html")
            )
        return [nodes.paragraph("", one.shows), steps]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("storyboard", StoryboardDirective)
