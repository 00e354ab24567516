"""Saving and opening in the page: why, for whom, until when; locked with a passphrase; the same files in Python."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import functools
import http.server
import json
import threading
from typing import Any

import pytest
from cases import vectors
from cases.in_page import PHONE, Tool, all_looks, by_keyboard
from playwright.sync_api import expect

from tools.errors import Problem
from tools.instruments import record, seal
from tools.surfaces import html

pytestmark = pytest.mark.browser

VECTORS: list[dict[str, Any]] = json.loads((vectors.HERE / "sealed.json").read_text(encoding="utf-8"))["sealed"]
SECRET = "four unrelated plain words"  # noqa: S105
EVERYTHING = vectors.fixture("everything.yml")
HTML = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>x</title><script src="tool.js"></script></head><body></body></html>'

OPEN = """
(files) => Promise.all(files.map(([text, passphrase]) =>
  ctInstruments.unseal(text, passphrase).then((found) => [null, found], (problem) => [problem.code || String(problem), null])))
"""
CLOSE = "(all) => Promise.all(all.map(([text, passphrase, fixed]) => ctInstruments.seal(text, passphrase, fixed)))"


@contextlib.contextmanager
def served(folder):
    """Serve a folder on this machine; gives its port."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield httpd.server_address[1]
    httpd.shutdown()


@pytest.fixture(params=["file", "http"])
def engine(page, tmp_path, request):
    """A page with the script and nothing else: from disk, and from a server on this machine."""
    (tmp_path / "tool.js").write_text(html.script(), encoding="utf-8")
    (tmp_path / "index.html").write_text(HTML, encoding="utf-8")
    if request.param == "file":
        page.goto((tmp_path / "index.html").as_uri())
        yield page
        return
    with served(tmp_path) as port:
        page.goto(f"http://127.0.0.1:{port}/index.html")
        yield page


@pytest.mark.promise("same-result", "offline-file")
def test_page_and_python_open_and_write_the_same_locked_files(engine) -> None:
    found = engine.evaluate(OPEN, [[json.dumps(case["sealed"]), case["passphrase"]] for case in VECTORS])
    assert found == [[None, case["text"]] for case in VECTORS]
    fixed = [[case["text"], case["passphrase"], case["sealed"]] for case in VECTORS]
    for case, text in zip(VECTORS, engine.evaluate(CLOSE, fixed), strict=True):
        assert json.loads(text) == case["sealed"]
        assert text == json.dumps(json.loads(text), indent=2) + "\n"  # to the byte what Python writes


@pytest.mark.promise("same-result", "offline-file")
def test_what_one_locks_the_other_opens(engine) -> None:
    text, secret = "ស្រី\n" * 400 + "\0", "Zoë  🔑"
    (locked,) = engine.evaluate(CLOSE, [[text, secret, None]])
    assert seal.unseal(locked, secret) == text
    assert engine.evaluate(OPEN, [[seal.seal(text, secret), secret]]) == [[None, text]]


