"""The checks of the text: over the book, and each over a text that must fail and texts that must pass."""

from __future__ import annotations

import datetime
import re
import textwrap
import warnings

import checks
import pytest
from checks import TEXT_CHECKS
from reading import read_page

from tools.content import BOOK

CHAPTER = "book/identification/first-contact.md"

# A small chapter that passes every check; the failing texts below say one thing wrong.
GOOD = """\
---
title: First contact
reviewed: 2026-11-24
review_due: 2027-11-24
roles: [police, health workers]
status: draft for review
---
# First contact

## At a glance

- Meet the person alone, and ask for {term}`consent`.
- Act on danger first.

## What to do

1. **Find a quiet room.**
   Ask the person to choose a seat.
2. **Say who you are.**
   Take ten minutes for it, and 15 minutes if an interpreter helps.

{.say}
> You can stop when you like.
> I do not work for the police.

:::{admonition} What you can say next
:class: say
You are safe here today.
:::

## Why it matters

In 2020, 53 per cent of the people in one study in Serbia were men {cite}`a2020`.

Staff miss people for three reasons {cite}`b2021`:

- Fear keeps people silent.
- One in five of them had no papers.

We propose to ask everyone the same questions.

{.ours}
So the first talk is short.

The treaty says it so {cite}`c2000`:

{.treaty}
> TREATY

The chart shows referrals, and not people.

## Watch out

| Mistake | Instead |
| --- | --- |
| Saying ["rescued"]{.avoid} | Say what was done |

## Practise on a case

{.case}
> A man of 34 owes 3,000 in local money.

```{dropdown} A worked answer
He was 17 when it began.
That changes the rule.
```

## What to read next

- A guide for interviews {cite}`a2020`.
- A study of silence {cite}`b2021`.
""".replace(
    "TREATY",
    "Exploitation shall include, at a minimum, the exploitation of the prostitution of others or other forms of sexual "
    "exploitation, forced labour or services, slavery or practices similar to slavery, servitude or the removal of "
    "organs.",
)


def chapter(old: str, new: str) -> str:
    """Return the good chapter with one thing changed."""
    assert old in GOOD
    return GOOD.replace(old, new, 1)


LONG = (
    "We ask about work and rest and food and pay and debts and papers and family and home and friends and plans "
    "and fears and hopes and health and the way back and the way out and more."
)
HARD = (
    "Multidisciplinary identification authorities operationalise individualised vulnerability considerations "
    "regarding administrative documentation procedures."
)

