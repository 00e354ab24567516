"""Coarser words for the same thing: an age becomes a band, a country a region, a day a month.

A ladder lists, for one column, what each value becomes on each step. Step 0 is the value itself; the last step is
``*``, which says nothing. The steps are a project choice; the age bands are those of CTDC's public files.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

from tools import content
from tools.casedata.schema import MISSING, Field

ANY: Final = "*"
"""What stands where a value was made so coarse that nothing is left."""
HIDDEN: Final = "hidden"
"""What stands where a single value was suppressed."""

Step = Callable[[str], str]
Ladder = tuple[Mapping[str, str], ...]

#: Bands of age in the public file of CTDC; they are of unequal width.
CTDC_BANDS: Final = ((8, "0-8"), (17, "9-17"), (20, "18-20"), (23, "21-23"), (26, "24-26"), (29, "27-29"), (38, "30-38"),
                 (47, "39-47"), (999, "48+"))  # fmt: skip
WIDE: Final = ((17, "0-17"), (29, "18-29"), (47, "30-47"), (999, "48+"))
_ADULT: Final = ((17, "0-17"), (999, "18+"))


def band(bands: Sequence[tuple[int, str]]) -> Step:
    """Return a step from ages to bands."""

    def step(value: str) -> str:
        if not re.fullmatch(r"\d{1,3}(\.0+)?", value):
            return value
        return next(name for top, name in bands if float(value) <= top)

    return step


def _years(width: int) -> Step:
    def step(value: str) -> str:
        if not re.fullmatch(r"\d{4}", value):
            return value
        low = int(value) // width * width
        return f"{low}-{low + width - 1}"

    return step


def quarter(value: str) -> str:
    """Return the quarter of a date or month."""
    month = value[5:7]
    return f"{value[:4]}-Q{(int(month) + 2) // 3}" if month.isdigit() else value[:4]


@cache
def regions() -> Mapping[str, str]:
    """Return the region of each country, after the United Nations' M49.

    >>> regions()["NA"], regions()["AL"]
    ('Africa', 'Europe')
    """
    rows = csv.DictReader(io.StringIO(content.read_text(content.CODELISTS / "case-regions.csv")))
    return MappingProxyType({row["code"]: row["region"] for row in rows})


def region(value: str) -> str:
    """Return the regions of one country or of several."""
    return ";".join(sorted({regions().get(part, part) for part in value.split(";")}))


def _level(value: str) -> str:
    found = re.fullmatch(r"isced-(\d)", value)
    return ("up to lower secondary" if int(found[1]) < 3 else "upper secondary or more") if found else value


def _economy(value: str) -> str:
    return {"a": "agriculture", **dict.fromkeys("bcdef", "industry")}.get(value, "services" if value in "ghijklmnopqrstu" else value)  # fmt: skip


def _number(width: int) -> Step:
    def step(value: str) -> str:
        if not re.fullmatch(r"-?\d+(\.\d+)?", value):
            return value
        low = int(float(value) // width * width)
        return f"{low} to {low + width - 1}"

    return step


def steps(column: Field) -> tuple[Step, ...]:
    """Return the steps of a column between the value itself and ``*``.

    Examples
    --------
    >>> from tools.casedata.schema import load
    >>> fields = load("victim-centred").by_name
    >>> [step("19") for step in steps(fields["age"])], [step("2024-05-03") for step in steps(fields["registered_on"])]
    (['18-20', '18-29', '18+'], ['2024-05', '2024-Q2', '2024'])
    """
    if column.name == "age" or column.name.startswith("age_"):
        return band(CTDC_BANDS), band(WIDE), band(_ADULT)
    if "birth_year" in column.name or column.name == "year":
        return _years(5), _years(10)
    if column.type in ("date", "yearmonth"):
        month: tuple[Step, ...] = (lambda value: value[:7],) if column.type == "date" else ()
        return *month, quarter, lambda value: value[:4]
    if column.codelist == "country":
        return (region,)
    if column.codelist == "education":
        return (_level,)
    if column.codelist == "sector":
        return (_economy,)
    if column.type in ("integer", "number") and not column.codes:
        return _number(5), _number(20)
    return ()


def ladder(column: Field, values: Sequence[str]) -> Ladder:
    """Return what each value becomes on each step.

    Parameters
    ----------
    column : Field
    values : sequence of str
        The different values that occur; a blank is ``""``.

    Returns
    -------
    tuple of Mapping
        One for each step, from the value itself to ``*``.
    """
    # A blank and the reasons for a missing value stay as they are until the last step.
    keep = {"", HIDDEN, *MISSING}
    made: list[Mapping[str, str]] = [{value: value for value in values}]
    for step in steps(column):
        following = {value: value if value in keep else step(value) for value in values}
        if len(set(following.values())) < len(set(made[-1].values())):
            made.append(following)
    if len(set(made[-1].values())) > 1:
        made.append(dict.fromkeys(values, ANY))
    return tuple(made)
