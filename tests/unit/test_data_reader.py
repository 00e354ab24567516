"""Bad files of case data: bounded memory, a plain message, and the input untouched."""

import io
import tracemalloc
import zipfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from tools.errors import Problem
from tools.surfaces import data_reader
from tools.surfaces.data_report import sheets_xlsx

_SPEC = spec_from_file_location("fuzz_readers", Path(__file__).parent.parent / "fuzz_readers.py")
fuzz = module_from_spec(_SPEC)
_SPEC.loader.exec_module(fuzz)


def read(tmp_path: Path, data, name="cases.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    before = path.read_bytes()
    try:
        return data_reader.read(path)
    finally:
        assert path.read_bytes() == before


def kinds(opened):
    return {(one.rule, one.column) for one in opened.findings}


def test_delimiters_and_encodings_are_found(tmp_path):
    for delimiter, word in ((",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        opened = read(tmp_path, f"sex{delimiter}age\nmale{delimiter}20\n")
        assert opened.frame.columns == ["_row", "sex", "age"] or opened.frame.columns == ["sex", "age", "_row"]
        assert word in opened.notes[0]
    assert read(tmp_path, "sex,place\nmale,Čačak\n".encode("utf-16")).frame["place"].to_list() == ["Čačak"]
    assert read(tmp_path, "sex,place\nmale,Čačak\n".encode("utf-8-sig")).frame["place"].to_list() == ["Čačak"]
    windows = read(tmp_path, "sex,place\nmale,Orléans\n".encode("cp1252"))
    assert windows.frame["place"].to_list() == ["Orléans"]
    assert ("encoding", "") in kinds(windows)
    mixed = read(tmp_path, "sex,place\nmale,Orléans\n".encode() + "male,Orléans\n".encode("cp1252"))
    assert mixed.findings[0].problem.code == "DAT_013"
    assert mixed.findings[0].rows == (3,)


def test_both_ways_of_reading_agree(tmp_path):
    plain = "sex,age\nmale,20\nfemale,\nmale,30\n"
    fast, slow = read(tmp_path, plain), read(tmp_path, plain.replace("30", '"30"'))
    one = [[cell or "" for cell in fast.frame[name].to_list()] for name in ("sex", "age")]
    two = [[cell or "" for cell in slow.frame[name].to_list()] for name in ("sex", "age")]
    assert one == two
    assert fast.frame["_row"].to_list() == slow.frame["_row"].to_list() == [2, 3, 4]


def test_odd_rows_and_heads_are_named(tmp_path):
    opened = read(tmp_path, "sex,sex,,age\nmale,x,y,20,extra\n\nfemale\n")
    assert {("ragged", ""), ("short", ""), ("head-twice", "sex"), ("head", "column 3")} <= kinds(opened)
    assert next(one for one in opened.findings if one.rule == "ragged").rows == (2,)
    assert opened.frame["_row"].to_list() == [2, 4]


def test_formulas_are_named_and_numbers_are_not(tmp_path):
    opened = read(tmp_path, 'sex,age\n=1+1,-3\n@x,+4\n"\t=2",5\n')
    hit = next(one for one in opened.findings if one.rule == "formula")
    assert hit.column == "sex"
    assert hit.rows == (2, 3, 4)
    assert ("formula", "age") not in kinds(opened)


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (b"sex,age\nmale,2\0\n", "DAT_005", "NUL"),
        (b'sex,age\nmale,"2\n' + b"x,1\n" * 100, "DAT_005", "not closed"),
        (b'sex,age\nmale,"2" 3\n', "DAT_005", "quotation"),
        (b"", "DAT_006", "no rows"),
        (b"sex,age\n", "DAT_006", "no rows"),
        (b",".join(b"c%d" % n for n in range(600)) + b"\n1\n", "DAT_007", "columns"),
        (b"PK\x03\x04 not a zip", "FIL_007", ""),
        (b"\xd0\xcf\x11\xe0 old", "FIL_00", ""),
    ],
)
def test_what_cannot_be_read_is_said_plainly(tmp_path, data, code, word):
    with pytest.raises(Problem, match=code) as caught:
        read(tmp_path, data)
    assert word in str(caught.value)
    assert caught.value.file == "cases.csv"


def test_a_cell_without_end_takes_no_memory(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.write(b"sex,age\nmale,")
        stream.truncate(2_000_000_000)  # a sparse file: two gigabytes that take no room on the disk
    for content in (None, b"x"):
        if content:
            with path.open("r+b") as stream:
                stream.truncate(13)
                stream.seek(13)
                stream.write(content * 60_000_000)
        tracemalloc.start()
        with pytest.raises(Problem, match="DAT_005"):
            data_reader.read(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 30_000_000


def test_a_long_cell_is_cut_and_named(tmp_path):
    opened = read(tmp_path, 'sex,age\nmale,"' + "x" * 50_000 + '"\n')
    assert ("long", "") in kinds(opened)
    assert len(opened.frame["age"][0]) == data_reader.CELL_MAX


def test_a_zip_bomb_is_refused(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
        archive.writestr("xl/workbook.xml", "<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 60_000_000 + b"</a>")
    with pytest.raises(Problem, match="FIL_003"):
        read(tmp_path, stream.getvalue(), "bomb.xlsx")


def test_a_workbook_is_read_and_its_sheet_chosen(tmp_path):
    data = sheets_xlsx({"Data": [("sex", "age"), ("male", 20)], "More": [("sex",), ("=1+1",)]})
    assert read(tmp_path, data, "a.xlsx").frame.rows() == [(2, "male", "20")]
    (tmp_path / "b.xlsx").write_bytes(data)
    assert ("formula", "sex") in kinds(data_reader.read(tmp_path / "b.xlsx", sheet="More"))
    with pytest.raises(Problem, match="DAT_008"):
        data_reader.read(tmp_path / "b.xlsx", sheet="None")
    with pytest.raises(Problem, match="CLI_001"):
        data_reader.read(tmp_path / "none.csv")


def test_a_sample_of_the_fuzzing_runs_clean(tmp_path):
    counts = fuzz.run(150, 2026, tmp_path, every=40)
    assert sum(counts.values()) == 150
    assert counts["read"] > 30
