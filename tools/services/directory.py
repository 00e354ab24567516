"""Checks of a directory as a whole: stale rows, likely twins, and who is left out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tools.errors import Problem
from tools.services import cells, codes
from tools.services.finding import Finding
from tools.services.model import STALE_DAYS, Directory, Service

#: Words of names that tell services apart as little as "the".
_COMMON = frozenset(
    "the of for and a an in to at on service services help centre center office support".split()  # noqa: SIM905
)
#: Rows of one telephone number that are compared with each other; a switchboard serves more, and proves nothing.
_BLOCK_MAX = 40


@dataclass(frozen=True)
class Twins:
    """Two rows that may be one service, and why."""

    first: Service
    second: Service
    why: str


def check(directory: Directory, as_of: datetime.date) -> tuple[Finding, ...]:
    """Return what is worth a look in a directory whose rows are good.

    Parameters
    ----------
    directory : Directory
    as_of : date
        The day that counts as today.
    """
    return (*_rows(directory, as_of), *_twins(directory), *_coverage(directory))


def _rows(directory: Directory, as_of: datetime.date) -> Iterator[Finding]:
    for one in directory.services:
        sheet, row = one.place.sheet, one.place.row
        day = one.assured_date
        if day is None:
            yield Finding("warning", sheet, row, "Checked on", Problem("DIR_018"))
        elif day > as_of:
            yield Finding("warning", sheet, row, "Checked on", Problem("DIR_004", date=day, as_of=as_of))
        elif is_stale(one, as_of):
            yield Finding("warning", sheet, row, "Checked on", Problem("DIR_017", date=day, as_of=as_of))
        if one.is_confidential and one.location is not None:
            yield Finding("warning", sheet, row, "Address", Problem("DIR_036"))
        if one.contact.name:
            yield Finding("warning", sheet, row, "Contact", Problem("DIR_015", label="Contact"))


def is_stale(one: Service, as_of: datetime.date) -> bool:
    """Tell whether an entry has to be checked again."""
    return one.assured_date is None or (as_of - one.assured_date).days > STALE_DAYS


def stale(directory: Directory, as_of: datetime.date) -> tuple[Service, ...]:
    """Return the entries to check again, the oldest first; those never checked before all others."""
    found = [one for one in directory.services if is_stale(one, as_of) and one.status != "defunct"]
    return tuple(sorted(found, key=lambda one: (one.assured_date or datetime.date.min, one.name)))


def _key(text: str) -> frozenset[str]:
    """Return the words of a name that tell it apart.

    >>> sorted(_key("The Legal-Aid Office for Workers"))
    ['aid', 'legal', 'workers']
    """
    words = re.findall(r"\w+", codes.folded(text))
    return (
        frozenset(word for word in words if word not in _COMMON)
        or frozenset(word for word in words if len(word) > 3)
        or frozenset(words)
    )


def duplicates(directory: Directory) -> tuple[Twins, ...]:
    """Return pairs of rows that may be one service: the same number and a like name, or the same name and district."""
    keys = {id(one): _key(one.name) for one in directory.services}
    by_phone: dict[str, list[Service]] = {}
    by_name: dict[frozenset[str], list[Service]] = {}
    for one in directory.services:
        for number in {re.sub(r"\D", "", phone.number)[-8:] for phone in one.phones}:
            if len(number) >= 5:
                by_phone.setdefault(number, []).append(one)
        by_name.setdefault(keys[id(one)], []).append(one)
    found: dict[tuple[int, int], Twins] = {}
    for group in by_phone.values():
        for first, second in _pairs(group):
            mine, other = keys[id(first)], keys[id(second)]
            if len(mine & other) / len(mine | other) >= 0.6 and _near(first, second):
                found.setdefault((id(first), id(second)), Twins(first, second, "the same telephone number and a like name"))  # fmt: skip
    for group in by_name.values():
        for first, second in _pairs(group):
            mine, other = (_key(directory.organisation(one).name) for one in (first, second))
            if len(mine & other) / len(mine | other) >= 0.6 and _near(first, second):
                found.setdefault((id(first), id(second)), Twins(first, second, "the same name, organisation and district"))  # fmt: skip
    return tuple(found.values())


def _pairs(group: Sequence[Service]) -> Iterator[tuple[Service, Service]]:
    group = group[:_BLOCK_MAX]
    return ((first, second) for number, first in enumerate(group) for second in group[number + 1 :])


def _near(first: Service, second: Service) -> bool:
    return not first.areas or not second.areas or bool(set(first.areas) & set(second.areas))


def _twins(directory: Directory) -> Iterator[Finding]:
    for twins in duplicates(directory):
        other = f"row {twins.first.place.row}" if twins.first.place.row else f"'{cells.short(twins.first.name)}'"
        yield Finding(
            "warning", twins.second.place.sheet, twins.second.place.row, "Service",
            Problem("DIR_019", other=other, why=twins.why),
        )  # fmt: skip


def _coverage(directory: Directory) -> Iterator[Finding]:
    running = [one for one in directory.services if one.status == "active" and not one.has("do-not-publish")]
    if not any(one.is_hotline and one.phones for one in running):
        yield Finding("warning", "Services", 0, "", Problem("DIR_020"))
    if not any(one.has("men") for one in running):
        yield Finding("warning", "Services", 0, "Men", Problem("DIR_023"))
    else:
        for kind in ("shelter", "health", "legal"):
            some = [one for one in running if kind in one.types]
            if some and not any(one.has("men") for one in some):
                yield Finding("warning", "Services", 0, "Men", Problem("DIR_021", kind=codes.codes("types")[kind].name))
    served = {area for one in running for area in one.areas}
    for area in directory.areas:
        if area not in served:
            yield Finding("warning", "Areas", 0, "", Problem("DIR_022", area=area))


def in_areas(directory: Directory, areas: Iterable[str]) -> tuple[Service, ...]:
    """Return the services that serve any of some districts."""
    wanted = set(areas)
    return tuple(one for one in directory.services if wanted & set(one.areas))
