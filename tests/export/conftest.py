"""One table model, exported once: writing a graph takes some ten seconds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from made_tables import INPUTS, TARGETS, mixed
from typer.testing import CliRunner

import injerto
from injerto.cli.app import app


@dataclass(frozen=True)
class Written:
    model: injerto.Model
    table: pl.DataFrame
    place: Path
    """Of the model, the table and the exported folder."""
    parity: dict[str, Any]
    """As the command line tells it."""


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    place = tmp_path_factory.mktemp("export")
    table = mixed()
    model = injerto.train(table, TARGETS, inputs=INPUTS, budget_seconds=1, seed=1, out=place / "birds.model")
    table.write_csv(place / "birds.csv")
    files = ["birds.model", "--onnx", "birds.onnx", "--check", "birds.csv"]
    command = ["export", *(name if name.startswith("--") else str(place / name) for name in files), "--json"]
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 0, told.output
    return Written(model, table, place, json.loads(told.stdout)["parity"])
