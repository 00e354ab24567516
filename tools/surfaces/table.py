"""CSV: many records of one instrument as one table, for a spreadsheet or for statistics.

One row a record. A table cannot hold everything: cells that could be formulas get an apostrophe, and
answers that do not apply are left out. The record file is the form in which nothing is lost.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from tools.errors import Problem
from tools.instruments.model import Instrument, Item
from tools.instruments.record import Record, plain
from tools.surfaces.cells import safe

#: Columns that say where a row is from; no item id begins with a line.
ORIGIN: Final = ("_instrument", "_version")


def to_csv(instrument: Instrument, records: Sequence[Record]) -> str:
    """Return a table of records as CSV (RFC 4180, with a mark by which Excel knows UTF-8).

    Parameters
    ----------
    instrument : Instrument
    records : sequence of Record
        Records of this instrument.

    Returns
    -------
    str
        Columns: ``_instrument``, ``_version``, then every item by its id. Choices stand as codes. An
        item with several choices has one column a code, ``item.code``, with 1, 0, or nothing where it was
        left out. Rows of a repeat stand side by side: ``repeat.1.item``, ``repeat.2.item``. No text in
        it is a formula (:func:`tools.surfaces.cells.safe`).

    Raises
    ------
    Problem
        ``REC_002`` when a record belongs to another instrument.
    """
    from tools.instruments.assessment import relevant_answers

    kept: list[Mapping[str, Any]] = []
    for record in records:
        if record.instrument != instrument.id:
            raise Problem("REC_002", found=record.instrument, wanted=instrument.id)
        kept.append(relevant_answers(instrument, record))
    rows = {name: max([1, *(len(answers.get(name, ())) for answers in kept)]) for name in instrument.repeats}

    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([*ORIGIN, *(safe(column) for column, _ in _blank(instrument, rows))])
    for record, answers in zip(records, kept, strict=True):
        writer.writerow(
            [safe(record.instrument), safe(record.version), *(cell for _, cell in _cells(instrument, rows, answers))]
        )
    return "\ufeff" + stream.getvalue()


def _blank(instrument: Instrument, rows: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    return _cells(instrument, rows, {})


def _cells(instrument: Instrument, rows: Mapping[str, int], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the name and the content of every cell of one record's row."""
    for section in instrument.sections:
        for member in section.members:
            if isinstance(member, Item):
                yield from _item(member, member.id, answers.get(member.id))
                continue
            filled = answers.get(member.id, ())
            for number in range(rows[member.id]):
                row = filled[number] if number < len(filled) else {}
                for item in member.items:
                    yield from _item(item, f"{member.id}.{number + 1}.{item.id}", row.get(item.id))


def _item(item: Item, name: str, value: Any) -> Iterator[tuple[str, str]]:
    if not item.answerable:
        return
    if item.type == "choices":
        for choice in item.choices:
            yield f"{name}.{choice.code}", str(int(choice.code in value)) if value else ""
    elif isinstance(value, Decimal):
        yield name, plain(value)
    else:
        yield name, "" if value is None else safe(str(plain(value)))
