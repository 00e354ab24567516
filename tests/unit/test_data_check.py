"""A data set is checked cell by cell and record by record; every finding says where, why and what to do."""

import datetime as dt
import json
from pathlib import Path

import narwhals as nw
import pandas as pd
import polars as pl
import pytest

from tools import content
from tools.__main__ import main
from tools.casedata import check, made_up, schema
from tools.errors import MESSAGES, Problem

TODAY = dt.date(2026, 11, 25)


def found(rows, name="victim-centred", make=pl.DataFrame):
    which = schema.load(name)
    heads = list(dict.fromkeys(head for row in rows for head in row))
    data = {head: [row.get(head, "") for row in rows] for head in heads}
    return check.frame(make(data), which, today=TODAY)


def rules(report):
    return {(one.rule, one.column) for one in report.findings}


@pytest.fixture(scope="module")
def good():
    return {name: made_up.rows(schema.load(name), 60, seed=3) for name in schema.NAMES}


@pytest.mark.parametrize("name", schema.NAMES)
@pytest.mark.parametrize("make", [pl.DataFrame, pd.DataFrame])
def test_made_up_records_keep_every_rule(good, name, make):
    report = found(good[name], name, make)
    assert not report.findings, report.findings[0]
    assert report.usable
    assert report.rows == 60


CASES = [
    ({"sex": "femal"}, ("code", "sex")),
    ({"sex": ""}, ("blank", "sex")),
    ({"age": "-1"}, ("range", "age")),
    ({"age": "many"}, ("number", "age")),
    ({"registered_on": "05/13/2024"}, ("date-order", "registered_on")),
    ({"registered_on": "2023-02-29"}, ("date", "registered_on")),
    ({"exploitation_start": "2023-13"}, ("month", "exploitation_start")),
    ({"identified_on": "2031-01-01"}, ("not-in-future", "identified_on")),
    ({"record_id": "a b"}, ("pattern", "record_id")),
    ({"forms": "labour;labour"}, ("twice", "forms")),
    ({"forms": "labour;unknown"}, ("alone-forms", "forms")),
    ({"age_recruited": "70", "age": "30"}, ("ages", "age")),
    ({"identified_on": "2024-06-02", "assisted_on": "2024-06-01"}, ("dates", "assisted_on")),
    ({"exploitation_start": "2024-09", "identified_on": "2024-06-02"}, ("exploited-before-noticed", "identified_on")),
    ({"birth_year": "2025"}, ("not-before-birth", "registered_on")),
    ({"age": "50", "birth_year": "2000"}, ("age-and-birth", "age")),
    ({"age_recruited": "30", "means": ""}, ("means-of-adults", "means")),
    (
        {"movement": "domestic", "exploitation_country": "ZW", "residence_country": "AL"},
        ("domestic", "exploitation_country"),
    ),
    ({"forms": "sexual", "sector": "a"}, ("sector-of-labour", "sector")),
    ({"forms": "labour", "main_form": "organs"}, ("main-among-forms", "main_form")),
    ({"status": "identified", "status_body": ""}, ("decision-recorded", "status_body")),
    ({"consent": "service", "shared_with": "POLICE"}, ("no-consent-no-sharing", "shared_with")),
    ({"age": "15", "guardian": ""}, ("child-has-guardian", "guardian")),
    ({"closed_on": "2025-01-01", "closure_reason": ""}, ("closure-has-reason", "closure_reason")),
    ({"other_form": "call 07700 900123"}, ("leak", "other_form")),
]


@pytest.mark.parametrize(("change", "wanted"), CASES, ids=[one[1][0] + "-" + one[1][1] for one in CASES])
def test_each_fault_is_found_where_it_is(good, change, wanted):
    rows = [dict(row) for row in good["victim-centred"]]
    rows[4] |= change
    report = found(rows)
    hits = [one for one in report.findings if (one.rule, one.column) == wanted]
    assert hits, rules(report)
    assert hits[0].rows == (6,)
    assert hits[0].reason
    assert hits[0].remedy


