"""How good a data set is: complete, without doubles, valid, consistent and in time; by source and by month.

The measures are those of official statistics; the lights are a project choice: green from 95 per cent, amber from 80.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from tools.casedata import check, findings
from tools.casedata.findings import Report
from tools.casedata.schema import Schema

GREEN: Final = 0.95
AMBER: Final = 0.80
TARGET: Final = 7
"""Days from the event to the record: the target."""
MEASURES: Final = ("completeness", "uniqueness", "validity", "consistency", "timeliness")


@dataclass(frozen=True)
class Measured:
    """The quality of the records of one source in one month, or of several taken together.

    Attributes
    ----------
    source, month : str
        Empty where all are taken together.
    records : int
    completeness : float or None
        Core cells that hold something, by core cells. ``unknown`` counts as filled: somebody asked.
    uniqueness : float or None
        Different persons by records; by linkage key, or by the number of the record.
    validity : float or None
        Cells that conform, by cells that hold something.
    consistency : float or None
        Records that break no rule between fields, by records.
    timeliness : float or None
        Records made within :data:`TARGET` days of the event, by records with both dates.
    median, ninetieth : float or None
        Days from the event to the record.
    """

    source: str
    month: str
    records: int
    completeness: float | None
    uniqueness: float | None
    validity: float | None
    consistency: float | None
    timeliness: float | None
    median: float | None
    ninetieth: float | None


@dataclass(frozen=True)
class Quality:
    """The quality of a data set.

    Attributes
    ----------
    whole : Measured
    sources, months, parts : tuple of Measured
        By source; by month of registration; by both.
    report : Report
        The check that it rests on.
    """

    whole: Measured
    sources: tuple[Measured, ...]
    months: tuple[Measured, ...]
    parts: tuple[Measured, ...]
    report: Report


def light(value: float | None) -> str:
    """Return the light of a measure.

    >>> light(0.96), light(0.8), light(0.1), light(None)
    ('green', 'amber', 'red', 'no figure')
    """
    if value is None:
        return "no figure"
    return "green" if value >= GREEN else "amber" if value >= AMBER else "red"


@dataclass
class _Sums:
    records: int = 0
    core: int = 0
    core_filled: int = 0
    persons: int = 0
    filled: int = 0
    valid: int = 0
    sound: int = 0
    days: dict[int, int] | None = None

    def add(self, other: _Sums) -> None:
        for name in ("records", "core", "core_filled", "persons", "filled", "valid", "sound"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.days = self.days or {}
        for day, n in (other.days or {}).items():
            self.days[day] = self.days.get(day, 0) + n

    def measured(self, source: str, month: str, persons: int | None = None) -> Measured:
        days = sorted((self.days or {}).items())
        timed = sum(n for _, n in days)
        return Measured(
            source, month, self.records, _share(self.core_filled, self.core),
            _share(self.persons if persons is None else persons, self.records), _share(self.valid, self.filled),
            _share(self.sound, self.records), _share(sum(n for day, n in days if day <= TARGET), timed),
            _quantile(days, timed, 0.5), _quantile(days, timed, 0.9),
        )  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _quantile(days: Iterable[tuple[int, int]], total: int, share: float) -> float | None:
    seen = 0
    for day, n in days:
        seen += n
        if seen >= share * total:
            return float(day)
    return None


def measure(native: Any, schema: Schema, *, name: str = "", today: dt.date | None = None) -> Quality:
    """Measure the quality of a data set.

    Parameters
    ----------
    native : any frame that narwhals takes
    schema : Schema
        Its roles say what is the source, the day of the event and the day of the record.
    name : str
    today : date

    Returns
    -------
    Quality

    Raises
    ------
    Problem
        As :func:`tools.casedata.check.frame`.
    """
    import narwhals as nw

    work, rows, columns, clean = check.examine(native, schema, today=today)
    good = [one for one in columns if one in clean.collect_schema().names()]
    core = [one.name for one in schema.fields if one.required and one.name in columns]
    source = next((one for one in schema.having("source") if one in good), "")
    entered = next((one for one in schema.having("entered") if one in good), "")
    event = next((one for one in schema.having("event") if one in good), "")
    person = "linkage_key" if "linkage_key" in columns else schema.key if schema.key in columns else ""
    # One frame with the raw cells beside those that conform; both come from the same rows in the same order.
    flag: Any = nw.lit(False)
    for condition in work.broken:
        flag = flag | condition.fill_null(False)
    whose = nw.col(source) if source else nw.lit("")
    when = nw.col(entered).str.slice(0, 7) if entered else nw.lit("")
    sound = clean.select(
        "_row",
        whose.fill_null("(blank)").alias("_source"),
        when.fill_null("(blank)").alias("_month"),
        (~flag).cast(nw.Int64).alias("_sound"),
        _held(good).alias("_valid"),
        *([nw.col(entered).alias("_entered")] if entered else []),
        *([nw.col(event).alias("_event")] if event and event != entered else []),
    )
    raw = work.lazy.select(
        "_row",
        _held(core).alias("_core"),
        _held(good).alias("_filled"),
        *([nw.col(person).alias("_person")] if person else []),
    )
    both = sound.join(raw, on="_row", how="inner")
    sums = _grouped(both, len(core))
    people = _persons(both, person)
    if entered and event and event != entered:
        _delays(both, sums)
    return _quality(sums, people, Report(schema, name, rows, columns, findings.ordered(work.found), work.filled, work.valid, work.missing))  # fmt: skip


def _held(columns: list[str]) -> Any:
    """Return how many cells of a record hold something."""
    import narwhals as nw

    found: Any = nw.lit(0)
    for one in columns:
        found = found + (~nw.col(one).is_null()).cast(nw.Int64)
    return found


def _grouped(both: Any, core: int) -> dict[tuple[str, str], _Sums]:
    import narwhals as nw

    made = both.group_by("_source", "_month").agg(
        nw.len().alias("_n"), *(nw.col(one).sum().alias(f"{one}_s") for one in ("_core", "_filled", "_valid", "_sound"))
    )
    return {
        (str(one["_source"]), str(one["_month"])): _Sums(
            int(one["_n"]), core * int(one["_n"]), int(one["_core_s"]), 0, int(one["_filled_s"]), int(one["_valid_s"]),
            int(one["_sound_s"]), {},
        )
        for one in made.collect().rows(named=True)
    }  # fmt: skip


def _persons(both: Any, person: str) -> dict[tuple[str, str], int]:
    """Return how many different persons each source has in each month; with an empty word for all."""
    import narwhals as nw

    if not person:
        return {}
    found: dict[tuple[str, str], int] = {}
    both = both.with_columns(nw.col("_person").is_null().cast(nw.Int64).alias("_nobody"))
    for by in (("_source", "_month"), ("_source",), ("_month",), ()):
        total = (nw.col("_person").n_unique().alias("_kinds"), nw.col("_nobody").sum().alias("_blank"))
        made = both.group_by(*by).agg(*total) if by else both.select(*total)
        for one in made.collect().rows(named=True):
            # Blanks count as one value of their own; nobody can say that two of them are the same person.
            n = int(one["_kinds"]) + max(0, int(one["_blank"]) - 1)
            found[str(one.get("_source", "")), str(one.get("_month", ""))] = n
    return found


def _delays(both: Any, sums: dict[tuple[str, str], _Sums]) -> None:
    import narwhals as nw

    kept = both.filter(~nw.col("_entered").is_null() & ~nw.col("_event").is_null())
    made = kept.group_by("_source", "_month", "_entered", "_event").agg(nw.len().alias("_n")).collect()
    for one in made.rows(named=True):
        days = (dt.date.fromisoformat(one["_entered"]) - dt.date.fromisoformat(one["_event"])).days
        if days >= 0:  # a record before its event is a fault of consistency
            counts = sums[str(one["_source"]), str(one["_month"])].days
            if counts is not None:
                counts[days] = counts.get(days, 0) + int(one["_n"])


def _quality(sums: dict[tuple[str, str], _Sums], people: dict[tuple[str, str], int], report: Report) -> Quality:
    def together(keep: Any, source: str, month: str) -> Measured:
        total = _Sums(days={})
        for key, one in sums.items():
            if keep(key):
                total.add(one)
        return total.measured(source, month, people.get((source, month)) if people else total.records)

    sources = sorted({source for source, _ in sums})
    months = sorted({month for _, month in sums})
    return Quality(
        together(lambda _key: True, "", ""),
        tuple(together(lambda key, one=one: key[0] == one, one, "") for one in sources),
        tuple(together(lambda key, one=one: key[1] == one, "", one) for one in months),
        tuple(one.measured(*key, people.get(key) if people else one.records) for key, one in sorted(sums.items())),
        report,
    )
