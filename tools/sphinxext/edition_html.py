"""The HTML of an edition made ready for paper: forms, charts, boxes that open, links."""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SVG = "http://www.w3.org/2000/svg"
_DROPPED_TAGS = {"script", "style", "button", "template", "noscript", "iframe"}
_DROPPED_CLASSES = {"ct-toolbar", "ct-live", "ct-error", "ct-downloads", "ct-steps"}
_PROSE = {"p", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"}
_INLINE = {"a", "span", "strong", "em", "b", "i", "code", "cite"}
_FIELDS = {"input", "textarea", "select"}


@dataclass
class Paper:
    """The HTML of an edition for paper.

    Attributes
    ----------
    html : str
    legends : dict
        Name of a group of radio buttons -> the question, for the name that a screen reader says.
    forms : list of dict
        For each instrument with fields: its ``id`` and ``version``, and the ``prefix`` of its fields' names.
    faults : list of str
        What is wrong with the page, in words.
    """

    html: str = ""
    legends: dict[str, str] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def classes(element: Element) -> set[str]:
    """Return the classes of an element."""
    return set((element.get("class") or "").split())


def words(element: Element) -> str:
    """Return the text of an element with single spaces."""
    return " ".join("".join(element.itertext()).split())


def _pairs(root: Element) -> Iterator[tuple[Element, Element]]:
    for parent in list(root.iter()):
        for child in list(parent):
            yield parent, child


def _remove(parent: Element, child: Element) -> None:
    if child not in list(parent):
        return
    before = list(parent).index(child)
    if child.tail:  # the text behind it stays
        if before:
            parent[before - 1].tail = (parent[before - 1].tail or "") + child.tail
        else:
            parent.text = (parent.text or "") + child.tail
    parent.remove(child)


def prepare(html: str, *, fillable: bool, baseurl: str) -> Paper:
    """Return a page ready for WeasyPrint.

    Parameters
    ----------
    html : str
        The whole page.
    fillable : bool
        Whether forms become fields; else they become printed boxes.
    baseurl : str
        Address of the website: links that are not inside the edition lead there.
    """
    import tinyhtml5

    paper = Paper()
    root = tinyhtml5.parse(html, namespace_html_elements=False)
    if fillable:
        paper.forms += _forms(root)
    for parent, child in _pairs(root):
        hidden = child.get("hidden") is not None or child.get("aria-hidden") == "true"
        if hidden or child.tag in _DROPPED_TAGS or classes(child) & _DROPPED_CLASSES:
            _remove(parent, child)
    _charts(root, paper)
    _bare_wrappers(root)
    _open_boxes(root)
    _count_on(root)
    _links(root, baseurl, paper)
    _hold_spaces(root)
    forms = [form for form in root.iter("form") if "ct-form" in classes(form)]
    for form in forms:
        _name_fields(form, paper)
        if not fillable:
            _print_boxes(form)
    _check(root, paper)
    paper.html = "<!DOCTYPE html>\n" + ElementTree.tostring(root, encoding="unicode", method="html")
    return paper


def _forms(root: Element) -> Iterator[dict[str, str]]:
    """Yield which instruments stand in the page; the data for their script, which paper has no use for, says it."""
    for tool in root.iter("section"):
        if "ct-tool" in classes(tool):
            for script in tool.iter("script"):
                if "ct-data" in classes(script):
                    data = json.loads(script.text or "")
                    yield {"id": data["id"], "version": data["version"], "prefix": f"{tool.get('id')}-"}


def _charts(root: Element, paper: Paper) -> None:
    """Make a picture with a text alternative of each drawing, because inline drawings are tagged without one."""
    ElementTree.register_namespace("", SVG)
    for figure in root.iter("figure"):
        for _parent, child in _pairs(figure):
            if child.tag == f"{{{SVG}}}svg":
                child.set("data-alt", figure.get("data-alt") or "")
    for parent, child in _pairs(root):
        if child.tag != f"{{{SVG}}}svg":
            continue
        parts = [words(part) for part in child if part.tag in (f"{{{SVG}}}title", f"{{{SVG}}}desc")]
        alt = child.attrib.pop("data-alt", "") or child.get("aria-label") or ". ".join(filter(None, parts))
        if not alt:
            paper.faults.append("a drawing has no text alternative")
        for element in child.iter():  # the parser keeps `xmlns` as an attribute; writing adds it again
            for name in [name for name in element.attrib if "http://www.w3.org/2000/xmlns/" in name]:
                element.attrib.pop(name)
        tail, child.tail = child.tail, None
        data = base64.b64encode(ElementTree.tostring(child)).decode()
        picture = ElementTree.Element("img", {"src": f"data:image/svg+xml;base64,{data}", "alt": alt})
        picture.set("class", "pdf-drawing")
        picture.tail = tail
        parent[list(parent).index(child)] = picture


def _bare_wrappers(root: Element) -> None:
    """Take the id from the box around a table: Furo gives it the id of the table, and an id stands once."""
    for box in root.iter("div"):
        if "table-wrapper" in classes(box):
            box.attrib.pop("id", None)


def _open_boxes(root: Element) -> None:
    """Print what is folded on the web; leave out what would only repeat the list of sources at every question."""
    for parent, child in _pairs(root):
        if child.tag == "details" and "ct-about" in classes(child):
            notes = [words(note) for note in child if note.tag == "p"]
            told = [note for note in notes if not re.match(r"(Strength|Source): ", note)]
            if not told:
                _remove(parent, child)
                continue
            lines = [note for note in notes if not note.startswith("Strength: ")]
            child.tag = "p"
            for inner in list(child):
                child.remove(inner)
            child.text = " ".join(lines)
    for element in root.iter():
        if element.tag == "details":
            element.tag = "div"
            element.set("class", " ".join(sorted(classes(element) | {"pdf-opened"})))
        elif element.tag == "summary":
            element.tag = "p"
            element.set("class", " ".join(sorted(classes(element) | {"pdf-summary"})))


def _count_on(root: Element) -> None:
    """Let a list that goes on with the numbers of another do so: WeasyPrint does not read ``start``."""
    for numbered in root.iter("ol"):
        start = numbered.get("start", "")
        if start.isdigit():
            numbered.set("style", f"counter-reset: list-item {int(start) - 1}")


def _hold_spaces(root: Element) -> None:
    """Put the space before a link or a stressed word into one wrapper with it.

    WeasyPrint 70 breaks a line after its first word when the text before an inline element fits, and its space and the
    element do not (seen at 4 of 240 widths of a paragraph; at none with the wrapper).
    """
    skipped = {element for form in root.iter("form") for element in form.iter()}
    for parent in list(root.iter()):
        if parent.tag not in _PROSE or parent in skipped:
            continue
        before = parent.text or ""
        for number, child in enumerate(list(parent)):
            if child.tag in _INLINE and before.rstrip() and before[-1:].isspace():
                if number:
                    parent[number - 1].tail = before.rstrip()
                else:
                    parent.text = before.rstrip()
                wrapper = ElementTree.Element("span")
                wrapper.text, wrapper.tail, child.tail = " ", child.tail, None
                wrapper.append(child)
                parent[number] = wrapper
                before = wrapper.tail or ""
            else:
                before = child.tail or ""


def _links(root: Element, baseurl: str, paper: Paper) -> None:
    """Let no link lead to a file of the machine that made the edition."""
    for link in root.iter("a"):
        address = link.get("href")
        if address is None or address.startswith(("#", "http://", "https://", "mailto:")):
            continue
        if urlsplit(address).scheme:
            paper.faults.append(f"the link {address} cannot stand in a PDF")
            link.attrib.pop("href")
        else:
            link.set("href", urljoin(baseurl, address))


def _name_fields(form: Element, paper: Paper) -> None:
    """Name each field by its title, which holds question and answer, and each group by its question."""
    for group in form.iter("fieldset"):
        tags = ", ".join(words(tag) for tag in group.findall("legend/span"))
        for control in group.iter("input"):
            if control.get("type") == "radio":  # its title is "question – answer"
                question = (control.get("title") or "").rsplit(" – ", 1)[0]
                paper.legends[control.get("name") or ""] = f"{question} ({tags})" if tags else question
    for label in form.iter("label"):  # a label would name the field by the answer alone
        label.tag = "span"
        label.set("class", " ".join(sorted(classes(label) | {"ct-label"})))
        label.attrib.pop("for", None)
    for control in form.iter():
        if control.tag in _FIELDS:
            control.attrib.pop("maxlength", None)
            if control.get("type") == "date":
                control.set("type", "text")
                control.set("title", f"{control.get('title', '')} (year-month-day)")
            if not control.get("title"):
                paper.faults.append(f"the field {control.get('name')} has no title")


def _print_boxes(form: Element) -> None:
    for control in form.iter():
        if control.tag in _FIELDS:
            kind = "area" if control.tag == "textarea" else control.get("type") or "text"
            tail = control.tail
            control.clear()
            control.tag, control.tail = "span", tail
            control.set("class", f"pdf-box pdf-box-{kind}")


def _check(root: Element, paper: Paper) -> None:
    names: Counter[str] = Counter()
    radios = set()
    for control in root.iter():
        if control.tag in _FIELDS and control.get("type") == "radio":
            radios.add(control.get("name"))
        elif control.tag in _FIELDS:
            names[control.get("name") or ""] += 1
        elif control.tag == "img" and not (control.get("alt") or "").strip():
            paper.faults.append(f"the picture {control.get('src', '')[:60]} has no text alternative")
    names.update(str(name) for name in radios)
    paper.faults += [f"the field name {name} stands twice" for name, count in names.items() if count > 1]
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    paper.faults += [f"the id {name} stands twice" for name, count in ids.items() if count > 1]
    for link in root.iter("a"):
        address = link.get("href") or ""
        if address.startswith("#") and address[1:] not in ids:
            paper.faults.append(f"the link {address} leads nowhere")
