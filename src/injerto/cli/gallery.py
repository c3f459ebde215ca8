"""`injerto gallery`: who a model knows, and how individuals come and go without training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import injerto
from injerto.cli.console import grid, print_json, say
from injerto.cli.exits import SOME_ROWS_UNUSED
from injerto.cli.ledger import list_unused
from injerto.cli.options import JsonOption, ModelArgument, TableArgument
from injerto.cli.watcher import watcher
from injerto.lookup.one_line import one_line

if TYPE_CHECKING:
    from injerto.gallery.gallery import Change

app = typer.Typer(
    no_args_is_help=True, help="Who a model knows: list, add, remove, rename and merge individuals, without training."
)

_SHOWN = 20
_WIDTH = 40


@app.command("list")
def list_(model: ModelArgument, json: JsonOption = False) -> None:
    """List the individuals of a model with their photos and sightings.

    With --json also every photo: its name, digest, sighting, flank, the day it was added and the table it came from.

    Example: injerto gallery list whales.model
    """
    gallery = injerto.load(model).gallery
    members = gallery.members()
    if json:
        print_json({"individuals": members, "photos": len(gallery)})
        return
    rows = [[one_line(one["name"], _WIDTH), f"{len(one['photos']):,}", f"{one['sightings']:,}"] for one in members]
    grid(
        "individual", "photos", "sightings", rows=rows, title=f"{_counted(len(members), 'individual')}, {_photos(len(gallery))}"
    )
    single = [one_line(one["name"], _WIDTH) for one in members if len(one["photos"]) == 1]
    if single:
        shown = ", ".join(single[:_SHOWN]) + (f" and {len(single) - _SHOWN:,} more" if len(single) > _SHOWN else "")
        say(
            f"Note: of {len(single):,} there is one photo only: {shown}. A second one, of another sighting, makes them easier "
            "to know again."
        )


@app.command()
def add(
    model: ModelArgument,
    table: TableArgument,
    individual: Annotated[
        str | None,
        typer.Option(
            "--individual",
            metavar="COLUMN",
            help="The column of names, where it is not called as in training.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Add the photos of a table, of new individuals or of known ones.

    A photo that is there already is passed over; one that is there under another name is refused and listed. Exit code 3
    when photos could not be added, or names need a look.

    Example: injerto gallery add whales.model season.csv --individual whale
    """
    trained = injerto.load(model)
    change = trained.gallery_add(injerto.Table.read(table), individual=individual, progress=watcher())
    if change.photos:
        trained.save_gallery(model)
    _tell(change, f"{_photos(change.photos)} added", json=json)


@app.command()
def remove(
    model: ModelArgument,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME...", help="Individuals, or photos by their name or the beginning of their digest.", show_default=False
        ),
    ],
    json: JsonOption = False,
) -> None:
    """Remove individuals with all their photos, or single photos.

    Example: injerto gallery remove whales.model Luna IMG_0017.jpg
    """
    trained = injerto.load(model)
    change = trained.gallery_remove(names)
    if change.photos:
        trained.save_gallery(model)
    _tell(change, f"{_photos(change.photos)} removed", json=json)


@app.command()
def rename(
    model: ModelArgument,
    old: Annotated[str, typer.Argument(metavar="OLD", help="An individual of the gallery.", show_default=False)],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its new name, or that of another it is.", show_default=False)],
    json: JsonOption = False,
) -> None:
    """Give an individual another name; where there is one of that name already, both become one.

    Example: injerto gallery rename whales.model luna Luna
    """
    trained = injerto.load(model)
    change = trained.gallery_rename(old, new)
    if change.photos:
        trained.save_gallery(model)
    _tell(change, f"{_photos(change.photos)} of '{one_line(new, _WIDTH)}' now", json=json)


@app.command()
def merge(
    model: ModelArgument,
    other: Annotated[
        Path, typer.Argument(metavar="OTHER_MODEL", help="A copy of the same model, grown elsewhere.", show_default=False)
    ],
    json: JsonOption = False,
) -> None:
    """Add the photos of another model's gallery. The other model stays as it is.

    Both must have the same network, as copies of one model have. A name that both know is taken for one individual. Exit
    code 3 when photos could not be added, or names need a look.

    Example: injerto gallery merge whales.model from_the_field.model
    """
    trained = injerto.load(model)
    change = trained.gallery_merge(injerto.load(other))
    if change.photos:
        trained.save_gallery(model)
    _tell(change, f"{_photos(change.photos)} added", json=json)


def _tell(change: Change, done: str, *, json: bool) -> None:
    """What came of it; *raises* Exit where a person must look at something."""
    gallery = change.gallery
    list_unused(change.ledger, whole_list="--json lists them all")
    if json:
        told: dict[str, Any] = {"photos": change.photos, "notes": change.notes, "problems": change.problems}
        told["unused"] = [
            {"row": entry.row, "column": entry.column, "file": entry.file, "reason": entry.reason} for entry in change.ledger
        ]
        print_json(told | {"gallery": {"individuals": len(gallery.individuals), "photos": len(gallery)}})
    else:
        for note in change.notes:
            say(f"Note: {note}")
        for problem in change.problems[:_SHOWN]:
            say(f"Problem: {problem}")
        if len(change.problems) > _SHOWN:
            say(f"and {len(change.problems) - _SHOWN:,} more problems; --json lists them all.")
        say(f"{done}. The gallery holds {_counted(len(gallery.individuals), 'individual')}, {_photos(len(gallery))}.")
    if change.problems or len(change.ledger):
        raise typer.Exit(SOME_ROWS_UNUSED)


def _photos(count: int) -> str:
    return _counted(count, "photo")


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
