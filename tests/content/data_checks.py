"""Checks of what is not prose: the bibliography, the instruments, the settings and the contents of the book."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import jsonschema
import yaml
from checks import (
    GRADE_CEILING,
    SENTENCE_LONGEST,
    WORD,
    banned_words,
    figures,
    reading_grade,
    review_dates,
    sentences,
)
from pybtex.database import BibliographyData, BibliographyDataError
from pybtex.database.input.bibtex import Parser
from pybtex.exceptions import PybtexError
from reading import Finding, Page

# ---------------------------------------------------------------------------------------------------------------------
# YAML that rejects what YAML forgives


class RepeatedKey(yaml.YAMLError):
    """A key stands twice in one mapping; plain YAML keeps the last and says nothing."""

    def __init__(self, key: object, line: int) -> None:
        self.key = key
        self.line = line
        super().__init__(f"'{key}' stands twice")


class _StrictLoader(yaml.SafeLoader):
    """A safe loader that rejects repeated keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise RepeatedKey(key, key_node.start_mark.line + 1)
            seen.add(key)
        return super().construct_mapping(node, deep)


class Words(str):
    """A text of a YAML file that knows its line."""

    line: int


class _LineLoader(_StrictLoader):
    """A strict loader whose texts know their line."""


def _words(loader: _LineLoader, node: yaml.ScalarNode) -> Words:
    words = Words(loader.construct_scalar(node))
    words.line = node.start_mark.line + 1
    return words


_LineLoader.add_constructor("tag:yaml.org,2002:str", _words)


def _truth(loader: _LineLoader, node: yaml.ScalarNode) -> Words | bool:
    """Only true and false are truth values; `yes` and `no` are answers, as the loader of instruments reads them."""
    written = loader.construct_scalar(node).lower()
    return written == "true" if written in {"true", "false"} else _words(loader, node)


_LineLoader.add_constructor("tag:yaml.org,2002:bool", _truth)


def load_yaml(file: str, text: str) -> tuple[object, list[Finding]]:
    """Read YAML strictly; texts in it know their line (:class:`Words`)."""
    try:
        return yaml.load(text, Loader=_LineLoader), []  # noqa: S506 - a subclass of SafeLoader
    except RepeatedKey as error:
        return None, [Finding(file, error.line, f"The key '{error.key}' stands twice.", "Remove one of the two.")]
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        return None, [Finding(file, mark.line + 1 if mark else 0, f"This is not YAML: {problem}.", "Correct the line.")]


# ---------------------------------------------------------------------------------------------------------------------
# The bibliography

REQUIRED = ("title", "year")
# How the note of an entry says that nothing of the work itself was read.
NOT_READ = re.compile(r"\btext not read\b|^not read\b", re.IGNORECASE)


def read_bibliography(file: str, text: str) -> tuple[BibliographyData, dict[str, int], list[Finding]]:
    """Return the bibliography, the line of each key, and what hinders reading it."""
    lines: dict[str, int] = {}
    findings: list[Finding] = []
    for number, line in enumerate(text.split("\n"), 1):
        found = re.match(r"@(?!comment|string|preamble)\w+\s*\{\s*([^,\s]+)\s*,", line, re.IGNORECASE)
        if found is None:
            continue
        key = found.group(1)
        if key.lower() in (known.lower() for known in lines):
            findings.append(Finding(file, number, f"The key '{key}' stands twice.", "Merge the two, or rename one."))
        else:
            lines[key] = number
    if findings:
        return BibliographyData(), lines, findings
    try:
        return Parser(encoding="utf-8").parse_string(text), lines, []
    except (PybtexError, BibliographyDataError) as error:
        place = getattr(error, "lineno", 0) or 0
        return BibliographyData(), lines, [Finding(file, place, f"This is not BibTeX: {error}.", "Correct the entry.")]


