"""Answers to rows that taught nothing, of tables of sounds and of flights: what the benchmarks of honesty are counted from.

Sounds, and photos of solar cells: a probe on frozen vectors for each fold left out. Flights: a sample of January to September
teaches; asked are other rows of these months, and rows of October to December.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import torch
from flights_data import CATEGORIES, DATES, NUMBERS, TARGET, flights
from left_out import of_sounds
from safetensors import safe_open
from safetensors.torch import save_file
from solar_cells import cells as solar_cells

from injerto.answering import answers_twice, served
from injerto.artifact.artifact import Artifact
from injerto.heads.held_out import Grades, HeldOut
from injerto.heads.single_class import ClassHead
from injerto.progress import Silent
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.table.groups import codes_of
from injerto.table.table import Table
from injerto.train_model import train

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SOUNDS = {"ESC-10": ("esc10/clips.csv", "source"), "UrbanSound8K, folds 1 and 2": ("urbansound/clips.csv", "recording")}
CELLS, CELL_FOLDS = "solar cells", 4
FLIGHTS, LATER = "flights, same months", "flights, later months"
TRAIN_ROWS, ASKED_ROWS = 12_000, 6_000
ARRAYS = ("truth", "after", "before", "unit")


@dataclass(frozen=True)
class Asked:
    """One model's answers (n,K) to rows it never saw, after calibration and before; and the rows it held out itself."""

    name: str
    part: str
    truth: np.ndarray
    after: np.ndarray
    before: np.ndarray
    unit: np.ndarray
    temperature: float
    own: HeldOut

    @property
    def grades(self) -> Grades:
        """Of the rows asked, as a head grades them."""
        code, answer = torch.from_numpy(self.truth).long(), torch.from_numpy(self.after)
        sure, guess = answer.max(dim=1)
        misfit = (1 - answer.gather(1, code.clamp_min(0)[:, None])[:, 0]).masked_fill(code < 0, torch.inf)
        return Grades(misfit, code, sure, guess != code)


def sounds(name: str, backbone: str, data: Path = DATA) -> list[Asked]:
    """Each fold asked once, of a model that learned the others."""
    place, group = SOUNDS[name]
    clips = Table.read(data / place)
    schema = of_sounds("clip", "sound", group=group, backbone=backbone)
    found = []
    for fold in sorted(clips.frame["fold"].unique().to_list()):
        apart = (clips.frame["fold"] == fold).to_numpy()
        model = train(clips.take(np.flatnonzero(~apart)), schema=schema)
        rows = clips.take(np.flatnonzero(apart))
        found.append(_asked(name, f"fold {fold}", model.artifact, rows, codes_of(rows.column(group).values)))
    return found


def cells(seed: int = 0) -> list[Asked]:
    """Is a cell defective, by its photo alone? Rows are dealt into folds by chance; each is asked once."""
    table = solar_cells()
    fold = np.random.default_rng(seed).permutation(np.arange(len(table)) % CELL_FOLDS)
    schema = Schema(
        targets={"defect": Target(kind="class")},
        inputs={"cell": Input(kind="image")},
        split=Split(test_share=0.0),
        training=Training(mode="probe", seed=seed),
    )
    found = []
    for number in range(CELL_FOLDS):
        model = train(table.take(np.flatnonzero(fold != number)), schema=schema)
        rows = table.take(np.flatnonzero(fold == number))
        found.append(_asked(CELLS, f"fold {number + 1}", model.artifact, rows, _alone(rows.frame)))
    return found


def late_flights(seed: int = 0) -> list[Asked]:
    """A sample of flights: others of the same months, and later ones. Flights of one day are late together."""
    table, random = flights(), np.random.default_rng(seed)
    early = (table["date"].dt.month() <= 9).to_numpy()
    chosen = random.permutation(np.flatnonzero(early))[: TRAIN_ROWS + ASKED_ROWS]
    later = random.permutation(np.flatnonzero(~early))[:ASKED_ROWS]
    kinds = dict.fromkeys(DATES, "date") | dict.fromkeys(NUMBERS, "number") | dict.fromkeys(CATEGORIES, "category")
    schema = Schema(
        inputs={name: Input(kind=kind) for name, kind in kinds.items()},
        targets={TARGET: Target(kind="class")},
        split=Split(test_share=0.0),
        training=Training(seed=seed),
    )
    model = train(Table.of(table[np.sort(chosen[:TRAIN_ROWS])]), schema=schema)
    asked = {FLIGHTS: table[np.sort(chosen[TRAIN_ROWS:])], LATER: table[np.sort(later)]}
    return [_asked(name, f"seed {seed}", model.artifact, Table.of(rows), _alone(rows)) for name, rows in asked.items()]


def _alone(rows: pl.DataFrame) -> np.ndarray:
    return np.arange(len(rows))


def _asked(name: str, part: str, artifact: Artifact, rows: Table, unit: np.ndarray) -> Asked:
    examples, _ = served(artifact.network, rows, cache=None, progress=Silent())
    usable = np.flatnonzero(examples.usable)
    after, before = answers_twice(artifact.network, examples, usable, Silent())
    (target,) = artifact.schema.targets
    head = next(iter(artifact.network.targets.values()))
    assert isinstance(head, ClassHead)
    assert head.held_out is not None
    truth = head.truth(head.column(rows)).value.numpy()[usable]
    temperature = float(head.temperature)
    return Asked(name, part, truth, after[target].numpy(), before[target].numpy(), unit[usable], temperature, head.held_out)


def kept(folder: Path | None, backbone: str, data: Path = DATA) -> list[Asked]:
    """All of them: read from the files in `folder`, or made and written there."""
    makers = {name: lambda name=name: sounds(name, backbone, data) for name in SOUNDS}
    makers |= {CELLS: cells, "flights": late_flights}
    return [one for name, make in makers.items() for one in _one(folder and folder / f"{name}.safetensors", make)]


def _one(path: Path | None, make: Callable[[], list[Asked]]) -> list[Asked]:
    if path is not None and path.exists():
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})["facts"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return [_restored(place, one, tensors) for place, one in enumerate(facts)]
    found = make()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        tensors = {}
        for place, one in enumerate(found):
            tensors |= {f"{place}.{key}": torch.from_numpy(vars(one)[key]).contiguous() for key in ARRAYS}
            tensors |= {f"{place}.own.{key}": values.clone() for key, values in one.own.tensors().items()}
        facts = [[one.name, one.part, one.temperature, one.own.source] for one in found]
        save_file(tensors, path, metadata={"facts": json.dumps(facts)})
    return found


def _restored(place: int, facts: list[Any], tensors: dict[str, torch.Tensor]) -> Asked:
    arrays = {key: tensors[f"{place}.{key}"].numpy() for key in ARRAYS}
    start = f"{place}.own."
    own = {name.removeprefix(start): values for name, values in tensors.items() if name.startswith(start)}
    name, part, temperature, source = facts
    return Asked(name, part, temperature=temperature, own=HeldOut.of_tensors(own, source), **arrays)
