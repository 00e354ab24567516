"""HTML: one markup for the web page, the PDF and the EPUB.

Complete and readable without a script: every question with its condition in words, every result
rule on paper. The scripts in ``static/`` make it live.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

from tools.content import ROOT
from tools.instruments import expressions as ex
from tools.instruments.model import Computed, Instrument, Item, Repeat, Section
from tools.surfaces import reminders
from tools.surfaces.text import meta_line
from tools.surfaces.words import condition, words

STATIC: Final = ROOT / "tools" / "surfaces" / "static"
#: The scripts of a tool, in the order in which they run; the page, the widget and the single file use the same ones.
SCRIPTS: Final = (
    "engine.js",
    "form.js",
    "seal.js",
    "files.js",
    "picture.js",
    "ct-guard.js",
    "guard.js",
    "interview.js",
    "start.js",
)
#: What pages of the book load only when it is needed, under a name of its own: the patterns of the note guard, and what
#: draws a picture of answers.
LATER: Final[Mapping[str, str]] = {"ct-guard.js": "ct-guard.js", "picture.js": "ct-picture.js"}
SHEETS: Final = ("tool.css", "interview.css")
#: Words that only Python says, by the beginning of their key.
_LONG_ROW: Final = 5  # questions of a row; a longer one may break over two pages, or it leaves the page before it empty
_SHORT: Final = 24  # letters of an answer that still leaves room for a second one beside it
_NOT_IN_SCRIPTS: Final = ("cond_", "leave", "shift_", "single_", "widget_", "workbook_")


def script(*before: str) -> str:
    """Return the script that makes instruments live: one classic script, minified.

    Parameters
    ----------
    *before : str
        Names of further scripts of ``static/`` that run first.
    """
    return "".join(minified((STATIC / name).read_text(encoding="utf-8")) for name in (*before, *SCRIPTS))


def tokens() -> str:
    """Return the style sheet with the colours, sizes and spaces that all other sheets use."""
    return (STATIC / "tokens.css").read_text(encoding="utf-8")


def page_script() -> str:
    """Return the script for pages of the book: without the part that they load later."""
    return "".join(minified((STATIC / name).read_text(encoding="utf-8")) for name in SCRIPTS if name not in LATER)


def sheet() -> str:
    """Return the style sheet of instruments, as it is written; it needs the tokens of ``tokens.css``."""
    return "".join((STATIC / name).read_text(encoding="utf-8") for name in SHEETS)


def minified(text: str) -> str:
    r"""Return a script without comments and needless spaces.

    >>> minified("var a = 1; // one")
    'var a=1;\n'
    """
    from rjsmin import jsmin  # type: ignore[import-untyped]

    return str(jsmin(text)) + "\n"


def render(instrument: Instrument, *, prefix: str = "", level: int = 2, note: str = "") -> str:
    """Return an instrument as one HTML string.

    Parameters
    ----------
    instrument : Instrument
    prefix : str
        Put before every id and field name, so that two copies can stand in one document.
    level : int
        Level of its heading (1 to 4); the headings inside follow.
    note : str
        Where the answers go, said above the buttons; without it, what holds for a page.
    """
    return _Page(instrument, prefix, level, note).tool()


def page_data(instrument: Instrument) -> dict[str, Any]:
    """Return what the page's script needs: trees, words, labels. Plain JSON."""
    return {
        "id": instrument.id,
        "version": instrument.version,
        "title": instrument.title,
        "meta": meta_line(instrument),
        "status_note": instrument.status_note,
        "limits": list(instrument.limits),
        "sections": [_section_data(section) for section in instrument.sections],
        "computed": [_computed_data(computed) for computed in instrument.computed],
        "outcomes": [
            {
                "id": outcome.id, "title": outcome.title, "text": outcome.text, "next": list(outcome.next),
                "level": outcome.level, "when": ex.to_json(outcome.when.tree) if outcome.when else None,
            }
            for outcome in instrument.outcomes
        ],
        "notices": [
            {"id": n.id, "text": n.text, "level": n.level, "when": ex.to_json(n.when.tree)} for n in instrument.notices
        ],
        **_migrations_data(instrument),
        **_picture_data(instrument),
        "words": {key: said for key, said in words(instrument.locale).items() if not key.startswith(_NOT_IN_SCRIPTS)},
    }  # fmt: skip


