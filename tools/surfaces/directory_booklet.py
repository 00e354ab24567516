"""The directory as a booklet in plain words, for the web and for paper; and the small card that folds."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from typing import Final

from tools import __version__
from tools.services import codes
from tools.services.directory import in_areas
from tools.services.model import Service
from tools.services.publish import Public
from tools.surfaces import html, single
from tools.surfaces.directory_entry import entry, hotlines, phone, shown
from tools.surfaces.directory_page import banner, foot, styles
from tools.surfaces.directory_words import QUESTIONS, RIGHTS, WHAT, translated, words
from tools.surfaces.words import direction
from tools.surfaces.words import words as shared_words

#: Services beyond which no PDF is made: nobody prints a book of hundreds of pages; a booklet of one district serves.
PDF_MAX: Final = 400
#: Cards on a sheet of A4: two beside each other, five rows.
CARDS: Final = 10
_CARD_LINES: Final = 4


def only(public: Public, areas: Sequence[str]) -> Public:
    """Return the part of a directory that serves some districts; all of it for none."""
    if not areas:
        return public
    found = replace(public.directory, services=in_areas(public.directory, areas), areas=tuple(areas))
    return replace(public, directory=found)


def body(public: Public, as_of: datetime.date) -> str:
    """Return the contents of the booklet, the same for the web and for paper."""
    about = public.directory.about
    said = words(about.language)
    title = escape(about.title)
    parts = [
        ("first", said["call_first"], _first(public)),
        ("what", said["what"], _text(WHAT, about.language) + f'<p class="dir-checked">{escape(said["thanks"])}</p>'),
        ("rights", said["rights"], _text(RIGHTS, about.language)),
        ("questions", said["questions"], _questions(about.language)),
        *_services(public, as_of),
    ]
    links = "".join(f'<li><a href="#{key}">{escape(heading)}</a></li>' for key, heading, _ in parts)
    sections = "\n".join(
        f'<section class="dir-part" aria-labelledby="{key}"><h2 id="{key}">{escape(heading)}</h2>\n{text}</section>'
        for key, heading, text in parts
    )
    first, rest = sections.split("</section>", 1)
    return (
        f'<div class="dir-cover"><h1>{title}</h1>{banner(public)}</div>{first}</section>'
        f'<nav class="dir-contents" aria-labelledby="contents"><h2 id="contents">{escape(said["contents"])}</h2>'
        f'<ul>{links}</ul></nav>{rest}<div class="dir-end">{foot(public, as_of)}</div>'
    )


def _text(paragraphs: Iterable[str], language: str) -> str:
    out = []
    for is_point, group in groupby(paragraphs, key=lambda text: text.startswith("- ")):
        texts = [escape(translated(text.removeprefix("- "), language)) for text in group]
        out.append("<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>" if is_point else "".join(f"<p>{text}</p>" for text in texts))  # fmt: skip
    return "".join(out)


def _questions(language: str) -> str:
    return "".join(
        f"<h3>{escape(translated(question, language))}</h3><p>{escape(translated(answer, language))}</p>"
        for question, answer in QUESTIONS
    )


def _first(public: Public) -> str:
    lines = []
    for one in hotlines(public):
        numbers = "<br>".join(phone(number) for number in one.phones)
        text = f"<strong>{escape(one.name)}</strong><br>{escape(one.description)}"
        lines.append(f'<li><span class="dir-line">{text}</span> <span class="dir-number">{numbers}</span></li>')
    return f'<ul class="dir-lines">{"".join(lines)}</ul>'


def _services(public: Public, as_of: datetime.date) -> list[tuple[str, str, str]]:
    """Return the parts with services: first what every district has, then each district."""
    said = words(public.directory.about.language)
    every = set(public.directory.areas)
    written: dict[str, str] = {}

    def text(one: Service) -> str:
        if one.id not in written:
            written[one.id] = entry(one, public, said, as_of, 4)
        return written[one.id]

    found = list(shown(public))
    everywhere = [one for one in found if not one.areas or (len(every) > 1 and every <= set(one.areas))]
    parts = []
    if everywhere:
        parts.append(("everywhere", said["services_everywhere"], _by_need(everywhere, text)))
    known = {one.id for one in everywhere}
    for number, area in enumerate(public.directory.areas):
        here = [one for one in found if area in one.areas and one.id not in known]
        if here:
            parts.append((f"area-{number}", said["services_in"].format(area=area), _by_need(here, text)))
    return parts


def _by_need(services: Sequence[Service], text: Callable[[Service], str]) -> str:
    order = {code: number for number, code in enumerate(codes.codes("types"))}
    by_need: dict[str, list[Service]] = {}
    for one in services:
        by_need.setdefault(one.types[0] if one.types else "", []).append(one)
    plain = codes.codes("types")
    out = []
    for need in sorted(by_need, key=lambda code: order.get(code, len(order))):
        heading = plain[need].plain if need in plain else "…"
        out.append(f"<h3>{escape(heading)}</h3>" + "\n".join(text(one) for one in by_need[need]))
    return "\n".join(out)


def page(public: Public, as_of: datetime.date) -> str:
    """Return the booklet as one HTML file that needs nothing else; see :func:`tools.surfaces.directory_page.page`."""
    about = public.directory.about
    bar = {key: escape(text) for key, text in shared_words(about.language).items()}
    script = html.minified((html.STATIC / "leave.js").read_text(encoding="utf-8"))
    style = styles("single.css", "directory.css")
    policy = single._POLICY.format(script=single.digest(script), style=single.digest(style))
    return f"""<!DOCTYPE html>
