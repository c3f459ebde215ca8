"""Recordings of what is always there, wind, water, traffic: clips are laid over them while a network learns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from injerto.errors import MediaError, TrainingError
from injerto.features.sound import SoundFeature
from injerto.table.folder import SOUND_SUFFIXES
from injerto.table.recording import blocks

MOST_CLIPS = 500
"""Kept in memory; a longer folder gives as many from each of its recordings."""


def backgrounds(folder: Path, feature: SoundFeature) -> Tensor:
    """Clips (M,n) of the recordings below `folder`, as long as those that `feature` reads.

    *Raises* TrainingError when the folder holds no recording that can be read.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SOUND_SUFFIXES) if folder.is_dir() else []
    clips: list[Tensor] = []
    each = max(1, MOST_CLIPS // max(1, len(files)))
    for path in files[:MOST_CLIPS]:
        try:
            for number, block in enumerate(blocks(path, rate_hz=feature.resolution_, block_seconds=feature.clip_seconds_)):
                if number == each:
                    break
                samples = block.samples[: feature.samples]
                clips.append(torch.from_numpy(np.pad(samples, (0, feature.samples - len(samples)), mode="wrap")))
        except MediaError:
            continue  # the ledger lists the table's files; a background that cannot be read is one fewer
    if not clips:
        raise TrainingError(
            f"training.background: '{folder}' holds no recording that can be read. Name a folder with sounds in it."
        )
    return torch.stack(clips)
