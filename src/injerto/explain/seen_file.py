"""One file of a row as the network takes it, and the maps over it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from torch import Tensor

from injerto.backbones.lattice import Lattice

LEAST = 0.02
"""Shares of the answer's value below which nothing is said of a map: a few random orders differ as much among themselves."""


@dataclass(frozen=True)
class Layer:
    """One map over a file. `values` (H,W): of photos the uppermost row first, of sounds the lowest frequency first."""

    title: str
    words: str
    values: np.ndarray
    signed: bool = False
    """Whether values below 0 speak against the answer."""
    reach: float = 0.0
    """How far the map goes beyond each edge of the photo, as a share of its side."""

    @property
    def told(self) -> str:
        """What the map is, and whether there is anything in it."""
        return self.words if (self.values > 0).any() else f"{self.words}. No place of this file speaks for the answer"


@dataclass(frozen=True)
class Faithful:
    """The value of the answer as places are erased (steps+1,): the most important first, and in orders drawn at random."""

    first: np.ndarray
    random: np.ndarray
    places: int

    @property
    def more_than_random(self) -> float:
        """By which share of the answer's value erasing what the map points at takes more from it than erasing at random."""
        return float((self.random.mean() - self.first.mean()) / (abs(self.first[0]) or 1.0))

    @property
    def borne_out(self) -> bool | None:
        """Whether it takes clearly more; None where too little happens to tell."""
        return None if abs(self.more_than_random) < LEAST else self.more_than_random > 0


@dataclass(frozen=True)
class SeenFile:
    """`seen` is what the network takes: pixels (3,S,S) uint8, or samples (n,) at `rate_hz`."""

    column: str
    kind: str
    file: str
    backbone: str
    asked: str
    seen: Tensor
    layers: list[Layer]
    key: str = "speaks for the answer"
    """What colour on its maps means."""
    rate_hz: int = 0
    lattice: Lattice | None = None
    """Of sounds: when and how high the places of maps over time and frequency are."""
    timeline: Layer | None = None
    """Of sounds: the head's own map, which knows only time, (1,T)."""
    timeline_s: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))
    faithful: Faithful | None = None
