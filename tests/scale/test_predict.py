"""Answers of a cluster are those of one machine: rows, promises, the ledger, whatever is lost on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import injerto
from injerto.cli.exits import SOME_ROWS_UNUSED
from injerto.errors import ColumnError, PromiseError
from injerto.predict import Predictions
from injerto.progress import Silent, SilentStep, Step
from injerto.scale import pieces
from injerto.scale.predict import predict_pieces
from made_dots import dots, written
from said import caller
from small import birds

if TYPE_CHECKING:
    from conftest import Nodes


class Events(Silent):
    """Something happens when so many rows are answered."""

    def __init__(self, events: dict[int, Callable[[], None]]) -> None:
        self.events, self.done = events, 0

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        outer = self

        class Counted(SilentStep):
            def advance(self, count: int = 1, note: str = "") -> None:
                outer.done += count
                for at in [at for at in outer.events if at <= outer.done]:
                    outer.events.pop(at)()

        yield Counted()


def require_same(here: Predictions, there: Predictions) -> None:
    assert_frame_equal(here.frame, there.frame, check_exact=True)
    assert here.ledger == there.ledger
    assert (here.unseen, here.empty, here.promises) == (there.unseen, there.empty, there.promises)
    assert (here.photo, here.folder) == (there.photo, there.folder)


def test_all_that_is_sent_comes_back(inline: None, model: injerto.Model, given: injerto.Table) -> None:
    here, there = model.predict(given, max_error=0.3), model.predict(given, max_error=0.3, on="ray")
    assert here.ledger.rows == {5, 7}
    require_same(here.with_unlike(), there.with_unlike())


def test_tables_without_files(inline: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "OTHER_ROWS", (64, 64))
    model = injerto.train(birds(200), "species", seed=1, budget_seconds=2)
    new = birds(500, seed=3).with_columns(mass_g=pl.lit(None, pl.Float64), hour=pl.lit("noon"))
    here, there = model.predict(new, coverage=0.8), model.predict(new, coverage=0.8, on="ray")
    assert here.empty == ["mass_g"] and here.unseen
    require_same(here, there)


def test_a_mistake_is_told_before_anything_is_sent(model: injerto.Model, table: injerto.Table) -> None:
    with pytest.raises(ColumnError, match="lacks 1 column"):
        model.predict(injerto.Table.of(table.frame.drop("mass"), folder=table.folder), on="ray://127.0.0.1:1")
    with pytest.raises(PromiseError):
        model.predict(table, max_error=1e-9, on="ray://127.0.0.1:1")


def test_points_go_by_their_photos(inline: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "FILE_ROWS", (3, 3))
    table = injerto.Table.read(written(tmp_path, dots(tmp_path, 24)))
    schema = injerto.declare(table, injerto.Wishes([], keypoints=True, seed=1))
    model = injerto.train(table, schema=schema.model_copy(update={"training": quick(schema)}))
    photo = str(schema.points[1].photo)
    new = injerto.Table.of(table.frame.select(pl.col(photo).alias("picture")).head(10), folder=tmp_path)
    here, there = model.predict(new), model.predict(new, on="ray")
    assert_frame_equal(here.frame, there.frame, rel_tol=1e-4, abs_tol=1e-4)
    assert there.photo == photo
    there.to_coco(tmp_path / "points.json")


def quick(schema: injerto.Schema) -> injerto.Training:
    return schema.training.model_copy(update={"epochs": 1})


def test_a_table_that_comes_in_parts(inline: None, model: injerto.Model, given: injerto.Table) -> None:
    tables = (given.take(np.arange(start, min(start + 15, len(given)))) for start in range(0, len(given), 15))
    parts = list(predict_pieces("ray", model.artifact, tables))
    assert len(parts) >= 3
    assert_frame_equal(pl.concat([part.frame for part in parts]), model.predict(given).frame, check_exact=True)


def test_the_command_line(
    inline: None,
    model: injerto.Model,
    given: injerto.Table,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call = caller(capsys, monkeypatch)
    model.save(tmp_path / "tints.model")
    cells = given.frame.with_columns(file=str(given.folder.resolve()) + "/" + pl.col("file"))
    cells.write_csv(tmp_path / "new.csv")
    for name, more in {"here.csv": [], "there.csv": ["--on", "ray"]}.items():
        said = call("predict", tmp_path / "tints.model", tmp_path / "new.csv", "--out", tmp_path / name, "--unlike", *more)
        assert said.code == SOME_ROWS_UNUSED
        assert ("Works on Ray: 2 machines, 2 workers." in said.err) == bool(more)
    assert (tmp_path / "here.csv").read_bytes() == (tmp_path / "there.csv").read_bytes()
    said = call("predict", tmp_path / "tints.model", tmp_path / "new.csv", "--out", tmp_path / "c.csv", "--on", "dask")
    assert (said.code, "'dask' names no cluster" in said.err) == (1, True)


@pytest.mark.slow
def test_a_table_with_odd_cells(nodes: Nodes, model: injerto.Model, given: injerto.Table) -> None:
    here = model.predict(given, max_error=0.3)
    there = model.predict(given, max_error=0.3, on=nodes.address)
    assert here.ledger.rows == {5, 7}
    require_same(here.with_unlike(), there.with_unlike())


@pytest.mark.slow
def test_a_worker_is_killed_and_a_machine_is_lost(
    nodes: Nodes, model: injerto.Model, given: injerto.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "FILE_ROWS", (2, 2))
    killed: list[int] = []

    def kill() -> None:
        killed.extend(nodes.workers()[:1])
        os.kill(killed[0], signal.SIGKILL)

    events = {2: kill, 8: nodes.lose}
    found = model.predict(given, on=nodes.address, progress=Events(events))
    assert len(killed) == 1 and not events
    require_same(model.predict(given), found)
    nodes.others.append(nodes.add())
