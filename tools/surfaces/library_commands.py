"""``python -m tools library``: list, values, export."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools import publications
from tools.errors import Problem, near
from tools.surfaces import forms, publication_files

_TEACH = """\
examples:
  python -m tools library list --where topics=shelter          what there is, newest first
  python -m tools library list --where countries=IDN --where year=2018
  python -m tools library values --where topics=shelter        every filter, its values, and how many works each has left
  python -m tools library export --where languages=km --to bibtex,ris,csv --out lists

filters: topics, type, regions, countries, populations, forms_of_exploitation, languages, formats, year
"""


def add(commands: Any) -> None:
    """Add the command and what is below it."""
    plain = argparse.RawDescriptionHelpFormatter
    made = commands.add_parser(
        "library", help="the catalogue of publications: list, values, export", epilog=_TEACH,
        description="Look up publications and write lists of them.", formatter_class=plain,
    )  # fmt: skip
    steps = made.add_subparsers(dest="step", required=True, metavar="step")
    for name, says, run in (
        ("list", "list publications, newest first", _list),
        ("values", "list the values of each filter, with counts", _values),
        ("export", "write publications as BibTeX, RIS or CSV", _export),
    ):
        step = steps.add_parser(
            name, help=says, description=f"{says.capitalize()}.", epilog=_TEACH, formatter_class=plain
        )
        step.add_argument(
            "--where",
            action="append",
            default=[],
            metavar="FILTER=VALUE",
            help="only works that have it; may be repeated",
        )
        step.set_defaults(run=run)
        if name == "export":
            step.add_argument(
                "--to", default="csv", metavar="KINDS", help="bibtex, ris, csv; several with commas; else csv"
            )
            step.add_argument("--out", default=".", metavar="FOLDER", help="where the files go; else here")
            step.add_argument("--force", action="store_true", help="replace files that are there already")


def _chosen(typed: Sequence[str]) -> list[tuple[str, str]]:
    pairs = []
    for choice in typed:
        facet, sign, value = (part.strip() for part in choice.partition("="))
        if not (facet and sign and value):
            raise Problem("LIB_004", choice=choice, known=", ".join(publications.FACETS))
        pairs.append((facet, value))
    return pairs


def _found(options: argparse.Namespace) -> tuple[publications.Publication, ...]:
    found = publications.load()
    for facet, value in _chosen(options.where):  # one after the other, so that a filter may stand twice
        found = publications.select({facet: value}, found)
    return found


def _list(options: argparse.Namespace) -> int:
    found = _found(options)
    for one in found:
        print(f"{one.year or 'n.d.'}  {one.title}\n      {one.key}: {one.summary}")
    print(f"{len(found)} of {len(publications.load())} publications")
    return 0


def _values(options: argparse.Namespace) -> int:
    chosen = dict(_chosen(options.where))
    for facet in publications.FACETS:
        print(f"{facet}{'=' + chosen[facet] if chosen.get(facet) else ''}")
        for value, number in publications.counts(facet, chosen).items():
            print(f"  {number:4}  {value}")
    return 0


def _export(options: argparse.Namespace) -> int:
    kinds = dict.fromkeys(name.strip().lower() for name in options.to.split(",") if name.strip())
    for kind in kinds:
        if kind not in publication_files.KINDS:
            known = publication_files.KINDS
            raise Problem("LIB_005", kind=kind, near=near(kind, known), known=", ".join(known))
    found = _found(options)
    todo = [
        (Path(options.out) / f"publications{publication_files.KINDS[kind][0]}", _maker(kind, found)) for kind in kinds
    ]
    for path in forms.write(todo, force=options.force):
        print(f"{path}: {len(found)} publications")
    return 0


def _maker(kind: str, found: Sequence[publications.Publication]) -> Any:
    return lambda: publication_files.whole(kind, found).encode()
