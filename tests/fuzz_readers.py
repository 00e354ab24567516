"""Throw damaged files at the readers of case data: ``python tests/fuzz_readers.py --n 20000``.

Every input must give a frame or a plain message; anything else is a fault. The seed is printed, and an input that
fails is kept, so that it can be tried again. A small sample of the same inputs runs in the test suite.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.casedata import check, made_up, schema  # noqa: E402
from tools.errors import Problem  # noqa: E402
from tools.surfaces import data_reader, data_report  # noqa: E402

WHICH = schema.load("victim-centred")
NASTY = (
    b"\0", b'"', b'""', b"'", b"\n", b"\r", b"\r\n", b",", b";", b"\t", b"|", b"=1+1", b"@SUM(A1)", b"+cmd|' /C calc'!A0",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"\xc3\xa9", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x1a", b"\x85", b"\xe2\x80\xa8",
    b"31/12/2024", b"12/31/2024", b"2024-13-45", b"9" * 400, b"-", b"1e999", b"nan", b"inf", b"NA", b"NULL",
    b"x" * 40_000, b"," * 300, b"\n" * 50, "\u202e\u2066\u200b".encode(), b"call +44 7700 900123", b"a@b.org",
)  # fmt: skip


def seeds() -> list[bytes]:
    """Return files that are good: CSV of several kinds, and a workbook."""
    rows = made_up.rows(WHICH, 12, seed=4)
    heads = made_up.columns(WHICH, rows)
    lines = [heads, *[tuple(row[head] for head in heads) for row in rows]]
    comma = data_report.csv_bytes(lines)
    plain = comma.removeprefix(b"\xef\xbb\xbf")
    text = plain.decode()
    book = data_report.sheets_xlsx({"Data": lines})
    return [comma, plain, plain.replace(b",", b"\t"), text.encode("utf-16"), text.replace("\n", "\r\n").encode(), book]


def mutate(data: bytes, dice: random.Random, others: list[bytes]) -> bytes:
    """Return a damaged copy of a file."""
    if data.startswith(b"PK") and dice.random() < 0.7:
        return _inside(data, dice)
    made = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at = dice.randrange(len(made) + 1)
        what = dice.randrange(8)
        if what == 0:
            made[at:at] = dice.choice(NASTY)
        elif what == 1:
            del made[at : at + dice.choice((1, 3, 50, 2_000))]
        elif what == 2 and at < len(made):
            made[at] = dice.randrange(256)
        elif what == 3:
            made[at:at] = made[dice.randrange(len(made) + 1) :][: dice.choice((1, 20, 400))]
        elif what == 4:
            made[at : at + 10] = dice.choice(NASTY)
        elif what == 5:
            other = dice.choice(others)
            made[at:] = other[dice.randrange(len(other)) :]
        elif what == 6:
            made[at:at] = bytes(dice.randrange(256) for _ in range(dice.randrange(1, 40)))
        else:
            made[:0] = dice.choice(NASTY)
    return bytes(made)


def _inside(data: bytes, dice: random.Random) -> bytes:
    """Return a workbook with one of its parts damaged, zipped again."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        hit = dice.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            if name == hit:
                at = dice.randrange(len(part) + 1)
                part = dice.choice(
                    (part[:at], part[:at] + dice.choice(NASTY) + part[at:], b"", part[:at] + part[at + 9 :], part * 3)
                )
            new.writestr(name, part)
    return stream.getvalue()


def one(data: bytes, path: Path, *, whole: bool) -> str:
    """Read one input; return what came of it: ``read``, ``checked`` or the code of the message."""
    path.write_bytes(data)
    try:
        opened = data_reader.read(path)
        if whole:
            report = check.frame(opened.frame, WHICH, name=path.name, before=opened.findings, notes=opened.notes)
            data_report.text(report)
            data_report.html(report)
    except Problem as problem:
        said = str(problem)
        if "Traceback" in said or len(said) > 2_000:
            raise AssertionError(f"no plain message: {said[:300]}") from None
        return problem.code
    finally:
        if path.read_bytes() != data:
            raise AssertionError("the input was changed")
    return "checked" if whole else "read"


def run(number: int, seed: int, folder: Path, *, every: int = 50) -> dict[str, int]:
    """Try inputs; return how often each thing came of them. Raises on the first fault, and keeps its input."""
    dice = random.Random(seed)  # noqa: S311
    good = seeds()
    counts: dict[str, int] = {}
    for at in range(number):
        source = dice.choice(good)
        data = mutate(source, dice, good)
        path = folder / ("input.xlsx" if source.startswith(b"PK") else "input.csv")
        try:
            said = one(data, path, whole=at % every == 0)
        except Exception:
            kept = folder / f"fault-{seed}-{at}{path.suffix}"
            kept.write_bytes(data)
            print(f"input {at} of seed {seed} failed; kept as {kept}", file=sys.stderr)
            raise
        counts[said] = counts.get(said, 0) + 1
    return counts


def main() -> int:
    """Run, and print what came of the inputs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=9)
    options = parser.parse_args()
    start = time.perf_counter()
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    counts = run(options.n, options.seed, folder)
    for path in folder.glob("input.*"):
        path.unlink()
    folder.rmdir()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(
        f"{options.n:,} inputs, seed {options.seed}: no fault; {time.perf_counter() - start:.0f} s, peak {peak:.0f} MB"
    )
    for said, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        print(f"  {said:8} {count:,}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
