"""Paper and back: read a PDF form that was filled in a viewer.

The names of the fields hold the ids of the items, and a stamp in the file says which instruments stand in
it and in which version; the step that finishes our PDFs writes it. What cannot be read with certainty is
told in a note and never guessed: a date in another order, a number with a comma, two answers where one fits.

Nothing in the file is run. A file with scripts, attached files or a password is refused.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from tools import content
from tools.errors import Problem
from tools.instruments import library, record
from tools.instruments.model import Instrument, Item
from tools.instruments.record import Record
from tools.surfaces.words import words as said

#: The entry of the document's information that says which instruments can be filled in it.
STAMP: Final = "/CTForms"
SIZE_MAX: Final = 20_000_000
PAGES_MAX: Final = 1_000
OBJECTS_MAX: Final = 200_000
FIELDS_MAX: Final = 20_000
_DEPTH_MAX: Final = 32
_UNPACKED_MAX: Final = 30_000_000
# Bits of /Ff, ISO 32000-1, table 226.
_RADIO, _PUSH = 1 << 15, 1 << 16
_PLACE: Final = re.compile(r"(?:([a-z][a-z0-9_]*)-row([0-9]{1,3})-)?([a-z][a-z0-9_]*)(?:-([a-z][a-z0-9_]*))?")
AGAIN: Final = "Look at the paper or the file, and answer it in the form."
_WRITTEN: Final = "-write"  # the lines for a result written by hand


@dataclass(frozen=True)
class Form:
    """One instrument in a PDF.

    Attributes
    ----------
    id, version : str
        The version is empty when the file does not say.
    prefix : str
        How the names of its fields begin.
    names : frozenset of str
        What follows the prefix in the names of all its fields, filled or not.
    """

    id: str
    version: str
    prefix: str
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Field:
    """One field that somebody filled.

    Attributes
    ----------
    name : str
    kind : str
        ``text``, ``radio`` or ``box``.
    value : str
        What was typed, or the code that was marked; for a box ``on``.
    doubt : str
        Why it cannot be read with certainty, in words; empty when it can.
    """

    name: str
    kind: str
    value: str
    doubt: str = ""


def read(data: bytes, instrument: Instrument | None = None) -> tuple[Instrument, Record, tuple[str, ...]]:
    """Read a filled PDF form back.

    Parameters
    ----------
    data : bytes
        The whole file.
    instrument : Instrument, optional
        Which form to read; needed only where more than one in the file was filled.

    Returns
    -------
    instrument : Instrument
    record : Record
    notes : tuple of str
        One or two sentences for everything that could not be read with certainty.

    Raises
    ------
    Problem
        ``FIL_001`` too large; ``FIL_004`` scripts or files inside; ``FIL_005`` a password; ``FIL_007`` no PDF, or
        damaged; ``FIL_008`` more than a form needs; ``FIL_011`` no fields; ``FIL_012`` a form that is not ours;
        ``FIL_013`` which of several; ``REC_002`` another instrument; ``REC_003`` a version that cannot be read.
    """
    fields, forms = open_fields(data)
    form = _choose(fields, forms, instrument)
    wanted = instrument or library.load(form.id)
    reading = _Reading(wanted, form)
    for field in fields:
        if field.name.startswith(form.prefix):
            reading.take(field)
    reading.missing(form)
    reading.others(form, fields, forms)
    return wanted, *reading.finish()


def open_fields(data: bytes) -> tuple[tuple[Field, ...], tuple[Form, ...]]:
    """Return the filled fields of a PDF, and the instruments that stand in it.

    Raises
    ------
    Problem
        As :func:`read`.
    """
    if len(data) > SIZE_MAX:
        raise Problem("FIL_001", size=_megabytes(len(data)), limit=_megabytes(SIZE_MAX))
    if b"%PDF-" not in data[:1024]:
        raise Problem("FIL_007", name="PDF")
    if data.count(b" obj") > OBJECTS_MAX:
        raise Problem("FIL_008", detail=f"more than {OBJECTS_MAX:,} objects")
    from pypdf.errors import LimitReachedError, PyPdfError

    with _quiet():
        try:
            return _parse(data)
        except LimitReachedError as fault:
            raise Problem("FIL_008", detail="one part of it unpacks to too much") from fault
        except (PyPdfError, *_FAULTS) as fault:
            raise Problem("FIL_007", name="PDF") from fault


# What pypdf raises on bytes that are not what they claim to be, besides errors of its own.
_FAULTS: Final = (ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, ArithmeticError,
                  RecursionError, NotImplementedError, OSError, EOFError)  # fmt: skip


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pypdf's remarks on damaged files from the user, who gets ours."""
    from pypdf import apply_configuration

    logger, nowhere = logging.getLogger("pypdf"), logging.NullHandler()
    before = logger.propagate
    logger.addHandler(nowhere)
    logger.propagate = False
    try:
        with apply_configuration(
            zlib_maximum_output_length=_UNPACKED_MAX, lzw_maximum_output_length=_UNPACKED_MAX,
            run_length_maximum_output_length=_UNPACKED_MAX, page_tree_maximum_entries=PAGES_MAX * 2,
        ):  # fmt: skip
            yield
    finally:
        logger.propagate = before
        logger.removeHandler(nowhere)


