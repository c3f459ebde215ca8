"""Arrays that are too large for memory."""

from __future__ import annotations

import errno
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from injerto import large_array as place
from injerto.errors import OutputError
from injerto.large_array import large_array

WITHIN = """
import resource, sys
import numpy as np
import injerto.large_array as place
place.LARGE_BYTES = 1_000_000
resource.setrlimit(resource.RLIMIT_DATA, (600_000_000, 600_000_000))
rows = place.large_array((400, 1_000_000), 1.0, "Vectors", None)
print(rows[7, 8], float(rows[::100].sum()), type(rows).__name__)
"""


def test_a_small_one_is_in_memory(tmp_path: Path) -> None:
    found = large_array((3, 2), np.nan, "Vectors", tmp_path / "cache")
    assert type(found) is np.ndarray and np.isnan(found).all()
    assert not (tmp_path / "cache").exists()


def test_a_large_one_is_in_a_file_that_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "LARGE_BYTES", 100)
    found = large_array((300, 70_001), 0.5, "Vectors", tmp_path / "cache")  # not a whole number of blocks
    assert isinstance(found, np.memmap) and found.shape == (300, 70_001)
    assert (found[0] == 0.5).all() and (found[-1] == 0.5).all()
    found[5] = 3
    assert found[5, 70_000] == 3 and found[4, 70_000] == 0.5
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is of other systems")
def test_more_than_a_process_may_take_of_memory() -> None:
    """1.6 GB where 600 MB are allowed."""
    done = subprocess.run([sys.executable, "-c", WITHIN], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1.0", "4000000.0", "memmap"]


def test_a_full_disk_is_told_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(place, "LARGE_BYTES", 100)
    monkeypatch.setattr(place, "_fill", full)
    with pytest.raises(OutputError, match=r"Vectors of 1,000 files take 0\.0 GB .* free: No space left on device\. Free some"):
        large_array((1000, 50), 0, "Vectors of 1,000 files", tmp_path)


def test_a_file_that_may_not_grow_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a disk that fills up: the system refuses to write on."""
    monkeypatch.setattr(place, "LARGE_BYTES", 100)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(OutputError, match=r"set INJERTO_CACHE and TMPDIR to folders on another disk"):
            large_array((1000, 5000), 0, "Vectors of 1,000 files", tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
