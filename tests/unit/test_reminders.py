"""Review dates as a calendar file: the right days, in words that tell nothing."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest

from tools.__main__ import main
from tools.errors import Problem
from tools.instruments import library, record
from tools.surfaces import reminders

PLAN = "reintegration/reintegration-plan"
ANSWERS = {"plan_code": "A-17", "plan_for": "To be safe at home", "as_of": "2027-01-10", "review_on": "2027-02-24"}
NOW = dt.datetime(2027, 1, 10, 15, 30, tzinfo=dt.UTC)


def saved(**answers: str) -> record.Record:
    return record.of(library.load(PLAN), ANSWERS | answers)


def events(data: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def test_the_next_review_and_the_check_after_closing_are_whole_days() -> None:
    found = events(reminders.of_record(library.load(PLAN), saved(check_on="2027-06-01")))
    assert [event.decoded("dtstart") for event in found] == [dt.date(2027, 2, 24), dt.date(2027, 6, 1)]
    assert [event.decoded("dtend") for event in found] == [dt.date(2027, 2, 25), dt.date(2027, 6, 2)]
    assert len({event["uid"] for event in found}) == 2


@pytest.mark.promise("privacy-no-identity-asked")
def test_nothing_in_the_file_says_what_it_is_about() -> None:
    text = reminders.of_record(library.load(PLAN), saved(), remind=2).decode().casefold()
    for word in ("a-17", "safe", "home", "plan", "reintegration", "traffick", "case", "guide", "tools"):
        assert word not in text
    assert len(events(text.upper().encode())) == 1
    lines = {line.partition(":")[0].partition(";")[0] for line in text.upper().split("\r\n") if line}
    assert lines == {
        "BEGIN", "END", "VERSION", "PRODID", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "TRANSP", "ACTION",
        "DESCRIPTION", "TRIGGER",
    }  # fmt: skip


def test_the_same_days_twice_get_ids_that_differ_and_no_hour_is_kept() -> None:
    day = [dt.date(2027, 2, 24)]
    one, two = reminders.calendar(day, now=NOW), reminders.calendar(day, now=NOW)
    assert events(one)[0]["uid"] != events(two)[0]["uid"]
    assert b"DTSTAMP:20270110T000000Z" in one
    assert reminders.calendar(day, now=NOW, uid=lambda: "1") == reminders.calendar(day, now=NOW, uid=lambda: "1")
    assert b"VALARM" not in one
    assert b"TRIGGER:-P1DT15H" in reminders.calendar(day, remind=2)  # two days before, at nine


def test_a_title_is_kept_to_one_short_line() -> None:
    made = reminders.calendar([dt.date(2027, 2, 24)], title="Call\r\nATTENDEE:x" + "y" * 90)
    assert b"\r\nATTENDEE" not in made
    assert len(str(events(made)[0]["summary"])) <= 60
    assert str(events(reminders.calendar([dt.date(2027, 2, 24)], title=" "))[0]["summary"]) == "Review"


@pytest.mark.promise("input-messages")
def test_a_record_without_a_date_or_of_another_form_is_refused() -> None:
    plan = library.load(PLAN)
    with pytest.raises(Problem, match="CAS_030"):
        reminders.of_record(plan, record.of(plan, {"plan_code": "A-17"}))
    other = library.load("reintegration/needs-three-moments")
    with pytest.raises(Problem, match="REC_002"):
        reminders.of_record(plan, record.of(other, {}))


def test_the_command_writes_the_file_once(tmp_path, capsys) -> None:
    file, out = tmp_path / "plan.json", tmp_path / "reviews.ics"
    file.write_text(record.dumps(saved(), library.load(PLAN)), encoding="utf-8")
    assert main(["calendar", str(file), "--out", str(out)]) == 0
    assert "1 day. It says 'Review', and no case code." in capsys.readouterr().out
    assert events(out.read_bytes())[0].decoded("dtstart") == dt.date(2027, 2, 24)
    assert main(["calendar", str(file), "--out", str(out)]) == 1
    assert "CLI_003" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.json", "reviews.ics"]
