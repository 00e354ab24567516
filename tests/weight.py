"""How heavy is a first visit? Opens every page of the built site in Chromium and counts what comes over the wire.

    python tests/weight.py                 print the table; exit code 1 when a budget is broken
    python tests/weight.py --json FILE     write the numbers, too

The site is served compressed, as a web host would do, and every page is opened by a visitor who has seen none before.
A kilobyte is 1,000 bytes.
"""

from __future__ import annotations

import argparse
import gzip
import http.server
import json
import statistics
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.errors import Problem  # noqa: E402 (the package lies beside this folder)

KB = 1000
OWN_SCRIPTS = ("site.js", "search.js", "tool.js", "chart.js", "forms.js")


@dataclass(frozen=True)
class Budget:
    """What a first visit may weigh: middle page and any page (bytes), and requests."""

    middle: int = 60 * KB
    page: int = 100 * KB
    requests: int = 12
    large_page: int = 200 * KB
    large_requests: int = 15
    own_scripts: int = 25 * KB


@dataclass(frozen=True)
class Visit:
    """What one first visit brought over the wire.

    Attributes
    ----------
    page : str
        Path in the site.
    requests : int
        Number of requests; pictures written into the page itself are none.
    kinds : dict of str to int
        Bytes by kind: document, stylesheet, script, image, other.
    """

    page: str
    requests: int
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """Bytes in all."""
        return sum(self.kinds.values())

    @property
    def large(self) -> bool:
        """Whether the page may be large: search, and the lists of the library."""
        return self.page == "search.html" or self.page.startswith("book/library/")


def packed(data: bytes) -> int:
    """Return the size of data as a web host would send it."""
    return len(gzip.compress(data, 6))


def broken(visits: Iterable[Visit], own_scripts: int, budget: Budget | None = None) -> list[str]:
    """Return every budget that is broken, in words.

    Parameters
    ----------
    visits : iterable of Visit
        One for each page.
    own_scripts : int
        Bytes of our own scripts together, compressed.
    budget : Budget, optional
        The limits.
    """
    budget = budget or Budget()
    visits = list(visits)
    found = []
    middle = statistics.median(visit.weight for visit in visits)
    if middle > budget.middle:
        found.append(f"The middle page weighs {middle / KB:.1f} kB; the limit is {budget.middle / KB:.0f} kB.")
    for visit in visits:
        limit = budget.large_page if visit.large else budget.page
        most = budget.large_requests if visit.large else budget.requests
        if visit.weight > limit:
            found.append(f"{visit.page} weighs {visit.weight / KB:.1f} kB; the limit is {limit / KB:.0f} kB.")
        if visit.requests > most:
            found.append(f"{visit.page} makes {visit.requests} requests; the limit is {most}.")
    if own_scripts > budget.own_scripts:
        limit = budget.own_scripts
        found.append(f"Our own scripts weigh {own_scripts / KB:.1f} kB; the limit is {limit / KB:.0f} kB.")
    return found


def own_scripts(site: Path) -> int:
    """Return the bytes of our own scripts together, compressed."""
    files = [site / "_static" / name for name in OWN_SCRIPTS]
    return sum(packed(path.read_bytes()) for path in files if path.is_file())


def pages(site: Path) -> list[str]:
    """Return the pages of a site; not the first, which leads on at once."""
    found = (path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return sorted(name for name in found if name != "index.html" and not name.startswith("downloads/"))


class _Packing(http.server.SimpleHTTPRequestHandler):
    """Serves files compressed, as web hosts do."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        small = gzip.compress(data, 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if len(small) < len(data):
            self.send_header("Content-Encoding", "gzip")
            data = small
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def packing_server(site: Path) -> Iterator[str]:
    """Serve a site compressed; gives its address without a slash at the end."""

    def handler(*args: object) -> _Packing:
        return _Packing(*args, directory=str(site))  # type: ignore[arg-type]

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)  # type: ignore[arg-type]
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{httpd.server_address[1]}"
    finally:
        httpd.shutdown()


def visit(browser: object, home: str, name: str) -> Visit:
    """Open a page as a first visitor and count.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
        Chromium: the numbers come from its own network log.
    home, name : str
        Address of the site, and the page.
    """
    context = browser.new_context()  # type: ignore[attr-defined]
    page = context.new_page()
    log = context.new_cdp_session(page)
    log.send("Network.enable")
    kinds: Counter[str] = Counter()
    names: dict[str, str] = {}
    asked: list[str] = []

    def sent(event: dict) -> None:
        if not event["request"]["url"].startswith(("data:", "blob:")):
            asked.append(event["request"]["url"])
            names[event["requestId"]] = event.get("type", "Other")

    def finished(event: dict) -> None:
        if event["requestId"] in names:
            kinds[names[event["requestId"]].lower()] += int(event["encodedDataLength"])

    log.on("Network.requestWillBeSent", sent)
    log.on("Network.loadingFinished", finished)
    page.goto(f"{home}/{name}", wait_until="load")
    page.wait_for_timeout(150)  # what a script asks for once the page stands
    context.close()
    return Visit(name, len(asked), dict(kinds))


def measure(site: Path, browser: object) -> list[Visit]:
    """Return a first visit to every page of a site."""
    with packing_server(site) as home:
        return [visit(browser, home, name) for name in pages(site)]


def table(visits: list[Visit], scripts: int) -> str:
    """Return the numbers as a table, heaviest page first."""
    kinds = ("document", "stylesheet", "script", "image")
    lines = [f"{'page':<52}{'requests':>9}{'kB':>8}" + "".join(f"{kind:>12}" for kind in kinds)]
    for entry in sorted(visits, key=lambda visit: -visit.weight):
        parts = "".join(f"{entry.kinds.get(kind, 0) / KB:>12.1f}" for kind in kinds)
        lines.append(f"{entry.page:<52}{entry.requests:>9}{entry.weight / KB:>8.1f}{parts}")
    middle = statistics.median(entry.weight for entry in visits)
    most = max(entry.requests for entry in visits)
    lines.append(f"middle page {middle / KB:.1f} kB; at most {most} requests; own scripts {scripts / KB:.1f} kB")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    from conftest import BUILD, chromium_path
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="python tests/weight.py", description="Weigh a first visit to every page.")
    parser.add_argument("--site", type=Path, default=BUILD / "html", help="the built site")
    parser.add_argument("--json", type=Path, help="write the numbers to this file, too")
    options = parser.parse_args(arguments)
    if not (options.site / "search.html").is_file():
        print(Problem("BLD_004", folder=options.site))
        return 2
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        visits = measure(options.site, browser)
        browser.close()
    scripts = own_scripts(options.site)
    print(table(visits, scripts))
    if options.json:
        numbers = {"own_scripts": scripts, "visits": [asdict(entry) for entry in visits]}
        options.json.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    faults = broken(visits, scripts)
    print(*faults, sep="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
