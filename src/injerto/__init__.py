"""From one table of numbers, categories, dates, photos and sounds to a model a person can trust.

Example:
    >>> import injerto
    >>> birds = {"mass_g": [9, 10, 11, 61, 62, 63], "species": ["wren", "wren", "wren", "jay", "jay", "jay"]}
    >>> injerto.Table.of(birds).columns
    ['mass_g', 'species']
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from injerto.errors import InjertoError
from injerto.imports import uncollected
from injerto.version import __version__

if TYPE_CHECKING:
    from injerto.backbones.catalogue import CATALOGUE, Entry
    from injerto.backbones.weights import find as find_backbone
    from injerto.backbones.weights import get as get_backbone
    from injerto.backbones.weights import ready as backbone_ready
    from injerto.clips.clips import Clips
    from injerto.clips.cut import clips
    from injerto.clips.rule import ClipRule
    from injerto.events.rule import EventRule
    from injerto.listening.found import Events
    from injerto.model import Model, drift, load
    from injerto.progress import Progress
    from injerto.recipes.individuals import train_recipe
    from injerto.recipes.recipe import Recipe, is_recipe, load_recipe
    from injerto.recipes.wishes import RecipeWishes
    from injerto.schema.check import CheckReport, check
    from injerto.schema.infer import infer
    from injerto.schema.schema import Input, Schema, Split, Target, Training
    from injerto.schema.wishes import Wishes, declare
    from injerto.table.corrected import corrected as correct
    from injerto.table.keypoints.write_coco import write_coco
    from injerto.table.keypoints.write_deeplabcut import write_deeplabcut
    from injerto.table.long_table import LongTable
    from injerto.table.opened import opened as open_table
    from injerto.table.table import Table
    from injerto.together import lead
    from injerto.train_model import train
    from injerto.web.limits import Limits as ServeLimits
    from injerto.web.serve import serve
    from injerto.web.studio.studio import studio
    from injerto.web.studio.uploads import Sizes as StudioSizes

__all__ = [
    "CATALOGUE",
    "CheckReport",
    "ClipRule",
    "Clips",
    "Entry",
    "EventRule",
    "Events",
    "InjertoError",
    "Input",
    "LongTable",
    "Model",
    "Progress",
    "Recipe",
    "RecipeWishes",
    "Schema",
    "ServeLimits",
    "Split",
    "StudioSizes",
    "Table",
    "Target",
    "Training",
    "Wishes",
    "__version__",
    "backbone_ready",
    "check",
    "clips",
    "correct",
    "declare",
    "drift",
    "find_backbone",
    "get_backbone",
    "infer",
    "is_recipe",
    "lead",
    "load",
    "load_recipe",
    "open_table",
    "serve",
    "studio",
    "train",
    "train_recipe",
    "write_coco",
    "write_deeplabcut",
]

# Where each public name lives. Nothing is imported before it is asked for, so that `import injerto` costs almost nothing.
_PLACES = {
    "CATALOGUE": ("injerto.backbones.catalogue", "CATALOGUE"),
    "CheckReport": ("injerto.schema.check", "CheckReport"),
    "ClipRule": ("injerto.clips.rule", "ClipRule"),
    "Clips": ("injerto.clips.clips", "Clips"),
    "Entry": ("injerto.backbones.catalogue", "Entry"),
    "EventRule": ("injerto.events.rule", "EventRule"),
    "Events": ("injerto.listening.found", "Events"),
    "Input": ("injerto.schema.schema", "Input"),
    "LongTable": ("injerto.table.long_table", "LongTable"),
    "Model": ("injerto.model", "Model"),
    "Progress": ("injerto.progress", "Progress"),
    "Recipe": ("injerto.recipes.recipe", "Recipe"),
    "RecipeWishes": ("injerto.recipes.wishes", "RecipeWishes"),
    "Schema": ("injerto.schema.schema", "Schema"),
    "ServeLimits": ("injerto.web.limits", "Limits"),
    "Split": ("injerto.schema.schema", "Split"),
    "StudioSizes": ("injerto.web.studio.uploads", "Sizes"),
    "Table": ("injerto.table.table", "Table"),
    "Target": ("injerto.schema.schema", "Target"),
    "Training": ("injerto.schema.schema", "Training"),
    "Wishes": ("injerto.schema.wishes", "Wishes"),
    "check": ("injerto.schema.check", "check"),
    "clips": ("injerto.clips.cut", "clips"),
    "correct": ("injerto.table.corrected", "corrected"),
    "declare": ("injerto.schema.wishes", "declare"),
    "drift": ("injerto.model", "drift"),
    "backbone_ready": ("injerto.backbones.weights", "ready"),
    "find_backbone": ("injerto.backbones.weights", "find"),
    "get_backbone": ("injerto.backbones.weights", "get"),
    "infer": ("injerto.schema.infer", "infer"),
    "is_recipe": ("injerto.recipes.recipe", "is_recipe"),
    "load_recipe": ("injerto.recipes.recipe", "load_recipe"),
    "lead": ("injerto.together", "lead"),
    "load": ("injerto.model", "load"),
    "open_table": ("injerto.table.opened", "opened"),
    "serve": ("injerto.web.serve", "serve"),
    "studio": ("injerto.web.studio.studio", "studio"),
    "train_recipe": ("injerto.recipes.individuals", "train_recipe"),
    "train": ("injerto.train_model", "train"),
    "write_coco": ("injerto.table.keypoints.write_coco", "write_coco"),
    "write_deeplabcut": ("injerto.table.keypoints.write_deeplabcut", "write_deeplabcut"),
}


class _Package(ModuleType):
    """This package. Python hangs a submodule on its package by name; `injerto.train` must stay the function."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _PLACES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"injerto has no '{name}'; its public names are: {', '.join(__all__)}")
    place, inner = _PLACES[name]
    with uncollected():
        found = vars(import_module(place))[inner]
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)


sys.modules[__name__].__class__ = _Package
