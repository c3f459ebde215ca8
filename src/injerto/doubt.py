"""Labels that may be wrong: each row is judged by models that had not seen it, and what they doubt stands beside the scores."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from injerto.artifact.artifact import Artifact
from injerto.evidence.label_doubts import Judged, Room, label_doubts
from injerto.examples import Examples
from injerto.heads.vector_head import VectorHead
from injerto.learning.division import Division
from injerto.learning.fit import Fitted
from injerto.learning.unseen_answers import unseen_answers
from injerto.network import Network
from injerto.progress import Progress
from injerto.rivals.misfit import constant, misfit
from injerto.rivals.unseen import unseen
from injerto.scores import Answered
from injerto.table.table import Table

PROBES = "probes on frozen features"
ITSELF = "the model itself"


@dataclass(frozen=True)
class Witness:
    """A network that learned the table, with the frozen vectors of its files, and the user's time."""

    network: Network
    examples: Examples
    fitted: Fitted
    started: float
    """When training began, as `time.perf_counter` tells it."""
    left: float | None
    """Seconds of the user's budget; None without one."""

    @property
    def probed(self) -> bool:
        """Whether probes on its frozen features can be judges."""
        return all(backbone.pretrained for backbone in self.network.backbones)


def doubt(
    artifact: Artifact, table: Table, witness: Witness, division: Division, parts: Mapping[str, Answered], progress: Progress
) -> None:
    """Put doubted labels into the evidence of `artifact`, by target: `label_doubts`, and in `label_judge` who judged what.

    The work is bounded, and nothing is judged when the budget is used up; either is said.
    """
    room, trained = Room(), time.perf_counter() - witness.started
    for name, head in witness.network.targets.items():
        if name not in artifact.evidence:
            continue
        if witness.left is not None and witness.left <= time.perf_counter() - witness.started:
            words = "The budget was used up: no labels were looked at for errors. Give more seconds for it."
            artifact.evidence[name]["label_judge"] = {"words": words}
            progress.say(f"'{name}': {words}")
            continue
        before = time.perf_counter()
        judged, told = _judged(artifact, table, witness, name, division, parts)
        if judged is None:
            artifact.evidence[name]["label_judge"] = {"words": told}
            continue
        found, count = label_doubts(head, table, artifact.schema.inputs, judged, room)
        seconds = time.perf_counter() - before
        spent = f"That took {seconds:.1f} s beside {trained:.1f} s of training."
        artifact.evidence[name]["label_doubts"] = found
        artifact.evidence[name]["label_judge"] = {"words": f"{told} {spent}", "found": count, "seconds": round(seconds, 2)}
        if found:
            one = found[0]
            file = f" ({one['file']})" if one["file"] else ""
            progress.say(
                f"{count:,} label(s) of '{name}' may be wrong; the report and suspects.csv in the model's folder list "
                f"{'them' if count == len(found) else f'the first {len(found)}'}. "
                f"The first: row {one['row']}{file} is labelled '{one['label']}', and looks like '{one['suggested']}'. {spent}"
            )


def _judged(
    artifact: Artifact, table: Table, witness: Witness, name: str, division: Division, parts: Mapping[str, Answered]
) -> tuple[Judged | None, str]:
    """Answers to rows by who had not seen them, and in words who that was; or none, and why."""
    network, examples, seed = witness.network, witness.examples, artifact.schema.training.seed
    head = network.targets[name]
    found = unseen_answers(network, examples, division, witness.fitted, name, seed) if witness.probed else None
    if found is not None:
        judged = _with_test(*found, name, parts)
        told = f"{len(judged.rows):,} rows were judged by {PROBES} that learned from other rows only"
        told += f", those that test by {ITSELF}." if "test" in parts else "."
    else:
        rows = np.concatenate([division.rows.train, division.rows.tune, division.rows.test])
        other = unseen(network, examples, name, rows, division.unit, seed)
        if isinstance(other, str):
            return None, f"Labels were not looked at for errors: {other}"
        judged = Judged(other.rows, other.answers, [other.who] * len(other.rows))
        told = (
            f"{len(other.rows):,}{_of(len(other.rows), other.labelled)} rows were judged by the {other.who} that learned from "
            f"other rows only, {other.taught:,}{_of(other.taught, len(other.rows))} less a fifth each time."
        )
    if not _better(head, table, judged):
        return None, f"Labels were not looked at for errors: {told} They did no better than to guess, so they doubt nobody."
    return judged, told


def _of(part: int, whole: int) -> str:
    return "" if part == whole else f" of {whole:,}"


def _with_test(rows: np.ndarray, answers: np.ndarray, name: str, parts: Mapping[str, Answered]) -> Judged:
    """With the test rows, which the finished model may judge: they taught it nothing."""
    who = [PROBES] * len(rows)
    if "test" in parts:
        rows = np.concatenate([rows, parts["test"].rows])
        answers = np.concatenate([answers, parts["test"].answers[name].numpy()])
        who += [ITSELF] * len(parts["test"].rows)
    return Judged(rows, answers, who)


def _better(head: VectorHead, table: Table, judged: Judged) -> bool:
    """Whether the answers fit the labels better than one answer for all rows does."""
    labels = head.learned_truth(head.column(table)).take(torch.from_numpy(judged.rows))
    value, answers = labels.value[labels.known], torch.from_numpy(judged.answers)[labels.known]
    return misfit(head.kind, answers, value) < misfit(head.kind, constant(head.kind, value, head.outputs), value)
