"""CSV out: nothing in it is a formula, whatever was typed and however it is opened."""

from __future__ import annotations

import csv
import io
import random
import re
import unicodedata
from decimal import Decimal

import pytest
from cases import vectors
from cases.attacks import ATTACKS, HARMLESS
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.errors import Problem
from tools.instruments import record
from tools.instruments.assessment import relevant_answers
from tools.surfaces.cells import safe
from tools.surfaces.table import to_csv

SHEET = vectors.fixture("everything.yml")


def first_signs(text: str) -> list[str]:
    """Return the first visible sign of every place in a text where a reader of CSV could begin a cell.

    Written apart from the code it checks: by what is visible, not by what is skipped.
    """
    found = []
    for part in re.split(r"[\r\n\t;\v\f\x1c-\x1e\x85\u2028\u2029]", text):
        visible = [
            s for s in part if unicodedata.category(s)[0] in "LNPS" and s not in '"\u3164\u115f\u1160\uffa0\u2800'
        ]
        found.extend(unicodedata.normalize("NFKC", sign)[:1] for sign in visible[:1])
    return found


@pytest.mark.promise("input-formula")
@pytest.mark.parametrize("name", ATTACKS)
def test_a_formula_becomes_text(name: str) -> None:
    written = safe(ATTACKS[name])
    assert "'" in written
    assert not set(first_signs(written)) & set("=+-@%|−")
    assert safe(written) == written, "twice is no more than once"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.promise("input-formula")
@settings(max_examples=500, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=3),
            st.sampled_from([*"=+-@%|＝﹦−;\t\r\n\0 \"'", "\ufeff", "\u00a0", "\u200b", "\u2028", "\ud800", "=1+1"]),
        ),
        max_size=12,
    ).map("".join)
)
def test_no_text_begins_a_formula_anywhere(text: str) -> None:
    written = safe(text)
    assert not set(first_signs(written)) & set("=+-@%|−")
    written.encode("utf-8")
    assert written.replace("'", "") == safe(text.replace("'", "")).replace("'", ""), "nothing else is changed"


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_a_record_is_one_row_with_codes_under_ids() -> None:
    answers = {
        "agreed": "yes",
        "place": "sea",
        "signs": ["threats", "debt"],
        "days": "-3",
        "started": "2024-02-29",
        "remarks": "=1+1",
        "periods": [{"due": "80", "on_time": "no"}, {"worked": "2.5"}],
    }
    text = to_csv(SHEET, [record.of(SHEET, answers), record.of(SHEET, {})])
    full, empty = rows_of(text)
    assert text.count("\r\n") == 3
    expected = {
        "_instrument": "tests/everything", "_version": "2.3", "agreed": "yes", "place": "sea", "signs.debt": "1",
        "signs.papers": "0", "signs.threats": "1", "days": "-3", "started": "2024-02-29", "remarks": "'=1+1",
        "periods.1.due": "80", "periods.1.on_time": "no", "periods.2.worked": "2.5",
    }  # fmt: skip
    assert {name: cell for name, cell in full.items() if cell} == expected
    assert {name: cell for name, cell in empty.items() if cell} == {
        "_instrument": "tests/everything",
        "_version": "2.3",
    }
    assert "at_sea_note" not in full, "a note has no answer"
    assert "periods.3.due" not in full, "as many rows as the fullest record"


def test_a_record_of_another_instrument_is_refused() -> None:
    with pytest.raises(Problem, match="REC_002"):
        to_csv(SHEET, [record.Record("other/one", "1.0", {})])


@pytest.mark.promise("input-formula", "input-nothing-lost")
@pytest.mark.parametrize("instrument", vectors.instruments(), ids=lambda i: i.id)
def test_random_answers_are_all_in_the_table(instrument) -> None:
    chance = random.Random(7)  # noqa: S311 - test data
    records = [record.of(instrument, vectors.random_answers(instrument, chance)) for _ in range(25)]
    for made, row in zip(records, rows_of(to_csv(instrument, records)), strict=True):
        found = dict(row)
        for name, value in relevant_answers(instrument, made).items():
            cells = (
                {f"{name}.{n}.{key}": cell for n, filled in enumerate(value, 1) for key, cell in filled.items()}
                if isinstance(value, tuple)
                else {name: value}
            )
            for key, cell in cells.items():
                if isinstance(cell, frozenset):
                    assert {code for code in cell if found.pop(f"{key}.{code}") == "1"} == cell
                elif isinstance(cell, Decimal):
                    assert Decimal(found.pop(key)) == cell
                else:
                    assert found.pop(key).removeprefix("'") == str(cell)
        left = {key for key, cell in found.items() if cell not in ("", "0")}
        assert left == {"_instrument", "_version"}
