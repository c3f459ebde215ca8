"""Times real time of frozen features of sounds: Injerto's engines against plain eager PyTorch, by turns.

    python benchmarks/sound_features.py [--backbone NAME ...] [--start ogg wav samples] [--engine torch openvino] [--clips N]

The rival is what a careful beginner writes: soundfile, soxr, the same network in float32 under inference mode, batches of 16,
torch's own threads, the C library's own memory settings. Both work in processes of their own, a turn each on the same clips of
5 s: from Ogg files as they come, from the same as 16-bit WAV, and from samples in memory (front end and network only). The
product starts anew at each turn, cache off; from samples its engine is prepared before. Accuracy is that of a logistic
regression on the vectors of all clips, five folds with clips of one source together, the mean over SEEDS divisions.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Literal

import numpy as np
import polars as pl
import soundfile
import soxr
import torch
from machine import machine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from turns import my_turn, take_turns

from injerto.backbones import weights
from injerto.backbones.engines import EngineName, engine_of
from injerto.backbones.frozen import extract
from injerto.backbones.memory import keep_memory
from injerto.backbones.suited import suited
from injerto.features.sound import SoundFeature
from injerto.schema.schema import Input
from injerto.table.column import Column

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "esc10"
Start = Literal["ogg", "wav", "samples"]
CLIP_SECONDS = 5.0
RIVAL_BATCH = 16
SEEDS = 20


def column_of(names: list[str], folder: Path) -> Column:
    """Files of a folder as a column."""
    return Column("clip", pl.Series("clip", names), folder, np.arange(len(names)))


def feature_of(backbone: str) -> SoundFeature:
    """The product's way to read clips of 5 s."""
    options = Input(kind="sound", backbone=backbone, clip_seconds=CLIP_SECONDS)
    return suited(SoundFeature("clip", options)).fit(column_of([], DATA))


def plain_samples(path: Path, rate_hz: int) -> torch.Tensor:
    """The rival's reading: (n,) float32, cut or followed by silence."""
    samples, found_hz = soundfile.read(path, dtype="float32", always_2d=True)
    samples = soxr.resample(samples.mean(axis=1), found_hz, rate_hz)
    count = round(CLIP_SECONDS * rate_hz)
    return torch.from_numpy(np.pad(samples[:count], (0, max(0, count - len(samples)))))


def rival(name: str, column: Column, start: Start) -> Callable[[], None]:
    """A turn of plain eager float32."""
    backbone, rate_hz = weights.load(name), weights.catalogue.entry(name).resolution
    paths = [column.folder / file for file in column.values]
    batches = [paths[first : first + RIVAL_BATCH] for first in range(0, len(paths), RIVAL_BATCH)]
    read = [torch.stack([plain_samples(path, rate_hz) for path in batch]) for batch in batches if start == "samples"]

    @torch.inference_mode()
    def turn() -> None:
        if start == "samples":
            for block in read:
                backbone.vector(block)
        else:
            for batch in batches:
                backbone.vector(torch.stack([plain_samples(path, rate_hz) for path in batch]))

    return turn


