"""An instrument in an open page, for the tests that use one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tools.instruments.model import Instrument
from tools.surfaces import html

CHAPTER = "book/identification/indicators.html"
ELEMENTS = "identification/elements-of-the-definition"
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}


class Tool:
    """One instrument in an open page."""

    def __init__(self, page: Page, instrument: Instrument) -> None:
        self.page, self.instrument = page, instrument
        page.set_default_timeout(5000)
        self.root = page.locator(f'[data-ct-tool="{instrument.id}"]')
        self.result = self.root.locator(".ct-result-body")
        self.message = self.root.locator(".ct-message")
        self.alert = self.root.locator(".ct-alert")
        self.panel = self.root.locator(".ct-panel")

    def field(self, item: str):
        return self.root.locator(f'[data-ct-input="{item}"]')

    def option(self, item: str, code: str):
        return self.root.locator(f'[data-ct-input="{item}"][value="{code}"]')

    def fill(self, answers: dict[str, str]) -> None:
        for item, code in answers.items():
            self.option(item, code).check()

    def press(self, action: str) -> None:
        self.root.locator(f'[data-ct-action="{action}"]').click()

    def save(self) -> str:
        self.press("save")
        with self.page.expect_download() as download:
            self.panel.get_by_role("button", name="Save", exact=True).click()
        return download.value.path().read_text(encoding="utf-8")

    def open(self, text: str, name: str = "record.json") -> None:
        file = {"name": name, "mimeType": "application/json", "buffer": text.encode()}
        self.root.locator(".ct-file").set_input_files(files=[file])

    def answers(self) -> dict[str, Any]:
        """What the controls hold: checked boxes and typed texts, rows included."""
        return self.root.evaluate("""(root) => Object.fromEntries([...root.querySelectorAll("input, textarea")]
          .filter((c) => /radio|checkbox/.test(c.type) ? c.checked : c.value)
          .map((c) => [c.type === "radio" ? c.name : c.id, c.value]))""")


PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'">
<title>One tool</title><link rel="stylesheet" href="tokens.css"><link rel="stylesheet" href="tool.css"></head>
<body><main><h1>One tool</h1>{tool}</main><script src="tool.js"></script></body></html>
"""


def show(page: Page, folder: Path, instrument: Instrument) -> Tool:
    """Open a small page, from disk, with an instrument that need not be in the book."""
    (folder / "tokens.css").write_bytes((html.STATIC / "tokens.css").read_bytes())
    (folder / "tool.css").write_text(html.sheet(), encoding="utf-8")
    (folder / "tool.js").write_text(html.script(), encoding="utf-8")
    path = folder / "index.html"
    path.write_text(PAGE.replace("{tool}", html.render(instrument)), encoding="utf-8")
    page.goto(path.as_uri())
    return Tool(page, instrument)


def by_keyboard(page: Page, target, limit: int = 400) -> None:
    """Press Tab until the focus is on the target."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {target}")


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable", "label-content-name-mismatch"]  # fmt: skip


def faults(page: Page, only: dict[str, Any]) -> list[str]:
    """Return what axe-core finds in the first tool, and whether the page scrolls sideways."""
    found = page.evaluate(
        "only => axe.run(document.querySelector('[data-ct-tool]'), {runOnly: only, resultTypes: ['violations']})", only
    )
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{v['id']}: {n['html'][:160]}" for v in found["violations"] for n in v["nodes"][:4]] + (
        [f"{wide} px sideways"] if wide > 0 else []
    )


def all_looks(page: Page, state: str) -> list[str]:
    """Return the faults of a state: every rule once, and what depends on looks in light and dark, desk and phone."""
    found = []
    for size in (DESK, PHONE):
        for scheme in ("light", "dark"):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            # At the result the bar that follows is gone; elsewhere it lies over fields, which scroll from under it.
            page.evaluate("document.querySelector('.ct-result').scrollIntoView()")
            page.wait_for_timeout(60)
            first = (size, scheme) == (DESK, "light")
            only = {"type": "tag", "values": RULES} if first else {"type": "rule", "values": LOOKS}
            found += [f"{state}, {size['width']}, {scheme}: {line}" for line in faults(page, only)]
    page.set_viewport_size(DESK)
    return found
