"""The speed and the memory of the data workbench: a million made-up cases of 20 columns.

    python tests/bench_data.py            everything, about three minutes
    python tests/bench_data.py --rows 100000

Each measure runs in a process of its own, so that the peak of its memory is its own. Budgets are for two idle cores.
The same results are asked of a Polars and a DuckDB table, and of a PySpark one where it and Java are there; pycanon
does the same work in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from importlib import util
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

QUASI = ("sex", "age", "citizenship", "exploitation_country", "sector")
SENSITIVE = "main_form"
COLUMNS = (
    "record_id", "linkage_key", "organisation", "organisation_type", "registered_on", "sex", "birth_year", "age",
    "age_basis", "citizenship", "education", "age_recruited", "means", "exploitation_country", "exploitation_start",
    "forms", "main_form", "sector", "status", "identified_on",
)  # fmt: skip
CHECK_SECONDS, PROTECT_SECONDS, MEGABYTES = 30, 20, 2000


def make(path: Path, rows: int) -> None:
    """Write made-up cases as CSV: 20,000 records of the generator, drawn again with numbers and dates of their own."""
    import numpy as np
    import polars as pl

    from tools.casedata import made_up, schema

    base = pl.DataFrame(made_up.rows(schema.load("victim-centred"), 20_000, seed=11))
    dice = np.random.default_rng(11)
    # What belongs together is drawn together; the rest apart, so that there are many different combinations.
    together = (("sex",), ("citizenship",), ("exploitation_country",), ("forms", "main_form", "sector"))
    apart = {one for some in together for one in some}
    parts = [base.select(some)[dice.integers(0, len(base), rows)] for some in together]
    rest = base.select(one for one in base.columns if one not in apart)[dice.integers(0, len(base), rows)]
    frame = pl.concat([rest, *parts], how="horizontal")
    number = pl.Series(np.arange(1, rows + 1)).cast(pl.String).str.zfill(7)
    frame = frame.with_columns(("SYNTHETIC-" + number).alias("record_id"), ("KEY-" + number).alias("linkage_key"))
    # A hundred cells that are wrong, so that there is something to find.
    frame = frame.with_columns(
        pl.when(pl.int_range(pl.len()) % (rows // 100) == 7).then(pl.lit("femal")).otherwise("sex").alias("sex")
    )
    frame.select(COLUMNS).write_csv(path, quote_style="never")


def check(path: Path) -> dict[str, object]:
    """Read the file and check it, as the command does."""
    import datetime as dt

    from tools.casedata import check, schema
    from tools.surfaces import data_reader

    opened = data_reader.read(path)
    read = time.perf_counter()
    report = check.frame(
        opened.frame, schema.load("victim-centred"), before=opened.findings, today=dt.date(2026, 11, 25)
    )
    return {"read": read, "rows": report.rows, "errors": report.count("error")}


def protect(path: Path) -> dict[str, object]:
    """Read the file and make it k-anonymous."""
    import polars as pl

    from tools.casedata import anonymity, schema

    frame = pl.read_csv(path, infer_schema=False)
    read = time.perf_counter()
    made = anonymity.protect(frame, schema.load("victim-centred"), k=11, quasi=QUASI)
    return {"read": read, "k": made.after.smallest, "loss": made.loss, "cells": made.cells, "removed": made.removed,
            "levels": dict(made.levels), "complete": made.complete}  # fmt: skip


def ours(path: Path) -> dict[str, object]:
    """Measure k and l, as pycanon does."""
    import polars as pl

    from tools.casedata import anonymity

    frame = pl.read_csv(path, infer_schema=False)
    read = time.perf_counter()
    risk = anonymity.risk(frame, QUASI, SENSITIVE)
    return {"read": read, "k": risk.smallest, "l": risk.diversity}


def pycanon(path: Path) -> dict[str, object]:
    """Measure k and l with pycanon."""
    import pandas as pd
    from pycanon import anonymity

    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    read = time.perf_counter()
    k = anonymity.k_anonymity(frame, list(QUASI))
    level = anonymity.l_diversity(frame, list(QUASI), [SENSITIVE])
    return {"read": read, "k": int(k), "l": int(level)}


def engines(path: Path) -> dict[str, object]:
    """Ask the same of tables of several engines, and compare the answers."""
    import datetime as dt

    import duckdb
    import polars as pl

    from tools.casedata import anonymity, check, schema

    which = schema.load("victim-centred")
    frame = pl.read_csv(path, infer_schema=False)
    tables: dict[str, object] = {
        "Polars": frame,
        "DuckDB": duckdb.read_csv(str(path), all_varchar=True),
    }
    said: dict[str, object] = {}
    why = (
        "pyspark is not installed"
        if util.find_spec("pyspark") is None
        else ""
        if shutil.which("java")
        else "there is no Java"
    )
    if why:
        said["PySpark"] = f"skipped: {why}"
    else:
        from pyspark.sql import SparkSession

        spark = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "4")
            .getOrCreate()
        )
        spark.sparkContext.setLogLevel("ERROR")
        tables["PySpark"] = spark.read.csv(str(path), header=True).cache()
    answers = {}
    for name, table in tables.items():
        start = time.perf_counter()
        report = check.frame(table, which, today=dt.date(2026, 11, 25))
        found = [(one.rule, one.column, one.count, one.rows) for one in report.findings]
        checked = time.perf_counter()
        made = anonymity.protect(table, which, k=11, quasi=QUASI)
        answers[name] = (found, report.filled, dict(made.levels), made.cells, made.removed, made.after)
        said[name] = f"check {checked - start:.1f} s, protect {time.perf_counter() - checked:.1f} s"
    said["equal"] = all(one == answers["Polars"] for one in answers.values())
    return said


JOBS = {"check": check, "protect": protect, "ours": ours, "pycanon": pycanon, "engines": engines}


def run(job: str, path: Path) -> dict[str, object]:
    """Run one job in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "--job", job, "--file", str(path)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{job} failed:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _same(path: Path, folder: Path, rows: int) -> bool:
    """Compare with pycanon on the same work; on a million records it does not come to an end in minutes."""
    import polars as pl

    from tools.casedata import anonymity, schema

    raw, guarded = folder / "compare.csv", folder / "guarded.csv"
    make(raw, min(rows, 20_000))
    frame = pl.read_csv(raw, infer_schema=False)
    # Of raw records both say 1; of protected ones the answers say something.
    made = anonymity.protect(frame, schema.load("victim-centred"), k=11, quasi=QUASI, keep=(SENSITIVE,), limit=0.2)
    made.frame.write_csv(guarded)
    equal = True
    for name, source in (("raw", raw), ("protected", guarded)):
        said = {job: run(job, source) for job in ("ours", "pycanon")}
        equal = equal and all(said["ours"][one] == said["pycanon"][one] for one in ("k", "l"))
        for job, one in said.items():
            print(
                f"{job:8} k and l of {min(rows, 20_000):,} {name} records: {one['work']:.2f} s, k = {one['k']}, l = {one['l']}"
            )
    print(f"the answers are {'equal' if equal else 'DIFFERENT'}")
    return equal


