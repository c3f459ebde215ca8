"""Small tables made in a test: enough to learn something, not enough to wait for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
from PIL import Image

import injerto


def birds(rows: int, seed: int = 0) -> pl.DataFrame:
    """Number, category, date and a class that follows from them, with some cells empty."""
    generator = np.random.default_rng(seed)
    species = generator.choice(["jay", "owl", "wren"], size=rows)
    mass = np.where(species == "wren", 10.0, np.where(species == "jay", 160.0, 400.0)) * generator.uniform(0.3, 3.0, rows)
    night = (species == "owl") ^ (generator.random(rows) < 0.1)
    day = dt.date(2024, 1, 1)
    return pl.DataFrame(
        {
            "mass_g": [None if generator.random() < 0.05 else float(value) for value in mass],
            "hour": np.where(night, "night", "day"),
            "seen": [day + dt.timedelta(days=int(days)) for days in generator.integers(0, 365, rows)],
            "species": species,
        }
    )


def partly_named(folder: Path) -> Path:
    """`folder` with a table of birds, of whom some have no name, and its schema of 12 epochs."""
    frame = birds(400).with_columns(species=pl.when(pl.int_range(pl.len()) % 7 > 0).then("species"))
    frame.write_csv(folder / "birds.csv")
    (folder / "birds.toml").write_text(birds_schema(epochs=12).to_toml(), encoding="utf-8")
    return folder


def birds_schema(epochs: int) -> injerto.Schema:
    """What `birds` holds, declared."""
    return injerto.Schema(
        inputs={
            "mass_g": injerto.Input(kind="number"),
            "hour": injerto.Input(kind="category"),
            "seen": injerto.Input(kind="date"),
        },
        targets={"species": injerto.Target(kind="class")},
        training=injerto.Training(epochs=epochs, seed=1),
    )


def photo_folder(folder: Path, each: int = 12, seed: int = 0) -> Path:
    """A folder per class, `red` and `green`: noisy photos of 40 x 50 pixels with a tint."""
    generator = np.random.default_rng(seed)
    for name, channel in {"red": 0, "green": 1}.items():
        (folder / name).mkdir(parents=True)
        for index in range(each):
            pixels = generator.integers(0, 160, (40, 50, 3))
            pixels[:, :, channel] += 90
            Image.fromarray(pixels.astype(np.uint8)).save(folder / name / f"{index:02d}.png")
    return folder
