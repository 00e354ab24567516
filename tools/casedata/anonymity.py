"""k-anonymity and l-diversity: how many records look alike, and how to make them look alike with the least loss.

The frame's own engine counts the combinations; the search works on these counts alone. So a table of Polars, pandas,
DuckDB or Spark gives the same result.

Sources: Sweeney (2002) for k-anonymity, Machanavajjhala and others (2007) for l-diversity; the search walks down the
lattice of recodings, where fewer details never make small groups larger.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tools.casedata import recoding
from tools.casedata.recoding import HIDDEN, Ladder
from tools.casedata.schema import Field, Schema
from tools.errors import Problem, near

QUASI_MAX: Final = 10
_NODES: Final = 20_000  # steps of the search; the best found until then is used
_BINS: Final = 8_000_000


@dataclass(frozen=True)
class Risk:
    """How exposed the records of a data set are, for somebody who knows its quasi-identifiers.

    Attributes
    ----------
    quasi : tuple of str
    sensitive : str
        The column whose values are counted for l-diversity; may be empty.
    records, groups : int
        Rows, and different combinations of the quasi-identifiers.
    smallest : int
        The size of the smallest group: the data set is k-anonymous for this k.
    below : Mapping of int to int
        Records in groups smaller than 2, 3, 5, 10 and 11. Below 2 are those that are unique.
    mean_risk : float
        Groups by records: the chance to name a person by guessing in her group, on average.
    diversity : int or None
        The fewest different sensitive values in a group (distinct l-diversity).
    entropy : float or None
        The lowest effective number of sensitive values in a group (entropy l-diversity: exp of the entropy).
    without : Mapping of str to int
        Unique records that would be left if this column were dropped: which column costs most.
    """

    quasi: tuple[str, ...]
    sensitive: str
    records: int
    groups: int
    smallest: int
    below: Mapping[int, int]
    mean_risk: float
    diversity: int | None
    entropy: float | None
    without: Mapping[str, int]


@dataclass(frozen=True)
class Protected:
    """A data set made k-anonymous.

    Attributes
    ----------
    frame : native frame
        Of the same kind as the one given; keys and free text are dropped.
    before, after : Risk
    k, l : int
    levels : Mapping of str to int
        The step of the ladder on which each quasi-identifier now stands; 0 is unchanged.
    top : Mapping of str to int
        The last step of each ladder.
    cells, removed : int
        Cells that were hidden, and records that were left out.
    loss : float
        The share of the information in the quasi-identifiers that is gone, 0 to 1.
    dropped : tuple of str
        Columns that were left out.
    complete : bool
        Whether all recodings were weighed; if not, a better one may exist.
    """

    frame: Any
    before: Risk
    after: Risk
    k: int
    l: int  # noqa: E741 - the field's own word
    levels: Mapping[str, int]
    top: Mapping[str, int]
    cells: int
    removed: int
    loss: float
    dropped: tuple[str, ...]
    complete: bool


class _Table:
    """Every combination of the quasi-identifiers that occurs, as small numbers, with how often."""

    def __init__(self, values: list[list[str]], codes: Any, counts: Any, sensitive: Any, kinds: int) -> None:
        self.values, self.codes, self.counts = values, codes, counts
        self.sensitive, self.kinds = sensitive, kinds

    def groups(self, maps: Sequence[Any], sizes: Sequence[int]) -> tuple[Any, Any, Any]:
        """Return for every combination its group, and for every group its records and its sensitive values."""
        import numpy as np

        keys = np.zeros(len(self.counts), dtype=np.int64)
        span = 1
        for at, (mapped, size) in enumerate(zip(maps, sizes, strict=True)):
            span *= size
            if span > 2**62:
                keys = np.unique(keys, return_inverse=True)[1].astype(np.int64)
                span = (int(keys.max()) + 1) * size
            keys = keys * size + mapped[self.codes[at]]
        if span > _BINS:
            keys = np.unique(keys, return_inverse=True)[1]
            span = int(keys.max()) + 1 if len(keys) else 0
        counts = np.bincount(keys, weights=self.counts, minlength=span)
        kinds = np.zeros(0)
        if self.kinds:
            pairs = np.unique(keys * self.kinds + self.sensitive)
            kinds = np.bincount(pairs // self.kinds, minlength=span)  # type: ignore[assignment]
        return keys, counts, kinds


def _counted(native: Any, quasi: Sequence[str], sensitive: str) -> _Table:
    import narwhals as nw
    import numpy as np

    names = [*quasi, *([sensitive] if sensitive else [])]
    lazy = nw.from_native(native).lazy()
    lazy = lazy.select(*(_text(name) for name in names))
    made = lazy.group_by(*names).agg(nw.len().alias("_n")).collect()
    values: list[list[str]] = []
    codes = []
    for name in names:
        found, at = np.unique(
            np.asarray(made.get_column(name).to_list(), dtype=object).astype(str), return_inverse=True
        )
        values.append([str(one) for one in found])
        codes.append(at.astype(np.int64))
    counts = np.asarray(made.get_column("_n").to_list(), dtype=np.float64)
    last = codes.pop() if sensitive else np.zeros(0, dtype=np.int64)
    kinds = len(values.pop()) if sensitive else 0
    return _Table(values, codes, counts, last, kinds)


def _text(name: str) -> Any:
    import narwhals as nw

    return nw.col(name).cast(nw.String).str.strip_chars().fill_null("").alias(name)


def _names(native: Any) -> tuple[str, ...]:
    import narwhals as nw

    try:
        return tuple(nw.from_native(native).collect_schema().names())
    except TypeError:
        raise Problem("DAT_003", detail=f"it is a {type(native).__name__}") from None


def _known(native: Any, quasi: Sequence[str], sensitive: str) -> None:
    names = _names(native)
    for one in (*quasi, *filter(None, [sensitive])):
        if one not in names:
            raise Problem("DAT_050", column=one, near=near(one, names))
    if not quasi:
        raise Problem("DAT_051")
    if len(set(quasi)) > QUASI_MAX or sensitive in quasi:
        raise Problem("DAT_052", limit=QUASI_MAX)


def propose(native: Any, schema: Schema) -> tuple[str, ...]:
    """Return the columns that together may point to a person: those that others can know.

    Parameters
    ----------
    native : frame
    schema : Schema

    Returns
    -------
    tuple of str
        Columns that the schema calls quasi-identifiers, and what is not constant; at most :data:`QUASI_MAX`.
    """
    import narwhals as nw

    names = [one for one in schema.having("quasi") if one in _names(native)]
    lazy = nw.from_native(native).lazy().select(*(_text(one) for one in names))
    kinds = lazy.select(*(nw.col(one).n_unique().alias(one) for one in names)).collect()
    return tuple(one for one in names if int(kinds.get_column(one).to_list()[0]) > 1)[:QUASI_MAX]


def risk(native: Any, quasi: Sequence[str], sensitive: str = "") -> Risk:
    """Measure how exposed records are.

    Parameters
    ----------
    native : any frame that narwhals takes
    quasi : sequence of str
        The quasi-identifiers.
    sensitive : str
        A column for l-diversity.

    Raises
    ------
    Problem
        ``DAT_050`` to ``DAT_052`` for columns that are not there, none, or too many; ``DAT_006`` for no rows.
    """
    quasi = tuple(dict.fromkeys(quasi))
    _known(native, quasi, sensitive)
    return _risk(_counted(native, quasi, sensitive), quasi, sensitive)


def _risk(table: _Table, quasi: tuple[str, ...], sensitive: str) -> Risk:
    import numpy as np

    if not len(table.counts):
        raise Problem("DAT_006")
    plain = [np.arange(len(values)) for values in table.values]
    sizes = [len(values) for values in table.values]
    keys, counts, kinds = table.groups(plain, sizes)
    there = counts[counts > 0]
    total = int(there.sum())
    without = {}
    for at, name in enumerate(quasi):
        maps = [one if other != at else np.zeros_like(one) for other, one in enumerate(plain)]
        fewer = table.groups(maps, sizes)[1]
        without[name] = int((fewer == 1).sum())
    entropy = None
    if sensitive:
        share = table.counts / counts[keys]
        entropy = float(np.exp(np.bincount(keys, weights=-share * np.log(share), minlength=len(counts))[counts > 0].min()))  # fmt: skip
    return Risk(
        quasi, sensitive, total, len(there), int(there.min()),
        {k: int(there[there < k].sum()) for k in (2, 3, 5, 10, 11)}, len(there) / total,
        int(kinds[counts > 0].min()) if sensitive else None, entropy, without,
    )  # fmt: skip


# --- making records alike -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    """Which values are made coarser, and which groups lose which cells."""

    levels: tuple[int, ...]
    hide: tuple[frozenset[str], ...]  # for each quasi-identifier, the groups (as texts) in which it is hidden
    remove: frozenset[str]
    complete: bool


def protect(
    native: Any, schema: Schema, *, k: int = 11, quasi: Sequence[str] = (), sensitive: str = "", l: int = 1,  # noqa: E741
    limit: float = 0.05, keep: Sequence[str] = (),
) -> Protected:  # fmt: skip
    """Make a data set k-anonymous, and l-diverse if asked, with the least loss.

    Every choice of recodings is weighed by the information that it keeps (the entropy of each column, against that of
    the column as it was), less the share of records that would stand in groups that are too small. These groups then
    lose as few cells as a greedy choice finds; records that cannot be made alike at all are left out.

    Parameters
    ----------
    native : any frame that narwhals takes
    schema : Schema
    k : int
        Every combination occurs at least this often. 11 is the rule of CTDC's first public file.
    quasi : sequence of str
        Quasi-identifiers; else those of :func:`propose`.
    sensitive, l : str, int
        Each group has at least ``l`` different values of this column.
    limit : float
        The largest share of records that may stand in groups that are too small after recoding.
    keep : sequence of str
        Other columns to keep. They are not protected: name only what nobody outside can know.

    Returns
    -------
    Protected

    Raises
    ------
    Problem
        ``DAT_050`` to ``DAT_054``.
    """
    chosen = tuple(dict.fromkeys(quasi)) or propose(native, schema)
    _known(native, chosen, sensitive)
    if not isinstance(k, int) or k < 2:
        raise Problem("DAT_053", value=k, what="k", wanted="a whole number, 2 or more; 5 within a network, 11 for the public")  # fmt: skip
    if l > 1 and not sensitive:
        raise Problem("DAT_053", value=l, what="l", wanted="1, or name the sensitive column too")
    table = _counted(native, chosen, sensitive)
    before = _risk(table, chosen, sensitive)
    if before.records < k:
        raise Problem("DAT_054", rows=before.records, k=k)
    fields = [schema.by_name.get(one) or Field(one, one, "string") for one in chosen]
    ladders = [recoding.ladder(field, values) for field, values in zip(fields, table.values, strict=True)]
    plan = _plan(table, ladders, k, l, limit)
    names = _names(native)
    wanted = [*chosen, *([sensitive] if sensitive else []), *schema.having("sensitive"), *keep]
    kept = tuple(one for one in names if one in wanted)
    made = _applied(native, kept, chosen, ladders, plan)
    after_table = _counted(made, chosen, sensitive)
    after = _risk(after_table, chosen, sensitive)
    if after.smallest < k or (sensitive and (after.diversity or 0) < l):
        raise Problem("DAT_055", k=k)  # nothing is returned then
    hidden = [_hidden(after_table, at) for at in range(len(chosen))]
    removed = before.records - after.records
    keeps = _entropies(table, ladders)
    left = [keeps[at][level] * (1 - (hidden[at] + removed) / before.records) for at, level in enumerate(plan.levels)]
    return Protected(
        made, before, after, k, l, dict(zip(chosen, plan.levels, strict=True)),
        {one: len(ladder) - 1 for one, ladder in zip(chosen, ladders, strict=True)}, sum(hidden), removed,
        round(1 - sum(left) / len(left), 6), tuple(one for one in names if one not in kept and not one.startswith("_")),
        plan.complete,
    )  # fmt: skip


def _hidden(table: _Table, at: int) -> int:
    if HIDDEN not in table.values[at]:
        return 0
    return int(table.counts[table.codes[at] == table.values[at].index(HIDDEN)].sum())


def _steps(table: _Table, ladders: Sequence[Ladder]) -> list[list[tuple[Any, list[str]]]]:
    """Return for each column and step the numbers of the coarser values, and these values."""
    import numpy as np

    made = []
    for values, ladder in zip(table.values, ladders, strict=True):
        one = []
        for step in ladder:
            coarse, at = np.unique(np.asarray([step[value] for value in values], dtype=object).astype(str), return_inverse=True)  # fmt: skip
            one.append((at.astype(np.int64), [str(value) for value in coarse]))
        made.append(one)
    return made


def _entropies(table: _Table, ladders: Sequence[Ladder]) -> list[list[float]]:
    """Return for each column and step the share of its information that is kept."""
    import numpy as np

    made = []
    for at, steps in enumerate(_steps(table, ladders)):
        bits = []
        for mapped, values in steps:
            share = np.bincount(mapped[table.codes[at]], weights=table.counts, minlength=len(values))
            share = share[share > 0] / share.sum()
            bits.append(float(-(share * np.log(share)).sum()))
        made.append([one / bits[0] if bits[0] > 1e-12 else 1.0 for one in bits])
    return made


def _plan(table: _Table, ladders: Sequence[Ladder], k: int, l: int, limit: float) -> _Plan:  # noqa: E741
    steps = _steps(table, ladders)
    keeps = _entropies(table, ladders)
    total = table.counts.sum()
    top = tuple(len(one) - 1 for one in steps)

    def bad(levels: Sequence[int]) -> float:
        """Return the share of records in groups that are too small."""
        maps = [steps[at][level][0] for at, level in enumerate(levels)]
        sizes = [len(steps[at][level][1]) for at, level in enumerate(levels)]
        _, counts, kinds = table.groups(maps, sizes)
        small = counts < k
        if table.kinds and l > 1:
            small |= kinds < l
        return float(counts[small].sum() / total)

    def kept(levels: Sequence[int], lost: float) -> float:
        return sum(keeps[at][level] for at, level in enumerate(levels)) / len(levels) * (1 - lost)

    # No column can be finer than it can be alone.
    floor = list(top)
    for at in range(len(top)):
        for level in range(top[at] - 1, -1, -1):
            if bad([level if other == at else top[other] for other in range(len(top))]) > limit:
                break
            floor[at] = level
    table = _rebased(table, steps, floor)
    for at, level in enumerate(floor):
        # From here on, the values of a column are those of its floor.
        first = steps[at][level][0]
        steps[at] = [(_through(first, mapped), values) for mapped, values in steps[at]]
    best, best_kept = top, kept(top, bad(top))
    waiting = [(-best_kept, top)]
    seen = {top}
    while waiting and len(seen) < _NODES:
        _, node = heapq.heappop(waiting)
        for at in range(len(node)):
            if node[at] == floor[at]:
                continue
            finer = (*node[:at], node[at] - 1, *node[at + 1 :])
            if finer in seen:
                continue
            seen.add(finer)
            lost = bad(finer)
            # What is finer still has no fewer records in small groups.
            if lost > limit or kept(floor, lost) <= best_kept:
                continue
            value = kept(finer, lost)
            if value > best_kept:
                best, best_kept = finer, value
            heapq.heappush(waiting, (-value, finer))
    return _suppress(table, steps, keeps, best, k, l, complete=not waiting)


def _through(first: Any, mapped: Any) -> Any:
    import numpy as np

    made = np.zeros(int(first.max()) + 1, dtype=np.int64)
    made[first] = mapped
    return made


def _rebased(table: _Table, steps: Sequence[Sequence[tuple[Any, list[str]]]], floor: Sequence[int]) -> _Table:
    """Return the table with every column on its floor, its rows counted anew."""
    import numpy as np

    maps = [steps[at][level][0] for at, level in enumerate(floor)]
    sizes = [len(steps[at][level][1]) for at, level in enumerate(floor)]
    keys, _, _ = table.groups(maps, sizes)
    if table.kinds:
        keys = np.unique(keys, return_inverse=True)[1] * table.kinds + table.sensitive
    _, first, at = np.unique(keys, return_index=True, return_inverse=True)
    codes = [mapped[one][first] for mapped, one in zip(maps, table.codes, strict=True)]
    counts = np.bincount(at, weights=table.counts)
    last = table.sensitive[first] if table.kinds else table.sensitive
    return _Table([steps[at][level][1] for at, level in enumerate(floor)], codes, counts, last, table.kinds)


def _suppress(
    table: _Table, steps: Sequence[Sequence[tuple[Any, list[str]]]], keeps: Sequence[Sequence[float]],
    levels: tuple[int, ...], k: int, l: int, *, complete: bool,  # noqa: E741
) -> _Plan:  # fmt: skip
    """Hide cells in groups that are too small: first one in each record, then two, until they are alike."""
    from itertools import combinations

    import numpy as np

    width = len(levels)
    maps = [steps[at][level][0] for at, level in enumerate(levels)]
    sizes = [len(steps[at][level][1]) for at, level in enumerate(levels)]
    keys, counts, kinds = table.groups(maps, sizes)
    small = counts < k
    if table.kinds and l > 1:
        small |= kinds < l
    left = np.flatnonzero(small[keys])
    hide: list[set[str]] = [set() for _ in range(width)]
    words = [[steps[at][level][1][code] for code in maps[at][table.codes[at][left]]] for at, level in enumerate(levels)]
    tokens = dict(zip(left.tolist(), map(SEPARATOR.join, zip(*words, strict=True)), strict=True))
    weight = [keeps[at][level] for at, level in enumerate(levels)]
    for size in range(1, width + 1):
        for some in sorted(combinations(range(width), size), key=lambda one: sum(weight[at] for at in one)):
            if not len(left):
                break
            blank = [np.zeros_like(one) if at in some else one for at, one in enumerate(maps)]
            part = _Table(table.values, [one[left] for one in table.codes], table.counts[left],
                          table.sensitive[left] if table.kinds else table.sensitive, table.kinds)  # fmt: skip
            keys, counts, kinds = part.groups(blank, [1 if at in some else one for at, one in enumerate(sizes)])
            fine = counts >= k
            if table.kinds and l > 1:
                fine &= kinds >= l
            for row in left[fine[keys]].tolist():
                for at in some:
                    hide[at].add(tokens[row])
            left = left[~fine[keys]]
    return _Plan(levels, tuple(map(frozenset, hide)), frozenset(tokens[row] for row in left.tolist()), complete)


SEPARATOR: Final = "\x1f"


def _applied(native: Any, kept: Sequence[str], quasi: Sequence[str], ladders: Sequence[Ladder], plan: _Plan) -> Any:
    """Return the frame as it may be shown, made by its own engine."""
    import narwhals as nw

    frame = nw.from_native(native)
    others = [nw.col(one) for one in kept if one not in quasi]
    frame = frame.select(*(_text(one) for one in quasi), *others)
    coarse = [_coarse(name, ladder[level]) for name, ladder, level in zip(quasi, ladders, plan.levels, strict=True)]
    frame = frame.with_columns(*coarse)
    if any(plan.hide) or plan.remove:
        frame = frame.with_columns(nw.concat_str(*quasi, separator=SEPARATOR).alias("_group"))
        if plan.remove:
            frame = frame.filter(~nw.col("_group").is_in(sorted(plan.remove)))
        hidden = [
            nw.when(nw.col("_group").is_in(sorted(groups))).then(nw.lit(HIDDEN)).otherwise(nw.col(name)).alias(name)
            for name, groups in zip(quasi, plan.hide, strict=True)
            if groups
        ]
        frame = frame.with_columns(*hidden)
    return frame.select(*kept).to_native()


def _coarse(name: str, step: Mapping[str, str]) -> Any:
    import narwhals as nw

    changed: dict[str, list[str]] = {}
    for value, word in step.items():
        if value != word:
            changed.setdefault(word, []).append(value)
    if set(step.values()) == {recoding.ANY}:
        return nw.lit(recoding.ANY).alias(name)
    made: Any = nw.col(name)
    for word, values in changed.items():
        made = nw.when(nw.col(name).is_in(values)).then(nw.lit(word)).otherwise(made)
    return made.alias(name)
