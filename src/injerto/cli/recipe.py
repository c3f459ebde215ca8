"""`injerto recipe`: chains of models trained with one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import injerto
from injerto.cli.console import grid, print_json, say
from injerto.cli.exits import SOME_ROWS_UNUSED
from injerto.cli.figures import shown_interval
from injerto.cli.options import JsonOption, LanguageOption, SplitOption, TableArgument
from injerto.cli.watcher import watcher

app = typer.Typer(no_args_is_help=True)


@app.callback()
def recipe() -> None:
    """Train a chain of models: what one finds is what the next one looks at.

    Example: injerto recipe individuals whales.csv --target whale --out whales.recipe
    """


@app.command()
def individuals(
    table: TableArgument,
    target: Annotated[
        str, typer.Option("--target", "-t", metavar="COLUMN", help="The column that names the individual.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="The folder to make for the recipe.", show_default=False)
    ],
    photo: Annotated[
        str | None,
        typer.Option("--photo", metavar="COLUMN", help="The column of photos, where there are several.", show_default=False),
    ] = None,
    box: Annotated[
        str | None,
        typer.Option(
            "--box",
            metavar="A,B,C,D",
            help="The columns of the head's box: left, top, width and height, or two corners. Without it, box_x, box_y, "
            "box_width, box_height, or bbox1_x, bbox1_y, bbox2_x, bbox2_y.",
            show_default=False,
        ),
    ] = None,
    points: Annotated[
        str | None,
        typer.Option(
            "--points",
            metavar="FRONT,BACK",
            help="The two points on the head, columns NAME_x and NAME_y, front first. Without it, the two there are.",
            show_default=False,
        ),
    ] = None,
    sighting: Annotated[
        str | None,
        typer.Option(
            "--sighting", metavar="COLUMN", help="Photos of one sighting stay on one side of the split.", show_default=False
        ),
    ] = None,
    flank: Annotated[
        str | None,
        typer.Option("--flank", metavar="COLUMN", help="Which side of the animal is seen.", show_default=False),
    ] = None,
    split: SplitOption = None,
    budget: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", min=1, help="Stop learning after this long, all stages together.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same models.")] = 0,
    lang: LanguageOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the recipe in the folder if it is another one.")] = False,
    json: JsonOption = False,
) -> None:
    """Train what finds the head, two points on it, and from its upright passport photo tells who it is.

    Any of the rows may be marked with a box, with two points, or with both; what is not marked is found. FOLDER then holds
    three models, locator, pointer and identifier, the passport photos, scores.json, and index.html to look at. Stages that are
    finished are kept when the same command is given again. Exit code 3 when some rows could not be used.

    Example: injerto recipe individuals whales.csv --target whale --points bonnet,blowhead --out whales.recipe
    """
    wishes = injerto.RecipeWishes(
        target,
        photo=photo,
        box=_names(box),
        points=_names(points),
        sighting=sighting,
        flank=flank,
        split=split,
        budget_seconds=budget,
        seed=seed,
        language=lang or "en",
    )
    trained = injerto.train_recipe(table, wishes, out, force=force, progress=watcher())
    scores, unused = trained.scores(), trained.unused()
    if json:
        print_json({"recipe": str(out), "unusable": unused, "scores": scores})
    else:
        _show(scores)
        if unused:
            say(f"{unused:,} entries of rows or marks that could not be used are in {out / 'ledger.csv'}.")
        say(f"Recipe: {out}\nPage to open: {out / 'index.html'}")
    if unused:
        raise typer.Exit(SOME_ROWS_UNUSED)


def _names(given: str | None) -> list[str]:
    return [] if given is None else [name.strip() for name in given.split(",")]


def _show(scores: dict[str, Any]) -> None:
    """Figures of every stage on test rows."""
    rows = []
    for stage, figures in scores.items():
        parts = (
            figures if any(isinstance(value, dict) for name, value in figures.items() if name != "intervals") else {"": figures}
        )
        for where, values in parts.items():
            if isinstance(values, dict):
                between = values.get("intervals", {})
                rows += [
                    [stage, where.replace("_", " "), name, f"{value:.4g}", shown_interval(between.get(name))]
                    for name, value in values.items()
                    if name != "intervals"
                ]
    grid("stage", "", "figure", "value", "95 % interval", rows=rows)
