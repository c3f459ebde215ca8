import torch

from injerto.embedders.decoder import Decoder, margin_of, reach_of


def test_the_map_reaches_an_eighth_beyond_the_photo_at_least() -> None:
    assert [margin_of(side) for side in (2, 6, 8, 14, 16)] == [1, 1, 1, 2, 2]
    assert reach_of(8) == 0.125
    assert reach_of(6) == 1 / 6


def test_the_map_has_the_finest_side_and_a_margin_on_every_side() -> None:
    decoder = Decoder([4, 6, 8], width=16).eval()
    levels = [torch.randn(2, 4, 24, 24), torch.randn(2, 6, 12, 12), torch.randn(2, 8, 6, 6)]
    # a margin of one coarse place is four fine ones
    assert decoder(levels).shape == (2, 16, 24 + 2 * 4, 24 + 2 * 4)


def test_the_same_weights_serve_any_size() -> None:
    decoder = Decoder([4, 6, 8], width=16).eval()
    for coarse in (4, 7):
        levels = [torch.randn(1, width, coarse * times, coarse * times) for width, times in ((4, 4), (6, 2), (8, 1))]
        side = 4 * (coarse + 2 * margin_of(coarse))
        assert decoder(levels).shape[2:] == (side, side)


def test_a_hint_is_felt_everywhere() -> None:
    torch.manual_seed(0)
    decoder = Decoder([4, 6, 8], width=16).eval()
    levels = [torch.randn(1, 4, 8, 8), torch.randn(1, 6, 4, 4), torch.randn(1, 8, 2, 2)]
    moved = (decoder(levels, torch.ones(1, 16)) - decoder(levels)).abs().amax(dim=1)
    assert (moved > 0).float().mean() > 0.9
