"""The running mean of the weights, by hand, swapped in and out, and through a checkpoint."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from injerto.learning.average import Average


def test_mean_by_hand() -> None:
    weight = nn.Parameter(torch.tensor([0.0]))
    average = Average([weight], decay=0.5)
    for value in (10.0, 20.0):
        weight.data.fill_(value)
        average.update()
    # decay is min(0.5, steps / (steps + 9)): 0.1, then 2 / 11
    assert float(average.means[0]) == pytest.approx(9 * 2 / 11 + 20 * 9 / 11)


def test_applied_puts_the_weights_back_even_after_an_error() -> None:
    weight = nn.Parameter(torch.tensor([1.0]))
    average = Average([weight], decay=0.9)
    weight.data.fill_(5.0)
    with average.applied():
        assert weight.tolist() == [1.0]
    assert weight.tolist() == [5.0]
    with pytest.raises(ZeroDivisionError), average.applied():
        raise ZeroDivisionError
    assert weight.tolist() == [5.0]


def test_without_decay_nothing_is_kept_or_changed() -> None:
    weight = nn.Parameter(torch.tensor([1.0]))
    average = Average([weight], decay=0.0)
    average.update()
    with average.applied():
        assert weight.tolist() == [1.0]
    assert average.means == []


def test_restored_average_goes_on_as_if_undisturbed() -> None:
    weight = nn.Parameter(torch.tensor([0.0]))
    average = Average([weight], decay=0.99)
    weight.data.fill_(3.0)
    average.update()
    again = Average([weight], decay=0.99)
    again.restore({key: value.clone() for key, value in average.tensors().items()})
    for one in (average, again):
        weight.data.fill_(7.0)
        one.update()
    assert torch.equal(average.means[0], again.means[0])
