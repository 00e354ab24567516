"""Every word of a tool can be translated: a made-up language shows what escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from tools import content
from tools.instruments import library, record, translation
from tools.surfaces import html, text, words

ELEMENTS = "identification/elements-of-the-definition"


def marked(message: str) -> str:
    """Return a text in the made-up language: every word in it is longer and begins with ⟦."""
    return re.sub(r"(?<!\{)\b([A-Za-z][A-Za-z'’-]*)(?![A-Za-z_]*\})", r"⟦\1\1⟧", message)


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A language in which every message of every form is marked. It is written once: that takes half a second."""
    folder = tmp_path_factory.mktemp("locale")
    texts = {
        translation.DOMAIN: {m for name in content.instrument_ids() for m in translation.messages(library.load(name))},
        words.DOMAIN: set(words.WORDS.values()),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content, "LOCALE", folder)
        for domain, messages in texts.items():
            catalogue = Catalog(locale="id")
            for message in messages:
                catalogue.add(message, marked(message))
            path = translation.catalogue_path("id", domain)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(file, catalogue)
        yield "id"


def untranslated(plain: str) -> list[str]:
    """Return the English words that the made-up language did not reach."""
    rest = re.sub(r"⟦[^⟧]*⟧", "", plain)
    return re.findall(r"[A-Za-z]{3,}", rest)


#: Not words of the tools: the id, short names of sources, codes of the published list, months, currency codes.
ALLOWED = re.compile(r"[a-z-]+/[a-z-]+|\b\w{3}-[a-z-]+\b|November|Mei|May|\bUSD\b|\d+")


@pytest.mark.promise("language-gettext")
@pytest.mark.parametrize("name", content.instrument_ids())
def test_no_word_of_a_form_escapes_translation(made_up: str, name: str) -> None:
    instrument = library.load(name, locale=made_up)
    page = re.sub(r"<script.*?</script>", "", html.render(instrument), flags=re.DOTALL)
    sources = "|".join(sorted({re.escape(line) for line in re.findall(r"(?<=⟦SourceSource⟧: )[^<]+", page)}))
    page = re.sub(sources, "", page) if sources else page
    attributes = " ".join(re.findall(r'(?:title|aria-label)="([^"]*)"', page))
    visible = unescape(re.sub(r"<[^>]+>", " ", page) + " " + attributes)
    assert untranslated(ALLOWED.sub("", visible)) == []


@pytest.mark.promise("language-gettext")
def test_no_word_of_a_summary_escapes_translation(made_up: str) -> None:
    instrument = library.load(ELEMENTS, locale=made_up)
    said = text.summary(
        instrument, record.of(instrument, {"age_group": "adult", "recruited": "yes", "fraud": "unknown"})
    )
    assert untranslated(ALLOWED.sub("", said)) == []


def test_the_check_sees_a_word_that_escapes() -> None:
    assert untranslated("⟦YesYes⟧ Source") == ["Source"]


def test_an_unknown_language_stays_in_english() -> None:
    assert library.load(ELEMENTS, locale="xx").title == "Act, means and purpose"


def test_expressions_codes_and_ids_are_not_translated(made_up: str) -> None:
    english, other = library.load(ELEMENTS), library.load(ELEMENTS, locale=made_up)
    assert [o.when and o.when.tree for o in english.outcomes] == [o.when and o.when.tree for o in other.outcomes]
    assert list(english.items) == list(other.items)
    assert other.title == "⟦ActAct⟧, ⟦meansmeans⟧ ⟦andand⟧ ⟦purposepurpose⟧"


@pytest.mark.promise("language-gettext")
def test_the_catalogue_for_translators_is_written(tmp_path: Path) -> None:
    path = tmp_path / "instruments.pot"
    texts = ((message, "file.yml") for message in translation.messages(library.load(ELEMENTS)))
    assert translation.write_template(texts, path) > 80
    assert 'msgid "How old is the person?"' in path.read_text(encoding="utf-8")