def _megabytes(size: int) -> str:
    from tools.surfaces.intake import megabytes

    return megabytes(size)


# --- the file -----------------------------------------------------------------------------------


def _parse(data: bytes) -> tuple[tuple[Field, ...], tuple[Form, ...]]:
    import io

    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise Problem("FIL_005", name="PDF")
    if sum(map(len, reader.xref.values())) + len(reader.xref_objStm) > OBJECTS_MAX:
        raise Problem("FIL_008", detail=f"more than {OBJECTS_MAX:,} objects")
    root = _dictionary(reader.trailer, "/Root")
    if len(reader.pages) > PAGES_MAX:
        raise Problem("FIL_008", detail=f"more than {PAGES_MAX:,} pages")
    pages = list(reader.pages)
    form = _dictionary(root, "/AcroForm")
    _check_actions(root, form, pages)
    found = list(_fields(form, pages))
    if not found:
        raise Problem("FIL_011")
    names = [name for name, _ in found]
    forms = _stamped(_get(_dictionary(reader.trailer, "/Info"), STAMP), names) or _by_name(names)
    rests = [frozenset(name.removeprefix(f.prefix) for name in names if name.startswith(f.prefix)) for f in forms]
    forms = tuple(replace(form, names=rest) for form, rest in zip(forms, rests, strict=True))
    return tuple(field for _, field in found if field is not None), forms


def _get(owner: Any, key: str) -> Any:
    """Return an entry of a dictionary with references followed; ``None`` where there is nothing."""
    if not isinstance(owner, dict) or key not in owner:
        return None
    return owner[key].get_object()


def _dictionary(owner: Any, key: str) -> Mapping[str, Any]:
    found = _get(owner, key)
    return found if isinstance(found, dict) else {}


def _list(owner: Any, key: str) -> list[Any]:
    found = _get(owner, key)
    return [entry.get_object() for entry in found] if isinstance(found, list) else []


_ACTIONS: Final = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToE", "/GoTo3DView",
                   "/RichMediaExecute", "/Movie", "/Sound"}  # fmt: skip
_CARRIERS: Final = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}


def _check_actions(root: Any, form: Any, pages: Iterable[Any]) -> None:
    """Refuse what our forms never hold. Nothing of it would be run here; but the file goes on to others."""
    names = _dictionary(root, "/Names")
    if _get(names, "/JavaScript") is not None or _get(form, "/XFA") is not None:
        raise Problem("FIL_004", name="PDF", found="scripts or commands")
    if _get(names, "/EmbeddedFiles") is not None:
        raise Problem("FIL_004", name="PDF", found="other files or programs inside it")
    owners = [root, *pages, *_list(form, "/Fields")]
    for page in pages:
        for mark in _list(page, "/Annots"):
            if _get(mark, "/Subtype") in _CARRIERS:
                raise Problem("FIL_004", name="PDF", found="other files or programs inside it")
            owners.append(mark)
    for owner in owners:
        started = [_get(owner, "/OpenAction"), _get(owner, "/A"), *_entries(_get(owner, "/AA"))]
        for _ in range(_DEPTH_MAX):
            started = [action for action in started if isinstance(action, dict)]
            if any(_get(action, "/S") in _ACTIONS for action in started):
                raise Problem("FIL_004", name="PDF", found="scripts or commands")
            started = [after for action in started for after in (_get(action, "/Next"), *_list(action, "/Next"))]
            if not started:
                break


