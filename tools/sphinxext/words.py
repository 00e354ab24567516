"""The words that the extension itself puts into pages and PDFs, and their translation.

They have a catalogue of their own, ``interface.po``, beside those of the chapters in ``book/locale``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx import locale
from sphinx.locale import get_translation

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

CATALOGUE = "interface"

_translate = get_translation(CATALOGUE)


def interface(words: str) -> str:
    """Return words of the interface in the language of the build.

    >>> interface("Search")
    'Search'
    """
    return str(_translate(words))


def speak(language: str, folders: Iterable[Path]) -> None:
    """Let the words that follow be in a language; what its catalogue lacks stays in English.

    Parameters
    ----------
    language : str
    folders : iterable of Path
        Where catalogues lie.
    """
    # An earlier build in the same process may have spoken another language.
    locale.translators.pop(("general", CATALOGUE), None)
    locale.init([str(folder) for folder in folders], language, CATALOGUE)


def _load(app: Sphinx, config: Config) -> None:
    speak(config.language, [Path(app.srcdir) / folder for folder in config.locale_dirs])


def setup(app: Sphinx) -> None:
    """Load the catalogue of the language."""
    app.connect("config-inited", _load)
