"""Small numbers: hidden ones cannot be worked out again, by any arithmetic on the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.casedata.disclosure import Suppressed, suppress, suppress_line
from tools.errors import Problem

THRESHOLD = 3


def possible(shown: Suppressed, counts: Sequence[Sequence[int]]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Yield tables that agree with what is shown. Hidden numbers are at least one: zeros are shown.

    A reader would try every number; two steps around the true ones are enough to find three values, if there are three.
    """
    true = [cell for row in counts for cell in row]
    cells = [cell for row in shown.cells for cell in row]
    spans = [
        range(max(1, was - 2), was + 3) if cell is None else (cell,) for cell, was in zip(cells, true, strict=True)
    ]
    width = len(shown.cells[0])
    for flat in product(*spans):
        table = tuple(flat[at : at + width] for at in range(0, len(flat), width))
        sums = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
        if all(
            seen is None or seen == total
            for line, totals in zip((shown.row_totals, shown.column_totals), sums, strict=True)
            for seen, total in zip(line, totals, strict=True)
        ) and shown.total in (None, sum(sums[0])):
            yield table


def numbers(table: Sequence[Sequence[int]]) -> list[int]:
    cells = [cell for row in table for cell in row]
    return [*cells, *map(sum, table), *(sum(column) for column in zip(*table, strict=True)), sum(cells)]


def as_shown(shown: Suppressed) -> list[int | None]:
    return [*(cell for row in shown.cells for cell in row), *shown.row_totals, *shown.column_totals, shown.total]


small = st.integers(0, 6)
tables = st.tuples(st.integers(1, 2), st.integers(1, 3)).flatmap(
    lambda size: st.lists(st.lists(small, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


@settings(max_examples=150, deadline=None)
@given(tables)
def test_a_hidden_number_keeps_as_many_values_as_the_threshold(counts: list[list[int]]) -> None:
    shown = suppress(counts, THRESHOLD)
    hidden = [at for at, value in enumerate(as_shown(shown)) if value is None]
    found: dict[int, set[int]] = {at: set() for at in hidden}
    for table in possible(shown, counts):
        for at in hidden:
            found[at].add(numbers(table)[at])
        if all(len(values) >= THRESHOLD for values in found.values()):
            break
    assert all(len(values) >= THRESHOLD for values in found.values()), shown


bigger = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 40), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


@settings(max_examples=150, deadline=None)
@given(bigger, st.integers(3, 10))
def test_no_small_number_is_shown_and_what_is_shown_is_true(counts: list[list[int]], threshold: int) -> None:
    shown = as_shown(suppress(counts, threshold))
    for value, true in zip(shown, numbers(counts), strict=True):
        assert value is None or value == true
        assert not 0 < (value or 0) < threshold
        assert true != 0 or value == 0


@settings(max_examples=150, deadline=None)
@given(bigger)
def test_no_line_hides_one_number_alone(counts: list[list[int]]) -> None:
    shown = suppress(counts)
    lines = [
        *([*cells, total] for cells, total in zip(shown.cells, shown.row_totals, strict=True)),
        *([*cells, total] for cells, total in zip(zip(*shown.cells, strict=True), shown.column_totals, strict=True)),
        [*shown.row_totals, shown.total],
        [*shown.column_totals, shown.total],
    ]
    assert all(line.count(None) != 1 for line in lines)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=7), st.integers(3, 8))
def test_a_line_with_its_total(counts: list[int], threshold: int) -> None:
    parts, total = suppress_line(counts, threshold)
    for shown, true in [*zip(parts, counts, strict=True), (total, sum(counts))]:
        assert shown is None or (shown == true and not 0 < shown < threshold)
    hidden = [true for shown, true in zip(parts, counts, strict=True) if shown is None]
    if total is not None and hidden:
        assert len(hidden) >= 2
        # Each of them could be anything from one to what the others leave.
        assert sum(hidden) - (len(hidden) - 1) >= threshold


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert suppress([[5, 0], [12, 9]]).cells == ((5, 0), (12, 9))
    assert suppress([]).total == 0


@pytest.mark.parametrize("threshold", [2, 0, -1, True, 5.0])
def test_a_threshold_that_hides_nothing_is_refused(threshold: int) -> None:
    with pytest.raises(Problem, match="CAS_004"):
        suppress([[1]], threshold)


@pytest.mark.parametrize("counts", [[[1, 2], [3]], [[1, -2]], [[1, 2.5]], [[True, 1]]])
@pytest.mark.promise("input-messages")
def test_what_is_no_count_is_refused(counts: list[list[int]]) -> None:
    with pytest.raises(Problem, match=r"Row \d of the counts cannot be used.*CAS_005"):
        suppress(counts)
