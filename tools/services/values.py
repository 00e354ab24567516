"""JSON whose numbers come out as they went in: 1.10 stays 1.10, and 007 in quotes stays a text."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tools.errors import Problem

#: Objects in objects in objects: deeper than this no data is.
DEPTH_MAX: Final = 60
NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Number:
    """A number that Python would write otherwise than it stood in the file."""

    text: str


def number(text: str) -> int | float | Number:
    """Return a number that is written again as it was.

    >>> number("3"), number("1.10"), number("-0")
    (3, Number(text='1.10'), Number(text='-0'))
    """
    if len(text) < 300:
        value = int(text) if re.fullmatch("-?[0-9]+", text) else float(text)
        if repr(value) == text:
            return value
    return Number(text)


def loads(text: str) -> Any:
    """Return what a JSON text holds.

    Raises
    ------
    Problem
        ``DIR_047``: no JSON, a key twice in one object, or too deep.
    """

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) != len(found):
            twice = next(key for key, _ in found if [k for k, _ in found].count(key) > 1)
            raise Problem("DIR_047", detail=f"the key '{twice}' stands twice in one object")
        return made

    def refuse(word: str) -> None:
        raise Problem("DIR_047", detail=f"{word} is not a number in JSON")

    try:
        value = json.loads(text, parse_int=number, parse_float=number, parse_constant=refuse, object_pairs_hook=pairs)
        _check_depth(value, DEPTH_MAX)
    except json.JSONDecodeError as fault:
        raise Problem("DIR_047", line=fault.lineno, detail=f"{fault.msg}, in column {fault.colno}") from None
    except RecursionError:
        raise Problem("DIR_047", detail="objects stand in each other too deeply") from None
    return value


def _check_depth(value: Any, left: int) -> None:
    if not left:
        raise RecursionError
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inside:
        if isinstance(one, dict | list):
            _check_depth(one, left - 1)


def dumps(value: Any, indent: int | None = 2) -> str:
    """Return a value as JSON text; halves of pairs are escaped, since UTF-8 cannot hold them.

    >>> dumps({"a": [number("1.10"), "é"]}, indent=None)
    '{"a": [1.10, "é"]}'
    """
    mark = uuid.uuid4().hex

    def written(found: Any) -> str:
        return f"{mark}:{found.text}:{mark}"

    text = json.dumps(value, ensure_ascii=False, indent=indent, default=written)
    if re.search("[\ud800-\udfff]", text):
        text = json.dumps(value, ensure_ascii=True, indent=indent, default=written)
    return re.sub(f'"{mark}:([^"]*):{mark}"', r"\1", text) if mark in text else text


def lines(found: Mapping[str, Any]) -> str:
    """Return an object as JSON text with one line a key, and one line an entry where a key holds a list.

    It reads well enough, and is written ten times as fast as indented JSON.

    >>> print(lines({"a": 1, "b": [{"c": 2}, 3], "d": []}))
    {
    "a": 1,
    "b": [
    {"c": 2},
    3
    ],
    "d": []
    }
    """
    parts = []
    for key, value in found.items():
        if isinstance(value, list) and value:
            inside = ",\n".join(dumps(one, indent=None) for one in value)
            parts.append(f"{dumps(key)}: [\n{inside}\n]")
        else:
            parts.append(f"{dumps(key)}: {dumps(value, indent=None)}")
    return "{\n" + ",\n".join(parts) + "\n}" if parts else "{}"


def is_number(value: Any) -> bool:
    """Tell whether a value is a number (true and false are none)."""
    return isinstance(value, int | float | Number) and not isinstance(value, bool)


def as_text(value: Any) -> str:
    """Return a value as a cell holds it."""
    if isinstance(value, str):
        return value
    return "" if value is None else dumps(value, indent=None)
