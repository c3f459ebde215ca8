"""The grid of every network: what its map is gathered from, and where its places lie."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from injerto.backbones.catalogue import CATALOGUE
from injerto.backbones.networks import build

SECONDS = 4


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_map_is_what_is_gathered_from_the_grid(name: str) -> None:
    entry, network = CATALOGUE[name], build(name)
    generator = torch.Generator().manual_seed(0)
    sound = entry.kind == "sound"
    raw = torch.randn(1, SECONDS * entry.resolution, generator=generator) if sound else torch.rand(1, 3, 64, 64) * 255
    with torch.inference_mode():
        grid = network.grid(raw)
        torch.testing.assert_close(network.gather(grid), network.map(raw), rtol=1e-4, atol=1e-5)
    lattice = network.lattice(grid)
    assert (lattice is not None) == sound
    if lattice is None:
        return
    assert grid.shape[2:] == (len(lattice.hertz), len(lattice.seconds))
    assert (lattice.hertz[:, 0] < lattice.hertz[:, 1]).all()
    np.testing.assert_allclose(lattice.hertz[1:, 0], lattice.hertz[:-1, 1])
    assert lattice.hertz[-1, 1] <= entry.resolution / 2
    assert -0.5 < lattice.seconds.min() < 0.1
    assert SECONDS - 1 < lattice.seconds.max() < SECONDS + 0.5


@pytest.mark.parametrize("name", [name for name, entry in CATALOGUE.items() if entry.kind == "sound"])
def test_a_tone_stands_where_the_lattice_says(name: str) -> None:
    """What a short tone changes is at its time and, for networks that see pictures plainly, at its height."""
    entry, network = CATALOGUE[name], build(name)
    time = torch.arange(SECONDS * entry.resolution) / entry.resolution
    noise = 1e-3 * torch.randn(len(time), generator=torch.Generator().manual_seed(0))
    # Not so loud that networks which hear relative to the loudest moment hear all else otherwise.
    loud = 0.01 * torch.sin(2 * torch.pi * 1000 * time) * ((time > 0.2) & (time < 0.6))
    burst = 0.01 * torch.sin(2 * torch.pi * 3000 * time) * ((time > 2.5) & (time < 2.9))
    with torch.inference_mode():
        changed = (network.grid((noise + loud + burst)[None]) - network.grid((noise + loud)[None])).abs().sum(dim=1)[0]
    lattice = network.lattice(network.grid((noise)[None]))
    assert lattice is not None
    middles = lattice.seconds.mean(axis=1)
    by_time = changed.sum(dim=0).numpy()
    assert abs(float((by_time * middles).sum() / by_time.sum()) - 2.7) < 0.7
