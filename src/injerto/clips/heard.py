"""What annotation files say of each recording: read, paired, and held against how long the recording is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from injerto.clips.recordings import Recordings
from injerto.clips.units import wrong_unit
from injerto.clips.unused import Unused
from injerto.errors import MediaError, TableError
from injerto.progress import Progress
from injerto.table.annotations.read import read_annotations
from injerto.table.annotations.selection import Line, Selection
from injerto.table.media import sound_duration

_SLACK_SECONDS = 0.1
"""A selection drawn to the edge may end a little after the last sample, as programs round."""


@dataclass
class Heard:
    """A recording that somebody listened to."""

    recording: str
    """Path from the folder of recordings."""
    duration_s: float
    selections: list[tuple[Selection, str]] = field(default_factory=list)
    """Each with the file it comes from."""
    blocked: list[Selection] = field(default_factory=list)
    """Places where something is that cannot be used: no window there may be called silent."""
    unsure: bool = False
    """Whether something is in the recording that nobody knows the place of: none of its windows may be called silent."""
    sources: set[str] = field(default_factory=set)


class Listening:
    """Gathers what annotation files say; `shown` is how a path is written in the table and in messages."""

    def __init__(self, recordings: Recordings, shown: Callable[[Path], str]) -> None:
        self.recordings = recordings
        self.shown = shown
        self.unused: list[Unused] = []
        self.label_columns: Counter[str] = Counter()
        self._heard: dict[str, Heard | None] = {}

    def gather(self, files: Iterable[Path], label: str | None, progress: Progress) -> list[Heard]:
        """The recordings that the files speak of, by path."""
        listed = list(files)
        with progress.step("reading the annotations", len(listed)) as step:
            for file in listed:
                self._take(file, label)
                step.advance()
        return [heard for _, heard in sorted(self._heard.items()) if heard is not None]

    @property
    def met(self) -> set[str]:
        """Recordings that annotations speak of, those among them that cannot be read, too."""
        return set(self._heard)

    def _take(self, file: Path, label: str | None) -> None:
        source = self.shown(file)
        try:
            found = read_annotations(file, label=label)
        except TableError as slip:
            self._refuse(file, source, str(slip))
            return
        paired = self._paired(file, source, found.lines)
        self.label_columns.update(found.notes)
        if not found.lines:
            self._of_the_files_name(file, source)
        usable = [(line.selection, heard) for line, heard in paired if line.selection is not None and not line.reason]
        ends_s = np.array([selection.end_s for selection, _ in usable])
        reason = wrong_unit(ends_s, np.array([heard.duration_s for _, heard in usable]))
        if reason:
            self.unused.append(Unused(source, None, reason))
        for line, heard in paired:
            heard.sources.add(source)
            if reason:
                heard.unsure = True
            else:
                self._put(line, heard, source)

    def _refuse(self, file: Path, source: str, reason: str) -> None:
        """A file that cannot be read at all: where it has a recording, something is in it."""
        self.unused.append(Unused(source, None, reason))
        try:
            heard = self._open(self.recordings.of("", file))
        except TableError:
            return
        if heard is not None:
            heard.unsure = True

    def _of_the_files_name(self, file: Path, source: str) -> None:
        """A header and nothing below it: somebody listened to the recording and found nothing."""
        try:
            heard = self._open(self.recordings.of("", file))
        except TableError as slip:
            self.unused.append(Unused(source, None, str(slip)))
            return
        if heard is not None:
            heard.sources.add(source)

    def _paired(self, file: Path, source: str, lines: list[Line]) -> list[tuple[Line, Heard]]:
        """Lines with their recordings; a recording that is not there is listed once, however many lines name it."""
        counts = Counter(line.recording for line in lines)
        opened: dict[str, Heard | None] = {}
        for written, count in counts.items():
            try:
                opened[written] = self._open(self.recordings.of(written, file))
            except TableError as slip:
                opened[written] = None
                self.unused.append(Unused(source, None, f"{slip} {count} selection{'s' if count > 1 else ''} of it not used."))
        return [(line, heard) for line in lines if (heard := opened[line.recording]) is not None]

    def _open(self, recording: str) -> Heard | None:
        """The recording as it was heard so far; None, and listed once, when it cannot be read."""
        if recording not in self._heard:
            try:
                duration_s = sound_duration(recording, self.recordings.folder)
                if duration_s <= 0:
                    raise MediaError("no samples: the sound is empty")
                self._heard[recording] = Heard(recording, duration_s)
            except MediaError as slip:
                self._heard[recording] = None
                self.unused.append(Unused(self.shown(self.recordings.folder / recording), None, slip.reason))
        return self._heard[recording]

    def _put(self, line: Line, heard: Heard, source: str) -> None:
        place, reason = line.selection, line.reason
        if place is not None and not reason and place.end_s > heard.duration_s + _SLACK_SECONDS:
            reason = f"ends at {place.end_s:g} s, but {heard.recording} lasts {heard.duration_s:.2f} s"
        if place is None:
            heard.unsure = True
        elif reason:
            heard.blocked.append(place)
        else:
            end_s = min(place.end_s, heard.duration_s)
            heard.selections.append((replace(place, start_s=min(place.start_s, end_s), end_s=end_s), source))
        if reason:
            self.unused.append(Unused(source, line.number, reason))
