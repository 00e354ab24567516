"""Review dates from the page: the same days as Python writes, in words that tell nothing."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest
from cases import in_page
from playwright.sync_api import expect

from tools.instruments import library, record
from tools.surfaces import reminders

pytestmark = pytest.mark.browser

PLAN = library.load("reintegration/reintegration-plan")


def entries(data: bytes) -> list[dict[str, object]]:
    """Return what a calendar would show and keep, without the random ids."""
    return [
        {name: event.decoded(name) for name in event if name != "UID"}
        for event in icalendar.Calendar.from_ical(data).walk("VEVENT")
    ]


@pytest.mark.promise("same-result", "offline-file")
def test_the_page_writes_the_days_that_python_writes(page, tmp_path) -> None:
    tool = in_page.show(page, tmp_path, PLAN)
    tool.press("calendar")
    expect(tool.message).to_contain_text("There is no date of a review yet.")
    tool.field("plan_code").fill("A-17")
    tool.field("review_on").fill("2027-03-27")
    tool.field("check_on").fill("2027-12-31")
    with page.expect_download() as download:
        tool.press("calendar")
    assert download.value.suggested_filename == "reviews.ics"
    data = download.value.path().read_bytes()
    expected = record.of(PLAN, {"review_on": "2027-03-27", "check_on": "2027-12-31"})
    assert entries(data) == entries(reminders.of_record(PLAN, expected))
    assert entries(data)[0]["DTSTART"] == dt.date(2027, 3, 27)
    assert b"A-17" not in data
    assert data.count(b"\n") == data.count(b"\r\n")
    expect(tool.message).to_contain_text("Saved as reviews.ics.")


def test_a_form_without_such_a_date_has_no_such_button(page, tmp_path) -> None:
    tool = in_page.show(page, tmp_path, library.load("reintegration/stage-finder"))
    assert tool.root.locator('[data-ct-action="calendar"]').count() == 0
