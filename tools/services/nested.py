"""Nested JSON and tables, each from the other, with nothing left out.

A row is nested in every object it belongs to, as the specification has it. What has no place in the nesting stands beside the services, under
the name of its table.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from typing import Any, Final

from tools.errors import Problem
from tools.services import values
from tools.services.package import Package, Row, Table, other_files
from tools.services.tables import LINKS, NAMES, PROPERTIES, TABLES, property_of

#: Beside the services: how the tables of a data package looked, and what else was in it.
TABLES_KEY: Final = "x-tables"
PACKAGE_KEY: Final = "x-datapackage"
FILES_KEY: Final = "x-files"
#: The id under which an object stood a second time, in another place.
SAME: Final = "x-same-as"
#: Says that the page holds services, where the objects themselves do not show it.
CONTENTS_KEY: Final = "x-contents"
_OURS: Final = (TABLES_KEY, PACKAGE_KEY, FILES_KEY, CONTENTS_KEY)
_FOREIGN: Final = {(owner, prop): table for (owner, table), prop in PROPERTIES.items()}
_PAGE: Final = ("contents", "content")


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def table_of(owner: str, key: str) -> str | None:
    """Return the table of which a property of an object holds rows."""
    found = _FOREIGN.get((owner, key)) or NAMES.get(key)
    if found is None or key == "taxonomy" or (owner == "attribute" and key == "attributes"):
        return None
    return found


class _Flat:
    """Collects rows while a document is walked through."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.by_id: dict[tuple[str, str], Row] = {}

    def take(self, table: str, found: Mapping[str, Any], keys: Mapping[str, Any]) -> Row:
        """Add an object with what it belongs to, and everything in it; return its row."""
        plain: Row = {}
        inside: list[tuple[str, Any]] = []
        for key, value in found.items():
            child = table_of(table, key)
            if child and self._fits(table, child, value, found):
                inside.append((key, value))
            else:
                plain[key] = value
        row = self._place(table, plain, keys)
        for key, value in inside:
            child = str(table_of(table, key))
            if isinstance(value, dict):
                self.take(child, value, {})
                row.setdefault(f"{child}_id", value["id"])
                continue
            for one in value:
                self.take(child, one, self._keys(table, child, str(row["id"])))
        return row

    @staticmethod
    def _keys(owner: str, child: str, owner_id: str) -> dict[str, str]:
        if child in LINKS:
            first, second = LINKS[child]
            return {first: owner_id, second: owner}
        return {f"{owner}_id": owner_id}

    def _fits(self, owner: str, child: str, value: Any, found: Mapping[str, Any]) -> bool:
        """Tell whether a property can become rows and come back; if not, it stays a cell."""
        if not _is_id(found.get("id")):
            return False
        if isinstance(value, dict):
            given = found.get(f"{child}_id", value.get("id"))
            return child in TABLES[owner].one_of and _is_id(value.get("id")) and given == value["id"]
        if not isinstance(value, list) or not value or (child not in LINKS and owner not in TABLES[child].parents):
            return False
        keys = self._keys(owner, child, found["id"])
        ids = [one.get("id") for one in value if isinstance(one, dict)]
        return len(ids) == len(value) == len({i for i in ids if _is_id(i)}) and all(
            one.get(key, wanted) == wanted for one in value for key, wanted in keys.items()
        )

    def _place(self, table: str, plain: Row, keys: Mapping[str, Any]) -> Row:
        wanted = {**plain, **{key: value for key, value in keys.items() if key not in plain}}
        rows = self.rows.setdefault(table, [])
        if not _is_id(plain.get("id")):
            rows.append(wanted)
            return wanted
        row = self.by_id.get((table, plain["id"]))
        if row is None:
            self.by_id[table, plain["id"]] = wanted
            rows.append(wanted)
            return wanted
        if all(_same(row[key], value) for key, value in wanted.items() if key in row):
            row.update(wanted)
            return row
        name = "|".join((table, values.dumps(wanted, indent=None)))
        twin = self.by_id.get((table, name))
        if twin is None:  # the same id with other words or in another place: a row of its own that says so
            new = str(uuid.uuid5(uuid.NAMESPACE_OID, name))
            twin = {**wanted, "id": new, SAME: plain["id"]}
            self.by_id[table, name] = twin
            rows.append(twin)
        return twin


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and (one == other or values.dumps(one) == values.dumps(other))


