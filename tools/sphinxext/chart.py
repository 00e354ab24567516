"""Brings the drawing library to the site when a page has a chart: from our own files, never from another site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

VEGA = "ct-vega.js"


def _write_library(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    # The page hooks copy chart.js for the pages that hold a chart; the library follows it, and leaves with it.
    if (static / "chart.js").is_file():
        from tools.charts import write_vega_bundle

        write_vega_bundle(static / VEGA)
    else:
        (static / VEGA).unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Write the library after the pages."""
    app.connect("build-finished", _write_library, priority=950)  # once the page hooks have copied chart.js
