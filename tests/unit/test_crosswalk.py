"""Case data in other words and back: nothing made up, every loss counted; and templates that ask what the check asks."""

from __future__ import annotations

import io

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools import content
from tools.__main__ import main
from tools.casedata import check, crosswalk, made_up, private_synthesis, schema
from tools.errors import Problem
from tools.surfaces import data_reader, data_template, xlsform

VICTIMS = schema.load("victim-centred")
LINES = crosswalk.lines()


def back_and_forth(rows: list[dict[str, str | None]]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
    out = crosswalk.to_ctdc(frame, VICTIMS).frame
    returned = crosswalk.from_ctdc(out).frame
    return out, returned, crosswalk.to_ctdc(returned, VICTIMS).frame


def codes_of(field: str) -> list[str]:
    """Return the codes of a field that come back as they were, by themselves and with others."""
    through = {line.code for line in LINES if line.field == field and line.returns == "yes"}
    changed = {line.code for line in LINES if line.field == field and line.returns == "no"}
    return sorted(through - changed)


def test_every_code_and_every_field_of_the_crosswalk_is_one_of_the_schema() -> None:
    for line in LINES:
        field = VICTIMS.by_name[line.field]
        assert line.code == "*" or line.code in field.codes, line
        assert line.returns in crosswalk.RETURNS
        assert line.status in crosswalk.STATUSES
    for name in schema.NAMES:
        here = {(one.field, one.standard) for one in crosswalk.places() if one.schema == name and one.field}
        wanted = {(field.name, standard) for field in schema.load(name).fields for standard in crosswalk.STANDARDS}
        assert here == wanted
    assert all(one.status in crosswalk.STATUSES and bool(one.name) == (one.status != "none" or not one.field) for one in crosswalk.places())  # fmt: skip


SEVERAL = {name: codes_of(name) for name in ("control", "forms", "sexual_setting")}
ONE = {name: codes_of(name) for name in ("sex", "sector", "recruiter_relationship")}
row = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from(codes), min_size=1, max_size=4, unique=True) for name, codes in SEVERAL.items()}
    | {name: st.sampled_from(codes) for name, codes in ONE.items()}
    | {"exploitation_country": st.sampled_from(["TH", "GB", "NA"]), "citizenship": st.sampled_from(["ID", "NA", "KH"])}
)


@settings(max_examples=60, deadline=None)
@given(st.lists(row, min_size=1, max_size=4))
def test_what_can_come_back_comes_back(rows: list[dict[str, object]]) -> None:
    flat = [{name: ";".join(v) if isinstance(v, list) else v for name, v in one.items()} for one in rows]
    _, returned, _ = back_and_forth(flat)  # type: ignore[arg-type]
    for before, after in zip(flat, returned.to_dicts(), strict=True):
        for name, value in before.items():
            assert set(str(value).split(";")) == set(str(after[name]).split(";")), name


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_a_second_way_there_gives_the_same_columns(seed: int) -> None:
    rows = made_up.rows(VICTIMS, 6, seed=seed)
    out, _, again = back_and_forth(rows)  # type: ignore[arg-type]
    compared = 0
    for name in again.columns:
        (field,) = {line.field for line in LINES if line.variable == name}
        through = {*codes_of(field), "none", *schema.MISSING}
        for before, first, second in zip(rows, out[name], again[name], strict=True):
            codes = set((before.get(field) or "unknown").split(";"))
            if field in ("citizenship", "exploitation_country") or codes <= through:
                compared += 1
                assert second == first, (name, before[field])
    assert compared > 60


