"""The book's own Sphinx extension. ``setup`` only delegates: one module per concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools import __version__
from tools.sphinxext import (
    bibliography,
    case_library,
    chapter,
    chart,
    country,
    crosswalk,
    editions,
    execution,
    filters,
    forms_index,
    instrument,
    loss_sums,
    matrix,
    pages,
    prevention,
    publications,
    search,
    statistics_shelf,
    storyboard,
    tools_catalogue,
    training,
    treaties,
    words,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, object]:
    """Register directives, page hooks, the execution cache and the PDF builder."""
    for part in (
        words,
        execution,
        bibliography,
        filters,
        instrument,
        forms_index,
        case_library,
        tools_catalogue,
        prevention,
        matrix,
        loss_sums,
        publications,
        statistics_shelf,
        country,
        crosswalk,
        storyboard,
        training,
        treaties,
        chart,
        chapter,
        search,
        pages,
        editions,
    ):
        part.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
