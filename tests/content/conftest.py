"""Fixtures of the content tests: the book's sources, read once."""

from __future__ import annotations

import pytest
from reading import Finding, Page, read_page

from tools.content import BOOK, relative


@pytest.fixture(scope="session")
def pages() -> tuple[Page, ...]:
    """Every page of the book, read into pieces."""
    found = sorted(BOOK.rglob("*.md"))
    assert found, "book/ holds no pages"
    return tuple(read_page(relative(path), path.read_text(encoding="utf-8")) for path in found)


@pytest.fixture(scope="session")
def chapters(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """The chapters of the guides."""
    return tuple(page for page in pages if page.is_chapter)


@pytest.fixture
def none_found():
    """Fail with every finding, its place and its remedy."""

    def assert_none(findings: list[Finding]) -> None:
        if findings:
            pytest.fail(f"{len(findings)} findings:\n" + "\n".join(map(str, findings)), pytrace=False)

    return assert_none
