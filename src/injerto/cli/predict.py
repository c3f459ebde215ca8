"""`injerto predict`: a model's answers for the rows of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import injerto
from injerto.cli.console import print_json, say
from injerto.cli.exits import SOME_ROWS_UNUSED
from injerto.cli.ledger import list_unused
from injerto.cli.options import JsonOption, ModelArgument, TableArgument
from injerto.cli.output import TABLE_SUFFIXES, new_file, write_table
from injerto.cli.watcher import watcher

# More than this share of values that training never showed deserves a sentence.
_UNSEEN_WORTH_SAYING = 0.01


def predict(
    model: ModelArgument,
    table: TableArgument,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="Where the answers go: .csv, .tsv or .parquet.", show_default=False),
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    json: JsonOption = False,
) -> None:
    """Answer every row of a table, with probabilities.

    The answers have one line for each row, in the table's order, with its number from 0 and what names it: its files or,
    in a table without files, the columns that training left out as names of single rows. A row that cannot be used keeps
    its line: its answer is empty and the column 'problem' says why. Exit code 3 when there are such rows.

    Example: injerto predict penguins.model new_birds.csv --out answers.csv
    """
    new_file(out, suffixes=TABLE_SUFFIXES, force=force)
    trained = injerto.load(model)
    found = trained.predict(injerto.Table.read(table), progress=watcher())
    write_table(out, found.answers)
    list_unused(found.ledger, whole_list=f"the column 'problem' of {out} has them all")
    if json:
        unused = [
            {"row": entry.row, "column": entry.column, "file": entry.file, "reason": entry.reason} for entry in found.ledger
        ]
        print_json(
            {"rows": len(found.answers), "out": str(out), "unused": unused, "unseen": found.unseen, "empty": found.empty}
        )
    else:
        for column in found.empty:
            say(f"Note: '{column}' is empty in every row; the answers had to do without it.")
        for column, share in found.unseen.items():
            if share >= _UNSEEN_WORTH_SAYING:
                say(f"Note: {share:.1%} of the values of '{column}' lie outside what the model was trained on.")
        say(f"{len(found.answers):,} rows written to {out}.")
    if len(found.ledger):
        raise typer.Exit(SOME_ROWS_UNUSED)
