"""Agreement between raters: the worked examples that are widely printed, the edges, and the command."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools import content
from tools.__main__ import main
from tools.casedata import agreement
from tools.errors import Problem
from tools.surfaces import agreement_report

#: A worked example of Fleiss' method that is printed in many places: ten subjects, fourteen raters, five categories.
PRINTED = [
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
]  # fmt: skip


def test_the_printed_example_with_fourteen_raters() -> None:
    assert agreement.fleiss(PRINTED) == pytest.approx(0.210, abs=0.0005)
    shares = [(sum(n * n for n in row) - 14) / (14 * 13) for row in PRINTED]
    assert sum(shares) / 10 == pytest.approx(0.378, abs=0.0005)


def test_the_printed_examples_with_two_raters() -> None:
    def pairs(both_yes: int, yes_no: int, no_yes: int, both_no: int) -> list[tuple[str, str]]:
        return [("y", "y")] * both_yes + [("y", "n")] * yes_no + [("n", "y")] * no_yes + [("n", "n")] * both_no

    assert agreement.cohen(pairs(20, 5, 10, 15)) == pytest.approx(0.40)
    # Two tables with the same share of agreement, 0.60, and other margins.
    assert agreement.cohen(pairs(45, 15, 25, 15)) == pytest.approx(0.1304, abs=0.00005)
    assert agreement.cohen(pairs(25, 35, 5, 35)) == pytest.approx(0.2593, abs=0.00005)


def rated(table: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(case, f"R{n}", answer) for case, answers in table.items() for n, answer in enumerate(answers)]


def test_cases_that_not_everybody_rated_are_named_and_not_counted() -> None:
    found = agreement.measure([*rated({"a": "yyn", "b": "yyy", "c": "nnn"}), ("d", "R0", "y")])
    assert (found.method, found.raters, found.cases, found.left_out) == ("fleiss", 3, 3, ("d",))
    assert found.by_case[0].case == "a"
    assert found.share == pytest.approx((1 / 3 + 1 + 1) / 3)
    assert found.low is not None
    assert found.kappa is not None
    assert found.high is not None
    assert found.low <= found.kappa <= found.high


def test_where_everybody_says_one_thing_there_is_no_kappa() -> None:
    found = agreement.measure(rated({"a": "yy", "b": "yy"}))
    assert (found.share, found.kappa, found.low) == (1, None, None)
    assert "chance alone" in agreement_report.text(found)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abc"), min_size=3, max_size=3), min_size=2, max_size=8))
def test_order_of_raters_and_names_of_answers_change_nothing(rows: list[list[str]]) -> None:
    first = agreement.measure(
        [(f"c{n}", f"r{m}", answer) for n, row in enumerate(rows) for m, answer in enumerate(row)]
    )
    swap = {"a": "z", "b": "y", "c": "x"}
    second = agreement.measure(
        [(f"c{n}", f"r{2 - m}", swap[answer]) for n, row in enumerate(rows) for m, answer in enumerate(row)]
    )
    assert first.share == pytest.approx(second.share)
    assert first.kappa == (second.kappa if second.kappa is None else pytest.approx(second.kappa))
    assert first.kappa is None or first.kappa <= 1


@pytest.mark.parametrize(
    ("ratings", "code"),
    [
        ([("a", "R0", "y"), ("b", "R0", "y")], "AGR_001"),
        ([("a", "R0", "y"), ("a", "R0", "n")], "AGR_002"),
        ([], "AGR_001"),
    ],
)
def test_too_little_and_twice_are_told(ratings: list[tuple[str, str, str]], code: str) -> None:
    with pytest.raises(Problem, match=code):
        agreement.measure(ratings)


def test_the_command_reads_a_file_and_tells_what_is_missing(tmp_path, capsys) -> None:
    assert main(["agreement", str(content.EXAMPLES / "ratings-made-up.csv")]) == 0
    said = capsys.readouterr().out
    assert "6 raters, 10 cases" in said
    assert "All agree on:" in said
    (tmp_path / "wrong.csv").write_text("case,who,rating\na,b,c\n", encoding="utf-8")
    assert main(["agreement", str(tmp_path / "wrong.csv")]) == 1
    assert "DAT_050" in capsys.readouterr().err
