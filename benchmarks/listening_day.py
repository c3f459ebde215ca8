"""A recording of a day listened to from end to end: how long it takes, and the most memory it needs.

    python benchmarks/listening_day.py --backbone mn04
    python benchmarks/listening_day.py --backbone mn04 --hours 1

An hour as in `listening.py` is repeated 24 times into one FLAC file of 44.1 kHz, which takes some 4 GB of disk for as long as
this runs. The command runs in a process of its own, of which the system (Linux) says how much memory it held at most.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
from listening_data import RATE_HZ
from machine import machine

from injerto.table.table import Table
from listening import DATA, HOUR_S, learned, recording

FOLD = 1
BYTES_MB = 1e6
HELD = re.compile(r"VmHWM:\s+(\d+) kB")


def most_memory(command: Sequence[str], folder: Path) -> int:
    """Run `command` in `folder`; the most bytes of memory it held. The usage that the system adds up for children begins with
    what this process holds when it starts one, so the child is looked at while it runs.
    """
    most = 0
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        status = Path(f"/proc/{child.pid}/status")
        while child.poll() is None:
            held = HELD.search(status.read_text(encoding="utf-8"))
            most = max(most, int(held[1]) * 1024 if held else 0)
            time.sleep(0.2)
        if child.returncode:
            raise SystemExit(f"{' '.join(command)} failed: {child.stderr.read().decode() if child.stderr else ''}")
    return most


def main() -> None:
    """Train, make the day, listen, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", default="mn04")
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    clips = Table.read(chosen.data / "esc10" / "clips.csv")
    days = sorted((chosen.data / "soundscape").glob("S4A*.ogg"))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        learned(clips, FOLD, chosen.backbone, chosen.data / "soundscape").save(folder / "model")
        hour = np.resize(recording(clips, FOLD, days).samples, HOUR_S * RATE_HZ)
        with soundfile.SoundFile(folder / "day.flac", "w", RATE_HZ, 1) as day:
            for _ in range(chosen.hours):
                day.write(hour)
        del hour
        command = [sys.executable, "-m", "injerto", "listen", "model", "day.flac", "--out", "events.csv"]
        started = time.perf_counter()
        memory = most_memory(command, folder) / BYTES_MB
        seconds = time.perf_counter() - started
        events = len((folder / "events.csv").read_text(encoding="utf-8").splitlines()) - 1
        size = (folder / "day.flac").stat().st_size / BYTES_MB
    print(f"{machine()}, {chosen.backbone}\n")
    print("| recording | file | seconds | times real time | most memory | events |\n|---|---|---|---|---|---|")
    real = chosen.hours * HOUR_S / seconds
    print(f"| {chosen.hours} h | {size:,.0f} MB | {seconds:.0f} | {real:.0f} | {memory:,.0f} MB | {events:,} |")


if __name__ == "__main__":
    main()
