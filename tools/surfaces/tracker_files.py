"""Files of a tracker: CSV and Excel, checked before they are opened, with the rows numbered as the program shows them."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tools import content
from tools.casedata import service_tracker, tracker
from tools.casedata.columns import ROWS_MAX, Table, as_text
from tools.errors import Problem, in_file
from tools.surfaces import forms, intake
from tools.surfaces.cells import starts_formula

CSV_MAX: Final = 20_000_000
_COLUMNS_MAX: Final = 200


def read(path: Path | str) -> Table:
    """Return the cells of a file.

    Parameters
    ----------
    path : Path or str
        CSV (with commas, semicolons or tabs; UTF-8, UTF-16 or Windows) or an Excel workbook, whose first sheet counts.

    Raises
    ------
    Problem
        ``CLI_001``, ``CLI_002`` if it cannot be read; what :func:`table` raises.
    """
    path = Path(path)
    return table(forms.read(path), path.name)


def cases(path: Path | str) -> tracker.Cases:
    """Return the cases of a file of the case tracker; raises what reading and checking raise."""
    return tracker.read(read(path))


def requests(path: Path | str) -> service_tracker.Requests:
    """Return the requests of a file of the service tracker; raises what reading and checking raise."""
    return service_tracker.read(read(path))


def example() -> tracker.Cases:
    """Return the made-up cases that come with the book.

    >>> len(example().by_case), example().synthetic
    (60, True)
    """
    return cases(content.EXAMPLES / "reintegration-sample.csv")


def table(data: bytes, name: str) -> Table:
    """Return the cells of a file that was read.

    Parameters
    ----------
    data : bytes
    name : str
        For messages.

    Raises
    ------
    Problem
        ``FIL_001`` to ``FIL_007`` for a file that is too large or holds what no tracker does, ``CAS_010`` for one that
        is no table, ``CAS_019`` for too many rows, ``CAS_020`` for a formula.
    """
    with in_file(name):
        if intake.kind(data) == "xlsx" or data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            intake.check_zip(data)
            lines = _workbook(data)
        else:
            lines = _csv(data)
        return _table(lines, name)


def _table(lines: Iterator[tuple[Any, ...]], name: str) -> Table:
    heads: tuple[str, ...] = ()
    rows: list[tuple[Any, ...]] = []
    numbers: list[int] = []
    for number, cells in enumerate(lines, start=1):
        if not any(as_text(cell) for cell in cells):
            continue
        if not heads:
            heads = tuple(as_text(cell) for cell in cells)
            continue
        if len(rows) == ROWS_MAX:
            raise Problem("CAS_019", rows=f"more than {ROWS_MAX:,}", limit=f"{ROWS_MAX:,}")
        padded = (*cells, *[None] * (len(heads) - len(cells)))
        for head, cell in zip(heads, padded, strict=False):
            if isinstance(cell, str) and starts_formula(cell):
                raise Problem("CAS_020", row=number, column=head)
        rows.append(padded[: len(heads)])
        numbers.append(number)
    if not heads:
        raise Problem("CAS_010", kind="it is empty")
    return Table(heads, tuple(rows), 2, name, tuple(numbers))


def _csv(data: bytes) -> Iterator[tuple[Any, ...]]:
    if len(data) > CSV_MAX:
        raise Problem("FIL_001", size=intake.megabytes(len(data)), limit=intake.megabytes(CSV_MAX))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")  # what Excel saves as plain CSV
    if "\0" in text:
        raise Problem("CAS_010", kind="it is no text and no Excel workbook (.xlsx)")
    head = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=head.count)
    try:
        yield from (tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise Problem("CAS_010", kind=f"it cannot be read as CSV ({error})") from None


def _workbook(data: bytes) -> Iterator[tuple[Any, ...]]:
    import defusedxml  # noqa: F401 - openpyxl uses it where it is installed
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("openpyxl reads XML without defusedxml; install the packages of requirements.txt")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that openpyxl does not know are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a sheet says of its size is not believed
            yield from sheet.iter_rows(max_row=ROWS_MAX + 100, max_col=_COLUMNS_MAX, values_only=True)
    except Problem:
        raise
    except Exception as fault:  # whatever a broken part makes openpyxl stumble over
        raise Problem("FIL_007", name="workbook") from fault
