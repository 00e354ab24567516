"""Checks of the text: small functions that take a page and yield findings.

A check knows nothing of pytest and of the other checks. ``test_text.py`` runs each over the book, over one text that
must fail and over one that must pass.

How a writer marks an exception
-------------------------------
``say``
    Words to say or to give to a person: ``{.say}`` above a block quote or a list, ``:::{div} say``, or an admonition
    with ``:class: say``. They have to be simpler than the rest.
``treaty``
    A quotation from a treaty: ``{.treaty}`` above a block quote, or ``[...]{.treaty}`` in a line. It may use the words
    of its time, and long sentences.
``avoid``
    Words shown as words not to use: ``[...]{.avoid}``.
``case``
    A composite story: ``{.case}`` above a block quote, or ``:::{div} case``. Its numbers are made up and need
    no source. The section "Practise" counts as one.
``ours``
    A paragraph that says what we propose or conclude: ``{.ours}`` above it. It needs no source, but its figures do.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from babel import Locale
from reading import Block, Directive, Finding, Page

GRADE_CEILING = 10.0
SAY_GRADE_CEILING = 6.0
SAY_WORDS_JUDGED_ALONE = 30  # a shorter block swings too much with one word; all of a page are judged together too
SENTENCE_AVERAGE = 20.0
SENTENCE_LONGEST = 30
WARN_DAYS = 60

SLOTS = ("At a glance", "What to do", "Why it matters", "Watch out")
READ_NEXT = "What to read next"
PRACTISE = "Practise"  # the heading may go on: "Practise on a case"
FRONT_MATTER = ("title", "reviewed", "review_due", "roles", "status")
STATUSES = ("draft for review", "reviewed")

# ---------------------------------------------------------------------------------------------------------------------
# Words and sentences

WORD = re.compile(r"[^\W_][\w’'\-]*")
# Full stops that end no sentence when something follows.
ABBREVIATION = re.compile(r"\b(?:[A-Z]|[Nn]os?|[Aa]rts?|Dr|Mr|Mrs|Ms|St|paras?|pp?|vol|ch)\.$")
CLOSED = r"[.!?…][\"'”’)\]]*"
SENTENCE_END = re.compile(CLOSED + r"(?=\s+[\"'“‘(\[]?[A-Z0-9])")


def sentences(text: str) -> list[str]:
    """Split prose into sentences.

    >>> sentences("Meet the person alone. See Convention No. 29. Then ask.")
    ['Meet the person alone.', 'See Convention No. 29.', 'Then ask.']
    """
    parts: list[str] = []
    start = 0
    for end in SENTENCE_END.finditer(text):
        if not ABBREVIATION.search(text[start : end.end()]):
            parts.append(text[start : end.end()].strip())
            start = end.end()
    rest = text[start:].strip()
    return [*parts, rest] if rest else parts


def block_sentences(block: Block) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a block, each with the line where it starts."""
    pending, started = "", block.line
    for line in block.lines:
        for sentence in sentences(f"{pending} {line.text}"):
            if not pending:
                started = line.number
            if re.search(CLOSED + "$", sentence):
                yield started, sentence
                pending = ""
            else:
                pending = sentence
    if pending:
        yield started, pending


# Endings that are written and not said: "safe", "lived", "wares"; but "little", "needed", "services".
SILENT = re.compile(r"(?<![aeiouy])(?<![^aeiouy]l)e$|(?<![aeioutdy])ed$|(?<![aeiouscgxzhy])(?<![^aeiouy]l)es$")
VOWELS = re.compile(r"[aeiouy]+")
# Vowels that stand together and are said apart: "period", "being"; but "nation", "special".
APART = re.compile(r"(?<![tscgx])i[aou]|[aeiouy]ing$")


@cache
def syllables(word: str) -> int:
    """Estimate the syllables of an English word: groups of vowels, with three rules.

    >>> [syllables(word) for word in ("safe", "needed", "services", "period", "identification")]
    [1, 2, 3, 3, 6]
    """
    parts = [SILENT.sub("", part) for part in re.split(r"[-’']", word.lower())]
    return max(1, sum(len(VOWELS.findall(part)) + len(APART.findall(part)) for part in parts))


