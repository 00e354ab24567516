"""Every form of the book, as it is downloaded, reads back into the record it was filled from."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from cases import papers, vectors

from tools.content import ROOT
from tools.errors import Problem
from tools.instruments import library, record
from tools.surfaces import paper

pytestmark = [pytest.mark.book, pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*not supported by font")]

EDITIONS = Path(os.environ.get("BOOK_BUILD", ROOT / "_build")) / "guidepdf"


def edition(name: str) -> bytes:
    path = EDITIONS / f"{name}.pdf"
    if not path.is_file():
        pytest.fail("The PDF editions were not found. Run `make book` first.")
    return path.read_bytes()


@pytest.mark.promise("pdf-fillable", "input-nothing-lost")
@pytest.mark.parametrize("instrument", library.load_all(), ids=lambda i: i.id)
def test_a_downloaded_form_reads_back(instrument) -> None:
    data = edition(instrument.slug)
    fields, (form,) = paper.open_fields(data)
    assert fields == ()
    assert (form.id, form.version) == (instrument.id, instrument.version)
    assert set(paper.field_names(instrument)) == form.names - {"-write"}
    chance = random.Random(3)  # noqa: S311 - test data
    for _ in range(2):
        answers = papers.holds(instrument, vectors.random_answers(instrument, chance))
        filled = papers.fill(data, papers.written(instrument, answers, form.prefix))
        assert paper.read(filled) == (instrument, record.of(instrument, answers), ())


def test_a_guide_says_which_forms_are_in_it_and_the_complete_edition_that_it_has_none() -> None:
    guide = edition("identification")
    _, forms = paper.open_fields(guide)
    wanted = {i.id for i in library.load_all() if i.guide == "identification"}
    assert {form.id for form in forms} <= wanted
    assert len(forms) > 1
    with pytest.raises(Problem, match="FIL_013"):
        paper.read(guide)
    # The complete edition has no fields; by now it is also larger than a form may be, which is seen first.
    with pytest.raises(Problem, match=r"FIL_011|FIL_008"):
        paper.read(edition("complete"))
