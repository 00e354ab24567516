"""Everything around the text of a web page: policy, styles, scripts, "Leave this page", menu and search.

The theme is Furo; ``book/_templates`` replaces its frame and keeps its styles for the text. What the pages
load is put together here when the site is finished: one style sheet, one script, and the files of the
tools and charts only where a page has one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sphinx.util import logging

from tools.content import ROOT
from tools.errors import Problem
from tools.sphinxext.markup import STYLE_CLASS, mend, style_rule
from tools.sphinxext.words import interface as _
from tools.surfaces import bundle
from tools.surfaces import html as instruments
from tools.surfaces.single import digest
from tools.surfaces.words import WORDS, direction

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

logger = logging.getLogger(__name__)

#: Only the site's own files; no inline script or style; nothing can be sent anywhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'"
)

STATIC = Path(__file__).parent / "static"
SURFACES = ROOT / "tools" / "surfaces" / "static"
#: What brings files of its own to a page: ``data-ct-tool`` loads ``tool.css`` and ``tool.js``, and so on.
KINDS = ("tool", "chart", "forms", "loss")
NEUTRAL_PAGE = "kitchen-measures"
SAFETY_PAGE = "book/start/using-the-tools-safely"
ABOUT_PAGE = "book/reference/about"
CHANGES_PAGE = "book/reference/changes"

_MISSING_STYLE = (
    "body{font:1.0625rem/1.6 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;"
    "color:#1d2b2f;background:#fcfaf5}a{color:#0b5c66}"
    "@media(prefers-color-scheme:dark){body{color:#e4e2da;background:#14191a}a{color:#7fcbd0}}"
)
_REFERENCE = re.compile(r"((?:href|src)=\"[^\"]*?_static/)([\w.-]+\.(?:css|js))(?:\?v=\w+)?\"")


def words() -> dict[str, str]:
    """Return every word of the frame of a page, in the language of the build."""
    return {
        "skip": _("Skip to the text"),
        "leave": _(WORDS["leave"]),
        "leave_help": _(WORDS["leave_help"]),
        "leave_does": _(
            "“Leave this page” hides this page at once, clears what was typed on it and opens a page about kitchen "
            "measures. It works without a network. Pressing the Shift key three times does the same."
        ),
        "leave_does_not": _(WORDS["leave_does_not"]),
        "shift_label": _(WORDS["shift_label"]),
        "shift_two": _(WORDS["shift_two"]),
        "shift_one": _(WORDS["shift_one"]),
        "safety_link": _("Using the tools safely"),
        "search": _("Search"),
        "theme": _("Dark colours"),
        "theme_note": _("For this page only, because nothing is stored. Otherwise the book follows your system."),
        "menu": _("Menu"),
        "nav": _("Book"),
        "nav_toggle": _("Show the pages under"),
        "toc": _("On this page"),
        "turn": _("Next and previous page"),
        "prev": _("Previous"),
        "next": _("Next"),
        "version": _("version"),
        "index": _("Index"),
        "index_empty": _("There are no entries yet."),
        "about": _("About this book"),
        "feedback": _("Say what is wrong"),
        "changes": _("Changes"),
        "open_book": _("Open the book"),
        "outside": _("another website"),
        "table": _("Table"),
        "tab_name": _("Practitioner guides"),
        "search_label": _("Words to look for"),
        "search_hint": _("The beginning of a word is enough. What you type stays on this page and is not stored."),
        "search_none": _("Nothing found. Try fewer or other words."),
        "search_one": _("1 place found."),
        "search_many": _("%s places found."),
        "search_more": _("Show more"),
        "search_close": _("No page has all of these words; these have some of them."),
        "search_no_script": _(
            "Searching needs JavaScript, which is switched off. The menu and the index work without it."
        ),
        "search_else": _("Other ways to find something:"),
        "search_home": _("Start page"),
        "search_index": _("Index of terms"),
        "missing_title": _("This page is not here"),
        "missing_text": _("The address may be old or mistyped. Start from the first page, or search."),
        "neutral_title": _("Kitchen measures"),
        "neutral_text": _("Rounded weights for level measures. A scale is more exact."),
        "neutral_measure": _("Measure"),
        "neutral_water": _("Water"),
        "neutral_flour": _("Flour"),
        "neutral_sugar": _("Sugar"),
    }


def _measures() -> list[tuple[str, str, str, str]]:
    return [
        (_("1 teaspoon"), "5 g", "3 g", "4 g"),
        (_("1 tablespoon"), "15 g", "8 g", "12 g"),
        (_("1 quarter cup"), "60 g", "30 g", "50 g"),
        (_("1 half cup"), "120 g", "60 g", "100 g"),
        (_("1 cup"), "240 g", "120 g", "200 g"),
    ]


def policy(style: str = "") -> str:
    """Return the policy of a page; a style that must stay inline is allowed by its hash.

    >>> "'self'; style-src 'self' 'sha256-" in policy("body{color:red}")
    True
    """
    if not style:
        return POLICY
    return POLICY.replace("style-src 'self'", f"style-src 'self' {digest(style)}")


@cache
def _navigation(tree: str, toggle: str) -> str:
    """Return Furo's menu with a name of its own for each switch, and without what screen readers stumble over."""
    tree = re.sub(r'<p class="caption" role="heading">', '<p class="caption">', tree)
    tree = tree.replace('aria-label="Toggle navigation of ', f'aria-label="{toggle} ')
    tree = re.sub(r'<span class="icon"><svg><use href="#svg-arrow-right"></use></svg></span>', "", tree)
    return tree.replace('type="checkbox"', 'type="checkbox" autocomplete="off"')


