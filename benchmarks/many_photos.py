"""What a million photos in a folder cost: seconds, memory, accuracy.

    python benchmarks/many_photos.py 10_000 100_000
    python benchmarks/many_photos.py 1_000_000 --made-vectors

The photos are made up (64 x 64 pixels in a hundred class folders, 4 GB for a million; they stay in benchmarks/out): each shows
two waves whose directions tell the class, under blots of its own. One row in a hundred is a copy of another, moved and lighter.
The command line trains a probe in a process of its own, then answers all photos; what a process takes of memory that it cannot
give back (anonymous memory) is looked at twice a second.

With `--made-vectors` the network looks at no photo, for which it takes an hour and a half a million on one core: vectors drawn
around a centre of each class are put into the cache (`made_vectors.py`) beforehand. All else is done as ever: files are found,
decoded and held against each other, vectors recalled, the head fitted, calibrated, judged, reported.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from machine import machine
from made_vectors import put_vectors
from PIL import Image

from injerto.backbones.cache import VectorCache
from injerto.table.table import Table

OUT = Path("benchmarks/out/many_photos")
SIDE, CLASSES, A_FOLDER = 64, 100, 1000
INPUT = 64
COPIES = 100
BLOTS = 5
_INNERMOST = ["einsum_path", (0, 1), (0, 1)]
PLACES = np.linspace(-1, 1, SIDE)
SMOOTH = np.exp(-np.square((PLACES[:, None] - np.linspace(-1, 1, BLOTS)) / 0.35))
LOOK_SECONDS = 0.5


def photo(label: int, random: np.random.Generator) -> np.ndarray:
    """Pixels (SIDE,SIDE,3) uint8 of a class."""
    picture = np.zeros((SIDE, SIDE), dtype=np.float32)
    for turn, pace in ((label % 10, 9.0), (label // 10, 17.0)):
        angle, phase = (turn + random.normal(0, 0.25)) * np.pi / 10, random.uniform(0, 6.3)
        across = np.exp(1j * (pace * np.cos(angle) * PLACES + phase))
        picture += np.outer(np.exp(1j * pace * np.sin(angle) * PLACES), across).real
    blots = np.einsum("yi,ijc,xj->yxc", SMOOTH, random.normal(0, 1, (BLOTS, BLOTS, 3)), SMOOTH, optimize=_INNERMOST)
    grain = random.normal(0, 8, (SIDE, SIDE))
    return np.clip(128 + (22 * picture + grain)[:, :, None] + 60 * blots, 0, 255).astype(np.uint8)


def write(count: int, folder: Path) -> None:
    """`count` photos in class folders; the last hundredth are copies of the first ones."""
    own = count - count // COPIES
    for number in range(count):
        random = np.random.default_rng(number if number < own else number - own)
        label = int(random.integers(CLASSES))
        pixels = photo(label, random)
        if number >= own:
            pixels = np.clip(np.roll(pixels, 1, axis=1) * 1.1, 0, 255).astype(np.uint8)
        place = folder / f"class{label:02}"
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(place / f"{number:07}.jpg", quality=85)
    (folder.with_suffix(".whole")).touch()


@dataclass
class Run:
    """One process: its seconds, and the most memory it could not have given back."""

    seconds: float = 0.0
    gigabytes: float = 0.0


def run(*arguments: object) -> Run:
    """One `injerto` command."""
    found, started = Run(), time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "injerto", *map(str, arguments)], stderr=subprocess.STDOUT) as process:
        watcher = threading.Thread(target=watch, args=(process, found))
        watcher.start()
        code = process.wait()
        watcher.join()
    if code not in (0, 3):
        raise SystemExit(f"injerto {' '.join(map(str, arguments))} ended with {code}")
    found.seconds = time.perf_counter() - started
    return found


def watch(process: subprocess.Popen[bytes], found: Run) -> None:
    """Look at the memory of a process as long as it runs."""
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            return
        if "RssAnon" in lines:
            found.gigabytes = max(found.gigabytes, int(lines["RssAnon"].split()[0]) * 1024 / 1e9)
        time.sleep(LOOK_SECONDS)


def measured(count: int, made: bool) -> str:
    """A line of the table."""
    photos, model, answers = OUT / f"{count}", OUT / f"{count}.model", OUT / f"{count}.parquet"
    if not photos.with_suffix(".whole").exists():
        write(count, photos)
    os.environ |= {"INJERTO_CACHE": str(OUT / f"{count}.cache"), "INJERTO_ENGINE": "torch"}
    if made and not Path(os.environ["INJERTO_CACHE"]).exists():
        with VectorCache() as cache:
            put_vectors(Table.read(photos), "file", "class", cache, seed=0)
    learned = run("train", photos, "--target", "class", "--mode", "probe", "--out", model, "--force")
    answered = run("predict", model, photos, "--out", answers, "--force")
    score = json.loads((model / "scores.json").read_text())["test"]["class"]
    cells = [f"{count:,}", f"{learned.seconds:,.0f}", f"{learned.gigabytes:.2f}", f"{score['accuracy']:.4f}"]
    cells += [f"{score['log_loss']:.4f}", f"{answered.seconds:,.0f}", f"{answered.gigabytes:.2f}"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Measure every size that is asked for, small ones first."""
    OUT.mkdir(parents=True, exist_ok=True)
    made = "--made-vectors" in sys.argv
    sizes = sorted(int(text) for text in sys.argv[1:] if not text.startswith("-")) or [10_000]
    lines = [measured(count, made) for count in sizes]
    print(machine())
    print("| photos | train s | GB | accuracy | log loss | predict s | GB |\n|---|---|---|---|---|---|---|")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
