"""Reports on a data set: as text, as a page for a manager, and as a workbook to work through."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from tools.casedata.findings import shown
from tools.surfaces.told import Told

if TYPE_CHECKING:
    from tools.casedata import table
    from tools.casedata.anonymity import Protected, Risk
    from tools.casedata.findings import Finding, Report
    from tools.casedata.private_synthesis import Synthesis

SHOWN: Final = 60
_HEAD: Final = {"error": "Errors: do not use these cells", "warning": "Warnings: mend when you can", "review": "To be looked at by a person"}  # fmt: skip


def summary(report: Report) -> str:
    """Return a report in one sentence."""
    counted = f"{report.rows:,} records, {len(report.columns)} of {len(report.schema.fields)} columns"
    if not report.findings:
        return f"{counted}: nothing is wrong that a program can see."
    parts = [(report.count("error"), "error"), (report.count("warning"), "warning")]
    said = ", ".join(f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in parts)
    return f"{counted}: {said}, {report.count('review'):,} to be looked at."


def text(report: Report) -> str:
    """Return a report as plain text.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
        One block for each severity; each finding with its column, reason, remedy and rows.
    """
    lines = [f"{report.schema.title}: {shown(report.name)}", summary(report)]
    if report.notes:
        lines.append("Read as: " + "; ".join(report.notes) + ".")
    for severity, head in _HEAD.items():
        found = [one for one in report.findings if one.severity == severity]
        if not found:
            continue
        lines += ["", head]
        for one in found[:SHOWN]:
            lines += _block(one)
        if len(found) > SHOWN:
            lines.append(f"- … and {len(found) - SHOWN:,} more kinds; the workbook has them all.")
    return "\n".join(lines) + "\n"


def told(report: Report) -> Told:
    """Return a report for a notebook: the plain text, and on a page its lists."""
    return Told(text(report).splitlines())


def _block(one: Finding) -> list[str]:
    place = f" ({one.where})" if one.rows else ""
    count = f" {one.count:,} times." if one.count > 1 else ""
    return [
        f"- {shown(one.column) or 'file'}{place}: {one.reason}{count}",
        f"  What to do: {one.remedy} [{one.problem.code}]",
    ]


def as_json(report: Report) -> dict[str, Any]:
    """Return a report for other programs."""
    return {
        "schema": report.schema.name, "file": report.name, "rows": report.rows, "columns": list(report.columns),
        "errors": report.count("error"), "warnings": report.count("warning"), "review": report.count("review"),
        "filled": report.filled, "valid": report.valid, "notes": list(report.notes),
        "findings": [
            {"severity": one.severity, "dimension": one.dimension, "rule": one.rule, "column": one.column,
             "count": one.count, "rows": list(one.rows), "code": one.problem.code, "reason": one.reason,
             "remedy": one.remedy}
            for one in report.findings
        ],
    }  # fmt: skip


_STYLE: Final = """\
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1d2b2f;background:#fcfaf5}
table{border-collapse:collapse;width:100%;margin-block:1rem}caption{text-align:start;font-weight:600;padding-block:.5rem}
th,td{text-align:start;vertical-align:top;padding:.4rem .6rem;border-block-end:1px solid #d8d1c0;overflow-wrap:anywhere}
.wide{overflow-x:auto}.soft{color:#4b5a5d}
@media(prefers-color-scheme:dark){body{color:#e4e2da;background:#14191a}th,td{border-color:#384648}.soft{color:#b2bbb9}}
"""


def page(title: str, body: str) -> str:
    """Return a page that loads nothing and runs nothing."""
    import base64
    import hashlib

    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="referrer" content="no-referrer"><title>{escape(title)}</title><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )


def table_html(caption: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table with scopes."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    return f'<div class="wide"><table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'  # fmt: skip


def html(report: Report) -> str:
    """Return a report as a page for somebody who decides what is mended first."""
    parts = [f"<p>{escape(summary(report))}</p>"]
    if report.notes:
        parts.append(f'<p class="soft">Read as: {escape("; ".join(report.notes))}.</p>')
    for severity, head in _HEAD.items():
        rows = [
            (shown(one.column) or "file", f"{one.count:,}", one.where, one.reason, one.remedy)
            for one in report.findings
            if one.severity == severity
        ]
        if rows:
            parts.append(table_html(head, ("Column", "How many", "Rows", "What is wrong", "What to do"), rows[:500]))
    parts.append('<p class="soft">A program sees form, not truth. Compare a sample of records with their files.</p>')
    return page(f"{report.schema.title}: check of {shown(report.name)}", "".join(parts))


def workbook(report: Report) -> bytes:
    """Return a report as a workbook: a summary, and a list with one line for each row that is named."""
    from tools.casedata.check import lines
    from tools.surfaces.cells import safe

    first: list[tuple[str, ...]] = [
        ("What", "Value"),
        ("Data set", report.schema.title),
        ("File", report.name),
        ("Result", summary(report)),
    ]
    counts: list[tuple[str, ...]] = [("severity", "column", "rule", "how many", "reason", "remedy")]
    counts += [(one.severity, one.column, one.rule, str(one.count), one.reason, one.remedy) for one in report.findings]
    sheets = {"Summary": first, "Findings": counts, "Rows": list(lines(report))}
    return sheets_xlsx({name: [tuple(map(safe, row)) for row in rows] for name, rows in sheets.items()})


def sheets_xlsx(sheets: dict[str, list[tuple[Any, ...]]]) -> bytes:
    """Return sheets of plain cells as a workbook; texts are never formulas or links."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"author": "", "comments": ""})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        widths = [max(len(str(row[i])) for row in rows[:200]) for i in range(len(rows[0]))]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 1, 8), 48))
        for at, row in enumerate(rows[:1_000_000]):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(at, column, cell[:32_000], plain if at else bold)
                elif cell is not None:
                    sheet.write(at, column, cell, plain)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(rows[0]) - 1)
    book.close()
    return stream.getvalue()


# --- disclosure control -----------------------------------------------------------------------------------


def csv_bytes(rows: Sequence[Sequence[Any]]) -> bytes:
    """Return rows as CSV that no spreadsheet runs, with the mark by which Excel knows UTF-8."""
    import csv

    from tools.surfaces.cells import safe

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def risk_text(risk: Risk) -> str:
    """Return in words how exposed records are."""
    share = 100 * risk.below[2] / risk.records
    lines = [
        f"{risk.records:,} records; whoever knows {', '.join(risk.quasi)} sorts them into {risk.groups:,} groups.",
        f"The smallest group has {risk.smallest:,}: the data set is {risk.smallest}-anonymous.",
        f"Unique: {risk.below[2]:,} records ({share:.1f} per cent). In groups below 5: {risk.below[5]:,}; below 11: {risk.below[11]:,}.",
        f"By guessing within the right group, one record in {1 / risk.mean_risk:,.1f} is hit on average.",
    ]
    if risk.diversity is not None:
        lines.append(
            f"Some group has only {risk.diversity} value(s) of {risk.sensitive} (effective number {risk.entropy:.1f}): who is in it is known to have it."
            if risk.diversity < 2
            else f"Each group has at least {risk.diversity} values of {risk.sensitive} (effective number at least {risk.entropy:.1f})."
        )
    lines.append("Unique records that are left if one column goes:")
    lines += [f"  without {name}: {n:,}" for name, n in sorted(risk.without.items(), key=lambda pair: pair[1])]
    return "\n".join(lines) + "\n"


def protected_text(made: Protected) -> str:
    """Return in words what was done to a data set, what holds now, and what remains possible."""
    changed = [f"{name}: step {level} of {made.top[name]}" for name, level in made.levels.items() if level]
    lines = [
        f"Every combination of {', '.join(made.levels)} now occurs at least {made.after.smallest:,} times (asked: {made.k}).",
        f"Before: {made.before.below[2]:,} unique records of {made.before.records:,}. Now: {made.after.below[2]:,}.",
        "Made coarser: " + ("; ".join(changed) or "nothing") + ".",
        f"Single cells hidden: {made.cells:,}. Records left out: {made.removed:,}.",
        f"Information lost in these columns: {100 * made.loss:.1f} per cent.",
        "Columns left out: " + (", ".join(made.dropped) or "none") + ".",
    ]
    if made.l > 1:
        lines.append(
            f"Each group has at least {made.after.diversity} values of {made.after.sensitive} (asked: {made.l})."
        )
    if not made.complete:
        lines.append("Not all recodings were weighed; a better one may exist.")
    lines += [
        "What remains possible:",
        "- Where all in a group share a sensitive value, who is in the group is known to have it.",
        "- Whoever knows something that is not among these columns can narrow a group further.",
        "- A second release of the same people, made another way, can undo this one.",
        "- Records that were left out or coarsened change shares: do not compare them with the full data set.",
        "A second person should look at the file before it leaves the office.",
    ]
    return "\n".join(lines) + "\n"


def synthesis_text(made: Synthesis) -> str:
    """Return in words how near made-up records come, what is promised, and what is not."""
    far = "; ".join(f"{name} {100 * gap:.1f}" for name, gap in made.gaps.items())
    return "\n".join([
        made.statement,
        f"How far the shares lie apart, in points of 100: {far}. Pairs of columns: {100 * made.pairs:.1f} on average.",
        "A second person should look at the file before it leaves the office.",
    ]) + "\n"  # fmt: skip


def table_text(made: table.Table) -> str:
    """Return a table of counts as text, with what was done and what remains possible."""
    lines = made.lines()
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    body = ["  ".join(cell.ljust(w) if not at else cell.rjust(w) for at, (cell, w) in enumerate(zip(line, widths, strict=True))) for line in lines]  # fmt: skip
    return "\n".join([made.title, *body, "", made.statement]) + "\n"
