"""Station 8: what each kind of target costs. Known labels only; the mean over members of each member's own loss."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional

from injerto.heads.head import Labels
from injerto.losses.among import among_loss
from injerto.losses.individual import individual_loss
from injerto.losses.keypoints import keypoints_loss
from injerto.together import total

Loss = Callable[[Tensor, Labels], Tensor]

NEAR = 0.05
"""Standard deviations within which an absolute error is rounded off."""


def mean_of(each: Tensor, labels: Labels) -> Tensor:
    """The mean of `each` row's loss (B,) over those whose label is known, each as much as it counts.

    Where processes share a batch, this is what the rows at hand add to its mean.
    """
    if labels.weight is None:
        return (each * labels.known).sum() / total(labels.known.sum()).clamp_min(1)
    counting = labels.weight * labels.known
    return (each * counting).sum() / total(counting.sum()).clamp_min(1e-12)


def class_loss(output: Tensor, labels: Labels) -> Tensor:
    """Cross-entropy of (B, members, K) against class codes (B,), in nats a row."""
    members = output.shape[1]
    value = labels.value.masked_fill(~labels.known, -1)[:, None].expand(-1, members)
    # Members outermost, as the head lays its outputs out in memory.
    rows, codes = output.transpose(0, 1).flatten(0, 1), value.t().flatten()
    if labels.weight is None:
        summed = functional.cross_entropy(rows, codes, ignore_index=-1, reduction="sum")
        return summed / (total(labels.known.sum()).clamp_min(1) * members)
    each = functional.cross_entropy(rows, codes, ignore_index=-1, reduction="none")
    return mean_of(each.unflatten(0, (members, -1)).mean(dim=0), labels)


def classes_loss(output: Tensor, labels: Labels) -> Tensor:
    """Binary cross-entropy of (B, members, K) against 0/1 (B,K), summed over levels, in nats a row."""
    value = labels.value[:, None].expand_as(output)
    each = functional.binary_cross_entropy_with_logits(output, value, reduction="none").sum(dim=2).mean(dim=1)
    return mean_of(each, labels)


def number_loss(output: Tensor, labels: Labels) -> Tensor:
    """Half the squared error of (B, members, 1) against (B,), in squared standard deviations."""
    each = 0.5 * (output[:, :, 0] - labels.value[:, None]).square().mean(dim=1)
    return mean_of(each, labels)


def absolute_loss(output: Tensor, labels: Labels) -> Tensor:
    """The absolute error of (B, members, 1) against (B,), in standard deviations; squared within `NEAR`: there steps shrink."""
    value = labels.value[:, None].expand_as(output[:, :, 0])
    each = functional.smooth_l1_loss(output[:, :, 0], value, reduction="none", beta=NEAR).mean(dim=1)
    return mean_of(each, labels)


LOSSES: dict[str, Loss] = {
    "class": class_loss,
    "classes": classes_loss,
    "number": number_loss,
    "number, absolute": absolute_loss,
    "keypoints": keypoints_loss,
    "individual": individual_loss,
    "individual, among themselves": among_loss,
}
"""By what a head says its answers `cost`."""
