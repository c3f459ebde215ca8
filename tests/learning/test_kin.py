from dataclasses import replace

import numpy as np
import pytest
import torch

from columns import column
from injerto.heads import HEADS
from injerto.learning.kin import weight_beside_kin
from injerto.learning.probe import fit_probe
from injerto.schema.schema import Target


def test_a_row_counts_by_the_root_of_the_number_of_its_kin() -> None:
    unit = np.array([5, 5, 5, 5, 9, 1, 1])
    weight = weight_beside_kin(torch.tensor([0, 1, 2, 3, 4]), unit)
    assert weight is not None
    assert weight.mean() == pytest.approx(1)
    assert weight[:4] == pytest.approx([float(weight[4]) / 2] * 4)


def test_kin_that_are_not_asked_for_do_not_count() -> None:
    assert weight_beside_kin(torch.tensor([0, 4]), np.array([5, 5, 5, 5, 9])) is None


def test_a_probe_listens_less_to_a_recording_of_many_clips() -> None:
    """Nine clips of one recording say b at the same place where three recordings say a."""
    inputs = torch.zeros(12, 1)
    labels = ["b"] * 9 + ["a"] * 3
    unit = np.array([0] * 9 + [1, 2, 3])
    shares = []
    for weight in (None, weight_beside_kin(torch.arange(12), unit)):
        head = HEADS["class"]("sound", Target(kind="class")).fit(column(labels)).graft(1)
        told = replace(head.encode(column(labels)), weight=weight)
        fit_probe(head, inputs, told, torch.arange(12) % 3)
        shares.append(float(head.answer(head(inputs[:1]).detach())[0, 0]))
    assert shares[0] == pytest.approx(3 / 12, abs=0.01)
    assert shares[1] == pytest.approx(3 / 6, abs=0.01)
