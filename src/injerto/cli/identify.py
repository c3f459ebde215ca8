"""`injerto identify`: who is on a photo, somebody new, or that it cannot be told."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import injerto
from injerto.cli.console import grid, print_json, say
from injerto.cli.exits import SOME_ROWS_UNUSED
from injerto.cli.ledger import list_unused
from injerto.cli.options import JsonOption, LanguageOption, ModelArgument
from injerto.cli.output import new_page, new_table, write_page, write_table
from injerto.cli.promises import require_shares
from injerto.cli.watcher import watcher
from injerto.lookup.one_line import one_line
from injerto.places.address import AddressError, place_of
from injerto.table.suffixes import PHOTO_SUFFIXES

if TYPE_CHECKING:
    from injerto.identified import Identified, Identities
    from injerto.model import Model
    from injerto.recipes.recipe import Recipe

_SHOWN = 50
_WIDTH = 40


def identify(
    model: ModelArgument,
    photos: Annotated[
        list[str],
        typer.Argument(
            metavar="PHOTO...|TABLE", help="Photos, a folder of them, or a table; also addresses.", show_default=False
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Write a line for each photo: .csv, .tsv or .parquet.", show_default=False
        ),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(
            "--page",
            metavar="FILE.html",
            help="Write photos and look-alikes side by side, to open anywhere.",
            show_default=False,
        ),
    ] = None,
    new_share: Annotated[
        float | None,
        typer.Option(
            "--new-share",
            metavar="SHARE",
            help="How many of the individuals you expect to be new, from 0 to 1. Without it, half.",
            show_default=False,
        ),
    ] = None,
    max_error: Annotated[
        float | None,
        typer.Option(
            "--max-error",
            metavar="SHARE",
            help="Of what is said, a name or 'new', so much may be wrong; of the others it cannot tell. Without it, 0.1.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    json: JsonOption = False,
) -> None:
    """Say for each photo: known, with a name; new individual; or cannot tell. Nothing is learned from them.

    Photos of one sighting are decided together where the table says which they are, and are never compared with photos
    of the same sighting in the gallery. Exit code 3 when some photos could not be used.

    Example: injerto identify whales.model IMG_0017.jpg --page who.html

    Example: injerto identify whales.model season.csv --out who.csv

    Example: injerto identify whales.model season.csv --out who.csv --max-error 0.05 --new-share 0.2
    """
    new_table(out, force=force)
    new_page(page, force=force)
    if new_share is not None and not 0 < new_share < 1:
        raise typer.BadParameter(f"{new_share:g} does not lie between 0 and 1.", param_hint="--new-share")
    require_shares(max_error, None)
    trained, identifier, column = _opened(model)
    found = trained.identify(_asked(photos, column), new_share=new_share, max_error=max_error, progress=watcher())
    if out is not None:
        write_table(out, found.frame())
    if page is not None:
        write_page(page, identifier.identify_page(found, name=model.resolve().name, language=lang))
    list_unused(found.ledger, whole_list="--json lists them all")
    if json:
        unused = [{"row": one.row, "column": one.column, "file": one.file, "reason": one.reason} for one in found.ledger]
        print_json({"found": [_as_json(one) for one in found.found], "unused": unused, "notes": found.notes})
    else:
        _tell(found, [path for path in (out, page) if path is not None])
    if len(found.ledger):
        raise typer.Exit(SOME_ROWS_UNUSED)


def _opened(folder: Path) -> tuple[Model | Recipe, Model, str]:
    """What answers, the model in it that compares (of a recipe the last), and what it calls its column of photos."""
    if injerto.is_recipe(folder):
        recipe = injerto.load_recipe(folder)
        return recipe, recipe.identifier, recipe.declared.photo
    model = injerto.load(folder)
    individual = model.schema.individual
    return model, model, "photo" if individual is None else str(individual[1].photo)


def _asked(paths: list[str], column: str) -> injerto.Table:
    """A table, a folder, or photos as a table of one column, called as the model calls its photos."""
    photos = [path for path in paths if _is_photo(path)]
    if len(photos) == len(paths):
        return injerto.Table.of({column: paths}, folder=Path.cwd())
    if len(paths) > 1:
        others = ", ".join(f"'{path}'" for path in paths if path not in photos)
        raise typer.BadParameter(
            f"Give several photos, or one table or folder; {others} is no photo.", param_hint="PHOTO...|TABLE"
        )
    return injerto.Table.read(paths[0])


def _is_photo(path: str) -> bool:
    try:
        place = place_of(path)
    except AddressError:
        return False
    return place.suffix.lower() in PHOTO_SUFFIXES and not (isinstance(place, Path) and place.is_dir())


def _tell(found: Identities, written: list[Path]) -> None:
    for note in found.notes:
        say(f"Note: {note}")
    _show(found.found)
    for path in written:
        say(f"Written: {path}")


def _show(found: list[Identified]) -> None:
    lines = [
        [
            _title(one),
            one_line(one.words, _WIDTH),
            one.new_words,
            ", ".join(one_line(alike.words, _WIDTH) for alike in one.lookalikes[:3]),
        ]
        for one in found[:_SHOWN]
    ]
    if lines:
        grid("photo or sighting", "who", "chance of a new one", "look-alikes", rows=lines)
    if len(found) > _SHOWN:
        say(f"and {len(found) - _SHOWN:,} more; --out FILE writes them all.")
    if len(found) > 1:
        counts = Counter(one.said for one in found)
        say(f"Known {counts['known']:,}, new {counts['new']:,}, cannot tell {counts['cannot tell']:,}.")


def _title(one: Identified) -> str:
    """A sighting, or a photo; of a long path its end says which photo it is."""
    if one.photos > 1:
        return f"{one_line(one.title, _WIDTH)} ({one.photos} photos)"
    return one_line(one.title if len(one.title) <= _WIDTH else "…" + one.title[1 - _WIDTH :], _WIDTH)


def _as_json(one: Identified) -> dict[str, Any]:
    alike = [
        {"name": each.name, "probability": each.probability, "similarity": each.similarity, "photo": each.photo}
        for each in one.lookalikes
    ]
    return {
        "title": one.title,
        "photos": list(one.names),
        "rows": list(one.rows),
        "decision": one.said,
        "individual": one.lookalikes[0].name if one.said == "known" else None,
        "new_probability": one.new,
        "lookalikes": alike,
        "left_out": one.left_out,
    }
