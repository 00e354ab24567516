"""The workbench for case data in a training room, on the made-up cases of the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools import content
from tools.casedata import anonymity, schema, table
from tools.casedata.schema import Schema
from tools.charts import Table as Shown
from tools.surfaces import data_reader, data_report
from tools.surfaces.told import Told


@dataclass(frozen=True)
class Cases:
    """Case data and the schema they follow.

    Attributes
    ----------
    frame : frame
    schema : Schema
    """

    frame: Any
    schema: Schema


def example() -> Cases:
    """Return the made-up victim-centred cases of the book."""
    opened = data_reader.read(content.EXAMPLES / "victim-centred-sample.csv")
    return Cases(opened.frame, schema.load("victim-centred"))


def risk(cases: Cases, columns: Sequence[str] = ()) -> Told:
    """Return in words how many people stand out by some columns; by those of the schema if none are named."""
    chosen = tuple(columns) or anonymity.propose(cases.frame, cases.schema)
    return Told(data_report.risk_text(anonymity.risk(cases.frame, chosen)).splitlines())


def protected(cases: Cases, columns: Sequence[str] = (), k: int = 11) -> Told:
    """Return in words what makes records look alike, and what remains possible.

    Parameters
    ----------
    cases : Cases
    columns : sequence of str
        What somebody outside could know; those of the schema if none are named.
    k : int
        How many records must look alike.
    """
    return Told(
        data_report.protected_text(anonymity.protect(cases.frame, cases.schema, k=k, quasi=columns)).splitlines()
    )


def raw(cases: Cases, rows: str, columns: str) -> Told:
    """Return a table of counts in which nothing is hidden. For made-up cases only: it shows what must not be shown.

    Parameters
    ----------
    cases : Cases
    rows, columns : str
        Names of columns.
    """
    from collections import Counter

    found = Counter(cases.frame.select(rows, columns).rows())
    heads = sorted({str(one[1]) for one in found})
    lines = sorted({one[0] for one in found})
    body = tuple((str(one), *(str(found[one, head]) for head in heads)) for one in lines)
    titles = [cases.schema.by_name[name].title for name in (rows, columns)]
    return Told([Shown(f"{titles[0]} by {titles[1].lower()}, nothing hidden", ("records", *heads), body)])


def counts(cases: Cases, rows: str, columns: str, threshold: int = 10) -> Told:
    """Return a table of counts, with small numbers hidden, and what was proved of it.

    Parameters
    ----------
    cases : Cases
    rows, columns : str
        As for :func:`tools.casedata.table.make`.
    threshold : int
        Numbers below it are hidden.
    """
    made = table.make(cases.frame, cases.schema, rows, columns, threshold=threshold)
    heads, *body = (tuple(line) for line in made.lines())
    return Told([Shown(made.title, heads, tuple(body)), "", made.statement])
