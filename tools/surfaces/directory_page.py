"""The directory as one searchable page: works from disk, asks for nothing, reads without scripts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from html import escape

from tools import __version__
from tools.services import codes
from tools.services.model import DAYS, Service
from tools.services.publish import Public
from tools.surfaces import bundle, html, single
from tools.surfaces.directory_entry import PEOPLE, entry, hotlines, phone, shown
from tools.surfaces.directory_words import words
from tools.surfaces.words import direction
from tools.surfaces.words import words as shared_words

#: Scripts of the page, in order: leaving first, so that it works whatever comes after.
SCRIPTS = ("leave.js", "directory.js")


def page(public: Public, as_of: datetime.date) -> str:
    """Return the directory as one HTML file that needs nothing else.

    Parameters
    ----------
    public : Public
        What may be published.
    as_of : date
        The day that counts as today.

    Returns
    -------
    str
        A whole document with a policy that allows its own script and its own style only.
    """
    about = public.directory.about
    said = words(about.language)
    bar = {key: escape(text) for key, text in shared_words(about.language).items()}
    services = shown(public)
    script = "".join(html.minified((html.STATIC / name).read_text(encoding="utf-8")) for name in SCRIPTS)
    style = styles("single.css", "directory.css")
    policy = single._POLICY.format(script=single.digest(script), style=single.digest(style))
    title = escape(about.title)
    language = about.language.replace("_", "-")
    return f"""<!DOCTYPE html>
<html lang="{escape(language)}" dir="{direction(about.language)}">
<head>
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="{single._ICON}">
<style>{style}</style>
</head>
<body data-theme="auto">
<header class="single-bar">
<a class="single-leave" href="about:blank" rel="noreferrer" data-ct-leave data-ct-title="{bar["leave_title"]}" data-ct-two="{bar["shift_two"]}" data-ct-one="{bar["shift_one"]}">{bar["leave"]}</a>
<details class="single-help"><summary>{bar["leave_help"]}</summary>
<p>{bar["leave_file"]}</p>
<p>{bar["leave_file_not"]}</p>
<p class="single-js"><input type="checkbox" id="single-shift" checked data-ct-shift autocomplete="off"> <label for="single-shift">{bar["shift_label"]}</label></p>
</details>
</header>
<main id="main" data-ct-tool="directory" data-ct-directory data-ct-count="{escape(said["count"])}" data-ct-count-one="{escape(said["count_one"])}" data-ct-count-none="{escape(said["count_none"])}" data-ct-open="{escape(said["open_now"])}" data-ct-closed="{escape(said["closed_now"])}">
<h1>{title}</h1>
{banner(public)}
<section class="dir-first" aria-labelledby="dir-first"><h2 id="dir-first">{escape(said["call_first"])}</h2>
{_first(public)}
</section>
<section aria-labelledby="dir-find"><h2 id="dir-find">{escape(said["filter"])}</h2>
<noscript><p class="single-safe">{escape(said["no_script"])}</p></noscript>
{_form(public, services)}
</section>
<section aria-labelledby="dir-list"><h2 id="dir-list">{escape(said["services"])}</h2>
<p class="dir-count" role="status"></p>
<div class="dir-items">
{_items(public, services, as_of)}
</div>
</section>
</main>
<footer class="single-foot">
{foot(public, as_of)}
<p>{bar["single_from"].format(project=bar["project"], version=__version__)}</p>
</footer>
<div class="single-status" role="status" data-ct-status></div>
<script>{script}</script>
</body>
</html>
"""


def styles(*names: str) -> str:
    """Return the style of a page in one file: the tokens and some sheets of ``static/``."""
    return bundle.minify(html.tokens() + "".join((html.STATIC / name).read_text(encoding="utf-8") for name in names))


def banner(public: Public) -> str:
    """Return what has to be said before anything else: that it is made up, and the editors' note."""
    about = public.directory.about
    lines = []
    if about.fictional:
        lines.append(f'<p class="dir-fictional"><strong>{escape(words(about.language)["fictional"])}</strong></p>')
    if about.note and not about.fictional:
        lines.append(f"<p>{escape(about.note)}</p>")
    return "".join(lines)


