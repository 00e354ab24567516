"""A workbook of an instrument: one sheet to fill in, which works out the result as it is filled.

Where everything stands is said by :mod:`tools.surfaces.workbook_layout`, the formulas by
:mod:`tools.surfaces.workbook_formulas` and :mod:`tools.surfaces.workbook_shown`; here it is drawn. Every text is
written as a text, never as something that a spreadsheet could take for a formula. Two workbooks of the same
instrument and record are the same, byte for byte.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tools.errors import Problem
from tools.instruments import expressions as ex
from tools.instruments.model import Computed, Instrument, Item, Repeat
from tools.instruments.record import TEXT_MAX, Record
from tools.surfaces.html import STATIC
from tools.surfaces.text import meta_line
from tools.surfaces.words import condition, words
from tools.surfaces.workbook_formulas import Formula, Program, Stored, serial
from tools.surfaces.workbook_layout import FORMAT, LISTS, WORKINGS, Cell, Line, column, height, labels, layout
from tools.surfaces.workbook_layout import lines_needed as needed
from tools.surfaces.workbook_shown import OFF, ON, REASON, UNREADABLE, Shown

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: What one cell of a spreadsheet can hold, in the units it counts in.
CELL_MAX: Final = 32_767
#: Signs that XML has no place for, and the one word that openpyxl takes for a mark of its own and drops.
_UNFIT: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|x005F_")
_TITLE_SIZE, _HEAD_SIZE, _SMALL = 18, 13, 10
_LEVELS: Final = ("urgent", "act", "ask")


def write(instrument: Instrument, record: Record | None = None) -> bytes:
    """Return a workbook (.xlsx) of an instrument.

    Parameters
    ----------
    instrument : Instrument
    record : Record, optional
        Answers that stand in it already. Answers that do not apply are written too, and count when they do.

    Raises
    ------
    Problem
        ``REC_002`` for a record of another instrument; ``WBK_001`` for a text that a cell cannot hold.
    """
    return draw(instrument, record).data


@dataclass(frozen=True)
class Drawn:
    """A workbook and the formulas in it: which line of the workings holds what."""

    data: bytes
    program: Program
    shown: Shown


def draw(
    instrument: Instrument, record: Record | None = None, stored: Callable[[Stored], Stored] | None = None
) -> Drawn:
    """Return a workbook, with another value beside each formula than the right one when ``stored`` is given.

    The tests of spreadsheet programs use it: with wrong values in the file, a right one was worked out.
    """
    given = record or Record(instrument.id, instrument.version)
    if given.instrument != instrument.id:
        raise Problem("REC_002", found=given.instrument, wanted=instrument.id)
    writer = _Writer(instrument, counted(given), stored)
    return Drawn(writer.workbook(), writer.program, writer.shown)


def counted(record: Record) -> Record:
    """Return a record without the empty rows at the end of its tables, which a sheet cannot tell from no rows."""
    kept: dict[str, Any] = {}
    for name, value in record.answers.items():
        if isinstance(value, tuple):
            rows = list(value)
            while rows and not any(cell is not None for cell in rows[-1].values()):
                rows.pop()
            if rows:
                kept[name] = tuple(rows)
        elif value is not None:
            kept[name] = value
    return Record(record.instrument, record.version, kept)


@cache
def colours() -> Mapping[str, str]:
    """Return the colours of the site on light paper, by the name of their token."""
    text = (STATIC / "tokens.css").read_text(encoding="utf-8")
    light = text[: text.index("}")]
    return dict(re.findall(r"--ct-([a-z-]+): (#[0-9a-f]{6});", light))


def sheet_name(instrument: Instrument) -> str:
    """Return the name of the sheet that is filled in."""
    name = re.sub(r"[\[\]:*?/\\']", " ", words(instrument.locale)["workbook_sheet"]).strip()[:31]
    return name if name and name not in {LISTS, WORKINGS} else "Form"


def _right_to_left(locale: str) -> bool:
    from babel import Locale

    return bool(locale) and Locale.parse(locale, sep="_" if "_" in locale else "-").text_direction == "rtl"


class _Writer:
    def __init__(self, instrument: Instrument, record: Record, stored: Callable[[Stored], Stored] | None) -> None:
        import xlsxwriter
        from xlsxwriter.worksheet import Worksheet as Base

        class Ready(Base):  # type: ignore[misc]
            """A sheet whose formulas need no search for functions newer than Excel 2007; that takes half the time."""

            def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
                return formula.removeprefix("=")

        self.instrument, self.record, self.stored = instrument, record, stored
        self.said = words(instrument.locale)
        self.layout = layout(instrument)
        self.form = sheet_name(instrument)
        self.program = Program(self.layout, record, f"'{self.form}'")
        self.shown = Shown(self.program)
        self.out = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
        )  # fmt: skip
        self.sheet: Worksheet = self.book.add_worksheet(self.form, Ready)
        self.lists_sheet: Worksheet = self.book.add_worksheet(LISTS, Ready)
        self.workings: Worksheet = self.book.add_worksheet(WORKINGS, Ready)
        self.formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.heights: dict[int, float] = {}
        self.conditions: dict[tuple[Any, ...], list[int]] = {}
        self.right_to_left = _right_to_left(instrument.locale)
        self.start = "right" if self.right_to_left else "left"

    def workbook(self) -> bytes:
        self.properties()
        self.page()
        for line in self.layout.lines:
            self.sheet.write_string(line.at, 0, line.key) if line.key else None
            getattr(self, f"draw_{line.kind}")(line)
            if line.at in self.heights:
                self.sheet.set_row(line.at, min(self.heights[line.at], 400))
        self.draw_conditions()
        self.hidden()
        self.book.close()
        return self.out.getvalue()

    # -- parts of the book

    def properties(self) -> None:
        i = self.instrument
        made = dt.datetime.combine(i.reviewed, dt.time())
        self.book.set_properties({"title": i.title, "author": "", "company": "", "created": made})
        for name, value in (("ct-format", FORMAT), ("ct-instrument", i.id), ("ct-version", i.version)):
            self.book.set_custom_property(name, value, "text")

    def page(self) -> None:
        sheet, grid = self.sheet, self.layout.states - 1
        for number, width in enumerate(self.layout.widths):
            hidden = {"hidden": True} if number == 0 or number > grid else {}
            sheet.set_column(number, number, width, None, hidden)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.55, right=0.55, top=0.6, bottom=0.75)
        sheet.print_area(0, 1, len(self.layout.lines) - 1, grid)
        sheet.repeat_rows(0)
        title = self.instrument.title.replace("&", "&&")[:120]
        pages = self.said["workbook_page"].replace("&", "&&").format(page="&P", pages="&N")
        sheet.set_footer(f"&L&8{title}&R&8{pages}")
        sheet.freeze_panes(2 if self.instrument.outcomes else 1, 0)
        if self.right_to_left:
            sheet.right_to_left()
        allowed = {
            "select_locked_cells": True,
            "select_unlocked_cells": True,
            "format_rows": True,
            "format_columns": True,
        }
        for each in (sheet, self.lists_sheet, self.workings):
            each.protect("", allowed)
        first = next(((line.at, line.answers[0].first) for line in self.layout.lines if line.answers), (0, 1))
        sheet.set_selection(*first, *first)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def hidden(self) -> None:
        """Write the lists and the workings, after everything that refers to them."""
        plain = self.style(size=9)
        for at, (text, code) in enumerate(self.program.lists.rows):
            self.lists_sheet.write_string(at, 0, text, plain)
            self.lists_sheet.write_string(at, 1, code, plain)
        for at, line in enumerate(self.program.lines):
            self.workings.write_string(at, 0, line.name, plain)
            for number, formula in enumerate(line.cells, start=1):
                self.formula(self.workings, at, number, formula, plain)
        for each in (self.lists_sheet, self.workings):
            each.set_column(0, 0, 40)
            each.hide()

    # -- cells

    def style(self, **wanted: Any) -> Format:
        """Return a format; the same wishes give the same one. Colours are named by their token."""
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            tokens = colours()
            made: dict[str, Any] = {"font_size": 11, "text_wrap": True, "valign": "top", "font_color": tokens["ink"]}
            for name, value in wanted.items():
                match name:
                    case "indent":  # counts only where the side is said
                        made["indent"] = value
                        made.setdefault("align", self.start)
                    case "size":
                        made["font_size"] = value
                    case "ink":
                        made["font_color"] = tokens[value]
                    case "fill":
                        made["bg_color"] = tokens.get(value, value)
                    case "box":
                        made.update(border=1, border_color=tokens[value])
                    case "under":
                        made.update(bottom=1, bottom_color=tokens[value])
                    case _:
                        made[name] = value
            self.formats[key] = self.book.add_format(made)
        return self.formats[key]

    def put(self, line: Line, cell: Cell, content: str | Formula | Decimal | dt.date | None, style: Format) -> None:
        """Write one cell of a line, merged over its columns."""
        at, first = line.at, cell.first
        if cell.last > first:
            self.sheet.merge_range(at, first, at, cell.last, "", style)
        if isinstance(content, Formula):
            self.formula(self.sheet, at, first, content, style)
        elif isinstance(content, dt.date):
            self.sheet.write_number(at, first, serial(content), style)
        elif isinstance(content, Decimal):
            self.sheet.write_number(at, first, float(content), style)
        elif content:
            self.sheet.write_string(at, first, content, style)
        else:
            self.sheet.write_blank(at, first, None, style)

    def formula(self, sheet: Worksheet, row: int, at: int, formula: Formula, style: Format) -> None:
        """Write a formula and its value."""
        if not formula.text:
            sheet.write_number(row, at, float(formula.value), style)
            return
        value = self.stored(formula.value) if self.stored else formula.value
        sheet.write_formula(row, at, f"={formula.text}", style, value)

    def state(self, line: Line, formula: Formula, number: int = 0) -> None:
        """Write the state of a line, or of one of its answers, into a hidden column."""
        self.formula(self.sheet, line.at, self.layout.states + number, formula, self.style(size=9))

    def when(self, line: Line, first: int, last: int, state: str, number: int = 0, /, **wanted: Any) -> None:
        """Draw cells of a line otherwise while it, or one of its answers, is in a state."""
        key = (first, last, state, number, *sorted(wanted.items()))
        self.conditions.setdefault(key, []).append(line.at)

    def draw_conditions(self) -> None:
        """Write what was asked for with :meth:`when`: one condition for all lines it is the same for."""
        tokens = colours()
        for (first, last, state, number, *wanted), rows in self.conditions.items():
            names = {"ink": "font_color", "fill": "bg_color"}
            made = {names.get(name, name): tokens[value] if name in names else value for name, value in wanted}
            areas = [[rows[0], rows[0]]]
            for row in rows[1:]:
                if row == areas[-1][1] + 1:
                    areas[-1][1] = row
                else:
                    areas.append([row, row])
            where = " ".join(f"{column(first)}{top + 1}:{column(last)}{bottom + 1}" for top, bottom in areas)
            criteria = f'=${column(self.layout.states + number)}{rows[0] + 1}="{state}"'
            options = {"type": "formula", "criteria": criteria, "format": self.book.add_format(made)}
            if len(areas) > 1:
                options["multi_range"] = where
            self.sheet.conditional_format(rows[0], first, areas[0][1], last, options)

    def room(self, line: Line, *texts: tuple[str, float, float], least: float = 0) -> None:
        """Make a line high enough for the longest of some texts; each with the width it has and its size."""
        found = [height(needed(text, width * 11 / size * 1.02), size) for text, width, size in texts]
        self.heights[line.at] = max([self.heights.get(line.at, 0), least, *found])

    def wide(self, line: Line, content: str | Formula, texts: tuple[str, ...] = (), **wanted: Any) -> None:
        """Write a text over the whole width; of a formula, all it can show is given, so that it has room."""
        cell = line.cells[0]
        self.put(line, cell, content, self.style(**wanted))
        shown = texts or ((content,) if isinstance(content, str) else ())
        # Bold and headings are wider than the standard font by about a tenth.
        width = self.layout.width(cell) * (0.9 if wanted.get("bold") else 1) - 2 * wanted.get("indent", 0)
        self.room(line, *((text, width, wanted.get("size", 11)) for text in shown))

    # -- lines above the questions

    def draw_title(self, line: Line) -> None:
        self.wide(line, self.instrument.title, bold=True, size=_TITLE_SIZE, ink="accent", valign="vcenter")
        self.heights[line.at] += 6

    def draw_follow(self, line: Line) -> None:
        i = self.instrument
        if not i.outcomes:
            self.wide(line, "", size=4)
            return
        titles = tuple(self.said["result_now"].format(title=outcome.title) for outcome in i.outcomes)
        self.wide(line, self.shown.follow(), (*titles, self.said["no_answers"]), fill="panel", bold=True, indent=1,
                  valign="vcenter")  # fmt: skip
        self.levels(line, self.shown.level())

    def draw_purpose(self, line: Line) -> None:
        self.wide(line, self.instrument.purpose)

    def draw_meta(self, line: Line) -> None:
        self.wide(line, meta_line(self.instrument), size=_SMALL, ink="ink-soft")

    def draw_status(self, line: Line) -> None:
        self.wide(line, self.instrument.status_note, size=_SMALL, fill="ask-panel", indent=1)

    def draw_limits_head(self, line: Line) -> None:
        self.wide(line, self.said["limits"], size=_SMALL, fill="ask-panel", bold=True, indent=1)

    def draw_limit(self, line: Line) -> None:
        self.wide(line, f"• {line.part}", size=_SMALL, fill="ask-panel", indent=1)

    def draw_how(self, line: Line) -> None:
        text = f"{self.said['workbook_how']}\n{self.said['workbook_codes']}"
        self.wide(line, text, size=_SMALL, ink="ink-soft", valign="vcenter")
        self.heights[line.at] += 8

    def draw_heads(self, line: Line) -> None:
        style = self.style(size=_SMALL, bold=True, fill="accent", ink="accent-ink", valign="vcenter", indent=0)
        texts = (self.said["question"], self.said["workbook_answer"], "", self.said["workbook_hint"])
        for cell, text in zip(line.cells, texts, strict=True):
            self.put(line, cell, text, style)
        self.heights[line.at] = 20

    def draw_section(self, line: Line) -> None:
        number, section = line.part
        self.wide(
            line,
            f"{number}. {section.title}",
            bold=True,
            size=_HEAD_SIZE,
            ink="accent",
            under="accent",
            valign="bottom",
        )
        self.heights[line.at] += 14
        if section.relevant:
            self.state(line, self.shown.section_applies(line))
            self.fade(line)

    def draw_intro(self, line: Line) -> None:
        section = line.part
        when = (
            f"{self.said['only_if']}: {condition(section.relevant.tree, self.instrument)}." if section.relevant else ""
        )
        self.wide(line, "\n".join(filter(None, (section.intro, when))), size=_SMALL, ink="ink-soft", valign="vcenter")
        if section.relevant:
            self.state(line, self.shown.section_applies(line))
            self.fade(line)

    def fade(self, line: Line, first: int = 0, last: int = 0, number: int = 0) -> None:
        """Grey out a line, or some of its cells, while it does not apply."""
        self.when(line, first or 1, last or self.layout.states - 1, OFF, number, ink="edge", fill="panel")

    # -- questions

    def question_style(self, **more: Any) -> Format:
        return self.style(under="line", valign="vcenter", **more)

    def draw_note(self, line: Line) -> None:
        item = line.part
        when = f"{self.said['only_if']}: {condition(item.relevant.tree, self.instrument)}. " if item.relevant else ""
        self.wide(line, f"{when}{item.label}", fill="ask-panel", ink="ask", indent=1, valign="vcenter")
        if item.relevant:
            self.state(line, self.shown.applies(item.id))
            self.fade(line)

    def draw_question(self, line: Line) -> None:
        item: Item = line.part
        hint = self.shown.hint(item)
        question, answer, mark, note = line.cells
        self.put(line, question, item.label, self.question_style())
        self.answer(line, answer)
        self.mark(line, mark)
        self.remark(line, note, self.shown.note(answer, hint))
        self.room(line, (item.label, self.layout.width(question), 11), (hint, self.layout.width(note), 9), least=21)
        self.room(line, (self.shown.wanted(item), self.layout.width(note), 9))
        self.room(line, *((label, self.layout.width(answer) - 3, 11) for label in labels(item.choices)))
        if item.long:
            self.heights[line.at] = max(self.heights[line.at], 64)
        self.ask(line, answer, 0)
        self.fade(line)

    def draw_codes(self, line: Line) -> None:
        item: Item = line.part
        hint = self.shown.hint(item)
        question, label, mark, note = line.cells
        self.put(line, question, item.label, self.style())
        self.put(line, label, "", self.style())
        self.mark(line, mark)
        self.put(line, note, hint, self.style(size=9, ink="ink-soft"))
        self.room(line, (item.label, self.layout.width(question), 11), (hint, self.layout.width(note), 9), least=21)
        # A question of several answers is marked beside the question, not beside each answer.
        state = self.shown.applies(item.id)
        led = self.shown.why.get(item.id)
        if led:
            value = REASON if item.id in self.shown.known.assessment.reasons and self.shown.answered else state.value
            state = Formula(f'IF({self.shown.on(led)}="yes","{REASON}",{state.text})', value)
        self.state(line, state)
        self.fade(line)

    def draw_code(self, line: Line) -> None:
        item: Item = line.part
        question, answer, mark, note = line.cells
        label = item.choice_label(answer.code)
        self.put(line, question, label, self.question_style(indent=2))
        self.answer(line, answer)
        self.put(line, mark, Formula(f'IF({self.state_of(line)}="{UNREADABLE}","!","")', ""), self.mark_style())
        self.remark(line, note, self.shown.note(answer, ""))
        self.room(line, (label, self.layout.width(question) - 4, 11), least=21)
        self.state(line, self.shown.state(answer, -1))
        self.validation(line, answer)
        self.fade(line)
        self.wrong(line, answer, 0)

    def state_of(self, line: Line, number: int = 0) -> str:
        return f"{column(self.layout.states + number)}{line.at + 1}"

    def mark_style(self) -> Format:
        return self.question_style(bold=True, ink="accent", align="center")

    def mark(self, line: Line, cell: Cell) -> None:
        """Mark a reason for the result, and an answer that cannot be read."""
        state = self.state_of(line)
        item = line.part
        led = item.id in self.shown.known.assessment.reasons and self.shown.answered
        text = f'IF({state}="{REASON}","●",IF({state}="{UNREADABLE}","!",""))'
        style = self.style(bold=True, ink="accent", align="center") if line.kind == "codes" else self.mark_style()
        self.put(line, cell, Formula(text, "●" if led else ""), style)
        self.when(line, cell.first, cell.last, UNREADABLE, ink="urgent")

    def remark(self, line: Line, cell: Cell, note: Formula) -> None:
        self.put(line, cell, note, self.question_style(size=9, ink="ink-soft"))
        self.when(line, cell.first, cell.last, UNREADABLE, ink="urgent", bold=True)

    def ask(self, line: Line, cell: Cell, number: int) -> None:
        """Write the state of an answer and what may stand in it."""
        self.state(line, self.shown.state(cell, line.row), number)
        self.validation(line, cell)
        self.wrong(line, cell, number)

    def wrong(self, line: Line, cell: Cell, number: int) -> None:
        self.when(line, cell.first, cell.last, UNREADABLE, number, ink="urgent", fill="urgent-panel")

    def answer(self, line: Line, cell: Cell) -> None:
        """Write an answer, in a cell that may be changed."""
        item = cell.member
        assert isinstance(item, Item)  # noqa: S101 - only items are answered
        value: Any = self.shown.known.raw(item.id, line.row)
        style: dict[str, Any] = {
            "locked": False,
            "box": "edge",
            "fill": "#ffffff",
            "num_format": self.number_format(item, bare=line.row >= 0),
        }
        exact = item.type in {"number", "money", "date"}
        style.update(align="right" if exact else self.start, indent=1, text_wrap=not exact)
        style["valign"] = "top" if item.long else "vcenter"
        if cell.code:
            value = self.said["yes"] if value is not None and cell.code in value else None
            style.update(align="center", indent=0)
        elif item.choices and value is not None:
            value = labels(item.choices)[[choice.code for choice in item.choices].index(value)]
        if isinstance(value, str):
            value = _cell_text(item.id, value)
        self.put(line, cell, value, self.style(**style))

    def number_format(self, member: Item | Computed, *, bare: bool = False) -> str:
        """Return how a value is shown; bare, without the unit that stands above its column."""
        kind = member.type if isinstance(member, Item) else member.kind
        if kind == "date":
            return "yyyy-mm-dd"
        if kind not in {"number", "money"}:
            return "@" if isinstance(member, Item) else "General"
        if isinstance(member, Item) and member.is_year:
            return "0"
        unit = "" if bare else self.shown.unit(member).replace('"', "”")[:60]
        return "#,##0" + ("." + "0" * member.decimals if member.decimals else "") + (f'" {unit}"' if unit else "")

    def validation(self, line: Line, cell: Cell) -> None:
        """Let the spreadsheet refuse what would not count anyway."""
        item = cell.member
        assert isinstance(item, Item)  # noqa: S101 - only items are answered
        rule: dict[str, Any] = {
            "error_title": self.said["workbook_answer"][:32],
            "error_message": self.shown.wanted(item)[:255],
        }
        if cell.code:
            rule.update(validate="list", source=f"={self.program.lists.text(self.said['yes'])}")
        elif item.choices:
            rule.update(validate="list", source=f"={self.program.lists.labels(item.choices)}")
        elif item.type == "date":
            low = serial(dt.date.fromisoformat(item.minimum) if item.minimum else ex.DATE_MIN)
            high = serial(dt.date.fromisoformat(item.maximum) if item.maximum else ex.DATE_MAX)
            rule.update(validate="date", criteria="between", minimum=low, maximum=high)
        elif item.type in {"number", "money"}:
            low_number, high_number = item.minimum or f"-{ex.NUMBER_MAX:f}", item.maximum or f"{ex.NUMBER_MAX:f}"
            kind = "decimal" if item.decimals else "integer"
            rule.update(validate=kind, criteria="between", minimum=float(low_number), maximum=float(high_number))
            if not item.decimals:
                rule.update(minimum=int(Decimal(low_number)), maximum=int(Decimal(high_number)))
        else:
            rule.update(validate="length", criteria="<=", value=TEXT_MAX)
        self.sheet.data_validation(line.at, cell.first, line.at, cell.first, rule)

    # -- tables

    def draw_table(self, line: Line) -> None:
        self.wide(line, line.part.title, bold=True, valign="bottom")
        self.heights[line.at] += 6

    def draw_table_hint(self, line: Line) -> None:
        repeat: Repeat = line.part
        texts = (
            [f"{self.said['only_if']}: {condition(repeat.relevant.tree, self.instrument)}."] if repeat.relevant else []
        )
        texts += [repeat.hint] if repeat.hint else []
        for item in repeat.items:
            about = [item.hint] if item.hint else []
            if item.relevant:
                about.append(f"{self.said['only_if']}: {condition(item.relevant.tree, self.instrument)}.")
            texts += [f"{item.label}: {' '.join(about)}"] if about else []
        self.wide(line, "\n".join(texts), size=_SMALL, ink="ink-soft")

    def draw_table_message(self, line: Line) -> None:
        repeat: Repeat = line.part
        longest = max(
            (f"{repeat.row} {repeat.max_rows}, {item.label}: {self.shown.wanted(item)}" for item in repeat.items),
            key=len,
        )
        self.wide(line, self.shown.message(repeat), (longest,), size=9, ink="urgent", bold=True)

    def draw_table_head(self, line: Line) -> None:
        repeat: Repeat = line.part
        style = self.style(size=9, bold=True, fill="panel", box="line", valign="vcenter", align="center")
        for place, cell in enumerate(line.cells[:-1]):  # the last is for marks
            text = cell.member.label if place and cell.member else repeat.row
            if cell.code and isinstance(cell.member, Item):
                text = f"{text}: {cell.member.choice_label(cell.code)}"
            unit = self.shown.unit(cell.member) if place and cell.member else ""
            text = f"{text} ({unit})" if unit else text
            self.put(line, cell, text, style)
            self.room(line, (text, self.layout.width(cell) - 1, 10), least=21)

    def draw_table_row(self, line: Line) -> None:
        repeat: Repeat = line.part
        number = 0
        for cell in line.cells:
            if cell.role == "answer":
                self.answer(line, cell)
                self.ask(line, cell, number)
                self.fade(line, cell.first, cell.last, number)
                number += 1
            elif cell.role == "computed" and isinstance(cell.member, Computed):
                style = self.style(
                    fill="panel",
                    box="line",
                    align="right",
                    indent=1,
                    text_wrap=False,
                    valign="vcenter",
                    num_format=self.number_format(cell.member, bare=True),
                )
                self.put(line, cell, self.shown.computed(cell.member, line.row), style)
            elif cell.role == "mark":
                states = f"{self.state_of(line)}:{self.state_of(line, max(number - 1, 0))}"
                text = f'IF(ISNUMBER(MATCH("{UNREADABLE}",{states},0)),"!","")'
                self.put(line, cell, Formula(text, ""), self.style(bold=True, ink="urgent", align="center"))
            elif cell.role == "row":
                side = {"indent": 1} if cell.member else {"align": "center"}
                style = self.style(size=9, ink="ink-soft", box="line", valign="vcenter", fill="panel", **side)
                self.put(line, cell, self.shown.row(cell, line.row), style)
            else:
                self.put(
                    line, cell, cell.member.label if cell.member else "", self.style(size=9, box="line", fill="panel")
                )
        long = any(item.type == "text" for item in repeat.items)
        self.heights[line.at] = 32 if long else 21

    # -- the result

    def levels(self, line: Line, level: Formula) -> None:
        """Colour a line by its level, which stands in its hidden column."""
        self.state(line, level)
        for name in _LEVELS:
            self.when(line, 1, self.layout.states - 1, name, ink=name, fill=f"{name}-panel")

    def head(self, line: Line, text: str) -> None:
        self.wide(line, text, bold=True, ink="ink-soft", size=_SMALL, valign="bottom")
        self.heights[line.at] += 6

    def draw_result_head(self, line: Line) -> None:
        self.wide(
            line, self.said["result"], bold=True, size=_HEAD_SIZE + 2, ink="accent", under="accent", valign="bottom"
        )
        self.heights[line.at] += 20

    def draw_outcome_title(self, line: Line) -> None:
        titles = [outcome.title for outcome in self.instrument.outcomes]
        self.wide(line, self.shown.outcome_text(titles, self.said["no_answers"]), (*titles, self.said["no_answers"]),
                  bold=True, size=_HEAD_SIZE, fill="panel", indent=1, valign="vcenter")  # fmt: skip
        self.heights[line.at] += 6
        self.levels(line, self.shown.level())

    def reveal(self, line: Line) -> None:
        """Give a part of the result its colour once there is one; a blank form stays white."""
        self.state(line, self.shown.any_answer())
        self.when(line, 1, self.layout.states - 1, ON, fill="panel")

    def draw_outcome_text(self, line: Line) -> None:
        texts = [outcome.text for outcome in self.instrument.outcomes]
        self.wide(line, self.shown.outcome_text(texts), tuple(texts), indent=1)
        self.reveal(line)

    def draw_next_head(self, line: Line) -> None:
        words_ = [self.said["next"] if outcome.next else "" for outcome in self.instrument.outcomes]
        self.wide(line, self.shown.outcome_text(words_), (self.said["next"],), indent=1, bold=True)
        self.reveal(line)

    def draw_next(self, line: Line) -> None:
        steps = self.shown.steps()
        self.wide(line, self.shown.outcome_text(steps), tuple(steps), indent=1)
        self.reveal(line)

    def draw_notice(self, line: Line) -> None:
        texts = tuple(notice.text for notice in self.instrument.notices)
        self.wide(line, self.shown.notice(line.part), texts, size=_SMALL, indent=1, valign="vcenter")
        self.levels(line, self.shown.notice(line.part, level=True))

    def draw_values_head(self, line: Line) -> None:
        self.head(line, self.said["values"])

    def draw_value(self, line: Line) -> None:
        computed: Computed = line.part
        label, value, mark, note = line.cells
        self.put(line, label, computed.label, self.question_style())
        style = self.question_style(
            fill="panel", bold=True, align="right", indent=1, num_format=self.number_format(computed)
        )
        self.put(line, value, self.shown.computed(computed), style)
        self.put(line, mark, "", self.question_style())
        currency = self.shown.currency(computed)
        self.put(line, note, currency or computed.hint, self.question_style(size=9, ink="ink-soft"))
        width = self.layout.width(value) * 0.9
        texts = [(choice.label, width, 11.0) for choice in computed.choices]
        self.room(
            line,
            (computed.label, self.layout.width(label), 11),
            (computed.hint, self.layout.width(note), 9),
            *texts,
            least=21,
        )

    def draw_because_head(self, line: Line) -> None:
        self.wide(line, self.shown.because(), (self.said["workbook_because"],), bold=True, ink="ink-soft", size=_SMALL,
                  valign="bottom")  # fmt: skip
        self.heights[line.at] += 6

    def draw_reason(self, line: Line) -> None:
        labels_ = [
            getattr(self.instrument.repeats.get(name) or self.instrument.everything[name], "label", "")
            for name in self.shown.why
        ]
        answers = [f"{label} {max((c.label for c in self._choices(name)), key=len, default='')}"
                   for label, name in zip(labels_, self.shown.why, strict=True)]  # fmt: skip
        self.wide(line, self.shown.reason(line.part), tuple(answers), size=_SMALL, indent=1)

    def _choices(self, name: str) -> tuple[Any, ...]:
        return getattr(self.instrument.everything.get(name), "choices", ())

    def draw_because_more(self, line: Line) -> None:
        self.wide(line, self.shown.more_reasons(), (self.said["more_missing"],), size=_SMALL, indent=1)

    def draw_always_head(self, line: Line) -> None:
        self.head(line, self.said["all_times"])

    def draw_always(self, line: Line) -> None:
        self.wide(line, f"• {line.part}", indent=1)

    def draw_not_finding(self, line: Line) -> None:
        self.wide(line, self.said["not_finding"], bold=True, size=_SMALL, ink="ink-soft", valign="bottom")
        self.heights[line.at] += 12


def _cell_text(name: str, text: str) -> str:
    """Return a text as a cell holds it; refuse one that it cannot hold, so that nothing is cut off."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _UNFIT.search(text):
        raise Problem("WBK_001", item=name, detail="it has a sign that no workbook can hold")
    if len(text.encode("utf-16-le")) // 2 > CELL_MAX:
        raise Problem("WBK_001", item=name, detail=f"it is longer than {CELL_MAX:,} signs, the most a cell holds")
    return text
