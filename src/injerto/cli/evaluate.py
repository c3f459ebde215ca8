"""`injerto evaluate`: how good a model's answers are on rows whose labels are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import injerto
from injerto.cli.console import grid, print_json, say, tell
from injerto.cli.exits import SOME_ROWS_UNUSED
from injerto.cli.figures import figure_rows, point_grid, shown
from injerto.cli.ledger import list_unused
from injerto.cli.options import CoverageOption, JsonOption, MaxErrorOption, MemoryOption, ModelArgument, TableArgument
from injerto.cli.promises import honesty_rows, require_shares
from injerto.cli.watcher import watcher

if TYPE_CHECKING:
    from injerto.evaluate import TargetScore


def evaluate(
    model: ModelArgument,
    table: TableArgument,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="COLUMN", help="Also score each value of this column by itself.", show_default=False),
    ] = None,
    max_error: MaxErrorOption = None,
    coverage: CoverageOption = None,
    memory: MemoryOption = None,
    json: JsonOption = False,
) -> None:
    """Score a model on a table whose labels are known, with 95 % bootstrap intervals.

    Use rows the model has never seen; a note says when this is the table it was trained on. Exit code 3 when some rows
    could not be used.

    Example: injerto evaluate penguins.model next_year.csv --by island

    Example: injerto evaluate penguins.model next_year.csv --max-error 0.05 --coverage 0.9
    """
    require_shares(max_error, coverage)
    trained = injerto.load(model)
    rows = injerto.open_table(table, memory=memory)
    found = trained.evaluate(rows, by=by, max_error=max_error, coverage=coverage, progress=watcher())
    list_unused(found.ledger, whole_list="'injerto check' lists them all")
    if json:
        print_json(found.to_json())
    else:
        for note in found.notes:
            say(f"Note: {note}")
        for name, score in found.targets.items():
            _show(name, score, found.rows, trained.verdicts(name, score.to_json()), by)
    if len(found.ledger):
        raise typer.Exit(SOME_ROWS_UNUSED)


def _show(name: str, score: TargetScore, rows: int, verdicts: list[str], by: str | None) -> None:
    """The figures of one target, what they mean beside plainer answers, and the figures of its parts and groups."""
    plain = {"baseline": score.baseline, **score.rivals}
    lines = [[*line, *(shown(own, line[0]) for own in plain.values())] for line in figure_rows(score.figures, score.intervals)]
    title = f"{name}: {score.rows:,} labelled rows of {rows:,}"
    grid("figure", "value", "95 % interval", *plain, rows=lines, title=title)
    for sentence in verdicts:
        tell(f"{name}: {sentence}")
    for title, columns, honest in honesty_rows(score.honesty):
        grid(*columns, rows=honest, title=f"\n{name}: {title}")
    if score.parts:
        columns, parts = point_grid(score.parts)
        if parts:
            grid(*columns, rows=parts, title=f"\n{name}, each by itself")
    if score.groups:
        names = list(score.figures)
        groups = [[group, *(shown(figures, figure) for figure in names)] for group, figures in score.groups.items()]
        grid(by or "", *names, rows=groups, title=f"{name} by {by}")
