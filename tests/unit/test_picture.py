"""A picture of answers: what a definition may say of it, and what the page gets."""

from __future__ import annotations

import pytest
from cases import vectors

from tools.errors import Problem
from tools.instruments import library, translation
from tools.surfaces import html

TEXT = (vectors.HERE / "instruments" / "everything.yml").read_text(encoding="utf-8")
BARS = 'picture: {kind: bars, title: "How far", values: [place], levels: {no: 0, yes: 2}, top: 2}\n'


def with_picture(picture: str) -> library.Instrument:
    return library.read(f"{TEXT}\n{picture}", "everything.yml")


def test_a_picture_reaches_the_page_and_its_title_the_translators() -> None:
    instrument = with_picture(BARS)
    assert html.page_data(instrument)["picture"]["values"] == ["place"]
    assert "How far" in set(translation.messages(instrument))
    said = translation.translated(instrument, lambda text: text.upper())
    assert said.picture is not None
    assert said.picture.title == "HOW FAR"
    assert "picture" not in html.page_data(vectors.fixture("everything.yml"))


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (BARS.replace("bars", "cake"), "kind"),
        (BARS.replace("[place]", "[nowhere]"), "'nowhere' is not known there"),
        (BARS.replace("[place]", "[]"), "too few"),
        (BARS.replace("bars", "wheel"), "three for a wheel"),
        (BARS.replace("top: 2", "top: 1"), "ends too early"),
        (BARS.replace("no: 0, yes: 2", "maybe: 1"), "no answer of 'place' has a level"),
        (BARS.replace("yes: 2", "yes: two"), "levels"),
        ('picture: {kind: grid, title: "x", values: [on_time], rows: nothing, name: worked}\n', "the id of a repeat"),
        ('picture: {kind: grid, title: "x", values: [on_time], rows: periods, name: place}\n', "names a row"),
        (
            'picture: {kind: grid, title: "x", values: [place], rows: periods, name: worked}\n',
            "'place' is not known there",
        ),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_refused_with_its_line(wrong: str, says: str) -> None:
    with pytest.raises(Problem) as caught:
        with_picture(wrong)
    assert says in str(caught.value)
    assert "everything.yml, line" in str(caught.value)
