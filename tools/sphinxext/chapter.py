"""The quiet line under a chapter's title: for whom it is, when it was reviewed, and what state it is in.

It is put into the document tree, so that every edition has it.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.lists import format_list
from docutils import nodes
from sphinx.util import logging

from tools import content, prevention
from tools.errors import Problem
from tools.sphinxext.words import interface as _

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

#: A chapter for more roles than these is for everybody, and the line would only be long.
MOST_ROLES = 4


def status_words(status: str) -> str:
    """Return the words for a status in the language of the build; other words stand as they are."""
    known = {"draft for review": _("Draft for review"), "reviewed": _("Reviewed by peers")}
    return known.get(status.strip().lower(), status[:1].upper() + status[1:])


def read_date(field: str, value: str) -> date:
    """Return a date from the front matter.

    Raises
    ------
    Problem
        ``PAG_003`` if it is not a date like 2026-11-24.
    """
    try:
        return date.fromisoformat(value.strip())
    except ValueError as error:
        raise Problem("PAG_003", field=field, value=value, detail=str(error), wanted="a date like 2026-11-24") from None


def _roles(value: object) -> list[str]:
    if isinstance(value, str):  # the reader keeps lists as JSON
        try:
            value = json.loads(value)
        except ValueError:
            value = [part.strip() for part in str(value).split(",")]
    return [str(role) for role in value] if isinstance(value, list) else []


def meta_line(metadata: dict[str, object], language: str) -> str:
    """Return the line, or nothing for a page without these fields.

    Parameters
    ----------
    metadata : dict
        The front matter: ``reviewed``, ``review_due``, ``roles``, ``status``.
    language : str
        Language of the build, for dates and lists.

    Raises
    ------
    Problem
        ``PAG_003`` for a date that cannot be read.

    Examples
    --------
    >>> meta_line({"reviewed": "2026-11-24", "review_due": "2027-11-24", "status": "draft for review"}, "en")
    'Reviewed 24 November 2026, next review by 24 November 2027 · Draft for review'
    """
    locale = "en_GB" if language == "en" else language.replace("-", "_")  # day before month: fewer misreadings
    parts: list[str] = []
    roles = _roles(metadata.get("roles"))
    if 0 < len(roles) <= MOST_ROLES:
        parts.append(_("For %s") % format_list(roles, locale=locale))
    dates = {
        field: format_date(read_date(field, str(metadata[field])), "long", locale=locale)
        for field in ("reviewed", "review_due")
        if metadata.get(field)
    }
    if len(dates) == 2:
        parts.append(_("Reviewed %(reviewed)s, next review by %(review_due)s") % dates)
    elif "reviewed" in dates:
        parts.append(_("Reviewed %s") % dates["reviewed"])
    elif "review_due" in dates:
        parts.append(_("Next review by %s") % dates["review_due"])
    if status := str(metadata.get("status") or ""):
        parts.append(status_words(status))
    return " · ".join(parts)


def four_p(docname: str, own: object, language: str) -> str:
    """Return which of the four Ps a chapter serves: those its front matter names, else the main ones of its guide.

    >>> four_p("book/remedies/routes", None, "en"), four_p("book/start/index", None, "en")
    ('Of the four Ps: protection and prosecution', '')
    """
    guide = docname.split("/")[1] if docname.count("/") > 1 else ""
    weights = next((one.weights for one in prevention.tags() if one.guide == guide), {})
    main = [name for name, weight in weights.items() if weight == "main"] or [
        name for name, weight in weights.items() if weight
    ]
    named = [str(name) for name in own if name in prevention.FOUR_P] if isinstance(own, list) else main
    if not named:
        return ""
    known = {
        "prevention": _("prevention"), "protection": _("protection"), "prosecution": _("prosecution"),
        "partnership": _("partnership"),
    }  # fmt: skip
    locale = "en_GB" if language == "en" else language.replace("-", "_")
    return _("Of the four Ps: %s") % format_list([known[name] for name in named], locale=locale)


def _add_line(app: Sphinx, doctree: nodes.document) -> None:
    docname = app.env.docname
    title = next(iter(doctree.findall(nodes.title)), None)
    if title is None or title.parent is None:
        return
    try:
        line = meta_line(app.env.metadata[docname], app.config.language or "en")
    except Problem as problem:
        logger.warning("%s", problem, location=docname)
        return
    if line:
        serves = four_p(docname, app.env.metadata[docname].get("four_p"), app.config.language or "en")
        line = " · ".join(filter(None, [line, serves]))
        app.env.note_dependency(str(content.FOUR_P))
        paragraph = nodes.paragraph(line, line, classes=["ct-meta"])
        title.parent.insert(title.parent.index(title) + 1, paragraph)


def setup(app: Sphinx) -> None:
    """Add the line while a chapter is read."""
    app.connect("doctree-read", _add_line, priority=900)