<html lang="{escape(about.language.replace("_", "-"))}" dir="{direction(about.language)}">
<head>
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{escape(about.title)}</title>
<link rel="icon" href="{single._ICON}">
<style>{style}</style>
</head>
<body data-theme="auto">
<header class="single-bar">
<a class="single-leave" href="about:blank" rel="noreferrer" data-ct-leave data-ct-title="{bar["leave_title"]}" data-ct-two="{bar["shift_two"]}" data-ct-one="{bar["shift_one"]}">{bar["leave"]}</a>
</header>
<main id="main" class="dir-book">
{body(public, as_of)}
</main>
<footer class="single-foot"><p>{bar["single_from"].format(project=bar["project"], version=__version__)}</p></footer>
<div class="single-status" role="status" data-ct-status></div>
<script>{script}</script>
</body>
</html>
"""


def paper(public: Public, as_of: datetime.date) -> tuple[str, str]:
    """Return the booklet for paper: HTML and its style sheet (A4, 14 point)."""
    return _document(public, body(public, as_of), public.directory.about.title), sheet("directory-print.css")


def _document(public: Public, inside: str, title: str) -> str:
    language = public.directory.about.language
    return (
        f'<!DOCTYPE html><html lang="{escape(language.replace("_", "-"))}" dir="{direction(language)}"><head>'
        f'<meta charset="utf-8"><title>{escape(title)}</title></head><body>{inside}</body></html>'
    )


def sheet(name: str) -> str:
    """Return a style sheet for paper."""
    return (html.STATIC / name).read_text(encoding="utf-8")


def cards(public: Public) -> tuple[str, str]:
    """Return a sheet of cards for paper: HTML and its style sheet.

    The first page is the inside with the numbers, the second the outside, which says nothing. Printed on both sides,
    cut along the lines and folded, only the outside is seen.
    """
    said = words(public.directory.about.language)
    lines = []
    for one in hotlines(public)[:_CARD_LINES]:
        always = said["every_day"] if one.is_always_open else ""
        lines.append(f'<p><strong>{escape(one.phones[0].number)}</strong><br>{escape(one.name)} <span>{escape(always)}</span></p>')  # fmt: skip
    half = -(-len(lines) // 2)
    fictional = f'<p class="card-fictional">{escape(said["card_fictional"])}</p>' if public.directory.about.fictional else ""  # fmt: skip
    inside = (
        f'<div class="card"><div class="half">{"".join(lines[:half])}</div>'
        f'<div class="half">{"".join(lines[half:])}{fictional}</div></div>'
    )
    outside = f'<div class="card outside"><div class="half"></div><div class="half"><p>{escape(said["card_outside"])}</p><hr><hr><hr></div></div>'  # fmt: skip
    pages = "".join(f'<div class="sheet">{one * CARDS}</div>' for one in (inside, outside))
    return _document(public, pages, said["card_outside"]), sheet("directory-card.css")
