"""The chapters with code open as notebooks in JupyterLab, and their code is as short as it should be."""

from __future__ import annotations

import jupytext
import pytest

from tools import content

NOTEBOOKS = [p for p in sorted(content.BOOK.rglob("*.md")) if "file_format: mystnb" in p.read_text("utf-8")[:400]]


def test_there_are_notebooks() -> None:
    assert content.BOOK / "identification" / "indicators.md" in NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_chapter_with_code_opens_as_a_notebook(path) -> None:
    cells = [cell for cell in jupytext.read(path).cells if cell.cell_type == "code"]
    assert cells
    for cell in cells:
        lines = [line for line in cell.source.splitlines() if line.strip() and not line.startswith("#")]
        assert len(lines) <= 3, "one import, one call, one display; longer code is a tested function in tools/"
