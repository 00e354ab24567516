"""Interview mode: the same form, one question at a time, large, with show cards."""

from __future__ import annotations

import dataclasses
import json

import pytest
from cases import vectors
from cases.in_page import DESK, LOOKS, PHONE, RULES, Tool, by_keyboard, faults
from playwright.sync_api import Page, expect

from tools.instruments import library

pytestmark = pytest.mark.browser

CHAPTER = "book/identification/indicators.html"
ELEMENTS = "identification/elements-of-the-definition"
NEUTRAL = "Question"


class Interview:
    """The interview of one instrument in an open page."""

    def __init__(self, tool: Tool) -> None:
        self.tool, self.page = tool, tool.page
        self.dialog = tool.root.locator("dialog")
        self.heading = self.dialog.locator(".ct-iv-question")
        self.where = self.dialog.locator(".ct-iv-where")
        tool.press("interview")

    def button(self, name: str):
        return self.dialog.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        self.button(name).click()

    def answer(self, label: str) -> None:
        self.dialog.locator(".ct-option label:visible").get_by_text(label, exact=True).click()

    def walk(self, limit: int = 120) -> list[str]:
        """Go to the result and return the headings on the way, this one first."""
        seen = [self.heading.inner_text()]
        while seen[-1] != "Result" and len(seen) < limit:
            self.dialog.locator(".ct-iv-foot button:not(.ct-quiet)").click()
            seen.append(self.heading.inner_text())
        return seen


@pytest.fixture
def everything(made_up) -> Interview:
    return Interview(made_up(vectors.fixture("everything.yml")))


def at_rows(everything: Interview, answers: dict | None = None) -> None:
    """Go to the step that offers the first row."""
    everything.tool.root.evaluate("(root, given) => root.ctForm.write(given)", {"place": "land", **(answers or {})})
    while everything.heading.inner_text() != "Pay periods":
        everything.press("Next")


@pytest.fixture
def elements(page, server) -> Interview:
    page.goto(f"{server}/{CHAPTER}")
    return Interview(Tool(page, library.load(ELEMENTS)))


# --- The way through ---


def test_one_question_at_a_time_in_the_order_of_the_instrument(elements):
    elements.answer("Not sure, could be under 18")
    said = ["Take note" if item.type == "note" else item.label for section in elements.tool.instrument.sections
            if section.id != "means_section" for item in section.members if item.id != "consent_note"]  # fmt: skip
    assert elements.walk() == [*said, "Result"]
    expect(elements.dialog.locator(".ct-result")).to_be_visible()
    expect(elements.dialog.locator(".ct-item:visible")).to_have_count(0)


def test_where_one_is_stands_in_words(elements):
    expect(elements.where).to_have_text("The person · Question 1 of about 13")
    elements.answer("Adult, 18 or over")  # the means are asked of adults
    expect(elements.where).to_have_text("The person · Question 1 of about 20")
    elements.press("Next")
    expect(elements.where).to_have_text("The act · Question 2 of about 20")
    expect(elements.dialog.locator(".ct-item:visible")).to_have_count(1)
    expect(elements.dialog).to_contain_text("What someone did to bring or keep the person.")
    elements.press("Next")
    expect(elements.dialog.locator(".ct-intro:visible")).to_have_count(0)


@pytest.mark.promise("input-nothing-lost")
def test_back_and_next_lose_nothing_and_the_form_has_the_same_answers(everything):
    tool = everything.tool
    everything.dialog.locator("input:visible").fill("KH-014")
    everything.press("Next")
    everything.dialog.locator("textarea:visible").fill("line 1\nline 2")
    everything.press("Next")
    everything.answer("Yes")
    everything.press("Back")
    expect(everything.dialog.locator("textarea:visible")).to_have_value("line 1\nline 2")
    everything.press("Back")
    expect(everything.button("Back")).to_be_hidden()
    expect(everything.dialog.locator("input:visible")).to_have_value("KH-014")
    for _ in range(2):
        everything.press("Next")
    expect(tool.option("agreed", "yes")).to_be_checked()
    everything.press("Back to the form")
    expect(everything.dialog).to_have_count(0)
    expect(tool.field("case_code")).to_have_value("KH-014")
    expect(tool.root.locator("h1, h2, h3").first).to_be_visible()
    saved = json.loads(tool.save())["answers"]
    assert saved == {"case_code": "KH-014", "remarks": "line 1\nline 2", "agreed": "yes"}


