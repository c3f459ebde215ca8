import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression, Ridge

from columns import column
from injerto.heads import HEADS
from injerto.heads.vector_head import VectorHead
from injerto.learning import probe
from injerto.learning.probe import _solve, _Task, fit_probe
from injerto.schema.schema import Target


def data(rows: int, classes: int) -> tuple[torch.Tensor, np.ndarray]:
    generator = np.random.default_rng(0)
    codes = generator.integers(classes, size=rows)
    centres = generator.normal(size=(classes, 8))
    return torch.from_numpy((centres[codes] + generator.normal(size=(rows, 8))).astype(np.float32)), codes


def head_of(kind: str, values: list[object]) -> VectorHead:
    return HEADS[kind]("label", Target(kind=kind)).fit(column(values)).graft(8)


def fifths(inputs: torch.Tensor) -> torch.Tensor:
    return torch.arange(len(inputs)) % 5


def everybody(inputs: torch.Tensor) -> torch.Tensor:
    return torch.ones(len(inputs), dtype=torch.bool)


def test_one_fit_equals_logistic_regression() -> None:
    inputs, codes = data(120, 3)
    head = head_of("class", codes.tolist())
    _solve(head, _Task(inputs, head.encode(column(codes.tolist())), fifths(inputs)), everybody(inputs), strength=0.1)
    theirs = LogisticRegression(C=1 / (0.1 * 120), tol=1e-8, max_iter=5000).fit(inputs.numpy(), codes)
    mine = head.answer(head(inputs).detach()).numpy()
    np.testing.assert_allclose(mine, theirs.predict_proba(inputs.numpy()), atol=2e-3)


def test_one_fit_equals_ridge() -> None:
    inputs, codes = data(80, 4)
    values = (codes + 0.5).astype(float)
    head = head_of("number", values.tolist())
    _solve(head, _Task(inputs, head.encode(column(values.tolist())), fifths(inputs)), everybody(inputs), strength=0.3)
    theirs = Ridge(alpha=0.3 * 80).fit(inputs.numpy(), values)
    np.testing.assert_allclose(head.answer(head(inputs).detach()).numpy(), theirs.predict(inputs.numpy()), atol=2e-3)


def test_penalty_is_chosen_by_rows_left_out() -> None:
    inputs, codes = data(200, 2)
    noise = torch.randint(2, (200,), generator=torch.Generator().manual_seed(1)).tolist()
    folds = torch.arange(200) % 5
    signal = head_of("class", codes.tolist())
    nothing = head_of("class", noise)
    found = fit_probe(signal, inputs, signal.encode(column(codes.tolist())), folds)
    empty = fit_probe(nothing, inputs, nothing.encode(column(noise)), folds)
    assert found.strength < empty.strength
    assert found.judged.all()
    # Labels of pure noise: the honest loss is that of the prior, not lower.
    assert min(empty.losses.values()) == pytest.approx(np.log(2), abs=0.03)


def test_unseen_outputs_come_from_models_that_had_not_seen_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """A label flipped in one row moves other rows' out-of-fold outputs, never its own."""
    monkeypatch.setattr(probe, "STRENGTHS", (0.1,))
    monkeypatch.setattr(probe, "HALF_STEP", 1.0)  # one penalty, so that the flip cannot choose another
    inputs, codes = data(60, 2)
    folds = torch.arange(60) % 3
    flipped = codes.copy()
    flipped[7] = 1 - flipped[7]
    outputs = []
    for labels in (codes, flipped):
        head = head_of("class", [0, 1])
        outputs.append(fit_probe(head, inputs, head.encode(column(labels.tolist())), folds).unseen)
    own, other = folds == 7 % 3, folds != 7 % 3
    assert torch.equal(outputs[0][own], outputs[1][own])
    assert not torch.equal(outputs[0][other], outputs[1][other])


def test_what_is_told_beforehand_counts_where_it_helps() -> None:
    inputs, codes = data(120, 3)
    head = head_of("class", codes.tolist())
    labels = head.encode(column(codes.tolist()))
    generator = torch.Generator().manual_seed(0)
    right = 4.0 * torch.nn.functional.one_hot(labels.value, 3) + torch.randn(120, 3, generator=generator)
    alone = fit_probe(head, inputs, labels, fifths(inputs))
    told = fit_probe(head, inputs, labels, fifths(inputs), told=right)
    assert alone.say == 0 and told.say > 0
    assert min(told.losses.values()) < min(alone.losses.values()) - probe.LEAST_GAIN
    nonsense = fit_probe(head, inputs, labels, fifths(inputs), told=torch.randn(120, 3, generator=generator))
    assert nonsense.say == 0
    torch.testing.assert_close(nonsense.unseen, alone.unseen)


def test_unseen_outputs_hold_what_was_told() -> None:
    inputs, codes = data(60, 3)
    head = head_of("class", codes.tolist())
    labels = head.encode(column(codes.tolist()))
    right = 6.0 * torch.nn.functional.one_hot(labels.value, 3).float()
    found = fit_probe(head, torch.zeros_like(inputs), labels, fifths(inputs), told=right, all_unseen=True)
    assert (found.unseen[:, 0].argmax(dim=1) == labels.value).all()  # of inputs that say nothing, by what is told alone
