"""Photos per second of frozen features: Injerto's engines against plain eager PyTorch, in the same run.

    python benchmarks/frozen_features.py [--photos FOLDER] [--rounds N] [--out FILE]

The rival is what a careful beginner writes: the same network in float32, Pillow, torch's resize, batches of 16, the C
library's own memory settings. Every measurement is a process of its own, so that no setting leaks into another; rounds
alternate between the ways, and each way's figures are its median and its slowest to fastest. A photo that is read counts
from the file to its vector, the preparing of the engine included ("from files"); "network only" starts from decoded pixels.
Accuracy is that of a logistic regression in five folds, the classes being the names of the photos' folders.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import polars as pl
import torch
from machine import machine
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch.nn import functional

from injerto.backbones import weights
from injerto.backbones.cache import VectorCache
from injerto.backbones.engines import engine_of
from injerto.backbones.frozen import extract
from injerto.backbones.memory import keep_memory
from injerto.backbones.suited import suited
from injerto.features.image import ImageFeature
from injerto.schema.schema import Input
from injerto.table.column import Column

NAME = "efficientnet_lite0"
RIVAL_BATCH = 16
NETWORK_PHOTOS = 192
SEEDS = 20


def column_of(folder: Path) -> Column:
    """All photos below the folder, their paths from it."""
    endings = {".jpg", ".jpeg", ".png"}
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix.lower() in endings)
    if not names:
        sys.exit(f"No photos below {folder}: give a folder of JPEG or PNG files with --photos.")
    return Column("photo", pl.Series("photo", names), folder, np.arange(len(names)))


def rival(column: Column) -> dict[str, float]:
    """Plain eager float32 in batches of 16."""
    backbone = weights.load(NAME)
    size = weights.catalogue.entry(NAME).resolution

    def pixels(name: str) -> torch.Tensor:
        image = Image.open(column.folder / name).convert("RGB")
        scale = size / min(image.size)
        image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BILINEAR)
        left, top = (image.width - size) // 2, (image.height - size) // 2
        image = image.crop((left, top, left + size, top + size))
        return torch.from_numpy(np.array(image)).permute(2, 0, 1)

    names = column.values.to_list()
    with torch.inference_mode():
        batch = torch.stack([pixels(name) for name in names[:RIVAL_BATCH]])
        backbone.vector(batch)
        started = time.perf_counter()
        for _ in range(NETWORK_PHOTOS // RIVAL_BATCH):
            backbone.vector(batch)
        network = time.perf_counter() - started
        started = time.perf_counter()
        for start in range(0, len(names), RIVAL_BATCH):
            backbone.vector(torch.stack([pixels(name) for name in names[start : start + RIVAL_BATCH]]))
        files = time.perf_counter() - started
    return {"network": NETWORK_PHOTOS / network, "files": len(names) / files}


def ours(column: Column, engine: str, vectors: Path) -> dict[str, float]:
    """One of our engines: network only on all its streams, then from files without and with a cache."""
    keep_memory()
    backbone, feature = weights.load(NAME), suited(ImageFeature("photo", Input(kind="image")))
    chosen = engine_of(engine)  # type: ignore[arg-type]
    batch = torch.stack([feature.read(column, index % len(column)) for index in range(chosen.batch_rows)])
    batch = batch.contiguous(memory_format=torch.channels_last)
    with torch.inference_mode():
        runner = chosen.prepare(backbone, batch)
    rounds = max(1, NETWORK_PHOTOS // chosen.batch_rows // chosen.streams)

    def stream(times: int) -> None:
        torch.set_num_threads(1)
        with torch.inference_mode():
            for _ in range(times):
                runner(batch)

    def all_streams(times: int) -> float:
        threads = [threading.Thread(target=stream, args=(times,)) for _ in range(chosen.streams)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - begun

    threads = torch.get_num_threads()
    all_streams(2)
    network = all_streams(rounds)
    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as folder, VectorCache(folder) as cache:
        first = extract(feature, column, backbone, engine=engine, cache=cache)  # type: ignore[arg-type]
        second = extract(feature, column, backbone, engine=engine, cache=cache)  # type: ignore[arg-type]
        if second.computed or not torch.equal(first.values, second.values):
            sys.exit("The second run should have come from the cache, bit by bit: were the photos written just now?")
    np.save(vectors, first.values.numpy())
    count = len(column)
    return {
        "network": rounds * chosen.batch_rows * chosen.streams / network,
        "files": count / first.seconds,  # preparing the engine included
        "cache": count / second.seconds,
        "cache times": first.seconds / second.seconds,
    }


def accuracy(vectors: np.ndarray, column: Column) -> float:
    """A probe's accuracy, the mean over SEEDS divisions into folds; NaN when the photos lie in one folder."""
    labels = np.array([Path(name).parts[0] for name in column.values])
    if len(set(labels)) < 2 or "" in labels:
        return float("nan")
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
    folds = [StratifiedKFold(5, shuffle=True, random_state=seed) for seed in range(SEEDS)]
    return float(np.mean([cross_val_score(probe, vectors, labels, cv=fold).mean() for fold in folds]))


