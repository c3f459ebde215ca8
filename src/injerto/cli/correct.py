"""`injerto correct`: labels that a person corrected in a list of suspects, to a new table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import injerto
from injerto.cli.console import print_json, say, tell
from injerto.cli.options import JsonOption, TableArgument
from injerto.cli.output import new_file, write_table
from injerto.table.suffixes import TABLE_SUFFIXES


def correct(
    table: TableArgument,
    suspects: Annotated[
        Path,
        typer.Argument(
            metavar="SUSPECTS",
            help="The suspects.csv of a model folder, with the right labels written into its column 'corrected'.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="Where the table goes: .csv, .tsv or .parquet.", show_default=False),
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    json: JsonOption = False,
) -> None:
    """Make a new table with the labels that you corrected in a model's list of suspects.

    Rows whose cell 'corrected' is empty stay as they are.

    Example: injerto correct birds.csv birds.model/suspects.csv --out birds2.csv
    """
    new_file(out, suffixes=TABLE_SUFFIXES, force=force)
    given = injerto.Table.read(table)
    fresh, changed = injerto.correct(given, injerto.Table.read(suspects))
    write_table(out, fresh.frame)
    if not isinstance(given.folder, Path) or out.resolve().parent != given.folder.resolve():
        say(f"Paths of photos and sounds in it start from '{given.folder}': move it there if it has any.")
    if json:
        print_json({"table": str(out), "rows": len(fresh), "corrected": changed})
    else:
        tell(f"{changed} label(s) corrected. Table: {out}")
