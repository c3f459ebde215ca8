"""How far the sounds that are asked about are like those of training: told from the rows that taught, and from noise."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.learning.judging import judging_folds
from injerto.learning.noises import noises
from injerto.learning.source import Source
from injerto.network import Batch, Network

MOST_ROWS = 50_000
"""Rows that are judged as if they had not been heard; of more these are drawn, and the others are none of those it knows."""


@torch.no_grad()
def familiarise(network: Network, examples: Examples, source: Source, rows: Tensor, unit: np.ndarray, seed: int) -> Tensor:
    """Let the network know what it has heard in `rows` of `source`, as its own layers now hear it, and what noise sounds like.

    Gives the trust (N,) in the rows that taught, each as if it had not been heard; 1 elsewhere.
    """
    network.eval()
    others = rows[MOST_ROWS:]
    if len(others):
        order = torch.from_numpy(np.random.default_rng(seed).permutation(len(rows)))
        rows, others = rows[order[:MOST_ROWS]], rows[order[MOST_ROWS:]]
    found = [
        (network.embed_sounds(batch), network.hears(batch)) for batch, _ in source.batches(rows, 64, training=False, seed=0)
    ]
    heard, there = (torch.cat(parts) for parts in zip(*found, strict=True))
    features = network.sound_features
    raw = {key: torch.from_numpy(noises(feature.samples, feature.resolution_)) for key, feature in features.items()}
    never = {key: torch.zeros(len(block), dtype=torch.bool) for key, block in raw.items()}
    trust = torch.ones(len(examples.usable))
    if network.familiarity is not None and there.any():
        folds = judging_folds(rows, torch.zeros(len(rows)), unit, seed)
        noise = network.embed_sounds(Batch({}, raw=raw, empty=never))
        trust[rows[there]] = network.familiarity.fit(heard[there], folds[there], noise)
        if len(others):
            told = [network.trust(batch) for batch, _ in source.batches(others, 64, training=False, seed=0)]
            trust[others] = torch.cat([part for part in told if part is not None])
    return trust