def check_entries(file: str, bib: BibliographyData, lines: Mapping[str, int]) -> Iterator[Finding]:
    """Every entry has an author (or an editor, or an organisation), a title and a year."""
    for key, entry in bib.entries.items():
        line = lines.get(key, 0)
        if not (entry.persons.get("author") or entry.persons.get("editor") or entry.fields.get("organization")):
            yield Finding(file, line, f"'{key}' has no author and no organisation.", "Add `author = {{…}}`.")
        for name in REQUIRED:
            if not entry.fields.get(name, "").strip():
                yield Finding(file, line, f"'{key}' has no {name}.", f"Add `{name} = {{…}}`.")
        year = entry.fields.get("year", "")
        if year and not re.fullmatch(r"\d{4}[a-z]?(?:\s*[-–]+\s*\d{2,4})?|n\.\s?d\.[a-z]?", year):
            yield Finding(file, line, f"'{key}' has the year '{year}'.", "Write a year such as 2019, or 'n.d.'.")


def check_keys_exist(uses: Iterable[tuple[str, str, int]], keys: Iterable[str]) -> Iterator[Finding]:
    """Every key that is cited stands in the bibliography. `uses` holds (key, file, line)."""
    known = set(keys)
    for key, file, line in uses:
        if key not in known:
            yield Finding(
                file, line, f"The bibliography has no '{key}'.", "Correct the key, or add it to book/references.bib."
            )


def check_keys_used(file: str, lines: Mapping[str, int], used: Iterable[str]) -> Iterator[Finding]:
    """Every entry of the bibliography is cited somewhere."""
    cited = set(used)
    for key, line in lines.items():
        if key not in cited:
            yield Finding(file, line, f"Nothing cites '{key}'.", "Cite it where it was used, or remove the entry.")


def check_figures_were_seen(page: Page, unread: set[str]) -> Iterator[Finding]:
    """A figure rests on a work that was read: not only on entries whose note says "text not read"."""
    for block in page.prose:
        keys = {key for role in block.roles for key in role.keys}
        if keys and keys <= unread and (found := figures(block.text)):
            yield Finding(
                page.file,
                block.line,
                f"The figure '{found[0]}' rests only on '{min(keys)}', which was not read.",
                "Cite a work that was read, or leave the figure out.",
            )


def unread_works(bib: BibliographyData) -> set[str]:
    """Return the keys of the works whose note says that the text was not read."""
    return {key for key, entry in bib.entries.items() if NOT_READ.search(entry.fields.get("note", ""))}


def statistic_citations(file: str, text: str) -> Iterator[tuple[str, str, int]]:
    """Yield (key, file, line) for the column ``source_key`` of a table of statistics; a semicolon parts two keys."""
    rows = csv.DictReader(io.StringIO(text))
    for row in rows:
        for key in (row.get("source_key") or "").split(";"):
            if key.strip():
                yield key.strip(), file, rows.line_num


# ---------------------------------------------------------------------------------------------------------------------
# Instruments

INSTRUMENT_STATUSES = ("published list", "adapted", "our proposal")

Walked = Iterator[tuple[tuple[str | int, ...], object]]


def walk(data: object, path: tuple[str | int, ...] = ()) -> Walked:
    """Yield every value of nested data with its path."""
    yield path, data
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from walk(value, (*path, str(key)))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from walk(value, (*path, number))


def _line(value: object) -> int:
    """Return the line of the first text in a value that knows its line."""
    return next((found.line for _, found in walk(value) if isinstance(found, Words)), 0)


def _plain(data: object) -> object:
    """Return data as JSON knows it: a date becomes its text."""
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return data if data is None or isinstance(data, (str, int, float, bool)) else str(data)


def check_schema(file: str, data: object, schema: dict) -> Iterator[Finding]:
    """The definition follows the JSON Schema that editors use."""
    validator = jsonschema.validators.validator_for(schema)(schema)
    for error in sorted(validator.iter_errors(_plain(data)), key=lambda error: list(map(str, error.absolute_path))):
        where = data
        line = 0
        for step in error.absolute_path:
            where = where[step]
            line = _line(where) or line
        place = " > ".join(map(str, error.absolute_path)) or "the top"
        yield Finding(file, line, f"At {place}: {error.message[:200]}.", "See the schema in data/schemas.")