def changes() -> list[str]:
    """Return files that cannot be opened: every part changed, left out, cut, and of another kind."""
    file = next(case["sealed"] for case in VECTORS if case["id"] == "record")
    made = []
    for key in ("salt", "nonce", "data"):
        data = bytearray(base64.b64decode(file[key]))
        for at in sorted({0, len(data) // 2, len(data) - 1, max(0, len(data) - 17)}):
            other = bytearray(data)
            other[at] ^= 1
            made.append(file | {key: base64.b64encode(bytes(other)).decode()})
        made += [
            file | {key: value}
            for value in (None, "", 1, file[key][:-4], "!" + file[key][1:], file[key] + "\n", "AAAA")
        ]
    made += [
        file | {"iterations": value}
        for value in (100_001, 99_999, 5_000_001, -1, 0, "100000", None, True, 100_000.5, 10**30)
    ]
    made += [file | {"format": value} for value in ("ct-sealed/2", "ct-record/1", "", 5, None)]
    made += [file | {"kdf": "PBKDF2"}, file | {"cipher": None}, file | {"salt": file["salt"].replace("Q==", "R==")}]
    made += [{key: value for key, value in file.items() if key != left} for left in file]
    texts = [json.dumps(one) for one in made]
    whole = json.dumps(file)
    return [
        *texts,
        "",
        "x",
        "[]",
        "null",
        *(whole[:at] for at in (15, 30, 200, len(whole) - 1)),
        whole + "x",
        " " * 6_000_001,
    ]


@pytest.mark.promise("same-result", "input-messages", "input-limits")
def test_the_page_refuses_the_locked_files_that_python_refuses(engine) -> None:
    secret = next(case["passphrase"] for case in VECTORS if case["id"] == "record")
    files = [(text, secret) for text in changes()]
    good = json.dumps(next(case["sealed"] for case in VECTORS if case["id"] == "record"))
    files += [(good, "another"), (good, secret + " "), (good, "")]
    codes = set()
    for (text, passphrase), (code, _) in zip(files, engine.evaluate(OPEN, files), strict=True):
        with pytest.raises(Problem) as caught:
            seal.unseal(text, passphrase)
        assert caught.value.code == code, text[:300]
        codes.add(code)
    assert codes == {f"SEA_00{n}" for n in range(1, 7)}


def test_an_empty_passphrase_locks_nothing(engine) -> None:
    assert engine.evaluate("ctInstruments.seal('x', '').catch((problem) => problem.code)") == "SEA_005"


# --- The panel -----------------------------------------------------------------------------------


def part(tool: Tool, label: str):
    return tool.panel.get_by_label(label, exact=False).first


def button(tool: Tool, name: str):
    return tool.panel.get_by_role("button", name=name, exact=True)


def saved(tool: Tool, action: str = "Save") -> tuple[str, str]:
    """Press the panel's button; return the name and the text of the file."""
    with tool.page.expect_download() as download:
        button(tool, action).click()
    return download.value.suggested_filename, download.value.path().read_text(encoding="utf-8")


def months(count: int) -> str:
    """Return the same day some months on, or the last of that month."""
    day = dt.datetime.now().astimezone().date()
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(day.day, last)).isoformat()


def test_saving_asks_why_for_whom_and_until_when(elements):
    tool = elements
    tool.fill({"recruited": "yes"})
    tool.press("save")
    expect(tool.panel).to_be_focused()
    expect(tool.panel).to_have_accessible_name("Save to a file")
    expect(tool.panel).to_contain_text("Not filled in: Purpose, Receiver, Keep until. You can save without.")
    assert part(tool, "Keep until").input_value() == ""
    for name, count in (("In 12 months", 12), ("In 3 months", 3)):
        button(tool, name).click()
        expect(part(tool, "Keep until")).to_have_value(months(count))
    expect(tool.panel).to_contain_text("Not filled in: Purpose, Receiver. You can save without.")
    part(tool, "Purpose").fill(" Referral ")
    part(tool, "Receiver").fill("Shelter desk")
    expect(tool.panel).not_to_contain_text("Not filled in")
    name, text = saved(tool)
    assert name == "record.json"
    handling = record.Handling("Referral", "Shelter desk", dt.date.fromisoformat(months(3)))
    read = record.read(text, tool.instrument)
    assert read == record.Opened(record.of(tool.instrument, {"recruited": "yes"}), handling, ())
    assert text == record.dumps(read.record, tool.instrument, handling=handling)
    expect(tool.panel).to_have_count(0)
    expect(tool.message).to_contain_text("Saved.")
    # A second file of the same form proposes the same; the file says it when it is opened.
    tool.press("save")
    expect(part(tool, "Receiver")).to_have_value("Shelter desk")
    button(tool, "Cancel").click()
    expect(tool.root.locator('[data-ct-action="save"]')).to_be_focused()
    tool.page.evaluate("document.dispatchEvent(new CustomEvent('ct:clear'))")
    tool.open(text)
    for said in ("The record is open.", "Purpose: Referral", "Receiver: Shelter desk", f"Keep until: {months(3)}"):
        expect(tool.message).to_contain_text(said)
    expect(tool.alert).to_be_empty()


def test_nothing_has_to_be_said(elements):
    elements.fill({"recruited": "yes"})
    elements.press("save")
    _, text = saved(elements)
    assert list(json.loads(text)) == ["format", "instrument", "version", "answers"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [("A-17 2026-11-24", "A-17 2026-11-24.json"), ("a.json", "a.json"), ("", "record.json"), ("../../x:y", "-..-x-y.json"), (".hidden", "hidden.json"), ("x" * 300, "x" * 80 + ".json"), ("ស្រី", "ស្រី.json")],
    ids=str,
)  # fmt: skip
def test_the_name_of_the_file_is_neutral_and_can_be_a_name(made_up, typed, name):
    tool = made_up(EVERYTHING)
    tool.press("save")
    part(tool, "Name of the file").fill(typed)
    assert saved(tool)[0] == name


@pytest.mark.promise("input-messages", "input-nothing-lost")
def test_a_date_that_is_none_is_not_saved(made_up):
    tool = made_up(EVERYTHING)
    tool.press("save")
    until = part(tool, "Keep until")
    until.press_sequentially("0229")
    button(tool, "Save").click()
    expect(tool.panel.locator(".ct-error")).to_contain_text("Write a date as year-month-day")
    expect(until).to_be_focused()
    expect(until).to_have_attribute("aria-invalid", "true")
    until.fill("2100-12-31")
    assert json.loads(saved(tool)[1])["handling"] == {"keep_until": "2100-12-31"}


def test_a_record_beyond_its_date_opens_with_a_calm_warning(elements):
    tool = elements
    answers = record.of(tool.instrument, {"recruited": "yes"})
    tool.open(
        record.dumps(answers, tool.instrument, handling=record.Handling("Referral", keep_until=dt.date(2020, 1, 1)))
    )
    expect(tool.message).to_contain_text("The record is open.")
    expect(tool.alert).to_contain_text(
        "was to be kept until 2020-01-01. It is kept beyond its date: delete it, or decide"
    )
    assert list(tool.answers().values()) == ["yes"]
    tool.press("save")
    assert part(tool, "Keep until").input_value() == ""  # decide anew
    assert part(tool, "Purpose").input_value() == "Referral"


# --- Locked --------------------------------------------------------------------------------------


def lock(tool: Tool, secret: str = SECRET) -> str:
    """Save with a passphrase; return the text of the file."""
    tool.press("save")
    part(tool, "Passphrase, to lock").fill(secret)
    part(tool, "The same passphrase again").fill(secret)
    return saved(tool)[1]


@pytest.mark.promise("same-result", "input-nothing-lost", "offline-file")
@pytest.mark.parametrize("where", ["disk", "server"])
def test_a_locked_file_opens_in_python_and_again_in_the_page(page, where, request):
    tool = request.getfixturevalue("made_up")(EVERYTHING) if where == "disk" else request.getfixturevalue("elements")
    item = "agreed" if where == "disk" else "recruited"
    tool.fill({item: "yes"})
    text = lock(tool)
    expect(tool.message).to_contain_text("Saved, and locked with the passphrase.")
    assert json.loads(text)["iterations"] == seal.ITERATIONS
    read, notes = record.loads(text, tool.instrument, SECRET)
    assert (dict(read.answers), notes) == ({item: "yes"}, ())
    # The other way round: Python locks, the page opens.
    for file in (text, record.dumps(read, tool.instrument, passphrase=SECRET)):
        page.evaluate("document.dispatchEvent(new CustomEvent('ct:clear'))")
        tool.open(file)
        expect(tool.panel).to_have_accessible_name("This file is locked with a passphrase")
        part(tool, "Passphrase").fill(SECRET)
        button(tool, "Open").click()
        expect(tool.message).to_contain_text("The record is open.")
        expect(tool.panel).to_have_count(0)
        expect(tool.root.locator('[data-ct-action="open"]')).to_be_focused()
        assert tool.option(item, "yes").is_checked()


@pytest.mark.promise("input-messages", "input-nothing-lost")
def test_a_wrong_passphrase_keeps_the_panel_and_the_answers(page, elements):
    tool = elements
    page.on("dialog", lambda dialog: dialog.accept())
    tool.fill({"recruited": "yes"})
    before = tool.answers()
    tool.open(record.dumps(record.of(tool.instrument, {"recruited": "no"}), tool.instrument, passphrase=SECRET))
    field, fault = part(tool, "Passphrase"), tool.panel.locator(".ct-error")
    expect(field).to_be_focused()
    for wrong, said in (("", "Type the passphrase"), ("wrong", "The passphrase is wrong, or the file was changed."), (SECRET.upper(), "The passphrase is wrong")):  # fmt: skip
        field.fill(wrong)
        page.keyboard.press("Enter")
        expect(fault).to_contain_text(said)
        expect(field).to_be_focused()
        assert {key: value for key, value in tool.answers().items() if not key.endswith("-panel-pass")} == before
    field.fill(SECRET)
    page.keyboard.press("Enter")
    expect(tool.message).to_contain_text("The record is open.")
    assert list(tool.answers().values()) == ["no"]


@pytest.mark.promise("input-messages", "input-nothing-lost")
def test_a_locked_file_that_cannot_be_opened_is_told(elements):
    tool = elements
    tool.fill({"recruited": "yes"})
    before = tool.answers()
    file = json.loads(record.dumps(record.of(tool.instrument, {}), tool.instrument, passphrase=SECRET))
    for text, said in (
        (json.dumps(file)[:500], "damaged or not complete"),
        (json.dumps(file | {"format": "ct-sealed/2"}), "in a way that this edition does not know"),
        (json.dumps(file | {"iterations": 5_000_001}), "was not written by one of these tools, or it was changed"),
    ):
        tool.open(text)
        expect(tool.alert).to_contain_text(said)  # and no passphrase is asked for
        expect(tool.alert).to_contain_text("your answers are unchanged")
        expect(tool.panel).to_have_count(0)
        assert tool.answers() == before
    # The seal is good, and what it holds is of another tool.
    tool.open(record.dumps(record.of(EVERYTHING, {}), EVERYTHING, passphrase=SECRET))
    part(tool, "Passphrase").fill(SECRET)
    button(tool, "Open").click()
    expect(tool.alert).to_contain_text("another tool: tests/everything")
    assert tool.answers() == before


def test_two_different_passphrases_save_nothing(page, elements):
    tool = elements
    page.on("download", lambda _: pytest.fail("saved"))
    tool.press("save")
    part(tool, "Passphrase, to lock").fill(SECRET)
    for other in ("", SECRET + " "):
        part(tool, "The same passphrase again").fill(other)
        button(tool, "Save").click()
        expect(tool.panel.locator(".ct-error")).to_contain_text("not the same")
        expect(part(tool, "The same passphrase again")).to_be_focused()


HINTS = {
    "Easy": ["x", "correct", "passwordpassword", "12345678901234", "24 11 2026 24 11", "aaaaaaaaaaaaaaaa", "abcabcabcabcabc", "qwertzuiopas!7"],
    "Harder": ["tin roof seven", "vier kleine Socken"],
    "Hard to": [SECRET, "ធ្វើ ម្ហូប ក្នុង ផ្ទះបាយ ពណ៌ ខៀវ"],
}  # fmt: skip


def test_the_strength_of_a_passphrase_is_told_in_words_and_stops_nobody(made_up):
    tool = made_up(EVERYTHING)
    tool.press("save")
    for said, secrets in HINTS.items():
        for secret in secrets:
            part(tool, "Passphrase, to lock").fill(secret)
            expect(tool.panel).to_contain_text(said)
            assert sum(start in tool.panel.inner_text() for start in ("Easy to", "Harder to", "Hard to")) == 1
    part(tool, "Passphrase, to lock").fill("x")
    part(tool, "The same passphrase again").fill("x")
    assert record.loads(saved(tool)[1], EVERYTHING, "x")[0].answers == {}


# --- No trace, no lock, every hand ---------------------------------------------------------------


@pytest.mark.promise("privacy-clear", "privacy-memory-only", "safety-leave")
def test_clearing_takes_the_panel_its_fields_and_what_was_said(page, elements):
    tool = elements
    tool.fill({"recruited": "yes"})
    tool.press("save")
    part(tool, "Receiver").fill("Shelter desk")
    saved(tool)
    tool.press("save")
    part(tool, "Passphrase, to lock").fill(SECRET)
    handle = part(tool, "Passphrase, to lock").element_handle()
    page.evaluate("document.dispatchEvent(new CustomEvent('ct:clear'))")
    expect(tool.panel).to_have_count(0)
    assert handle.input_value() == ""  # emptied, not only taken out of the page
    assert tool.answers() == {}
    expect(tool.message).to_be_empty()
    tool.press("save")
    assert part(tool, "Receiver").input_value() == ""


@pytest.mark.promise("privacy-clear", "safety-leave")
def test_clearing_while_a_file_is_being_locked_saves_nothing(page, elements):
    tool = elements
    page.on("download", lambda _: pytest.fail("saved"))
    tool.fill({"recruited": "yes"})
    tool.press("save")
    for label in ("Passphrase, to lock", "The same passphrase again"):
        part(tool, label).fill(SECRET)
    page.evaluate("""() => {
      document.querySelector(".ct-panel .ct-buttons button").click();
      document.dispatchEvent(new CustomEvent("ct:clear"));
    }""")
    page.wait_for_timeout(1500)
    expect(tool.message).to_be_empty()
    expect(tool.panel).to_have_count(0)


@pytest.mark.promise("input-nothing-lost")
def test_an_answer_given_while_a_file_is_being_locked_is_unsaved(page, elements):
    tool = elements
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    tool.fill({"recruited": "yes"})
    tool.press("save")
    for label in ("Passphrase, to lock", "The same passphrase again"):
        part(tool, label).fill(SECRET)
    with page.expect_download():
        page.evaluate("document.querySelector('.ct-panel .ct-buttons button').click()")
        tool.option("recruited", "no").click()
    page.reload()
    assert asked == ["beforeunload"]


@pytest.mark.promise("privacy-no-cookies-no-storage", "privacy-nothing-typed-in-url", "privacy-no-request")
def test_saving_and_opening_leave_no_trace(page, elements):
    tool = elements
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    start = page.evaluate("[location.href, history.length, JSON.stringify(history.state)]")
    tool.fill({"recruited": "yes"})
    text = lock(tool)
    page.once("dialog", lambda dialog: dialog.accept())
    tool.open(text)
    part(tool, "Passphrase").fill(SECRET)
    button(tool, "Open").click()
    expect(tool.message).to_contain_text("The record is open.")
    assert page.evaluate("[location.href, history.length, JSON.stringify(history.state)]") == start
    assert page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))") == []
    assert page.evaluate("indexedDB.databases()") == []
    assert page.context.cookies() == []
    assert [url for url in asked if not url.startswith("blob:")] == []
    assert SECRET not in page.content()


