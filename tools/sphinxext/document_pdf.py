"""PDF of what is made from data and not from pages: directories, workshops. Same fonts and finish as the editions."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tools.sphinxext import typeset


def pdfs(documents: Mapping[str, tuple[str, str]]) -> dict[str, bytes]:
    """Set documents as PDF: tagged, with their title and language, fonts inside.

    Parameters
    ----------
    documents : mapping
        Name to HTML and style sheet.

    Returns
    -------
    dict
        Name to the bytes of its PDF; the same documents give the same bytes.

    Raises
    ------
    Problem
        ``BLD_001`` or ``BLD_003`` when a library or a font is missing.
    """
    typeset.check_libraries()
    fonts = typeset.font_faces()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "no-fonts.conf").write_text(typeset.NO_FONTS, encoding="utf-8")
        jobs = []
        for key, (text, style) in documents.items():
            source = folder / f"{key}.html"
            source.write_text(text, encoding="utf-8")
            jobs.append(typeset.Job(key, source, folder / f"{key}.pdf", (fonts, style), folder))
        # A process of its own sees no font of the machine; a fresh one, since threads may run here.
        with ProcessPoolExecutor(min(2, len(jobs)), mp_context=multiprocessing.get_context("spawn")) as pool:
            list(pool.map(typeset.typeset, jobs))
        return {job.name: job.pdf.read_bytes() for job in jobs}
