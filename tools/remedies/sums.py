"""The sums that people can fill in with the exact methods: what each one asks for, and what its results are called.

The arithmetic is that of :mod:`tools.remedies.methods`; ``data/loss-methods.yml`` says in words what goes in and out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from tools import content
from tools.errors import Problem
from tools.remedies import methods

#: What a field can hold. ``untick`` is a box that says "not" of its input.
KINDS: Final = (
    "number", "percent", "whole", "date", "month", "choice", "tick", "untick", "currency", "code", "text", "rows",
)  # fmt: skip
#: How rows become a part of the input: values of one column; lists of values; one mapping a row; a mapping from the
#: first column to the second; a mapping from the first to lists of the others; one list for each column.
SHAPES: Final = ("list", "lists", "records", "map", "named", "columns")


@dataclass(frozen=True)
class Field:
    """One thing to fill in.

    Attributes
    ----------
    id : str
        Where it goes in the input; points lead into a part, ``a+b`` names one list for each column.
    kind : str
        One of :data:`KINDS`.
    label : str
    optional : bool
        Whether the sum is worked out without it.
    most, above : str
        The highest number, and the number it must lie above; empty for none.
    options : mapping
        Codes of a choice, and their words.
    shape : str
        One of :data:`SHAPES`, for rows.
    columns : tuple of Field
        For rows.
    """

    id: str
    kind: str
    label: str
    optional: bool = False
    most: str = ""
    above: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    shape: str = ""
    columns: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Sum:
    """One sum: its method, its words, its fields."""

    id: str
    method: str
    group: str
    title: str
    works: str
    fields: tuple[Field, ...]
    good: str = ""
    plain: bool = False


@dataclass(frozen=True)
class Sums:
    """All sums, their groups, and the words for results; ``plain`` names results that are no money."""

    groups: Mapping[str, str]
    results: Mapping[str, str]
    plain: tuple[str, ...]
    sums: tuple[Sum, ...]

    def texts(self) -> Iterator[str]:
        """Yield every text that people read."""
        yield from self.groups.values()
        yield from self.results.values()
        for one in self.sums:
            yield from (one.title, one.works, *([one.good] if one.good else []))
            for part in one.fields:
                yield from (part.label, *part.options.values(), *(column.label for column in part.columns))


def _field(raw: Mapping[str, Any], where: str) -> Field:
    known = set(Field.__dataclass_fields__)
    if odd := sorted(set(raw) - known) or [name for name in ("id", "kind", "label") if not raw.get(name)]:
        raise Problem("REM_012", where=where, detail=f"'{odd[0]}' is missing or not known")
    if raw["kind"] not in KINDS or (raw["kind"] == "rows") != (raw.get("shape") in SHAPES):
        raise Problem("REM_012", where=where, detail=f"the kind '{raw['kind']}' or its shape is not known")
    if (raw["kind"] == "choice") != bool(raw.get("options")):
        raise Problem("REM_012", where=where, detail="a choice needs options, and nothing else has them")
    columns = tuple(_field(one, f"{where}, column {n}") for n, one in enumerate(raw.get("columns", ()), start=1))
    numbers = {name: str(raw[name]) for name in ("most", "above") if name in raw}
    return Field(**{**raw, "columns": columns, **numbers})


def read(text: str) -> Sums:
    """Return the sums of a definition.

    Raises
    ------
    Problem
        ``REM_012``, with the sum and what is wrong.
    """
    import yaml

    raw = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
    made: list[Sum] = []
    for one in raw["sums"]:
        where = f"the sum '{one.get('id', len(made) + 1)}'"
        if odd := sorted(set(one) - set(Sum.__dataclass_fields__)):
            raise Problem("REM_012", where=where, detail=f"'{odd[0]}' is not known")
        if one.get("method") not in methods.METHODS:
            raise Problem("REM_012", where=where, detail=f"there is no method '{one.get('method')}'")
        if one.get("group") not in raw["groups"]:
            raise Problem("REM_012", where=where, detail=f"there is no group '{one.get('group')}'")
        if one["id"] in {other.id for other in made}:
            raise Problem("REM_012", where=where, detail="two sums have this id")
        fields = tuple(_field(part, f"{where}, field {n}") for n, part in enumerate(one["fields"], start=1))
        made.append(Sum(**{**one, "fields": fields}))
    return Sums(raw["groups"], raw["results"], tuple(raw["plain"]), tuple(made))


@cache
def load() -> Sums:
    """Return the sums of the book.

    >>> load().sums[0].title
    'Whole months, part of the pay received'
    """
    return read(content.read_text(content.LOSS_METHODS))
