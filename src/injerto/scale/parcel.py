"""What travels between machines, as bytes: arrays as safetensors, frames as Arrow. Nothing in it is executed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from safetensors.numpy import load, save

_FRAME, _ARRAY = "frame/", "array/"


@dataclass(frozen=True)
class Parcel:
    """Named frames and arrays.

    Example:
        >>> Parcel(arrays={"rows": np.arange(3)}).packed()[:8].hex() != ""
        True
    """

    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)

    def packed(self) -> bytes:
        """As one string of bytes."""
        told = {_FRAME + name: _bytes_of(frame) for name, frame in self.frames.items()}
        told |= {_ARRAY + name: np.ascontiguousarray(array) for name, array in self.arrays.items()}
        return save(told)

    @classmethod
    def unpacked(cls, content: bytes) -> Parcel:
        """What `packed` gave."""
        told = load(content)
        frames = {name.removeprefix(_FRAME): _frame_of(one) for name, one in told.items() if name.startswith(_FRAME)}
        return cls(frames, {name.removeprefix(_ARRAY): one for name, one in told.items() if name.startswith(_ARRAY)})


def _bytes_of(frame: pl.DataFrame) -> np.ndarray:
    target = io.BytesIO()
    frame.write_ipc_stream(target)
    return np.frombuffer(target.getvalue(), dtype=np.uint8)


def _frame_of(content: np.ndarray) -> pl.DataFrame:
    return pl.read_ipc_stream(io.BytesIO(content.tobytes()))
