"""The bibliography's entries carry the short form under which the text cites them.

The stock styles label an entry ``[UNO20]`` while the text says "United Nations, 2000". On paper the one cannot be found
from the other, so here the label *is* the short form, and entries are sorted by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style as UnsrtStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle

if TYPE_CHECKING:
    from pybtex.database import Entry, Person
    from sphinx.application import Sphinx

STYLE = "author-year"


def _last_name(person: Person) -> str:
    words = [*person.prelast_names, *person.last_names, *person.lineage_names]
    return " ".join(words).replace("{", "").replace("}", "")


def short_form(entry: Entry) -> str:
    """Return the words by which the text cites an entry.

    The rule of sphinxcontrib-bibtex's author-year references: one name, two names, or the first name "et al.".

    >>> from pybtex.database import Entry, Person
    >>> people = {"author": [Person("Surtees, Rebecca"), Person("Johnson, Laura S.")]}
    >>> short_form(Entry("techreport", [("year", "2021")], persons=people))
    'Surtees and Johnson, 2021'
    """
    people = [_last_name(person) for person in entry.persons.get("author") or entry.persons.get("editor") or []]
    names = f"{people[0]} et al." if len(people) > 2 else " and ".join(people) or entry.fields.get("title", entry.key)
    return f"{names}, {entry.fields.get('year', 'n.d.')}"


class ShortFormLabels(BaseLabelStyle):  # type: ignore[misc]
    """Labels that equal the citation in the text."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        """Yield one label for each entry, in order."""
        return map(short_form, sorted_entries)


class ShortFormOrder(BaseSortingStyle):  # type: ignore[misc]
    """Sort by the short form, whatever its capitals, so that people and bodies stand in one alphabet."""

    def sorting_key(self, entry: Entry) -> tuple[str, str]:
        """Return the short form and the title of an entry, in small letters."""
        return short_form(entry).casefold(), entry.fields.get("title", "").casefold()


class AuthorYearStyle(UnsrtStyle):  # type: ignore[misc]
    """Last name first, labelled with the short form and sorted by it."""

    default_name_style = "lastfirst"
    default_sorting_style = ShortFormOrder
    default_label_style = ShortFormLabels


def setup(app: Sphinx) -> None:  # noqa: ARG001 (Sphinx's signature)
    """Offer the style to ``{bibliography}`` under the name ``author-year``."""
    register_plugin("pybtex.style.formatting", STYLE, AuthorYearStyle)
