"""Finding, reading and checking definitions.

The checks are written by hand, because they name file, line, item and remedy, and because loading
has to be fast. The JSON Schema in ``data/schemas`` says the same to editors, and a test compares.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from tools import content
from tools.errors import Problem, near
from tools.instruments import expressions as ex
from tools.instruments.model import (
    KINDS,
    LEVELS,
    PICTURES,
    STATUSES,
    TYPES,
    Choice,
    Computed,
    Instrument,
    Item,
    Migration,
    Notice,
    Outcome,
    Picture,
    Repeat,
    Section,
    version_key,
)

_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

YES_NO_UNKNOWN: Final = (Choice("yes", "Yes"), Choice("no", "No"), Choice("unknown", "Not known"))
_YES_NO_WORDS: Final = (Choice("yes", "Yes"), Choice("no", "No"))

KEYS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    # place: (needed, allowed besides)
    "instrument": (
        ("id", "title", "kind", "purpose", "version", "reviewed", "review_due", "status", "sources", "limits", "sections"),
        ("status_note", "roles", "minutes", "always", "paper", "computed", "outcomes", "notices", "migrations", "picture"),
    ),
    "section": (("id", "title", "items"), ("intro", "relevant")),
    "item": (
        ("id", "type", "label"),
        ("hint", "about", "choices", "relevant", "code", "strength", "tags", "sources", "contested", "decimals",
         "minimum", "maximum", "currency", "long", "unit"),
    ),
    "repeat": (("repeat", "title", "row", "items"), ("computed", "max_rows", "print_rows", "relevant", "hint")),
    "computed": (("id", "label", "value"), ("choices", "show", "decimals", "currency", "hint")),
    "outcome": (("id", "title", "text"), ("when", "next", "level")),
    "notice": (("id", "text", "when"), ("level",)),
    "picture": (("kind", "title", "values"), ("top", "levels", "rows", "name")),
    "migration": (("from",), ("renamed", "answers", "dropped", "added")),
}  # fmt: skip

# No field asks for these; a case code is enough.
_IDENTIFYING: Final = re.compile(
    r"\b(full|first|last|family|given|sur|maiden)[ -]?names?\b|\bnames? of the (person|victim|child|client)\b"
    r"|\b(date of birth|birth ?date|birthday)\b"
    r"|\b(home|street|postal|e-?mail) address\b|\be-?mail\b"
    r"|\b(tele)?phone numbers?\b"
    r"|\b(passport|identity card|id card|document|visa|social security) numbers?\b",
    re.IGNORECASE,
)

# Answer codes in an expression; a code may be spelt like an id.
_CODES: Final = re.compile(r"\"[^\"]*\"|'[^']*'")


class _Map(dict[str, Any]):
    """A YAML mapping that knows its lines."""

    line: int
    lines: dict[str, int]


class _Reader:
    """Turns YAML nodes into ``_Map`` and lists, with lines, refusing repeated keys."""

    def __init__(self, file: str) -> None:
        self.file = file

    def value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            found = _Map()
            found.line = node.start_mark.line + 1
            found.lines = {}
            for key_node, value_node in node.value:
                key = str(key_node.value)
                if key in found:
                    raise Problem("INS_008", file=self.file, line=key_node.start_mark.line + 1, key=key)
                found[key] = self.value(value_node)
                found.lines[key] = value_node.start_mark.line + 1
            return found
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child) for child in node.value]
        tag = node.tag.rsplit(":", 1)[-1]
        if tag == "int":
            return int(node.value)
        # `yes` and `no` are answers here, not truth values; only true and false are.
        if tag == "bool" and node.value.lower() in {"true", "false"}:
            return node.value.lower() == "true"
        if tag == "null":
            return None
        # Dates, floats and versions stay as written.
        return node.value


def read_yaml(text: str, file: str) -> _Map:
    """Return the mapping in a YAML text, with line numbers.

    Raises
    ------
    Problem
        ``INS_002`` when it is not YAML or not a mapping, ``INS_008`` for a repeated key.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        detail = getattr(error, "problem", None) or "it is not complete"
        raise Problem("INS_002", file=file, line=mark.line + 1 if mark else None, detail=detail) from None
    if not isinstance(node, yaml.MappingNode):
        raise Problem("INS_002", file=file, line=1, detail="the top level has to be `key: value` lines")
    found = _Reader(file).value(node)
    assert isinstance(found, _Map)  # noqa: S101 - a MappingNode gives a _Map
    return found


