"""Where a run learns: on the process's GPU where layers of files learn, else on the processor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from injerto.errors import TrainingError
from injerto.heads.head import Labels
from injerto.learner import Learner
from injerto.learning.plan import Plan
from injerto.network import Batch

PROCESSOR = torch.device("cpu")


def device_of(plan: Plan) -> torch.device:
    """The GPU that this process has taken, if torch can use one and layers of files learn; else the processor.

    A step of a small network over table columns is so little work that handing it over would be most of it.
    """
    return torch.device("cuda", torch.cuda.current_device()) if plan.backbone and torch.cuda.is_available() else PROCESSOR


def half_bits_on(device: torch.device) -> str | None:
    """The type of `device` if it multiplies bfloat16 itself and is no processor, for `half_bits`."""
    return device.type if device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False) else None


@contextmanager
def placed(network: Learner, device: torch.device, plan: Plan) -> Iterator[None]:
    """`network` on `device` inside, and on the processor again afterwards, however it ends.

    *Raises* TrainingError when the GPU has too little memory for a step of `plan`.
    """
    if device == PROCESSOR:
        yield
        return
    try:
        try:
            network.to(device)
            yield
        finally:
            network.zero_grad(set_to_none=True)
            network.to(PROCESSOR)
    except torch.OutOfMemoryError:
        raise TrainingError(_too_little(plan)) from None


def _too_little(plan: Plan) -> str:
    fewer = f"batch_rows = {plan.batch_rows // 2} in [training] of the schema"
    choose = fewer if plan.batch_rows > 1 else "a smaller backbone, or shorter clips, for the inputs of the schema"
    return (
        f"The GPU has too little memory to learn ({plan.name}) from batches of {plan.batch_rows} rows, batch_rows = "
        f"{plan.batch_rows}. Choose {choose}; or close what else uses the GPU; or learn on the processor, by setting "
        'CUDA_VISIBLE_DEVICES="".'
    )


def brought(
    batches: Iterator[tuple[Batch, dict[str, Labels]]], device: torch.device
) -> Iterator[tuple[Batch, dict[str, Labels]]]:
    """Batches as they come from a source, on `device`."""
    return batches if device == PROCESSOR else _brought(batches, device)


def _brought(
    batches: Iterator[tuple[Batch, dict[str, Labels]]], device: torch.device
) -> Iterator[tuple[Batch, dict[str, Labels]]]:
    def move(tensor: Tensor) -> Tensor:
        # From pages that stay where they are the GPU fetches by itself, while the next batch is varied.
        return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)

    for batch, labels in batches:
        yield batch.each(move), {name: own.each(move) for name, own in labels.items()}
