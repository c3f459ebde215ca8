"""Events: what a model heard in recordings, to read, to count, and to write for the programs that open such tables."""

from __future__ import annotations

import shutil
import weakref
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import polars as pl

from injerto.listening import tables
from injerto.listening.heard import Heard
from injerto.listening.journal import Journal
from injerto.listening.scores import write_scores
from injerto.whole_file import write_whole

Format = Literal["csv", "raven", "audacity"]
_MOST_REASONS = 1000


@dataclass
class Tally:
    """Counts over all recordings."""

    recordings: int = 0
    """That were heard to their end."""
    seconds: float = 0.0
    labels: Counter[str] = field(default_factory=Counter)
    """Events of each class."""
    within: Counter[str] = field(default_factory=Counter)
    """Recordings with an event of each class."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Recordings that could not be used, by reason."""
    hidden: int = 0
    others: Counter[str] = field(default_factory=Counter)
    """Files in folders that are no sounds, by the ending of their names."""

    def add(self, heard: Heard) -> None:
        """Count one recording."""
        if heard.problem:
            new = heard.problem not in self.reasons and len(self.reasons) >= _MOST_REASONS
            self.reasons["other reasons" if new else heard.problem] += 1
            return
        self.recordings += 1
        self.seconds += heard.seconds
        found = Counter(event.label for event in heard.events)
        self.labels.update(found)
        self.within.update(found.keys())

    @property
    def unused(self) -> int:
        """Recordings and folders that could not be used."""
        return self.reasons.total()


class Events:
    """What was heard, recording by recording in the order they were heard. It stays on disk and may be larger than memory."""

    def __init__(
        self, names: Sequence[str], step_s: float, journal: Journal, places: array[int], tally: Tally, *, passing: bool
    ) -> None:
        self.names, self.step_s, self.tally = list(names), step_s, tally
        self._journal, self._places = journal, places
        if passing:
            weakref.finalize(self, shutil.rmtree, journal.folder, True)

    def __iter__(self) -> Iterator[Heard]:
        """Every recording, those that could not be used among them."""
        yield from self._journal.read(self._places)  # not returned: what iterates keeps these events, and their files, alive

    def __len__(self) -> int:
        """How many events there are."""
        return self.tally.labels.total()

    def frame(self) -> pl.DataFrame:
        """All events as a table: recording, start_s, end_s, label, score, mean_score."""
        rows = [(tables.shown(heard.recording), *event) for heard in self for event in heard.events]
        return pl.DataFrame(rows, schema=tables.SCHEMA, orient="row")

    def problems(self) -> pl.DataFrame:
        """What could not be used: recording, reason."""
        rows = [(tables.shown(heard.recording), heard.problem) for heard in self if heard.problem]
        return pl.DataFrame(rows, schema={"recording": pl.String, "reason": pl.String}, orient="row")

    def write(self, path: str | Path, format: Format) -> int:
        """Write the events in one of the formats, and say how many files they became."""
        if format == "audacity":
            return self.to_audacity(path)
        (self.to_csv if format == "csv" else self.to_raven)(path)
        return 1

    def to_csv(self, path: str | Path) -> None:
        """Write a line an event. *Raises* OutputError when it cannot be written, as all of these do."""
        write_whole(Path(path), lambda file: tables.pour(file, tables.csv_lines(self)))

    def to_raven(self, path: str | Path) -> None:
        """Write one selection table that Raven opens beside all the recordings that were heard, in their order."""
        write_whole(Path(path), lambda file: tables.pour(file, tables.raven_table(self)))

    def to_audacity(self, folder: str | Path) -> int:
        """Write a label track for each recording with events, named after it, and say how many they are."""
        return tables.write_tracks(Path(folder), self)

    def to_problems(self, path: str | Path) -> None:
        """Write what could not be used, as comma-separated values."""
        write_whole(Path(path), lambda file: tables.pour(file, tables.problem_lines(self)))

    def to_scores(self, path: str | Path) -> None:
        """Write all shares as Parquet: recording, start_s, a column for each class; a row every `step_s`.

        *Raises* ValueError when they were not kept.
        """
        write_scores(Path(path), self, self._journal, self.names, self.step_s)

    def to_json(self) -> dict[str, Any]:
        """The counts."""
        return {
            "recordings": self.tally.recordings,
            "seconds": round(self.tally.seconds, 3),
            "events": len(self),
            "labels": dict(self.tally.labels.most_common()),
            "step_s": self.step_s,
            "unused": self.tally.unused,
            "reasons": dict(self.tally.reasons.most_common()),
            "hidden": self.tally.hidden,
            "others": dict(self.tally.others.most_common()),
        }

    def close(self) -> None:
        """Remove the journal: all that is wanted of it is written. Nothing can be read after this."""
        self._journal.remove()
