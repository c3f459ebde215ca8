"""3,343 faces, 1 % of whose labels are made wrong on purpose: how many are found, and how much else is listed?

Three ways of making them wrong, each for itself: points of a pair exchanged, a point moved by ten pixels, x and y exchanged in
whole rows. Found by the ridge on frozen features alone; the labels that teach it are as wrong as those that are looked for, and
rows of one person never tell each other. Precision takes all else for right, though the faces have errors of their own.

    python benchmarks/label_errors.py --table FACES.csv
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from machine import machine

import injerto
from injerto.learning.division import divide
from injerto.learning.frozen_points import photo_features
from injerto.learning.ridge_points import RidgePoints, ridge_points
from injerto.learning.suspects import MOST, Suspect, suspects_of
from injerto.metrics.keypoints import keypoints_metrics
from injerto.photos import photos_of
from injerto.progress import Silent
from injerto.schema.wishes import Wishes, declare
from injerto.table.framing import framing_of
from injerto.train_points import point_network

SHARE = 0.01
MOVED_PIXELS = 10
SEED = 0
ALL = 10**6


class Faces:
    """The faces with their frozen features: labels (N,K,2) in pixels, and what they are judged by."""

    def __init__(self, path: Path) -> None:
        table = injerto.Table.read(path)
        schema = declare(table, Wishes(keypoints=True, group="person"))
        self.division = divide(table, schema, Silent())
        network = point_network(table, schema, self.division)
        photos = photos_of(network, table, progress=Silent())
        started = time.process_time()
        self.features = photo_features(network.pyramid, photos, torch.arange(len(table)), Silent())
        self.seconds = time.process_time() - started
        self.framing = framing_of(table.column("photo"))
        self.points, self.pairs = network.head.points, network.head.options.mirror
        self.pixels = self.framing.pixels_of(network.head.encode(network.head.column(table)).value[:, :, :2].double().numpy())
        self.middle = self.framing.pixels_of(network.head.baseline(len(table))[:, :, :2].numpy())

    def told(self, pixels: np.ndarray) -> RidgePoints:
        """What the ridge tells of labels (N,K,2) in pixels."""
        teaches = np.isin(np.arange(len(pixels)), np.concatenate([self.division.rows.train, self.division.rows.tune]))
        unit = torch.from_numpy(self.framing.unit_of(pixels)).float()
        found = ridge_points(self.features, unit, self.division.unit, teaches, seed=SEED)
        assert found is not None
        return found

    def suspects(self, pixels: np.ndarray, most: int = ALL) -> list[Suspect]:
        """What is listed of labels (N,K,2) in pixels."""
        told = self.told(pixels).xy_unit.numpy()
        return suspects_of(self.framing.unit_of(pixels), told, self.framing, self.points, pairs=self.pairs, most=most)


def exchanged_pairs(faces: Faces, generator: np.random.Generator) -> np.ndarray:
    """Labels (N,K,2), one pair in some rows exchanged."""
    pixels = faces.pixels.copy()
    couples = [[faces.points.index(name) for name in pair] for pair in faces.pairs]
    known = ~np.isnan(pixels[:, :, 0])
    cases = [(row, couple) for couple in couples for row in np.flatnonzero(known[:, couple].all(axis=1))]
    for case in generator.choice(len(cases), int(SHARE * known.sum()) // 2, replace=False):
        row, couple = cases[case]
        pixels[row, couple] = pixels[row, couple[::-1]]
    return pixels


def moved_points(faces: Faces, generator: np.random.Generator) -> np.ndarray:
    """Labels (N,K,2), some moved by ten pixels any way."""
    pixels = faces.pixels.copy()
    cases = np.argwhere(~np.isnan(pixels[:, :, 0]))
    cases = cases[generator.choice(len(cases), int(SHARE * len(cases)), replace=False)]
    angle = generator.uniform(0, 2 * np.pi, len(cases))
    pixels[cases[:, 0], cases[:, 1]] += MOVED_PIXELS * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return pixels


def exchanged_axes(faces: Faces, generator: np.random.Generator) -> np.ndarray:
    """Labels (N,K,2), x and y exchanged in some rows."""
    pixels = faces.pixels.copy()
    known = (~np.isnan(pixels[:, :, 0])).sum(axis=1)
    order = generator.permutation(len(pixels))
    rows = order[: np.searchsorted(np.cumsum(known[order]), SHARE * known.sum()) + 1]
    pixels[rows] = pixels[rows, :, ::-1]
    return pixels


WAYS: dict[str, tuple[Callable[[Faces, np.random.Generator], np.ndarray], str]] = {
    "points of a pair exchanged": (exchanged_pairs, "and"),
    "a point moved by 10 pixels": (moved_points, "times"),
    "x and y exchanged in a row": (exchanged_axes, "x and y"),
}
"""By what was done: how, and what a reason that tells it begins or goes on with."""


@dataclass(frozen=True)
class Count:
    """Labels made wrong, listed, both, both with the right reason; listed and found in a list as a model keeps it; rows."""

    wrong: int
    listed: int
    found: int
    explained: int
    first: int
    first_found: int
    rows: int
    found_rows: int


def count(faces: Faces, way: str, seed: int) -> Count:
    """Make labels wrong and look for them."""
    make, words = WAYS[way]
    pixels = make(faces, np.random.default_rng(seed))
    wrong = np.linalg.norm(pixels - faces.pixels, axis=2) > 0
    listed = faces.suspects(pixels)
    hits = [one for one in listed if wrong[one.row, faces.points.index(one.point)]]
    kept = set(listed[:MOST])
    found_rows = {one.row for one in hits}
    return Count(
        wrong=int(wrong.sum()),
        listed=len(listed),
        found=len(hits),
        explained=sum(one.reason.startswith("x and y") if words == "x and y" else words in one.reason for one in hits),
        first=len(kept),
        first_found=len(kept & set(hits)),
        rows=int(wrong.any(axis=1).sum()),
        found_rows=len(found_rows),
    )


def main() -> None:
    """Measure every way and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(__file__).parents[2] / "shared" / "data" / "faces" / "faces.csv"
    parser.add_argument("--table", type=Path, default=shared)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    faces = Faces(options.table)
    started = time.process_time()
    ridge = faces.told(faces.pixels)
    seconds = time.process_time() - started
    known = int((~np.isnan(faces.pixels[:, :, 0])).sum())
    places = faces.framing.pixels_of(ridge.xy_unit.double().numpy())
    print(f"{machine()}, {torch.get_num_threads()} thread(s)\n\n{len(faces.pixels):,} photos, {known:,} labels.")
    print(f"Frozen features {faces.seconds:.1f} s of CPU time, ridge {seconds:.1f} s, taught by {ridge.rows:,} rows.\n")
    rows = faces.division.rows.test
    print("| on the test rows | rmse, pixels |\n|---|---|")
    for name, told in (("the mean place", faces.middle), ("ridge on frozen features", places)):
        print(f"| {name} | {_rmse(faces.pixels[rows], told[rows]):.3f} |")
    clean = faces.suspects(faces.pixels)
    print(f"\nAs they are: {len(clean)} labels listed, {len(clean) / known:.2%}.\n")
    columns = (
        "made wrong",
        "labels",
        "listed",
        "precision",
        "recall",
        "rows found",
        "right reason",
        "precision of the first 200",
    )
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for way in WAYS:
        counts = [count(faces, way, seed) for seed in range(options.seeds)]
        wrong, listed, found = (sum(vars(one)[name] for one in counts) for name in ("wrong", "listed", "found"))
        found_rows = sum(one.found_rows for one in counts) / sum(one.rows for one in counts)
        explained = sum(one.explained for one in counts) / found
        first = sum(one.first_found for one in counts) / sum(one.first for one in counts)
        shares = (found / listed, found / wrong, found_rows, explained, first)
        print(f"| {way} | {wrong} | {listed} | " + " | ".join(f"{share:.2f}" for share in shares) + " |")


def _rmse(truth: np.ndarray, places: np.ndarray) -> float:
    rest = np.full((*truth.shape[:2], 3), np.nan)
    return keypoints_metrics(np.concatenate([truth, rest[:, :, :2]], axis=2), np.concatenate([places, rest], axis=2))["rmse_px"]


if __name__ == "__main__":
    main()
