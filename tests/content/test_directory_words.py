"""The words of a services directory are for people who were trafficked: short words, short sentences."""

from __future__ import annotations

import re

from checks import reading_grade

from tools.services.codes import codes
from tools.surfaces.directory_words import QUESTIONS, RIGHTS, WHAT, WORDS


def test_the_words_for_people_read_at_grade_six_or_lower():
    texts = [*WHAT, *RIGHTS, *(part for pair in QUESTIONS for part in pair)]
    sentences = [one for text in texts for one in re.split(r"(?<=[.?]) ", text.removeprefix("- "))]
    assert reading_grade(sentences) <= 6
    assert max(len(one.split()) for one in sentences) <= 20
    plain = [one.plain for name in ("types", "terms", "cost", "settings") for one in codes(name).values()]
    said = [one for one in (*WORDS.values(), *plain) if len(one.split()) > 3]
    assert reading_grade(said) <= 6
    everything = " ".join([*texts, *WORDS.values()]).lower()
    assert not re.search(r"\b(rescue\w*|prostitut\w*|illegal|slave\w*|victims?)\b", everything)
