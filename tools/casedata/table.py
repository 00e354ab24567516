"""A table of counts from a data set that may be published, with proof: it is attacked before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tools.casedata import attack, disclosure, recoding
from tools.casedata.schema import Schema
from tools.errors import Problem, near

HIDDEN: Final = "hidden"
CELLS_MAX: Final = 1_000
#: Steps that make a column coarser, by the word behind its name.
STEPS: Final[Mapping[str, Callable[[str], str]]] = {
    "year": lambda value: value[:4],
    "month": lambda value: value[:7],
    "quarter": recoding.quarter,
    "band": recoding.band(recoding.WIDE),
    "region": recoding.region,
}


@dataclass(frozen=True)
class Table:
    """Counts in rows and columns, with their totals.

    Attributes
    ----------
    title, unit : str
    rows, columns : tuple of str
        Heads, without the totals.
    cells : tuple of tuple of (int or None)
        With the totals last; ``None`` is hidden.
    how : str
        ``suppressed`` or ``rounded``.
    threshold : int
        The threshold, or the base of rounding.
    proof : Attack or None
        What an attack on the printed table finds.
    """

    title: str
    unit: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    how: str
    threshold: int
    proof: attack.Attack | None

    @property
    def hidden(self) -> int:
        """How many numbers are hidden."""
        return sum(cell is None for row in self.cells for cell in row)

    @property
    def statement(self) -> str:
        """What was done, what was proved, and what remains possible."""
        if self.how == "rounded":
            done = f"Each number was rounded up or down by chance to a multiple of {self.threshold}; totals need not add up."
        else:
            done = f"Numbers from 1 to {self.threshold - 1} are hidden, and {self.hidden} numbers in all, so that no total gives one back."
        proof = ""
        if self.proof is not None and self.proof.ranges:
            narrow = min(high - low + 1 for low, high in self.proof.ranges.values())
            proof = f" An attack that solves for every number found at least {narrow:,.0f} possible values for each." if narrow < 1e9 else " An attack that solves for every hidden number found no upper limit for any."  # fmt: skip
        left = (
            " What remains possible: whoever knows some of these people can subtract them; another table of the same"
            " people, or last month's edition of this one, can give something away; a group that is all of one kind is"
            " shown as such; a zero says that there is nobody."
        )
        return done + proof + left

    def lines(self) -> list[tuple[str, ...]]:
        """Return the table as rows of texts, heads first."""
        body = [
            (head, *(HIDDEN if cell is None else str(cell) for cell in row))
            for head, row in zip((*self.rows, "total"), self.cells, strict=True)
        ]
        return [(self.unit, *self.columns, "total"), *body]


def make(
    native: Any, schema: Schema, rows: str, columns: str, *, threshold: int = 10, base: int = 0, seed: int = 0,
) -> Table:  # fmt: skip
    """Count records in a two-way table that may be published.

    Parameters
    ----------
    native : any frame that narwhals takes
    schema : Schema
    rows, columns : str
        Names of columns; ``registered_on:year``, ``age:band``, ``citizenship:region`` make them coarser.
    threshold : int
        Numbers below it are hidden.
    base, seed : int
        Round to this base instead, if not 0.

    Raises
    ------
    Problem
        ``DAT_050`` for a column that is not there, ``DAT_061`` for a table that is too large, ``DAT_062`` for one that
        the attack solves.
    """
    import narwhals as nw

    found = nw.from_native(native)
    names = found.collect_schema().names()
    sides = [_side(one, names) for one in (rows, columns)]
    if sides[0][0] == sides[1][0]:
        raise Problem(
            "DAT_053", value=columns, what="the columns of the table", wanted="another column than for the rows"
        )
    used = [name for name, _ in sides]
    lazy = found.lazy().select(
        *(nw.col(one).cast(nw.String).str.strip_chars().fill_null("").alias(one) for one in used)
    )
    made = lazy.group_by(*used).agg(nw.len().alias("_n")).collect()
    counts: dict[tuple[str, str], int] = {}
    for one in made.rows(named=True):
        key = tuple(_word(one[name], name, step, schema) for name, step in sides)
        counts[key[0], key[1]] = counts.get((key[0], key[1]), 0) + int(one["_n"])
    heads = tuple(tuple(sorted({key[side] for key in counts})) for side in (0, 1))
    if len(heads[0]) * len(heads[1]) > CELLS_MAX:
        raise Problem("DAT_061", rows=len(heads[0]), columns=len(heads[1]), limit=f"{CELLS_MAX:,}")
    grid = [[counts.get((row, column), 0) for column in heads[1]] for row in heads[0]]
    titles = [schema.by_name[one].title if one in schema.by_name else one for one in used]
    return _published(f"{titles[0]} by {titles[1].lower()}", heads, grid, threshold, base, seed)


def _published(
    title: str, heads: Sequence[tuple[str, ...]], grid: list[list[int]], threshold: int, base: int, seed: int
) -> Table:
    equations = attack.sums(len(grid), len(grid[0]))
    flat: list[int | None]
    if base:
        whole = [*([*row, sum(row)] for row in grid)]
        whole.append([sum(column) for column in zip(*whole, strict=True)])
        rounded = attack.round_randomly([one for row in whole for one in row], base, seed)
        flat = list(rounded)
        proof = attack.solve(flat, equations, width=2, slack=base - 1) if len(flat) <= 400 else None
        how, limit = "rounded", base
    else:
        shown = disclosure.suppress(grid, threshold)
        flat = [one for row, total in zip(shown.cells, shown.row_totals, strict=True) for one in (*row, total)]
        flat += [*shown.column_totals, shown.total]
        proof = attack.solve(flat, equations, width=threshold)
        how, limit = "suppressed", threshold
        if not proof.safe:
            raise Problem("DAT_062")  # nothing is returned then
    wide = len(heads[1]) + 1
    cells = tuple(tuple(flat[at : at + wide]) for at in range(0, len(flat), wide))
    return Table(title, "records", heads[0], heads[1], cells, how, limit, proof)


def _side(asked: str, names: Sequence[str]) -> tuple[str, Callable[[str], str] | None]:
    name, _, step = asked.partition(":")
    if name not in names:
        raise Problem("DAT_050", column=name, near=near(name, names))
    if step and step not in STEPS:
        raise Problem("DAT_053", value=step, what="making a column coarser", wanted="one of " + ", ".join(STEPS))
    return name, STEPS[step] if step else None


def _word(value: str, name: str, step: Callable[[str], str] | None, schema: Schema) -> str:
    column = schema.by_name.get(name)
    if not value:
        return "(blank)"
    if column is not None and column.separator and column.separator in value and step is not STEPS["region"]:
        return "several"  # parts of a whole must not overlap, or the totals are no sums
    return step(value) if step else value