def test_a_question_that_stops_to_apply_is_passed_over_and_comes_back_with_its_answer(everything):
    tool = everything.tool
    tool.root.evaluate("root => root.ctForm.write({place: 'sea', started: '2026-01-01', ended: '2026-01-31'})")
    assert "Take note" in everything.walk()
    while everything.heading.inner_text() != "Start":
        everything.press("Back")
    everything.dialog.locator("input:visible").fill("")
    everything.press("Next")
    expect(everything.heading).to_have_text("As of")
    everything.press("Back")
    everything.dialog.locator("input:visible").fill("2026-01-02")
    everything.press("Next")
    expect(everything.heading).to_have_text("End")
    expect(everything.dialog.locator("input:visible")).to_have_value("2026-01-31")
    while everything.heading.inner_text() != "Where?":
        everything.press("Back")
    everything.answer("Nowhere")
    assert not {"Take note", "Pay periods"} & set(everything.walk())


def test_skip_leaves_a_question_blank(everything):
    tool = everything.tool
    tool.root.evaluate("root => root.ctForm.write({case_code: 'KH-1', agreed: 'yes', signs: ['debt']})")
    for _ in range(7):
        everything.press("Skip this question")
    assert tool.answers() == {}
    expect(everything.heading).to_have_text("Hours a day")


def test_rows_are_asked_one_by_one(everything):
    tool = everything.tool
    at_rows(everything)
    everything.press("Add period")
    for number, due in enumerate(("100", "200", "300"), start=1):
        expect(everything.where).to_contain_text(f"Rows · Period {number} · Question")
        expect(everything.heading).to_have_text("Days worked")
        expect(everything.heading).to_be_focused()
        everything.press("Next")
        everything.dialog.locator("input:visible").fill(due)
        while everything.heading.inner_text() != "Pay periods":
            everything.press("Next")
        if number < 3:
            everything.press("Add another period")
    everything.press("Go on")
    expect(everything.heading).to_have_text("Result")
    everything.press("Back")
    everything.press("Back")
    expect(everything.where).to_contain_text("Period 3")
    everything.page.keyboard.press("Escape")
    assert [row["due"] for row in json.loads(tool.save())["answers"]["periods"]] == ["100", "200", "300"]


def test_no_more_rows_are_offered_than_the_definition_allows(everything):
    rows = [{"due": str(number)} for number in range(1, 7)]
    at_rows(everything, {"periods": rows})
    expect(everything.button("Add another period")).to_be_hidden()
    expect(everything.button("Go on")).to_be_visible()


@pytest.mark.promise("input-messages", "input-nothing-lost")
def test_an_entry_that_is_not_a_number_says_so_and_lets_one_go_on(everything):
    while everything.heading.inner_text() != "Hours a day":
        everything.press("Next")
    field = everything.dialog.locator("input:visible")
    field.fill("ten")
    expect(everything.dialog.locator(".ct-error:visible")).to_contain_text("Write digits only")
    everything.press("Next")
    everything.press("Back")
    expect(field).to_have_value("ten")


def test_one_comes_back_to_the_question_one_left(everything):
    for _ in range(3):
        everything.press("Next")
    everything.press("Back to the form")
    expect(everything.tool.root.locator('[data-ct-action="interview"]')).to_be_focused()
    everything.tool.press("interview")
    expect(everything.heading).to_have_text("Was it paid?")


# --- The card ---


def to(interview: Interview, question: str) -> None:
    while interview.heading.inner_text() != question:
        interview.press("Next")


def test_a_card_shows_the_question_and_its_answers_and_nothing_else(elements):
    elements.press("Next")
    elements.press("Show card")
    said = elements.dialog.evaluate("""(dialog) => [...dialog.querySelectorAll("*")].filter((part) =>
      !part.children.length && part.getClientRects().length && part.getBoundingClientRect().width > 2 && part.textContent.trim()
      && !part.closest("legend")).map((part) => part.textContent.trim())""")
    assert said == [
        "Someone recruited the person",
        "Yes",
        "No",
        "Not known",
        "Skip this question",
        "Done",
        "Leave this page",
    ]
    assert elements.page.title() == NEUTRAL
    tree = elements.dialog.aria_snapshot().lower()
    assert not [word for word in ("traffick", "means and purpose", "the act", "interview") if word in tree]
    expect(elements.heading).to_be_focused()
    size = elements.dialog.evaluate(
        "dialog => parseFloat(getComputedStyle(dialog.querySelector('.ct-iv-question')).fontSize)"
    )
    assert size >= 40


