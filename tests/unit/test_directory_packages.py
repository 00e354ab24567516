"""Data packages and nested JSON of the Human Services Data Specification: nothing is lost between them."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.errors import Problem
from tools.services import hsds, nested, package, publish, values
from tools.services.package import Package, Table
from tools.services.tables import LINKS, TABLES

ID = "0b7d5c1e-0000-4000-8000-{:012d}"


def key(number: int) -> str:
    return ID.format(number)


def facts(found: Package) -> dict[tuple[str, str], dict[str, str]]:
    """Everything a package says, by table and id; numbers and texts are told apart."""
    return {
        (name, str(row.get("id", number))): {column: values.dumps(value) for column, value in row.items()}
        for name, table in found.tables.items()
        for number, row in enumerate(table.rows)
    }


HAND = {
    "datapackage.json": json.dumps({
        "name": "hand-made", "x-extra": {"kept": [1, "1", None]},
        "resources": [
            {"name": "services", "path": "services.csv", "schema": {"fields": [
                {"name": "id", "type": "string"}, {"name": "minimum_age", "type": "number", "title": "Lowest age"},
                {"name": "colour", "type": "string"}]}},
            {"name": "organizations", "path": "organizations.csv"},
            {"name": "phones", "path": "data/phones.csv", "dialect": {"delimiter": ";"}},
            {"name": "vehicles", "path": "vehicles.csv"},
        ],
    }).encode(),
    "services.csv": (
        "colour,id,organization_id,name,status,minimum_age,empty_column\r\n"
        f"007,{key(1)},{key(9)},Ünï “códe” 誰か,active,1.10,\r\n"
        f'" two\nlines ",{key(2)},{key(9)},=1+1,defunct,,\r\n'
    ).encode(),
    "organizations.csv": f"\ufeffid,name,description\n{key(9)},Org,What it does\n{key(8)},Alone,\"\"\n".encode(),
    "data/phones.csv": f"id;number;service_id;extension\n{key(20)};+00 010;{key(2)};007\n".encode(),
    "vehicles.csv": b"plate,owner\n00123,\n",
    "README.md": b"read me",
}  # fmt: skip


def test_a_package_that_is_not_changed_comes_back_byte_for_byte():
    assert package.write(package.read(HAND)) == HAND


def test_a_package_goes_through_json_and_back_with_nothing_lost():
    before = package.read(HAND)
    between = nested.read(nested.write(before))
    after = package.read(package.write(between))
    assert facts(between) == facts(before) == facts(after)
    assert {n: t.columns for n, t in after.tables.items()} == {n: t.columns for n, t in before.tables.items()}
    assert {n: t.path for n, t in after.tables.items()} == {n: t.path for n, t in before.tables.items()}
    assert [row["id"] for row in after.rows("service")] == [key(1), key(2)]
    assert after.descriptor["x-extra"] == {"kept": [1, "1", None]}
    assert after.files["README.md"] == b"read me"
    titles = [f.get("title") for r in after.descriptor["resources"] for f in r["schema"]["fields"]]
    assert "Lowest age" in titles
    row = between.rows("service")[0]
    assert (row["colour"], values.dumps(row["minimum_age"])) == ("007", "1.10")


NESTED = {
    "total_items": 1, "note": "around", "contents": [{
        "id": key(1), "name": "Help", "status": "active", "colour": None, "tags": ["a", 1], "minimum_age": 16,
        "organization": {"id": key(9), "name": "Org", "description": "", "phones": [
            {"id": key(20), "number": "1", "languages": [{"id": key(30), "name": "Khmer", "code": "km"}]}]},
        "service_at_locations": [{"id": key(40), "location": {
            "id": key(50), "location_type": "physical", "latitude": 1.0, "name": "",
            "addresses": [{"id": key(51), "address_1": "1 Street", "city": "Town", "country": "XX", "x": {"deep": [True]}}]}}],
        "phones": [{"id": key(20), "number": "1"}, {"id": key(21), "number": "2", "extension": 5}],
        "attributes": [{"id": key(60), "value": "yes", "taxonomy_term": {
            "id": key(61), "name": "Takes men", "code": "men", "description": "d", "language": "en",
            "taxonomy_detail": {"id": key(62), "name": "T", "description": "d"}}}],
        "contacts": [], "program": None,
    }],
}  # fmt: skip


def test_nested_json_goes_through_tables_and_back_with_nothing_lost():
    text = json.dumps(NESTED)
    before = nested.read(text)
    assert nested.write(before) == text
    files = package.write(before)
    between = package.read(files)
    after = nested.read(nested.write(between))
    assert facts(between) == facts(before) == facts(after)
    assert between.root["note"] == after.root["note"] == "around"
    service = between.rows("service")[0]
    assert (service["tags"], service["contacts"], service["program"], service["colour"]) == (["a", 1], [], None, None)
    assert {row["id"] for row in between.rows("address")} == {key(51)}
    assert between.rows("address")[0]["location_id"] == key(50)
    assert between.rows("attribute")[0]["link_entity"] == "service"


def test_json_of_every_shape_is_read():
    service = NESTED["contents"][0]
    for document in (service, [service], {"contents": [service]}, {"services": [service]}, {"service": [service]}):
        assert [row["id"] for row in nested.read(json.dumps(document)).rows("service")] == [key(1)]
    organisation = {"id": key(9), "name": "Org", "description": "d", "services": [service | {"organization": None}]}
    found = nested.read(json.dumps(organisation))
    assert found.rows("service")[0]["organization_id"] == key(9)
    flat = {name: [{"id": key(n), "name": name}] for n, name in enumerate(TABLES)}
    assert set(nested.read(json.dumps(flat)).tables) == set(TABLES)


def test_an_object_that_stands_twice_with_other_words_is_kept_twice():
    one = {"id": key(1), "name": "A", "status": "active", "phones": [{"id": key(5), "number": "1"}]}
    two = {"id": key(2), "name": "B", "status": "active", "phones": [{"id": key(5), "number": "1"}]}
    found = nested.read(json.dumps([one, two]))
    first, second = found.rows("phone")
    assert (first["service_id"], second["service_id"]) == (key(1), key(2))
    assert second[nested.SAME] == first["id"] == key(5)
    again = nested.read(nested.write(package.read(package.write(found))))
    assert facts(again) == facts(found)


TEXT = st.text(st.characters(), max_size=12) | st.sampled_from(["", "007", "1.10", "true", "null", "=1", " x ", "a\r\nb", '"', "1e5", "-0", "[]", "{}"])  # fmt: skip
NUMBERS = st.integers(-(10**20), 10**20) | st.sampled_from(["1.10", "-0", "1e400", "0.1"]).map(values.number)
SCALAR = TEXT | NUMBERS | st.booleans() | st.none()
ANY = st.recursive(SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(string.ascii_lowercase, min_size=1, max_size=3), inner, max_size=3), max_leaves=5)  # fmt: skip
COLUMNS = st.sampled_from(["name", "description", "number", "extra", "x-y", "Ünï", "phones_note", "phones", "organization", "contacts", "language"])  # fmt: skip


@st.composite
def packages(draw):
    """Packages with rows of the specification's tables that point at each other, or at nothing, and with others."""
    ids = {name: [key(n * 10 + i) for i in range(draw(st.integers(0, 2)))] for n, name in enumerate(TABLES)}
    tables = {}
    for name, spec in TABLES.items():
        rows = []
        for one in ids[name]:
            row = {"id": one} | draw(st.dictionaries(COLUMNS, SCALAR if draw(st.booleans()) else ANY, max_size=3))
            for other in (*spec.parents, *spec.one_of):
                if draw(st.booleans()):
                    row[f"{other}_id"] = draw(st.sampled_from([*ids[other], key(999), "", None]))
            if name in LINKS:
                owner = draw(st.sampled_from([n for n in TABLES if ids[n]] or ["service"]))
                row |= dict(zip(LINKS[name], (draw(st.sampled_from([*ids[owner], key(999)])), owner), strict=True))
            rows.append(row)
        if rows:
            columns = tuple(dict.fromkeys(c for row in rows for c in row))
            tables[name] = Table(name, columns, tuple(rows))
    extra = draw(st.lists(st.dictionaries(COLUMNS, ANY, min_size=1, max_size=3), max_size=2))
    if extra:
        tables["vehicles"] = Table("vehicles", tuple(dict.fromkeys(c for row in extra for c in row)), tuple(extra))
    return Package(tables)


