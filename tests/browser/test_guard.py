"""The note guard: hints while someone types, on a corpus of made-up notes and in the page."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml
from cases import vectors
from cases.in_page import DESK, LOOKS, PHONE, RULES, Tool, by_keyboard, faults
from playwright.sync_api import Page, expect

from tools.instruments import library
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


def test_places_are_those_in_the_text_in_every_script(tool):
    texts = ["Ask Joseph Banda: a@b.example.", "ឈ្មោះ វុទ្ធា ០១២ ៣៤៥ ៦៧៨", "😀 Marta Obelski, born 3 May 1990"]
    found = tool.page.evaluate(CHECK, texts)
    said = [[text[p["start"] : p["end"]] for p in parts] for text, parts in zip(texts[:2], found, strict=False)]
    assert said == [["Joseph Banda", "a@b.example"], ["ឈ្មោះ វុទ្ធា", "០១២ ៣៤៥ ៦៧៨"]]
    # JavaScript counts the face as two.
    assert [(p["kind"], p["start"], p["end"]) for p in found[2]] == [("name", 3, 16), ("birth", 18, 33)]


# 20,000 characters each, made to send a careless pattern back and forth.
HOSTILE = [
    "a" * 20000, "A" * 20000, "Aa" * 10000, "Aa " * 6666, "1" * 20000, "1 " * 10000, "1-" * 10000, "@" * 20000, "a@" * 10000,
    "a.b" * 6666, "born " * 4000, "born 1" * 3333, "Mr " * 6666, "Mr  Aa" * 3333, "(" * 20000, "+1" * 10000, '"' * 20000, '"a' * 10000,
    "Aa's-" * 4000, "Aa de de " * 2222, "ชื่อ" * 5000, "१" * 20000, "12 Aa " * 3333, "avenida " * 3333, "street 1 " * 2222, "é́" * 10000, " " * 20000,
    "2019-" * 4000, "1.1.1." * 3333, "ID " * 6666, "라 씨" * 6666, "李" * 20000, "😀" * 10000, "d.o.b" * 4000, "\n" * 20000,
]  # fmt: skip


def test_a_long_text_takes_no_long_time(tool):
    """Twice the text may take about twice the time; a pattern that goes back and forth would take four times or more."""
    slow = []
    for text in HOSTILE:
        time = tool.page.evaluate("(text) => { const t = performance.now(); ctInstruments.guard.check(text); return performance.now() - t; }", text)  # fmt: skip
        if time > 1500:  # ours take some 10 to 100 ms
            slow.append((text[:20], time))
    assert slow == []


# --- In the page ---


def hints(tool: Tool, item: str):
    """The hints under a field, with their button."""
    return tool.root.locator(f'[data-ct-item="{item}"] .ct-guard')


def type_in(tool: Tool, item: str, text: str) -> None:
    tool.field(item).fill(text)
    tool.page.wait_for_timeout(750)


def test_hints_come_after_a_pause_say_what_was_seen_and_what_to_do(tool):
    field, box = tool.field("remarks"), hints(tool, "remarks")
    field.focus()
    expect(box.get_by_role("status")).to_have_text(WORDS["guard_first"])
    field.press_sequentially("Ask Joseph Banda, +260 955 010 203.", delay=5)
    expect(box.get_by_role("status")).not_to_contain_text("Joseph")  # not at each key
    expect(box.locator("p")).to_have_text([
        WORDS["guard_name"].format(text="Joseph Banda"), WORDS["guard_phone"].format(text="+260 955 010 203")])  # fmt: skip
    assert box.get_by_role("status").get_attribute("id") in field.get_attribute("aria-describedby").split()
    assert field.get_attribute("aria-invalid") is None
    type_in(tool, "remarks", "Ask the recruiter.")
    expect(box.get_by_role("status")).to_have_text(WORDS["guard_first"])
    expect(box.locator("button")).to_be_hidden()


def test_a_hint_is_not_read_out_again_while_it_stays(tool):
    type_in(tool, "remarks", "Joseph Banda paid.")
    tool.page.evaluate("""() => {
      window.ctSaid = [];
      new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => ctSaid.push(node.textContent))))
        .observe(document.querySelector(".ct-guard [role=status]"), { childList: true, subtree: true, characterData: true });
    }""")
    type_in(tool, "remarks", "Joseph Banda paid the fee.")
    type_in(tool, "remarks", "Joseph Banda paid the fee. She seems tired.")
    assert tool.page.evaluate("ctSaid") == [WORDS["guard_opinion"].format(text="seems")]


def test_hints_never_block_and_a_wave_of_the_hand_is_enough(tool):
    type_in(tool, "remarks", "Joseph Banda paid.")
    hints(tool, "remarks").get_by_role("button", name=WORDS["guard_fine"]).click()
    expect(tool.field("remarks")).to_be_focused()
    expect(hints(tool, "remarks").locator("p")).to_have_count(0)
    type_in(tool, "remarks", "Joseph Banda paid. a@b.example")
    expect(hints(tool, "remarks").locator("p")).to_have_count(0)
    type_in(tool, "case_code", "Maria Lindqvist")  # each field has its own
    expect(hints(tool, "case_code")).to_contain_text("Maria Lindqvist")
    assert tool.answers().popitem()[1] == "Joseph Banda paid. a@b.example"
    saved = tool.page.evaluate("document.querySelector('[data-ct-tool]').ctForm.read()")
    assert saved == {"remarks": "Joseph Banda paid. a@b.example", "case_code": "Maria Lindqvist"}


def test_codes_numbers_and_dates_get_no_hint(tool):
    for item, text in (("case_code", "KH-2026-0142"), ("days", "12345678"), ("wage", "5551234567")):
        type_in(tool, item, text)
        assert hints(tool, item).locator("p").count() == 0


@pytest.mark.promise("privacy-clear")
def test_clearing_takes_hints_away_and_forgets_what_was_fine(tool):
    type_in(tool, "remarks", "Joseph Banda paid.")
    hints(tool, "remarks").locator("button").click()
    tool.field("case_code").fill("Maria Lindqvist")  # a hint is on its way
    tool.page.evaluate("document.dispatchEvent(new CustomEvent('ct:clear'))")
    tool.page.wait_for_timeout(750)
    expect(tool.root.locator(".ct-guard")).to_have_count(0)
    type_in(tool, "remarks", "Joseph Banda paid.")
    expect(hints(tool, "remarks")).to_contain_text("Joseph Banda")


@pytest.mark.promise("privacy-no-request", "privacy-no-cookies-no-storage", "privacy-nothing-typed-in-url")
def test_what_is_typed_stays_in_the_field(page, tool):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    type_in(tool, "remarks", "Joseph Banda, a@b.example, born 3 May 1990")
    hints(tool, "remarks").locator("button").click()
    assert asked == []
    assert page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))") == []
    assert page.evaluate("location.search + location.hash") == ""


def test_hostile_notes_are_shown_as_words(page, tool):
    type_in(tool, "remarks", "write to <img/src=x/onerror=window.ran=1>@example.org")
    assert tool.root.locator("img").count() == 0
    assert page.evaluate("window.ran") is None


@pytest.mark.promise("offline-file")
def test_in_a_page_of_the_book_the_words_come_with_the_first_note(browser, site):
    """From disk, with the network off: only the book's own file is asked for, and only then."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.glob("book/**/*.html"))}
    path, instrument, item = next(
        (path, instrument, item.id) for instrument in library.load_all() for item in instrument.items.values()
        for path, text in pages.items() if item.type == "text" and f'data-ct-tool="{instrument.id}"' in text
    )  # fmt: skip
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "ct-guard" in url]
    asked.clear()
    tool = Tool(page, instrument)
    tool.field(item).fill("Joseph Banda paid.")
    expect(hints(tool, item)).to_contain_text("Joseph Banda")
    assert [url.rsplit("/", 1)[1] for url in asked] == ["ct-guard.js"]
    context.close()


