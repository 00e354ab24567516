"""``python -m tools data``: a private workbench for case data. No row leaves the machine."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tools.errors import in_file
from tools.surfaces import forms, shared_options

_TEACH = """\
examples:
  python -m tools data check cases.csv                         what is wrong: row, column, reason, what to do
  python -m tools data check cases.xlsx --schema criminal-justice --out report
  python -m tools data quality cases.csv --out report          complete, unique, valid, consistent, on time
  python -m tools data template --out sheets                   an Excel template, and a form for KoboToolbox
  python -m tools data convert cases.csv --to ctdc             what another standard holds of it, and what is lost
  python -m tools data protect cases.csv                       how exposed the records are
  python -m tools data protect cases.csv -k 11 --out public    records that look alike, with a plain account
  python -m tools data synthesise cases.csv --columns sex,age:band,main_form --out public
  python -m tools data table cases.csv --rows main_form --columns registered_on:year

Everything runs on this machine. The files that are read are never changed. What is written is for your eyes first:
look at it before you send it.
"""


def add(commands: Any) -> None:
    """Add the command and what is below it.

    Parameters
    ----------
    commands : the subparsers of the command line
    """
    made = commands.add_parser(
        "data", help="case data: check, quality, disclosure control, tables", epilog=_TEACH,
        description="Check, measure and protect case data.", formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    steps = made.add_subparsers(dest="step", required=True, metavar="step")
    checked = steps.add_parser("check", help="list what is wrong with a data set", description="List what is wrong with a data set. Exit code 1 if there is an error.")  # fmt: skip
    _file(checked)
    _out(checked, "folder for the report as page, workbook and text; else the text is printed")
    checked.add_argument("--json", action="store_true", help="as JSON, for other programs")
    shared_options.add_as_of(checked)
    checked.set_defaults(run=_check)

    measured = steps.add_parser("quality", help="measure quality by source and month", description="Measure completeness, uniqueness, validity, consistency and timeliness, by source and by month.")  # fmt: skip
    _file(measured)
    _out(measured, "folder for the measures as page, workbook and text; else the text is printed")
    shared_options.add_as_of(measured)
    measured.set_defaults(run=_quality)

    turned = steps.add_parser("convert", help="the same data in other words: CTDC, or a form's export", description="Turn a victim-centred data set into the columns of the public file of CTDC, a public file back, or an export of KoboToolbox into what the check reads.")  # fmt: skip
    _file(turned)
    _out(turned, "folder for the converted file; else only what would be lost is printed")
    way = turned.add_mutually_exclusive_group(required=True)
    way.add_argument("--to", choices=("ctdc",), help="turn it into this")
    way.add_argument("--from", dest="origin", choices=("ctdc", "form"), help="it comes from this")
    turned.set_defaults(run=_convert)

    blank = steps.add_parser("template", help="an Excel template and a form for KoboToolbox", description="Write an Excel template and an XLSForm that ask for what the check asks for.")  # fmt: skip
    blank.add_argument("--schema", default="victim-centred", metavar="NAME", help="victim-centred (default), criminal-justice, or a .json file")  # fmt: skip
    blank.add_argument("--out", default=".", metavar="FOLDER", help="folder for the two files; else this one")
    blank.add_argument("--force", action="store_true", help="replace files that are there already")
    blank.set_defaults(run=_template)

    guarded = steps.add_parser("protect", help="measure risk, and make records look alike", description="Measure how exposed records are; with --out, write a data set in which every combination occurs at least K times.")  # fmt: skip
    _file(guarded)
    _out(guarded, "folder for the protected data set; else only the risk is measured")
    guarded.add_argument("--quasi", default="", metavar="COLUMNS", help="quasi-identifiers, with commas between; else those of the schema")  # fmt: skip
    guarded.add_argument("--sensitive", default="", metavar="COLUMN", help="a column for l-diversity")
    guarded.add_argument("--keep", default="", metavar="COLUMNS", help="other columns to keep; they are not protected")
    guarded.add_argument("-k", type=int, default=11, help="how many records must look alike (11)")
    guarded.add_argument("-l", type=int, default=1, help="how many sensitive values each group must hold (1)")
    guarded.add_argument("--limit", type=float, default=0.05, metavar="SHARE", help="the largest share of records that may lose single cells (0.05)")  # fmt: skip
    guarded.set_defaults(run=_protect)

    followed = steps.add_parser("synthesise", help="made-up records that follow real ones", description="Make records up that follow real ones, with a bound on what they give away (differential privacy, by pac-synth).")  # fmt: skip
    _file(followed)
    _out(followed, "folder for the made-up records; else only how near they come is printed")
    followed.add_argument("--columns", required=True, metavar="COLUMNS", help="with commas between; age:band, citizenship:region, registered_on:year make them coarser")  # fmt: skip
    followed.add_argument("--epsilon", type=float, default=4.0, help="the bound: smaller is safer and noisier (4)")
    followed.add_argument("--together", type=int, default=3, help="how many columns are kept together (3)")
    followed.add_argument("--records", type=int, default=0, help="how many to make; else as many as there are")
    followed.set_defaults(run=_synthesise)

    table = steps.add_parser("table", help="a table of counts that may be published", description="Count records in a table; small numbers are hidden, and the table is attacked before it is shown.")  # fmt: skip
    _file(table)
    _out(table, "folder for the table as CSV; else it is printed")
    table.add_argument(
        "--rows", required=True, metavar="COLUMN", help="such as main_form, age:band, citizenship:region"
    )
    table.add_argument("--columns", required=True, metavar="COLUMN", help="such as sex, registered_on:year")
    table.add_argument("--threshold", type=int, default=10, help="numbers below it are hidden (10)")
    table.add_argument("--round", type=int, default=0, metavar="BASE", help="round to this base by chance instead")
    table.set_defaults(run=_table)


def _file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a data set: CSV or Excel")
    command.add_argument("--schema", default="victim-centred", metavar="NAME", help="victim-centred (default), criminal-justice, or a .json file")  # fmt: skip
    command.add_argument("--sheet", default="", metavar="NAME", help="the sheet of a workbook; else the first")


def _out(command: argparse.ArgumentParser, said: str) -> None:
    command.add_argument("--out", default="", metavar="FOLDER", help=said)
    command.add_argument("--force", action="store_true", help="replace files that are there already")


def _open(options: argparse.Namespace) -> tuple[Any, Any]:
    from tools.casedata import schema
    from tools.surfaces import data_reader

    return data_reader.read(options.file, sheet=options.sheet), schema.find(options.schema)


def _check(options: argparse.Namespace) -> int:
    from tools.casedata import check
    from tools.surfaces import data_report

    opened, which = _open(options)
    with in_file(opened.name):
        report = check.frame(
            opened.frame, which, name=opened.name, before=opened.findings, notes=opened.notes, today=options.as_of
        )
    if options.json:
        print(json.dumps(data_report.as_json(report), ensure_ascii=False, indent=2))
    elif options.out:
        stem = Path(options.out) / f"{Path(opened.name).stem}--check"
        _write(options, {
            f"{stem}.html": lambda: data_report.html(report).encode(),
            f"{stem}.xlsx": lambda: data_report.workbook(report),
            f"{stem}.txt": lambda: data_report.text(report).encode(),
        })  # fmt: skip
        print(data_report.summary(report))
    else:
        print(data_report.text(report), end="")
    return 0 if report.usable else 1


def _quality(options: argparse.Namespace) -> int:
    from tools.casedata import quality
    from tools.surfaces import quality_report

    opened, which = _open(options)
    with in_file(opened.name):
        made = quality.measure(opened.frame, which, name=opened.name, today=options.as_of)
    if options.out:
        stem = Path(options.out) / f"{Path(opened.name).stem}--quality"
        _write(options, {
            f"{stem}.html": lambda: quality_report.html(made).encode(),
            f"{stem}.xlsx": lambda: quality_report.workbook(made),
            f"{stem}.txt": lambda: quality_report.text(made).encode(),
        })  # fmt: skip
    else:
        print(quality_report.text(made), end="")
    return 0


def _convert(options: argparse.Namespace) -> int:
    from tools.casedata import crosswalk
    from tools.surfaces import data_report

    opened, which = _open(options)
    frame = opened.frame.drop("_row")
    with in_file(opened.name):
        if options.to:
            made = crosswalk.to_ctdc(frame, which)
        elif options.origin == "ctdc":
            made = crosswalk.from_ctdc(frame)
        else:
            made = crosswalk.from_form(frame, which)
    if options.out:
        rows = [tuple(made.frame.columns), *made.frame.iter_rows()]
        name = f"{Path(opened.name).stem}--{options.to or which.name}.csv"
        _write(options, {str(Path(options.out) / name): lambda: data_report.csv_bytes(rows)})
    print(f"{made.frame.height:,} records, {made.frame.width} columns.")
    for column, cells, why in made.lost:
        print(f"- {column}: {cells:,} cells are not in it as they were: {why}.")
    print("It is not protected: nobody is named, and people can still be found. Run 'data protect' before you share.")
    return 0


def _template(options: argparse.Namespace) -> int:
    from tools.casedata import schema
    from tools.surfaces import data_template, xlsform

    which = schema.find(options.schema)
    stem = Path(options.out) / which.name
    _write(options, {
        f"{stem}-template.xlsx": lambda: data_template.workbook(which),
        f"{stem}-xlsform.xlsx": lambda: xlsform.book_of(data_template.form(which), which.title),
    })  # fmt: skip
    return 0


def _write(options: argparse.Namespace, files: dict[str, Callable[[], bytes]]) -> None:
    _tell(forms.write([(Path(name), make) for name, make in files.items()], force=options.force))


def _tell(paths: Sequence[Path]) -> None:
    for path in paths:
        print(f"{path} ({max(1, round(path.stat().st_size / 1000))} kB)")


def _named(typed: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in typed.split(",") if one.strip())


def _protect(options: argparse.Namespace) -> int:
    from tools.casedata import anonymity
    from tools.surfaces import data_report

    opened, which = _open(options)
    frame = opened.frame.drop("_row")
    quasi = _named(options.quasi) or anonymity.propose(frame, which)
    with in_file(opened.name):
        if not options.out:
            print(data_report.risk_text(anonymity.risk(frame, quasi, options.sensitive)), end="")
            return 0
        made = anonymity.protect(
            frame, which, k=options.k, l=options.l, quasi=quasi, sensitive=options.sensitive, limit=options.limit,
            keep=_named(options.keep),
        )  # fmt: skip
    said = data_report.protected_text(made)
    stem = Path(options.out) / f"{Path(opened.name).stem}--protected"
    rows = [tuple(made.frame.columns), *made.frame.iter_rows()]
    _write(options, {
        f"{stem}.csv": lambda: data_report.csv_bytes(rows),
        f"{stem}.txt": lambda: said.encode(),
    })  # fmt: skip
    print(said, end="")
    return 0


def _synthesise(options: argparse.Namespace) -> int:
    from tools.casedata import private_synthesis
    from tools.surfaces import data_report

    opened, which = _open(options)
    with in_file(opened.name):
        made = private_synthesis.synthesise(
            opened.frame.drop("_row"), which, _named(options.columns), epsilon=options.epsilon,
            length=options.together, records=options.records,
        )  # fmt: skip
    said = data_report.synthesis_text(made)
    if options.out:
        stem = Path(options.out) / f"{Path(opened.name).stem}--synthetic"
        rows = [tuple(made.frame.columns), *made.frame.iter_rows()]
        _write(options, {
            f"{stem}.csv": lambda: data_report.csv_bytes(rows),
            f"{stem}.txt": lambda: said.encode(),
        })  # fmt: skip
    print(said, end="")
    return 0


def _table(options: argparse.Namespace) -> int:
    import secrets

    from tools.casedata import table
    from tools.surfaces import data_report

    opened, which = _open(options)
    with in_file(opened.name):
        made = table.make(
            opened.frame, which, options.rows, options.columns, threshold=options.threshold, base=options.round,
            seed=secrets.randbits(64),
        )  # fmt: skip
    if options.out:
        rows = [*made.lines(), (), (made.title,), (made.statement,)]
        name = f"{Path(opened.name).stem}--table.csv"
        _write(options, {str(Path(options.out) / name): lambda: data_report.csv_bytes(rows)})
    else:
        print(data_report.table_text(made), end="")
    return 0
