"""The ``{forms-index}`` directive: a list of every instrument by guide, with what it is for and how to take it along.

On the web it is a list with a small filter, in print a table. An instrument that no chapter shows stands in it, too,
without a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from babel import Locale, UnknownLocaleError
from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from tools import content
from tools.instruments import library
from tools.instruments.model import Instrument
from tools.sphinxext.filters import box
from tools.sphinxext.words import interface as _
from tools.surfaces import facts
from tools.surfaces.text import date_words
from tools.surfaces.words import words

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class forms_node(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """The instruments of one guide."""


class form_entry(nodes.Part, nodes.TextElement):  # noqa: N801
    """One instrument; its title is inside, the rest in its attributes."""


class forms_filter(nodes.General, nodes.Element):  # noqa: N801
    """The place of the filter."""

    def astext(self) -> str:
        """Return nothing: its words are not for the search index."""
        return ""


def kind_words(kind: str) -> str:
    """Return the word for a kind of instrument, in the language of the build."""
    known = {
        "checklist": _("Checklist"), "screening": _("Screening"), "assessment": _("Assessment"), "plan": _("Plan"),
        "worksheet": _("Worksheet"), "form": _("Form"), "quiz": _("Quiz"), "path": _("Path"),
    }  # fmt: skip
    return known[kind]


def language_names(instrument: Instrument) -> list[str]:
    """Return the languages of an instrument, each by its own name; one that is not whole says so."""
    shares = facts.languages(instrument).items()
    return [_language(code) if share >= 1 else _("%s, in part") % _language(code) for code, share in shares]


def _guide_title(guide: str) -> str:
    """Return the title of a guide from the top of its first page; its name, if it has none yet."""
    path = content.BOOK / guide / "index.md"
    lines = path.read_text(encoding="utf-8").splitlines()[:10] if path.is_file() else []
    titles = [line.partition(":")[2].strip().strip("\"'") for line in lines if line.startswith("title:")]
    return titles[0] if titles else guide.replace("-", " ").capitalize()


def _instruments(language: str) -> list[Instrument]:
    locale = "" if language == "en" else language
    return [library.load(name, locale=locale) for name in content.instrument_ids()]


class FormsIndexDirective(SphinxDirective):
    """List every instrument."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the filter, and one section with a heading for each guide."""
        found = _instruments(self.config.language or "en")
        self.env.metadata[self.env.docname]["ct_forms"] = _fingerprint()
        for one in found:
            self.env.note_dependency(str(content.instrument_path(one.id)))
        made: list[nodes.Node] = [forms_filter()]
        for guide, members in groupby(found, key=lambda one: one.guide):
            title = _guide_title(guide)
            section = nodes.section(ids=[f"forms-{guide}"])
            section += nodes.title(title, title)
            listed = forms_node(guide=guide)
            listed.extend(_entry(one) for one in members)
            section += listed
            made.append(section)
        return made


def _entry(instrument: Instrument) -> form_entry:
    entry = form_entry(instrument=instrument.id)
    words = nodes.inline(instrument.title, instrument.title, classes=["std", "std-ref"])
    entry += addnodes.pending_xref(
        "", words, refdomain="std", reftype="ref", reftarget=f"tool-{instrument.name}", refexplicit=True,
        refwarn=False, ct_form=True,
    )  # fmt: skip
    return entry


def _not_shown(_app: Sphinx, _env: BuildEnvironment, node: addnodes.pending_xref, inside: nodes.TextElement) -> Any:
    """Leave the title without a link when no chapter shows the instrument."""
    return inside if node.get("ct_form") else None


# --- the page follows the library ---


def _fingerprint() -> str:
    from tools.instruments import translation

    return " ".join([*content.instrument_ids(), *translation.locales()])


def _outdated(_app: Sphinx, env: BuildEnvironment, *_changes: Iterable[str]) -> list[str]:
    """Read the list again when an instrument or a language was added or taken away."""
    known = {name: data["ct_forms"] for name, data in env.metadata.items() if "ct_forms" in data}
    return [name for name, found in known.items() if found != _fingerprint()]