def read(text: str) -> Package:
    """Read JSON: one object, a list, a page of a list, or lists of objects by the name of their table.

    Raises
    ------
    Problem
        ``DIR_047`` for no JSON; ``DIR_040`` when it holds none of the specification's objects.
    """
    document = values.loads(text)
    flat = _Flat()
    root: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    if isinstance(document, list):
        _take_list(flat, document, root, "contents")
    elif isinstance(document, dict):
        lists = [
            key for key, value in document.items() if isinstance(value, list) and (key in _PAGE or _table_key(key))
        ]
        if lists and not _is_id(document.get("id")):
            sure = "service" if document.get(CONTENTS_KEY) == "service" else None
            for key, value in document.items():
                if key in _OURS:
                    kept[key] = value
                elif key in lists:
                    _take_list(flat, value, root, key, sure)
                else:
                    root[key] = value
        else:
            flat.take(kind_of(document), document, {})
    if not flat.rows:
        raise Problem("DIR_040")
    return _package(flat, root, kept, text)


def _table_key(key: str) -> bool:
    return key in NAMES or key.startswith("x-table:")


def _take_list(flat: _Flat, found: list[Any], root: dict[str, Any], key: str, sure: str | None = None) -> None:
    named = key.removeprefix("x-table:") if key.startswith("x-table:") else sure if key in _PAGE else NAMES[key]
    if named is None and found and not all(isinstance(one, dict) for one in found):
        root[key] = found
        return
    if named is not None:
        flat.rows.setdefault(named, [])
    rest = []
    for one in found:
        if not isinstance(one, dict):
            rest.append(one)
        elif named is not None and named not in TABLES:
            flat.rows[named].append(dict(one))
        else:
            flat.take(named or kind_of(one), one, {})
    if rest:
        root[key] = rest


def kind_of(found: Mapping[str, Any]) -> str:
    """Return which of the objects of the specification a JSON object is.

    Raises
    ------
    Problem
        ``DIR_040`` when it looks like none.
    """
    keys = set(found)
    if isinstance(found.get("service"), dict) or ("location" in keys and not keys & {"name", "status"}):
        return "service_at_location"
    if keys & {"status", "service_at_locations", "eligibility_description", "service_areas"} or isinstance(found.get("organization"), dict):  # fmt: skip
        return "service"
    if keys & {"location_type", "latitude", "addresses"}:
        return "location"
    if keys & {"taxonomy", "parent_id", "taxonomy_detail", "term_uri"}:
        return "taxonomy_term"
    if keys & {"website", "services", "legal_status", "organization_identifiers", "year_incorporated", "locations", "programs", "parent_organization_id"} or {"name", "description"} <= keys:  # fmt: skip
        return "organization"
    if "name" in keys and "id" in keys:
        return "service"
    raise Problem("DIR_040")


def _package(flat: _Flat, root: dict[str, Any], kept: dict[str, Any], text: str) -> Package:
    looks = kept.get(TABLES_KEY)
    looks = looks if isinstance(looks, dict) else {}
    order = {name: number for number, name in enumerate(looks)}
    tables: dict[str, Table] = {}
    for name in sorted(flat.rows, key=lambda one: order.get(one, len(order))):
        rows = flat.rows[name]
        look = looks.get(name) if isinstance(looks.get(name), dict) else {}
        before = [str(one) for one in (look or {}).get("columns", ())]
        columns = tuple(dict.fromkeys((*before, *(key for row in rows for key in row))))
        place = {one: number for number, one in enumerate((look or {}).get("order", ()))}
        if place:
            rows = sorted(rows, key=lambda row: place.get(row.get("id", ""), len(place)))
        tables[name] = Table(name, columns, tuple(rows), str((look or {}).get("path", "")))
    for name in looks:
        if name not in tables and isinstance(looks[name], dict):
            tables[name] = Table(name, tuple(looks[name].get("columns", ())), (), str(looks[name].get("path", "")))
    descriptor = kept.get(PACKAGE_KEY)
    others = kept.get(FILES_KEY)
    files = {"package.json": text.encode()}
    if isinstance(others, dict):
        files |= {f"x/{path}": base64.b64decode(data) for path, data in others.items() if isinstance(data, str)}
    return Package(tables, descriptor if isinstance(descriptor, dict) else {}, root, files, "json")


# --- tables to nested JSON ---------------------------------------------------------------------------


