"""One table model, exported once: writing a graph takes some ten seconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from made_tables import INPUTS, TARGETS, mixed

import injerto
from injerto.export.export import Exported


@dataclass(frozen=True)
class Written:
    model: injerto.Model
    table: pl.DataFrame
    place: Path
    """Of the model, the table and the exported folder."""
    found: Exported


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    place = tmp_path_factory.mktemp("export")
    table = mixed()
    model = injerto.train(table, TARGETS, inputs=INPUTS, budget_seconds=1, seed=1, out=place / "birds.model")
    table.write_csv(place / "birds.csv")
    found = model.export(onnx=place / "birds.onnx", check=place / "birds.csv")
    return Written(model, table, place, found)
