"""Baselines always: a linear model and, where installed, LightGBM beside the model, on the same rows of the same split."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
from torch import Tensor

from injerto.artifact.artifact import Artifact
from injerto.errors import TrainingError
from injerto.examples import Examples
from injerto.learning.division import Division
from injerto.network import Network
from injerto.progress import Progress
from injerto.rivals import linear, trees
from injerto.scores import Answered, add_rival
from injerto.table.table import Table


def compete(
    artifact: Artifact,
    table: Table,
    parts: Mapping[str, Answered],
    examples: Examples,
    division: Division,
    progress: Progress,
) -> None:
    """Put plain models beside the scores of `artifact`, and the linear one into it; `examples` hold frozen vectors.

    Their work is bounded, and they are fitted when the budget is used up, too. What was left out, and why, is in
    `facts["rivals"]`.
    """
    network = artifact.network
    assert isinstance(network, Network)
    notes: list[str] = []
    artifact.facts["rivals"] = notes
    if "test" not in parts:
        notes.append(
            "No rows were kept apart, so no plain models stand beside the score: they would answer rows that taught them."
        )
        return
    parts = {"test": parts["test"]}  # the tune rows taught the linear model, and told the trees when to stop
    with progress.step("fitting baselines", 2) as bar:
        _linear(artifact, network, table, parts, examples, division, notes)
        bar.advance()
        _trees(artifact, network, table, parts, examples, division, notes)
        bar.advance()


def _linear(
    artifact: Artifact,
    network: Network,
    table: Table,
    parts: Mapping[str, Answered],
    examples: Examples,
    division: Division,
    notes: list[str],
) -> None:
    if artifact.chosen == "probe":
        notes.append("The model is itself a linear model, on frozen features; no other one stands beside it.")
        return
    if any(not backbone.pretrained for backbone in network.backbones):
        notes.append("No linear model stands beside a network that learned its features from nothing.")
        return
    started, rows = time.perf_counter(), np.concatenate([division.rows.train, division.rows.tune])
    try:
        fitted = linear.fit_linear(network, examples, np.sort(rows), division.unit, artifact.schema.training.seed)
    except TrainingError as slip:
        notes.append(f"No linear model could be fitted beside the model: {slip}")
        return
    seconds = time.perf_counter() - started
    drawn = "" if fitted.rows == fitted.of else f", drawn of {fitted.of:,}"
    notes.append(f"The linear model learned from {fitted.rows:,} rows{drawn}, in {seconds:.1f} s.")
    if artifact.chosen != "finetune":  # a fine-tuned network makes other vectors of new rows
        artifact.linear = fitted.model
    usable = np.flatnonzero(examples.usable)
    answers = linear.linear_answers(fitted.model, examples, usable)
    add_rival(
        artifact, table, parts, linear.NAME, {name: _spread(own, examples) for name, own in answers.items()}, division.unit
    )


def _trees(
    artifact: Artifact,
    network: Network,
    table: Table,
    parts: Mapping[str, Answered],
    examples: Examples,
    division: Division,
    notes: list[str],
) -> None:
    if not examples.scalars or not trees.installed():
        return
    started, taught = time.perf_counter(), (division.rows.train, division.rows.tune)
    found = {
        name: trees.trees_answers(network, examples, table, name, taught, artifact.schema.training.seed)
        for name in network.targets
    }
    told = {name: answers for name, answers in found.items() if answers is not None}
    if told:
        add_rival(artifact, table, parts, trees.NAME, told, division.unit)
        files = ", which sees the table columns and not the files," if network.media else ""
        notes.append(f"{trees.NAME}{files} learned in {time.perf_counter() - started:.1f} s.")


def _spread(answers: Tensor, examples: Examples) -> Tensor:
    """Answers to the rows that can be used in their places among all rows (N,...)."""
    places = np.where(examples.usable, np.cumsum(examples.usable) - 1, 0)
    return answers[places]
