"""One instrument as one HTML file: to send by messenger, to keep on a stick, to open by double click.

The same markup, script and sheet as in the book, all inside the file. It asks for nothing: its policy allows its
own script and its own style, by their digests, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Final

from tools import __version__
from tools.instruments.model import Instrument
from tools.surfaces import bundle, html
from tools.surfaces.words import direction, words

#: The most a file may weigh, in bytes; a test holds it.
SIZE_MAX: Final = 300_000

_POLICY: Final = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; connect-src 'none'; "
    "form-action 'none'; base-uri 'none'"
)
_ICON: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath fill='%23777' d='M3 1h7l3 3v11H3z'/%3E%3C/svg%3E"
)


def digest(text: str) -> str:
    """Return a script or a style as a policy names it.

    >>> digest("body{color:red}")
    "'sha256-FcQqt3aNlV7AZnGV4zkQRVeCeJOxbMPnQSx258L803E='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def file_name(instrument: Instrument, *, neutral: bool = False) -> str:
    """Return a name for the file; a neutral one says nothing about what is in it.

    >>> from tools.instruments.library import load
    >>> file_name(load("identification/elements-of-the-definition"), neutral=True)
    'form.html'
    """
    return "form.html" if neutral else f"{instrument.name}.html"


def page(instrument: Instrument, *, neutral: bool = False, more: str = "") -> str:
    """Return an instrument as one HTML file that needs nothing else.

    Parameters
    ----------
    instrument : Instrument
    neutral : bool
        Give the tab a title that says nothing about the subject. The heading in the page stays.
    more : str
        A script of the package that the page is part of; it runs after the form's own.

    Returns
    -------
    str
        A whole document, at most :data:`SIZE_MAX` bytes in UTF-8.
    """
    said = {key: escape(text) for key, text in words(instrument.locale).items()}
    language = instrument.locale or "en"
    script = html.script("leave.js") + more
    style = bundle.minify(html.tokens() + html.sheet() + (html.STATIC / "single.css").read_text(encoding="utf-8"))
    policy = _POLICY.format(script=digest(script), style=digest(style))
    title = said["single_neutral"] if neutral else escape(instrument.title)
    made_by = said["single_from"].format(project=said["project"], version=__version__)
    return f"""<!DOCTYPE html>
<html lang="{language.replace("_", "-")}" dir="{direction(language)}">
<head>
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="{_ICON}">
<style>{style}</style>
</head>
<body data-theme="auto">
<header class="single-bar">
<a class="single-leave" href="about:blank" rel="noreferrer" data-ct-leave data-ct-title="{said["leave_title"]}" data-ct-two="{said["shift_two"]}" data-ct-one="{said["shift_one"]}">{said["leave"]}</a>
<details class="single-help"><summary>{said["leave_help"]}</summary>
<p>{said["leave_file"]}</p>
<p>{said["leave_file_not"]}</p>
<p class="single-js"><input type="checkbox" id="single-shift" checked data-ct-shift autocomplete="off"> <label for="single-shift">{said["shift_label"]}</label></p>
</details>
</header>
<main id="main">
<p class="single-safe">{said["single_safe"]}</p>
<noscript><p class="single-safe">{said["single_script"]}</p></noscript>
{html.render(instrument, level=1)}
</main>
<footer class="single-foot">
<p>{made_by} {said["single_licence"]}</p>
</footer>
<div class="single-status" role="status" data-ct-status></div>
<script>{script}</script>
</body>
</html>
"""
