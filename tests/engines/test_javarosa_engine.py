"""The XForm gives what Python gives, in JavaRosa, the engine that KoboCollect and ODK Collect stand on.

JavaRosa comes with ODK Validate, which pyxform ships; a short Java program drives it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import form_comparison
import pytest
from cases import vectors
from pyxform.validators import odk_validate

from tools.instruments import record
from tools.instruments.model import Instrument
from tools.surfaces import xlsform

HERE = Path(__file__).parent
SETS = 4 if vectors.FULL else 1
INSTRUMENTS = vectors.instruments()


def lines(instrument: Instrument, raw: dict[str, Any]) -> Iterator[str]:
    """Yield one set of answers as the Java program reads it. No rows: the number of rows stays blank."""
    filled = form_comparison.filled(instrument, record.of(instrument, raw))
    cells = [(name, 0, value) for name, value in filled["answers"].items()]
    for count, rows in filled["rows"].values():
        cells += [(count, 0, str(len(rows)))] if rows else []
        cells += [(name, number, value) for number, row in enumerate(rows) for name, value in row.items()]
    yield "S"
    for name, number, value in cells:
        yield f"{name}\t{number}\t{' '.join(value) if isinstance(value, list) else value}"
    yield "E"


def blank(instrument: Instrument) -> dict[str, Any]:
    return {"values": {}, "relevant": [], "refused": [], "rows": {name: [] for name in instrument.repeats}}


def read(instrument: Instrument, text: str) -> list[dict[str, Any]]:
    """Return what the engine found for each set, as the web engine's page gives it."""
    found, now = [], blank(instrument)
    for line in text.splitlines():
        if line == "E":
            found.append(now)
            now = blank(instrument)
        elif line.startswith("R\t"):
            now["refused"].append(line)
        else:
            path, applies, value = line.split("\t")
            row = re.search(r"/(\w+)\[(\d+)\]", path)
            part = now
            if row:
                rows = now["rows"][row[1]]
                if int(row[2]) == len(rows):
                    rows.append({"values": {}, "relevant": [], "refused": []})
                part = rows[int(row[2])] if not path.endswith("]") else now
            name = re.sub(r"\[\d+\]$", "", path).rpartition("/")[2]
            part["values"][name] = value
            if applies == "yes":
                part["relevant"].append(name)
    return found


@pytest.fixture(scope="module")
def engine(tmp_path_factory) -> Path:
    """The folder in which every form was filled, in one run."""
    if not shutil.which("javac"):
        pytest.fail("A Java development kit is missing. Run `make setup`, or install default-jdk-headless.")
    folder = tmp_path_factory.mktemp("forms")
    for instrument in INSTRUMENTS:
        sets = form_comparison.answer_sets(instrument, SETS)
        (folder / f"{instrument.slug}.xml").write_text(xlsform.xform(instrument), encoding="utf-8")
        answers = "\n".join(line for raw in sets for line in lines(instrument, raw)) + "\n"
        (folder / f"{instrument.slug}.in").write_text(answers, encoding="utf-8")
    jar = Path(odk_validate.__file__).parent / "bin" / "ODK_Validate.jar"
    command = ["java", "-cp", str(jar), str(HERE / "java" / "RunForms.java"), str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    return folder


@pytest.mark.promise("same-result")
@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda i: i.id)
def test_the_xform_agrees_with_python_in_kobocollects_engine(engine: Path, instrument: Instrument) -> None:
    found = read(instrument, (engine / f"{instrument.slug}.out").read_text(encoding="utf-8"))
    form_comparison.compare(instrument, form_comparison.answer_sets(instrument, SETS), found)
