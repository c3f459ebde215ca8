"""What a network calls sounds by itself, by hand: the greatest of a class's labels, less its mean, as loud as is said."""

from __future__ import annotations

import torch

from injerto.embedders.named import Named

CALLED = torch.tensor([[1.0, 5.0, 0.0], [3.0, 1.0, 2.0], [torch.nan] * 3])
"""Two sounds, three labels, and a row without a sound."""


def fitted(matches: list[list[int]]) -> Named:
    named = Named(3, 3)
    named.fit(matches, CALLED)
    return named


def test_by_hand() -> None:
    named = fitted([[0, 1], [2], []])
    assert named.mean.tolist()[:2] == [4.0, 1.0]
    assert named.alone(CALLED).tolist() == [[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    assert named(CALLED).abs().sum() == 0  # nothing is said until it has shown that it helps
    named.say.fill_(0.5)
    assert named(CALLED).tolist()[0] == [0.5, -0.5, 0.0]


def test_one_name_alone_does_not_speak() -> None:
    assert fitted([[0], [1], []]).speaks
    assert not fitted([[0], [], []]).speaks
    assert not fitted([[], [], []]).speaks
