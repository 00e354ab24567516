"""The note guard: hints while someone types, on a corpus of made-up notes and in the page."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml
from cases import vectors
from cases.in_page import DESK, LOOKS, PHONE, RULES, Tool, by_keyboard, faults
from playwright.sync_api import Page, expect

from tools.surfaces.words import WORDS

pytestmark = pytest.mark.browser

KINDS = ("email", "phone", "document", "birth", "name", "address", "opinion")
CORPUS = yaml.safe_load((vectors.HERE / "notes-corpus.yml").read_text(encoding="utf-8"))["notes"]
CHECK = "texts => texts.map((text) => ctInstruments.guard.check(text))"


@pytest.fixture
def tool(made_up) -> Tool:
    return made_up(vectors.fixture("everything.yml"))


# --- What it sees ---


def test_the_corpus_is_what_it_says():
    assert len(CORPUS) >= 150
    assert len({note["lang"] for note in CORPUS}) >= 20
    assert 0.38 <= sum(not note["kinds"] for note in CORPUS) / len(CORPUS) <= 0.45
    assert {kind for note in CORPUS for kind in note["kinds"]} == set(KINDS)
    assert len({note["note"] for note in CORPUS}) == len(CORPUS)


def test_it_sees_most_of_what_should_not_be_there_and_little_else(tool):
    found = tool.page.evaluate(CHECK, [note["note"] for note in CORPUS])
    hits, misses, extra = Counter(), Counter(), Counter()
    lines, loud = [], 0
    for note, parts in zip(CORPUS, found, strict=True):
        wanted, got = set(note["kinds"]), {part["kind"] for part in parts}
        hits.update(wanted & got)
        misses.update(wanted - got)
        extra.update(got - wanted)
        loud += not wanted and bool(got)
        if wanted != got:
            lines.append(f"{note['lang']}: {note['note']} wanted {sorted(wanted)}, got {sorted(got)}")
    clean = sum(not note["kinds"] for note in CORPUS)
    for kind in KINDS:
        precision, recall = hits[kind] / max(1, hits[kind] + extra[kind]), hits[kind] / (hits[kind] + misses[kind])
        print(f"{kind}: {hits[kind]} seen, {misses[kind]} missed, precision {precision:.2f}, recall {recall:.2f}")
    print(f"clean notes: {loud} of {clean} flagged", *lines, sep="\n")
    assert [misses[kind] for kind in ("email", "phone", "document")] == [0, 0, 0]
    for kind in ("name", "birth", "address", "opinion"):
        assert hits[kind] >= 0.8 * (hits[kind] + misses[kind]), kind
    assert loud <= 0.1 * clean