# For each check: texts that must fail, each with a piece of the message it must give.
BAD: dict[str, list[tuple[str, str]]] = {
    "check_grade": [
        ("\n".join([HARD] * 4), "The page reads at grade"),
        (
            chapter("> You can stop when you like.", "> You may withdraw authorisation immediately."),
            "All that this page gives to say to a person reads at grade",
        ),
        (
            chapter("You are safe here today.", "\n".join(["We facilitate accommodation and legal information."] * 6)),
            "This paragraph to say to a person reads at grade",
        ),
    ],
    "check_sentence_length": [
        (LONG, "line 1: A sentence has 38 words: 'We ask about work and rest …'"),
        ("- " + LONG, "A sentence has 38 words"),
        (f"| a |\n| --- |\n| {LONG} |", "line 3: A sentence has 38 words"),
        ("\n".join(["We ask " + "about work and rest and " * 4 + "food and debts and plans."] * 3), "on average"),
    ],
    "check_one_sentence_per_line": [
        ("Meet the person alone. Then ask.", "line 1: Two sentences stand on one line"),
        ('- "Are you well?" Then wait.', "Two sentences"),
        ("- **Children.** Ask once. Then stop.", "Two sentences"),
        ("Meet the person\nalone.", "line 1: A sentence runs on to the next line"),
        ("> You are safe. You can stop.", "Two sentences"),
        ("```{note}\nOne. Two.\n```", "line 2: Two sentences"),
    ],
    "check_words": [
        ("Police rescued her.", "We do not use 'rescued'. Say what was done"),
        ("They recovered three victims.\n\nThey recovered a child victim.", "'recovered a child victim'"),
        ("She was a prostitute.", "'prostitute'"),
        ("An illegal migrant came.", "'illegal migrant'"),
        ("A modern-day slave.", "'modern-day slave'"),
        ("Papers, e.g. a passport.", "Write 'for example'"),
        ("Papers, i.e. a passport.", "Write 'that is'"),
        ("Papers, tickets, etc.", "Name the rest"),
        ("# Rescue at sea", "'Rescue'"),
        ("| a |\n| --- |\n| rescue |", "line 3: We do not use 'rescue'"),
        ("```{note} Child pornography\nx\n```", "'Child pornography'"),
        ("---\ntitle: The rescue\n---\n", "line 2: We do not use 'rescue'"),
        ("```{glossary}\nterm\n  A rescue.\n```", "line 3"),
    ],
    "check_front_matter": [
        (chapter("title: First contact\n", ""), "line 1: The front matter has no 'title'"),
        (chapter("reviewed: 2026-11-24\n", ""), "no 'reviewed'"),
        (chapter("review_due: 2027-11-24\n", ""), "no 'review_due'"),
        (chapter("roles: [police, health workers]\n", ""), "no 'roles'"),
        (chapter("status: draft for review\n", ""), "no 'status'"),
        (chapter("status: draft for review", "status: finished"), "line 6: The status 'finished' is not known"),
        (chapter("roles: [police, health workers]", "roles: police"), "line 5: 'roles' is not a list"),
        (chapter("reviewed: 2026-11-24", "reviewed: November 2026"), "line 3: 'reviewed: November 2026' is not a date"),
        (chapter("reviewed: 2026-11-24", "reviewed: 2026-02-30"), "The front matter cannot be read"),
        (chapter("review_due: 2027-11-24", "review_due: 2025-11-24"), "line 4: The next review is due before"),
        (chapter("roles: [police", "roles: [[police"), "The front matter cannot be read"),
        ("---\ntitle: x\n", "The front matter does not end"),
    ],
    "check_slots": [
        (chapter("## At a glance", "## In short"), "There is no section 'At a glance'"),
        (chapter("## What to do\n", "## What to do first\n"), "line 15: There is no section 'What to do'"),
        (chapter("## Why it matters", "## Evidence"), "There is no section 'Why it matters'"),
        (chapter("## Watch out", "### Watch out"), "There is no section 'Watch out'"),
        (chapter("## At a glance", "## First words\n\n## At a glance"), "'At a glance' does not come first"),
        (chapter("## What to read next", "## Sources"), "The last section is not 'What to read next'"),
        (chapter("- A study of silence {cite}`b2021`.\n", ""), "cites 1 works"),
        (chapter("{term}`consent`", "consent"), "No term of the glossary is linked"),
        (chapter("```{dropdown} A worked answer", "```{note}"), "'Practise on a case' has no worked answer"),
    ],
    "check_figures_cite": [
        ("In 2020 there were more.", "line 1: The figure '2020' has no source in its paragraph"),
        ("It found 1,234 people.", "'1,234'"),
        ("It found 5% of them.", "'5'"),
        ("It found five per cent of them.", "'per cent'"),
        ("It found twelve people.", "'twelve'"),
        ("It found thousands of people.", "'thousands'"),
        ("One in five was a man.", "'One in five'"),
        ("Article 4 forbids it.", "'Article 4'"),
        ("Some [study](x.md) {cite}`a`.\n\nIt found 40 people.", "line 3: The figure '40'"),
        ("- It found 40 people.", "'40'"),
        ("One {cite}`a`.\n\nTwo.\n\n| a |\n| --- |\n| 40 people |", "line 7: The figure '40'"),
        ("term\n: It found 40 people.", "line 2: The figure '40'"),
    ],
    "check_evidence_cites": [
        ("## Why it matters\n\nStaff miss people.", "line 3: A paragraph of 'Why it matters' names no source: 'Sta"),
        ("## Why it matters\n\nReasons:\n\n- Fear.\n", "line 5: A paragraph"),
        ("## Why it matters\n\nOne {cite}`a`.\n\nTwo.", "line 5"),
    ],
    "check_headings": [
        ("# First Contact", "line 1: 'First Contact' has a capital in 'Contact'"),
        ("---\ntitle: First Contact\n---\n", "line 2: 'First Contact' has a capital"),
        ("```{admonition} Watch Out\nx\n```", "'Watch Out' has a capital in 'Out'"),
        ("# Do this: Ask First", "'First'"),
        ("## Meet the person.", "ends in a full stop"),
    ],
}