@given(packages().filter(lambda p: any(t in p.tables for t in TABLES)))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_tables_hold_comes_back_from_files_and_from_nested_json(made):
    want = facts(made)
    from_files = package.read(package.write(made))
    assert facts(from_files) == want
    from_json = nested.read(nested.write(made))
    assert facts(from_json) == want
    assert facts(package.read(package.write(from_json))) == want
    assert facts(nested.read(nested.write(from_files))) == want


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "DIR_047"), ('{"a": 1, "a": 2}', "DIR_047"), ("[NaN]", "DIR_047"), ("[" * 3000 + "]" * 3000, "DIR_047"),
        ("[1, 2]", "DIR_040"), ('{"a": 1}', "DIR_040"), ("3", "DIR_040"), ("[]", "DIR_040"),
    ],
)  # fmt: skip
def test_json_that_is_no_directory_is_refused(text, code):
    with pytest.raises(Problem) as told:
        nested.read(text)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"datapackage.json": b"[]"}, "DIR_047"), ({"a.txt": b""}, "DIR_040"),
        ({"services.csv": b"id,id\n1,2\n"}, "DIR_027"), ({"services.csv": b'id\n"1\n'}, "DIR_051"),
        ({"services.csv": b"id\n1,2\n"}, "DIR_051"), ({"services.csv": b"\xff\xfe\x00"}, "DIR_051"),
    ],
)  # fmt: skip
def test_a_package_that_cannot_be_read_is_refused(files, code):
    with pytest.raises(Problem) as told:
        package.read(files)
    assert told.value.code == code


