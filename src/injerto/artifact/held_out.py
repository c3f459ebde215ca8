"""Held-out rows as one file of a model folder: the grades of each target's answers, as safetensors."""

from __future__ import annotations

import stat
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from injerto.heads.held_out import HeldOut, Source
from injerto.heads.vector_head import VectorHead
from injerto.learner import Learner, heads_of

HELD_OUT = "held_out.safetensors"
"""Not there where no target holds such rows, and in models that were trained before they were kept."""

_SOURCES: dict[str, Source] = {"out-of-fold": "out-of-fold", "tune": "tune"}


def write(network: Learner, folder: Path) -> None:
    """Write what the heads of `network` hold, if any does. *Raises* OSError or SafetensorError when it cannot be written."""
    tensors: dict[str, torch.Tensor] = {}
    sources: dict[str, str] = {}
    for place, head in enumerate(heads_of(network).values()):
        if isinstance(head, VectorHead) and head.held_out is not None:
            tensors |= {f"{place}.{name}": values.clone().contiguous() for name, values in head.held_out.tensors().items()}
            sources[str(place)] = head.held_out.source
    if not sources:
        return
    save_file(tensors, folder / HELD_OUT, metadata=sources)
    (folder / HELD_OUT).chmod(stat.S_IMODE((folder / "schema.toml").stat().st_mode))  # safetensors makes its file private


def read(network: Learner, folder: Path) -> None:
    """Give the heads of `network` what they held. *Raises* KeyError, ValueError or SafetensorError when the file is damaged."""
    if not (folder / HELD_OUT).is_file():
        return
    with safe_open(folder / HELD_OUT, framework="pt") as file:
        sources = file.metadata() or {}
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    for place, head in enumerate(heads_of(network).values()):
        if isinstance(head, VectorHead) and str(place) in sources:
            own = {name.split(".", 1)[1]: values for name, values in tensors.items() if name.startswith(f"{place}.")}
            head.held_out = HeldOut.of_tensors(own, _SOURCES[sources[str(place)]])
