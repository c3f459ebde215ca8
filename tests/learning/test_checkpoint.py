from pathlib import Path

import pytest
import torch

from injerto.errors import OutputError
from injerto.learning.checkpoint import Checkpoint, optimizer_tensors, prefixed, restore_optimizer, without_prefix


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


def test_an_optimizer_goes_on_where_it_was() -> None:
    def stepped(steps: int, optimizer: torch.optim.Optimizer, weight: torch.Tensor) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            (weight.square().sum()).backward()  # type: ignore[no-untyped-call]
            optimizer.step()

    whole, half = torch.ones(3, requires_grad=True), torch.ones(3, requires_grad=True)
    stepped(4, torch.optim.AdamW([whole], lr=0.1), whole)
    first = torch.optim.AdamW([half], lr=0.1)
    stepped(2, first, half)
    second = torch.optim.AdamW([half], lr=0.1)
    restore_optimizer(second, optimizer_tensors(first))
    stepped(2, second, half)
    assert torch.equal(whole, half)


def test_no_place_to_write_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        Checkpoint(tmp_path / "gone" / "run.safetensors").save({"w": torch.zeros(1)}, {})
