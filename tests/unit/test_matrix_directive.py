"""The directive of the matrix: rows as Markdown, parts of it, a wrong option."""

from __future__ import annotations

from tools.casedata import matrix
from tools.sphinxext import matrix as directive


def test_every_code_has_a_word_the_same_as_in_python() -> None:
    for known in (matrix.STAGES, matrix.AREAS, matrix.STATUSES):
        for code, words in known.items():
            assert directive.said(code) == words


def test_a_row_says_what_where_when_and_how_it_is_known() -> None:
    (row,) = matrix.pick("crisis", "mental_health", "seen")
    line = directive.table_source((row,))[-1]
    for part in (row.label, row.indicator, *row.means, "Every stage", "Read in the source", "{cite}`ijm2018aso`"):
        assert part in line
    assert line.count("|") == 4


def test_the_filter_offers_every_code_and_stays_hidden_without_its_script() -> None:
    made = directive.filter_html()
    for code in (*matrix.STAGES, *matrix.AREAS, *matrix.STATUSES):
        assert f'value="{code}"' in made
    assert ' hidden><span><label for="matrix-stage">' in made
