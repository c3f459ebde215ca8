"""Photos that are unlike anything seen, by a model of right whales: other whales, other things, spoilt photos of whales.

    python benchmarks/whales.py --newcomers 30 --seed 1 --out whales.model
    python benchmarks/unlike_photos.py whales.model --newcomers 30 --seed 1

Of each: the share whose familiarity is 0.05 or less, as `injerto predict --unlike` marks them. Of whales held out it should be
0.05. A model that keeps no reference yet gets the one that training would have given it.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from machine import machine
from PIL import Image, ImageEnhance, ImageFilter
from whales import DATA, whales

import injerto
from injerto.photos import photos_of
from injerto.progress import Silent
from injerto.reference.fit import fit_photo_reference
from injerto.table.table import Table

PHOTOS = 100
"""Of each kind of other things, and of whales that are spoilt."""
OTHERS = {
    "antelopes": "nyala/photos/**/*.[jJ]*",
    "ants and bees": "ants_bees/*/*.jpg",
    "faces": "faces/photos/*",
}
SPOILT: dict[str, Callable[[Image.Image], Image.Image]] = {
    "a third of the light": lambda photo: ImageEnhance.Brightness(photo).enhance(0.35),
    "blurred by 5 pixels": lambda photo: photo.filter(ImageFilter.GaussianBlur(5)),
    "turned by a quarter": lambda photo: photo.rotate(90),
    "half the size, and back": lambda photo: photo.resize((112, 112)).resize(photo.size),
}


def main() -> None:
    """Ask, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--newcomers", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA.parent)
    chosen = parser.parse_args()
    model, random = injerto.load(chosen.model), np.random.default_rng(chosen.seed)
    table, tested = whales(chosen.data / "right_whales", chosen.newcomers, chosen.seed)
    if model.artifact.reference is None:
        remember(model, table)
    known = model.network.targets["whale"].known_individuals
    held, there = table.take(np.flatnonzero(tested)), table.frame["whale"].is_in(known).to_numpy()[tested]
    asked = {"whales, held out": held.take(np.flatnonzero(there)), "whales never seen": held.take(np.flatnonzero(~there))}
    for name, pattern in OTHERS.items():
        files = sorted(chosen.data.glob(pattern))
        some = [str(files[place]) for place in random.permutation(len(files))[:PHOTOS]]
        asked[name] = Table.of({"photo": some})
    some = random.permutation(np.flatnonzero(there))[:PHOTOS]
    for name, change in SPOILT.items():
        cells = [jpeg(change(Image.open(held.folder / held.frame["photo"][int(place)]))) for place in some]
        asked[name] = Table.of(pl.DataFrame({"photo": cells}))
    print(f"{machine()}\n\n| photos | number | unlike anything seen |\n|---|---|---|")
    for name, rows in asked.items():
        found = model.predict(rows.take(np.arange(len(rows)))).unlike
        assert found is not None
        print(f"| {name} | {found.judged} | {found.flagged.sum() / found.judged:.3f} |", flush=True)


def remember(model: injerto.Model, table: Table) -> None:
    """What training keeps of the photos that taught."""
    rows = model.artifact.rows
    photos = photos_of(model.network, table, progress=Silent())
    taught = np.concatenate([rows.train, rows.tune])
    model.artifact.reference = fit_photo_reference(
        model.network, photos, taught, np.arange(len(table)), seed=model.schema.training.seed
    )


def jpeg(photo: Image.Image) -> bytes:
    """The bytes of a file."""
    buffer = io.BytesIO()
    photo.convert("RGB").save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
