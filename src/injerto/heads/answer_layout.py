"""Where the answers of kind "individual" hold what: (n, 5 + 2 SHOWN), five figures, then codes, then their probabilities."""

from __future__ import annotations

import torch
from torch import Tensor

NEW, RANK, PROBABILITY, AVERAGE_PRECISION, SQUARES = 0, 1, 2, 3, 4
"""Columns: the chance that the individual is new; the place of the true one among all (1 is first); its probability among
those in the gallery; the average precision of the ranking of gallery photos; the sum of the squares of the probabilities of all
in the gallery. Rank, probability and precision are NaN where nothing is known, squares where nobody is admitted."""
FIGURES = 5
SHOWN = 10
"""Look-alikes kept of every answer, the likeliest first: SHOWN codes (-1 where fewer), then SHOWN probabilities."""
CODES = slice(FIGURES, FIGURES + SHOWN)
CHANCES = slice(FIGURES + SHOWN, FIGURES + 2 * SHOWN)
WIDTH = FIGURES + 2 * SHOWN


def answers(probabilities: Tensor, codes: Tensor, true: Tensor, precision: Tensor) -> Tensor:
    """Probabilities (n,k+1) of individuals `codes` (n,k) and of a new one, in the layout of answers.

    `true` (n,) are codes of the right ones, -1 where not known or not in the gallery.
    """
    chances = probabilities[:, :-1]
    known = chances.sum(dim=1, keepdim=True).clamp_min(1e-300)
    own = (codes == true[:, None]) & (true >= 0)[:, None] & (chances > 0)
    there = own.any(dim=1)
    chance = (chances * own).sum(dim=1)
    found = torch.full((len(codes), WIDTH), torch.nan, dtype=torch.float64)
    found[:, NEW] = probabilities[:, -1]
    # Equals share their places: who knows nothing does not rank everybody first.
    ahead, level = (chances > chance[:, None]).sum(dim=1), (chances == chance[:, None]).sum(dim=1)
    found[:, RANK] = torch.where(there, 1 + ahead + (level - 1) / 2, torch.nan)
    found[:, PROBABILITY] = torch.where(there, chance / known[:, 0], torch.nan)
    found[:, SQUARES] = torch.where(chances.any(dim=1), (chances / known).square().sum(dim=1), torch.nan)
    found[:, AVERAGE_PRECISION] = torch.where(there, precision.double(), torch.nan)
    best, place = chances.topk(min(SHOWN, chances.shape[1]), dim=1)
    found[:, CODES] = -1
    found[:, CODES.start : CODES.start + best.shape[1]] = torch.where(best > 0, codes.gather(1, place), -1).double()
    found[:, CHANCES.start : CHANCES.start + best.shape[1]] = torch.where(best > 0, best, torch.nan)
    return found
