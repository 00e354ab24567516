"""Every form an instrument can be had as: its kinds, the names of their files, and how they are written.

What makes a form is imported where it is needed, so that the list of kinds costs nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools import content
from tools.errors import Problem
from tools.instruments.model import Instrument
from tools.instruments.record import Record

#: Where the built book keeps the PDF of each instrument.
PDF_FOLDER: Final = content.ROOT / "_build" / "html" / "downloads"

#: No form that people fill in is larger; the readers of each kind have limits of their own besides.
SIZE_MAX: Final = 12_000_000


@dataclass(frozen=True)
class Kind:
    """A kind of form.

    Attributes
    ----------
    name : str
        As it is asked for: ``xlsx``.
    ending : str
        The end of its file's name. The longer ending wins: ``--xlsform.xlsx`` is no ``.xlsx``.
    blank : callable
        ``(instrument, neutral) -> bytes``: the form, not filled in.
    filled : callable or None
        ``(instrument, record) -> bytes``: the same with answers; ``None`` where there is no such thing.
    """

    name: str
    ending: str
    blank: Callable[[Instrument, bool], bytes]
    filled: Callable[[Instrument, Record], bytes] | None = None


def _xlsx(instrument: Instrument, _neutral: bool = False) -> bytes:
    from tools.surfaces import workbook

    return workbook.write(instrument)


def _xlsx_filled(instrument: Instrument, record: Record) -> bytes:
    from tools.surfaces import workbook

    return workbook.write(instrument, record)


def _locales(instrument: Instrument) -> tuple[str, ...]:
    """Return the languages beside the form's own: a Kobo form holds them all."""
    from tools.instruments import translation

    return tuple(one for one in translation.locales() if translation.share(instrument, one) > 0)


def _xlsform(instrument: Instrument, _neutral: bool) -> bytes:
    from tools.surfaces import xlsform

    return xlsform.workbook(instrument, _locales(instrument))


def _xform(instrument: Instrument, _neutral: bool) -> bytes:
    from tools.surfaces import xlsform

    return xlsform.xform(instrument, _locales(instrument)).encode()


def _pdf(instrument: Instrument, _neutral: bool) -> bytes:
    path = PDF_FOLDER / f"{instrument.slug}.pdf"
    if instrument.locale:
        raise Problem("CLI_006", id=instrument.id)
    if not path.is_file():
        raise Problem("CLI_005", id=instrument.id)
    return path.read_bytes()


def _html(instrument: Instrument, neutral: bool) -> bytes:
    from tools.surfaces import single

    return single.page(instrument, neutral=neutral).encode()


def _json(instrument: Instrument, _neutral: bool) -> bytes:
    return template(instrument).encode()


def _json_filled(instrument: Instrument, record: Record) -> bytes:
    from tools.instruments.record import dumps

    return dumps(record, instrument).encode()


def _txt(instrument: Instrument, _neutral: bool) -> bytes:
    from tools.surfaces import text

    return text.blank(instrument).encode()


def _txt_filled(instrument: Instrument, record: Record) -> bytes:
    from tools.surfaces import text

    return text.summary(instrument, record).encode()


def _csv(instrument: Instrument, records: Sequence[Record]) -> bytes:
    from tools.surfaces import table

    return table.to_csv(instrument, records).encode("utf-8-sig")  # with the mark by which Excel knows UTF-8


#: Every kind, in the order in which they are offered.
KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("pdf", ".pdf", _pdf),
        Kind("xlsx", ".xlsx", _xlsx, _xlsx_filled),
        Kind("xlsform", "--xlsform.xlsx", _xlsform),
        Kind("xform", ".xml", _xform),
        Kind("html", ".html", _html),
        Kind("txt", ".txt", _txt, _txt_filled),
        Kind("json", ".json", _json, _json_filled),
        Kind("csv", ".csv", lambda i, _neutral: _csv(i, ()), lambda i, record: _csv(i, (record,))),
    )
}


