"""Tiny sites: build a few files with the book's own extensions and theme, and look at what comes out."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tools.content import ROOT

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class TinySite:
    """A built tiny site.

    Attributes
    ----------
    app : Sphinx
        The application after the build.
    source, out : Path
        Where its sources and its built files are.
    warnings : str
        Everything Sphinx warned about, without colours; empty when all is well.
    """

    def __init__(self, app: Sphinx, warnings: str) -> None:
        self.app = app
        self.source = Path(app.srcdir)
        self.out = Path(app.outdir)
        self.warnings = _COLOURS.sub("", warnings)

    def html(self, name: str) -> str:
        """Return a built page, named without its suffix."""
        return (self.out / f"{name}.html").read_text(encoding="utf-8")

    def doctree(self, name: str) -> nodes.document:
        """Return the document tree of a page as it was read."""
        return self.app.env.get_doctree(name)

    def resolved(self, name: str) -> nodes.document:
        """Return the document tree of a page as it was written: references resolved."""
        return self.app.env.get_and_resolve_doctree(name, self.app.builder)


def book_config() -> dict[str, Any]:
    """Return the configuration Jupyter Book makes from the book's own ``_config.yml``."""
    from jupyter_book.config import get_final_config

    config, _ = get_final_config(
        user_yaml=ROOT / "_config.yml", cli_config={"latex_individualpages": False}, raise_on_invalid=True
    )
    for key in ("templates_path", "html_static_path"):
        config[key] = [str(ROOT / entry) for entry in config[key] if (ROOT / entry).is_dir()]
    config["locale_dirs"] = [str(ROOT / entry) for entry in config["locale_dirs"]]
    return dict(config)


def _contents(names: list[str]) -> str:
    pages = [name.rsplit(".", 1)[0] for name in names if name.endswith((".md", ".ipynb", ".rst"))]
    root = next((name for name in pages if name in ("index", "book/index")), pages[0])
    chapters = [{"file": name} for name in pages if name != root]
    return yaml.safe_dump({"format": "jb-book", "root": root} | ({"chapters": chapters} if chapters else {}))


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[Callable[..., TinySite]]:
    """Build a tiny site: ``make_site({"index.md": "# Title"}, language="es")``.

    The files may hold a ``_toc.yml``; without one the pages follow in the order given, after ``index``.
    A second call in the same test builds again on top of the first: give only the files that changed.
    Keyword arguments are Sphinx settings; ``builder`` and ``fresh`` are passed on.
    """
    source = tmp_path / "site"

    def build(
        files: Mapping[str, str | bytes], *, builder: str = "html", fresh: bool = False, **settings: Any
    ) -> TinySite:
        for name, text in files.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if not (source / "_toc.yml").exists():
            (source / "_toc.yml").write_text(_contents(list(files)), encoding="utf-8")
        config = book_config()
        # The book's bibliography is not this site's, and a missing one is a warning.
        config["bibtex_bibfiles"] = sorted(path.relative_to(source).as_posix() for path in source.rglob("*.bib"))
        config["external_toc_path"] = "_toc.yml"
        config["exclude_patterns"] = ["_build"]
        config.update(settings)
        warnings = io.StringIO()
        out = tmp_path / "_build" / builder
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                srcdir=source,
                confdir=None,
                outdir=out,
                doctreedir=tmp_path / "_build" / ".doctrees",
                buildername=builder,
                confoverrides=config,
                status=None,
                warning=warnings,
                freshenv=fresh,
            )
            app.build()
        return TinySite(app, warnings.getvalue())

    return build