def _picture_data(instrument: Instrument) -> dict[str, Any]:
    picture = instrument.picture
    if picture is None:
        return {}
    return {
        "picture": {
            "kind": picture.kind, "title": picture.title, "values": list(picture.values), "top": picture.top,
            "levels": dict(picture.levels), "rows": picture.rows, "name": picture.name,
        }
    }  # fmt: skip


def _migrations_data(instrument: Instrument) -> dict[str, Any]:
    steps = [
        {
            "from": step.since, "renamed": dict(step.renamed), "answers": {i: dict(c) for i, c in step.answers.items()},
            "dropped": list(step.dropped), "added": list(step.added),
        }
        for step in instrument.migrations
    ]  # fmt: skip
    return {"migrations": steps} if steps else {}


def _when(expression: ex.Expression | None) -> dict[str, Any]:
    return {"relevant": ex.to_json(expression.tree)} if expression else {}


def _section_data(section: Section) -> dict[str, Any]:
    members = [_repeat_data(m) if isinstance(m, Repeat) else _item_data(m) for m in section.members]
    return {"id": section.id, "title": section.title, "members": members, **_when(section.relevant)}


def _repeat_data(repeat: Repeat) -> dict[str, Any]:
    return {
        "id": repeat.id, "repeat": True, "label": repeat.title, "row": repeat.row, "max_rows": repeat.max_rows,
        "items": [_item_data(item) for item in repeat.items],
        "computed": [_computed_data(computed) for computed in repeat.computed],
        **_when(repeat.relevant),
    }  # fmt: skip


def _item_data(item: Item) -> dict[str, Any]:
    data: dict[str, Any] = {"id": item.id, "type": item.type, "label": item.label, **_when(item.relevant)}
    if item.choices and item.type != "yes-no-unknown":
        data["choices"] = [[choice.code, choice.label] for choice in item.choices]
    for key in ("decimals", "minimum", "maximum", "currency", "unit"):
        value = getattr(item, key)
        if value:
            data[key] = value
    if item.is_year:
        data["year"] = True
    return data


def _computed_data(computed: Computed) -> dict[str, Any]:
    data: dict[str, Any] = {"id": computed.id, "label": computed.label, "value": ex.to_json(computed.expression.tree)}
    data["kind"] = computed.kind
    data["show"] = computed.show
    data["decimals"] = computed.decimals
    if computed.choices:
        data["choices"] = [[choice.code, choice.label] for choice in computed.choices]
    if computed.currency:
        data["currency"] = computed.currency
    return data


