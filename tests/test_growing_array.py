"""Rows that are added to the end of a file without a name."""

from __future__ import annotations

import resource
from pathlib import Path

import numpy as np
import pytest

from injerto.errors import OutputError
from injerto.growing_array import GrowingArray


def test_rows_come_back_in_order_and_the_file_has_no_name(tmp_path: Path) -> None:
    rows = [np.random.default_rng(seed).normal(size=(seed, 3)).astype(np.float16) for seed in (4, 1, 0, 7)]
    array = GrowingArray(3, np.dtype(np.float16), "Prints", tmp_path / "cache")
    assert array.whole().shape == (0, 3)
    for part in rows[:2]:
        array.append(part)
    np.testing.assert_array_equal(array.whole(), np.concatenate(rows[:2]))
    for part in rows[2:]:
        array.append(part)
    found = array.whole()
    assert isinstance(found, np.memmap)
    np.testing.assert_array_equal(found, np.concatenate(rows))
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_disk_that_fills_up_is_told(tmp_path: Path) -> None:
    array = GrowingArray(1000, np.dtype(np.float16), "Prints of 12,000 sounds", tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(OutputError, match=r"Prints of 12,000 sounds take 0\.0 GB .* free: .* Free some space"):
            for _ in range(10):
                array.append(np.zeros((100, 1000), dtype=np.float16))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
