import torch

from injerto.backbones.warp import WIDEST, at_bands, stretched, warped


def drawn(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_between_two_bands_in_proportion() -> None:
    picture = torch.tensor([[[0.0], [10.0], [20.0], [40.0]]])
    found = at_bands(picture, torch.tensor([[0.0, 1.5, 2.25, 9.0]]))
    torch.testing.assert_close(found, torch.tensor([[[0.0], [15.0], [25.0], [40.0]]]))


def test_every_picture_is_stretched_by_a_factor_of_its_own() -> None:
    """Of a slope of 1 a band the stretched picture has the factor as its slope."""
    slope = torch.arange(40.0)[None, :, None].expand(200, 40, 3)
    factors = warped(slope, drawn())[:, 20, 0] / 20
    assert factors.min() > 1 - WIDEST - 1e-6
    assert factors.max() < 1 + WIDEST + 1e-6
    assert factors.max() - factors.min() > 1.8 * WIDEST
    assert len(factors.unique()) > 150


def test_time_stays_where_it_was() -> None:
    picture = torch.zeros(5, 40, 30)
    picture[:, :, 7] = 1
    found = warped(picture, drawn())
    assert torch.equal(found.sum(dim=1) > 0, picture.sum(dim=1) > 0)


def test_the_same_draw_gives_the_same_picture() -> None:
    picture = torch.rand(4, 40, 30, generator=drawn(1))
    assert torch.equal(warped(picture, drawn(3)), warped(picture, drawn(3)))


def test_one_factor_for_all() -> None:
    slope = torch.arange(40.0)[None, :, None].expand(3, 40, 2)
    torch.testing.assert_close(stretched(slope, 0.95), 0.95 * slope)
    torch.testing.assert_close(stretched(slope, 1.0), slope)
    assert stretched(slope, 1.05)[:, -1].tolist() == [[39.0, 39.0]] * 3  # the highest band fills what is left