def test_known_values_and_missing_ones() -> None:
    out, returned, _ = back_and_forth([
        {"sex": "female", "age": "17", "control": "threats;other", "forms": "labour", "citizenship": "NA;ZA", "registered_on": "2024-03-02", "means": "unknown"},
        {"sex": "refused", "age": None, "control": "none", "forms": "not-asked", "citizenship": "unknown", "registered_on": None, "means": "abduction"},
        {"sex": "male", "age": "48", "control": None, "forms": "begging", "citizenship": "KH", "registered_on": "2023-01-01", "means": "force"},
    ])  # fmt: skip
    first, second, third = out.to_dicts()
    assert (first["gender"], first["ageBroad"], first["majorityStatus"]) == ("Female", "9--17", "Minor")
    assert (first["citizenship"], first["yearOfRegistration"]) == ("NA", "2024")
    assert (first["meansOfControlThreats"], first["meansOfControlDebtBondage"], first["isAbduction"]) == (
        "1",
        "0",
        "-99",
    )
    assert (second["gender"], second["ageBroad"], second["citizenship"]) == ("-99", "-99", "00")
    assert (second["meansOfControlThreats"], second["isForcedLabour"], second["isAbduction"]) == ("0", "-99", "1")
    assert (third["ageBroad"], third["isForcedLabour"], third["typeOfLabourBegging"]) == ("48+", "1", "1")
    assert returned["control"].to_list() == ["threats;other", "none", None]
    assert "registered_on" not in returned.columns, "from a year no day is made up"
    assert "age" not in returned.columns


def test_names_that_a_release_cut_are_known_and_two_sectors_are_left_open() -> None:
    frame = pl.DataFrame({
        "meansOfControlRestrictsMedicalCa": ["1"], "typeOfLabourAgriculture": ["1"], "typeOfLabourConstruction": ["1"],
        "gender": ["Woman"], "somethingElse": ["x"],
    })  # fmt: skip
    made = crosswalk.from_ctdc(frame)
    (only,) = made.frame.to_dicts()
    assert (only["control"], only["sector"], only["sex"]) == ("restricts-medical-care", None, "female")
    assert ("somethingElse", 1, "the victim-centred data set has no such field") in made.lost


def test_every_cell_that_is_lost_is_counted() -> None:
    frame = pl.read_csv(content.EXAMPLES / "victim-centred-sample.csv", infer_schema=False)
    lost = {column: cells for column, cells, _ in crosswalk.to_ctdc(frame, VICTIMS).lost}
    assert lost["record_id"] == frame.height
    assert lost["identified_on"] == frame["identified_on"].drop_nulls().len()
    assert "exploitation_country" not in lost
    assert "control" not in lost or lost["control"] < frame.height


def test_what_is_no_data_set_is_told() -> None:
    with pytest.raises(Problem, match="DAT_070"):
        crosswalk.to_ctdc(pl.DataFrame({"sex": ["male"]}), schema.load("criminal-justice"))
    with pytest.raises(Problem, match="DAT_071"):
        crosswalk.to_ctdc(pl.DataFrame({"x": ["1"]}), VICTIMS)
    with pytest.raises(Problem, match="DAT_072"):
        crosswalk.from_ctdc(pl.DataFrame({"x": ["1"]}))
    with pytest.raises(Problem, match="DAT_003"):
        crosswalk.from_ctdc("no frame")


# --- templates ---


@pytest.mark.parametrize("name", schema.NAMES)
def test_a_filled_template_is_read_as_the_same_data_as_csv(name: str, tmp_path) -> None:
    which = schema.load(name)
    rows = made_up.rows(which, 8, seed=2) if name == "victim-centred" else [
        {"defendant_id": "SYN-1", "case_id": "C-1", "sex": "male", "age": "300", "victims": "2"}
    ]  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(data_template.workbook(which)))
    assert book.sheetnames[0] == "Data"
    heads = [cell.value for cell in book["Data"][1]]
    assert heads == [field.name for field in which.fields]
    for number, one in enumerate(rows, start=2):
        for name_, value in one.items():
            if value:
                book["Data"].cell(number, heads.index(name_) + 1, value)
    book.save(tmp_path / "filled.xlsx")
    (tmp_path / "same.csv").write_text(pl.DataFrame(rows).write_csv(), encoding="utf-8")
    found = []
    for file in ("filled.xlsx", "same.csv"):
        opened = data_reader.read(tmp_path / file)
        report = check.frame(opened.frame, which, before=opened.findings)
        columns = {one.column for one in report.findings if one.rule != "missing-column"}
        found.append(
            {(one.rule, one.column, one.rows) for one in report.findings if one.column in columns & set(rows[0])}
        )
    assert found[0] == found[1]


