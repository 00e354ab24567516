"""``python -m tools directory``: template, check, build, convert."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tools.errors import Problem, in_file
from tools.surfaces import forms, shared_options

_TEACH = """\
examples:
  python -m tools directory template --out work              an empty Excel template
  python -m tools directory check services.xlsx              what is wrong: sheet, row, column, what to do
  python -m tools directory build services.xlsx --out public web page, booklet, cards, exchange files, lists
  python -m tools directory convert package.zip --to xlsx    between Excel, CSV and the Human Services Data Specification

files that are read: the template (.xlsx), its sheets as CSV (one .csv, or a folder), and packages of the Human Services
Data Specification 3.0 (.json, .zip, or a folder). Addresses of confidential places are never written.
"""
#: Kinds of files that a directory can be written as.
KINDS = ("xlsx", "csv", "hsds-json", "hsds-package")
_SHOWN = 200


def add(commands: Any, typesetter: Callable[[], Any]) -> None:
    """Add the command and what is below it.

    Parameters
    ----------
    commands : the subparsers of the command line
    typesetter : callable
        Returns what makes PDFs; it is asked for only when it is needed.
    """
    made = commands.add_parser(
        "directory", help="a directory of services: template, check, build, convert", epilog=_TEACH,
        description="Keep and publish a directory of services.", formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    steps = made.add_subparsers(dest="step", required=True, metavar="step")

    template = steps.add_parser("template", help="write an empty Excel template", description="Write an empty Excel template.")  # fmt: skip
    shared_options.add_folder(template)
    template.set_defaults(run=_template)

    checked = steps.add_parser("check", help="list what is wrong with a directory", description="List what is wrong with a directory. Exit code 1 if a row has an error.")  # fmt: skip
    _file(checked)
    checked.add_argument("--json", action="store_true", help="as JSON, for other programs")
    checked.add_argument("--list", metavar="FILE", help="write the list as CSV, to work through in a spreadsheet")
    checked.add_argument("--force", action="store_true", help="replace a file that is there already")
    checked.set_defaults(run=_check)

    build = steps.add_parser("build", help="publish a directory", description="Make the web page, the booklet, the cards, the exchange files and the editors' lists.")  # fmt: skip
    _file(build)
    shared_options.add_folder(build)
    build.add_argument("--anyway", action="store_true", help="publish although rows have errors; those are left out")
    build.add_argument("--area", action="append", default=[], metavar="DISTRICT", help="a booklet for this district only; may be repeated")  # fmt: skip
    build.add_argument("--no-pdf", action="store_true", help="leave the PDFs out")
    build.add_argument("--with-confidential", action="store_true", help="add exchange files that hold everything, confidential places too; for staff only")  # fmt: skip
    build.set_defaults(run=lambda options: _build(options, typesetter))

    convert = steps.add_parser("convert", help="write a directory as a file of another kind", description="Write a directory as a file of another kind.")  # fmt: skip
    _file(convert)
    convert.add_argument("--to", required=True, choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    shared_options.add_folder(convert)
    convert.add_argument("--anyway", action="store_true", help="convert although rows have errors; those are left out")
    convert.add_argument("--with-confidential", action="store_true", help="keep confidential places and unpublished rows (hsds-json and hsds-package only)")  # fmt: skip
    convert.set_defaults(run=_convert)


def _file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a filled template, its sheets as CSV, or a data package")
    shared_options.add_as_of(command)


def _open(options: argparse.Namespace) -> Any:
    from tools.surfaces import directory_files

    path = Path(options.file)
    with in_file(path.name):
        return directory_files.read(path)


def _template(options: argparse.Namespace) -> int:
    from tools.surfaces import directory_template

    path = Path(options.out) / "services-template.xlsx"
    _tell(forms.write([(path, directory_template.write)], force=options.force))
    return 0


def _check(options: argparse.Namespace) -> int:
    from tools.surfaces import directory_build

    opened = _open(options)
    found = directory_build.findings(opened, shared_options.today(options.as_of))
    bad = directory_build.bad_rows(found)
    if options.list:
        text = directory_build.findings_csv(found)
        _tell(forms.write([(Path(options.list), lambda: text.encode())], force=options.force))
    if options.json:
        said = [
            {"severity": one.severity, "sheet": one.sheet, "row": one.row, "column": one.column, "code": one.code,
             "what": one.problem.what, "todo": one.problem.todo}
            for one in found
        ]  # fmt: skip
        print(json.dumps({"services": len(directory_build.good_rows(opened).directory.services), "rows_with_errors": bad, "findings": said}, ensure_ascii=False, indent=2))  # fmt: skip
        return 1 if bad else 0
    _list(found)
    warnings = sum(one.severity == "warning" for one in found)
    good = len(directory_build.good_rows(opened).directory.services)
    print(f"{good:,} services are good; {bad:,} rows have errors; {warnings:,} warnings.")
    return 1 if bad else 0


def _list(found: Sequence[Any], stream: Any = None) -> None:
    errors_first = sorted(found, key=lambda one: one.severity != "error")
    for one in errors_first[:_SHOWN]:
        print(one, file=stream or sys.stdout)
    if len(found) > _SHOWN:
        print(f"… and {len(found) - _SHOWN:,} more; `check --list FILE` writes all of them.", file=stream or sys.stdout)


def _build(options: argparse.Namespace, typesetter: Callable[[], Any]) -> int:
    from tools.surfaces import directory_build

    opened = _open(options)
    _tell_errors(opened)
    built = directory_build.build(
        opened, shared_options.today(options.as_of), None if options.no_pdf else typesetter(), anyway=options.anyway, areas=options.area,
        with_confidential=options.with_confidential,
    )  # fmt: skip
    folder = Path(options.out)
    todo: list[tuple[Path, Callable[[], bytes]]] = []
    for name, data in built.files.items():
        todo.append((folder / name, lambda data=data: data))  # type: ignore[misc]
    written = forms.write(todo, force=options.force)
    for note in built.notes:
        print(f"please look: {note}", file=sys.stderr)
    _tell(written)
    return 0


def _tell_errors(opened: Any) -> None:
    bad = [one for one in opened.findings if one.severity == "error"]
    _list(bad, sys.stderr)


def _convert(options: argparse.Namespace) -> int:
    from tools.services import hsds, nested, package
    from tools.services.publish import publishable, publishable_package
    from tools.surfaces import directory_build, directory_files, directory_template

    opened = _open(options)
    _tell_errors(opened)
    bad = directory_build.bad_rows(opened.findings)
    if bad and opened.package is None and not options.anyway:
        raise Problem("DIR_060", count="1 row" if bad == 1 else f"{bad:,} rows")
    name = directory_build.stem(Path(options.file).name)
    if options.to in ("xlsx", "csv"):
        if options.with_confidential:
            print("please look: --with-confidential has no effect on xlsx and csv.", file=sys.stderr)
        directory = publishable(opened.directory).directory
        _tell_left_out(opened)
        if opened.package is not None:
            print(f"please look: {Problem('DIR_065')}", file=sys.stderr)
        make: Callable[[], bytes]
        if options.to == "xlsx":
            path, make = Path(options.out) / f"{name}.xlsx", lambda: directory_template.write(directory)
        else:
            path, make = Path(options.out) / f"{name}.csv", lambda: directory_files.services_csv(directory).encode()
        _tell(forms.write([(path, make)], force=options.force))
        return 0
    if options.with_confidential:
        whole = opened.package or hsds.package_of(opened.directory)
        name += "-confidential--staff-only"
    elif opened.package is not None:
        whole = publishable_package(opened.package)
    else:
        whole = hsds.package_of(publishable(opened.directory).directory)
    if options.to == "hsds-json":
        made = (Path(options.out) / f"{name}.json", lambda: nested.write(whole).encode())
    else:
        made = (Path(options.out) / f"{name}.zip", lambda: directory_files.zipped(package.write(whole)))
    if not options.with_confidential:
        _tell_left_out(opened)
    _tell(forms.write([made], force=options.force))
    return 0


def _tell_left_out(opened: Any) -> None:
    services = opened.directory.services
    rows = sum(one.has("do-not-publish") for one in services)
    places = sum(one.is_confidential and one.location is not None for one in services)
    said = [f"{rows:,} services"] * bool(rows) + [f"{places:,} addresses"] * bool(places)
    if said:
        print(f"please look: {Problem('DIR_066', count=', '.join(said))}", file=sys.stderr)


def _tell(paths: Sequence[Path]) -> None:
    for path in paths:
        print(f"{path} ({max(1, round(path.stat().st_size / 1000))} kB)")
