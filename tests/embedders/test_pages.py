"""Matrices in large pages are matrices like any other, and outlive what made them."""

from __future__ import annotations

import gc
import mmap

import pytest
import torch

from injerto.embedders import pages
from injerto.embedders.pages import roomy


@pytest.mark.parametrize("rows", [3, 200_000])
@pytest.mark.parametrize("advice", [getattr(mmap, "MADV_HUGEPAGE", None), None])
def test_what_is_written_stays(monkeypatch: pytest.MonkeyPatch, rows: int, advice: int | None) -> None:
    monkeypatch.setattr(pages, "_ADVICE", advice)
    made = roomy(rows, 8)
    made.copy_(torch.arange(rows * 8, dtype=torch.float32).view(rows, 8))
    row = made[rows - 1]
    del made
    gc.collect()
    assert row.tolist() == list(range(rows * 8 - 8, rows * 8))
