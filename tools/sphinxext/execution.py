"""Executing chapters: kernels find ``tools``, and cached outputs follow code and data.

jupyter-cache keys an output on the source of its cells only. A chapter that calls ``tools`` would
keep its old output after the package or the data changed, so the cache folder itself is named by a
digest of everything that can change a result.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tools.content import ROOT
from tools.surfaces.widget import STATIC_ENVIRONMENT

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

# What can change the output of a cell: all of the package but its Sphinx side, the data, and the pinned libraries.
_FOLDERS = ("tools", "data")
_FILES = ("requirements.txt", "constraints.txt")
_NOT = ("tools/sphinxext/",)
_PARTS = {"__pycache__"}


_WHOLE = "whole"


def fingerprint(root: Path = ROOT) -> str:
    """Return a short digest of the code and data that executed cells depend on."""
    digest = hashlib.sha256()
    found = [path for folder in _FOLDERS for path in (root / folder).rglob("*") if not _PARTS & set(path.parts)]
    for path in sorted([*found, *(root / name for name in _FILES)]):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not name.startswith(_NOT):
            digest.update(name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _use_own_profile(app: Sphinx) -> None:
    """Give kernels a profile of the build's own: the reader's startup files must not shape the book.

    Errors only: at each start ipykernel warns that kernels talk over ports of this machine, which is how nbclient works.
    """
    home = Path(app.outdir).parent / ".ipython"
    profile = home / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text("c.IPKernelApp.log_level = 40\n", encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(home)


def _use_keyed_cache(app: Sphinx, config: Config) -> None:
    _use_own_profile(app)
    folder = Path(app.outdir).parent / ".jupyter_cache" / fingerprint()
    # A build that broke off leaves records of notebooks that were never written, and the next one would stumble.
    if folder.is_dir() and not (folder / _WHOLE).is_file():
        shutil.rmtree(folder)
    config.nb_execution_cache_path = str(folder)


def _mark_whole(app: Sphinx, error: Exception | None) -> None:
    folder = Path(app.config.nb_execution_cache_path)
    if error is None and folder.is_dir():
        (folder / _WHOLE).touch()
    elif error is not None:
        (folder / _WHOLE).unlink(missing_ok=True)


def _outdated(
    app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Read the chapters with code again when code or data changed: their outputs stand in trees of an older build."""
    now = Path(app.config.nb_execution_cache_path).name
    before, env.ct_fingerprint = getattr(env, "ct_fingerprint", now), now  # type: ignore[attr-defined]
    if before == now:
        return []
    files = {name: Path(env.doc2path(name)) for name in env.all_docs}
    return [
        name for name, path in files.items() if path.is_file() and "{code-cell}" in path.read_text(encoding="utf-8")
    ]


def setup(app: Sphinx) -> None:
    """Let kernels import ``tools`` and key the execution cache."""
    paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    os.environ[STATIC_ENVIRONMENT] = "1"
    app.connect("config-inited", _use_keyed_cache)
    app.connect("env-get-outdated", _outdated)
    app.connect("build-finished", _mark_whole)