def test_drop_downs_hold_the_codes_and_nothing_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(data_template.workbook(VICTIMS)))
    rules = [rule for rule in book["Data"].data_validations.dataValidation if rule.type == "list"]
    assert len(rules) == sum(bool(field.codes) and not field.separator for field in VICTIMS.fields)
    assert [c for sheet in book.worksheets for line in sheet.iter_rows() for c in line if c.data_type == "f"] == []
    assert data_template.workbook(VICTIMS) == data_template.workbook(VICTIMS)


@pytest.mark.slow
@pytest.mark.parametrize("name", schema.NAMES)
def test_odk_validate_takes_the_form_and_its_export_passes_the_check(name: str) -> None:
    which = schema.load(name)
    form = data_template.form(which)
    assert xlsform.converted(form, validate=True).startswith("<?xml")
    assert [line["name"] for line in form.survey if line["type"] != "note"] == [field.name for field in which.fields]
    if name == "victim-centred":
        rows = made_up.rows(which, 5, seed=3)
        kobo = pl.DataFrame(rows).with_columns(
            pl.col(one.name).str.replace_all(";", " ") for one in which.fields if one.separator and one.name in rows[0]
        )
        kobo = kobo.rename({kobo.columns[2]: f"group/{kobo.columns[2]}"}).with_columns(_uuid=pl.lit("a-b"))
        made = crosswalk.from_form(kobo, which)
        assert made.lost == (("_uuid", 5, "no field of the data set; made by the form"),)
        wanted = pl.DataFrame(rows).select(made.frame.columns)
        assert made.frame.fill_null("").rows() == wanted.fill_null("").rows()


# --- made-up records that follow real ones ---


def test_made_up_records_follow_and_say_their_bound() -> None:
    frame = pl.read_csv(content.EXAMPLES / "victim-centred-sample.csv", infer_schema=False)
    made = private_synthesis.synthesise(frame, VICTIMS, ("sex", "age:band"), epsilon=8)
    assert made.frame.columns == ["sex", "age"]
    assert 250 < made.frame.height < 600
    assert set(made.frame["age"].drop_nulls()) <= {"0-17", "18-29", "30-47", "48+"}
    assert made.gaps["sex"] < 0.2
    assert "changes the chance of any result at most 2,981.0 times" in made.statement


@pytest.mark.parametrize(
    ("columns", "epsilon", "code"),
    [
        (("record_id", "sex"), 4, "DAT_074"),
        (("registered_on", "sex"), 4, "DAT_074"),
        (("sex",), 4, "DAT_074"),
        (("sex", "age:much"), 4, "DAT_074"),
        (("sex", "nothing"), 4, "DAT_050"),
        (("sex", "age"), 0, "DAT_075"),
        (("sex", "age"), 50, "DAT_075"),
    ],
)
def test_what_would_give_people_away_is_refused(columns: tuple[str, ...], epsilon: float, code: str) -> None:
    frame = pl.read_csv(content.EXAMPLES / "victim-centred-sample.csv", infer_schema=False)
    with pytest.raises(Problem, match=code):
        private_synthesis.synthesise(frame, VICTIMS, columns, epsilon=epsilon)


def test_few_records_are_refused() -> None:
    frame = pl.DataFrame({"sex": ["male"] * 20, "age": ["20"] * 20})
    with pytest.raises(Problem, match="DAT_073"):
        private_synthesis.synthesise(frame, VICTIMS, ("sex", "age"))


def test_the_commands_write_and_tell(tmp_path, capsys) -> None:
    sample = str(content.EXAMPLES / "victim-centred-sample.csv")
    assert main(["data", "convert", sample, "--to", "ctdc", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "record_id: 400 cells" in said
    assert "It is not protected" in said
    assert main(["data", "convert", str(tmp_path / "victim-centred-sample--ctdc.csv"), "--from", "ctdc", "--out", str(tmp_path)]) == 0  # fmt: skip
    assert main(["data", "template", "--schema", "criminal-justice", "--out", str(tmp_path)]) == 0
    assert main(["data", "synthesise", sample, "--columns", "sex,main_form", "--out", str(tmp_path)]) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert {
        "criminal-justice-template.xlsx",
        "criminal-justice-xlsform.xlsx",
        "victim-centred-sample--synthetic.csv",
    } <= names
    capsys.readouterr()
    assert main(["data", "synthesise", sample, "--columns", "record_id,sex"]) == 1
    assert "DAT_074" in capsys.readouterr().err
