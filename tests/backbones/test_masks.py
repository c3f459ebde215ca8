import torch

from injerto.backbones.masks import MASKS, WIDEST, masked


def test_masks_hide_runs_at_the_mean() -> None:
    picture = torch.rand(30, 40, 60, generator=torch.Generator().manual_seed(1))
    seen = masked(picture, torch.Generator().manual_seed(0))
    hidden = seen != picture
    assert hidden.any()
    mean = picture.mean(dim=(1, 2), keepdim=True).expand_as(picture)
    torch.testing.assert_close(seen[hidden], mean[hidden])
    bands, frames = hidden.all(dim=2).sum(dim=1), hidden.all(dim=1).sum(dim=1)
    assert bands.max() <= MASKS * WIDEST * 40
    assert frames.max() <= MASKS * WIDEST * 60
    whole = hidden.all(dim=2, keepdim=True) | hidden.all(dim=1, keepdim=True)
    assert torch.equal(hidden, whole.expand_as(hidden))  # nothing but whole bands and whole frames
