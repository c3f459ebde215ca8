"""Small photos of made-up animals: coloured spots on a flank, at places of their own for each, and the table of who is who."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from PIL import Image

Columns = dict[str, list[Any]]

SIDE = 96
SPOTS = 7
"""Of an animal."""
_MARGIN = 14


def marks_of(animal: int, flank: str = "left") -> tuple[np.ndarray, np.ndarray]:
    """Places (7,2) in pixels and colours (7,3) of an animal's spots on one side, always the same ones."""
    generator = np.random.default_rng([animal, flank == "right"])
    return generator.uniform(_MARGIN, SIDE - _MARGIN, (SPOTS, 2)), generator.uniform(0, 255, (SPOTS, 3))


def photo_of(animal: int, generator: np.random.Generator, flank: str = "left") -> np.ndarray:
    """Levels (96,96,3) uint8 of a photo in which the animal is shifted a little, in some light and noise."""
    places, colours = marks_of(animal, flank)
    x, y = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    levels = np.full((SIDE, SIDE, 3), 110.0)
    for (to_x, to_y), colour in zip(places + generator.uniform(-3, 3, 2), colours, strict=True):
        cover = np.clip(7.5 - np.hypot(x - to_x, y - to_y), 0, 1)[:, :, None]
        levels = levels * (1 - cover) + colour * cover
    levels = levels * generator.uniform(0.85, 1.15) + generator.normal(0, 5, levels.shape)
    return np.clip(levels, 0, 255).astype(np.uint8)


def animals(folder: Path, individuals: int = 8, each: int = 6, seed: int = 0, first: int = 0) -> Columns:
    """Write the photos 00-0.png and so on, `each` of every animal from number `first` on.

    Columns photo, animal, sighting (of two photos each), flank (left) and size, which follows from who it is.
    """
    generator = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    found: Columns = {"photo": [], "animal": [], "sighting": [], "flank": [], "size": []}
    for animal in range(first, first + individuals):
        for number in range(each):
            name = f"{animal:02d}-{number}.png"
            Image.fromarray(photo_of(animal, generator)).save(folder / name)
            cells = (name, f"animal {animal:02d}", f"{animal:02d} day {number // 2}", "left", "big" if animal % 2 else "small")
            for column, value in zip(found, cells, strict=True):
                found[column].append(value)
    return found


def written(folder: Path, columns: Columns, name: str = "animals.csv") -> Path:
    """The columns as a table."""
    pl.DataFrame(columns, strict=False).write_csv(folder / name)
    return folder / name