class _Nest:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.ids: dict[str, dict[str, Row]] = {}
        self.loose: dict[str, list[Row]] = {}
        self.children: dict[tuple[str, str], dict[str, list[Row]]] = {}
        self.shown: set[tuple[str, str]] = set()
        self.open: list[tuple[str, str]] = []
        for name in TABLES:
            found: dict[str, Row] = {}
            for row in package.rows(name):
                if _is_id(row.get("id")) and row["id"] not in found:
                    found[row["id"]] = row
                else:  # no id, or one that is taken: it cannot be nested
                    self.loose.setdefault(name, []).append(row)
            self.ids[name] = found
        for name, found in self.ids.items():
            for row in found.values():
                for home in self.homes(name, row):
                    self.children.setdefault(home, {}).setdefault(name, []).append(row)

    def homes(self, table: str, row: Row) -> list[tuple[str, str]]:
        """Return the objects a row is nested in: everything it belongs to, each by its table and its id."""
        if table in LINKS:
            first, second = LINKS[table]
            owner = NAMES.get(str(row.get(second, "")).lower())
            there = owner is not None and row.get(second) == owner and _is_id(row.get(first))
            return [(owner, row[first])] if owner and there and row[first] in self.ids[owner] and owner != table else []
        if table in ("service", "location"):
            return []
        keys = [(parent, row.get(f"{parent}_id")) for parent in TABLES[table].parents]
        return [(parent, str(key)) for parent, key in keys if _is_id(key) and key in self.ids[parent]]

    def show(self, table: str, row: Row) -> Row:
        """Return a row with everything that is nested in it."""
        made = dict(row)
        if (table, row["id"]) in self.open:  # it stands in itself
            return made
        self.shown.add((table, row["id"]))
        self.open.append((table, row["id"]))
        for one in TABLES[table].one_of:
            key = row.get(f"{one}_id")
            prop = property_of(table, one, many=False)
            if one in ("service", "taxonomy") or prop in row or not _is_id(key) or key not in self.ids[one]:
                continue
            made[prop] = self.show(one, self.ids[one][str(key)])
        for child, rows in self.children.get((table, row["id"]), {}).items():
            prop = property_of(table, child, many=True)
            if prop not in row:
                made[prop] = [self.show(child, one) for one in rows]
        self.open.pop()
        return made


def write(package: Package) -> str:
    """Return a package as nested JSON: a page with all services, and beside them what belongs to none.

    A JSON document that was not changed is returned as it came.
    """
    if package.kind == "json":
        return package.files["package.json"].decode()
    nest = _Nest(package)
    services = [nest.show("service", row) for row in nest.ids["service"].values()]
    page: dict[str, Any] = {
        "total_items": len(services), "total_pages": 1, "page_number": 1, "size": len(services), "first_page": True,
        "last_page": True, "empty": not services,
    }  # fmt: skip
    page = {**page, **{key: value for key, value in package.root.items() if key != "contents"}, "contents": services}
    if not all(_shows_service(one) for one in services):
        page[CONTENTS_KEY] = "service"
    for name, spec in TABLES.items():
        left: list[Row] = []
        for key, row in nest.ids[name].items():
            if (name, key) not in nest.shown and (name in ("location", "organization") or not nest.homes(name, row)):
                left.append(nest.show(name, row))
        left += [row for key, row in nest.ids[name].items() if (name, key) not in nest.shown]
        left += nest.loose.get(name, [])
        if left:
            page[spec.plural] = left
    for name, table in package.tables.items():
        if name not in TABLES:
            page[f"x-table:{name}"] = list(table.rows)
    if package.kind == "tabular":
        page[PACKAGE_KEY] = dict(package.descriptor)
        if others := other_files(package):
            page[FILES_KEY] = others
    if package.kind == "tabular" or package.root.get(TABLES_KEY):
        page[TABLES_KEY] = _looks(package)
    return values.lines(page) + "\n"


def _shows_service(found: Row) -> bool:
    try:
        return kind_of(found) == "service"
    except Problem:
        return False


def _looks(package: Package) -> dict[str, Any]:
    """Return what nesting hides: the columns of each table, empty ones too, and the order of its rows."""
    return {
        name: {
            "path": table.path,
            "columns": list(table.columns),
            "order": [row["id"] for row in table.rows if _is_id(row.get("id"))],
        }
        for name, table in package.tables.items()
    }
