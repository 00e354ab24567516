"""Options that groups of commands share."""

from __future__ import annotations

import argparse
import datetime as dt

FORCE_HELP = "replace files that are there already"


def day(typed: str) -> dt.date:
    """Return a day as it was typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is no date; argparse says so and stops.

    Examples
    --------
    >>> day("2026-11-02")
    datetime.date(2026, 11, 2)
    """
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{typed}' is not a date; write year-month-day, such as 2026-11-02") from None


def today(chosen: dt.date | None) -> dt.date:
    """Return the day that was chosen with ``--as-of``, else the day where the user is."""
    return chosen or dt.datetime.now(dt.UTC).astimezone().date()


def add_folder(command: argparse.ArgumentParser) -> None:
    """Let a command write into a folder, and replace files only when asked."""
    command.add_argument("--out", default=".", metavar="FOLDER", help="where the files go (made if needed); else here")
    command.add_argument("--force", action="store_true", help=FORCE_HELP)


def add_as_of(command: argparse.ArgumentParser) -> None:
    """Let a command be told which day counts as today."""
    command.add_argument("--as-of", type=day, default=None, metavar="DATE", help="the day that counts as today")
