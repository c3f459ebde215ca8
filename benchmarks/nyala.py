"""Nyala antelopes: other animals than trained on, found again among their own photos, none of the same sighting.

    python benchmarks/nyala.py
    python benchmarks/nyala.py --seed 1 --minutes 10

Half of the animals test. Their photos are put into the gallery without training, and each is looked for there: photos of its
own sighting are left out, and those of the other flank. The frozen network is asked the same: cosines of its pooled features to
the nearest photo.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
import torch
from machine import machine
from torch import Tensor
from torch.nn import functional

import injerto
from injerto.backbones.frozen import extract
from injerto.backbones.suited import suited
from injerto.backbones.weights import load
from injerto.features.declared import features_of
from injerto.gallery.asked import Asked
from injerto.gallery.gallery import Gallery
from injerto.gallery.precision import average_precision
from injerto.heads.individual_column import asked_in, individual_column
from injerto.progress import Silent
from injerto.schema.schema import Input, Target
from injerto.schema.wishes import Wishes, declare
from injerto.table.table import Table

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "nyala"
TARGET = Target(kind="individual", photo="photo", sighting="sighting", flank="flank")


def main() -> None:
    """Train, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=None)
    parser.add_argument("--epochs", type=int, default=None)
    parser.add_argument("--detail", default=None, choices=["fine", "loose", "coarse"], help="chosen by tune rows if left out")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    table = Table.read(chosen.data / "photos.csv")
    animals = sorted(set(table.column("animal").values.to_list()))
    tests = np.random.default_rng(chosen.seed).permutation(animals)[: len(animals) // 2]
    apart = table.column("animal").values.is_in(tests.tolist()).to_numpy()
    rest = table.take(np.flatnonzero(~apart))
    wishes = Wishes(
        targets=["animal:individual"],
        group="animal",
        seed=chosen.seed,
        budget_seconds=None if chosen.minutes is None else 60 * chosen.minutes,
    )
    schema = declare(rest, wishes)
    split = schema.split.model_copy(update={"test_share": 0.0})
    training = schema.training.model_copy(update={"epochs": chosen.epochs})
    animal = schema.targets["animal"].model_copy(update={"detail": chosen.detail})
    schema = schema.model_copy(update={"targets": {"animal": animal}, "split": split, "training": training})
    started = perf_counter()
    model = injerto.train(rest, schema=schema)
    minutes = (perf_counter() - started) / 60
    test = table.take(np.flatnonzero(apart))
    model.artifact.gallery = Gallery.empty(model.gallery.width, model.gallery.made_by, model.gallery.likeness)
    model.gallery_add(test)
    figures = model.evaluate(test).targets["animal"].figures
    (history,) = model.artifact.histories
    print(f"{machine()}\n\n{len(tests)} animals, {len(test)} photos test; {minutes:.1f} minutes of training, ", end="")
    print(f"{model.network.head.detail_} marks, {len(history.epochs)} epochs; training loss by epoch:")
    print([round(epoch.train_loss, 3) for epoch in history.epochs], "\n")
    print("| | rank-1 | map |\n|---|---|---|")
    rank1, precision = frozen(test)
    print(f"| frozen features | {rank1:.3f} | {precision:.3f} |")
    print(f"| trained | {figures['top1']:.3f} | {figures['map']:.3f} |")
    print(f"| times | {figures['top1'] / rank1:.1f} | {figures['map'] / precision:.1f} |")


def frozen(table: Table) -> tuple[float, float]:
    """Rank-1 and mean average precision of the default network's pooled features, for the same queries and the same gallery."""
    (feature,) = features_of({"photo": Input(kind="image")})
    feature = suited(feature).fit(table.column("photo"))
    vectors: Tensor = extract(feature, table.column("photo"), load(feature.backbone_), cache=None, progress=Silent()).values
    vectors = functional.normalize(vectors, dim=1)
    column = individual_column("animal", table, TARGET)
    asked: Asked = asked_in(column)
    parts = column.values.struct
    photos = pl.DataFrame(
        {
            "individual": parts.field("name"),
            "photo": table.column("photo").values,
            "sighting": parts.field("sighting"),
            "flank": parts.field("flank"),
            "digest": parts.field("digest"),
        }
    )
    gallery = Gallery.empty(vectors.shape[1]).added(photos, vectors).gallery
    names = parts.field("name").to_list()
    precision = average_precision(gallery.index, vectors, asked, names)
    judged = ~precision.isnan()
    ranking = gallery.search(vectors, asked, len(gallery.individuals))
    nearest = ranking.nearest.nan_to_num(-1.0).argmax(dim=1, keepdim=True)
    codes = ranking.codes.gather(1, nearest)[:, 0].tolist()
    right = torch.tensor([code >= 0 and gallery.individuals[code] == name for code, name in zip(codes, names, strict=True)])
    return float(right[judged].double().mean()), float(precision[judged].mean())


if __name__ == "__main__":
    main()
