"""Fixtures of the tests in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cases.in_page import CHAPTER, ELEMENTS, Tool, show

from tools.instruments import library
from tools.instruments.model import Instrument


@pytest.fixture
def made_up(page, tmp_path) -> Callable[[Instrument], Tool]:
    """Opens a small page, from disk, with an instrument that is not in the book."""
    return lambda instrument: show(page, tmp_path, instrument)


@pytest.fixture
def elements(page, server) -> Tool:
    """The first instrument of the chapter that holds it."""
    page.goto(f"{server}/{CHAPTER}")
    return Tool(page, library.load(ELEMENTS))
