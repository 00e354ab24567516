"""One service in words: the same block in the searchable page and in the booklet."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Final

from tools.services import codes
from tools.services.directory import is_stale
from tools.services.model import DAYS, Phone, Schedule, Service
from tools.services.publish import Public
from tools.services.rows import clock

#: Whom a service is for: codes of the list ``terms``, in the order in which they are offered.
PEOPLE: Final = ("women", "men", "children", "families", "lgbtiq", "foreigners")
_SPARE: Final = ' class="dir-spare"'
Said = Mapping[str, str]


def entry(one: Service, public: Public, said: Said, as_of: datetime.date, level: int, attributes: str = "") -> str:
    """Return a service as an HTML block.

    Parameters
    ----------
    one : Service
    public : Public
    said : mapping
        The words around it.
    as_of : date
        The day that counts as today.
    level : int
        Of its heading.
    attributes : str
        Further attributes of the block.
    """
    who = public.directory.organisation(one).name
    notes = [
        f'<p class="dir-alert"><strong>{escape(said["alert"])}:</strong> {text}</p>'
        for text in (escape(said["closed_for_now"]) if one.status == "temporarily closed" else "", escape(one.alert))
        if text
    ]
    everywhere = len(one.areas) > 1 and one.areas == public.directory.areas
    # Paper has no room for what a telephone number makes needless.
    spare = {escape(said["all_areas"]), *([_mail(one)] if one.phones else [])}
    rows = "".join(
        f"<div{_SPARE if body in spare else ''}><dt>{escape(label)}:</dt> <dd>{body}</dd></div>"
        for label, body in facts(one, said, everywhere=everywhere)
        if body
    )
    warn = said["not_checked"] if is_stale(one, as_of) else ""
    checked = said["checked"].format(date=one.assured_date.isoformat()) if one.assured_date else ""
    foot = f'<p class="dir-checked">{escape(" ".join(filter(None, (checked, warn))))}</p>'
    return (
        f'<article class="dir-item"{attributes}><h{level} class="dir-name">{escape(one.name)}</h{level}>'
        f'<p class="dir-by">{escape(who)}</p>{"".join(notes)}<p class="dir-text">{escape(one.description)}</p>'
        f'<dl class="dir-facts">{rows}</dl>{foot}</article>'
    )


def facts(one: Service, said: Said, *, everywhere: bool = False) -> Iterator[tuple[str, str]]:
    """Yield what is said of a service: label and HTML, the most useful first."""
    yield said["phone"], "<br>".join(phone(number) for number in one.phones)
    yield said["open"], escape(hours(one, said))
    yield said["who_for"], escape(people(one, said))
    yield said["languages"], escape(_sentences(", ".join(language.name for language in one.languages) + ".", one.interpreter))  # fmt: skip
    cost = codes.codes("cost").get(one.cost.code)
    yield said["cost"], escape(_sentences(cost.plain if cost else "", one.cost.note))
    terms = codes.codes("terms")
    ways = [
        one.apply,
        *(terms[t].plain for t in ("walk-in", "referral-needed", "status-needed", "id-needed") if one.has(t)),
    ]
    role = said["ask_for"].format(role=one.contact.role) if one.contact.role else ""
    yield said["how"], escape(_sentences(*ways, role))
    yield said["bring"], escape(one.documents)
    yield said["where"], where(one, said, everywhere=everywhere)
    yield said["access"], escape(access(one, said))
    yield said["email"], _mail(one)
    site = escape(one.website)
    yield said["website"], f'<a href="{site}" rel="noreferrer noopener">{site}</a>' if one.website.startswith("http") else ""  # fmt: skip


def _mail(one: Service) -> str:
    return f'<a href="mailto:{escape(one.email)}">{escape(one.email)}</a>' if one.email else ""


def _sentences(*parts: str) -> str:
    return " ".join(dict.fromkeys(part.strip() for part in parts if part.strip(" .")))


def phone(one: Phone) -> str:
    """Return a number as a link that dials it, with what is said of it.

    >>> phone(Phone("+999 10", "text", "Free."))
    '<a class="dir-tel" href="sms:+99910">+999 10</a> Text message. Free.'
    """
    dialled = "".join(sign for sign in one.number.split("ext")[0] if sign.isdigit() or sign == "+")
    kind = codes.codes("phone-types").get(one.kind)
    note = _sentences(f"{kind.plain}." if kind and one.kind not in ("voice", "cell") else "", one.note)
    scheme = "sms" if one.kind == "text" else "tel"
    number = escape(one.number)
    link = number if one.kind == "fax" else f'<a class="dir-tel" href="{scheme}:{dialled}">{number}</a>'
    return f"{link} {escape(note)}".strip()


def people(one: Service, said: Said) -> str:
    """Return whom a service is for, in words."""
    terms = codes.codes("terms")
    named = [terms[code].plain for code in ("women", "men", "children", "families") if one.has(code)]
    line = ", ".join([named[0], *(name.lower() for name in named[1:])]) + "." if named else ""
    low, high = one.minimum_age, one.maximum_age
    key = "age_both" if low is not None and high is not None else "age_from" if low is not None else "age_to"
    age = said[key].format(low=low, high=high) if low is not None or high is not None else ""
    return _sentences(line, age, one.eligibility)


def access(one: Service, said: Said) -> str:
    """Return what is known of steps and signs."""
    steps = {"yes": said["access_step_free"], "no": said["access_steps"]}.get(one.attributes.get("step-free", ""), "")
    return _sentences(steps if not one.is_confidential else "", said["access_sign"] if one.has("sign-language") else "", one.accessibility)  # fmt: skip


def where(one: Service, said: Said, *, everywhere: bool = False) -> str:
    """Return the address as HTML; a secret place has none, and says so."""
    areas = escape(said["all_areas"] if everywhere else ", ".join(one.areas))
    if one.is_confidential:
        return f"{areas}. {escape(said['secret_place'])}" if areas else escape(said["secret_place"])
    if one.location is None:
        return areas
    lines = escape(", ".join(one.location.lines))
    return "<br>".join(filter(None, (lines, escape(one.location.transport))))


def hours(one: Service, said: Said) -> str:
    """Return opening hours in words: days with the same hours together."""
    if one.is_always_open:
        return _sentences(said["every_day"], one.hours_note)
    by_day = {day: _spans([span for span in one.schedules if span.day == day], said) for day in DAYS}
    parts = []
    for text, group in groupby(DAYS, key=lambda day: by_day[day]):
        days = list(group)
        if text:
            first, last = said[days[0].lower()], said[days[-1].lower()]
            named = first if first == last else said["day_to_day"].format(first=first, last=last)
            parts.append(f"{named} {text}.")
    return _sentences(*parts, one.hours_note)


def _spans(spans: Sequence[Schedule], said: Said) -> str:
    ends = [(clock(s.opens), clock(s.closes if s.closes <= 1440 else s.closes - 1440)) for s in spans]
    return f" {said['and']} ".join(f"{opens}–{closes}" for opens, closes in ends)


def shown(public: Public) -> tuple[Service, ...]:
    """Return the services that readers can use: those that work, hotlines first, then by name."""
    found = [one for one in public.directory.services if one.status in ("active", "temporarily closed", "")]
    return tuple(sorted(found, key=lambda one: (not one.is_hotline, one.status != "active", *_reach(one), codes.folded(one.name))))  # fmt: skip


def _reach(one: Service) -> tuple[int, ...]:
    """Return an order in which lines that more people can call, and at more hours, come first."""
    return (not one.is_always_open, -len(one.areas), -sum(map(one.has, PEOPLE))) if one.is_hotline else ()


def hotlines(public: Public) -> tuple[Service, ...]:
    """Return the numbers to call first."""
    found = [one for one in shown(public) if one.is_hotline and one.status != "temporarily closed" and one.phones]
    return tuple(found)
