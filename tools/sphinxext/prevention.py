"""Two directives of the prevention guide: ``{prevention-evidence}``, a table with a filter, and ``{four-p-map}``.

Both tables are whole without a script. The filter is the one of all lists (``filters``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from tools import content, prevention
from tools.sphinxext.filters import box, code, place, row_class
from tools.sphinxext.words import interface as _

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx

    from tools.prevention import GuideTag, Study


def headings() -> dict[str, str]:
    """Return the heading of each column that can be filtered by, in the language of the build."""
    return {"measure": _("Measure"), "design": _("Design"), "region": _("Region"), "grade": _("Grade")}


def said(word: str) -> str:
    """Return a word of the table in the language of the build."""
    known = {
        "campaign": _("campaign"), "peers": _("peers"), "training": _("training"), "community": _("community"),
        "work": _("work"), "healing": _("healing"), "other": _("other"),
        "trial": _("trial"), "quasi-experiment": _("quasi-experiment"), "before and after": _("before and after"),
        "realist evaluation": _("realist evaluation"), "case study": _("case study"),
        "donor research": _("donor research"), "review": _("review"),
        "world": _("world"), "South Asia": _("South Asia"), "South-East Asia": _("South-East Asia"),
        "West Africa": _("West Africa"), "Europe": _("Europe"), "North America": _("North America"),
        "Latin America": _("Latin America"),
        "shown": _("shown"), "indicative": _("indicative"), "intention only": _("intention only"),
        "knowledge only": _("knowledge only"), "no effect": _("no effect"), "disputed": _("disputed"),
        "not shown": _("not shown"),
        "part": _("part"), "abstract": _("abstract"),
        "main": _("main"), "some": _("some"), "": _("–"),
        "prevention": _("Prevention"), "protection": _("Protection"), "prosecution": _("Prosecution"),
        "partnership": _("Partnership"),
    }  # fmt: skip
    return known[word]


def evidence_source(studies: tuple[Study, ...]) -> list[str]:
    """Return the evidence as lines of a Markdown table, with a citation in each row."""
    heads = [_("Study"), *headings().values(), _("Knowledge and views"), _("What people do"), _("What we read")]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for one in studies:
        cells = [f"**{one.study}** {{cite}}`{','.join(one.sources)}`", *map(said, one.words.values())]
        lines.append(f"| {' | '.join([*cells, one.knowledge, one.behaviour, said(one.read)])} |")
    return lines


def map_source(tags: tuple[GuideTag, ...], pages: set[str]) -> list[str]:
    """Return the map of the four Ps as lines of a Markdown table; only guides that are in the book."""
    lines = [f"| {' | '.join([_('Guide'), *map(said, prevention.FOUR_P)])} |", "|" + "---|" * 5]
    for tag in tags:
        page = f"book/{tag.guide}/index"
        if page in pages:
            title = f"[{tag.title}](/{page}.md)"
            lines.append(f"| {' | '.join([title, *(said(tag.weights[column]) for column in prevention.FOUR_P)])} |")
    return lines


class _TableDirective(SphinxDirective):
    has_content = False

    def table(self, lines: list[str], caption: str, file: Path) -> nodes.table:
        self.env.note_dependency(str(file))
        source, line = self.get_source_info()
        holder = nodes.Element()
        self.state.nested_parse(StringList(lines, items=[(source, line)] * len(lines)), self.content_offset, holder)
        made = next(iter(holder.findall(nodes.table)))
        made.insert(0, nodes.title(caption, caption))
        return made


class EvidenceDirective(_TableDirective):
    """Show what is known about prevention."""

    def run(self) -> list[nodes.Node]:
        """Return the filter and the table."""
        studies = prevention.load()
        table = self.table(evidence_source(studies), _("Studies of prevention"), content.PREVENTION_EVIDENCE)
        table["classes"] += ["ct-forms", "ct-catalogue"]
        body = next(iter(table.findall(nodes.tbody)))
        for row, one in zip(body.findall(nodes.row), studies, strict=True):
            row["classes"] += [row_class(column, word) for column, word in one.words.items()]
        return [place(filter_html(studies)), table]


class FourPMapDirective(_TableDirective):
    """Show what each guide gives to the four Ps."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        lines = map_source(prevention.tags(), set(self.env.found_docs))
        return [self.table(lines, _("The four Ps in this book"), content.FOUR_P)]


def filter_html(studies: tuple[Study, ...]) -> str:
    """Return the filter."""
    fields = {
        column: (
            label,
            [
                (code(word), said(word))
                for word in prevention.WORDS[column]
                if any(one.words[column] == word for one in studies)
            ],
        )
        for column, label in headings().items()
    }
    return box("evidence", fields, _("%(shown)s of %(all)s studies are shown."))


def setup(app: Sphinx) -> None:
    """Register both directives."""
    app.add_directive("prevention-evidence", EvidenceDirective)
    app.add_directive("four-p-map", FourPMapDirective)
