"""XLSForm: an instrument as a form for KoboToolbox and ODK.

The form is made of ODK's own words (groups, repeats, ``relevant``, ``constraint``, ``calculate``), and its results are
worked out on the device. The tests run it in two engines: ODK's web engine, and JavaRosa, on which KoboCollect and ODK
Collect stand. They do not run Enketo, so the expressions keep to what it shares with the two.

How many rows a repeat has is asked first, as a number: all engines honour it, ``0`` and the limit included.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tools.instruments import expressions as ex
from tools.instruments.contribution import outcome_owner
from tools.instruments.model import Choice, Computed, Instrument, Item, Repeat, Section
from tools.instruments.translation import catalogue, translated
from tools.surfaces.text import asked, meta_line
from tools.surfaces.words import words
from tools.surfaces.xpath import OUTSIDE, Node, Place, Printer, amount, every, reference

Row = dict[str, str]

#: The columns that hold words, which every language has for itself.
WORDED: Final = ("label", "hint", "guidance_hint", "constraint_message")
COLUMNS: Final = (
    "type", "name", "label", "hint", "guidance_hint", "relevant", "constraint", "constraint_message", "calculation",
    "appearance", "repeat_count", "bind::type",
)  # fmt: skip
#: KoboCollect takes whole numbers of at most nine digits.
INTEGER_MAX: Final = 999_999_999
_MADE: Final = dt.datetime(2026, 1, 1)


@dataclass(frozen=True)
class Sheets:
    """The three sheets of an XLSForm, as rows by column."""

    survey: tuple[Row, ...]
    choices: tuple[Row, ...]
    settings: Row


def workbook(instrument: Instrument, locales: Sequence[str] = ()) -> bytes:
    """Return the XLSForm of an instrument, an .xlsx file. The same instrument gives the same bytes.

    Parameters
    ----------
    instrument : Instrument
    locales : sequence of str
        Languages that the form offers beside the instrument's own; what their catalogue lacks stays in English.

    Raises
    ------
    Problem
        ``XLF_001`` when the form cannot hold an expression of the instrument.
    """
    return book_of(sheets(instrument, locales), instrument.title)


def book_of(form: Sheets, title: str) -> bytes:
    """Return the three sheets of a form as an .xlsx file. The same form gives the same bytes."""
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "created": _MADE})
    bold = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for name, rows in (("survey", form.survey), ("choices", form.choices), ("settings", (form.settings,))):
        sheet = book.add_worksheet(name)
        columns = _columns(rows)
        for number, column in enumerate(columns):
            sheet.write_string(0, number, column, bold)
            sheet.set_column(
                number, number, 40 if column.split("::")[0] in {*WORDED, "form_title", "calculation"} else 30
            )
            for line, row in enumerate(rows, start=1):
                if row.get(column):
                    sheet.write_string(line, number, row[column], text)
        sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def _columns(rows: Sequence[Row]) -> list[str]:
    """Return the columns that rows have, in the order of ``COLUMNS``; others come first, as they stand."""

    def place(column: str) -> int:
        name = column if column in COLUMNS else column.split("::")[0]
        return COLUMNS.index(name) if name in COLUMNS else -1

    return sorted(dict.fromkeys(key for row in rows for key in row), key=place)


def xform(instrument: Instrument, locales: Sequence[str] = (), *, validate: bool = False) -> str:
    """Return the XForm of an instrument: the XML that ODK tools read.

    Parameters
    ----------
    instrument : Instrument
    locales : sequence of str
        As for :func:`workbook`.
    validate : bool
        Have ODK Validate check it, for which Java is needed.

    Raises
    ------
    Problem
        As :func:`workbook`; ``XLF_002`` when pyxform or ODK Validate finds fault with the form.
    """
    return converted(sheets(instrument, locales), file=instrument.file, validate=validate)


def converted(form: Sheets, *, file: str = "", validate: bool = False) -> str:
    """Return the XForm of the sheets of a form; as :func:`xform` otherwise."""
    from pyxform.errors import PyXFormError
    from pyxform.validators.odk_validate import ODKValidateError
    from pyxform.xls2xform import convert

    from tools.errors import Problem

    data = {
        "survey": list(form.survey), "survey_header": [dict.fromkeys(_columns(form.survey))],
        "choices": list(form.choices), "choices_header": [dict.fromkeys(_columns(form.choices))],
        "settings": [form.settings],
    }  # fmt: skip
    warnings: list[str] = []
    try:
        text = convert(xlsform=data, validate=validate, warnings=warnings, pretty_print=False).xform
    except (PyXFormError, ODKValidateError, OSError) as error:
        raise Problem("XLF_002", file=file or None, detail=str(error).strip()) from None
    if warnings:
        raise Problem("XLF_002", file=file or None, detail="; ".join(warnings))
    return str(text)


def language(locale: str) -> str:
    """Return a language as XLSForm names it.

    >>> language("id")
    'Indonesia (id)'
    """
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(locale or "en", sep="-" if "-" in locale else "_").get_display_name() or locale
    except (UnknownLocaleError, ValueError):
        name = locale
    return f"{name[0].upper()}{name[1:]} ({locale or 'en'})"


def sheets(instrument: Instrument, locales: Sequence[str] = ()) -> Sheets:
    """Return the rows of the three sheets."""
    spoken = [instrument]
    for locale in dict.fromkeys(locales):
        if locale and locale != instrument.locale:
            spoken.append(_in_language(instrument, locale))
    forms = [_Form(one) for one in spoken]
    languages = [language(one.locale) for one in spoken]
    survey = _merged([form.rows for form in forms], languages)
    choices = _merged([form.choice_rows() for form in forms], languages)
    settings = {
        "form_title": instrument.title,
        "form_id": instrument.slug.replace("-", "_"),
        "version": instrument.version,
        "default_language": languages[0],
    }
    root = forms[0].printer.new_name("data")  # XLSForm's name for the whole, unless an item is called that
    if root != "data":
        settings["name"] = root
    return Sheets(_in_order(survey), choices, settings)


def _in_order(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Put the cells of every row in the order of the columns, as a workbook has them."""
    columns = _columns(rows)
    return tuple({column: row[column] for column in columns if column in row} for row in rows)


