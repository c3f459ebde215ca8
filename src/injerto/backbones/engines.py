"""The engines by name, and which one `auto` is."""

from __future__ import annotations

import copy
import os
import threading
from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor

from injerto.backbones.backbone import Backbone
from injerto.backbones.bits import Bits, best_bits, in_bits
from injerto.backbones.engine import Engine, Runner
from injerto.backbones.openvino_engine import OpenVinoEngine
from injerto.backbones.quicken import fused_works, quicken
from injerto.errors import BackboneError, did_you_mean

EngineName = Literal["auto", "exact", "torch", "openvino", "cuda", "eager"]


class EagerEngine(Engine):
    """The backbone as it is, in float32: the reference of the others."""

    def __init__(self) -> None:
        self.name, self.batch_rows, self.streams = "eager float32", 16, 1

    def prepare(self, backbone: Backbone, example: Tensor) -> Runner:
        """A copy, so that training may go on meanwhile."""
        frozen = copy.deepcopy(backbone).eval().requires_grad_(False)
        return lambda raw: frozen.vector(raw).float()


class TorchEngine(Engine):
    """Torch alone: folded, fused, channels last, half or a quarter of the bits; every core works on batches of its own.

    One batch over all cores would wait at a barrier after every layer; a small batch a core also stays in its cache.
    """

    def __init__(self, bits: Bits | None = None) -> None:
        self.bits, self.fused = bits or best_bits(), fused_works()
        self.name = f"torch {'fused' if self.fused else 'folded'} {self.bits}"
        self.batch_rows, self.streams = 8, torch.get_num_threads()

    def prepare(self, backbone: Backbone, example: Tensor) -> Runner:
        """A quick copy."""
        quick = in_bits(backbone, self.bits, fused=self.fused)

        def run(raw: Tensor) -> Tensor:
            laid = raw.contiguous(memory_format=torch.channels_last) if raw.ndim == 4 else raw
            return quick.vector(laid).float()

        run(example)  # packs the weights once, before several streams would
        return run


class CudaEngine(Engine):
    """A GPU, in half precision or in float32; the streams only read and decode, and take turns on the device."""

    def __init__(self, dtype: torch.dtype = torch.float16) -> None:
        self.dtype = dtype
        self.name = f"cuda {str(dtype).removeprefix('torch.')}"
        self.batch_rows, self.streams = 64, torch.get_num_threads()

    def prepare(self, backbone: Backbone, example: Tensor) -> Runner:
        """A copy on the device."""
        if not torch.cuda.is_available():
            raise BackboneError("The engine 'cuda' needs a GPU that torch can use; there is none. Choose 'auto' or 'torch'.")
        quick = quicken(backbone, self.dtype, fused=False).to("cuda")
        turn = threading.Lock()

        def run(raw: Tensor) -> Tensor:
            with turn:
                return quick.vector(raw.to("cuda")).float().cpu()

        return run


def exact() -> Engine:
    """In float32, as fast as that goes."""
    return CudaEngine(torch.float32) if torch.cuda.is_available() else TorchEngine("float32")


ENGINES: dict[str, Callable[[], Engine]] = {
    "exact": exact,
    "eager": EagerEngine,
    "torch": TorchEngine,
    "openvino": OpenVinoEngine,
    "cuda": CudaEngine,
}


ENGINE_SETTING = "INJERTO_ENGINE"


def engine_of(name: EngineName) -> Engine:
    """The engine called `name`. `auto` is what the setting INJERTO_ENGINE says, else the GPU where there is one, else torch.

    `exact` is for answers: the same, but in float32 where the setting says nothing, so that a model says the same on every
    processor, over HTTP, and as a graph. What is learned bears fewer bits well, and there are many more files to look at then.

    Neither depends on the table: a file's vector is the same whatever rows stand beside it. OpenVINO is not chosen by itself:
    it is about a third faster than torch, but takes seconds to start, which a few thousand files do not earn back.
    """
    setting = os.environ.get(ENGINE_SETTING, "auto") if name in ("auto", "exact") else "auto"
    chosen = name if setting == "auto" else setting
    if chosen == "auto":
        chosen = "cuda" if torch.cuda.is_available() else "torch"
    if chosen not in ENGINES:
        raise BackboneError(
            f"There is no engine '{chosen}'.{did_you_mean(chosen, ENGINES)} Known are: auto, {', '.join(ENGINES)}."
        )
    return ENGINES[chosen]()