# --- For everyone ---


@pytest.mark.promise("access-keyboard")
def test_hints_by_keyboard_and_in_the_interview(page, tool):
    tool.press("interview")
    by_keyboard(page, tool.root.locator(".ct-now input:visible"), 4)
    page.keyboard.type("Joseph Banda")
    page.wait_for_timeout(750)
    expect(tool.root.locator("dialog .ct-guard:visible")).to_contain_text("Joseph Banda")
    by_keyboard(page, tool.root.locator("dialog .ct-guard button"), 2)
    page.keyboard.press("Enter")
    expect(tool.root.locator("dialog .ct-guard p")).to_have_count(0)
    expect(tool.field("case_code")).to_be_focused()


@pytest.mark.slow
@pytest.mark.promise("access-axe", "language-rtl")
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_axe_finds_nothing_where_a_hint_shows(page: Page, tool, axe_source, direction):
    page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
    page.evaluate(axe_source)
    type_in(tool, "remarks", "Joseph Banda, a@b.example, obviously " + "x" * 60 + "@example.org")
    found = []
    for place in ("form", "interview"):
        if place == "interview":
            tool.press("interview")
            tool.root.locator(".ct-iv-foot button:not(.ct-quiet)").click()
        for size in (DESK, PHONE):
            for scheme in ("light", "dark"):
                page.set_viewport_size(size)
                page.emulate_media(color_scheme=scheme)
                # At the result the bar that follows is gone; elsewhere it lies over fields.
                page.evaluate("document.querySelector('.ct-result').scrollIntoView()")
                page.wait_for_timeout(60)
                only = (
                    {"type": "tag", "values": RULES}
                    if size == DESK and scheme == "light"
                    else {"type": "rule", "values": LOOKS}
                )
                found += [f"{place}, {size['width']}, {scheme}: {line}" for line in faults(page, only)]
    assert found == []
