"""An instrument in a page: filled by keyboard, saved, opened, cleared, printed, without scripts, on a phone."""

from __future__ import annotations

import dataclasses
import json

import pytest
from cases import vectors
from cases.in_page import CHAPTER, ELEMENTS, PHONE, Tool, all_looks, by_keyboard
from playwright.sync_api import Page, expect

from tools.instruments import library, record

pytestmark = pytest.mark.browser


# Counts how often a live region says something new.
COUNT_SAID = """
(box) => {
  window.ctSaid = [];
  new MutationObserver(() => { if (box.textContent) window.ctSaid.push(box.textContent); })
    .observe(box, { childList: true, characterData: true, subtree: true });
}
"""


# --- Filling in ---


def choose(page: Page, tool: Tool, item: str, code: str) -> None:
    """Answer a radio question with Tab, arrows and the space bar."""
    first = tool.field(item).first
    by_keyboard(page, first)
    page.keyboard.press("Space")
    codes = tool.field(item).evaluate_all("all => all.map(one => one.value)")
    for _ in range(codes.index(code)):
        page.keyboard.press("ArrowDown")
    assert tool.option(item, code).is_checked()


@pytest.mark.promise("access-keyboard", "safety-no-verdict")
def test_a_tool_is_filled_by_keyboard_and_gives_a_result_with_reasons(page, elements):
    tool = elements
    tool.root.locator(".ct-announce").evaluate(COUNT_SAID)
    expect(tool.result).to_have_text("No answers yet. The result appears here as you answer.")
    for item, code in {"age_group": "child", "recruited": "yes", "forced_labour": "yes"}.items():
        choose(page, tool, item, code)
    outcome = next(o for o in tool.instrument.outcomes if o.id == "all_elements")
    expect(tool.root.locator(".ct-outcome-title")).to_have_text(outcome.title)
    for step in outcome.next:
        expect(tool.result).to_contain_text(step)
    reasons = tool.root.locator(".ct-reasons li")
    assert reasons.count() == 3
    for at, item in enumerate(("age_group", "recruited", "forced_labour")):
        expect(reasons.nth(at)).to_contain_text(tool.instrument.items[item].label)
    by_keyboard(page, tool.root.locator('[data-ct-action="save"]'))
    page.keyboard.press("Enter")
    by_keyboard(page, tool.panel.get_by_role("button", name="Save", exact=True))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    expect(tool.root.locator('[data-ct-action="save"]')).to_be_focused()
    saved, _ = record.loads(download.value.path().read_text(encoding="utf-8"), tool.instrument)
    assert saved.answers == {"age_group": "child", "recruited": "yes", "forced_labour": "yes"}


@pytest.mark.promise("access-keyboard")
def test_a_result_is_announced_once_when_it_changes(page, elements):
    tool = elements
    tool.root.locator(".ct-announce").evaluate(COUNT_SAID)
    tool.fill({"age_group": "adult"})
    tool.fill({"recruited": "no", "transported": "no", "transferred": "no"})
    titles = {o.id: o.title for o in tool.instrument.outcomes}
    assert page.evaluate("ctSaid") == [f"Result: {titles['not_enough']}"]
    tool.fill({"recruited": "yes"})
    tool.fill({"transported": "yes"})
    assert page.evaluate("ctSaid") == [f"Result: {titles[name]}" for name in ("not_enough", "purpose_open")]


def test_what_would_change_opens_and_names_single_answers(elements):
    tool = elements
    tool.fill({"age_group": "adult", "recruited": "yes", "forced_labour": "yes"})
    tool.root.locator(".ct-changes summary").click()
    changes = tool.root.locator(".ct-changes")
    expect(changes).to_contain_text(tool.instrument.items["fraud"].label)
    tool.fill({"fraud": "yes"})  # the fold stays open and follows
    expect(tool.root.locator(".ct-changes li").first).to_be_visible()
    assert tool.root.locator(".ct-changes").get_attribute("open") is not None


# --- Saving and opening ---


