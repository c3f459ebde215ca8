"""Places: unit vectors that `Likeness` can compare, begun along the axes in which maps differ most."""

import torch

from injerto.embedders.places import DEPTH, Places


def some(channels: int = 80, side: int = 3) -> tuple[Places, torch.Tensor]:
    torch.manual_seed(0)
    return Places(channels, side), torch.randn(5, channels, side, side)


def test_vectors_are_unit_maps_that_tell_alike_at_first() -> None:
    places, maps = some()
    vectors = places(maps)
    assert vectors.shape == (5, places.width) == (5, 9 * DEPTH)
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(5))
    tells = vectors.unflatten(1, (9, DEPTH)).square().sum(dim=2)
    torch.testing.assert_close(tells, torch.full((5, 9), 1 / 9))
    torch.testing.assert_close(places.likeness.between(vectors, vectors).diagonal(), torch.ones(5))


def test_the_summary_is_the_mean_of_places_by_what_they_tell() -> None:
    places, maps = some()
    with torch.no_grad():
        places.tell.weight.normal_()
    vectors = places(maps)
    split = vectors.unflatten(1, (9, DEPTH))
    tells = split.square().sum(dim=2, keepdim=True)
    torch.testing.assert_close(places.summary(vectors), (tells * split / split.norm(dim=2, keepdim=True)).sum(dim=1))
    assert places.summary(vectors).shape == (5, places.summary_width)


def test_the_start_whitens() -> None:
    places, _ = some()
    drawn = torch.randn(4000, 80) @ torch.diag(torch.linspace(3, 1, 80)) + 5
    places.start(drawn)
    read = places.read(drawn.T[None, :, :, None])[0, :, :, 0].detach()
    torch.testing.assert_close(read.mean(dim=1), torch.zeros(DEPTH), atol=1e-2, rtol=0)
    covariance = torch.cov(read)
    assert float((covariance - torch.diag(covariance.diagonal())).abs().max()) < 1e-2
    assert 0.9 < float(covariance.diagonal().min()) <= float(covariance.diagonal().max()) < 1.01


def test_maps_of_few_channels_leave_the_rest_empty() -> None:
    places, _ = some(channels=10)
    places.start(torch.randn(100, 10))
    assert not places.read.weight[10:].any()
    assert places(torch.randn(2, 10, 3, 3)).isfinite().all()
