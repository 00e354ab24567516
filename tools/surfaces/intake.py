"""Files that come in: what they are, and whether they may be opened at all.

A file that somebody sends is looked at before anything in it is read. A workbook is a zip of XML
files; a zip of half a megabyte can unpack to a hundred, and one can carry macros, links to other
files, or whole files inside it. A filled form needs none of that, so all of it is refused.

Sizes that a zip states about itself are not believed: every part is unpacked in pieces, counted and
thrown away.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from importlib import import_module
from typing import Final
from xml.parsers import expat  # only to look for what defusedxml refuses too; nothing is built from it

from tools.errors import Problem
from tools.instruments import library, record, seal
from tools.instruments.model import Instrument
from tools.instruments.record import Record

ZIP_SIZE_MAX: Final = 10_000_000
ENTRIES_MAX: Final = 2_000
RECORD_SIZE_MAX: Final = seal.SIZE_MAX
UNPACKED_MAX: Final = 200_000_000
RATIO_MAX: Final = 100
XML_MAX: Final = 50_000_000
# Deflate packs a run of equal signs a thousandfold; a part this small does no harm whatever its ratio.
_RATIO_FREE: Final = 1_000_000
_PIECE: Final = 1 << 16

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF: Final = b"%PDF-"
_ARCHIVES: Final = (*_ZIP, _OLE, b"\x1f\x8b", b"BZh", b"7z\xbc\xaf'\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ\x00")
_ARCHIVE_NAME: Final = re.compile(r"\.(zip|jar|gz|bz2|xz|7z|rar|tar|cab|xls[xmb]?|doc[xm]?|ppt[xm]?|od[stp])$", re.I)
# Every part is XML, but for pictures and a printer's settings; those must not begin like XML in any encoding.
_BINARY_NAME: Final = re.compile(r"\.(png|jpe?g|gif)$|(^|/)printersettings/[^/]*\.bin$", re.I)
_XML_START: Final = (
    b"<",
    b"\0<",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\x4co\xa7\x94",
    b" ",
    b"\t",
    b"\r",
    b"\n",
)
# What stands in a workbook's parts, by the name of the part.
_FOREIGN: Final = (
    (re.compile(r"vba(project|data)|(^|/)(macrosheets|dialogsheets)/", re.I), "macros"),
    (re.compile(r"(^|/)(externallinks|querytables)/|(^|/)connections\.xml$", re.I), "links to other files"),
    (re.compile(r"(^|/)(embeddings|activex)/|oleobject", re.I), "other files or programs inside it"),
)
_MACRO_TYPE: Final = re.compile(r"macro|vba|dialogsheet", re.I)
_FOREIGN_TYPE: Final = re.compile(r"oleobject|activex|/package$|/attachedtoolbars$", re.I)


def kind(data: bytes) -> str:
    """Return what a file seems to be, by its first bytes.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    str
        ``"record"``, ``"sealed"``, ``"xlsx"``, ``"pdf"`` or ``"other"``. It is a guess that costs
        nothing; the reader of that kind does the checking.

    Examples
    --------
    >>> kind(b'{"format": "ct-record/1"}'), kind(b"%PDF-1.7"), kind(b"hello")
    ('record', 'pdf', 'other')
    """
    if _PDF in data[:1024]:
        return "pdf"
    if data.startswith(_ZIP):
        return "xlsx" if b"xl/workbook.xml" in data else "other"
    start = _decoded(data[:2048], "replace")
    if start.lstrip().startswith("{"):
        return "sealed" if seal.is_sealed(start) else "record"
    return "other"


def _decoded(data: bytes, errors: str) -> str:
    """Return a text file's text; Windows saves some as UTF-16, with a mark that says so."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors)
    return data.decode("utf-8-sig", errors)


def read(
    data: bytes, instrument: Instrument | None = None, passphrase: str | None = None
) -> tuple[Instrument, Record, tuple[str, ...]]:
    """Read a file that holds answers, whatever its kind: a record, sealed or not, a filled workbook or PDF form.

    Parameters
    ----------
    data : bytes
        The whole file.
    instrument : Instrument, optional
        What it must belong to; found by what stands in the file, if left out.
    passphrase : str, optional
        For a sealed file.

    Returns
    -------
    instrument : Instrument
    record : Record
    notes : tuple of str
        What is not as it stood in the file, or could not be read with certainty; one or two sentences each.

    Raises
    ------
    Problem
        ``FIL_019`` for a file of any other kind; else those of the reader of its kind.
    """
    found = kind(data)
    if found == "pdf":
        from tools.surfaces import paper

        return paper.read(data, instrument)
    if found == "xlsx" or data.startswith((*_ZIP, _OLE)):
        check_zip(data)
        reader = import_module("tools.surfaces.workbook_reader")
        which, answers, notes = reader.read(data, instrument)
        return which, answers, notes
    if found == "other":
        raise Problem("FIL_019")
    return _read_record(data, instrument, passphrase)


def text_of(data: bytes) -> str:
    """Return the text of a record file, sealed or not.

    Raises
    ------
    Problem
        ``FIL_001`` when it is too large, ``REC_001`` when it is no text.
    """
    if len(data) > RECORD_SIZE_MAX:
        raise Problem("FIL_001", size=megabytes(len(data)), limit=megabytes(RECORD_SIZE_MAX))
    try:
        return _decoded(data, "strict")
    except UnicodeDecodeError:
        raise Problem("REC_001", detail="it is not a text") from None


