"""The composite cases: made up of what many cases share, tagged, with what is not certain and answers with reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tools import content
from tools.errors import Problem, near

#: What a case is tagged by; each with the words it may have, or none where any word is right.
TAGS: Final[Mapping[str, tuple[str, ...]]] = {
    "guide": (
        "identification", "protection", "victim-witnesses", "reintegration", "children", "remedies", "data-collection",
        "prevention", "coordination",
    ),
    "form": ("labour", "sexual", "begging", "criminal", "marriage", "military", "organs"),
    "sector": (),
    "sex": ("woman", "man", "girl", "boy", "mixed"),
    "age": ("adult", "child"),
    "country": ("origin", "transit", "destination", "domestic"),
}  # fmt: skip


def tag_words(tag: str) -> str:
    """Return a tag as it is read.

    >>> tag_words("victim-witnesses")
    'victim witnesses'
    """
    return tag.replace("-", " ")


@dataclass(frozen=True)
class Decision:
    """A question to decide, our answer, and why."""

    ask: str
    answer: str
    because: str


@dataclass(frozen=True)
class Case:
    """One composite case.

    Attributes
    ----------
    id, title : str
    guide, form, sector, sex, age, country : str
        Its tags: words of :data:`TAGS`; ``country`` is the kind of place where it is met.
    facts, uncertain : tuple of str
        What is known, and what nobody has asked yet.
    tool : str
        The instrument to try on it.
    decisions : tuple of Decision
    """

    id: str
    title: str
    guide: str
    form: str
    sector: str
    sex: str
    age: str
    country: str
    facts: tuple[str, ...]
    uncertain: tuple[str, ...]
    tool: str
    decisions: tuple[Decision, ...]

    def texts(self) -> Iterator[str]:
        """Yield every text that people read."""
        yield from (tag_words(getattr(self, tag)) for tag in TAGS)
        yield self.title
        yield from (*self.facts, *self.uncertain)
        for one in self.decisions:
            yield from (one.ask, one.answer, one.because)


def read(text: str) -> tuple[Case, ...]:
    """Return the cases of a file.

    Raises
    ------
    Problem
        ``CMP_001``, with the case and what is wrong.
    """
    import yaml

    made: list[Case] = []
    instruments = content.instrument_ids()
    found = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
    for number, raw in enumerate(found, start=1):
        where = str(raw.get("id", f"number {number}"))
        wrong = _wrong(raw, instruments)
        if not wrong and where in {one.id for one in made}:
            wrong = "another case has this id"
        if wrong:
            raise Problem("CMP_001", case=where, detail=wrong)
        decisions = tuple(Decision(**one) for one in raw["decisions"])
        made.append(
            Case(**{**raw, "facts": tuple(raw["facts"]), "uncertain": tuple(raw["uncertain"]), "decisions": decisions})
        )
    return tuple(made)


def _wrong(raw: Mapping[str, Any], instruments: tuple[str, ...]) -> str:
    names = list(Case.__dataclass_fields__)
    missing = [name for name in names if not raw.get(name)]
    if missing or set(raw) - set(names):
        return f"'{(missing or sorted(set(raw) - set(names)))[0]}' is missing or not known"
    for tag, words in TAGS.items():
        if words and raw[tag] not in words:
            return f"{tag} is '{raw[tag]}'{near(str(raw[tag]), words)}"
    if raw["tool"] not in instruments:
        return f"there is no instrument '{raw['tool']}'{near(raw['tool'], instruments)}"
    if any(set(one) != {"ask", "answer", "because"} for one in raw["decisions"]):
        return "a decision needs 'ask', 'answer' and 'because'"
    return ""


@cache
def load() -> tuple[Case, ...]:
    """Return the cases of the book.

    >>> load()[0].title
    'The debt that grows at sea'
    """
    return read(content.read_text(content.COMPOSITE_CASES))
