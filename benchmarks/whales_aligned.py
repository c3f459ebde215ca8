"""What alignment gains: the same identifier on whole photos, on upright boxes around the head, and on passport photos.

    python benchmarks/whales_data.py benchmarks/out/whales
    OMP_NUM_THREADS=1 python benchmarks/whales_locate.py benchmarks/out/whales
    OMP_NUM_THREADS=1 python benchmarks/whales_aligned.py benchmarks/out/whales

Photos are made, of whales with ten photos or more: each crop of a whale lies once on water of its own, at any angle, as large
as heads are in the data. A fifth of each whale's crops is held out; these taught neither the locator nor the pointer. The
identifier learns from marked boxes and points, and is asked of held-out photos as marked and as found, as in the recipe.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
import torch
from machine import machine
from PIL import Image
from whales_data import DATA, held_out, in_full_size, written
from whales_data import photos as crops_of
from whales_locate import PHOTO, POINTS, parts

import injerto
from injerto.features.whole_photo import cut
from injerto.model import Model, load
from injerto.progress import Silent
from injerto.recipes.locator import locate, locator_scores
from injerto.recipes.marks import mark_columns, read_marks
from injerto.recipes.passports import passports
from injerto.recipes.pointer import point, pointer_scores
from injerto.recipes.second_look import look_of
from injerto.schema.wishes import Wishes, declare
from injerto.table.framing import square_of
from injerto.table.passport import Frame
from injerto.table.picture_size import PictureSize
from injerto.table.table import Table

FEWEST = 10
"""Photos that a whale must have, and so many of them are used."""
FIGURES = ("top1", "top5", "map", "log_loss")


@dataclass(frozen=True)
class Way:
    """One way to show the identifier who is there: pictures to learn from, and how the held-out ones are asked."""

    name: str
    marked: list[bytes | str | None]
    found: list[bytes | str | None]


def main() -> None:
    """Make, find, learn three times, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("made", type=Path, help="where whales_data.py wrote its photos, and whales_locate.py its models")
    parser.add_argument("--whales", type=int, default=40)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    print(machine())
    folder = chosen.made / f"named_{chosen.whales}_{chosen.seed}"
    table = named(folder, chosen.whales, chosen.seed, chosen.data)
    apart = (table.frame["part"] == "test").to_numpy()
    print(f"{len(table)} photos of {table.frame['whale'].n_unique()} whales, {apart.sum()} held out", flush=True)
    ways = shown(chosen.made, table, apart)
    print(f"| shown | held out | {' | '.join(FIGURES)} | seconds |\n|{'---|' * (len(FIGURES) + 3)}")
    for way in ways:
        started = perf_counter()
        model = identifier(
            table, way, folder / "models" / way.name.replace(",", "").replace(" ", "_"), chosen.epochs, chosen.seed
        )
        seconds = perf_counter() - started
        for held, pictures in (("as marked", way.marked), ("as found", way.found)):
            if pictures is not way.marked or held == "as marked":
                print(
                    f"| {way.name} | {held} | {' | '.join(figures(model, table, pictures, apart))} | {seconds:.0f} |",
                    flush=True,
                )


def named(folder: Path, whales: int, seed: int, data: Path) -> Table:
    """Made photos of so many whales, with who it is, box, points, and `part`, train or test."""
    crops = crops_of(data)
    apart, usable = held_out(crops["whale"]), ~in_full_size(crops)
    generator = np.random.default_rng(seed)
    counts = crops.filter(pl.Series(usable))["whale"].value_counts().filter(pl.col("count") >= FEWEST)["whale"].sort()
    rows: dict[str, list[int]] = {"train": [], "test": []}
    for whale in counts.sample(whales, seed=seed, shuffle=True):
        own = np.flatnonzero(usable & (crops["whale"] == whale).to_numpy())
        test = own[apart[own]]
        rows["test"] += test.tolist()
        rows["train"] += generator.permutation(own[~apart[own]])[: FEWEST - len(test)].tolist()
    (folder / "photos").mkdir(parents=True, exist_ok=True)
    lines = [
        line | {"part": part}
        for part, drawn in rows.items()
        for line in written(folder, f"photos/{part}", crops, drawn, seed=[seed, 2, part == "test"], data=data)
    ]
    return Table.of(pl.DataFrame(lines), folder=folder)


