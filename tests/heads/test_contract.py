"""Every head keeps the contract of `VectorHead`."""

import json

import pytest
import torch

from columns import column
from injerto.heads import HEADS
from injerto.heads.vector_head import VectorHead
from injerto.losses import LOSSES
from injerto.metrics import METRICS
from injerto.schema.schema import Target

VALUES = {"class": ["a", "b", "c", "b"], "classes": ["a;b", "b", "c", "a"], "number": [1.0, 2.0, 5.0, 2.0]}


@pytest.fixture(params=sorted(HEADS))
def head(request: pytest.FixtureRequest) -> VectorHead:
    kind = request.param
    return HEADS[kind]("label", Target(kind=kind)).fit(column(VALUES[kind]))


def test_vector_and_map_agree(head: VectorHead) -> None:
    """The 1x1 convolution on a map, averaged, is the 1x1 convolution on the averaged map."""
    head.graft(width=6, members=2)
    torch.nn.init.normal_(head.convolve.weight)  # type: ignore[arg-type]
    places = torch.randn(3, 12, 4, 5)
    from_map = head(places).mean(dim=(3, 4))
    from_vector = head(places.mean(dim=(2, 3)))
    assert from_vector.shape == (3, 2, head.outputs)
    torch.testing.assert_close(from_map, from_vector, atol=1e-5, rtol=1e-5)


def test_members_do_not_see_each_other(head: VectorHead) -> None:
    head.graft(width=2, members=2)
    torch.nn.init.normal_(head.convolve.weight)  # type: ignore[arg-type]
    row = torch.randn(1, 4)
    changed = row.clone()
    changed[:, 2:] += 1
    assert torch.equal(head(row)[:, 0], head(changed)[:, 0])
    assert not torch.equal(head(row)[:, 1], head(changed)[:, 1])


@pytest.mark.parametrize("members", [1, 3])
def test_gradients_are_those_of_the_formula(head: VectorHead, members: int) -> None:
    head.graft(width=2, members=members).double()
    torch.nn.init.normal_(head.convolve.weight)  # type: ignore[arg-type]
    assert torch.autograd.gradcheck(head, (torch.randn(4, members, 2, dtype=torch.float64, requires_grad=True),))


def test_a_new_head_answers_with_the_prior(head: VectorHead) -> None:
    output = head.graft(width=3)(torch.randn(5, 3))
    torch.testing.assert_close(head.answer(output), head.baseline(5), atol=1e-6, rtol=1e-6)


def test_state_survives_json(head: VectorHead) -> None:
    again = HEADS[head.kind]("label", head.options).restore(json.loads(json.dumps(head.state())))
    assert again.outputs == head.outputs
    assert torch.equal(again.prior(), head.prior())


def test_loss_falls_and_unknown_labels_cost_nothing(head: VectorHead) -> None:
    labels = head.encode(column(VALUES[head.kind] + [None]))
    head.graft(width=5)
    inputs = torch.eye(5)
    optimizer = torch.optim.SGD(head.parameters(), lr=0.5)
    before = LOSSES[head.cost](head(inputs), labels)
    before.backward()  # type: ignore[no-untyped-call]
    unknown = head.convolve.weight.grad[:, 4]  # type: ignore[union-attr, index]
    assert torch.equal(unknown, torch.zeros_like(unknown))
    optimizer.step()
    assert LOSSES[head.cost](head(inputs), labels) < before


def test_answers_are_scored(head: VectorHead) -> None:
    truth = head.truth(column(VALUES[head.kind]))
    figures = METRICS[head.kind](truth.value.numpy(), head.baseline(4).numpy())
    assert figures and all(isinstance(figure, float) for figure in figures.values())


def test_decoded_columns_start_with_the_answer(head: VectorHead) -> None:
    columns = head.decode(head.baseline(3))
    assert next(iter(columns)) == "label"
    assert all(len(values) == 3 for values in columns.values())
