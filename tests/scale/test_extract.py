"""Training whose files workers look at gives the same model, and leaves the vectors in the cache here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from polars.testing import assert_frame_equal

import injerto
from injerto.backbones.cache import VectorCache
from injerto.backbones.frozen import extract
from injerto.backbones.suited import suited
from injerto.backbones.weights import load
from injerto.errors import ScaleError
from injerto.features.declared import features_of
from injerto.features.feature import MediaFeature
from injerto.scale.cluster import Cluster
from injerto.scale.extract import RayCrew
from small import birds

if TYPE_CHECKING:
    from conftest import Nodes


def test_vectors_are_those_of_here_and_are_kept(inline: None, given: injerto.Table, tmp_path: Path) -> None:
    (feature,) = features_of({"file": injerto.Input(kind="image")})
    assert isinstance(feature, MediaFeature)
    column = suited(feature).column(given)
    feature.fit(column)
    backbone = load(feature.backbone_)
    here = extract(feature, column, backbone)
    with VectorCache(tmp_path) as cache:
        cache.crew = RayCrew(Cluster(1, 2, 1.0, 0.0, 0))
        there = extract(feature, column, backbone, cache=cache)
        assert np.array_equal(here.values.numpy(), there.values.numpy(), equal_nan=True)
        assert (here.ledger, here.readable.tolist()) == (there.ledger, there.readable.tolist())
        assert here.ledger.rows == {7}
        cache.crew = None
        again = extract(feature, column, backbone, cache=cache)
        assert again.computed == 0
        assert np.array_equal(here.values.numpy(), again.values.numpy(), equal_nan=True)


def test_a_training_without_files_is_refused() -> None:
    with pytest.raises(ScaleError, match=r"this training has no column of photos or sounds. Train without --on"):
        injerto.train(birds(60), "species", on="ray")


@pytest.mark.slow
def test_a_training_over_a_cluster(
    nodes: Nodes, model: injerto.Model, table: injerto.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INJERTO_CACHE", str(tmp_path))
    there = injerto.train(table, "class", seed=1, mode="probe", no_group=True, on=nodes.address)
    assert there.scores == model.scores
    assert_frame_equal(there.predict(table).frame, model.predict(table).frame, check_exact=True)
