"""``python -m tools calendar`` and ``python -m tools track``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.errors import Problem
from tools.surfaces import forms

if TYPE_CHECKING:
    from tools.casedata.tally import Tally

_TRACK_HELP = """\
examples:
  python -m tools track data/examples/reintegration-sample.csv
  python -m tools track cases.xlsx --area housing --by year
  python -m tools track cases.xlsx --case A-17            one case, for its worker: nothing is hidden
  python -m tools track requests.csv --services           what was asked for, and what became of it

CSV or Excel, one row for each look (or request); `--columns` prints the columns. Counts of fewer than 5 people are hidden,
and what would give them away; --threshold raises or lowers that, to 3 at the least.
"""
_SHOWN = 50


def add(commands: Any, opened: Callable[[str, argparse.Namespace], Any], passphrase: Callable[[Any], None]) -> None:
    """Add both commands.

    Parameters
    ----------
    commands : the subparsers of the command line
    opened : callable
        ``(file name, options) -> (instrument, record, ...)``.
    passphrase : callable
        Adds the option for locked files.
    """
    plain = argparse.RawDescriptionHelpFormatter
    says = "write the review dates of a record as a calendar file"
    made = commands.add_parser("calendar", help=says, description=f"{says.capitalize()}.", formatter_class=plain)
    made.add_argument("file", metavar="RECORD", help="a saved plan, locked or not; a filled Excel file or PDF")
    made.add_argument("--title", default="Review", help="what an entry says; keep it neutral")
    made.add_argument("--remind", type=int, choices=range(29), metavar="DAYS", help="ring so many days before, at nine")
    made.add_argument("--out", default="reviews.ics", metavar="FILE", help="where it goes; else reviews.ics")
    made.add_argument("--force", action="store_true", help="replace a file that is there already")
    passphrase(made)
    made.set_defaults(run=lambda options: _calendar(options, opened))

    says = "count cases over their reviews, with small numbers hidden"
    made = commands.add_parser(
        "track", help=says, description=f"{says.capitalize()}.", epilog=_TRACK_HELP, formatter_class=plain
    )
    made.add_argument("file", metavar="FILE", nargs="?", help="CSV or Excel")
    made.add_argument("--services", action="store_true", help="the file holds requests for services")
    made.add_argument("--case", default="", metavar="CODE", help="one case only")
    made.add_argument("--area", default="", help="an area instead of the whole situation")
    made.add_argument("--view", default="person", help="person or service")
    made.add_argument("--by", default="quarter", choices=("quarter", "year"), help="period of the trend")
    made.add_argument("--threshold", type=int, default=5, help="smaller counts are hidden; 5 if left out")
    made.add_argument("--columns", action="store_true", help="print the columns of the table, and stop")
    made.set_defaults(run=_track)


def _calendar(options: argparse.Namespace, opened: Callable[[str, argparse.Namespace], Any]) -> int:
    from tools.surfaces import reminders

    instrument, record, *_ = opened(options.file, options)
    data = reminders.of_record(instrument, record, title=options.title, remind=options.remind)
    (written,) = forms.write([(Path(options.out), lambda: data)], force=options.force)
    days = len(reminders.dates(instrument, record))
    print(f"{written}: {days} {'day' if days == 1 else 'days'}. It says '{options.title}', and no case code.")
    return 0


def _track(options: argparse.Namespace) -> int:
    from tools.casedata import service_tracker, tracker
    from tools.surfaces import tracker_files

    module: Any = service_tracker if options.services else tracker
    if options.columns:
        for column in module.COLUMNS:
            print(f"{column.name:20}{'' if column.needed else 'may be left out; '}{column.wanted}")
        return 0
    if not options.file:
        raise Problem("CAS_010", kind="no file was named")
    table = tracker_files.read(options.file)
    problems = module.check(table)
    for problem in problems[:_SHOWN]:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} faults in {Path(options.file).name}; nothing was counted.", file=sys.stderr)
        return 1
    print("\n\n".join(tally.text() for tally in _tallies(module.read(table), options)))
    return 0


def _tallies(found: Any, options: argparse.Namespace) -> list[Tally]:
    from tools.casedata import service_tracker, tracker

    limit = options.threshold
    if options.services:
        return [service_tracker.outcomes(found, threshold=limit), service_tracker.purpose_met(found, threshold=limit)]
    if options.case:
        return [tracker.one_case(found, options.case)]
    return [
        tracker.cohort(found, options.area, view=options.view, threshold=limit),
        tracker.trend(found, options.area, view=options.view, every=options.by, threshold=limit),
        tracker.attrition(found, threshold=limit),
        tracker.two_views(found, threshold=limit),
        tracker.caseload(found, threshold=limit),
    ]
