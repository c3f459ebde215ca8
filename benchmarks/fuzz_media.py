"""Files that lie, 20,000 and more: each is decoded or refused with a reason, in bounded time and memory, or it is a finding.

JPEG, PNG, WAV, FLAC and OGG get --files each, the other formats an eighth. They are made from those of
tests/fuzz/media_seeds.py and, where the shared data is on this machine, from the smallest real ones. Findings are kept in
benchmarks/out/fuzz_media.

Run: python benchmarks/fuzz_media.py
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "fuzz")]

from machine import machine  # noqa: E402
from media_mutations import mutated  # noqa: E402
from media_parts import FORMATS  # noqa: E402
from media_seeds import made_seeds, real_seeds  # noqa: E402
from media_watch import Outcome, watched  # noqa: E402

FOREMOST = ("jpg", "png", "wav", "flac", "ogg")
DATA = ROOT.parent / "shared" / "data"
FINDINGS = ROOT / "benchmarks" / "out" / "fuzz_media"


@dataclass
class Tally:
    """What came of the files of one format."""

    ending: str
    told: Counter[str] = field(default_factory=Counter)
    spoke: int = 0
    slowest: Outcome = field(default_factory=lambda: Outcome("", "", 0.0, 0.0))
    largest: Outcome = field(default_factory=lambda: Outcome("", "", 0.0, 0.0))
    findings: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def line(self) -> str:
        """A row of the table."""
        read = self.told["photo"] + self.told["sound"]
        return (
            f"| {self.ending} | {self.told.total():,} | {read:,} | {self.told['refused']:,} | {len(self.findings)} | "
            f"{self.slowest.seconds:.2f} | {self.largest.grown_mib:.0f} | {self.spoke:,} |"
        )


def tally(ending: str, count: int, seed: int) -> Tally:
    """Make so many files of a format, and have them read."""
    began, found = time.monotonic(), Tally(ending)
    seeds = made_seeds(ending) + real_seeds(ending, DATA)
    files = ((f"{number}.{ending}", mutated(ending, seeds, number, seed)) for number in range(count))
    with tempfile.TemporaryDirectory() as folder:
        for name, content, outcome in watched(files, Path(folder)):
            found.told[outcome.told] += 1
            found.spoke += outcome.spoke
            found.slowest = max(found.slowest, outcome, key=lambda one: one.seconds)
            found.largest = max(found.largest, outcome, key=lambda one: one.grown_mib)
            if not outcome.fine:
                FINDINGS.mkdir(parents=True, exist_ok=True)
                (FINDINGS / f"{seed}_{name}").write_bytes(content)
                found.findings.append(f"{seed}_{name}: {outcome.told}: {outcome.wrong}")
    found.seconds = time.monotonic() - began
    return found


def main() -> int:
    """Print the table, and each finding; the exit code is 1 when there is one."""
    parser = argparse.ArgumentParser(description="Files that lie")
    parser.add_argument("--files", type=int, default=4000, help="of each of the foremost formats")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--formats", nargs="*", default=list(FORMATS), choices=list(FORMATS))
    options = parser.parse_args()
    began = time.monotonic()
    print(
        "| format | files | decoded | refused | findings | slowest s | most MiB | decoder spoke |", "|---" * 8 + "|", sep="\n"
    )

    def one(ending: str) -> Tally:
        return tally(ending, options.files if ending in FOREMOST else options.files // 8, options.seed)

    tallies = []
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for found in pool.map(one, options.formats):
            tallies.append(found)
            print(found.line(), flush=True)
    total = sum(found.told.total() for found in tallies)
    print(f"\n{total:,} files in {time.monotonic() - began:,.0f} s; {machine()}")
    findings = [finding for found in tallies for finding in found.findings]
    print(*findings, sep="\n")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main())
