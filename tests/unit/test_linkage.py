"""Linkage without names: the published key, keyed hashes and their limits, and linkage scored on a known truth."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest

from tools.casedata import linkage, linkage_model
from tools.errors import Problem

BORN = date(1990, 1, 1)
MADE = linkage_model.made_up(300, seed=4)


@pytest.mark.parametrize(
    ("family", "begins"),
    [
        ("Smith", "MIH"),
        ("Jones", "ONS"),
        ("Farr", "AR2"),
        ("Hua", "UA2"),
        ("O'Brien", "BRE"),
        ("", "999"),
        ("Bo", "O22"),
    ],
)
def test_family_names_as_in_the_guide(family: str, begins: str) -> None:
    assert linkage.slk581(family, "John", BORN, "male").startswith(begins)


def test_the_key_has_fourteen_characters_and_ignores_signs_marks_and_case() -> None:
    keys = {
        linkage.slk581(name, "Zoë", date(2001, 2, 3), "female") for name in ("D'Arcy-Ñoño", "darcy nono", "DARCYNONO")
    }
    assert len(keys) == 1
    assert keys.pop() == "ARYOE030220012"
    with pytest.raises(Problem, match="EST_013"):
        linkage.slk581("Smith", "John", BORN, "M")


def test_a_plain_hash_is_undone_and_a_hash_with_a_secret_is_not() -> None:
    plain = hashlib.sha256(b"AZ1977").hexdigest()
    assert linkage.undo_plain_hash(plain) == "AZ1977"
    blind = linkage.blinded("AZ1977", linkage.new_secret(), "overlap 2026")
    assert linkage.undo_plain_hash(blind) is None


def test_hashes_join_within_a_project_and_not_across() -> None:
    secret, other = linkage.new_secret(), linkage.new_secret()
    one = linkage.blinded("K", secret, "p")
    assert one == linkage.blinded("K", secret, "p")
    assert (
        len(
            {
                one,
                linkage.blinded("K", secret, "q"),
                linkage.blinded("K", other, "p"),
                linkage.blinded("k", secret, "p"),
            }
        )
        == 4
    )
    # "p:" with "K" and "p" with ":K" are not the same text.
    assert linkage.blinded(":K", secret, "p") != linkage.blinded("K", secret, "p:")
    with pytest.raises(Problem, match="EST_014"):
        linkage.blinded("K", b"short", "p")
    with pytest.raises(Problem, match="EST_015"):
        linkage.blinded(" ", secret, "p")


def test_keys_with_a_missing_name_match_nobody() -> None:
    key = linkage.slk581("", "John", BORN, "male")
    assert not list(linkage.same_key([("a", key), ("b", key)]))


# --- probabilistic linkage


def test_the_model_finds_more_than_the_key_and_hardly_errs(capsys) -> None:
    links = linkage_model.link(MADE)
    model, key = linkage_model.score(links, MADE), linkage_model.score(linkage_model.by_key(MADE), MADE)
    with capsys.disabled():
        for name, found in (("splink", model), ("same key", key)):
            print(f"\n{name}: precision {found.precision:.3f}, recall {found.recall:.3f} ({found})", end="")
    assert model.precision >= 0.97
    assert model.recall >= 0.9
    assert model.recall > key.recall + 0.15
    assert links == linkage_model.link(MADE)  # seeded
    assert all(each.probability >= linkage_model.MATCH for each in links)


def test_the_settings_are_plain_data_and_compare_no_name() -> None:
    plain = json.loads(json.dumps(linkage_model.settings()))
    compared = {each["output_column_name"] for each in plain["comparisons"]}
    assert compared == {"family", "given", "born", "sex", "citizenship", "place", "month"}
    assert "person" not in json.dumps(plain)


def test_made_up_records_are_seeded_and_hold_the_truth() -> None:
    assert linkage_model.made_up(300, seed=4) == MADE
    assert linkage_model.made_up(300, seed=5) != MADE
    assert {record.source for record in MADE} == {"organisation A", "organisation B"}
    whole = linkage_model.score(
        [linkage_model.Link(one.record, "B" + one.record[1:], 1.0) for one in MADE if one.record[0] == "A"], MADE
    )
    assert whole.recall == 1.0


def test_records_that_cannot_be_linked_are_refused() -> None:
    with pytest.raises(Problem, match="EST_017"):
        linkage_model.link([record for record in MADE if record.source == "organisation A"])
    with pytest.raises(Problem, match="EST_017"):
        linkage_model.link([*MADE, MADE[0]])
