from pathlib import Path

import pytest
import torch

from injerto.errors import OutputError
from injerto.learning.checkpoint import Checkpoint, prefixed, without_prefix


def test_round_trip(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "run.safetensors")
    assert checkpoint.load() is None
    checkpoint.save(prefixed("a", {"w": torch.arange(3)}) | prefixed("ab", {"w": torch.zeros(1)}), {"epoch": 2})
    found = checkpoint.load()
    assert found is not None
    assert found[1] == {"epoch": 2}
    assert without_prefix("a", found[0])["w"].tolist() == [0, 1, 2]


def test_no_path_keeps_nothing() -> None:
    checkpoint = Checkpoint(None)
    checkpoint.save({"w": torch.zeros(1)}, {})
    assert checkpoint.load() is None


def test_no_place_to_write_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        Checkpoint(tmp_path / "gone" / "run.safetensors").save({"w": torch.zeros(1)}, {})
