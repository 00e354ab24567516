"""The directory as a package of the Human Services Data Specification, and such a package as a directory."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tools.errors import Problem, near
from tools.services import cells, codes, values
from tools.services.finding import Finding
from tools.services.model import (
    DAYS,
    About,
    Contact,
    Cost,
    Directory,
    Language,
    Location,
    Organisation,
    Phone,
    Place,
    Schedule,
    Service,
)
from tools.services.package import Package, Row, Table
from tools.services.rows import clock, identity, quick
from tools.services.tables import DATES, ENUMS, LINKS, NUMBERS, REMOVED, TABLES, TIMES

_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)
#: The taxonomies of this project, in ``taxonomies.csv``: name to code list.
TAXONOMIES: Final = {
    "Kinds of help after trafficking": "types",
    "Who is served and how": "terms",
    "Open and closed places": "settings",
    "Kinds of organisation": "organisation-types",
    "Kinds of cost": "cost",
}
_TAXONOMY_TEXT: Final = "Terms of the counter-trafficking practitioner guides."


# --- validation --------------------------------------------------------------------------------------


def validate(package: Package) -> tuple[Finding, ...]:
    """Return what a package does not have as the specification asks.

    Missing keys, ids that are taken, words that are not in a list and keys that lead nowhere are told row by row.
    Tables and columns that the specification does not know are allowed, and kept.
    """
    found = list(package.findings)
    ids = {name: {row["id"] for row in package.rows(name) if isinstance(row.get("id"), str)} for name in TABLES}
    for name, table in package.tables.items():
        if name in REMOVED:
            found.append(Finding("warning", table.file, 0, "", Problem("DIR_049", table=name, instead=REMOVED[name])))
        if name in TABLES:
            found += _validate(package, table, ids)
    return tuple(found)


def _validate(package: Package, table: Table, ids: Mapping[str, set[str]]) -> Iterator[Finding]:
    spec = TABLES[table.name]
    required = spec.nested_required if package.kind == "json" else spec.required
    numbers = [column for owner, column in NUMBERS if owner == table.name]
    dates = [column for owner, column in DATES if owner == table.name]
    times = [column for owner, column in TIMES if owner == table.name]
    words = {column: known for (owner, column), known in ENUMS.items() if owner == table.name}
    keys = {f"{other}_id": other for other in (*spec.parents, *spec.one_of)}
    seen: set[str] = set()
    for number, row in enumerate(table.rows, start=2):

        def say(severity: Any, place: str, code: str, number: int = number, **fields: Any) -> Finding:
            return Finding(severity, table.file, number, place, Problem(code, **fields))

        for column in required:
            if row.get(column) is None:
                yield say("error", column, "DIR_043", column=column)
            elif row[column] == "" and column != "description":
                yield say("warning", column, "DIR_043", column=column)
        key = row.get("id")
        if isinstance(key, str):
            if key in seen:
                yield say("error", "id", "DIR_044", id=cells.short(key))
            seen.add(key)
            if not _UUID.fullmatch(key):
                yield say("warning", "id", "DIR_046", id=cells.short(key))
        for column, other in keys.items():
            if isinstance(row.get(column), str) and row[column] and row[column] not in ids[other]:
                yield say("error", column, "DIR_045", column=column, id=cells.short(row[column]), table=other)
        for column, known in words.items():
            if column in row and row[column] not in (None, "") and row[column] not in known:
                value = cells.short(values.as_text(row[column]))
                yield say("error", column, "DIR_048", value=value, near=near(value, known), known=", ".join(known))
        for column in numbers:
            if row.get(column) not in (None, "") and not values.NUMBER.fullmatch(values.as_text(row[column])):
                yield say("warning", column, "DIR_050", value=cells.short(values.as_text(row[column])), wanted="a number")  # fmt: skip
        for column in dates:
            if row.get(column) not in (None, "") and _date(row[column]) is None:
                yield say("warning", column, "DIR_050", value=cells.short(values.as_text(row[column])), wanted="a date as year-month-day")  # fmt: skip
        for column in times:
            if row.get(column) not in (None, "") and _minutes(row[column]) is None:
                yield say("warning", column, "DIR_050", value=cells.short(values.as_text(row[column])), wanted="a time as hours:minutes")  # fmt: skip


def _date(value: Any) -> datetime.date | None:
    match = re.match(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T|$)", value) if isinstance(value, str) else None
    try:
        return datetime.date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def _minutes(value: Any) -> int | None:
    match = re.match(r"([01]?[0-9]|2[0-4]):?([0-5][0-9])", value) if isinstance(value, str) else None
    return int(match[1]) * 60 + int(match[2]) if match else None


# --- a package as a directory --------------------------------------------------------------------------


def directory_of(package: Package) -> Directory:
    """Return what a package says, in the terms of the directory; the package keeps the rest.

    Confidential places come along, so that a version for staff can be made of it; what is published leaves them out.
    """
    return _Reading(package).directory()


class _Reading:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.terms = {row["id"]: row for row in package.rows("taxonomy_term") if isinstance(row.get("id"), str)}
        self.by: dict[tuple[str, str], dict[str, list[Row]]] = {}
        for name, spec in TABLES.items():
            for parent in spec.parents:
                self._index(name, parent, f"{parent}_id")
        self.attributes: dict[str, list[Row]] = {}
        for row in package.rows("attribute"):
            self.attributes.setdefault(_text(row, "link_id"), []).append(row)
        self.locations = {row["id"]: row for row in package.rows("location") if isinstance(row.get("id"), str)}

    def _index(self, name: str, parent: str, column: str) -> None:
        found: dict[str, list[Row]] = {}
        for row in self.package.rows(name):
            if isinstance(row.get(column), str):
                found.setdefault(row[column], []).append(row)
        self.by[name, parent] = found

    def of(self, name: str, parent: str, key: str) -> list[Row]:
        return self.by[name, parent].get(key, [])

    def directory(self) -> Directory:
        organisations = {}
        for number, row in enumerate(self.package.rows("organization"), start=2):
            key = _text(row, "id")
            kinds = [code for _, code, value in self.said(key, "organisation-types") if value != "no"]
            organisations[key] = Organisation(
                key, _text(row, "name"), _text(row, "alternate_name"), kinds[0] if kinds else "",
                _text(row, "description"), _text(row, "email"), _text(row, "website") or _text(row, "url"),
                Place("organizations.csv", number),
            )  # fmt: skip
        services = tuple(self.service(number, row) for number, row in enumerate(self.package.rows("service"), start=2))
        areas = tuple(dict.fromkeys(area for service in services for area in service.areas))
        return Directory(self.about(), areas, organisations, services)

    def about(self) -> About:
        root = {**self.package.descriptor, **self.package.root}
        given = root.get("x-directory")
        if not isinstance(given, dict):
            return About(**({"title": root["title"]} if isinstance(root.get("title"), str) else {}))
        known: dict[str, Any] = {
            key: value
            for key, value in given.items()
            if key in About.__dataclass_fields__ and isinstance(value, bool if key == "fictional" else str)
        }
        return About(**known)

    def said(self, key: str, name: str) -> Iterator[tuple[Row, str, str]]:
        """Yield the terms of one of our lists that an object carries: the row, the code, the value."""
        for row in self.attributes.get(key, ()):
            term = self.terms.get(_text(row, "taxonomy_term_id"), {})
            if TAXONOMIES.get(_text(term, "taxonomy"), name) != name:
                continue
            code = codes.find(name, _text(term, "code")) or codes.find(name, _text(term, "name"))
            if code is not None:
                yield row, code, codes.find("answers", _text(row, "value")) or "yes"

    def service(self, number: int, row: Row) -> Service:
        key = row["id"] if isinstance(row.get("id"), str) else ""
        link = next(iter(self.of("service_at_location", "service", key)), {})
        place = self.locations.get(_text(link, "location_id"), {})
        spot, where = _text(link, "id"), _text(place, "id")
        attributes = {code: value for _, code, value in self.said(key, "terms")}
        for other in (spot, where):
            attributes = {code: value for _, code, value in self.said(other, "terms")} | attributes
        attributes |= _flags(row) | _flags(place)

        def rows(name: str) -> list[Row]:
            parents = TABLES[name].parents
            found = list(self.of(name, "service", key))
            found += self.of(name, "service_at_location", spot) if spot and "service_at_location" in parents else []
            found += self.of(name, "location", where) if where and "location" in parents else []
            return list({id(one): one for one in found}.values())

        kinds = list(dict.fromkeys(code for _, code, value in self.said(key, "types") if value != "no"))
        contact = next(iter(rows("contact")), {})
        phones = rows("phone") or [p for one in rows("contact") for p in self.of("phone", "contact", _text(one, "id"))]
        phones = phones or self.of("phone", "organization", _text(row, "organization_id"))
        schedules = rows("schedule")
        return Service(
            id=key, organisation=_text(row, "organization_id"), name=_text(row, "name"), types=tuple(kinds),
            description=_text(row, "description"), status=_text(row, "status"),
            eligibility=_text(row, "eligibility_description"), minimum_age=_whole(row.get("minimum_age")),
            maximum_age=_whole(row.get("maximum_age")), apply=_text(row, "application_process"),
            documents="; ".join(_text(one, "document") for one in self.of("required_document", "service", key)),
            cost=self.cost(row, key),
            languages=tuple(dict.fromkeys(_language(one) for one in rows("language"))),
            interpreter=_text(row, "interpretation_services"),
            accessibility="; ".join(filter(None, (_text(one, "description") for one in self.of("accessibility", "location", where)))) or _text(row, "accessibility_note"),
            areas=tuple(dict.fromkeys(_text(one, "name") for one in rows("service_area") if _text(one, "name"))),
            location=self.location(place) if place and _text(place, "location_type") != "virtual" else None,
            phones=tuple(dict.fromkeys(_phone(one) for one in phones)),
            email=_text(row, "email"), website=_text(row, "url"),
            schedules=tuple(sorted((span for one in schedules for span in _spans(one)), key=lambda span: (DAYS.index(span.day), span.opens))),
            hours_note="; ".join(dict.fromkeys(filter(None, (_text(one, "description") for one in schedules)))),
            contact=Contact(_text(contact, "title"), _text(contact, "name")),
            setting=next((code for _, code, value in self.said(key, "settings") if value != "no"), ""),
            alert=_text(row, "alert"), attributes=attributes, assured_date=_date(row.get("assured_date")),
            assurer=_text(row, "assurer_role") or _text(row, "assurer_email"), note=_text(row, "editor_note"), place=Place("services.csv", number),
        )  # fmt: skip

    def cost(self, row: Row, key: str) -> Cost:
        code = next((code for _, code, value in self.said(key, "cost") if value != "no"), "")
        options = self.of("cost_option", "service", key)
        note = _text(row, "fees_description") or "; ".join(
            " ".join(filter(None, (values.as_text(one.get(part)) for part in ("option", "amount", "currency", "amount_description"))))
            for one in options
        )  # fmt: skip
        return Cost(code, note)

    def location(self, row: Row) -> Location:
        address = next(iter(self.of("address", "location", _text(row, "id"))), {})
        street = ", ".join(filter(None, (_text(address, "address_1"), _text(address, "address_2"))))
        return Location(
            _text(row, "name"), street, _text(address, "city"),
            _text(address, "state_province") or _text(address, "region"), _text(address, "postal_code"),
            _text(address, "country"), _text(row, "transportation"), values.as_text(row.get("latitude")),
            values.as_text(row.get("longitude")),
        )  # fmt: skip


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else values.as_text(value) if values.is_number(value) else ""


def _whole(value: Any) -> int | None:
    text = values.as_text(value)
    return int(float(text)) if values.NUMBER.fullmatch(text) and 0 <= float(text) <= 150 else None


def _language(row: Row) -> Language:
    name, code = _text(row, "name"), _text(row, "code")
    known = codes.language(code) or codes.language(name)
    return Language(known[0], name or known[1]) if known else Language(code, name or code)


def _phone(row: Row) -> Phone:
    number = _text(row, "number").strip().strip('"').strip()
    extension = values.as_text(row.get("extension"))
    kind = codes.find("phone-types", _text(row, "type")) or "voice"
    return Phone(f"{number} ext {extension}" if extension else number, kind, _text(row, "description"))


_YES: Final = frozenset({"yes", "true", "1", "y"})


def _flags(row: Row) -> dict[str, str]:
    """Return what an extra column of that name says of confidentiality; a column of another kind says nothing."""
    found = {}
    for term in ("confidential", "do-not-publish"):
        for name in (term, term.replace("-", "_")):
            if values.as_text(row.get(name)).strip().casefold() in _YES:
                found[term] = "yes"
    if _text(row, "location_type") == "redacted":
        found["confidential"] = "yes"
    return found


def _spans(row: Row) -> Iterator[Schedule]:
    opens, closes = _minutes(row.get("opens_at")), _minutes(row.get("closes_at"))
    days = [day for day in re.split(r"[,\s]+", _text(row, "byday").upper()) if day in DAYS]
    if opens is None or closes is None or _text(row, "freq") not in ("WEEKLY", "") or opens >= 1440:
        return
    if closes in (1439, 0) or closes == opens:
        closes = 1440
    for day in days:
        yield Schedule(day, opens, closes if closes > opens else closes + 1440)


# --- a directory as a package ----------------------------------------------------------------------------


def package_of(directory: Directory) -> Package:
    """Return a directory as tables of the specification; it holds what the directory holds, and nothing is left out.

    What may be published has to be chosen before: :func:`tools.services.publish.publishable`.
    """
    return _Writing(directory).package()


class _Writing:
    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.rows: dict[str, list[Row]] = {}
        self.used: dict[tuple[str, str], str] = {}

    def add(self, table: str, key: str, **cells_: Any) -> str:
        """Add a row, without cells that are empty; return its id."""
        made = key if _UUID.fullmatch(key) else quick(f"{table}|{key}")
        self.rows.setdefault(table, []).append({"id": made, **{k: v for k, v in cells_.items() if v not in (None, "")}})
        return made

    def term(self, owner: str, table: str, taxonomy: str, code: str, value: str = "") -> None:
        """Let an object carry a term of one of our lists."""
        name = TAXONOMIES[taxonomy]
        one = codes.codes(name).get(code)
        if one is None:
            return
        term = self.used.setdefault((taxonomy, code), identity("term", name, code))
        link_id, link_entity = LINKS["attribute"]
        self.add("attribute", f"{owner}|{name}|{code}", **{
            link_id: owner, "taxonomy_term_id": term, "link_type": name, link_entity: table, "value": value,
        })  # fmt: skip

    def package(self) -> Package:
        known = {}
        for one in self.directory.organisations.values():
            key = known[one.id] = self.add(
                "organization", one.id, name=one.name, alternate_name=one.other_name,
                description=one.description or one.name, email=one.email, website=one.website,
            )  # fmt: skip
            self.term(key, "organization", "Kinds of organisation", one.kind)
        for service in self.directory.services:
            self.service(service, known.get(service.organisation, service.organisation))
        self.taxonomies()
        tables = {
            name: Table(
                name, tuple(dict.fromkeys(key for row in self.rows[name] for key in row)), tuple(self.rows[name])
            )
            for name in TABLES
            if name in self.rows
        }
        about = self.directory.about
        said = {key: getattr(about, key) for key in About.__dataclass_fields__ if getattr(about, key)}
        return Package(tables, {"title": about.title}, {"x-directory": said})

    def taxonomies(self) -> None:
        made: dict[str, str] = {}
        for (taxonomy, code), _key in self.used.items():
            name = TAXONOMIES[taxonomy]
            if taxonomy not in made:
                made[taxonomy] = self.add("taxonomy", f"taxonomy|{name}", name=taxonomy, description=_TAXONOMY_TEXT)
            one = codes.codes(name)[code]
            self.add(
                "taxonomy_term", self.used[taxonomy, code], code=code, name=one.name,
                description=one.plain or one.name, taxonomy=taxonomy, taxonomy_id=made[taxonomy], language="en",
            )  # fmt: skip

    def service(self, one: Service, organisation: str) -> None:
        location = self.location(one) if one.location else ""
        key = self.add(
            "service", one.id, organization_id=organisation, name=one.name, description=one.description,
            url=one.website, email=one.email, status=one.status or "active", interpretation_services=one.interpreter,
            application_process=one.apply, fees_description=one.cost.note, eligibility_description=one.eligibility,
            minimum_age=one.minimum_age, maximum_age=one.maximum_age,
            assured_date=one.assured_date.isoformat() if one.assured_date else "",
            assurer_email=one.assurer if "@" in one.assurer else "", alert=one.alert,
            assurer_role="" if "@" in one.assurer else one.assurer, editor_note=one.note,
            accessibility_note="" if location else one.accessibility,
        )  # fmt: skip
        if location:
            self.add("service_at_location", f"at|{key}", service_id=key, location_id=location)
            if one.accessibility:
                self.add("accessibility", f"access|{key}", location_id=location, description=one.accessibility)
        for number, phone in enumerate(one.phones):
            self.add("phone", f"phone|{key}|{number}", service_id=key, number=phone.number, type=phone.kind, description=phone.note)  # fmt: skip
        if one.contact != Contact():
            self.add("contact", f"contact|{key}", service_id=key, name=one.contact.name, title=one.contact.role)
        for number, (days, opens, closes) in enumerate(_weekly(one)):
            self.add(
                "schedule", f"schedule|{key}|{number}", service_id=key, freq="WEEKLY" if days else "", wkst="MO" if days else "",
                byday=days, opens_at=opens, closes_at=closes, description=one.hours_note,
            )  # fmt: skip
        for language in one.languages:
            self.add("language", f"language|{key}|{language.name}", service_id=key, name=language.name, code=language.code)  # fmt: skip
        if one.documents:
            self.add("required_document", f"document|{key}", service_id=key, document=one.documents)
        for area in one.areas:
            self.add("service_area", f"area|{key}|{area}", service_id=key, name=area)
        for code in one.types:
            self.term(key, "service", "Kinds of help after trafficking", code)
        for code, value in one.attributes.items():
            self.term(key, "service", "Who is served and how", code, value)
        self.term(key, "service", "Open and closed places", one.setting)
        self.term(key, "service", "Kinds of cost", one.cost.code)

    def location(self, one: Service) -> str:
        place = one.location or Location()
        key = self.add(
            "location", f"location|{one.id}", location_type="physical", name=place.name,
            transportation=place.transport, latitude=_coordinate(place.latitude), longitude=_coordinate(place.longitude),
        )  # fmt: skip
        if place.address or place.town:
            # The specification wants every part of an address; what a country does not have stays an empty text.
            row = self.add("address", f"address|{one.id}", location_id=key)
            self.rows["address"][-1] = {
                "id": row, "location_id": key, "address_1": place.address, "city": place.town,
                "state_province": place.region, "postal_code": place.postal_code,
                "country": place.country or self.directory.about.country_code, "address_type": "physical",
            }  # fmt: skip
        return key


def _coordinate(text: str) -> Any:
    return values.number(text) if values.NUMBER.fullmatch(text) else None


def _weekly(one: Service) -> Iterable[tuple[str, str, str]]:
    """Return weekly rules: days with the same hours in one row. Day and night is 00:00 to 23:59."""
    found: dict[tuple[int, int], list[str]] = {}
    for span in one.schedules:
        found.setdefault((span.opens, span.closes), []).append(span.day)
    if not found and one.hours_note:
        return [("", "", "")]
    return [
        (",".join(days), clock(opens), "23:59" if closes == 1440 else clock(closes % 1440))
        for (opens, closes), days in found.items()
    ]
