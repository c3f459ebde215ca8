"""`injerto check`: what each column is taken for and why, and every problem in one list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import injerto
from injerto.cli.console import grid, print_json, say
from injerto.cli.exits import PROBLEM, SOME_ROWS_UNUSED
from injerto.cli.ledger import list_unused
from injerto.cli.mirror import mirror_of
from injerto.cli.options import (
    DropOption,
    FlankOption,
    GroupOption,
    GroupPartOption,
    GroupSecondsOption,
    InputOption,
    JsonOption,
    KeypointsOption,
    MemoryOption,
    MirrorOption,
    NoGroupOption,
    NoMirrorOption,
    SchemaOption,
    SightingOption,
    SourceOption,
    SplitOption,
    TableArgument,
    TargetOption,
    TimeOption,
)
from injerto.cli.output import new_file
from injerto.cli.watcher import watcher
from injerto.whole_file import write_whole


def check(
    table: TableArgument,
    target: TargetOption = None,
    keypoints: KeypointsOption = False,
    mirror: MirrorOption = None,
    no_mirror: NoMirrorOption = False,
    source: SourceOption = None,
    sighting: SightingOption = None,
    flank: FlankOption = None,
    input: InputOption = None,
    drop: DropOption = None,
    schema: SchemaOption = None,
    group: GroupOption = None,
    group_part: GroupPartOption = None,
    group_seconds: GroupSecondsOption = None,
    no_group: NoGroupOption = False,
    time: TimeOption = None,
    split: SplitOption = None,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the draft schema here, to edit and give to 'train --schema'.", show_default=False
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file given with --write if it exists.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Open no photo and no sound; only look whether some of them are there.")
    ] = False,
    memory: MemoryOption = None,
    json: JsonOption = False,
) -> None:
    """Say what each column is taken for and why, and list every problem.

    All photos and sounds are opened once, unless with --quick. Exit code 1 when a problem stands in
    the way of training, 3 when only some files cannot be read.

    Example: injerto check penguins.csv --target species --write penguins.toml

    Example: injerto check faces.csv --keypoints
    """
    pairs = mirror_of(mirror, none=no_mirror)
    if write:
        new_file(write, suffixes=(".toml",), force=force)
    data = injerto.open_table(table, memory=memory)
    wishes = injerto.Wishes(
        targets=target or [],
        inputs=input or [],
        drop=drop or [],
        schema=schema,
        group=group,
        group_part=group_part,
        group_seconds=group_seconds,
        no_group=no_group,
        time=time,
        split=split,
        keypoints=keypoints,
        mirror=pairs,
        source=source,
        sighting=sighting,
        flank=flank,
    )
    draft = injerto.declare(data.sample, wishes)
    report = injerto.check(draft, data, quick=quick, progress=watcher())
    if json:
        print_json(report.to_json())
    else:
        _show(report)
    if write:  # last, so that a disk without room does not cost the result
        write_whole(write, lambda file: file.write(draft.to_toml().encode()))
        say(f"Draft schema written to {write}.")
    if report.errors:
        raise typer.Exit(PROBLEM)
    if len(report.ledger):
        raise typer.Exit(SOME_ROWS_UNUSED)


def _show(report: injerto.CheckReport) -> None:
    lines = [
        [
            column.name,
            f"to predict: {column.kind}" if column.role == "target" else column.kind or "left out",
            column.reason,
            f"{column.distinct:,}",
            f"{column.missing_share:.0%}" if column.missing_share else "-",
            column.example,
        ]
        for column in report.columns
    ]
    grid("column", "taken for", "why", "distinct", "missing", "example", rows=lines, title=f"{report.rows:,} rows")
    counts = {name: sum(problem.severity == name for problem in report.problems) for name in ("error", "warning", "note")}
    say("\n" + ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts.items()))
    for problem in report.problems:
        say(f"  {problem.severity}: {problem.message}")
    list_unused(report.ledger, whole_list="--json lists them all")
