"""A filled template of the services directory, read cell by cell. Gates come before: see ``directory_files``."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any, Final

from tools.errors import Problem
from tools.services.codes import folded
from tools.services.columns import ABOUT, SHEETS, Column, by_heading
from tools.services.finding import Finding
from tools.services.rows import Sheets
from tools.surfaces.directory_files import ROWS_MAX, headings, unquoted

_COLUMNS_MAX: Final = 200


def sheets(data: bytes) -> Sheets:
    """Return the cells of a workbook as text, without the rows of help and example.

    Parameters
    ----------
    data : bytes
        A workbook that went through :func:`tools.surfaces.intake.check_zip`.

    Raises
    ------
    Problem
        ``DIR_025`` without a sheet of services, ``DIR_053`` with too many rows, ``FIL_007`` when it is damaged.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        names = {folded(name): name for name in book.sheetnames}
        found: dict[str, Any] = {}
        said: list[Finding] = []
        for sheet, columns in SHEETS.items():
            name = names.get(folded(sheet))
            if name is None:
                if sheet != "About":
                    raise Problem("DIR_025", sheet=sheet)
                said.append(Finding("warning", sheet, 0, "", Problem("DIR_025", sheet=sheet)))
                continue
            cells = book[name]
            if sheet == "About":
                found["about"] = values_of(cells, ABOUT)
            else:
                found[sheet.lower()], told = rows_of(sheet, cells, columns)
                said += told
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as fault:
        raise Problem("FIL_007", name="workbook") from fault  # how openpyxl says that a part is not what it should be
    if not found.get("services"):
        said.append(Finding("error", "Services", 0, "", Problem("DIR_033")))
    return Sheets(findings=tuple(said), **found)


def values_of(cells: Any, columns: tuple[Column, ...]) -> list[tuple[int, dict[str, str]]]:
    """Return the cells of a sheet with one value a line, as one row."""
    found: dict[str, str] = {}
    for row in cells.iter_rows(max_row=60, max_col=2, values_only=True):
        label, value = (*row, None, None)[:2]
        column = by_heading(columns, as_text(label))
        if column is not None and as_text(value):
            found[column.key] = as_text(value)
    return [(2, found)]


def rows_of(
    sheet: str, cells: Any, columns: tuple[Column, ...]
) -> tuple[list[tuple[int, dict[str, str]]], tuple[Finding, ...]]:
    """Return the rows of a sheet without those of help and example, and what is wrong with headings and formulas."""
    lines = cells.iter_rows(max_row=ROWS_MAX + 4, max_col=_COLUMNS_MAX, values_only=True)
    heading = [as_text(value) for value in next(lines, ())]
    known, said = headings(sheet, heading, columns)
    places = [(number, column) for number, column in enumerate(known) if column is not None]
    shown = [_given(columns, "help"), _given(columns, "example")]
    found: list[tuple[int, dict[str, str]]] = []
    told = list(said)
    for number, line in enumerate(lines, start=2):
        row: dict[str, str] = {}
        for place, column in places:
            value = line[place] if place < len(line) else None
            if value is None or value == "":
                continue
            row[column.key] = text = value.strip() if isinstance(value, str) else as_text(value)
            if text[:1] == "=":
                told.append(Finding("error", sheet, number, column.label, Problem("DIR_035", label=column.label)))
        if not row or (number <= 4 and row in shown):
            continue
        if len(found) >= ROWS_MAX:
            raise Problem("DIR_053", detail=f"more than {ROWS_MAX:,} rows")
        found.append((number, {key: unquoted(text) for key, text in row.items()}))
    return found, tuple(told)


def _given(columns: tuple[Column, ...], what: str) -> dict[str, str]:
    return {column.key: getattr(column, what) for column in columns if getattr(column, what)}


def as_text(value: Any) -> str:
    """Return what a cell holds as somebody would have typed it.

    >>> [as_text(v) for v in (None, " a ", 117.0, True, datetime.datetime(2026, 11, 2), datetime.time(9))]
    ['', 'a', '117', 'Yes', '2026-11-02', '09:00']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    return str(value).strip()
