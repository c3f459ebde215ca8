"""The optimizer against torch's own, bit for bit, and through a checkpoint."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from injerto.learning.adam import AdamW
from injerto.learning.multipliers import Group


def made() -> list[Group]:
    torch.manual_seed(0)
    return [
        Group("body", 1.0, [nn.Parameter(torch.randn(7, 5)), nn.Parameter(torch.randn(3))]),
        Group("head", 0.1, [nn.Parameter(torch.randn(11))]),
    ]


def push(groups: list[Group], step: int) -> None:
    """A gradient for all, but none for the second parameter in the first step."""
    for position, parameter in enumerate(parameter for group in groups for parameter in group.parameters):
        if (position, step) != (1, 0):
            (parameter.pow(3).sum() * (step + 1)).backward()


def test_steps_are_those_of_torch_bit_for_bit() -> None:
    ours, theirs = made(), made()
    optimizer = AdamW(ours, 0.05, 0.01)
    rival = torch.optim.AdamW([{"params": group.parameters} for group in theirs], weight_decay=0.01, fused=True)
    for step, factor in enumerate((0.5, 1.0, 0.3)):
        for settings, group in zip(rival.param_groups, theirs, strict=True):
            settings["lr"] = 0.05 * group.multiplier * factor
        optimizer.forget_gradients()
        rival.zero_grad()
        push(ours, step)
        push(theirs, step)
        optimizer.step(factor)
        rival.step()
    for own, other in zip(ours, theirs, strict=True):
        assert all(torch.equal(left, right) for left, right in zip(own.parameters, other.parameters, strict=True))


def test_it_goes_on_where_it_was() -> None:
    whole, half = made(), made()
    first, second, third = AdamW(whole, 0.1, 0.0), AdamW(half, 0.1, 0.0), AdamW(half, 0.1, 0.0)
    for step in range(4):
        if step == 2:
            third.restore({key: value.clone() for key, value in second.tensors().items()})
        for groups, optimizer in ((whole, first), (half, second if step < 2 else third)):
            optimizer.forget_gradients()
            push(groups, step)
            optimizer.step(1.0)
    for own, other in zip(whole, half, strict=True):
        assert all(torch.equal(left, right) for left, right in zip(own.parameters, other.parameters, strict=True))


def test_rows_of_a_sparse_gradient_move_as_under_torchs_sparse_adam() -> None:
    torch.manual_seed(0)
    start = torch.randn(6, 3)
    ours, theirs = nn.Parameter(start.clone()), nn.Parameter(start.clone())
    optimizer = AdamW([Group("rows", 1.0, [ours])], 0.05, weight_decay=0.0)
    rival = torch.optim.SparseAdam([theirs], lr=0.05)
    for rows in ([1, 4, 1], [4], [0, 5, 4]):
        gradient = torch.sparse_coo_tensor(torch.tensor([rows]), torch.randn(len(rows), 3), (6, 3), check_invariants=True)
        ours.grad, theirs.grad = gradient, gradient.clone()
        optimizer.step(1.0)
        rival.step()
    assert torch.allclose(ours, theirs, atol=1e-6)
    assert torch.equal(ours[[2, 3]], start[[2, 3]])  # never named: not even decayed


def test_weight_decay_reaches_the_named_rows_only() -> None:
    parameter = nn.Parameter(torch.ones(2, 1))
    optimizer = AdamW([Group("rows", 1.0, [parameter])], 0.1, weight_decay=0.5)
    parameter.grad = torch.sparse_coo_tensor(torch.tensor([[1]]), torch.zeros(1, 1), (2, 1), check_invariants=True)
    optimizer.step(1.0)
    assert parameter.flatten().tolist() == pytest.approx([1.0, 0.95])