class _Builder:
    """Builds an :class:`Instrument` from YAML. One instance a definition."""

    def __init__(self, data: _Map, file: str) -> None:
        self.data, self.file = data, file
        self.ids: dict[str, int] = {}
        self.names: dict[str, ex.Name] = {}
        self.sections: dict[str, tuple[str, ...]] = {}
        self.repeats: dict[str, tuple[str, ...]] = {}

    # -- values of YAML

    def keys(self, data: Any, place: str, where: str) -> _Map:
        if not isinstance(data, _Map):
            raise Problem(
                "INS_005", file=self.file, key=place, where=where, detail="it is not a set of `key: value` lines",
                wanted="`key: value` lines",
            )  # fmt: skip
        needed, allowed = KEYS[place]
        for key in data:
            if key not in needed and key not in allowed:
                raise Problem(
                    "INS_003", file=self.file, line=data.lines[key], key=key, where=where,
                    known=", ".join((*needed, *allowed)) + near(key, (*needed, *allowed)),
                )  # fmt: skip
        for key in needed:
            if key not in data:
                raise Problem("INS_004", file=self.file, line=data.line, key=key, where=where)
        return data

    def wrong(self, data: _Map, key: str, where: str, detail: str, wanted: str) -> Problem:
        return Problem(
            "INS_005",
            file=self.file,
            line=data.lines.get(key, data.line),
            key=key,
            where=where,
            detail=detail,
            wanted=wanted,
        )

    def text(self, data: _Map, key: str, where: str, default: str = "") -> str:
        if key not in data:
            return default
        value = data[key]
        if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
            raise self.wrong(data, key, where, "it is empty or not a text", "a text")
        return " ".join(str(value).split()) if key not in {"relevant", "when", "value"} else str(value).strip()

    def texts(self, data: _Map, key: str, where: str) -> tuple[str, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise self.wrong(data, key, where, "it is not a list of texts", "one text a line, each after `- `")
        return tuple(" ".join(v.split()) for v in value)

    def maps(self, data: _Map, key: str, where: str) -> list[Any]:
        value = data.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(data, key, where, "it is not a list", "a list, each entry after `- `")
        return value

    def number(self, data: _Map, key: str, where: str, default: int, low: int, high: int) -> int:
        value = data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.wrong(
                data, key, where, f"it is not a whole number from {low} to {high}", f"a number from {low} to {high}"
            )
        return value

    def flag(self, data: _Map, key: str, where: str, default: bool) -> bool:
        value = data.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(data, key, where, "it is neither true nor false", "true or false")
        return value

    def one_of(self, data: _Map, key: str, where: str, known: Sequence[str], default: str = "") -> str:
        value = self.text(data, key, where, default)
        if value not in known:
            raise self.wrong(data, key, where, f"'{value}' is not known", "one of: " + ", ".join(known))
        return value

    def day(self, data: _Map, key: str, where: str) -> dt.date:
        try:
            return dt.date.fromisoformat(self.text(data, key, where))
        except ValueError:
            raise self.wrong(data, key, where, "it is not a date", "a date such as 2026-11-24") from None

    def tags(self, data: _Map, where: str) -> dict[str, str]:
        value = data.get("tags", _Map())
        if not isinstance(value, _Map):
            raise self.wrong(data, "tags", where, "it is not a set of `key: value` lines", "`name: word` lines")
        tags = {key: self.text(value, key, where) for key in value}
        if "strength" in data:
            tags["strength"] = self.text(data, "strength", where)
        return tags

    def new_id(self, data: _Map, key: str, where: str) -> str:
        name = self.text(data, key, where)
        fault = ex.id_fault(name)
        if fault:
            raise Problem("INS_007", file=self.file, line=data.lines[key], id=name, detail=fault)
        if name in self.ids:
            raise Problem("INS_006", file=self.file, line=data.lines[key], id=name)
        self.ids[name] = data.lines[key]
        return name

    def choices(self, data: _Map, where: str) -> tuple[Choice, ...]:
        value = data.get("choices")
        if not isinstance(value, _Map) or not value:
            raise self.wrong(data, "choices", where, "it is not a set of answers", "`code: words` lines")
        found = []
        for code, label in value.items():
            if not ex.ID.fullmatch(code):
                raise self.wrong(
                    value,
                    code,
                    where,
                    f"'{code}' cannot be an answer code",
                    "lower-case letters, digits and underscores",
                )
            found.append(Choice(code, self.text(value, code, where) if label is not None else code))
        return tuple(found)

    # -- first pass: names and types, so that expressions may look forward

    def build(self) -> Instrument:
        data = self.keys(self.data, "instrument", "")
        self.declare(data)
        scope = ex.Scope(self.names, self.sections, self.repeats)
        self.infer_computed(data, scope)
        instrument = self.finish(data, scope)
        _check_circles(instrument, self.file)
        return instrument

    def declare(self, data: _Map) -> None:
        for raw in self.maps(data, "sections", ""):
            section = self.keys(raw, "section", f" in a section{_named(raw)}")
            section_id = self.new_id(section, "id", " in a section")
            where = f" in section '{section_id}'"
            members: list[str] = []
            for entry in self.maps(section, "items", where):
                if isinstance(entry, _Map) and "repeat" in entry:
                    self.declare_repeat(self.keys(entry, "repeat", where))
                else:
                    item = self.keys(entry, "item", where + _named(entry, ", item"))
                    if self.declare_item(item, section_id, "") and item["type"] in {"yes-no-unknown", "choice"}:
                        members.append(item["id"])
            self.sections[section_id] = tuple(members)

    def declare_repeat(self, data: _Map) -> None:
        repeat_id = self.new_id(data, "repeat", " in a repeat")
        where = f" in repeat '{repeat_id}'"
        members = []
        for entry in self.maps(data, "items", where):
            item = self.keys(entry, "item", where + _named(entry, ", item"))
            self.declare_item(item, "", repeat_id)
            members.append(item["id"])
        for entry in self.maps(data, "computed", where):
            computed = self.keys(entry, "computed", where + _named(entry, ", computed value"))
            members.append(self.new_id(computed, "id", where))
        self.repeats[repeat_id] = tuple(members)

    def declare_item(self, data: _Map, section: str, repeat: str) -> bool:
        where = f" in item '{data['id']}'"
        name = self.new_id(data, "id", where)
        kind = self.one_of(data, "type", where, TYPES)
        found = _IDENTIFYING.search(f"{data.get('label', '')} {data.get('hint', '')}")
        if found and kind in {"text", "date", "number"}:
            raise Problem("INS_009", file=self.file, line=data.lines["label"], id=name, detail=found.group(0))
        if kind == "note":
            return False
        tags = self.tags(data, where)
        self.names[name] = ex.Name(self.item_type(data, kind, where), repeat=repeat, section=section, tags=tags)
        return True

    def item_type(self, data: _Map, kind: str, where: str) -> ex.Type:
        if kind == "yes-no-unknown":
            return ex.Type("code", codes=frozenset(c.code for c in YES_NO_UNKNOWN))
        if kind in {"choice", "choices"}:
            codes = frozenset(choice.code for choice in self.choices(data, where))
            return ex.Type("code" if kind == "choice" else "codes", codes=codes)
        if kind == "number":
            whole = self.number(data, "decimals", where, 0, 0, ex.DECIMALS_MAX) == 0
            return ex.Type("number", integer=whole)
        if kind == "money":
            return ex.Type("money", currency=self.text(data, "currency", where) or "")
        return ex.Type(kind)

    def infer_computed(self, data: _Map, scope: ex.Scope) -> None:
        """Find the type of each computed value, in an order in which all it reads is known."""
        waiting: list[tuple[_Map, str]] = []
        for raw in self.maps(data, "computed", ""):
            computed = self.keys(raw, "computed", f" in a computed value{_named(raw)}")
            self.new_id(computed, "id", " in a computed value")
            waiting.append((computed, ""))
        for section in data["sections"]:
            for entry in section["items"]:
                if "repeat" in entry:
                    waiting.extend((computed, entry["repeat"]) for computed in entry.get("computed", []))
        pending = {computed["id"] for computed, _ in waiting}
        while waiting:
            rest: list[tuple[_Map, str]] = []
            for computed, repeat in waiting:
                text = self.text(computed, "value", f" in '{computed['id']}'")
                reads = set(re.findall(r"[a-z][a-z0-9_]*", _CODES.sub("", text))) & pending
                if reads - {computed["id"]} or (computed["id"] in reads and "prev" not in text):
                    rest.append((computed, repeat))
                    continue
                self.names[computed["id"]] = self.computed_name(computed, repeat, text, scope, computed["id"] in reads)
                pending.discard(computed["id"])
            if len(rest) == len(waiting):
                # A circle, or a value that reads the row before of another: declare them as numbers
                # and let the check of circles, or of types, speak.
                for computed, repeat in rest:
                    self.names[computed["id"]] = ex.Name(ex.Type("number", exact=False), repeat=repeat, computed=True)
                break
            waiting = rest

    def computed_name(self, data: _Map, repeat: str, text: str, scope: ex.Scope, self_reading: bool) -> ex.Name:
        line = data.lines["value"]
        if self_reading:
            # prev(itself): its kind is that of the rest of the expression, read as a number or amount.
            currency = self.text(data, "currency", "")
            guess = ex.Type("money", exact=False, currency=currency) if currency else ex.Type("number", exact=False)
            self.names[data["id"]] = ex.Name(guess, repeat=repeat, computed=True)
        type_ = ex.parse(text, scope, repeat=repeat, file=self.file, line=line).type
        if type_.kind == "condition":
            return ex.Name(ex.YES_NO, repeat=repeat, computed=True, can_be_missing=False)
        if type_.kind in {"codes", "text", "missing"}:
            raise Problem(
                "EXP_004", file=self.file, line=line, text=f"`{text}`", detail="a computed value cannot be a text or several choices",
                wanted="Compute a number, an amount, a date, one code or a condition",
            )  # fmt: skip
        if type_.kind == "money":
            type_ = ex.Type("money", exact=type_.exact, currency=type_.currency or self.text(data, "currency", ""))
        return ex.Name(type_, repeat=repeat, computed=True)

    # -- second pass: everything

    def condition(self, data: _Map, key: str, scope: ex.Scope, where: str, repeat: str = "") -> ex.Expression | None:
        if key not in data:
            return None
        text = self.text(data, key, where)
        return ex.parse_condition(text, scope, repeat=repeat, file=self.file, line=data.lines[key])

    def finish(self, data: _Map, scope: ex.Scope) -> Instrument:
        sections = tuple(self.section(raw, scope) for raw in data["sections"])
        if not sections:
            raise self.wrong(data, "sections", "", "there is none", "at least one section")
        name = self.text(data, "id", "")
        if not re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", name):
            raise self.wrong(
                data, "id", "", f"'{name}' is not a guide and a name", "guide/name in small letters and hyphens"
            )
        version = self.text(data, "version", "")
        if not re.fullmatch(r"[0-9]+\.[0-9]+", version):
            raise self.wrong(
                data, "version", "", f"'{version}' is not a version", 'two numbers in quotes, such as "1.0"'
            )
        reviewed, due = self.day(data, "reviewed", ""), self.day(data, "review_due", "")
        if due <= reviewed:
            raise self.wrong(data, "review_due", "", "it is not after `reviewed`", "a later date")
        limits = self.texts(data, "limits", "")
        sources = self.texts(data, "sources", "")
        for key, value in (("limits", limits), ("sources", sources)):
            if not value:
                raise self.wrong(data, key, "", "it is empty", "at least one entry")
        computed = tuple(self.computed(raw, scope, "") for raw in data.get("computed", []))
        return Instrument(
            id=name,
            title=self.text(data, "title", ""),
            kind=self.one_of(data, "kind", "", KINDS),
            purpose=self.text(data, "purpose", ""),
            version=version,
            reviewed=reviewed,
            review_due=due,
            status=self.one_of(data, "status", "", STATUSES),
            sources=sources,
            limits=limits,
            sections=sections,
            computed=computed,
            outcomes=self.outcomes(data, scope),
            notices=tuple(self.notice(raw, scope) for raw in self.maps(data, "notices", "")),
            status_note=self.text(data, "status_note", ""),
            roles=self.texts(data, "roles", ""),
            minutes=self.number(data, "minutes", "", 0, 0, 600),
            always=self.texts(data, "always", ""),
            paper=self.text(data, "paper", ""),
            migrations=self.migrations(data, version),
            picture=self.picture(data, sections, computed) if "picture" in data else None,
            file=self.file,
        )

    def section(self, data: _Map, scope: ex.Scope) -> Section:
        where = f" in section '{data['id']}'"
        members: list[Item | Repeat] = []
        for entry in data["items"]:
            members.append(self.repeat(entry, scope) if "repeat" in entry else self.item(entry, scope, ""))
        if not members:
            raise self.wrong(data, "items", where, "there is none", "at least one item")
        return Section(
            id=data["id"],
            title=self.text(data, "title", where),
            intro=self.text(data, "intro", where),
            relevant=self.condition(data, "relevant", scope, where),
            members=tuple(members),
        )

    def repeat(self, data: _Map, scope: ex.Scope) -> Repeat:
        name = data["repeat"]
        where = f" in repeat '{name}'"
        max_rows = self.number(data, "max_rows", where, 20, 1, 200)
        return Repeat(
            id=name,
            title=self.text(data, "title", where),
            row=self.text(data, "row", where),
            hint=self.text(data, "hint", where),
            items=tuple(self.item(entry, scope, name) for entry in data["items"]),
            computed=tuple(self.computed(entry, scope, name) for entry in data.get("computed", [])),
            max_rows=max_rows,
            print_rows=self.number(data, "print_rows", where, min(3, max_rows), 1, max_rows),
            relevant=self.condition(data, "relevant", scope, where),
        )

    def item(self, data: _Map, scope: ex.Scope, repeat: str) -> Item:
        name = data["id"]
        where = f" in item '{name}'"
        kind = data["type"]
        if "choices" in data and kind not in {"choice", "choices"}:
            raise self.wrong(data, "choices", where, f"a {kind} item has no choices of its own", "type: choice")
        for bound in ("minimum", "maximum"):
            if bound in data:
                self.check_bound(data, bound, kind, where)
        currency = self.text(data, "currency", where)
        if kind == "money":
            self.check_currency(data, currency, repeat, where)
        tags = self.tags(data, where)
        return Item(
            id=name,
            type=kind,
            label=self.text(data, "label", where),
            hint=self.text(data, "hint", where),
            about=self.text(data, "about", where),
            choices=YES_NO_UNKNOWN
            if kind == "yes-no-unknown"
            else self.choices(data, where)
            if kind in {"choice", "choices"}
            else (),
            relevant=self.condition(data, "relevant", scope, where, repeat),
            code=self.text(data, "code", where),
            tags=tags,
            sources=self.texts(data, "sources", where),
            contested=self.text(data, "contested", where),
            decimals=self.number(data, "decimals", where, 2 if kind == "money" else 0, 0, ex.DECIMALS_MAX),
            minimum=self.text(data, "minimum", where),
            maximum=self.text(data, "maximum", where),
            currency=currency,
            long=self.flag(data, "long", where, False),
            unit=self.text(data, "unit", where),
        )

    def check_bound(self, data: _Map, key: str, kind: str, where: str) -> None:
        value = self.text(data, key, where)
        try:
            if kind == "date":
                dt.date.fromisoformat(value)
                return
            if kind in {"number", "money"} and re.fullmatch(r"-?[0-9]+(\.[0-9]{1,4})?", value):
                return
        except ValueError:
            pass
        raise self.wrong(
            data, key, where, f"'{value}' is no bound for {kind}", "a number for numbers, a date for dates"
        )

    def check_currency(self, data: _Map, currency: str, repeat: str, where: str) -> None:
        if re.fullmatch(r"[A-Z]{3}", currency):
            return
        found = self.names.get(currency)
        if found is None or found.type.kind != "code" or (found.repeat and found.repeat != repeat):
            raise self.wrong(
                data,
                "currency",
                where,
                "it is neither a currency nor a choice item",
                "a code such as USD, or the id of a choice item",
            )

    def computed(self, data: _Map, scope: ex.Scope, repeat: str) -> Computed:
        name = data["id"]
        where = f" in '{name}'"
        parsed = ex.parse(
            self.text(data, "value", where), scope, repeat=repeat, file=self.file, line=data.lines["value"]
        )
        choices: tuple[Choice, ...] = ()
        if parsed.type.kind == "condition":
            choices = self.choices(data, where) if "choices" in data else _YES_NO_WORDS
            wanted = {"yes", "no"}
        else:
            wanted = set(parsed.type.codes)
            choices = self.choices(data, where) if parsed.type.kind == "code" else ()
        if choices and {choice.code for choice in choices} != wanted:
            raise self.wrong(
                data,
                "choices",
                where,
                "it does not name every answer the value can have",
                "words for: " + ", ".join(sorted(wanted)),
            )
        currency = parsed.type.currency or self.text(data, "currency", where)
        if parsed.type.kind == "money":
            if not currency:
                raise self.wrong(
                    data, "currency", where, "a converted amount does not say its currency", "`currency: …`"
                )
            self.check_currency(data, currency, repeat, where)
        return Computed(
            id=name,
            label=self.text(data, "label", where),
            expression=parsed,
            choices=choices,
            show=self.flag(data, "show", where, True),
            decimals=self.number(data, "decimals", where, 0 if parsed.type.integer else 2, 0, ex.DECIMALS_MAX),
            currency=currency,
            hint=self.text(data, "hint", where),
        )

    def outcomes(self, data: _Map, scope: ex.Scope) -> tuple[Outcome, ...]:
        found = []
        raws = self.maps(data, "outcomes", "")
        for number, raw in enumerate(raws, start=1):
            outcome = self.keys(raw, "outcome", f" in an outcome{_named(raw)}")
            name = self.new_id(outcome, "id", " in an outcome")
            where = f" in outcome '{name}'"
            last = number == len(raws)
            if ("when" not in outcome) != last:
                raise Problem(
                    "INS_005", file=self.file, line=outcome.line, key="when", where=where,
                    detail="the last outcome holds always and has no `when`; all others need one",
                    wanted="`when: …` in every outcome but the last",
                )  # fmt: skip
            found.append(
                Outcome(
                    id=name,
                    title=self.text(outcome, "title", where),
                    text=self.text(outcome, "text", where),
                    when=self.condition(outcome, "when", scope, where),
                    next=self.texts(outcome, "next", where),
                    level=self.one_of(outcome, "level", where, LEVELS, "ask"),
                )
            )
        return tuple(found)

    def notice(self, raw: Any, scope: ex.Scope) -> Notice:
        data = self.keys(raw, "notice", f" in a notice{_named(raw)}")
        name = self.new_id(data, "id", " in a notice")
        where = f" in notice '{name}'"
        when = self.condition(data, "when", scope, where)
        assert when is not None  # noqa: S101 - `when` is a needed key
        return Notice(
            id=name,
            text=self.text(data, "text", where),
            when=when,
            level=self.one_of(data, "level", where, LEVELS, "ask"),
        )

    # -- a picture of answers

    def picture(self, data: _Map, sections: Sequence[Section], computed: Sequence[Computed]) -> Picture:
        where = " in the picture"
        raw = self.keys(data["picture"], "picture", where)
        kind = self.one_of(raw, "kind", where, PICTURES)
        repeats = {repeat.id: repeat for section in sections for repeat in section.repeats}
        rows, name = self.text(raw, "rows", where), self.text(raw, "name", where)
        if kind == "grid":
            if rows not in repeats:
                raise self.wrong(raw, "rows", where, "it is not a table of this instrument", "the id of a repeat")
            parts: list[Item | Computed] = [*repeats[rows].items, *repeats[rows].computed]
            if name not in {one.id for one in repeats[rows].items}:
                raise self.wrong(raw, "name", where, "it is not in the table", "the id of the item that names a row")
        else:
            parts = [member for section in sections for member in section.members if isinstance(member, Item)]
            parts += computed
        known = {part.id: part for part in parts}
        values = self.texts(raw, "values", where)
        levels = raw.get("levels", _Map())
        if not isinstance(levels, _Map) or not all(type(level) is int for level in levels.values()):
            raise self.wrong(raw, "levels", where, "it is not a set of `code: whole number` lines", "`code: 2`")
        for value in values:
            if value not in known:
                raise self.wrong(
                    raw, "values", where, f"'{value}' is not known there", "ids of items or computed values"
                )
            codes = {choice.code for choice in known[value].choices}
            if kind != "grid" and codes and not codes & set(levels):
                raise self.wrong(
                    raw, "levels", where, f"no answer of '{value}' has a level", "`code: 2` for each answer"
                )
        top = self.number(raw, "top", where, 0, 0, 1000)
        if kind != "grid" and not top >= max([1, *levels.values()]):
            raise self.wrong(raw, "top", where, "the scale has no end, or ends too early", "the highest level")
        if not values or (kind == "wheel" and len(values) < 3):
            raise self.wrong(raw, "values", where, "there are too few", "one at least, and three for a wheel")
        return Picture(kind, self.text(raw, "title", where), values, top, dict(levels), rows, name)

    # -- records of older versions

    def migrations(self, data: _Map, version: str) -> tuple[Migration, ...]:
        raws = self.maps(data, "migrations", "")
        steps: list[Migration] = []
        # From the newest to the oldest: each step may name only what the steps after it know.
        items = {name: set(found.type.codes) for name, found in self.names.items() if not found.computed}
        known = _Known({*items, *self.repeats}, items)
        later = version
        for raw in reversed(raws):
            step = self.keys(raw, "migration", " in a migration")
            where = f" in the migration from '{step['from']}'"
            since = self.text(step, "from", where)
            if not re.fullmatch(r"[0-9]+\.[0-9]+", since) or version_key(since) >= version_key(later):
                raise self.wrong(
                    step, "from", where, f"'{since}' is not a version before {later}",
                    'the last version before the change, in quotes, the oldest step first',
                )  # fmt: skip
            later = since
            found = Migration(
                since,
                self.words(step, "renamed", where),
                self.recoded(step, where),
                self.texts(step, "dropped", where),
                self.texts(step, "added", where),
            )
            self.check_migration(step, found, known, where)
            steps.insert(0, found)
        return tuple(steps)

    def words(self, data: _Map, key: str, where: str) -> dict[str, str]:
        value = data.get(key, _Map())
        if not isinstance(value, _Map):
            raise self.wrong(data, key, where, "it is not a set of `old: new` lines", "`old: new` lines")
        for old in value:
            if not ex.ID.fullmatch(old):
                raise self.wrong(value, old, where, f"'{old}' was never an id or a code", "the old id or code")
        return {old: self.text(value, old, where) for old in value}

    def recoded(self, data: _Map, where: str) -> dict[str, dict[str, str]]:
        value = data.get("answers", _Map())
        if not isinstance(value, _Map):
            raise self.wrong(
                data, "answers", where, "it is not a set of items", "`item:` and below it `old: new` lines"
            )
        return {item: self.words(value, item, where) for item in value}

    def check_migration(self, data: _Map, step: Migration, known: _Known, where: str) -> None:
        """Refuse a step that names what is not there, then turn ``known`` back to before the step."""

        def refuse(key: str, detail: str, wanted: str) -> Problem:
            return self.wrong(data, key, where, detail, wanted)

        for key, names in (("renamed", step.renamed.values()), ("answers", step.answers), ("added", step.added)):
            for name in names:
                if name not in known.ids:
                    raise refuse(
                        key, f"there is no '{name}' after this step{near(name, known.ids)}", "an id that exists"
                    )
        if len(set(step.renamed.values())) < len(step.renamed):
            raise refuse("renamed", "two old ids have the same new one", "one old id for each new one")
        for item, codes in step.answers.items():
            there = known.codes.get(item, set())
            for old, new in codes.items():
                if new not in there:
                    raise refuse(
                        "answers", f"'{new}' is not an answer of '{item}'", "one of: " + ", ".join(sorted(there))
                    )
                if old in there:
                    raise refuse("answers", f"'{old}' is still an answer of '{item}'", "only answers that are gone")
        gone: Iterable[str]
        for key, gone in (("renamed", step.renamed), ("dropped", step.dropped)):
            for name in gone:
                if name in known.ids or name in self.ids or (key == "dropped" and name in step.renamed):
                    raise refuse(key, f"'{name}' is still in use", "an id that is gone; ids are never used again")
        for item, codes in step.answers.items():
            known.codes[item] = known.codes[item] - set(codes.values()) | set(codes)
        for name in step.added:
            known.ids.discard(name)
        for old, new in step.renamed.items():
            known.ids.discard(new)
            known.codes[old] = known.codes.pop(new, set())
        known.ids.update(step.renamed, step.dropped)


@dataclasses.dataclass
class _Known:
    """The ids, and the answers of each, that a version of an instrument has."""

    ids: set[str]
    codes: dict[str, set[str]]


def _named(raw: Any, before: str = "") -> str:
    return f"{before} '{raw['id']}'" if isinstance(raw, _Map) and isinstance(raw.get("id"), str) else ""


def _check_circles(instrument: Instrument, file: str) -> None:
    """Refuse values that depend on each other in a circle.

    ``prev(x)`` looks one row up and so may close a loop inside its repeat, never outside it.
    """
    near_edges: dict[str, set[str]] = {}
    all_edges: dict[str, set[str]] = {}

    def add(name: str, found: Iterable[ex.Expression]) -> None:
        for expression in found:
            near_edges.setdefault(name, set()).update(ex.names(expression.tree, prev=False))
            all_edges.setdefault(name, set()).update(ex.names(expression.tree))

    for name, conditions in instrument.conditions_of.items():
        add(name, conditions)
    for name, member in instrument.everything.items():
        if isinstance(member, Computed):
            add(name, (member.expression,))
        if name in instrument.repeat_of:
            for edges in (near_edges, all_edges):
                edges.setdefault(name, set()).add(instrument.repeat_of[name])
    circle = _circle(near_edges, lambda _: True)
    if circle is None:
        circle = _circle(all_edges, lambda found: len({instrument.repeat_of.get(name, name) for name in found}) > 1)
    if circle:
        raise Problem("EXP_007", file=file, chain=" -> ".join(circle))


def _circle(edges: Mapping[str, set[str]], bad: Callable[[list[str]], bool]) -> list[str] | None:
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            found = path[path.index(name) :]
            return [*found, name] if bad(found) else None
        if name in done:
            return None
        for other in sorted(edges.get(name, ())):
            found_circle = visit(other, [*path, name])
            if found_circle:
                return found_circle
        done.add(name)
        return None

    for name in sorted(edges):
        found = visit(name, [])
        if found:
            return found
    return None


# --- the way in --------------------------------------------------------------------------------


def read(text: str, file: str = "definition.yml") -> Instrument:
    """Return the instrument that a YAML text defines.

    Raises
    ------
    Problem
        ``INS_…`` or ``EXP_…``, with file, line, item and remedy.
    """
    return _Builder(read_yaml(text, file), file).build()


@lru_cache(maxsize=256)
def _load_file(path: Path, _changed: int) -> Instrument:
    instrument = read(path.read_text(encoding="utf-8-sig"), content.relative(path))
    place = path.relative_to(content.INSTRUMENTS).with_suffix("").as_posix()
    if instrument.id != place:
        raise Problem("INS_010", file=instrument.file, line=1, id=instrument.id, place=place)
    return instrument


def load(instrument_id: str, *, locale: str = "") -> Instrument:
    """Return an instrument by its id, for example ``identification/elements-of-the-definition``.

    Parameters
    ----------
    instrument_id : str
        ``guide/name``.
    locale : str
        A language such as ``id`` or ``km``; texts that its catalogue lacks stay in English.

    Raises
    ------
    Problem
        ``INS_001`` when there is none of that name; ``INS_…``, ``EXP_…`` when it is broken.
    """
    path = content.instrument_path(instrument_id)
    if not re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", instrument_id) or not path.is_file():
        raise Problem("INS_001", id=instrument_id, near=near(instrument_id, content.instrument_ids()))
    instrument = _load_file(path, path.stat().st_mtime_ns)
    if not locale:
        return instrument
    from tools.instruments import translation

    found = translation.catalogue(locale)
    return dataclasses.replace(translation.translated(instrument, lambda text: found.get(text, text)), locale=locale)


def load_all() -> tuple[Instrument, ...]:
    """Return every instrument of the library, sorted by id."""
    return tuple(load(name) for name in content.instrument_ids())
