"""`injerto listen`: a model along recordings, to a table of events that Raven, Audacity or a spreadsheet opens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

import injerto
from injerto.cli.console import print_json, say
from injerto.cli.exits import SOME_ROWS_UNUSED
from injerto.cli.heard import counted, list_unheard, show_events
from injerto.cli.options import JsonOption, ModelArgument
from injerto.cli.output import new_file, new_folder
from injerto.cli.watcher import watcher
from injerto.errors import OutputError
from injerto.listening.rule import EventRule
from injerto.whole_file import write_whole

_SUFFIXES = {"csv": (".csv",), "raven": (".txt", ".tsv")}


def listen(
    model: ModelArgument,
    recordings: Annotated[
        list[Path],
        typer.Argument(metavar="RECORDINGS", help="Sound files, or folders of them at any depth.", show_default=False),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Where the events go: .csv, or .txt for a Raven selection table; a folder for Audacity's label tracks.",
            show_default=False,
        ),
    ],
    format: Annotated[
        Literal["csv", "raven", "audacity"] | None,
        typer.Option("--format", help="csv, raven or audacity. Without it, told from the ending of --out.", show_default=False),
    ] = None,
    threshold: Annotated[
        float, typer.Option("--threshold", metavar="SHARE", help="An event begins where its class reaches this share.")
    ] = EventRule.threshold,
    low: Annotated[
        float | None,
        typer.Option(
            "--low",
            metavar="SHARE",
            help="It goes on while the share is at least this. Without it, half of --threshold.",
            show_default=False,
        ),
    ] = EventRule.low,
    gap: Annotated[
        float, typer.Option("--gap", metavar="SECONDS", help="Events of one class less than this apart become one.")
    ] = EventRule.gap_seconds,
    shortest: Annotated[
        float, typer.Option("--shortest", metavar="SECONDS", help="Shorter events are left out.")
    ] = EventRule.shortest_seconds,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore", metavar="CLASS", help="Make no events of this class, as of 'none'. May be repeated.", show_default=False
        ),
    ] = None,
    scores: Annotated[
        Path | None,
        typer.Option(
            "--scores", metavar="FILE.parquet", help="Also write the share of every class at every step.", show_default=False
        ),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(
            "--page",
            metavar="FILE.html",
            help="Also draw the surest events, to look at and to play.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    json: JsonOption = False,
) -> None:
    """Run a model along recordings of any length and write down what it hears, from when to when.

    The model must have learned from one column of sounds and nothing else. An event begins where the share of a class
    reaches --threshold and goes on while it is at least --low; the score is the highest share within. The class 'none'
    makes no events.

    A run that was stopped goes on where it was when the same command is given again. A recording that cannot be used is
    listed with its reason in NAME.problems.csv beside the events, and the rest goes on; exit code 3 when there are any.

    Example: injerto listen calls.model recordings --out events.csv --page events.html
    """
    chosen = format or _told(out)
    problems = out.with_name(f"{out.stem}.problems.csv")
    _require_places(out, chosen, scores=scores, page=page, problems=problems, force=force)
    rule = EventRule(threshold, low, gap, shortest, tuple(ignore or ()))
    trained = injerto.load(model)
    work = out.resolve().with_name(f".{out.resolve().name}.unfinished")
    found = trained.listen(recordings, rule, keep_shares=scores is not None, work=work, progress=watcher())
    files = found.write(out, chosen)
    if scores is not None:
        found.to_scores(scores)
    if page is not None:
        text = trained.listening_page(found).encode("utf-8", "replace")
        write_whole(page, lambda file: file.write(text))
    if found.tally.unused:
        found.to_problems(problems)
    else:
        problems.unlink(missing_ok=True)
    list_unheard(found, problems)
    if json:
        written = {"out": out, "scores": scores, "page": page, "problems": problems if found.tally.unused else None}
        print_json(found.to_json() | {name: str(path) for name, path in written.items() if path is not None})
    else:
        show_events(found)
        where = f"{out} ({files:,} label track{'s' * (files != 1)})" if chosen == "audacity" else str(out)
        say(f"{counted(len(found), 'event')} in {found.tally.seconds / 3600:.2f} hours of sound written to {where}.")
        if page is not None:
            say(f"The spectrograms are at {page}.")
    unused = found.tally.unused
    found.close()
    if unused:
        raise typer.Exit(SOME_ROWS_UNUSED)


def _told(out: Path) -> Literal["csv", "raven", "audacity"]:
    """The format that a name means. *Raises* OutputError when it means none."""
    ending = out.suffix.lower()
    if ending == "" or out.is_dir():
        return "audacity"
    if ending in _SUFFIXES["raven"]:
        return "raven"
    if ending in _SUFFIXES["csv"]:
        return "csv"
    raise OutputError(
        f"'{out}' ends in '{out.suffix}'; the format is chosen by it. Use .csv, .txt for Raven, or a name without an ending "
        "for a folder of Audacity's label tracks; or say which with --format."
    )


def _require_places(out: Path, format: str, *, scores: Path | None, page: Path | None, problems: Path, force: bool) -> None:
    """*Raises* OutputError, before the work, when any of the files cannot be written."""
    if format == "audacity":
        new_folder(out, force=force, forced="write into it, where tracks of the same name are replaced")
    else:
        new_file(out, suffixes=(out.suffix.lower(),) if out.suffix else _SUFFIXES[format], force=force)
    new_file(problems, suffixes=(".csv",), force=force)
    if scores is not None:
        new_file(scores, suffixes=(".parquet",), force=force)
    if page is not None:
        new_file(page, suffixes=(".html",), force=force)
