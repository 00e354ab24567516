"""Amounts: read, checked, rounded. What is owed to a person is never a float."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tools import content
from tools.errors import Problem
from tools.instruments.expressions import round_half_away


def _known() -> dict[str, int]:
    rows = csv.DictReader(content.read_text(content.CURRENCIES).splitlines())
    return {row["code"]: int(row["decimals"]) for row in rows}


#: Decimals of each currency that the worksheets offer, as it is used: rupiah, riel and kip are whole in practice.
DECIMALS: Final = _known()
#: Currencies that the worksheets offer.
CURRENCIES: Final = frozenset(DECIMALS)
#: Those counted in whole units.
WHOLE: Final = frozenset(code for code, places in DECIMALS.items() if not places)


def currency(code: str, row: str = "") -> str:
    """Return a currency code in capitals.

    Raises
    ------
    Problem
        ``REM_004`` if it is not one of those that are known.
    """
    found = code.strip().upper()
    if found not in CURRENCIES:
        raise Problem("REM_004", row=row or "the amount", found=code, known=", ".join(sorted(CURRENCIES)))
    return found


def amount(value: Any, name: str = "amount", row: str = "") -> Decimal:
    """Return a number that is not negative, exactly as it was written.

    Raises
    ------
    Problem
        ``REM_001`` for what is no number, ``REM_002`` for one below nothing.
    """
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise Problem("REM_001", row=row or name, found=value) from None
    if not found.is_finite():
        raise Problem("REM_001", row=row or name, found=value)
    if found < 0:
        raise Problem("REM_002", row=row or name, name=name, found=value)
    return found


def span(start: Any, end: Any, row: str = "the period") -> tuple[dt.date, dt.date]:
    """Return two days in their order.

    Raises
    ------
    Problem
        ``REM_001`` for what is no date, ``REM_003`` if the end lies before the start.
    """
    try:
        first, last = (day if isinstance(day, dt.date) else dt.date.fromisoformat(str(day)) for day in (start, end))
    except ValueError:
        raise Problem("REM_001", row=row, found=f"{start} to {end}") from None
    if last < first:
        raise Problem("REM_003", row=row, start=first, end=last)
    return first, last


def no_overlap(spans: Sequence[tuple[dt.date, dt.date]], name: str = "Period") -> None:
    """Check that no two periods of one job share a day; first and last day both count.

    Raises
    ------
    Problem
        ``REM_005``, naming both rows.
    """
    order = sorted(range(len(spans)), key=lambda n: spans[n])
    for one, two in itertools.pairwise(order):
        if spans[two][0] <= spans[one][1]:
            low, high = sorted((one, two))
            raise Problem("REM_005", one=f"{name} {low + 1}", two=f"{name} {high + 1}", day=spans[two][0])


def hours(value: Any, most: int, row: str = "") -> Decimal:
    """Return hours, at most 24 in a day or 168 in a week.

    Raises
    ------
    Problem
        ``REM_006``, or those of :func:`amount`.
    """
    found = amount(value, "hours", row)
    if found > most:
        raise Problem("REM_006", row=row or "the row", found=value, most=most, unit="a day" if most == 24 else "a week")
    return found


def rounded(value: Decimal, code: str = "USD") -> Decimal:
    """Return an amount as it is paid: two places, or whole units; a half goes away from nothing.

    >>> rounded(Decimal("1234567.5"), "VND")
    Decimal('1234568')
    >>> rounded(Decimal("442.5709"))
    Decimal('442.57')
    """
    return round_half_away(value, 0 if code in WHOLE else 2)


def shared(recovered: Decimal, awards: Sequence[Decimal], code: str = "USD") -> tuple[Decimal, ...]:
    """Return what each award gets of money that does not reach for all, by largest remainder.

    Parameters
    ----------
    recovered : Decimal
    awards : sequence of Decimal
        What each person is owed.
    code : str
        Currency; the smallest unit follows from it.

    Notes
    -----
    The awards are weights. On a tie the first listed gets the unit that is left.

    >>> [str(one) for one in shared(Decimal(10000), [Decimal(1)] * 3, "USD")]
    ['3333.34', '3333.33', '3333.33']
    """
    total = sum(awards, Decimal(0))
    if not total:
        return tuple(Decimal(0) for _ in awards)
    unit = Decimal(1) if code in WHOLE else Decimal("0.01")
    units = int(recovered / unit)
    exact = [Decimal(units) * one / total for one in awards]
    found = [int(one) for one in exact]
    order = sorted(range(len(awards)), key=lambda n: (-(exact[n] - found[n]), n))
    for n in order[: units - sum(found)]:
        found[n] += 1
    return tuple(unit * one for one in found)


def total(values: Iterable[Decimal]) -> Decimal:
    """Return the sum of lines; of none it is nothing."""
    return sum(values, Decimal(0))