def foot(public: Public, as_of: datetime.date) -> str:
    """Return who made it and where to write."""
    about = public.directory.about
    said = words(about.language)
    made = said["made_by"].format(publisher=about.publisher, date=as_of.isoformat()) if about.publisher else as_of.isoformat()  # fmt: skip
    mail = said["corrections"].format(email=about.corrections) if about.corrections else ""
    return "".join(f"<p>{escape(line)}</p>" for line in (made, mail) if line)


def _first(public: Public) -> str:
    lines = "".join(
        f'<li><span class="dir-line">{escape(one.name)}</span> <span class="dir-number">{phone(one.phones[0])}</span></li>'
        for one in hotlines(public)[:6]
    )
    return f'<ul class="dir-lines">{lines}</ul>'


def _spoken(services: Iterable[Service]) -> tuple[str, ...]:
    return tuple(sorted({language.name for one in services for language in one.languages}))


def _select(key: str, label: str, first: str, options: Iterable[tuple[str, str]]) -> str:
    found = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
    return (
        f'<p class="dir-field"><label for="dir-{key}">{escape(label)}</label>'
        f'<select id="dir-{key}" title="{escape(label)}" data-ct-filter="{key}" autocomplete="off">'
        f'<option value="">{escape(first)}</option>{found}</select></p>'
    )


def _form(public: Public, services: Sequence[Service]) -> str:
    said = words(public.directory.about.language)
    used = {code for one in services for code in one.types}
    types = [(one.code, one.plain) for one in codes.codes("types").values() if one.code in used]
    terms = codes.codes("terms")
    people = [(code, terms[code].plain) for code in PEOPLE if any(one.has(code) for one in services)]
    areas = [(str(number), area) for number, area in enumerate(public.directory.areas)]
    spoken = [(str(number), name) for number, name in enumerate(_spoken(services))]
    return f"""<form class="dir-form" autocomplete="off" novalidate hidden>
{_select("n", said["need"], said["any"], types)}
{_select("a", said["place"], said["any_area"], areas)}
{_select("w", said["who"], said["any"], people)}
{_select("l", said["speak"], said["any"], spoken)}
<p class="dir-field"><label for="dir-q">{escape(said["search"])}</label><input type="search" id="dir-q" title="{escape(said["search"])}" data-ct-filter="q" autocomplete="off" spellcheck="false" maxlength="80"></p>
<p class="dir-field dir-check"><input type="checkbox" id="dir-o" title="{escape(said["open_only"])}" data-ct-filter="o" autocomplete="off"><label for="dir-o">{escape(said["open_only"])}</label></p>
<p class="dir-field"><button type="reset" class="dir-button">{escape(said["clear"])}</button></p>
<p class="dir-note">{escape(said["no_names"])} {escape(said["legend_clock"])}</p>
</form>"""


def _items(public: Public, services: Sequence[Service], as_of: datetime.date) -> str:
    said = words(public.directory.about.language)
    areas = {area: str(number) for number, area in enumerate(public.directory.areas)}
    spoken = {name: str(number) for number, name in enumerate(_spoken(services))}
    return "\n".join(entry(one, public, said, as_of, 3, _marks(one, areas, spoken)) for one in services)


def _marks(one: Service, areas: dict[str, str], spoken: dict[str, str]) -> str:
    """Return what the choices look at, as attributes."""
    week = [(DAYS.index(s.day) * 1440 + s.opens, DAYS.index(s.day) * 1440 + s.closes) for s in one.schedules]
    hours = "" if one.status == "temporarily closed" else " ".join(f"{opens}-{closes}" for opens, closes in week)
    marks = {
        "n": " ".join(one.types),
        "a": " ".join(areas[area] for area in one.areas if area in areas),
        "w": " ".join(code for code in PEOPLE if one.has(code)),
        "l": " ".join(spoken[language.name] for language in one.languages),
        "h": hours,
    }
    return "".join(f' data-{key}="{escape(value)}"' for key, value in marks.items())