def reading_grade(texts: Iterable[str]) -> float:
    """Return the Flesch-Kincaid reading grade of some sentences.

    The measure is 0.39 words per sentence + 11.8 syllables per word - 15.59 (Kincaid and others, 1975). Technical terms
    count like any other word.

    Why syllables are counted here and not by a package: textstat, the usual one, fetches a dictionary from the network
    and fails without it, and hyphenation patterns (pyphen) miss one syllable in nine words. Over all words of this
    field that the CMU dictionary of pronunciations knows, :func:`syllables` is wrong by one in 25 words, and the grade
    comes out 0.1 too low.
    """
    texts = list(texts)
    words = [word for text in texts for word in WORD.findall(text) if not word[0].isdigit()]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(texts) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def check_grade(page: Page) -> Iterator[Finding]:
    """Reading grade: at most 10 for a page, at most 6 for words to say to a person."""
    plain: list[str] = []
    say: list[str] = []
    said_at = 0
    for block in page.prose:
        if "treaty" in block.classes:
            continue
        found = [sentence for _, sentence in block_sentences(block)]
        if "say" not in block.classes:
            plain += found
            continue
        say += found
        said_at = said_at or block.line
        if len(WORD.findall(block.text)) >= SAY_WORDS_JUDGED_ALONE:
            yield from _too_hard(page, block.line, "This paragraph to say to a person", found, SAY_GRADE_CEILING)
    yield from _too_hard(page, said_at, "All that this page gives to say to a person", say, SAY_GRADE_CEILING)
    yield from _too_hard(page, 0, "The page", plain, GRADE_CEILING)


def _too_hard(page: Page, line: int, whose: str, texts: list[str], ceiling: float) -> Iterator[Finding]:
    grade = reading_grade(texts)
    if grade > ceiling:
        yield Finding(
            page.file,
            line,
            f"{whose} reads at grade {grade:.1f}; the ceiling is {ceiling:g}.",
            "Shorten sentences, and say long words in short ones.",
        )


def check_sentence_length(page: Page) -> Iterator[Finding]:
    """Sentences: 20 words or fewer on average, none over 30."""
    lengths: list[int] = []
    for block in page.blocks:
        if block.kind in ("heading", "term") or "treaty" in block.classes:
            continue
        for line, sentence in block_sentences(block):
            words = WORD.findall(sentence)
            if block.kind in ("paragraph", "item"):
                lengths.append(len(words))
            if len(words) > SENTENCE_LONGEST:
                yield Finding(
                    page.file,
                    line,
                    f"A sentence has {len(words)} words: '{_start(sentence)}'.",
                    f"Split it; none may be over {SENTENCE_LONGEST}.",
                )
    if lengths and (average := sum(lengths) / len(lengths)) > SENTENCE_AVERAGE:
        yield Finding(
            page.file,
            0,
            f"Sentences have {average:.1f} words on average; the ceiling is {SENTENCE_AVERAGE:g}.",
            "Split the longest.",
        )


def _start(text: str) -> str:
    words = text.split()
    return " ".join(words[:6]) + (" …" if len(words) > 6 else "")


def check_one_sentence_per_line(page: Page) -> Iterator[Finding]:
    """One sentence on a line of the source, so that reviews and translations stay small.

    Bold words that open a line are a label and may share it with a sentence.
    """
    for block in page.prose:
        for line in block.lines:
            if len(sentences(line.text.removeprefix(line.lead))) > 1:
                yield Finding(
                    page.file, line.number, "Two sentences stand on one line.", "Start each on a line of its own."
                )
            elif line.text and not line.hard and not re.search(r"[.!?…:;][\"'”’)\]]*$", line.text):
                yield Finding(page.file, line.number, "A sentence runs on to the next line.", "Keep it on one line.")


# Words we do not use, and what to write instead.
BANNED = tuple(
    (re.compile(pattern, re.IGNORECASE), todo)
    for pattern, todo in (
        (
            # "Search and rescue" is the name of a service at sea.
            r"(?<!search and )(?<!search-and-)\brescu(?:e|es|ed|er|ers|ing)\b",
            "Say what was done: 'left', 'was brought to safety', 'was identified'.",
        ),
        (
            r"\brecover(?:s|ed|ing)? (?:(?:a|an|the|any|all|more|child|adult|presumed|trafficked|\d+) )*"
            r"(?:victims?|persons?|people|child|children|survivors?)\b",
            "Say 'identify', 'find' or 'bring to safety'.",
        ),
        (r"\bprostitutes?\b", "Say 'person in prostitution' or 'person who sells sex'."),
        (
            r"\bchild(?:hood)? prostitution\b|\bchild porn\w*",
            "Say 'sexual exploitation of children' or 'child sexual abuse material'.",
        ),
        (
            r"\billegal (?:im)?migra(?:nts?|tion)\b|\billegal aliens?\b|\billegals\b",
            "Say 'migrant without papers' or 'irregular migration'.",
        ),
        (
            r"\bmodern[- ]day slav\w+|\b(?:sex|modern) slaves?\b",
            "Say 'trafficked person' or 'person in forced labour'.",
        ),
        (r"\be\. ?g\b\.?", "Write 'for example'."),
        (r"\bi\. ?e\b\.?", "Write 'that is'."),
        (r"\betc\b\.?|\bet cetera\b", "Name the rest, or write 'and other …'."),
        (r"\b(?:viz|cf|ibid|vs|n\.b|q\.v)\.", "Write it out in English."),
    )
)


