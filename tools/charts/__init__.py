"""Charts that show the same evidence on a web page, on a phone, on paper and to a screen reader.

A :class:`Chart` is a picture with all that belongs to it: what was counted, where, when, by whom, what the picture does
not show, and every figure in a table. Displayed in a chapter it writes one piece of HTML with a static picture (SVG),
so that it needs no script; a reader may ask for a live view, which the page draws from the same specification.

Altair and vl-convert are imported where they are used.
"""

from __future__ import annotations

from tools.charts.chart import PALETTE, VEGA_LITE, WORDS, Chart, Colour, Table, write_vega_bundle
from tools.charts.children import children_by_form, children_detected
from tools.charts.data_collection import (
    books_and_people,
    fixed_panel,
    hidden_part_models,
    rule_change,
    study_rounds,
    withheld_and_found,
)
from tools.charts.identification import (
    decisions_by_year,
    men_identified,
    potential_and_confirmed,
    referred_and_identified,
    who_refers,
)
from tools.charts.law import protocol_parties
from tools.charts.library import evidence_gaps, publications_by_year
from tools.charts.reintegration import needed_after_leaving
from tools.charts.remedies import awarded_and_paid

__all__ = [
    "PALETTE",
    "VEGA_LITE",
    "WORDS",
    "Chart",
    "Colour",
    "Table",
    "awarded_and_paid",
    "books_and_people",
    "children_by_form",
    "children_detected",
    "decisions_by_year",
    "evidence_gaps",
    "fixed_panel",
    "hidden_part_models",
    "men_identified",
    "needed_after_leaving",
    "potential_and_confirmed",
    "protocol_parties",
    "publications_by_year",
    "referred_and_identified",
    "rule_change",
    "study_rounds",
    "who_refers",
    "withheld_and_found",
    "write_vega_bundle",
]
