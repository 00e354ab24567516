"""Spelling, by codespell; its settings stand in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.content import ROOT

CHECKED = ("book", "data", "tools", "tests", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", "Makefile")


def misspelt(*paths: str | Path) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-m", "codespell_lib", "--toml", ROOT / "pyproject.toml", *paths],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode not in (0, 65) or run.stderr.strip():
        pytest.fail(f"codespell did not run: {run.stderr}\nRun `make setup` to install it.")
    return run.stdout.splitlines()


def test_the_project_is_spelt_right() -> None:
    found = misspelt(*(name for name in CHECKED if (ROOT / name).exists()))
    if found:
        todo = "Correct the word, or add it to [tool.codespell] in pyproject.toml."
        pytest.fail("\n".join([*found, todo]), pytrace=False)


def test_a_misspelt_word_is_found(tmp_path: Path) -> None:
    wrong = "rec" + "ieve"  # written so that this file passes
    (tmp_path / "bad.md").write_text(f"We {wrong} people.\n", encoding="utf-8")
    (found,) = misspelt(tmp_path / "bad.md")
    assert found.endswith(f"{wrong} ==> receive")


def test_a_text_spelt_right_passes(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("We receive people.\n", encoding="utf-8")
    assert misspelt(tmp_path / "good.md") == []
