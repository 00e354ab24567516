"""A tabular data package: its tables, everything else in it, and the bytes it came from.

What is not changed is written back byte for byte. Tables hold values as JSON knows them; a cell that is empty is
missing from its row.
"""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tools.errors import Problem
from tools.services import values
from tools.services.finding import Finding
from tools.services.tables import NAMES, TABLES

DESCRIPTOR: Final = "datapackage.json"
#: Where a JSON document's package keeps files that are no tables.
CARRIED: Final = "x/"
#: Column whose cells are JSON, since a table cannot tell 5 from "5".
_ENCODING: Final = "x-encoding"
#: Cells that are empty and yet say something: an empty text, or null.
_EMPTY: Final = "x-empty"
#: What stood around the objects of a JSON document.
ROOT: Final = "x-root"

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One table: its columns in order, and its rows; a row leaves out what is missing."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    path: str = ""

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.path or (TABLES[self.name].file if self.name in TABLES else f"{self.name}.csv")


@dataclass(frozen=True)
class Package:
    """What a package holds.

    Attributes
    ----------
    tables : mapping
        By the name of the table: those of the specification in the singular, others as they are called.
    descriptor : mapping
        What ``datapackage.json`` says; empty for a JSON document.
    root : mapping
        What stood around the objects of a JSON document.
    files : mapping
        Every file of a package as it came, by its path; for a JSON document, one.
    kind : {"tabular", "json", "made"}
    findings : tuple of Finding
        What could not be read as the specification has it.
    """

    tables: Mapping[str, Table] = field(default_factory=dict)
    descriptor: Mapping[str, Any] = field(default_factory=dict)
    root: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    kind: str = "made"
    findings: tuple[Finding, ...] = ()

    def rows(self, table: str) -> tuple[Row, ...]:
        """Return the rows of a table; none, if it is not there."""
        found = self.tables.get(table)
        return found.rows if found else ()

    def changed(self, tables: Mapping[str, Table]) -> Package:
        """Return the package with other tables; nothing is then written as it came."""
        return replace(self, tables=tables, kind="made", files={})


def text_of(data: bytes, file: str, encoding: str = "utf-8") -> str:
    """Return the text of a file; ``DIR_051`` when it is no text in that encoding."""
    try:
        if encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
            return data.decode("utf-8-sig")
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise Problem("DIR_051", file=file, detail=f"it is not a text in {encoding}") from None


def read(files: Mapping[str, bytes]) -> Package:
    """Read a tabular data package.

    Parameters
    ----------
    files : mapping
        Path in the package to bytes.

    Raises
    ------
    Problem
        ``DIR_040`` when there is no table in it, ``DIR_047`` for a broken ``datapackage.json``, ``DIR_051`` for a
        table that cannot be read.
    """
    descriptor: Any = {}
    if DESCRIPTOR in files:
        descriptor = values.loads(text_of(files[DESCRIPTOR], DESCRIPTOR))
        if not isinstance(descriptor, dict):
            raise Problem("DIR_047", file=DESCRIPTOR, detail="it holds no object")
    said: list[Finding] = []
    resources = [one for one in descriptor.get("resources", ()) if isinstance(one, dict)] if isinstance(descriptor.get("resources", ()), list) else []  # fmt: skip
    tables: dict[str, Table] = {}
    seen: set[str] = set()
    for resource in resources:
        for path in _paths(resource):
            if path not in files:
                said.append(Finding("warning", path, 0, "", Problem("DIR_041", path=path)))
                continue
            seen.add(path)
            _add(tables, _table(resource, path, files[path]))
        if "path" not in resource and isinstance(resource.get("data"), list):
            _add(tables, _inline(resource))
    for path in files:
        if path.lower().endswith(".csv") and path not in seen:
            if DESCRIPTOR in files:
                said.append(Finding("warning", path, 0, "", Problem("DIR_042", path=path)))
            _add(tables, _table({}, path, files[path]))
    if not tables:
        raise Problem("DIR_040")
    root = descriptor.get(ROOT, {})
    return Package(tables, descriptor, root if isinstance(root, dict) else {}, files, "tabular", tuple(said))


def _paths(resource: Mapping[str, Any]) -> list[str]:
    path = resource.get("path", ())
    found = [path] if isinstance(path, str) else path if isinstance(path, list) else []
    return [one.removeprefix("./") for one in found if isinstance(one, str)]


def canonical(name: str) -> str:
    """Return what a table is called here, by the name of a file or a resource.

    >>> canonical("phones"), canonical("data/Service.csv"), canonical("my vehicles.csv")
    ('phone', 'service', 'my vehicles')
    """
    stem = re.sub(r"\.csv$", "", name.rsplit("/", 1)[-1], flags=re.I)
    return NAMES.get(stem.lower(), stem)


