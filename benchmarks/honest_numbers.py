"""Honest numbers, in one command: everything that is claimed of them, one benchmark after the other.

    python benchmarks/honest_numbers.py
    python benchmarks/honest_numbers.py --only calibration max_error

Near-duplicates planted and found, groups found unasked, calibration, errors promised, what is strange, labels made wrong, plain
models beside every score. An hour or two on two cores. It goes on after a part that fails, and ends with its exit code.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def parts(answers: Path) -> dict[str, list[str]]:
    """By the benchmark's name, what it is called with."""
    kept = ["--keep", str(answers)]
    return {
        "near_duplicates": [],
        "groups_found": ["--score", "mn04"],
        "calibration": kept,
        "max_error": kept,
        "drift": ["--sounds", "mn04"],
        "none_of_these": ["--backbone", "mn04"],
        "wrong_classes": [],
        "wrong_labels": [],
        "baselines": [],
    }


def main() -> None:
    """Run all of them, or those asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=parts(HERE), metavar="NAME", help=f"some of {', '.join(parts(HERE))}")
    parser.add_argument("--keep", type=Path, default=HERE / "out" / "answers", help="where answers to rows held out are kept")
    chosen = parser.parse_args()
    failed = []
    for name, options in parts(chosen.keep).items():
        if chosen.only and name not in chosen.only:
            continue
        print(f"\n## {name}\n", flush=True)
        if subprocess.run([sys.executable, str(HERE / f"{name}.py"), *options], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
