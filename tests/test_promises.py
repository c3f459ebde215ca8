"""Every kind of target keeps the contract of promises, or says why it makes none."""

from __future__ import annotations

import pytest
import torch

from columns import column
from injerto.errors import PromiseError
from injerto.heads import HEADS
from injerto.heads.decision import Decision
from injerto.heads.held_out import HeldOut
from injerto.heads.vector_head import VectorHead
from injerto.promises import Promises, kept, promises_of
from injerto.schema.schema import Target

VALUES = {"class": ["a", "b", "c", "b"] * 10, "classes": ["a;b", "b", "c", "a"] * 10, "number": [1.0, 2.0, 5.0, 2.0] * 10}


@pytest.fixture(params=sorted(HEADS))
def head(request: pytest.FixtureRequest) -> VectorHead:
    """Graded on 40 rows that it answers with the prior, give or take."""
    fitted = HEADS[request.param]("label", Target(kind=request.param)).fit(column(VALUES[request.param]))
    output = fitted.prior().float().expand(40, 1, -1) + torch.randn(40, 1, fitted.outputs, generator=torch.manual_seed(0))
    truth = fitted.truth(column(VALUES[request.param]))
    fitted.held_out = HeldOut(fitted.grade(fitted.answer(output), truth.value), torch.arange(40), "tune")
    return fitted


def test_what_is_asked_stands_beside_the_answers(head: VectorHead) -> None:
    answer = head.baseline(5)
    promises = promises_of({"label": head}, coverage=0.8, max_error=0.9 if head.abstains else None)
    columns = promises.columns("label", answer)
    assert columns and all(name.startswith("label_") and len(values) == 5 for name, values in columns.items())
    assert ("label_decision" in columns) == head.abstains
    assert all(note.startswith("'label'") for note in promises.notes)
    found = kept(promises, "label", answer, head.truth(column(VALUES[head.kind][:5])).value, None)
    assert 0 <= found["sets"]["held"] <= 1
    assert ("abstention" in found) == head.abstains


def test_held_out_rows_survive_as_tensors(head: VectorHead) -> None:
    assert head.held_out is not None
    again = HeldOut.of_tensors(head.held_out.tensors(), head.held_out.source)
    assert all(values.equal(again.tensors()[name]) for name, values in head.held_out.tensors().items())
    assert len(again.take(torch.tensor([3, 1]))) == 2


def test_uncalibrated_it_answers_as_before_and_then_as_after(head: VectorHead) -> None:
    output = torch.randn(6, 1, head.outputs)
    before = head.answer(output)
    for name in head.uncalibrated:
        head.get_buffer(name).fill_(0.5)
    after = head.answer(output)
    with head.plain():
        assert head.answer(output).equal(before)
    assert head.answer(output).equal(after)
    assert bool(head.uncalibrated) == (not after.equal(before))


def test_few_rows_and_none_are_told_apart(head: VectorHead) -> None:
    assert head.held_out is not None
    head.held_out = head.held_out.take(torch.arange(12))
    with pytest.raises(PromiseError, match=r"a coverage of 0.95 cannot be promised from 12 held-out rows: at least 19 are"):
        promises_of({"label": head}, coverage=0.95)
    head.held_out = None
    with pytest.raises(PromiseError, match="Train it again"):
        promises_of({"label": head}, coverage=0.95)


@pytest.mark.parametrize("share", [0, 1, 1.5, -0.1])
def test_a_share_lies_between_0_and_1(head: VectorHead, share: float) -> None:
    with pytest.raises(PromiseError, match="must lie between 0 and 1"):
        promises_of({"label": head}, max_error=share)


def test_a_number_says_what_to_ask_instead() -> None:
    wing = HEADS["number"]("wing", Target(kind="number")).fit(column(VALUES["number"]))
    with pytest.raises(
        PromiseError, match=r"Of 'wing' this cannot be promised: a number is never right or wrong.*--coverage 0.9"
    ):
        promises_of({"wing": wing}, max_error=0.05)


def test_nothing_asked_promises_nothing() -> None:
    assert promises_of({}) == Promises()


def test_individuals_choose_their_limits_anew() -> None:
    generator = torch.Generator().manual_seed(0)
    scores = torch.rand(400, 20, generator=generator)
    truth = torch.arange(400) % 20
    scores[torch.arange(400), truth] += 0.5
    decision = Decision().fit(scores, truth, torch.arange(400) % 40)
    strict, easy = decision.with_max_error(0.02), decision.with_max_error(0.3)
    assert strict.limits.known_from > easy.limits.known_from
    assert decision.max_error == 0.1
    assert decision.with_max_error(0.1).state() == decision.state()