def shown(models: Path, table: Table, apart: np.ndarray) -> list[Way]:
    """The ways to show each photo: as marked, and held-out ones as found."""
    locator, pointer = load(models / "locator"), load(models / "pointer")
    taught = Table.read(models / "photos.csv")
    marks = read_marks(taught, PHOTO, mark_columns(taught.columns, points=POINTS))
    train = (parts(taught) == "train").to_numpy()
    look = look_of(marks.box[train], marks.points[train])
    marks = read_marks(table, PHOTO, mark_columns(table.columns, points=POINTS))
    photos, rows = table.column(PHOTO), np.flatnonzero(apart)
    box, points = marks.box.copy(), marks.points.copy()
    box[rows] = locate(locator, photos.take(rows)).box
    points[rows] = point(pointer, photos.take(rows), box[rows], look).points
    print("box of held-out photos   ", locator_scores(box[rows], marks.box[rows]))
    print("points of held-out photos", pointer_scores(points[rows], marks.points[rows]), flush=True)
    whole: list[bytes | str | None] = [str(name) for name in table.frame[PHOTO]]
    return [
        Way("whole photo", whole, whole),
        Way("box, upright", boxed(table, marks.box, "marked"), boxed(table, box, "found")),
        Way("passport photo", aligned(table, marks.points), aligned(table, points)),
    ]


def boxed(table: Table, box: np.ndarray, name: str) -> list[bytes | str | None]:
    """The squares around boxes (N,4), written as files."""
    names: list[bytes | str | None] = []
    (table.folder / "boxes").mkdir(exist_ok=True)
    for row, photo in enumerate(table.frame[PHOTO]):
        pixels = np.array(Image.open(table.folder / photo).convert("RGB"))
        left, top, width, height = (float(edge) for edge in box[row])
        square = square_of(PictureSize(pixels.shape[1], pixels.shape[0]), (left, top, width, height))
        names.append(f"boxes/{name}_{row:05d}.jpg")
        picture = Image.fromarray(cut(torch.from_numpy(pixels), *square).numpy())
        picture.save(table.folder / str(names[-1]), quality=92)
    return names


def aligned(table: Table, points: np.ndarray) -> list[bytes | str | None]:
    """The recipe's passport photos of points (N,2,2)."""
    pictures: list[bytes | str | None] = [None] * len(table)
    for row, picture, _ in passports(table.column(PHOTO), points, np.arange(len(table)), Frame(), Silent()):
        pictures[row] = picture
    return pictures


def identifier(table: Table, way: Way, place: Path, epochs: int, seed: int) -> Model:
    """Learned from the marked pictures, with the held-out ones as its test rows."""
    asked = frame_of(table, way.marked).with_columns(table.frame["part"])
    wishes = Wishes(targets=["whale:individual"], inputs=["picture:image"], split="part", seed=seed)
    schema = declare(Table.of(asked, folder=table.folder), wishes)
    whale = schema.targets["whale"].model_copy(update={"detail": "fine"})
    training = schema.training.model_copy(update={"epochs": epochs})
    schema = schema.model_copy(update={"targets": {"whale": whale}, "training": training})
    return injerto.train(Table.of(asked, folder=table.folder), schema=schema, out=place, force=True)


def figures(model: Model, table: Table, pictures: list[bytes | str | None], apart: np.ndarray) -> list[str]:
    """Figures of the held-out rows as they are pictured."""
    asked = Table.of(frame_of(table, pictures).filter(pl.Series(apart)), folder=table.folder)
    found = model.evaluate(asked).targets["whale"].figures
    return [f"{found[name]:.3f}" for name in FIGURES]


def frame_of(table: Table, pictures: list[bytes | str | None]) -> pl.DataFrame:
    """Pictures, files or bytes of files, beside who they show."""
    kind = pl.Binary if any(isinstance(one, bytes) for one in pictures) else pl.String
    return pl.DataFrame({"picture": pl.Series(pictures, dtype=kind), "whale": table.frame["whale"]})


if __name__ == "__main__":
    main()
