"""Review dates as a calendar file (iCalendar, RFC 5545), which any calendar on a phone or a desk reads.

A calendar is seen by others: on a lock screen, in a shared office, on a family's computer. So an entry says "Review" and
its day, and nothing else. No case code, no name of a form or of this project stands in the file.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Final

from tools.errors import Problem
from tools.instruments.model import Instrument
from tools.instruments.record import Record

TITLE: Final = "Review"
ITEMS: Final = ("review_on", "check_on")
"""Items of an instrument that hold the date of a look to come: the next review, and a check after closing."""
_TITLE_MAX: Final = 60


def has_dates(instrument: Instrument) -> bool:
    """Tell whether an instrument asks for the date of a look to come."""
    return any(item in instrument.items and instrument.items[item].type == "date" for item in ITEMS)


def dates(instrument: Instrument, record: Record, items: Sequence[str] = ITEMS) -> tuple[dt.date, ...]:
    """Return the review dates of a record that are relevant and answered, in their order.

    Raises
    ------
    Problem
        ``CAS_030`` if there is none, ``REC_002`` if the record belongs to another instrument.
    """
    from tools.instruments.assessment import relevant_answers

    if record.instrument != instrument.id:
        raise Problem("REC_002", found=record.instrument, wanted=instrument.id)
    answers = relevant_answers(instrument, record)
    found = {answers[item] for item in items if isinstance(answers.get(item), dt.date)}
    if not found:
        raise Problem("CAS_030")
    return tuple(sorted(found))


def calendar(
    days: Sequence[dt.date], *, title: str = TITLE, remind: int | None = None,
    now: dt.datetime | None = None, uid: Callable[[], str] = lambda: str(uuid.uuid4()),
) -> bytes:  # fmt: skip
    """Return days as a calendar file, each a whole day.

    Parameters
    ----------
    days : sequence of date
    title : str
        What an entry says. Leave it neutral: no name, no case code, nothing on what it is about.
    remind : int, optional
        Days before, at nine in the morning, on which the calendar rings. Without it, it does not.
    now : datetime, optional
        When it was made, which the format asks for; only the day is written.
    uid : callable
        Makes an id for each entry. It is random, so that the id of an entry says nothing about the case.

    Returns
    -------
    bytes

    Examples
    --------
    >>> made = calendar([dt.date(2027, 2, 24)])
    >>> b"SUMMARY:Review" in made and b"DTSTART;VALUE=DATE:20270224" in made
    True
    """
    import icalendar

    title = " ".join(title.split())[:_TITLE_MAX] or TITLE
    made = now or dt.datetime.now(dt.UTC)
    whole = icalendar.Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", "-//Review dates//EN")  # the format asks for a product; the name of this one would tell
    for day in days:
        event = icalendar.Event()
        event.add("uid", uid())
        event.add("dtstamp", dt.datetime.combine(made.date(), dt.time(), dt.UTC))
        event.add("dtstart", day)
        event.add("dtend", day + dt.timedelta(days=1))
        event.add("summary", title)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")  # does not make anybody look busy for a day
        if remind is not None:
            alarm = icalendar.Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", title)
            alarm.add("trigger", dt.timedelta(hours=9) - dt.timedelta(days=remind))
            event.add_component(alarm)
        whole.add_component(event)
    return bytes(whole.to_ical())


def of_record(instrument: Instrument, record: Record, *, title: str = TITLE, remind: int | None = None) -> bytes:
    """Return the review dates of a record as a calendar file.

    Raises
    ------
    Problem
        As :func:`dates`.
    """
    return calendar(dates(instrument, record), title=title, remind=remind)