def test_an_answer_tapped_on_the_card_counts_and_the_card_ends(elements):
    elements.press("Next")
    elements.press("Show card")
    elements.answer("No")
    expect(elements.where).to_contain_text("Question 2")
    expect(elements.heading).to_be_focused()
    expect(elements.tool.option("recruited", "no")).to_be_checked()
    elements.press("Show card")
    elements.page.keyboard.press("Escape")  # ends the card, not the interview
    expect(elements.where).to_contain_text("Question 2")
    elements.press("Show card")
    elements.press("Skip this question")
    expect(elements.where).to_contain_text("Question 3")
    expect(elements.tool.option("recruited", "no")).not_to_be_checked()


def test_several_answers_can_be_tapped_on_a_card_until_done(everything):
    to(everything, "Which?")
    everything.press("Show card")
    everything.answer("Debt")
    everything.answer("Threats")
    everything.page.wait_for_timeout(500)
    expect(everything.button("Done")).to_be_visible()
    everything.press("Done")
    expect(everything.button("Show card")).to_be_visible()
    expect(everything.tool.option("signs", "threats")).to_be_checked()
    to(everything, "Hours a day")
    everything.press("Show card")
    everything.dialog.locator("input:visible").fill("8")
    everything.page.keyboard.press("Enter")
    expect(everything.dialog.locator("input:visible")).to_have_value("8")
    expect(everything.button("Show card")).to_be_visible()


# --- Leaving, and no trace ---


@pytest.mark.promise("privacy-clear", "safety-leave")
@pytest.mark.parametrize("card", [False, True], ids=["question", "card"])
def test_the_signal_to_clear_ends_the_interview_and_empties_it(elements, card):
    title = elements.page.locator("h1").first.evaluate("heading => heading.firstChild.textContent")
    elements.answer("Adult, 18 or over")
    if card:
        elements.press("Show card")
    elements.page.evaluate("document.dispatchEvent(new CustomEvent('ct:clear'))")
    expect(elements.dialog).to_have_count(0)
    assert elements.tool.answers() == {}
    assert elements.page.title().startswith(title)
    expect(elements.tool.root.locator("form")).to_be_visible()
    elements.tool.press("interview")
    expect(elements.where).to_have_text("The person · Question 1 of about 13")
    expect(elements.dialog.locator("input:checked")).to_have_count(0)


@pytest.mark.promise("safety-leave")
@pytest.mark.parametrize("way", ["button", "card", "shift"])
def test_one_can_leave_the_page_from_the_interview(page, elements, way):
    elements.answer("Adult, 18 or over")
    if way == "card":
        elements.press("Show card")
    if way == "shift":
        for _ in range(3):
            page.keyboard.press("Shift")
    else:
        elements.press("Leave this page")
    page.wait_for_url("**/kitchen-measures.html")
    expect(page.locator("dialog")).to_have_count(0)
    assert page.title() != NEUTRAL


@pytest.mark.promise("privacy-no-request", "privacy-no-cookies-no-storage", "privacy-nothing-typed-in-url")
def test_an_interview_leaves_no_trace(page, elements):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    start = page.evaluate("[location.href, history.length, JSON.stringify(history.state)]")
    elements.answer("Adult, 18 or over")
    elements.press("Show card")
    elements.press("Done")
    elements.walk()
    assert page.evaluate("[location.href, history.length, JSON.stringify(history.state)]") == start
    assert page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))") == []
    assert page.context.cookies() == []
    assert asked == []


# --- For everyone ---


@pytest.mark.promise("access-keyboard")
def test_the_interview_is_done_by_keyboard(page, everything):
    """Every step by keys; what is not shown is never reached."""
    page.keyboard.press("Escape")
    expect(everything.dialog).to_have_count(0)
    opener = everything.tool.root.locator('[data-ct-action="interview"]')
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(2):
        by_keyboard(page, everything.button("Next"), 8)
        page.keyboard.press("Enter")
        expect(everything.heading).to_be_focused()
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.getClientRects().length + ' ' + document.activeElement.textContent")
        )
    assert not [one for one in reached if one.startswith("0 ")], reached
    everything.heading.evaluate("heading => heading.focus()")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(everything.heading).to_have_text("Was it agreed?")  # arrow keys choose and do not move on
    expect(everything.tool.option("agreed", "no")).to_be_checked()
    page.keyboard.press("Enter")
    expect(everything.heading).to_have_text("Was it paid?")
    by_keyboard(page, everything.button("Show card"), 8)
    page.keyboard.press("Enter")
    by_keyboard(page, everything.dialog.locator("input:visible").first, 3)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    expect(everything.button("Done")).to_be_visible()  # nor do they end a card
    page.keyboard.press("Enter")
    expect(everything.tool.option("paid", "no")).to_be_checked()
    expect(everything.button("Show card")).to_be_visible()


