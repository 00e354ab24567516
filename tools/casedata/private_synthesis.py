"""Made-up records that follow real ones, with a bound on what they give away: differential privacy, by pac-synth.

Method: aggregate-seeded synthesis with differentially private counts; ``pac-synth`` does the work, on this machine. By
a draft entry of a public register the Counter Trafficking Data Collaborative made one file this way, with epsilon 12.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tools.casedata.recoding import CTDC_BANDS, band
from tools.casedata.schema import Schema
from tools.casedata.table import STEPS
from tools.errors import Problem, near

#: Fewer records, and the noise says more than the people; our limit.
RECORDS_MIN: Final = 300
COLUMNS_MAX: Final = 12
EPSILON: Final = 4.0
#: Above this the bound says little; our limit.
EPSILON_MAX: Final = 10.0
#: Most values of a column; more of them are a sign of an identifier.
VALUES_MAX: Final = 300
#: Pairs of columns that lie further apart, on average, are of no use; our limit.
TOO_FAR: Final = 0.25
#: The library leaves out blanks; they are a value of their own here, as long as the work lasts.
_BLANK: Final = "(blank)"


@dataclass(frozen=True)
class Synthesis:
    """Made-up records, and how near they come.

    Attributes
    ----------
    frame : polars.DataFrame
    records : int
        How many real ones stand behind them.
    epsilon, delta : float
        The bound: whoever sees the file learns at most this much about whether any one record was in it.
    length : int
        How many columns are kept together.
    gaps : dict of str to float
        By column, half the sum of the differences between the shares: 0 where they are the same, 1 where nothing is.
    pairs : float
        The same for pairs of columns, on average.
    """

    frame: Any
    records: int
    epsilon: float
    delta: float
    length: int
    gaps: dict[str, float]
    pairs: float

    @property
    def statement(self) -> str:
        """What is promised, and what is not."""
        return (
            f"{self.frame.height:,} made-up records follow {self.records:,} real ones. "
            f"They hold ({self.epsilon:g}, {self.delta:.1e}) differential privacy for one record: whether any one record was"
            f" among them changes the chance of any result at most {math.exp(self.epsilon):,.1f} times, but for a rest of"
            f" {self.delta:.1e}. That is a bound, and not secrecy; smaller is safer. This holds for one release. A second one from the same people"
            f" adds up: its epsilon is added to this one. It holds for records: who has two records gives away twice as"
            f" much. Counts are noisy, and rare combinations are not to be trusted: some are made up, some are lost."
            f" Use it to learn, to plan and to test; work out no figure for print from it."
            + (
                " These lie too far from the real ones to be of use: take fewer or coarser columns, or publish a table."
                if self.pairs > TOO_FAR
                else ""
            )
        )


def synthesise(
    native: Any, schema: Schema, columns: Sequence[str], *, epsilon: float = EPSILON, length: int = 3, records: int = 0,
) -> Synthesis:  # fmt: skip
    """Return made-up records that follow a data set.

    Parameters
    ----------
    native : any frame that narwhals takes
    schema : Schema
    columns : sequence of str
        Columns to keep; ``registered_on:year``, ``citizenship:region``, ``age:band`` make them coarser.
    epsilon : float
        The bound; smaller is safer and noisier.
    length : int
        How many columns are kept together, 2 to 4.
    records : int
        How many to make; 0 for as many as there are, with noise.

    Raises
    ------
    Problem
        ``DAT_003`` for what is no frame, ``DAT_050`` for a column that is not there, ``DAT_073`` for too few records,
        ``DAT_074`` for a column that could name somebody, ``DAT_075`` for a bound that is none.
    """
    import narwhals as nw
    import polars as pl

    if not 0 < epsilon <= EPSILON_MAX or not 2 <= length <= 4:
        raise Problem("DAT_075", epsilon=f"{epsilon:g}", length=length, most=f"{EPSILON_MAX:g}")
    try:
        found = nw.from_native(native).lazy()
    except TypeError:
        raise Problem("DAT_003", detail=f"it is a {type(native).__name__}") from None
    sides = _sides(columns, found.collect_schema().names(), schema)
    raw = found.select(*(nw.col(name).cast(nw.String) for name in sides)).collect().to_polars()
    if raw.height < RECORDS_MIN:
        raise Problem("DAT_073", records=raw.height, least=RECORDS_MIN)
    real = raw.select(
        pl.col(name).str.strip_chars().replace("", None).fill_null(_BLANK).map_elements(step, return_dtype=pl.String)
        if step
        else pl.col(name).str.strip_chars().replace("", None).fill_null(_BLANK)
        for name, step in sides.items()
    )
    for name in real.columns:
        if real[name].n_unique() > VALUES_MAX:
            raise Problem("DAT_074", column=name, why=f"{real[name].n_unique()} different values")
    made, delta = _run(real, epsilon, length, records)
    gaps = {name: _gap(real, made, (name,)) for name in real.columns}
    pairs = [(one, two) for n, one in enumerate(real.columns) for two in real.columns[n + 1 :]]
    apart = sum(_gap(real, made, pair) for pair in pairs) / len(pairs) if pairs else 0.0
    shown = made.with_columns(pl.when(pl.all() == _BLANK).then(None).otherwise(pl.all()).name.keep())
    return Synthesis(shown, real.height, epsilon, delta, length, gaps, apart)


def _sides(columns: Sequence[str], names: list[str], schema: Schema) -> dict[str, Any]:
    if not 2 <= len(columns) <= COLUMNS_MAX:
        raise Problem("DAT_074", column=", ".join(columns) or "none", why=f"2 to {COLUMNS_MAX} columns are needed")
    sides: dict[str, Any] = {}
    for one in columns:
        name, _, word = one.partition(":")
        if name not in names:
            raise Problem("DAT_050", column=name, near=near(name, names))
        field = schema.by_name.get(name)
        if word and word not in STEPS:
            raise Problem("DAT_074", column=one, why=f"the step is none of {', '.join(STEPS)}")
        if field and not word and (field.role in ("key", "text") or field.type in ("date", "yearmonth")):
            raise Problem("DAT_074", column=name, why="it is a key, a text or an exact date")
        if name == "age" and not word:
            sides[name] = band(CTDC_BANDS)
        else:
            sides[name] = STEPS[word] if word else None
    return sides


def _run(real: Any, epsilon: float, length: int, records: int) -> tuple[Any, float]:
    import polars as pl

    try:
        import pacsynth
    except ImportError:
        raise Problem("DAT_076") from None
    number = real.height
    delta = 1 / (math.log(number) * number)
    rows = [list(real.columns), *(list(row) for row in real.iter_rows())]
    # Nought is a value like any other in our codes; without this the library takes it for nothing.
    dataset = pacsynth.Dataset(rows, sensitive_zeros=list(real.columns))
    parameters = (
        pacsynth.DpAggregateSeededParametersBuilder()
        .reporting_length(min(length, real.width))
        .epsilon(epsilon)
        .delta(delta)
    )
    maker = pacsynth.DpAggregateSeededSynthesizer(parameters.build())
    maker.fit(dataset)
    made = maker.sample(records or None)
    heads = [str(head) for head in made[0]]
    frame = pl.DataFrame([[str(cell) for cell in row] for row in made[1:]], schema=heads, orient="row")
    return frame.select(real.columns).with_columns(pl.all().replace("", _BLANK)), delta


def _gap(real: Any, made: Any, names: tuple[str, ...]) -> float:
    """Return the total variation distance between the shares of two data sets."""
    sides: list[dict[tuple[Any, ...], float]] = []
    for frame in (real, made):
        counts = frame.group_by(list(names)).len()
        sides.append({row[:-1]: row[-1] / max(frame.height, 1) for row in counts.iter_rows()})
    return sum(abs(sides[0].get(key, 0.0) - sides[1].get(key, 0.0)) for key in {*sides[0], *sides[1]}) / 2
