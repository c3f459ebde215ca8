"""The verb: annotation files and a folder of recordings to a table of clips, with all that was left out and why."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from injerto.clips.clips import Clips
from injerto.clips.files import annotation_files
from injerto.clips.heard import Heard, Listening
from injerto.clips.recordings import Recordings
from injerto.clips.rule import ClipRule
from injerto.clips.windows import SEPARATOR, Marked, Windows, mark, tile
from injerto.errors import TableError
from injerto.progress import Progress, Silent
from injerto.table.annotations.read import CLIPS_COLUMNS


class _Clip(NamedTuple):
    recording: str
    start_s: float
    end_s: float
    label: str
    source: str


@dataclass(frozen=True)
class _Cut:
    """One recording in windows; `free` are those that may be called silent."""

    heard: Heard
    name: str
    windows: Windows
    marked: Marked
    free: np.ndarray


def clips(
    annotations: str | Path | Sequence[str | Path],
    recordings: str | Path,
    rule: ClipRule | None = None,
    *,
    folder: str | Path = ".",
    label: str | None = None,
    progress: Progress | None = None,
) -> Clips:
    """Cut recordings into clips of one length, each with the labels of the selections it carries.

    `annotations` are Raven selection tables, Audacity label tracks, tables with a line a selection, or folders of these;
    `recordings` is the folder that their recordings are searched below. Paths in the clips' table start from `folder`, where
    it is to be written. `label` names the column of labels, where it has no usual name. `ClipRule` says how clips are cut.

    *Raises* TableError when there is nothing to cut: no annotations, no recordings, or no clip that carries a label.
    """
    rule = rule or ClipRule()
    place = Path(os.path.realpath(folder))
    given = [annotations] if isinstance(annotations, str | Path) else list(annotations)
    files, passed_over = annotation_files(given)
    found = Recordings(Path(recordings).expanduser())
    listening = Listening(found, lambda path: _from(path, place))
    heard = listening.gather(files, label, progress or Silent())
    cuts = [_cut(one, _from(found.folder / one.recording, place), rule) for one in heard]
    rows = [row for cut in cuts for row in _labelled(cut, rule)]
    positives = sum(row.label != rule.none_label for row in rows)
    if not positives:
        raise TableError(_nothing(listening, rule))
    wanted = max(0, round(rule.negatives * positives) - (len(rows) - positives))
    rows += _negatives(cuts, wanted, rule)
    rows.sort(key=lambda row: (row.recording, row.start_s))
    counts = Counter(label for row in rows for label in row.label.split(SEPARATOR))
    negatives = counts.pop(rule.none_label, 0)
    return Clips(
        frame=pl.DataFrame(rows, schema=dict(zip(CLIPS_COLUMNS, _TYPES, strict=True)), orient="row"),
        folder=Path(folder),
        labels=dict(counts.most_common()),
        negatives=negatives,
        negatives_wanted=round(rule.negatives * positives),
        ambiguous=sum(int(np.count_nonzero(cut.marked.touched)) - len(cut.marked.labels) for cut in cuts),
        uncarried=sum(cut.marked.uncarried for cut in cuts),
        unused=listening.unused,
        unannotated=sorted(set(found.files) - listening.met),
        notes=_notes(listening, passed_over),
    )


_TYPES = (pl.String, pl.Float64, pl.Float64, pl.String, pl.String)


def _cut(heard: Heard, name: str, rule: ClipRule) -> _Cut:
    windows = tile(heard.duration_s, rule)
    marked = mark(windows, heard.selections, heard.blocked, rule)
    free = np.array([], dtype=np.int64) if heard.unsure else np.flatnonzero(~marked.touched)
    return _Cut(heard, name, windows, marked, free)


def _labelled(cut: _Cut, rule: ClipRule) -> Iterator[_Clip]:
    for index, labels in sorted(cut.marked.labels.items()):
        real = sorted(labels.keys() - {rule.none_label}) or [rule.none_label]
        yield _clip(cut, index, SEPARATOR.join(real), set().union(*(labels[label] for label in real)))


def _negatives(cuts: list[_Cut], wanted: int, rule: ClipRule) -> Iterator[_Clip]:
    """Windows drawn from all that no selection touches; all of them when there are no more than `wanted`."""
    before = np.cumsum([0, *(len(cut.free) for cut in cuts)])
    drawn = np.random.default_rng(rule.seed).choice(int(before[-1]), min(wanted, int(before[-1])), replace=False)
    for at in np.sort(drawn).tolist():
        which = int(np.searchsorted(before, at, side="right")) - 1
        cut = cuts[which]
        yield _clip(cut, int(cut.free[at - before[which]]), rule.none_label, cut.heard.sources)


def _clip(cut: _Cut, index: int, label: str, sources: set[str]) -> _Clip:
    start_s, end_s = float(cut.windows.starts[index]), float(cut.windows.ends[index])
    return _Clip(cut.name, start_s, end_s, label, SEPARATOR.join(sorted(sources)))


def _from(path: Path, place: Path) -> str:
    """A path as a table in `place` has it: from there, or whole where it lies on another drive."""
    whole = Path(os.path.realpath(path.parent), path.name)
    try:
        return Path(os.path.relpath(whole, place)).as_posix()
    except ValueError:
        return whole.as_posix()


def _nothing(listening: Listening, rule: ClipRule) -> str:
    first = "".join(f"\n  - {entry}" for entry in listening.unused[:5])
    more = f"\n  and {len(listening.unused) - 5} more" if len(listening.unused) > 5 else ""
    why = (
        f" What could not be used:{first}{more}"
        if first
        else f" All selections are called '{rule.none_label}', or there are none."
    )
    return f"There is nothing to learn from: no clip carries a label.{why}"


def _notes(listening: Listening, passed_over: list[Path]) -> list[str]:
    notes = [f"{note} ({count} files)" if count > 1 else note for note, count in sorted(listening.label_columns.items())]
    return notes + [f"passed over {listening.shown(path)}: it is a table of clips already" for path in passed_over]
