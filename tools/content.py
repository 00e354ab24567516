"""Where the editable data lies: the only module that knows the layout of ``data/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
BOOK = ROOT / "book"

INSTRUMENTS = DATA / "instruments"
CODELISTS = DATA / "codelists"
CURRENCIES = CODELISTS / "currencies.csv"
COMPOSITE_CASES = DATA / "composite-cases.yml"
CROSSWALKS = DATA / "crosswalks"
STATISTICS = DATA / "statistics"
FRAMEWORKS = DATA / "countries" / "framework.csv"
COUNTRY_EXAMPLE = DATA / "countries" / "examplia.xlsx"
COUNTRY_TEMPLATE = DATA / "countries" / "country-pack-template.xlsx"
TREATY_ARTICLES = DATA / "treaties" / "articles.csv"
WORLD = DATA / "treaties" / "world.json"
TREATY_STATUS = DATA / "treaties" / "status.csv"
LOSS_METHODS = DATA / "loss-methods.yml"
REMEDY_NOTES = DATA / "countries" / "remedies.csv"
PATHWAYS = DATA / "pathways.yml"
STORYBOARDS = DATA / "storyboards.yml"
FOUR_P = DATA / "four-p.csv"
PREVENTION_EVIDENCE = DATA / "prevention-evidence.csv"
TOOLS_CATALOGUE = DATA / "tools-catalogue.csv"
PUBLICATIONS = DATA / "publications.csv"
PUBLICATION_WORDS = DATA / "publications-vocabulary.csv"
PUBLICATION_PARTS = DATA / "publications-parts.csv"
ESTIMATION = DATA / "estimation"
EXAMPLES = DATA / "examples"
INDICATORS = DATA / "reintegration-indicators.csv"
SCHEMAS = DATA / "schemas"
LOCALE = BOOK / "locale"
BIBLIOGRAPHY = BOOK / "references.bib"


def instrument_path(instrument_id: str) -> Path:
    """Return the file that defines an instrument; it need not exist.

    Parameters
    ----------
    instrument_id : str
        ``guide/name``, for example ``identification/elements-of-the-definition``.
    """
    return INSTRUMENTS / f"{instrument_id}.yml"


def instrument_ids() -> tuple[str, ...]:
    """Return the ids of all instruments, sorted by guide and name."""
    return tuple(
        sorted(path.relative_to(INSTRUMENTS).with_suffix("").as_posix() for path in INSTRUMENTS.rglob("*.yml"))
    )


def relative(path: Path) -> str:
    """Return a path as the reader of a message knows it: from the top of the project."""
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return path.name


@cache
def read_text(path: Path) -> str:
    """Return the text of a data file (UTF-8, a byte order mark is dropped)."""
    return path.read_text(encoding="utf-8-sig")
