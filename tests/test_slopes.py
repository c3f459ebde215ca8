"""Slopes by level: the stacked vector by hand, which columns get them, and a meaning that turns with the level."""

from pathlib import Path

import numpy as np
import polars as pl
import torch

import injerto
from columns import column
from injerto.features.category import CategoryFeature
from injerto.features.vocabulary import FIRST
from injerto.schema.schema import Input
from injerto.slopes import LEAST_ROWS, Slopes
from small import photo_folder


def category(name: str, counts: dict[str, int]) -> CategoryFeature:
    cells = [level for level, count in counts.items() for _ in range(count)]
    return CategoryFeature(name, Input(kind="category")).fit(column(cells, name=name))


def test_the_vector_stands_again_in_the_place_of_its_level() -> None:
    slopes = Slopes([category("side", {"left": 60, "right": 50})])
    files = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    ids = torch.tensor([[FIRST], [FIRST + 1], [0]], dtype=torch.int32)
    expected = [[1.0, 2.0, 1.0, 2.0, 0.0, 0.0], [3.0, 4.0, 0.0, 0.0, 3.0, 4.0], [5.0, 6.0, 0.0, 0.0, 0.0, 0.0]]
    assert slopes(files, ids).tolist() == expected


def test_only_columns_of_few_and_frequent_levels_have_slopes() -> None:
    frequent = {"left": 60, "right": LEAST_ROWS}
    assert Slopes([category("side", frequent)]).copies == 2
    assert Slopes([category("one", {"left": 60})]).copies == 0
    assert Slopes([category("rare", frequent | {"top": LEAST_ROWS - 1})]).copies == 0
    assert Slopes([category("many", {f"level {number}": 60 for number in range(5)})]).copies == 0
    assert Slopes([category("rare", {"left": 60, "right": 2}), category("side", frequent)]).column.tolist() == [1, 1]


def test_a_photo_whose_meaning_turns_with_the_level_is_learned(tmp_path: Path) -> None:
    table = injerto.Table.read(photo_folder(tmp_path, each=130))
    first = np.array(table.frame["class"].to_list()) == table.frame["class"][0]
    left = np.random.default_rng(0).random(len(table)) < 0.5
    frame = table.frame.with_columns(
        pl.Series("side", np.where(left, "left", "right")), pl.Series("class", np.where(first == left, "open", "closed"))
    )
    model = injerto.train(
        injerto.Table.of(frame, folder=table.folder), "class", inputs=["side:category", "file:image"], mode="probe"
    )
    assert model.network.slopes.copies == 2
    probe = model.network.probe_heads["class"].convolve.weight.detach()
    assert probe.abs().sum() > 0
    assert model.scores["test"]["class"]["accuracy"] >= 0.9