@pytest.mark.promise("input-nothing-lost", "safety-no-verdict")
def test_a_saved_record_reads_in_python_and_opens_again(page, elements):
    tool = elements
    given = {
        "age_group": "adult",
        "recruited": "yes",
        "force": "unknown",
        "forced_labour": "yes",
        "person_agreed": "no",
    }
    tool.fill(given)
    before = tool.answers()
    text = tool.save()
    expect(tool.message).to_contain_text("Saved.")
    read, lost = record.loads(text, tool.instrument)
    assert dict(read.answers) == given
    assert lost == ()
    assert text == record.dumps(read, tool.instrument)
    page.once("dialog", lambda dialog: dialog.accept())
    tool.press("clear")
    assert tool.answers() == {}
    tool.open(text)
    expect(tool.message).to_have_text("The record is open.")
    assert tool.answers() == before
    assert tool.save() == text


REFUSED = {
    "no record": ("hello", "not a saved record"),
    "another tool": ('{"format": "ct-record/1", "instrument": "a/b", "version": "1.0", "answers": {}}', "another tool: a/b"),
    "another version": ('{"format": "ct-record/1", "instrument": "ID", "version": "99.0", "answers": {}}', "saved with version 99.0; this is version"),
    "unknown item": ('{"format": "ct-record/1", "instrument": "ID", "version": "VERSION", "answers": {"nothing": "yes"}}', "no question “nothing”"),
    "unknown answer": ('{"format": "ct-record/1", "instrument": "ID", "version": "VERSION", "answers": {"recruited": "<b>x</b>"}}', "“Someone recruited the person” has an answer"),
    "hostile name": ('{"format": "ct-record/1", "instrument": "<img src=x onerror=window.ran=1>", "version": "1.0", "answers": {}}', "<img src=x"),
    "too large": (" " * 4_000_001, "larger than a record can be"),
}  # fmt: skip


@pytest.mark.promise("input-messages", "input-nothing-lost", "input-limits")
def test_a_wrong_file_gives_a_plain_message_and_loses_nothing(page, elements):
    tool = elements
    tool.fill({"age_group": "adult", "recruited": "yes"})
    before, result = tool.answers(), tool.result.inner_text()
    page.on("dialog", lambda dialog: pytest.fail(f"asked: {dialog.message}"))
    for text, said in REFUSED.values():
        text = text.replace('"ID"', f'"{tool.instrument.id}"').replace("VERSION", tool.instrument.version)
        tool.open(text)
        expect(tool.alert).to_contain_text(said)
        expect(tool.alert).to_contain_text("The file was not opened, and your answers are unchanged.")
        assert (tool.answers(), tool.result.inner_text()) == (before, result)
    assert page.evaluate("window.ran") is None


@pytest.mark.promise("input-nothing-lost")
def test_opening_a_file_asks_before_it_replaces_answers(page, elements):
    tool = elements
    file = json.dumps({"format": "ct-record/1", "instrument": ELEMENTS, "version": tool.instrument.version, "answers": {"age_group": "child"}})  # fmt: skip
    tool.fill({"age_group": "adult", "recruited": "yes"})
    before = tool.answers()
    with page.expect_event("dialog") as asked:
        page.once("dialog", lambda dialog: dialog.dismiss())
        tool.open(file)
    assert "Replace the answers" in asked.value.message
    page.wait_for_timeout(50)
    assert tool.answers() == before
    page.once("dialog", lambda dialog: dialog.accept())
    tool.open(file)
    expect(tool.message).to_have_text("The record is open.")
    assert list(tool.answers().values()) == ["child"]


def test_a_record_of_an_older_minor_version_opens_and_says_what_is_lost(made_up):
    tool = made_up(vectors.fixture("everything.yml"))
    answers = {"agreed": "yes", "gone": "x", "place": "moon"}
    tool.open(json.dumps({"format": "ct-record/1", "instrument": "tests/everything", "version": "2.0", "answers": answers}))  # fmt: skip
    for said in (
        "Saved with version 2.0; this is version 2.3. Answers carried over unchanged: 1.",
        "“Where?” does not take this answer",
        "write it down if it is needed: moon",
        "“gone” does not take this answer",
        "“Was the person watched?” is new in this version.",
    ):
        expect(tool.alert).to_contain_text(said)
    assert tool.option("agreed", "yes").is_checked()


