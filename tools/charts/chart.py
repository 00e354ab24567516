"""A chart: a picture with all that belongs to it, as HTML, as text and as a picture without scripts.

Altair and vl-convert are imported where they are used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.etree import ElementTree as ET

from tools import evidence
from tools.errors import Problem

if TYPE_CHECKING:
    from tools.evidence import Figure

VEGA_LITE: Final = "6.4"
"""The release of Vega-Lite that draws both the static picture and the live view."""

# --- Words ------------------------------------------------------------------------------------------------------------

WORDS: Final[Mapping[str, str]] = {
    "counted": "What is counted",
    "unit": "Unit",
    "where": "Places and years",
    "sources": "Sources",
    "reviewed": "Last reviewed",
    "note": "Read with care",
    "not_shown": "What this does not show",
    "table": "Every figure in a table",
    "year": "Year",
    "withheld": "{text} (withheld by the source)",
    "none": "no figure",
    "explore": "Explore this chart",
    "back": "Back to the picture",
    "loading": "Loading the chart.",
    "failed": "The chart could not be loaded. The picture and the table hold every figure.",
}
"""The words that belong to every chart."""

_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def day_words(day: date) -> str:
    """Return a day as people read it.

    >>> day_words(date(2026, 11, 25))
    '25 November 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


# --- Colours ----------------------------------------------------------------------------------------------------------


class Colour(NamedTuple):
    """A colour by its role, on light and on dark paper."""

    light: str
    dark: str
    text: bool
    """True if letters are printed in it."""


PALETTE: Final[Mapping[str, Colour]] = {
    # Page colours, the same as in tokens.css.
    "paper": Colour("#fcfaf5", "#14191a", text=False),
    "line": Colour("#d8d1c0", "#384648", text=False),
    "ink": Colour("#1d2b2f", "#e4e2da", text=True),
    "ink-soft": Colour("#4b5a5d", "#b2bbb9", text=True),
    # What a chart shows: the first line (people referred, the wider count) and the second (people identified, the
    # narrower one). They also differ in lightness, in the width of the line and in the mark, so that a copy in grey can
    # be read.
    "referred": Colour("#2b7099", "#74add4", text=True),
    "identified": Colour("#7a2f10", "#ffd0a6", text=True),
}
"""Every colour a chart may use. The light ones stand in the picture; chart.css turns them into the dark ones."""


