"""Small photos with a bright and a dark dot, and the table of where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from PIL import Image

Columns = dict[str, list[Any]]


def photo_of(left: tuple[float, float], right: tuple[float, float], size: tuple[int, int], noise: np.ndarray) -> Image.Image:
    """A grey photo of `size`, width and height, with a bright dot at `left` and a dark one at `right`."""
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    levels = 70 + noise
    for (to_x, to_y), height in ((left, 180), (right, -65)):
        levels = levels + height * np.exp(-((x - to_x) ** 2 + (y - to_y) ** 2) / 6)
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8)).convert("RGB")


def dots(folder: Path, count: int = 40, size: tuple[int, int] = (32, 32), seed: int = 0) -> Columns:
    """Write the photos 000.png and so on; columns photo, left_x, left_y, right_x, right_y."""
    generator = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    found: Columns = {"photo": [], "left_x": [], "left_y": [], "right_x": [], "right_y": []}
    for row in range(count):
        left, right = (tuple(generator.uniform(4, np.array(size) - 5).round(2).tolist()) for _ in range(2))
        photo_of(left, right, size, generator.normal(0, 6, size[::-1])).save(folder / f"{row:03d}.png")
        for name, value in zip(found, (f"{row:03d}.png", *left, *right), strict=True):
            found[name].append(value)
    return found


def written(folder: Path, columns: Columns, name: str = "dots.csv") -> Path:
    """The columns as a table."""
    pl.DataFrame(columns, strict=False).write_csv(folder / name)
    return folder / name