def banned_words(file: str, line: int, text: str) -> Iterator[Finding]:
    """Yield the words of a text that we do not use."""
    for pattern, todo in BANNED:
        for found in pattern.finditer(text):
            yield Finding(file, line, f"We do not use '{found.group()}'.", todo)


def check_words(page: Page) -> Iterator[Finding]:
    """Words we do not use: in prose, headings, titles, cells and terms, and in the title of the page."""
    yield from banned_words(page.file, page.front_lines.get("title", 1), str(page.front.get("title", "")))
    for block in page.blocks:
        if "treaty" not in block.classes:
            for line in block.lines:
                yield from banned_words(page.file, line.number, line.text)


# ---------------------------------------------------------------------------------------------------------------------
# The skeleton of a chapter


def check_front_matter(page: Page) -> Iterator[Finding]:
    """The front matter of every page that practitioners act on: all five keys, with dates valid and in order."""
    yield from page.problems
    if not page.has_reviews or page.problems:
        return
    for key in FRONT_MATTER:
        if not page.front.get(key):
            yield Finding(page.file, 1, f"The front matter has no '{key}'.", f"Add `{key}: …` between the two `---`.")
    yield from review_dates(page.file, page.front, page.front_lines)
    status = page.front.get("status")
    if status and status not in STATUSES:
        line = page.front_lines.get("status", 1)
        yield Finding(page.file, line, f"The status '{status}' is not known.", f"Use one of: {', '.join(STATUSES)}.")
    roles = page.front.get("roles")
    if roles and not (isinstance(roles, list) and all(isinstance(role, str) for role in roles)):
        yield Finding(page.file, page.front_lines.get("roles", 1), "'roles' is not a list.", "Write `roles: [a, b]`.")


def _as_date(value: object) -> datetime.date | None:
    # A page with a chart writes its dates in quotes: the notebook that MyST makes of it is kept as JSON, which has none.
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime) else None


def review_dates(file: str, data: Mapping[str, object], lines: Mapping[str, int]) -> Iterator[Finding]:
    """Yield what is wrong with ``reviewed`` and ``review_due``: not a date, or in the wrong order."""
    for key in ("reviewed", "review_due"):
        if data.get(key) and not _as_date(data[key]):
            yield Finding(file, lines.get(key, 1), f"'{key}: {data[key]}' is not a date.", "Write it as 2027-01-31.")
    reviewed, due = _as_date(data.get("reviewed")), _as_date(data.get("review_due"))
    if reviewed and due and due <= reviewed:
        line = lines.get("review_due", 1)
        yield Finding(file, line, "The next review is due before the last one was done.", "Correct the year.")


def overdue(file: str, data: Mapping[str, object], today: datetime.date) -> Iterator[Finding]:
    """Yield a finding when the day of the next review has passed, or when the last review lies in the future."""
    reviewed, due = _as_date(data.get("reviewed")), _as_date(data.get("review_due"))
    if due and due < today:
        yield Finding(
            file,
            0,
            f"The review was due on {due}.",
            "Review it against its sources, then set `reviewed` to today and `review_due` to a year ahead.",
        )
    if reviewed and reviewed > today + datetime.timedelta(days=1):  # a day of grace for time zones
        yield Finding(file, 0, f"The last review is dated {reviewed}, in the future.", "Correct `reviewed`.")


def due_soon(file: str, data: Mapping[str, object], today: datetime.date) -> Iterator[Finding]:
    """Yield a finding when the next review is due within 60 days."""
    due = _as_date(data.get("review_due"))
    if due and today <= due <= today + datetime.timedelta(days=WARN_DAYS):
        yield Finding(file, 0, f"The review is due on {due}.", "Plan it now; after that day the tests fail.")


