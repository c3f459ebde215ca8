"""How far photos with points may be moved while training: about as far as the animals in them differ among themselves.

Faces that a program cut out stand upright, at one size and in one place: turning them by 25 degrees would teach what never
comes, and cost a tenth of the accuracy in a short run. Photos as taken in the field need all of it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from injerto.learning.vary_points import Strength

SPREADS = 1.3
"""Moves reach so many standard deviations of what the rows show. On faces twice as far cost 0.03 pixels of 1.43."""
_ROUNDS = 3
_GENTLEST_DEGREES, _GENTLEST_SCALE, _GENTLEST_SHIFT = 8.0, 1.08, 0.04


def suited_strength(value: Tensor, turn_degrees: float | None = None) -> Strength:
    """From labels (N,K,3) of training rows, x and y in shares of the side; the usual strength where too few rows tell.

    `turn_degrees` goes before what the rows show of turns.
    """
    shown = _shown(value)
    return shown if turn_degrees is None else replace(shown, turn_degrees=turn_degrees)


def _shown(value: Tensor) -> Strength:
    moves = moves_between(value[:, :, :2].double().numpy())
    usual = Strength()
    if moves is None:
        return usual
    turn_degrees, scale, shift_unit = moves
    most = usual.scale[1]
    reach = float(np.clip(scale**SPREADS, _GENTLEST_SCALE, most))
    aligned = reach < most
    return Strength(
        turn_degrees=float(np.clip(SPREADS * turn_degrees, _GENTLEST_DEGREES, 180.0)),
        scale=(1 / reach, reach),
        shift_unit=float(np.clip(SPREADS * shift_unit, _GENTLEST_SHIFT, usual.shift_unit)),
        crop_share=usual.crop_share / 2 if aligned else usual.crop_share,
        crop_scale=(1.2, 1.6) if aligned else usual.crop_scale,
    )


def moves_between(xy_unit: np.ndarray) -> tuple[float, float, float] | None:
    """How rows (N,K,2) lie to their mean shape: standard deviations of turn (degrees), of scale (a factor), and of shift
    (shares of the side). None with fewer than 10 rows of two points or more.

    Each row's points as complex numbers are fitted to the mean shape's by a factor and a shift (Procrustes).
    """
    points = torch.view_as_complex(torch.from_numpy(np.ascontiguousarray(xy_unit))).numpy()
    known = np.isfinite(points)
    points = points[known.sum(axis=1) >= 2]
    known = np.isfinite(points)
    if len(points) < 10:
        return None
    factors, shifts = np.ones(len(points), dtype=complex), np.zeros(len(points), dtype=complex)
    filled = np.where(known, points, 0)
    shape = filled.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    for _ in range(_ROUNDS):
        count = known.sum(axis=1)
        middle = (known * shape).sum(axis=1) / count
        own = filled.sum(axis=1) / count
        apart, own_apart = known * (shape - middle[:, None]), known * (points - own[:, None])
        own_apart = np.where(known, own_apart, 0)
        factors = (own_apart * apart.conj()).sum(axis=1) / np.maximum((np.abs(apart) ** 2).sum(axis=1), 1e-12)
        shifts = own - middle
        turned = np.where(known, (filled - own[:, None]) / np.where(factors == 0, 1, factors)[:, None], 0)
        shape = (turned + known * middle[:, None]).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    turns = np.angle(factors / (factors / np.maximum(np.abs(factors), 1e-12)).mean())
    scales = np.log(np.maximum(np.abs(factors), 1e-6))
    return float(np.rad2deg(turns.std())), float(np.exp(scales.std())), float(max(shifts.real.std(), shifts.imag.std()))