def script_json(data: Any) -> str:
    """Return JSON that may stand inside a ``<script>`` data block."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


class _Page:
    def __init__(self, instrument: Instrument, prefix: str, level: int, note: str = "") -> None:
        self.instrument = instrument
        self.base = f"{prefix}ct-{instrument.slug}"
        self.level = level
        self.said = words(instrument.locale)
        self.note = note or self.said["optional_note"]

    def id(self, *parts: object) -> str:
        return "-".join([self.base, *map(str, parts)])

    def own(self, part: str) -> str:
        """Return the id of a part of the frame; no id of an item can be the same, for none begins with a hyphen."""
        return self.id("", part)

    def heading(self, text: str, depth: int, name: str) -> str:
        level = min(self.level + depth, 6)
        return f'<h{level} id="{name}">{escape(text)}</h{level}>'

    # -- the whole

    def tool(self) -> str:
        i = self.instrument
        title = self.own("title")
        level = min(self.level, 6)
        parts = [
            f'<section class="ct-tool" id="{self.base}" data-ct-tool="{i.id}" aria-labelledby="{title}">',
            f'<h{level} id="{title}" class="ct-tool-title">{escape(i.title)}</h{level}>',
            f'<p class="ct-purpose">{escape(i.purpose)}</p>',
            f'<p class="ct-tool-meta">{escape(meta_line(i))}</p>',
            f'<p class="ct-status-note">{escape(i.status_note)}</p>' if i.status_note else "",
            f'<div class="ct-downloads" data-ct-downloads="instrument:{i.id}" hidden></div>',
            self.limits(),
            f'<p class="ct-begin ct-live" hidden><button type="button" class="ct-button ct-quiet" data-ct-action="interview">'
            f"{self.said['interview']}</button></p>",
            f'<form class="ct-form" id="{self.own("form")}" autocomplete="off" novalidate aria-labelledby="{title}">',
            self.contents(),
            *(self.section(number, section) for number, section in enumerate(i.sections, start=1)),
            self.result(),
            "</form>",
            self.toolbar(),
            f'<script type="application/json" class="ct-data">{script_json(page_data(i))}</script>',
            "</section>",
        ]
        return "\n".join(part for part in parts if part)

    def limits(self) -> str:
        items = "".join(f"<li>{escape(limit)}</li>" for limit in self.instrument.limits)
        return f'<div class="ct-limits"><p><strong>{self.said["limits"]}</strong></p><ul>{items}</ul></div>'

    def contents(self) -> str:
        if len(self.instrument.sections) < 3:
            return ""
        links = "".join(
            f'<li data-ct-step="{section.id}"><a href="#{self.id(section.id)}">{escape(section.title)}</a>'
            f' <span class="ct-step-count"></span></li>'
            for section in self.instrument.sections
        )
        return (
            f'<nav class="ct-steps ct-live" hidden aria-label="{self.said["sections"]}: {escape(self.instrument.title)}">'
            f'<ol>{links}</ol><p class="ct-progress"></p></nav>'
        )

    def section(self, number: int, section: Section) -> str:
        name = self.id(section.id)
        heading = self.heading(f"{number}. {section.title}", 1, f"{name}-title")
        intro = f'<p class="ct-intro">{escape(section.intro)}</p>' if section.intro else ""
        members = [self.repeat(m) if isinstance(m, Repeat) else self.item(m) for m in section.members]
        return (
            f'<div class="ct-section" id="{name}" role="group" aria-labelledby="{name}-title" data-ct-section="{section.id}">'
            f"{heading}{intro}{self.when(section.relevant)}{''.join(members)}</div>"
        )

    def when(self, expression: ex.Expression | None) -> str:
        if expression is None:
            return ""
        return f'<p class="ct-when">{self.said["only_if"]}: {escape(condition(expression.tree, self.instrument))}.</p>'

    # -- items

    def item(self, item: Item, row: str = "", row_title: str = "") -> str:
        name = self.id(*(([row]) if row else []), item.id)
        attributes = f'class="ct-item ct-{item.type}" data-ct-item="{item.id}"'
        if item.type == "note":
            return f'<div {attributes}>{self.when(item.relevant)}<p class="ct-note">{escape(item.label)}</p></div>'
        if item.choices:
            return self.choice_item(item, name, attributes, row_title)
        described = f' aria-describedby="{name}-hint"' if item.hint else ""
        title = escape(f"{row_title}: {item.label}" if row_title else item.label)
        unit = item.unit or (item.currency if item.currency.isupper() else "")
        common = f'id="{name}" name="{name}" title="{title}" data-ct-input="{item.id}"{described} autocomplete="off" spellcheck="false"'
        if item.type == "text" and item.long:
            control = f'<textarea {common} rows="3" maxlength="20000"></textarea>'
        elif item.type == "date":
            control = f'<input type="date" {common} min="{item.minimum or ex.DATE_MIN}" max="{item.maximum or ex.DATE_MAX}" />'
        else:
            mode = ' inputmode="decimal"' if item.type in {"number", "money"} else ' maxlength="20000"'
            control = f'<input type="text" {common}{mode} />'
        label = f'<label for="{name}">{escape(item.label)}</label>'
        suffix = f' <span class="ct-unit">{escape(unit)}</span>' if unit else ""
        return (
            f"<div {attributes}>{self.when(item.relevant)}{label}{self.hint(item, name)}"
            f'<span class="ct-control">{control}{suffix}</span><p class="ct-error" id="{name}-error" hidden></p>{self.about(item)}</div>'
        )

    def choice_item(self, item: Item, name: str, attributes: str, row_title: str) -> str:
        kind = "checkbox" if item.type == "choices" else "radio"
        question = f"{row_title}: {item.label}" if row_title else item.label
        options = []
        for choice in item.choices:
            option = f"{name}-{choice.code}"
            field = option if kind == "checkbox" else name
            options.append(
                f'<span class="ct-option"><input type="{kind}" id="{option}" name="{field}" value="{choice.code}"'
                f' title="{escape(f"{question} – {choice.label}")}" data-ct-input="{item.id}" autocomplete="off" />'
                f'<label for="{option}">{escape(choice.label)}</label></span>'
            )
        # Short answers stand side by side; a row of a table with three such questions would else fill a screen each.
        short = " ct-short" if all(len(choice.label) <= _SHORT for choice in item.choices) else ""
        tags = ""
        level = item.tags.get("strength")
        if level:
            tags += f' <span class="ct-tag">{escape(self.strength(item))}</span>'
        if item.contested:
            tags += f' <span class="ct-tag ct-tag-contested">{self.said["contested"].lower()}</span>'
        described = f' aria-describedby="{name}-hint"' if item.hint else ""
        return (
            f'<fieldset {attributes} id="{name}"{described}><legend>{escape(item.label)}{tags}</legend>'
            f"{self.when(item.relevant)}{self.hint(item, name)}"
            f'<span class="ct-options{short}">{"".join(options)}</span>{self.about(item)}</fieldset>'
        )

    def strength(self, item: Item) -> str:
        level = item.tags.get("strength", "")
        return self.said.get(f"strength_{level}", level)

    def hint(self, item: Item, name: str) -> str:
        return f'<p class="ct-hint" id="{name}-hint">{escape(item.hint)}</p>' if item.hint else ""

    def about(self, item: Item) -> str:
        lines = [item.about, item.contested]
        if item.tags.get("strength"):
            lines.append(f"{self.said['strength']}: {self.strength(item)}.")
        sources = item.sources or (self.instrument.sources[:2] if item.code else ())
        if sources:
            from tools.evidence import short

            lines.append(
                f"{self.said['source']}: "
                + "; ".join(short(key) for key in sources)
                + (f" ({item.code})" if item.code else "")
                + "."
            )
        lines = [line for line in lines if line]
        if not lines:
            return ""
        body = "".join(f"<p>{escape(line)}</p>" for line in lines)
        return f'<details class="ct-about"><summary>{self.said["about"]}</summary>{body}</details>'

    def repeat(self, repeat: Repeat) -> str:
        name = self.id(repeat.id)
        hint = f'<p class="ct-hint">{escape(repeat.hint)}</p>' if repeat.hint else ""
        rows = "".join(self.row(repeat, number) for number in range(repeat.print_rows))
        add = self.said["add_row"].format(row=repeat.row.lower())
        return (
            f'<div class="ct-repeat" id="{name}" data-ct-repeat="{repeat.id}" role="group" aria-labelledby="{name}-title">'
            f'<p class="ct-repeat-title" id="{name}-title"><strong>{escape(repeat.title)}</strong></p>'
            f"{self.when(repeat.relevant)}{hint}{rows}"
            f'<p class="ct-live" hidden><button type="button" class="ct-button" data-ct-add="{repeat.id}">{escape(add)}</button></p></div>'
        )

    def row(self, repeat: Repeat, number: int) -> str:
        title = self.said["row"].format(row=repeat.row, number=number + 1)
        items = "".join(self.item(item, f"{repeat.id}-row{number}", title) for item in repeat.items)
        shown = "".join(
            f'<p class="ct-row-value ct-live" hidden data-ct-value="{c.id}"><span>{escape(c.label)}</span> <output></output></p>'
            for c in repeat.computed
            if c.show
        )
        remove = self.said["remove_row"].format(row=title.lower())
        long = " ct-row-long" if len(repeat.items) > _LONG_ROW else ""
        return (
            f'<fieldset class="ct-row{long}" data-ct-row="{number}"><legend>{escape(title)}</legend>{items}{shown}'
            f'<button type="button" class="ct-button ct-quiet ct-live" hidden data-ct-remove="{number}">{escape(remove)}</button></fieldset>'
        )

    # -- result

    def result(self) -> str:
        i = self.instrument
        name = self.own("result")
        always = _list(i.always)
        always_block = f"<p><strong>{self.said['all_times']}</strong></p>{always}" if i.always else ""
        rules = ""
        if i.outcomes or i.paper:
            outcomes = "".join(f"<li><strong>{escape(o.title)}.</strong> {escape(o.text)}</li>" for o in i.outcomes)
            rules = (
                f'<div class="ct-paper"><p><strong>{self.said["paper"]}</strong></p>'
                + (f"<p>{escape(i.paper)}</p>" if i.paper else "")
                + (f"<ul>{outcomes}</ul>" if outcomes else "")
                + f'<p class="ct-write"><label for="{self.own("write")}">{self.said["paper_result"]}</label>'
                f'<textarea id="{self.own("write")}" name="{self.own("write")}" title="{self.said["paper_result"]}" rows="3"></textarea></p></div>'
            )
        return (
            f'<section class="ct-result" id="{name}" aria-labelledby="{name}-title {self.own("title")}" tabindex="-1">'
            f"{self.heading(self.said['result'], 1, f'{name}-title')}"
            f'<div class="ct-result-body ct-live" hidden></div>'
            f'<div class="ct-always">{always_block}</div>{rules}</section>'
        )

    def toolbar(self) -> str:
        def button(action: str, quiet: bool = False) -> str:
            kind = "ct-button ct-quiet" if quiet else "ct-button"
            return f'<button type="button" class="{kind}" data-ct-action="{action}">{self.said[action]}</button>'

        file_id = self.own("file")
        buttons = "".join(
            [
                button("save"),
                button("open", True),
                button("print", True),
                button("summary", True),
                *([button("calendar", True)] if reminders.has_dates(self.instrument) else []),
                button("clear", True),
            ]
        )
        text_id = self.own("text")
        return (
            f'<div class="ct-toolbar ct-live" hidden><p class="ct-hint">{escape(self.note)}</p>'
            f'<div class="ct-buttons">{buttons}</div>'
            f'<input type="file" id="{file_id}" class="ct-file" accept=".json,application/json" title="{self.said["open"]}" hidden />'
            f'<div class="ct-message" role="status"></div><div class="ct-alert" role="alert"></div>'
            f'<div class="ct-summary" hidden><label for="{text_id}">{self.said["summary"]}</label>'
            f'<textarea id="{text_id}" class="ct-summary-text" rows="12" readonly spellcheck="false"></textarea>'
            f'<button type="button" class="ct-button" data-ct-action="copy">{self.said["copy"]}</button></div>'
            f'<p class="ct-announce" role="status"></p></div>'
        )


def _list(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"
