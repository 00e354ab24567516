"""The Excel template of the services directory: drop-downs, help, an example; also a directory as such a workbook."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tools.services import codes, rows
from tools.services.columns import ABOUT, AREAS, ORGANISATIONS, SERVICES, Column
from tools.services.model import Directory

#: Rows that drop-downs are made for, in an empty template.
ROWS: Final = 1000
#: Column widths by kind, in signs.
_WIDTHS: Final = {"answer": 12, "date": 12, "age": 9, "hours": 16, "country": 9, "coordinate": 11, "phone": 20}
_INK, _PANEL, _LINE, _ACCENT, _SOFT = "#1d2b2f", "#f3efe5", "#d8d1c0", "#0b5c66", "#4b5a5d"

HELP: Final = (
    ("What this is", "A template for a directory of services. It needs nothing but a spreadsheet program."),
    ("1. About", "Fill in the sheet About: the title, the country, and who answers for the directory."),
    ("2. Areas", "Write your districts on the sheet Areas, one a row."),
    ("3. Organisations", "Write each organisation once on the sheet Organisations."),
    ("4. Services", "Write each service on the sheet Services, one a row. A service at two places is two rows."),
    ("Stars", "Columns with a star have to be filled. The grey rows below the heading explain, and show an example."),
    ("Safe places", "If a location is confidential, choose Yes and leave the address empty. Never write it here."),
    ("Names", "Write roles such as duty lawyer, never the names of persons."),
    ("Checked on", "Call the service before you enter the date. After six months the row counts as stale."),
    ("Do not publish", "Yes keeps the whole row out of everything that is made from this file."),
    ("Check it", "python -m tools directory check FILE lists what is wrong: sheet, row, column and what to do."),
    ("Publish it", "python -m tools directory build FILE makes the web page, the booklet, the card and the exchange files."),
    ("Columns of your own", "You may add columns at the end for yourselves. They are not read."),
)  # fmt: skip


def write(directory: Directory | None = None) -> bytes:
    """Return the template, empty or with a directory in it.

    Parameters
    ----------
    directory : Directory, optional
        What to fill in. Everything in it is written, notes for editors too.

    Returns
    -------
    bytes
        An .xlsx whose bytes depend on the directory alone.
    """
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})  # fmt: skip
    book.set_properties({"title": "Services directory", "created": datetime.datetime(2026, 1, 1)})
    looks = _looks(book)
    sheets = {
        name: book.add_worksheet(name) for name in ("Help", "About", "Organisations", "Services", "Areas", "Lists")
    }
    _help(sheets["Help"], looks)
    ranges = _lists(sheets["Lists"], looks)
    _about(sheets["About"], looks, directory, ranges)
    organisations: list[Mapping[str, str]] = []
    services: list[Mapping[str, str]] = []
    areas: list[Mapping[str, str]] = []
    if directory is not None:
        kinds = codes.codes("organisation-types")
        organisations = [
            {**{c.key: getattr(one, c.key) for c in ORGANISATIONS}, "kind": kinds[one.kind].name if one.kind in kinds else ""}
            for one in directory.organisations.values()
        ]  # fmt: skip
        services = [row for _, row in rows.rows_of(directory)]
        areas = [{"name": area} for area in directory.areas]
    length = max(ROWS, len(services) + 100)
    ranges["organisation"] = f"=Organisations!$A$4:$A${max(ROWS, len(organisations) + 100)}"
    _table(sheets["Organisations"], looks, ORGANISATIONS, organisations, ranges, max(ROWS, len(organisations) + 100))
    _table(sheets["Services"], looks, SERVICES, services, ranges, length)
    _table(sheets["Areas"], looks, AREAS, areas, ranges, 300)
    sheets["Lists"].hide()
    sheets["Services" if services else "Help"].activate()
    book.close()
    return stream.getvalue()


def _looks(book: Any) -> dict[str, Any]:
    base = {"font_name": "Arial", "font_size": 10, "font_color": _INK, "valign": "top", "text_wrap": True}
    return {
        "title": book.add_format({**base, "font_size": 16, "bold": True, "font_color": _ACCENT}),
        "head": book.add_format({**base, "bold": True, "bg_color": _ACCENT, "font_color": "#ffffff", "border": 1, "border_color": _LINE, "valign": "vcenter"}),
        "label": book.add_format({**base, "bold": True}),
        "note": book.add_format({**base, "font_size": 9, "italic": True, "font_color": _SOFT, "bg_color": _PANEL, "border": 1, "border_color": _LINE}),
        "text": book.add_format({**base, "num_format": "@", "locked": False}),
        "date": book.add_format({**base, "num_format": "yyyy-mm-dd", "locked": False, "align": "left"}),
        "age": book.add_format({**base, "num_format": "0", "locked": False, "align": "left"}),
        "entry": book.add_format({**base, "num_format": "@", "locked": False, "border": 1, "border_color": _LINE}),
        "plain": book.add_format(base),
    }  # fmt: skip


def _page(sheet: Any, *, landscape: bool) -> None:
    sheet.set_paper(9)
    sheet.set_margins(0.5, 0.5, 0.6, 0.6)
    sheet.set_footer("&L&8&A&R&8&P / &N")
    if landscape:
        sheet.set_landscape()


def _help(sheet: Any, looks: Mapping[str, Any]) -> None:
    _page(sheet, landscape=False)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, "Services directory", looks["title"])
    sheet.set_row(0, 28)
    for number, (label, text) in enumerate(HELP, start=2):
        sheet.write_string(number, 0, label, looks["label"])
        sheet.write_string(number, 1, text, looks["plain"])
        sheet.set_row(number, 30 if len(text) > 75 else 18)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _lists(sheet: Any, looks: Mapping[str, Any]) -> dict[str, str]:
    """Write the code lists and return the cells where each stands."""
    ranges = {}
    for column, name in enumerate(codes.LISTS):
        sheet.write_string(0, column, name, looks["label"])
        found = [one.name for one in codes.codes(name).values()]
        for number, text in enumerate(found, start=1):
            sheet.write_string(number, column, text, looks["plain"])
        letter = chr(ord("A") + column)
        ranges[name] = f"=Lists!${letter}$2:${letter}${len(found) + 1}"
    sheet.set_column(0, len(codes.LISTS), 28)
    sheet.protect()
    return ranges


def _about(sheet: Any, looks: Mapping[str, Any], directory: Directory | None, ranges: Mapping[str, str]) -> None:
    _page(sheet, landscape=False)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 2, 52)
    for place, text in enumerate(("About", "Write here", "What to write")):
        sheet.write_string(0, place, text, looks["head"])
    for number, column in enumerate(ABOUT, start=1):
        value = "" if directory is None else getattr(directory.about, column.key)
        value = {True: "Yes", False: "No"}.get(value, value) if isinstance(value, bool) else value
        sheet.write_string(number, 0, _star(column), looks["label"])
        if value:
            sheet.write_string(number, 1, value, looks["entry"])
        else:
            sheet.write_blank(number, 1, None, looks["entry"])
        sheet.write_string(number, 2, f"{column.help} Example: {column.example}" if column.example else column.help, looks["note"])  # fmt: skip
        sheet.set_row(number, 20)
        if column.kind == "answer":
            sheet.data_validation(number, 1, number, 1, {"validate": "list", "source": ranges["answers"]})
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _star(column: Column) -> str:
    return f"{column.label} *" if column.required else column.label


def _table(
    sheet: Any, looks: Mapping[str, Any], columns: tuple[Column, ...], filled: Iterable[Mapping[str, str]],
    ranges: Mapping[str, str], length: int,
) -> None:  # fmt: skip
    _page(sheet, landscape=True)
    sheet.freeze_panes(1, min(3, len(columns) - 1))
    sheet.repeat_rows(0)
    sheet.fit_to_pages(0, 0) if len(columns) > 10 else sheet.fit_to_pages(1, 0)
    sheet.set_row(0, 34)
    sheet.set_row(1, 62 if len(columns) > 2 else 30)
    sheet.set_row(2, 44 if len(columns) > 2 else 20)
    for place, column in enumerate(columns):
        look = looks.get(column.kind, looks["text"])
        width = _WIDTHS.get(column.kind, 30 if column.key in ("description", "eligibility", "apply") else 22)
        sheet.set_column(place, place, width, look)
        sheet.write_string(0, place, _star(column), looks["head"])
        for row, text in ((1, column.help), (2, column.example)):
            sheet.write_string(row, place, text, looks["note"]) if text else sheet.write_blank(row, place, None, looks["note"])  # fmt: skip
        rule = _rule(column, ranges)
        if rule:
            sheet.data_validation(3, place, length, place, rule)
    for row, cells in enumerate(filled, start=3):
        for place, column in enumerate(columns):
            if text := cells.get(column.key, ""):
                _cell(sheet, row, place, column, text, looks)
    sheet.autofilter(2, 0, length, len(columns) - 1) if len(columns) > 2 else None
    allowed = ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")
    sheet.protect("", dict.fromkeys(allowed, True))


def _cell(sheet: Any, row: int, place: int, column: Column, text: str, looks: Mapping[str, Any]) -> None:
    look = looks.get(column.kind, looks["text"])
    if column.kind == "date":
        try:
            sheet.write_datetime(row, place, datetime.datetime.fromisoformat(text), look)
        except ValueError:
            sheet.write_string(row, place, text, look)
    elif column.kind == "age" and text.isdigit():
        sheet.write_number(row, place, int(text), look)
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
    if column.kind == "age":
        return {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 120, **hint, "error_message": "Write a whole number."}  # fmt: skip
    return {"validate": "any", **hint} if hint else None