def _name(resource: Mapping[str, Any], path: str) -> str:
    by_file = canonical(path)
    named = resource.get("name")
    return by_file if by_file in TABLES or not isinstance(named, str) else canonical(named)


def _add(tables: dict[str, Table], table: Table) -> None:
    other = tables.get(table.name)
    if other is not None:  # a table in several files, or two files of one name
        columns = tuple(dict.fromkeys((*other.columns, *table.columns)))
        table = Table(table.name, columns, (*other.rows, *table.rows), other.path)
    tables[table.name] = table


def _inline(resource: Mapping[str, Any]) -> Table:
    rows = [row for row in resource["data"] if isinstance(row, dict)]
    columns = tuple(dict.fromkeys(key for row in rows for key in row))
    return Table(_name(resource, ""), columns, tuple(rows))


def _fields(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    return [one for one in fields if isinstance(one, dict)] if isinstance(fields, list) else []


def _table(resource: Mapping[str, Any], path: str, data: bytes) -> Table:
    """Read the cells of one file with the types that the package gives them."""
    encoding = resource.get("encoding", "utf-8")
    text = text_of(data, path, encoding if isinstance(encoding, str) else "utf-8")
    dialect = resource.get("dialect") if isinstance(resource.get("dialect"), dict) else {}
    lines = parse(text, path, dialect or {})
    fields = {str(one.get("name")): one for one in _fields(resource)}
    heading = list(fields) if (dialect or {}).get("header") is False else next(lines, [])
    for column in heading:
        if heading.count(column) > 1:
            raise Problem("DIR_027", file=path, heading=column)
    readers = [(column, *_reader(fields.get(column, {}))) for column in heading]
    rows: list[Row] = []
    for number, line in enumerate(lines, start=2):
        if not line:
            continue
        if len(line) > len(heading):
            raise Problem("DIR_051", file=path, line=number, detail="the row has more cells than the heading")
        rows.append({column: kind(cell, typed) for (column, kind, typed), cell in zip(readers, line, strict=False) if cell})  # fmt: skip
    _restore(rows, resource.get(_EMPTY))
    return Table(_name(resource, path), tuple(heading), tuple(rows), path)


def parse(text: str, path: str, dialect: Mapping[str, Any]) -> Iterator[list[str]]:
    """Return an iterator over the rows of a CSV text; ``DIR_051`` where a quotation mark is never closed."""
    delimiter = str(dialect.get("delimiter") or ",")
    quote = str(dialect.get("quoteChar") or '"')
    escape = dialect.get("escapeChar")
    return _parse(text, path, delimiter, quote, str(escape) if escape else None)


def _parse(text: str, path: str, delimiter: str, quote: str, escape: str | None) -> Iterator[list[str]]:
    csv.field_size_limit(20_000_000)
    try:
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote, escapechar=escape,
            doublequote=escape is None, strict=True,
        )  # fmt: skip
        yield from reader
    except (csv.Error, TypeError) as fault:
        raise Problem("DIR_051", file=path, detail=str(fault)) from None


def _reader(described: Mapping[str, Any]) -> tuple[Any, str]:
    if described.get(_ENCODING) == "json":
        return _json_cell, ""
    typed = described.get("type")
    if typed in ("number", "integer", "boolean", "array", "object"):
        return _typed_cell, typed
    return (lambda cell, _: cell), ""


def _json_cell(cell: str, _: str) -> Any:
    try:
        return values.loads(cell)
    except Problem:
        return cell


def _typed_cell(cell: str, typed: str) -> Any:
    """Return a cell as its type, if it is written as JSON would; else as the text it is."""
    if typed in ("number", "integer"):
        return values.number(cell) if values.NUMBER.fullmatch(cell) else cell
    if typed == "boolean":
        return {"true": True, "false": False}.get(cell, cell)
    found = _json_cell(cell, "")
    return found if isinstance(found, list if typed == "array" else dict) else cell


def _restore(rows: list[Row], empty: Any) -> None:
    """Put back texts that are empty and nulls."""
    for column, where in empty.items() if isinstance(empty, dict) else ():
        for kind, numbers in where.items() if isinstance(where, dict) else ():
            for number in numbers if isinstance(numbers, list) else ():
                if isinstance(number, int) and 0 <= number < len(rows) and column not in rows[number]:
                    rows[number][column] = None if kind == "null" else ""