def test_leaving_the_page_with_unsaved_answers_asks_first(page, elements, server):
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{server}/{CHAPTER}")
    assert asked == []
    elements.option("recruited", "yes").click()
    elements.save()
    page.goto(f"{server}/{CHAPTER}")
    assert asked == []
    elements.option("recruited", "yes").click()
    page.goto(f"{server}/{CHAPTER}")
    assert asked == ["beforeunload"]


# --- Entries that are not numbers ---


@pytest.mark.promise("input-messages", "input-nothing-lost")
def test_an_entry_that_is_not_a_number_stays_with_a_message(made_up):
    tool = made_up(vectors.fixture("everything.yml"))
    field, error = tool.field("hours"), tool.root.locator('[id$="-hours-error"]')
    for typed, said in (("ten", "Write digits only"), ("1,5", "Write digits only"), ("25", "out of range: 0 – 24"), ("1.234", "Write digits only"), ("1e3", "Write digits only")):  # fmt: skip
        field.fill(typed)
        expect(field).to_have_value(typed)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(error).to_be_visible()
        expect(error).to_contain_text(said)
        expect(error).to_contain_text("Your entry stays, but does not count yet.")
        assert error.get_attribute("id") in field.get_attribute("aria-describedby")
    field.fill("8.25")
    expect(error).to_be_hidden()
    assert field.get_attribute("aria-invalid") is None
    assert record.loads(tool.save(), tool.instrument)[0].answers.keys() == {"hours"}


# --- Clearing, and leaving no trace ---


def everything_filled(tool: Tool) -> None:
    """Fill each kind of field, make every message and open what opens."""
    tool.fill({"age_group": "adult", "recruited": "yes", "force": "yes", "forced_labour": "yes"})
    tool.root.locator(".ct-changes summary").click()
    tool.press("summary")
    tool.open("hello")
    expect(tool.alert).not_to_be_empty()


def assert_empty(tool: Tool) -> None:
    assert tool.answers() == {}
    expect(tool.result).to_have_text("No answers yet. The result appears here as you answer.")
    expect(tool.root.locator(".ct-summary")).to_be_hidden()
    expect(tool.root.locator(".ct-summary-text")).to_have_value("")
    expect(tool.root.locator(".ct-follow")).to_be_hidden()
    expect(tool.alert).to_be_empty()
    expect(tool.root.locator(".ct-announce")).to_be_empty()


@pytest.mark.promise("privacy-clear")
def test_clear_asks_and_then_removes_everything(page, elements):
    everything_filled(elements)
    before = elements.answers()
    page.once("dialog", lambda dialog: dialog.dismiss())
    elements.press("clear")
    assert elements.answers() == before
    page.once("dialog", lambda dialog: dialog.accept())
    elements.press("clear")
    assert_empty(elements)
    expect(elements.message).to_have_text("All answers are cleared.")


@pytest.mark.promise("privacy-clear", "safety-leave")
def test_the_signal_to_clear_is_obeyed_without_asking_and_revokes_files(page, elements):
    page.on("dialog", lambda dialog: pytest.fail(f"asked: {dialog.message}"))
    page.evaluate("""() => {
      window.ctUrls = [];
      const create = URL.createObjectURL, revoke = URL.revokeObjectURL;
      URL.createObjectURL = (blob) => { const url = create(blob); ctUrls.push(url); return url; };
      URL.revokeObjectURL = (url) => { ctUrls.splice(ctUrls.indexOf(url), 1); revoke(url); };
    }""")
    everything_filled(elements)
    elements.save()
    assert page.evaluate("ctUrls.length") == 1
    page.evaluate("document.dispatchEvent(new CustomEvent('ct:clear'))")
    assert_empty(elements)
    assert page.evaluate("ctUrls.length") == 0
    expect(elements.message).to_be_empty()


