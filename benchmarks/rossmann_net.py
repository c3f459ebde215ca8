"""The authors' network in plain PyTorch, with embeddings or one-hot inputs, and the embeddings it learns.

*Source*: Guo & Berkhahn 2016, arXiv 1604.06737, section IV; widths, start and loss as in the authors' code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import torch
from rossmann_data import AUTHORS, Sample, levels_of
from rossmann_pace import EMBEDDED, HIDDEN
from torch import Tensor, nn
from torch.nn import functional

NETS = 5
"""Networks whose answers in euros are averaged."""
EPOCHS = 10
BATCH_ROWS = 128
RATE = 1e-3
START = 0.05
"""Keras' "uniform": first weights and lookups lie within this range."""


class PaperNet(nn.Module):
    """Codes of the authors' columns (B,7) to the log of sales as a share of the greatest (B,)."""

    start: Tensor

    def __init__(self, levels: Sequence[int], *, embedded: bool) -> None:
        super().__init__()
        self.embedded = embedded
        if embedded:
            self.lookups = nn.ModuleDict({name: nn.Embedding(levels[AUTHORS.index(name)], EMBEDDED[name]) for name in EMBEDDED})
            self.promo = nn.Linear(1, 1)
            self.first: nn.Module = nn.Linear(sum(EMBEDDED.values()) + 1, HIDDEN[0])
        else:
            # One-hot columns times a matrix are its rows summed: the same network without a product with zeros.
            self.register_buffer("start", torch.tensor([0, *levels[:-1]]).cumsum(0))
            self.first = nn.EmbeddingBag(sum(levels), HIDDEN[0], mode="sum")
            self.bias = nn.Parameter(torch.zeros(HIDDEN[0]))
        self.rest = nn.Sequential(nn.ReLU(), nn.Linear(*HIDDEN), nn.ReLU(), nn.Linear(HIDDEN[1], 1), nn.Sigmoid())
        for name, parameter in self.named_parameters():
            nn.init.zeros_(parameter) if name.endswith("bias") else nn.init.uniform_(parameter, -START, START)

    def forward(self, codes: Tensor) -> Tensor:
        """(B,7) whole numbers to (B,)."""
        if not self.embedded:
            made: Tensor = self.rest(self.first(codes + self.start) + self.bias)
            return made[:, 0]
        parts = [lookup(codes[:, AUTHORS.index(name)]) for name, lookup in self.lookups.items()]
        parts.append(self.promo(codes[:, AUTHORS.index("Promo"), None].float()))
        made = self.rest(self.first(torch.cat(parts, dim=1)))
        return made[:, 0]


class PaperNets:
    """Several nets of one kind, trained one after the other."""

    def __init__(self, sample: Sample, *, embedded: bool, nets: int) -> None:
        self.levels = levels_of(sample)
        logs = np.log(sample.train["Sales"].to_numpy())
        self.greatest = float(logs.max())
        codes, share = self.codes(sample.train), torch.from_numpy(logs / self.greatest).float()
        sizes = [len(values) for values in self.levels.values()]
        with torch.random.fork_rng():
            torch.manual_seed(sample.seed)
            self.nets = [_trained(PaperNet(sizes, embedded=embedded), codes, share) for _ in range(nets)]

    def codes(self, table: pl.DataFrame) -> Tensor:
        """Place of each cell among its column's levels (N,7)."""
        return torch.from_numpy(codes_of(table, self.levels))

    @torch.no_grad()
    def answers(self, table: pl.DataFrame) -> np.ndarray:
        """Mean of the nets' answers in euros (N,)."""
        codes = self.codes(table)
        found = [torch.cat([net(part) for part in codes.split(8192)]).double() for net in self.nets]
        mean: np.ndarray = torch.stack([(one * self.greatest).exp() for one in found]).mean(0).numpy()
        return mean

    @torch.no_grad()
    def vectors(self, table: pl.DataFrame) -> np.ndarray:
        """Rows of the first net's lookups side by side, and promo (N,41), for other models to learn from."""
        codes, net = self.codes(table), self.nets[0]
        parts = [lookup(codes[:, AUTHORS.index(name)]) for name, lookup in net.lookups.items()]
        return torch.cat([*parts, codes[:, AUTHORS.index("Promo"), None].float()], dim=1).numpy()


def codes_of(table: pl.DataFrame, levels: Mapping[str, Sequence[object]]) -> np.ndarray:
    """Whole numbers (N,F): the place of each cell among its column's levels."""
    columns = [table[name].replace_strict(values, range(len(values)), return_dtype=pl.Int64) for name, values in levels.items()]
    return pl.DataFrame(columns).to_numpy()


def _trained(net: PaperNet, codes: Tensor, share: Tensor) -> PaperNet:
    """Ten epochs of Adam on the absolute error."""
    optimizer = torch.optim.Adam(net.parameters(), RATE, eps=1e-7, fused=True)  # Keras' epsilon
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(codes)).split(BATCH_ROWS):
            loss = functional.l1_loss(net(codes[rows]), share[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return net.eval()
