import pytest
import torch

from injerto.embedders.side_by_side import equal_say


def test_each_has_the_mean_width_in_squares() -> None:
    """Of 2 and 8 channels the mean is 5: squares of 1 each become 5 on either side."""
    one, other = equal_say([2, 8])
    assert (torch.ones(2) * one).square().sum().item() == pytest.approx(5)
    assert (torch.ones(8) * other).square().sum().item() == pytest.approx(5)


def test_alike_or_alone_nothing_changes() -> None:
    assert equal_say([512]) == [1.0]
    assert equal_say([1280, 1280]) == [1.0, 1.0]
    assert equal_say([]) == []
