"""The page gives what Python gives: the same vectors and many random answers, in a real browser."""

from __future__ import annotations

import datetime as dt
import json
import random
from decimal import Decimal
from typing import Any

import pytest
from cases import vectors

from tools.errors import Problem
from tools.instruments import record
from tools.instruments.assessment import assess, what_would_change
from tools.instruments.expressions import round_half_away
from tools.instruments.model import Instrument
from tools.instruments.record import plain
from tools.surfaces import html, text

pytestmark = pytest.mark.browser

SETS = 500 if vectors.FULL else 80
SEED = 20261124

RUN = """
([data, sets]) => {
  const engine = ctInstruments, definition = new engine.Definition(data);
  return sets.map((raw) => {
    try {
      const answers = engine.parseAnswers(definition, raw, null), result = engine.assess(definition, answers);
      return {
        values: result.values, outcome: result.outcome && result.outcome.id, relevant: result.relevant,
        reasons: result.reasons, reasonsFor: result.reasonsFor, notices: result.notices.map((n) => n.id),
        missing: result.missing, faults: result.faults, answered: result.answered,
        changes: engine.whatWouldChange(definition, answers).map((c) => [c.item, c.answer, c.outcome]),
        summary: engine.summary(definition, answers), record: engine.writeRecord(definition, answers)
      };
    } catch (problem) { return { refused: problem.code || String(problem) }; }
  });
}
"""


def python_result(instrument: Instrument, raw: dict[str, Any]) -> dict[str, Any]:
    answers = record.of(instrument, raw)
    result = assess(instrument, answers)
    return {
        "values": {
            name: [plain(v) for v in value] if isinstance(value, tuple) else plain(value)
            for name, value in result.values.items()
        },
        "outcome": result.outcome.id if result.outcome else None,
        "relevant": sorted(result.relevant),
        "reasons": list(result.reasons),
        "reasonsFor": {name: list(found) for name, found in result.reasons_for.items()},
        "notices": [notice.id for notice in result.notices],
        "missing": list(result.missing),
        "faults": dict(result.faults),
        "answered": result.answered,
        "changes": [[c.item, c.answer, c.outcome] for c in what_would_change(instrument, answers)],
        "summary": text.summary(instrument, answers),
        "record": json.loads(record.dumps(answers, instrument)),
    }


def close(python: Any, page: Any, decimals: int) -> bool:
    """Return whether two values are the same.

    Codes and dates exactly; numbers as people see them, which is with the decimals of the value.
    """
    if isinstance(python, list):
        return len(python) == len(page) and all(close(p, q, decimals) for p, q in zip(python, page, strict=True))
    if isinstance(page, int | float) and isinstance(python, str):
        exact, double = Decimal(python), Decimal(page)
        if abs(exact - double) <= abs(exact) * Decimal("1e-12") + Decimal("1e-9"):
            return True
        return round_half_away(exact, decimals) == round_half_away(double, decimals)
    return bool(python == page)


@pytest.fixture(scope="module")
def engine(browser):
    page = browser.new_page()
    page.add_script_tag(content=html.script())
    yield page
    page.close()


@pytest.mark.promise("same-result")
@pytest.mark.parametrize("instrument", vectors.instruments(), ids=lambda i: i.id)
def test_the_page_agrees_with_python(engine, instrument: Instrument, record_property) -> None:
    chance = random.Random(SEED)  # noqa: S311 - a fixed seed, so that a difference can be looked at again
    sets = [dict(case.answers) for case in vectors.cases() if case.instrument.id == instrument.id]
    sets += [
        vectors.random_answers(instrument, chance) for _ in range(500 if instrument.id.startswith("tests/") else SETS)
    ]
    found = engine.evaluate(RUN, [html.page_data(instrument), sets])
    comparisons = 0
    for raw, page in zip(sets, found, strict=True):
        assert "refused" not in page, (raw, page)
        page["relevant"].sort()
        page["record"] = json.loads(page["record"])
        python = python_result(instrument, raw)
        for name, value in python.pop("values").items():
            comparisons += 1
            assert close(value, page["values"][name], instrument.everything[name].decimals), (
                name,
                value,
                page["values"][name],
                raw,
            )
        for key, value in python.items():
            comparisons += 1
            assert page[key] == value, (key, raw)
    record_property("answer_sets", len(sets))
    print(f"{instrument.id}: {len(sets)} answer sets, {comparisons} comparisons")


REFUSED = [
    "", "x", "[]", "{}", '{"format": "ct-record/1"}',
    '{"format": "ct-record/1", "instrument": "other/one", "version": "2.3", "answers": {}}',
    '{"format": "ct-record/1", "instrument": "tests/everything", "version": "0.9", "answers": {}}',
    '{"format": "ct-record/1", "instrument": "tests/everything", "version": "2.3", "answers": {"nothing": "x"}}',
    '{"format": "ct-record/1", "instrument": "tests/everything", "version": "2.3", "answers": {"agreed": "maybe"}}',
    '{"format": "ct-record/1", "instrument": "tests/everything", "version": "2.3", "answers": {"hours": "25"}}',
    '{"format": "ct-record/1", "instrument": "tests/everything", "version": "2.3", "answers": {"hours": "1.234"}}',
    '{"format": "ct-record/1", "instrument": "tests/everything", "version": "2.3", "answers": {"started": "2026-02-30"}}',
    '{"format": "ct-record/1", "instrument": "tests/everything", "version": "2.3", "answers": {"periods": [{},{},{},{},{},{},{}]}}',
    '{"format": "ct-record/1", "instrument": "tests/everything", "version": "2.3", "answers": {"signs": ["fire"]}}',
    " " * 1_000_001,
]  # fmt: skip

