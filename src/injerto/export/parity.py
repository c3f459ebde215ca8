"""Whether what is written answers as Injerto does: the script itself is asked, on real rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from injerto.artifact.artifact import Artifact
from injerto.errors import ExportError, InjertoError
from injerto.export.asked import asked, loaded
from injerto.export.difference import difference
from injerto.export.reference import TOLERANCE, Expected, answers_in_full
from injerto.export.sample import Sample
from injerto.promises import Promises


@dataclass(frozen=True)
class Parity:
    """The largest differences found."""

    rows: int
    difference: float
    """Between the script and the network in float32, on the same pixels and samples."""
    where: str
    """The row and the answer of that difference."""
    as_read: float
    """Between the script and the network in float32, which reads the files by itself: by programs that decode otherwise."""
    as_predicted: float
    """Between the script and `injerto predict` here and now, by the engine that is set."""
    other_words: int
    """Answers in words, such as the likeliest class, that are others in `injerto predict`."""

    @property
    def words(self) -> str:
        """What was found, in a sentence or two."""
        told = f"On {self.rows:,} rows the exported script and the model differ by {self.difference:.2g} at most"
        if max(self.as_read, self.as_predicted) <= max(self.difference, TOLERANCE) and not self.other_words:
            return f"{told}."
        others = "" if not self.other_words else f"; answers in words that are others: {self.other_words}"
        return (
            f"{told}, on the same pixels and samples; by {self.as_read:.2g} where Injerto reads the files by itself; and by "
            f"{self.as_predicted:.2g} from `injerto predict` as it is set here{others}."
        )


def parity(artifact: Artifact, sample: Sample, promises: Promises, folder: Path, facts: Mapping[str, Any]) -> Parity:
    """Ask the script in `folder`, of a graph of these `facts`, of the rows of `sample`.

    *Raises* ExportError when the script stops, or when an answer differs by more than `TOLERANCE`.
    """
    network, rows = artifact.network, sample.rows
    try:
        found, feeds = asked(loaded(folder / "predict.py"), rows, folder / "check", network, facts)
    except InjertoError:
        raise
    except Exception as slip:  # whatever a runtime, a decoder or a cell can do to a script
        raise ExportError(
            f"Nothing was written: the exported script stops on the rows of '{sample.of}': {slip!r}. Please report it, with "
            "this model if you can."
        ) from slip
    numbers = [int(row) for row in rows.rows]
    same = difference(found, answers_in_full(network, rows, promises, feeds, facts["inputs"]), numbers, network)
    if not same.is_small:
        where = same.where_words or f"{same.where}, which is a difference of {same.largest:.2g}; {TOLERANCE:g} is allowed"
        raise ExportError(
            f"Nothing was written: the exported model answers otherwise than this one. {where}. Please report it, with this "
            "model if you can."
        )
    in_full = answers_in_full(network, rows, promises)
    read = difference(found, in_full, numbers, network)
    predicted = difference(found, Expected(sample.predicted, in_full.edges), numbers, network)
    return Parity(len(rows), same.largest, same.where, read.largest, predicted.largest, predicted.other_words)
