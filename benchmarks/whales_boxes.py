"""Where people draw the box around a right whale's head, as a rule in terms of its two points; how far it can be known.

    python benchmarks/whales_boxes.py

A box drawn by hand is not a function of where the points are. The rule is fitted by least squares on half of the annotated
rows, and its boxes are laid over those of the other half: whoever knows the points exactly, and nothing of the person who drew,
comes so far and hardly farther.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from injerto.recipes.box_rule import BoxRule
from injerto.recipes.marks import overlap

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def annotated(table: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Boxes (N,4), left, top, width, height, and points (N,2,2), bonnet and blowhead, in pixels of the original photos."""
    corners = table.select("bbox1_x", "bbox1_y", "bbox2_x", "bbox2_y").to_numpy().reshape(-1, 2, 2)
    low, high = corners.min(axis=1), corners.max(axis=1)
    points = table.select("bonnet_x", "bonnet_y", "blowhead_x", "blowhead_y").to_numpy().reshape(-1, 2, 2)
    return np.concatenate([low, high - low], axis=1), points


def rule(table: pl.DataFrame, seed: int = 0) -> tuple[BoxRule, np.ndarray]:
    """The rule, and which rows (N,) bool taught it: half of those that are not there in full size."""
    box, points = annotated(table)
    taught = (np.random.default_rng(seed).random(len(table)) < 0.5) & (table["full_size"].fill_null("") == "").to_numpy()
    fitted = BoxRule.fit(box[taught], points[taught])
    assert fitted is not None
    return fitted, taught


def told(table: pl.DataFrame, seed: int = 0) -> None:
    """Print how large boxes are, and how the rule's overlap those that it was not taught by."""
    box, points = annotated(table)
    fitted, taught = rule(table, seed)
    length = np.linalg.norm(points[:, 0] - points[:, 1], axis=1)
    for name, side in (("width", 2), ("height", 3)):
        print(f"{name} of a box in lengths of the head, quantiles {QUANTILES}:", *_quantiles(box[:, side] / length))
    shared = overlap(fitted.boxes(points), box)
    print(
        f"boxes of {(~taught).sum()} rows against the rule of the other {taught.sum()}, overlap:", *_quantiles(shared[~taught])
    )
    full = (table["full_size"].fill_null("") != "").to_numpy()
    print(f"of these the {full.sum()} in full size:", *_quantiles(shared[full]))


def _quantiles(values: np.ndarray) -> list[str]:
    return [f"{value:.2f}" for value in np.quantile(values, QUANTILES)]


if __name__ == "__main__":
    told(pl.read_csv(Path(__file__).resolve().parents[2] / "shared" / "data" / "right_whales" / "photos.csv"))
