"""What a check finds in a data set: where, why, what to do, how grave; and what a single cell may hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tools.casedata.schema import MISSING, Field, Schema
from tools.errors import Problem, near

ROWS_KEPT: Final = 1_000
"""Rows that are named for one kind of finding in one column; all of them are counted."""
SEVERITIES: Final = ("error", "warning", "review")


@dataclass(frozen=True)
class Finding:
    """One kind of fault in one column.

    Attributes
    ----------
    severity : str
        ``error``: do not use these cells. ``warning``: mend it when you can. ``review``: a person must look.
    dimension : str
        The part of quality that suffers: ``format``, ``completeness``, ``uniqueness``, ``validity``, ``consistency``
        or ``privacy``.
    rule : str
        What was tested.
    column : str
    rows : tuple of int
        The first rows, as a spreadsheet numbers them; at most :data:`ROWS_KEPT`.
    count : int
        How many rows in all.
    problem : Problem
        The reason and the remedy, in words.
    """

    severity: str
    dimension: str
    rule: str
    column: str
    rows: tuple[int, ...]
    count: int
    problem: Problem

    @property
    def reason(self) -> str:
        """What is wrong."""
        return self.problem.what

    @property
    def remedy(self) -> str:
        """What to do."""
        return self.problem.todo

    @property
    def where(self) -> str:
        """The rows in words: the first few, and how many more."""
        if not self.rows:
            return ""
        said = ", ".join(map(str, self.rows[:5]))
        more = self.count - min(5, len(self.rows))
        return ("row " if self.count == 1 else "rows ") + said + (f" and {more:,} more" if more > 0 else "")


@dataclass(frozen=True)
class Report:
    """What was found in one data set.

    Attributes
    ----------
    schema : Schema
    name : str
        The file, for people.
    rows : int
    columns : tuple of str
        Those of the schema that the data set has.
    findings : tuple of Finding
        Errors first.
    filled, valid : dict of str to int
        For each column, how many cells hold something, and how many of these conform.
    missing : dict
        For each column, how many cells hold each of the four reasons for a missing value.
    notes : tuple of str
        What was assumed when the file was read.
    """

    schema: Schema
    name: str
    rows: int
    columns: tuple[str, ...]
    findings: tuple[Finding, ...]
    filled: dict[str, int] = field(default_factory=dict)
    valid: dict[str, int] = field(default_factory=dict)
    missing: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def count(self, severity: str) -> int:
        """Return how many cells or rows have a finding of this severity."""
        return sum(one.count for one in self.findings if one.severity == severity)

    @property
    def usable(self) -> bool:
        """Whether there is no error."""
        return not self.count("error")


# --- one cell -----------------------------------------------------------------------------------------

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_WHOLE: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)
_OTHER_DAY: Final = re.compile(r"(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{1,4})", re.ASCII)


def fault(value: str, column: Field) -> str:
    """Return what is wrong with a cell in one word, or nothing.

    Parameters
    ----------
    value : str
        Without spaces around it; not empty.
    column : Field

    Returns
    -------
    str
        ``code``, ``date``, ``date-order``, ``month``, ``number``, ``range``, ``pattern``, ``twice``, or empty.

    Examples
    --------
    >>> from tools.casedata.schema import load
    >>> fields = load("victim-centred").by_name
    >>> fault("femal", fields["sex"]), fault("05/11/2026", fields["registered_on"]), fault("labour;sexual", fields["forms"])
    ('code', 'date-order', '')
    """
    if column.codes:
        parts = value.split(column.separator) if column.separator else [value]
        if any(part not in column.codes for part in parts):
            return "code"
        return "twice" if len(set(parts)) != len(parts) else ""
    if column.type == "date":
        return _date_fault(value)
    if column.type == "yearmonth":
        return "" if _MONTH.fullmatch(value) and 1900 <= int(value[:4]) <= 2100 else "month"
    if column.type in ("integer", "number"):
        shape = _WHOLE if column.type == "integer" else _NUMBER
        if not shape.fullmatch(value):
            return "number"
        number = float(value)
        low, high = column.minimum, column.maximum
        return "range" if (low is not None and number < low) or (high is not None and number > high) else ""
    return "pattern" if column.pattern and not re.fullmatch(column.pattern, value) else ""


def _date_fault(value: str) -> str:
    if _DAY.fullmatch(value):
        try:
            return "" if 1900 <= dt.date.fromisoformat(value).year <= 2100 else "date"
        except ValueError:
            return "date"
    return "date-order" if date_order(value) else "date"


def date_order(value: str) -> str:
    """Return the order in which a date is written: ``day-month-year``, ``month-day-year``, ``either``, or nothing.

    >>> [date_order(one) for one in ("31/12/2025", "12/31/2025", "05/06/2025", "2025/12/31", "x")]
    ['day-month-year', 'month-day-year', 'either', 'year-month-day', '']
    """
    found = _OTHER_DAY.match(value)
    if not found:
        return ""
    one, two, three = (int(part) for part in found.groups())
    if len(found[1]) == 4:
        return "year-month-day" if 1 <= two <= 12 and 1 <= three <= 31 else ""
    if len(found[3]) not in (2, 4) or not (1 <= one <= 31 and 1 <= two <= 31) or min(one, two) > 12:
        return ""
    return "day-month-year" if one > 12 else "month-day-year" if two > 12 else "either"


# --- what points to a person --------------------------------------------------------------------------

_LEAKS: Final = (
    ("an e-mail address", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w{2,}")),
    ("a web address or the name of an account", re.compile(r"https?://|www\.|(?<![\w@])@\w{3,}", re.I)),
    ("a telephone number or the number of a document", re.compile(r"(?<![\w-])\+?\d(?:[ ()./-]{0,2}\d){7,}(?![\w-])")),
    ("the number of a document", re.compile(r"\b[A-Z]{1,3}[ -]?\d{6,9}\b")),
    ("a full date", re.compile(r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}-\d{2})\b")),
    ("the name of a person", re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sr|Sra|named|called|name is)\.? [A-Z]\w+")),
)
_HEADS: Final = re.compile(
    r"(?<![a-z])(first|last|family|given|full|sur|middle|maiden|nick)[ _-]?names?(?![a-z])|^names?$|passport|phone|mobile"
    r"|whatsapp|e-?mail|address|street|birth[ _-]?(date|day)|date[ _-]?of[ _-]?birth|^dob$|national[ _-]?id|id[ _-]?(card|number)"
    r"|social[ _-]?security|\bssn\b|licen[cs]e[ _-]?plate|bank[ _-]?account|iban|face|photo|gps|latitude|longitude",
    re.I,
)


def leak(value: str) -> str:
    """Return what in a text may point to a person, or nothing.

    >>> leak("call me on +44 7700 900123"), leak("a cook in a small place"), leak("12 hours")
    ('a telephone number or the number of a document', '', '')
    """
    return next((what for what, shape in _LEAKS if shape.search(value)), "")


def names_a_person(head: str) -> bool:
    """Tell whether the head of a column says that it holds a direct identifier.

    >>> names_a_person("Surname"), names_a_person("date_of_birth"), names_a_person("birth_year")
    (True, True, False)
    """
    return bool(_HEADS.search(head))


def shown(value: str) -> str:
    """Return a cell as a report may print it: short, and nothing that points to a person."""
    if leak(value):
        return "(not shown: it may point to a person)"
    clean = "".join(sign if sign.isprintable() else "\ufffd" for sign in value[:41])
    return clean if len(value) <= 40 else clean[:39] + "…"


def hint(value: str, column: Field) -> str:
    """Return the code that was probably meant, in words, or nothing."""
    wrong = next((part for part in value.split(column.separator or "\0") if part not in column.codes), value)
    plain = wrong.strip().casefold().replace(" ", "-").replace("_", "-")
    fits = [code for code in column.codes if code.casefold() == plain]
    return f" (did you mean '{fits[0]}'?)" if fits else near(wrong[:60], column.codes)


def is_missing(value: str, column: Field) -> bool:
    """Tell whether a cell only says why there is no value."""
    return bool(column.codes) and value in MISSING


def ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with the gravest first, then by how often they occur."""
    return tuple(sorted(found, key=lambda one: (SEVERITIES.index(one.severity), -one.count, one.column, one.rule)))
