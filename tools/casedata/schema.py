"""What a data set of cases may hold: its fields, their codes, and the rules between them.

A schema is a Frictionless Table Schema with a few words of our own: ``codelist``, ``separator``, ``role``, ``section``
and ``rules``. Other programs that know Table Schema read the rest and skip those.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from tools import content
from tools.errors import Problem, near

ENDING: Final = ".schema.json"
NAMES: Final = ("victim-centred", "criminal-justice")
TYPES: Final = ("string", "integer", "number", "date", "yearmonth")
ROLES: Final = ("key", "source", "entered", "event", "quasi", "sensitive", "text")
RULES: Final = ("order", "past", "after-year", "age", "requires", "forbids", "member", "alone", "sum", "same")
MISSING: Final = frozenset({"unknown", "refused", "not-asked", "not-applicable"})
"""Codes that say why a value is missing; a blank says nothing."""


@dataclass(frozen=True)
class Code:
    """One code of a list.

    Attributes
    ----------
    code, name : str
    status : str
        ``confirmed`` (read in the standard), ``aligned`` (follows one that was not read in full), ``ours``.
    source : str
        The standard, in words.
    """

    code: str
    name: str
    status: str
    source: str


@dataclass(frozen=True)
class Field:
    """One column of a data set.

    Attributes
    ----------
    name, title, type, description, section : str
    role : str
        What it is for in quality and disclosure control; one of :data:`ROLES`, or empty.
    required, unique : bool
    minimum, maximum : float or None
    pattern : str
        What the whole cell must match.
    codelist : str
        The name of its list of codes, or empty.
    codes : tuple of str
        What it may hold; empty for any.
    separator : str
        What stands between several codes in one cell; empty where there is only one.
    """

    name: str
    title: str
    type: str
    description: str = ""
    section: str = ""
    role: str = ""
    required: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    codelist: str = ""
    codes: tuple[str, ...] = ()
    separator: str = ""

    @property
    def wanted(self) -> str:
        """What belongs into a cell, in words."""
        if self.codes:
            some = ", ".join(self.codes[:6]) + (f" and {len(self.codes) - 6} more" if len(self.codes) > 6 else "")
            more = ", several with semicolons between" if self.separator else ""
            return f"a code of the list '{self.codelist}' ({some}){more}"
        if self.type == "date":
            return "a date as year-month-day, such as 2026-11-02"
        if self.type == "yearmonth":
            return "a month as year-month, such as 2026-11"
        if self.type in ("integer", "number"):
            what = "a whole number" if self.type == "integer" else "a number with a point, without separators"
            low = "" if self.minimum is None else f", {self.minimum:g} or more"
            high = "" if self.maximum is None else f", {self.maximum:g} or less"
            return what + low + high
        return "letters, digits, hyphens and underscores, without spaces" if self.pattern else "a few words"


@dataclass(frozen=True)
class Rule:
    """Something that must hold between the fields of one record.

    Attributes
    ----------
    id, kind : str
        ``kind`` is one of :data:`RULES`.
    severity : str
        ``error``, ``warning`` or ``review``.
    says : Mapping
        The rest, as the schema has it.
    """

    id: str
    kind: str
    severity: str
    says: Mapping[str, Any]

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that it names, in order, each once."""
        said = self.says
        named = [one["field"] for one in said.get("when", ())]
        named += [*said.get("fields", ()), *said.get("parts", ()), *said.get("lists", ())]
        named += [said[key] for key in ("field", "year", "age", "on", "total", "key") if key in said]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True)
