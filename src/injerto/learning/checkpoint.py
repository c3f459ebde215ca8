"""A training run on disk after every epoch, so that a killed one goes on where it was, bit for bit.

One safetensors file holds network, optimizer and best weights; what else is needed rides in its metadata as JSON.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from injerto.errors import OutputError


class Checkpoint:
    """Where one run keeps its state. `path` None keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def save(self, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
        """Replace the file in one step: a reader sees the old state or the new one, never half of it.

        Nothing in it says on which device it was computed.
        """
        if self.path is None:
            return
        fresh = self.path.with_suffix(".fresh")
        try:
            save_file(
                {key: value.cpu().contiguous().clone() for key, value in tensors.items()}, fresh, {"facts": json.dumps(facts)}
            )
            os.replace(fresh, self.path)
        except (OSError, SafetensorError) as error:
            fresh.unlink(missing_ok=True)
            raise OutputError(
                f"The checkpoint {self.path} cannot be written: {error}. Free some space and start again."
            ) from error

    def load(self) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """The last complete state, or None where there is none that can be read."""
        if self.path is None or not self.path.exists():
            return None
        try:
            with safe_open(self.path, framework="pt") as file:
                tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118  not a dict
                return tensors, json.loads(file.metadata()["facts"])
        except (SafetensorError, OSError, KeyError, ValueError):
            return None  # a damaged file costs the epochs in it, not the run


def prefixed(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors, every name behind `prefix:`."""
    return {f"{prefix}:{key}": value for key, value in tensors.items()}


def without_prefix(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors behind `prefix:`, under their own names."""
    start = f"{prefix}:"
    return {key.removeprefix(start): value for key, value in tensors.items() if key.startswith(start)}