def check_instrument_head(file: str, data: Mapping[str, object]) -> Iterator[Finding]:
    """An instrument names its sources, its limits, its status and its reviews."""
    lines = {str(key): getattr(key, "line", 0) for key in data}
    for key in ("version", "reviewed", "review_due", "sources", "limits", "status"):
        if not data.get(key):
            yield Finding(file, lines.get(key, 0), f"'{key}' is missing or empty.", f"Add `{key}: …`.")
    yield from review_dates(file, data, lines)
    if (status := data.get("status")) and status not in INSTRUMENT_STATUSES:
        todo = f"Use one of: {', '.join(INSTRUMENT_STATUSES)}."
        yield Finding(file, lines.get("status", 0), f"The status '{status}' is not known.", todo)


def instrument_citations(file: str, data: object) -> Iterator[tuple[str, str, int]]:
    """Yield (key, file, line) for every bibliography key under ``sources``, at any depth."""
    for path, value in walk(data):
        if "sources" in path and isinstance(value, Words):
            yield str(value), file, value.line


# Keys whose values no reader sees as words: names, codes, expressions.
_NOT_SHOWN = frozenset(
    {"id", "code", "type", "kind", "level", "status", "strength", "tags", "value", "when", "relevant", "sources",
     "version", "reviewed", "review_due", "currency", "minimum", "maximum", "repeat"}
)  # fmt: skip


def shown_texts(data: object) -> Iterator[tuple[str, int]]:
    """Yield the texts of an instrument that a reader sees, with their lines.

    Names and codes (``id``, ``type`` …), expressions and bibliography keys are left out.
    """
    for path, value in walk(data):
        if isinstance(value, Words) and not _NOT_SHOWN & {step for step in path if isinstance(step, str)}:
            yield str(value), value.line


def check_instrument_words(file: str, data: object) -> Iterator[Finding]:
    """An instrument uses none of the words that we do not use."""
    for text, line in shown_texts(data):
        yield from banned_words(file, line, text)


def check_instrument_sentences(file: str, data: object) -> Iterator[Finding]:
    """No sentence of an instrument is over 30 words, and its words read at grade 10 or below."""
    found = [(sentence, line) for text, line in shown_texts(data) for sentence in sentences(" ".join(text.split()))]
    for sentence, line in found:
        if (count := len(WORD.findall(sentence))) > SENTENCE_LONGEST:
            start = " ".join(sentence.split()[:6])
            yield Finding(file, line, f"A sentence has {count} words: '{start} …'.", "Split it.")
    if (grade := reading_grade(sentence for sentence, _ in found)) > GRADE_CEILING:
        yield Finding(
            file,
            0,
            f"The instrument reads at grade {grade:.1f}; the ceiling is {GRADE_CEILING:g}.",
            "Shorten sentences, and say long words in short ones.",
        )


IDENTIFIES = (
    (re.compile(r"\bnames? of (?:the )?(?:person|victim|client|survivor|child|worker|adult)\b"
                r"|\b(?:full|first|last|family|given|sur)[ -]?name\b|\bname(?:\s*:|$)|\b(?:his|her|their|your) name\b",
                re.I), "a name"),
    (re.compile(r"\b(?:date|day|month|place) of birth\b|\bbirth[ -]?(?:date|day)\b|\bwhen (?:was|were) .{1,30} born\b",
                re.I), "a birth date"),
    (re.compile(r"\b(?:home|street|postal|current|e-?mail) address\b|\baddress(?:\s*:|$)|\be-?mail(?:\s*:|$)"
                r"|\bpostcode\b", re.I), "an address"),
    (re.compile(r"\b(?:tele)?phone(?: number)?(?:\s*:|$)|\bphone number\b|\bmobile number\b", re.I), "a phone number"),
    (re.compile(r"\b(?:passport|document|identity|id|visa|permit|licen[cs]e|case file|social security|tax|insurance)"
                r"(?: card)? (?:number|no\b\.?)", re.I), "a document number"),
)  # fmt: skip
# What is typed freely; a yes-or-no question may well ask whether someone knows the address of the workplace.
TYPED = frozenset({"text", "number", "date", "money"})