READ = """
([data, files]) => {
  const engine = ctInstruments, definition = new engine.Definition(data);
  return files.map((file) => {
    try { const read = engine.readRecord(definition, file, "2026-11-24"); return [null, read.notes.length, read.answers]; }
    catch (problem) { return [problem.code || String(problem), 0, null]; }
  });
}
"""


@pytest.mark.promise("same-result", "input-messages", "input-limits")
def test_the_page_refuses_what_python_refuses(engine) -> None:

    instrument = vectors.fixture("everything.yml")
    page = engine.evaluate(READ, [html.page_data(instrument), REFUSED])
    for file, (code, _, _) in zip(REFUSED, page, strict=True):
        with pytest.raises(Problem) as caught:
            record.loads(file, instrument)
        assert caught.value.code == code, file[:200]


VERSIONS = """
([data, files, today]) => {
  const engine = ctInstruments, definition = new engine.Definition(data);
  return files.map((file) => {
    try {
      const read = engine.readRecord(definition, file, today);
      return { kept: read.answers, handling: read.handling, notes: read.notes.map((note) => [note.code, note.fields]) };
    } catch (problem) { return { refused: problem.code || String(problem) }; }
  });
}
"""


@pytest.mark.promise("same-result", "input-nothing-lost")
def test_a_record_of_another_version_opens_as_in_python(engine) -> None:
    instrument = vectors.fixture("everything.yml")
    cases = json.loads((vectors.HERE / "migrations.json").read_text(encoding="utf-8"))
    head = {"format": "ct-record/1", "instrument": instrument.id}
    files = [json.dumps(head | case["record"]) for case in cases["files"]]
    today = dt.date.fromisoformat(cases["today"])
    page = engine.evaluate(VERSIONS, [html.page_data(instrument), files, cases["today"]])
    for case, text_, found in zip(cases["files"], files, page, strict=True):
        opened = record.read(text_, instrument, today=today)
        assert found["kept"] == {name: plain(value) for name, value in opened.record.answers.items()} == case["kept"]
        assert found["handling"] == case.get("handling")
        assert (
            [code for code, _ in found["notes"]]
            == [note.code for note in opened.notes]
            == [n[0] for n in case["notes"]]
        )
        for (_, fields), note in zip(found["notes"], opened.notes, strict=True):
            assert {key: plain(note.fields[key]) for key in fields} == fields
    refused = [json.dumps(head | {"version": case["version"], "answers": {}}) for case in cases["refused"]]
    page = engine.evaluate(VERSIONS, [html.page_data(instrument), refused, cases["today"]])
    assert [found["refused"] for found in page] == [case["code"] for case in cases["refused"]]


# As they stand in a file: JSON texts, some of which Python or the browser would read more kindly than the other.
ODD = [
    "null", "true", "false", "0", "-0", "1", "-1", "1.5", "1e1", "1e-7", "1e21", "1E2", "NaN", "Infinity", "-Infinity", "20260101",
    '""', '" "', '"yes"', '" yes "', '"debt"', '"0"', '"-0"', '"007"', '"-01.50"', '"1."', '".5"', '"1.50"', '"1.500"', '"24"', '"24.01"',
    '"1,5"', '"1e1"', '"0x1f"', '"1_000"', '"\\u0663"', '" 8 "', '"8\\n"', '"100000000000"', '"100000000001"', '"999999999999"',
    '"2026-01-01"', '"20260101"', '"2026-W01-1"', '"2026-1-1"', '"2026-02-30"', '"2024-02-29"', '"1900-02-28"', '"1900-03-01"',
    '"2100-12-31"', '"2101-01-01"', '"2026-01-01T00:00"', '"\\uff12026-01-01"', "[]", "{}", '["debt"]', '["debt", "debt"]', '["debt", "fire"]',
    '[["debt"]]', "[1]", '["5"]', '[""]', "[null]", "[{}]", "[[]]", '["x"]', '[{"worked": "1"}]', '[{"worked": ["1"]}]', '[{"worked": null}]',
    '[{"x": 1}]', '[{"constructor": "x"}]', '{"worked": "1"}', '[{"__proto__": "x"}]', '"\\ud83d\\ude00"', '"<b>"',
]  # fmt: skip
NAMES = ["agreed", "place", "signs", "hours", "days", "rate", "fee", "started", "as_of", "remarks", "case_code", "periods",
         "at_sea_note", "yes_count", "worked", "gap", "x", "", "constructor", "__proto__", "toString"]  # fmt: skip


@pytest.mark.promise("same-result", "input-messages")
@pytest.mark.parametrize("version", ["2.3", "2.0", "2.9"])
def test_the_page_and_python_read_every_odd_answer_alike(engine, version: str) -> None:
    instrument = vectors.fixture("everything.yml")
    head = f'{{"format": "ct-record/1", "instrument": "{instrument.id}", "version": "{version}", "answers": '
    files = [f'{head}{{"{name}": {odd}}}}}' for name in NAMES for odd in ODD]
    files += [f'{head}{{"remarks": "{"😀" * 10_001}"}}}}', f'{head}{{"remarks": "{"😀" * 20_001}"}}}}']
    different = []
    for file, (code, lost, answers) in zip(
        files, engine.evaluate(READ, [html.page_data(instrument), files]), strict=True
    ):
        try:
            read, notes = record.loads(file, instrument)
            python = (None, len(notes), {n: plain(v) for n, v in read.answers.items()})
        except Problem as problem:
            python = (problem.code, 0, None)
        if python != (code, lost, answers):
            different.append((file[len(head) : len(head) + 80], python, (code, lost, answers)))
    assert different == []
