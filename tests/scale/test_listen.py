"""Recordings that workers hear make the same events, in the same order, as those heard here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import injerto
from made_ears import listener, recording, write

if TYPE_CHECKING:
    from conftest import Nodes


@pytest.fixture(scope="module")
def ears(tmp_path_factory: pytest.TempPathFactory) -> injerto.Model:
    return listener(tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("field")
    write(folder / "a.wav", recording(18.0, [(2.0, 4.0, "low"), (6.0, 7.0, "high")]))
    (folder / "b.wav").write_bytes(b"RIFF")
    write(folder / "sub" / "c.wav", recording(9.0, [(3.0, 5.0, "low")]))
    write(folder / "sub" / "d.wav", recording(6.0, []))
    return folder


def require_same(here: injerto.Events, there: injerto.Events, folder: Path) -> None:
    assert [heard.inner for heard in here] == [heard.inner for heard in there]
    assert [(heard.events, heard.problem, heard.stamp) for heard in here] == [
        (heard.events, heard.problem, heard.stamp) for heard in there
    ]
    assert vars(here.tally) == vars(there.tally)
    for name, found in {"here": here, "there": there}.items():
        found.to_scores(folder / f"{name}.parquet")
    assert pl.read_parquet(folder / "here.parquet").equals(pl.read_parquet(folder / "there.parquet"))


def test_what_is_sent_and_what_comes_back(
    inline: None, ears: injerto.Model, field: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("injerto.scale.listen.SHARE_ROWS", 10)
    there = ears.listen(field, keep_shares=True, on="ray")
    require_same(ears.listen(field, keep_shares=True), there, tmp_path)


def test_a_run_that_was_stopped_goes_on_over_the_cluster(
    inline: None, ears: injerto.Model, field: Path, tmp_path: Path
) -> None:
    ears.listen(field, work=tmp_path / "work")
    added = field / "e.wav"
    write(added, recording(6.0, [(2.0, 3.0, "high")]))
    there = ears.listen(field, work=tmp_path / "work", on="ray")
    assert there.frame().equals(ears.listen(field).frame())
    added.unlink()


@pytest.mark.slow
def test_recordings_over_a_cluster(nodes: Nodes, ears: injerto.Model, field: Path, tmp_path: Path) -> None:
    there = ears.listen(field, keep_shares=True, on=nodes.address)
    require_same(ears.listen(field, keep_shares=True), there, tmp_path)
