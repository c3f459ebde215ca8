import pytest
import torch

from injerto.backbones.pooling import FLAT, POOLINGS, maximum, mean, root_of_mean

PLACES = torch.tensor([[[[1.0, 3.0], [0.0, 4.0]], [[-1.0, -7.0], [0.0, 0.0]]]])
"""Two channels of 2x2 places."""


def test_poolings_by_hand() -> None:
    """The means are 2 and -2, the greatest 4 and 0."""
    assert mean(PLACES).tolist() == [[2.0, -2.0]]
    assert maximum(PLACES).tolist() == [[4.0, 0.0]]
    root = (2 + FLAT) ** 0.5 - FLAT**0.5
    assert root_of_mean(PLACES)[0].tolist() == pytest.approx([root, -root])
    assert root == pytest.approx(2**0.5, abs=0.01)


def test_a_silent_map_stays_zero_and_has_a_slope() -> None:
    """At zero a root's slope would be infinite; here it is at most 1 / (2 * 0.01), shared among four places."""
    places = torch.zeros(1, 1, 2, 2, requires_grad=True)
    pooled = root_of_mean(places)
    assert pooled.item() == 0
    pooled.sum().backward()
    assert places.grad is not None
    assert places.grad.isfinite().all()
    near = torch.full((1, 1, 2, 2), 1e-12, requires_grad=True)
    root_of_mean(near).sum().backward()
    assert near.grad is not None
    assert near.grad.flatten().tolist() == pytest.approx([50 / 4] * 4, rel=1e-4)


def test_gradients_of_a_root_by_differences() -> None:
    places = torch.tensor([[[[0.3, 0.2]], [[-0.4, 0.1]]]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(root_of_mean, places)


@pytest.mark.parametrize("name", POOLINGS)
def test_one_place_or_many_alike_pool_to_the_same(name: str) -> None:
    """A window of a recording is pooled as a clip is: the number of places does not matter, their order neither."""
    pool = POOLINGS[name]  # type: ignore[index]
    generator = torch.Generator().manual_seed(0)
    place = torch.randn(3, 5, 1, 1, generator=generator)
    torch.testing.assert_close(pool(place.expand(3, 5, 1, 4)), pool(place))
    places = torch.randn(3, 5, 1, 6, generator=generator)
    torch.testing.assert_close(pool(places.flip(3)), pool(places))
    assert pool(places).shape == (3, 5)