def check_slots(page: Page) -> Iterator[Finding]:
    """The slots that no chapter goes without, in their order; a term of the glossary; a hidden worked answer."""
    if not page.is_chapter:
        return
    headings = [block for block in page.blocks if block.kind == "heading" and block.level == 2 and not block.directives]
    names = [block.text for block in headings]
    for slot in SLOTS:
        if slot not in names:
            near = next((block.line for block in headings if block.text.lower().startswith(slot.lower())), 0)
            yield Finding(
                page.file,
                near,
                f"There is no section '{slot}'.",
                f"Add the heading `## {slot}`, in exactly these words.",
            )
    if SLOTS[0] in names[1:]:
        yield Finding(page.file, headings[0].line, f"'{SLOTS[0]}' does not come first.", "Move it to the top.")
    if names[-1:] != [READ_NEXT]:
        yield Finding(
            page.file,
            headings[-1].line if headings else 0,
            f"The last section is not '{READ_NEXT}'.",
            f"End with `## {READ_NEXT}` and two or three works, cited.",
        )
    else:
        works = {
            key for block in page.blocks if block.section == READ_NEXT for role in block.roles for key in role.keys
        }
        if not 2 <= len(works) <= 3:
            yield Finding(
                page.file, headings[-1].line, f"'{READ_NEXT}' cites {len(works)} works.", "Cite two or three."
            )
    if not any(role.name == "term" for block in page.blocks for role in block.roles):
        yield Finding(page.file, 0, "No term of the glossary is linked.", "Write {term}`…` where a term first appears.")
    for block in headings:
        if block.text.startswith(PRACTISE) and not any(map(_hides_an_answer, page.directives)):
            yield Finding(
                page.file,
                block.line,
                f"'{block.text}' has no worked answer that stays hidden until asked for.",
                "Put it in a directive {dropdown}.",
            )


def _hides_an_answer(directive: Directive) -> bool:
    return directive.section.startswith(PRACTISE) and (directive.name == "dropdown" or "dropdown" in directive.classes)


# ---------------------------------------------------------------------------------------------------------------------
# Figures and sources

_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_UP_TO_TEN = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+)"
NUMBER_WORD = re.compile(
    rf"\b(?:eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:{_TENS})(?:-\w+)?"
    r"|hundreds?|thousands?|millions?|billions?|dozens?"
    rf"|{_UP_TO_TEN} (?:in|out of) (?:every )?{_UP_TO_TEN}(?! (?:day|week|month|hour)s?)"
    r"|half of|two thirds|(?:one|a) third of|three quarters|(?:one|a) quarter of|per ?cent)\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?<![\w.,/])(?<![A-Za-z]-)\d+(?:[,\u00a0\u202f]\d{3})*(?:\.\d+)?(?!\w|/\d|[.,]\d)")
ARTICLE = re.compile(
    r"\b(?:articles?|arts?\.|(?:convention|protocol|recommendation) no\.|principles?|guidelines?) \d+", re.IGNORECASE
)
NOT_A_FIGURE = re.compile(
    # the age of a child, and the day round
    r"\b(?:under|over|below|above|turns?|turned|before|after|than|age|aged|is|of|at|reach\w*) (?:the age of )?18\b"
    r"|\b18 (?:years|or (?:over|older|above))\b|\b24 hours\b|\b24-hour\b|\b24/7\b"
    # how long a step takes
    r"|\b[\w-]+(?: (?:to|or|and) [\w-]+)?[ -](?:minutes?|seconds?)\b"
    # places in a text
    r"|\b(?:pages?|steps?|tables?|figures?|sections?|versions?|items?|rows?|questions?|chapters?|examples?) "
    r"\d+(?:\.\d+)*(?:(?:,| to| and|–|-) ?\d+)*",
    re.IGNORECASE,
)


def figures(text: str) -> list[str]:
    """Return the figures of a text: what needs a source in the same paragraph.

    A figure is a number above ten in digits or in words (years too), a percentage, a share ("one in five"), or the
    number of an article. Not a figure: the age of 18, "24 hours", minutes and seconds, and the numbers of pages, steps,
    tables, versions and items.

    >>> figures("In 2020, 53 per cent of the 11 adults were men.")
    ['2020', '53', '11', 'per cent']
    >>> figures("Take ten minutes. A child is anyone under 18. See step 12.")
    []
    """
    rest = NOT_A_FIGURE.sub(" ", text)
    found = [
        match.group()
        for match in NUMBER.finditer(rest)
        if float(re.sub(r"[,\u00a0\u202f]", "", match.group())) > 10 or rest[match.end() :].lstrip()[:1] == "%"
    ]
    return found + [match.group() for pattern in (NUMBER_WORD, ARTICLE) for match in pattern.finditer(rest)]


