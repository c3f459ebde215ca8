"""`injerto train`: a table to a model folder with its honest score."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

import injerto
from injerto.cli.console import grid, print_json, say, tell
from injerto.cli.exits import SOME_ROWS_UNUSED
from injerto.cli.figures import figure_rows, point_grid, shown, shown_interval
from injerto.cli.ledger import list_unused
from injerto.cli.mirror import mirror_of
from injerto.cli.options import (
    DropOption,
    FlankOption,
    FoldsOption,
    GroupOption,
    GroupPartOption,
    GroupSecondsOption,
    InputOption,
    JsonOption,
    KeypointsOption,
    LanguageOption,
    MemoryOption,
    MirrorOption,
    NoGroupOption,
    NoMirrorOption,
    OnOption,
    RepeatsOption,
    SchemaOption,
    SightingOption,
    SourceOption,
    SplitOption,
    TableArgument,
    TargetOption,
    TimeOption,
)
from injerto.cli.output import new_folder
from injerto.cli.watcher import watcher
from injerto.schema.schema import Mode


def train(
    table: TableArgument,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="MODEL", help="The folder to make for the model.", show_default=False)
    ],
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
    folds: FoldsOption = None,
    repeats: RepeatsOption = None,
    mode: Annotated[
        Mode | None,
        typer.Option(help="probe: frozen networks; finetune: all layers; auto (default): measure both and keep the better."),
    ] = None,
    budget: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=1, help="Stop learning after this long.", show_default=False)
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Recordings without what is to be learned: a model of sounds then also learns when a sound begins and ends.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed gives the same model.", show_default=False)] = None,
    lang: LanguageOption = None,
    memory: MemoryOption = None,
    on: OnOption = None,
    processes: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="With --on ray: so many processes of the cluster learn one model together, one on each core or GPU.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the model if it exists.")] = False,
    json: JsonOption = False,
) -> None:
    """Train a model and measure it on rows it never saw.

    A run that was killed goes on where it was when the same command is given again. Exit code 3 when some rows could not
    be used. `torchrun -m injerto train` starts several processes, which learn one model together;
    `--on ray --processes` does so on a cluster.

    Example: injerto train penguins.csv --target species --group nest --out penguins.model

    Example: injerto train faces.csv --keypoints --out faces.model
    """
    pairs = mirror_of(mirror, none=no_mirror)
    new_folder(out, force=force)
    model = injerto.train(
        table,
        target or [],
        inputs=input or [],
        drop=drop or [],
        schema=schema,
        group=group,
        group_part=group_part,
        group_seconds=group_seconds,
        no_group=no_group,
        time=time,
        split=split,
        folds=folds,
        repeats=repeats,
        mode=mode,
        budget_seconds=budget,
        seed=seed,
        background=background,
        keypoints=keypoints,
        mirror=pairs,
        source=source,
        sighting=sighting,
        flank=flank,
        language=lang,
        out=out,
        force=force,
        memory=memory,
        on=on,
        processes=processes,
        progress=watcher(),
    )
    list_unused(model.ledger, whole_list=f"all are in {out / 'ledger.csv'}")
    rows, unusable = model.artifact.facts["rows"], len(model.ledger.rows)
    if json:
        print_json(
            {
                "model": str(out),
                "rows": rows,
                "unusable": unusable,
                "account": model.artifact.facts["account"],
                "chosen": model.artifact.chosen,
                "scores": model.scores,
            }
        )
    else:
        _show(model.scores, model.verdicts)
        if "folds" in model.scores:
            _show_folds(model.scores["folds"])
        for note in model.artifact.facts.get("rivals", []):
            say(note)
        say(f"Model: {out}\nReport to open: {out / 'report.html'}")
    if unusable:
        raise typer.Exit(SOME_ROWS_UNUSED)


def _show_folds(scores: dict[str, Any]) -> None:
    """Figures over folds, with the least and the greatest of the repeats."""
    for name, score in scores.items():
        figures = {figure: value for figure, value in score.items() if isinstance(value, float) and figure != "seconds"}
        of_repeats = {figure: (min(values), max(values)) for figure, values in score["of_repeats"].items()}
        rows = [
            [*line, shown_interval(of_repeats.get(line[0])), shown(score["baseline"], line[0])]
            for line in figure_rows(figures, score["intervals"])
        ]
        title = f"{name} on {score['rows']:,} rows that do not test, {score['folds']} folds x {score['repeats']}"
        grid("figure", "mean", "95 % interval", "repeats", "baseline", rows=rows, title=f"\n{title}")


def _show(scores: dict[str, Any], verdicts: Callable[[str, dict[str, Any]], list[str]]) -> None:
    """The honest score; where no rows were kept apart, the one of the rows that chose."""
    part = "test" if "test" in scores else "tune"
    for name, score in scores.get(part, {}).items():
        baseline, intervals = score["baseline"], score["intervals"]
        figures = {figure: value for figure, value in score.items() if isinstance(value, float)}
        plain = {"baseline": baseline, **score.get("rivals", {})}
        rows = [[*line, *(shown(own, line[0]) for own in plain.values())] for line in figure_rows(figures, intervals)]
        grid("figure", "model", "95 % interval", *plain, rows=rows, title=f"{name} on {score['rows']:,} {part} rows")
        for sentence in verdicts(name, score):
            tell(f"{name}: {sentence}")
        if "points" in score:
            columns, lines = point_grid(score["points"])
            if lines:
                grid(*columns, rows=lines, title=f"\n{name}, each by itself")
