"""Dates to vectors: hidden and unknown trends look alike, and missing dates are learned."""

from __future__ import annotations

import torch

from columns import column
from injerto.embedders.date import DateEmbedder
from injerto.features.date import PARTS, DateFeature
from injerto.schema.schema import Input


def embedder(count: int = 1) -> DateEmbedder:
    return DateEmbedder([DateFeature(str(i), Input(kind="date")).fit(column(["2024-01-01"])) for i in range(count)])


def test_parts_pass_and_a_flag_says_whether_the_trend_is_known() -> None:
    made = embedder().eval()
    parts = torch.rand(2, PARTS)
    parts[1, 0] = float("nan")
    out = made(parts)
    assert out.shape == (2, made.width)
    assert out[:, 0].tolist() == [1, 0]
    assert torch.equal(out[:, 2:], parts[:, 1:])
    assert out[0, 1] == parts[0, 0] and out[1, 1] == 0


def test_training_hides_half_of_the_trends_and_nothing_else() -> None:
    torch.manual_seed(0)
    made = embedder(2).train()
    parts = torch.rand(2000, 2 * PARTS)
    out = made(parts).unflatten(1, (2, -1))
    assert torch.equal(out[:, :, 2:], parts.unflatten(1, (2, -1))[:, :, 1:])
    assert 0.45 < float(out[:, :, 0].detach().mean()) < 0.55


def test_missing_date_is_learned() -> None:
    made = embedder().eval()
    torch.nn.init.constant_(made.missing, 3.0)
    out = made(torch.full((1, PARTS), float("nan")))
    assert out[0].tolist() == [0.0] + [3.0] * PARTS
