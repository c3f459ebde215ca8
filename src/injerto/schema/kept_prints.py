"""Prints of photos and sounds on disk while a run goes on, so that a killed one does not look at a million files again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from injerto.errors import OutputError
from injerto.table.clip_print import ClipPrint
from injerto.whole_file import write_whole

PAIRS = "pairs.npz"
CHUNK = 10_000
"""Cells whose prints are written down together."""


class KeptPrints:
    """The prints of one column in chunks of `CHUNK` cells. Without a folder nothing is kept.

    A disk that is full stops the keeping and not the work.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def chunk(self, number: int) -> list[Any] | None:
        """The prints of one chunk; None where they were not kept, or cannot be read."""
        if self.folder is None:
            return None
        kept = _read(self._path(number))
        with suppress(ValueError, KeyError):
            return None if kept is None else unpacked(kept)
        return None

    def keep(self, number: int, prints: Sequence[object]) -> None:
        """Write the prints of one whole chunk down; those of a smaller one are soon made again."""
        if self.folder is None or len(prints) < CHUNK:
            return
        packed_prints = io.BytesIO()
        np.savez(packed_prints, allow_pickle=False, **packed(prints))
        with suppress(OutputError):
            write_whole(self._path(number), lambda file: file.write(packed_prints.getbuffer()))

    def pairs(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """What was found among the cells at `places` (n,): pairs and their likeness; None where it was not kept."""
        if self.folder is None:
            return None
        kept = _read(self.folder / PAIRS)
        if kept is None or not np.array_equal(kept.get("places", []), places):
            return None
        return kept["first"], kept["second"], kept["likeness"]

    def keep_pairs(self, places: np.ndarray, first: np.ndarray, second: np.ndarray, likeness: np.ndarray) -> None:
        """Write down what was found."""
        if self.folder is None or not self.folder.exists():  # of few cells nothing is kept
            return
        packed_pairs = io.BytesIO()
        np.savez(packed_pairs, allow_pickle=False, places=places, first=first, second=second, likeness=likeness)
        with suppress(OutputError):
            write_whole(self.folder / PAIRS, lambda file: file.write(packed_pairs.getbuffer()))

    def _path(self, number: int) -> Path:
        assert self.folder is not None
        return self.folder / f"{number:05}.npz"


def _read(path: Path) -> dict[str, np.ndarray] | None:
    """All arrays of a file; None where it is not there or damaged."""
    with suppress(OSError, ValueError, KeyError, zipfile.BadZipFile), path.open("rb") as file:
        return dict(np.load(file, allow_pickle=False))
    return None


def packed(prints: Sequence[object]) -> dict[str, np.ndarray]:
    """Which prints there are, and those end to end."""
    there = [one for one in prints if one is not None]
    found = {"there": np.array([one is not None for one in prints])}
    clips = [one for one in there if isinstance(one, ClipPrint)]
    if not clips:
        return found | {
            "levels": np.stack([one for one in there if isinstance(one, np.ndarray)]) if there else np.empty((0, 0))
        }
    return found | {
        "peaks": np.array([len(one.frames) for one in clips]),
        "frames": np.concatenate([one.frames for one in clips]),
        "bins": np.concatenate([one.bins for one in clips]),
        "lengths": np.array([len(one.detail) for one in clips]),
        "detail": np.concatenate([one.detail for one in clips]),
    }


def unpacked(kept: dict[str, np.ndarray]) -> list[np.ndarray | ClipPrint | None]:
    """What `packed` gave, as it was."""
    made: list[np.ndarray | ClipPrint]
    if "levels" in kept:
        made = list(kept["levels"])
    else:
        ends, cuts = np.cumsum(kept["peaks"])[:-1], np.cumsum(kept["lengths"])[:-1]
        parts = zip(np.split(kept["frames"], ends), np.split(kept["bins"], ends), np.split(kept["detail"], cuts), strict=True)
        made = [ClipPrint(*part) for part in parts]
    left = iter(made)
    return [next(left) if one else None for one in kept["there"].tolist()]