def _read_record(
    data: bytes, instrument: Instrument | None, passphrase: str | None
) -> tuple[Instrument, Record, tuple[str, ...]]:
    text = text_of(data)
    if seal.is_sealed(text):
        text = seal.unseal(text, passphrase or "")
    which = instrument or library.load(record.header(text)["instrument"])
    return which, *record.loads(text, which)


def check_zip(data: bytes) -> None:
    """Refuse a workbook that is too large, too full, or carries what a filled form never does.

    Parameters
    ----------
    data : bytes
        The whole file.

    Raises
    ------
    Problem
        ``FIL_001`` too large; ``FIL_002`` no workbook; ``FIL_003`` unpacks to too much; ``FIL_004``
        macros, links, embedded files, unsafe names; ``FIL_005`` a password; ``FIL_006`` another
        spreadsheet format; ``FIL_007`` damaged.
    """
    if len(data) > ZIP_SIZE_MAX:
        raise Problem("FIL_001", size=megabytes(len(data)), limit=megabytes(ZIP_SIZE_MAX))
    if data.startswith(_OLE):
        # Excel keeps a workbook with a password in the container of its old format.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Problem("FIL_005", name="workbook")
        raise Problem("FIL_006", found="an old Excel file (.xls) or another old Office file")
    if not data.startswith(_ZIP):
        raise Problem("FIL_002", detail="it does not begin like one")
    # The list of parts is itself read only when it is short; each line of it begins with these signs.
    if data.count(b"PK\x01\x02") > ENTRIES_MAX:
        raise Problem("FIL_003", detail=f"more than {ENTRIES_MAX:,} parts")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_names(archive)
            _check_parts(archive, len(data))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, IndexError, OSError, RuntimeError) as fault:
        # Each of these is how zipfile says that bytes are not what they claim to be.
        raise Problem("FIL_007", name="workbook") from fault


def _check_names(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(set(map(str.casefold, names))) != len(names):
        # Two parts of one name: what is checked need not be what is read.
        raise Problem("FIL_007", name="workbook")
    for part in parts:
        name = part.filename
        # zipfile cuts a name at a zero sign and mends separators; the name as written counts.
        written = part.orig_filename
        if "\0" in written or "\\" in written or ":" in name or name.startswith("/") or ".." in name.split("/"):
            raise Problem("FIL_004", name="workbook", found="a part whose name leads out of the file")
        if part.flag_bits & 0x1:
            raise Problem("FIL_005", name="workbook")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Problem("FIL_007", name="workbook")
        for pattern, found in _FOREIGN:
            if pattern.search(name):
                raise Problem("FIL_004", name="workbook", found=found)
        if _ARCHIVE_NAME.search(name):
            raise Problem("FIL_004", name="workbook", found="other files or programs inside it")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        if "mimetype" in names and "content.xml" in names:
            raise Problem("FIL_006", found="an OpenDocument file (.ods)")
        raise Problem("FIL_002", detail="it is a zip file of another kind")


def _check_parts(archive: zipfile.ZipFile, size: int) -> None:
    total = 0
    for part in archive.infolist():
        if part.is_dir():
            continue
        unpacked = 0
        text: bytearray | None = bytearray()
        with archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                if not unpacked:
                    if piece.startswith(_ARCHIVES):
                        raise Problem("FIL_004", name="workbook", found="other files or programs inside it")
                    if _BINARY_NAME.search(part.filename) and not piece.startswith(_XML_START):
                        text = None
                unpacked += len(piece)
                total += len(piece)
                if total > UNPACKED_MAX:
                    raise Problem("FIL_003", detail=f"more than {megabytes(UNPACKED_MAX)}")
                packed = max(part.compress_size, 1)
                if (unpacked > _RATIO_FREE and unpacked > RATIO_MAX * packed) or (
                    total > _RATIO_FREE and total > RATIO_MAX * size
                ):
                    raise Problem("FIL_003", detail=f"more than {RATIO_MAX} times its size")
                if text is not None:
                    text += piece
                    if len(text) > XML_MAX:
                        raise Problem("FIL_003", detail=f"one part alone to more than {megabytes(XML_MAX)}")
        if text is not None:
            _check_xml(part.filename, bytes(text))


def _check_xml(name: str, text: bytes) -> None:
    """Refuse XML that defines words of its own (entity bombs need that), and links to other files.

    The text is given to the parser in one piece: fed in small ones, Expat before 2.6 takes time that
    grows with the square of the longest token.
    """

    def no_definitions(*_: object) -> None:
        raise Problem("FIL_004", name="workbook", found="definitions that can make it grow without end")

    def element(_tag: str, attributes: dict[str, str]) -> None:
        described = attributes.get("ContentType", "") + attributes.get("Type", "")
        if _MACRO_TYPE.search(described):
            raise Problem("FIL_004", name="workbook", found="macros")
        if _FOREIGN_TYPE.search(described):
            raise Problem("FIL_004", name="workbook", found="other files or programs inside it")
        # A link in a cell to a web page does nothing until somebody follows it.
        if attributes.get("TargetMode", "").casefold() == "external" and not described.endswith("/hyperlink"):
            raise Problem("FIL_004", name="workbook", found="links to other files")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = no_definitions
    if name == "[Content_Types].xml" or name.casefold().endswith(".rels"):
        parser.StartElementHandler = element
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise Problem("FIL_007", name="workbook") from fault


def megabytes(size: int) -> str:
    """Return a size as people say it.

    >>> megabytes(10_000_000), megabytes(12_345_678)
    ('10 MB', '12.4 MB')
    """
    tenths = -(-size // 100_000)
    return f"{tenths // 10} MB" if tenths % 10 == 0 else f"{tenths / 10:.1f} MB"