@pytest.mark.promise("privacy-clear")
def test_clear_takes_rows_texts_and_wrong_entries(page, made_up):
    tool = made_up(vectors.fixture("everything.yml"))
    tool.field("case_code").fill("A-17")
    tool.field("hours").fill("ten")
    tool.field("started").fill("2026-01-31")
    tool.option("signs", "papers").check()
    tool.option("place", "land").check()
    for _ in range(3):
        tool.root.locator('[data-ct-add="periods"]').click()
    assert tool.root.locator('[data-ct-repeat="periods"] > .ct-row').count() == 4
    tool.field("due").last.fill("100")
    page.evaluate("document.dispatchEvent(new CustomEvent('ct:clear'))")
    assert tool.answers() == {}
    assert tool.root.locator('[data-ct-repeat="periods"] > .ct-row').count() < 4
    assert tool.root.locator('[aria-invalid="true"]').count() == 0
    assert tool.root.locator(".ct-error:visible").count() == 0
    assert json.loads(tool.save())["answers"] == {}


@pytest.mark.promise("privacy-memory-only", "privacy-nothing-typed-in-url", "privacy-no-cookies-no-storage", "privacy-no-request")  # fmt: skip
def test_answers_leave_no_trace(page, server):
    asked: list[str] = []
    page.goto(f"{server}/{CHAPTER}")
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request.url))
    start = page.evaluate("[location.href, history.length, JSON.stringify(history.state)]")
    tool = Tool(page, library.load(ELEMENTS))
    everything_filled(tool)
    tool.save()
    tool.root.locator(".ct-progress").evaluate("element => element.click()")
    assert page.evaluate("[location.href, history.length, JSON.stringify(history.state)]") == start
    assert page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))") == []
    assert page.evaluate("indexedDB.databases()") == []
    assert page.evaluate("caches.keys()") == []
    assert page.context.cookies() == []
    assert [url for url in asked if not url.startswith("blob:")] == []


@pytest.mark.promise("offline-file")
def test_a_tool_works_from_disk_without_a_network(browser, site):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((site / CHAPTER).as_uri())
    tool = Tool(page, library.load(ELEMENTS))
    tool.fill({"age_group": "child", "recruited": "yes", "forced_labour": "yes"})
    text = tool.save()
    page.evaluate("document.dispatchEvent(new CustomEvent('ct:clear'))")
    tool.open(text)
    expect(tool.root.locator(".ct-outcome-title")).to_be_visible()
    assert len(tool.answers()) == 3
    context.close()


# --- Rows ---


def test_rows_are_added_and_removed_by_keyboard_and_keep_their_names(page, made_up):
    tool = made_up(vectors.fixture("everything.yml"))
    tool.option("place", "land").check()
    rows = tool.root.locator('[data-ct-repeat="periods"] > .ct-row')
    add = tool.root.locator('[data-ct-add="periods"]')
    expect(rows).to_have_count(1)
    add.click()
    expect(rows).to_have_count(2)
    add.focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(3)
    expect(rows.nth(2).locator("input").first).to_be_focused()
    for at, due in enumerate(("100", "200", "300")):
        rows.nth(at).locator('[data-ct-input="due"]').fill(due)
        rows.nth(at).locator('[data-ct-input="got"]').fill("50")
    rows.nth(1).locator("[data-ct-remove]").focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    expect(add).to_be_focused()
    assert [rows.nth(at).locator("legend").first.inner_text() for at in (0, 1)] == ["Period 1", "Period 2"]
    assert rows.nth(1).locator('[data-ct-input="due"]').get_attribute("title") == "Period 2: Due"
    assert rows.nth(1).locator('[data-ct-value="gap"] output').inner_text() == "250.00 USD"
    ids = tool.root.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    saved = json.loads(tool.save())["answers"]["periods"]
    assert [row["due"] for row in saved] == ["100", "300"]
    add.click()  # after a row in the middle was removed, names stay apart
    ids = tool.root.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_one_row_on_the_screen_and_all_on_paper(page, made_up):
    """A long table would hide what follows; an empty form that is printed has its rows, and a filled one what was filled."""
    instrument = vectors.fixture("everything.yml")
    tool = made_up(instrument)
    rows = tool.root.locator('[data-ct-repeat="periods"] > .ct-row')
    on_paper = instrument.repeats["periods"].print_rows
    assert on_paper > 1
    expect(rows).to_have_count(1)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(rows).to_have_count(on_paper)
    ids = tool.root.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(rows).to_have_count(1)
    tool.option("place", "land").check()
    tool.field("due").first.fill("100")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(rows).to_have_count(1)
    assert json.loads(tool.save())["answers"]["periods"] == [{"due": "100"}]


