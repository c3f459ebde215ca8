"""What became of one column, or of the answers to one target, in the new table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from injerto.drift.shuffles import Array, Found, Shuffles, either

SIZES = ((0.25, "large"), (0.1, "moderate"), (0.0, "small"))
"""From which difference on it is called so."""


@dataclass(frozen=True)
class Share:
    """One bar of a picture: a level or a range of numbers, and the share of rows it has in both tables."""

    label: str
    before: float
    after: float


@dataclass(frozen=True)
class Change:
    """How far the cells of the new table differ from those that taught.

    `difference` is 0 where the tables are as like as chance allows and 1 where they have nothing in common: how far they are
    `apart` less what chance makes of tables of this size. `p` is the chance that tables of one source are as far apart; None
    of what is told but not tested.
    """

    difference: float
    p: float | None
    figures: dict[str, Any]
    """What else is known, under names that depend on the kind; docs/drift.md lists them."""
    words: str
    shares: tuple[Share, ...] = ()

    @property
    def size(self) -> str:
        """The difference in a word."""
        return next(word for least, word in SIZES if self.difference >= least)


@dataclass(frozen=True)
class Sides:
    """Cells of both tables, the old ones first, and how their rows are drawn anew."""

    before: Tensor
    after: Tensor
    shuffles: Shuffles
    names: Sequence[str] = field(default_factory=tuple)
    """What ids stand for."""
    centre: float = 0.0
    scale: float = 1.0
    """Of numbers: what 0 and a step of 1 are in the user's units."""

    def both(self) -> Tensor:
        """All cells (N,...)."""
        return torch.cat([self.before, self.after.to(self.before.dtype)])


Measure = Callable[[Sides], Change]
"""What holds the cells of a kind of column against each other."""


def with_missing(sides: Sides, empty: Array, found: Found, figures: dict[str, Any]) -> tuple[float, float]:
    """The difference and p of a column in which the share of `empty` cells (N,) bool may have changed, too.

    The shares go to `figures`.
    """
    new = sides.shuffles.new
    before, after = (float(empty[side].mean()) if side.any() else 0.0 for side in (~new, new))
    figures |= {"missing_before": before, "missing_after": after}
    if not empty.any():
        return found.beyond, found.p
    missing = sides.shuffles.test(lambda drawn: abs_shares(drawn, empty[:, None].astype(np.float32))[:, 0])
    return max(found.beyond, missing.beyond), either(found, missing)


def abs_shares(drawn: Array, ones: Array) -> Array:
    """By how much (B,L) the mean of `ones` (N,L) differs between the rows of the new table (B,N) bool and the others."""
    return np.abs(shares_apart(drawn, ones))


def shares_apart(drawn: Array, ones: Array) -> Array:
    """The mean of `ones` (N,L) over the rows of the new table (B,N) bool less that over the others, (B,L)."""
    weight = drawn.astype(np.float32)
    count = weight.sum(axis=1, keepdims=True)
    inside, whole = weight @ ones, ones.sum(axis=0)
    return np.asarray(inside / np.maximum(count, 1) - (whole - inside) / np.maximum(drawn.shape[1] - count, 1))
