"""Maps as pictures to be laid over a photo or a spectrogram: transparent where there is nothing, one colour a sign."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from injerto.backbones.lattice import Lattice
from injerto.explain.erase import within
from injerto.explain.seen_file import Layer

SIDE = 112
ACROSS, DOWN = 320, 128
"""Pixels of an overlay: it is drawn out softly in the page."""
FOR, AGAINST = (255, 106, 0), (30, 90, 255)
DENSEST = 0.72


def over_photo(layer: Layer) -> bytes:
    """A map over the square of a photo as a PNG, its places blended into one another; what lies beyond the edges is cut off."""
    height, width = layer.values.shape
    at = (np.arange(SIDE) + 0.5) / SIDE
    rows, columns = ((at + layer.reach) / (1 + 2 * layer.reach) * count - 0.5 for count in (height, width))
    return _png(_blended(layer.values, rows, columns), layer)


def over_sound(layer: Layer, lattice: Lattice, seconds: float, top_hz: float) -> bytes:
    """A map over a spectrogram from 0 to `seconds` and from 0 to `top_hz`, as a PNG; places that overlap are averaged."""
    times = (np.arange(ACROSS) + 0.5) / ACROSS * seconds
    hertz = (np.arange(DOWN)[::-1] + 0.5) / DOWN * top_hz
    when, high = within(times, lattice.seconds), within(hertz, lattice.hertz)
    count = high.T @ np.ones(layer.values.shape) @ when
    return _png((high.T @ layer.values @ when) / np.maximum(count, 1), layer)


def along(layer: Layer, edges_s: np.ndarray, seconds: float) -> bytes:
    """A map that knows only time as a strip from 0 to `seconds`, as a PNG one pixel high."""
    times = (np.arange(ACROSS) + 0.5) / ACROSS * seconds
    when = within(times, edges_s)
    return _png((layer.values @ when) / np.maximum(when.sum(axis=0), 1), layer)


def _blended(values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Values (H,W) at fractional places, between neighbours in proportion."""
    across = np.stack([np.interp(columns, np.arange(values.shape[1]), row) for row in values])
    return np.stack([np.interp(rows, np.arange(values.shape[0]), column) for column in across.T], axis=1)


def _png(values: np.ndarray, layer: Layer) -> bytes:
    """Values (H,W) as colours, densest where the whole layer is farthest from 0."""
    most = float(np.abs(layer.values).max()) or 1.0
    strength = np.clip(np.abs(values) / most, 0, 1)
    colour = np.where((values >= 0)[:, :, None], FOR, AGAINST)
    pixels = np.concatenate([colour, 255 * DENSEST * strength[:, :, None]], axis=2)
    target = io.BytesIO()
    Image.fromarray(np.rint(pixels).astype(np.uint8)).save(target, "PNG", optimize=True)
    return target.getvalue()
