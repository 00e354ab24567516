"""HTML, text and words of an instrument: complete without a script, unambiguous, and harmless whatever the words are."""

from __future__ import annotations

import dataclasses
import json
import re
from html.parser import HTMLParser

import pytest
from cases import vectors

from tools.instruments import library, record
from tools.instruments.model import Instrument
from tools.surfaces import html, text
from tools.surfaces.words import WORDS, condition

INSTRUMENTS = vectors.instruments()
each = pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda i: i.id)
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\" ' & {0} %s"


class Markup(HTMLParser):
    """Notes the tags, and checks that they nest."""

    VOID = frozenset({"input", "br", "img", "hr", "meta", "link"})

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.data: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        if tag not in self.VOID:  # `<input />` ends itself
            assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.data.append(data)

    def all(self, key: str) -> list[str]:
        return [attributes[key] for _, attributes in self.tags if key in attributes]


@each
@pytest.mark.promise("access-structure")
def test_the_markup_nests_and_every_reference_leads_somewhere(instrument: Instrument) -> None:
    found = Markup(html.render(instrument))
    assert found.open == []
    ids = found.all("id")
    assert len(ids) == len(set(ids))
    for key in ("for", "aria-labelledby", "aria-describedby"):
        for value in found.all(key):
            assert set(value.split()) <= set(ids), (key, value)
    for href in found.all("href"):
        assert href.removeprefix("#") in ids
    assert not [key for _, attributes in found.tags for key in attributes if key.startswith("on") or key == "style"]


@each
@pytest.mark.promise("access-structure", "pdf-fields-named")
def test_every_control_has_a_label_and_a_title(instrument: Instrument) -> None:
    found = Markup(html.render(instrument))
    labels = set(found.all("for"))
    for tag, attributes in found.tags:
        if tag in {"input", "textarea"} and "readonly" not in attributes:
            assert attributes["title"], attributes
            assert attributes["id"] in labels or attributes["type"] == "file", attributes


@each
def test_two_copies_in_one_document_share_no_name(instrument: Instrument) -> None:
    one, two = Markup(html.render(instrument, prefix="a-")), Markup(html.render(instrument, prefix="b-"))
    assert not set(one.all("id")) & set(two.all("id"))
    assert not set(one.all("name")) & set(two.all("name"))


@each
@pytest.mark.promise("access-no-js")
def test_without_a_script_all_is_in_the_markup(instrument: Instrument) -> None:
    said = " ".join(Markup(html.render(instrument)).data)
    for _, _, item in instrument.walk():
        assert item.label in said
        for choice in item.choices:
            assert choice.label in said
        if item.relevant:
            assert f"{WORDS['only_if']}: {condition(item.relevant.tree, instrument)}." in said
    for outcome in instrument.outcomes:
        assert outcome.title in said
        assert outcome.text in said
    for limit in (*instrument.limits, *instrument.always):
        assert limit in said


@pytest.mark.promise("privacy-csp")
def test_hostile_words_end_no_tag_and_no_data_block() -> None:
    fixture = vectors.fixture("everything.yml")
    items = tuple(
        dataclasses.replace(m, label=HOSTILE, hint=HOSTILE, contested=HOSTILE, about=HOSTILE)
        for m in fixture.sections[0].items
    )
    section = dataclasses.replace(fixture.sections[0], title=HOSTILE, intro=HOSTILE, members=items)
    bad = dataclasses.replace(
        fixture, title=HOSTILE, purpose=HOSTILE, status_note=HOSTILE, limits=(HOSTILE,), paper=HOSTILE, always=(HOSTILE,),
        sections=(section, *fixture.sections[1:]),
    )  # fmt: skip
    found = Markup(html.render(bad))
    assert found.open == []
    assert [tag for tag, _ in found.tags].count("script") == 1
    assert "img" not in {tag for tag, _ in found.tags}
    block = re.search(r'class="ct-data">(.*?)</script>', html.render(bad), re.DOTALL)
    assert block
    assert json.loads(block.group(1))["title"] == HOSTILE


@pytest.mark.parametrize("level", [2, 3, 4])
def test_headings_follow_the_level(level: int) -> None:
    found = Markup(html.render(INSTRUMENTS[0], level=level))
    headings = [int(tag[1]) for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == level
    assert set(headings[1:]) == {level + 1}


def relevant(text_of_condition: str) -> str:
    """Return a condition of the made-up instrument in words."""
    source = (vectors.HERE / "instruments" / "everything.yml").read_text(encoding="utf-8")
    changed = source.replace('relevant: place == "sea"', f"relevant: '{text_of_condition}'")
    item = library.read(changed).items["at_sea_note"]
    assert item.relevant
    return condition(item.relevant.tree, library.read(changed))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('agreed == "yes"', "“Was it agreed?” is “Yes”"),
        ('place != "sea"', "“Where?” is not “At sea”"),
        ('"sea" == place', "“At sea” is “Where?”"),
        ("hours >= 2.5", "“Hours a day” is at least 2.5"),
        ("answered(remarks)", "“Remarks” is answered"),
        ("not answered(remarks)", "not: “Remarks” is answered"),
        ('selected(signs, "papers")', "“Which?” has “Papers held”"),
        ('count(basics, "yes") > 1', "the number of answers “Yes” is more than 1"),
        ("rows(periods) < 2", "the number of rows in “Pay periods” is less than 2"),
        ('agreed == "yes" and (paid == "no" or hours > 2)', "“Was it agreed?” is “Yes” and (“Was it paid?” is “No” or “Hours a day” is more than 2)"),
        ('agreed == "yes" or 1 < hours <= 3', "“Was it agreed?” is “Yes” or (1 is less than “Hours a day” and “Hours a day” is at most 3)"),
        ('started < date("2026-01-01")', "“Start” is less than 2026-01-01"),
    ],
)  # fmt: skip
def test_a_condition_in_words_reads_in_one_way(written: str, said: str) -> None:
    assert relevant(written) == said


@each
@pytest.mark.promise("safety-no-verdict")
def test_a_summary_says_version_limits_and_that_it_is_no_finding(instrument: Instrument) -> None:
    said = text.summary(instrument, record.of(instrument, {}))
    assert f"version {instrument.version}" in said
    assert WORDS["not_finding"] in said
    for limit in instrument.limits:
        assert limit in said


@each
def test_the_text_for_search_has_every_question(instrument: Instrument) -> None:
    said = text.blank(instrument)
    for _, _, item in instrument.walk():
        assert item.label in said


def test_every_word_the_page_uses_is_in_the_list() -> None:
    script = "".join((html.STATIC / name).read_text(encoding="utf-8") for name in html.SCRIPTS)
    used = set(re.findall(r"\bwords\.([a-z_]+)", script)) | set(re.findall(r"words\[\"([A-Za-z_0-9]+)\"\]", script))
    assert used <= set(WORDS)
    assert set(re.findall(r"REC_[0-9]{3}", script)) <= set(WORDS)
