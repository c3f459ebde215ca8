"""Whether what is written answers as Injerto does: the script itself is asked, on real rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from injerto.answering import with_photos
from injerto.artifact.artifact import Artifact
from injerto.errors import ExportError, InjertoError
from injerto.export.asked import asked, loaded
from injerto.export.reference import answers_in_full
from injerto.features.feature import MediaFeature
from injerto.heads.individual import IndividualHead
from injerto.heads.number import NumberHead
from injerto.learner import Learner, heads_of
from injerto.predict import predict
from injerto.progress import Progress
from injerto.table.table import Table

TOLERANCE = 1e-4
"""Of probabilities as they are, of numbers in their standard deviations, of pixels and larger figures in proportion."""
MOST_ROWS, MOST_WITH_FILES = 500, 20
"""Rows that are compared."""


@dataclass(frozen=True)
class Parity:
    """The largest differences found."""

    rows: int
    difference: float
    """Between the script and the network in float32, on the same pixels and samples."""
    where: str
    """The row and the answer of that difference."""
    as_predicted: float
    """Between the numbers of the script and of `injerto predict`, which decodes files otherwise, with fewer bits."""
    other_words: int
    """Answers in words, such as the likeliest class, that are others there."""

    @property
    def words(self) -> str:
        """What was found, in a sentence or two."""
        told = f"On {self.rows:,} rows the exported script and the model differ by {self.difference:.2g} at most"
        if self.as_predicted > max(self.difference, TOLERANCE) or self.other_words:
            return (
                f"{told}, on the same pixels and samples. From `injerto predict` here it differs by {self.as_predicted:.2g} at "
                f"most, and {self.other_words} answers in words are others: that reads files with other programs, and computes "
                "with fewer bits for speed."
            )
        return f"{told}."


def parity(artifact: Artifact, table: Table, folder: Path, *, progress: Progress) -> Parity:
    """Ask the script in `folder` of rows of `table` that can be used.

    *Raises* ExportError when there are none, when the script stops, or when an answer differs by more than `TOLERANCE`.
    """
    network = artifact.network
    table = with_photos(network, table, progress)
    files = any(isinstance(feature, MediaFeature) for feature in network.features)
    some, predicted = _usable(artifact, table, MOST_WITH_FILES if files else MOST_ROWS, progress)
    try:
        script = loaded(folder / "predict.py")
        found, feeds = asked(script, some, folder / "check", network)
    except InjertoError:
        raise
    except Exception as slip:  # whatever a runtime, a decoder or a cell can do to a script
        raise ExportError(
            f"Nothing was written: the exported script stops on the rows of '{table.name}': {slip!r}. Please report it, with "
            "this model if you can."
        ) from slip
    ports = script.FACTS["inputs"]
    difference, where, _ = _largest(found, answers_in_full(network, some, feeds, ports), some, network, words=True)
    if not difference <= TOLERANCE:
        raise ExportError(
            f"Nothing was written: the exported model answers otherwise than this one. {where}, which is a difference of "
            f"{difference:.2g}; {TOLERANCE:g} is allowed. Please report it, with this model if you can."
        )
    as_predicted, _, other_words = _largest(found, predicted, some, network, words=False)
    return Parity(len(some), difference, where, as_predicted, other_words)


def _usable(artifact: Artifact, table: Table, most: int, progress: Progress) -> tuple[Table, pl.DataFrame]:
    """Rows spread over those that can be used, and what is predicted of them."""
    spread = np.unique(np.linspace(0, len(table) - 1, 2 * most).astype(np.int64))
    some = table.take(spread)
    answers = predict(artifact, some, progress=progress).answers
    usable = np.flatnonzero(answers["problem"].is_null().to_numpy())
    if not len(usable):
        reason = answers["problem"].drop_nulls()[0]
        raise ExportError(
            f"No row of '{table.name}' that was tried can be used, so nothing can be compared: {reason}. Give --check another."
        )
    kept = usable[np.unique(np.linspace(0, len(usable) - 1, min(most, len(usable))).astype(np.int64))]
    return some.take(kept), answers[kept]


def _largest(
    found: Sequence[Mapping[str, Any]], expected: pl.DataFrame, table: Table, network: Learner, *, words: bool
) -> tuple[float, str, int]:
    """The largest difference, the row and answer that it is of, and how many answers in words are others.

    With `words`, another word is a difference without end.
    """
    largest, where, other_words = 0.0, "No answer differs", 0
    skipped = _lesser_names(network)
    scales = {name: head.std_ for name, head in heads_of(network).items() if isinstance(head, NumberHead)}
    scales |= {f"{name}_{end}": scale for name, scale in scales.items() for end in ("low", "high")}
    for place, (row, told) in enumerate(zip(found, expected.iter_rows(named=True), strict=True)):
        for name in [name for name in row if name not in skipped]:
            apart = _apart(row[name], told[name], scales.get(name))
            if math.isinf(apart) and _level(name, row[name], told):
                apart = 0.0
            other_words += math.isinf(apart)
            if apart > largest and (words or math.isfinite(apart)):
                largest = apart
                where = f"Row {int(table.rows[place])}: '{name}' is {row[name]} there and {told[name]} here"
    return largest, where, other_words


def _apart(one: Any, other: Any, scale: float | None) -> float:
    if isinstance(one, float) and isinstance(other, float) and not (math.isnan(one) or math.isnan(other)):
        return abs(one - other) / (scale or max(1.0, abs(other)))
    if isinstance(other, bool):
        other = str(other).lower()
    nothing = (None, "")
    return 0.0 if one == other or (one in nothing and other in nothing) or str(one) == str(other) else math.inf


def _level(name: str, said: Any, told: Mapping[str, Any]) -> bool:
    """Whether a class is as likely as the likeliest one, so that either may be named."""
    best, own = told.get(f"{name}_probability"), told.get(f"{name}_probability_{said}")
    return best is not None and own is not None and best - own <= TOLERANCE


def _lesser_names(network: Learner) -> set[str]:
    """Look-alikes behind the first: two that are equally likely have no order."""
    individuals = [name for name, head in heads_of(network).items() if isinstance(head, IndividualHead)]
    return {f"{name}_{place}" for name in individuals for place in range(2, 11)}
