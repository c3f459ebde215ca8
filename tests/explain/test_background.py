"""Rows that stand in for a column: of files the model keeps directions, from which vectors of the usual length are made."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from torch.nn import functional

import made_everything
from injerto.backbones.weights import load
from injerto.examples import examples_of
from injerto.explain.background import of_directions, of_reference
from injerto.network import Network
from injerto.progress import Silent
from made_everything import everything, model_of


def test_directions_that_are_kept_become_vectors_of_the_usual_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(made_everything, "build", load)  # to layers that nobody trained all photos are alike to the last bit
    table = everything(tmp_path)
    artifact = model_of(table, ["mass", "photo"], ["species"])
    network = artifact.network
    assert isinstance(network, Network)
    assert of_reference(network, artifact.reference) is None  # of files it does not keep the whole
    found = of_directions(network, artifact.reference)
    assert found is not None
    assert len(found) == len(table)
    ((key, embedder),) = network.media.items()
    true = embedder.from_vector(examples_of(network, table, cache=None, progress=Silent()).vectors[key])
    made = embedder.from_vector(found.batch.vectors[key])
    # The scale is that by which all values of all training files have a mean square of 1.
    assert true.square().mean().item() == pytest.approx(1, rel=1e-4)
    assert made.norm(dim=1).tolist() == pytest.approx([math.sqrt(embedder.width)] * len(table), rel=1e-2)
    kept = functional.cosine_similarity(made, true)  # all rows are kept, in their order
    assert kept.min().item() > 0.999
    exact = torch.cat([block.encode(table) for block in network.blocks if block.key not in network.media])
    assert torch.equal(torch.cat(list(found.batch.scalars.values())), exact)


def test_without_rows_there_is_no_background(tmp_path: Path):
    artifact = model_of(everything(tmp_path), ["mass", "photo"], ["species"])
    assert isinstance(artifact.network, Network)
    assert of_directions(artifact.network, None) is None