def test_no_more_rows_than_the_definition_allows(made_up):
    tool = made_up(vectors.fixture("everything.yml"))
    tool.option("place", "land").check()
    for _ in range(6):
        tool.root.locator('[data-ct-add="periods"]').click()
    expect(tool.root.locator('[data-ct-repeat="periods"] > .ct-row')).to_have_count(6)
    expect(tool.message).to_have_text("No more rows can be added.")


def test_what_does_not_apply_is_hidden_and_comes_back(made_up):
    tool = made_up(vectors.fixture("everything.yml"))
    expect(tool.field("ended")).to_be_hidden()
    tool.field("started").fill("2026-01-01")
    tool.field("ended").fill("2026-01-31")
    tool.field("started").fill("")
    expect(tool.field("ended")).to_be_hidden()
    assert "ended" not in json.loads(tool.save())["answers"]
    tool.field("started").fill("2026-01-02")
    expect(tool.field("ended")).to_have_value("2026-01-31")


# --- Words are words ---


@pytest.mark.promise("privacy-csp")
def test_hostile_words_are_shown_as_words(page, made_up):
    hostile = "<img src=x onerror=window.ran=1></script><script>window.ran=1</script>"
    fixture = vectors.fixture("everything.yml")
    item = dataclasses.replace(fixture.items["agreed"], label=hostile, hint=hostile, contested=hostile)
    members = (item, *(m for m in fixture.sections[0].members if m.id != "agreed"))
    section = dataclasses.replace(fixture.sections[0], title=hostile, members=members)
    outcomes = tuple(dataclasses.replace(o, title=hostile, text=hostile) for o in fixture.outcomes)
    tool = made_up(dataclasses.replace(fixture, title=hostile, sections=(section, *fixture.sections[1:]), outcomes=outcomes))  # fmt: skip
    tool.option("agreed", "yes").check()
    tool.field("case_code").fill(hostile)
    tool.press("summary")
    tool.root.locator(".ct-changes summary").click()
    expect(tool.root.locator(".ct-outcome-title")).to_have_text(hostile)
    assert hostile in tool.root.locator(".ct-summary-text").input_value()
    assert json.loads(tool.save())["answers"]["case_code"] == hostile
    assert tool.root.locator("img").count() == 0
    assert page.evaluate("window.ran") is None


# --- Without scripts, on paper, for everyone ---


@pytest.mark.promise("access-no-js")
def test_without_scripts_a_tool_reads(browser, server):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{server}/{CHAPTER}")
    tool = Tool(page, library.load(ELEMENTS))
    for item in tool.instrument.items.values():
        expect(tool.root.locator(f'[data-ct-item="{item.id}"]')).to_be_visible()
        expect(tool.root.locator(f'[data-ct-item="{item.id}"]')).to_contain_text(item.label)
    expect(tool.root.locator(".ct-when").first).to_be_visible()
    expect(tool.root.locator(".ct-paper")).to_be_visible()
    for outcome in tool.instrument.outcomes:
        expect(tool.root.locator(".ct-paper")).to_contain_text(outcome.title)
    assert [one for one in tool.root.locator(".ct-live").all() if one.is_visible()] == []
    assert tool.root.locator("button:visible").count() == 0
    context.close()


