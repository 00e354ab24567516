"""Fixtures of the tests in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cases.in_page import Tool, show

from tools.instruments.model import Instrument


@pytest.fixture
def made_up(page, tmp_path) -> Callable[[Instrument], Tool]:
    """Opens a small page, from disk, with an instrument that is not in the book."""
    return lambda instrument: show(page, tmp_path, instrument)
