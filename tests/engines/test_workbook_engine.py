"""A spreadsheet program gives what Python gives: real workbooks, filled, with wrong values in every formula.

LibreOffice works them out, many at a time, and saves them; what it saved is compared with Python, and read back.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cases import vectors

from tools.errors import Problem
from tools.instruments import record
from tools.instruments.assessment import assess, display
from tools.instruments.expressions import round_half_away
from tools.instruments.model import Computed, Instrument, Repeat
from tools.instruments.record import Record
from tools.surfaces import workbook, workbook_reader
from tools.surfaces.text import asked, value_words
from tools.surfaces.words import words
from tools.surfaces.workbook_formulas import Operand, stored
from tools.surfaces.workbook_layout import REASONS_SHOWN

pytestmark = pytest.mark.slow

#: Random sets of answers besides the shared vectors. One set is one workbook, which takes about a quarter of a second
#: of each core; fifty instruments then take about a minute and a half. The made-up one uses the whole language.
SETS, SETS_EVERYTHING = (2, 20) if vectors.FULL else (1, 12)
#: Shared vectors that an instrument of the library brings at most, spread over all it has; the page runs every one.
CASES = 8 if vectors.FULL else 4
SEED = 20261124
#: Always work formulas out when a file is opened; without it LibreOffice trusts what is stored.
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
STALE = "stale"
#: What a cell holds where a formula failed, and where it was not worked out.
WRONG = {STALE, *openpyxl.cell.cell.ERROR_CODES}
#: Workbooks that one start of LibreOffice takes: more than about 240 it leaves without a word. It works on one lot
#: while the next is written and the one before is compared.
TOGETHER = 60


@dataclass(frozen=True)
class Filled:
    """One set of answers, the workbook made of it, and the one that LibreOffice saved."""

    instrument: Instrument
    record: Record
    drawn: workbook.Drawn
    file: Path
    lot: Future[None]

    @property
    def saved(self) -> Path:
        """Where LibreOffice saved it; waits until it has."""
        self.lot.result()
        return self.file.parent / "saved" / self.file.name


def answer_sets(instrument: Instrument) -> list[dict[str, Any]]:
    chance = random.Random(SEED)  # noqa: S311 - a fixed seed, so that a difference can be looked at again
    sets = [dict(case.answers) for case in vectors.cases() if case.instrument.id == instrument.id]
    more = SETS_EVERYTHING
    if not instrument.id.startswith("tests/"):
        more = SETS
        sets = [sets[number * len(sets) // CASES] for number in range(CASES)] if len(sets) > CASES else sets
    return [*sets, *(vectors.random_answers(instrument, chance) for _ in range(more))]


def program() -> str:
    found = shutil.which("soffice")
    if not found:
        pytest.fail(str(Problem("BLD_005")))
    return found


def recalculate(folder: Path, files: Sequence[Path]) -> None:
    """Let LibreOffice open, work out and save workbooks."""
    start = [program(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx"]
    names = [file.name for file in files]
    subprocess.run([*start, "--outdir", "saved", *names], cwd=folder, check=True, capture_output=True, timeout=600)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[Filled]]]:
    """Every set of answers of every instrument, worked out by LibreOffice."""
    folder = tmp_path_factory.mktemp("workbooks")
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    program()
    sets = [(i, workbook.counted(record.of(i, raw))) for i in vectors.instruments() for raw in answer_sets(i)]
    made: dict[str, list[Filled]] = {}
    with ThreadPoolExecutor(1) as office:
        for first in range(0, len(sets), TOGETHER):
            some = sets[first : first + TOGETHER]
            drawn = [workbook.draw(instrument, answers, stored=lambda _: STALE) for instrument, answers in some]
            files = [folder / f"{first + number}.xlsx" for number in range(len(some))]
            for file, one in zip(files, drawn, strict=True):
                file.write_bytes(one.data)
            lot = office.submit(recalculate, folder, files)
            for (instrument, answers), one, file in zip(some, drawn, files, strict=True):
                made.setdefault(instrument.id, []).append(Filled(instrument, answers, one, file, lot))
        yield made


class Saved:
    """What stands in a saved workbook."""

    def __init__(self, one: Filled) -> None:
        self.one = one
        # The file comes from this test, and is opened as somebody does who wants values only.
        book = openpyxl.load_workbook(one.saved, data_only=True, read_only=True)
        self.sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
        self.form, self.workings = self.sheets[book.worksheets[0].title], self.sheets["Workings"]

    def operand(self, operand: Operand, row: int = -1) -> Any:
        if operand.text:
            return operand.text.strip('"')
        line = self.workings[operand.line]
        place = 1 + (row if operand.repeat else 0)
        return line[place] if place < len(line) else None

    def shown(self, kind: str, place: int = 0, cell: int = 0) -> Any:
        line = self.one.drawn.program.layout.of_kind(kind)[place]
        return self.form[line.at][line.cells[cell].first]


def close(python: Any, engine: Any, decimals: int) -> bool:
    """Return whether two values are the same; numbers as people see them, with the decimals of the value."""
    wanted = stored(python)
    if isinstance(python, Decimal):
        if not isinstance(engine, int | float):
            return False
        exact, double = python, Decimal(str(engine))
        near = abs(exact - double) <= abs(exact) * Decimal("1e-12") + Decimal("1e-9")
        return near or round_half_away(exact, decimals) == round_half_away(double, decimals)
    if hasattr(engine, "toordinal"):
        return str(engine)[:10] == str(python)
    return bool((engine if engine is not None else "") == wanted)


def differences(one: Filled) -> Iterator[tuple[str, Any, Any]]:
    """Yield what was compared: a name, what Python has, what the spreadsheet has (the same where they agree)."""
    instrument, program, shown, saved = one.instrument, one.drawn.program, one.drawn.shown, Saved(one)
    result, lines = assess(instrument, one.record), len(program.lines)
    sheet = shown.known.sheet

    def same(name: str, python: Any, engine: Any, decimals: int = 0) -> tuple[str, Any, Any]:
        return (name, python, python if close(python, engine, decimals) else repr(engine))

    for name, value in result.values.items():
        member = instrument.everything[name]
        operand = program.value(name)
        rows = list(enumerate(value)) if isinstance(value, tuple) else [(-1, value)]
        for row, cell in rows:
            yield same(f"{name}[{row}]", cell, saved.operand(operand, row), member.decimals)
        if isinstance(value, tuple):  # rows that do not count hold nothing
            for row in range(len(value), instrument.repeats[instrument.repeat_of[name]].max_rows):
                yield same(f"{name}[{row}]", None, saved.operand(operand, row))
    for name, repeat in instrument.repeats.items():
        yield same(f"rows({name})", Decimal(sheet.row_count(name)), saved.operand(program.rows(name)))
        yield same(f"applies: {name}", sheet.is_relevant(name), saved.operand(program.relevant(name)))
        for item in repeat.items:
            for row in range(sheet.row_count(name)):
                applies = saved.operand(program.relevant(item.id), row)
                yield same(f"applies: {item.id}[{row}]", sheet.is_relevant(item.id, row), applies)
    for name in instrument.items:
        yield same(f"applies: {name}", name in result.relevant, saved.operand(program.relevant(name)))
    if result.outcome:
        number = Decimal(instrument.outcomes.index(result.outcome) + 1)
        yield same("outcome", number, saved.operand(shown.outcome) if not shown.outcome.text else float(number))
    for notice, operand in zip(instrument.notices, shown.noticed, strict=True):
        yield same(f"notice {notice.id}", notice in result.notices, saved.operand(operand))
    yield ("reasons", set(result.reasons), {n for n, operand in shown.why.items() if saved.operand(operand) == "yes"})
    yield ("lines made after the workbook was drawn", lines, len(program.lines))
    yield from visible(one, saved)


def visible(one: Filled, saved: Saved) -> Iterator[tuple[str, Any, Any]]:
    """Yield what people see: the result block, and that no cell shows an error or a stale value."""
    instrument, said = one.instrument, words(one.instrument.locale)
    result, sheet = assess(instrument, one.record), one.drawn.shown.known.sheet
    answered = bool(one.record.answers)
    if result.outcome:
        title = result.outcome.title if answered else said["no_answers"]
        yield ("title", title, saved.shown("outcome_title"))
        yield ("follow", said["result_now"].format(title=title) if answered else title, saved.shown("follow"))
        yield ("text", result.outcome.text if answered else "", saved.shown("outcome_text") or "")
        if one.drawn.program.layout.of_kind("next"):
            steps = [f"{number}. {step}" for number, step in enumerate(result.outcome.next, start=1)]
            yield ("next", "\n".join(steps) if answered else "", saved.shown("next") or "")
    texts = [notice.text for notice in result.notices] if answered else []
    found = [saved.shown("notice", place) for place in range(len(instrument.notices))]
    yield ("notices", texts, [text for text in found if text])
    reasons = []
    for name in result.reasons if answered else ():
        member = instrument.repeats.get(name) or instrument.everything[name]
        if isinstance(member, Repeat):
            reasons.append(member.title)
        elif name in instrument.repeat_of:
            reasons.append(member.label)
        else:
            value = value_words(member, sheet.get(name, -1), lambda n: sheet.get(n, -1))
            reasons.append(f"{asked(member.label)} {value}")
    if one.drawn.program.layout.of_kind("reason"):
        slots = [saved.shown("reason", place) for place in range(REASONS_SHOWN)]
        yield ("reasons in words", reasons[:REASONS_SHOWN], [text for text in slots if text])
        more = said["more_missing"].format(count=len(reasons) - REASONS_SHOWN) if len(reasons) > REASONS_SHOWN else ""
        yield ("more reasons", more, saved.shown("because_more") or "")
    for place, computed in enumerate(c for c in instrument.computed if c.show):
        cell = saved.shown("value", place, 1)
        fault = result.faults.get(computed.id)
        wanted = display(computed, result.values[computed.id]) or "–"
        if fault:
            wanted = said["fault"].format(reason=said[f"fault_{fault}"])
        yield (f"shown {computed.id}", wanted, as_shown(computed, cell))
    wrong = [
        (title, number, cell)
        for title, rows in saved.sheets.items()
        for number, row in enumerate(rows, start=1)
        for cell in row
        if cell in WRONG
    ]
    yield ("errors", [], wrong)


def as_shown(computed: Computed, cell: Any) -> str:
    if hasattr(cell, "toordinal"):
        return str(cell)[:10]
    return cell if isinstance(cell, str) else format(Decimal(str(cell)), f",.{computed.decimals}f")


@pytest.mark.promise("same-result")
@pytest.mark.parametrize("instrument", vectors.instruments(), ids=lambda i: i.id)
def test_the_spreadsheet_agrees_with_python(filled, instrument: Instrument, record_property) -> None:
    comparisons = 0
    for one in filled[instrument.id]:
        for name, python, engine in differences(one):
            comparisons += 1
            assert python == engine, (name, one.record.answers)
    record_property("answer_sets", len(filled[instrument.id]))
    print(f"{instrument.id}: {len(filled[instrument.id])} answer sets, {comparisons} comparisons")


@pytest.mark.promise("same-result", "input-nothing-lost")
@pytest.mark.parametrize("instrument", vectors.instruments(), ids=lambda i: i.id)
def test_what_the_spreadsheet_saved_reads_back(filled, instrument: Instrument) -> None:
    sets = filled[instrument.id]
    for one in sets if instrument.id.startswith("tests/") else sets[-3:]:
        found, read, notes = workbook_reader.read(one.saved.read_bytes(), instrument)
        assert (found.id, read, notes) == (instrument.id, one.record, ())
