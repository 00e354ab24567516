"""The ``{crosswalk}`` directive: how each field of a data set lines up with three standards, and what they have besides."""

from __future__ import annotations

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from tools import content
from tools.casedata import crosswalk, schema
from tools.errors import Problem
from tools.sphinxext.words import interface as _

logger = logging.getLogger(__name__)


def said(status: str) -> str:
    """Return the word for a status in the language of the build."""
    return {"confirmed": _("confirmed"), "aligned": _("aligned"), "ours": _("ours"), "none": "–"}[status]


def ours_source(name: str) -> list[str]:
    """Return our fields beside the standards, as lines of a Markdown table."""
    which = schema.find(name)
    found = {(one.field, one.standard): one for one in crosswalk.places() if one.schema == name and one.field}
    lines = [f"| {' | '.join([_('Field'), *crosswalk.STANDARDS])} |", "|---|---|---|---|"]
    for field in which.fields:
        cells = [f"**{field.title}** (`{field.name}`)"]
        for standard in crosswalk.STANDARDS:
            one = found[field.name, standard]
            cells.append(f"{one.name} ({said(one.status)})" if one.name else "–")
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def theirs_source(name: str) -> list[str]:
    """Return what the standards have, and where it goes here; what ours has not is named too."""
    lines = [f"| {_('Standard')} | {_('There')} | {_('Here')} |", "|---|---|---|"]
    seen: dict[tuple[str, str], list[str]] = {}
    notes: dict[tuple[str, str], str] = {}
    for one in crosswalk.places():
        if one.schema == name and one.name:
            seen.setdefault((one.standard, one.name), []).extend([f"`{one.field}`"] if one.field else [])
            notes[one.standard, one.name] = one.note
    order = {standard: number for number, standard in enumerate(crosswalk.STANDARDS)}
    for (standard, there), fields in sorted(seen.items(), key=lambda pair: (order[pair[0][0]], pair[0][1].lower())):
        here = ", ".join(fields) if fields else _("not here: %s") % notes[standard, there].lower()
        lines.append(f"| {standard} | {there} | {here} |")
    return lines


class CrosswalkDirective(SphinxDirective):
    """Show one crosswalk, from our side or from theirs."""

    required_arguments = 1
    option_spec = dict.fromkeys(("back",), directives.flag)

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        for file in (content.CROSSWALKS / "standards.csv", *content.SCHEMAS.glob("*.json")):
            self.env.note_dependency(str(file))
        name = self.arguments[0]
        try:
            title = schema.find(name).title
            lines = theirs_source(name) if "back" in self.options else ours_source(name)
        except Problem as problem:
            logger.warning(str(problem), location=self.get_location(), type="tools", subtype="crosswalk")
            return []
        source, line = self.get_source_info()
        holder = nodes.Element()
        self.state.nested_parse(StringList(lines, items=[(source, line)] * len(lines)), self.content_offset, holder)
        table = next(iter(holder.findall(nodes.table)))
        words = _("%s: where the standards' fields go") if "back" in self.options else _("%s: how each field lines up")
        table.insert(0, nodes.title("", words % title))
        return [table]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("crosswalk", CrosswalkDirective)