def _in_language(instrument: Instrument, locale: str) -> Instrument:
    import dataclasses

    found = catalogue(locale)
    return dataclasses.replace(translated(instrument, lambda text: found.get(text, text)), locale=locale)


def _merged(tables: list[list[Row]], languages: list[str]) -> tuple[Row, ...]:
    """Put the words of several languages side by side; one language needs no names on its columns."""
    if len(tables) == 1:
        return tuple(tables[0])
    rows = []
    for lines in zip(*tables, strict=True):
        row = {key: value for key, value in lines[0].items() if key not in WORDED}
        for name, line in zip(languages, lines, strict=True):
            row.update({f"{key}::{name}": line[key] for key in WORDED if key in line})
        rows.append(row)
    return tuple(rows)


def _grouped(number: str) -> str:
    """Return a bound as people read it.

    >>> _grouped("-100000000000")
    '-100,000,000,000'
    """
    return f"{Decimal(number):,f}"


def neutral(text: str) -> str:
    """Return words in which no reference can hide: ``${x}`` would be filled with an answer.

    >>> neutral("Costs ${fee}") == "Costs $" + chr(0x2060) + "{fee}"
    True
    """
    return text.replace("${", "$\u2060{")


class _Form:
    """The rows of one form in one language."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.said = words(instrument.locale)
        self.printer = Printer(instrument)
        self.lists: dict[tuple[Choice, ...], str] = {}
        self.rows = [row for part in list(self.parts()) for row in self.flat(part)]

    def flat(self, part: Row | str) -> Iterator[Row]:
        """Yield a row, or the helper nodes of a repeat, which are known only when all is printed."""
        if isinstance(part, str):
            yield from (self.node(node) for node in self.printer.nodes[part])
        else:
            yield part

    # -- rows

    def row(self, kind: str, name: str, label: str = "", **more: str) -> Row:
        row = {"type": kind, "name": name, "label": label, **more}
        return {
            key: neutral(value) if key in WORDED and key != "label" else value for key, value in row.items() if value
        }

    def node(self, node: Node) -> Row:
        kind = {"bind::type": "decimal"} if node.number else {}
        return self.row("calculate", node.name, calculation=node.calculation, **kind)

    def note(self, wanted: str, label: str, relevant: str = "") -> Row:
        return self.row("note", self.printer.new_name(wanted), label, relevant=relevant)

    def relevant(self, expression: ex.Expression | None, place: Place) -> str:
        if expression is None:
            return ""
        self.printer.owner = "relevant"
        return self.printer.condition(expression.tree, place)

    def list_name(self, item: Item) -> str:
        if item.choices not in self.lists:
            name = "yes_no_unknown" if item.type == "yes-no-unknown" else item.id
            while name in self.lists.values():
                name += "_"
            self.lists[item.choices] = name
        return self.lists[item.choices]

    def choice_rows(self) -> list[Row]:
        return [
            {"list_name": name, "name": choice.code, "label": neutral(choice.label)}
            for choices, name in self.lists.items()
            for choice in choices
        ]

    # -- the form

    def parts(self) -> Iterator[Row | str]:
        i = self.instrument
        yield self.note(
            "about", self.paragraphs(i.purpose, meta_line(i), i.status_note, self.listed("limits", i.limits))
        )
        for section in i.sections:
            yield from self.section(section)
        values = [self.printer.computed(computed) for computed in i.computed]
        outcome = self.printer.outcome() if i.outcomes else None
        result = list(self.result(outcome))
        for node in values + ([outcome] if outcome else []):
            yield self.node(node)
        yield self.row("begin_group", self.printer.new_name("result"), neutral(self.said["result"]))
        yield from result
        yield self.row("end_group", "")
        # ODK wants something to see in every group; so the last words stand with what is worked out unseen.
        yield self.row("begin_group", self.printer.new_name("workings"))
        yield self.note("not_finding", neutral(self.said["not_finding"]))
        yield ""
        yield self.row("end_group", "")

    def paragraphs(self, *parts: str) -> str:
        return neutral("\n\n".join(part for part in parts if part))

    def listed(self, title: str, lines: Sequence[str]) -> str:
        return "\n".join([f"{self.said[title]}:", *(f"- {line}" for line in lines)]) if lines else ""

    def section(self, section: Section) -> Iterator[Row | str]:
        name = self.printer.name_of[section.id]
        yield self.row("begin_group", name, neutral(section.title), relevant=self.relevant(section.relevant, OUTSIDE))
        if section.intro:
            yield self.note(f"{section.id}_intro", neutral(section.intro))
        for member in section.members:
            if isinstance(member, Repeat):
                yield from self.repeat(member)
            else:
                yield self.item(member, OUTSIDE)
        yield self.row("end_group", "")

    def repeat(self, repeat: Repeat) -> Iterator[Row | str]:
        relevant = self.relevant(repeat.relevant, OUTSIDE)
        count = self.printer.count_of[repeat.id]
        question = self.said["form_rows"].format(title=repeat.title, limit=repeat.max_rows)
        yield self.row(
            "integer", count, neutral(question), hint=repeat.hint, relevant=relevant,
            constraint=f". >= 0 and . <= {repeat.max_rows}",
            constraint_message=self.said["form_whole"].format(low=0, high=repeat.max_rows),
        )  # fmt: skip
        name = self.printer.name_of[repeat.id]
        # KoboCollect shows one row when the number is none, unless the repeat does not apply.
        rows = every(filter(None, (relevant, f"{amount(count)} > 0")))
        yield self.row("begin_repeat", name, neutral(repeat.title), relevant=rows, repeat_count=reference(count))
        for item in repeat.items:
            yield self.item(item, Place(repeat.id))
        for computed in repeat.computed:
            yield self.node(self.printer.computed(computed))
        for computed in repeat.computed:
            if computed.show:
                yield from self.value(computed)
        yield repeat.id
        yield self.row("end_repeat", "")

    # -- items

    def item(self, item: Item, place: Place) -> Row:
        relevant = self.relevant(item.relevant, place)
        name = self.printer.name_of[item.id]
        if item.type == "note":
            return self.row("note", name, neutral(item.label), relevant=relevant)
        unit = item.unit or (item.currency if item.currency.isupper() else "")
        contested = f"{self.said['contested']}: {item.contested}" if item.contested else ""
        said = {
            "label": neutral(f"{item.label} ({unit})" if unit else item.label),
            "hint": "\n".join(filter(None, (item.hint, contested))),
            "guidance_hint": item.about,
            "relevant": relevant,
        }
        return self.row(name=name, **self.kind(item), **said)

    def kind(self, item: Item) -> Row:
        """Return the type of an item with the constraint that goes with it."""
        if item.choices:
            return {"kind": f"{'select_multiple' if item.type == 'choices' else 'select_one'} {self.list_name(item)}"}
        if item.type == "text":
            return {"kind": "text", **({"appearance": "multiline"} if item.long else {})}
        if item.type == "date":
            low, high = item.minimum or f"{ex.DATE_MIN}", item.maximum or f"{ex.DATE_MAX}"
            return {
                "kind": "date",
                "constraint": f". >= date('{low}') and . <= date('{high}')",
                "constraint_message": self.said["form_date"].format(low=low, high=high),
            }
        return self.number(item)

    def number(self, item: Item) -> Row:
        limit = f"{ex.NUMBER_MAX:f}"
        low, high = item.minimum or f"-{limit}", item.maximum or limit
        small = max(abs(float(low)), abs(float(high))) <= INTEGER_MAX
        parts = [f". >= {low} and . <= {high}"]
        if item.decimals or not small:
            units = f"abs(.) * {10**item.decimals}"
            # Double precision leaves dust behind, more of it behind larger numbers.
            parts.append(f"abs({units} - int({units} + 0.5)) <= 0.01 + {units} * 0.0000000000000003")
        bounded = "" if item.minimum or item.maximum else "any_"
        key = f"form_{bounded}{'number' if item.decimals else 'whole'}"
        return {
            "kind": "decimal" if item.decimals or not small else "integer",
            "constraint": " and ".join(parts),
            "constraint_message": self.said[key].format(low=_grouped(low), high=_grouped(high), decimals=item.decimals),
        }

    # -- results

    def value(self, computed: Computed) -> Iterator[Row]:
        """Yield the notes that show a computed value: one for each answer it can be, or one with the number."""
        name = self.printer.name_of[computed.id]
        label = neutral(asked(computed.label))
        if computed.choices:
            for choice in computed.choices:
                wanted = f"{computed.id}_{choice.code}_note"
                yield self.note(wanted, f"{label} {neutral(choice.label)}", f"${{{name}}} = '{choice.code}'")
        else:
            yield self.note(f"{computed.id}_note", f"{label} ${{{self.printer.shown(computed)}}}")

    def result(self, outcome: Node | None) -> Iterator[Row]:
        i = self.instrument
        if outcome:
            for one in i.outcomes:
                steps = self.listed("next", one.next)
                text = self.paragraphs(one.title, one.text, steps)
                yield self.note(f"outcome_{one.id}", text, f"${{{outcome.name}}} = '{one.id}'")
            yield from self.reasons(outcome)
        for computed in i.computed:
            if computed.show:
                yield from self.value(computed)
        for notice in i.notices:
            self.printer.owner = notice.id
            text = f"{self.said['notes']}: {notice.text}"
            yield self.note(f"notice_{notice.id}", neutral(text), self.printer.condition(notice.when.tree, OUTSIDE))
        if i.always:
            yield self.note("always", self.paragraphs(self.listed("all_times", i.always)))

    def reasons(self, outcome: Node) -> Iterator[Row]:
        """Yield a note for every item that can be a reason for the outcome, shown when it is one."""
        i, printer = self.instrument, self.printer
        found: dict[str, list[tuple[str, str]]] = {}
        for one in i.outcomes:
            for name in printer.why_trees.get(outcome_owner(one.id), {}):
                printer.owner = f"why_{one.id}"
                found.setdefault(name, []).append((one.id, printer.why(outcome_owner(one.id), name, OUTSIDE)))
        order = [name for name in [*i.items, *i.repeats, *i.repeat_of] if name in found]
        flags = {}
        for name in order:
            cases = [f"(${{{outcome.name}}} = '{one}' and {text})" for one, text in found[name]]
            flags[name] = printer.keep(f"if({' or '.join(cases)}, 'yes', 'no')", OUTSIDE, f"why_{name}")
        notes = []
        for name in order:
            label = i.repeats[name].title if name in i.repeats else i.everything[name].label
            notes.append(self.note(f"why_{name}_note", neutral(f"- {label}"), f"${{{flags[name]}}} = 'yes'"))
        if notes:
            shown = [f"${{{flag}}} = 'yes'" for flag in flags.values()]
            yield self.note("because", neutral(f"{self.said['because']}:"), " or ".join(shown))
        yield from notes