# Texts that must pass: the traps of each check.
FINE: dict[str, list[str]] = {
    "check_grade": ["", "Ask first.", f"{{.treaty}}\n> {HARD}"],
    "check_sentence_length": [
        f"{{.treaty}}\n> {LONG}",
        "Ask about work, rest and food.\nAsk about pay, debts and papers.\nAsk about family, home and friends.",
        "See Convention No. 29 on forced labour, and its protocol.",
        f"```{{code-cell}} python\n# {LONG}\n```",
    ],
    "check_one_sentence_per_line": [
        "Meet the person alone.\nThen ask.",
        "See Convention No. 29 {cite}`a`.\nAsk J. Smith.",
        "The path is this:\n\n- one\n- two",
        "1. **Ask.**\n   Then wait.",
        "- **Children.** Ask once.",
        "My name is ….\\\nI work here",
        "| a |\n| --- |\n| One. Two. |",
        "```{glossary}\nterm\n  A sentence.\n  Another.\n```",
    ],
    "check_words": [
        "The search and rescue service came.",
        "Say not ['rescued']{.avoid} but 'found'.",
        "{.treaty}\n> Child prostitution.",
        "Her recovery took time, and he recovered his wages.",
        "Exploitation of the prostitution of others.",
        "A study cites it {cite}`rescue2020`, and [a file](rescue.md) too.",
        "Fetched via Vienna. Etched glass. Viewed first.",
    ],
    "check_front_matter": ["# No front matter is asked of a page outside the guides"],
    "check_slots": [],
    "check_figures_cite": [
        "It found 40 men in 2020 {cite}`a`.",
        "The study lists them {cite}`a`:\n\n- 40 men",
        "It counts them {cite}`a`.\n\n| a |\n| --- |\n| 40 men |",
        "| a | b |\n| --- | --- |\n| 40 men | {cite}`a` |",
        "A child is anyone under 18.\nTake ten minutes, or 15 minutes.\nBe there 24 hours.",
        "Follow step 12, table 11 and pages 12 to 14.",
        "1. One\n2. Two",
        "```{code-cell} python\nx = 1234\n```",
        "See [page](year-2020.md), version 1.20 and `a2000`.",
        "## Practise\n\nHe is 34.",
        "The ILO-11 list and A4 paper.",
        "Nine people came.",
    ],
    "check_evidence_cites": ["## Watch out\n\nStaff miss people."],
    "check_headings": [
        "# What the ILO and the United Kingdom say",
        "# Indicators: What they tell you",
        "# The Palermo Protocol in plain words",
        "# The path in Serbia, from January",
        '# Say "Are you well?"',
    ],
}

NAMES = {check.__name__: check for check in TEXT_CHECKS}


def test_every_check_has_texts_that_fail_and_texts_that_pass() -> None:
    assert set(BAD) == set(FINE) == set(NAMES)
    assert all(BAD.values())


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        pytest.param(name, text, message, id=f"{name.removeprefix('check_')}-{number}")
        for name, texts in BAD.items()
        for number, (text, message) in enumerate(texts, 1)
    ],
)
def test_a_bad_text_is_found(name: str, text: str, message: str) -> None:
    found = [str(finding) for finding in NAMES[name](read_page(CHAPTER, text))]
    assert any(message in finding for finding in found), found
    assert all(finding.startswith(CHAPTER) for finding in found)


@pytest.mark.parametrize("name", NAMES)
def test_a_good_chapter_passes(name: str) -> None:
    assert [str(finding) for finding in NAMES[name](read_page(CHAPTER, GOOD))] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param(name, text, id=f"{name.removeprefix('check_')}-{number}")
        for name, texts in FINE.items()
        for number, text in enumerate(texts, 1)
    ],
)
def test_what_only_looks_bad_passes(name: str, text: str) -> None:
    file = "book/library/index.md" if name == "check_front_matter" else CHAPTER
    assert [str(finding) for finding in NAMES[name](read_page(file, text))] == []


