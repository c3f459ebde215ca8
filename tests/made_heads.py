"""Small photos of made-up animals, each with a head of a colour of its own at any angle, and the table of box and points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from PIL import Image

SIZE = 64, 48
COLOURS = {"ash": (200, 60, 60), "bo": (60, 200, 60), "cy": (70, 90, 220), "dot": (210, 200, 60)}
MARKS = ("box_x", "box_y", "box_width", "box_height", "nose_x", "nose_y", "nape_x", "nape_y")


def heads(folder: Path, count: int = 40, seed: int = 0) -> pl.DataFrame:
    """Write the photos 000.png and so on; columns photo, animal, and those of `MARKS`."""
    generator = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = []
    for row in range(count):
        animal = list(COLOURS)[row % len(COLOURS)]
        middle = generator.uniform((18, 16), (SIZE[0] - 18, SIZE[1] - 16))
        angle, length = generator.uniform(-np.pi, np.pi), generator.uniform(9, 12)
        toward = np.array([np.cos(angle), np.sin(angle)])
        photo_of(animal, middle, toward, length, generator).save(folder / f"{row:03d}.png")
        half = np.hypot(length * toward, 0.5 * length * toward[::-1])
        box = [*(middle + 0.5 - half), *(2 * half)]
        marks = dict(zip(MARKS, [*box, *(middle + toward * length * 0.6), *(middle - toward * length * 0.4)], strict=True))
        rows.append(
            {"photo": f"{row:03d}.png", "animal": animal} | {key: round(float(value), 2) for key, value in marks.items()}
        )
    return pl.DataFrame(rows)


def photo_of(animal: str, middle: np.ndarray, toward: np.ndarray, length: float, generator: np.random.Generator) -> Image.Image:
    """An ellipse in the animal's colour on dark water, with a white nose."""
    x, y = np.meshgrid(np.arange(SIZE[0]) - middle[0], np.arange(SIZE[1]) - middle[1])
    along, across = x * toward[0] + y * toward[1], y * toward[0] - x * toward[1]
    head = (along / length) ** 2 + (across / (0.5 * length)) ** 2 < 1
    nose = np.hypot(along - 0.6 * length, across) < 0.28 * length
    levels = np.full((SIZE[1], SIZE[0], 3), 50.0)
    levels[head] = COLOURS[animal]
    levels[nose] = 250
    return Image.fromarray(np.clip(levels + generator.normal(0, 4, levels.shape), 0, 255).astype(np.uint8))
