"""Sheets to a directory: every cell is checked, good rows are kept, bad rows are named."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tools.errors import Problem
from tools.services import cells, codes
from tools.services.columns import ABOUT, AREAS, DAY_COLUMNS, ORGANISATIONS, SERVICES, TERMS, Column
from tools.services.finding import Finding, Severity
from tools.services.model import (
    DAYS,
    About,
    Contact,
    Cost,
    Directory,
    Location,
    Organisation,
    Phone,
    Place,
    Schedule,
    Service,
)

#: Ids that are made here come from this one and from what the entry is called, so that they stay the same.
NAMESPACE: Final = uuid.UUID("5f0f4e0e-8d0e-5b6c-9a53-3a1c7a3c2a11")

Row = tuple[int, Mapping[str, str]]


@dataclass(frozen=True)
class Sheets:
    """The cells of a file, as text: rows of each sheet with their numbers, by the keys of the columns."""

    about: Sequence[Row] = ()
    organisations: Sequence[Row] = ()
    services: Sequence[Row] = ()
    areas: Sequence[Row] = ()
    findings: tuple[Finding, ...] = ()
    partial: bool = False


@dataclass
class _Reader:
    findings: list[Finding] = field(default_factory=list)

    def say(self, severity: Severity, sheet: str, row: int, column: str, problem: Problem) -> None:
        self.findings.append(Finding(severity, sheet, row, column, problem))

    def cells(self, sheet: str, number: int, row: Mapping[str, str], columns: Sequence[Column]) -> dict[str, Any]:
        """Return what the cells of a row mean; a cell that is wrong is told and left out."""
        found: dict[str, Any] = {}
        for column in columns:
            text = row.get(column.key, "").strip()
            if not text:
                if column.required:
                    self.say("error", sheet, number, column.label, Problem("DIR_001", label=column.label, help=column.help))  # fmt: skip
                continue
            try:
                found[column.key] = self._cell(sheet, number, column, text)
            except Problem as problem:
                self.say("error", sheet, number, column.label, problem)
        return found

    def _cell(self, sheet: str, number: int, column: Column, text: str) -> Any:
        kind = column.kind
        if len(text) > cells.TEXT_MAX:
            raise Problem("DIR_030", label=column.label, limit=cells.TEXT_MAX)
        if kind in ("text", "areas"):
            return text
        if kind in ("code", "answer"):
            return cells.code(column, text)
        if kind == "codes":
            return tuple(cells.code(column, part) for part in cells.split(text))
        if kind == "languages":
            found, said = cells.languages(text)
            for problem in said:
                self.say("warning", sheet, number, column.label, problem)
            return found
        return _PARSERS[kind](column, text)


_PARSERS: Final[dict[str, Any]] = {
    "date": cells.date, "age": cells.age, "phone": cells.phone, "email": cells.email, "url": cells.url,
    "hours": cells.hours, "coordinate": cells.coordinate, "country": cells.country,
}  # fmt: skip


def read(sheets: Sheets) -> tuple[Directory, tuple[Finding, ...]]:
    """Return the directory that sheets hold, without the rows that have errors.

    Parameters
    ----------
    sheets : Sheets

    Returns
    -------
    directory : Directory
        Good rows only.
    findings : tuple of Finding
        In the order of the sheets.
    """
    reader = _Reader(list(sheets.findings))
    about = _about(reader, sheets)
    areas = _areas(reader, sheets)
    organisations = _organisations(reader, sheets)
    services = _services(reader, sheets, areas, organisations, about)
    used = {service.organisation for service in services}
    kept = {one.id: one for one in organisations.values() if not sheets.partial or one.id in used}
    return Directory(about, areas, kept, services), tuple(reader.findings)


def _about(reader: _Reader, sheets: Sheets) -> About:
    for number, row in sheets.about[:1]:
        found = reader.cells("About", number, row, ABOUT)
        given = {key: found[key] for key in found if key != "fictional"}
        return About(**given, fictional=found.get("fictional") == "yes")
    return About()


def _areas(reader: _Reader, sheets: Sheets) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for number, row in sheets.areas:
        name = reader.cells("Areas", number, row, AREAS).get("name", "")
        if name:
            found.setdefault(codes.folded(name), name)
    if sheets.partial and not found:  # a table of services alone: its areas are those it names
        for _, row in sheets.services:
            for name in cells.split(row.get("areas", "")):
                if codes.folded(name) != "all":
                    found.setdefault(codes.folded(name), name)
    return tuple(found.values())


def _organisations(reader: _Reader, sheets: Sheets) -> dict[str, Organisation]:
    """Return organisations by folded name."""
    found: dict[str, Organisation] = {}
    for number, row in sheets.organisations:
        before = len(reader.findings)
        cell = reader.cells("Organisations", number, row, ORGANISATIONS)
        name = cell.get("name", "")
        if name and codes.folded(name) in found:
            reader.say("error", "Organisations", number, "Name", Problem("DIR_034", name=cells.short(name)))
        if any(one.severity == "error" for one in reader.findings[before:]):
            continue
        place = Place("Organisations", number)
        found[codes.folded(name)] = Organisation(id=identity("organisation", name), place=place, **cell)
    if sheets.partial and not sheets.organisations:
        for number, row in sheets.services:
            name = row.get("organisation", "").strip()
            if name and codes.folded(name) not in found:
                found[codes.folded(name)] = Organisation(identity("organisation", name), name, place=Place("Services", number))  # fmt: skip
    return found


def identity(*parts: str) -> str:
    """Return an id that is the same whenever the parts are.

    >>> identity("organisation", "A") == identity("organisation", " a ")
    True
    """
    return quick("|".join(map(codes.folded, parts)))


def quick(name: str) -> str:
    """Return the UUID of a name in our namespace: what ``uuid.uuid5`` returns, ten times as fast.

    >>> quick("a") == str(uuid.uuid5(NAMESPACE, "a"))
    True
    """
    digest = bytearray(hashlib.sha1(NAMESPACE.bytes + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _services(
    reader: _Reader, sheets: Sheets, areas: Sequence[str], organisations: Mapping[str, Organisation], about: About
) -> tuple[Service, ...]:
    known = {codes.folded(area): area for area in areas}
    found: list[Service] = []
    taken: dict[str, int] = {}
    spoilt = {one.row for one in sheets.findings if one.severity == "error" and one.sheet == "Services" and one.row > 1}
    for number, row in sheets.services:
        before = len(reader.findings)
        cell = reader.cells("Services", number, row, SERVICES)
        _check_row(reader, number, row, cell)
        served = _served(reader, number, cell.get("areas", ""), known)
        who = organisations.get(codes.folded(cell.get("organisation", "")))
        if who is None and "organisation" in cell:
            reader.say("error", "Services", number, "Organisation", Problem("DIR_013", name=cells.short(cell["organisation"])))  # fmt: skip
        if any(one.severity == "error" for one in reader.findings[before:]) or who is None or number in spoilt:
            continue
        service = _service(number, cell, served, who, about)
        if service.id in taken and cell.get("id"):
            reader.say("error", "Services", number, "Id", Problem("DIR_029", id=cells.short(service.id), row=taken[service.id]))  # fmt: skip
            continue
        again = 1
        while service.id in taken:
            again += 1
            service = _service(number, cell, served, who, about, again)
        taken[service.id] = number
        found.append(service)
    return tuple(found)


def _served(reader: _Reader, number: int, text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    parts = cells.split(text)
    if any(codes.folded(part) == "all" for part in parts):
        return tuple(known.values())
    found = []
    for part in parts:
        area = known.get(codes.folded(part))
        if area is None:
            reader.say("error", "Services", number, "Areas served", Problem("DIR_012", value=cells.short(part)))
        else:
            found.append(area)
    return tuple(dict.fromkeys(found))


#: Columns that say where a place is.
WHERE: Final = ("place_name", "address", "postal_code", "latitude", "longitude", "transport")
_LABELS: Final = {column.key: column.label for column in SERVICES}


def _check_row(reader: _Reader, number: int, row: Mapping[str, str], cell: Mapping[str, Any]) -> None:
    """Say what is wrong between the cells of a row."""

    def say(severity: Severity, key: str, code: str, **fields: Any) -> None:
        reader.say(severity, "Services", number, _LABELS.get(key, ""), Problem(code, **fields))

    low, high = cell.get("minimum_age"), cell.get("maximum_age")
    if low is not None and high is not None and low > high:
        say("error", "maximum_age", "DIR_006", low=low, high=high)
    if cell.get("confidential") == "yes":
        for key in WHERE:
            if row.get(key, "").strip():
                say("error", key, "DIR_014", label=_LABELS[key])
    if not any(row.get(key, "").strip() for key in ("phone", "phone2", "email")):
        say("error", "phone", "DIR_016")
    for key in ("contact_role", "assurer"):
        if cells.looks_like_a_name(cell.get(key, "")):
            say("warning", key, "DIR_015", label=_LABELS[key])
    if cell.get("setting") == "closed":
        say("warning", "setting", "DIR_024")


def _service(
    number: int, cell: Mapping[str, Any], served: tuple[str, ...], who: Organisation, about: About, again: int = 1
) -> Service:
    where = {key: cell.get(key, "") for key in ("address", "town", "region", "postal_code", "transport", "latitude", "longitude")}  # fmt: skip
    location = Location(name=cell.get("place_name", ""), country=cell.get("country", about.country_code), **where)
    confidential = cell.get("confidential") == "yes"
    has_place = any(cell.get(key) for key in (*WHERE, "town", "region"))
    name = str(cell["name"])
    parts = ("service", who.name, name, *served[:1], where["town"], *([str(again)] if again > 1 else []))
    return Service(
        id=cell.get("id") or identity(*parts),
        organisation=who.id,
        name=name,
        types=tuple(dict.fromkeys((cell["types"], *cell.get("more_types", ())))),
        areas=served,
        location=location if has_place and not confidential else None,
        phones=tuple(
            Phone(cell[key], cell.get(f"{key}_kind", "voice"), cell.get(f"{key}_note", ""))
            for key in ("phone", "phone2")
            if key in cell
        ),
        schedules=_schedules(cell),
        cost=Cost(cell.get("cost", ""), cell.get("cost_note", "")),
        contact=Contact(cell.get("contact_role", "")),
        attributes={term: cell[key] for key, term in TERMS.items() if key in cell},
        place=Place("Services", number),
        **{key: cell[key] for key in _PLAIN if key in cell},
    )


_PLAIN: Final = (
    "description", "status", "eligibility", "minimum_age", "maximum_age", "apply", "documents", "languages",
    "interpreter", "accessibility", "email", "website", "hours_note", "setting", "alert", "assured_date", "assurer",
    "note",
)  # fmt: skip


def _schedules(cell: Mapping[str, Any]) -> tuple[Schedule, ...]:
    if cell.get("always") == "yes":
        return tuple(Schedule(day, 0, 1440) for day in DAYS)
    return tuple(span for day in DAY_COLUMNS for span in cell.get(day, ()))


def rows_of(directory: Directory) -> Iterable[Row]:
    """Yield the rows of the sheet Services that say what a directory holds, names instead of codes."""
    for number, service in enumerate(directory.services, start=2):
        yield number, row_of(directory, service)


def row_of(directory: Directory, service: Service) -> dict[str, str]:
    """Return one service as the cells of its row."""
    named = {column.key: column.codes for column in SERVICES if column.kind in ("code", "answer")}

    def name(key: str, code: str) -> str:
        one = codes.codes(named[key]).get(code)
        return one.name if one else code

    types = codes.codes("types")
    row = {
        "id": service.id,
        "organisation": directory.organisation(service).name,
        "name": service.name,
        "types": name("types", service.types[0]) if service.types else "",
        "more_types": "; ".join(types[one].name for one in service.types[1:] if one in types),
        "minimum_age": "" if service.minimum_age is None else str(service.minimum_age),
        "maximum_age": "" if service.maximum_age is None else str(service.maximum_age),
        "languages": "; ".join(one.name for one in service.languages),
        "areas": "All" if service.areas and service.areas == directory.areas else "; ".join(service.areas),
        "cost": name("cost", service.cost.code),
        "cost_note": service.cost.note,
        "contact_role": service.contact.role,
        "assured_date": service.assured_date.isoformat() if service.assured_date else "",
        "status": name("status", service.status),
        "setting": name("setting", service.setting),
        "always": "Yes" if service.is_always_open else "",
    }
    for key in ("description", "eligibility", "apply", "documents", "interpreter", "accessibility", "email", "website",
                "hours_note", "alert", "assurer", "note"):  # fmt: skip
        row[key] = getattr(service, key)
    for key, term in TERMS.items():
        row[key] = name(key, service.attributes.get(term, ""))
    for key, phone in zip(("phone", "phone2"), service.phones, strict=False):
        row |= {key: phone.number, f"{key}_kind": name(f"{key}_kind", phone.kind), f"{key}_note": phone.note}
    if not service.is_always_open:
        for day, key in zip(DAYS, DAY_COLUMNS, strict=True):
            row[key] = "; ".join(span(one) for one in service.schedules if one.day == day)
    if service.location is not None:
        place = service.location
        row |= {"place_name": place.name} | {
            key: getattr(place, key)
            for key in ("address", "town", "region", "postal_code", "country", "transport", "latitude", "longitude")
        }
    return row


def span(one: Schedule) -> str:
    """Return hours as they are written.

    >>> span(Schedule("MO", 540, 1560))
    '09:00-02:00'
    """
    return f"{clock(one.opens)}-{clock(one.closes if one.closes <= 1440 else one.closes - 1440)}"


def clock(minutes: int) -> str:
    """Return a time of day; midnight at the end of a day is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def today_is_after(day: datetime.date | None, as_of: datetime.date) -> bool:
    """Tell whether a date lies in the future of the day that counts as today."""
    return day is not None and day > as_of
