import torch

from injerto.backbones.efficient_at import EfficientAT
from injerto.backbones.fingerprint import fingerprint
from injerto.backbones.networks import build


def test_same_weights_same_hash_and_any_change_shows() -> None:
    torch.manual_seed(0)
    one = build("efficientnet_lite0")
    two = build("efficientnet_lite0")
    assert fingerprint(one) != fingerprint(two)
    two.load_state_dict(one.state_dict())
    first = fingerprint(one)
    assert fingerprint(two) == first
    with torch.no_grad():
        next(iter(one.parameters())).view(-1)[0].add_(1e-3)
    assert fingerprint(one) != first


def test_buffers_count() -> None:
    backbone = build("efficientnet_lite0")
    first = fingerprint(backbone)
    mean = dict(backbone.named_buffers())["mean"]
    mean.fill_(120.0)
    assert fingerprint(backbone) != first


def test_pooling_counts() -> None:
    backbone = build("small_cnn")
    first = fingerprint(backbone)
    other = build("small_cnn")
    other.load_state_dict(backbone.state_dict())
    other.pooling = "maximum"
    assert fingerprint(other) != first


def test_an_optimizer_step_shows() -> None:
    backbone = build("aisfx")
    first = fingerprint(backbone)
    last = list(backbone.parameters())[-1]
    last.grad = torch.ones_like(last)
    optimizer = torch.optim.AdamW([last], lr=1e-3, fused=True)  # writes without counting in torch's version
    optimizer.step()
    assert fingerprint(backbone) != first


def test_what_it_calls_things_does_not_count() -> None:
    """Names are read from vectors: vectors that were kept before stay what they are."""
    backbone = build("mn04")
    first = fingerprint(backbone)
    assert isinstance(backbone, EfficientAT)
    backbone.own.label.fill_(1.0)
    assert fingerprint(backbone) == first
