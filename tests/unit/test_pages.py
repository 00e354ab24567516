from __future__ import annotations

import itertools
import re

import pytest

from tools.content import ROOT


def test_a_tiny_site_builds_without_a_warning(make_site):
    site = make_site({"index.md": "# Start\n\nA word.\n", "next.md": "# Next\n\nSee {doc}`index`.\n"})
    assert site.warnings == ""
    assert "A word." in site.html("index")
    assert site.doctree("next").astext().startswith("Next")


# --- Design tokens ---

TOKENS = ROOT / "tools" / "surfaces" / "static" / "tokens.css"
_VALUE = re.compile(r"--ct-([\w-]+):\s*(#[0-9a-f]{6});(?:\s*/\*(.*?)\*/)?")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def wrong_contrasts(css: str) -> list[str]:
    """Say which colours do not have the contrast that their comment claims, or too little of it."""
    colours = {name: value for name, value, _ in _VALUE.findall(css)}
    faults = []
    for name, value, claims in _VALUE.findall(css):
        for ratio, ground in re.findall(r"([\d.]+) on ([\w-]+)", claims):
            found = contrast(value, colours[ground])
            if f"{found:.1f}" != ratio or found < (3 if name in ("edge", "focus") else 4.5):
                faults.append(f"{name} on {ground}: {found:.1f}, said {ratio}")
    return faults


def token_blocks() -> list[str]:
    css = TOKENS.read_text(encoding="utf-8")
    starts = [css.index(s) for s in (":root {", 'body[data-theme="dark"] {', 'body:not([data-theme="light"]) {')]
    return [css[a:b] for a, b in itertools.pairwise([*starts, len(css)])]


@pytest.mark.promise("access-axe")
def test_the_contrasts_in_the_tokens_are_as_said():
    assert [wrong_contrasts(block) for block in token_blocks()] == [[], [], []]
    assert all(len(re.findall(r" on paper", block)) >= 8 for block in token_blocks())


def test_the_contrast_check_sees_a_wrong_claim_and_a_faint_colour():
    assert wrong_contrasts("--ct-paper: #ffffff; --ct-ink: #000000; /* 21.0 on paper */") == []
    assert wrong_contrasts("--ct-paper: #ffffff; --ct-ink: #000000; /* 12.0 on paper */") == [
        "ink on paper: 21.0, said 12.0"
    ]
    assert wrong_contrasts("--ct-paper: #ffffff; --ct-ink: #999999; /* 2.8 on paper */") == [
        "ink on paper: 2.8, said 2.8"
    ]


def test_both_ways_to_dark_give_the_same_colours():
    _, chosen, system = token_blocks()
    assert _VALUE.findall(chosen) == _VALUE.findall(system)
