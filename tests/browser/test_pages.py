"""Every page of the built site in a real browser: what it asks for, stores, shows and lets the keyboard do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
SEARCH = "search.html"
NEUTRAL = "kitchen-measures.html"

# Before any script of the page: violations of the policy are kept where the test can read them.
_WATCH = """
window.ctViolations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.ctViolations.push(event.violatedDirective + " " + event.blockedURI + " " + (event.sample || ""));
});
"""


def page_names(site: Path) -> list[str]:
    """Return all pages of the site by path, but the first, which leads on to the book at once, and files to take along."""
    found = (path.relative_to(site).as_posix() for path in site.rglob("*.html") if path != site / "index.html")
    return sorted(name for name in found if not name.startswith("downloads/"))


@pytest.fixture(scope="module")
def names(site: Path) -> list[str]:
    return page_names(site)


@pytest.fixture(scope="module")
def tool_page(site: Path, names: list[str]) -> str:
    """A page with a tool."""
    found = [name for name in names if "data-ct-tool=" in (site / name).read_text(encoding="utf-8")]
    assert found, "no page has a tool"
    return found[0]


class Watched:
    """A browser page that remembers what it asked for and what its policy refused."""

    def __init__(self, context) -> None:
        self.page = context.new_page()
        self.requests: list[str] = []
        self.console: list[str] = []
        self.page.add_init_script(_WATCH)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.console.append(message.text) if message.type in ("error", "warning") else None,
        )

    def violations(self) -> list[str]:
        return self.page.evaluate("window.ctViolations")


@pytest.fixture
def watched(context) -> Watched:
    return Watched(context)


def abroad(requests: list[str], home: str) -> list[str]:
    """Return the requests that left home."""
    return [url for url in requests if not url.startswith((home, "data:", "blob:"))]


def use_everything(page) -> None:
    """Press what the frame of a page offers: colours, menu, notes, contents, folds."""
    for selector in ("[data-ct-theme]", "#site-menu", ".site-leave-help summary", "#site-toc", "main summary"):
        for thing in page.query_selector_all(selector):
            if thing.is_visible() and thing.is_enabled():
                thing.evaluate("element => element.click()")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


# --- What a page asks for, stores and refuses ---


@pytest.mark.promise("privacy-no-request", "privacy-csp", "privacy-no-cookies-no-storage", "weight-no-fonts")
def test_no_page_asks_elsewhere_breaks_its_policy_or_stores_anything(watched, server, names):
    faults = {}
    for name in names:
        watched.requests.clear()
        watched.console.clear()
        watched.page.goto(f"{server}/{name}", wait_until="load")
        use_everything(watched.page)
        if name == SEARCH:
            watched.page.fill("#site-query", "consent")
            watched.page.wait_for_selector(".site-results mark")
        found = {
            "abroad": abroad(watched.requests, server),
            "fonts": [url for url in watched.requests if re.search(r"\.(woff2?|ttf|otf|eot)\b", url)],
            "violations": watched.violations(),
            "console": list(watched.console),
            "cookies": watched.page.context.cookies(),
            "storage": watched.page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))"),
            "databases": watched.page.evaluate("indexedDB.databases().then(found => found.map(entry => entry.name))"),
        }
        if any(found.values()):
            faults[name] = {key: value for key, value in found.items() if value}
    assert faults == {}


@pytest.mark.promise("privacy-csp")
def test_the_policy_refuses_what_it_must(watched, server, names):
    """The check of the checks: a script, a style and a request from elsewhere are refused and seen."""
    page = watched.page
    page.goto(f"{server}/book/index.html")
    page.evaluate(
        """() => {
          const script = document.createElement("script"); script.textContent = "window.ran = true";
          document.head.append(script);
          document.body.setAttribute("style", "color: red");
          const picture = document.createElement("img"); picture.src = "http://192.0.2.1/x.png";
          document.body.append(picture);
        }"""
    )
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None
    assert {line.split()[0] for line in watched.violations()} >= {"script-src-elem", "style-src-attr", "img-src"}


def test_the_first_address_leads_to_the_book(watched, server):
    watched.page.goto(f"{server}/")
    watched.page.wait_for_url("**/book/index.html")
    assert abroad(watched.requests, server) == []


# --- From disk, without a network ---


@pytest.mark.promise("offline-file", "privacy-no-request")
def test_pages_and_search_work_from_disk_without_a_network(browser, site, names):
    context = browser.new_context(offline=True)
    watched = Watched(context)
    home = site.resolve().as_uri()
    for name in names:
        watched.page.goto(f"{home}/{name}", wait_until="load")
        assert watched.page.evaluate("getComputedStyle(document.body).fontFamily") != "", name
        assert watched.violations() == [], name
    watched.page.goto(f"{home}/{SEARCH}")
    watched.page.fill("#site-query", "consent")
    watched.page.wait_for_selector(".site-results mark")
    assert watched.page.locator(".site-results li p:has(mark)").count() > 0
    watched.page.locator(".site-results a").first.click()
    watched.page.wait_for_load_state()
    assert "consent" in watched.page.locator("main").inner_text().lower()
    assert abroad(watched.requests, home) == []
    assert watched.console == []
    context.close()


# --- Search ---


@pytest.mark.promise("privacy-nothing-typed-in-url", "access-keyboard", "offline-file")
def test_search_by_keyboard_leaves_no_trace_in_address_or_history(page, server):
    page.goto(f"{server}/book/index.html")
    page.goto(f"{server}/{SEARCH}")
    before = page.evaluate("[location.href, history.length]")
    page.keyboard.type("indicator", delay=5)  # the field has the focus
    page.keyboard.press("Enter")
    page.wait_for_selector(".site-results mark")
    assert page.evaluate("[location.href, history.length]") == before
    assert re.search(r"\d+ place", page.inner_text(".site-search-status"))
    assert page.get_attribute(".site-search-status", "role") == "status"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.site-results') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/book/"))
    assert "indicator" not in page.url.split("#")[0].split("?", 1)[-1] or "?" not in page.url


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("indic", "indicator"),  # the beginning of a word
        ("consnet", "consent"),  # a slip of the keys
        ("CONSENT", "consent"),
    ],
)
def test_search_forgives(page, server, typed, wanted):
    page.goto(f"{server}/{SEARCH}")
    page.fill("#site-query", typed)
    page.wait_for_selector(".site-results li")
    assert wanted in page.inner_text(".site-results").lower()


def test_search_says_so_when_nothing_is_found(page, server):
    page.goto(f"{server}/{SEARCH}")
    page.fill("#site-query", "qqxxqq")
    expect(page.locator(".site-search-status")).to_contain_text("Nothing found")
    assert page.locator(".site-results li").count() == 0


def test_search_writes_words_as_words(page, server):
    """What is typed is never read as HTML or as a pattern."""
    page.goto(f"{server}/{SEARCH}")
    page.fill("#site-query", "<img src=x> consent (.*")
    page.wait_for_timeout(600)
    assert page.locator(".site-results img").count() == 0


# --- Leave this page ---


def _hide_and_seek(page) -> str:
    return page.evaluate("document.body.innerText")


@pytest.mark.promise("safety-leave", "privacy-clear")
@pytest.mark.parametrize("way", ["click", "enter", "shift"])
def test_leaving_shows_the_neutral_page_and_back_does_not_return(page, server, tool_page, way):
    page.goto(f"{server}/book/index.html")
    page.goto(f"{server}/{tool_page}")
    page.evaluate(
        "window.addEventListener('beforeunload', event => { event.preventDefault(); event.returnValue = 1; })"
    )
    page.locator("[data-ct-tool] input[type=radio]").first.check()
    page.mouse.click(5, 300)  # a page that was touched may ask before it closes; ours must not
    if way == "click":
        page.click("[data-ct-leave]")
    elif way == "enter":
        page.focus("[data-ct-leave]")
        page.keyboard.press("Enter")
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(f"**/{NEUTRAL}")
    assert page.title() == "Kitchen measures"
    assert "traffick" not in page.content().lower()
    page.go_back()
    assert not page.url.split("#")[0].endswith(tool_page)


@pytest.mark.promise("safety-leave", "privacy-clear")
def test_leaving_hides_in_the_same_frame_and_clears(page, server, tool_page):
    page.goto(f"{server}/{tool_page}")
    page.evaluate("""() => {
      const field = document.createElement("input"); field.type = "text"; field.value = "typed"; field.id = "probe";
      document.querySelector("main").append(field);
      window.probe = field;
      window.seen = [];
      document.addEventListener("ct:clear", (event) => {
        window.seen.push(["clear", event.detail.leaving, getComputedStyle(document.body).display]);
      });
    }""")
    # A handler that runs right after ours, in the same frame, sees what is left.
    seen = page.evaluate("""() => {
      const link = document.querySelector("[data-ct-leave]");
      let after = null;
      link.addEventListener("click", () => {
        const shown = getComputedStyle(document.body).display;
        after = [shown, document.body.textContent, document.title, window.probe.value];
      });
      link.click();
      return [window.seen, after];
    }""")
    cleared, (shown, text, title, typed) = seen
    assert cleared == [["clear", True, "none"]]  # hidden first, then cleared
    assert (shown, title, typed) == ("block", "Kitchen measures", "")
    assert text.startswith("Kitchen measures")
    assert len(text) < 500
    page.wait_for_url(f"**/{NEUTRAL}")


@pytest.mark.promise("safety-leave", "offline-file")
def test_leaving_works_from_disk_without_a_network_and_without_scripts(browser, site, tool_page):
    home = site.resolve().as_uri()
    for scripts in (True, False):
        context = browser.new_context(offline=True, java_script_enabled=scripts)
        page = context.new_page()
        page.goto(f"{home}/book/index.html")
        page.goto(f"{home}/{tool_page}")
        page.click(".site-leave")
        page.wait_for_url(f"**/{NEUTRAL}")
        assert page.title() == "Kitchen measures"
        if scripts:
            page.go_back()
            assert not page.url.split("#")[0].endswith(tool_page)
        context.close()


@pytest.mark.promise("safety-leave")
def test_leaving_a_hosted_page_after_the_network_is_gone(browser, server, tool_page):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server}/book/index.html")
    page.goto(f"{server}/{tool_page}")
    context.set_offline(True)
    page.click("[data-ct-leave]")
    expect(page.locator("h1")).to_have_text("Kitchen measures")
    assert page.url.endswith(NEUTRAL)
    assert page.title() == "Kitchen measures"
    assert page.locator("[data-ct-tool]").count() == 0
    context.close()


@pytest.mark.promise("privacy-memory-only", "privacy-clear")
def test_a_page_that_the_browser_kept_alive_comes_back_empty(page, server, tool_page):
    """Browsers may bring a page back as it was; the event that tells so is sent by hand here."""
    page.goto(f"{server}/{tool_page}")
    page.locator("[data-ct-tool] input[type=radio]").first.check()
    page.mouse.click(5, 300)
    page.evaluate("window.old = true")
    with page.expect_navigation():
        page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    page.wait_for_load_state()
    assert page.evaluate("window.old") is None
    assert page.locator("[data-ct-tool] input:checked").count() == page.locator("[data-ct-tool] input[checked]").count()


@pytest.mark.promise("safety-leave")
def test_shift_leaves_only_when_meant(page, server):
    page.goto(f"{server}/book/start/index.html")
    for letter in "ABCD":  # capitals need Shift, too
        page.keyboard.press(f"Shift+{letter}")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    assert "once more" in page.text_content("[data-ct-status]")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    assert page.url.endswith("/book/start/index.html")
    page.click(".site-leave-help summary")
    page.uncheck("#site-shift")
    for _ in range(4):
        page.keyboard.press("Shift")
    page.wait_for_timeout(100)
    assert page.url.endswith("/book/start/index.html")


@pytest.mark.promise("safety-leave", "access-keyboard")
def test_leaving_is_second_in_the_tab_order_on_every_page_and_says_its_limits(page, server, names, site):
    for name in names:
        if name in ("404.html", NEUTRAL):
            continue
        text = (site / name).read_text(encoding="utf-8")
        links = re.findall(r"<(?:a|input|button|summary)\b[^>]*>", text.split("<body", 1)[1])
        assert "site-skip" in links[0], name
        assert "data-ct-leave" in links[1], name
        assert "does not" in text.split("site-popover", 1)[1].split("</div>", 1)[0], name
    page.goto(f"{server}/book/start/index.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hasAttribute('data-ct-leave')")


@pytest.mark.promise("safety-leave", "access-axe")
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_leaving_stays_in_sight_large_enough_and_uncovered(page, server, names, width):
    page.set_viewport_size({"width": width, "height": 640})
    longest = "book/identification/indicators.html"
    page.goto(f"{server}/{longest}")
    height = page.evaluate("document.documentElement.scrollHeight")
    for place in (0, height // 2, height):
        page.evaluate(f"window.scrollTo({{top: {place}, behavior: 'instant'}})")
        box = page.locator("[data-ct-leave]").bounding_box()
        assert box["height"] >= 44
        assert box["width"] >= 44
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        assert 0 <= box["y"] <= box["y"] + box["height"] <= 640
        top = page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y).closest('[data-ct-leave]') !== null",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )
        assert top


@pytest.mark.promise("safety-leave", "language-rtl")
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 700, 1280])
def test_the_note_about_leaving_opens_inside_the_window(page, server, width, direction):
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(f"{server}/book/start/index.html")
    page.evaluate(f"document.documentElement.dir = '{direction}'")
    page.click(".site-leave-help summary")
    box = page.locator(".site-popover").bounding_box()
    assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    assert page.locator(".site-popover a").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".site-popover").is_hidden()


@pytest.mark.promise("access-keyboard")
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_what_has_the_focus_is_never_hidden(page, server, tool_page, size):
    page.set_viewport_size(size)
    page.goto(f"{server}/{tool_page}")
    page.emulate_media(reduced_motion="reduce")
    hidden = []
    for backwards in (False, True):
        for _ in range(60):
            page.keyboard.press("Shift+Tab" if backwards else "Tab")
            fault = page.evaluate("""() => {
              const it = document.activeElement;
              if (it === document.body) { return null; }
              const box = it.getClientRects()[0] || it.getBoundingClientRect();
              const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 1), innerWidth - 2);
              const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 2);
              const top = document.elementFromPoint(x, y);
              const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
              if (seen && top && (it === top || it.contains(top) || top.contains(it)
                  || (it.labels && [...it.labels].some(label => label.contains(top))))) { return null; }
              return it.outerHTML.slice(0, 120) + " under " + (top ? top.outerHTML.slice(0, 80) : "nothing");
            }""")
            if fault:
                hidden.append(fault)
    assert hidden == []


@pytest.mark.promise("privacy-memory-only", "privacy-clear")
def test_coming_back_to_a_tool_finds_it_empty(page, server, tool_page):
    page.goto(f"{server}/{tool_page}")
    field = page.locator("[data-ct-tool] input[type=radio], [data-ct-tool] input[type=checkbox]").first
    field.evaluate("element => element.click()")
    assert field.is_checked()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{server}/book/start/index.html")
    page.go_back()
    page.wait_for_load_state()
    page.wait_for_timeout(200)
    assert page.locator("[data-ct-tool] input:checked").count() == page.locator("[data-ct-tool] input[checked]").count()


# --- Without scripts, on a phone ---


@pytest.mark.promise("access-no-js")
def test_without_scripts_pages_read_and_the_menu_opens(browser, server, names):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    for name in names:
        page.goto(f"{server}/{name}")
        assert page.locator("h1").first.is_visible(), name
    page.goto(f"{server}/book/start/roles.html")
    link = page.locator(".sidebar-tree a").first
    assert not link.is_visible()
    page.check("#site-menu")
    link.wait_for(state="visible")
    page.uncheck("#site-menu")
    page.check("#site-toc")
    assert page.locator(".toc-tree a:visible").count() > 2
    page.goto(f"{server}/{SEARCH}")
    assert page.locator("noscript p, .site-note").first.is_visible()
    assert not page.locator("#site-query").is_visible()
    context.close()


@pytest.mark.promise("access-keyboard")
def test_the_menu_opens_by_keyboard_and_closed_holds_no_focus(page, server):
    page.set_viewport_size(PHONE)
    page.goto(f"{server}/book/start/roles.html")
    assert page.evaluate("getComputedStyle(document.querySelector('.site-drawer')).visibility") == "hidden"
    page.focus("#site-menu")
    page.keyboard.press("Space")
    page.locator(".sidebar-tree a").first.wait_for(state="visible")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.site-drawer') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "site-menu"
    expect(page.locator(".site-drawer")).to_be_hidden()


def test_colours_change_by_hand_and_are_forgotten_on_the_next_page(page, server):
    page.goto(f"{server}/book/start/roles.html")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    button = page.locator("[data-ct-theme]:visible")
    button.click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert button.get_attribute("aria-pressed") == "true"
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


# --- Access ---

_ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What colours and a narrow window can change; all else was checked once.
_VARIANT_RULES = {
    "dark": ["color-contrast", "link-in-text-block"],
    "phone": ["target-size", "scrollable-region-focusable", "color-contrast", "region", "label-content-name-mismatch"],
    "phone, dark": ["color-contrast"],
}


def axe(page, only: dict[str, object]) -> list[str]:
    """Run axe-core and return its findings in short."""
    found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only)
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"][:4]
    ]


def sideways(page) -> list[str]:
    """Return what makes a page scroll sideways."""
    return page.evaluate("""() => {
      const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      if (wide <= 0) { return []; }
      return [wide + " px", ...[...document.querySelectorAll("body *")]
        .filter(it => it.getBoundingClientRect().right > innerWidth + 1).slice(0, 3)
        .map(it => it.outerHTML.slice(0, 100))];
    }""")


_NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.slow
@pytest.mark.promise("access-axe")
def test_axe_finds_nothing_on_any_page(context, server, names, axe_source):
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    faults: dict[str, list[str]] = {}
    for name in names:
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="light")
        page.goto(f"{server}/{name}")
        page.evaluate(axe_source)
        found = axe(page, {"type": "tag", "values": _ALL_RULES})
        for variant, rules in _VARIANT_RULES.items():
            page.set_viewport_size(PHONE if "phone" in variant else DESK)
            page.emulate_media(color_scheme="dark" if "dark" in variant else "light")
            page.evaluate(_NEXT_FRAME)  # the resize reaches the scripts first
            found += [f"{variant}: {line}" for line in axe(page, {"type": "rule", "values": rules})]
        found += [f"sideways: {line}" for line in sideways(page)]
        if found:
            faults[name] = found
    assert faults == {}


@pytest.mark.promise("access-axe")
def test_axe_finds_nothing_with_menu_notes_contents_and_results_open(context, server, axe_source):
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    found = []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{server}/{SEARCH}")
            page.fill("#site-query", "consent")
            page.wait_for_selector(".site-results mark")
            page.click(".site-leave-help summary")
            page.evaluate(axe_source)
            found += axe(page, {"type": "tag", "values": _ALL_RULES})
            page.goto(f"{server}/book/start/roles.html")
            page.evaluate(axe_source)
            for switch in ("#site-toc", ".toctree-checkbox", "#site-menu"):
                if page.locator(switch).first.is_visible():
                    page.check(switch)
                    found += [f"{switch}: {line}" for line in axe(page, {"type": "tag", "values": _ALL_RULES})]
    assert found == []


@pytest.mark.promise("access-axe")
def test_axe_sees_a_fault(page, server, axe_source):
    page.goto(f"{server}/book/start/index.html")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    page.evaluate(axe_source)
    assert any(line.startswith("button-name") for line in axe(page, {"type": "tag", "values": _ALL_RULES}))


@pytest.mark.promise("access-axe")
def test_text_set_wider_is_not_cut_off(page, server):
    """WCAG 1.4.12: line height 1.5, letters 0.12, words 0.16, paragraphs 2, at 320 pixels."""
    page.set_viewport_size(PHONE)
    for name in ("book/index.html", "book/start/roles.html"):
        page.goto(f"{server}/{name}")
        page.evaluate("""() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; "
            + "word-spacing: 0.16em !important } p { margin-bottom: 2em !important }");
          document.adoptedStyleSheets = [sheet];
        }""")
        assert sideways(page) == []
        leave = page.locator("[data-ct-leave]")
        assert leave.evaluate("it => it.scrollWidth <= it.clientWidth + 1 && it.scrollHeight <= it.clientHeight + 1")


@pytest.mark.promise("language-rtl")
def test_a_page_turned_right_to_left_holds(page, server):
    """The same page with its direction turned: nothing sticks out, and the frame is mirrored."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        page.goto(f"{server}/book/start/roles.html")
        before = page.locator("[data-ct-leave]").bounding_box()["x"]
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert sideways(page) == []
        assert page.locator("[data-ct-leave]").bounding_box()["x"] < before
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
