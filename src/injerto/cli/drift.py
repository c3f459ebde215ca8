"""`injerto drift`: whether a new table is like the one a model was trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import injerto
from injerto.cli.console import grid, print_json, say, tell
from injerto.cli.exits import DRIFTED, SOME_ROWS_UNUSED
from injerto.cli.ledger import list_unused
from injerto.cli.long_tables import rows_or_sample
from injerto.cli.options import JsonOption, LanguageOption, MemoryOption, ModelArgument, OnOption, TableArgument
from injerto.cli.output import new_file
from injerto.cli.watcher import watcher
from injerto.places.address import place_of
from injerto.whole_file import write_whole


def drift(
    model: ModelArgument,
    table: TableArgument,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PAGE.html",
            help="Where a page goes that shows every column before and now, with the strangest photos and sounds.",
            show_default=False,
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            metavar="COLUMN",
            help="Rows with the same value here belong together and are one case, not many. Without it, the column by which "
            "the model was split, where the table has it.",
            show_default=False,
        ),
    ] = None,
    level: Annotated[
        float,
        typer.Option(
            "--level", min=0.0001, max=0.5, help="How often a table that is no other may be called so, all columns together."
        ),
    ] = 0.05,
    fail_above: Annotated[
        float,
        typer.Option(
            "--fail-above",
            min=0.0,
            max=1.0,
            help="Exit code 4 only for differences larger than this, from 0 (as before) to 1 (nothing in common).",
        ),
    ] = 0.0,
    lang: LanguageOption = None,
    on: OnOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the page if it exists.")] = False,
    memory: MemoryOption = None,
    json: JsonOption = False,
) -> None:
    """Say whether a new table is like the rows a model was trained on, column by column, or whether its answers rest on sand.

    No labels are needed. Numbers, categories, photos, sounds and the model's own answers are held against those of training;
    dates are told. Exit code 0 when nothing differs by more than chance, 4 when something does, 3 when nothing does but some
    rows could not be used, 1 for a mistake.

    Example: injerto drift birds.model this_week.csv --out drift.html --json
    """
    if out is not None:
        new_file(out, suffixes=(".html", ".htm"), force=force)
    trained = injerto.load(model)
    rows = rows_or_sample(table, memory)
    found = trained.drift(rows, group=group, level=level, fail_above=fail_above, on=on, progress=watcher())
    if out is not None:
        page = trained.drift_page(found, model=model.name, table=place_of(table).name, language=lang)
        write_whole(out, lambda file: file.write(page.encode()))
    list_unused(found.ledger, whole_list="--json lists them all")
    if json:
        print_json({"model": str(model), "table": str(table)} | found.to_json())
    else:
        for note in found.notes:
            say(f"Note: {note}")
        grid(*found.HEAD, rows=found.lines())
        tell(f"\n{found.words}")
        if out is not None:
            say(f"The page is {out}.")
    if found.drifted:
        raise typer.Exit(DRIFTED)
    if len(found.ledger):
        raise typer.Exit(SOME_ROWS_UNUSED)
