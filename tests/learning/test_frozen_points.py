"""Frozen features of photos and the ridge on them: which rows are told, and by what."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import torch
from PIL import Image

from injerto.backbones.networks import build
from injerto.features.whole_photo import WholePhotoFeature
from injerto.heads.keypoints import KeypointsHead
from injerto.learning.division import Division
from injerto.learning.frozen_points import PLACES, frozen_points, photo_features
from injerto.network import PHOTO
from injerto.photos import Photos, photos_of
from injerto.point_network import PointNetwork
from injerto.progress import Silent
from injerto.schema.schema import Input, Target
from injerto.table.split import Rows
from injerto.table.table import Table

SIDE = 112
ROWS = 12


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[PointNetwork, Photos]:
    """Twelve photos of noise, the third of them no photo, and a network of random weights."""
    folder, generator = tmp_path_factory.mktemp("photos"), np.random.default_rng(0)
    names = [f"{row}.png" for row in range(ROWS)]
    for name in names:
        Image.fromarray(generator.integers(0, 255, (SIDE, SIDE, 3)).astype(np.uint8)).save(folder / name)
    (folder / names[2]).write_bytes(b"no photo")
    places = {f"nose_{axis}": generator.uniform(20, 90, ROWS).tolist() for axis in "xy"}
    table = Table.of(pl.DataFrame({"photo": names, **places}), folder=folder)
    head = KeypointsHead("keypoints", Target(kind="keypoints", photo="photo", points=["nose"]))
    column = head.column(table)
    head.fit(column)
    torch.manual_seed(0)
    photo = WholePhotoFeature("photo", Input(kind="image")).suit("efficientnet_lite0", SIDE)
    network = PointNetwork(photo, head, build("efficientnet_lite0")).eval()
    photos = photos_of(network, table, progress=Silent())
    photos.labels = {"keypoints": head.encode(column)}
    return network, photos


def test_features_are_the_early_map_averaged_down(seen: tuple[PointNetwork, Photos]) -> None:
    network, photos = seen
    rows = torch.tensor([0, 5])
    found = photo_features(network.pyramid, photos, rows, Silent())
    with torch.inference_mode():
        early = network.pyramid.early(photos.batch(rows).raw[PHOTO])
    assert early.shape == (2, 80, 7, 7)  # 112 / 16
    expected = torch.nn.functional.adaptive_avg_pool2d(early, PLACES).flatten(1)
    torch.testing.assert_close(found.float(), expected, rtol=0.01, atol=0.01)


def test_all_rows_with_a_photo_are_told(seen: tuple[PointNetwork, Photos]) -> None:
    network, photos = seen
    rows = Rows(train=np.arange(7), tune=np.array([7, 8]), test=np.array([9, 10, 11]), reason="")
    found = frozen_points(network, photos, Division(rows, np.arange(ROWS)), seed=0, progress=Silent())
    assert found is not None
    assert found.rows == 8
    known = np.isfinite(found.xy_unit.numpy()).all(axis=(1, 2))
    assert np.flatnonzero(~known).tolist() == [2]


def test_none_where_nothing_can_be_left_out(seen: tuple[PointNetwork, Photos]) -> None:
    network, photos = seen
    rows = Rows(train=np.arange(ROWS), tune=np.array([], dtype=int), test=np.array([], dtype=int), reason="")
    assert frozen_points(network, photos, Division(rows, np.zeros(ROWS, dtype=int)), seed=0, progress=Silent()) is None
