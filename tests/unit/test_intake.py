"""Files that come in: each that must be refused, and those that must be let in."""

from __future__ import annotations

import contextlib
import functools
import io
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.errors import Problem
from tools.surfaces import intake

BOMB = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>"""
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@functools.cache  # it holds the time at which it was made
def workbook() -> bytes:
    """Return a small workbook as XlsxWriter makes it, with a link to a web page and a comment."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string("A1", "=not a formula")
        sheet.write_url("A2", "https://example.org/")
        sheet.write_comment("A3", "a note")
    return stream.getvalue()


def with_parts(extra: dict[str, bytes | str], *, without: str = "", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the small workbook with parts added or replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(stream, "w", method) as new:
        for name in old.namelist():
            if name != without and name not in extra:
                new.writestr(name, old.read(name))
        for name, content in extra.items():
            new.writestr(name, content)
    return stream.getvalue()


def types(content_type: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'<Types xmlns="{space}"><Override PartName="/xl/workbook.xml" ContentType="{content_type}"/></Types>'


def lying() -> bytes:
    """Return a workbook that says a part of 12 MB unpacks to 10 bytes."""
    data = with_parts({"xl/worksheets/sheet1.xml": b"<a>" + b" " * 12_000_000 + b"</a>"})
    true, false = struct.pack("<L", 12_000_007), struct.pack("<L", 10)
    assert data.count(true) == 2
    return data.replace(true, false)


REFUSED = {
    "empty": (lambda: b"", "FIL_002"),
    "text": (lambda: b"hello", "FIL_002"),
    "too large": (lambda: b"PK\x03\x04" + bytes(10_000_000), "FIL_001"),
    "a zip of pictures": (lambda: _zip({"a.png": b"\x89PNG"}), "FIL_002"),
    "OpenDocument": (lambda: _zip({"mimetype": b"application/vnd.oasis", "content.xml": b"<a/>"}), "FIL_006"),
    "old Excel": (lambda: intake._OLE + bytes(600), "FIL_006"),
    "password": (lambda: intake._OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "FIL_005"),
    "many parts": (lambda: with_parts({f"xl/a{n}.xml": "<a/>" for n in range(2_000)}), "FIL_003"),
    "bomb": (lambda: with_parts({"xl/a.xml": b"<a>" + b" " * 60_000_000 + b"</a>"}), "FIL_003"),
    "bomb in many parts": (
        lambda: with_parts({f"xl/media/{n}.png": b"x" + bytes(900_000) for n in range(60)}),
        "FIL_003",
    ),
    "macro part": (lambda: with_parts({"xl/vbaProject.bin": b"x"}), "FIL_004"),
    "macro type": (
        lambda: with_parts({"[Content_Types].xml": types("application/vnd.ms-excel.sheet.macroEnabled.main+xml")}),
        "FIL_004",
    ),
    "old macro sheet": (lambda: with_parts({"xl/macrosheets/sheet1.xml": "<a/>"}), "FIL_004"),
    "link to a workbook": (lambda: with_parts({"xl/externalLinks/externalLink1.xml": "<a/>"}), "FIL_004"),
    "link in the relations": (
        lambda: with_parts(
            {
                "xl/_rels/more.xml.rels": RELATIONS.format(
                    f'<Relationship Id="a" Type="{OFFICE}/externalLinkPath" Target="file:///a" TargetMode="External"/>'
                )
            }
        ),
        "FIL_004",
    ),
    "data connection": (lambda: with_parts({"xl/connections.xml": "<a/>"}), "FIL_004"),
    "embedded file": (lambda: with_parts({"xl/embeddings/oleObject1.bin": b"x"}), "FIL_004"),
    "embedded by type": (
        lambda: with_parts(
            {"xl/_rels/more.xml.rels": RELATIONS.format(f'<Relationship Id="a" Type="{OFFICE}/package" Target="a"/>')}
        ),
        "FIL_004",
    ),
    "archive inside": (lambda: with_parts({"xl/media/a.zip": b"x"}), "FIL_004"),
    "archive under another name": (lambda: with_parts({"xl/media/a.png": workbook()}), "FIL_004"),
    "path up": (lambda: with_parts({"../a.xml": "<a/>"}), "FIL_004"),
    "path from the root": (lambda: with_parts({"/etc/a.xml": "<a/>"}), "FIL_004"),
    "path of Windows": (lambda: with_parts({"C:\\a.xml": "<a/>"}), "FIL_004"),
    "entity bomb": (lambda: with_parts({"xl/sharedStrings.xml": BOMB}), "FIL_004"),
    "entity bomb in another encoding": (
        lambda: with_parts({"xl/sharedStrings.xml": BOMB.encode("utf-16")}),
        "FIL_004",
    ),
    "entity bomb named as a picture": (lambda: with_parts({"xl/media/a.png": BOMB}), "FIL_004"),
    "entity bomb of no name": (lambda: with_parts({"xl/a.strange": BOMB}), "FIL_004"),
    "entity from outside": (lambda: with_parts({"xl/sharedStrings.xml": OUTSIDE}), "FIL_004"),
    "not XML": (lambda: with_parts({"xl/sharedStrings.xml": "<a><b></a>"}), "FIL_007"),
    "strange packing": (lambda: with_parts({"xl/a.xml": "<a/>"}, method=zipfile.ZIP_BZIP2), "FIL_007"),
    "no list of types": (lambda: with_parts({}, without="[Content_Types].xml"), "FIL_002"),
    "cut off": (lambda: workbook()[:-200], "FIL_007"),
    "sizes that lie": (lying, "FIL_007"),
}


def _zip(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.promise("input-limits", "input-messages")
@pytest.mark.parametrize("name", REFUSED)
def test_what_a_filled_form_never_is_is_refused(name: str) -> None:
    make, code = REFUSED[name]
    with pytest.raises(Problem) as caught:
        intake.check_zip(make())
    assert caught.value.code == code
    assert caught.value.todo


def test_two_parts_of_one_name_are_refused() -> None:
    stream = io.BytesIO(workbook())
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", "<a/>")
    with pytest.raises(Problem, match="FIL_007"):
        intake.check_zip(stream.getvalue())


def test_a_workbook_is_let_in() -> None:
    data = workbook()
    intake.check_zip(data)
    assert intake.kind(data) == "xlsx"


@pytest.mark.promise("input-limits")
def test_a_bomb_costs_little_memory() -> None:
    data = with_parts({f"xl/{n}.xml": b"<a>" + b" " * 45_000_000 + b"</a>" for n in range(4)})
    assert len(data) < 1_000_000
    tracemalloc.start()
    try:
        with pytest.raises(Problem, match="FIL_003"):
            intake.check_zip(data)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_openpyxl_is_guarded_by_defusedxml() -> None:
    """The second lock, should a file get past the first."""
    import openpyxl
    from openpyxl.xml import functions

    assert openpyxl.DEFUSEDXML
    assert functions.iterparse.__module__.startswith("defusedxml") or "defusedxml" in str(functions.iterparse)


@pytest.mark.promise("input-messages")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_gives_a_message_and_nothing_else(data: st.DataObject) -> None:
    whole = bytearray(workbook())
    cut = data.draw(st.integers(0, len(whole)))
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=8)):
        whole[place] ^= 1 << data.draw(st.integers(0, 7))
    broken = bytes(whole[:cut] if data.draw(st.booleans()) else whole)
    with contextlib.suppress(Problem):
        intake.check_zip(broken)


@pytest.mark.promise("input-messages")
@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind(data: bytes) -> None:
    assert intake.kind(data) in {"record", "sealed", "xlsx", "pdf", "other"}