def check_asks_no_identity(file: str, data: object) -> Iterator[Finding]:
    """No field asks for a name, a birth date, an address, a phone number or a document number."""
    for _, item in walk(data):
        if not isinstance(item, Mapping) or item.get("type") not in TYPED:
            continue
        for text, line in shown_texts(dict(item)):
            # "Do not write a name": a warning asks for nothing.
            if re.search(r"\b(?:no|not|never|without|instead of)\b", text, re.IGNORECASE):
                continue
            for pattern, name in IDENTIFIES:
                if pattern.search(text):
                    yield Finding(file, line, f"A field asks for {name}: '{text[:60]}'.", "A case code is enough.")


VERDICT = re.compile(
    r"\b(?:is|are|was|were|be|as) (?:(?:not|clearly|certainly|probably|definitely|likely|or is not) )*"
    r"(?:an? |the )?(?:identified |confirmed |true |genuine |real )?(?:victims?|trafficked)\b"
    r"|\bnot trafficked\b|\bnot? (?:an? )?(?:trafficking )?victim\b|\bno trafficking\b"
    r"|\bthis is (?:not )?(?:human )?trafficking\b"
    r"|%|\bper ?cent\b|\bprobabilit\w+|\blikelihood\b|\bscore of\b|\bconfirmed\b",
    re.IGNORECASE,
)
# "This does not say that the person is or is not a victim" is what we want to read.
NO_VERDICT = re.compile(
    r"\b(?:do(?:es)? not|cannot|can not|never|nor does it|neither) (?:say|show|mean|prove|decide|tell)s?\b"
    r"|\b(?:whether|if) .{0,60}\b(?:victims?|trafficked)\b|\bpresumed victims?\b|\btreat\b.{0,60}\bas\b",
    re.IGNORECASE,
)


def check_no_verdict(file: str, data: object) -> Iterator[Finding]:
    """No outcome and no notice says that a person is or is not a victim, and none gives a likelihood."""
    for path, value in walk(data):
        if not {"outcomes", "notices", "always"} & set(path) or not isinstance(value, Words) or path[-1] in _NOT_SHOWN:
            continue
        for sentence in re.split(r"(?<=[.!?;])\s+", str(value)):
            if (found := VERDICT.search(sentence)) and not NO_VERDICT.search(sentence):
                yield Finding(
                    file,
                    value.line,
                    f"An outcome gives a verdict: '{found.group()}'.",
                    "Say what the answers show, and the next step to protect the person.",
                )


def check_unique_ids(file: str, data: object) -> Iterator[Finding]:
    """Ids and codes stand once in an instrument (answers of one question have codes of their own)."""
    for key in ("id", "code"):
        found = [
            value[key]
            for path, value in walk(data)
            if isinstance(value, Mapping) and isinstance(value.get(key), str) and "choices" not in path
        ]
        for value, times in Counter(found).items():
            if times > 1:
                line = max(_line(other) for other in found if other == value)
                yield Finding(file, line, f"The {key} '{value}' stands {times} times.", "Give each its own.")


# ---------------------------------------------------------------------------------------------------------------------
# Settings: _config.yml and _toc.yml


