"""`injerto listen`: a model along recordings, to a table of events that Raven, Audacity or a spreadsheet opens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

import injerto
from injerto.cli.console import print_json, say
from injerto.cli.event_files import EventFiles
from injerto.cli.exits import SOME_ROWS_UNUSED
from injerto.cli.heard import list_unheard, show_events
from injerto.cli.options import JsonOption, LanguageOption, ModelArgument, OnOption
from injerto.cli.watcher import watcher
from injerto.schema.guess import counted
from injerto.whole_file import write_whole


def listen(
    model: ModelArgument,
    recordings: Annotated[
        list[str],
        typer.Argument(
            metavar="RECORDINGS", help="Sound files, or folders of them at any depth; also addresses.", show_default=False
        ),
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
        float | None,
        typer.Option(
            "--threshold", metavar="SHARE", help="An event begins where its class reaches this share.", show_default=False
        ),
    ] = None,
    low: Annotated[
        float | None,
        typer.Option(
            "--low",
            metavar="SHARE",
            help="It goes on while the share is at least this. With --threshold alone, half of that.",
            show_default=False,
        ),
    ] = None,
    gap: Annotated[
        float | None,
        typer.Option(
            "--gap", metavar="SECONDS", help="Events of one class less than this apart become one.", show_default=False
        ),
    ] = None,
    shortest: Annotated[
        float | None,
        typer.Option("--shortest", metavar="SECONDS", help="Shorter events are left out.", show_default=False),
    ] = None,
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
    lang: LanguageOption = None,
    on: OnOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    json: JsonOption = False,
) -> None:
    """Run a model along recordings of any length and write down what it hears, from when to when.

    The model must have learned from one column of sounds and nothing else. An event begins where the share of a class
    reaches --threshold and goes on while it is at least --low; the score is the highest share within. The class 'none'
    makes no events. What the options leave open is as the model found it best, for one that learned with backgrounds, else
    0.5, half of that, 0.5 s and 0.3 s.

    A run that was stopped goes on where it was when the same command is given again. A recording that cannot be used is
    listed with its reason in NAME.problems.csv beside the events, and the rest goes on; exit code 3 when there are any.

    Example: injerto listen calls.model recordings --out events.csv --page events.html
    """
    files = EventFiles(out, format, scores=scores, page=page)
    files.require_places(force=force)
    trained = injerto.load(model)
    rule = trained.listening_rule.amended(
        threshold=threshold, low=low, gap_seconds=gap, shortest_seconds=shortest, ignore=tuple(ignore or ())
    )
    found = trained.listen(recordings, rule, keep_shares=scores is not None, work=files.work, on=on, progress=watcher())
    files.claim()
    if scores is not None:
        found.to_scores(scores)
    if page is not None:
        text = trained.listening_page(found, language=lang).encode("utf-8", "replace")
        write_whole(page, lambda file: file.write(text))
    if found.tally.unused:
        found.to_problems(files.problems)
    else:
        files.problems.unlink(missing_ok=True)
    count = found.write(out, files.format)
    list_unheard(found, files.problems)
    if json:
        written = {"out": out, "scores": scores, "page": page, "problems": files.problems if found.tally.unused else None}
        print_json(found.to_json() | {name: str(path) for name, path in written.items() if path is not None})
    else:
        show_events(found)
        where = f"{out} ({counted(count, 'label track')})" if files.format == "audacity" else str(out)
        say(f"{counted(len(found), 'event')} in {found.tally.seconds / 3600:.2f} hours of sound written to {where}.")
        if page is not None:
            say(f"The spectrograms are at {page}.")
    unused = found.tally.unused
    found.close()
    if unused:
        raise typer.Exit(SOME_ROWS_UNUSED)