class Schema:
    """A data set: one kind of record.

    Attributes
    ----------
    name, title, description, version : str
    key : str
        The field whose value no two records share.
    fields : tuple of Field
    rules : tuple of Rule
    """

    name: str
    title: str
    description: str
    version: str
    key: str
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Fields by their names."""
        return MappingProxyType({one.name: one for one in self.fields})

    def having(self, role: str) -> tuple[str, ...]:
        """Return the names of the fields with a role.

        >>> load("victim-centred").having("event")
        ('identified_on',)
        """
        return tuple(one.name for one in self.fields if one.role == role)


@cache
def codelists() -> Mapping[str, tuple[Code, ...]]:
    """Return every list of codes for case data, by its name.

    >>> [one.code for one in codelists()["sex"]]
    ['female', 'male', 'other']
    """
    found: dict[str, list[Code]] = {}
    for row in csv.DictReader(io.StringIO(content.read_text(content.CODELISTS / "case-data.csv"))):
        found.setdefault(row["list"], []).append(Code(row["code"], row["name"], row["status"], row["source"]))
    return MappingProxyType({name: tuple(codes) for name, codes in found.items()})


def code_names(codelist: str) -> Mapping[str, str]:
    """Return what the codes of a list mean, with the four reasons for a missing value.

    >>> code_names("sex")["refused"]
    'Asked, did not want to say'
    """
    lists = codelists()
    return {one.code: one.name for one in (*lists.get(codelist, ()), *lists["missing"])}


@cache
def load(name: str) -> Schema:
    """Return one of our schemas.

    Raises
    ------
    Problem
        ``DAT_001`` if there is none of this name; what :func:`read` raises.
    """
    path = content.SCHEMAS / f"{name}{ENDING}"
    if name not in NAMES:
        raise Problem("DAT_001", name=name, known=", ".join(NAMES), near=near(name, NAMES))
    return read(content.read_text(path), content.relative(path))


def find(name: str) -> Schema:
    """Return one of our schemas, or one from a file of somebody else's (``.json``)."""
    if not name.endswith(".json"):
        return load(name)
    path = Path(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise Problem("DAT_002", file=path.name, detail=f"it cannot be read ({type(fault).__name__})") from None
    return read(text, path.name)


def read(text: str, file: str) -> Schema:
    """Return a schema from its text.

    Raises
    ------
    Problem
        ``DAT_002`` for anything that is no Table Schema, or names a field that is not there.
    """
    try:
        said = json.loads(text)
        fields = tuple(_field(one) for one in said["fields"])
        rules = tuple(
            Rule(one["id"], one["kind"], one.get("severity", "error"), MappingProxyType(dict(one)))
            for one in said.get("rules", ())
        )
        key = said.get("primaryKey", "")
        key = key[0] if isinstance(key, list) and key else key
        made = Schema(said.get("name", file), said.get("title", file), said.get("description", ""),
                      str(said.get("version", "")), key or "", fields, rules)  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise Problem("DAT_002", file=file, detail=f"{type(fault).__name__}: {fault}"[:200]) from None
    known = set(made.by_name)
    if len(known) != len(fields):
        raise Problem("DAT_002", file=file, detail="two fields have the same name")
    for rule in rules:
        if rule.kind not in RULES or not set(rule.fields) <= known:
            raise Problem("DAT_002", file=file, detail=f"the rule '{rule.id}' is of no known kind, or names no field")
    return made


def _field(said: Mapping[str, Any]) -> Field:
    limits = said.get("constraints", {})
    kind = said.get("type", "string")
    if kind not in TYPES:
        raise ValueError(f"the field '{said['name']}' is of the type '{kind}'; known are {', '.join(TYPES)}")
    re.compile(limits.get("pattern", ""))
    codelist = said.get("codelist", "")
    listed = tuple(code_names(codelist)) if codelist else tuple(map(str, limits.get("enum", ())))
    return Field(
        said["name"], said.get("title", said["name"]), kind, said.get("description", ""), said.get("section", ""),
        said.get("role", ""), bool(limits.get("required")), bool(limits.get("unique")), limits.get("minimum"),
        limits.get("maximum"), "" if listed else limits.get("pattern", ""), codelist, listed, said.get("separator", ""),
    )  # fmt: skip
