"""The ``{tools-catalogue}`` directive: the public tools for identification as a table, with a filter on the web.

The table is whole without the script. The filter is that of the page "All forms" (``static/forms.js``): it finds a row
by its classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from tools import catalogue, content
from tools.sphinxext.filters import box, code, place, row_class
from tools.sphinxext.words import interface as _

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from tools.catalogue import PublicTool


def headings() -> dict[str, str]:
    """Return the heading of each column that can be filtered by, in the language of the build."""
    return {
        "purpose": _("Purpose"), "users": _("Users"), "target_form": _("Form of exploitation"), "target_profile": _("People"),
        "stage": _("Stage"), "developed": _("How it was made"),
    }  # fmt: skip


def said(word: str) -> str:
    """Return a word of the catalogue in the language of the build."""
    known = {
        "screen people": _("screen people"), "spot signs": _("spot signs"), "refer": _("refer"),
        "reach people who came home": _("reach people who came home"), "give health care": _("give health care"),
        "measure": _("measure"), "train": _("train"), "build a system": _("build a system"),
        "review tools": _("review tools"),
        "frontline staff": _("frontline staff"), "labour inspectors": _("labour inspectors"),
        "police and prosecutors": _("police and prosecutors"), "border guards": _("border guards"),
        "consular staff": _("consular staff"), "health workers": _("health workers"),
        "service providers": _("service providers"), "unions": _("unions"), "village teams": _("village teams"),
        "policy makers": _("policy makers"), "researchers": _("researchers"),
        "any form": _("any form"), "labour": _("labour"), "sexual exploitation": _("sexual exploitation"),
        "forced crime": _("forced crime"),
        "anyone": _("anyone"), "adults": _("adults"), "children": _("children"),
        "people who came home": _("people who came home"),
        "first contact": _("first contact"), "at a workplace": _("at a workplace"), "interview": _("interview"),
        "after a talk": _("after a talk"), "referral": _("referral"), "survey": _("survey"),
        "training": _("training"), "planning": _("planning"),
        "tested on cases": _("tested on cases"), "agreed by experts": _("agreed by experts"),
        "agreed by states": _("agreed by states"), "from research": _("from research"),
        "from a pilot": _("from a pilot"), "not said": _("not said"),
        "read whole": _("read whole"), "read in part": _("read in part"),
        "opening or contents read": _("opening or contents read"), "read in a summary": _("read in a summary"),
        "title read": _("title read"),
    }  # fmt: skip
    return known[word]


def table_source(tools: tuple[PublicTool, ...]) -> list[str]:
    """Return the catalogue as lines of a Markdown table, with a citation in each row."""
    heads = [_("Tool"), *headings().values(), _("What we read")]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for tool in tools:
        spoken = " " + _("In: %s.") % ", ".join(tool.languages) if tool.languages else ""
        # The citation names the body and the year.
        cells = [f"**{tool.tool}** {{cite}}`{','.join(tool.sources)}`{spoken}"]
        cells += [", ".join(map(said, tool.words[column])) for column in catalogue.WORDS]
        lines.append(f"| {' | '.join([*cells, said(tool.confidence)])} |")
    return lines


class ToolsCatalogueDirective(SphinxDirective):
    """Show the catalogue."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the filter and the table."""
        self.env.note_dependency(str(content.TOOLS_CATALOGUE))
        tools = catalogue.load()
        source, line = self.get_source_info()
        lines = table_source(tools)
        holder = nodes.Element()
        self.state.nested_parse(StringList(lines, items=[(source, line)] * len(lines)), self.content_offset, holder)
        table = next(iter(holder.findall(nodes.table)))
        table["classes"] += ["ct-forms", "ct-catalogue"]
        caption = _("Public tools for identification")
        table.insert(0, nodes.title(caption, caption))
        body = next(iter(table.findall(nodes.tbody)))
        for row, tool in zip(body.findall(nodes.row), tools, strict=True):
            row["classes"] += [row_class(column, word) for column, words in tool.words.items() for word in words]
        return [place(filter_html(tools)), table]


def filter_html(tools: tuple[PublicTool, ...]) -> str:
    """Return the filter."""
    fields = {}
    for column, label in headings().items():
        used = {word for tool in tools for word in tool.words[column]}
        fields[column] = (label, [(code(word), said(word)) for word in catalogue.WORDS[column] if word in used])
    return box("catalogue", fields, _("%(shown)s of %(all)s tools are shown."))


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("tools-catalogue", ToolsCatalogueDirective)
