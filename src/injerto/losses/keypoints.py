"""What points cost: where they are, and whether they are in the picture."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from injerto.heads.head import Labels
from injerto.heads.locate import centres
from injerto.together import total

SOFTNESS = 1 / 64
"""Standard deviation of a soft label, as a share of what the map covers: 2 pixels of 96."""
NEAR = 0.02
"""Of the plain regression: a distance below which errors count squared, as a share of what the map covers."""
THERE = 0.1
"""What it counts whether a point is in the picture, beside where it is."""
SCALE = 100.0
"""Errors of the plain regression are told in hundredths, to weigh as much as a cross-entropy does."""


def keypoints_loss(output: Tensor, labels: Labels) -> Tensor:
    """The mean over known points of the output (B,K,2n+3): logits over n bins of x and of y, a logit of being in the picture,
    and the shift by habit in x and y.

    Labels (B,K,3) are x and y in shares of what the map covers, and 1, 0 or NaN for being there; what lies beyond has no place.
    """
    bins = (output.shape[2] - 3) // 2
    logits = output[:, :, : 2 * bins].unflatten(2, (2, bins))
    there, habit = output[:, :, 2 * bins], output[:, :, 2 * bins + 1 :]
    place, state = labels.value[:, :, :2], labels.value[:, :, 2]
    known = ((place >= 0) & (place <= 1)).all(dim=2)
    cost = _mean(_places(logits, torch.where(known[:, :, None], place, 0.5) - habit), known)
    said = ~state.isnan()
    presence = functional.binary_cross_entropy_with_logits(there, torch.where(said, state, 0.0), reduction="none")
    return cost + THERE * _mean(presence, said)


def _places(logits: Tensor, target: Tensor) -> Tensor:
    """What each point (B,K) costs."""
    if logits.shape[-1] == 1:
        cost = functional.smooth_l1_loss(logits[..., 0] * SCALE, target * SCALE, reduction="none", beta=NEAR * SCALE)
        return cost.mean(dim=2)
    middles = centres(logits.shape[-1], 0.0).to(target.device)
    soft = torch.exp(-0.5 * ((middles - target[..., None]) / SOFTNESS).square())
    soft = soft / soft.sum(dim=-1, keepdim=True).clamp_min(1e-12)
    return -(soft * logits.log_softmax(dim=-1)).sum(dim=-1).mean(dim=2)


def _mean(each: Tensor, known: Tensor) -> Tensor:
    return (each * known).sum() / total(known.sum()).clamp_min(1)
