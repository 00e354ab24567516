"""Publications as BibTeX, RIS and CSV: one piece for each, so that the page and the command line write the same files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from tools.publications import COLUMNS, NONE, Publication
from tools.surfaces.cells import safe

CSV_COLUMNS: Final = tuple(name for name in COLUMNS if name != "cited_as")
"""The columns of the CSV file; our keys of the bibliography are of no use to others."""

_BIBTEX_TYPES: Final = {"article": "article", "chapter": "incollection", "casebook": "book", "presentation": "misc"}
_RIS_TYPES: Final = {"article": "JOUR", "chapter": "CHAP", "casebook": "BOOK", "presentation": "SLIDE"}
# What BibTeX reads as a command; braces round the title keep its capitals.
_ESCAPES: Final = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_"} | {"{": "", "}": "", "\\": "/"})


def _bibtex_text(text: str) -> str:
    return text.translate(_ESCAPES)


def _given(words: Iterable[str]) -> list[str]:
    return [word for word in words if word != NONE]


def bibtex(one: Publication) -> str:
    """Return one publication as an entry of BibTeX (UTF-8), with an empty line after it.

    Examples
    --------
    >>> from tools.publications import load
    >>> print(bibtex(load()[0]).splitlines()[0])
    @techreport{access-to-remedies-guide-2023,
    """
    kind = _BIBTEX_TYPES.get(one.words["type"][0], "techreport")
    bodies = " and ".join(f"{{{_bibtex_text(name)}}}" for name in one.organisations)
    publisher = {"techreport": "institution", "misc": "howpublished"}.get(kind, "publisher")
    fields = {
        "title": f"{{{_bibtex_text(one.title)}}}",
        "author": " and ".join(_bibtex_text(name.split(" (")[0]) for name in one.authors) or bodies,
        publisher: _bibtex_text("; ".join(one.organisations)),
        "year": one.year or "n.d.",
        "language": ", ".join(_given(one.words["languages"])),
        "keywords": _bibtex_text(", ".join(_given(one.words["topics"]))),
        "note": _bibtex_text(one.summary),
    }
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items() if text)
    return f"@{kind}{{{one.key},\n{lines}}}\n\n"


def ris(one: Publication) -> str:
    r"""Return one publication as a record of RIS; its lines end as the format wants it.

    Examples
    --------
    >>> from tools.publications import load
    >>> ris(load()[0]).startswith("TY  - RPRT\r\n")
    True
    """
    fields = [("TY", _RIS_TYPES.get(one.words["type"][0], "RPRT")), ("ID", one.key), ("TI", one.title)]
    fields += [("AU", _last_name_first(name)) for name in one.authors] or [
        ("AU", f"{name},") for name in one.organisations
    ]
    fields += [
        ("PY", one.year),
        ("PB", "; ".join(one.organisations)),
        ("LA", ", ".join(_given(one.words["languages"]))),
    ]
    fields += [("KW", word) for word in _given(one.words["topics"])]
    fields += [("AB", one.summary), ("ER", "")]
    return "".join(f"{tag}  - {text}\r\n" for tag, text in fields if text or tag == "ER")


def _last_name_first(name: str) -> str:
    """Return a name as RIS wants it.

    >>> _last_name_first("Laura S. Johnson"), _last_name_first("Fabrice de Kerchove")
    ('Johnson, Laura S.', 'de Kerchove, Fabrice')
    """
    names = name.split(" (")[0].split()
    cut = next((place for place, part in enumerate(names) if place and part.islower()), len(names) - 1)
    return f"{' '.join(names[cut:])}, {' '.join(names[:cut])}" if cut else name


def csv_line(one: Publication) -> str:
    """Return one publication as a line of CSV that no spreadsheet runs."""
    cells = {
        "key": one.key, "title": one.title, "authors": ";".join(one.authors), "organisation": ";".join(one.organisations),
        "summary": one.summary, "sample_size": one.sample_size, "listed_in": one.listed_in,
        **{name: ";".join(_given(words)) for name, words in one.words.items()},
    }  # fmt: skip
    return _csv([safe(cells[name]) for name in CSV_COLUMNS])


def _csv(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


#: Each kind: its ending, what the file begins with, and what makes the piece of one publication.
KINDS: Final[Mapping[str, tuple[str, str, Callable[[Publication], str]]]] = {
    "bibtex": (".bib", "", bibtex),
    "ris": (".ris", "", ris),
    # The mark at the start tells Excel that the file is UTF-8.
    "csv": (".csv", "\ufeff" + _csv(CSV_COLUMNS), csv_line),
}


def whole(kind: str, publications: Iterable[Publication]) -> str:
    """Return a file of publications.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    publications : iterable of Publication
        In the order in which they are to stand.
    """
    _ending, head, make = KINDS[kind]
    return head + "".join(map(make, publications))


def script(publications: Iterable[Publication]) -> str:
    """Return the pieces as a classic script, which a page loads when somebody saves a list: it works without a server."""
    found = list(publications)
    data = {
        kind: {"ending": ending, "head": head, "pieces": {one.key: make(one) for one in found}}
        for kind, (ending, head, make) in KINDS.items()
    }
    return f"globalThis.ctPublications={json.dumps(data, ensure_ascii=True, separators=(',', ':'))};\n"