def _prepare_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], _doctree: nodes.document | None
) -> str | None:
    if app.builder.name != "html":
        return None
    templatename = f"site-{templatename}"
    w = words()
    body = context.get("body") or ""
    if body:
        mended = mend(body, outside_words=w["outside"], table_words=w["table"])
        context["body"] = body = mended.html
        for detail in mended.scripts:
            logger.warning("%s", Problem("PAG_001", page=pagename, detail=detail.strip()[:80]), location=pagename)
        for address in mended.outside:
            logger.warning("%s", Problem("PAG_002", page=pagename, address=address), location=pagename)
    styles, scripts = ["site.css"], ["site.js"]
    for kind in KINDS:
        if f"data-ct-{kind}=" in body:
            styles.append(f"{kind}.css")
            scripts.append(f"{kind}.js")
    if templatename == "site-search.html":
        scripts += ["minisearch.js", "search-index.js", "search.js"]
    if templatename in ("site-redirect.html", "site-404.html", "site-neutral.html"):
        styles, scripts = (["neutral.css"] if templatename == "site-neutral.html" else []), []
    missing_style = _MISSING_STYLE if templatename == "site-404.html" else ""
    title = re.sub(r"<[^>]+>", "", context.get("title") or "")
    meta = context.get("meta") or {}
    if tab_title := meta.get("tab_title"):
        title = tab_title
    elif pagename == app.config.root_doc:
        title = ""
    language = app.config.language or "en"
    context.update(
        w=w,
        ct_language=language.replace("_", "-"),
        ct_direction=direction(language),
        ct_policy=policy(missing_style),
        ct_missing_style=missing_style,
        ct_top=urlsplit(app.config.html_baseurl or "").path or "/",
        ct_tab_title=f"{title} · {w['tab_name']}" if title else w["tab_name"],
        ct_metatags=re.sub(r"<meta name=\"(?:viewport|generator)\"[^>]*>\s*", "", context.get("metatags") or ""),
        ct_navigation=_navigation(context.get("furo_navigation_tree") or "", w["nav_toggle"]),
        ct_styles=styles,
        ct_scripts=scripts,
        ct_neutral=NEUTRAL_PAGE,
        ct_measures=_measures(),
        ct_safety_page=SAFETY_PAGE,
        ct_about_page=ABOUT_PAGE,
        ct_changes_page=CHANGES_PAGE,
        css_files=[],
        script_files=[],
    )
    # Under names of their own, our templates replace the theme's here and nowhere else: the EPUB keeps its own.
    return templatename


def _extra_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    if app.builder.name != "html":
        return
    w = words()
    yield "search", {"title": w["search"]}, "search.html"
    yield NEUTRAL_PAGE, {"title": w["neutral_title"]}, "neutral.html"
    yield "404", {"title": w["missing_title"]}, "404.html"
    if app.config.root_doc != "index":
        yield "index", {"title": ""}, "redirect.html"


def _theme_sheets(app: Sphinx) -> str:
    """Return what the theme and the extensions wrote into ``_static``, in the order the theme wants."""
    static = Path(app.outdir) / "_static"
    names = ["pygments.css", "styles/furo.css", "mystnb.*.css", "sphinx-design.min.css", "styles/furo-extensions.css"]
    kept = Path(app.doctreedir) / "theme-styles.css"
    # A build that has no page to write copies no styles either; those of the build before still hold then.
    if not (static / "styles" / "furo.css").is_file() and kept.is_file():
        return kept.read_text(encoding="utf-8")
    found = [path for name in names for path in sorted(static.glob(name))]
    theme = "\n".join(path.read_text(encoding="utf-8") for path in found)
    kept.write_text(theme, encoding="utf-8")
    return theme


def site_sheet(theme: str, own: str, pages: list[str], scripts: str) -> str:
    """Return the one style sheet of the site.

    Parameters
    ----------
    theme : str
        Styles of the theme and of extensions; only what the pages use is kept.
    own : str
        The site's own styles; kept whole.
    pages : list of str
        The built pages.
    scripts : str
        The site's scripts: a class they set is in use too.
    """
    classes: set[str] = set(re.findall(r"[\w-]+", scripts))
    ids: set[str] = set()
    for page in pages:
        page_classes, page_ids = bundle.classes_and_ids(page)
        classes |= page_classes
        ids |= page_ids
    inline = "".join(style_rule(name) for name in sorted(classes) if name.startswith(STYLE_CLASS))
    own = bundle.minify(own)
    return bundle.drop_unused_variables(bundle.purge(theme, classes, ids), own) + own + inline