# --- The chart --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """Figures as a table.

    Attributes
    ----------
    caption : str
        What the table holds.
    columns : tuple of str
        Heads of the columns; the first column heads the rows.
    rows : tuple of tuple of str
        Cells, as printed.
    words : bool
        Whether the cells hold words, which stand at the start of their column; figures stand at its end.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: bool = False

    def text(self) -> str:
        """Return the table as lines of plain text."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        ruled = [
            "  ".join(
                c.rjust(w) if i and not self.words else c.ljust(w)
                for i, (c, w) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.caption, *ruled])

    def html(self) -> str:
        """Return the table as HTML, with scopes."""
        kind = ' class="ct-words"' if self.words else ""
        head = "".join(f'<th scope="col">{escape(column)}</th>' for column in self.columns)
        body = "".join(
            f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
            for first, *rest in self.rows
        )
        return (
            f"<table{kind}><caption>{escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


@dataclass(frozen=True)
class Chart:
    """A picture of figures, with all that a reader needs to judge it.

    Attributes
    ----------
    slug : str
        Its name in addresses and ids: lower case, digits, hyphens.
    title : str
        What, where and when.
    description : str
        What the picture shows, for those who do not see it.
    unit, population, places, years : str
        What one mark counts, who was counted by whom, where, when.
    sources : tuple of str
        Keys of the bibliography.
    reviewed : date
        When the figures were last compared with their sources.
    note : str
        What to know before reading it, such as a break; may be empty.
    not_shown : str
        What must not be read from it.
    spec : Mapping
        A Vega-Lite specification with its data inside.
    tables : tuple of Table
        All its figures.
    figures : tuple of Figure
        The same, as read from the evidence.

    Raises
    ------
    Problem
        ``CHA_001`` if a statement is missing, ``EVI_001`` if a source is not in the bibliography.
    """

    slug: str
    title: str
    description: str
    unit: str
    population: str
    places: str
    years: str
    sources: tuple[str, ...]
    reviewed: date
    not_shown: str
    spec: Mapping[str, Any]
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
    note: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "description", "unit", "population", "places", "years", "not_shown", "tables"):
            if not getattr(self, name):
                raise Problem("CHA_001", slug=self.slug, field=name)
        self._check_sources()

    def _check_sources(self) -> None:
        if not self.sources:
            raise Problem("CHA_001", slug=self.slug, field="sources")
        for key in self.sources:
            evidence.reference(key)

    @property
    def alternative(self) -> str:
        """The whole text alternative: what the picture shows and what belongs to it."""
        return (
            f"{self.title}. {self.description} {WORDS['unit']}: {self.unit} {WORDS['counted']}: {self.population} "
            f"{WORDS['where']}: {self.places}, {self.years}. "
            f"{WORDS['sources']}: {self._named_sources()}."
        )

    def _named_sources(self) -> str:
        return "; ".join(map(evidence.short, self.sources))

    def again(self, where: str) -> Chart:
        """Return the same chart with ids of its own, for a second page: the whole book is one document in print.

        Parameters
        ----------
        where : str
            Lower case, digits, hyphens; is added to the slug.
        """
        return replace(self, slug=f"{self.slug}-{where}")

    def svg(self) -> str:
        """Return the static picture: one ``<svg>`` element without styles, scripts, links or fixed fonts."""
        return _picture(json.dumps(self.spec, sort_keys=True), self.slug, self.title, self.description)

    def html(self) -> str:
        """Return the chart as HTML: title, picture, statements, table, and what the live view needs."""
        own = f"chart-{self.slug}"
        # `<` must not stand in a data block: "</script" would end it.
        spec = json.dumps(self.spec, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        words = "".join(f' data-{name}="{escape(WORDS[name])}"' for name in ("back", "loading", "failed"))
        tables = "".join(
            # A wide table scrolls by itself; to be scrolled with the keyboard it must take the focus.
            f'<div class="ct-chart-scroll" role="region" aria-label="{escape(table.caption)}" tabindex="0">'
            f"{table.html()}</div>"
            for table in self.tables
        )
        return (
            f'<figure class="ct-chart" data-ct-chart="{self.slug}" id="{own}" data-alt="{escape(self.alternative)}">'
            f'<figcaption class="ct-chart-title">{escape(self.title)}</figcaption>'
            f'<div class="ct-chart-picture">{self.svg()}</div>'
            f'<button type="button" class="ct-chart-explore"{words} hidden>'
            f"{escape(WORDS['explore'])}</button>"
            f'<dl class="ct-chart-notes">{"".join(self._notes())}</dl>'
            f'<details class="ct-chart-table"><summary>{escape(WORDS["table"])}</summary>{tables}</details>'
            f'<script type="application/json" class="ct-chart-spec">{spec}</script>'
            "</figure>"
        )

    def _linked_sources(self) -> str:
        pages: dict[str, str] = {figure.source_key: figure.url for figure in self.figures}
        return "; ".join(
            f'<a href="{escape(pages[key])}">{escape(evidence.short(key))}</a>'
            if key in pages
            else escape(evidence.short(key))
            for key in self.sources
        )

    def _notes(self) -> Iterable[str]:
        notes = {
            "unit": escape(self.unit),
            "counted": escape(self.population),
            "where": escape(f"{self.places}, {self.years}."),
            "note": escape(self.note),
            "not_shown": escape(self.not_shown),
            "sources": f"{self._linked_sources()}.",
            "reviewed": f'<time datetime="{self.reviewed.isoformat()}">{day_words(self.reviewed)}</time>.',
        }
        return (f"<div><dt>{escape(WORDS[name])}</dt><dd>{words}</dd></div>" for name, words in notes.items() if words)

    def text(self) -> str:
        """Return title and tables as plain text."""
        return "\n\n".join([self.title, *(table.text() for table in self.tables)])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002
        """Give a notebook or the book both forms; it picks the one it can show."""
        return {"text/html": self.html(), "text/plain": self.text()}

    def __str__(self) -> str:
        return self.text()


# --- The picture ------------------------------------------------------------------------------------------------------

_SVG: Final = "http://www.w3.org/2000/svg"
_LONG_DECIMAL = re.compile(r"-?\d+\.\d{3,}")
# What Vega writes for browsers and screen readers. The picture as a whole has its own text alternative, and the page
# rules fonts; a `style` attribute would be refused by the content security policy.
_DROPPED = ("style", "class", "role", "pointer-events", "font-family", "font", "cursor", "version")

_DEFAULTS: Final = {("opacity", "1"), ("transform", "translate(0,0)"), ("stroke-width", "1")}


@cache
def _picture(spec: str, slug: str, title: str, description: str) -> str:
    import vl_convert

    root = ET.fromstring(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))  # noqa: S314
    for parent in list(root.iter()):
        parent.tag = parent.tag.removeprefix(f"{{{_SVG}}}")
        for name in list(parent.attrib):
            if name in _DROPPED or name.startswith(("aria-", "{")) or (name, parent.attrib[name]) in _DEFAULTS:
                del parent.attrib[name]
            elif name in ("id", "clip-path"):
                parent.set(name, _own(parent.attrib[name], slug))
            else:
                parent.set(name, _LONG_DECIMAL.sub(_shorter, parent.attrib[name]))
        for child in list(parent):
            if child.tag == f"{{{_SVG}}}path" and not child.get("d"):
                parent.remove(child)
    _prune(root)
    for parent in list(root.iter()):
        parent[:] = _unwrapped(parent)
    own = f"chart-{slug}"
    for name, text in (("desc", description), ("title", title)):
        element = ET.Element(name, {"id": f"{own}-{name}"})
        element.text = text
        root.insert(0, element)
    size = {name: root.attrib[name] for name in ("width", "height", "viewBox")}
    root.attrib.clear()
    root.attrib.update(
        {"xmlns": _SVG, **size, "role": "img", "aria-labelledby": f"{own}-title {own}-desc", "class": "ct-chart-svg"}
    )
    return ET.tostring(root, encoding="unicode")


def _prune(element: ET.Element) -> None:
    """Take out groups and shapes that draw nothing."""
    for child in list(element):
        _prune(child)
        empty = child.tag == "g" and len(child) == 0
        unseen = child.tag == "path" and child.get("fill") in (None, "none", "transparent") and not child.get("stroke")
        if empty or unseen:
            element.remove(child)


def _unwrapped(element: ET.Element) -> list[ET.Element]:
    """Return the children, with groups that only group replaced by what they hold."""
    flat: list[ET.Element] = []
    for child in element:
        flat += _unwrapped(child) if child.tag == "g" and not child.attrib else [child]
    return flat


def _own(value: str, slug: str) -> str:
    """Return an id, or a reference to one, that is the chart's own on its page."""
    prefix = f"chart-{slug}-"
    return value.replace("url(#", f"url(#{prefix}") if value.startswith("url(") else prefix + value


def _shorter(match: re.Match[str]) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")


# --- The live view ----------------------------------------------------------------------------------------------------


def write_vega_bundle(path: Path) -> None:
    """Write the program that draws live charts, as one classic script that needs no network.

    It holds Vega, Vega-Lite, vega-embed and the interpreter of Vega's expressions, which keeps within a content security
    policy without ``unsafe-eval``. It sets ``globalThis.ctVega.embed``; chart.js loads it when a reader asks.

    Parameters
    ----------
    path : Path
        The file to write; its folder is made if need be.
    """
    from importlib.metadata import version

    import vl_convert

    licence = (Path(__file__).parents[1] / "surfaces" / "static" / "ct-vega-licence.txt").read_text(encoding="utf-8")
    head = f"/* Vega-Lite {VEGA_LITE} from vl-convert {version('vl-convert-python')}\n\n{licence}*/\n"
    if path.is_file():
        with path.open(encoding="utf-8") as file:
            if file.read(len(head)) == head:  # made by the same release
                return
    bundle = vl_convert.javascript_bundle("globalThis.ctVega = { embed: vegaEmbed };", vl_version=VEGA_LITE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{head}(function () {{\n{bundle}\n}})();\n", encoding="utf-8")
