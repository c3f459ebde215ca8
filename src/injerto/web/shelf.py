"""The models that are served, by the names of their folders."""

from __future__ import annotations

from pathlib import Path

from injerto.artifact.folder import load
from injerto.artifact.place import is_model
from injerto.errors import ArtifactError
from injerto.recipes.recipe import is_recipe, load_recipe
from injerto.web.served import Served


def shelf_of(folder: Path) -> dict[str, Served]:
    """The model or recipe in `folder`, or all that stand in it side by side.

    *Raises* ArtifactError when there is none, or one cannot be read.
    """
    if is_model(folder) or is_recipe(folder):
        return {_name(folder): opened(folder)}
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [one for one in inside if not one.name.startswith(".") and one.is_dir() and (is_model(one) or is_recipe(one))]
    if not found:
        if folder.is_dir():
            raise ArtifactError(f"'{folder}' is no model, and holds none. Give a folder that `injerto train --out` wrote.")
        load(folder)  # says what stands there instead
    return {_name(one): opened(one) for one in found}


def opened(folder: Path) -> Served:
    """The model or recipe in `folder`."""
    if is_recipe(folder):
        recipe = load_recipe(folder)
        return Served(_name(folder), recipe.identifier.artifact, recipe)
    return Served(_name(folder), load(folder))


def _name(folder: Path) -> str:
    return folder.absolute().name or folder.resolve().name
