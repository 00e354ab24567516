"""Everything that is made of a directory: pages, booklet, cards, files for exchange, lists for the editors."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tools.errors import Problem, near
from tools.services import codes, hsds, nested, package
from tools.services.directory import check, duplicates, stale
from tools.services.finding import Finding
from tools.services.model import Directory, Service
from tools.services.package import Package
from tools.services.publish import Public, publishable, publishable_package
from tools.surfaces import directory_booklet as booklet
from tools.surfaces import directory_page
from tools.surfaces.cells import safe
from tools.surfaces.directory_files import Opened, zipped

#: Sets HTML as PDF: name to document and style, name to bytes.
Typesetter = Callable[[Mapping[str, tuple[str, str]]], Mapping[str, bytes]]
_STAFF: Final = "confidential--staff-only"


@dataclass(frozen=True)
class Built:
    """What was made: files by name, and what to tell."""

    files: Mapping[str, bytes]
    notes: tuple[Problem, ...] = ()


def findings(opened: Opened, as_of: datetime.date) -> tuple[Finding, ...]:
    """Return everything that is wrong with a directory or worth a look, row by row and as a whole."""
    return (*opened.findings, *check(opened.directory, as_of))


def bad_rows(found: Sequence[Finding]) -> int:
    """Return how many rows have errors; what concerns a whole sheet counts as one."""
    return len({(one.sheet, one.row) for one in found if one.severity == "error"})


def build(
    opened: Opened,
    as_of: datetime.date,
    typesetter: Typesetter | None,
    *,
    anyway: bool = False,
    areas: Sequence[str] = (),
    with_confidential: bool = False,
) -> Built:
    """Make all outputs of a directory.

    Parameters
    ----------
    opened : Opened
    as_of : date
        The day that counts as today.
    typesetter : callable or None
        Makes the PDFs; without one there are none.
    anyway : bool
        Publish although some rows have errors; those rows are left out.
    areas : sequence of str
        Districts of the booklet; all for none. The page and the files hold every district.
    with_confidential : bool
        Add exchange files with everything, for staff only.

    Raises
    ------
    Problem
        ``DIR_060`` with errors and not ``anyway``; ``DIR_061`` when nothing is left; ``DIR_062`` when a secret address
        would get out; ``DIR_063`` for an unknown district.
    """
    bad = bad_rows(opened.findings)
    if bad and not anyway:
        raise Problem("DIR_060", count="1 row" if bad == 1 else f"{bad:,} rows")
    good = good_rows(opened)
    made = None if good.package is None else publishable_package(good.package, names=False)
    if made is not None:
        bad_ids = {one.id for one in opened.directory.services} - {one.id for one in good.directory.services}
        left = hsds.directory_of(made)
        services = tuple(one for one in left.services if one.id not in bad_ids)
        public = publishable(replace(left, services=services))
    else:
        public = publishable(good.directory)
    if not public.directory.services:
        raise Problem("DIR_061")
    part = booklet.only(public, _areas(public.directory, areas))
    files: dict[str, bytes] = {
        "directory.html": directory_page.page(public, as_of).encode(),
        "booklet.html": booklet.page(part, as_of).encode(),
    }
    files |= exchange(public, made)
    files["stale.csv"] = stale_csv(public.directory, as_of).encode()
    files["duplicates.csv"] = duplicates_csv(public.directory).encode()
    notes = []
    if typesetter is not None:
        documents = {"cards": booklet.cards(public)}
        count = len(part.directory.services)
        if count <= booklet.PDF_MAX:
            documents["booklet"] = booklet.paper(part, as_of)
        else:
            notes.append(Problem("DIR_064", count=f"{count:,}"))
        files |= {f"{name}.pdf": data for name, data in typesetter(documents).items()}
    if with_confidential:
        whole = good.package or hsds.package_of(good.directory)
        files[f"services-{_STAFF}.json"] = nested.write(whole).encode()
        files[f"services-{_STAFF}.zip"] = zipped(package.write(whole))
    return Built(files, tuple(notes))


def good_rows(opened: Opened) -> Opened:
    """Return a directory without the rows of a data package that have errors; other files come without them."""
    if opened.package is None:
        return opened
    bad = {one.row for one in opened.findings if one.severity == "error" and one.sheet == opened.package.tables["service"].file} if "service" in opened.package.tables else set()  # fmt: skip
    kept = tuple(one for one in opened.directory.services if one.place.row not in bad and one.name)
    directory = Directory(opened.directory.about, opened.directory.areas, opened.directory.organisations, kept)
    return Opened(directory, opened.findings, opened.package, opened.kind)


def _areas(directory: Directory, asked: Sequence[str]) -> tuple[str, ...]:
    known = {codes.folded(area): area for area in directory.areas}
    for name in asked:
        if codes.folded(name) not in known:
            raise Problem("DIR_063", area=name, near=near(name, directory.areas), known=", ".join(directory.areas))
    return tuple(known[codes.folded(name)] for name in asked)


def exchange(public: Public, given: Package | None = None) -> dict[str, bytes]:
    """Return the files for other systems: nested JSON and a zipped data package.

    Parameters
    ----------
    public : Public
    given : Package, optional
        What came as a package, without what is not public; else one is made of the directory.
    """
    made = given or hsds.package_of(public.directory)
    return {"services.json": nested.write(made).encode(), "services.zip": zipped(package.write(made))}


def _table(heading: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([safe(cell) for cell in line] for line in lines)
    return "\ufeff" + stream.getvalue()


def _row(one: Service) -> str:
    return str(one.place.row or "")


def stale_csv(directory: Directory, as_of: datetime.date) -> str:
    """Return the entries to check again, the oldest first, with the number to call."""
    lines = [
        (
            _row(one), directory.organisation(one).name, one.name, one.assured_date.isoformat() if one.assured_date else "",
            str((as_of - one.assured_date).days) if one.assured_date else "", one.phones[0].number if one.phones else "",
            one.email, one.id,
        )
        for one in stale(directory, as_of)
    ]  # fmt: skip
    return _table(("row", "organisation", "service", "checked on", "days ago", "phone", "email", "id"), lines)


def duplicates_csv(directory: Directory) -> str:
    """Return pairs of rows that may be one service, and why."""
    lines = [
        (_row(one.first), one.first.name, _row(one.second), one.second.name, directory.organisation(one.first).name, one.why)
        for one in duplicates(directory)
    ]  # fmt: skip
    return _table(("row", "service", "other row", "other service", "organisation", "why"), lines)


def findings_csv(found: Sequence[Finding]) -> str:
    """Return what a check says as a table, for those who mend the file."""
    lines = [
        (one.severity, one.sheet, str(one.row or ""), one.column, one.problem.what, one.problem.todo, one.code)
        for one in found
    ]
    return _table(("severity", "sheet", "row", "column", "what is wrong", "what to do", "code"), lines)


def stem(name: str) -> str:
    """Return a file's name without its ending, for the names of what is made of it.

    >>> stem("My services 2026.xlsx"), stem("a/b.csv")
    ('my-services-2026', 'b')
    """
    text = name.rsplit("/", 1)[-1]
    text = re.sub(r"\.(xlsx|csv|json|zip)$", "", text, flags=re.I)
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "directory"
