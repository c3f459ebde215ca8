"""A network of sounds that is told how its backbone calls them: added to the answer, kept in the folder, absent in old ones."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from columns import column
from injerto.artifact.folder import _load_tensors, _own_tensors
from injerto.backbones.efficient_at import EfficientAT
from injerto.backbones.networks import build
from injerto.errors import ArtifactError
from injerto.features.sound import SoundFeature
from injerto.heads import HEADS
from injerto.network import Batch, Network
from injerto.schema.schema import Input, Target

CLASSES = ["siren", "rain", "dog_bark"]
VECTORS = torch.rand(4, 768, generator=torch.Generator().manual_seed(0))


def network(targets: int = 1) -> Network:
    torch.manual_seed(0)
    backbone = build("mn04")
    assert isinstance(backbone, EfficientAT)
    for buffer in backbone.own.buffers():
        buffer.normal_()
    feature = SoundFeature("clip", Input(kind="sound", backbone="mn04")).suit("mn04", 32_000)
    heads = [HEADS["class"](f"sound{number}", Target(kind="class")).fit(column(CLASSES)) for number in range(targets)]
    return Network([feature], heads, {"mn04": backbone}).eval()  # type: ignore[list-item]


@torch.no_grad()
def test_names_are_added_to_the_answer_as_loud_as_is_said() -> None:
    net, batch = network(), Batch({}, vectors={"file0": VECTORS})
    assert net.named is not None
    plain = net(batch)["sound0"]
    assert net.beforehand(batch) is None
    net.named.fit([[0], [1], [2]], net.called(batch))
    net.named.say.fill_(0.5)
    torch.testing.assert_close(net(batch)["sound0"], plain + 0.5 * net.named.alone(net.called(batch))[:, None])


@torch.no_grad()
def test_a_row_without_a_sound_is_called_nothing() -> None:
    net = network()
    assert net.named is not None
    net.named.fit([[0], [1], [2]], net.called(Batch({}, vectors={"file0": VECTORS})))
    net.named.say.fill_(1.0)
    empty = Batch({}, vectors={"file0": torch.full((1, 768), torch.nan)})
    told = net.beforehand(empty)
    assert told is not None and told.tolist() == [[0.0, 0.0, 0.0]]


def test_two_targets_are_told_nothing() -> None:
    assert network(targets=2).named is None


@torch.no_grad()
def test_a_folder_keeps_it_and_an_old_one_does_without(tmp_path: Path) -> None:
    net, batch = network(), Batch({}, vectors={"file0": VECTORS})
    assert net.named is not None
    net.named.fit([[0, 3], [1], [2]], net.called(batch))
    net.named.say.fill_(1.0)
    tensors = _own_tensors(net)
    save_file({name: tensor.clone() for name, tensor in tensors.items()}, tmp_path / "new.safetensors")
    again = network()
    _load_tensors(again, tmp_path / "new.safetensors")
    torch.testing.assert_close(again(batch)["sound0"], net(batch)["sound0"])
    old = {name: tensor.clone() for name, tensor in tensors.items() if not name.startswith("named.") and ".own." not in name}
    save_file(old, tmp_path / "old.safetensors")
    before = network()
    _load_tensors(before, tmp_path / "old.safetensors")
    assert before.beforehand(batch) is None
    save_file({name: tensor for name, tensor in old.items() if "heads" not in name}, tmp_path / "torn.safetensors")
    with pytest.raises(ArtifactError, match="does not fit"):
        _load_tensors(network(), tmp_path / "torn.safetensors")
