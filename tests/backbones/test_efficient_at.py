import torch

from injerto.backbones.catalogue import CATALOGUE
from injerto.backbones.efficient_at import EfficientAT, Squeeze
from injerto.backbones.networks import build
from injerto.backbones.quicken import quicken


def published(network: EfficientAT) -> dict[str, torch.Tensor]:
    """The state under the names of the published checkpoint: blocks in a row, parts of a block by number."""
    names, number = {"stem": "features.0"}, 0
    for stage, blocks in enumerate(network.blocks):
        assert isinstance(blocks, torch.nn.Sequential)
        for place, block in enumerate(blocks):
            number += 1
            parts = [name for name, part in block.named_children() if not isinstance(part, torch.nn.Identity)]
            for position, part in enumerate(parts):
                inner = ".conc_se_layers.0" if part == "squeeze" else ""
                names[f"blocks.{stage}.{place}.{part}"] = f"features.{number}.block.{position}{inner}"
    names["head"] = f"features.{number + 1}"
    leaves = {"conv": "0", "norm": "1", "narrow": "fc1", "widen": "fc2"}
    own = network.own
    state = {
        "classifier.2.weight": own.hidden,
        "classifier.2.bias": own.hidden_bias,
        "classifier.5.weight": own.label,
        "classifier.5.bias": own.label_bias,
    }
    for key, tensor in network.state_dict().items():
        if key.startswith("own."):
            continue
        part, leaf, kind = key.rsplit(".", 2)
        flat = tensor.flatten(1) if leaf in ("narrow", "widen") and kind == "weight" else tensor
        state[f"{names[part]}.{leaves[leaf]}.{kind}"] = flat
    return state


def test_a_checkpoint_finds_its_places() -> None:
    entry = CATALOGUE["mn04"]
    network = build("mn04")
    assert isinstance(network, EfficientAT)
    adopted = EfficientAT.adopt(entry, published(network))
    assert adopted.keys() == network.state_dict().keys()
    assert all(torch.equal(tensor, adopted[key]) for key, tensor in network.state_dict().items())


@torch.no_grad()
def test_squeeze_by_hand() -> None:
    """One channel of eight, means 0: its factor is the sigmoid of the last bias."""
    squeeze = Squeeze(8)
    squeeze.widen.weight.zero_()
    squeeze.widen.bias.copy_(torch.full((8,), 2.0))  # type: ignore[union-attr]
    x = torch.randn(2, 8, 3, 5)
    torch.testing.assert_close(squeeze(x), x * 0.880797)


@torch.no_grad()
def test_low_and_high_stay_apart() -> None:
    """Of four places by frequency, the lower two and the upper two are one figure each."""
    torch.manual_seed(0)
    network = build("mn04")
    seen: list[torch.Tensor] = []
    network.head.register_forward_hook(lambda module, given, out: seen.append(out))
    places = network.map(torch.randn(1, 32_000) * 0.1)
    assert seen[0].shape[:3] == (1, 384, 4)
    assert places.shape == (1, 768, 1, seen[0].shape[3])
    torch.testing.assert_close(places[0, 10, 0], seen[0][0, 5, :2].mean(dim=0))
    torch.testing.assert_close(places[0, 11, 0], seen[0][0, 5, 2:].mean(dim=0))


@torch.no_grad()
def test_the_fast_copy_computes_the_same() -> None:
    torch.manual_seed(0)
    network = build("mn04")
    sound = torch.randn(2, 32_000) * 0.1
    for fused in (True, False):
        quick = quicken(network, torch.float32, fused=fused)
        torch.testing.assert_close(quick.vector(sound), network.vector(sound), rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_its_own_names_are_read_from_the_vector() -> None:
    """By the mean over all places that the vector was made of, low and high together, as it was published."""
    torch.manual_seed(0)
    network = build("mn04")
    assert isinstance(network, EfficientAT)
    for buffer in network.own.buffers():
        buffer.normal_()
    sound = torch.randn(2, 32_000) * 0.1
    mean = network.map(sound).unflatten(1, (-1, 2)).mean(dim=(2, 3, 4))
    torch.testing.assert_close(network.called(network.vector(sound)), network.own(mean), rtol=1e-3, atol=1e-3)
    assert len(network.labels) == 527 == network.called(network.vector(sound)).shape[1]
