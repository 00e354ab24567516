"""Cells of a CSV file that no spreadsheet runs.

A spreadsheet that opens a CSV file takes ``=1+1`` for a formula, and a formula can send the rest of
the sheet to a stranger. An apostrophe in front makes it text. Where a cell begins depends on the
reader: Excel in much of Europe splits at semicolons, and a file pasted as text splits at tabs and
line ends. So every place where a cell could begin is looked at, with what a spreadsheet skips there.
Primero's rule and OWASP's, with the ways around them that are known: signs that cannot be seen, spaces
of other kinds, full-width twins, later lines, other separators.

Numbers are written as numbers, not through this: -3 typed into a number field stays -3.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Signs with which a spreadsheet begins a formula, a command or a link to a program.
STARTS: Final = frozenset("=+-@%|")
# The minus of mathematics, which NFKC leaves as it is.
_MINUS: Final = "\u2212"
_PLACES: Final = re.compile(r"(\r\n|[\n\r\t;\v\f\x1c-\x1e\x85\u2028\u2029])")
# Signs that a CSV file and a workbook cannot hold: controls, halves of pairs.
_UNFIT: Final = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f]")
_HALF: Final = re.compile("[\ud800-\udfff]")


def safe(text: str) -> str:
    r"""Return a text that every spreadsheet shows as text.

    Parameters
    ----------
    text : str
        Anything somebody typed.

    Returns
    -------
    str
        The same text with an apostrophe wherever a cell could begin with a formula; without control
        signs. The record file beside it keeps the text as it was typed.

    Notes
    -----
    Rules: OWASP, "CSV Injection"; UNICEF's Primero, ``CsvExporter``.

    Examples
    --------
    >>> safe("=1+1"), safe("1 = 1"), safe("first\n+44")
    ("'=1+1", '1 = 1', "first\n'+44")
    """
    text = _HALF.sub("\ufffd", _UNFIT.sub("", text))
    parts = _PLACES.split(text)
    return "".join("'" + part if starts_formula(part) else part for part in parts)


def starts_formula(part: str) -> bool:
    r"""Tell whether the first sign of a text that can be seen is one that begins a formula.

    Quotation marks count as signs that cannot be seen: a reader of CSV takes them away.

    >>> starts_formula(" \u200b=1"), starts_formula("a=1"), starts_formula("＝1")
    (True, False, True)
    """
    for sign in part:
        if sign == '"' or unicodedata.category(sign)[0] in "CZM":
            continue
        plain = unicodedata.normalize("NFKC", sign)[:1]
        # Some signs, such as ideographic and hangul fillers, look empty though Unicode calls them letters or marks.
        if unicodedata.combining(sign) or not plain.strip() or sign in _BLANK:
            continue
        return plain in STARTS or plain == _MINUS
    return False


# Letters, marks and signs that show as nothing.
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    chr(code)
    for start, end in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for code in range(start, end + 1)
)
