"""Reading definitions: what is refused, at which line, in which words; and that noise is refused, too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tools import content
from tools.errors import Problem
from tools.instruments import library

# Every test below changes a line or two of this.
GOOD = """\
id: guide/small
title: Small
kind: form
purpose: Try one thing.
version: "1.0"
reviewed: 2026-11-24
review_due: 2027-11-24
status: our proposal
sources: [un2000palermo]
limits: [It is made up.]
sections:
  - id: work
    title: Work
    items:
      - {id: paid, type: yes-no-unknown, label: Was it paid}
      - {id: hours, type: number, label: Hours, maximum: "24"}
      - id: place
        type: choice
        label: Where?
        choices: {land: On land, sea: At sea}
      - {id: wage, type: money, label: Wage, currency: USD}
      - repeat: periods
        title: Pay periods
        row: Period
        items:
          - {id: due, type: money, label: Due, currency: USD}
computed:
  - {id: total, label: Total, value: "round(hours * 7, 0)"}
outcomes:
  - {id: paid_work, title: Paid, text: Good., when: paid == "yes"}
  - {id: rest, title: Nothing yet, text: Ask on.}
notices:
  - {id: long, text: A long day., when: hours > 12}
"""

REFUSED = [
    # code, old text, new text, what the message has to name
    ("INS_002", "title: Small", "title: 'Small", ["YAML"]),
    ("INS_002", GOOD, "- one\n- two\n", ["key: value"]),
    ("INS_002", GOOD, "", ["key: value"]),
    ("INS_003", "title: Small", "title: Small\npurpos: x", ["'purpos'", "did you mean 'purpose'?"]),
    ("INS_003", "label: Was it paid", "label: Was it paid, hnt: x", ["'hnt'", "in section 'work', item 'paid'", "did you mean 'hint'?"]),
    ("INS_004", "purpose: Try one thing.\n", "", ["'purpose' is missing", "Add the line"]),
    ("INS_004", "label: Was it paid", "hint: x", ["'label' is missing", "'paid'"]),
    ("INS_005", 'version: "1.0"', 'version: "1"', ["'version'", "two numbers in quotes"]),
    ("INS_005", "reviewed: 2026-11-24", "reviewed: 24 November", ["'reviewed'", "2026-11-24"]),
    ("INS_005", "review_due: 2027-11-24", "review_due: 2025-11-24", ["'review_due'", "later date"]),
    ("INS_005", "kind: form", "kind: list", ["'list'", "checklist"]),
    ("INS_005", "status: our proposal", "status: ours", ["'ours'", "published list"]),
    ("INS_005", "limits: [It is made up.]", "limits: []", ["'limits'", "at least one"]),
    ("INS_005", "limits: [It is made up.]", "limits: none", ["'limits'", "list of texts"]),
    ("INS_005", "type: number", "type: numeric", ["'numeric'", "number"]),
    ("INS_005", 'maximum: "24"', "maximum: high", ["'maximum'", "'hours'"]),
    ("INS_005", 'maximum: "24"', "decimals: 9", ["'decimals'", "from 0 to 4"]),
    ("INS_005", "currency: USD}\n      - repeat", "currency: dollars}\n      - repeat", ["'currency'", "USD"]),
    ("INS_005", "choices: {land: On land, sea: At sea}", "choices: [land, sea]", ["'choices'", "`code: words`"]),
    ("INS_005", "choices: {land: On land, sea: At sea}", "choices: {On-Land: x}", ["'On-Land'", "lower-case"]),
    ("INS_005", "label: Hours,", "label: Hours, choices: {a: b},", ["no choices of its own"]),
    ("INS_005", 'text: Good., when: paid == "yes"', "text: Good.", ["'paid_work'", "every outcome but the last"]),
    ("INS_005", "text: Ask on.", 'text: Ask on., when: paid == "no"', ["'rest'", "holds always"]),
    ("INS_005", "text: Ask on.", "text: Ask on., level: loud", ["'loud'", "urgent"]),
    ("INS_005", "row: Period", "row: Period\n        max_rows: 0", ["'max_rows'", "1 to 200"]),
    ("INS_005", '"round(hours * 7, 0)"', "'\"a\" if paid == \"yes\" else \"b\"'", ["'choices'", "'total'"]),
    ("INS_005", '"round(hours * 7, 0)"', '"convert(wage, 2)"', ["currency"]),
    ("INS_005", "label: Hours,", "label: Hours, tags: [x],", ["'tags'", "'hours'"]),
    ("INS_006", "id: hours", "id: paid", ["'paid'", "more than once"]),
    ("INS_006", "id: rest", "id: place", ["'place'"]),
    ("INS_007", "id: hours", "id: dec1", ["'dec1'", "cell"]),
    ("INS_007", "id: hours", "id: Hours", ["'Hours'", "lower-case"]),
    ("INS_008", "title: Small", "title: Small\ntitle: Again", ["'title'", "twice"]),
    ("INS_009", "type: number, label: Hours", "type: text, label: Full name", ["'hours'", "Full name", "case code"]),
    ("INS_009", 'type: number, label: Hours, maximum: "24"', "type: date, label: Date of birth", ["Date of birth"]),
    ("INS_009", "type: number, label: Hours", "type: number, label: Code, hint: the passport number", ["passport"]),
    ("EXP_001", 'paid == "yes"', 'paid == "yes', ["cannot be read"]),
    ("EXP_003", "hours > 12", "houres > 12", ["'houres'", "did you mean 'hours'?"]),
    ("EXP_004", "hours > 12", "hours", ["condition is needed"]),
    ("EXP_004", '"round(hours * 7, 0)"', "None", ["cannot be a text"]),
    ("EXP_005", 'paid == "yes"', 'paid == "perhaps"', ["'perhaps'", "no, unknown, yes"]),
    ("EXP_006", "hours > 12", "not hours > 12", ["not answered"]),
    ("EXP_010", "hours > 12", "due > 12", ["'periods'"]),
]  # fmt: skip


def line_of(old: str, new: str) -> tuple[str, int]:
    """Return the changed definition and the line of the first change."""
    assert GOOD.count(old) == 1, old
    start = GOOD.index(old)
    return GOOD.replace(old, new), GOOD[:start].count("\n") + 1


def test_the_definition_that_the_tests_change_is_fine() -> None:
    assert library.read(GOOD).title == "Small"


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(
    ("code", "old", "new", "said"), REFUSED, ids=[f"{c} {n.strip()[:40]}" for c, _, n, _ in REFUSED]
)
def test_a_wrong_definition_is_refused_with_line_and_remedy(code: str, old: str, new: str, said: list[str]) -> None:
    text, line = line_of(old, new)
    with pytest.raises(Problem) as caught:
        library.read(text, "small.yml")
    problem = caught.value
    assert problem.code == code, str(problem)
    for words in said:
        assert words in str(problem)
    assert problem.file == "small.yml"
    assert problem.line is not None
    if code not in {"INS_002", "INS_004"}:  # where a thing is missing, or a quote stays open, the line is near
        assert line <= problem.line <= line + new.count("\n"), f"line {problem.line}, not {line}: {problem}"
    assert str(problem).startswith(f"small.yml, line {problem.line}: ")


def test_values_that_read_each_other_in_a_circle_are_refused_with_the_chain() -> None:
    total = '{id: total, label: Total, value: "round(hours * 7, 0)"}'
    circle = "{id: total, label: Total, value: other}\n  - {id: other, label: Other, value: total}"
    with pytest.raises(Problem) as caught:
        library.read(GOOD.replace(total, circle))
    assert caught.value.code == "EXP_007"
    assert "other -> total -> other" in str(caught.value)


def test_relevance_in_a_circle_is_refused() -> None:
    text = GOOD.replace("label: Was it paid}", "label: Was it paid, relevant: answered(hours)}")
    text = text.replace("label: Hours,", "label: Hours, relevant: answered(paid),")
    with pytest.raises(Problem) as caught:
        library.read(text)
    assert caught.value.code == "EXP_007"
    assert "hours -> paid -> hours" in str(caught.value)


def test_money_of_two_currencies_is_not_added() -> None:
    text = GOOD.replace("title: Small", "title: Small").replace(
        "label: Wage, currency: USD}",
        "label: Wage, currency: USD}\n      - {id: fee, type: money, label: Fee, currency: IDR}",
    )
    with pytest.raises(Problem) as caught:
        library.read(text.replace('"round(hours * 7, 0)"', "wage + fee"))
    assert caught.value.code == "EXP_009"
    assert "USD and IDR" in str(caught.value)


def test_a_calculated_number_is_rounded_before_it_is_compared() -> None:
    with pytest.raises(Problem) as caught:
        library.read(GOOD.replace("hours > 12", "hours / 3 > 12"))
    assert caught.value.code == "EXP_008"


@pytest.mark.parametrize(("name", "hint"), [("identification/elements-of-the-defintion", "elements-of-the-definition"), ("x", ""), ("../../etc/passwd", ""), ("", ""), ("a/b/c", "")])  # fmt: skip
def test_an_instrument_that_is_not_there(name: str, hint: str) -> None:
    with pytest.raises(Problem) as caught:
        library.load(name)
    assert caught.value.code == "INS_001"
    assert hint in str(caught.value)
    assert "python -m tools list" in str(caught.value)


def test_an_id_that_does_not_match_its_place(tmp_path, monkeypatch) -> None:
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "other.yml").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(content, "INSTRUMENTS", tmp_path)
    with pytest.raises(Problem) as caught:
        library.load("guide/other")
    assert caught.value.code == "INS_010"
    assert "'guide/small'" in str(caught.value)


def test_every_instrument_of_the_library_loads_by_its_id() -> None:
    assert [instrument.id for instrument in library.load_all()] == list(content.instrument_ids())


# --- for every input ---------------------------------------------------------------------------


def refusal(text: str) -> Problem | None:
    """Return the message a definition gives; anything but a message fails the test."""
    try:
        library.read(text, "noise.yml")
    except Problem as problem:
        return problem
    return None


PIECES = st.sampled_from(
    [": ", "- ", "\n", "  ", "id", "paid", "{", "}", "[", "]", "null", "true", "12", "~", "'", '"', "&a", "*a", "<<: *a", "|", "!!python/x",
     "items", "choices: {a: b}", "choices", "repeat", "type: note", "tags: [x]", "tags", "when", "\t", "\x00", "é", "2026-11-24", ".inf"]
)  # fmt: skip


@pytest.mark.promise("input-messages")
@settings(max_examples=150)
@given(st.text(max_size=80) | st.lists(PIECES, max_size=12).map("".join))
def test_noise_instead_of_a_definition_gives_a_message(text: str) -> None:
    problem = refusal(text)
    assert problem is not None
    assert problem.what
    assert problem.todo


@pytest.mark.promise("input-messages")
@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(GOOD)), st.integers(0, 25), st.lists(PIECES, max_size=4).map("".join))
def test_a_definition_that_was_damaged_gives_a_message_or_still_loads(at: int, cut: int, noise: str) -> None:
    problem = refusal(GOOD[:at] + noise + GOOD[at + cut :])
    assert problem is None or (problem.what and problem.todo)


ODD = [None, True, 12, [], {}, [1], {"a": "b"}, "", "x", [["x"]], {"a": None}, [None], [{}], -3, "paid", "9" * 3000]
WORDS = sorted({key for needed, allowed in library.KEYS.values() for key in (*needed, *allowed)})


def odd_definitions(plain: Any) -> Iterator[Any]:
    """Yield the definition with each value replaced by each odd one, and with each key added to each place."""
    places = [(plain, key) for key in plain] if isinstance(plain, dict) else [(plain, at) for at in range(len(plain))]
    for holder, key in places:
        before = holder[key]
        for odd in ODD:
            holder[key] = odd
            yield
        holder[key] = before
        if isinstance(before, dict | list):
            yield from odd_definitions(before)
    if isinstance(plain, dict):
        for key in set(WORDS) - set(plain):
            for odd in ODD[:13]:
                plain[key] = odd
                yield
            del plain[key]


@pytest.mark.promise("input-messages")
def test_every_odd_value_in_every_place_gives_a_message_or_still_loads() -> None:
    definition = yaml.load(GOOD, Loader=yaml.BaseLoader)  # noqa: S506 - texts only
    tried = 0
    for _ in odd_definitions(definition):
        # JSON is YAML, and faster to write.
        problem = refusal(json.dumps(definition))
        assert problem is None or (problem.what and problem.todo)
        tried += 1
    assert tried > 5000


# --- steps from older versions -------------------------------------------------------------------

STEPS = """\
migrations:
  - from: "0.5"
    renamed: {was_paid: earned, spells: periods}
    answers: {site: {boat: sea_place}}
  - from: "0.9"
    renamed: {earned: paid, site: place}
    answers: {place: {sea_place: sea}}
    dropped: [mood]
    added: [hours, due]
