"""The evidence by hand, and the line fitted to it beside scikit-learn's."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from injerto.heads.newness import Newness, evidence_of


def test_evidence_by_hand() -> None:
    scores = torch.tensor([[0.2, 0.5, 0.3], [0.4, -math.inf, -math.inf]], dtype=torch.float64)
    found = evidence_of(torch.cat([scores, torch.full((1, 3), -math.inf)]), 10.0)
    others = math.log(math.exp(2) + math.exp(3)) / 10
    assert found[0].tolist() == pytest.approx([0.5, 0.5 - others])
    assert found[1].tolist() == [0.4, 0.0]
    assert bool(found[2].isnan().all())


def test_two_equal_best_have_no_lead() -> None:
    (row,) = evidence_of(torch.tensor([[0.5, 0.5]], dtype=torch.float64), 20.0).tolist()
    assert row == [0.5, 0.0]


def test_the_line_is_that_of_scikit_learn() -> None:
    """With as many new as known, penalties are equal too: half the squared slopes of standardised evidence."""
    random = np.random.default_rng(0)
    new = np.arange(200) % 2 == 0
    evidence = random.normal(size=(200, 2)) - 1.2 * new[:, None]
    fitted = Newness.fit(torch.from_numpy(evidence), torch.from_numpy(new))
    scaled = (evidence - evidence.mean(axis=0)) / evidence.std(axis=0)
    reference = LogisticRegression(C=1.0, tol=1e-10).fit(scaled, new)
    np.testing.assert_allclose(
        fitted.log_odds(torch.from_numpy(evidence)).numpy().clip(-5, 5),
        reference.decision_function(scaled).clip(-5, 5),
        atol=1e-3,
    )


def test_both_kinds_weigh_the_same() -> None:
    evidence = torch.tensor([[0.8, 0.3]] * 90 + [[0.2, 0.0]] * 10, dtype=torch.float64)
    fitted = Newness.fit(evidence, torch.arange(100) >= 90)
    middle = fitted.log_odds(torch.tensor([[0.5, 0.15]], dtype=torch.float64))
    assert float(middle) == pytest.approx(0, abs=1e-4)


def test_it_is_never_surer_than_its_queries_allow() -> None:
    evidence = torch.tensor([[0.9, 0.5]] * 20 + [[0.1, 0.0]] * 20, dtype=torch.float64)
    fitted = Newness.fit(evidence, torch.arange(40) >= 20)
    far = fitted.log_odds(torch.tensor([[50.0, 50.0], [-50.0, 0.0]], dtype=torch.float64))
    assert far.tolist() == pytest.approx([-math.log(41), math.log(41)])


def test_evidence_that_says_nothing_gives_even_odds() -> None:
    fitted = Newness.fit(torch.ones(6, 2, dtype=torch.float64), torch.arange(6) < 3)
    assert float(fitted.log_odds(torch.ones(1, 2, dtype=torch.float64))) == pytest.approx(0, abs=1e-6)


def test_one_kind_alone_teaches_nothing() -> None:
    with pytest.raises(ValueError, match="queries of known individuals and of new ones"):
        Newness.fit(torch.ones(3, 2, dtype=torch.float64), torch.ones(3, dtype=torch.bool))
