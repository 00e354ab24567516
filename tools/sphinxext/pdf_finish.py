"""The last step for a PDF: what readers' software needs and WeasyPrint leaves out.

Each function mends one thing in an open ``pikepdf.Pdf``; :func:`finish` does all of them. Nothing here depends on the
clock or on the machine, so that two builds give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from tools.surfaces.paper import STAMP

_PRINT = 4  # annotation flag: print it


def finish(path: Path, legends: Mapping[str, str], forms: Sequence[Mapping[str, str]] = ()) -> int:
    """Finish a PDF in place; return the number of pages.

    Parameters
    ----------
    path : Path
    legends : mapping
        Name of a group of radio buttons -> its question.
    forms : sequence of mapping
        Id, version and prefix of the names of the fields of each instrument that can be filled in it.
    """
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        mend_lists(pdf)
        mend_tables(pdf)
        mend_running_text(pdf)
        mend_radios(pdf, legends)
        mend_links(pdf)
        stamp(pdf, forms)
        pages = len(pdf.pages)
        pdf.save(path, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return pages


def elements(pdf: Pdf) -> Iterator[Object]:
    """Yield every structure element that can be reached from the root, parents first."""
    stack = [pdf.Root.StructTreeRoot]
    while stack:
        node = stack.pop()
        yield node
        stack += [kid for kid in reversed(kids(node)) if isinstance(kid, Dictionary) and "/S" in kid]


def kids(element: Object) -> list[Object]:
    """Return the kids of a structure element: elements, numbers of marked content, references to objects."""
    found = element.get("/K")
    if found is None:
        return []
    return list(found) if isinstance(found, Array) else [found]


def mend_lists(pdf: Pdf) -> None:
    """Put everything in an item of a list that is not its label into one body."""
    for item in list(elements(pdf)):
        if item.get("/S") != Name.LI:
            continue
        parts = kids(item)
        outside = [part for part in parts if not _is(part, "/Lbl", "/LBody")]
        if not outside:
            continue
        body = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.LBody, P=item, K=Array(outside)))
        if "/Pg" in item:
            body.Pg = item.Pg
        for part in outside:
            if isinstance(part, Dictionary) and "/S" in part:
                part.P = body
        item.K = Array([*(part for part in parts if _is(part, "/Lbl", "/LBody")), body])


def _is(element: Object | None, *kinds: str) -> bool:
    return isinstance(element, Dictionary) and str(element.get("/S")) in kinds


def mend_tables(pdf: Pdf) -> None:
    """Say of each header whether it heads a column or a row, and list all ids at the root."""
    root = pdf.Root.StructTreeRoot
    found: dict[bytes, Object] = {}
    for element in elements(pdf):
        if "/ID" in element:
            found[bytes(element.ID)] = element
        if not _is(element, "/TH"):
            continue
        row = element.get("/P")
        group = row.get("/P") if row is not None else None
        scope = Name.Column if _is(group, "/THead") else Name.Row
        entry = Dictionary(O=Name.Table, Scope=scope)
        given = element.get("/A")
        if given is None:
            element.A = entry
        elif isinstance(given, Array):
            given.append(entry)
        elif "/Scope" not in given:
            given.Scope = scope
    if found:
        names = Array()
        for key in sorted(found):
            names.append(String(key))
            names.append(found[key])
        root.IDTree = pdf.make_indirect(Dictionary(Names=names))
    numbers = root.ParentTree.get("/Nums")
    if numbers is not None and len(numbers):
        root.ParentTreeNextKey = 1 + max(int(number) for number in list(numbers)[::2])


def mend_running_text(pdf: Pdf) -> None:
    """Make artifacts of running heads and page numbers: their elements hang outside the tree."""
    root = pdf.Root.StructTreeRoot
    inside = {element.objgen for element in elements(pdf)}
    numbers = list(root.ParentTree.Nums)
    rows = {int(key): row for key, row in zip(numbers[::2], numbers[1::2], strict=True)}
    for index, page in enumerate(pdf.pages):
        row = rows.get(int(page.obj.get("/StructParents", index)))
        if not isinstance(row, Array):
            continue
        loose = {number for number, element in enumerate(row) if _hangs_loose(element, inside)}
        if loose:
            _mark_artifacts(pdf, page, loose)


def _hangs_loose(element: Object | None, inside: set[tuple[int, int]]) -> bool:
    return not isinstance(element, Dictionary) or element.objgen not in inside


def _mark_artifacts(pdf: Pdf, page: pikepdf.Page, loose: set[int]) -> None:
    instructions = []
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = list(instruction.operands), str(instruction.operator)
        if operator == "BDC" and isinstance(operands[1], Dictionary) and operands[1].get("/MCID") in loose:
            operands = [Name.Artifact, Dictionary(Type=Name.Pagination)]
            instruction = pikepdf.ContentStreamInstruction(operands, pikepdf.Operator("BDC"))
        instructions.append(instruction)
    page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))


def mend_radios(pdf: Pdf, legends: Mapping[str, str]) -> None:
    """Let radio buttons be kids of their group only, and let the group say its question."""
    form = pdf.Root.get("/AcroForm")
    if form is None:
        return
    fields = Array()
    for field in form.Fields:
        if "/Parent" in field:
            if "/T" in field:
                del field["/T"]
            continue
        if "/Kids" in field:
            legend = legends.get(str(field.T))
            if legend:
                field.TU = String(legend)
        fields.append(field)
    form.Fields = fields


def mend_links(pdf: Pdf) -> None:
    """Let links be kept in print, as the standard asks of every annotation."""
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", []):
            if annotation.get("/Subtype") == Name.Link:
                annotation.F = _PRINT


def stamp(pdf: Pdf, forms: Sequence[Mapping[str, str]]) -> None:
    """Say which instruments can be filled in this file, and in which version, for whoever reads it back."""
    if forms:
        pdf.docinfo[STAMP] = json.dumps([dict(form) for form in forms], sort_keys=True)