def ours(name: str, column: Column, start: Start, engine: EngineName) -> Callable[[], None]:
    """A turn of the product, or of its engine alone on all its streams."""
    backbone, feature = weights.load(name), feature_of(name)
    if start != "samples":
        return lambda: _all_readable(extract(feature, column, backbone, engine=engine).readable)
    keep_memory()
    chosen = engine_of(engine)
    rows = torch.stack([feature.read(column, index) for index in range(len(column))])
    blocks = list(rows.split(chosen.batch_rows))
    with torch.inference_mode():
        runner = chosen.prepare(backbone, blocks[0])

    def stream(first: int) -> None:
        torch.set_num_threads(1)
        with torch.inference_mode():
            for block in blocks[first :: chosen.streams]:
                runner(block)

    def turn() -> None:
        threads = [threading.Thread(target=stream, args=(first,)) for first in range(chosen.streams)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return turn


def _all_readable(readable: np.ndarray) -> None:
    if not readable.all():
        sys.exit("Some clips could not be read: the speeds would not be of the same work.")


def accuracy(vectors: np.ndarray, sounds: list[str], sources: list[str]) -> float:
    """A probe's accuracy."""
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
    folds = [StratifiedGroupKFold(5, shuffle=True, random_state=seed) for seed in range(SEEDS)]
    return float(np.mean([cross_val_score(probe, vectors, sounds, groups=sources, cv=fold).mean() for fold in folds]))


def speeds(name: str, folder: Path, start: Start, engine: EngineName, turns: int) -> str:
    """The rival and one engine by turns: a line of the table."""
    command = [sys.executable, __file__, "--backbone", name, "--folder", str(folder), "--start", start, "--way"]
    seconds = take_turns([*command, "eager"], [*command, engine], turns)
    real = CLIP_SECONDS * len(list(folder.iterdir())) / seconds
    ratios = seconds[:, 0] / seconds[:, 1]
    shown = f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return f"| {name} | {start} | {engine} | {median(real[:, 0]):.0f} | {median(real[:, 1]):.0f} | {shown} |"


def faithful(name: str, clips: pl.DataFrame, engines: list[EngineName]) -> list[str]:
    """How far each engine's vectors are from the plain network's."""
    column, feature, backbone = column_of(clips["clip"].to_list(), DATA), feature_of(name), weights.load(name)
    sounds, sources = clips["sound"].to_list(), clips["source"].to_list()
    plain = extract(feature, column, backbone, engine="eager").values
    lines = [f"| {name} | eager | {100 * accuracy(plain.numpy(), sounds, sources):.2f} % | |"]
    for engine in engines:
        found = extract(feature, column, backbone, engine=engine).values
        cosine = torch.nn.functional.cosine_similarity(found, plain).min()
        lines.append(f"| {name} | {engine} | {100 * accuracy(found.numpy(), sounds, sources):.2f} % | {cosine:.4f} |")
    return lines


def main() -> None:
    """Read the arguments; `--way` and `--folder` are for the processes that this one starts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", nargs="+", default=["mn04"])
    parser.add_argument("--start", nargs="+", choices=["ogg", "wav", "samples"], default=["ogg", "wav", "samples"])
    parser.add_argument("--engine", nargs="+", default=["torch", *(["openvino"] if find_spec("openvino") else [])])
    parser.add_argument("--clips", type=int, default=160)
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        column = column_of(sorted(path.name for path in given.folder.iterdir()), given.folder)
        kind, name = given.start[0], given.backbone[0]
        turn = rival(name, column, kind) if given.way == "eager" else ours(name, column, kind, given.way)
        while True:
            my_turn()
            turn()
    clips = pl.read_csv(DATA / "clips.csv")
    with tempfile.TemporaryDirectory() as scratch:
        folders = written(clips["clip"].gather_every(max(1, len(clips) // given.clips)).to_list()[: given.clips], Path(scratch))
        print(f"{machine()}\n{given.clips} clips of {CLIP_SECONDS:g} s, {given.turns} turns; times real time\n")
        print(
            "| backbone | from | engine | plain | Injerto | times plain, median (least to greatest) |",
            "|---" * 6 + "|",
            sep="\n",
        )
        for name in given.backbone:
            for start in given.start:
                # OpenVINO takes seconds to start, which so few files do not earn back: only its engine is timed.
                for engine in given.engine if start == "samples" else ["torch"]:
                    print(speeds(name, folders[start], start, engine, given.turns), flush=True)
    print(f"\n| backbone | engine | probe, {len(clips)} clips | least cosine to plain |", "|---" * 4 + "|", sep="\n")
    for name in given.backbone:
        print("\n".join(faithful(name, clips, given.engine)), flush=True)


def written(names: list[str], scratch: Path) -> dict[str, Path]:
    """The clips as they are, and the same as 16-bit WAV."""
    folders = {ending: scratch / ending for ending in ("ogg", "wav", "samples")}
    for folder in folders.values():
        folder.mkdir()
    for name in names:
        path = DATA / name
        for start in ("ogg", "samples"):
            (folders[start] / path.name).write_bytes(path.read_bytes())
        samples, rate_hz = soundfile.read(path, dtype="float32")
        soundfile.write(folders["wav"] / f"{path.stem}.wav", samples, rate_hz, subtype="PCM_16")
    return folders


if __name__ == "__main__":
    main()
