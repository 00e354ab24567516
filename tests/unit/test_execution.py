"""Outputs of cells follow the code and the data they rest on: every folder of the package counts but the Sphinx side."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tools.content import ROOT
from tools.sphinxext import execution

FOLDERS = sorted(
    {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "tools").rglob("*.py")} | {"data", "data/treaties"}
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for folder in FOLDERS:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "one.py").write_text("1", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_change_in_any_folder_but_the_sphinx_side_is_seen(tree: Path, folder: str) -> None:
    before = execution.fingerprint(tree)
    (tree / folder / "one.py").write_text("2", encoding="utf-8")
    assert (execution.fingerprint(tree) == before) is folder.startswith("tools/sphinxext")


def test_a_compiled_file_changes_nothing_and_a_new_pin_does(tree: Path) -> None:
    before = execution.fingerprint(tree)
    (tree / "tools" / "__pycache__").mkdir()
    (tree / "tools" / "__pycache__" / "one.pyc").write_bytes(b"x")
    assert execution.fingerprint(tree) == before
    (tree / "constraints.txt").write_text("a==1", encoding="utf-8")
    assert execution.fingerprint(tree) != before


def test_chapters_with_code_are_read_again_when_the_digest_is_another_one(tmp_path: Path) -> None:
    (tmp_path / "plain.md").write_text("# Plain\n", encoding="utf-8")
    (tmp_path / "code.md").write_text("# Code\n\n```{code-cell} ipython3\n1\n```\n", encoding="utf-8")
    env = SimpleNamespace(
        all_docs={"plain": 0, "code": 0, "gone": 0}, doc2path=lambda name: str(tmp_path / f"{name}.md")
    )

    def asked(digest: str) -> list[str]:
        app = SimpleNamespace(config=SimpleNamespace(nb_execution_cache_path=f"cache/{digest}"))
        return execution._outdated(app, env, set(), set(), set())  # type: ignore[arg-type]

    assert asked("one") == [], "a first build reads everything anyway"
    assert asked("one") == []
    assert asked("two") == ["code"]
    assert asked("two") == []
