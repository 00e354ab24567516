"""What a directory of services holds. Terms follow the Human Services Data Specification where it has one."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: Days as iCalendar names them, Monday first.
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: After so many days an entry has to be checked again (six months).
STALE_DAYS: Final = 183


@dataclass(frozen=True)
class Place:
    """Where an entry stands in the file it came from; row 0 for an entry of a data package."""

    sheet: str
    row: int


@dataclass(frozen=True)
class Organisation:
    """Who offers services."""

    id: str
    name: str
    other_name: str = ""
    kind: str = ""
    description: str = ""
    email: str = ""
    website: str = ""
    place: Place = Place("", 0)


@dataclass(frozen=True)
class Phone:
    """A telephone number, as people dial it."""

    number: str
    kind: str = "voice"
    note: str = ""


@dataclass(frozen=True)
class Schedule:
    """Hours of one day, in minutes after midnight; a closing time beyond 1440 lies on the day after."""

    day: str
    opens: int
    closes: int


@dataclass(frozen=True)
class Language:
    """A language: its ISO 639 code (may be empty) and its name."""

    code: str
    name: str


@dataclass(frozen=True)
class Location:
    """Where people go. A service whose place is confidential has an area and no location."""

    name: str = ""
    address: str = ""
    town: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    transport: str = ""
    latitude: str = ""
    longitude: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The address as it is written on a letter."""
        town = " ".join(filter(None, (self.postal_code, self.town)))
        region = "" if self.region == self.town else self.region
        return tuple(filter(None, (self.name, self.address, town, region)))


@dataclass(frozen=True)
class Cost:
    """What it costs: a code of the list, and a sentence."""

    code: str = ""
    note: str = ""


@dataclass(frozen=True)
class Contact:
    """Whom to ask for. The name is read so that it can be warned of; it is never published."""

    role: str = ""
    name: str = ""


@dataclass(frozen=True)
class Service:
    """One service of one organisation, at one place or at none.

    Attributes
    ----------
    attributes : mapping
        Codes of the list ``terms``, each ``"yes"``, ``"no"`` or ``"unknown"``.
    assured_date : date or None
        When somebody last asked the service itself whether the entry is right.
    """

    id: str
    organisation: str
    name: str
    types: tuple[str, ...] = ()
    description: str = ""
    status: str = "active"
    eligibility: str = ""
    minimum_age: int | None = None
    maximum_age: int | None = None
    apply: str = ""
    documents: str = ""
    cost: Cost = Cost()
    languages: tuple[Language, ...] = ()
    interpreter: str = ""
    accessibility: str = ""
    areas: tuple[str, ...] = ()
    location: Location | None = None
    phones: tuple[Phone, ...] = ()
    email: str = ""
    website: str = ""
    schedules: tuple[Schedule, ...] = ()
    hours_note: str = ""
    contact: Contact = Contact()
    setting: str = ""
    alert: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    assured_date: datetime.date | None = None
    assurer: str = ""
    note: str = ""
    place: Place = Place("", 0)

    def has(self, term: str) -> bool:
        """Tell whether an attribute is answered with yes."""
        return self.attributes.get(term) == "yes"

    @property
    def is_confidential(self) -> bool:
        """Whether nobody may learn where it is."""
        return self.has("confidential")

    @property
    def is_hotline(self) -> bool:
        """Whether it is a number to call first."""
        return "hotline" in self.types

    @property
    def is_always_open(self) -> bool:
        """Whether it is open at every hour of every day."""
        return {s.day for s in self.schedules if s.opens == 0 and s.closes >= 1439} == set(DAYS)


@dataclass(frozen=True)
class About:
    """What the directory says of itself."""

    title: str = "Services for people who were trafficked"
    country: str = ""
    country_code: str = ""
    publisher: str = ""
    corrections: str = ""
    language: str = "en"
    note: str = ""
    fictional: bool = False


@dataclass(frozen=True)
class Directory:
    """A directory as it was read: with everything that must not be published."""

    about: About = About()
    areas: tuple[str, ...] = ()
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    services: tuple[Service, ...] = ()

    def organisation(self, service: Service) -> Organisation:
        """Return who offers a service."""
        return self.organisations.get(service.organisation) or Organisation(service.organisation, "")
