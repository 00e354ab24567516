"""A real JupyterLab of our own, in a folder that is thrown away, and a notebook open in it."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tools.content import ROOT
from tools.surfaces.widget import STATIC_ENVIRONMENT

#: How the server behaves: no question about news, and every cell in the page, seen or not.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}


@contextmanager
def server(home: Path, **more: Path) -> Iterator[tuple[str, str, Path]]:
    """Start JupyterLab, and give its address, token and folder; it serves Notebook 7, too.

    Parameters
    ----------
    home : Path
        An empty folder, which stands for the home of a user.
    **more : Path
        Names in the environment of the server.
    """
    work = home / "work"
    work.mkdir()
    for name, settings in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")
    own = {
        "HOME": home,
        "IPYTHONDIR": home / "ipython",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "PYTHONPATH": ROOT,
        **more,
    }
    own |= {f"JUPYTER_{name}_DIR": home / name.lower() for name in ("CONFIG", "DATA", "RUNTIME")}
    environment = {key: value for key, value in os.environ.items() if key != STATIC_ENVIRONMENT}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token, address = secrets.token_hex(16), f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={work}",
    ]  # fmt: skip
    with (home / "log.txt").open("w") as log:
        server = subprocess.Popen(
            command,
            cwd=work,
            env=environment | {k: str(v) for k, v in own.items()},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(f"{address}/api/status?token={token}", server, home / "log.txt")
            yield address, token, work
        finally:
            server.terminate()  # ends its kernels first
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()  # a kernel whose server is gone ends by itself
                server.wait(5)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own server
            return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start; `make setup` installs it.\n{log.read_text(encoding='utf-8')[-2000:]}")


class Notebook:
    """An open notebook."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cells = page.locator(".jp-Notebook .jp-CodeCell")

    def run(self, number: int) -> None:
        """Run a cell by keyboard and wait until it is done."""
        cell = self.cells.nth(number)
        prompt = cell.locator(".jp-InputArea-prompt").first
        before = re.escape(prompt.inner_text())
        for _ in range(6):
            cell.locator(".jp-InputArea-editor").first.click()
            self.page.keyboard.press("Control+Enter")
            try:
                # While the kernel is still being started on a busy machine, a command to run is dropped without a word.
                expect(prompt).not_to_have_text(re.compile(rf"^{before}$"), timeout=8_000)
                break
            except AssertionError:
                continue
        expect(prompt).to_have_text(re.compile(rf"^(?!{before}$)\[\d+\]:$"), timeout=60_000)

    def output(self, number: int) -> str:
        self.run(number)
        return self.cells.nth(number).locator(".jp-OutputArea-output").inner_text().strip()

    def shown(self, number: int) -> Locator:
        """What a cell shows."""
        return self.cells.nth(number).locator(".jp-OutputArea-output")
