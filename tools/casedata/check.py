"""Check a data set against its schema: every cell, every record, and what points to a person.

The work is done by the frame's own engine through narwhals, so a table of Polars, pandas, DuckDB or Spark is checked
where it lies. Each column is first reduced to its different values; each of these is judged once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tools.casedata import findings as cells
from tools.casedata.findings import ROWS_KEPT, Finding, Report
from tools.casedata.schema import MISSING, Field, Rule, Schema
from tools.errors import Problem, near

ROW: Final = "_row"
"""The column with the number by which a person knows a row; made where it is missing."""
_MANY: Final = 5_000  # more different bad values than this: the column is not used in the rules between fields


@dataclass
class _Work:
    """What is known while a data set is checked."""

    schema: Schema
    lazy: Any
    today: dt.date
    found: list[Finding] = field(default_factory=list)
    good: dict[str, dict[str, int]] = field(default_factory=dict)
    bad: dict[str, list[str]] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)
    valid: dict[str, int] = field(default_factory=dict)
    missing: dict[str, dict[str, int]] = field(default_factory=dict)
    broken: list[Any] = field(default_factory=list)
    """Expressions that are true for records that break a rule."""

    def add(
        self, severity: str, dimension: str, rule: str, column: str, rows: Any, count: int, problem: Problem
    ) -> None:
        """Note one finding."""
        self.found.append(Finding(severity, dimension, rule, column, tuple(rows), count, problem))


def frame(
    native: Any, schema: Schema, *, name: str = "", before: Sequence[Finding] = (), notes: Sequence[str] = (),
    today: dt.date | None = None,
) -> Report:  # fmt: skip
    """Check a data set.

    Parameters
    ----------
    native : any frame that narwhals takes
        pandas, Polars, PyArrow, DuckDB, PySpark. Rows are numbered by its column ``_row``, else as they stand (2 for
        the first, as in a spreadsheet), else, where an engine keeps no order, in the order of the key.
    schema : Schema
    name : str
        What it is called, for people.
    before : sequence of Finding
        What the reader of the file found.
    notes : sequence of str
        What the reader assumed.
    today : date
        No date may be later.

    Returns
    -------
    Report

    Raises
    ------
    Problem
        ``DAT_003`` for what is no frame, or has neither order nor key; ``DAT_004`` if it has none of the columns.
    """
    work, rows, columns, _ = examine(native, schema, before=before, today=today)
    return Report(
        schema, name, rows, columns, cells.ordered(work.found), work.filled, work.valid, work.missing, tuple(notes)
    )


def examine(
    native: Any, schema: Schema, *, before: Sequence[Finding] = (), today: dt.date | None = None
) -> tuple[_Work, int, tuple[str, ...], Any]:
    """Check a data set, and return with what was found the frame of what conforms; as :func:`frame` otherwise."""
    lazy, heads = numbered(native, schema.key)
    columns = tuple(one.name for one in schema.fields if one.name in heads)
    if not columns:
        raise Problem("DAT_004", schema=schema.title, known=", ".join(one.name for one in schema.fields[:8]))
    work = _Work(schema, lazy, today or dt.datetime.now(dt.UTC).date(), list(before))
    rows = _size(lazy)
    _heads(work, heads, columns)
    for column in columns:
        _column(work, schema.by_name[column], rows)
    for head in heads:
        if head not in schema.by_name and not head.startswith("_"):
            _stranger(work, head)
    clean = _clean(work, columns)
    for rule in schema.rules:
        there = _applicable(rule, set(clean.collect_schema().names()))
        if there is not None:
            _RULES[rule.kind](work, clean, there)
    return work, rows, columns, clean


def numbered(native: Any, key: str = "") -> tuple[Any, tuple[str, ...]]:
    """Return a lazy frame of texts with a column of row numbers, and the names of its own columns.

    Raises
    ------
    Problem
        ``DAT_003``.
    """
    import narwhals as nw

    try:
        made = nw.from_native(native)
    except TypeError:
        raise Problem("DAT_003", detail=f"it is a {type(native).__name__}") from None
    heads = tuple(str(one) for one in made.collect_schema().names() if one != ROW)
    if ROW not in made.collect_schema().names():
        if isinstance(made, nw.DataFrame):
            made = made.with_row_index(ROW)
        elif key in heads:
            made = made.with_row_index(ROW, order_by=key)
        else:
            raise Problem("DAT_003", detail="its rows have no order, and it has no key")
        made = made.with_columns((nw.col(ROW).cast(nw.Int64) + 2).alias(ROW))
    texts = [nw.col(one).cast(nw.String).str.strip_chars().alias(one) for one in heads]
    made = made.select(nw.col(ROW), *texts)
    blank = [nw.when(nw.col(one) != "").then(nw.col(one)).alias(one) for one in heads]
    made = made.select(nw.col(ROW), *blank)
    return made.lazy(), heads


def _size(lazy: Any) -> int:
    import narwhals as nw

    return int(lazy.select(nw.len()).collect().item())


def _rows(lazy: Any, condition: Any) -> tuple[tuple[int, ...], int]:
    """Return the first rows that fulfil a condition, and how many there are."""
    kept = lazy.filter(condition).select(ROW)
    count = _size(kept)
    if not count:
        return (), 0
    first = kept.sort(ROW).head(ROWS_KEPT).collect()
    return tuple(int(one) for one in first.get_column(ROW).to_list()), count


def _heads(work: _Work, heads: tuple[str, ...], columns: tuple[str, ...]) -> None:
    known = work.schema.by_name
    for one in work.schema.fields:
        if one.required and one.name not in columns:
            work.add("error", "completeness", "column", one.name, (), 1, Problem("DAT_020", column=one.name))
    for head in heads:
        if head in known or head.startswith("_"):
            continue
        if cells.names_a_person(head):
            work.add("error", "privacy", "identifier", head, (), 1, Problem("DAT_040", column=cells.shown(head)))
        else:
            problem = Problem("DAT_021", column=cells.shown(head), near=near(head[:60], known))
            work.add("warning", "format", "column", head, (), 1, problem)


def _counts(lazy: Any, column: str) -> list[tuple[str, int, int]]:
    """Return every different value of a column with how often it occurs and where first."""
    import narwhals as nw

    grouped = lazy.select(ROW, column).filter(~nw.col(column).is_null()).group_by(column)
    made = grouped.agg(nw.len().alias("_n"), nw.col(ROW).min().alias("_first")).collect()
    return list(zip(*(made.get_column(one).to_list() for one in (column, "_n", "_first")), strict=True))


def _column(work: _Work, column: Field, rows: int) -> None:
    """Judge every different value of a column once."""
    import narwhals as nw

    counted = _counts(work.lazy, column.name)
    by_fault: dict[str, list[tuple[str, int, int]]] = {}
    good: dict[str, int] = {}
    for value, n, first in counted:
        wrong = cells.fault(value, column)
        if wrong:
            if cells.leak(value) and wrong not in ("date", "date-order"):
                wrong = "leak"
            by_fault.setdefault(wrong, []).append((value, n, first))
        else:
            if column.role == "text" and cells.leak(value):
                by_fault.setdefault("leak", []).append((value, n, first))
            good[value] = n
    name = column.name
    work.filled[name] = sum(n for _, n, _ in counted)
    work.valid[name] = sum(good.values())
    work.good[name] = good
    work.bad[name] = [value for pairs in by_fault.values() for value, _, _ in pairs if value not in good]
    work.missing[name] = {one: good[one] for one in sorted(MISSING) if one in good and column.codes}
    for wrong, pairs in sorted(by_fault.items()):
        pairs.sort(key=lambda pair: pair[2])
        some = [value for value, _, _ in pairs[:ROWS_KEPT]]
        found, count = _rows(work.lazy, nw.col(name).is_in(some))
        total = max(count, sum(n for _, n, _ in pairs))
        problem = _fault_words(wrong, column, [value for value, _, _ in pairs])
        work.add("error", "privacy" if wrong == "leak" else "validity", wrong, name, found, total, problem)
    if column.required and work.filled[name] < rows:
        found, count = _rows(work.lazy, nw.col(name).is_null())
        work.add(
            "error", "completeness", "blank", name, found, count, Problem("DAT_022", column=name, wanted=column.wanted)
        )
    if column.unique and len(counted) < work.filled[name]:
        twice = sorted((first, value, n) for value, n, first in counted if n > 1)
        found, _ = _rows(work.lazy, nw.col(name).is_in([value for _, value, _ in twice[:ROWS_KEPT]]))
        count = sum(n for _, _, n in twice)
        problem = Problem("DAT_023", column=name, values=len(twice), example=cells.shown(twice[0][1]))
        work.add("error", "uniqueness", "unique", name, found, count, problem)


def _fault_words(wrong: str, column: Field, values: Sequence[str]) -> Problem:
    example = values[0] if wrong == "date-order" and len(values[0]) < 12 else cells.shown(values[0])
    many = f" ({len(values):,} different values)" if len(values) > 1 else ""
    said: dict[str, Any] = {"column": column.name, "value": example, "many": many, "wanted": column.wanted}
    if wrong == "leak":
        return Problem("DAT_041", column=column.name, found=next(filter(None, map(cells.leak, values))))
    if wrong == "code":
        return Problem("DAT_024", hint=cells.hint(values[0], column), **said)
    if wrong == "date-order":
        orders = sorted({cells.date_order(value) for value in values} - {""})
        either = "; some can be read both ways, so nobody can tell them apart" if "either" in orders else ""
        named = " and ".join(one for one in orders if one != "either") or "day or month first"
        return Problem("DAT_025", orders=named + either, **said)
    return Problem({"number": "DAT_026", "range": "DAT_027", "pattern": "DAT_028", "twice": "DAT_029"}.get(wrong, "DAT_030"), **said)  # fmt: skip


def _stranger(work: _Work, head: str) -> None:
    """Look for what points to a person in a column that the schema does not know."""
    import narwhals as nw

    pairs = [(value, n, first) for value, n, first in _counts(work.lazy, head) if cells.leak(value[:5_000])]
    if not pairs:
        return
    pairs.sort(key=lambda pair: pair[2])
    found, _ = _rows(work.lazy, nw.col(head).is_in([value for value, _, _ in pairs[:ROWS_KEPT]]))
    count = sum(n for _, n, _ in pairs)
    work.add("error", "privacy", "leak", head, found, count, Problem("DAT_041", column=cells.shown(head), found=cells.leak(pairs[0][0])))  # fmt: skip


# --- rules between the fields of a record ---------------------------------------------------------------


def _clean(work: _Work, columns: Sequence[str]) -> Any:
    """Return the frame with nothing in it that does not conform, numbers as numbers."""
    import narwhals as nw

    made = [nw.col(ROW)]
    for name in columns:
        bad = work.bad[name]
        if len(bad) > _MANY:
            continue
        column = nw.col(name)
        if bad:
            column = nw.when(~nw.col(name).is_in(bad)).then(nw.col(name))
        kind = work.schema.by_name[name].type
        if kind in ("integer", "number"):
            column = column.cast(nw.Float64)  # pandas has no missing whole numbers
        made.append(column.alias(name))
    return work.lazy.select(*made)


def _when(work: _Work, conditions: Sequence[Mapping[str, Any]]) -> Any:
    """Return the expression that all conditions hold; a blank fulfils none."""
    import narwhals as nw

    made: Any = nw.lit(True)
    for one in conditions:
        name = one["field"]
        kind = work.schema.by_name[name]
        if "at_least" in one:
            test = nw.col(name) >= one["at_least"]
        elif "below" in one:
            test = nw.col(name) < one["below"]
        elif "filled" in one:
            test = ~nw.col(name).is_null()
            if kind.codes:
                test = test & ~nw.col(name).is_in(sorted(MISSING))
        else:
            test = nw.col(name).is_in([value for value in work.good[name] if _fits(value, one, kind)])
        made = made & test
    return made


def _fits(value: str, one: Mapping[str, Any], kind: Field) -> bool:
    parts = set(value.split(kind.separator) if kind.separator else [value])
    if "without" in one:
        return not parts & (set(one["without"]) | MISSING)
    return bool(parts & set(one.get("among", one.get("includes", ()))))


def _applicable(rule: Rule, names: set[str]) -> Rule | None:
    """Return a rule for the columns that are there, or nothing if too few of them are."""
    if rule.kind in ("order", "past", "after-year", "requires", "forbids", "same"):
        fields = [one for one in rule.says["fields"] if one in names]
        others = set(rule.fields) - set(rule.says["fields"])
        if not others <= names or len(fields) < (2 if rule.kind == "order" else 1):
            return None
        return replace(rule, says={**rule.says, "fields": fields})
    return rule if set(rule.fields) <= names else None


def _break(work: _Work, clean: Any, rule: Rule, condition: Any, column: str, code: str, **said: Any) -> None:
    found, count = _rows(clean, condition)
    if count:
        work.broken.append(condition)
        severity = rule.severity
        work.add(severity, "consistency", rule.id, column, found, count, Problem(code, column=column, **said))


def _order(work: _Work, clean: Any, rule: Rule) -> None:
    import narwhals as nw

    fields = rule.says["fields"]
    kinds = work.schema.by_name
    for at, early in enumerate(fields):
        for late in fields[at + 1 :]:
            one, two = nw.col(early), nw.col(late)
            if {kinds[early].type, kinds[late].type} == {"date", "yearmonth"}:
                one, two = one.str.slice(0, 7), two.str.slice(0, 7)
            code = "DAT_031" if kinds[early].type in ("date", "yearmonth") else "DAT_032"
            _break(work, clean, rule, one > two, late, code, other=early)


def _past(work: _Work, clean: Any, rule: Rule) -> None:
    import narwhals as nw

    for name in rule.says["fields"]:
        day = work.today.isoformat()
        limit = day[:7] if work.schema.by_name[name].type == "yearmonth" else day
        _break(work, clean, rule, nw.col(name) > limit, name, "DAT_033", today=day)


def _after_year(work: _Work, clean: Any, rule: Rule) -> None:
    import narwhals as nw

    for name in rule.says["fields"]:
        year = nw.col(name).str.slice(0, 4).cast(nw.Float64)
        _break(work, clean, rule, year < nw.col(rule.says["year"]), name, "DAT_034", other=rule.says["year"])


def _age(work: _Work, clean: Any, rule: Rule) -> None:
    import narwhals as nw

    said = rule.says
    years = nw.col(said["on"]).str.slice(0, 4).cast(nw.Float64) - nw.col(said["year"])
    apart = (nw.col(said["age"]) > years) | (nw.col(said["age"]) < years - 1)
    _break(work, clean, rule, apart, said["age"], "DAT_035", other=said["year"], on=said["on"])


def _requires(work: _Work, clean: Any, rule: Rule) -> None:
    import narwhals as nw

    for name in rule.says["fields"]:
        empty = _when(work, rule.says["when"]) & nw.col(name).is_null()
        because = ", ".join(_said(one) for one in rule.says["when"])
        _break(work, clean, rule, empty, name, "DAT_036", because=because, wanted=work.schema.by_name[name].wanted)


def _forbids(work: _Work, clean: Any, rule: Rule) -> None:
    import narwhals as nw

    for name in rule.says["fields"]:
        full = _when(work, rule.says["when"]) & ~nw.col(name).is_null()
        if work.schema.by_name[name].codes:
            full = full & (nw.col(name) != "not-applicable")
        because = ", ".join(_said(one) for one in rule.says["when"])
        _break(work, clean, rule, full, name, "DAT_037", because=because)


def _said(one: Mapping[str, Any]) -> str:
    """Return a condition in words."""
    name = one["field"]
    if "at_least" in one:
        return f"{name} is {one['at_least']} or more"
    if "below" in one:
        return f"{name} is below {one['below']}"
    if "filled" in one:
        return f"{name} is filled in"
    if "without" in one:
        return f"{name} has none of {', '.join(one['without'])}"
    return f"{name} is {' or '.join(one.get('among', one.get('includes', ())))}"


def _member(work: _Work, clean: Any, rule: Rule) -> None:
    import narwhals as nw

    name, lists = rule.says["field"], rule.says["lists"]
    kept = clean.filter(_when(work, rule.says["when"]) & ~nw.col(name).is_null())
    combos = kept.group_by(name, *lists).agg(nw.len().alias("_n"), nw.col(ROW).min().alias("_first")).collect()
    rows, count = [], 0
    for one in combos.rows(named=True):
        had = {part for other in lists for part in str(one[other] or "").split(";") if part}
        if had and not had & MISSING and one[name] not in had | MISSING:
            rows.append(int(one["_first"]))
            count += int(one["_n"])
    if count:
        problem = Problem("DAT_038", column=name, lists=" or ".join(lists))
        work.add(rule.severity, "consistency", rule.id, name, sorted(rows)[:ROWS_KEPT], count, problem)


def _alone(work: _Work, clean: Any, rule: Rule) -> None:
    import narwhals as nw

    name, codes = rule.says["field"], set(rule.says["codes"])
    separator = work.schema.by_name[name].separator
    mixed = [value for value in work.good[name] if separator in value and codes & set(value.split(separator))]
    if mixed:
        _break(work, clean, rule, nw.col(name).is_in(mixed), name, "DAT_039", value=cells.shown(mixed[0]))


def _sum(work: _Work, clean: Any, rule: Rule) -> None:
    import narwhals as nw

    said = rule.says
    total: Any = nw.lit(0)
    for part in said["parts"]:
        total = total + nw.col(part)
    whole = nw.col(said["total"])
    off = total > whole if said.get("mode") == "at-most" else total != whole
    _break(work, clean, rule, off, said["total"], "DAT_042", parts=" and ".join(said["parts"]))


def _same(work: _Work, clean: Any, rule: Rule) -> None:
    import narwhals as nw

    key, fields = rule.says["key"], rule.says["fields"]
    kept = clean.filter(~nw.col(key).is_null())
    limits = [
        f for one in fields for f in (nw.col(one).min().alias(f"_low_{one}"), nw.col(one).max().alias(f"_high_{one}"))
    ]
    grouped = kept.group_by(key).agg(nw.len().alias("_n"), nw.col(ROW).min().alias("_first"), *limits)
    apart: Any = nw.lit(False)
    for one in fields:
        apart = apart | (nw.col(f"_low_{one}") != nw.col(f"_high_{one}")).fill_null(False)
    found = grouped.filter((nw.col("_n") > 1) & apart).select("_first", "_n").collect()
    if len(found):
        problem = Problem("DAT_043", column=key, fields=" or ".join(fields), count=f"{len(found):,}")
        rows = sorted(int(one) for one in found.get_column("_first").to_list())[:ROWS_KEPT]
        work.add(rule.severity, "uniqueness", rule.id, key, rows, int(found.get_column("_n").sum()), problem)


_RULES: Final[Mapping[str, Callable[[_Work, Any, Rule], None]]] = {
    "order": _order, "past": _past, "after-year": _after_year, "age": _age, "requires": _requires,
    "forbids": _forbids, "member": _member, "alone": _alone, "sum": _sum, "same": _same,
}  # fmt: skip


def lines(report: Report) -> Iterator[tuple[str, ...]]:
    """Yield a report as rows: one for each row of the data set that is named, as a spreadsheet shows it."""
    yield ("severity", "row", "column", "rule", "reason", "remedy")
    for one in report.findings:
        for row in one.rows or ("",):
            yield (one.severity, str(row), cells.shown(one.column), one.rule, one.reason, one.remedy)
