"""Files of a country pack: the Excel template, a filled one read back, presets as records."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from tools.countries import pack as packs
from tools.countries.columns import HELP, LISTS, SHEETS
from tools.countries.pack import Pack, Sheets
from tools.errors import Problem, in_file
from tools.services.codes import folded
from tools.services.columns import Column
from tools.services.finding import Finding
from tools.services.model import Language
from tools.surfaces import directory_reader, forms, intake, template_sheets

#: Rows that drop-downs are made for, in an empty template.
ROWS: Final = 200


def read(path: Path, as_of: datetime.date) -> Pack:
    """Read a country pack.

    Parameters
    ----------
    path : Path
    as_of : date
        The day that counts as today.

    Raises
    ------
    Problem
        ``CLI_001``, ``CLI_002`` when it cannot be read; ``FIL_…`` from the gates; ``CTY_011`` and ``CTY_015`` for a
        workbook that is no pack.
    """
    with in_file(path.name):
        return read_bytes(forms.read(path), as_of)


def read_bytes(data: bytes, as_of: datetime.date) -> Pack:
    """Read a country pack from the bytes of a workbook; see :func:`read`."""
    intake.check_zip(data)
    return packs.read(_sheets(data), as_of)


def _sheets(data: bytes) -> Sheets:
    import openpyxl

    rows: dict[str, Any] = {}
    said: list[Finding] = []
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        names = {folded(name): name for name in book.sheetnames}
        for sheet, columns in SHEETS.items():
            name = names.get(folded(sheet))
            if name is None:
                if sheet == "Country":
                    raise Problem("CTY_015", sheet=sheet)
                said.append(Finding("warning", sheet, 0, "", Problem("CTY_015", sheet=sheet)))
            elif sheet == "Country":
                rows[sheet] = directory_reader.values_of(book[name], columns)
            else:
                rows[sheet], told = directory_reader.rows_of(sheet, book[name], columns)
                said += told
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as fault:
        raise Problem("FIL_007", name="workbook") from fault  # how openpyxl says that a part is not what it should be
    return Sheets(rows, tuple(said))


def write(pack: Pack | None = None) -> bytes:
    """Return the template, empty or with a pack in it.

    Returns
    -------
    bytes
        An .xlsx whose bytes depend on the pack alone.
    """
    stream = io.BytesIO()
    book = template_sheets.new_book(stream, "Country pack")
    looks = template_sheets.looks_of(book)
    sheets = {name: book.add_worksheet(name) for name in ("Help", *SHEETS, "Lists")}
    template_sheets.help_sheet(sheets["Help"], looks, "Country pack", HELP)
    ranges = template_sheets.list_sheet(sheets["Lists"], looks, {name: list(words.values()) for name, words in LISTS.items()})  # fmt: skip
    for sheet, columns in SHEETS.items():
        if sheet == "Country":
            values = {} if pack is None else _values(columns, vars(pack.country))
            template_sheets.value_sheet(sheets[sheet], looks, columns, values, ranges, "About the country")
            continue
        filled = () if pack is None else [_values(columns, one.cells) for one in pack.entries[sheet]]
        template_sheets.table_sheet(
            sheets[sheet], looks, columns, filled, ranges, max(ROWS, len(filled) + 100), tall=True
        )
    sheets["Lists"].hide()
    sheets["Country" if pack is not None else "Help"].activate()
    book.close()
    return stream.getvalue()


def _values(columns: tuple[Column, ...], cells: Mapping[str, Any]) -> dict[str, str]:
    """Return cells as somebody would type them."""
    found = {}
    for column in columns:
        value = cells.get(column.key)
        if value not in (None, "", ()):
            found[column.key] = _typed(column, value)
    return found


def _typed(column: Column, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if column.codes:
        return LISTS[column.codes][value]
    if isinstance(value, tuple):
        return "; ".join(one.name for one in value if isinstance(one, Language))
    if isinstance(value, datetime.date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def preset_files(pack: Pack) -> dict[str, str]:
    """Return the presets as record files: the text of each by its name.

    Examples
    --------
    >>> from tools import content
    >>> day = datetime.date(2026, 11, 25)
    >>> sorted(preset_files(read(content.COUNTRY_EXAMPLE, day)))[:1]
    ['examplia--coordination--action-plan.json']
    """
    from tools.instruments import library, record

    place = re.sub(r"[^a-z0-9]+", "-", folded(pack.country.name)).strip("-") or "country"
    return {
        f"{place}--{name.replace('/', '--')}.json": record.dumps(one, library.load(name))
        for name, one in packs.records(pack.entries["Presets"]).items()
    }
