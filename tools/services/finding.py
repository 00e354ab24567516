"""What a check says: where, what, what to do, and whether it keeps a row out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tools.errors import Problem

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or worth a look.

    Attributes
    ----------
    severity : {"error", "warning"}
        An error keeps its row out of what is published.
    sheet : str
        Sheet of a workbook, or table of a data package.
    row : int
        As the spreadsheet counts; 0 where it concerns the whole sheet.
    column : str
        What stands above it; empty where it concerns the whole row.
    problem : Problem
        Code, words and remedy.
    """

    severity: Severity
    sheet: str
    row: int
    column: str
    problem: Problem

    @property
    def code(self) -> str:
        """The code of the message."""
        return self.problem.code

    @property
    def where(self) -> str:
        """The place in words."""
        parts = (self.sheet, f"row {self.row}" if self.row else "", self.column)
        return ", ".join(filter(None, parts))

    def __str__(self) -> str:
        return f"{self.severity}: {self.where + ': ' if self.where else ''}{self.problem.what} {self.problem.todo} [{self.code}]"


def errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return those that keep something out."""
    return tuple(one for one in findings if one.severity == "error")