def _entries(owner: Any) -> list[Any]:
    return [_get(owner, key) for key in owner] if isinstance(owner, dict) else []


def _fields(form: Any, pages: Iterable[Any]) -> Iterator[tuple[str, Field | None]]:
    """Yield the name of every field, with what was filled in it.

    Fields are found from the form and from the pages: some viewers mend only one of the two lists.
    """
    roots = _list(form, "/Fields")
    for page in pages:
        for mark in _list(page, "/Annots"):
            if _get(mark, "/Subtype") == "/Widget":
                top, steps = mark, 0
                while isinstance(_get(top, "/Parent"), dict) and steps < _DEPTH_MAX:
                    top, steps = _get(top, "/Parent"), steps + 1
                roots.append(top)
    stack: list[tuple[Any, str, dict[str, Any], int]] = [(root, "", {}, 0) for root in reversed(roots)]
    seen: set[int] = set()
    while stack:
        node, before, outer, depth = stack.pop()
        if not isinstance(node, dict) or id(node) in seen or depth > _DEPTH_MAX:
            continue
        seen.add(id(node))
        if len(seen) > FIELDS_MAX:
            raise Problem("FIL_008", detail=f"more than {FIELDS_MAX:,} fields")
        own = {key: _get(node, key) for key in ("/FT", "/V", "/Ff", "/Opt") if key in node}
        inherited = {**outer, **own}
        title = _get(node, "/T")
        name = f"{before}.{title}" if before and title else str(title or before)
        kids = [kid for kid in _list(node, "/Kids") if isinstance(kid, dict)]
        inner = [kid for kid in kids if "/T" in kid]
        if inner:
            stack += [(kid, name, inherited, depth + 1) for kid in reversed(inner)]
        elif name:
            seen.update(id(kid) for kid in kids)
            yield name, _filled(name, inherited, kids or [node])


def _filled(name: str, entries: Mapping[str, Any], widgets: list[Any]) -> Field | None:
    """Return what was filled in a field; ``None`` for nothing."""
    value, flags = entries.get("/V"), entries.get("/Ff", 0)
    if entries.get("/FT") != "/Btn":
        return _typed(name, value)
    if not isinstance(flags, int) or flags & _PUSH:
        return None
    # What is stored, and what the marks on the page show: a viewer writes both. The stored value counts where the
    # marks were left as they were; a mark alone, or two that differ, cannot be told from a slip.
    codes = entries.get("/Opt")
    options = [str(code) for code in codes] if isinstance(codes, list) else []
    radio = bool(flags & _RADIO)
    stored = None if value in (None, "/Off") else _code(str(value), options, widgets, radio)
    marked = {
        _code(str(state), options, widgets, radio)
        for widget in widgets
        if (state := _get(widget, "/AS")) not in (None, "/Off")
    }
    kind = "radio" if radio else "box"
    if len(marked | ({stored} if stored else set())) > 1:
        return Field(name, kind, ", ".join(sorted(marked | ({stored} if stored else set()))), "two answers are marked")
    if marked and not stored:
        return Field(name, kind, marked.pop(), "it is marked on the page, but not stored as an answer")
    return Field(name, kind, stored) if stored else None


def _code(state: str, options: list[str], widgets: list[Any], radio: bool) -> str:
    """Return the code that the state of a button stands for; the state itself where that cannot be told."""
    if not radio:
        return "on"
    state = state.removeprefix("/")
    if state in options:
        return state
    for number, widget in enumerate(widgets):
        if f"/{state}" in _dictionary(_dictionary(widget, "/AP"), "/N") and number < len(options):
            return options[number]
    return options[int(state)] if state.isdecimal() and int(state) < len(options) else state


