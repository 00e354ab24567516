"""The Excel template of the services directory: drop-downs, help, an example; also a directory as such a workbook."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Final

from tools.services import codes, rows
from tools.services.columns import ABOUT, AREAS, ORGANISATIONS, SERVICES
from tools.services.model import Directory
from tools.surfaces import template_sheets

#: Rows that drop-downs are made for, in an empty template.
ROWS: Final = 1000

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
    stream = io.BytesIO()
    book = template_sheets.new_book(stream, "Services directory")
    looks = template_sheets.looks_of(book)
    sheets = {
        name: book.add_worksheet(name) for name in ("Help", "About", "Organisations", "Services", "Areas", "Lists")
    }
    template_sheets.help_sheet(sheets["Help"], looks, "Services directory", HELP)
    lists = {name: [one.name for one in codes.codes(name).values()] for name in codes.LISTS}
    ranges = template_sheets.list_sheet(sheets["Lists"], looks, lists)
    template_sheets.value_sheet(sheets["About"], looks, ABOUT, _about(directory), ranges, "About")
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
    template_sheets.table_sheet(
        sheets["Organisations"], looks, ORGANISATIONS, organisations, ranges, max(ROWS, len(organisations) + 100)
    )
    template_sheets.table_sheet(sheets["Services"], looks, SERVICES, services, ranges, length)
    template_sheets.table_sheet(sheets["Areas"], looks, AREAS, areas, ranges, 300)
    sheets["Lists"].hide()
    sheets["Services" if services else "Help"].activate()
    book.close()
    return stream.getvalue()


def _about(directory: Directory | None) -> dict[str, str]:
    if directory is None:
        return {}
    said = {column.key: getattr(directory.about, column.key) for column in ABOUT}
    return {key: {True: "Yes", False: "No"}[value] if isinstance(value, bool) else value for key, value in said.items()}
