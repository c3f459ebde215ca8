"""`injerto compare`: whether one model is better than another, on rows whose labels are known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import injerto
from injerto.cli.console import grid, print_json, say, tell
from injerto.cli.exits import SOME_ROWS_UNUSED
from injerto.cli.figures import difference_rows
from injerto.cli.ledger import list_unused
from injerto.cli.options import JsonOption, TableArgument
from injerto.cli.watcher import watcher

if TYPE_CHECKING:
    from injerto.comparison import TargetComparison


def compare(
    first: Annotated[
        Path, typer.Argument(metavar="MODEL_A", help="A model folder that 'injerto train' wrote.", show_default=False)
    ],
    second: Annotated[
        Path, typer.Argument(metavar="MODEL_B", help="Another one, trained for the same target.", show_default=False)
    ],
    table: TableArgument,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            metavar="COLUMN",
            help="Rows with the same value here belong together and are drawn together. Without it, the column by which the "
            "models were split, where the table has it.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Say whether one model is better than another on a table whose labels are known, or whether it may be chance.

    Both answer the same rows. The difference B - A of every figure has a 95 % interval of a paired bootstrap: an interval that
    holds 0 shows no difference. Use rows that neither model has seen. Exit code 3 when some rows could not be used.

    Example: injerto compare old.model new.model next_year.csv --group nest
    """
    models = [injerto.load(path) for path in (first, second)]
    found = models[0].compare(models[1], injerto.Table.read(table), group=group, progress=watcher())
    list_unused(found.ledger, whole_list="'injerto check' lists them all")
    if json:
        print_json({"a": str(first), "b": str(second)} | found.to_json())
    else:
        for note in found.notes:
            say(f"Note: {note}")
        tell(f"A is {first}\nB is {second}\n")
        for target in found.targets.values():
            _show(target, found.rows)
    if len(found.ledger):
        raise typer.Exit(SOME_ROWS_UNUSED)


def _show(target: TargetComparison, rows: int) -> None:
    drawn = f", in {target.drawn}" if target.groups else ""
    tell(f"{target.name}: {target.rows:,} of {rows:,} rows count for both models{drawn}")
    grid("figure", "A", "B", "B - A", "95 % interval", "better", rows=difference_rows(target))
    tell(f"{target.name}: {' '.join(target.words)}\n")
