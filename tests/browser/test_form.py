"""The form in the page: filled, explained, saved, opened, cleared; nothing lost, nothing kept, nothing sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.instruments import library, record
from tools.instruments.assessment import assess

pytestmark = pytest.mark.browser

PAGE = "book/identification/indicators.html"
ELEMENTS = "identification/elements-of-the-definition"
TOOL = f'[data-ct-tool="{ELEMENTS}"]'
BASE = "#ct-identification--elements-of-the-definition-"
STORED = (
    """() => [Object.keys(localStorage).length, Object.keys(sessionStorage).length, document.cookie, location.href]"""
)


@pytest.fixture
def form(page, server):
    """The chapter with its tools, open in the browser."""
    page.goto(f"{server}/{PAGE}")
    page.wait_for_selector(f"{TOOL}.ct-on")
    return page


def pick(page, *names: str) -> None:
    for name in names:
        page.locator(f"{BASE}{name}").check(force=True)


def outcome(page) -> str:
    return str(page.locator(f"{TOOL} .ct-outcome-title").inner_text())


def fill(page) -> None:
    pick(page, "age_group-adult", "recruited-yes", "fraud-yes", "forced_labour-yes")


def test_the_result_follows_the_answers_with_its_reasons(form) -> None:
    assert form.locator(f"{TOOL} .ct-result-body").inner_text().startswith("No answers yet")
    fill(form)
    assert outcome(form) == "The elements are there: protect and refer now"
    reasons = form.locator(f"{TOOL} .ct-reasons li").all_inner_texts()
    assert reasons == [
        "How old is the person? Adult, 18 or over", "Someone recruited the person: Yes", "Fraud or deception: Yes",
        "Forced labour or services: Yes",
    ]  # fmt: skip
    assert "protect and refer now" in form.locator(f"{TOOL} .ct-announce").inner_text()
    form.locator(f"{TOOL} .ct-changes summary").click()
    form.wait_for_selector(f"{TOOL} .ct-changes li")
    assert form.locator(f"{TOOL} .ct-changes li").count() > 3


@pytest.mark.promise("access-keyboard")
def test_the_form_can_be_filled_with_the_keyboard_alone(form) -> None:
    form.locator(f"{BASE}age_group-adult").focus()
    form.keyboard.press("Space")
    for name, key in (("recruited-yes", "Space"), ("force-yes", "Space"), ("servitude-yes", "Space")):
        for _ in range(60):
            form.keyboard.press("Tab")
            if form.evaluate("() => document.activeElement.id") == f"{BASE[1:]}{name}":
                break
        form.keyboard.press(key)
    assert outcome(form) == "The elements are there: protect and refer now"
    form.keyboard.press("ArrowDown")
    assert form.evaluate("() => document.activeElement.value") == "no"
    assert outcome(form) != "The elements are there: protect and refer now"


@pytest.mark.promise("privacy-memory-only", "same-result")
def test_a_saved_record_opens_in_python_and_in_the_page(form, tmp_path: Path) -> None:
    fill(form)
    with form.expect_download() as download:
        form.locator(f'{TOOL} [data-ct-action="save"]').click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "record.json"  # the name tells nothing
    instrument = library.load(ELEMENTS)
    saved, notes = record.loads(file.read_text(encoding="utf-8"), instrument)
    assert notes == ()
    assert assess(instrument, saved).outcome.id == "all_elements"
    form.reload()
    assert form.locator(f"{TOOL} input:checked").count() == 0  # nothing stays across a reload
    form.locator(f"{TOOL} .ct-file").set_input_files(file)
    form.wait_for_selector(f"{TOOL} .ct-outcome-title")
    assert outcome(form) == "The elements are there: protect and refer now"
    assert form.locator(f"{BASE}fraud-yes").is_checked()


OTHER = {"format": "ct-record/1", "instrument": "other/one", "version": "1.0", "answers": {}}


@pytest.mark.promise("input-nothing-lost", "input-messages")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not json", "not a saved record"),
        (json.dumps(OTHER), "belongs to another tool: other/one"),
        (
            json.dumps({**OTHER, "instrument": ELEMENTS, "version": "9.0"}),
            "saved with version 9.0; this is version 1.0",
        ),
        (
            json.dumps({**OTHER, "instrument": ELEMENTS, "answers": {"fraud": "perhaps"}}),
            "has an answer that this form",
        ),
        ("x" * 1_000_001, "larger than a record can be"),
    ],
    ids=["not-json", "other-tool", "other-version", "unknown-answer", "too-large"],
)
def test_a_wrong_file_is_refused_in_plain_words_and_nothing_is_lost(form, text: str, said: str) -> None:
    fill(form)
    form.locator(f"{TOOL} .ct-file").set_input_files(
        {"name": "wrong.json", "mimeType": "application/json", "buffer": text.encode()}
    )
    form.wait_for_selector(f"{TOOL} .ct-alert p")
    message = form.locator(f"{TOOL} .ct-alert").inner_text()
    assert said in message
    assert "your answers are unchanged" in message
    assert form.locator(f"{TOOL} input:checked").count() == 4
    assert outcome(form) == "The elements are there: protect and refer now"


@pytest.mark.promise("privacy-clear")
def test_clear_removes_answers_results_and_summary(form) -> None:
    fill(form)
    form.locator(f'{TOOL} [data-ct-action="summary"]').click()
    assert "RESULT" in form.locator(f"{TOOL} .ct-summary-text").input_value()
    form.on("dialog", lambda dialog: dialog.accept())
    form.locator(f'{TOOL} [data-ct-action="clear"]').click()
    assert form.locator(f"{TOOL} input:checked").count() == 0
    assert form.locator(f"{TOOL} .ct-outcome-title").count() == 0
    assert form.locator(f"{TOOL} .ct-summary-text").input_value() == ""
    assert "cleared" in form.locator(f"{TOOL} .ct-message").inner_text()


@pytest.mark.promise("input-nothing-lost")
def test_clear_asks_first(form) -> None:
    fill(form)
    form.on("dialog", lambda dialog: dialog.dismiss())
    form.locator(f'{TOOL} [data-ct-action="clear"]').click()
    assert form.locator(f"{TOOL} input:checked").count() == 4


@pytest.mark.promise("safety-leave", "privacy-clear")
def test_leaving_clears_every_tool_without_asking(form) -> None:
    fill(form)
    form.evaluate("() => document.dispatchEvent(new CustomEvent('ct:clear'))")
    assert form.locator("[data-ct-tool] input:checked").count() == 0
    assert form.locator(f"{TOOL} .ct-outcome-title").count() == 0


@pytest.mark.promise("privacy-no-cookies-no-storage", "privacy-nothing-typed-in-url", "privacy-no-request")
def test_nothing_is_stored_sent_or_put_into_the_address(form) -> None:
    asked: list[str] = []
    form.on("request", lambda request: asked.append(request.url))
    before = form.evaluate(STORED)
    fill(form)
    form.locator(f"{BASE}write").evaluate("(area) => { area.value = 'typed'; }")
    form.locator(f"{TOOL} .ct-form").evaluate("(form) => form.requestSubmit()")
    form.locator(f'{TOOL} [data-ct-action="summary"]').click()
    assert form.evaluate(STORED) == before
    assert before[:3] == [0, 0, ""]
    assert [url for url in asked if not url.startswith("blob:")] == []


@pytest.mark.promise("offline-file")
def test_the_tools_work_from_disk_without_a_network(context, site: Path) -> None:
    context.set_offline(True)
    page = context.new_page()
    page.goto((site / PAGE).as_uri())
    fill(page)
    assert outcome(page) == "The elements are there: protect and refer now"
    with page.expect_download():
        page.locator(f'{TOOL} [data-ct-action="save"]').click()


@pytest.mark.promise("access-no-js", "privacy-nothing-typed-in-url")
def test_without_scripts_the_form_reads_and_nothing_can_be_sent(browser, server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/{PAGE}")
    words = page.locator(TOOL).inner_text()
    assert "Only if: “How old is the person?” is “Adult, 18 or over”." in words
    assert "By hand" in words
    assert page.locator(f"{TOOL} .ct-toolbar").is_hidden()
    address = page.url
    page.locator(f"{BASE}recruited-yes").check(force=True)
    page.locator(f"{BASE}recruited-yes").press("Enter")
    assert page.url == address
    context.close()


@pytest.mark.promise("access-axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_a_filled_form(form, axe_source: str, scheme: str, width: int) -> None:
    form.set_viewport_size({"width": width, "height": 800})
    form.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    fill(form)
    form.locator(f'{TOOL} [data-ct-action="summary"]').click()
    form.locator(f"{TOOL} .ct-file").set_input_files({"name": "x", "mimeType": "text/plain", "buffer": b"x"})
    form.wait_for_selector(f"{TOOL} .ct-alert p")
    form.locator(f"{TOOL} details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
    form.evaluate(axe_source)
    found = form.evaluate(
        "async (tool) => (await axe.run(document.querySelector(tool))).violations.map((v) => v.id + ': ' + v.nodes[0].html)",
        TOOL,
    )
    assert found == []
    assert form.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.promise("language-rtl")
def test_the_form_holds_from_right_to_left_and_with_longer_words(form) -> None:
    form.set_viewport_size({"width": 320, "height": 800})
    form.evaluate(
        """(tool) => {
          document.documentElement.dir = "rtl";
          const walk = document.createTreeWalker(document.querySelector(tool), NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const node = walk.currentNode;
            if (node.parentElement.tagName !== "SCRIPT" && node.data.trim()) node.data += " " + node.data;
          }
        }""",
        TOOL,
    )
    assert form.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    outside = form.evaluate(
        """(tool) => [...document.querySelectorAll(tool + " *")].filter((part) => {
          const box = part.getBoundingClientRect(), style = getComputedStyle(part);
          return box.width > 1 && style.clipPath === "none" && (box.left < -1 || box.right > innerWidth + 1);
        }).map((part) => part.className || part.tagName)""",
        TOOL,
    )
    assert outside == []


def test_print_leaves_out_what_only_a_screen_can_use(form) -> None:
    form.emulate_media(media="print")
    assert form.locator(f"{TOOL} .ct-toolbar").is_hidden()
    assert form.locator(f"{TOOL} .ct-steps").is_hidden()
