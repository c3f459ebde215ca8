"""Bags: the mean of the rows of a cell's levels, whatever its empty places hold."""

from __future__ import annotations

import torch

from columns import column
from injerto.embedders.categories import CategoriesEmbedder
from injerto.features.categories import CategoriesFeature
from injerto.schema.schema import Input

CELLS = ["fox;owl", "owl", "owl;jay;fox", None]


def embedder() -> CategoriesEmbedder:
    torch.manual_seed(0)
    options = Input(kind="categories", min_count=1)
    seen = CategoriesFeature("seen", options).fit(column(CELLS))
    heard = CategoriesFeature("heard", options).fit(column(["owl", "elk;owl"]))
    made = CategoriesEmbedder([seen, heard])
    for table in made.tables:
        torch.nn.init.normal_(table.offset)
    return made


def test_the_mean_of_the_rows() -> None:
    made = embedder().eval()
    block = torch.tensor([[2, 3, -1, 3, -1], [4, -1, -1, 2, 3]], dtype=torch.int32)
    out = made(block)
    seen, heard = made.matrix("seen"), made.matrix("heard")
    widths = [table.matrix(name).shape[1] for table in made.tables for name in table.names]
    assert made.width == sum(widths) == out.shape[1]
    by_name = {"seen": torch.stack([seen[[2, 3]].mean(0), seen[4]]), "heard": torch.stack([heard[3], heard[[2, 3]].mean(0)])}
    expected = torch.cat([by_name[name] for table in made.tables for name in table.names], dim=1)
    assert torch.allclose(out, expected, atol=1e-6)


def test_empty_places_learn_nothing() -> None:
    made = embedder().eval()
    made(torch.tensor([[2, -1, -1, 2, -1]], dtype=torch.int32)).sum().backward()
    table = made.lookup("seen")
    assert table.offset.grad is not None
    moved = table.offset.grad.abs().sum(1) > 0
    start = table.names["seen"][1]
    assert moved[start + 2] and not moved[start]


def test_training_hides_single_levels_of_a_bag() -> None:
    made = embedder().train()
    block = torch.tensor([[2, 3, 4, 2, 3]], dtype=torch.int32).repeat(4000, 1)
    served = made.eval()(block).detach()
    hidden = (made.train()(block).detach() != served).any(dim=1).float().mean()
    assert 0.15 < float(hidden) < 0.3  # one in twenty of five ids: 1 - 0.95^5
