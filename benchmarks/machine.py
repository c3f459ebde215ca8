"""What every benchmark says beside its figures: the machine, the versions, the spread."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import torch

import injerto


def machine() -> str:
    """One line about what the figures were measured on."""
    return (
        f"Injerto {injerto.__version__}, PyTorch {torch.__version__}, Python {platform.python_version()}, "
        f"{len(os.sched_getaffinity(0))} cores of {_processor()}"
    )


def spread(values: Sequence[float]) -> str:
    """Median, with least and greatest in brackets."""
    return f"{median(values):.4f} ({min(values):.4f} to {max(values):.4f})"


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()