def write(package: Package) -> dict[str, bytes]:
    """Return a package as files: as they came, if it came as a data package and was not changed.

    Raises
    ------
    Problem
        ``DIR_051`` when two tables would go into one file.
    """
    if package.kind == "tabular":
        return dict(package.files)
    carried = {path: data for path, data in package.files.items() if path.startswith(CARRIED)}
    files: dict[str, bytes] = {_fit(path.removeprefix(CARRIED)): data for path, data in carried.items()}
    resources = []
    given = {_name(one, (_paths(one) or [""])[0]): one for one in _given(package.descriptor)}
    for table in package.tables.values():
        path = _fit(table.file)
        if path in files:
            raise Problem("DIR_051", file=path, detail="two tables would go into this file")
        described, text = _written(table, given.pop(table.name, {}), path)
        resources.append(described)
        files[path] = text.encode("utf-8")
    head: dict[str, Any] = {"profile": "tabular-data-package", "name": "services-directory"}
    head |= {key: value for key, value in package.descriptor.items() if key not in ("resources", ROOT)}
    kept = [one for one in _given(package.descriptor) if any(one is left for left in given.values())]
    head["resources"] = [*resources, *kept]
    if package.root:
        head[ROOT] = dict(package.root)
    files[DESCRIPTOR] = (values.dumps(head) + "\n").encode()
    return files


def _given(descriptor: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = descriptor.get("resources")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _fit(path: str) -> str:
    """Return a path that stays in its folder and fits every file system."""
    parts = [re.sub(r'[\x00-\x1f<>:"\\|?*]', "_", part) for part in path.split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "table.csv"


def _written(table: Table, given: Mapping[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """Return how a table is described, and its text."""
    columns = tuple(dict.fromkeys((*table.columns, *(key for row in table.rows for key in row))))
    described = {str(one.get("name")): one for one in _fields(given)}
    fields, encoded = [], set()
    for column in columns:
        kind = _kind([row[column] for row in table.rows if row.get(column) not in (None, "")])
        one = {key: value for key, value in described.get(column, {"name": column}).items() if key != _ENCODING}
        if not kind and one.get("type") in ("number", "integer", "boolean", "array", "object", None):
            one["type"] = one.get("type") or "string"
        elif kind == "any":
            one |= {"type": "any", _ENCODING: "json"}
            encoded.add(column)
        elif kind and _plain_type(one.get("type")) != kind:
            one["type"] = kind
        fields.append(one)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    for row in table.rows:
        cells = [_cell(row.get(column), column in encoded) for column in columns]
        if len(columns) == 1 and not cells[0]:
            stream.write('""\r\n')  # else the line would be empty, and an empty line is no row
        else:
            writer.writerow(cells)
    resource: dict[str, Any] = {"profile": "tabular-data-resource", "name": table.file.removesuffix(".csv").lower()}
    resource |= {key: value for key, value in given.items() if key not in ("schema", "path", "data", "encoding", "dialect", _EMPTY)}  # fmt: skip
    schema = given.get("schema") if isinstance(given.get("schema"), dict) else {}
    resource |= {"path": path, "encoding": "utf-8", "schema": {**(schema or {}), "fields": fields}}
    if empty := _empties(table.rows, columns):
        resource[_EMPTY] = empty
    return resource, stream.getvalue()


def _plain_type(typed: Any) -> str:
    return {"integer": "number", "number": "number", "boolean": "boolean", "array": "array", "object": "object", "any": "any"}.get(str(typed), "string")  # fmt: skip


def _kind(found: Sequence[Any]) -> str:
    """Return the type of a column that gives its values back; ``any`` where only JSON does; nothing if it is empty."""
    kinds = {_one_kind(value) for value in found}
    if not kinds:
        return ""
    texts = [value for value in found if isinstance(value, str)]
    if any(re.search("[\ud800-\udfff]", text) for text in texts):
        return "any"
    if len(kinds - {"string"}) > 1 or "other" in kinds:
        return "any"
    kind = next(iter(kinds - {"string"}), "string")
    if kind == "string" or all(_typed_cell(text, kind) == text for text in texts):
        return kind
    return "any"


def _one_kind(value: Any) -> str:
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, list):
        return "array"
    if isinstance(value, dict):
        return "object"
    return "number" if values.is_number(value) else "other"


def _cell(value: Any, encoded: bool) -> str:
    if value is None or value == "":
        return ""
    return values.dumps(value, indent=None) if encoded else values.as_text(value)


def _empties(rows: Sequence[Row], columns: Sequence[str]) -> dict[str, dict[str, list[int]]]:
    found: dict[str, dict[str, list[int]]] = {}
    for number, row in enumerate(rows):
        for column in columns:
            if column in row and row[column] in (None, "") and not isinstance(row[column], bool):
                kind = "null" if row[column] is None else "text"
                found.setdefault(column, {}).setdefault(kind, []).append(number)
    return found


def other_files(package: Package) -> dict[str, str]:
    """Return the files of a data package that are no tables, as text in base 64, to be carried in JSON."""
    used = {path for one in _given(package.descriptor) for path in _paths(one)} | {DESCRIPTOR}
    return {
        path: base64.b64encode(data).decode()
        for path, data in package.files.items()
        if path not in used and not path.lower().endswith(".csv")
    }
