"""A tiny model that listens, and recordings for it: low and high tones in noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import soundfile

import injerto

RATE_HZ = 8000
CLIP_SECONDS = 0.5
TONES_HZ = {"low": 500.0, "high": 2500.0}


def noise(seconds: float, seed: int = 0) -> np.ndarray:
    """Quiet noise (n,) float32."""
    return np.random.default_rng(seed).normal(0, 0.01, round(seconds * RATE_HZ)).astype(np.float32)


def recording(seconds: float, calls: list[tuple[float, float, str]], seed: int = 0) -> np.ndarray:
    """Noise with tones: start, end and name of each."""
    samples = noise(seconds, seed)
    for start_s, end_s, name in calls:
        first, last = round(start_s * RATE_HZ), round(end_s * RATE_HZ)
        samples[first:last] += 0.3 * np.sin(2 * np.pi * TONES_HZ[name] * np.arange(last - first) / RATE_HZ).astype(np.float32)
    return samples


def write(path: Path, samples: np.ndarray) -> Path:
    """A WAV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, RATE_HZ)
    return path


def clips(folder: Path, each: int = 12) -> pl.DataFrame:
    """A table of clips, a third of them without a tone."""
    rows = []
    for index in range(each):
        for place, label in enumerate([*TONES_HZ, "none"]):
            calls = [] if label == "none" else [(0.0, CLIP_SECONDS, label)]
            name = f"{label}{index:02d}.wav"
            write(folder / name, recording(CLIP_SECONDS, calls, seed=100 * place + index))
            rows.append({"file": name, "label": label})
    return pl.DataFrame(rows)


def listener(folder: Path) -> injerto.Model:
    """A model that hears the tones, learned in seconds from nothing, with its clips in `folder`."""
    table = injerto.Table.of(clips(folder), folder=folder)
    schema = injerto.declare(table, injerto.Wishes(targets=["label"]))
    heard = schema.inputs["file"].model_copy(update={"backbone": "small_cnn", "clip_seconds": CLIP_SECONDS})
    return injerto.train(
        table,
        schema=schema.model_copy(
            update={"inputs": {"file": heard}, "training": schema.training.model_copy(update={"mode": "probe"})}
        ),
        seed=1,
    )
