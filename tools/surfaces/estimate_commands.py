"""``python -m tools estimate``: the hidden part, from two lists or more."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.errors import Problem
from tools.surfaces import forms

if TYPE_CHECKING:
    from tools.casedata.estimate import Overlap
    from tools.casedata.estimate_models import Model

_TEACH = """\
examples:
  python -m tools estimate two 120 80 15                                   two lists, and the people on both
  python -m tools estimate lists data/estimation/uk-2013-five-lists.csv    every model, and what speaks against it
  python -m tools estimate lists table.csv --all                           the whole list of candidates
  python -m tools estimate lists table.csv --samples 500                   an interval that chooses the model anew
  python -m tools estimate lists table.csv --chart models.svg              the models that fit best, as a picture
  python -m tools estimate size 5 --people 1000 --in-place 20 --likeness 0.05 --answer 80
  python -m tools estimate rounds 60 --lost 15 --times 4                   how many to begin a study over time with

The table is CSV: one column for each list (1: stands on it, 0: does not), and the column people. It holds counts only.
Small counts stay as they are: keep the table inside the office.
"""
_SHOWN = 12


def add(commands: Any) -> None:
    """Add the command and what is below it."""
    says = "estimate how many people no list holds, with its cautions"
    made = commands.add_parser(
        "estimate", help=says, description=f"{says.capitalize()}.", epilog=_TEACH,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    steps = made.add_subparsers(dest="step", required=True, metavar="step")

    two = steps.add_parser("two", help="two lists (Lincoln and Petersen, Chapman)", description="Two lists.")
    for name, words in (("first", "people on one list"), ("second", "on the other"), ("both", "on both")):
        two.add_argument(name, type=int, metavar=name.upper(), help=words)
    two.set_defaults(run=_two)

    lists = steps.add_parser("lists", help="three lists or more (multiple systems)", description="Multiple systems estimation.")  # fmt: skip
    lists.add_argument("file", metavar="FILE", help="the table of overlaps, as CSV")
    lists.add_argument("--by", choices=("bic", "aic"), default="bic", help="how models are ranked; bic if left out")
    lists.add_argument("--all", action="store_true", help="print every model")
    lists.add_argument("--samples", type=_samples, default=0, metavar="N", help="bootstrap with so many samples; 500 is usual")  # fmt: skip
    lists.add_argument("--again", choices=("stepwise", "bic", "aic"), default="stepwise", help="how each sample chooses its model")  # fmt: skip
    lists.add_argument("--seed", type=int, default=1, help="the same seed gives the same samples")
    lists.add_argument("--chart", metavar="FILE", help="write the models that fit best as a picture (SVG)")
    lists.add_argument("--force", action="store_true", help="replace a file that is there already")
    lists.set_defaults(run=_lists)

    size = steps.add_parser("size", help="how many to ask in a survey", description="How many people to approach, so that a share is known within a margin. It supposes that they are drawn by chance.")  # fmt: skip
    size.add_argument("points", type=float, metavar="POINTS", help="margin in points either way, such as 5")
    size.add_argument("--expected", type=float, default=50, metavar="PERCENT", help="share expected; 50 if left out")
    size.add_argument("--people", type=int, default=None, metavar="N", help="people in all, where few")
    size.add_argument("--in-place", type=float, default=1, metavar="N", help="people asked in one place; 1 if left out")
    size.add_argument("--likeness", type=float, default=0.05, metavar="RHO", help="how alike they are, 0 to 1; 0.05 if left out")  # fmt: skip
    size.add_argument("--answer", type=float, default=100, metavar="PERCENT", help="how many of 100 answer")
    size.set_defaults(run=_size)

    rounds = steps.add_parser("rounds", help="how many to begin a study over time with", description="How many people to begin with, so that enough are left.")  # fmt: skip
    rounds.add_argument("needed", type=int, metavar="N", help="people needed in the last round")
    rounds.add_argument("--lost", type=float, default=15, metavar="PERCENT", help="lost from round to round; 15 if left out")  # fmt: skip
    rounds.add_argument("--times", type=int, choices=range(1, 25), default=3, metavar="N", help="how often you come back; 3 if left out")  # fmt: skip
    rounds.set_defaults(run=_rounds)


def _size(options: argparse.Namespace) -> int:
    from tools.casedata import survey

    effect = survey.design_effect(options.in_place, options.likeness)
    found = survey.sample_size(
        options.points / 100, options.expected / 100, options.people, effect, options.answer / 100
    )
    print(f"people to approach: {found:,} (design effect {effect:.2f})")
    print("Only if they are drawn by chance. For people who hide there is hardly ever a list to draw from.")
    return 0


def _rounds(options: argparse.Namespace) -> int:
    from tools.casedata import survey

    lost = [options.lost / 100] * options.times
    begin = survey.to_begin_with(options.needed, lost)
    for each in survey.followed(begin, lost):
        print(f"round {each.number}: {each.people:,} people ({each.share:.0%})")
    print("Those who leave differ from those who stay. Ask why they leave, and say so.")
    return 0


def _samples(typed: str) -> int:
    if not typed.isdecimal() or not 20 <= int(typed) <= 10_000:
        raise argparse.ArgumentTypeError("give a whole number from 20 to 10000")
    return int(typed)


def _two(options: argparse.Namespace) -> int:
    from tools.casedata import estimate

    first, second, both = options.first, options.second, options.both
    found = estimate.chapman(first, second, both)
    people = {frozenset("A"): first - both, frozenset("B"): second - both, frozenset("AB"): both}
    plain = estimate.lincoln_petersen(first, second, both)
    print(f"seen on a list:        {found.observed:,}")
    print(f"Lincoln and Petersen:  {plain:,.0f}" if both else "Lincoln and Petersen:  no estimate without overlap")
    print(f"Chapman:               {found.total:,.0f} (95 per cent: {found.low:,.0f} to {found.high:,.0f})")
    _cautions(estimate.Overlap(("A", "B"), people), ())
    return 0


def _lists(options: argparse.Namespace) -> int:
    from tools.casedata import estimate_models

    table = _table(options.file)
    print(f"{table.total:,} people on {len(table.lists)} lists: {', '.join(table.lists)}")
    print("on both: " + ", ".join(f"{'·'.join(pair)} {table.both(*pair)}" for pair in table.pairs) + "\n")
    chosen, steps = estimate_models.stepwise(table)
    low, high = estimate_models.profile(table, chosen.pairs)
    print(f"Chosen stepwise: {chosen.name}")
    for step in steps:
        print(f"  enters: {'·'.join(step.pair)} (p = {step.probability:.2g})")
    print(
        f"  {chosen.total:,.0f} people; Wald {chosen.low:,.0f} to {chosen.high:,.0f}; profile {low:,.0f} to {high:,.0f}"
    )
    print(f"  deviance {chosen.deviance:.2f} on {chosen.freedom}; AIC {chosen.aic:.2f}; BIC {chosen.bic:.2f}\n")
    models: tuple[Model, ...] = ()
    try:
        models = estimate_models.search(table, options.by)
    except Problem as problem:
        print(problem, file=sys.stderr)
    _print_models(models, options)
    _bootstrap(table, options)
    _cautions(table, models)
    if options.chart and models:
        _chart(table, models, Path(options.chart), force=options.force)
    return 0


def _table(name: str) -> Overlap:
    from tools.casedata import estimate

    path = Path(name)
    try:
        if path.stat().st_size > 1_000_000:
            raise Problem("EST_007", file=path.name, detail="it is larger than a table of overlaps can be")
        return estimate.read(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise Problem("EST_007", file=path.name, detail=getattr(error, "strerror", "") or "it is not UTF-8") from None


def _print_models(models: tuple[Model, ...], options: argparse.Namespace) -> None:
    shown = models if options.all else models[:_SHOWN]
    if shown:
        print(f"All {len(models)} models with pairs, by {options.by.upper()}; shown: {len(shown)}")
    for model in shown:
        value = model.aic if options.by == "aic" else model.bic
        figures = f"{value:9.2f}  {model.total:9,.0f}  ({model.low:,.0f} to {model.high:,.0f})"
        print(f"  {figures if model.status == 'fitted' else model.status:44}  {model.name}")


def _bootstrap(table: Overlap, options: argparse.Namespace) -> None:
    from tools.casedata import estimate_models

    if not options.samples:
        return
    found = estimate_models.bootstrap(table, options.again, options.samples, options.seed)
    print(
        f"\nBootstrap, {options.samples} samples, model chosen anew ({options.again}), {found.failed} without an estimate"
    )
    print(
        f"  percentiles {found.percentile[0]:,.0f} to {found.percentile[1]:,.0f}; BCa {found.bca[0]:,.0f} to {found.bca[1]:,.0f}"
    )


def _cautions(table: Overlap, models: tuple[Model, ...]) -> None:
    from tools.casedata import estimate_checks

    print()
    for caution in estimate_checks.cautions(table, models):
        print(f"{'STOP: ' if caution.stop else 'Mind: '}{caution.words}")
    print("You assume, and have to argue:")
    for assumption in estimate_checks.ALWAYS:
        print(f"  - {assumption}")


def _chart(table: Overlap, models: tuple[Model, ...], path: Path, *, force: bool) -> None:
    from tools.charts import data_collection

    chart = data_collection.of_models(table, models, path.stem, "period of the lists")
    (written,) = forms.write([(path, lambda: chart.svg().encode())], force=force)
    print(f"{written}: the models that fit best.")
