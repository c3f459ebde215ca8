import dataclasses
import json
import os
import pickle
from pathlib import Path

import pytest
import torch

from injerto.backbones import weights
from injerto.backbones.backbone import Backbone
from injerto.backbones.catalogue import CATALOGUE, LocalFile, Url
from injerto.backbones.cnn9 import Cnn9
from injerto.backbones.networks import build
from injerto.backbones.sources import sha256_of, sha256_of_tensors
from injerto.errors import BackboneError

NAME = "aisfx"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INJERTO_WEIGHTS", str(tmp_path / "weights"))
    (tmp_path / "weights").mkdir()
    return tmp_path / "weights"


def published(backbone: Backbone) -> dict[str, torch.Tensor]:
    """The state under the names of the published checkpoint."""
    parts = {"first.conv": "conv1", "first.norm": "bn1", "second.conv": "conv2", "second.norm": "bn2"}
    state = {}
    for key, tensor in backbone.state_dict().items():
        _, number, layer, part, leaf = key.split(".")
        state[f"embedding_net.conv_block{int(number) + 1}.{parts[f'{layer}.{part}']}.{leaf}"] = tensor
    return state


def offer(folder: Path, content: object, monkeypatch: pytest.MonkeyPatch, *, sha256: str = "") -> Path:
    """Put a checkpoint into the weights folder and let the catalogue expect it."""
    file = folder / "checkpoint.pth"
    torch.save(content, file)
    source = LocalFile(file.name, sha256 or sha256_of(file), "Put it there.")
    monkeypatch.setitem(CATALOGUE, NAME, dataclasses.replace(CATALOGUE[NAME], source=source))
    return file


def test_from_a_checkpoint_to_a_backbone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = build(NAME)
    file = offer(folder, (published(original), {"classes": 3}), monkeypatch)
    assert weights.find(NAME) == file
    stored = weights.get(NAME)
    assert stored == weights.find(NAME) == folder / "aisfx.safetensors"
    file.unlink()  # found again without it
    assert weights.get(NAME) == stored
    loaded = weights.load(NAME)
    assert all(torch.equal(tensor, original.state_dict()[key]) for key, tensor in loaded.state_dict().items())
    assert not loaded.training
    record = json.loads((folder / "aisfx.json").read_text())
    assert record["sha256"] == sha256_of(stored)
    assert record["licence"] == "CC-BY-4.0"


def test_loading_takes_the_file_as_it_came(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = build(NAME)
    offer(folder, (published(original), {}), monkeypatch)
    assert torch.equal(next(weights.load(NAME).parameters()), next(original.parameters()))


def test_not_on_this_machine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(folder, {}, monkeypatch).unlink()
    assert weights.find(NAME) is None
    with pytest.raises(BackboneError, match=r"weights of aisfx are not on this machine\. Run: injerto backbones get aisfx"):
        weights.load(NAME)


def test_unknown_name(folder: Path) -> None:
    for ask in (weights.find, weights.get, weights.load):
        with pytest.raises(BackboneError, match="Did you mean 'aisfx'"):
            ask("aisfxx")


def test_wrong_checksum(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(folder, (published(build(NAME)), {}), monkeypatch, sha256="0" * 64)
    with pytest.raises(BackboneError, match="are not the expected file"):
        weights.get(NAME)
    assert not (folder / "aisfx.safetensors").exists()


class Trap:
    """A checkpoint that would run a command when unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch executed",)


def test_a_checkpoint_is_never_executed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    offer(folder, (published(build(NAME)), Trap()), monkeypatch)
    with pytest.raises(BackboneError, match="not a checkpoint that can be read safely"):
        weights.get(NAME)
    assert not (folder / "executed").exists()


def test_a_plain_pickle_or_rubbish(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (b"rubbish", pickle.dumps({"a": 1}), b""):
        file = offer(folder, {}, monkeypatch)
        file.write_bytes(content)
        source = LocalFile(file.name, sha256_of(file), "Put it there.")
        monkeypatch.setitem(CATALOGUE, NAME, dataclasses.replace(CATALOGUE[NAME], source=source))
        with pytest.raises(BackboneError):
            weights.get(NAME)


def test_a_checkpoint_of_another_network(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(folder, ({"embedding_net.conv_block1.conv1.weight": torch.zeros(3)}, {}), monkeypatch)
    with pytest.raises(BackboneError, match="does not hold the layers of aisfx"):
        weights.get(NAME)


def test_damaged_since(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = offer(folder, (published(build(NAME)), {}), monkeypatch)
    stored = weights.get(NAME)
    file.unlink()
    content = bytearray(stored.read_bytes())
    content[-1] ^= 1
    stored.write_bytes(content)
    with pytest.raises(
        BackboneError, match=r"changed or damaged since they were fetched. Delete .* injerto backbones get aisfx"
    ):
        weights.load(NAME)
    (folder / "aisfx.json").write_text("{}")
    with pytest.raises(BackboneError, match="cannot be read"):
        weights.load(NAME)


def test_an_unwritable_folder(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = offer(folder, (published(build(NAME)), {}), monkeypatch)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("INJERTO_WEIGHTS", str(tmp_path / "file"))
    monkeypatch.setattr(weights.sources, "at_hand", lambda *_: file)
    with pytest.raises(BackboneError, match=r"cannot be written to .*INJERTO_WEIGHTS"):
        weights.get(NAME)


def test_borrowed_weights(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log-mel picture reads the photo network's file."""
    photo = build("efficientnet_lite0")
    weights._store(CATALOGUE["efficientnet_lite0"], dict(photo.state_dict()))
    assert weights.find("logmel_lite0") == weights.find("efficientnet_lite0") == folder / "efficientnet_lite0.safetensors"
    sound = weights.load("logmel_lite0")
    assert all(torch.equal(sound.state_dict()[f"picture.{key}"], tensor) for key, tensor in photo.state_dict().items())


def test_several_folders_are_looked_through(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a laboratory shares need not be copied: the first folder is written to, the others are read."""
    shared = tmp_path / "shared"
    shared.mkdir()
    original = build(NAME)
    file = offer(shared, (published(original), {}), monkeypatch)
    monkeypatch.setenv("INJERTO_WEIGHTS", f"{folder}{os.pathsep}{shared}")
    assert weights.find(NAME) == file
    assert weights.get(NAME) == folder / "aisfx.safetensors"


def test_tensors_are_known_again_in_another_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = build(NAME)
    state = published(original)
    source = Url("https://example.org/net.pt", sha256_of_tensors(state), hashed="tensors", names=("mine.pt",))
    monkeypatch.setitem(CATALOGUE, NAME, dataclasses.replace(CATALOGUE[NAME], source=source))
    monkeypatch.setattr(Cnn9, "adopt", lambda entry, checkpoint: original.state_dict())
    torch.save(dict(reversed(state.items())), folder / "mine.pt")
    weights.load(NAME)
    state[next(iter(state))] += 1
    torch.save(state, folder / "mine.pt")
    with pytest.raises(BackboneError, match="not the expected file: sha256"):
        weights.load(NAME)


def test_a_network_from_nothing_needs_no_file(folder: Path) -> None:
    assert weights.ready("small_cnn")
    assert weights.find("small_cnn") is None
    assert not weights.load("small_cnn").pretrained
    with pytest.raises(BackboneError, match="nothing to fetch for small_cnn"):
        weights.get("small_cnn")