LARGE = """(dialog) => [...dialog.querySelectorAll(".ct-option label, .ct-iv-skip, .ct-iv-question, .ct-iv-foot button")]
  .filter((part) => part.getClientRects().length).map((part) => {
    const box = part.getBoundingClientRect(), size = parseFloat(getComputedStyle(part).fontSize);
    const wanted = part.className.includes("question") ? size >= 24 : part.matches("label, .ct-iv-skip") ? box.height >= 64 && size >= 20 : box.height >= 44;
    return wanted && box.left >= 0 && box.right <= innerWidth + 1 && part.scrollWidth <= part.clientWidth + 1 ? "" : part.outerHTML;
  }).filter(Boolean)"""


@pytest.mark.promise("language-rtl")
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_it_is_large_and_nothing_is_cut_on_a_phone_in_either_direction(page, elements, direction):
    page.set_viewport_size(PHONE)
    page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
    elements.answer("Adult, 18 or over")
    for _ in range(40):
        assert elements.dialog.evaluate(LARGE) == []
        assert elements.dialog.evaluate("dialog => dialog.scrollWidth - dialog.clientWidth") == 0
        if elements.heading.inner_text() == "Result":
            break
        elements.press("Show card")
        assert elements.dialog.evaluate(LARGE) == []
        assert elements.dialog.evaluate("dialog => dialog.scrollWidth - dialog.clientWidth") == 0
        elements.press("Done")
        elements.press("Next")
    else:
        raise AssertionError("no result")


@pytest.mark.promise("language-rtl")
def test_words_twice_as_long_stay_on_the_screen(page, made_up):
    page.set_viewport_size(PHONE)
    fixture = vectors.fixture("everything.yml")
    long = "Ununterbrochenarbeitszeitverkürzungsvereinbarung " * 3
    item = dataclasses.replace(fixture.items["agreed"], label=long, hint=long)
    section = dataclasses.replace(
        fixture.sections[0],
        title=long,
        intro=long,
        members=(item, *(m for m in fixture.sections[0].members if m.id != "agreed")),
    )
    interview = Interview(made_up(dataclasses.replace(fixture, title=long, sections=(section, *fixture.sections[1:]))))
    assert interview.dialog.evaluate("dialog => dialog.scrollWidth - dialog.clientWidth") == 0
    assert interview.dialog.evaluate(LARGE) == []


def looks(page: Page, state: str) -> list[str]:
    """Return the faults of a state: every rule once, what depends on looks in light and dark, on desk and phone."""
    found = []
    for size in (DESK, PHONE):
        for scheme in ("light", "dark"):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(60)
            first = (size, scheme) == (DESK, "light")
            only = {"type": "tag", "values": RULES} if first else {"type": "rule", "values": LOOKS}
            found += [f"{state}, {size['width']}, {scheme}: {line}" for line in faults(page, only)]
    page.set_viewport_size(DESK)
    return found


@pytest.mark.slow
@pytest.mark.promise("access-axe")
def test_axe_finds_nothing_at_any_step(page, everything, axe_source):
    page.evaluate(axe_source)
    everything.tool.root.evaluate("root => root.ctForm.write({place: 'sea', periods: [{due: '9', got: '2'}]})")
    found = looks(page, "text")
    for question in (
        "Remarks",
        "Was it agreed?",
        "Which?",
        "Take note",
        "Hours a day",
        "Start",
        "Days worked",
        "Pay periods",
    ):
        to(everything, question)
        found += looks(page, question)
        if question in {"Was it agreed?", "Which?", "Hours a day", "Start"}:
            everything.press("Show card")
            found += looks(page, f"card: {question}")
            everything.press("Done")
    everything.walk()
    found += looks(page, "result")
    assert found == []
