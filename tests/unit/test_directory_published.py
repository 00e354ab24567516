"""What is made of a services directory, and what never gets out."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
import json
import re
import zipfile
from pathlib import Path

import pikepdf
import pypdf
import pytest

from tools import content
from tools.__main__ import main
from tools.errors import Problem
from tools.services import hsds, nested, package, publish
from tools.services.model import Contact, Location, Service
from tools.sphinxext.document_pdf import pdfs
from tools.surfaces import directory_booklet, directory_build, directory_files, directory_page

EXAMPLE = content.DATA / "examples" / "directory-example"
AS_OF = datetime.date(2026, 11, 25)
ID = "0b7d5c1e-0000-4000-8000-{:012d}"


def key(number: int) -> str:
    return ID.format(number)


@pytest.fixture(scope="module")
def example():
    return directory_files.read(EXAMPLE)


def bytes_of(files: dict[str, bytes]) -> str:
    """Everything that can be read in files: unzipped, unpacked, text of PDFs too."""
    out: list[str] = []
    for name, data in files.items():
        out += [name, data.decode("utf-8", "replace"), data.decode("utf-16-le", "replace")]
        if name.endswith((".zip", ".xlsx")):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                out.append(bytes_of({one: archive.read(one) for one in archive.namelist()}))
        if name.endswith(".pdf"):
            out += [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
            with pikepdf.open(io.BytesIO(data)) as pdf:
                for one in pdf.objects:
                    if isinstance(one, pikepdf.Stream):
                        out.append(one.read_bytes(pikepdf.StreamDecodeLevel.all).decode("latin-1") if "/DCTDecode" not in str(one.get("/Filter")) else "")  # fmt: skip
                    else:
                        out.append(str(one.unparse(), "latin-1") if isinstance(one, pikepdf.Object) else "")
    return "\n".join(out)


def canaries(text: str) -> set[str]:
    return set(re.findall(r"cana[r]y[a-z0-9]+", re.sub(r"\s+", "", text).lower()))


def hidden_package() -> package.Package:
    """A package with secrets wherever one can be, each with a word of its own; and one service that is open."""
    made = iter(range(1000))

    def c(word: str = "Canary") -> str:
        return f"{word}k{next(made)}x"

    services = [
        {"id": key(1), "organization_id": key(9), "name": "Open help", "status": "active", "description": "Open text", "email": "open@example.org"},
        {"id": key(2), "organization_id": key(9), "name": "Safe house", "status": "active", "confidential": "yes", "shelter_place": c(), "assurer_email": f"{c()}@example.org"},
        {"id": key(3), "organization_id": key(8), "name": c(), "status": "active", "do_not_publish": "true", "description": c(), "email": f"{c()}@example.org"},
        {"id": key(4), "organization_id": key(9), "name": "By term", "status": "active"},
    ]  # fmt: skip
    data = {
        "organizations": [
            {"id": key(9), "name": "Org", "description": "d"},
            {"id": key(8), "name": "Second org", "description": "d"},
        ],
        "services": services,
        "locations": [
            {"id": key(10 + n), "location_type": "physical", "name": c(), "description": c(), "transportation": c(), "latitude": 11.123 + n, "map": c()}
            for n in (2, 3, 4)
        ] + [{"id": key(11), "location_type": "physical", "name": "Open office"}],
        "service_at_locations": [{"id": key(20 + n), "service_id": key(n), "location_id": key(10 + n), "description": c() if n > 1 else "Open"} for n in (1, 2, 3, 4)],
        "addresses": [
            {"id": key(30 + n), "location_id": key(10 + n), "address_1": f"{n} {c()} Street", "attention": c(), "city": c(), "state_province": "S", "postal_code": c(), "country": "XX", "address_type": "physical"}
            for n in (2, 3, 4)
        ] + [{"id": key(31), "location_id": key(11), "address_1": "5 Open Street", "city": "Town", "state_province": "S", "postal_code": "1", "country": "XX", "address_type": "physical"}],
        "phones": [
            {"id": key(41), "service_id": key(1), "number": "+999 1"}, {"id": key(42), "service_at_location_id": key(22), "number": "+999 2"},
            {"id": key(43), "service_id": key(3), "number": "+999 3", "description": c()}, {"id": key(44), "contact_id": key(54), "number": "+999 4", "description": c()},
        ],
        "contacts": [{"id": key(50 + n), "service_id": key(n), "name": c(), "email": f"{c()}@example.org", "title": c()} for n in (2, 3)]
        + [{"id": key(54), "location_id": key(14), "name": c(), "title": c()}, {"id": key(51), "service_id": key(1), "name": c(), "title": "Reception"}],
        "accessibility": [{"id": key(62), "location_id": key(12), "description": c()}],
        "schedules": [{"id": key(72), "location_id": key(12), "freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"}],
        "taxonomy_terms": [{"id": key(80), "code": "confidential", "name": "Confidential location", "description": "d"}],
        "attributes": [{"id": key(81), "link_id": key(4), "link_entity": "service", "taxonomy_term_id": key(80), "value": "yes"},
                       {"id": key(82), "link_id": key(12), "link_entity": "location", "taxonomy_term_id": key(80), "value": c()}],
        "metadata": [{"id": key(90 + n), "resource_id": which, "resource_type": kind, "field_name": "address", "previous_value": c()} for n, (which, kind) in enumerate([(key(2), "service"), (key(12), "location"), (key(32), "address")])],
        "x-table:vehicles": [{"place": key(12), "note": c()}, {"place": "elsewhere", "note": "kept"}],
    }  # fmt: skip
    return nested.read(json.dumps(data))


def opened_package(found: package.Package) -> directory_files.Opened:
    return directory_files.Opened(hsds.directory_of(found), (), found, "hsds-json")


@pytest.mark.slow
def test_nothing_confidential_gets_into_any_output_of_a_package():
    found = opened_package(hidden_package())
    whole = canaries(nested.write(found.package))
    assert len(whole) > 35
    built = directory_build.build(found, AS_OF, pdfs, anyway=True)
    assert set(built.files) == {
        "directory.html", "booklet.html", "services.json", "services.zip", "stale.csv", "duplicates.csv", "cards.pdf", "booklet.pdf",
    }  # fmt: skip
    text = bytes_of(dict(built.files))
    assert canaries(text) == set()
    assert "Safe house" in text
    assert "5 Open Street" in text
    for number in ("11.123", "13.123", "14.123", "15.123", "+999 3", "+999 4"):
        assert number not in text, number
    assert "+999 2" in text, "the number of a hidden place stays, without the place"
    left = directory_files.read_bytes(built.files["services.json"], "x.json")
    assert [one for one in left.findings if one.code == "DIR_045"] == [], "no key leads to what was taken out"
    assert left.package.tables["vehicles"].rows == ({"place": "elsewhere", "note": "kept"},)
    staff = directory_build.build(found, AS_OF, None, with_confidential=True).files
    assert canaries(bytes_of({n: d for n, d in staff.items() if "staff-only" in n})) >= whole
    assert canaries(bytes_of({n: d for n, d in staff.items() if "staff-only" not in n})) == set()


@pytest.mark.slow
def test_nothing_of_a_row_that_is_not_to_be_published_gets_out(example):
    texts = {f.name: f"Canary{f.name.replace('_', '')}q" for f in dataclasses.fields(Service) if f.type == "str"}
    hidden = Service(**texts | {"organisation": "secret", "status": "active"}, types=("hotline",), areas=example.directory.areas,
                     attributes={"do-not-publish": "yes"}, location=Location(*(f"Canary{n}z" for n in range(9))), contact=Contact("Canaryrolez", "Canarynamez"))  # fmt: skip
    secret = dataclasses.replace(example.directory.services[4], note="Canarynotez", contact=Contact("Desk", "Canarypersonz"),
                                 location=Location("Canaryhousez", "7 Canarystreetz Road", "Canarytownz", transport="Canarybusz", latitude="11.98765"))  # fmt: skip
    assert secret.is_confidential
    found = dataclasses.replace(example.directory, services=(*example.directory.services, hidden, secret))
    opened = directory_files.Opened(found, (), None, "xlsx")
    built = directory_build.build(opened, AS_OF, pdfs)
    assert canaries(bytes_of(dict(built.files))) == set()
    assert "11.98765" not in bytes_of(dict(built.files))


@pytest.mark.parametrize("field", ["description", "eligibility", "apply", "alert", "hours_note"])
def test_a_secret_address_in_another_text_stops_everything(example, field):
    place = Location(address="7 Quiet Road", town="Town")
    first, second = example.directory.services[4], example.directory.services[20]
    secret = dataclasses.replace(first, location=place)
    leak = dataclasses.replace(second, **{field: "Come to  7 quiet ROAD, ask there."})
    found = dataclasses.replace(example.directory, services=(secret, leak))
    with pytest.raises(Problem) as told:
        publish.publishable(found)
    assert told.value.code == "DIR_062"
    assert "quiet" not in str(told.value).lower()
    one = hsds.package_of(found)
    with pytest.raises(Problem):
        publish.publishable_package(one)


def test_a_hidden_service_without_an_id_does_not_slip_through():
    rows = [
        {"name": "Canarya1", "do_not_publish": "yes"},
        {"id": key(1), "name": "Open"},
        {"id": 7, "name": "Canarya2", "confidential": "yes"},
    ]
    found = package.Package({"service": package.Table("service", ("id", "name"), tuple(rows))})
    assert canaries(nested.write(publish.publishable_package(found))) == set()
    left = publish.publishable_package(
        package.Package({"service": package.Table("service", ("id",), tuple(rows[1:2]))})
    )
    assert left.rows("service") == (rows[1],)


def test_a_package_without_secrets_is_not_touched():
    made = hidden_package()
    kept = {n: dataclasses.replace(t, rows=tuple(r for r in t.rows if n == "organization" or r.get("id") in (key(1), key(41))))
            for n, t in made.tables.items() if n in ("organization", "service", "phone")}  # fmt: skip
    clean = made.changed(kept)
    assert publish.publishable_package(clean) is clean


def test_a_file_with_errors_is_published_only_when_told_to(example):
    from tools.services.finding import Finding

    bad = dataclasses.replace(example, findings=(Finding("error", "Services", 4, "Phone", Problem("DIR_016")),))
    with pytest.raises(Problem) as told:
        directory_build.build(bad, AS_OF, None)
    assert (told.value.code, told.value.fields["count"]) == ("DIR_060", "1 row")
    assert "directory.html" in directory_build.build(bad, AS_OF, None, anyway=True).files
    none = dataclasses.replace(example, directory=dataclasses.replace(example.directory, services=()))
    with pytest.raises(Problem) as told:
        directory_build.build(none, AS_OF, None)
    assert told.value.code == "DIR_061"


def test_the_exchange_files_say_what_the_directory_says(example):
    files = directory_build.exchange(publish.publishable(example.directory))
    want = publish.publishable(example.directory).directory
    for name, data in files.items():
        again = directory_files.read_bytes(data, name)
        assert [dataclasses.replace(one, place=None) for one in again.directory.services] == [
            dataclasses.replace(one, place=None) for one in want.services
        ]
        assert again.directory.about == want.about
        assert {one.severity for one in again.findings} <= {"warning"}
        assert hsds.validate(again.package) == again.findings


def test_lists_for_editors_are_no_formulas(example):
    odd = dataclasses.replace(example.directory.services[0], id="=1+1", name="=cmd|' /C calc'!A0", assured_date=None)
    found = dataclasses.replace(example.directory, services=(odd, odd, *example.directory.services[1:]))
    for text in (directory_build.stale_csv(found, AS_OF), directory_build.duplicates_csv(found)):
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        assert len(lines) > 1
        assert not [cell for line in lines for cell in line if cell[:1] in ("=", "+", "-", "@")]


# --- Pages and paper ---


def test_the_booklet_has_its_parts_in_order_hotlines_first(example):
    text = directory_booklet.page(publish.publishable(example.directory), AS_OF)
    heads = re.findall(r"<h2 id=\"([^\"]+)\"", text)
    assert heads[:6] == ["first", "contents", "what", "rights", "questions", "everywhere"]
    assert heads[6:] == [f"area-{number}" for number in range(6)]
    assert "made up" in text
    part = directory_booklet.only(publish.publishable(example.directory), ("Hills",))
    small = directory_booklet.page(part, AS_OF)
    assert "Mobile clinic Hills" in small
    assert "Fishers&#x27; house" not in small


@pytest.mark.parametrize("which", [directory_page.page, directory_booklet.page])
def test_a_page_names_nothing_outside_and_escapes_what_it_is_given(example, which):
    evil = "<script>alert(1)</script>\" onload='x' &amp;"
    one = dataclasses.replace(
        example.directory.services[0], name=evil, description=evil, apply=evil, areas=(evil, *example.directory.areas),
        email="", website="javascript:alert(1)",
    )  # fmt: skip
    found = dataclasses.replace(example.directory, services=(one,), areas=(evil, *example.directory.areas))
    text = which(publish.publishable(found), AS_OF)
    assert "<script>alert" not in text
    assert "javascript:" not in text
    assert len(re.findall(r"<script>", text)) == 1
    sources = re.findall(r'\s(?:src|href|action|poster|srcset|data)="([^"]*)"', text)
    outside = {s for s in sources if not s.startswith(("#", "data:image/svg+xml,", "tel:", "sms:", "mailto:"))}
    assert outside == {"about:blank"}
    assert not re.search(r"url\(|@import|\sstyle=|\son[a-z]+=\"", re.sub(r"<style>.*?</style>", "", text, flags=re.S))


@pytest.mark.slow
@pytest.mark.promise("pdf-tagged")
def test_the_pdfs_are_tagged_large_and_say_their_language(example):
    public = publish.publishable(example.directory)
    part = directory_booklet.only(public, ("Islands",))
    made = pdfs({"booklet": directory_booklet.paper(part, AS_OF), "cards": directory_booklet.cards(public)})
    for data in made.values():
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert str(pdf.Root.Lang) == "en"
            assert pdf.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in pdf.Root
            assert str(pdf.docinfo["/Title"]) in ("Help in Marevia", "Notes")
            assert "/Author" not in pdf.docinfo
    sheet = directory_booklet.sheet("directory-print.css")
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: ?([0-9.]+)pt", sheet.split("html {")[1])]
    assert min(sizes) >= 14
    assert re.search(r"html \{ font: 14pt", sheet)
    inside, outside = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made["cards"])).pages)
    assert inside.count("1188") == directory_booklet.CARDS
    assert set(outside.split()) == {"Notes"}
    assert pdfs({"cards": directory_booklet.cards(public)})["cards"] == made["cards"]


# --- The command ---


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    code = main(["directory", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_writes_all_or_nothing(tmp_path, capsys):
    out = tmp_path / "out"
    assert run(capsys, "template", "--out", out)[0] == 0
    assert "CLI_003" in run(capsys, "template", "--out", out)[2]
    code, _, _ = run(capsys, "build", EXAMPLE, "--out", out, "--no-pdf", "--as-of", "2026-11-25")
    assert code == 0
    names = {path.name for path in out.iterdir()}
    assert names == {"services-template.xlsx", "directory.html", "booklet.html", "services.json", "services.zip", "stale.csv", "duplicates.csv"}  # fmt: skip
    for kind, ending in (("xlsx", "xlsx"), ("csv", "csv"), ("hsds-json", "json"), ("hsds-package", "zip")):
        assert run(capsys, "convert", out / "services.zip", "--to", kind, "--out", tmp_path / kind)[0] == 0
        made = tmp_path / kind / f"services.{ending}"
        assert run(capsys, "check", made, "--as-of", "2026-11-25")[0] == 0
    assert (tmp_path / "hsds-package" / "services.zip").read_bytes() == (out / "services.zip").read_bytes()


def test_the_command_tells_errors_and_publishes_nothing(tmp_path, capsys):
    folder = tmp_path / "in"
    folder.mkdir()
    for path in EXAMPLE.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    text = (folder / "services.csv").read_text(encoding="utf-8")
    (folder / "services.csv").write_text(text.replace("+999 10 200 006", "nobody", 1), encoding="utf-8")
    code, said, _ = run(capsys, "check", folder, "--list", tmp_path / "list.csv", "--as-of", "2026-11-25")
    assert code == 1
    assert "Services, row 7, Phone: 'nobody'" in said
    assert "46 services are good; 1 rows have errors" in said
    assert "DIR_007" in (tmp_path / "list.csv").read_text(encoding="utf-8-sig")
    code, said, told = run(capsys, "build", folder, "--out", tmp_path / "out", "--no-pdf")
    assert (code, (tmp_path / "out").exists()) == (1, False)
    assert "DIR_060" in told
    assert run(capsys, "build", folder, "--out", tmp_path / "out", "--no-pdf", "--anyway")[0] == 0
    assert "Safe house for men" not in (tmp_path / "out" / "directory.html").read_text(encoding="utf-8")
    code, said, _ = run(capsys, "check", folder, "--json")
    assert json.loads(said)["rows_with_errors"] == 1
    assert "CLI_001" in run(capsys, "check", tmp_path / "none.xlsx")[2]
    assert "DIR_063" in run(capsys, "build", EXAMPLE, "--area", "Hill", "--no-pdf", "--out", tmp_path / "o")[2]


def test_the_example_is_fictional_large_and_various(example):
    services = example.directory.services
    assert example.directory.about.fictional
    assert len(services) >= 40
    assert len(example.directory.areas) >= 5
    assert {one.organisation for one in services} == set(example.directory.organisations)
    assert [one for one in services if one.has("men") and not one.has("women") and "shelter" in one.types]
    assert {"hotline", "child", "disability", "legal", "labour", "consular", "shelter"} <= {
        t for one in services for t in one.types
    }
    assert [one for one in services if one.is_confidential and "shelter" in one.types]
    numbers = [phone.number for one in services for phone in one.phones]
    assert all(number.startswith("+999 ") or len(number) <= 4 for number in numbers)
    assert all(not one.email or one.email.endswith("@example.org") for one in services)
    assert not [one for one in example.findings if one.severity == "error"]
    assert isinstance(EXAMPLE, Path)