def check_figures_cite(page: Page) -> Iterator[Finding]:
    """A paragraph with a figure names its source.

    An item of a list may lean on the paragraph above the list; a cell of a table on its row, too.
    """
    if not page.states_facts:
        return
    cited_rows = {block.line for block in page.blocks if block.kind == "cell" and block.cites}
    for block in page.blocks:
        if block.kind in ("heading", "title", "term") or (block.kind == "cell" and block.line in cited_rows):
            continue
        made_up = block.section.startswith(PRACTISE) or block.classes & {"case", "say", "treaty"}
        if made_up or block.cites or (block.intro is not None and block.intro.cites):
            continue
        if found := figures(block.text):
            yield Finding(
                page.file,
                block.line,
                f"The figure '{found[0]}' has no source in its paragraph.",
                "Add {cite}`key`, or leave the figure out.",
            )


OURS = re.compile(
    r"^(?:We|Our)\b|^What we\b|\bour (?:proposal|reading|view|advice|suggestion|judgement|choice)\b", re.IGNORECASE
)
READS_A_CHART = re.compile(r"^The (?:chart|table|picture|drawing)\b")


def check_evidence_cites(page: Page) -> Iterator[Finding]:
    """Every paragraph of "Why it matters" names a source, or says that it is ours.

    It is ours when it starts with "We", "Our" or "What we", speaks of our proposal, reading or view, or is marked
    ``{.ours}``. A line that ends in a colon only leads to what follows, and a paragraph that starts with "The chart"
    reads a chart that names its own sources. An item of a list may lean on the paragraph above the list.
    """
    if not page.is_chapter:
        return
    for block in page.prose:
        if block.section != "Why it matters" or block.classes & {"ours", "treaty", "case"}:
            continue
        leans = block.intro is not None and (block.intro.cites or OURS.search(block.intro.text))
        led = block.text.endswith(":") or READS_A_CHART.search(block.text) or OURS.search(block.text)
        if not (block.cites or leans or led):
            yield Finding(
                page.file,
                block.line,
                f"A paragraph of 'Why it matters' names no source: '{_start(block.text)}'.",
                "Add {cite}`key`, or say that it is our proposal.",
            )


# ---------------------------------------------------------------------------------------------------------------------
# Headings

# Names that keep their capitals. Countries, languages and months come from babel (CLDR).
PROPER_NOUNS = """
    Palermo Protocol Protocols Convention Conventions Directive Council Europe European Union Nations United Committee
    Istanbul Bali Process Barnahus Kobo Excel Word Enketo Python Jupyter Markdown Sphinx Windows Linux Android Git
    International Labour Organization Office Interpol Europol Eurojust Frontex Africa African Asia Asian America Nam
    American Americas Mediterranean Gulf Balkans Balkan Western Nordic Baltic Geneva Vienna Luxembourg
    """


@cache
def proper_nouns() -> frozenset[str]:
    """Return the words that keep a capital inside a heading."""
    locale = Locale("en")
    names = [*locale.territories.values(), *locale.languages.values(), *locale.months["format"]["wide"].values()]
    return frozenset(PROPER_NOUNS.split()) | {
        word for name in names for word in WORD.findall(name) if word[0].isupper()
    }


def check_headings(page: Page) -> Iterator[Finding]:
    """Headings and titles in sentence case: a capital for the first word and for names, and no full stop at the end."""
    places = [(block.line, block.text) for block in page.blocks if block.kind in ("heading", "title")]
    if title := page.front.get("title"):
        places.insert(0, (page.front_lines.get("title", 1), str(title)))
    for line, text in places:
        odd = [
            word
            for part in re.split(r"(?<=[:.?!])\s+|\s[–—]\s|[\"“‘]", text)
            for word in WORD.findall(part)[1:]
            if word[0].isupper() and not _is_acronym(word) and re.sub(r"[’']s$", "", word) not in proper_nouns()
        ]
        if odd:
            yield Finding(
                page.file,
                line,
                f"'{text}' has a capital in '{odd[0]}'.",
                "Write headings in sentence case; a name belongs in PROPER_NOUNS of tests/content/checks.py.",
            )
        if text.endswith("."):
            yield Finding(page.file, line, f"The heading '{text}' ends in a full stop.", "Leave it out.")


def _is_acronym(word: str) -> bool:
    return len(word) == 1 or sum(letter.isupper() for letter in word) > 1


TEXT_CHECKS: tuple[Callable[[Page], Iterator[Finding]], ...] = (
    check_grade,
    check_sentence_length,
    check_one_sentence_per_line,
    check_words,
    check_front_matter,
    check_slots,
    check_figures_cite,
    check_evidence_cites,
    check_headings,
)
