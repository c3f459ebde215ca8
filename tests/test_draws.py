"""Random places to leave out: their share, their independence, their seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor

from injerto.backbones.colour import coloured
from injerto.backbones.masks import masked
from injerto.backbones.warp import warped
from injerto.draws import Share, hold, kept, own, start_draws, uniform, whole
from injerto.learning.vary_marks import vary_marks
from injerto.learning.vary_photos import vary_photos
from injerto.learning.vary_points import vary_points
from injerto.learning.vary_sounds import paced, shifted


@pytest.mark.parametrize("dropped", [0, 13, 26, 128])
def test_each_place_is_left_out_with_its_chance(dropped: int) -> None:
    start_draws(0)
    found = kept((3, 333, 101), dropped)
    assert found.shape == (3, 333, 101) and found.dtype == bool
    assert float((~found).mean()) == pytest.approx(dropped / 256, abs=0.005)
    places = (~found).ravel()[:100_000].reshape(-1, 8).mean(axis=0)
    assert abs(places - dropped / 256).max() < 0.015  # each of the eight places of a draw alike


def test_draws_follow_their_seed_and_differ_within_it() -> None:
    start_draws(0)
    first, second = kept((50, 7), 128), kept((50, 7), 128)
    start_draws(0)
    assert (kept((50, 7), 128) == first).all()
    assert (first != second).any()


@pytest.fixture
def second_of_three() -> Iterator[Share]:
    """This process holds rows 1, 4, 7 of a batch of ten."""
    share = Share(rows=10, first=1, step=3)
    hold(share)
    yield share
    hold(None)


def test_a_share_is_drawn_as_its_rows_of_the_whole(second_of_three: Share) -> None:
    start_draws(0)
    shares = kept((3, 5), 128), kept((2, 3, 4), 128, rows=1), uniform(3, 2, generator=torch.Generator().manual_seed(1))
    after = kept((3, 3), 128)
    hold(None)
    start_draws(0)
    whole_batch = kept((10, 5), 128), kept((2, 10, 4), 128, rows=1), uniform(10, 2, generator=torch.Generator().manual_seed(1))
    assert (shares[0] == whole_batch[0][1::3]).all()
    assert (shares[1] == whole_batch[1][:, 1::3]).all()
    assert (shares[2] == whole_batch[2][1::3]).all()
    assert (after == kept((10, 3), 128)[1::3]).all()  # what follows is drawn alike, too


def test_a_batch_of_fewer_rows_than_processes_is_whole() -> None:
    hold(Share(rows=2, first=0, step=1))
    assert whole(2) == 2
    assert own(torch.arange(2)).tolist() == [0, 1]
    hold(None)


def test_photos_of_a_share_vary_as_in_the_whole_batch(second_of_three: Share) -> None:
    """Also those that are blurred and hidden by chance, of which a share has fewer."""
    torch.manual_seed(0)
    pixels, points = torch.rand(10, 3, 16, 16) * 255, torch.rand(10, 2, 2)
    swap = torch.tensor([1, 0])
    ways: list[Callable[[Tensor, Tensor, torch.Generator], Tensor]] = [
        lambda photos, _, generator: vary_photos(photos, generator),
        lambda photos, _, generator: vary_marks(photos, generator),
        lambda photos, xy, generator: vary_points(photos, xy, swap=swap, generator=generator)[0],
        lambda photos, xy, generator: vary_points(photos, xy, swap=swap, generator=generator)[1],
        lambda photos, _, generator: masked(photos[:, 0], generator),
        lambda photos, _, generator: warped(photos[:, 0], generator),
        lambda photos, _, generator: coloured(photos[:, 0], generator),
        lambda photos, _, generator: paced(photos.flatten(1), generator),
        lambda photos, _, generator: shifted(photos.flatten(1), generator),
    ]
    for seed, way in enumerate(ways):
        hold(second_of_three)
        share = way(pixels[1::3], points[1::3], torch.Generator().manual_seed(seed))
        hold(None)
        expected = way(pixels, points, torch.Generator().manual_seed(seed))[1::3]
        torch.testing.assert_close(share, expected, rtol=1e-5, atol=1e-3)