def _typed(name: str, value: Any) -> Field | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return Field(name, "text", "…", "it is stored in a way that cannot be read")
    text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    # Halves of pairs can stand in a PDF's text; nowhere else.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Field(name, "text", text) if text.strip() else None


def _stamped(stamp: Any, names: Iterable[str]) -> tuple[Form, ...]:
    try:
        told = json.loads(str(stamp))
        forms = tuple(Form(entry["id"], entry["version"], entry["prefix"]) for entry in told)
        if not all(isinstance(text, str) for form in forms for text in (form.id, form.version, form.prefix)):
            return ()
    except (ValueError, TypeError, KeyError, RecursionError):
        return ()
    return tuple(form for form in forms if form.prefix and any(name.startswith(form.prefix) for name in names))


def _by_name(names: Iterable[str]) -> tuple[Form, ...]:
    """Return the instruments that the fields' names speak of, where a viewer has dropped the stamp."""
    found: dict[str, Form] = {}
    for name in names:
        match = re.match(r"(?:.*-)?ct-([a-z0-9-]+--[a-z0-9-]+)-", name)
        if match is None:
            continue
        slug = match[1]
        known = [i for i in content.instrument_ids() if f"{slug}-".startswith(i.replace("/", "--") + "-")]
        if known:
            best = max(known, key=len)
            prefix = name[: match.start(1)] + best.replace("/", "--") + "-"
            found[prefix] = Form(best, "", prefix)
    return tuple(found.values())


def _choose(fields: Iterable[Field], forms: tuple[Form, ...], instrument: Instrument | None) -> Form:
    """Return the one form that is meant."""
    if not forms:
        raise Problem("FIL_012")
    ids = list(dict.fromkeys(form.id for form in forms))
    if instrument is not None and instrument.id not in ids:
        raise Problem("REC_002", found="', '".join(ids), wanted=instrument.id)
    meant = [form for form in forms if instrument is None or form.id == instrument.id]
    filled = [form for form in meant if any(field.name.startswith(form.prefix) for field in fields)]
    if len(filled) == 1 or len(meant) == 1:
        return (filled or meant)[0]
    if len(filled) > 1 and len({form.id for form in filled}) == 1:
        raise Problem("FIL_009", id=filled[0].id)
    if not filled and instrument is not None:
        return meant[0]
    raise Problem("FIL_013", count=len(filled or meant), ids=", ".join(dict.fromkeys(f.id for f in filled or meant)))


# --- the answers ---------------------------------------------------------------------------------


def field_names(instrument: Instrument) -> Iterator[str]:
    """Yield the names of the fields of an instrument on paper, without what precedes them in a file."""
    for _, repeat, item in instrument.walk():
        places = [f"{repeat.id}-row{number}-" for number in range(repeat.print_rows)] if repeat else [""]
        for place in places if item.answerable else ():
            if item.type == "choices":
                yield from (f"{place}{item.id}-{choice.code}" for choice in item.choices)
            else:
                yield place + item.id


