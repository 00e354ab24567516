"""The table of promises: its own rules, and that the committed page is up to date."""

from __future__ import annotations

import pytest
from promises import Promise, check, page, problems, read_list, run_check

LIST = """\
privacy:
  a: Nothing leaves.
  b:
    text: Nothing stays.
    not_held_yet: The tool is not built.
speed:
  c:
    text: It is quick.
    measured_by: pyproject.toml
"""
TESTS = {"a": ["tests/unit/test_x.py::test_nothing_leaves"]}


def test_the_list_is_read_in_order() -> None:
    assert list(read_list(LIST).values()) == [
        Promise("a", "privacy", "Nothing leaves."),
        Promise("b", "privacy", "Nothing stays.", not_held_yet="The tool is not built."),
        Promise("c", "speed", "It is quick.", measured_by="pyproject.toml"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x:\n  a: A.\ny:\n  a: B.\n", "'a' stands twice"),
        ("x:\n  a:\n    words: A.\n", "'a' is not understood"),
        ("x:\n  a:\n    not_held_yet: A.\n", "'a' is not understood"),
    ],
)
def test_a_bad_list_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_list(text)


def test_a_complete_table_passes() -> None:
    promises = read_list(LIST)
    assert check(promises, TESTS, page(promises, TESTS)) == []


@pytest.mark.parametrize(
    ("tests", "message"),
    [
        ({**TESTS, "z": ["t.py::t"]}, "t.py::t holds 'z', which tests/promises.yml does not list"),
        ({**TESTS, "b": ["t.py::t"]}, "'b' is held by t.py::t. Remove `not_held_yet`"),
        ({}, "No test holds 'a'"),
    ],
)
def test_a_gap_is_found(tests: dict[str, list[str]], message: str) -> None:
    (found,) = problems(read_list(LIST), tests)
    assert message in found


def test_a_measure_that_does_not_exist_is_found() -> None:
    (found,) = problems(read_list(LIST.replace("pyproject.toml", "measure.py")), TESTS)
    assert "'c' is measured by measure.py, which does not exist" in found


def test_an_old_page_is_found_with_the_command() -> None:
    promises = read_list(LIST)
    (found,) = check(promises, TESTS, page(promises, {"a": ["tests/unit/test_y.py::test_other"]}))
    assert found.endswith("is out of date. Run `python tests/promises.py` and commit the page.")


def test_the_page_says_what_is_not_held() -> None:
    written = page(read_list(LIST), TESTS)
    assert "Promises that no test holds yet: 1." in written
    assert "Nothing leaves.\n: `unit/test_x.py::test_nothing_leaves`\n" in written
    assert "Nothing stays.\n: **Not held yet.** The tool is not built.\n" in written
    assert "It is quick.\n: Measured by `pyproject.toml`.\n" in written


@pytest.fixture(scope="module")
def found() -> list[str]:
    """What `python tests/promises.py --check` says."""
    return run_check()


def test_every_mark_names_a_promise_of_the_list(found: list[str]) -> None:
    assert [line for line in found if "does not list" in line or "cannot be collected" in line] == []


def test_every_promise_is_held_and_the_committed_page_is_up_to_date(found: list[str]) -> None:
    assert found == []
