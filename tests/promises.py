"""Which test holds which promise: writes ``book/reference/promises.md`` from the marks of the tests.

    python tests/promises.py            write the page
    python tests/promises.py --check    say what is wrong, and change nothing

The promises stand in ``tests/promises.yml``. A test names the ones it holds:
``@pytest.mark.promise("privacy-no-request")``.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "promises.yml"
PAGE = ROOT / "book" / "reference" / "promises.md"
COMMAND = "python tests/promises.py"


@dataclass(frozen=True)
class Promise:
    """What the project promises.

    Attributes
    ----------
    id : str
    area : str
        For example "privacy".
    text : str
        One sentence.
    not_held_yet : str
        Why no test holds it; empty when one does.
    measured_by : str
        A program that measures it, as a path from the top of the project; may be empty.
    """

    id: str
    area: str
    text: str
    not_held_yet: str = ""
    measured_by: str = ""


def read_list(text: str) -> dict[str, Promise]:
    """Return the promises by id, in order.

    Raises
    ------
    ValueError
        If the list is not written as its first lines say.
    """
    found: dict[str, Promise] = {}
    for area, entries in yaml.safe_load(text).items():
        for name, entry in entries.items():
            fields = {"text": entry} if isinstance(entry, str) else entry
            if name in found:
                raise ValueError(f"tests/promises.yml: '{name}' stands twice. Rename one.")
            known = {"text", "not_held_yet", "measured_by"}
            if not isinstance(fields, dict) or not fields.get("text") or set(fields) - known:
                raise ValueError(f"tests/promises.yml: '{name}' is not understood. Write `{name}: words`.")
            found[name] = Promise(name, area, **fields)
    return found


class _Collector:
    """A pytest plugin that notes the marks of the tests it meets."""

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = defaultdict(list)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            test = item.nodeid.split("[")[0]  # one line for all parameters
            for mark in item.iter_markers("promise"):
                for name in mark.args:
                    if test not in self.tests[name]:
                        self.tests[name].append(test)


def collect(folder: str = "tests") -> dict[str, list[str]]:
    """Return the tests that name each promise, as ``file::test``, from a collection in this process."""
    collector = _Collector()
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", folder], plugins=[collector])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise RuntimeError(f"{said.getvalue()}\nThe tests cannot be collected; the lines above say why.")
    return {name: sorted(tests) for name, tests in collector.tests.items()}


def problems(promises: Mapping[str, Promise], tests: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield what is wrong between the list and the marks."""
    for name in sorted(set(tests) - set(promises)):
        yield f"{tests[name][0]} holds '{name}', which tests/promises.yml does not list. Correct the id, or add it."
    for name, promise in promises.items():
        held = bool(tests.get(name))
        if promise.measured_by and not (ROOT / promise.measured_by).is_file():
            yield f"'{name}' is measured by {promise.measured_by}, which does not exist. Correct the path."
        if held and promise.not_held_yet:
            yield f"'{name}' is held by {tests[name][0]}. Remove `not_held_yet` from tests/promises.yml."
        if not held and not promise.not_held_yet and not promise.measured_by:
            yield f"No test holds '{name}'. Mark the test that does, or give `not_held_yet` and the reason."


def _entry(promise: Promise, tests: list[str]) -> list[str]:
    held = [f"`{test.removeprefix('tests/')}`" for test in tests]
    if promise.measured_by:
        held.append(f"Measured by `{promise.measured_by}`.")
    if promise.not_held_yet:
        held.append(f"**Not held yet.** {promise.not_held_yet}")
    # A list of definitions and no table: names of tests are long, and a phone is narrow.
    return [promise.text, *(f": {words}" for words in held), ""]


def page(promises: Mapping[str, Promise], tests: Mapping[str, list[str]]) -> str:
    """Return the page of the book, as Markdown."""
    lines = [
        "---",
        "title: Promises, and the tests that hold them",
        "---",
        f"% Written by `{COMMAND}` from tests/promises.yml and from the marks of the tests. Do not edit.",
        "",
        "# Promises, and the tests that hold them",
        "",
        "This is what the book and its tools promise you.",
        "Under each promise stand the tests that fail when it is broken.",
        "All of them run before a change is accepted.",
        "The paths are those of the folder `tests`.",
        "",
    ]
    open_count = sum(bool(promise.not_held_yet) for promise in promises.values())
    if open_count:
        lines += [f"Promises that no test holds yet: {open_count}.", "Each says why.", ""]
    for area in dict.fromkeys(promise.area for promise in promises.values()):
        lines += [f"## {area[0].upper()}{area[1:]}", ""]
        for name, promise in promises.items():
            if promise.area == area:
                lines += _entry(promise, tests.get(name, []))
    return "\n".join(lines).rstrip() + "\n"


def check(promises: Mapping[str, Promise], tests: Mapping[str, list[str]], committed: str) -> list[str]:
    """Return everything that is wrong: with the marks, and with the committed page."""
    found = list(problems(promises, tests))
    if committed != page(promises, tests):
        found.append(f"book/reference/promises.md is out of date. Run `{COMMAND}` and commit the page.")
    return found


def run_check() -> list[str]:
    """Return what ``--check`` says, from a process of its own (a collection inside a running pytest would mix)."""
    run = subprocess.run([sys.executable, __file__, "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [] if run.returncode == 0 else [line for line in (run.stdout + run.stderr).splitlines() if line]


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or check it; return the exit code."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Write the table of promises.")
    parser.add_argument("--check", action="store_true", help="say what is wrong, and change nothing")
    options = parser.parse_args(arguments)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))  # the tests import `tools`
    try:
        promises, tests = read_list(LIST.read_text(encoding="utf-8")), collect()
    except (ValueError, RuntimeError) as error:
        print(error)
        return 2
    if options.check:
        found = check(promises, tests, PAGE.read_text(encoding="utf-8") if PAGE.is_file() else "")
    else:
        found = list(problems(promises, tests))
        PAGE.write_text(page(promises, tests), encoding="utf-8")
        held = sum(name in tests for name in promises)
        print(f"{PAGE.relative_to(ROOT)}: {len(promises)} promises, {held} held by tests")
    print(*found, sep="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
