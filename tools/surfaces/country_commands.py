"""``python -m tools country``: template, check, records."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.errors import Problem
from tools.surfaces import forms, shared_options

_TEACH = """\
examples:
  python -m tools country template --out work       an empty country pack
  python -m tools country check examplia.xlsx       what is wrong: sheet, row, column, what to do
  python -m tools country records examplia.xlsx --out forms   the presets, as records that people open
  COUNTRY_PACK=examplia.xlsx make book              the guides, with the country's facts in them
"""


def add(commands: Any) -> None:
    """Add the command and what is below it.

    Parameters
    ----------
    commands : the subparsers of the command line
    """
    made = commands.add_parser(
        "country", help="a country pack: template, check, records", epilog=_TEACH,
        description="Keep the laws, offices, periods and numbers of a country in one spreadsheet.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    steps = made.add_subparsers(dest="step", required=True, metavar="step")

    template = steps.add_parser("template", help="write an empty pack", description="Write an empty country pack.")
    template.add_argument("file", nargs="?", default="country-pack.xlsx", metavar="FILE", help="its name; else country-pack.xlsx")  # fmt: skip
    shared_options.add_folder(template)
    template.set_defaults(run=_template)

    checked = steps.add_parser("check", help="list what is wrong with a pack", description="List what is wrong with a pack. Exit code 1 if a row has an error.")  # fmt: skip
    _file(checked)
    checked.add_argument("--json", action="store_true", help="as JSON, for other programs")
    checked.set_defaults(run=_check)

    records = steps.add_parser("records", help="write the presets as records", description="Write the presets as records that people open in the forms.")  # fmt: skip
    _file(records)
    shared_options.add_folder(records)
    records.set_defaults(run=_records)


def _file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a filled country pack (.xlsx)")
    shared_options.add_as_of(command)


def _open(options: argparse.Namespace) -> Any:
    from tools.surfaces import country_files

    day = shared_options.today(options.as_of)
    return country_files.read(Path(options.file), day)


def _template(options: argparse.Namespace) -> int:
    from tools.surfaces import country_files

    path = Path(options.out) / (options.file if options.file.endswith(".xlsx") else f"{options.file}.xlsx")
    _tell(forms.write([(path, country_files.write)], force=options.force))
    return 0


def _check(options: argparse.Namespace) -> int:
    pack = _open(options)
    good = {sheet: len(rows) for sheet, rows in pack.entries.items()}
    if options.json:
        said = [
            {"severity": one.severity, "sheet": one.sheet, "row": one.row, "column": one.column, "code": one.code,
             "what": one.problem.what, "todo": one.problem.todo}
            for one in pack.findings
        ]  # fmt: skip
        print(json.dumps({"country": pack.country.name, "good": good, "findings": said}, ensure_ascii=False, indent=2))
        return 1 if pack.errors else 0
    for one in sorted(pack.findings, key=lambda found: found.severity != "error"):
        print(one)
    warnings = len(pack.findings) - len(pack.errors)
    print(f"{pack.country.name}: {sum(good.values())} rows are good; {count(pack)} have errors; {warnings} warnings.")
    return 1 if pack.errors else 0


def count(pack: Any) -> int:
    """Return how many rows of a pack have errors."""
    return len({(one.sheet, one.row) for one in pack.errors})


def _records(options: argparse.Namespace) -> int:
    from tools.surfaces import country_files

    pack = _open(options)
    for one in pack.errors:
        print(one, file=sys.stderr)
    if pack.errors:
        rows = count(pack)
        raise Problem("CTY_016", count="1 row" if rows == 1 else f"{rows} rows", name=Path(options.file).name)
    made = country_files.preset_files(pack)
    if not made:
        raise Problem("CTY_018")
    folder = Path(options.out)
    _tell(forms.write([(folder / name, text.encode) for name, text in made.items()], force=options.force))
    return 0


def _tell(paths: Sequence[Path]) -> None:
    for path in paths:
        print(f"{path} ({max(1, round(path.stat().st_size / 1000))} kB)")
