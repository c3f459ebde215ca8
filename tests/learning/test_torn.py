"""What rows drawn one by one would have said: much where rows of a group are alike, the same where they are not."""

from __future__ import annotations

import numpy as np
import torch

from columns import column
from injerto.heads import HEADS
from injerto.heads.vector_head import VectorHead
from injerto.learning.probe import fit_probe, unseen_outputs
from injerto.learning.torn import unseen_accuracy
from injerto.schema.schema import Target

GROUPS, EACH = 40, 5


def head_of(codes: list[int]) -> VectorHead:
    return HEADS["class"]("call", Target(kind="class")).fit(column(codes)).graft(64)


def test_a_group_that_shows_but_itself_is_known_only_from_its_own_rows() -> None:
    generator = np.random.default_rng(0)
    unit = np.repeat(np.arange(GROUPS), EACH)
    codes = generator.integers(2, size=GROUPS)[unit]  # no sign of the class but the group's own place
    inputs = generator.normal(size=(GROUPS, 64))[unit] + 0.1 * generator.normal(size=(GROUPS * EACH, 64))
    head, rows = head_of(codes.tolist()), torch.arange(GROUPS * EACH)
    labels = head.encode(column(codes.tolist()))
    embedded = torch.from_numpy(inputs.astype(np.float32))
    alone = unseen_accuracy(head, embedded, labels, rows, np.arange(len(unit)), 0.01, 0)
    whole = unseen_accuracy(head, embedded, labels, rows, unit, 0.01, 0)
    assert alone > 0.98 and whole < 0.7


def test_outputs_are_those_of_the_probe_with_this_penalty() -> None:
    generator = np.random.default_rng(1)
    codes = generator.integers(2, size=60)
    embedded = torch.from_numpy((generator.normal(size=(60, 64)) + codes[:, None] / 4).astype(np.float32))
    head, folds = head_of(codes.tolist()), torch.arange(60) % 5
    labels = head.encode(column(codes.tolist()))
    found = fit_probe(head, embedded, labels, folds)
    again = unseen_outputs(head_of(codes.tolist()), embedded, labels, folds, found.strength)
    torch.testing.assert_close(again, found.unseen, atol=5e-3, rtol=5e-3)
