import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from PIL import Image

from injerto.affine import affine
from injerto.backbones.networks import build
from injerto.features.whole_photo import WholePhotoFeature
from injerto.heads.keypoints import KeypointsHead
from injerto.learning.point_source import PointSource
from injerto.learning.vary_points import Strength
from injerto.network import PHOTO, Batch
from injerto.photos import photos_of
from injerto.point_network import MATRIX, SOURCE, PointNetwork, source_feature
from injerto.progress import Silent
from injerto.schema.schema import Input, PointHead, Target
from injerto.table.table import Table

POINTS = ["left", "right", "nose"]


def faces(folder: Path, rows: int = 6) -> Table:
    generator = np.random.default_rng(0)
    frame = {"photo": [f"{row}.png" for row in range(rows)], "who": ["a", "b"] * (rows // 2)}
    for name in frame["photo"]:
        Image.fromarray(generator.integers(0, 255, (40, 40, 3)).astype(np.uint8)).save(folder / name)
    for point in POINTS:
        for axis in "xy":
            frame[f"{point}_{axis}"] = generator.uniform(5, 35, rows).tolist()
    return Table.of(pl.DataFrame(frame), folder=folder)


def network(table: Table, *, mirror: bool = True, head: PointHead = "heatmap", source: bool = False) -> PointNetwork:
    torch.manual_seed(0)
    pairs = [("left", "right")] if mirror else []
    target = Target(kind="keypoints", photo="photo", points=POINTS, mirror=pairs, head=head)
    points = KeypointsHead("keypoints", target)
    points.fit(points.column(table))
    photo = WholePhotoFeature("photo", Input(kind="image")).suit("efficientnet_lite0", 32)
    who = source_feature("who").fit(table.column("who")) if source else None
    return PointNetwork(photo, points, build("efficientnet_lite0"), who).eval()


def looked_at(net: PointNetwork, pixels: torch.Tensor, matrix: torch.Tensor) -> torch.Tensor:
    return net(Batch({}, raw={PHOTO: pixels, MATRIX: matrix}))["keypoints"]


@pytest.mark.parametrize("head", ["heatmap", "simcc", "regression"])
def test_every_head_learns_and_answers(tmp_path: Path, head: PointHead) -> None:
    net = network(faces(tmp_path), head=head)
    pixels = torch.randint(0, 255, (2, 3, 32, 32), dtype=torch.uint8)
    bins = {"heatmap": 8 + 2 * 4, "simcc": 2 * (8 + 2 * 4), "regression": 1}[head]
    assert looked_at(net, pixels, torch.eye(2, 3).expand(2, -1, -1)).shape == (2, 3, 2 * bins + 3)
    located = net.located(Batch({}, raw={PHOTO: pixels}))
    assert located.shape == (2, 3, 4)
    assert located.isfinite().all()


def test_a_habit_turns_with_the_photo(tmp_path: Path) -> None:
    net = network(faces(tmp_path))
    assert net.habits is not None
    net.habits.shared.data.fill_(0.02)
    one, turn = torch.ones(1), torch.tensor([math.pi / 2])
    none, yes = torch.zeros(1, dtype=torch.bool), torch.ones(1, dtype=torch.bool)
    matrices = torch.cat(
        [
            affine(angle_radians=0 * turn, scale=one, shift_unit=torch.zeros(1, 2), mirror=none),
            affine(angle_radians=0 * turn, scale=one, shift_unit=torch.zeros(1, 2), mirror=yes),
            affine(angle_radians=turn, scale=2 * one, shift_unit=torch.full((1, 2), 0.1), mirror=none),
        ]
    )
    shift = looked_at(net, torch.zeros(3, 3, 32, 32), matrices)[:, :, -2:] * (1 + 2 * net.reach)
    expected = torch.tensor([[0.02, 0.0], [-0.02, 0.0], [0.0, 0.04]])[:, None].expand(3, 3, 2)
    torch.testing.assert_close(shift, expected, atol=1e-6, rtol=0)


def test_a_mirrored_photo_is_answered_in_the_mirror_but_for_the_habit(tmp_path: Path) -> None:
    net = network(faces(tmp_path))
    assert net.habits is not None
    net.habits.shared.data.fill_(0.02)
    pixels = torch.randint(0, 255, (2, 3, 32, 32), dtype=torch.uint8)
    with torch.no_grad():
        seen = net.located(Batch({}, raw={PHOTO: pixels}))
        other = net.located(Batch({}, raw={PHOTO: pixels.flip(3)}))[:, [1, 0, 2]]
    torch.testing.assert_close(seen[:, :, 0] - 0.02, 1 - (other[:, :, 0] - 0.02), atol=1e-4, rtol=0)
    torch.testing.assert_close(seen[:, :, 1:], other[:, :, 1:], atol=1e-4, rtol=0)


def test_without_a_mirror_nothing_is_mirrored_and_there_is_no_habit(tmp_path: Path) -> None:
    net = network(faces(tmp_path), mirror=False)
    assert net.habits is None and net.head.swap is None
    assert not any("habit" in name for name, _ in net.named_parameters())


def test_who_placed_the_points_changes_the_answers_and_nobody_is_no_error(tmp_path: Path) -> None:
    table = faces(tmp_path)
    net = network(table, source=True)
    for lookup in (module for module in net.modules() if hasattr(module, "offset")):
        torch.nn.init.normal_(lookup.offset, std=30.0)
    photos = photos_of(net, table, progress=Silent())
    batch = photos.batch(torch.tensor([0, 1]))
    assert batch.scalars[SOURCE].shape == (2, 1)
    swapped = Batch({SOURCE: batch.scalars[SOURCE].flip(0)}, raw=batch.raw)
    with torch.no_grad():
        assert not torch.allclose(net.located(batch), net.located(swapped))
        assert net.located(Batch({}, raw=batch.raw)).isfinite().all()


def test_what_moves_out_of_the_picture_is_not_there_any_more(tmp_path: Path) -> None:
    table = faces(tmp_path)
    net = network(table)
    photos = photos_of(net, table, progress=Silent())
    photos.labels = {"keypoints": net.head.encode(net.head.column(table))}
    source = PointSource(net, photos, Strength(crop_share=1.0, crop_scale=(2.0, 2.0)))
    ((batch, labels),) = list(source.batches(torch.arange(6), 6, training=True, seed=0))
    value = labels["keypoints"].value
    unit = value[:, :, :2] * (1 + 2 * net.reach) - net.reach
    outside = ((unit < 0) | (unit > 1)).any(dim=2)
    assert outside.any() and not outside.all()
    assert torch.equal(value[:, :, 2], (~outside).float())
    assert batch.raw[MATRIX].shape == (6, 2, 3)


def test_unvaried_batches_hold_the_photos_and_the_labels_as_they_are(tmp_path: Path) -> None:
    table = faces(tmp_path)
    net = network(table)
    photos = photos_of(net, table, progress=Silent())
    photos.labels = {"keypoints": net.head.encode(net.head.column(table))}
    ((batch, labels),) = list(PointSource(net, photos, None).batches(torch.arange(6), 6, training=True, seed=0))
    x = table.frame["nose_x"].to_torch()
    torch.testing.assert_close(
        labels["keypoints"].value[:, 2, 0].double(), ((x + 0.5) / 40 + net.reach) / (1 + 2 * net.reach), atol=1e-6, rtol=0
    )
    assert torch.equal(batch.raw[PHOTO], photos.batch(torch.arange(6)).raw[PHOTO])


def test_a_photo_that_cannot_be_read_is_listed(tmp_path: Path) -> None:
    table = faces(tmp_path)
    net = network(table)
    (tmp_path / "2.png").write_bytes(b"no picture")
    photos = photos_of(net, table, progress=Silent())
    assert photos.usable.tolist() == [True, True, False, True, True, True]
    assert [(entry.row, entry.file) for entry in photos.ledger] == [(2, "2.png")]


def test_answers_lie_in_the_box_that_was_looked_at(tmp_path: Path) -> None:
    table = faces(tmp_path)
    box = {"box_x": [10.0] * 6, "box_y": [20.0] * 6, "box_width": [10.0] * 6, "box_height": [5.0] * 6}
    boxed = Table.of(table.frame.with_columns(**{name: pl.Series(values) for name, values in box.items()}), folder=tmp_path)
    target = Target(kind="keypoints", photo="photo", points=POINTS, box=list(box))
    head = KeypointsHead("keypoints", target)
    answer = torch.full((6, 3, 5), 0.5, dtype=torch.float64)
    placed = head.placed(answer, boxed)
    # the square has 1.2 times the longer side; its middle is that of the box, as far as whole pixels allow
    assert placed[:, :, 2].unique().tolist() == [6.0]
    torch.testing.assert_close(placed[:, :, :2], torch.tensor([14.5, 22.5]).double().expand(6, 3, 2), atol=0.5, rtol=0)
    column = head.column(boxed)
    known = head.encode(column).value[:, :, :2].double()
    back = head.placed(torch.cat([known, torch.zeros(6, 3, 3)], dim=2), boxed)[:, :, :2]
    torch.testing.assert_close(back[~back.isnan()], head.truth(column).value[:, :, :2][~back.isnan()], atol=1e-4, rtol=0)


def test_the_quick_copy_answers_the_same(tmp_path: Path) -> None:
    net = network(faces(tmp_path))
    batch = Batch({}, raw={PHOTO: torch.randint(0, 255, (2, 3, 32, 32), dtype=torch.uint8)})
    with torch.inference_mode():
        torch.testing.assert_close(net.quick().located(batch), net.located(batch), atol=1e-3, rtol=0)


def test_a_source_has_a_habit_of_its_own_both_ways(tmp_path: Path) -> None:
    net = network(faces(tmp_path), source=True)
    assert net.habits is not None
    hint, nobody = torch.randn(2, net.decoder.width), torch.randn(1, net.decoder.width)
    torch.nn.init.normal_(net.habits.own)
    net.habits.shared.data.fill_(0.5)
    shift = net.habits(hint, nobody)
    assert shift.shape == (2, 1, 2)
    torch.testing.assert_close(shift[:, 0], (hint - nobody) @ net.habits.own + torch.tensor([0.5, 0.0]))
    torch.testing.assert_close(net.habits(nobody, nobody)[0, 0], torch.tensor([0.5, 0.0]))
    torch.testing.assert_close(net.habits(None, None)[0, 0], torch.tensor([0.5, 0.0]))


def test_without_a_mirror_sources_still_have_habits_and_nothing_is_shared(tmp_path: Path) -> None:
    net = network(faces(tmp_path), mirror=False, source=True)
    assert net.habits is not None
    assert not net.habits.shared.requires_grad and net.habits.own.requires_grad