def test_validation_names_table_row_and_column():
    files = {
        "services.csv": f"id,organization_id,name,status,minimum_age,assured_date\n{key(1)},{key(7)},,opened,many,soon\n{key(1)},,x,active,,\n".encode(),
        "eligibility.csv": b"id\n1\n",
    }  # fmt: skip
    found = hsds.validate(package.read(files))
    told = {(one.code, one.sheet, one.row, one.column) for one in found}
    assert told == {
        ("DIR_043", "services.csv", 2, "name"), ("DIR_045", "services.csv", 2, "organization_id"),
        ("DIR_048", "services.csv", 2, "status"), ("DIR_050", "services.csv", 2, "minimum_age"),
        ("DIR_050", "services.csv", 2, "assured_date"), ("DIR_044", "services.csv", 3, "id"),
        ("DIR_043", "services.csv", 3, "organization_id"), ("DIR_049", "eligibility.csv", 0, ""),
    }  # fmt: skip
    good = package.read(HAND)
    assert [(one.code, one.where) for one in hsds.validate(good)] == [
        ("DIR_043", "organizations.csv, row 3, description"),
        ("DIR_050", "data/phones.csv, row 2, extension"),
    ]


@given(packages(), st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_package_brings_the_checks_and_the_gate_down(made, data):
    """Keys that are lists, numbers for names, flags of every kind: a package is told about, never a traceback."""
    spoilt = {}
    for name, table in made.tables.items():
        rows = []
        for row in table.rows:
            keys = [
                *row,
                "status",
                "name",
                "byday",
                "confidential",
                "minimum_age",
                "address_1",
                "number",
                "assured_date",
                "opens_at",
            ]
            changes = data.draw(
                st.dictionaries(st.sampled_from(keys), ANY | st.sampled_from(["yes", "09:00", "MO"]), max_size=2)
            )
            rows.append({**row, **changes})
        spoilt[name] = Table(name, table.columns, tuple(rows))
    found = Package(spoilt)
    hsds.validate(found)
    said = hsds.directory_of(found)
    hidden = {one.id for one in said.services if one.has("do-not-publish")}
    try:
        left = publish.publishable_package(found)
        publish.publishable(said)
    except Problem as problem:
        if problem.code != "DIR_062":
            raise
        return
    assert not hidden & {row["id"] for row in left.rows("service") if isinstance(row.get("id"), str)}
    nested.write(left)
    if left.tables:
        package.read(package.write(left))
