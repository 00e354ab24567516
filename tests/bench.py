"""Measure speed: ``python tests/bench.py`` (instruments, forms), ``python tests/bench.py --book`` (builds as well).

Prints a table. Not a unit test: a clock measures the machine as much as the program.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

COLD = """
import time
start = time.perf_counter()
from tools.instruments import library
imported = time.perf_counter()
library.load({name!r})
done = time.perf_counter()
print(imported - start, done - imported)
"""


def row(what: str, seconds: float, budget: float | None = None) -> None:
    """Print one line of the table."""
    verdict = "" if budget is None else ("  ok" if seconds <= budget else "  OVER") + f" (budget {budget:g} s)"
    print(f"{what:<58}{seconds:>9.3f} s{verdict}")


def cold(name: str) -> tuple[float, float]:
    """Return import and loading time of one instrument in a fresh interpreter (median of five)."""
    runs = [
        tuple(map(float, subprocess.run([sys.executable, "-c", COLD.format(name=name)], cwd=ROOT, check=True,
                                        capture_output=True, text=True).stdout.split()))
        for _ in range(5)
    ]  # fmt: skip
    return median(r[0] for r in runs), median(r[1] for r in runs)


def timed(work: Callable[[], object], times: int = 20) -> float:
    """Return the median time of a piece of work."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return median(found)


def instruments() -> None:
    """Measure loading, assessing and rendering of every instrument."""
    from cases import vectors

    from tools import content
    from tools.instruments import library, record
    from tools.instruments.assessment import assess, what_would_change
    from tools.surfaces import html

    for name in content.instrument_ids():
        imported, loaded = cold(name)
        row(f"{name}: import", imported)
        row(f"{name}: load in a fresh interpreter", loaded, 0.05)
        instrument = library.load(name)
        case = next(case for case in vectors.cases() if case.instrument.id == name and case.answers)
        answers = record.of(instrument, case.answers)
        row(f"{name}: assess", timed(lambda i=instrument, a=answers: assess(i, a)))
        row(f"{name}: what would change", timed(lambda i=instrument, a=answers: what_would_change(i, a)))
        row(f"{name}: render", timed(lambda i=instrument: html.render(i)))


def every_form() -> None:
    """Measure how long the whole library takes as forms of every kind; PDFs are set with the book."""
    from tools import content
    from tools.instruments import library
    from tools.surfaces import forms

    whole = 0.0
    for kind in forms.KINDS.values():
        if kind.name == "pdf":
            continue
        start = time.perf_counter()
        size = sum(len(kind.blank(library.load(name), False)) for name in content.instrument_ids())
        seconds = time.perf_counter() - start
        row(f"the whole library as {kind.name} ({size / 1e6:.1f} MB)", seconds)
        whole += seconds
    row(f"the whole library ({len(content.instrument_ids())} instruments) as every form", whole, 60)


def directory() -> None:
    """Measure a services directory of 10,000 entries: the workbook, its checks, and everything published but PDFs."""
    import datetime
    from dataclasses import replace

    from tools.surfaces import directory_build, directory_files, directory_template

    as_of = datetime.date(2026, 11, 25)
    example = directory_files.read(ROOT / "data" / "examples" / "directory-example").directory
    services = tuple(
        replace(one, id="", name=f"{one.name} {number}")
        for number in range(10_000 // len(example.services) + 1)
        for one in example.services
    )[:10_000]
    data = directory_template.write(replace(example, services=services))
    start = time.perf_counter()
    opened = directory_files.read_bytes(data, "services.xlsx")
    read = time.perf_counter()
    found = directory_build.findings(opened, as_of)
    checked = time.perf_counter()
    built = directory_build.build(opened, as_of, None)
    done = time.perf_counter()
    assert len(opened.directory.services) == 10_000
    row("services directory, 10,000 entries: read the workbook", read - start)
    row(f"services directory: check ({len(found):,} findings)", checked - read)
    row(f"services directory: build ({len(built.files)} files)", done - checked)
    row("services directory: check and build", done - start, 20)


def build(*extra: str) -> float:
    """Run one build and return how long it took."""
    start = time.perf_counter()
    command = [
        str(Path(sys.executable).parent / "jupyter-book"),
        "build",
        ".",
        "-n",
        "-W",
        "--keep-going",
        "--quiet",
        *extra,
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def book() -> None:
    """Measure the builds: from clean, after an edit of one chapter, the PDF editions."""
    import pypdf

    shutil.rmtree(ROOT / "_build", ignore_errors=True)
    site = build()
    row("website from clean", site, 120)
    chapter = ROOT / "book" / "identification" / "indicators.md"
    text = chapter.read_text(encoding="utf-8")
    try:
        chapter.write_text(text + "\n", encoding="utf-8")
        row("website after an edit of one chapter", build(), 10)
    finally:
        chapter.write_text(text, encoding="utf-8")
    build()
    pdf = build("--builder", "custom", "--custom-builder", "guidepdf")
    files = sorted((ROOT / "_build" / "guidepdf").glob("*.pdf"))
    pages = sum(len(pypdf.PdfReader(file).pages) for file in files)
    row(f"all PDF editions ({len(files)} files, {pages} pages)", pdf, 0.5 * pages)
    row("everything", site + pdf, 480)
    for file in files:
        print(f"{file.name:<58}{file.stat().st_size / 1000:>9.0f} kB")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{'largest process of the builds':<58}{peak:>9.0f} MB  {'ok' if peak <= 1536 else 'OVER'} (budget 1536 MB)")


def main() -> int:
    """Run the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", action="store_true", help="measure the builds too (removes _build first)")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "tests"))
    instruments()
    every_form()
    directory()
    if options.book:
        book()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
