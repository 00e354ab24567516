"""Sheets that people fill in: headings with help and an example, drop-downs, one look.

The templates of the services directory and of the country pack are made of them.
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tools.services.columns import Column

#: Column widths by kind, in signs.
_WIDTHS: Final = {
    "answer": 12,
    "date": 12,
    "age": 9,
    "whole": 9,
    "amount": 12,
    "currency": 9,
    "hours": 16,
    "country": 9,
    "coordinate": 11,
    "phone": 20,
}
_INK, _PANEL, _LINE, _ACCENT, _SOFT = "#1d2b2f", "#f3efe5", "#d8d1c0", "#0b5c66", "#4b5a5d"


def new_book(stream: io.BytesIO, title: str) -> Any:
    """Return an empty workbook in which nothing typed becomes a formula, a link or a number."""
    import xlsxwriter

    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})  # fmt: skip
    book.set_properties({"title": title, "created": datetime.datetime(2026, 1, 1)})
    return book


def looks_of(book: Any) -> dict[str, Any]:
    """Return the formats of cells, by what they hold."""
    base = {"font_name": "Arial", "font_size": 10, "font_color": _INK, "valign": "top", "text_wrap": True}
    return {
        "title": book.add_format({**base, "font_size": 16, "bold": True, "font_color": _ACCENT}),
        "head": book.add_format({**base, "bold": True, "bg_color": _ACCENT, "font_color": "#ffffff", "border": 1, "border_color": _LINE, "valign": "vcenter"}),
        "label": book.add_format({**base, "bold": True}),
        "note": book.add_format({**base, "font_size": 9, "italic": True, "font_color": _SOFT, "bg_color": _PANEL, "border": 1, "border_color": _LINE}),
        "text": book.add_format({**base, "num_format": "@", "locked": False}),
        "date": book.add_format({**base, "num_format": "yyyy-mm-dd", "locked": False, "align": "left"}),
        "age": book.add_format({**base, "num_format": "0", "locked": False, "align": "left"}),
        "whole": book.add_format({**base, "num_format": "0", "locked": False, "align": "left"}),
        "amount": book.add_format({**base, "num_format": "0.00##", "locked": False, "align": "left"}),
        "entry": book.add_format({**base, "num_format": "@", "locked": False, "border": 1, "border_color": _LINE}),
        "plain": book.add_format(base),
    }  # fmt: skip


def _page(sheet: Any, *, landscape: bool) -> None:
    sheet.set_paper(9)
    sheet.set_margins(0.5, 0.5, 0.6, 0.6)
    sheet.set_footer("&L&8&A&R&8&P / &N")
    if landscape:
        sheet.set_landscape()


def help_sheet(sheet: Any, looks: Mapping[str, Any], title: str, lines: Sequence[tuple[str, str]]) -> None:
    """Write what the workbook is and how it is filled in."""
    _page(sheet, landscape=False)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, title, looks["title"])
    sheet.set_row(0, 28)
    for number, (label, text) in enumerate(lines, start=2):
        sheet.write_string(number, 0, label, looks["label"])
        sheet.write_string(number, 1, text, looks["plain"])
        sheet.set_row(number, 30 if len(text) > 75 else 18)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def list_sheet(sheet: Any, looks: Mapping[str, Any], lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Write what drop-downs offer, and return the cells where each list stands."""
    ranges = {}
    for column, (name, found) in enumerate(lists.items()):
        sheet.write_string(0, column, name, looks["label"])
        for number, text in enumerate(found, start=1):
            sheet.write_string(number, column, text, looks["plain"])
        letter = chr(ord("A") + column)
        ranges[name] = f"=Lists!${letter}$2:${letter}${len(found) + 1}"
    sheet.set_column(0, len(lists), 28)
    sheet.protect()
    return ranges


def value_sheet(
    sheet: Any, looks: Mapping[str, Any], columns: Sequence[Column], values: Mapping[str, str], ranges: Mapping[str, str], title: str
) -> None:  # fmt: skip
    """Write a sheet with one value a line: its name, the cell to write in, what to write."""
    _page(sheet, landscape=False)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 2, 52)
    for place, text in enumerate((title, "Write here", "What to write")):
        sheet.write_string(0, place, text, looks["head"])
    for number, column in enumerate(columns, start=1):
        value = values.get(column.key, "")
        sheet.write_string(number, 0, _star(column), looks["label"])
        if value:
            sheet.write_string(number, 1, value, looks["entry"])
        else:
            sheet.write_blank(number, 1, None, looks["entry"])
        sheet.write_string(number, 2, f"{column.help} Example: {column.example}" if column.example else column.help, looks["note"])  # fmt: skip
        sheet.set_row(number, 20)
        if column.codes:
            sheet.data_validation(number, 1, number, 1, {"validate": "list", "source": ranges[column.codes]})
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _star(column: Column) -> str:
    return f"{column.label} *" if column.required else column.label


