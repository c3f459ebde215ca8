"""Recordings of what is always there, wind, water, traffic: clips are laid over them while a network learns."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from injerto.errors import MediaError, TrainingError
from injerto.places.address import Place
from injerto.places.opened import is_folder
from injerto.table.folder import sound_files
from injerto.table.recording import Recording, blocks

MOST_CLIPS = 500
"""Kept in memory; a longer folder gives as many from each of its recordings."""


def backgrounds(folder: Place, *, rate_hz: int, seconds: float) -> Tensor:
    """Clips (M,n) of `seconds` from the recordings below `folder`; a shorter recording goes round.

    At every rate there are as many, of the same moments.

    *Raises* TrainingError when the folder holds no recording that can be read.
    """
    files = sound_files(folder) if is_folder(folder) else []
    clips: list[Tensor] = []
    samples = round(seconds * rate_hz)
    for path in files[:MOST_CLIPS]:
        try:
            count = min(max(1, int(Recording.open(path).seconds / seconds)), max(1, MOST_CLIPS // len(files)))
            for _, block in zip(range(count), blocks(path, rate_hz=rate_hz, block_seconds=seconds), strict=False):
                clips.append(torch.from_numpy(np.resize(block.samples, samples)))
        except MediaError:
            continue  # `check_background` has named it; a background that cannot be read is one fewer
    if not clips:
        raise TrainingError(
            f"training.background: '{folder}' holds no recording that can be read. Name a folder with sounds in it."
        )
    return torch.stack(clips)
