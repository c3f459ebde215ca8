"""`injerto embeddings`: what a model learned of the levels of a category column, as numbers, neighbours, a table, a map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import injerto
from injerto.cli.console import grid, print_json, say
from injerto.cli.options import JsonOption, LanguageOption, ModelArgument
from injerto.cli.output import new_page, new_table, write_page, write_table
from injerto.lookup.one_line import one_line

if TYPE_CHECKING:
    from injerto.lookup.embeddings import Embeddings, Neighbours

# Above this, a level's row says more of UNKNOWN than of the level.
_MOSTLY_UNKNOWN = 0.5


def embeddings(
    model: ModelArgument,
    column: Annotated[
        str, typer.Argument(metavar="COLUMN", help="A category column that the model learned from.", show_default=False)
    ],
    neighbours: Annotated[
        str | None,
        typer.Option(
            "--neighbours",
            metavar="VALUE",
            help="List the levels whose rows are nearest to that of VALUE. An empty VALUE stands for an empty cell.",
            show_default=False,
        ),
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="How many levels to list.")] = 10,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Write the matrix as a table: .csv, .tsv or .parquet.", show_default=False
        ),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE.html", help="Draw a map of the levels to hover over.", show_default=False),
    ] = None,
    lang: LanguageOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    json: JsonOption = False,
) -> None:
    """Take out what a model learned of a category column: a row of values for each level.

    Levels at a small distance are answered alike. Distances are Euclidean, between whole rows. A level seen seldom leans
    on UNKNOWN, the row of levels never seen: its neighbours then say little about it. Without options, the column in short.

    Example: injerto embeddings penguins.model island --neighbours Dream --plot islands.html
    """
    new_table(out, force=force)
    new_page(plot, force=force)
    trained = injerto.load(model)
    found = trained.embeddings(column)
    near = None if neighbours is None else found.nearest(neighbours, top)
    if out is not None:
        write_table(out, found.frame())
    if plot is not None:
        write_page(plot, trained.embeddings_page(column, language=lang))
    if json:
        written = {name: str(path) for name, path in (("out", out), ("plot", plot)) if path is not None}
        print_json(found.to_json(top) | ({} if near is None else {"neighbours": near.to_json()}) | written)
    else:
        _tell(found, near, out, plot, top)


def _tell(found: Embeddings, near: Neighbours | None, out: Path | None, plot: Path | None, top: int) -> None:
    if near is not None:
        _show_neighbours(near)
    if out is not None:
        say(f"{len(found.matrix):,} rows of {found.width} values written to {out}.")
    if plot is not None:
        say(f"The map of {found.column} is at {plot}.")
    if near is None and out is None and plot is None:
        _show_summary(found, top)


def _show_neighbours(near: Neighbours) -> None:
    name = "an empty cell" if near.level is None else f"'{one_line(near.level, 40)}'"
    title = f"Nearest to {name} ({near.count:,} rows, {near.distance_to_unknown:.3g} from UNKNOWN)"
    columns = ("level", "distance", "training rows", "leans on UNKNOWN")
    grid(*columns, rows=[_line(one.level, one.distance, one.count, one.leans_on_unknown) for one in near.nearest], title=title)
    if near.leans_on_unknown > _MOSTLY_UNKNOWN:
        share = f"{near.leans_on_unknown:.0%}"
        say(f"Note: {name} leans {share} on UNKNOWN, as few training rows held it; its neighbours say little about it.")
    if any(one.distance >= near.distance_to_unknown for one in near.nearest):
        say(f"Note: levels at {near.distance_to_unknown:.3g} or more are no nearer to {name} than one that was never seen.")


def _show_summary(found: Embeddings, top: int) -> None:
    told = found.to_json(top)
    fewest = found.feature.options.min_count
    rows = [
        ["levels", told["rows"] - told["unknown"]["count"] - told["missing"]["count"]],
        [f"UNKNOWN: in fewer than {fewest} rows, or never seen", told["unknown"]["count"]],
        ["MISSING: empty cells", told["missing"]["count"]],
    ]
    lines = [[words, f"{count:,}", f"{count / max(told['rows'], 1):.1%}"] for words, count in rows]
    title = f"{found.column}: {told['levels']:,} levels, {found.width} values each"
    grid("rows of the matrix", "training rows", "share", rows=lines, title=title)
    columns = ("level", "from UNKNOWN", "training rows", "leans on UNKNOWN")
    farthest = [_line(one.level, one.distance, one.count, one.leans_on_unknown) for one in found.farthest(top)]
    grid(*columns, rows=farthest, title="\nFarthest from UNKNOWN: levels that change an answer most")
    say("\n--neighbours VALUE lists the levels nearest to one, --out FILE writes the matrix, --plot FILE.html draws a map.")


def _line(level: str, distance: float, count: int, leans: float) -> list[str]:
    return [one_line(level, 40), f"{distance:.3g}", f"{count:,}", f"{leans:.0%}"]
