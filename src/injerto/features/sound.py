"""Sounds: the first seconds of a file, or of a clip of it, as samples at the backbone's rate, all of one length."""

from __future__ import annotations

from typing import Self

import numpy as np
import torch
from torch import Tensor

from injerto.errors import MediaError
from injerto.features.feature import JSON, MediaFeature
from injerto.places.address import Place
from injerto.table.clips import clip_column
from injerto.table.column import Column
from injerto.table.media import read_samples, sound_duration
from injerto.table.table import Table

LONGEST_SECONDS = 10.0
SHORTEST_SECONDS = 0.5
QUANTILE = 0.95
LOOKED_AT = 500
"""Durations are taken from this many files at most, evenly spread over the training rows."""


class SoundFeature(MediaFeature):
    """Learns how many seconds to look at: what holds 95 % of the training files whole, at most ten."""

    clip_seconds_: float

    @property
    def transform(self) -> str:
        """Version, rate and length."""
        return f"sound 1, silence after, {self.resolution_} Hz, {self.clip_seconds_:g} s"

    @property
    def reads(self) -> list[str]:
        """The column of files, and those of the times of clips."""
        return [self.name, *self.options.times]

    def column(self, table: Table) -> Column:
        """Files or, where times are declared, clips of them."""
        return clip_column(table, self.name, start=self.options.start, end=self.options.end)

    def fit(self, column: Column) -> Self:
        """Learn the length from the durations in the files' headers, unless the options declare it."""
        if self.options.clip_seconds is not None:
            self.clip_seconds_ = self.options.clip_seconds
            return self
        step = max(1, len(column) // LOOKED_AT)
        seconds = [found for index in range(0, len(column), step) if (found := _seconds(column, index)) is not None]
        typical = float(np.quantile(seconds, QUANTILE, method="higher")) if seconds else LONGEST_SECONDS
        # Two digits: the length is part of the key of cached vectors and should survive a few more files.
        self.clip_seconds_ = round(min(max(typical, SHORTEST_SECONDS), LONGEST_SECONDS), 2)
        return self

    def decode(self, cell: object, folder: Place, row: int | None) -> Tensor:
        """One clip as (n,) float32: longer sounds are cut, shorter ones followed by silence."""
        samples = read_samples(cell, folder, rate_hz=self.resolution_, row=row, most_seconds=self.clip_seconds_)
        samples = samples[: self.samples]
        # Repeating short clips was tried: on spoken digits the probe lost 0.5 (aisfx) and 5 points (log-mel pictures).
        return torch.from_numpy(np.pad(samples, (0, self.samples - len(samples))))

    @property
    def samples(self) -> int:
        """Samples n of a clip."""
        return round(self.clip_seconds_ * self.resolution_)

    def state(self) -> dict[str, JSON]:
        """Backbone, rate and length."""
        return {"backbone": self.backbone_, "resolution": self.resolution_, "clip_seconds": self.clip_seconds_}

    def restore(self, state: dict[str, JSON]) -> Self:
        """Take over what `state` gave."""
        self.clip_seconds_ = float(state["clip_seconds"])
        return self.suit(str(state["backbone"]), int(state["resolution"]))


def _seconds(column: Column, index: int) -> float | None:
    """The duration of one file; None when it is empty or cannot be read, which the ledger will say later."""
    try:
        cell = column.cell(index)
        return None if cell is None else sound_duration(cell, column.folder)
    except MediaError:
        return None
