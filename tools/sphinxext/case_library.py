"""The ``{case-library}`` directive: every composite case, with a filter, and its answers folded away."""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools import composite_cases, content
from tools.composite_cases import TAGS, Case
from tools.sphinxext.filters import box, code, place, row_class
from tools.sphinxext.words import interface as _


def headings() -> dict[str, str]:
    """Return the heading of each tag, in the language of the build."""
    return {
        "guide": _("Guide"), "form": _("Form"), "sector": _("Sector"), "sex": _("Sex"), "age": _("Age"),
        "country": _("Kind of country"),
    }  # fmt: skip


def said(word: str) -> str:
    """Return a tag as it is shown."""
    return _(composite_cases.tag_words(word))


def source(case: Case) -> list[str]:
    """Return a case as lines of Markdown."""
    tags = " · ".join(said(getattr(case, tag)) for tag in TAGS if getattr(case, tag) != "none")
    lines = [f"**{_(case.title)}**", "", tags, "", *[_(fact) for fact in case.facts], ""]
    lines += [f"{_('Not certain')}: {'; '.join(_(one) for one in case.uncertain)}.", ""]
    lines += [f"{_('Try')}: [{case.tool.partition('/')[2].replace('-', ' ')}](tool-{case.tool.partition('/')[2]})", ""]
    for one in case.decisions:
        lines += [f"```{{dropdown}} {_(one.ask)}", _(one.answer), "", f"{_('Why')}: {_(one.because)}", "```", ""]
    return lines


class CaseLibraryDirective(SphinxDirective):
    """Show the cases."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the filter and the list."""
        self.env.note_dependency(str(content.COMPOSITE_CASES))
        where, line = self.get_source_info()
        listed = nodes.bullet_list(classes=["ct-forms", "ct-cases"])
        for case in composite_cases.load():
            item = nodes.list_item(classes=[row_class(tag, getattr(case, tag)) for tag in TAGS])
            lines = source(case)
            self.state.nested_parse(StringList(lines, items=[(where, line)] * len(lines)), self.content_offset, item)
            listed += item
        return [place(filter_html()), listed]


def filter_html() -> str:
    """Return the filter."""
    cases = composite_cases.load()
    fields = {
        tag: (label, [(code(word), said(word)) for word in dict.fromkeys(sorted(getattr(one, tag) for one in cases))])
        for tag, label in headings().items()
    }
    return box("cases", fields, _("%(shown)s of %(all)s cases are shown."))


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("case-library", CaseLibraryDirective)
