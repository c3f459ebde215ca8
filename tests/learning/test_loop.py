"""The loop learns, repeats itself bit for bit, and goes on after a kill as if nothing had happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from networks import Made, made

from injerto.learning.checkpoint import Checkpoint
from injerto.learning.history import History
from injerto.learning.loop import learn, measure
from injerto.learning.plan import Plan
from injerto.progress import Silent, Step

PLAN = Plan(name="network", epochs=6, batch_rows=32, learning_rate=3e-3, seed=5)
TRAIN, TUNE = torch.arange(300), torch.arange(300, 400)


def run(example: Made, plan: Plan = PLAN, path: Path | None = None) -> History:
    return learn(example.network, example.source, TRAIN, TUNE, plan, Checkpoint(path), Silent())


def same_weights(left: Made, right: Made) -> bool:
    theirs = right.network.state_dict()
    return all(torch.equal(value, theirs[key]) for key, value in left.network.state_dict().items())


def test_it_learns_and_keeps_the_best_weights() -> None:
    example = made()
    before = measure(example.network, example.source, TUNE, 256)
    history = run(example)
    after = measure(example.network, example.source, TUNE, 256)
    assert after < 0.5 * before
    assert after == pytest.approx(min(epoch.tune_loss for epoch in history.epochs), abs=1e-6)
    assert history.epochs[history.best].tune_loss == pytest.approx(after, abs=1e-6)


def test_the_same_seed_gives_the_same_bits_and_another_does_not() -> None:
    first, second, other = made(), made(), made()
    run(first)
    run(second)
    run(other, replace(PLAN, seed=6))
    assert same_weights(first, second)
    assert not same_weights(first, other)


def test_large_batches_repeat_themselves_too() -> None:
    """Batches of 512 rows and more take another path through the body."""
    plan = replace(PLAN, batch_rows=512, epochs=2)
    rows = torch.arange(1200)
    weights = []
    for _ in range(2):
        example = made(rows=1400)
        learn(example.network, example.source, rows, torch.arange(1200, 1400), plan, Checkpoint(None), Silent())
        weights.append(example)
    assert same_weights(*weights)


class Killed(Exception):
    """Stands for `kill -9` right after an epoch was saved."""


class Mortal(Checkpoint):
    """A checkpoint whose process dies after `lives` saves."""

    def __init__(self, path: Path, lives: int) -> None:
        super().__init__(path)
        self.lives = lives

    def save(self, tensors: dict[str, torch.Tensor], facts: dict[str, object]) -> None:
        super().save(tensors, facts)
        self.lives -= 1
        if not self.lives:
            raise Killed


@pytest.mark.parametrize("lives", [1, 4])
def test_a_killed_run_ends_with_the_same_bits(tmp_path: Path, lives: int) -> None:
    path = tmp_path / "network.safetensors"
    undisturbed, killed, resumed = made(), made(), made()
    whole = run(undisturbed)
    with pytest.raises(Killed):
        learn(killed.network, killed.source, TRAIN, TUNE, PLAN, Mortal(path, lives), Silent())
    again = run(resumed, path=path)
    assert same_weights(undisturbed, resumed)
    assert [epoch.tune_loss for epoch in again.epochs] == [epoch.tune_loss for epoch in whole.epochs]


def test_a_damaged_checkpoint_costs_its_epochs_only(tmp_path: Path) -> None:
    path = tmp_path / "network.safetensors"
    path.write_bytes(b"\xff" * 100)
    undisturbed, resumed = made(), made()
    run(undisturbed)
    run(resumed, path=path)
    assert same_weights(undisturbed, resumed)


def test_it_stops_without_progress_and_within_the_budget() -> None:
    assert run(made(), replace(PLAN, epochs=200, learning_rate=0.05, patience=2)).stopped == "no progress"
    spent = run(made(), replace(PLAN, budget_seconds=0.0))
    assert (spent.stopped, len(spent.epochs)) == ("budget", 1)


def test_the_budget_is_kept_within_an_epoch_too() -> None:
    """One step is always made; of 300 rows in batches of 2, an empty budget allows no second one."""
    example = made()
    steps: list[int] = []

    class Counting(Silent):
        @contextmanager
        def step(self, name: str, total: int | None) -> Iterator[Step]:
            yield Tally()

    class Tally(Step):
        def advance(self, count: int = 1, note: str = "") -> None:
            steps.append(count)

    plan = replace(PLAN, batch_rows=2, budget_seconds=0.0)
    learn(example.network, example.source, TRAIN, TUNE, plan, Checkpoint(None), Counting())
    assert sum(steps) == 1


def test_watchers_hear_the_losses_that_the_history_keeps() -> None:
    heard: list[tuple[int, float, float | None]] = []

    class Listening(Silent):
        @contextmanager
        def step(self, name: str, total: int | None) -> Iterator[Step]:
            yield Listener()

    class Listener(Step):
        def advance(self, count: int = 1, note: str = "") -> None:
            pass

        def judged(self, epoch: int, train_loss: float, tune_loss: float | None) -> None:
            heard.append((epoch, train_loss, tune_loss))

    for tune in (TUNE, TUNE[:0]):
        example = made()
        heard.clear()
        history = learn(example.network, example.source, TRAIN, tune, replace(PLAN, epochs=2), Checkpoint(None), Listening())
        judge = len(tune) > 0
        assert heard == [(one.number, one.train_loss, one.tune_loss if judge else None) for one in history.epochs]
        assert len(heard) == 2


def test_multipliers_scale_the_step_not_the_gradient() -> None:
    """Under Adam the first step has the size of the rate, whatever the gradient: a tenth of the rate moves a tenth as far."""
    moved = {}
    for multiplier in (1.0, 0.1):
        example = made()
        before = example.network.heads[0].convolve.bias.detach().clone()  # type: ignore[union-attr]
        plan = replace(PLAN, epochs=1, batch_rows=300, weight_decay=0.0, multipliers={"head": multiplier})
        learn(example.network, example.source, TRAIN, TRAIN, plan, Checkpoint(None), Silent())
        moved[multiplier] = float((example.network.heads[0].convolve.bias - before).detach().abs().mean())  # type: ignore[union-attr]
    assert moved[0.1] == pytest.approx(0.1 * moved[1.0], rel=0.01)
