"""Make one small style sheet out of many: without rules that no page uses, in logical directions, minified.

The theme and the extensions bring some 160 kB of CSS; the pages use a tenth of it. Directions such as
``margin-left`` become ``margin-inline-start``, so that the theme follows a right-to-left language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape

import tinycss2  # type: ignore[import-untyped]
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule  # type: ignore[import-untyped]

_NOT = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")
_CLASS_OR_ID = re.compile(r"([.#])((?:[\w-]|\\.)+)")
_VAR = re.compile(r"var\(\s*(--[\w-]+)")

_LOGICAL_NAMES = {
    "left": "inset-inline-start",
    "right": "inset-inline-end",
    "border-top-left-radius": "border-start-start-radius",
    "border-top-right-radius": "border-start-end-radius",
    "border-bottom-left-radius": "border-end-start-radius",
    "border-bottom-right-radius": "border-end-end-radius",
}
for _name in ("margin", "padding", "scroll-margin", "scroll-padding"):
    _LOGICAL_NAMES[f"{_name}-left"] = f"{_name}-inline-start"
    _LOGICAL_NAMES[f"{_name}-right"] = f"{_name}-inline-end"
for _part in ("", "-color", "-style", "-width"):
    _LOGICAL_NAMES[f"border-left{_part}"] = f"border-inline-start{_part}"
    _LOGICAL_NAMES[f"border-right{_part}"] = f"border-inline-end{_part}"
_LOGICAL_VALUES = {
    "text-align": {"left": "start", "right": "end"},
    "float": {"left": "inline-start", "right": "inline-end"},
    "clear": {"left": "inline-start", "right": "inline-end"},
}


def classes_and_ids(html: str) -> tuple[set[str], set[str]]:
    """Return the class names and the ids that stand in a page.

    >>> [sorted(names) for names in classes_and_ids('<p class="a b" id="c">')]
    [['a', 'b'], ['c']]
    """
    classes = {name for value in re.findall(r'\sclass="([^"]*)"', html) for name in unescape(value).split()}
    return classes, set(re.findall(r'\sid="([^"]*)"', html))


def logical(name: str, value: str) -> list[tuple[str, str]]:
    """Return a declaration in logical directions.

    >>> logical("margin-left", "1rem")
    [('margin-inline-start', '1rem')]
    >>> logical("padding", "1px 2px 3px 4px")
    [('padding-block', '1px 3px'), ('padding-inline', '4px 2px')]
    """
    if name in ("margin", "padding"):
        sides = re.findall(r"(?:[^\s()]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?)+", value)
        if len(sides) == 4 and sides[1] != sides[3]:
            top, right, bottom, left = sides
            return [(f"{name}-block", f"{top} {bottom}"), (f"{name}-inline", f"{left} {right}")]
    value = _LOGICAL_VALUES.get(name, {}).get(value, value)
    return [(_LOGICAL_NAMES.get(name, name), value)]


def _compact(nodes: Iterable[Node]) -> str:
    text = tinycss2.serialize([node for node in nodes if node.type != "comment"])
    return re.sub(r"\s+", " ", text).strip()


def _is_used(selector: str, classes: set[str], ids: set[str]) -> bool:
    for kind, name in _CLASS_OR_ID.findall(_NOT.sub("", selector)):
        if name.replace("\\", "") not in (classes if kind == "." else ids):
            return False
    return True


def _split_selectors(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip()]


def _rules(nodes: Iterable[Node], keep: Callable[[str], bool], turn: bool) -> str:
    out: list[str] = []
    for node in nodes:
        if isinstance(node, QualifiedRule):
            selectors = [s for s in _split_selectors(_compact(node.prelude)) if keep(s)]
            body = _declarations(node.content, turn) if selectors else ""
            if body:
                short = ",".join(re.sub(r"\s*([>~+])\s*", r"\1", selector) for selector in selectors)
                out.append(f"{short}{{{body}}}")
        elif isinstance(node, AtRule) and node.lower_at_keyword in ("media", "supports"):
            inside = _rules(tinycss2.parse_rule_list(node.content or [], True, True), keep, turn)
            if inside:
                out.append(f"@{node.lower_at_keyword} {_compact(node.prelude)}{{{inside}}}")
        elif isinstance(node, AtRule) and node.lower_at_keyword == "page":
            out.append(f"@page {_compact(node.prelude)}{{{_declarations(node.content or [], turn)}}}")
        elif isinstance(node, AtRule) and node.lower_at_keyword.endswith("keyframes"):
            out.append(f"@{node.lower_at_keyword} {_compact(node.prelude)}{{{_compact(node.content or [])}}}")
        # @font-face, @import and @charset are left out: the site loads no fonts and one sheet.
    return "".join(out)


def _declarations(content: Iterable[Node], turn: bool) -> str:
    out = []
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if not isinstance(node, Declaration):
            continue
        value = _compact(node.value)
        important = "!important" if node.important else ""
        pairs = logical(node.name, value) if turn else [(node.name, value)]
        out += [f"{name}:{text}{important}" for name, text in pairs]
    return ";".join(out)


def minify(css: str) -> str:
    """Return a style sheet without comments and needless spaces.

    >>> minify("a > b { color: red; } /* gone */ @media print { a { margin: 0 } }")
    'a>b{color:red}@media print{a{margin:0}}'
    """
    return _rules(tinycss2.parse_stylesheet(css, True, True), lambda _: True, turn=False)


def purge(css: str, classes: set[str], ids: set[str]) -> str:
    """Return a style sheet with only the rules whose classes and ids all occur, in logical directions.

    >>> purge(".a, .b { left: 0 } .b { top: 0 } p:not(.b) { top: 1px }", {"a"}, set())
    '.a{inset-inline-start:0}p:not(.b){top:1px}'
    """
    nodes = tinycss2.parse_stylesheet(css, True, True)
    return _rules(nodes, lambda selector: _is_used(selector, classes, ids), turn=True)


def drop_unused_variables(css: str, elsewhere: str = "") -> str:
    """Return a minified sheet without custom properties that nothing refers to.

    >>> drop_unused_variables("body{--a:1px;--b:var(--a);--c:2px}p{margin:var(--b)}")
    'body{--a:1px;--b:var(--a)}p{margin:var(--b)}'
    """
    while True:
        used = set(_VAR.findall(css)) | set(_VAR.findall(elsewhere))
        sheet = tinycss2.parse_stylesheet(css, True, True)
        smaller = _without_variables(sheet, used)
        if smaller == css:
            return css
        css = smaller


def _without_variables(nodes: Iterable[Node], used: set[str]) -> str:
    out: list[str] = []
    for node in nodes:
        if isinstance(node, AtRule) and node.lower_at_keyword in ("media", "supports"):
            inside = _without_variables(tinycss2.parse_rule_list(node.content or [], True, True), used)
            out.append(f"@{node.lower_at_keyword} {_compact(node.prelude)}{{{inside}}}" if inside else "")
        elif isinstance(node, QualifiedRule):
            kept = [
                f"{d.name}:{_compact(d.value)}{'!important' if d.important else ''}"
                for d in tinycss2.parse_blocks_contents(node.content, True, True)
                if isinstance(d, Declaration) and (not d.name.startswith("--") or d.name in used)
            ]
            out.append(f"{_compact(node.prelude)}{{{';'.join(kept)}}}" if kept else "")
        else:
            out.append(node.serialize())
    return "".join(out)
