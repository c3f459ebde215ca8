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

from injerto.recipes.marks import overlap

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def annotated(table: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Boxes (N,4), left, top, width, height, and points (N,2,2), bonnet and blowhead, in pixels of the original photos."""
    corners = table.select("bbox1_x", "bbox1_y", "bbox2_x", "bbox2_y").to_numpy().reshape(-1, 2, 2)
    low, high = corners.min(axis=1), corners.max(axis=1)
    points = table.select("bonnet_x", "bonnet_y", "blowhead_x", "blowhead_y").to_numpy().reshape(-1, 2, 2)
    return np.concatenate([low, high - low], axis=1), points


def rule(table: pl.DataFrame, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """The rule (8,4), and which rows (N,) bool taught it: half of those that are not there in full size."""
    box, points = annotated(table)
    taught = (np.random.default_rng(seed).random(len(table)) < 0.5) & (table["full_size"].fill_null("") == "").to_numpy()
    features, middle, length = _features(points)
    low, high = box[:, :2], box[:, :2] + box[:, 2:]
    edges = np.concatenate([low - middle, high - middle], axis=1) / length[:, None]
    return np.linalg.lstsq(features[taught], edges[taught], rcond=None)[0], taught


def boxes(points: np.ndarray, rule: np.ndarray) -> np.ndarray:
    """The rule's boxes (N,4) of points (N,2,2), bonnet and blowhead."""
    features, middle, length = _features(points)
    edges = features @ rule * length[:, None] + np.tile(middle, 2)
    return np.concatenate([edges[:, :2], edges[:, 2:] - edges[:, :2]], axis=1)


def _features(points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What the rule knows of points (N,2,2): numbers (N,8) of the direction, the middle (N,2), the head's length (N,)."""
    along = points[:, 0] - points[:, 1]
    length = np.linalg.norm(along, axis=1)
    x, y = (along / length[:, None]).T
    features = [np.ones_like(x), x, y, np.abs(x), np.abs(y), x * x, x * np.abs(x), y * np.abs(y)]
    return np.stack(features, axis=1), points.mean(axis=1), length


def told(table: pl.DataFrame, seed: int = 0) -> None:
    """Print how large boxes are, and how the rule's overlap those that it was not taught by."""
    box, points = annotated(table)
    fitted, taught = rule(table, seed)
    length = np.linalg.norm(points[:, 0] - points[:, 1], axis=1)
    for name, side in (("width", 2), ("height", 3)):
        print(f"{name} of a box in lengths of the head, quantiles {QUANTILES}:", *_quantiles(box[:, side] / length))
    shared = overlap(boxes(points, fitted), box)
    print(
        f"boxes of {(~taught).sum()} rows against the rule of the other {taught.sum()}, overlap:", *_quantiles(shared[~taught])
    )
    full = (table["full_size"].fill_null("") != "").to_numpy()
    print(f"of these the {full.sum()} in full size:", *_quantiles(shared[full]))


def _quantiles(values: np.ndarray) -> list[str]:
    return [f"{value:.2f}" for value in np.quantile(values, QUANTILES)]


if __name__ == "__main__":
    told(pl.read_csv(Path(__file__).resolve().parents[2] / "shared" / "data" / "right_whales" / "photos.csv"))