def measure(way: str, photos: Path, vectors: Path) -> dict[str, float]:
    """One way in a process of its own."""
    command = [sys.executable, __file__, "--photos", str(photos), "--way", way, "--vectors", str(vectors)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def report(photos: Path, rounds: int) -> str:
    """Alternate over the ways and put the table together."""
    column = column_of(photos)
    ways = ["eager", "torch", *(["openvino"] if importlib.util.find_spec("openvino") else [])]
    found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as scratch:
        files = {way: Path(scratch) / f"{way}.npy" for way in ways}
        for _ in range(rounds):
            for way in ways:
                found[way].append(measure(way, photos, files[way]))
        feature = suited(ImageFeature("photo", Input(kind="image")))
        plain = extract(feature, column, weights.load(NAME), engine="eager").values.numpy()
        vectors = {way: np.load(files[way]) for way in ways if way != "eager"} | {"eager": plain}
    titles = ["way", "network only, photos/s", "times", "from files, photos/s", "times"]
    titles += ["cached, photos/s", "cached over first", "probe", "cosine"]
    lines = [
        f"Frozen features of {len(column)} photos ({photos.name}) at 224 px with {NAME}; {rounds} rounds.",
        f"{machine()}, load {os.getloadavg()[0]:.1f} at the end.",
        "",
        f"| {' | '.join(titles)} |",
        "|---" * len(titles) + "|",
    ]
    for way in ways:
        cells = [f"{'plain eager float32, batch 16' if way == 'eager' else f'injerto, {way}'}"]
        for kind in ("network", "files"):
            ratios = [one[kind] / base[kind] for one, base in zip(found[way], found["eager"], strict=True)]
            cells += [spread([one[kind] for one in found[way]], ".0f"), spread(ratios, ".1f")]
        kinds = {"cache": ".0f", "cache times": ".0f"}
        cells += [
            spread([one[kind] for one in found[way]], form) if kind in found[way][0] else "" for kind, form in kinds.items()
        ]
        likeness = functional.cosine_similarity(torch.from_numpy(vectors[way]), torch.from_numpy(plain)).min()
        cells += [f"{100 * accuracy(vectors[way], column):.2f} %", f"{likeness:.4f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def spread(values: list[float], form: str) -> str:
    """Median (lowest to highest)."""
    return f"{statistics.median(values):{form}} ({min(values):{form}}-{max(values):{form}})"


def main() -> None:
    """Read the arguments; `--way` and `--vectors` are for the processes that this one starts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    default = Path(__file__).parents[2] / "shared" / "data" / "ants_bees"
    parser.add_argument("--photos", type=Path, default=default)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--vectors", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        column = column_of(given.photos)
        print(json.dumps(rival(column) if given.way == "eager" else ours(column, given.way, given.vectors)))
        return
    text = report(given.photos, given.rounds)
    print(text)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
