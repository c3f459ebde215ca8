"""What photos of individuals cost that are compared among themselves: others of the same one must be the most alike."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.heads.head import Labels

TEMPERATURE = 0.04
"""Differences of likeness that matter: those of places lie within a few tenths."""
_NOBODY = -1e4


def among_loss(output: Tensor, labels: Labels) -> Tensor:
    """The mean over photos that have another of their individual in the batch of minus the log of its chance, in nats.

    `output` (B,B) are likenesses; labels (B,2) are codes of individual and of sighting, the latter -1 where not known. Photos
    of one sighting say nothing about each other, as they have light and place in common.

    *Source*: Khosla et al., Supervised contrastive learning, NeurIPS 2020, equation 2.
    """
    if not bool(labels.known.any()):
        return output.sum() * 0.0
    code, sighting = labels.value[:, 0].long(), labels.value[:, 1].long()
    itself = torch.eye(len(code), dtype=torch.bool, device=output.device)
    together = (sighting[:, None] == sighting) & (sighting >= 0)
    compared = ~(itself | together) & labels.known & labels.known[:, None]
    same = (code[:, None] == code) & compared
    asked = same.any(dim=1)
    if not bool(asked.any()):
        return output.sum() * 0.0
    logits = (output / TEMPERATURE).masked_fill(~compared, _NOBODY)
    chance = logits - logits.logsumexp(dim=1, keepdim=True)
    each = -(chance * same).sum(dim=1)[asked] / same.sum(dim=1)[asked]
    return each.mean()
