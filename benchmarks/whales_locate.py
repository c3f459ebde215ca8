"""Box and points on right whales: a locator and a pointer learn from made photos, then find heads on others and on real ones.

    python benchmarks/whales_data.py benchmarks/out/whales
    OMP_NUM_THREADS=1 python benchmarks/whales_locate.py benchmarks/out/whales

Judged are made photos of crops that taught nothing, and the 19 photos there are in full size, as they are; their crops are in
none of the made photos. Their boxes are drawn by people, so it is printed as well how far the boxes found are from where people
on the whole would have drawn them, given the points, and how far people's are.
"""

from __future__ import annotations

import argparse
from io import BytesIO
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
from machine import machine
from PIL import Image
from whales_boxes import rule
from whales_boxes import told as boxes_told
from whales_data import DATA, drawn_place, full_size, held_out, made_photo
from whales_data import photos as crops_of

from injerto.artifact.place import is_model
from injerto.model import Model, load
from injerto.progress import Silent
from injerto.recipes.box_rule import BoxRule
from injerto.recipes.found import UNSURE_SHARE, Lie, find
from injerto.recipes.locator import locate, locator_schema, locator_scores, locator_table, no_head
from injerto.recipes.marks import Marks, mark_columns, read_marks
from injerto.recipes.pointer import point, pointer_schema, pointer_scores, pointer_table
from injerto.recipes.second_look import look_of
from injerto.schema.schema import Training
from injerto.table.table import Table
from injerto.train_model import train

POINTS = ("bonnet", "blowhead")
PHOTO, SPLIT = "photo", "split"


