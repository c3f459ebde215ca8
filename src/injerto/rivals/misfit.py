"""How badly answers fit, and the best answer without looking at the row: whoever does not better it is no judge."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

_SURE = 1e-6


def misfit(kind: str, answers: Tensor, truth: Tensor) -> float:
    """The mean log loss of probabilities (n,K) of a class or of several, in nats; the median absolute error of numbers (n,).

    `truth` are codes (n,), 0 and 1 (n,K), or numbers (n,).

    Example:
        >>> round(misfit("class", torch.tensor([[0.5, 0.5], [0.5, 0.5]]), torch.tensor([0, 1])), 3)
        0.693
    """
    if kind == "number":
        return float((answers - truth).abs().median())
    sure = answers.double().clamp(_SURE, 1 - _SURE)
    if kind == "class":
        return -float(sure.gather(1, truth[:, None]).log().mean())
    return -float(torch.where(truth.bool(), sure, 1 - sure).log().mean())


def constant(kind: str, truth: Tensor, outputs: int) -> Tensor:
    """The same answer for every row: the shares of the classes or labels (n,K), the median of numbers (n,)."""
    if kind == "number":
        return truth.median().expand(len(truth))
    shares = functional.one_hot(truth, outputs) if kind == "class" else truth
    return shares.double().mean(dim=0).expand(len(truth), -1)