def over(check, pages) -> list:
    return [finding for page in pages for finding in check(page)]


@pytest.mark.promise("language-plain")
@pytest.mark.parametrize(
    "check",
    [checks.check_grade, checks.check_sentence_length, checks.check_one_sentence_per_line, checks.check_words],
)
def test_the_book_is_in_plain_words(check, pages, none_found) -> None:
    none_found(over(check, pages))


@pytest.mark.promise("truth-cites")
def test_every_paragraph_of_evidence_names_a_source(pages, none_found) -> None:
    none_found(over(checks.check_evidence_cites, pages))


@pytest.mark.promise("truth-numbers")
def test_every_figure_has_a_source(pages, none_found) -> None:
    none_found(over(checks.check_figures_cite, pages))


@pytest.mark.parametrize("check", [checks.check_slots, checks.check_headings])
def test_every_chapter_has_its_slots(check, pages, none_found) -> None:
    none_found(over(check, pages))


@pytest.mark.promise("truth-reviewed")
def test_every_page_says_when_it_was_reviewed(pages, none_found) -> None:
    none_found(over(checks.check_front_matter, pages))


@pytest.mark.promise("truth-reviewed")
def test_no_review_is_overdue(pages, none_found) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    for page in pages:
        for finding in checks.due_soon(page.file, page.front, today):
            warnings.warn(str(finding), stacklevel=1)
    none_found([finding for page in pages for finding in checks.overdue(page.file, page.front, today)])


@pytest.mark.parametrize(
    ("today", "late", "soon"),
    [
        ("2027-09-24", [], []),
        ("2027-09-25", [], ["x.md: The review is due on 2027-11-24. Plan it now; after that day the tests fail."]),
        ("2027-11-24", [], ["x.md: The review is due on 2027-11-24. Plan it now; after that day the tests fail."]),
        ("2027-11-25", ["x.md: The review was due on 2027-11-24."], []),
        ("2026-11-01", ["x.md: The last review is dated 2026-11-24, in the future."], []),
    ],
)
def test_a_review_is_called_for_in_time(today: str, late: list[str], soon: list[str]) -> None:
    day = datetime.date.fromisoformat(today)
    front = {"reviewed": datetime.date(2026, 11, 24), "review_due": datetime.date(2027, 11, 24)}
    found = [str(finding) for finding in checks.overdue("x.md", front, day)]
    assert len(found) == len(late)
    assert all(message.startswith(start) for message, start in zip(found, late, strict=True))
    assert [str(finding) for finding in checks.due_soon("x.md", front, day)] == soon


def test_the_reading_grade_is_the_published_formula() -> None:
    # Counted by hand: 10 words in 2 sentences, 12 syllables.
    grade = checks.reading_grade(["Meet the person alone.", "Ask what she needs, then wait."])
    assert grade == pytest.approx(0.39 * 10 / 2 + 11.8 * 12 / 10 - 15.59)


def test_findings_name_line_and_remedy_through_nested_directives() -> None:
    text = textwrap.dedent(
        """\
        ::::{grid}
        :gutter: 3

        :::{grid-item-card} Title
        :link: x

        ```{note}
        A rescue.
        ```
        :::
        ::::
        """
    )
    (found,) = checks.check_words(read_page(CHAPTER, text))
    assert found.line == 8
    assert found.todo.startswith("Say what was done")


def test_each_guide_tells_at_least_two_stories_and_says_that_they_are_made_up() -> None:
    stories: dict[str, int] = {}
    for path in sorted(BOOK.glob("*/*.md")):
        text = path.read_text(encoding="utf-8")
        told = len(re.findall(r"^:::\{div\} case$", text, re.M))
        if told and re.search(r"composite|made up|made-up", text, re.I):
            stories[path.parent.name] = stories.get(path.parent.name, 0) + told
    guides = {path.parent.name for path in BOOK.glob("*/index.md")} - {"start", "library", "reference", "training"}
    assert len(guides) >= 9
    assert {guide: stories.get(guide, 0) for guide in guides if stories.get(guide, 0) < 2} == {}
