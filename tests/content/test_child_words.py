"""The words to say to children are easy: reading grade 6 or below, in every age band and on every page."""

from __future__ import annotations

import checks
import pytest
from checks import reading_grade
from data_checks import sentences
from reading import read_page

from tools import content
from tools.instruments import library

CEILING = 6.0
BANDS = ("words_little", "words_middle", "words_older")
PAGES = sorted((content.BOOK / "children").glob("*.md"))


def too_hard(text: str) -> bool:
    """Return whether words for a child read above the ceiling."""
    return reading_grade(sentences(" ".join(text.split()))) > CEILING


def band(name: str) -> list[str]:
    """Return the words of an age band of the form."""
    (section,) = [one for one in library.load("children/assent-words").sections if one.id == name]
    return [item.label for item in section.items]


def test_hard_words_for_a_child_are_found() -> None:
    assert too_hard("We require your authorisation regarding confidential documentation and its subsequent use.")
    assert not too_hard("You can stop. I will not be cross. You did nothing wrong.")


@pytest.mark.promise("language-plain")
@pytest.mark.parametrize("name", BANDS)
def test_the_words_of_each_age_band_are_easy(name: str) -> None:
    said = band(name)
    assert len(said) >= 3
    assert [words for words in said if too_hard(words)] == []


def test_the_younger_the_child_the_easier_the_words() -> None:
    grades = [reading_grade(one for words in band(name) for one in sentences(words)) for name in BANDS]
    assert grades == sorted(grades), grades


def said_to_children(page: str) -> list[str]:
    """Return each block of words to say on a page."""
    blocks = [block for block in read_page("book/children/page.md", page).prose if "say" in block.classes]
    return [block.text for block in blocks]


def test_a_hard_block_of_a_chapter_is_found() -> None:
    page = "---\ntitle: x\n---\n# x\n\n{.say}\n> We facilitate interdisciplinary accommodation assessments.\n"
    assert [too_hard(words) for words in said_to_children(page)] == [True]
    page = page.replace("We facilitate interdisciplinary accommodation assessments.", "You are safe here.")
    assert [too_hard(words) for words in said_to_children(page)] == [False]


@pytest.mark.promise("language-plain")
def test_the_words_of_the_chapters_are_easy() -> None:
    said = {page.name: said_to_children(page.read_text("utf-8")) for page in PAGES}
    assert sum(map(len, said.values())) >= 3
    hard = {name: words for name, blocks in said.items() for words in blocks if too_hard(words)}
    assert hard == {}
    assert checks.SAY_GRADE_CEILING == CEILING
