"""What only a machine with a GPU can tell: that it learns what the processor learns, and leaves no memory behind."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from injerto.errors import TrainingError
from injerto.learning import loop
from injerto.learning.device import PROCESSOR, device_of, half_bits_on
from made_learners import LEARNERS, PLAN, losses_of

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU that torch can use"),
]


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Convolutions in float32, in which GPUs leave bits away otherwise."""
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    monkeypatch.setenv("INJERTO_ENGINE", "eager")  # the same vectors to begin with


def losses(name: str, folder: Path) -> torch.Tensor:
    return losses_of(LEARNERS[name](folder).go())


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("name", LEARNERS)
def test_with_all_bits_losses_are_those_of_the_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert device_of(PLAN).type == "cuda"
    monkeypatch.setattr(loop, "half_bits_on", lambda device: None)
    there = losses(name, tmp_path / "there")
    monkeypatch.setattr(loop, "device_of", lambda plan: PROCESSOR)
    torch.testing.assert_close(there, losses(name, tmp_path / "here"), rtol=1e-3, atol=0)


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("name", LEARNERS)
def test_with_half_the_bits_losses_stay_near(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    if half_bits_on(device_of(PLAN)) is None:
        pytest.skip("this GPU has no bfloat16 of its own")
    there = losses(name, tmp_path / "there")
    monkeypatch.setattr(loop, "device_of", lambda plan: PROCESSOR)
    torch.testing.assert_close(there, losses(name, tmp_path / "here"), rtol=5e-2, atol=0)


@pytest.mark.parametrize("name", ["photos", "points by heat map", "individuals"])
def test_memory_is_released(tmp_path: Path, name: str) -> None:
    example = LEARNERS[name](tmp_path)
    before = torch.cuda.memory_allocated()
    example.go()
    assert all(parameter.is_cpu for parameter in example.network.parameters())
    assert torch.cuda.memory_allocated() <= before + 2**20  # what cuBLAS keeps to work in aside
    assert torch.cuda.max_memory_allocated() > before


def test_a_gpu_that_is_full_is_told(tmp_path: Path) -> None:
    example = LEARNERS["photos"](tmp_path)
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(1e-6)
    try:
        with pytest.raises(TrainingError, match=r"The GPU has too little memory to learn \(finetune\)"):
            example.go()
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert all(parameter.is_cpu for parameter in example.network.parameters())
