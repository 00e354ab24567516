"""Case data in the words of another standard, and back; and how each field lines up with three of them.

``data/crosswalks/ctdc.csv`` turns the victim-centred data set into the columns of the public file of the Counter
Trafficking Data Collaborative (k-anonymised release of April 2020) and back. ``standards.csv`` sets each field beside
IC-TIP, HTCDS 2.0 and CTDC. Each line says how it is known: confirmed, aligned, ours. What is lost on the way is counted.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tools import content
from tools.casedata.recoding import CTDC_BANDS
from tools.casedata.schema import MISSING, Schema, load
from tools.errors import Problem

#: What the public file writes where it knows nothing; of a country it writes two noughts.
NOTHING: Final = "-99"
NO_COUNTRY: Final = "00"
#: One later release cut names of columns at this length.
CUT: Final = 32
STANDARDS: Final = ("IC-TIP", "HTCDS 2.0", "CTDC")
STATUSES: Final = ("confirmed", "aligned", "ours", "none")
#: ``yes``: the code comes back as it was; ``one``: only where there is one; ``no``: it does not, or as another; ``in``:
#: only read, never written.
RETURNS: Final = ("yes", "one", "no", "in")


@dataclass(frozen=True)
class Line:
    """One line of a crosswalk: a code of a field, and the value of a column of the other side."""

    field: str
    code: str
    variable: str
    value: str
    returns: str
    status: str
    note: str


@dataclass(frozen=True)
class Place:
    """Where a field of ours stands in a standard.

    Attributes
    ----------
    schema, field, standard, name : str
        ``name`` is empty where the standard has no such field; ``field`` where ours has none.
    status : str
        ``confirmed`` (read in the standard), ``aligned`` (close to it, or not read in full), ``ours``, ``none``.
    note : str
    """

    schema: str
    field: str
    standard: str
    name: str
    status: str
    note: str


@dataclass(frozen=True)
class Converted:
    """A data set in other words.

    Attributes
    ----------
    frame : polars.DataFrame
    lost : tuple of (str, int, str)
        Column, how many cells that held something are not there any more, and why.
    """

    frame: Any
    lost: tuple[tuple[str, int, str], ...]


def _rows(path: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(content.read_text(path).splitlines()))


@cache
def lines() -> tuple[Line, ...]:
    """Return the lines of the crosswalk to the public file.

    >>> lines()[1].variable
    'gender'
    """
    return tuple(Line(**row) for row in _rows(content.CROSSWALKS / "ctdc.csv"))


@cache
def places() -> tuple[Place, ...]:
    """Return where each field stands in each standard."""
    return tuple(Place(**row) for row in _rows(content.CROSSWALKS / "standards.csv"))


def _by_field() -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines():
        found.setdefault(line.field, []).append(line)
    return found


def _polars(native: Any) -> Any:
    import narwhals as nw

    try:
        frame = nw.from_native(native)
    except TypeError:
        raise Problem("DAT_003", detail=f"it is a {type(native).__name__}") from None
    made = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return made.to_polars()


def _text(frame: Any) -> Any:
    import polars as pl

    frame = frame.select(pl.all().cast(pl.String).str.strip_chars())
    return frame.with_columns(pl.when(pl.all() == "").then(None).otherwise(pl.all()).name.keep())


def _known(name: str) -> Any:
    """Return a column without the codes that say why a value is missing."""
    import polars as pl

    return pl.when(pl.col(name).is_in(sorted(MISSING))).then(None).otherwise(pl.col(name))


def to_ctdc(native: Any, schema: Schema) -> Converted:
    """Return a victim-centred data set in the columns of the public file.

    Parameters
    ----------
    native : any frame that narwhals takes
    schema : Schema
        The victim-centred one.

    Returns
    -------
    Converted
        One row for each row, in their order. It is not protected: it names nobody, and it is no public file.

    Raises
    ------
    Problem
        ``DAT_003`` for what is no frame, ``DAT_070`` for another schema, ``DAT_071`` if no column can be turned.
    """
    import polars as pl

    if schema.name != "victim-centred":
        raise Problem("DAT_070", schema=schema.name)
    frame = _text(_polars(native))
    known = _by_field()
    if not set(known) & set(frame.columns):
        raise Problem("DAT_071", known=", ".join(sorted(known)))
    made: dict[str, list[Any]] = {}
    for name, some in known.items():
        if name not in frame.columns:
            continue
        codes = _known(name).str.split(";").list.eval(pl.element().str.strip_chars())
        for line in (one for one in some if one.returns != "in"):
            if line.code == "*":
                made[line.variable] = [_WAYS[line.value](_known(name))]
            elif line.value == "1":
                hit = codes.list.contains(line.code)
                made.setdefault(line.variable, []).append(hit)
            else:
                made.setdefault(line.variable, []).append(
                    pl.when(_known(name) == line.code).then(pl.lit(line.value)).otherwise(None)
                )
    columns = [_joined(variable, parts) for variable, parts in made.items()]
    return Converted(frame.select(columns), tuple(_lost_out(frame, known)))


def _joined(variable: str, parts: list[Any]) -> Any:
    """Return one column from what several codes say: yes if one does, no if all say no, nothing if none knows."""
    import polars as pl

    one_hot = [line for line in lines() if line.variable == variable and line.value == "1"]
    if not one_hot:
        return pl.coalesce(*parts, pl.lit(NOTHING)).alias(variable)
    every = pl.any_horizontal(*(part.fill_null(False) for part in parts))
    asked = pl.any_horizontal(*(part.is_not_null() for part in parts))
    return pl.when(every).then(pl.lit("1")).when(asked).then(pl.lit("0")).otherwise(pl.lit(NOTHING)).alias(variable)


def _year(column: Any) -> Any:
    import polars as pl

    return column.str.extract(r"^(\d{4})").fill_null(pl.lit(NOTHING))


def _band(column: Any) -> Any:
    import polars as pl

    age = column.cast(pl.Int32, strict=False)
    found: Any = pl.when(age.is_null() | (age < 0)).then(pl.lit(NOTHING))
    for top, name in CTDC_BANDS:
        found = found.when(age <= top).then(pl.lit(name.replace("-", "--")))
    return found.otherwise(pl.lit(NOTHING))


def _adult(column: Any) -> Any:
    import polars as pl

    age = column.cast(pl.Int32, strict=False)
    return pl.when(age.is_null()).then(pl.lit(NOTHING)).when(age < 18).then(pl.lit("Minor")).otherwise(pl.lit("Adult"))


def _country(column: Any) -> Any:
    import polars as pl

    return column.str.split(";").list.first().str.strip_chars().fill_null(pl.lit(NO_COUNTRY))


_WAYS: Final[Mapping[str, Any]] = {"year": _year, "band": _band, "adult": _adult, "country": _country}


def _lost_out(frame: Any, known: Mapping[str, list[Line]]) -> Any:
    import polars as pl

    for name in frame.columns:
        held = int(frame.select(_known(name).is_not_null().sum()).item())
        if not held:
            continue
        some = known.get(name)
        if some is None:
            yield name, held, "the public file has no such column"
            continue
        stays = {line.code for line in some if line.returns in ("yes", "one")}
        notes = "; ".join(dict.fromkeys(line.note.lower() for line in some if line.returns == "no" and line.note))
        if "*" in stays:
            more = int(frame.select(pl.col(name).str.contains(";").sum()).item() or 0)
            if more:
                yield name, more, "several countries; the first stays"
        elif "*" in {line.code for line in some}:
            yield name, held, notes or "it becomes coarser"
        else:
            codes = _known(name).str.split(";").list.eval(pl.element().str.strip_chars())
            gone = frame.select((codes.list.set_difference(pl.lit(sorted(stays))).list.len() > 0).sum()).item()
            if gone:
                yield name, int(gone), f"codes that do not come back as they were{': ' + notes if notes else ''}"


def from_ctdc(native: Any) -> Converted:
    """Return a public file in the fields of the victim-centred data set.

    Parameters
    ----------
    native : any frame that narwhals takes
        Columns of the public file; of the first synthetic release, too, whose names are cut.

    Returns
    -------
    Converted
        Fields that cannot be filled without making something up (dates, ages) are left out.

    Raises
    ------
    Problem
        ``DAT_003`` for what is no frame, ``DAT_072`` if none of its columns is known.
    """
    import polars as pl

    frame = _text(_polars(native))
    names = {variable[:CUT]: variable for variable in {line.variable for line in lines()}}
    frame = frame.rename({one: names[one[:CUT]] for one in frame.columns if one[:CUT] in names})
    back = [line for line in lines() if line.returns in ("yes", "one", "in")]
    here = {line.variable for line in back} & set(frame.columns)
    if not here:
        raise Problem("DAT_072", known=", ".join(sorted({line.variable for line in back})[:8]))
    made = []
    for name, some in _by_field().items():
        parts = [line for line in some if line in back and line.variable in here]
        if not parts:
            continue
        whole = [line for line in parts if line.code == "*"]
        if whole:
            column = pl.col(whole[0].variable)
            made.append(pl.when(column.is_in([NO_COUNTRY, NOTHING])).then(None).otherwise(column).alias(name))
        elif all(line.value == "1" for line in parts):
            made.append(_gathered(name, parts))
        else:
            made.append(
                pl.coalesce(
                    *(pl.when(pl.col(line.variable) == line.value).then(pl.lit(line.code)) for line in parts)
                ).alias(name)
            )
    lost = []
    for column in frame.columns:
        held = int(
            frame.select((~pl.col(column).is_in([NOTHING, NO_COUNTRY]) & pl.col(column).is_not_null()).sum()).item()
        )
        if column not in here and held:
            known = any(line.variable == column for line in lines())
            why = "it would have to be made up" if known else "the victim-centred data set has no such field"
            lost.append((column, held, why))
    return Converted(frame.select(made), tuple(lost))


def _several(name: str) -> bool:
    return any(one.name == name and one.separator for one in load("victim-centred").fields)


def _gathered(name: str, parts: list[Line]) -> Any:
    """Return the codes whose columns say yes; where all say no, the code for none if the list has one."""
    import polars as pl

    seen = {line.code: [other.variable for other in parts if other.code == line.code] for line in parts}
    said = [
        pl.when(pl.any_horizontal(*(pl.col(one) == "1" for one in variables)).fill_null(False))
        .then(pl.lit(code))
        .otherwise(None)
        for code, variables in seen.items()
    ]
    text = pl.concat_str(said, separator=";", ignore_nulls=True)
    every = {one for variables in seen.values() for one in variables}
    asked = pl.any_horizontal(*(pl.col(one).is_in(["0", "1"]) for one in sorted(every)))
    if not _several(name):  # one field, one code: where the file says several, nobody can choose
        text = pl.when(text.str.contains(";")).then(None).otherwise(text)
    empty = pl.lit("none") if name == "control" else pl.lit(None, dtype=pl.String)
    return pl.when(text != "").then(text).when(asked).then(empty).otherwise(None).alias(name)


def from_form(native: Any, schema: Schema) -> Converted:
    """Return what KoboToolbox or ODK exported as the check reads it: semicolons between several codes, own columns only.

    Parameters
    ----------
    native : any frame that narwhals takes
        An export with the names of the fields (XML values), with or without names of groups in front.
    schema : Schema

    Raises
    ------
    Problem
        ``DAT_004`` if it has none of the columns.
    """
    import polars as pl

    frame = _text(_polars(native))
    frame = frame.rename(
        {one: one.rpartition("/")[2] for one in frame.columns if one.rpartition("/")[2] in schema.by_name}
    )
    several = {field.name for field in schema.fields if field.separator}
    held = [field.name for field in schema.fields if field.name in frame.columns]
    if not held:
        raise Problem("DAT_004", schema=schema.name, known=", ".join(list(schema.by_name)[:6]))
    made = [pl.col(one).str.replace_all(r"[ ,]+", ";").alias(one) if one in several else pl.col(one) for one in held]
    lost = [
        (one, int(frame.select(pl.col(one).is_not_null().sum()).item()), "no field of the data set; made by the form")
        for one in frame.columns
        if one not in schema.by_name
    ]
    return Converted(frame.select(made), tuple(row for row in lost if row[1]))
