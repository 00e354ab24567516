"""The ``{indicator-matrix}`` directive: the monitoring matrix, area by area, with a filter on the web.

The tables are whole without the script. The filter is that of the page "All forms" (``static/forms.js``): it finds a row
by its classes.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from tools import content
from tools.casedata import matrix
from tools.errors import Problem
from tools.sphinxext.filters import box, place
from tools.sphinxext.words import interface as _

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from tools.casedata.matrix import Indicator

logger = logging.getLogger(__name__)


def said(word: str) -> str:
    """Return the word for a stage, an area or a status in the language of the build."""
    known = {
        "crisis": _("Crisis"), "transition": _("Transition"), "inclusion": _("Inclusion"),
        "housing": _("Housing"), "physical_health": _("Physical health"), "mental_health": _("Mental health"),
        "economic": _("Work and money"), "education_training": _("Education and training"), "safety": _("Safety"),
        "legal_status": _("Papers and stay"), "legal_proceedings": _("Legal proceedings"), "family": _("Family"),
        "social_community": _("Friends and community"), "case_management": _("Case management"),
        "child_protection": _("Child protection"), "programme": _("The programme as a whole"),
        "seen": _("Read in the source"), "composed": _("Our wording"), "known": _("Common practice, not read again"),
    }  # fmt: skip
    return known[word]


def headings() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return what rows can be filtered by: its heading and its codes."""
    return {
        "stage": (_("Stage"), tuple(matrix.STAGES)),
        "area": (_("Area"), tuple(matrix.AREAS)),
        "status": (_("How it is known"), tuple(matrix.STATUSES)),
    }


def row_classes(row: Indicator) -> list[str]:
    """Return the classes by which the filter finds a row.

    >>> row_classes(matrix.load()[0])
    ['ct-area--housing', 'ct-status--composed', 'ct-stage--crisis']
    """
    return [f"ct-area--{row.area}", f"ct-status--{row.status}", *(f"ct-stage--{stage}" for stage in row.stages)]


def table_source(rows: tuple[Indicator, ...]) -> list[str]:
    """Return rows as lines of a Markdown table, with a citation in each."""
    heads = [_("Indicator"), _("Where it can be seen, and when"), _("Stage and status")]
    lines = [f"| {' | '.join(heads)} |", "|---|---|---|"]
    for row in rows:
        every = len(row.stages) == len(matrix.STAGES)
        stages = _("Every stage") if every else ", ".join(map(said, row.stages))
        cells = (
            f"**{row.label}.** {row.indicator}.",
            f"{'; '.join(row.means)}. *{row.frequency[:1].upper()}{row.frequency[1:]}.*",
            f"{stages}. {said(row.status)} {{cite}}`{','.join(row.sources)}`",
        )
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return lines


class MatrixDirective(SphinxDirective):
    """Show the matrix, or the rows of a stage, an area, a status; only the whole one has a filter."""

    has_content = False
    option_spec = dict.fromkeys(("stage", "area", "status"), directives.unchanged)

    def run(self) -> list[nodes.Node]:
        """Return one section with a table for each area; a table alone where there is one area."""
        self.env.note_dependency(str(content.INDICATORS))
        try:
            rows = matrix.pick(**{name: value.replace(",", " ").split() for name, value in self.options.items()})
        except Problem as problem:
            logger.warning(str(problem), location=self.get_location(), type="tools", subtype="matrix")
            return []
        areas = [(area, tuple(found)) for area, found in groupby(rows, key=lambda row: row.area)]
        if len(areas) == 1:
            return [self._table(areas[0][1], said(areas[0][0]))]
        made: list[nodes.Node] = [] if self.options else [place(filter_html())]
        for area, found in areas:
            section = nodes.section(ids=[f"indicators-{area.replace('_', '-')}"])
            section += nodes.title(said(area), said(area))
            section += self._table(found, _("Indicators: %s") % said(area))
            made.append(section)
        return made

    def _table(self, rows: tuple[Indicator, ...], caption: str) -> nodes.table:
        source, line = self.get_source_info()
        lines = table_source(rows)
        holder = nodes.Element()
        self.state.nested_parse(StringList(lines, items=[(source, line)] * len(lines)), self.content_offset, holder)
        table = next(iter(holder.findall(nodes.table)))
        table["classes"] += ["ct-forms", "ct-matrix"]
        table.insert(0, nodes.title(caption, caption))
        body = next(iter(table.findall(nodes.tbody)))
        for made, row in zip(body.findall(nodes.row), rows, strict=True):
            made["classes"] += row_classes(row)
        return table


def filter_html() -> str:
    """Return the filter."""
    fields = {name: (label, [(code, said(code)) for code in codes]) for name, (label, codes) in headings().items()}
    return box("matrix", fields, _("%(shown)s of %(all)s indicators are shown."))


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("indicator-matrix", MatrixDirective)
