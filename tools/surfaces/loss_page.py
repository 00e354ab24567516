"""The schedule of loss as text and as a page to print."""

from __future__ import annotations

from html import escape
from textwrap import wrap
from typing import Final

from tools.remedies.schedule import Schedule
from tools.surfaces.told import Shown, Told

TITLE: Final = "Schedule of loss"
_LIMITS: Final = (
    "Worked out from the answers of one form. It is no legal advice and no forecast of an award or a payment. "
    "Harm without a price is named and not added. Each unit of money is counted once."
)
_STYLE: Final = (
    "body{font:10.5pt/1.45 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1d2b2f;background:#fff}"
    "table{border-collapse:collapse;inline-size:100%}th,td{text-align:start;vertical-align:top;padding:.3rem .5rem;"
    "border-block-end:1px solid #b9c2c2}.n{text-align:end;white-space:nowrap;font-variant-numeric:tabular-nums}"
    "tfoot td,tfoot th{font-weight:600;border:0}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-block:1.2rem .3rem}"
    "@page{size:A4;margin:16mm}@media print{body{margin:0;max-width:none}}"
)


def _head(made: Schedule) -> str:
    return f"Currency: {made.currency}." + (f" Worked out on {made.as_of}." if made.as_of else "")


def text(made: Schedule) -> str:
    """Return the schedule as plain text, at most 78 letters wide."""
    lines = [TITLE, "=" * len(TITLE), "", _head(made), ""]
    for one in made.lines:
        lines.append(f"{one.head[:58]:<58} {made.said(one.sum):>19}")
        lines += [f"    {part}" for told in (one.method, one.own) if told for part in wrap(told, 72)]
    lines += ["-" * 78]
    for name, value in (("Low", made.low), ("Central", made.central), ("High", made.high)):
        lines.append(f"{name:<58} {made.said(value):>19}")
    if made.apart:
        lines += ["", "Beside it, not in the totals:"]
        lines += [part for name, told in made.apart for part in wrap(f"- {name}: {told}", 78, subsequent_indent="  ")]
    if made.assumptions:
        lines += ["", "Assumptions:"]
        lines += [part for told in made.assumptions for part in wrap(f"- {told}", 78, subsequent_indent="  ")]
    return "\n".join([*lines, "", *wrap(_LIMITS, 78), ""])


def told(made: Schedule) -> Told:
    """Return the schedule for a notebook: the plain text, and on a page a table with what belongs to it."""
    from tools.charts import Table

    rows = [(one.head, "; ".join(t for t in (one.method, one.own) if t), made.said(one.sum)) for one in made.lines]
    rows += [
        (f"Total, {name}", "", made.said(value))
        for name, value in (("low", made.low), ("central", made.central), ("high", made.high))
    ]
    blocks: list[str | Shown] = [
        _head(made),
        Table(TITLE, ("Head", "Method, own currency, rate", made.currency), tuple(rows), words=True),
    ]
    if made.apart:
        blocks += ["Beside it, not in the totals:", *(f"- {name}: {said}" for name, said in made.apart)]
    if made.assumptions:
        blocks += ["Assumptions:", *(f"- {said}" for said in made.assumptions)]
    return Told([*blocks, _LIMITS], text(made))


def page(made: Schedule) -> str:
    """Return the schedule as one printable HTML page, without a script and without anything from elsewhere."""
    rows = "".join(
        f'<tr><th scope="row">{escape(one.head)}</th><td>{escape("; ".join(t for t in (one.method, one.own) if t))}</td>'
        f'<td class="n">{made.said(one.sum)}</td></tr>'
        for one in made.lines
    )
    foot = "".join(
        f'<tr><th scope="row" colspan="2">Total, {name}</th><td class="n">{made.said(value)}</td></tr>'
        for name, value in (("low", made.low), ("central", made.central), ("high", made.high))
    )
    apart = "".join(f"<li>{escape(name)}: {escape(told)}</li>" for name, told in made.apart)
    said = "".join(f"<li>{escape(told)}</li>" for told in made.assumptions)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{TITLE}</title><style>{_STYLE}</style></head><body><main><h1>{TITLE}</h1><p>{escape(_head(made))}</p>"
        '<table><thead><tr><th scope="col">Head</th><th scope="col">Method, own currency, rate</th>'
        f'<th scope="col" class="n">{escape(made.currency)}</th></tr></thead><tbody>{rows}</tbody><tfoot>{foot}</tfoot></table>'
        + (f"<h2>Beside it, not in the totals</h2><ul>{apart}</ul>" if apart else "")
        + (f"<h2>Assumptions</h2><ul>{said}</ul>" if said else "")
        + f"<p>{_LIMITS}</p></main></body></html>\n"
    )
