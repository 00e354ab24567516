"""Chapters read by the parts of their skeleton."""

from __future__ import annotations

import pytest

from tools import chapters, content
from tools.errors import Problem

TEXT = """---
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

## Watch out

**A form read aloud**
: Talk first.
  Then show it.

## Practise

:::{div} case
She looks at the door.
:::

What now?

```{dropdown} A worked answer
Stop {cite}`un2000protocol`.
```
"""


def test_each_part_is_found_without_markup_and_citations() -> None:
    one = chapters.read("book/a/ask", TEXT)
    assert one.title == "Ask first"
    assert one.points == ("Ask for consent.", "Wait. Then ask again.")
    assert one.steps == ("Ask the person.",)
    assert one.mistakes == (("A form read aloud", "Talk first. Then show it."),)
    assert (one.case, one.question, one.answer) == ("She looks at the door.", "What now?", "Stop.")
    assert one.forms == ("protection/consent-record",)


def test_a_page_without_key_points_is_not_taught() -> None:
    assert not chapters.read("book/a/list", "# A list\n\nWords.\n").is_taught
    assert chapters.read("book/a/ask", TEXT).is_taught


def test_every_guide_has_chapters_with_points_and_a_mistake() -> None:
    assert len(chapters.guides()) >= 9
    for guide in chapters.guides():
        taught = [one for one in chapters.of_guide(guide) if one.is_taught]
        assert taught, guide
        for one in taught:
            assert one.title, one.name
            assert 2 <= len(one.points) <= 8, one.name
            assert not any(mark in line for line in one.points for mark in ("{", "](", "**", "`")), one.name
        assert any(one.mistakes for one in taught), guide


def test_every_form_on_a_chapter_is_an_instrument() -> None:
    known = set(content.instrument_ids())
    forms = [form for guide in chapters.guides() for one in chapters.of_guide(guide) for form in one.forms]
    assert len(set(forms)) > 100
    assert set(forms) <= known


def test_an_unknown_guide_is_refused_with_those_there_are() -> None:
    with pytest.raises(Problem, match="identification") as caught:
        chapters.of_guide("identificatoin")
    assert caught.value.code == "SLI_001"
