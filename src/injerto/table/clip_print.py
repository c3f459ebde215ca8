"""What is kept of a sound to know it again: where its spectrum peaks, and how its bands rise and fall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RATE_HZ = 16_000
WINDOW, HOP = 1024, 256
FRAME_SECONDS = HOP / RATE_HZ
LONGEST_SECONDS = 60.0
"""Of a longer sound the first minute is compared."""
BINS = 501
_EDGES = np.unique(np.round(np.geomspace(4, BINS - 1, 41)).astype(np.int64))
_FLOOR = 1e-6
"""Of the loudest place: below it lies what a codec leaves of silence."""
_LEAST_PEAK = 1e-5
_NEAR_FRAMES, _NEAR_BINS = 6, 10
"""A peak is the loudest place so far around."""


@dataclass(frozen=True)
class ClipPrint:
    """Peaks (P,) by frame and by bin of frequency, rising, and the detail (T,B) float16 of the bands' loudness."""

    frames: np.ndarray
    bins: np.ndarray
    detail: np.ndarray


def clip_print(samples: np.ndarray) -> ClipPrint | None:
    """The print of samples (n,) at RATE_HZ; None of silence, which is like any other.

    The detail is the loudness (dB-like) of a band less that of the band below, less what it was two frames before: neither the
    gain, nor a filter, nor a steady sound is in it.

    *Source:* peaks as in Wang, "An industrial-strength audio search algorithm", ISMIR 2003; differences as in Haitsma and
    Kalker, "A highly robust audio fingerprinting system", ISMIR 2002, kept as numbers where they keep signs.
    """
    power = _power(samples[: round(LONGEST_SECONDS * RATE_HZ)])
    loudest = float(power.max())
    if loudest <= 0:
        return None
    frames, bins = np.nonzero((power > _LEAST_PEAK * loudest) & _peaks(power))
    bands = np.log(np.add.reduceat(power, _EDGES[:-1], axis=1) + _FLOOR * loudest)
    moved = bands[2:] - bands[:-2]
    return ClipPrint(frames.astype(np.int32), bins.astype(np.int32), np.diff(moved, axis=1).astype(np.float16))


def _power(samples: np.ndarray) -> np.ndarray:
    """The power (T,BINS) of frames a HOP apart."""
    if len(samples) < WINDOW + 2 * HOP:
        samples = np.pad(samples, (0, WINDOW + 2 * HOP - len(samples)))
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float32), WINDOW)[::HOP]
    window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    return np.asarray(np.square(np.abs(np.fft.rfft(frames * window, axis=1)[:, :BINS])), dtype=np.float32)


def _peaks(power: np.ndarray) -> np.ndarray:
    return np.asarray(power == _highest(_highest(power, _NEAR_FRAMES, axis=0), _NEAR_BINS, axis=1))


def _highest(values: np.ndarray, reach: int, *, axis: int) -> np.ndarray:
    """The highest within `reach` each way along an axis, by doubling the reach of what is known."""
    wide = np.pad(values, [(reach, reach) if place == axis else (0, 0) for place in (0, 1)], constant_values=-np.inf)
    length, have, want = values.shape[axis], 1, 2 * reach + 1
    while have < want:
        step = min(have, want - have)
        count = wide.shape[axis] - step
        one, other = np.take(wide, range(count), axis=axis), np.take(wide, range(step, count + step), axis=axis)
        wide, have = np.maximum(one, other), have + step
    return np.take(wide, range(length), axis=axis)
