"""`torchrun -m injerto train` as a user starts it: what one process learns, written by one, and gone on with after a loss."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import injerto
from small import birds, partly_named

pytestmark = pytest.mark.slow

ALONE = [sys.executable, "-m", "injerto"]
TWO = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "injerto"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return partly_named(tmp_path_factory.mktemp("together"))


def train(start: list[str], place: Path, name: str) -> subprocess.CompletedProcess[str]:
    """Train on the birds, into the model folder `name`."""
    return subprocess.run(command(start, place, name), capture_output=True, text=True, timeout=600, check=True)


def command(start: list[str], place: Path, name: str) -> list[str]:
    return [*start, "train", str(place / "birds.csv"), "--schema", str(place / "birds.toml"), "--out", str(place / name)]


@pytest.fixture(scope="module")
def two(place: Path) -> subprocess.CompletedProcess[str]:
    """Two processes, undisturbed."""
    return train(TWO, place, "two")


@pytest.fixture(scope="module")
def alone(place: Path) -> subprocess.CompletedProcess[str]:
    """One process."""
    return train(ALONE, place, "alone")


def losses(model: Path, run: str) -> np.ndarray:
    """Training and tune loss (epochs, 2) of the run of that name."""
    histories = json.loads((model / "history.json").read_text(encoding="utf-8"))
    (history,) = [one for one in histories if one["name"] == run]
    return np.array([[epoch["train_loss"], epoch["tune_loss"]] for epoch in history["epochs"]])


def test_a_table_is_learned_as_by_one_process(place: Path, alone: object, two: object) -> None:
    """Sums in another order differ in the seventh digit of float32, and every step of Adam makes a little more of it."""
    np.testing.assert_allclose(losses(place / "two", "network"), losses(place / "alone", "network"), rtol=1e-4)
    rows = birds(50, seed=9)
    told, expected = (injerto.load(place / name).predict(rows).answers for name in ("two", "alone"))
    assert told["species"].equals(expected["species"])
    shares = [name for name in told.columns if told[name].dtype.is_float()]
    assert shares
    np.testing.assert_allclose(told.select(shares).to_numpy(), expected.select(shares).to_numpy(), atol=2e-3)


def test_a_table_too_long_for_memory_is_learned_as_by_one_process(place: Path) -> None:
    birds(1500).write_parquet(place / "many.parquet")
    options = ["--schema", str(place / "birds.toml"), "--memory", "10kB"]
    for start, name in ((ALONE, "many alone"), (TWO, "many two")):
        words = [*start, "train", str(place / "many.parquet"), *options, "--out", str(place / name)]
        subprocess.run(words, capture_output=True, text=True, timeout=600, check=True)
    found, expected = (losses(place / name, "network") for name in ("many two", "many alone"))
    assert len(found) == 12
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_the_first_process_alone_speaks_and_writes(
    place: Path, alone: subprocess.CompletedProcess[str], two: subprocess.CompletedProcess[str]
) -> None:
    own = [{path.name for path in (place / name).iterdir()} for name in ("alone", "two")]
    assert own[0] == own[1]
    assert two.stderr.count(" rows train, ") == alone.stderr.count(" rows train, ") == 1
    assert two.stdout.count("95 % interval") == alone.stdout.count("95 % interval") == 1
    assert not list(place.glob(".two.*"))


def test_what_a_killed_process_leaves_is_gone_on_with(place: Path, two: object) -> None:
    lost = subprocess.Popen(command(TWO, place, "lost"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until(lambda: (place / ".lost.unfinished" / "network.safetensors").exists())
    os.kill(child_of(lost.pid, rank=1), signal.SIGKILL)
    _, said = lost.communicate(timeout=300)
    assert lost.returncode != 0
    assert "One of the 2 processes that work together was lost" in said
    assert "What was learned so far is kept in" in said
    assert not (place / "lost").exists()
    assert "Goes on where an earlier run of the same command was stopped." in train(TWO, place, "lost").stderr
    weights = [(place / name / "weights.safetensors").read_bytes() for name in ("lost", "two")]
    assert weights[0] == weights[1]


def test_torchrun_goes_on_by_itself(place: Path, two: object) -> None:
    """The process that leads is killed; another says so, and both are started anew."""
    start = [*TWO[:3], "--max-restarts", "1", *TWO[3:]]
    lost = subprocess.Popen(command(start, place, "again"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until(lambda: (place / ".again.unfinished" / "network.safetensors").exists())
    os.kill(child_of(lost.pid, rank=0), signal.SIGKILL)
    _, said = lost.communicate(timeout=300)
    assert lost.returncode == 0, said
    assert "One of the 2 processes that work together was lost" in said
    assert "Goes on where an earlier run of the same command was stopped." in said
    weights = [(place / name / "weights.safetensors").read_bytes() for name in ("again", "two")]
    assert weights[0] == weights[1]


def test_a_mistake_is_told_once_and_nobody_waits(place: Path) -> None:
    wrong = [*TWO, "train", str(place / "birds.csv"), "--target", "specis", "--out", str(place / "wrong")]
    run = subprocess.run(wrong, capture_output=True, text=True, timeout=120)
    assert run.returncode != 0
    assert run.stderr.count("Did you mean 'species'?") == 1
    assert "was lost" not in run.stderr


def until(true: object, seconds: float = 120) -> None:
    """Wait for `true()`."""
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.01)


def child_of(starter: int, rank: int) -> int:
    """The process of that rank among the children of `starter`."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == starter and f"\0RANK={rank}\0".encode() in (folder / "environ").read_bytes():
                return int(folder.name)
        except OSError:
            continue  # it has ended meanwhile
    raise AssertionError("there is no process of that rank")


def test_photos_are_learned_as_by_one_process(tmp_path: Path) -> None:
    """Varied, cropped and turned photos, all layers. Small steps: at large ones rounding decides which way weights go first."""
    generator = np.random.default_rng(5)
    for index in range(40):
        pixels = generator.integers(0, 160, (40, 50, 3))
        pixels[:, :, index % 2] += 40
        pixels[:, :, generator.integers(0, 3)] += 40
        folder = tmp_path / "photos" / "ab"[index % 2]
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{index:02d}.png")
    schema = injerto.Schema(
        inputs={"file": injerto.Input(kind="image")},
        targets={"class": injerto.Target(kind="class")},
        training=injerto.Training(mode="finetune", epochs=2, batch_rows=8, learning_rate=5e-5, seed=1),
    )
    (tmp_path / "schema.toml").write_text(schema.to_toml(), encoding="utf-8")
    for name, start in {"alone": ALONE, "two": TWO}.items():
        given = [str(tmp_path / "photos"), "--schema", str(tmp_path / "schema.toml"), "--out", str(tmp_path / name)]
        subprocess.run([*start, "train", *given], capture_output=True, timeout=600, check=True)
    for run in ("probe", "finetune"):
        np.testing.assert_allclose(losses(tmp_path / "two", run), losses(tmp_path / "alone", run), rtol=1e-4)
    answers = [injerto.load(tmp_path / name).predict(tmp_path / "photos").answers for name in ("alone", "two")]
    assert answers[0]["class"].equals(answers[1]["class"])
