"""Files of case data, read with bounded memory: CSV in pieces, workbooks only after they were looked at.

Nothing is mended in the file itself. What had to be assumed to read it at all is said as a finding.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from tools.casedata.check import ROW
from tools.casedata.findings import ROWS_KEPT, Finding, shown
from tools.errors import Problem
from tools.surfaces import intake
from tools.surfaces.cells import starts_formula

ROWS_MAX: Final = 5_000_000
COLUMNS_MAX: Final = 500
CELL_MAX: Final = 32_767
"""What a cell of Excel can hold; more is never a field of a record."""
LINE_MAX: Final = 1_000_000
_BLOCK: Final = 1 << 20
_SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_BATCH: Final = 50_000
_BATCH_CELLS: Final = 20_000_000  # signs held as Python text before they go into the frame


@dataclass(frozen=True)
class Opened:
    """A file as a frame of texts.

    Attributes
    ----------
    frame : polars.DataFrame
        One column of texts for each column, and ``_row``.
    findings : tuple of Finding
        What is wrong with the file itself.
    notes : tuple of str
        How it was read.
    name : str
    """

    frame: Any
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    name: str


@dataclass
class _Seen:
    """Faults of the file, as they are met."""

    rows: dict[str, list[int]] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    said: dict[str, Problem] = field(default_factory=dict)
    utf8: bool = False

    def add(self, kind: str, row: int, problem: Problem) -> None:
        """Note one fault; the first of its kind is described."""
        self.said.setdefault(kind, problem)
        self.count[kind] = self.count.get(kind, 0) + 1
        rows = self.rows.setdefault(kind, [])
        if len(rows) < ROWS_KEPT and row:
            rows.append(row)


def read(path: Path | str, *, sheet: str = "") -> Opened:
    """Read a file of case data.

    Parameters
    ----------
    path : Path or str
        CSV (commas, semicolons, tabs or bars; UTF-8, UTF-16 or Windows) or an Excel workbook.
    sheet : str
        The sheet of a workbook; else the first.

    Raises
    ------
    Problem
        ``DAT_005`` to ``DAT_007`` for what cannot be read; ``FIL_001`` to ``FIL_007`` for an unsafe workbook;
        ``CLI_001``, ``CLI_002`` if the file cannot be opened.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
            stream.seek(0)
            if start in (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"):
                data = stream.read(intake.ZIP_SIZE_MAX + 1)
                return _made(_workbook(data, sheet), path.name, _Seen(), ["Excel workbook"])
            seen = _Seen()
            notes: list[str] = []
            plain = _plain(stream)
            if plain:
                return _fast(path, plain, seen)
            stream.seek(0)
            return _made(_csv(stream, seen, notes), path.name, seen, notes)
    except Problem as problem:
        problem.file = problem.file or path.name
        raise
    except FileNotFoundError:
        raise Problem("CLI_001", name=path.name) from None
    except OSError as fault:
        raise Problem("CLI_002", name=path.name, detail=fault.strerror or "it cannot be opened") from None


# --- plain CSV --------------------------------------------------------------------------------------------


def _plain(stream: IO[bytes]) -> tuple[str, int] | None:
    """Return the delimiter and the number of columns of a file without quotation marks, faults and odd rows."""
    head = stream.readline(_BLOCK)
    stream.seek(0)
    try:
        first = head.decode()
    except UnicodeDecodeError:
        return None
    delimiter = max(",;\t|", key=first.count)
    heads = first.rstrip("\r\n").split(delimiter)
    if any(not one.strip() or one.startswith("_") for one in heads) or len(set(heads)) != len(heads):
        return None
    if first.startswith("\ufeff") or not first.endswith("\n") or len(heads) > COLUMNS_MAX or len(heads) < 2:
        return None
    lines = cells = 0
    last = b"\n"
    decoder = codecs.getincrementaldecoder("utf-8")()
    while block := stream.read(_BLOCK):
        if b'"' in block or b"\0" in block or b"\r" in block:
            return None
        if not block.isascii() or decoder.getstate()[0]:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return None
        here = block.count(b"\n")
        if not here:
            return None  # a line of a million signs
        lines += here
        cells += block.count(delimiter.encode())
        last = block
    if not last.endswith(b"\n"):
        lines += 1
    # As many separators as there must be, and no row with more of them: then every row has the same number.
    whole = cells == lines * (len(heads) - 1) and not decoder.getstate()[0] and 1 < lines <= ROWS_MAX
    return (delimiter, len(heads)) if whole else None


def _fast(path: Path, plain: tuple[str, int], seen: _Seen) -> Opened:
    """Read a plain file with Polars; whatever it does not take goes the long way."""
    import polars as pl

    delimiter, width = plain
    notes = [_SEPARATORS[delimiter] + " between cells"]
    try:
        frame = pl.read_csv(path, separator=delimiter, quote_char=None, infer_schema=False)
        longest = [frame.get_column(one).str.len_bytes().max() for one in frame.columns]
        good = frame.width == width and all(int(str(one or 0)) <= CELL_MAX for one in longest)
    except pl.exceptions.PolarsError:
        good = False
    if not good:
        with path.open("rb") as stream:
            return _made(_csv(stream, seen, notes := []), path.name, seen, notes)
    cells = [one.strip()[:200] for one in frame.columns]
    frame = frame.rename(dict(zip(frame.columns, cells, strict=True)))
    frame = frame.with_columns((pl.int_range(pl.len(), dtype=pl.Int64) + 2).alias(ROW))
    _formulas(frame, cells, seen)
    return Opened(frame, _found(seen), tuple(notes), path.name)


# --- CSV ------------------------------------------------------------------------------------------------


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes in pieces that end with a line; no line may be endless."""
    rest = b""
    line = 1
    while block := stream.read(_BLOCK):
        rest += block
        cut = rest.rfind(b"\n") + 1 or rest.rfind(b"\r", 0, -1) + 1
        if cut:
            line += rest.count(b"\n", 0, cut)
            yield rest[:cut]
            rest = rest[cut:]
        if len(rest) > LINE_MAX:
            raise Problem("DAT_005", row=line, detail=f"a line is longer than {LINE_MAX:,} signs")
    if rest:
        yield rest


def _texts(stream: IO[bytes], seen: _Seen, notes: list[str]) -> Iterator[str]:
    """Yield decoded pieces that end with a line."""
    start = stream.read(4)
    stream.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        notes.append("UTF-16")
        yield from _wide(stream)
        return
    line = 1
    first = True
    for block in _blocks(stream):
        if b"\0" in block:
            row = line + block.count(b"\n", 0, block.index(b"\0"))
            raise Problem("DAT_005", row=row, detail="it holds zero signs (NUL), which no text has")
        piece = block.removeprefix(codecs.BOM_UTF8) if first else block
        first = False
        try:
            text = piece.decode()
            seen.utf8 = seen.utf8 or not piece.isascii()
        except UnicodeDecodeError:
            text = "".join(_line(one, number, seen) for number, one in enumerate(piece.splitlines(keepends=True), line))
        line += block.count(b"\n")
        yield text


def _line(data: bytes, number: int, seen: _Seen) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        seen.add("encoding", number, Problem("DAT_012"))
        return data.decode("cp1252", "replace")
    seen.utf8 = seen.utf8 or not data.isascii()
    return text


def _wide(stream: IO[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    rest = ""
    line = 1
    while True:
        block = stream.read(_BLOCK)
        rest += decoder.decode(block, not block)
        if "\0" in rest:
            raise Problem("DAT_005", row=line, detail="it holds zero signs (NUL), which no text has")
        cut = rest.rfind("\n") + 1 if block else len(rest)
        line += rest.count("\n", 0, cut)
        if cut:
            yield rest[:cut]
        rest = rest[cut:]
        if len(rest) > LINE_MAX:
            raise Problem("DAT_005", row=line, detail=f"a line is longer than {LINE_MAX:,} signs")
        if not block:
            return


def _csv(stream: IO[bytes], seen: _Seen, notes: list[str]) -> Iterator[list[str]]:
    pieces = _texts(stream, seen, notes)
    first = next(pieces, "")
    head = next((line for line in first.splitlines() if line.strip()), "")
    bare = "".join(head.split('"')[::2])
    delimiter = max(",;\t|", key=bare.count)
    notes.append(_SEPARATORS[delimiter] + " between cells")
    longest = csv.field_size_limit(LINE_MAX)
    lines = _lines(first, pieces)
    row = 0
    try:
        for cells in csv.reader(lines, delimiter=delimiter, strict=True):
            row += 1
            yield cells
    except csv.Error as fault:
        quotes = "unexpected end" in str(fault) or "field larger" in str(fault)
        detail = "a quotation mark is opened and not closed" if quotes else f"the quotation marks are wrong ({fault})"
        raise Problem("DAT_005", row=row + 1, detail=detail) from None
    finally:
        csv.field_size_limit(longest)


def _lines(first: str, pieces: Iterator[str]) -> Iterator[str]:
    # str.splitlines splits at signs that are no line ends in a CSV file.
    yield from _split(first)
    for piece in pieces:
        yield from _split(piece)


def _split(piece: str) -> Iterator[str]:
    plain = piece.replace("\r\n", "\n").replace("\r", "\n") if "\r" in piece else piece
    at = 0
    while (end := plain.find("\n", at)) >= 0:
        yield plain[at : end + 1]
        at = end + 1
    if at < len(plain):
        yield plain[at:]


# --- workbooks ------------------------------------------------------------------------------------------


def _workbook(data: bytes, sheet: str) -> Iterator[list[str]]:
    import io
    import warnings

    import defusedxml  # noqa: F401 - openpyxl uses it where it is installed
    import openpyxl

    intake.check_zip(data)
    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("openpyxl reads XML without defusedxml; install the packages of requirements.txt")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            if sheet and sheet not in book.sheetnames:
                raise Problem("DAT_008", sheet=sheet, known=", ".join(book.sheetnames[:8]))
            page = book[sheet] if sheet else book.worksheets[0]
            page.reset_dimensions()
            for row, cells in enumerate(page.iter_rows(values_only=True), start=1):
                if row > ROWS_MAX or len(cells) > 16_384:
                    raise Problem("DAT_007", limit=f"{ROWS_MAX:,}", what="rows")
                yield [_cell(cell) for cell in cells]
    except Problem:
        raise
    except Exception as fault:  # openpyxl fails in many ways on a damaged workbook; none of them is ours
        raise Problem("FIL_007", name="workbook") from fault


def _cell(value: Any) -> str:
    """Return a cell as CSV would hold it."""
    import datetime as dt

    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


# --- rows to a frame --------------------------------------------------------------------------------------


def _made(rows: Iterator[list[str]], name: str, seen: _Seen, notes: list[str]) -> Opened:
    import polars as pl

    heads: list[str] = []
    parts: list[Any] = []
    batch: list[list[str]] = []
    numbers: list[int] = []
    size = total = 0

    def flush() -> None:
        columns = list(zip(*batch, strict=True))
        data = {ROW: pl.Series(numbers, dtype=pl.Int64)}
        data |= {head: pl.Series(column, dtype=pl.String) for head, column in zip(heads, columns, strict=True)}
        parts.append(pl.DataFrame(data))
        batch.clear()
        numbers.clear()

    for row, cells in enumerate(rows, start=1):
        if not cells or (not cells[0] and not any(cell and not cell.isspace() for cell in cells)):
            continue
        if not heads:
            heads = _heads(cells, seen)
            continue
        if len(cells) != len(heads):
            cells = _even(cells, len(heads), row, seen)
        longest = max(map(len, cells))
        if longest > 40:
            size += sum(map(len, cells))
            if longest > CELL_MAX:
                seen.add("long", row, Problem("DAT_016", limit=f"{CELL_MAX:,}"))
                cells = [cell[:CELL_MAX] for cell in cells]
        batch.append(cells)
        numbers.append(row)
        total += 1
        if len(batch) == _BATCH or size > _BATCH_CELLS:
            flush()
            size = 0
            if total >= ROWS_MAX:
                raise Problem("DAT_007", limit=f"{ROWS_MAX:,}", what="rows")
    if not heads or not total:
        raise Problem("DAT_006")
    if batch:
        flush()
    frame = pl.concat(parts)
    _formulas(frame, heads, seen)
    return Opened(frame, _found(seen), tuple(notes), name)


def _found(seen: _Seen) -> tuple[Finding, ...]:
    if "encoding" in seen.said and seen.utf8:
        seen.said["encoding"] = Problem("DAT_013")
    severe = {"ragged", "formula", "long"}
    return tuple(
        Finding("error" if kind.split(":")[0] in severe else "warning", "format", kind.split(":")[0],
                kind.partition(":")[2], tuple(seen.rows.get(kind, ())), seen.count[kind], problem)
        for kind, problem in seen.said.items()
    )  # fmt: skip


def _heads(cells: list[str], seen: _Seen) -> list[str]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > COLUMNS_MAX:
        raise Problem("DAT_007", limit=COLUMNS_MAX, what="columns")
    heads: list[str] = []
    for number, cell in enumerate(cells, start=1):
        head = " ".join(cell.split())[:200].lstrip("\ufeff")
        if not head:
            head = f"column {number}"
            seen.add(f"head:{head}", 1, Problem("DAT_015", number=number))
        if head.startswith("_"):
            head = f"column {number}"
        if head in heads:
            seen.add(f"head-twice:{head}", 1, Problem("DAT_011", column=shown(head)))
            head = next(f"{head} ({n})" for n in range(2, COLUMNS_MAX + 2) if f"{head} ({n})" not in heads)
        heads.append(head)
    return heads


def _even(cells: list[str], width: int, row: int, seen: _Seen) -> list[str]:
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > width:
        seen.add("ragged", row, Problem("DAT_010", row=row, found=len(cells), wanted=width))
    elif len(cells) < width - 1 and len(cells) > 0:
        # Spreadsheets leave empty cells at the end of a row out; a row that lacks one may be such a row too.
        seen.add("short", row, Problem("DAT_010", row=row, found=len(cells), wanted=width))
    return [*cells[:width], *[""] * (width - len(cells))]


def _formulas(frame: Any, heads: list[str], seen: _Seen) -> None:
    """Find cells that a spreadsheet could run; only those that may begin so are looked at one by one."""
    import polars as pl

    for head in heads:
        may = pl.col(head).str.contains(r"^[\W_]|^[^\x00-\x7F]")
        some = frame.lazy().select(ROW, head).filter(may).collect()
        for row, value in some.iter_rows():
            number = value.strip().removeprefix("-").removeprefix("+")
            if starts_formula(value) and not number.replace(".", "", 1).isdigit():
                seen.add(f"formula:{head}", row, Problem("DAT_014", value=shown(value)))