def test_records_of_one_key_must_agree(good):
    rows = [dict(row) | {"linkage_key": f"KEY-{at:05d}"} for at, row in enumerate(good["victim-centred"])]
    rows[1] |= {"linkage_key": "KEY-00000", "sex": "male", "birth_year": "1990"}
    rows[0] |= {"sex": "female"}
    assert ("same-key", "linkage_key") in rules(found(rows))


def test_a_column_that_names_a_person_is_an_error(good):
    rows = [row | {"surname": "", "remarks": "see x@example.org"} for row in good["victim-centred"]]
    report = found(rows)
    assert {("identifier", "surname"), ("leak", "remarks"), ("column", "remarks")} <= rules(report)
    assert "example.org" not in json.dumps([one.reason for one in report.findings])


def test_ten_thousand_unknown_codes_make_one_finding():
    rows = pl.DataFrame({"record_id": [f"R{n:06d}" for n in range(10_000)], "sex": [f"code{n}" for n in range(10_000)]})
    report = check.frame(rows, schema.load("victim-centred"), today=TODAY)
    one = next(one for one in report.findings if one.rule == "code")
    assert one.count == 10_000
    assert len(one.rows) == 1_000


def test_a_frame_without_order_or_columns_is_refused():
    which = schema.load("victim-centred")
    with pytest.raises(Problem, match="DAT_003"):
        check.frame([1, 2], which)
    with pytest.raises(Problem, match="DAT_004"):
        check.frame(pl.DataFrame({"x": ["1"]}), which)
    with pytest.raises(Problem, match="DAT_003"):
        check.frame(pl.LazyFrame({"sex": ["male"]}), which)


def test_a_lazy_frame_gives_the_same(good):
    data = pl.DataFrame(good["victim-centred"]).with_columns(pl.lit("femal").alias("sex"))
    eager = check.frame(data, schema.load("victim-centred"), today=TODAY)
    lazy = check.frame(data.lazy(), schema.load("victim-centred"), today=TODAY)
    assert [(one.rule, one.rows, one.count) for one in eager.findings] == [
        (one.rule, one.rows, one.count) for one in lazy.findings
    ]
    assert nw.from_native(data).shape[0] == eager.rows


def test_the_lists_and_the_schemas_agree():
    for name in schema.NAMES:
        said = json.loads((content.SCHEMAS / f"{name}.schema.json").read_text())
        for one in said["fields"]:
            limits = one.get("constraints", {})
            if "codelist" in one and "separator" not in one:
                assert limits["enum"] == list(schema.code_names(one["codelist"])), one["name"]
            if one.get("separator") and one.get("codelist", "country") != "country":
                assert set(schema.code_names(one["codelist"])) == set(limits["pattern"].split("(")[1][:-1].split("|"))


def test_every_message_is_complete():
    assert all(MESSAGES[code].what and MESSAGES[code].todo for code in MESSAGES if code.startswith("DAT_"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"fields": [{"name": "a", "type": "geo"}]}', '{"fields": 3}'])
def test_a_broken_schema_is_refused(text):
    with pytest.raises(Problem, match="DAT_002"):
        schema.read(text, "x.json")


def test_the_command_reports_and_writes(tmp_path, capsys):
    sample = content.EXAMPLES / "victim-centred-sample.csv"
    assert main(["data", "check", str(sample), "--as-of", "2026-11-25"]) == 0
    assert "nothing is wrong" in capsys.readouterr().out
    bad = tmp_path / "bad.csv"
    bad.write_text(sample.read_text().replace(",female,", ",=femal,", 1))
    before = bad.read_bytes()
    assert main(["data", "check", str(bad), "--out", str(tmp_path / "out")]) == 1
    assert bad.read_bytes() == before
    made = {path.suffix: path for path in Path(tmp_path / "out").iterdir()}
    assert set(made) == {".html", ".xlsx", ".txt"}
    assert "DAT_024" in made[".txt"].read_text()
    assert "<script" not in made[".html"].read_text()
    import openpyxl

    cells = [cell for sheet in openpyxl.load_workbook(made[".xlsx"]) for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
