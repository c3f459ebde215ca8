"""`injerto clips`: selections of Raven, Audacity or a table to a table of training clips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import injerto
from injerto.cli.console import grid, print_json, say
from injerto.cli.exits import SOME_ROWS_UNUSED
from injerto.cli.options import JsonOption
from injerto.cli.output import new_file, write_table
from injerto.cli.watcher import watcher
from injerto.clips.rule import ClipRule
from injerto.table.suffixes import TABLE_SUFFIXES

if TYPE_CHECKING:
    from injerto.clips.clips import Clips

_SHOWN = 20


def clips(
    annotations: Annotated[
        list[Path],
        typer.Argument(
            metavar="TABLES",
            help="Raven selection tables, Audacity label tracks, tables with a line a selection, or folders of these.",
            show_default=False,
        ),
    ],
    recordings: Annotated[
        Path,
        typer.Option("--recordings", metavar="FOLDER", help="Where the recordings lie, at any depth.", show_default=False),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="Where the clips go: .csv, .tsv or .parquet.", show_default=False),
    ],
    seconds: Annotated[float, typer.Option("--seconds", help="The length of a clip.")] = ClipRule.seconds,
    hop: Annotated[
        float | None,
        typer.Option(
            "--hop",
            metavar="SECONDS",
            help="From the start of one clip to that of the next. Without it, the length of a clip.",
            show_default=False,
        ),
    ] = ClipRule.hop_seconds,
    overlap: Annotated[
        float,
        typer.Option("--overlap", help="The share of a clip that a selection covers, or of a selection that lies in a clip."),
    ] = ClipRule.overlap,
    negatives: Annotated[
        float, typer.Option("--negatives", metavar="SHARE", help="Clips without any selection, for each clip with a label.")
    ] = ClipRule.negatives,
    label: Annotated[
        str | None,
        typer.Option("--label", metavar="COLUMN", help="The column of labels, where its name is unusual.", show_default=False),
    ] = None,
    none_label: Annotated[
        str, typer.Option("--none-label", metavar="WORD", help="The label of clips without any selection.")
    ] = ClipRule.none_label,
    seed: Annotated[
        int, typer.Option("--seed", help="The same seed draws the same clips without a selection.")
    ] = ClipRule.seed,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    json: JsonOption = False,
) -> None:
    """Cut recordings into clips to learn from, labelled by what was marked in Raven, Audacity or a table.

    Windows of one length tile each recording; the last one ends with it. A window carries a label when a selection covers
    at least --overlap of the window, or when at least that share of the selection lies in it, as with short calls. Several
    labels have ';' between them. Windows that a selection touches without this are left out. Clips without a selection are
    drawn at random from windows that no selection touches, in recordings that have annotations.

    The format is told from what is in a file. A recording is found by the name in the table (Begin File), else by the name
    of the file. Exit code 3 when lines or files could not be used; they are listed.

    Example: injerto clips annotations --recordings sounds --out clips.csv
    """
    new_file(out, suffixes=TABLE_SUFFIXES, force=force)
    rule = ClipRule(seconds, hop, overlap, negatives, none_label, seed)
    found = injerto.clips(annotations, recordings, rule, folder=out.parent, label=label, progress=watcher())
    write_table(out, found.frame)
    following = (
        f"injerto train {out} --target {found.target} --input recording:sound --group recording --drop source --out MODEL"
    )
    _list("Lines and files that could not be used", [str(entry) for entry in found.unused])
    if json:
        print_json(found.to_json() | {"out": str(out), "next": following})
    else:
        _show(found, none_label)
        say(f"{len(found.frame):,} clips written to {out}. Next:\n  {following}")
    if found.unused:
        raise typer.Exit(SOME_ROWS_UNUSED)


def _show(found: Clips, none_label: str) -> None:
    counts = {**found.labels, f"{none_label} (no selection)": found.negatives}
    grid("label", "clips", rows=[[label, f"{count:,}"] for label, count in counts.items()])
    for note in found.notes:
        say(f"Note: {note}.")
    if found.ambiguous:
        say(f"Left out as ambiguous: {_counted(found.ambiguous, 'window')} that a selection touches but does not name.")
    if found.uncarried:
        say(f"Note: {_counted(found.uncarried, 'selection')} in no clip: no window holds enough. A lower --overlap keeps more.")
    if found.negatives < found.negatives_wanted:
        say(f"Note: {found.negatives_wanted:,} clips without a selection were asked for, and {found.negatives:,} found.")
    _list("Recordings without annotations, which were not used", found.unannotated)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _list(title: str, lines: list[str]) -> None:
    """The first lines of a list, after what they are and how many."""
    if not lines:
        return
    say(f"{title} ({len(lines):,}):")
    for line in lines[:_SHOWN]:
        say(f"  {line}")
    if len(lines) > _SHOWN:
        say(f"  and {len(lines) - _SHOWN:,} more; --json lists them all")
