"""Several processes learn what one learns, say so when one of them is lost, and alone nothing is shared."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from safetensors.torch import load_file
from torch import Tensor, nn

import several_processes
from injerto.together import _between_gpus, _take_gpu, add_up, agreed, part_of, place, processes, sharing, summed, total

SCRIPT = Path(several_processes.__file__)


def torchrun(*command: str, processes: int = 2, seconds: float = 300) -> subprocess.CompletedProcess[str]:
    """`command` in several processes on this machine, over a port that is free."""
    start = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    return subprocess.run([*start, *command], capture_output=True, text=True, timeout=seconds)


def test_alone_nothing_is_shared() -> None:
    value = torch.ones(3)
    assert (processes(), place(), sharing()) == (1, 0, False)
    assert total(value) is value and part_of(value) is value and agreed("it") == "it"
    parameter = nn.Parameter(torch.ones(2))
    parameter.grad = gradient = torch.full((2,), 3.0)
    loss = torch.tensor(2.0)
    assert add_up([parameter], loss) is loss and parameter.grad is gradient and parameter.grad.tolist() == [3, 3]


def test_a_sum_alone_passes_its_gradient() -> None:
    value = torch.ones(3, requires_grad=True)
    (2 * summed(value)).sum().backward()
    assert value.grad is not None and value.grad.tolist() == [2, 2, 2]


@pytest.mark.parametrize(("local_rank", "gpu"), [("0", 0), ("1", 1), ("3", 1)])
def test_processes_of_a_machine_take_its_gpus_in_turn(monkeypatch: pytest.MonkeyPatch, local_rank: str, gpu: int) -> None:
    """Of two made-up ones; no GPU was at hand."""
    taken: list[int] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", taken.append)
    monkeypatch.setenv("LOCAL_RANK", local_rank)
    _take_gpu()
    assert taken == [gpu]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Tensor]]:
    """What came out of scenes that three processes played together; three share uneven parts."""
    out = tmp_path_factory.mktemp("scenes")
    scenes = ["table", "rows of long tables", "individuals", "batch norm", "results", "files"]
    run = torchrun(str(SCRIPT), str(out), *scenes, processes=3)
    assert run.returncode == 0, run.stderr
    return {scene: load_file(out / f"{scene}.safetensors") for scene in scenes}


@pytest.mark.slow
@pytest.mark.parametrize("scene", ["table", "rows of long tables"])
def test_losses_and_weights_are_those_of_one_process(found: dict[str, dict[str, Tensor]], scene: str) -> None:
    """Sums of float32 in another order differ in the seventh digit; Adam divides by what may be as small, and steps add up."""
    alone, together = several_processes.SCENES[scene](), found[scene]
    assert alone.keys() == together.keys()
    torch.testing.assert_close(together["losses"], alone["losses"], rtol=1e-5, atol=0)
    for key, value in alone.items():
        torch.testing.assert_close(together[key], value, rtol=1e-3, atol=2e-4, msg=lambda text, key=key: f"{key}: {text}")


@pytest.mark.slow
def test_losses_of_individuals_are_those_of_one_process(found: dict[str, dict[str, Tensor]]) -> None:
    alone, together = several_processes.individuals(), found["individuals"]
    assert alone["losses"].shape == (2, 2)
    torch.testing.assert_close(together["losses"], alone["losses"], rtol=1e-4, atol=0)


@pytest.mark.slow
def test_a_process_with_a_gpu_learns_with_one_that_has_none(tmp_path: Path) -> None:
    """The first of two learns on a pretended device: sums between both go by way of the processor."""
    run = torchrun(str(SCRIPT), str(tmp_path), "individuals elsewhere")
    assert run.returncode == 0, run.stderr
    alone, together = several_processes.individuals(), load_file(tmp_path / "individuals elsewhere.safetensors")
    torch.testing.assert_close(together["losses"], alone["losses"], rtol=1e-4, atol=0)


@pytest.mark.parametrize(
    ("gpus", "straight"),
    [(["first", "second"], True), (["first", "first"], False), (["first", None], False), ([None, None], False)],
)
def test_gpus_speak_with_each_other_where_every_process_has_its_own(
    monkeypatch: pytest.MonkeyPatch, gpus: list[str | None], straight: bool
) -> None:
    """Of made-up ones; no GPU was at hand."""

    def gathered(into: list[str | None], own: str | None, group: object) -> None:
        into[:] = gpus

    made: list[str] = []
    monkeypatch.setattr(dist, "get_world_size", lambda: 2)
    monkeypatch.setattr(dist, "all_gather_object", gathered)
    monkeypatch.setattr(dist, "new_group", lambda backend, timeout: made.append(backend))
    _between_gpus(object(), timedelta(seconds=1))  # type: ignore[arg-type]
    assert made == (["nccl"] if straight else [])


@pytest.mark.slow
def test_a_batch_norm_is_over_the_whole_batch(found: dict[str, dict[str, Tensor]]) -> None:
    alone, together = several_processes.batch_norm(), found["batch norm"]
    own = slice(0, None, 3)  # the first process's
    torch.testing.assert_close(together["output"][own], alone["output"][own])
    torch.testing.assert_close(together["grad"][own], alone["grad"][own], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(together["mean"], alone["mean"])
    torch.testing.assert_close(together["variance"], alone["variance"])


@pytest.mark.slow
def test_what_others_found_comes_back_in_their_order(found: dict[str, dict[str, Tensor]]) -> None:
    assert found["results"]["found"].tolist() == [10, 11, 12]


@pytest.mark.slow
def test_files_are_looked_at_by_all_and_told_in_their_order(found: dict[str, dict[str, Tensor]]) -> None:
    alone, together = several_processes.files(), found["files"]
    assert alone["counts"].tolist() == together["counts"].tolist() == [9, 1]
    assert together["rows"].tolist() == [104]
    for key in ("values", "readable", "empty"):
        assert torch.equal(alone[key].nan_to_num(-1.0), together[key].nan_to_num(-1.0)), key


@pytest.mark.slow
@pytest.mark.parametrize("scene", ["dies", "sleeps"])
def test_a_lost_process_is_told(tmp_path: Path, scene: str) -> None:
    """Killed, or silent for longer than the patience of 5 seconds."""
    run = torchrun(str(SCRIPT), str(tmp_path), scene, processes=3, seconds=120)
    assert run.returncode != 0
    assert "process 0: One of the 3 processes that work together was lost" in run.stderr, run.stderr
    assert "Give the same command again: it goes on from the last whole epoch." in run.stderr
