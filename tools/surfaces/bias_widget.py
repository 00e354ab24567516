"""The bias simulator with sliders, for a notebook: who is missing when only assisted people are counted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tools.casedata import bias
from tools.charts import data_collection


def show(people: int = 10_000, seed: int = 1) -> Any:
    """Return a widget: for each group, a slider for being noticed and one for taking help, and the chart.

    Parameters
    ----------
    people : int
        How many made-up people.
    seed : int
        The same seed draws the same people.

    Returns
    -------
    ipywidgets.VBox
        Its last child is the picture; ``picture`` holds what is drawn.
    """
    import ipywidgets as widgets

    wide = widgets.Layout(width="min(32em, 100%)")
    style = {"description_width": "16em"}

    def slider(words: str, value: float, top: float = 1.0) -> Any:
        return widgets.FloatSlider(
            value=value, min=0, max=top, step=0.05, description=words, layout=wide, style=style, continuous_update=False
        )

    rows = [
        (slider(f"{group.name}: noticed", group.noticed), slider("takes help", group.accepts)) for group in bias.EXAMPLE
    ]
    pull = slider("An injury is noticed more", 0.0, 3.0)
    drawn, words = widgets.HTML(), widgets.Label()

    def draw(_: object = None) -> None:
        groups = [
            replace(group, noticed=noticed.value, accepts=accepts.value)
            for group, (noticed, accepts) in zip(bias.EXAMPLE, rows, strict=True)
        ]
        picture = bias.simulate(groups, people, seed, pull.value)
        drawn.value = data_collection.of_picture(picture).svg()
        words.value = (
            f"{picture.assisted:,} of {picture.people:,} in the books. Injured: {picture.injured:.0%} in truth, "
            f"{picture.injured_assisted:.0%} in the books, {picture.injured_weighted:.0%} after weighting."
        )

    for one in (*(each for row in rows for each in row), pull):
        one.observe(draw, names="value")
    draw()
    return widgets.VBox([*(each for row in rows for each in row), pull, words, drawn])
