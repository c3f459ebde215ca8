"""The lookup: an untrained level is UNKNOWN, rare levels lean on it, all rows can be taken out and all are trained."""

from __future__ import annotations

import pytest
import torch

from columns import column
from injerto.embedders.category import CategoryEmbedder
from injerto.embedders.lookup import TRUST_ROWS
from injerto.features.category import CategoryFeature
from injerto.schema.schema import Input


def embedder() -> CategoryEmbedder:
    torch.manual_seed(0)
    options = Input(kind="category", min_count=1, width=8)
    site = CategoryFeature("site", options).fit(column(["a"] * 150 + ["b"] + [None]))
    kind = CategoryFeature("kind", options).fit(column(["x", "y", "z"]))
    return CategoryEmbedder([site, kind]).eval()


def test_every_level_starts_as_unknown() -> None:
    made = embedder()
    assert made.matrix("site").shape[0] == 4
    assert (made.matrix("site") == made.matrix("site")[0]).all()


def test_forward_gives_the_rows_of_the_matrix() -> None:
    made = embedder()
    torch.nn.init.normal_(made.lookup("site").offset)
    out = made(torch.tensor([[0, 4], [1, 2], [3, 0]], dtype=torch.int32)).unflatten(1, (2, -1))
    assert torch.allclose(out[:, 0], made.matrix("site")[[0, 1, 3]])
    assert torch.allclose(out[:, 1], made.matrix("kind")[[4, 2, 0]])


def test_a_level_leans_on_unknown_by_its_count() -> None:
    made = embedder()
    torch.nn.init.ones_(made.lookup("site").offset)
    apart = (made.matrix("site") - made.matrix("site")[0])[:, 0]
    expected = [0, 1 / (1 + TRUST_ROWS), 150 / (150 + TRUST_ROWS), 1 / (1 + TRUST_ROWS)]  # UNKNOWN, MISSING, a, b
    assert apart.tolist() == pytest.approx(expected)


def test_training_hides_some_levels_so_that_unknown_learns() -> None:
    made = embedder()
    torch.nn.init.ones_(made.lookup("site").offset)
    block = torch.full((4000, 2), 2, dtype=torch.int32)
    as_served = made(block).detach()
    made.train()
    hidden = (made(block).detach() != as_served).unflatten(1, (2, -1)).any(dim=2).float().mean()
    assert 0.03 < float(hidden) < 0.07
    missing = torch.ones(1000, 2, dtype=torch.int32)
    assert (made(missing) == made(missing)[0]).all()  # an empty cell is never hidden


def test_unknown_row_learns_from_known_levels_too() -> None:
    made = embedder()
    made(torch.tensor([[2, 2]], dtype=torch.int32)).sum().backward()
    assert made.lookup("site").unknown.grad is not None and (made.lookup("site").unknown.grad == 1).all()


def test_all_that_is_learned_is_in_the_state() -> None:
    made, again = embedder(), embedder()
    torch.nn.init.normal_(made.lookup("site").offset)
    again.load_state_dict(made.state_dict())
    assert torch.equal(again.matrix("kind"), made.matrix("kind"))


@pytest.mark.parametrize("times", [1, 3])
def test_gradients_are_those_of_the_formula(times: int) -> None:
    """Of batches with fewer places than the table has rows and with more, which go different ways."""
    made = embedder().double()
    torch.nn.init.normal_(made.lookup("site").offset)
    block = torch.tensor([[0, 4], [1, 2], [3, 0], [3, 4]], dtype=torch.int32).repeat(times, 1)
    assert (block.numel() > len(made.lookup("site").offset)) == (times > 1)
    out = made(block)
    weight = torch.randn_like(out)
    found = torch.autograd.grad((out * weight).sum(), [made.lookup("site").unknown, made.lookup("site").offset])
    place = block.long() + made.lookup("site").first
    rows = made.lookup("site").unknown + made.lookup("site").offset[place] * made.lookup("site").trust[place]
    expected = torch.autograd.grad((rows.flatten(1) * weight).sum(), [made.lookup("site").unknown, made.lookup("site").offset])
    for ours, theirs in zip(found, expected, strict=True):
        assert torch.allclose(ours, theirs)
