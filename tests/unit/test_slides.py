"""Slides with notes: what stands on them, what stands below, and that a program for slides opens them."""

from __future__ import annotations

import pytest

from tools import chapters
from tools.__main__ import main
from tools.errors import Problem
from tools.surfaces import slides

CHAPTER = """---
title: Ask
---
# Ask first

## At a glance

- Ask for {term}`consent <Consent>` {cite}`un2000protocol`.
- **Wait.** Then ask
  again.

## What to do

1. **Ask** the person.
   - a detail

```{instrument} protection/consent-record
```

2. Write it down.

## Watch out

**A form read aloud**
: Talk first.
  Then show it.

**Silence taken as yes**
: Ask once more.

## Practise

:::{div} case
This case is composite.

She looks at the door.
:::

What now?

```{dropdown} A worked answer
Stop.
```
"""


def test_key_points_mistakes_and_case_are_slides_and_the_rest_is_notes() -> None:
    points, mistakes, case = slides.of_chapter(chapters.read("book/a/ask", CHAPTER))
    assert points.title == "Ask first"
    assert points.lines == ("Ask for consent.", "Wait. Then ask again.")
    assert points.notes == ("What to do:", "1. Ask the person.", "2. Write it down.")
    assert mistakes.lines == ("A form read aloud", "Silence taken as yes")
    assert mistakes.notes == ("A form read aloud: Talk first. Then show it.", "Silence taken as yes: Ask once more.")
    assert case.lines == ("This case is composite. She looks at the door.", "What now?")
    assert case.notes == ("A worked answer:", "Stop.")


@pytest.mark.parametrize("guide", chapters.guides())
def test_every_guide_has_slides_that_open_and_keep_to_their_room(guide, tmp_path) -> None:
    from pptx import Presentation

    path = tmp_path / f"{guide}.pptx"
    count = slides.write(guide, path)
    show = Presentation(str(path))
    assert len(show.slides) == count > 6
    with_notes = 0
    for page in show.slides:
        assert page.shapes.title.text_frame.text.strip()
        text = page.shapes[-1].text_frame.text
        assert text.strip()
        assert "{" not in text
        assert "`" not in text
        assert len(text) < 1300, text[:80]
        with_notes += bool(page.notes_slide.notes_text_frame.text)
    assert with_notes >= count // 2


def test_the_first_page_of_a_guide_is_its_title() -> None:
    made = slides.of_guide("identification")
    assert made[0].lines == (slides.LICENCE,)
    assert all(slide.lines for slide in made)


@pytest.mark.promise("input-messages")
def test_an_unknown_guide_is_named_with_those_there_are(tmp_path, capsys) -> None:
    with pytest.raises(Problem, match="identification"):
        slides.of_guide("reference")
    assert main(["slides", "nothing", "--out", str(tmp_path)]) == 1
    assert "SLI_001" in "".join(capsys.readouterr())
    assert list(tmp_path.iterdir()) == []
