"""`kill -9` at ten moments of a command drawn by chance, each time the same command again: the same result as undisturbed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import injerto
from made_animals import animals, written
from made_ears import listener, recording, write
from made_long import flights

KILLS = 10
Check = Callable[[Path], None]

pytestmark = pytest.mark.slow


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "injerto", *map(str, arguments)]


def run(words: list[str], place: Path) -> float:
    """The seconds of a run that nobody disturbs."""
    started = time.perf_counter()
    ended = subprocess.run(words, cwd=place, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return time.perf_counter() - started


def killed_and_run_again(words: list[str], fresh: Callable[[], Path], check: Check, calm_seconds: float, seed: int) -> None:
    """Kill `words` ten times, and check each result it comes to; `fresh` makes the folder for a run from the start."""
    moments, kills, place = random.Random(seed), 0, fresh()
    while True:
        process = subprocess.Popen(words, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            _, said = process.communicate(timeout=None if kills == KILLS else moments.uniform(0.2, 1.0) * calm_seconds)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            kills += 1
            continue
        whole = process.returncode == 1 and "exists already" in said  # killed behind its last word: the result was there
        assert whole or process.returncode == 0, said
        check(place)
        if kills == KILLS:
            return
        place = fresh()  # it came to its end between two kills


def folders(tmp_path: Path, *given: Path) -> Callable[[], Path]:
    """What makes folders one after the other, each with copies of the files and folders `given`."""
    made: list[Path] = []

    def fresh() -> Path:
        place = tmp_path / f"run{len(made)}"
        place.mkdir()
        made.append(place)
        for path in given:
            (shutil.copytree if path.is_dir() else shutil.copy)(path, place / path.name)
        return place

    return fresh


def same_files(one: Path, other: Path, names: list[str]) -> None:
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


LEARNED = ["weights.safetensors", "features.json", "heads.json", "scores.json", "splits.parquet", "schema.toml"]


@pytest.mark.parametrize("long", [False, True], ids=["in memory", "too long for memory"])
def test_train(tmp_path: Path, long: bool) -> None:
    table = tmp_path / "flights.parquet"
    flights(6000 if long else 1000).write_parquet(table)
    memory = ["--memory", "100kB"] if long else []
    words = command("train", table, "--target", "late", "--drop", "pilot", "--budget", 3600, "-o", "flights.model", *memory)
    fresh = folders(tmp_path)
    calm = fresh()
    seconds = run(words, calm)

    def check(place: Path) -> None:
        same_files(place / "flights.model", calm / "flights.model", LEARNED)

    killed_and_run_again(words, fresh, check, seconds, seed=1)


def test_predict(tmp_path: Path) -> None:
    injerto.train(flights(1500), "late", out=tmp_path / "flights.model", drop=["pilot"])
    flights(100_000, seed=3).write_csv(tmp_path / "new.csv")
    words = command("predict", tmp_path / "flights.model", tmp_path / "new.csv", "-o", "answers.csv", "--memory", "1MB")
    fresh = folders(tmp_path)
    calm = fresh()
    seconds = run(words, calm)
    assert pl.read_csv(calm / "answers.csv")["row"].to_list() == list(range(100_000))

    def check(place: Path) -> None:
        same_files(place, calm, ["answers.csv"])

    killed_and_run_again(words, fresh, check, seconds, seed=2)


def test_listen(tmp_path: Path) -> None:
    listener(tmp_path / "clips").save(tmp_path / "ears.model")
    for number in range(6):
        write(
            tmp_path / "field" / f"{number}.wav", recording(60.0, [(10.0 * number + 1, 10.0 * number + 3, "low")], seed=number)
        )
    words = command("listen", tmp_path / "ears.model", tmp_path / "field", "-o", "events.csv", "--page", "events.html")
    fresh = folders(tmp_path)
    calm = fresh()
    seconds = run(words, calm)
    assert len(pl.read_csv(calm / "events.csv")) == 6

    def check(place: Path) -> None:
        same_files(place, calm, ["events.csv"])
        assert (place / "events.html").stat().st_size == (calm / "events.html").stat().st_size

    killed_and_run_again(words, fresh, check, seconds, seed=3)


def test_gallery_add(tmp_path: Path) -> None:
    table = written(tmp_path / "known", animals(tmp_path / "known", individuals=6, each=4))
    schema = injerto.declare(injerto.Table.read(table), injerto.Wishes(targets=["animal:individual"], drop=["size"]))
    quick = schema.training.model_copy(update={"epochs": 1, "batch_rows": 16})
    injerto.train(table, schema=schema.model_copy(update={"training": quick}), out=tmp_path / "animals.model")
    season = written(tmp_path / "season", animals(tmp_path / "season", individuals=3, each=4, first=6, seed=9))
    words = command("gallery", "add", "animals.model", season)
    fresh = folders(tmp_path, tmp_path / "animals.model")
    calm = fresh()
    seconds = run(words, calm)
    whole = injerto.load(calm / "animals.model").gallery
    assert {"animal 06", "animal 07", "animal 08"} < set(whole.individuals)

    def check(place: Path) -> None:
        gallery = injerto.load(place / "animals.model").gallery
        assert gallery.photos.equals(whole.photos) and gallery.individuals == whole.individuals
        assert not [path for path in (place / "animals.model").rglob("*") if path.name.startswith(".")]

    killed_and_run_again(words, fresh, check, seconds, seed=4)
