"""Plain data for other programs: what an instrument is, and what a record comes to. Ready for JSON."""

from __future__ import annotations

from typing import Any

from tools.instruments import translation
from tools.instruments.assessment import assess, relevant_answers
from tools.instruments.model import Instrument
from tools.instruments.record import Record, plain


def languages(instrument: Instrument) -> dict[str, float]:
    """Return the languages an instrument can be had in, each with how much of it is translated (0 to 1).

    Parameters
    ----------
    instrument : Instrument
        In English, as it is written; English is the first of the languages.
    """
    shares = {one: translation.share(instrument, one) for one in translation.locales()}
    return {"en": 1.0, **{one: round(share, 2) for one, share in shares.items() if share > 0}}


def of_instrument(instrument: Instrument) -> dict[str, Any]:
    """Return what is said of an instrument in a list."""
    return {
        "id": instrument.id, "title": instrument.title, "kind": instrument.kind, "guide": instrument.guide,
        "version": instrument.version, "status": instrument.status, "roles": list(instrument.roles),
        "minutes": instrument.minutes, "reviewed": instrument.reviewed.isoformat(),
        "review_due": instrument.review_due.isoformat(), "languages": languages(instrument),
    }  # fmt: skip


def of_record(instrument: Instrument, record: Record) -> dict[str, Any]:
    """Return the answers of a record that apply, and what they come to, with the reasons and the limits.

    Raises
    ------
    Problem
        ``REC_002`` when the record belongs to another instrument.
    """
    found = assess(instrument, record)
    outcome = found.outcome
    return {
        "instrument": instrument.id, "title": instrument.title, "version": instrument.version,
        "status": instrument.status, "status_note": instrument.status_note, "limits": list(instrument.limits),
        "answers": {name: plain(value) for name, value in relevant_answers(instrument, record).items()},
        "values": {
            name: [plain(cell) for cell in value] if isinstance(value, tuple) else plain(value)
            for name, value in found.values.items()
        },
        "faults": dict(found.faults),
        "outcome": None if outcome is None else {
            "id": outcome.id, "level": outcome.level, "title": outcome.title, "text": outcome.text,
            "next": list(outcome.next),
        },
        "reasons": list(found.reasons),
        "notices": [{"id": notice.id, "level": notice.level, "text": notice.text} for notice in found.notices],
        "missing": list(found.missing),
    }  # fmt: skip