def main() -> int:
    """Run the jobs and print what they took; 1 if a budget was missed or answers differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", default="", help=", ".join(JOBS))
    parser.add_argument("--job", default="")
    parser.add_argument("--file", default="")
    options = parser.parse_args()
    if options.job:
        start = time.perf_counter()
        said = JOBS[options.job](Path(options.file))
        end = time.perf_counter()
        read = said.pop("read", start)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(json.dumps({**said, "seconds": end - start, "work": end - float(read), "megabytes": peak}))  # type: ignore[arg-type]
        return 0
    wanted = options.only.split(",") if options.only else list(JOBS)
    fine = True
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.csv"
        make(path, options.rows)
        print(
            f"{options.rows:,} cases, {len(COLUMNS)} columns, {path.stat().st_size / 1e6:.0f} MB; load before {os.getloadavg()[0]:.1f}"
        )
        for job in wanted:
            source = path
            if job == "pycanon":
                fine = _same(path, Path(folder), options.rows) and fine
                continue
            if job == "engines":
                source = Path(folder) / "fewer.csv"
                make(source, min(options.rows, 50_000))
            said = run(job, source)
            seconds, work, peak = (float(str(said.pop(one))) for one in ("seconds", "work", "megabytes"))
            budget = {"check": CHECK_SECONDS, "protect": PROTECT_SECONDS}.get(job)
            taken = seconds if job == "check" else work
            missed = budget is not None and (taken > budget or peak > MEGABYTES)
            fine = fine and not missed and said.get("equal", True) is True
            limit = f" (budget {budget} s, {MEGABYTES:,} MB{': MISSED' if missed else ''})" if budget else ""
            print(f"{job:8} {seconds:6.1f} s in all, {work:6.1f} s without reading, {peak:6.0f} MB{limit}  {said}")
    print(f"load after {os.getloadavg()[0]:.1f}; {os.cpu_count()} cores")
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