"""

WRONG_STEPS = [
    # old text, new text, what the message has to name
    ('"0.9"', '"1.0"', ["'1.0' is not a version before 1.0"]),
    ('"0.9"', "soon", ["'soon' is not a version"]),
    ('"0.5"', '"0.9"', ["'0.9' is not a version before 0.9", "oldest step first"]),
    ('"0.5"', '"0.10"', ["'0.10' is not a version before 0.9"]),
    ("earned: paid,", "earned: payd,", ["no 'payd' after this step", "did you mean 'paid'?"]),
    ("earned: paid,", "earned: total,", ["no 'total' after this step"]),
    ("was_paid: earned,", "was_paid: paid,", ["no 'paid' after this step"]),
    ("earned: paid,", "earned: paid, salary: paid,", ["the same new one"]),
    ("earned: paid,", "hours: paid,", ["'hours' is still in use"]),
    ("earned: paid,", "work: paid,", ["'work' is still in use"]),
    ("earned: paid,", "Earned: paid,", ["'Earned' was never an id"]),
    ("renamed: {earned: paid, site: place}", "renamed: [earned]", ["`old: new` lines"]),
    ("answers: {place: {sea_place: sea}}", "answers: [place]", ["not a set of items"]),
    ("{sea_place: sea}", "sea", ["`old: new` lines"]),
    ("{sea_place: sea}", "{sea_place: moon}", ["'moon' is not an answer of 'place'", "land, sea"]),
    ("{sea_place: sea}", "{land: sea}", ["'land' is still an answer"]),
    ("{site: {boat: sea_place}}", "{site: {boat: sea}}", ["'sea' is not an answer of 'site'"]),
    ("dropped: [mood]", "dropped: [wage]", ["'wage' is still in use"]),
    ("dropped: [mood]", "dropped: [earned]", ["'earned' is still in use"]),
    ("added: [hours, due]", "added: [pay]", ["no 'pay' after this step"]),
    ("added: [hours, due]", "grown: [pay]", ["'grown'", "added"]),
    ('from: "0.9"\n    renamed', "renamed", ["'from' is missing"]),
]


def test_steps_from_older_versions_are_read_in_order() -> None:
    one, other = library.read(GOOD + STEPS).migrations
    assert (one.since, other.since) == ("0.5", "0.9")
    assert one.renamed == {"was_paid": "earned", "spells": "periods"}
    assert other.answers == {"place": {"sea_place": "sea"}}
    assert (other.dropped, other.added) == (("mood",), ("hours", "due"))


@pytest.mark.promise("input-messages")
@pytest.mark.parametrize(("old", "new", "said"), WRONG_STEPS, ids=[f"{n.strip()[:40]}" for _, n, _ in WRONG_STEPS])
def test_a_step_that_leads_nowhere_is_refused(old: str, new: str, said: list[str]) -> None:
    assert STEPS.count(old) == 1
    with pytest.raises(Problem) as caught:
        library.read(GOOD + STEPS.replace(old, new), "small.yml")
    assert caught.value.code in {"INS_003", "INS_004", "INS_005"}
    assert caught.value.line is not None
    assert caught.value.line > GOOD.count("\n")
    for words in said:
        assert words in str(caught.value), str(caught.value)
