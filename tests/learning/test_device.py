"""Where a run learns: on a pretended device every network learns what it learns on the processor.

How fast a GPU is, and how it rounds, only a GPU can tell: see `test_gpu.py`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

import made_learners
from injerto.learning.device import PROCESSOR, brought, device_of, half_bits_on
from made_learners import LEARNERS, PLAN, SHORT, losses_of

TESTS = Path(made_learners.__file__).parent
Found = dict[str, Tensor]


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of what was found on the pretended device, which is registered in a process of its own."""
    out = tmp_path_factory.mktemp("there")
    paths = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])
    run = subprocess.run(
        [sys.executable, "-W", "error", str(TESTS / "learns_elsewhere.py"), str(out)],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stderr
    return out


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Losses and weights of photos, learned on the processor without a break."""
    example = LEARNERS["photos"](tmp_path_factory.mktemp("photos"))
    return {"losses": losses_of(example.go())} | dict(example.network.state_dict())


@pytest.mark.slow
@pytest.mark.parametrize("name", LEARNERS)
def test_every_network_learns_there_what_it_learns_here(there: Path, tmp_path: Path, name: str) -> None:
    example = LEARNERS[name](tmp_path)
    here = {"losses": losses_of(example.go())} | dict(example.network.state_dict())
    found = load_file(there / f"{name}, there.safetensors")
    assert found.keys() == here.keys()
    for key, value in here.items():
        torch.testing.assert_close(
            found[key], value, rtol=1e-6, atol=1e-6, equal_nan=True, msg=lambda text, key=key: f"{key}: {text}"
        )


@pytest.mark.slow
@pytest.mark.parametrize("name", SHORT)
def test_with_half_the_bits_losses_stay_near(there: Path, name: str) -> None:
    """What is cast there is what `torch.autocast` casts on a GPU: where numbers of two kinds meet, this fails, too."""
    half, whole = (load_file(there / f"{name}, {bits}.safetensors")["losses"] for bits in ("half", "there"))
    assert not torch.equal(half, whole)
    torch.testing.assert_close(half, whole, rtol=5e-2, atol=0)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["here", "there"])
def test_a_run_that_was_killed_goes_on_in_the_other_place(there: Path, photos: Found, where: str) -> None:
    found = load_file(there / f"resumed {where}.safetensors")
    assert found.keys() == photos.keys()
    for key, value in photos.items():
        torch.testing.assert_close(
            found[key], value, rtol=1e-6, atol=1e-6, equal_nan=True, msg=lambda text, key=key: f"{key}: {text}"
        )


@pytest.mark.slow
def test_an_interrupted_network_is_on_the_processor_and_has_learned(there: Path, photos: Found) -> None:
    found = load_file(there / "interrupted.safetensors")
    key = "embedders.file0.backbone.head.conv.weight"
    assert found[key].isfinite().all() and not torch.equal(found[key], photos[key])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("batch_rows", "advice"),
    [
        (6, "batch_rows = 3 in [training] of the schema"),
        (1, "a smaller backbone, or shorter clips, for the inputs of the schema"),
    ],
)
def test_a_full_gpu_is_told_in_words(there: Path, batch_rows: int, advice: str) -> None:
    said = (there / f"full at {batch_rows}.txt").read_text(encoding="utf-8")
    wanted = (
        f"The GPU has too little memory to learn (finetune) from batches of {batch_rows} rows, batch_rows = {batch_rows}. "
        f"Choose {advice}; or close what else uses the GPU; or learn on the processor, by setting "
        'CUDA_VISIBLE_DEVICES="".'
    )
    assert re.fullmatch(re.escape(wanted), said)


def test_layers_of_files_learn_on_the_gpu_of_this_process_and_tables_on_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine of two made-up GPUs."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 1)
    assert device_of(PLAN) == torch.device("cuda:1")
    assert device_of(replace(PLAN, backbone=False)) == PROCESSOR
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device_of(PLAN) == PROCESSOR


@pytest.mark.parametrize("native", [True, False])
def test_half_the_bits_where_the_card_multiplies_them_itself(monkeypatch: pytest.MonkeyPatch, native: bool) -> None:
    def supported(including_emulation: bool = True) -> bool:
        return native or including_emulation

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    assert half_bits_on(torch.device("cuda:0")) == ("cuda" if native else None)
    assert half_bits_on(PROCESSOR) is None


def test_on_the_processor_batches_are_those_of_the_source(tmp_path: Path) -> None:
    batches = LEARNERS["photos"](tmp_path).source.batches(torch.arange(4), 2, training=False, seed=0)
    assert brought(batches, PROCESSOR) is batches
