"""Mend the HTML of a page's text so that the site's policy and its readers can live with it.

Sphinx, docutils and notebook outputs write inline styles, deprecated roles and headers without a scope.
The policy of every page refuses inline styles, and screen readers stumble over the rest. The mending works
on start tags, not on a parsed tree: pages are large, and what writes them is known and regular.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape

# Text never holds a bare "<" or an attribute a bare quote: every writer here escapes them.
_BLOCK = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1\s*>", re.S | re.I)
_TAG = re.compile(r"<([a-zA-Z][\w:-]*)((?:\s+[^\s\"'<>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*)\s*(/?)>")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")
_TABLE_PART = re.compile(r"<(thead|tbody)\b[^>]*>.*?</\1>", re.S)
_EMPTY_HEADER = re.compile(r"<th\b([^>]*)>\s*(?:<p>\s*</p>)?\s*</th>")
_WRAPPED_TABLE = re.compile(
    r"<div class=\"(table-wrapper[^\"]*)\"(?![^>]*tabindex)([^>]*)>\s*(<table\b.*?</table>)", re.S
)
_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.S)
_LINK = re.compile(r"<a\b([^>]*?\bhref=\"https?://[^>]*)>(.*?)</a>", re.S)
_OUTSIDE = re.compile(r"^(?:https?:)?//", re.I)

#: Marks a class that stands for one inline declaration, as in ``ct-s:width:40%``.
STYLE_CLASS = "ct-s:"


@dataclass
class Mended:
    """A mended page.

    Attributes
    ----------
    html : str
        The text of the page, ready for the policy.
    scripts : list of str
        Scripts and handlers that had to be taken out; each is a fault of the page.
    outside : list of str
        Addresses of pictures, frames and the like on other sites; each is a fault of the page.
    """

    html: str = ""
    scripts: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


def style_classes(style: str) -> list[str]:
    """Return one class per declaration of an inline style; a class can be read back into its declaration.

    >>> style_classes("width: 40%; text-align: right;")
    ['ct-s:width:40%', 'ct-s:text-align:right']
    """
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return [f"{STYLE_CLASS}{name.strip().lower()}:{'_'.join(value.split())}" for name, value in pairs]


def style_rule(css_class: str) -> str:
    r"""Return the CSS rule for a class made by :func:`style_classes`.

    >>> print(style_rule("ct-s:width:40%"))
    .ct-s\:width\:40\%{width:40%}
    """
    name, value = css_class.removeprefix(STYLE_CLASS).split(":", 1)
    selector = re.sub(r"([^\w-])", r"\\\1", css_class)
    return f".{selector}{{{name}:{value.replace('_', ' ')}}}"


def _attributes(text: str) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        has_value = bool(double or single or bare) or f"{name}=" in text.replace(" ", "")
        found.setdefault(name, (double or single or bare) if has_value else None)
    return found


def _write(name: str, attributes: dict[str, str | None], slash: str) -> str:
    inside = "".join(f" {key}" if value is None else f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{inside}{' /' if slash else ''}>"


def _mend_tag(match: re.Match[str], page: Mended) -> str:
    name, raw, slash = match.groups()
    tag = name.lower()
    interesting = "style=" in raw or re.search(r"\son[a-z]+\s*=", raw) or tag in _MENDERS or " role=" in raw
    if not interesting:
        return match.group(0)
    attributes = _attributes(raw)
    for handler in [key for key in attributes if re.fullmatch(r"on[a-z]+", key, re.I)]:
        page.scripts.append(f"{handler}={attributes.pop(handler)}")
    if style := attributes.pop("style", None):
        classes = " ".join(style_classes(unescape(style)))
        attributes["class"] = escape(f"{attributes.get('class') or ''} {classes}".strip())
    if attributes.get("role") == "doc-biblioentry":  # deprecated; inside role="list" it has to be an item
        attributes["role"] = "listitem"
    if mender := _MENDERS.get(tag):
        mender(attributes, page)
    return _write(name, attributes, slash)


def _loads(attributes: dict[str, str | None], page: Mended) -> None:
    for key in ("src", "data", "srcset", "poster"):
        if _OUTSIDE.match(attributes.get(key) or ""):
            page.outside.append(str(attributes[key]))


def _pre(attributes: dict[str, str | None], _page: Mended) -> None:
    attributes.setdefault("tabindex", "0")  # long lines scroll; the script takes it back where nothing scrolls


_MENDERS: dict[str, Callable[[dict[str, str | None], Mended], None]] = {
    "img": _loads,
    "iframe": _loads,
    "embed": _loads,
    "object": _loads,
    "source": _loads,
    "video": _loads,
    "audio": _loads,
    "pre": _pre,
}


def _scopes(match: re.Match[str]) -> str:
    scope = "col" if match.group(1) == "thead" else "row"
    part = _EMPTY_HEADER.sub(lambda m: f"<td{re.sub(r' scope=.[a-z]+.', '', m.group(1))}></td>", match.group(0))
    return re.sub(r"<th\b(?![^>]*\bscope=)", f'<th scope="{scope}"', part)


def _focusable(match: re.Match[str], label: str) -> str:
    css_class, rest, table = match.groups()
    rest = re.sub(r" id=\"[^\"]*\"", "", rest)  # Furo gives the box the id of the table: an id stands once
    caption = _CAPTION.search(table)
    words = re.sub(r"<a class=\"headerlink\".*?</a>|<[^>]+>", "", caption.group(1)).strip() if caption else label
    return f'<div class="{css_class}"{rest} tabindex="0" role="group" aria-label="{escape(unescape(words))}">{table}'


def _mark_outside(match: re.Match[str], words: str) -> str:
    raw, inside = match.groups()
    if "ct-external" in raw:
        return match.group(0)
    attributes = _attributes(raw)
    bare = " ct-bare" if _OUTSIDE.match(re.sub(r"<[^>]+>", "", inside).strip()) else ""  # shows its address by itself
    attributes["class"] = f"{attributes.get('class') or ''} ct-external{bare}".strip()
    attributes["rel"] = "noopener noreferrer"
    attributes.pop("target", None)  # a new window is the reader's choice
    return f'{_write("a", attributes, "")}{inside}<span class="ct-hidden"> ({escape(words)})</span></a>'


def mend(html: str, *, outside_words: str, table_words: str) -> Mended:
    """Return the text of a page without inline styles and scripts, with named tables and marked links.

    Parameters
    ----------
    html : str
        The body of a page as the writer made it.
    outside_words : str
        Said after a link that leaves the site, to those who cannot see the sign.
    table_words : str
        The name of a table without a caption.
    """
    page = Mended()
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        tag, raw, content = match.groups()
        if tag.lower() == "style":
            if "scoped" not in raw:  # pandas writes one such block with every table; ours styles tables
                page.scripts.append(f"<style{raw}>")
            return ""
        if (_attributes(raw).get("type") or "") not in ("application/json", "application/ld+json"):
            page.scripts.append(f"<script{raw}>{content[:60]}")
            return ""
        kept.append(match.group(0))
        return f"\x00{len(kept) - 1}\x00"

    html = _BLOCK.sub(keep, html)
    html = _TAG.sub(lambda match: _mend_tag(match, page), html)
    html = _TABLE_PART.sub(_scopes, html)
    html = _WRAPPED_TABLE.sub(lambda match: _focusable(match, table_words), html)
    html = _LINK.sub(lambda match: _mark_outside(match, outside_words), html)
    page.html = re.sub("\x00(\\d+)\x00", lambda match: kept[int(match.group(1))], html)
    return page
