"""Two directives of the training part: ``{workshop} GUIDE``, what a trainer gets, and ``{pathways}``, ways by role.

Both are lists and tables of links, whole without a script. Minutes and agendas come from ``tools.pathways``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools import chapters, content, pathways
from tools.instruments import library
from tools.pathways import Pathway, Session, Slot
from tools.sphinxext.words import interface as _
from tools.surfaces.workshop import clock


def said(what: str) -> str:
    """Return what a line of an agenda says when it is no page, in the language of the build."""
    known = {
        "welcome": _("Welcome, and how to leave the room"), "test": _("Questions, each alone"), "break": _("Break"),
        "lunch": _("Lunch"), "close": _("What each will do on Monday; thanks; certificate"),
        "half-day": _("Half a day"), "one-day": _("One day"), "three-day": _("Three days"),
    }  # fmt: skip
    return known[what]


def link(page: str) -> str:
    """Return a link to a page of the book, named without ``book/``."""
    return f"[{chapters.page(f'book/{page}').title}](/book/{page}.md)"


def tool_link(name: str) -> str:
    """Return a link to an instrument, wherever it stands."""
    return f"[{library.load(name).title}](tool-{name.partition('/')[2]})"


def agenda_lines(days: Sequence[Sequence[Slot]]) -> list[str]:
    """Return the days of an agenda as lines of Markdown tables."""
    lines = []
    for number, day in enumerate(days, start=1):
        if len(days) > 1:
            lines += ["", f"**{_('Day %d') % number}**"]
        lines += ["", f"| {_('From the start')} | {_('What')} |", "|---|---|"]
        lines += [
            f"| {clock(slot.start)}–{clock(slot.start + slot.minutes)} | {link(slot.page) if slot.page else said(slot.what)} |"
            for slot in day
        ]
    return [*lines, ""]


def folded(pages: Sequence[str], lengths: Iterable[str]) -> list[str]:
    """Return agendas of some lengths, each folded away."""
    lines = []
    for length in lengths:
        lines += ["", f"````{{dropdown}} {said(length)}", *agenda_lines(pathways.agenda(pages, length)), "````", ""]
    return lines


def workshop_source(guide: str) -> list[str]:
    """Return a guide's workshop as lines of Markdown: its sessions, then its agendas."""
    sessions = pathways.of_guide(guide)
    lines = [f"| {_('Session')} | {_('Minutes')} | {_('Tool')} |", "|---|---|---|"]
    lines += [_row(one) for one in sessions]
    pages = [one.chapter.name.removeprefix("book/") for one in sessions]
    return [*lines, *folded(pages, pathways.LENGTHS)]


def _row(one: Session) -> str:
    tool = tool_link(one.chapter.forms[0]) if one.chapter.forms else _("–")
    return f"| {link(one.chapter.name.removeprefix('book/'))} | {one.minutes} | {tool} |"


def pathway_source(one: Pathway) -> list[str]:
    """Return a role's card as lines of Markdown."""
    pages = "; ".join(map(link, one.pages[:5]))
    return [
        _(one.says), "",
        f"**{_('First')}:** {_(one.first)}", "",
        f"**{_('Read')}:** {pages}.", "",
        f"**{_('Tools')}:** {'; '.join(map(tool_link, one.tools))}.",
        *folded(one.pages, pathways.LENGTHS),
    ]  # fmt: skip


class _Written(SphinxDirective):
    def write(self, lines: Sequence[str], node: nodes.Element) -> nodes.Element:
        where, line = self.get_source_info()
        self.state.nested_parse(StringList(list(lines), items=[(where, line)] * len(lines)), self.content_offset, node)
        return node


class WorkshopDirective(_Written):
    """Show what a trainer gets for one guide."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return sessions and agendas."""
        guide = self.arguments[0]
        for one in chapters.of_guide(guide):
            self.env.note_dependency(str(content.ROOT / f"{one.name}.md"))
        return list(self.write(workshop_source(guide), nodes.container()).children)


class PathwaysDirective(_Written):
    """Show a card and agendas for every role."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each role."""
        self.env.note_dependency(str(content.PATHWAYS))
        made: list[nodes.Node] = []
        for one in pathways.load():
            section = nodes.section(ids=[f"way-{one.id}"], names=[f"way-{one.id}"])
            section += nodes.title("", _(one.title))
            made.append(self.write(pathway_source(one), section))
        return made


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("workshop", WorkshopDirective)
    app.add_directive("pathways", PathwaysDirective)
