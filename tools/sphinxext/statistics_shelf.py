"""The ``{statistics-shelf}`` directive: every file of figures that the book charts, with its sources and as a download.

A file is "charted" on a page when the page shows a chart that holds one of its figures.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from tools import content, evidence
from tools.sphinxext.words import interface as _

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from tools.evidence import Figure

FOLDER = "statistics"
_CHART = re.compile(r"^charts\.(\w+)\(", re.M)


def names() -> tuple[str, ...]:
    """Return the files of figures, sorted."""
    return tuple(sorted(path.stem for path in content.STATISTICS.glob("*.csv")))


def title(name: str) -> str:
    """Return the title of a file.

    >>> title("referred-and-identified")
    'Referred and identified'
    """
    return name.replace("-", " ").capitalize()


def charted() -> dict[str, list[str]]:
    """Return, for each file, the pages with a chart that holds one of its figures (from the top of the book)."""
    from tools import charts

    figures = {name: set(evidence.statistics(name)) for name in names()}
    found: dict[str, list[str]] = {name: [] for name in figures}
    for page in sorted(content.BOOK.rglob("*.md")):
        shown = [getattr(charts, name)() for name in _CHART.findall(page.read_text(encoding="utf-8"))]
        for name, known in figures.items():
            if any(not known.isdisjoint(chart.figures) for chart in shown):
                found[name].append("/" + page.relative_to(content.ROOT).with_suffix("").as_posix())
    return found


def span(figures: Sequence[Figure]) -> str:
    """Return the years of figures in words."""
    years = sorted({figure.year for figure in figures})
    return str(years[0]) if len(years) == 1 else _("%(first)s to %(last)s") % {"first": years[0], "last": years[-1]}


def table_source(pages: dict[str, list[str]]) -> list[str]:
    """Return the shelf as lines of a Markdown table."""
    heads = [_("Figures"), _("Charted in, and the file")]
    lines = [f"| {' | '.join(heads)} |", "|---|---|"]
    for name in names():
        figures = evidence.statistics(name)
        count = _("%s figures") % len(figures)
        units = ", ".join(dict.fromkeys(figure.unit for figure in figures))
        people = list(dict.fromkeys(figure.population for figure in figures))
        counted = "; ".join(people[:2]) + (" " + _("and others") if len(people) > 2 else "")
        places = list(dict.fromkeys(figure.geography for figure in figures))
        where = ", ".join(places[:6]) + (" " + _("and others") if len(places) > 6 else "")
        keys = ",".join(dict.fromkeys(figure.source_key for figure in figures))
        cells = (
            f"**{title(name)}**: {where}, {span(figures)}. {count} ({units}). {_('Counted')}: {counted}. {{cite}}`{keys}`",
            "; ".join(f"{{doc}}`{page}`" for page in pages[name]) or _("not charted"),
        )
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return lines


class shelf_file(nodes.Part, nodes.TextElement):  # noqa: N801 - docutils names nodes like this
    """The name of a file; on the web it leads to the file."""


class ShelfDirective(SphinxDirective):
    """Show the shelf."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        for path in (*content.STATISTICS.glob("*.csv"), *content.BOOK.rglob("*.md")):
            if path.stem != Path(self.env.docname).stem:
                self.env.note_dependency(str(path))
        self.env.metadata[self.env.docname]["ct_shelf"] = "yes"
        source, line = self.get_source_info()
        lines = table_source(charted())
        holder = nodes.Element()
        self.state.nested_parse(StringList(lines, items=[(source, line)] * len(lines)), self.content_offset, holder)
        table = next(iter(holder.findall(nodes.table)))
        table["classes"] += ["ct-shelf"]
        caption = _("Every file of figures")
        table.insert(0, nodes.title(caption, caption))
        body = next(iter(table.findall(nodes.tbody)))
        for row, name in zip(body.findall(nodes.row), names(), strict=True):
            words = f"{name}.csv"
            list(row.findall(nodes.entry))[-1].append(nodes.paragraph("", "", shelf_file(words, words)))
        return [table]


def _visit_file(self: Any, node: shelf_file) -> None:
    if self.builder.name == "html":
        up = "../" * self.builder.current_docname.count("/")
        self.body.append(f'<a href="{up}_static/{FOLDER}/{node.astext()}" download>')


def _depart_file(self: Any, _node: shelf_file) -> None:
    if self.builder.name == "html":
        self.body.append("</a>")


def _pass(_self: Any, _node: nodes.Element) -> None:
    """Do nothing: what is inside is written."""


def _copy(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name != "html":
        return
    target = Path(app.outdir) / "_static" / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    if any("ct_shelf" in data for data in app.env.metadata.values()):
        target.mkdir(parents=True)
        for name in names():
            shutil.copyfile(content.STATISTICS / f"{name}.csv", target / f"{name}.csv")


def setup(app: Sphinx) -> None:
    """Register the directive, and bring the files to the site."""
    app.add_node(shelf_file, html=(_visit_file, _depart_file), text=(_pass, _pass))
    app.add_directive("statistics-shelf", ShelfDirective)
    app.connect("build-finished", _copy, priority=950)
