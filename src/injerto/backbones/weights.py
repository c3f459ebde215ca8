"""The one folder where weights live: fetched on request, checked, kept as safetensors, found again offline."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import torch
from numpy._core.multiarray import scalar
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from injerto.backbones import catalogue, sources
from injerto.backbones.backbone import Backbone
from injerto.backbones.catalogue import Entry, File, SameAs, Untrained, Url
from injerto.backbones.networks import NETWORKS, build
from injerto.errors import BackboneError
from injerto.progress import Progress, Silent

FOLDER_SETTING = "INJERTO_WEIGHTS"


def folders() -> list[Path]:
    """Where weights are looked for: the folders of the setting INJERTO_WEIGHTS, else one in the user's data folder."""
    chosen = [part for part in os.environ.get(FOLDER_SETTING, "").split(os.pathsep) if part]
    return [Path(part).expanduser() for part in chosen] or [Path(platformdirs.user_data_dir("injerto")) / "weights"]


def folder() -> Path:
    """Where weights are kept: the first of them."""
    return folders()[0]


def find(name: str) -> Path | None:
    """Where the weights of a backbone are on this machine, fetched or as they came in a package; None when nowhere.

    A backbone that starts from nothing has none, and needs none: see `ready`.
    """
    owner = _owner(catalogue.entry(name))
    if isinstance(owner.source, Untrained):
        return None
    stored = _stored(owner)
    return stored if stored.is_file() and _record(owner).is_file() else _at_hand(owner)


def ready(name: str) -> bool:
    """Whether a backbone can be used on this machine as it is."""
    return isinstance(catalogue.entry(name).source, Untrained) or find(name) is not None


def get(name: str, progress: Progress | None = None) -> Path:
    """Fetch the weights of a backbone unless they are here, check them, and keep them as safetensors.

    *Raises* BackboneError when they cannot be had, are not the expected ones, or cannot be written.
    """
    progress = progress or Silent()
    owner = _owner(catalogue.entry(name))
    source = owner.source
    if not isinstance(source, File):
        raise BackboneError(f"There is nothing to fetch for {name}: it starts from nothing and learns from your table.")
    if find(name) == _stored(owner):
        _read_stored(owner)
        progress.say(f"The weights of {name} are in {folder()}.")
        return _stored(owner)
    with tempfile.TemporaryDirectory(prefix="injerto-") as scratch:
        file = _at_hand(owner)
        progress.say(f"Licence of {name}: {owner.licence}. {owner.licence_note}")
        if file is None:
            progress.say(f"Fetching the weights of {name}: {owner.megabytes:.0f} MB.")
            file = sources.fetch(source, Path(scratch), progress)
        state = _adopted(owner, file)
        _store(owner, state)
    progress.say(f"The weights of {name} are in {folder()}.")
    return _stored(owner)


def load(name: str) -> Backbone:
    """A backbone with its weights, ready to compute. Nothing is downloaded.

    *Raises* BackboneError when the weights are not on this machine or damaged.
    """
    entry = catalogue.entry(name)
    if isinstance(entry.source, Untrained):
        return build(name)
    owner = _owner(entry)
    file = find(name)
    if file is None:
        raise BackboneError(f"The weights of {name} are not on this machine. Run: injerto backbones get {name}")
    state = _read_stored(owner) if file == _stored(owner) else _adopted(owner, file)
    prefix = entry.source.prefix if isinstance(entry.source, SameAs) else ""
    backbone = build(name)
    # What stands in front of another entry's network has no weights in its file: it keeps what it starts with.
    backbone.load_state_dict(backbone.state_dict() | {prefix + key: tensor for key, tensor in state.items()})
    return backbone


def _owner(entry: Entry) -> Entry:
    """The entry whose file holds the weights."""
    return catalogue.entry(entry.source.name) if isinstance(entry.source, SameAs) else entry


def _at_hand(owner: Entry) -> Path | None:
    """The file as it came, in the first folder that has it."""
    if not isinstance(owner.source, File):
        return None
    return next((file for place in folders() if (file := sources.at_hand(owner.source, place)) is not None), None)


def _home(owner: Entry) -> Path:
    """The folder that has the weights as we keep them; where none has, the one they will be written to."""
    return next((place for place in folders() if (place / f"{owner.name}.json").is_file()), folder())


def _stored(owner: Entry) -> Path:
    return _home(owner) / f"{owner.name}.safetensors"


def _record(owner: Entry) -> Path:
    return _home(owner) / f"{owner.name}.json"


def _read_stored(owner: Entry) -> dict[str, Tensor]:
    again = f"Delete {_stored(owner)} and run: injerto backbones get {owner.name}"
    try:
        expected = json.loads(_record(owner).read_text(encoding="utf-8"))["sha256"]
        if sources.sha256_of(_stored(owner)) != expected:
            raise BackboneError(f"The weights of {owner.name} were changed or damaged since they were fetched. {again}")
        return load_file(_stored(owner))
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as slip:
        raise BackboneError(f"The weights of {owner.name} cannot be read: {slip}. {again}") from slip


def _store(owner: Entry, state: dict[str, Tensor]) -> None:
    """Write weights, then their record; each appears whole or not at all, also beside another process doing the same."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=folder()) as scratch:
            weights, record = Path(scratch) / "weights", Path(scratch) / "record"
            save_file(state, weights)
            facts = {
                "sha256": sources.sha256_of(weights),
                "source": str(owner.source),
                "licence": owner.licence,
                "licence_note": owner.licence_note,
                "citation": owner.citation,
            }
            record.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
            weights.replace(_stored(owner))
            record.replace(_record(owner))
    except (OSError, SafetensorError) as slip:
        raise BackboneError(
            f"The weights of {owner.name} cannot be written to {folder()}: {slip}. "
            f"Make room there, or choose another folder with the setting {FOLDER_SETTING}."
        ) from slip


def _adopted(owner: Entry, file: Path) -> dict[str, Tensor]:
    """A third party's file under our names, after its checksum was found right. Nothing in it is executed."""
    if not isinstance(owner.source, File):
        raise TypeError("an owner has a file of its own")
    by_tensors = isinstance(owner.source, Url) and owner.source.hashed == "tensors"
    if not by_tensors:
        sources.verify(sources.sha256_of(file), owner.source.sha256, str(file))
    checkpoint = _read_checkpoint(file)
    if by_tensors:
        sources.verify(sources.sha256_of_tensors(checkpoint), owner.source.sha256, str(file))
    network = NETWORKS[owner.network].build(owner)
    state = NETWORKS[owner.network].adopt(owner, checkpoint)
    try:
        network.load_state_dict(state)
    except RuntimeError as slip:
        raise BackboneError(f"{file} does not hold the layers of {owner.name}: {slip}") from slip
    return {key: tensor.detach().contiguous() for key, tensor in network.state_dict().items()}


def _read_checkpoint(file: Path) -> Any:
    if file.suffix == ".safetensors":
        return load_file(file)
    # Some checkpoints keep counts as numpy numbers beside the tensors: plain values, safe to allow.
    plain: list[Any] = [
        (scalar, "numpy.core.multiarray.scalar"),
        np.dtype,
        *(type(np.dtype(kind)) for kind in ("f4", "f8", "i4", "i8")),
    ]
    try:
        with torch.serialization.safe_globals(plain):
            return torch.load(file, map_location="cpu", weights_only=True)
    except Exception as slip:  # a damaged pickle makes the reader raise almost anything
        raise BackboneError(f"{file} is not a checkpoint that can be read safely: {slip}") from slip