def table_sheet(
    sheet: Any, looks: Mapping[str, Any], columns: tuple[Column, ...], filled: Iterable[Mapping[str, str]],
    ranges: Mapping[str, str], length: int, *, tall: bool = False,
) -> None:  # fmt: skip
    """Write a sheet with one entry a row, under a heading, a row of help and an example.

    With ``tall`` each filled row is as high as its longest text needs: not every spreadsheet program works that out.
    """
    _page(sheet, landscape=True)
    sheet.freeze_panes(1, min(3, len(columns) - 1))
    sheet.repeat_rows(0)
    sheet.fit_to_pages(0, 0) if len(columns) > 10 else sheet.fit_to_pages(1, 0)
    sheet.set_row(0, 34)
    sheet.set_row(1, 62 if len(columns) > 2 else 30)
    sheet.set_row(2, 44 if len(columns) > 2 else 20)
    for place, column in enumerate(columns):
        look = looks.get(column.kind, looks["text"])
        sheet.set_column(place, place, _width(column), look)
        sheet.write_string(0, place, _star(column), looks["head"])
        for row, text in ((1, column.help), (2, column.example)):
            sheet.write_string(row, place, text, looks["note"]) if text else sheet.write_blank(row, place, None, looks["note"])  # fmt: skip
        rule = _rule(column, ranges)
        if rule:
            sheet.data_validation(3, place, length, place, rule)
    for row, cells in enumerate(filled, start=3):
        if tall:
            lines = max(math.ceil(len(cells.get(column.key, "")) * 1.15 / _width(column)) for column in columns)
            sheet.set_row(row, 3 + 13 * max(1, lines))
        for place, column in enumerate(columns):
            if text := cells.get(column.key, ""):
                _cell(sheet, row, place, column, text, looks)
    sheet.autofilter(2, 0, length, len(columns) - 1) if len(columns) > 2 else None
    allowed = ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")
    sheet.protect("", dict.fromkeys(allowed, True))


def _width(column: Column) -> int:
    """Return the width of a column, in signs."""
    if column.key == "words":
        return 44
    return _WIDTHS.get(column.kind, 30 if column.key in ("description", "eligibility", "apply") else 22)


def _cell(sheet: Any, row: int, place: int, column: Column, text: str, looks: Mapping[str, Any]) -> None:
    look = looks.get(column.kind, looks["text"])
    if column.kind == "date":
        try:
            sheet.write_datetime(row, place, datetime.datetime.fromisoformat(text), look)
        except ValueError:
            sheet.write_string(row, place, text, look)
    elif column.kind in ("age", "whole") and text.isdigit():
        sheet.write_number(row, place, int(text), look)
    elif column.kind == "amount":
        sheet.write_number(row, place, float(text), look)
    else:
        sheet.write_string(row, place, text, look)


def _rule(column: Column, ranges: Mapping[str, str]) -> dict[str, Any] | None:
    hint = {"input_title": column.label[:32], "input_message": column.help[:255]} if column.help else {}
    if column.kind in ("code", "answer"):
        wrong = {"error_title": "Not in the list", "error_message": "Choose one of the list."}
        return {"validate": "list", "source": ranges[column.codes], **hint, **wrong}
    if column.key == "organisation":
        wrong = {"error_type": "warning", "error_title": "Not on the sheet Organisations", "error_message": "Add it there first."}  # fmt: skip
        return {"validate": "list", "source": ranges["organisation"], **hint, **wrong}
    if column.kind == "date":
        low, high = datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)
        return {"validate": "date", "criteria": "between", "minimum": low, "maximum": high, **hint, "error_message": "Write a date."}  # fmt: skip
    if column.kind in ("age", "whole"):
        most = 120 if column.kind == "age" else 999_999
        return {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": most, **hint, "error_message": "Write a whole number."}  # fmt: skip
    if column.kind == "amount":
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1e11, **hint, "error_message": "Write a number."}  # fmt: skip
    return {"validate": "any", **hint} if hint else None
