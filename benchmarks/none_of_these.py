"""How sure a model of ten sounds is of what it never heard: a soundscape, noise, silence, music.

    python benchmarks/none_of_these.py --backbone mn04 aisfx

Every clip is 5 s long. The figure is the share of clips whose most likely sound is told with more than 0.9. Held-out clips of
the ten sounds stand beside them: a model that is never sure would be no use.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from machine import machine

from injerto.model import Model
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.table.media import read_samples
from injerto.table.table import Table
from injerto.train_model import train

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
RATE_HZ = 44_100
SECONDS = 5
SURE = 0.9


def soundscape(folder: Path) -> list[np.ndarray]:
    """Windows of 5 s, one a second, of a day outdoors."""
    size = SECONDS * RATE_HZ
    recordings = [read_samples(str(path), Path(), rate_hz=RATE_HZ) for path in sorted(folder.glob("S4A*.ogg"))]
    return [one[start : start + size] for one in recordings for start in range(0, len(one) - size + 1, RATE_HZ)]


def noise(generator: np.random.Generator) -> list[np.ndarray]:
    """White, pink and brown noise at sixteen levels."""
    found = []
    for slope in (0.0, 0.5, 1.0):
        for level in 10 ** np.linspace(-3, -0.1, 16):
            spectrum = np.fft.rfft(generator.normal(size=SECONDS * RATE_HZ))
            spectrum /= np.maximum(np.arange(len(spectrum)), 1) ** slope
            samples = np.fft.irfft(spectrum, SECONDS * RATE_HZ)
            found.append(level * samples / np.abs(samples).max())
    return found


def silence(generator: np.random.Generator) -> list[np.ndarray]:
    """Nothing at all, and a recorder's own noise."""
    levels = (0.0, *10 ** np.linspace(-6, -4, 15))
    return [level * generator.normal(size=SECONDS * RATE_HZ) for level in levels]


def music(generator: np.random.Generator, count: int = 48) -> list[np.ndarray]:
    """Plucked chords of three notes, at tempi and keys drawn anew."""
    time, found = np.arange(SECONDS * RATE_HZ) / RATE_HZ, []
    for _ in range(count):
        beat, root, samples = generator.uniform(0.2, 0.6), generator.uniform(100, 400), np.zeros(len(time))
        for place in range(int(SECONDS / beat) + 1):
            since = time - place * beat
            pluck = np.where(since >= 0, np.exp(-np.maximum(since, 0) * generator.uniform(2, 6)), 0)
            for step in generator.choice([0, 3, 4, 7, 10, 12, 16, 19], size=3, replace=False):
                hz = root * 2 ** (step / 12)
                samples += pluck * sum(np.sin(2 * np.pi * hz * part * since) / part**1.5 for part in range(1, 6))
        found.append(generator.uniform(0.05, 0.9) * samples / np.abs(samples).max())
    return found


def table_of(sounds: list[np.ndarray], folder: Path, name: str) -> Table:
    """The sounds as files and a table that names them."""
    names = [f"{name}{number}.wav" for number in range(len(sounds))]
    for file, samples in zip(names, sounds, strict=True):
        soundfile.write(folder / file, samples, RATE_HZ, subtype="FLOAT")
    return Table.of({"clip": names}, folder=folder)


def sure(model: Model, table: Table) -> float:
    """Share of the clips that are told with more than 0.9."""
    return float((model.predict(table).answers["sound_probability"] > SURE).mean())


def main() -> None:
    """Train on three folds, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", nargs="+", default=["auto"])
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    print(f"{machine()}\n")
    print("| backbone | held-out clips | right | soundscape | noise | silence | music |\n|---|---|---|---|---|---|---|")
    clips = Table.read(chosen.data / "esc10" / "clips.csv")
    inside = (clips.frame["fold"] != 4).to_numpy()
    generator = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as scratch:
        made = {
            "soundscape": soundscape(chosen.data / "soundscape"),
            "noise": noise(generator),
            "silence": silence(generator),
            "music": music(generator),
        }
        tables = {name: table_of(sounds, Path(scratch), name) for name, sounds in made.items()}
        for backbone in chosen.backbone:
            schema = Schema(
                targets={"sound": Target(kind="class")},
                inputs={"clip": Input(kind="sound", backbone=backbone)},
                split=Split(group="source", test_share=0.0),
                training=Training(mode="probe"),
            )
            model = train(clips.take(np.flatnonzero(inside)), schema=schema)
            apart = clips.take(np.flatnonzero(~inside))
            right = float((model.predict(apart).answers["sound"] == apart.frame["sound"]).mean())
            shares = [sure(model, table) for table in (apart, *tables.values())]
            cells = [f"{shares[0]:.1%}", f"{right:.1%}", *(f"{share:.1%}" for share in shares[1:])]
            print(f"| {model.schema.inputs['clip'].backbone} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
