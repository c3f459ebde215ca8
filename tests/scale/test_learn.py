"""Several processes of a cluster learn what one process learns; mistakes and losses come back as they would from here."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from polars.testing import assert_frame_equal

import injerto
from injerto.errors import ScaleError, SchemaError
from injerto.progress import Progress, SilentStep, Step
from said import caller
from small import birds, partly_named

if TYPE_CHECKING:
    from conftest import Nodes


class Watched(Progress):
    """Keeps what it is told; `at_epoch` is done once, after the third epoch."""

    def __init__(self, at_epoch: Callable[[], None] | None = None) -> None:
        self.said: list[str] = []
        self.losses: dict[str, list[tuple[float, float | None]]] = {}
        self.at_epoch = at_epoch

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        yield Judged(self, name)


class Judged(SilentStep):
    def __init__(self, watched: Watched, name: str) -> None:
        self.watched, self.name = watched, name

    def judged(self, epoch: int, train_loss: float, tune_loss: float | None) -> None:
        self.watched.losses.setdefault(self.name, []).append((train_loss, tune_loss))
        if epoch == 3 and self.watched.at_epoch is not None:
            act, self.watched.at_epoch = self.watched.at_epoch, None
            act()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return partly_named(tmp_path_factory.mktemp("learn"))


@pytest.fixture
def there(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(place)
    return place


@pytest.mark.slow
def test_what_one_process_learns(nodes: Nodes, there: Path) -> None:
    """A process is lost on the way. Relative paths are those of the folder that the command was given in."""

    def lose() -> None:
        os.kill(nodes.learners()[-1], signal.SIGKILL)

    alone, two, lost = Watched(), Watched(), Watched(lose)
    here = injerto.train("birds.csv", schema="birds.toml", progress=alone)
    found = injerto.train("birds.csv", schema="birds.toml", out="two", on=nodes.address, processes=2, progress=two)
    again = injerto.train("birds.csv", schema="birds.toml", out="lost", on=nodes.address, processes=2, progress=lost)

    assert list(two.losses) == list(alone.losses)
    for name, losses in alone.losses.items():
        np.testing.assert_allclose(np.array(two.losses[name], float), np.array(losses, float), rtol=1e-4)
    assert two.said[0] == "Learned by 2 processes together. Ray: 2 machines, 2 workers."
    assert len(two.said) == len(alone.said) + 1
    assert two.said[1] == alone.said[0]
    assert two.said[-1] == alone.said[-1]
    rows = birds(50, seed=9)
    answers, expected = found.predict(rows).answers, here.predict(rows).answers
    assert answers["species"].equals(expected["species"])
    assert_frame_equal(answers, expected, check_exact=False, abs_tol=2e-3)

    assert "A process of the cluster was lost; all of them have been started again." in lost.said
    assert "Goes on where an earlier run of the same command was stopped." in lost.said
    weights = [(there / name / "weights.safetensors").read_bytes() for name in ("two", "lost")]
    assert weights[0] == weights[1]
    assert_frame_equal(again.predict(rows).answers, answers, check_exact=True)
    assert sorted(path.name for path in there.iterdir()) == ["birds.csv", "birds.toml", "lost", "two"]


@pytest.mark.slow
def test_a_mistake_in_the_schema(nodes: Nodes, there: Path) -> None:
    wrong = injerto.Schema(
        inputs={"species": injerto.Input(kind="number"), "hours": injerto.Input(kind="number")},
        targets={"mass_g": injerto.Target(kind="number")},
    )
    with pytest.raises(SchemaError) as here:
        injerto.train("birds.csv", schema=wrong, out="wrong")
    with pytest.raises(SchemaError) as found:
        injerto.train("birds.csv", schema=wrong, out="wrong", on=nodes.address, processes=2)
    assert len(here.value.problems) > 1
    assert str(found.value) == str(here.value)
    assert found.value.problems == here.value.problems
    assert not list(there.glob("*wrong*"))


@pytest.mark.slow
def test_more_processes_than_there_is_room_for(nodes: Nodes, there: Path) -> None:
    wanted = r"9 processes were asked for, and the cluster has room for \d: each takes a core. Give --processes \d or fewer"
    with pytest.raises(ScaleError, match=wanted):
        injerto.train("birds.csv", "species", out="many", on=nodes.address, processes=9)


def test_processes_need_a_cluster(there: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    call = caller(capsys, monkeypatch, "train")
    said = call("birds.csv", "--target", "species", "--out", "alone", "--processes", "2")
    assert said.code == 1
    assert "add --on ray" in said.err
    assert "torchrun --nproc-per-node 2 -m injerto train" in said.err


def test_processes_need_a_place(there: Path) -> None:
    with pytest.raises(ScaleError, match="needs 'out': a folder for the model"):
        injerto.train("birds.csv", "species", on="ray", processes=2)
    with pytest.raises(ScaleError, match=r"of 0 processes cannot be: give 1 or more"):
        injerto.train("birds.csv", "species", out="none", on="ray", processes=0)
