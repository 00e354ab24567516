"""Sheets and forms to enter case data, from the schema that checks them: an Excel template, and an XLSForm.

What they ask for is what ``python -m tools data check`` asks for. Rules between fields are left to the check.
"""

from __future__ import annotations

import io
from typing import Final

from tools.casedata.schema import Field, Schema, code_names
from tools.surfaces import template_sheets, xlsform
from tools.surfaces.workbook_layout import column

#: Rows of the template that have drop-downs.
ROWS: Final = 1000
_KINDS: Final = {"date": "date", "integer": "whole", "number": "amount"}


def _choices(field: Field) -> dict[str, str]:
    """Return the codes of a field with their names."""
    names = dict(code_names(field.codelist)) if field.codelist else {}
    if field.codelist == "country":
        from babel import Locale

        names = {**{str(code): str(said) for code, said in Locale("en").territories.items()}, **names}
    return {code: names.get(code, code) for code in field.codes}


def workbook(schema: Schema) -> bytes:
    """Return an Excel workbook to fill in: one record a row, under the names of the fields.

    The sheet ``Data`` stands first and has nothing but names and cells, so that the check reads it as it is. The same
    schema gives the same bytes.
    """
    stream = io.BytesIO()
    book = template_sheets.new_book(stream, schema.title)
    looks = template_sheets.looks_of(book)
    data, fields, lists = (book.add_worksheet(name) for name in ("Data", "Fields", "Lists"))
    held = {field.codelist or field.name: _choices(field) for field in schema.fields if field.codes}
    ranges: dict[str, str] = {}
    for at, (name, codes) in enumerate(held.items()):
        lists.write_string(0, 2 * at, name, looks["label"])
        for row, (code, said) in enumerate(codes.items(), start=1):
            lists.write_string(row, 2 * at, code, looks["plain"])
            lists.write_string(row, 2 * at + 1, said, looks["plain"])
        letters = column(2 * at)
        ranges[name] = f"=Lists!${letters}$2:${letters}${len(codes) + 1}"
    lists.set_column(0, 2 * len(held), 20)
    lists.protect()
    data.freeze_panes(1, 1)
    for at, field in enumerate(schema.fields):
        data.write_string(0, at, field.name, looks["head"])
        data.set_column(at, at, max(14, len(field.name) + 3), looks[_KINDS.get(field.type, "text")])
        said = f"{field.title}: {field.wanted}."
        shown = {"input_title": field.name[:32], "input_message": said[:255]}
        if field.codes and not field.separator:
            rule = {"validate": "list", "source": ranges[field.codelist or field.name], **shown}
            rule |= {"error_title": "Not in the list", "error_message": said[:255]}
        else:
            rule = {"validate": "any", **shown}
        data.data_validation(1, at, ROWS, at, rule)
    for at, head in enumerate(("Column", "What it is", "What belongs into it", "Must be filled", "Note")):
        fields.write_string(0, at, head, looks["head"])
    for row, field in enumerate(schema.fields, start=1):
        cells = (field.name, field.title, field.wanted, "yes" if field.required else "", field.description)
        for at, cell in enumerate(cells):
            fields.write_string(row, at, cell, looks["plain"])
    for at, width in enumerate((24, 28, 60, 10, 60)):
        fields.set_column(at, at, width)
    fields.freeze_panes(1, 0)
    fields.protect("", {"format_columns": True, "format_rows": True})
    book.close()
    return stream.getvalue()


def form(schema: Schema) -> xlsform.Sheets:
    """Return the form for KoboToolbox and ODK: one question for each field, with its codes and its limits."""
    survey: list[dict[str, str]] = []
    choices: list[dict[str, str]] = []
    listed: set[str] = set()
    section = ""
    for field in schema.fields:
        if field.section != section:
            section = field.section
            survey.append({"type": "note", "name": f"part_{section}", "label": f"## {section.capitalize()}"})
        row = {"name": field.name, "label": field.title, "hint": field.description or _short(field)}
        row["type"] = _type(field)
        if field.codes:
            name = (field.codelist or field.name).replace("-", "_")
            row["type"] += f" {name}"
            if len(field.codes) > 25 and not field.separator:
                row["appearance"] = "minimal"
            if name not in listed:
                listed.add(name)
                choices += [{"list_name": name, "name": code, "label": said} for code, said in _choices(field).items()]
        if field.required:
            row["required"] = "yes"
        limits = _limits(field)
        if limits:
            row["constraint"] = limits
            row["constraint_message"] = f"{field.wanted[:1].upper()}{field.wanted[1:]}."
        survey.append(row)
    settings = {
        "form_title": schema.title, "form_id": schema.name.replace("-", "_"), "version": schema.version.replace(".", "_"),
    }  # fmt: skip
    return xlsform.Sheets(tuple(survey), tuple(choices), settings)


def _short(field: Field) -> str:
    return "" if field.codes else f"{field.wanted[:1].upper()}{field.wanted[1:]}."


def _type(field: Field) -> str:
    if field.codes:
        return "select_multiple" if field.separator else "select_one"
    return {"date": "date", "integer": "integer", "number": "decimal"}.get(field.type, "text")


def _limits(field: Field) -> str:
    parts = []
    if field.minimum is not None:
        parts.append(f". >= {field.minimum:g}")
    if field.maximum is not None:
        parts.append(f". <= {field.maximum:g}")
    if field.type == "yearmonth":
        parts.append("regex(., '^[0-9]{4}-[0-9]{2}$')")
    elif field.pattern and not field.codes:
        parts.append(f"regex(., '{field.pattern}')")
    return " and ".join(parts)