def kind_of(file: str) -> tuple[Kind, str] | None:
    """Return the kind of a file by its name, and the name without the ending.

    >>> [(kind.name, stem) for kind, stem in map(kind_of, ("a--b.xlsx", "a--b--xlsform.xlsx"))]
    [('xlsx', 'a--b'), ('xlsform', 'a--b')]
    >>> kind_of("a.docx") is None
    True
    """
    for kind in sorted(KINDS.values(), key=lambda one: -len(one.ending)):
        if file.endswith(kind.ending):
            return kind, file.removesuffix(kind.ending)
    return None


def file_name(instrument: Instrument, kind: Kind, *, neutral: bool = False, number: int = 0) -> str:
    """Return the name of a form's file.

    Parameters
    ----------
    instrument : Instrument
    kind : Kind
    neutral : bool
        A name that does not say what the form is about, for a phone or computer that others look at.
    number : int
        Tells neutral files of several instruments apart; 0 for a single one.

    Examples
    --------
    >>> from tools.instruments import library
    >>> elements = library.load("identification/elements-of-the-definition")
    >>> file_name(elements, KINDS["xlsform"])
    'identification--elements-of-the-definition--xlsform.xlsx'
    >>> file_name(elements, KINDS["html"], neutral=True), file_name(elements, KINDS["html"], neutral=True, number=2)
    ('form.html', 'form-2.html')
    """
    stem = (f"form-{number}" if number else "form") if neutral else instrument.slug
    language = f".{instrument.locale}" if instrument.locale else ""
    return f"{stem}{language}{kind.ending}"


def template(instrument: Instrument) -> str:
    """Return a record with every question open: what a program fills in, with a place for each answer."""
    import json

    from tools.instruments.record import FORMAT

    answers: dict[str, object] = {}
    for _section, repeat, item in instrument.walk():
        if repeat is not None:
            answers[repeat.id] = []
        elif item.answerable:
            answers[item.id] = None
    data = {"format": FORMAT, "instrument": instrument.id, "version": instrument.version, "answers": answers}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def read(path: Path) -> bytes:
    """Return what is in a file that somebody names.

    Raises
    ------
    Problem
        ``CLI_001`` when it is not there, ``CLI_002`` when it is too large or cannot be opened.
    """
    if not path.exists():
        raise Problem("CLI_001", name=path.name)
    try:
        if path.stat().st_size > SIZE_MAX:
            raise Problem("CLI_002", name=path.name, detail=f"it is larger than {SIZE_MAX // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        raise Problem("CLI_002", name=path.name, detail=(error.strerror or "it cannot be opened").lower()) from None


def read_text(path: Path) -> str:
    """Return the text of a file that somebody names.

    Raises
    ------
    Problem
        As :func:`read`; ``INS_002`` when it is not text.
    """
    try:
        return read(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("INS_002", file=path.name, detail="it is not a text file in UTF-8") from None


def write(files: Iterable[tuple[Path, Callable[[], bytes]]], *, force: bool = False) -> list[Path]:
    """Write files so that either all of them are there, whole, or none is.

    Each is made beside its place under another name; only when all are made do they take their places.

    Parameters
    ----------
    files : iterable of (Path, callable)
        Where a file goes, and what makes its bytes.
    force : bool
        Whether a file that is there already may be replaced.

    Raises
    ------
    Problem
        ``CLI_003`` for a file that is there already, ``CLI_004`` where nothing can be written; and whatever making a
        file raises.
    """
    todo = list(files)
    for path, _make in todo:
        if path.is_dir():
            raise Problem("CLI_004", name=path.name, detail="a folder has this name")
    there = [path for path, _make in todo if path.exists()]
    if there and not force:
        raise Problem("CLI_003", name=content.relative(there[0]), more=_more(len(there) - 1))
    made: list[tuple[Path, Path]] = []
    name = ""
    try:
        for path, make in todo:
            name = path.name
            data = make()
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{name}.part")
            made.append((temporary, path))
            temporary.write_bytes(data)
        for temporary, path in made:
            name = path.name
            temporary.replace(path)
    except OSError as error:
        raise Problem("CLI_004", name=name, detail=(error.strerror or str(error)).lower()) from None
    finally:
        for temporary, _path in made:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
    return [path for path, _make in todo]


def _more(count: int) -> str:
    return f" (and {count} more)" if count else ""