def check_settings(
    file: str, text: str, effect: Callable[[dict], object], sphinx_values: Iterable[str]
) -> Iterator[Finding]:
    """Every key of `_config.yml` is one that does something; both an unknown and a repeated key are silent otherwise.

    Parameters
    ----------
    file, text : str
        The file and its content.
    effect : callable
        What Jupyter Book makes of the settings (``jupyter_book.config.yaml_to_sphinx``). A key is known when leaving it
        out changes that.
    sphinx_values : iterable of str
        The names that Sphinx and the extensions in use know; they belong under ``sphinx: config:``.
    """
    data, problems = load_yaml(file, text)
    yield from problems
    if problems or not isinstance(data, dict):
        return
    for path, key in _leaves(data):
        if path[:2] == ("sphinx", "config") and len(path) > 2:
            if len(path) == 3 and path[2] not in set(sphinx_values):
                yield Finding(file, _line(key), f"Sphinx knows no value '{path[2]}'.", "Correct it, or remove it.")
        elif path not in (("sphinx", "config"),) and effect(_without(data, path)) == effect(_without(data, ())):
            place = ": ".join(path)
            yield Finding(file, _line(key), f"'{place}' does nothing in Jupyter Book.", "Correct it, or remove it.")


def _leaves(data: Mapping, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield the path of every key, and the key; Sphinx values are not entered, nor are the values of a leaf."""
    for key, value in data.items():
        here = (*path, str(key))
        if isinstance(value, Mapping) and value and (here[:2] != ("sphinx", "config") or len(here) < 3):
            yield from _leaves(value, here)
        else:
            yield here, key


def _without(data: Mapping, path: tuple[str, ...]) -> dict:
    """Return a plain copy of nested data without one key."""
    copy = _plain(data)
    assert isinstance(copy, dict)
    if path:
        inner = copy
        for step in path[:-1]:
            inner = inner[step]
        del inner[path[-1]]
    return copy


CONTENTS_KEYS = frozenset({"format", "root", "parts", "caption", "chapters", "sections", "file", "title", "numbered"})


def check_contents_keys(file: str, text: str) -> Iterator[Finding]:
    """Every key of `_toc.yml` is one we use; a misspelt one beside a list of pages is silent otherwise."""
    data, problems = load_yaml(file, text)
    yield from problems
    for _, value in walk(data):
        for key in value if isinstance(value, Mapping) else ():
            if key not in CONTENTS_KEYS:
                yield Finding(file, _line(key), f"'{key}' is not a key of the contents.", "Correct it, or remove it.")


def check_contents(
    file: str, listed: Iterable[str], present: Iterable[str], left_out: Iterable[str] = ()
) -> Iterator[Finding]:
    """Every page in the contents exists, and every page of the book is in the contents.

    Parameters
    ----------
    file : str
        The contents, ``_toc.yml``.
    listed : iterable of str
        The pages it lists, without ``.md``.
    present : iterable of str
        The pages that exist, without ``.md``.
    left_out : iterable of str
        Patterns of pages left out on purpose.
    """
    listed, present = list(listed), set(present)
    for page in listed:
        if page not in present:
            yield Finding(
                file, 0, f"The contents list '{page}', which does not exist.", "Correct it, or write the page."
            )
    for page in sorted(present - set(listed)):
        if not any(fnmatch(page, pattern) for pattern in left_out):
            yield Finding(f"{page}.md", 0, "The page is not in the contents.", "Add it to _toc.yml.")


def listed_pages(path: Path) -> list[str]:
    """Return the pages that a `_toc.yml` lists, in order; an unknown key in it is an error."""
    from sphinx_external_toc.parsing import parse_toc_yaml

    return [name.removesuffix(".md") for name in parse_toc_yaml(path)]


@cache
def sphinx_value_names(extensions: tuple[str, ...]) -> frozenset[str]:
    """Return the names of all settings that Sphinx and some extensions know."""
    import tempfile

    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    class Loaded(Sphinx):
        """Sphinx with its extensions, and no further: nothing is read or built."""

        def _init_builder(self) -> None:
            pass

    # The namespace takes back what Sphinx registers, or the next Sphinx in this process would warn.
    with tempfile.TemporaryDirectory() as folder, docutils_namespace():
        (Path(folder) / "conf.py").touch()
        (Path(folder) / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
        settings = {"extensions": list(extensions), "html_theme": "furo"}
        app = Loaded(folder, folder, f"{folder}/out", f"{folder}/doctrees", "html", settings, status=None, warning=None)
        return frozenset(app.config.values) | {"extensions"}
