"""What may be published: the one gate between a directory and everything that is made of it.

Places that are confidential, rows that are not to be published, notes of editors and names of contact persons stay
behind here. What makes pages, booklets, cards and files for others takes a :class:`Public` and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tools.errors import Problem
from tools.services import values
from tools.services.codes import folded
from tools.services.hsds import directory_of
from tools.services.model import Contact, Directory, Location, Service
from tools.services.package import Package, Row, Table
from tools.services.tables import LINKS, TABLES

#: A part of an address shorter than this is no secret by itself: "12", "Box 4".
SECRET_MIN: Final = 6


@dataclass(frozen=True)
class Public:
    """A directory without anything that must not be published; made by :func:`publishable` only."""

    directory: Directory
    withheld: int = 0


def publishable(directory: Directory) -> Public:
    """Return what may be published of a directory.

    Raises
    ------
    Problem
        ``DIR_062`` when the address of a confidential place stands in a text that would be published.
    """
    kept = tuple(_public(one) for one in directory.services if not one.has("do-not-publish"))
    shown = {one.organisation for one in kept}
    hidden = {one.organisation for one in directory.services} - shown
    organisations = {key: one for key, one in directory.organisations.items() if key not in hidden}
    found = replace(directory, services=kept, organisations=organisations)
    _guard(secrets(directory), _texts(found))
    return Public(found, len(directory.services) - len(kept))


def _public(one: Service) -> Service:
    location = None if one.is_confidential else one.location
    # What is said of steps and lifts describes a building that nobody may find.
    access = "" if one.is_confidential else one.accessibility
    contact = Contact() if one.is_confidential else Contact(one.contact.role)
    assurer = "" if "@" in one.assurer else one.assurer
    return replace(one, location=location, accessibility=access, contact=contact, note="", assurer=assurer)


def secrets(directory: Directory) -> tuple[str, ...]:
    """Return the texts that say where confidential places are, folded."""
    found: list[str] = []
    for one in directory.services:
        if one.is_confidential and one.location is not None:
            found += _secret_parts(one.location)
    return tuple(dict.fromkeys(found))


def _secret_parts(place: Location) -> Iterator[str]:
    street = [part for part in re.split(r"\s*,\s*", place.address) if re.search(r"\d", part)] or [place.address]
    for text in (place.address, *street, place.name):
        if len(folded(text)) >= SECRET_MIN:
            yield folded(text)
    for number in (place.latitude, place.longitude):
        if re.search(r"\.\d{3,}", number):
            yield folded(number)


def _texts(directory: Directory) -> Iterator[tuple[str, str]]:
    """Yield every text that would be published, and where it stands."""
    for one in directory.services:
        where = f"{one.place.sheet}, row {one.place.row}" if one.place.row else one.name
        yield where, " ".join(_strings(one))
    for who in directory.organisations.values():
        yield f"{who.place.sheet}, row {who.place.row}", " ".join((who.name, who.other_name, who.description))


def _strings(one: Service) -> Iterable[str]:
    place = one.location or Location()
    return (
        one.name, one.description, one.eligibility, one.apply, one.documents, one.cost.note, one.interpreter,
        one.accessibility, one.hours_note, one.alert, one.contact.role, *(phone.note for phone in one.phones),
        *one.areas, *place.lines, place.transport, place.latitude, place.longitude,
    )  # fmt: skip


def _guard(hidden: Iterable[str], texts: Iterable[tuple[str, str]]) -> None:
    hidden = tuple(hidden)
    if not hidden:
        return
    for where, text in texts:
        line = folded(text)
        if any(one in line for one in hidden):
            raise Problem("DIR_062", where=where)


# --- packages --------------------------------------------------------------------------------------------


def publishable_package(package: Package, *, names: bool = True) -> Package:
    """Return a package without confidential places and without services that are not to be published.

    Nothing else is lost. A package without any of these comes back as it is.

    Parameters
    ----------
    package : Package
    names : bool
        Keep the names of contact persons.

    Raises
    ------
    Problem
        ``DIR_062`` when the address of a confidential place stands in what is left.
    """
    directory = directory_of(package)
    gone = {one.id for one in directory.services if one.has("do-not-publish")} - {""}
    hidden = {one.id for one in directory.services if one.is_confidential} - gone - {""}
    drop_names = not names and any(row.get("name") or row.get("email") for row in package.rows("contact"))
    if not any(one.is_confidential or one.has("do-not-publish") for one in directory.services) and not drop_names:
        return package
    tables = dict(_filtered(package, gone, hidden) if gone or hidden else package.tables)
    # A row that cannot be told apart from others by an id is told by its place.
    lost = {
        one.place.row for one in directory.services if not one.id and (one.is_confidential or one.has("do-not-publish"))
    }
    if lost:
        rows = [row for number, row in enumerate(package.rows("service"), start=2) if number not in lost]
        kept = [row for row in rows if _ref(row, "id") not in gone]
        done = {_ref(row, "id"): row for row in tables["service"].rows if _ref(row, "id")}
        tables["service"] = replace(tables["service"], rows=tuple(done.get(_ref(row, "id"), row) for row in kept))
    if not drop_names and all(tables[name].rows == package.tables[name].rows for name in tables):
        return package  # nothing of what is hidden is in it
    made = package.changed(tables)
    if not names:
        made = made.changed(_nameless(made.tables))
    around = [("datapackage.json", values.dumps([dict(made.descriptor), dict(made.root)], indent=None))]
    _guard((*secrets(directory), *_row_secrets(package, hidden)), (*around, *_cells(made.tables)))
    return made


def _row_secrets(package: Package, hidden: set[str]) -> Iterator[str]:
    places = {
        _ref(row, "location_id") for row in package.rows("service_at_location") if _ref(row, "service_id") in hidden
    } - {""}
    for row in package.rows("address"):
        if _ref(row, "location_id") in places:
            text = folded(values.as_text(row.get("address_1")))
            if len(text) >= SECRET_MIN:
                yield text


def _ref(row: Row, key: str) -> str:
    """Return an id that a row names; nothing where something else stands in its place."""
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _filtered(package: Package, gone: set[str], hidden: set[str]) -> Mapping[str, Table]:
    owner = {_ref(row, "id"): _ref(row, "service_id") for row in package.rows("service_at_location")}
    home: dict[str, set[str]] = {}
    for row in package.rows("service_at_location"):
        home.setdefault(_ref(row, "location_id"), set()).add(_ref(row, "service_id"))
    # A place that any hidden service uses is hidden; one that only unpublished services use goes with them.
    places = {key for key, users in home.items() if users & hidden or users <= gone}
    spots = {key for key, service in owner.items() if service in gone | hidden}
    spots |= {_ref(r, "id") for r in package.rows("service_at_location") if _ref(r, "location_id") in places}
    contacts = {
        _ref(row, "id")
        for row in package.rows("contact")
        if _ref(row, "service_id") in gone | hidden
        or _ref(row, "service_at_location_id") in spots
        or _ref(row, "location_id") in places
    }
    gone, places, spots, contacts = (found - {""} for found in (gone, places, spots, contacts))
    out = gone | places | spots | contacts
    tables: dict[str, Table] = {}
    for name, table in package.tables.items():
        rows = []
        for row in table.rows:
            kept = _kept(name, row, out, hidden, owner, home, gone)
            if kept is not None:
                rows.append(kept)
        tables[name] = replace(table, rows=tuple(rows))
    tables = _without_orphans(tables, package)
    return _said(tables, hidden)


def _kept(
    name: str, row: Row, out: set[str], hidden: set[str], owner: Mapping[str, str], home: Mapping[str, set[str]], gone: set[str],
) -> Row | None:  # fmt: skip
    """Return what is left of a row, or nothing."""
    if _ref(row, "id") in out:
        return None
    if name not in TABLES:
        text = {values.as_text(value) for value in row.values()}
        return None if text & (out | hidden) else row
    if name in LINKS and _ref(row, LINKS[name][0]) in (out if name == "attribute" else out | hidden):
        return None
    if name == "service" and _ref(row, "id") in hidden:
        # A column of its own may say anything: only what the specification knows is kept.
        return {key: value for key, value in row.items() if key in _SERVICE_COLUMNS}
    touched = [key for key in row if key.endswith("_id") and key != "id" and _ref(row, key) in out]
    if not touched:
        return row
    if (
        name not in ("phone", "schedule", "language")
        or _ref(row, "service_id") in gone
        or _ref(row, "contact_id") in out
    ):
        return None
    # Numbers and hours of a hidden place still are those of the service.
    served = owner.get(_ref(row, "service_at_location_id"))
    users = home.get(_ref(row, "location_id"), set()) - gone
    service = _ref(row, "service_id") or served or (min(users) if len(users) == 1 else None)
    if service is None or service in gone:
        return None
    return {**{key: value for key, value in row.items() if key not in touched}, "service_id": service}


def _said(tables: dict[str, Table], hidden: set[str]) -> dict[str, Table]:
    """Let hidden services still say that they are, where only what is gone now said it."""
    left = replace(Package(), tables=tables)
    silent = {one.id for one in directory_of(left).services if one.id in hidden and not one.is_confidential}
    if silent:
        rows = tuple({**r, "confidential": "yes"} if _ref(r, "id") in silent else r for r in tables["service"].rows)
        tables["service"] = replace(tables["service"], rows=rows)
    return tables


_SERVICE_COLUMNS: Final = frozenset(
    re.findall(
        r"\S+",
        "id organization_id program_id name alternate_name description url email status interpretation_services "
        "application_process fees_description wait_time fees accreditations eligibility_description minimum_age "
        "maximum_age assured_date licenses alert last_modified assurer_role confidential",
    )
)


def _without_orphans(tables: Mapping[str, Table], before: Package) -> dict[str, Table]:
    """Take out what hung on rows that are gone: languages of a phone, attributes of a location, and so on."""
    left = {name: {_ref(row, "id") for row in table.rows} for name, table in tables.items() if name in TABLES}
    was = {name: {_ref(row, "id") for row in before.rows(name)} for name in TABLES}
    lost = {name: was[name] - left.get(name, set()) for name in was}
    every = set().union(*lost.values()) - {""}
    made = dict(tables)
    for name, table in tables.items():
        if name not in TABLES:
            continue
        keys = [f"{other}_id" for other in TABLES if other not in ("organization",)]
        if name in LINKS:
            keys = [LINKS[name][0]]
        made[name] = replace(table, rows=tuple(row for row in table.rows if not any(_ref(row, key) in every for key in keys)))  # fmt: skip
    return made


def _nameless(tables: Mapping[str, Table]) -> dict[str, Table]:
    made = dict(tables)
    if "contact" in made:
        rows = tuple({k: v for k, v in row.items() if k not in ("name", "email")} for row in made["contact"].rows)
        columns = tuple(column for column in made["contact"].columns if column not in ("name", "email"))
        made["contact"] = replace(made["contact"], rows=rows, columns=columns)
    return made


def _cells(tables: Mapping[str, Table]) -> Iterator[tuple[str, str]]:
    for table in tables.values():
        for number, row in enumerate(table.rows, start=2):
            yield f"{table.file}, row {number}", " ".join(values.as_text(value) for value in row.values() if not _short(value))  # fmt: skip


def _short(value: Any) -> bool:
    return value is None or isinstance(value, bool)