def main() -> None:
    """Train both, print figures on made and on real photos."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("made", type=Path, help="where whales_data.py wrote its photos")
    parser.add_argument("--models", type=Path, default=None, help="where models are kept, or found; MADE by default")
    parser.add_argument("--locator-epochs", type=int, default=8)
    parser.add_argument("--pointer-epochs", type=int, default=8)
    parser.add_argument("--odd", type=int, default=60, help="photos made of each odd sort: no head, two heads")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    print(machine())
    made = Table.read(chosen.made / "photos.csv")
    marks = read_marks(made, PHOTO, mark_columns(made.columns, points=POINTS))
    folder = chosen.models or chosen.made
    locator = taught(folder / "locator", made, marks, chosen.locator_epochs, chosen.seed, what="locator")
    pointer = taught(folder / "pointer", made, marks, chosen.pointer_epochs, chosen.seed, what="pointer")
    part = parts(made)
    box, points = marks.box[part == "train"], marks.points[part == "train"]
    lie = Lie(look_of(box, points), BoxRule.fit(box, points))
    test = made.take(np.flatnonzero((part == "test").to_numpy()))
    told(locator, pointer, lie, "made photos held out", test)
    real = full_size(chosen.data)
    boxes_told(crops_of(chosen.data))
    told(locator, pointer, lie, "photos in full size", Table.of(real, folder=chosen.data), rule(crops_of(chosen.data))[0])
    odd(locator, chosen.data, chosen.odd)


def parts(made: Table) -> pl.Series:
    """Train, tune or test, for every row; every tenth of the rows that may teach tunes."""
    part = made.frame["part"].to_numpy().astype(object)
    part[np.flatnonzero(part == "train")[::10]] = "tune"
    return pl.Series(SPLIT, part.astype(str))


def odd(locator: Model, data: Path, count: int) -> None:
    """What is said of water without a head, and of two heads on a photo, in place of one."""
    table = crops_of(data)
    rows = np.flatnonzero(held_out(table["whale"]))[:count]
    crops = [np.asarray(Image.open(data / table["photo"][int(row)]).convert("RGB")) for row in rows]
    for name, heads in (("no head", 0), ("one head", 1), ("two heads", 2)):
        cells = []
        for number, crop in enumerate(crops):
            generator = np.random.default_rng([7, heads, number])
            picture = made_photo([crop, crops[number - 1]], [drawn_place(generator) for _ in range(heads)], generator)
            buffer = BytesIO()
            Image.fromarray(picture).save(buffer, "JPEG", quality=92)
            cells.append(buffer.getvalue())
        found = locate(locator, Table.of(pl.DataFrame({PHOTO: cells})).column(PHOTO))
        none = np.array([no_head(there, radius) for there, radius in zip(found.there, found.radius_share, strict=True)])
        doubt, radii = ~none & (found.radius_share > UNSURE_SHARE), np.quantile(found.radius_share, [0.1, 0.5, 0.9]).round(2)
        print(f"{name:10} {len(cells)} photos: told to have none {none.mean():.2f}, in doubt {doubt.mean():.2f};", end=" ")
        print(f"chance of a head, median {np.median(found.there):.2f}; radius in shares of the box {radii}", flush=True)


def taught(place: Path, made: Table, marks: Marks, epochs: int, seed: int, *, what: str) -> Model:
    """The model at `place`, trained there unless it is found."""
    if is_model(place):
        return load(place)
    photos, side = made.column(PHOTO), parts(made)
    training = Training(epochs=epochs, seed=seed)
    if what == "locator":
        table = locator_table(photos, marks.box, side)
        schema = locator_schema(table, SPLIT, training)
    else:
        table = pointer_table(photos, marks.box, marks.points, POINTS, side)
        schema = pointer_schema(table, POINTS, SPLIT, training)
    started = perf_counter()
    model = train(table, schema=schema, out=place)
    print(
        f"{what}: {perf_counter() - started:.0f} s in all, {model.artifact.histories[0].seconds:.0f} s of them learning",
        flush=True,
    )
    return model


def told(locator: Model, pointer: Model, lie: Lie, name: str, table: Table, fitted: BoxRule | None = None) -> None:
    """Figures of each stage by itself, and of the chain; with a rule, of its boxes around the true points."""
    photos = table.column(PHOTO)
    marks = read_marks(table, PHOTO, mark_columns(table.columns, points=POINTS))
    started = perf_counter()
    boxes = locate(locator, photos)
    seconds = perf_counter() - started
    print(f"\n{name}: {len(table)}")
    print("box                       ", locator_scores(boxes.box, marks.box))
    if fitted is not None:
        ruled = fitted.boxes(marks.points)
        print("box, against the rule     ", locator_scores(boxes.box, ruled))
        print("the rule, against people  ", locator_scores(ruled, marks.box))
    for where, box in (("true boxes ", marks.box), ("found boxes", boxes.box)):
        print(f"points in {where}, one look", pointer_scores(point(pointer, photos, box).points, marks.points))
        started = perf_counter()
        chain = point(pointer, photos, box, lie.look)
        spent = perf_counter() - started
        print(f"points in {where}, two     ", pointer_scores(chain.points, marks.points))
    seconds += spent
    whole = find(locator, pointer, photos, Marks.none(len(photos)), lie, Silent()).box
    print("box around points found   ", locator_scores(whole, marks.box))
    if fitted is not None:
        print("the same, against the rule", locator_scores(whole, ruled))
    sure = ~chain.exchanged
    print("  of rows sure of both ends", pointer_scores(chain.points[sure], marks.points[sure]))
    print(f"head in the picture: median {np.median(boxes.there):.3f}, least {boxes.there.min():.3f}")
    print(f"both stages: {len(table) / seconds:.1f} photos/s")
    length = np.linalg.norm(marks.points[:, 0] - marks.points[:, 1], axis=1)
    errors = np.linalg.norm(chain.points - marks.points, axis=2).mean(axis=1) / length
    worst = pl.DataFrame({"photo": table.frame[PHOTO], "error": errors}).sort("error", descending=True).head(5)
    print("farthest off:", ", ".join(f"{photo} {error:.2f}" for photo, error in worst.rows()))


if __name__ == "__main__":
    main()
