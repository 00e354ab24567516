"""The ``{treaty-articles}`` and ``{treaty-status}`` directives: articles with a filter on the web, and who had joined.

Both tables are whole without the script. The filter is that of the page "All forms" (``static/forms.js``): it finds a row
by its classes.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from tools import content, treaties
from tools.instruments import library
from tools.sphinxext.filters import box, place
from tools.sphinxext.words import interface as _

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from tools.treaties import Article, Status


def topic_words(topic: str) -> str:
    """Return a topic in the language of the build."""
    return {
        "definition": _("definition"), "identification": _("identification"), "help": _("help"),
        "time to recover": _("time to recover"), "stay": _("stay"), "non-punishment": _("non-punishment"),
        "privacy": _("privacy"), "victim-witnesses": _("victim-witnesses"), "remedy": _("remedy"), "return": _("return"),
        "children": _("children"), "prevention": _("prevention"), "coordination and data": _("coordination and data"),
    }[topic]  # fmt: skip


def code(word: str) -> str:
    """Return a word as a part of a class.

    >>> code("Directive 2011/36/EU")
    'directive-2011-36-eu'
    """
    return re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")


def article_source(rows: tuple[Article, ...]) -> list[str]:
    """Return articles as lines of a Markdown table, with a citation and a link to the tool in each row."""
    heads = (_("Text and article"), _("About"), _("What it asks, in our words"), _("Tool"))
    lines = [f"| {' | '.join(heads)} |", "|---|---|---|---|"]
    for row in rows:
        tool = library.load(row.tool)
        where = f"**{row.text}, {row.article}** {{cite}}`{','.join(row.sources)}`"
        link = f"[{tool.title}](tool-{tool.name})"
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in (where, topic_words(row.topic), row.duty, link)) + " |")  # fmt: skip
    return lines


def status_words(one: Status | None) -> str:
    """Return what a list said, short enough for a cell; nothing where nothing was read."""
    if one is None:
        return ""
    year = f" {one.day.year}" if one.day else ""
    return {"party": _("party") + year, "signatory": _("only signed") + year, "none": _("no party")}[one.status]


def _as_of(text: str, today: datetime.date) -> str:
    """Return on which day most of a column was read, and whether that is old."""
    days = Counter(one.as_of for one in treaties.statuses() if one.text == text)
    day = days.most_common(1)[0][0]
    said = _("read as of %s") % day.isoformat().replace("-", "\u2011") if day else _("the list bore no date")
    return f"{said}; {_('OLD')}" if treaties.is_old(day, today) else said


def status_source(today: datetime.date) -> list[str]:
    """Return who had joined what, as lines of a Markdown table."""
    texts = treaties.texts()
    known = {(one.country, one.text): one for one in treaties.statuses()}
    names = treaties.names()
    heads = [_("Country"), *(f"{text} ({_as_of(text, today)})" for text in texts)]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for country in sorted({one.country for one in treaties.statuses()}, key=lambda one: names[one]):
        cells = [names[country], *(status_words(known.get((country, text))) for text in texts)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


class _Table(SphinxDirective):
    """A directive that shows one Markdown table."""

    has_content = False

    def table(self, lines: list[str], caption: str) -> nodes.table:
        """Return a table with a caption, made from lines of Markdown."""
        source, line = self.get_source_info()
        holder = nodes.Element()
        self.state.nested_parse(StringList(lines, items=[(source, line)] * len(lines)), self.content_offset, holder)
        found = next(iter(holder.findall(nodes.table)))
        found.insert(0, nodes.title(caption, caption))
        return found


class ArticlesDirective(_Table):
    """Show the articles."""

    def run(self) -> list[nodes.Node]:
        """Return the filter and the table."""
        self.env.note_dependency(str(content.TREATY_ARTICLES))
        rows = treaties.articles()
        table = self.table(article_source(rows), _("Articles, duties and tools"))
        table["classes"] += ["ct-forms", "ct-articles"]
        body = next(iter(table.findall(nodes.tbody)))
        for row, one in zip(body.findall(nodes.row), rows, strict=True):
            row["classes"] += [
                f"ct-topic--{code(one.topic)}",
                f"ct-body--{code(one.body)}",
                f"ct-text--{code(one.text)}",
            ]
        return [place(filter_html()), table]


class StatusDirective(_Table):
    """Show who had joined on the day a list was read."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        self.env.note_dependency(str(content.TREATY_STATUS))
        today = datetime.datetime.now(datetime.UTC).date()
        table = self.table(status_source(today), _("Who had joined, on the day the list was read"))
        table["classes"].append("ct-treaty-status")
        return [table]


def filter_html() -> str:
    """Return the filter; it stays hidden until its script runs. Nothing chosen is kept anywhere."""
    rows = treaties.articles()
    used = list(dict.fromkeys(one.text for one in rows))
    fields = (
        ("topic", _("About"), [(code(one), topic_words(one)) for one in treaties.TOPICS]),
        ("body", _("Whose text"), [(code(one), one) for one in treaties.BODIES]),
        ("text", _("Text"), [(code(one), one) for one in used]),
    )
    return box(
        "articles",
        {name: (label, choices) for name, label, choices in fields},
        _("%(shown)s of %(all)s articles are shown."),
    )


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("treaty-articles", ArticlesDirective)
    app.add_directive("treaty-status", StatusDirective)
