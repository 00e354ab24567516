"""Files of a services directory that come in: what they are, and whether they may be opened at all."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from tools.errors import Problem, near
from tools.services import hsds, nested, package, rows
from tools.services.columns import SERVICES, SHEETS, Column, by_heading
from tools.services.finding import Finding
from tools.services.model import Directory
from tools.services.package import Package
from tools.services.rows import Sheets
from tools.surfaces import cells, intake

JSON_MAX: Final = 200_000_000
ROWS_MAX: Final = 25_000
_CSV_MAX: Final = 50_000_000
_JUNK: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Opened:
    """A directory as it came.

    Attributes
    ----------
    directory : Directory
        What can be used: good rows.
    findings : tuple of Finding
    package : Package or None
        All of a data package, with what the directory has no words for.
    kind : {"xlsx", "csv", "hsds-json", "hsds-package"}
    """

    directory: Directory
    findings: tuple[Finding, ...]
    package: Package | None
    kind: str


def read(path: Path) -> Opened:
    """Read a directory from a workbook, a table, or a data package in a file or a folder.

    Raises
    ------
    Problem
        ``CLI_001`` or ``CLI_002`` when it is not there or cannot be opened; ``FIL_…`` from the gates; ``DIR_…`` for a
        file that is no directory.
    """
    if path.is_dir():
        return _folder(folder(path))
    if not path.exists():
        raise Problem("CLI_001", name=path.name)
    try:
        if path.stat().st_size > JSON_MAX:
            raise Problem("DIR_053", detail=f"more than {intake.megabytes(JSON_MAX)}")
        data = path.read_bytes()
    except OSError as error:
        raise Problem("CLI_002", name=path.name, detail=(error.strerror or "it cannot be opened").lower()) from None
    return read_bytes(data, path.name)


def read_bytes(data: bytes, name: str) -> Opened:
    """Read a directory from the bytes of a file; see :func:`read`."""
    if intake.kind(data) == "xlsx" or data.startswith(b"\xd0\xcf\x11\xe0"):
        intake.check_zip(data)
        from tools.surfaces import directory_reader

        sheets = directory_reader.sheets(data)
        return Opened(*rows.read(sheets), None, "xlsx")
    if data.startswith(b"PK"):
        files = unzipped(data)
        documents = [one for one in files if one.endswith(".json")]
        if not any(one.lower().endswith(".csv") for one in files) and len(documents) == 1:
            return _package(nested.read(package.text_of(files[documents[0]], documents[0])), "hsds-json")
        return _folder(files)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _package(nested.read(package.text_of(data, name)), "hsds-json")
    if name.lower().endswith((".csv", ".tsv", ".txt")):
        return _table(data, name)
    raise Problem("DIR_040")


def _folder(files: Mapping[str, bytes]) -> Opened:
    """Read the files of a folder: the sheets of a template as CSV, or a data package."""
    by_name = {name.lower(): data for name, data in files.items()}
    if package.DESCRIPTOR not in by_name and "services.csv" in by_name and "organisations.csv" in by_name:
        return _sheets(by_name)
    return _package(package.read(files), "hsds-package")


def _package(found: Package, kind: str) -> Opened:
    return Opened(hsds.directory_of(found), hsds.validate(found), found, kind)


# --- packages ----------------------------------------------------------------------------------------------


def folder(path: Path) -> dict[str, bytes]:
    """Return the files of a folder, by their path in it; links that lead out of it are not followed."""
    found: dict[str, bytes] = {}
    total = 0
    top = path.resolve()
    for one in sorted(path.rglob("*")):
        name = one.relative_to(path).as_posix()
        if one.is_dir() or _is_junk(name):
            continue
        if not one.resolve().is_relative_to(top):
            raise Problem("DIR_052", found="a link that leads out of the folder")
        total += one.stat().st_size
        if total > intake.UNPACKED_MAX or len(found) >= intake.ENTRIES_MAX:
            raise Problem("DIR_053", detail=f"more than {intake.megabytes(intake.UNPACKED_MAX)}, or too many files")
        found[name] = one.read_bytes()
    return found


def _is_junk(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1] in _JUNK


def unzipped(data: bytes) -> dict[str, bytes]:
    """Return the files of a zipped package, by their path in it, once it is known to be harmless.

    Raises
    ------
    Problem
        ``DIR_052`` for what a package never holds, ``DIR_053`` for one that unpacks to too much, ``FIL_007`` damaged.
    """
    if data.count(b"PK\x01\x02") > intake.ENTRIES_MAX:
        raise Problem("DIR_053", detail=f"more than {intake.ENTRIES_MAX:,} files")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _unzip(archive, len(data))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, IndexError, OSError, RuntimeError) as fault:
        raise Problem("FIL_007", name="package") from fault
    tops = {name.split("/", 1)[0] for name in files}
    if len(tops) == 1 and all("/" in name for name in files):  # somebody zipped the folder, not what is in it
        files = {name.split("/", 1)[1]: found for name, found in files.items()}
    return files


def _unzip(archive: zipfile.ZipFile, size: int) -> dict[str, bytes]:
    parts = [part for part in archive.infolist() if not part.is_dir() and not _is_junk(part.filename)]
    if len({part.filename.casefold() for part in parts}) != len(parts):
        raise Problem("DIR_052", found="two files of one name")
    files: dict[str, bytes] = {}
    total = 0
    for part in parts:
        name = part.filename
        if "\0" in part.orig_filename or "\\" in part.orig_filename or ":" in name or name.startswith("/"):
            raise Problem("DIR_052", found="a file whose name leads out of it")
        if ".." in name.split("/"):
            raise Problem("DIR_052", found="a file whose name leads out of it")
        if part.flag_bits & 0x1:
            raise Problem("DIR_052", found="files locked with a password")
        with archive.open(part) as stream:
            made = bytearray()
            while piece := stream.read(1 << 16):
                made += piece
                total += len(piece)
                if total > intake.UNPACKED_MAX or (total > 20_000_000 and total > intake.RATIO_MAX * size):
                    raise Problem("DIR_053", detail="it unpacks to far more than its size")
        if made.startswith((b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh")):
            raise Problem("DIR_052", found="a packed file inside it")
        files[name] = bytes(made)
    return files


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as one zip whose bytes depend on them alone."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return stream.getvalue()


# --- a table of services -----------------------------------------------------------------------------------


def _table(data: bytes, name: str) -> Opened:
    """Read one CSV file: the sheet Services of the template, or the table of services of a data package."""
    if len(data) > _CSV_MAX:
        raise Problem("DIR_053", detail=f"more than {intake.megabytes(_CSV_MAX)}")
    text = _text(data, name)
    lines = _lines(text, name)
    heading = next(lines, [])
    if {"organization_id", "id"} <= set(heading):
        return _package(package.read({"services.csv": text.encode()}), "hsds-package")
    columns, findings = headings("Services", heading, SERVICES)
    if not any(columns):
        raise Problem("DIR_040", file=name)
    found = list(_filled(columns, lines))
    if not found:
        findings += (Finding("error", "Services", 0, "", Problem("DIR_033")),)
    return Opened(*rows.read(Sheets(services=found, findings=findings, partial=True)), None, "csv")


def _sheets(files: Mapping[str, bytes]) -> Opened:
    """Read the sheets of a template, each saved as CSV under its own name."""
    found: dict[str, list[tuple[int, dict[str, str]]]] = {}
    said: tuple[Finding, ...] = ()
    for sheet, columns in SHEETS.items():
        name = f"{sheet.lower()}.csv"
        if name not in files:
            said += (Finding("error", sheet, 0, "", Problem("DIR_025", sheet=sheet)),)
            continue
        lines = _lines(_text(files[name], name), name)
        if sheet == "About":
            pairs = [(by_heading(columns, line[0]), line[1].strip()) for line in lines if len(line) > 1]
            found["about"] = [(2, {column.key: unquoted(text) for column, text in pairs if column and text})]
            continue
        known, told = headings(sheet, next(lines, []), columns)
        found[sheet.lower()] = list(_filled(known, lines))
        said += told
    return Opened(*rows.read(Sheets(findings=said, **cast("Any", found))), None, "csv")


def _filled(columns: Sequence[Column | None], lines: Iterator[list[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(lines, start=2):
        if number > ROWS_MAX:
            raise Problem("DIR_053", detail=f"more than {ROWS_MAX:,} rows")
        row = {c.key: unquoted(v) for c, v in zip(columns, line, strict=False) if c is not None and v.strip()}
        if row:
            yield number, row


def _text(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")  # what Excel in Europe and the Americas saves, unless it is asked for UTF-8
    except UnicodeDecodeError:
        raise Problem("DIR_051", file=name, detail="its letters are in an encoding that is not known") from None


def _lines(text: str, name: str) -> Iterator[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    return package.parse(text.replace("\0", ""), name, {"delimiter": delimiter})


def unquoted(text: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it.

    >>> unquoted("'+999 1"), unquoted("'s-Hertogenbosch")
    ('+999 1', "'s-Hertogenbosch")
    """
    return text[1:] if text.startswith("'") and cells.starts_formula(text[1:]) else text


def headings(
    sheet: str, heading: Sequence[str], columns: tuple[Column, ...]
) -> tuple[list[Column | None], tuple[Finding, ...]]:
    """Return the column that each heading means, and what is wrong with the headings."""
    found: list[Column | None] = []
    said: list[Finding] = []
    for text in heading:
        column = by_heading(columns, text)
        if column is not None and column in found:
            said.append(Finding("error", sheet, 1, text, Problem("DIR_027", heading=text)))
            column = None
        elif column is None and text.strip():
            known = near(text, [one.label for one in columns])
            said.append(Finding("warning", sheet, 1, text, Problem("DIR_026", heading=text, near=known)))
        found.append(column)
    for column in columns:
        if column.required and column not in found:
            said.append(Finding("error", sheet, 1, column.label, Problem("DIR_028", label=column.label)))
    return found, tuple(said)


def services_csv(directory: Directory) -> str:
    """Return the sheet Services as CSV, with a mark by which Excel knows UTF-8; no cell of it is a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([column.label for column in SERVICES])
    for _, row in rows.rows_of(directory):
        writer.writerow([cells.safe(row.get(column.key, "")) for column in SERVICES])
    return "\ufeff" + stream.getvalue()
