"""What the training notebooks share: made-up answers from a file, and the result of a form in few lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tools import content
from tools.instruments import library
from tools.instruments import record as records
from tools.instruments.model import Item
from tools.instruments.record import Record
from tools.surfaces import text
from tools.surfaces.told import Told

if TYPE_CHECKING:
    from tools.surfaces.widget import Form

#: Reasons that are printed; the form shows all.
_REASONS: Final = 8


def saved(name: str) -> Record:
    """Return a made-up saved form of the book, as ``form.record`` takes it.

    Parameters
    ----------
    name : str
        Of a file in ``data/examples``, with its folder and without ``-made-up.json``.

    >>> saved("loss-worksheet").instrument
    'remedies/loss-worksheet'
    """
    told = content.read_text(content.EXAMPLES / f"{name}-made-up.json")
    return records.loads(told, library.load(json.loads(told)["instrument"]))[0]


def result(form: Form) -> Told:
    """Return what a form says of its answers: the result, what led to it, what to do next.

    Parameters
    ----------
    form : Form
        As :func:`tools.load` gives it, with answers.
    """
    found, given = form.assessment, form.record.answers
    lines = [form.instrument.title]
    if found.outcome is None:
        return Told([*lines, "", "It gives no result."])
    lines += ["", found.outcome.title, found.outcome.text]
    led = [_reason(form, name, given) for name in found.reasons]
    if led:
        lines += ["", "It says so because of:", *(f"- {one}" for one in led[:_REASONS])]
        lines += [f"- and {len(led) - _REASONS} more answers"] * (len(led) > _REASONS)
    if found.outcome.next:
        lines += ["", "Next:", *(f"- {one}" for one in found.outcome.next)]
    lines += ["", f"Answered: {found.answered}. Open, and it bears on the result: {len(found.missing)}."]
    return Told(lines)


def plan(form: Form) -> Told:
    """Return the goals of a filled ``reintegration/reintegration-plan`` as they are read out: one block for each."""
    repeat = form.instrument.repeats["goals"]
    labels = {one.id: one for one in repeat.items}
    rows = form.record.answers.get("goals", ())
    lines: list[str] = []
    for number, row in enumerate(rows if isinstance(rows, tuple) else (), start=1):
        lines += [f"Goal {number}: {row.get('words', '')}"]
        lines += [
            f"- {text.asked(labels[name].label)} {text.value_words(labels[name], row[name], row.get)}"
            for name in ("sign", "next_step", "who", "by_on", "fallback", "person_view", "staff_view")
            if name in row
        ]
        lines.append("")
    return Told(lines[:-1] or ["No goal yet."])


def _reason(form: Form, name: str, given: Mapping[str, Any]) -> str:
    made = form.instrument
    if name in made.repeats:
        return made.repeats[name].title
    member = made.everything[name]
    if name in made.repeat_of:
        return f"{made.repeats[made.repeat_of[name]].title}: {member.label}"
    if not isinstance(member, Item) or given.get(name) is None:
        return member.label
    return f"{text.asked(member.label)} {text.value_words(member, given[name], given.get)}"