@pytest.mark.promise("input-messages")
def test_without_cryptography_a_file_is_saved_open_and_a_locked_one_is_refused(browser, tmp_path):
    """A page that comes by http from another machine has no ``crypto.subtle``."""
    (tmp_path / "tool.js").write_text(html.script(), encoding="utf-8")
    (tmp_path / "index.html").write_text(HTML.replace("<body>", "<body>" + html.render(EVERYTHING)), encoding="utf-8")
    page = browser.new_page()
    page.route("**/*", lambda route: route.fulfill(path=tmp_path / route.request.url.rpartition("/")[2]))
    page.goto("http://office.example/index.html")
    assert page.evaluate("isSecureContext") is False
    tool = Tool(page, EVERYTHING)
    tool.fill({"agreed": "yes"})
    tool.press("save")
    expect(tool.panel).to_contain_text("Here the browser cannot lock or unlock files")
    assert tool.panel.locator('[type="password"]').count() == 0
    part(tool, "Purpose").fill("Referral")
    _, text = saved(tool)
    assert record.handling_of(text) == record.Handling("Referral")
    before = tool.answers()
    tool.open(record.dumps(record.of(EVERYTHING, {}), EVERYTHING, passphrase=SECRET))
    expect(tool.alert).to_contain_text("cannot lock or unlock files")
    assert tool.answers() == before
    page.close()


