"""How heavy an install is: packages, megabytes and seconds of `pip install .` in an environment of its own.

Run: python benchmarks/install.py
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST_PACKAGES = 60


def main() -> int:
    """Install, count, print; the exit code is 1 when it is too heavy or brings packages for a GPU."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = str(Path(folder) / "bin" / "python")
        started = time.perf_counter()
        constraints = ["--constraint", str(ROOT / "constraints.txt")]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *constraints, str(ROOT)], check=True)
        seconds = time.perf_counter() - started
        listed = subprocess.run([python, "-m", "pip", "list", "--format", "json"], check=True, capture_output=True, text=True)
        megabytes = (
            sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file() and not file.is_symlink()) / 1e6
        )
    own = {"pip", "setuptools", "injerto"}
    names = sorted(package["name"] for package in json.loads(listed.stdout) if package["name"].lower() not in own)
    for_gpu = [name for name in names if name.lower().startswith(("nvidia", "cuda", "triton"))]
    print("| packages | for a GPU | megabytes on disk | seconds | Python |")
    print("|---|---|---|---|---|")
    print(f"| {len(names)} | {len(for_gpu)} | {megabytes:,.0f} | {seconds:.0f} | {platform.python_version()} |")
    print("\n" + ", ".join(names))
    return int(len(names) >= MOST_PACKAGES or bool(for_gpu))


if __name__ == "__main__":
    sys.exit(main())
