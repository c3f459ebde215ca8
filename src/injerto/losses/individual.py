"""What an individual costs: the angle to its own centre must be smaller, by a margin, than to any other's."""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn import functional

from injerto.heads.head import Labels
from injerto.together import total

SCALE = 16.0
"""Cosines reach from -1 to 1; times this, a softmax over hundreds of individuals can be sure."""
_EDGE = 1e-6


def individual_loss(output: Tensor, labels: Labels) -> Tensor:
    """The mean over known rows of the cross-entropy of cosines (B,C) to all centres.

    Labels (B,2) are the code of the right centre and a margin in radians, which is added to the angle to it.

    *Source*: Deng et al., ArcFace, CVPR 2019, equation 3.
    """
    known = labels.known
    of_batch = known.sum() / total(known.sum()).clamp_min(1)
    if not bool(known.any()):
        return output.sum() * 0.0
    cosines, code, margin = output[known], labels.value[known, 0].long()[:, None], labels.value[known, 1:].float()
    angle = cosines.gather(1, code).clamp(-1 + _EDGE, 1 - _EDGE).acos()
    # Beyond half a turn the cosine would rise again.
    own = (angle + margin).clamp(max=math.pi).cos()
    return functional.cross_entropy(SCALE * cosines.scatter(1, code, own), code[:, 0]) * of_batch
