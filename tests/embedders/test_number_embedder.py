"""Numbers to vectors: missing is its own vector, wild cells are bounded, shapes follow the features."""

from __future__ import annotations

import torch

from columns import column
from injerto.embedders.number import NumberEmbedder
from injerto.features.number import NumberFeature
from injerto.schema.schema import Input


def embedder(count: int) -> NumberEmbedder:
    torch.manual_seed(0)
    return NumberEmbedder([NumberFeature(str(i), Input(kind="number")).fit(column([1.0, 2.0, 3.0])) for i in range(count)])


def test_shape_is_width() -> None:
    made = embedder(3)
    assert made(torch.zeros(5, 3)).shape == (5, made.width)


def test_missing_is_the_median_plus_a_learned_vector_of_its_column() -> None:
    made = embedder(2)
    each = made.width // 2
    rows = torch.tensor([[float("nan"), 0.5], [0.0, 0.5]])  # 0 is the median in the units of encode
    before = made(rows)
    assert torch.equal(before[0], before[1])
    torch.nn.init.constant_(made.missing, 70.0)
    after = made(rows)
    assert (after[0, :each] > 50).all()
    assert torch.equal(after[1], before[1]) and torch.equal(after[0, each:], before[0, each:])
    after.sum().backward()
    assert made.missing.grad is not None
    assert (made.missing.grad[0] == 1).all() and (made.missing.grad[1] == 0).all()


def test_one_number_by_hand() -> None:
    made = embedder(1)
    value = torch.tensor(0.7) / torch.sqrt(torch.tensor(1 + (0.7 / 3) ** 2))
    turn = 2 * torch.pi * value * made.frequency[0]
    expected = torch.cat([turn.sin(), turn.cos()]) @ made.weight[0] + value * made.straight[0] + made.bias[0]
    assert torch.allclose(made(torch.tensor([[0.7]]))[0], expected.relu(), atol=1e-5)


def test_wild_cells_stay_bounded_and_gradients_finite() -> None:
    made = embedder(1)
    out = made(torch.tensor([[1e30], [-1e30], [1e3], [float("nan")]]))
    out.square().sum().backward()
    assert out.isfinite().all()
    assert out.abs().max() < 20
    assert all(parameter.grad is not None and parameter.grad.isfinite().all() for parameter in made.parameters())


def test_gradients_are_those_of_the_formula() -> None:
    made = embedder(2).double()
    block = torch.tensor([[0.7, -1.0], [float("nan"), 2.0], [-0.3, 0.0], [1.1, float("nan")], [0.2, 0.4]], dtype=torch.float64)
    names, parameters = zip(*made.named_parameters(), strict=True)

    def forward(*values: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = torch.func.functional_call(made, dict(zip(names, values, strict=True)), (block,))
        return found

    assert torch.autograd.gradcheck(forward, parameters)