def _vendored(name: str) -> str:
    """Return a library kept in ``static/vendor``: its licence, and its script without the comments."""
    folder = STATIC / "vendor" / name
    script = (folder / f"{name}.js").read_text(encoding="utf-8")
    script = re.sub(r"^[ \t]*/\*\*.*?\*/[ \t]*\n", "", script, flags=re.S | re.M)
    script = re.sub(r"^[ \t]*//.*\n?|^[ \t]+", "", script, flags=re.M)
    return f"/*! {name}\n{(folder / 'LICENSE.txt').read_text(encoding='utf-8').strip()}\n*/\n{script}"


def _read(*paths: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if path.is_file())


def _finish(app: Sphinx, exception: Exception | None) -> None:
    """Write the bundles, drop what no page loads, and stamp the links to the bundles with a digest."""
    if exception is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    static = out / "_static"
    _drop_removed(app, out)
    files = [path for path in out.rglob("*.html") if path.parent != out / "downloads"]
    pages = {path: path.read_text(encoding="utf-8") for path in files}
    scripts = {
        "site.js": instruments.minified(_read(SURFACES / "leave.js", STATIC / "site.js")),
        "search.js": instruments.minified(_read(STATIC / "search.js")),
        "forms.js": instruments.minified(_read(STATIC / "forms.js")),
    }
    scripts["tool.js"] = instruments.page_script()
    for source, name in instruments.LATER.items():
        scripts[name] = instruments.minified(_read(SURFACES / source))
    scripts["loss.js"] = instruments.minified(_read(SURFACES / "loss.js", SURFACES / "loss-sums.js"))
    scripts["chart.js"] = instruments.minified(_read(SURFACES / "chart.js"))
    sheets = {
        "tool.css": bundle.minify(instruments.sheet()),
        "forms.css": bundle.minify(_read(STATIC / "forms.css")),
        "chart.css": bundle.minify(_read(SURFACES / "chart.css")),
        "loss.css": bundle.minify(_read(SURFACES / "loss-sums.css")),
    }
    own = _read(SURFACES / "tokens.css", STATIC / "site.css")
    sheets["site.css"] = site_sheet(_theme_sheets(app), own, list(pages.values()), " ".join(scripts.values()))
    _drop_unused(app, static)
    for name, text in (scripts | sheets).items():
        if text:
            (static / name).write_text(text, encoding="utf-8")
    (static / "minisearch.js").write_text(_vendored("minisearch"), encoding="utf-8")
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:8] for path in static.glob("*.*")}

    def stamp(match: re.Match[str]) -> str:
        start, name = match.groups()
        return f'{start}{name}?v={digests[name]}"' if name in digests else match.group(0)

    for path, text in pages.items():
        stamped = _REFERENCE.sub(stamp, text)
        if stamped != text:
            path.write_text(stamped, encoding="utf-8")


def _drop_removed(app: Sphinx, out: Path) -> None:
    """Remove the pages of chapters that the book has no more: an earlier build left them."""
    for path in out.glob("book/**/*.html"):
        if path.relative_to(out).with_suffix("").as_posix() not in app.env.all_docs:
            path.unlink()


def _drop_unused(app: Sphinx, static: Path) -> None:
    """Remove the files that Sphinx, the theme and extensions put into ``_static`` and that no page loads."""
    sources = [Path(folder) / "static" for folder in app.builder.theme.get_theme_dirs()]  # type: ignore[attr-defined]
    sources += [Path(entry) for entry in app.config.html_static_path if "sphinx_design" in str(entry)]
    names = {path.relative_to(source).as_posix() for source in sources for path in source.rglob("*") if path.is_file()}
    names |= {name.removesuffix("_t").removesuffix(".jinja") for name in names}
    names |= {"documentation_options.js", "language_data.js", "pygments.css"}
    names |= {path.name for path in static.glob("mystnb.*.css")}
    for name in names:
        (static / name).unlink(missing_ok=True)
    for folder in sorted((path for path in static.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _use_readable_colours(_app: Sphinx, config: Config) -> None:
    # Jupyter Book sets "sphinx", whose grey on green is hard to read; these two are made for contrast.
    config.pygments_style = "a11y-high-contrast-light"
    config.pygments_dark_style = "a11y-high-contrast-dark"


def setup(app: Sphinx) -> None:
    """Connect the hooks. Ours run after those of the theme and of extensions."""
    app.add_config_value("comments_config", {}, "")
    app.connect("config-inited", _use_readable_colours, priority=900)
    app.connect("html-collect-pages", _extra_pages)
    app.connect("html-page-context", _prepare_page, priority=900)
    app.connect("build-finished", _finish, priority=900)
