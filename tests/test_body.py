"""The ensembled body against the plain formula, member by member, and against one ordinary network."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from injerto.body import DROPPED, LOUDER, MANY_ROWS, SHORT_PRODUCTS, SharedLinear, TabMBody
from injerto.draws import kept, start_draws


def test_each_member_is_the_formula_of_batch_ensembles() -> None:
    torch.manual_seed(0)
    layer = SharedLinear(3, 4, 2, signs=True)
    for parameter in (layer.r, layer.s, layer.bias):
        nn.init.normal_(parameter)
    inside = torch.randn(2, 5, 3)
    out = layer(inside)
    for member in range(2):
        expected = torch.relu(((inside[member] * layer.r[member]) @ layer.weight) * layer.s[member] + layer.bias[member])
        assert torch.allclose(out[member], expected, atol=1e-6)


def test_members_stand_side_by_side_in_the_output() -> None:
    torch.manual_seed(0)
    body = TabMBody(3, members=4, widths=(6, 5)).eval()
    vector = torch.randn(7, 3)
    out = body(vector)
    assert out.shape == (7, 4, body.width)
    first, second = (layer for layer in body.layers if isinstance(layer, SharedLinear))
    hidden = torch.relu((vector * first.r[2]) @ first.weight + first.bias[2])
    expected = torch.relu(hidden @ second.weight + second.bias[2])
    assert torch.allclose(out[:, 2], expected, atol=1e-6)


def test_members_differ_from_the_start() -> None:
    torch.manual_seed(0)
    out = TabMBody(30, members=2, widths=(8,)).eval()(torch.randn(1, 30))
    assert not torch.allclose(out[:, 0], out[:, 1])


def test_one_member_is_an_ordinary_network() -> None:
    body = TabMBody(3, members=1, widths=(4,)).eval()
    layer = body.layers[0]
    assert isinstance(layer, SharedLinear)
    assert {name for name, _ in layer.named_parameters()} == {"weight", "bias"}
    vector = torch.randn(5, 3)
    expected = torch.relu(vector @ layer.weight + layer.bias[0])
    assert torch.allclose(body(vector)[:, 0], expected, atol=1e-6)


@pytest.mark.parametrize("members", [1, 3])
def test_gradients_are_those_of_the_formula(members: int) -> None:
    torch.manual_seed(0)
    body = TabMBody(3, members=members, widths=(6, 5)).double().eval()
    vector = torch.randn(7, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(body, (vector,))


def test_all_that_is_learned_gets_a_gradient() -> None:
    body = TabMBody(3, members=3, widths=(8, 8))
    body(torch.randn(64, 3)).square().sum().backward()
    assert all(parameter.grad is not None for parameter in body.parameters())


def test_training_step_is_relu_and_dropout_by_the_formula() -> None:
    torch.manual_seed(0)
    body = TabMBody(3, members=2, widths=(6, 5))
    vector = torch.randn(7, 3, requires_grad=True)
    learned = [vector, *body.parameters()]
    start_draws(1)
    out = body(vector)
    gradients = torch.autograd.grad(out.square().sum(), learned)
    start_draws(1)
    inside = vector.expand(2, -1, -1)
    for layer in body.layers:
        assert isinstance(layer, SharedLinear)
        weight, bias = layer.of_members()
        inside = torch.relu(inside @ weight + bias)
        inside = inside * torch.from_numpy(kept(inside.shape, DROPPED)) * LOUDER
    expected = inside.transpose(0, 1)
    assert torch.allclose(out, expected, atol=1e-6)
    for ours, theirs in zip(gradients, torch.autograd.grad(expected.square().sum(), learned), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-5)


@pytest.mark.skipif(not SHORT_PRODUCTS, reason="this processor does not multiply bfloat16")
def test_large_training_batches_are_multiplied_in_short_numbers_and_nearly_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    body = TabMBody(20, members=2, widths=(16, 16))
    vector = torch.randn(MANY_ROWS, 20)
    found = []
    for short in (True, False):
        monkeypatch.setattr("injerto.body.SHORT_PRODUCTS", short)
        start_draws(1)
        out = body(vector)
        (gradient,) = torch.autograd.grad(out.square().mean(), [next(body.layers.parameters())])
        found.append((out.detach(), gradient))
    for short_one, long_one in zip(*found, strict=True):
        assert short_one.dtype == torch.float32
        assert not torch.equal(short_one, long_one)
        assert float((short_one - long_one).norm() / long_one.norm()) < 0.01


def test_no_dropout_when_serving() -> None:
    body = TabMBody(3, members=2, widths=(8,)).eval()
    vector = torch.randn(4, 3)
    assert torch.equal(body(vector), body(vector))
    body.train()
    assert not torch.equal(body(vector), body(vector))