@pytest.mark.promise("access-keyboard")
def test_the_panel_is_worked_by_keyboard_and_escape_leads_back(page, elements):
    tool = elements
    start = tool.root.locator('[data-ct-action="save"]')
    start.focus()
    page.keyboard.press("Enter")
    part(tool, "Passphrase, to lock").focus()
    page.keyboard.type(SECRET)
    page.keyboard.press("Escape")
    expect(tool.panel).to_have_count(0)
    expect(start).to_be_focused()
    page.keyboard.press("Enter")
    for label, typed in (("Purpose", "Referral"), ("Receiver", "Court"), ("Passphrase, to lock", "x"), ("again", "x")):
        by_keyboard(page, part(tool, label))
        page.keyboard.type(typed)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    text = download.value.path().read_text(encoding="utf-8")
    assert record.handling_of(text, "x") == record.Handling("Referral", "Court")
    expect(start).to_be_focused()


def test_nothing_in_the_panel_is_kept_by_the_browser(elements):
    elements.press("save")
    for one in elements.panel.locator("input").all():
        assert one.get_attribute("autocomplete") in {"off", "new-password"}
        assert one.get_attribute("spellcheck") == "false"
        assert one.evaluate("input => !input.form && !input.name")
    assert elements.panel.locator('[type="password"]').count() == 2


