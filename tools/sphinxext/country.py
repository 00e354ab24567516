"""The ``{country}`` directive: what a country pack says, where a guide speaks of "your country".

The pack is the workbook that the environment variable ``COUNTRY_PACK`` names. Without one the place says so. A hotline
is never shown unless a pack supplies it, and one that was last called too long ago is flagged.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from tools.countries.columns import LISTS
from tools.countries.pack import Entry, Pack
from tools.errors import Problem, near
from tools.sphinxext.words import interface as _

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

#: What a page can show, with the sheet and the column that ``:only:`` chooses by.
PARTS: Final = {
    "facts": ("", ""), "hotlines": ("Hotlines", "callers"), "authorities": ("Authorities", "task"),
    "periods": ("Periods", "subject"), "ages": ("Ages", "subject"), "wages": ("Wages", ""), "laws": ("Laws", "topic"),
    "presets": ("Presets", ""),
}  # fmt: skip


def list_words() -> tuple[str, ...]:
    """Return the words of the code lists in the language of the build; they stand here to be found for translation."""
    return (
        _("Yes"), _("No"), _("Main law"), _("Who identifies"), _("Guidelines and referral"), _("Help in law"),
        _("Time to recover and stay"), _("Not punished"), _("Compensation"), _("Witnesses and legal aid"),
        _("Children"), _("Work and wages"), _("Privacy"), _("Return"), _("Coordination"), _("Other"),
        _("Identifies"), _("Refers and leads cases"), _("Protects children"), _("Appoints guardians"),
        _("Inspects work"), _("Police unit"), _("Prosecutes"), _("Decides on stay"), _("Gives legal aid"),
        _("Pays from a fund"), _("Leads on health"), _("Helps nationals abroad"), _("Acts at sea"), _("Coordinates"),
        _("Reports independently"), _("Protects data"), _("Time to recover"), _("No removal"), _("Permit to stay"),
        _("First help"), _("Decision on identification"), _("Appeal against a decision"),
        _("Claim in criminal proceedings"), _("Civil claim"), _("Claim for wages"), _("Application to a fund"),
        _("Complaint about an offence"), _("Appointment of a guardian"), _("First interview of a child"),
        _("Keeping personal data"), _("hours"), _("days"), _("months"), _("years"), _("at least"), _("usually"),
        _("at most"), _("A child is anyone under"), _("Work"), _("Light work"), _("Hazardous work"), _("Marriage"),
        _("Criminal responsibility"), _("Own consent to treatment"), _("Statement without a guardian"), _("Anyone"),
        _("Anyone in danger"), _("Women"), _("Men"), _("Workers"), _("Migrants"), _("Crews of vessels"),
        _("an hour"), _("a day"), _("a week"), _("a month"),
    )  # fmt: skip


def said(name: str, code: str) -> str:
    """Return the words of a code in the language of the build.

    >>> said("units", "days")
    'days'
    """
    return _(LISTS[name][code])


def headings(part: str) -> tuple[str, ...]:
    """Return what stands above the columns of a table."""
    return {
        "hotlines": (_("Hotline"), _("Number"), _("Who can call, and how"), _("Last called")),
        "authorities": (_("Task"), _("Office"), _("How to reach it"), _("Checked")),
        "periods": (_("Period"), _("How long"), _("Where it stands"), _("Checked")),
        "ages": (_("Age"), _("Years"), _("Where it stands"), _("Checked")),
        "wages": (_("For whom"), _("Lowest pay"), _("Holds"), _("Where it stands")),
        "laws": (_("Topic"), _("What it says"), _("Where to read it"), _("Checked")),
        "presets": (_("Form"), _("Answer that is filled in"), _("Note")),
    }[part]


def rows(pack: Pack, part: str, only: Sequence[str], as_of: datetime.date) -> list[tuple[str, ...]]:
    """Return the cells of a table, as plain words.

    Parameters
    ----------
    pack : Pack
    part : str
        A key of :data:`PARTS`, not ``facts``.
    only : sequence of str
        Codes of the column that :data:`PARTS` names; all, if empty.
    as_of : date
        The day of the build: old hotlines are flagged, and wages that no longer hold are left out.
    """
    sheet, key = PARTS[part]
    found: Iterable[Entry] = pack.wages_on(as_of) if part == "wages" else pack.of(sheet, key, only)
    make = {
        "hotlines": lambda one: _hotline(pack, one, as_of), "authorities": _authority, "periods": _period, "ages": _age,
        "wages": lambda one: _wage(pack, one), "laws": _law, "presets": _preset,
    }[part]  # fmt: skip
    return [make(one) for one in found]


def day(date: datetime.date) -> str:
    """Return a date that does not break at the end of a line.

    >>> day(datetime.date(2026, 11, 2))
    '2026\u201111\u201102'
    """
    return date.isoformat().replace("-", "\u2011")


def _joined(*parts: str) -> str:
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip()) + "."


def _hotline(pack: Pack, one: Entry, as_of: datetime.date) -> tuple[str, ...]:
    languages = ", ".join(language.name for language in one["languages"])
    free = _("Free") if one["free"] == "yes" else _("Not free")
    nameless = _("No name needed") if one.get("nameless") == "yes" else ""
    abroad = _("From abroad: %s") % one["from_abroad"] if one.get("from_abroad") else ""
    how = _joined(said("callers", one["callers"]), languages, one["hours"], free, nameless, abroad, one.get("note"))
    if pack.is_old(one, as_of):
        called = _("OLD: last called on %s. Call it yourself before you give it out.") % day(one["checked"])
    else:
        called = _("%(day)s. Call it again before %(until)s.") % {
            "day": day(one["checked"]),
            "until": day(pack.good_until(one)),
        }
    return one["name"], one["number"], how, called


def _authority(one: Entry) -> tuple[str, ...]:
    reach = [one[key] for key in ("phone", "website", "area", "note") if one.get(key)]
    return said("tasks", one["task"]), one["name"], _joined(*reach) if reach else "", day(one["checked"])


def _period(one: Entry) -> tuple[str, ...]:
    words = {"limit": said("limits", one["limit"]), "amount": one["amount"], "unit": said("units", one["unit"]), "starts": one["starts"]}  # fmt: skip
    long = _("%(limit)s %(amount)s %(unit)s, counted from %(starts)s") % words
    return said("periods", one["subject"]), long[:1].upper() + long[1:], _joined(one["law"], one.get("note")), day(one["checked"])  # fmt: skip


def _age(one: Entry) -> tuple[str, ...]:
    return said("ages", one["subject"]), str(one["years"]), _joined(one["law"], one.get("note")), day(one["checked"])  # fmt: skip


def money(amount: Decimal) -> str:
    """Return an amount as people write it: whole, or with two decimals at least.

    >>> [money(Decimal(text)) for text in ("520", "520.00", "2.5", "0.125")]
    ['520', '520', '2.50', '0.125']
    """
    whole, _point, part = format(amount, "f").partition(".")
    part = part.rstrip("0")
    return f"{whole}.{part.ljust(2, '0')}" if part else whole


def _wage(pack: Pack, one: Entry) -> tuple[str, ...]:
    words = {"amount": money(one["amount"]), "currency": one.get("currency", pack.country.currency), "span": said("spans", one["span"])}  # fmt: skip
    pay = _("%(amount)s %(currency)s %(span)s") % words
    if one.get("hours"):
        pay = _("%(pay)s, for %(hours)s hours a week") % {"pay": pay, "hours": one["hours"]}
    holds = _("Since %s") % one["since"]
    if one.get("until"):
        holds = _("%(since)s to %(until)s") % {"since": one["since"], "until": one["until"]}
    return _joined(one["workers"], one["area"]), pay, holds, one["law"]


def _law(one: Entry) -> tuple[str, ...]:
    name = f"{one['name']}, {one['article']}" if one.get("article") else one["name"]
    since = _("In force since %s") % one["in_force"] if one.get("in_force") else ""
    return said("topics", one["topic"]), one["words"], _joined(name, since, one["source"]), day(one["checked"])


def _preset(one: Entry) -> tuple[str, ...]:
    return one["instrument"], f"{one['item']}: {one['answer']}", one.get("note")


class CountryDirective(SphinxDirective):
    """Show a part of the pack, or say that none is loaded.

    The argument is a key of :data:`PARTS`. ``:only:`` names codes of its column, with commas between them.
    """

    required_arguments = 1
    option_spec = {"only": directives.unchanged}  # noqa: RUF012 - docutils wants a plain dictionary

    def run(self) -> list[nodes.Node]:
        """Return a box with the facts."""
        part = self.arguments[0].strip()
        only = tuple(code.strip() for code in self.options.get("only", "").split(",") if code.strip())
        try:
            _check(part, only)
        except Problem as problem:
            raise self.error(str(problem)) from None
        pack: Pack | None = self.env.app.ct_country  # type: ignore[attr-defined]
        if pack is None:
            return [_box(_title(part, None), [nodes.paragraph("", _nothing(part))])]
        self.env.note_dependency(self.config.country_pack)
        as_of = datetime.date.fromisoformat(self.config.country_as_of)
        inside = _facts(pack, as_of) if part == "facts" else self._table(pack, part, only, as_of)
        return [_box(_title(part, pack), inside)]

    def _table(self, pack: Pack, part: str, only: Sequence[str], as_of: datetime.date) -> list[nodes.Node]:
        found = rows(pack, part, only, as_of)
        if not found:
            return [nodes.paragraph("", _("The country pack says nothing on this. Ask locally."))]
        made: list[nodes.Node] = [_node(headings(part), found)]
        if part == "presets":
            made.append(self._links(pack))
        if pack.country.due < as_of:
            made.append(nodes.paragraph("", _("This pack is old: its review was due on %s.") % pack.country.due))
        return made

    def _links(self, pack: Pack) -> nodes.Node:
        """Return links to the presets as records; only the website has them."""
        from tools.surfaces import country_files

        up = "../" * self.env.docname.count("/")
        items = nodes.bullet_list()
        for name in country_files.preset_files(pack):
            link = nodes.reference("", name, refuri=f"{up}{FOLDER}/{name}", classes=["ct-preset"])
            items += nodes.list_item("", nodes.paragraph("", "", link))
        words = _("Save a file, then choose “Open a saved record” in the form it belongs to:")
        return cast("nodes.Node", addnodes.only("", nodes.paragraph("", words), items, expr="builder_html"))


FOLDER: Final = "_static/country"
"""Where the website keeps the presets."""


def _check(part: str, only: Sequence[str]) -> None:
    if part not in PARTS:
        raise Problem("CTY_017", what=part, near=near(part, PARTS), known=", ".join(PARTS))
    column = PARTS[part][1]
    lists = {"callers": "callers", "task": "tasks", "topic": "topics", "subject": part}
    known = LISTS[lists[column]] if column else {}
    for code in only:
        if code not in known:
            raise Problem("CTY_017", what=code, near=near(code, known), known=", ".join(known) or "no :only: here")


def _title(part: str, pack: Pack | None) -> str:
    what = {
        "facts": _("About this country pack"), "hotlines": _("Hotlines"), "authorities": _("Offices"),
        "periods": _("Periods"), "ages": _("Ages"), "wages": _("Lowest pay"), "laws": _("Laws"), "presets": _("Presets"),
    }[part]  # fmt: skip
    where = _("your country") if pack is None else pack.country.name
    if pack is not None and pack.country.fictional:
        where = _("%s (not a real country)") % where
    return _("%(what)s: %(where)s") % {"what": what, "where": where}


def _nothing(part: str) -> str:
    if part == "hotlines":
        return _(
            "No country pack is loaded, so no hotline stands here. Ask locally which number works, and call it first."
        )
    return _("No country pack is loaded. Ask a lawyer or your national contact point.")


def _facts(pack: Pack, as_of: datetime.date) -> list[nodes.Node]:
    one = pack.country
    words = {"publisher": one.publisher, "prepared": one.prepared, "due": one.due}
    lines = [
        _("Prepared by %(publisher)s on %(prepared)s. Next review: %(due)s.") % words,
        _("Currency: %s.") % one.currency,
    ]
    if one.languages:
        lines.append(_("Languages: %s.") % ", ".join(language.name for language in one.languages))
    if one.note:
        lines.append(one.note)
    if one.due < as_of:
        lines.append(_("This pack is old: its review was due on %s.") % one.due)
    return [nodes.paragraph("", line) for line in lines]


def _box(title: str, inside: Sequence[nodes.Node]) -> nodes.Node:
    box = nodes.admonition("", nodes.title(title, title), classes=["ct-country"])
    box += list(inside)
    return box


def _node(heads: Sequence[str], found: Sequence[Sequence[str]]) -> nodes.table:
    def row(cells: Sequence[str]) -> nodes.row:
        return nodes.row("", *(nodes.entry("", nodes.paragraph(cell, cell)) for cell in cells))

    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _head in heads), cols=len(heads))
    group += nodes.thead("", row(heads))
    group += nodes.tbody("", *map(row, found))
    return nodes.table("", group)


def _load(app: Sphinx, config: Config) -> None:
    """Read the pack once; one with errors stops the build, since a wrong period is worse than none."""
    app.ct_country = None  # type: ignore[attr-defined]
    if not config.country_pack:
        return
    from tools.surfaces import country_commands, country_files

    path = Path(config.country_pack).resolve()
    config.country_pack = str(path)
    try:
        pack = country_files.read(path, datetime.date.fromisoformat(config.country_as_of))
        if pack.errors:
            count = country_commands.count(pack)
            raise Problem("CTY_016", count="1 row" if count == 1 else f"{count} rows", name=path.name)
    except Problem as problem:
        raise ExtensionError(str(problem)) from None
    app.ct_country = pack  # type: ignore[attr-defined]


def _write_presets(app: Sphinx, exception: Exception | None) -> None:
    pack: Pack | None = app.ct_country  # type: ignore[attr-defined]
    if exception is not None or pack is None or app.builder.name != "html":
        return
    from tools.surfaces import country_files

    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in country_files.preset_files(pack).items():
        (folder / name).write_text(text, encoding="utf-8")


def setup(app: Any) -> None:
    """Register the directive, and read the pack that ``COUNTRY_PACK`` names."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    path = os.environ.get("COUNTRY_PACK", "")
    app.add_config_value("country_pack", path, "env")
    # Without a pack no page depends on the day, so that a new day reads nothing again.
    app.add_config_value("country_as_of", os.environ.get("COUNTRY_AS_OF", today), "env" if path else "")
    app.add_directive("country", CountryDirective)
    app.connect("config-inited", _load)
    app.connect("build-finished", _write_presets)
