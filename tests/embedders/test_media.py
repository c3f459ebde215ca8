import pytest
import torch

from injerto.backbones.backbone import Backbone
from injerto.backbones.networks import build
from injerto.embedders.media import GraftedEmbedder


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    torch.manual_seed(0)
    return build("efficientnet_lite0")


def vectors(backbone: Backbone) -> torch.Tensor:
    return torch.rand(9, backbone.width, generator=torch.Generator().manual_seed(0)) * 3 + 1


def test_training_vectors_become_standard(backbone: Backbone) -> None:
    embedder = GraftedEmbedder(backbone)
    found = vectors(backbone)
    found[:, 5] = 2.0  # a channel that never moves stays still
    embedder.standardise(found)
    done = embedder.from_vector(found).detach()
    torch.testing.assert_close(done.mean(dim=0), torch.zeros(backbone.width), atol=1e-5, rtol=0)
    assert done.square().mean().item() == pytest.approx(1.0, abs=1e-5)
    assert (done[:, 5] == 0).all()


def test_standardising_by_hand(backbone: Backbone) -> None:
    """One channel holds 1 and 5, mean 3; the squares are 4 and 4 there and 0 in all others."""
    embedder = GraftedEmbedder(backbone)
    found = torch.zeros(3, backbone.width)
    found[:2, 0] = torch.tensor([1.0, 5.0])
    found[2] = torch.nan
    embedder.standardise(found)
    scale = (4 / backbone.width) ** 0.5
    done = embedder.from_vector(torch.full((1, backbone.width), 7.0))
    assert done[0, 0].item() == pytest.approx((7 - 3) / scale, rel=1e-5)
    assert done[0, 1].item() == pytest.approx(7 / scale, rel=1e-5)


def test_an_empty_cell_is_a_learned_vector(backbone: Backbone) -> None:
    embedder = GraftedEmbedder(backbone)
    found = vectors(backbone)
    found[4] = torch.nan
    embedder.standardise(found)
    assert not embedder.mean.isnan().any()
    with torch.no_grad():
        embedder.missing.fill_(0.5)
    done = embedder.from_vector(found)
    assert (done[4] == 0.5).all()
    done.sum().backward()
    assert embedder.missing.grad is not None
    assert (embedder.missing.grad == 1).all()  # one empty cell; NaN must not leak into the gradient


def test_nothing_to_standardise_with(backbone: Backbone) -> None:
    embedder = GraftedEmbedder(backbone)
    embedder.standardise(torch.full((2, backbone.width), torch.nan))
    assert (embedder.mean == 0).all()
    assert embedder.scale == 1


@torch.no_grad()
def test_the_map_has_the_vector_as_its_mean(backbone: Backbone) -> None:
    embedder = GraftedEmbedder(backbone)
    embedder.standardise(vectors(backbone))
    raw = torch.randint(0, 256, (2, 3, 64, 96), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    places = embedder.map(raw)
    assert places.shape == (2, 1280, 2, 3)
    torch.testing.assert_close(places.mean(dim=(2, 3)), embedder(raw), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(embedder(raw), embedder.from_vector(backbone.vector(raw)))


@torch.no_grad()
def test_a_place_alone_is_pooled_like_a_file(backbone: Backbone) -> None:
    """Where the vector is a root of a mean, the map holds each place's own root."""
    torch.manual_seed(0)
    embedder = GraftedEmbedder(build("mn04"))
    embedder.standardise(torch.rand(9, embedder.width))
    raw = torch.randn(2, 32_000, generator=torch.Generator().manual_seed(0)) * 0.1
    places = embedder.map(raw)
    alone = embedder.backbone.map(raw)[:, :, :, 1:2]
    torch.testing.assert_close(places[:, :, 0, 1], embedder.from_vector(embedder.backbone.pool(alone)))


def test_beside_others_an_embedder_has_its_say(backbone: Backbone) -> None:
    embedder = GraftedEmbedder(backbone)
    embedder.say = 0.5
    embedder.standardise(vectors(backbone))
    assert embedder.from_vector(vectors(backbone)).square().mean().item() == pytest.approx(0.25, abs=1e-5)


def test_columns_share_a_backbone_but_not_their_statistics(backbone: Backbone) -> None:
    one, two = GraftedEmbedder(backbone), GraftedEmbedder(backbone)
    one.standardise(vectors(backbone))
    assert one.backbone is two.backbone
    assert (two.mean == 0).all()
    assert set(one.state_dict()) >= {"mean", "scale", "missing"}