def _short(text: str, limit: int = 2_000) -> str:
    """Return a text in full within reason: somebody may have to write it down."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


class _Reading:
    """Puts answers together and notes what is not certain. One instance a file."""

    def __init__(self, instrument: Instrument, form: Form) -> None:
        self.instrument, self.prefix = instrument, form.prefix
        self.version = form.version or instrument.version
        self.answers: dict[str, Any] = {}
        self.rows: dict[str, dict[int, dict[str, Any]]] = {}
        self.notes: list[str] = []
        if not form.version:
            self.note("FIL_018", version=instrument.version)

    def note(self, code: str, **fields: Any) -> None:
        problem = Problem(code, **fields)
        self.notes.append(f"{problem.what} {problem.todo}")

    def take(self, field: Field) -> None:
        """Take what stands in one field, or note why not."""
        rest = field.name.removeprefix(self.prefix)
        if rest == _WRITTEN:
            self.note("FIL_015", value=_short(field.value))
            return
        place = _PLACE.fullmatch(rest)
        if place is None or (field.kind == "box") != bool(place[4]):
            self.note("FIL_014", name=_short(rest, 80), value=_short(field.value))
            return
        repeat, row, name, code = place[1], int(place[2] or 0), place[3], place[4]
        if field.doubt:
            self.note(
                "FIL_017",
                value=code or field.value,
                where=self.where(repeat, row, name),
                detail=field.doubt,
                todo=AGAIN,
            )
            return
        cells = self.rows.setdefault(repeat, {}).setdefault(row, {}) if repeat else self.answers
        if code:
            cells.setdefault(name, []).append(code)
        else:
            cells[name] = field.value

    def where(self, repeat: str | None, row: int, name: str) -> str:
        """Return the question as a person finds it on the page."""
        item = self.instrument.everything.get(name)
        words = _short(item.label, 80) if item else name
        if repeat is not None and repeat in self.instrument.repeats:
            title = said(self.instrument.locale)["row"].format(row=self.instrument.repeats[repeat].row, number=row + 1)
            return f"{title}: {words}"
        return words

    def missing(self, form: Form) -> None:
        """Note fields that the form was made with and the file no longer has: an answer may be lost with them."""
        if form.version == self.instrument.version:
            lost = [name for name in field_names(self.instrument) if name not in form.names]
            if lost:
                self.note("FIL_010", count=len(lost), names=_short(", ".join(lost), 200))

    def others(self, form: Form, fields: Iterable[Field], forms: Iterable[Form]) -> None:
        """Note what else was filled in the same file."""
        for other in forms:
            if other != form and any(field.name.startswith(other.prefix) for field in fields):
                self.note("FIL_016", id=other.id)

    def finish(self) -> tuple[Record, tuple[str, ...]]:
        """Return the record and the notes."""
        if self.version != self.instrument.version:
            answers = {**self.answers, **{name: self.listed(rows) for name, rows in self.rows.items()}}
            file = {
                "format": record.FORMAT,
                "instrument": self.instrument.id,
                "version": self.version,
                "answers": answers,
            }
            found, notes = record.loads(json.dumps(file), self.instrument)
            return found, (*self.notes, *notes)
        kept: dict[str, Any] = self.certain(None, 0, self.answers, self.instrument.items)
        for name, rows in self.rows.items():
            repeat = self.instrument.repeats.get(name)
            items = {item.id: item for item in repeat.items} if repeat else {}
            limit = repeat.max_rows if repeat else 0
            sure = {n: self.certain(name, n, cells, items if n < limit else {}) for n, cells in sorted(rows.items())}
            if repeat and (listed := self.listed({n: cells for n, cells in sure.items() if cells})):
                kept[name] = listed
        return record.of(self.instrument, kept), tuple(self.notes)

    def listed(self, rows: Mapping[int, dict[str, Any]]) -> list[dict[str, Any]]:
        """Return rows in their order: one left empty between others is a row, as it is in the page."""
        return [dict(rows.get(number, {})) for number in range(max(rows, default=-1) + 1)]

    def certain(
        self, repeat: str | None, row: int, cells: Mapping[str, Any], items: Mapping[str, Item]
    ) -> dict[str, Any]:
        """Return the answers that the instrument takes as they stand; note the others."""
        kept: dict[str, Any] = {}
        for name, raw in cells.items():
            item = items.get(name)
            value = ", ".join(raw) if isinstance(raw, list) else raw
            if item is None or not item.answerable or (isinstance(raw, list) != (item.type == "choices")):
                self.note("FIL_014", name=self.where(repeat, row, name), value=_short(value))
                continue
            try:
                record.parse_value(item, raw)
                kept[name] = raw
            except Problem as problem:
                where, detail = self.where(repeat, row, name), problem.fields["detail"]
                self.note("FIL_017", value=_short(value), where=where, detail=detail, todo=problem.todo)
        return kept
