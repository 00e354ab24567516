"""The ``{loss-sums}`` directive: every exact method of the loss worksheets, to be filled in on the page.

Each sum is readable without a script: its rule and its fields stand in the page. ``loss.js`` does the arithmetic, and
``loss-sums.js`` reads the fields; only a page with this directive loads them.
"""

from __future__ import annotations

import json
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from tools import content
from tools.remedies import money, sums
from tools.sphinxext.words import interface as _

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from tools.remedies.sums import Field, Sum

#: Rows that stand in the page; the script adds more.
ROWS = 3


class loss_sums(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """The place of the sums."""

    def astext(self) -> str:
        """Return the titles, for the search index."""
        return " ".join(_(one.title) for one in sums.load().sums)


def words() -> dict[str, str]:
    """Return what the script says, in the language of the build."""
    return {
        "line": _("%(label)s, line %(number)s"),
        "REM_001": _("%(place)s: this is not a number or a day. Write digits with a point, and days as 2026-11-25."),
        "REM_002": _("%(place)s: this is below nothing. Write amounts and hours from 0 upwards."),
        "REM_003": _("%(place)s: the end lies before the start. Correct one of the two days."),
        "REM_004": _("%(place)s: this currency is not known here. Use one of %(known)s."),
        "REM_005": _("%(place)s shares a day with another one. Let the later one begin on the day after."),
        "REM_006": _("%(place)s: more than there can be (%(most)s). Correct the number."),
        "REM_007": _("%(place)s: the rate is missing. It is never taken as 1."),
        "above": _("%(place)s: write a number above %(above)s."),
        "whole": _("%(place)s: write a whole number, at most %(most)s."),
        "uneven": _("%(place)s: part of this line is blank. Fill it in, or clear the line."),
        "period": _("Period %(number)s"),
        "missing": _("Still to fill in: %(labels)s."),
        "shares": _("line %(number)s: %(sum)s"),
        "kept": _("Put into your list."),
        "saved": _("sums.txt"),
        "head": _("Sums worked out with exact methods. No legal advice. Let a lawyer check them."),
        "remove": _("Take out: %(title)s"),
        "unsaved": _("Your list is not saved."),
    }


def _input(part: Field, name: str, said: str = "") -> str:
    data = f'data-kind="{part.kind}" data-label="{escape(_(part.label))}"'
    data += f' aria-label="{escape(said)}"' if said else ""
    data += "".join(f' data-{key}="{getattr(part, key)}"' for key in ("most", "above") if getattr(part, key))
    data += " data-optional" if part.optional else ""
    if part.kind == "choice":
        blank = f'<option value="">{escape(_("Choose"))}</option>'
        listed = "".join(
            f'<option value="{escape(code)}">{escape(_(said))}</option>' for code, said in part.options.items()
        )
        return f'<select id="{name}" {data} autocomplete="off">{blank}{listed}</select>'
    if part.kind == "currency":
        listed = "".join(f"<option>{code}</option>" for code in currencies())
        return f'<select id="{name}" {data} autocomplete="off">{listed}</select>'
    if part.kind in ("tick", "untick"):
        return f'<input type="checkbox" id="{name}" {data} autocomplete="off">'
    typed = {"date": "date"}.get(part.kind, "text")
    mode = ' inputmode="decimal"' if part.kind in ("number", "percent") else ""
    mode = ' inputmode="numeric"' if part.kind == "whole" else mode
    return f'<input type="{typed}" id="{name}" {data}{mode} autocomplete="off" spellcheck="false">'


def currencies() -> list[str]:
    """Return the codes of the currencies, the dollar first, in which many awards are paid."""
    return sorted(money.CURRENCIES, key=lambda code: (code != "USD", code))


def _field(one: Sum, part: Field) -> str:
    name = f"sum-{one.id}-{part.id}".replace(".", "-").replace("+", "-")
    label = escape(_(part.label))
    if part.kind != "rows":
        optional = f' <span class="ct-sum-can">{escape(_("can stay blank"))}</span>' if part.optional else ""
        tick = part.kind in ("tick", "untick")
        field = _input(part, name)
        head = f'<label for="{name}">{label}{optional}</label>'
        kind = " ct-sum-tick" if tick else ""
        return f'<div class="ct-sum-field{kind}" data-path="{escape(part.id)}">{field + head if tick else head + field}</div>'
    heads = "".join(f'<th scope="col">{escape(_(column.label))}</th>' for column in part.columns)
    rows = ""
    for row in range(1, ROWS + 1):
        cells = "".join(
            f"<td>{_input(column, f'{name}-{row}-{column.id}', _('%(label)s, line %(number)s') % {'label': _(column.label), 'number': row})}</td>"
            for column in part.columns
        )
        rows += f"<tr>{cells}</tr>"
    return (
        f'<div class="ct-sum-rows" data-path="{escape(part.id)}" data-shape="{part.shape}" data-label="{label}"'
        f"{' data-optional' if part.optional else ''}><table><caption>{label}</caption><thead><tr>{heads}</tr></thead>"
        f'<tbody>{rows}</tbody></table><button type="button" data-ct-row hidden>{escape(_("Add a line"))}</button></div>'
    )


def _sum(one: Sum) -> str:
    fields = "".join(_field(one, part) for part in one.fields)
    plain = ' data-plain=""' if one.plain else ""
    good = f' data-good="{escape(_(one.good))}"' if one.good else ""
    return (
        f'<details class="ct-sum" id="sum-{one.id}"><summary>{escape(_(one.title))}</summary>'
        f'<form data-method="{one.method}"{plain}{good} autocomplete="off" aria-label="{escape(_(one.title))}">'
        f'<p class="ct-sum-works">{escape(_(one.works))}</p><div class="ct-sum-fields">{fields}</div>'
        '<div class="ct-sum-result" role="status"></div>'
        f'<p class="ct-sum-act" hidden><button type="button" data-ct-keep disabled>{escape(_("Put into the list"))}</button> '
        f'<button type="button" data-ct-blank>{escape(_("Clear this sum"))}</button></p></form></details>'
    )


def page_html() -> str:
    """Return all sums as HTML: complete without a script, which only works them out."""
    every = sums.load()
    groups = ""
    for group, members in groupby(every.sums, key=lambda one: one.group):
        groups += f'<h3 id="sums-{group}">{escape(_(every.groups[group]))}</h3>{"".join(map(_sum, members))}'
    results = {name: _(said) for name, said in every.results.items()}
    data = {"words": words(), "results": results, "plain": list(every.plain), "currencies": currencies()}
    options = "".join(f"<option>{code}</option>" for code in currencies())
    return (
        f'<div class="ct-sums" data-ct-tool data-ct-loss="{escape(json.dumps(data, ensure_ascii=False))}">'
        f'<p class="ct-sums-off">{escape(_("Without scripts this page shows every rule and what it asks for; it works nothing out."))}</p>'
        f'<p class="ct-sums-currency" hidden><label for="sums-currency">{escape(_("Currency of the sums"))}</label> '
        f'<select id="sums-currency" autocomplete="off">{options}</select></p>{groups}'
        f'<section class="ct-sums-list" aria-labelledby="sums-list" hidden><h3 id="sums-list">{escape(_("Your list"))}</h3>'
        f'<p role="status"></p><table hidden><thead><tr><th scope="col">{escape(_("Sum"))}</th>'
        f'<th scope="col">{escape(_("Result"))}</th><th scope="col">{escape(_("Change"))}</th></tr></thead><tbody></tbody></table>'
        f'<p class="ct-sum-act"><button type="button" data-ct-save disabled>{escape(_("Save as a text file"))}</button> '
        f'<button type="button" data-ct-print>{escape(_("Print"))}</button> '
        f'<button type="button" data-ct-all>{escape(_("Clear everything"))}</button></p></section></div>'
    )


def paper_html() -> str:
    """Return the rules as a list, for editions in which nothing is worked out."""
    every, made = sums.load(), ""
    for group, members in groupby(every.sums, key=lambda one: one.group):
        entries = "".join(f"<dt>{escape(_(one.title))}</dt><dd>{escape(_(one.works))}</dd>" for one in members)
        made += f'<p class="ct-sums-group"><strong>{escape(_(every.groups[group]))}</strong></p><dl>{entries}</dl>'
    return f'<div class="ct-sums">{made}</div>'


class LossSumsDirective(SphinxDirective):
    """Show the sums."""

    def run(self) -> list[nodes.Node]:
        """Return the place where they stand."""
        for file in (content.LOSS_METHODS, content.CURRENCIES):
            self.env.note_dependency(str(file))
        return [loss_sums()]


def _visit(self: Any, _node: loss_sums) -> None:
    self.body.append(page_html() if self.builder.name == "html" else paper_html())
    raise nodes.SkipNode


def _visit_text(self: Any, node: loss_sums) -> None:
    self.add_text(node.astext())
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directive and its node."""
    app.add_node(loss_sums, html=(_visit, None), text=(_visit_text, None))
    app.add_directive("loss-sums", LossSumsDirective)