@pytest.mark.slow
@pytest.mark.promise("access-axe")
def test_axe_finds_nothing_in_the_panels(page, elements, axe_source):
    tool = elements
    page.evaluate(axe_source)
    tool.fill({"recruited": "yes"})
    tool.press("save")
    part(tool, "Passphrase, to lock").fill(SECRET)
    button(tool, "Save").click()
    found = all_looks(page, "saving, with an error")
    tool.open(record.dumps(record.of(tool.instrument, {}), tool.instrument, passphrase=SECRET))
    part(tool, "Passphrase").fill("wrong")
    button(tool, "Open").click()
    expect(tool.panel.locator(".ct-error")).not_to_be_empty()
    found += all_looks(page, "opening, with an error")
    old = record.dumps(record.of(tool.instrument, {"recruited": "yes"}), tool.instrument, handling=record.Handling("Referral", "Court", dt.date(2020, 1, 1)))  # fmt: skip
    page.once("dialog", lambda dialog: dialog.accept())
    tool.open(old)
    expect(tool.alert).not_to_be_empty()
    found += all_looks(page, "opened, beyond its date")
    assert found == []


def test_the_panel_fits_a_phone_from_right_to_left_with_long_words(page, elements):
    page.set_viewport_size(PHONE)
    page.evaluate("document.documentElement.dir = 'rtl'")
    elements.press("save")
    part(elements, "Passphrase, to lock").fill("x")
    outside = elements.panel.evaluate("""(panel) => {
      panel.querySelectorAll("p, label, button").forEach((it) => { it.textContent += " " + it.textContent; });
      return [...panel.querySelectorAll("*")].filter((it) => {
        const box = it.getBoundingClientRect();
        return box.width > 1 && (box.left < 0 || box.right > innerWidth);
      }).map((it) => it.outerHTML.slice(0, 100));
    }""")
    assert outside == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
