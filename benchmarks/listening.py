"""Made-up long recordings: what of the sounds put into a day outdoors is heard, from when to when, and how fast.

    python benchmarks/listening.py --backbone mn04

A fold of ESC-10 is left out at a time, and so is a third of the day's recordings. The model learns from the other clips and
the other two thirds as backgrounds; its rule, too, comes from those. The left-out clips, each once, lie over the left-out
third, 0 to 20 dB above it, 2 to 8 seconds apart. An hour of such a recording is timed.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
import torch
from left_out import of_sounds
from listening_data import RATE_HZ, MadeUp, made_up
from machine import machine

from injerto.events.match import F1, Told, event_f1
from injerto.model import Model
from injerto.table.media import read_samples
from injerto.table.table import Table
from injerto.train_model import train

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
GAP_S = (2.0, 8.0)
PARTS = 3
HOUR_S = 3600


def learned(clips: Table, fold: int, backbone: str, background: Path) -> Model:
    """A model of all folds but one."""
    schema = of_sounds("clip", "sound", group="source", backbone=backbone, background=str(background))
    return train(clips.take(np.flatnonzero((clips.frame["fold"] != fold).to_numpy())), schema=schema)


def recording(clips: Table, fold: int, hours: Sequence[Path]) -> MadeUp:
    """The clips of one fold over the recordings `hours`."""
    apart = clips.take(np.flatnonzero((clips.frame["fold"] == fold).to_numpy())).frame
    sounds = [
        (read_samples(name, clips.folder, rate_hz=RATE_HZ), label)
        for name, label in zip(apart["clip"], apart["sound"], strict=True)
    ]
    return made_up(sounds, hours, gap_s=GAP_S, seed=fold)


def main() -> None:
    """Train, listen, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", default="mn04")
    parser.add_argument("--folds", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    clips = Table.read(chosen.data / "esc10" / "clips.csv")
    hours = sorted((chosen.data / "soundscape").glob("S4A*.ogg"))
    print(f"{machine()}, {torch.get_num_threads()} threads, {chosen.backbone}\n")
    print("| fold left out | events | F1 | precision | recall | rule | seconds to learn | an hour takes |")
    print("|---|---|---|---|---|---|---|---|")
    whole = F1(0, 0, 0)
    for fold in chosen.folds:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            (folder / "backgrounds").mkdir()
            for number, hour in enumerate(hours):
                if number % PARTS != fold % PARTS:
                    shutil.copy(hour, folder / "backgrounds")
            started = time.perf_counter()
            model = learned(clips, fold, chosen.backbone, folder / "backgrounds")
            seconds = time.perf_counter() - started
            made = recording(clips, fold, hours[fold % PARTS :: PARTS])
            soundfile.write(folder / "made.flac", made.samples, RATE_HZ)
            soundfile.write(folder / "hour.flac", np.resize(made.samples, HOUR_S * RATE_HZ), RATE_HZ)
            told = [
                Told(event["start_s"], event["end_s"], event["label"])
                for event in model.listen(folder / "made.flac").frame().to_dicts()
            ]
            score = event_f1(told, [Told(event.start_s, event.end_s, event.label) for event in made.events])
            started = time.perf_counter()
            model.listen(folder / "hour.flac")
            scanned = time.perf_counter() - started
        whole += score
        rule = model.listening_rule
        print(
            f"| {fold} | {score.true} | {score.value:.3f} | {score.precision:.3f} | {score.recall:.3f} | "
            f"{rule.threshold:g}, {rule.low_share:g}, {rule.gap_seconds:g} s, {rule.shortest_seconds:g} s | {seconds:.0f} | "
            f"{scanned:.1f} s |",
            flush=True,
        )
    print(f"| all | {whole.true} | {whole.value:.3f} | {whole.precision:.3f} | {whole.recall:.3f} | | | |")


if __name__ == "__main__":
    main()
