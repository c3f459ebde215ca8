"""The probe of more rows than memory holds at once: the same convex fit, its loss and gradient summed part by part.

How strong the penalty must be is told by a draw of rows that fit, then by weaker ones on all of them as long as rows that
taught nothing gain: a penalty stands for so many rows' worth of doubt, so the more rows, the weaker it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.heads.head import Labels
from injerto.heads.vector_head import VectorHead
from injerto.large_array import LARGE_BYTES
from injerto.learning.checkpoint import Checkpoint
from injerto.learning.kept_fits import KeptFits
from injerto.learning.kin import weight_beside_kin
from injerto.learning.probe import minimise
from injerto.learning.some_rows import some_of
from injerto.losses import LOSSES
from injerto.network import Network

PART_ROWS = 2048
"""So many rows of vectors stay near the core while they are worked on: four times as many take twice as long a row."""
DRAWN_WORK = 2e9
"""Rows x width x outputs that are drawn to begin with: a minute or two."""
LEAST_DRAWN, DRAWN_BYTES = 5_000, 300_000_000
WEAKER = 3.0
"""Each penalty on all rows is so many times weaker than the one before."""
LEAST_STRENGTH = 1e-7
LEAST_CHANGE = 1e-5
"""Of the loss: by more than a hundred times this it differs from draw to draw of a hundred thousand rows."""


def is_large(rows: int, width: int) -> bool:
    """Whether vectors (rows,width) are fitted part by part."""
    return rows * width * 4 > LARGE_BYTES


def drawn(rows: Tensor, width: int, outputs: int, seed: int) -> Tensor:
    """As many of `rows` (n,), by chance, as are fitted soon and fit into memory with all that is made of them."""
    most = max(1, min(DRAWN_BYTES // (4 * width), max(LEAST_DRAWN, int(DRAWN_WORK / (width * outputs)))))
    return some_of(rows, most, seed)


@dataclass(frozen=True)
class ProbeByParts:
    """A head on its way, on `examples` of which it reads parts; `unit` (N,) says which rows are kin."""

    network: Network
    examples: Examples
    head: VectorHead
    unit: np.ndarray
    kept: KeptFits = field(default_factory=lambda: KeptFits(Checkpoint(None)))

    def weakened(self, strength: float, taught: Tensor, judges: Tensor) -> tuple[float, dict[float, float]]:
        """The penalty, from `strength` down, after which the fit of the rows `taught` answers `judges` best, with all losses.

        The head begins where it is, and ends with that fit.
        """
        losses: dict[float, float] = {}
        best, least = {key: value.clone() for key, value in self.head.state_dict().items()}, float("inf")
        while strength >= LEAST_STRENGTH:
            self.fit(taught, strength)
            losses[strength] = loss = self.loss(judges)
            if loss >= least:
                break
            best, least = {key: value.clone() for key, value in self.head.state_dict().items()}, loss
            strength = float(f"{strength / WEAKER:.2g}")
        self.head.load_state_dict(best)
        return min(losses, key=lambda tried: losses[tried]), losses

    def fit(self, rows: Tensor, strength: float) -> None:
        """Fit the head on `rows`, from where it is."""
        rows = rows.sort().values  # as they lie on disk
        weight = weight_beside_kin(rows, self.unit)
        counts = torch.ones(len(rows)) if weight is None else weight
        whole = float(counts.sum())
        parts = list(zip(rows.split(PART_ROWS), counts.split(PART_ROWS), strict=True))

        def cost() -> Tensor:
            summed = torch.zeros((), dtype=torch.float64)
            for part, counting in parts:
                loss = self._loss(part, counting) * (float(counting.sum()) / whole)
                loss.backward()
                summed += loss.detach()
            return summed

        self.kept.fitted(self.head, lambda: minimise(self.head, cost, strength, change=LEAST_CHANGE))

    @torch.no_grad()
    def loss(self, rows: Tensor) -> float:
        """The mean loss of `rows`, all alike."""
        parts = rows.sort().values.split(PART_ROWS)
        return sum(float(self._loss(part, None)) * len(part) for part in parts) / len(rows)

    @torch.no_grad()
    def outputs(self, rows: Tensor) -> Tensor:
        """The head's outputs (n,1,K) to `rows` (n,)."""
        found = torch.empty(len(rows), 1, self.head.outputs)
        for start in range(0, len(rows), PART_ROWS):
            found[start : start + PART_ROWS] = self._outputs(rows[start : start + PART_ROWS])
        return found

    def _loss(self, part: Tensor, weight: Tensor | None) -> Tensor:
        labels: Labels = replace(self.examples.labels[self.head.name].take(part), weight=weight)
        return LOSSES[self.head.cost](self._outputs(part), labels)

    def _outputs(self, part: Tensor) -> Tensor:
        return self._of_one_column(part) if self._one_column else self._of_all(part)

    @property
    def _one_column(self) -> bool:
        """Whether the head reads the vectors of one column alone, as most do."""
        return self.network.only_media and len(self.network.media) == 1 and self.network.named is None

    def _of_one_column(self, part: Tensor) -> Tensor:
        """The outputs (n,1,K), with what standardises the vectors drawn into the weights: that takes half the time."""
        ((key, embedder),) = self.network.media.items()
        vectors = self.examples.vectors[key].index_select(0, part)
        if bool(vectors.sum(dim=1).isnan().any()):
            return self._of_all(part)
        weight = self.head.convolve.weight.flatten(1) / embedder.scale
        return torch.addmm(self.head.bias - weight @ embedder.mean, vectors, weight.T)[:, None]

    def _of_all(self, part: Tensor) -> Tensor:
        batch = self.examples.batch(part)
        with torch.no_grad():
            inputs = self.network.probe_inputs(self.network.embed_files(batch), batch)
            told = self.network.beforehand(batch)
        output: Tensor = self.head(inputs)
        return output if told is None else output + told[:, None]