def test_on_paper_the_tool_bar_is_gone_and_the_result_stays(page, elements):
    elements.fill({"age_group": "child", "recruited": "yes", "forced_labour": "yes"})
    page.emulate_media(media="print")
    for selector in (".ct-toolbar", ".ct-steps", ".ct-follow", ".ct-about"):
        assert elements.root.locator(f"{selector}:visible").count() == 0, selector
    expect(elements.root.locator(".ct-outcome-title")).to_be_visible()
    assert elements.option("recruited", "yes").is_checked()


@pytest.mark.slow
@pytest.mark.promise("access-axe")
def test_axe_finds_nothing_in_a_tool_in_any_state(page, elements, axe_source):
    tool = elements
    page.evaluate(axe_source)
    found = all_looks(page, "empty")
    tool.fill({"age_group": "adult", "recruited": "yes"})
    found += all_looks(page, "filled")
    tool.fill({"force": "yes", "forced_labour": "yes", "person_agreed": "yes"})
    for fold in tool.root.locator("details:visible > summary").all():
        if not fold.evaluate("summary => summary.parentElement.open"):
            fold.click()
    tool.press("summary")
    tool.save()
    found += all_looks(page, "with a result and everything open")
    tool.open("hello")
    expect(tool.alert).not_to_be_empty()
    found += all_looks(page, "with an error")
    assert found == []


@pytest.mark.slow
@pytest.mark.promise("access-axe")
def test_axe_finds_nothing_in_the_form_that_has_every_kind_of_field(page, made_up, axe_source):
    tool = made_up(vectors.fixture("everything.yml"))
    page.evaluate(axe_source)  # the page's policy lets the test's own script in, and no other
    found = all_looks(page, "empty")
    tool.fill({"agreed": "yes", "place": "sea"})
    tool.field("hours").fill("ten")
    tool.field("days").fill("0")
    tool.field("wage").fill("100")
    tool.option("signs", "papers").check()
    tool.field("due").first.fill("100")
    tool.field("got").first.fill("40")
    found += all_looks(page, "filled, with an error")
    assert found == []


def test_nothing_is_cut_off_on_a_phone_in_the_longest_list(page, server):
    page.set_viewport_size(PHONE)
    page.goto(f"{server}/{CHAPTER}")
    tool = Tool(page, library.load("identification/ilo-screening-adult-labour"))
    tool.option("age_group", "adult").check()
    tool.option("work_begun", "yes").check()
    tool.option("acts", "recruited").check()
    tool.fill({"exp_hours": "yes", "exp_low_pay": "yes", "des_documents": "yes", "des_isolation": "yes"})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    cut = tool.root.evaluate("""(root) => [...root.querySelectorAll("label, legend, dd, dt, p, li, a, button")]
      .filter((it) => it.offsetParent && !it.closest(".ct-announce") && it.scrollWidth > it.clientWidth + 1 && it.clientWidth)
      .map((it) => it.outerHTML.slice(0, 120))""")
    assert cut == []


@pytest.mark.promise("language-rtl")
def test_a_tool_holds_from_right_to_left_and_with_words_twice_as_long(page, elements):
    page.set_viewport_size(PHONE)
    elements.fill({"age_group": "adult", "recruited": "yes", "fraud": "yes", "forced_labour": "yes"})
    outside = elements.root.evaluate("""(root) => {
      document.documentElement.dir = "rtl";
      const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const node = walk.currentNode;
        if (node.parentElement.tagName !== "SCRIPT" && node.data.trim()) node.data += " " + node.data;
      }
      return [...root.querySelectorAll("*")].filter((part) => {
        const box = part.getBoundingClientRect(), style = getComputedStyle(part);
        return box.width > 1 && style.clipPath === "none" && (box.left < -1 || box.right > innerWidth + 1);
      }).map((part) => part.className || part.tagName);
    }""")
    assert outside == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