def _moved(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the list again when an instrument now stands in another chapter."""
    places = sorted(
        (label, *place)
        for label, place in env.get_domain("std").data["anonlabels"].items()
        if label.startswith("tool-")
    )
    found = [name for name, data in env.metadata.items() if "ct_forms" in data]
    changed = [name for name in found if env.metadata[name].get("ct_form_places") != repr(places)]
    for name in changed:
        env.metadata[name]["ct_form_places"] = repr(places)
    return changed


# --- on the web ---


def _load(self: Any, node: nodes.Element) -> Instrument:
    language = self.builder.config.language or "en"
    return library.load(node["instrument"], locale="" if language == "en" else language)


def meta_parts(instrument: Instrument) -> dict[str, str]:
    """Return what is said of an instrument, by what it is."""
    said = words(instrument.locale)
    english = library.load(instrument.id)
    parts = {
        "kind": kind_words(instrument.kind),
        "minutes": said["minutes"].format(minutes=instrument.minutes) if instrument.minutes else "",
        "languages": ", ".join(language_names(english)),
        "status": said[f"status_{instrument.status}"],
    }
    return {name: text for name, text in parts.items() if text}


def filter_html(instruments: Sequence[Instrument]) -> str:
    """Return the filter."""
    english = [library.load(one.id) for one in instruments]
    roles = {
        role: said
        for own, one in zip(english, instruments, strict=True)
        for role, said in zip(own.roles, one.roles, strict=True)
    }
    options = {
        "guide": [(guide, _guide_title(guide)) for guide in dict.fromkeys(one.guide for one in instruments)],
        "role": [(role, roles[role][:1].upper() + roles[role][1:]) for role in sorted(roles)],
        "kind": sorted({(one.kind, kind_words(one.kind)) for one in instruments}, key=lambda pair: pair[1]),
        "language": sorted({(code, _language(code)) for one in english for code in facts.languages(one)}),
    }
    labels = {"guide": _("Guide"), "role": _("Role"), "kind": _("Kind"), "language": _("Language")}
    fields = {name: (labels[name], found) for name, found in options.items() if len(found) > 1}
    return box("forms", fields, _("%(shown)s of %(all)s forms are shown."))


def _language(code: str) -> str:
    try:
        return str(Locale.parse(code).display_name)
    except (UnknownLocaleError, ValueError):
        return code


def _visit_filter(self: Any, _node: forms_filter) -> None:
    if self.builder.name == "html":
        self.body.append(filter_html(_instruments(self.builder.config.language or "en")))
    raise nodes.SkipNode


def _visit_list(self: Any, _node: forms_node) -> None:
    if self.builder.name != "guidepdf":
        self.body.append('<ul class="ct-forms">')
        return
    heads = (_("Form"), _("Kind and time"), _("Languages"), _("Status"), _("Reviewed, next review"))
    cells = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    self.body.append(f'<table class="ct-forms"><thead><tr>{cells}</tr></thead><tbody>')


def _depart_list(self: Any, _node: forms_node) -> None:
    self.body.append("</tbody></table>" if self.builder.name == "guidepdf" else "</ul>")


def _visit_entry(self: Any, node: form_entry) -> None:
    if self.builder.name == "guidepdf":
        self.body.append('<tr><th scope="row">')
        return
    instrument = _load(self, node)
    codes = " ".join(facts.languages(library.load(instrument.id)))
    self.body.append(
        f'<li data-guide="{instrument.guide}" data-kind="{instrument.kind}" data-language="{codes}"'
        f' data-role="{escape("|".join(library.load(instrument.id).roles))}"><p class="ct-forms-title">'
    )


def _depart_entry(self: Any, node: form_entry) -> None:
    instrument = _load(self, node)
    parts = meta_parts(instrument)
    roles = _("For: %s") % ", ".join(instrument.roles) if instrument.roles else ""
    if self.builder.name == "guidepdf":
        small = f'<br><span class="ct-forms-roles">{escape(roles)}</span>' if roles else ""
        time = f", {parts['minutes']}" if "minutes" in parts else ""
        cells = (
            f"{parts['kind']}{time}", parts["languages"], parts["status"],
            f"{instrument.reviewed.isoformat()}, {instrument.review_due.isoformat()}",
        )  # fmt: skip
        self.body.append(f"{small}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>")
        return
    dates = _("Reviewed %(reviewed)s, next review by %(review_due)s") % {
        "reviewed": date_words(instrument.reviewed, instrument.locale),
        "review_due": date_words(instrument.review_due, instrument.locale),
    }
    lines = filter(None, (" · ".join(parts.values()), roles, dates))
    self.body.append("</p>" + "".join(f'<p class="ct-forms-meta">{escape(line)}</p>' for line in lines))
    if self.builder.name == "html":
        from tools.sphinxext.downloads import links  # here, because it is a program as well (`python -m`)

        self.body.append(links(f"instrument:{instrument.id}", (), ""))
    self.body.append("</li>")


def _visit_text(self: Any, node: form_entry) -> None:
    self.add_text(node.astext() + "\n")
    raise nodes.SkipNode


def _pass(_self: Any, _node: nodes.Element) -> None:
    """Do nothing: what is inside is written."""


def _skip(_self: Any, _node: nodes.Element) -> None:
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directive, its nodes, and what keeps the page up to date."""
    app.add_node(forms_filter, html=(_visit_filter, None), text=(_skip, None))
    app.add_node(forms_node, html=(_visit_list, _depart_list), text=(_pass, _pass))
    app.add_node(form_entry, html=(_visit_entry, _depart_entry), text=(_visit_text, None))
    app.add_directive("forms-index", FormsIndexDirective)
    app.connect("missing-reference", _not_shown)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-updated", _moved)
