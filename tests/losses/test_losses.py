"""Losses on numbers worked by hand."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from injerto.heads.head import Labels
from injerto.losses import LOSSES, NEAR


def test_class_loss_is_the_mean_over_known_rows_and_members() -> None:
    # Row 0: members give the true class 1/2 and 1/4. Row 1 is unknown.
    output = torch.tensor([[[0.0, 0.0], [0.0, math.log(3)]], [[9.0, 0.0], [9.0, 0.0]]])
    labels = Labels(torch.tensor([0, -1]), torch.tensor([True, False]))
    assert float(LOSSES["class"](output, labels)) == pytest.approx((math.log(2) + math.log(4)) / 2)


def test_classes_loss_sums_over_levels() -> None:
    output = torch.tensor([[[0.0, math.log(3)]]])  # chances 1/2 and 3/4
    labels = Labels(torch.tensor([[1.0, 0.0]]), torch.tensor([True]))
    assert float(LOSSES["classes"](output, labels)) == pytest.approx(math.log(2) + math.log(4))


def test_number_loss_is_half_the_squared_error() -> None:
    output = torch.tensor([[[3.0], [1.0]], [[100.0], [100.0]]])
    labels = Labels(torch.tensor([1.0, 0.0]), torch.tensor([True, False]))
    assert float(LOSSES["number"](output, labels)) == pytest.approx((2.0 + 0.0) / 2)


def test_absolute_loss_is_the_absolute_error_but_for_a_rounded_middle() -> None:
    output = torch.tensor([[[3.0], [1.0]], [[100.0], [100.0]]])
    labels = Labels(torch.tensor([1.0, 0.0]), torch.tensor([True, False]))
    rounded = NEAR / 2  # what the rounding takes off a far error
    assert float(LOSSES["number, absolute"](output, labels)) == pytest.approx((2.0 - rounded + 0.0) / 2)


@pytest.mark.parametrize("kind", sorted(set(LOSSES) - {"individual, among themselves"}))
@pytest.mark.parametrize("weighted", [False, True])
def test_parts_of_a_shared_batch_add_up_to_its_loss(kind: str, weighted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows 0, 2, 4 and 1, 3 know different numbers of labels. Counts of the whole batch come from the other process."""
    output, labels = shared_batch(kind)
    labels = replace(labels, weight=torch.rand(5)) if weighted else labels
    counts: list[torch.Tensor] = []

    def count(own: torch.Tensor) -> torch.Tensor:
        counts.append(own)
        return own

    every_count(monkeypatch, count)
    whole = LOSSES[kind](output, labels)
    told: list[torch.Tensor] = []
    every_count(monkeypatch, lambda own: told.pop(0))
    parts = []
    for rows in (torch.arange(0, 5, 2), torch.arange(1, 5, 2)):
        told[:] = counts
        parts.append(LOSSES[kind](output[rows], labels.take(rows)))
    assert float(whole) > 0
    torch.testing.assert_close(torch.stack(parts).sum(), whole)


def every_count(monkeypatch: pytest.MonkeyPatch, count: Callable[[torch.Tensor], torch.Tensor]) -> None:
    for place in ("injerto.losses", "injerto.losses.keypoints", "injerto.losses.individual"):
        monkeypatch.setattr(f"{place}.total", count)


def shared_batch(kind: str) -> tuple[torch.Tensor, Labels]:
    """Outputs and labels of 5 rows; rows 1 and 3, or a point here and there, are not known."""
    generator = torch.Generator().manual_seed(0)
    known = torch.tensor([True, False, True, False, True])
    if kind == "keypoints":
        value = torch.rand(5, 2, 3, generator=generator).round(decimals=2)
        value[:, :, 2] = 1.0
        value[1, 0] = value[2] = math.nan
        return torch.randn(5, 2, 19, generator=generator), Labels(value, torch.ones(5, dtype=torch.bool))
    if kind == "individual":
        value = torch.stack([torch.arange(5) % 3, torch.full((5,), 0.1)], dim=1).double()
        return torch.rand(5, 3, generator=generator).double(), Labels(value, known)
    value = torch.rand(5, 3, generator=generator).round() if kind == "classes" else torch.tensor([0, 1, 2, 0, 1])
    return torch.randn(5, 2, 3, generator=generator), Labels(value if kind in ("class", "classes") else value.float(), known)


@pytest.mark.parametrize("kind", sorted(LOSSES))
def test_no_known_label_costs_nothing(kind: str) -> None:
    if kind == "keypoints":  # 4 points on 5 bins, each for itself unknown
        value, output = torch.full((2, 4, 3), torch.nan), torch.randn(2, 4, 2 * 5 + 3, requires_grad=True)
    else:
        shape, dtype = ((2, 3) if kind == "classes" else (2,)), (torch.int64 if kind == "class" else torch.float32)
        value, output = torch.zeros(shape, dtype=dtype), torch.randn(2, 4, 3, requires_grad=True)
    loss = LOSSES[kind](output, Labels(value, torch.zeros(2, dtype=torch.bool)))
    loss.backward()  # type: ignore[no-untyped-call]
    assert loss.item() == 0.0
    assert output.grad is not None and float(output.grad.abs().sum()) == 0.0


@pytest.mark.parametrize(
    ("kind", "output", "value"),
    [
        ("class", torch.tensor([[[0.0, 0.0]], [[0.0, math.log(3)]], [[5.0, 0.0]]]), torch.tensor([0, 0, -1])),
        ("classes", torch.tensor([[[0.0]], [[math.log(3)]], [[5.0]]]), torch.tensor([[1.0], [0.0], [0.0]])),
    ],
)
def test_a_row_counts_by_its_weight(kind: str, output: torch.Tensor, value: torch.Tensor) -> None:
    """Losses ln 2 and ln 4, of which the second counts three times; the third label is unknown."""
    labels = Labels(value, torch.tensor([True, True, False]), weight=torch.tensor([0.5, 1.5, 7.0]))
    assert float(LOSSES[kind](output, labels)) == pytest.approx((math.log(2) + 3 * math.log(4)) / 4)
    assert labels.take(torch.tensor([1])).weight == pytest.approx([1.5])
    assert labels.part(slice(0, 1)).weight == pytest.approx([0.5])
