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
    made = repeating()
    out = made(torch.tensor([[1e30], [-1e30], [1e3], [float("nan")]]).expand(-1, 2))
    out.square().sum().backward()
    assert out.isfinite().all()
    assert out.abs().max() < 20
    assert all(parameter.grad is not None and parameter.grad.isfinite().all() for parameter in made.parameters())


def repeating() -> NumberEmbedder:
    """Two columns; -1 stands in 50 rows of the first, 2 in 150 rows of it, and 7 in 5 rows of the second."""
    torch.manual_seed(0)
    cells = [-1.0] * 50 + [2.0] * 150 + [0.5, 0.25], [7.0] * 5 + [1.0, 2.0]
    return NumberEmbedder([NumberFeature(str(i), Input(kind="number")).fit(column(one)) for i, one in enumerate(cells)])


def test_a_number_that_repeats_has_an_offset_as_far_as_its_rows_speak_for_it() -> None:
    made = repeating().eval()
    first, second = (NumberFeature(str(i), Input(kind="number")) for i in range(2))
    first.fit(column([-1.0] * 50 + [2.0] * 150 + [0.5, 0.25]))
    second.fit(column([7.0] * 5 + [1.0, 2.0]))
    block = torch.stack(
        [first.encode(column([-1.0, 2.0, 0.5, None, 2.0])), second.encode(column([7.0, 7.000001, 1.0, None, 7.0]))], dim=1
    )
    torch.nn.init.ones_(made.repeats.offset)
    rows = made.repeats(block.t().contiguous())
    assert rows.shape == (5, 2, 8)
    trusted = torch.tensor([[50 / 100, 5 / 55], [150 / 200, 0], [0, 0], [0, 0], [150 / 200, 5 / 55]])
    assert torch.allclose(rows, trusted[:, :, None].expand(-1, -1, 8))
    torch.nn.init.constant_(made.repeats.offset, 100.0)
    after = made(block).unflatten(1, (2, 8))
    assert (after[[0, 1, 4], 0] > 40).all() and (after[[2, 3], 0] < 20).all()


def test_while_training_some_numbers_are_taken_for_their_size_alone() -> None:
    made = repeating().train()
    torch.nn.init.ones_(made.repeats.offset)
    number = made.repeats.number[0, 1].expand(2, 20_000).contiguous()
    rows = made.repeats(number)[:, 0, 0]
    assert set(rows.unique().tolist()) == {0.0, 0.75}
    assert 0.03 < float((rows == 0).float().mean()) < 0.07


def test_gradients_are_those_of_the_formula() -> None:
    made = repeating().double().eval()
    torch.nn.init.normal_(made.repeats.offset)
    block = torch.tensor([[0.7, -1.0], [float("nan"), 2.0], [-0.3, 0.0], [1.1, float("nan")], [0.2, 0.4]], dtype=torch.float64)
    block[0, 0], block[1, 1] = made.repeats.number[0, 0], made.repeats.number[1, 0]
    names, parameters = zip(*made.named_parameters(), strict=True)

    def forward(*values: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = torch.func.functional_call(made, dict(zip(names, values, strict=True)), (block,))
        return found

    assert torch.autograd.gradcheck(forward, parameters)
