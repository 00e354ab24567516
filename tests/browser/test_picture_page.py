"""The picture of answers beside a result: drawn with its table, alone where nothing is said, and loaded when needed."""

from __future__ import annotations

import pytest
from cases.in_page import Tool, show
from playwright.sync_api import expect

from tools.instruments import library, record

pytestmark = pytest.mark.browser

GAPS = library.load("reintegration/service-gap-scan")
MOMENTS = library.load("reintegration/needs-three-moments")


def opened(page, folder, instrument, answers) -> Tool:
    tool = show(page, folder, instrument)
    tool.open(record.dumps(record.of(instrument, answers), instrument))
    expect(tool.root.locator(".ct-picture")).to_be_visible()
    return tool


def cells(tool: Tool) -> list[list[str]]:
    rows = tool.root.locator(".ct-picture tbody tr").all()
    return [[cell.inner_text() for cell in row.locator("th, td").all()] for row in rows]


def test_a_wheel_has_a_mark_for_each_level_and_none_for_what_is_not_known(page, tmp_path, axe_source) -> None:
    answers = {"unidentified": "not_begun", "idea": "in_place", "men": "unsure"}
    tool = opened(page, tmp_path, GAPS, answers)
    wheel = tool.root.locator(".ct-wheel")
    assert wheel.locator(".ct-wheel-mark").count() == 2
    assert wheel.locator(".ct-wheel-edge").count() == 1  # between the two that stand side by side
    assert wheel.locator(".ct-wheel-name").count() == 9
    middle = [wheel.locator(".ct-wheel-mark").nth(0).get_attribute(name) for name in ("cx", "cy")]
    assert middle == ["130.0", "130.0"]  # not begun is level zero
    rows = cells(tool)
    assert rows[0][1] == "Not begun"
    assert rows[6] == ["7. Men get help that fits", "Not known"]
    assert rows[3][1] == "–"
    page.evaluate(axe_source)
    found = page.evaluate("axe.run('.ct-picture')")
    assert found["violations"] == []


def test_a_grid_follows_the_rows_and_goes_when_the_answers_are_cleared(page, tmp_path) -> None:
    areas = [
        {"area": "housing", "was_before": "need", "because_of": "grave", "is_after": "fine"},
        {"area": "family", "was_before": "strength"},
        {"was_before": "need"},  # a row without a name is not drawn
    ]
    tool = opened(page, tmp_path, MOMENTS, {"areas": areas})
    assert cells(tool) == [["Housing", "A need", "A grave need", "In order"], ["Family", "A strength", "–", "–"]]
    assert tool.root.locator(".ct-cell-need").count() == 2
    assert tool.root.locator(".ct-cell-good").count() == 1
    page.once("dialog", lambda dialog: dialog.accept())
    tool.press("clear")
    expect(tool.root.locator(".ct-picture")).to_have_count(0)


def test_a_bar_is_as_long_as_its_level(page, tmp_path) -> None:
    import dataclasses

    from tools.instruments.model import Picture

    picture = Picture("bars", "Counts", ("closed_count", "unidentified"), 9, {"in_place": 9, "begun": 3})
    instrument = dataclasses.replace(GAPS, picture=picture)
    tool = opened(page, tmp_path, instrument, {"unidentified": "begun", "idea": "in_place", "men": "in_place"})
    widths = [bar.get_attribute("width") for bar in tool.root.locator(".ct-bar-full").all()]
    assert [round(float(width), 2) for width in widths] == [22.22, 33.33]
    assert [row[2] for row in cells(tool)] == ["2", "Begun"]


@pytest.mark.book
def test_in_the_book_the_drawing_comes_with_the_first_result(page, server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.split("?")[0].rsplit("/", 1)[1]))
    page.goto(f"{server}/book/reintegration/long-help-and-money.html")
    tool = Tool(page, GAPS)
    assert "ct-picture.js" not in asked
    tool.fill({"idea": "part"})
    expect(tool.root.locator(".ct-picture")).to_be_visible()
    assert "ct-picture.js" in asked
    tool.fill({"men": "begun"})
    expect(tool.root.locator(".ct-wheel-mark")).to_have_count(2)
