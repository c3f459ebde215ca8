"""How often a model's test rows were looked at: a line for each time, in a file of the model folder that only grows."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from injerto.artifact.artifact import Artifact
from injerto.artifact.known_rows import Known
from injerto.artifact.look import Look

FILE = "touches.jsonl"
"""Not under the seal: it changes, and no answer follows from it."""


@dataclass(frozen=True)
class Counted:
    """How often test rows have been looked at, this time included, and what a person should know of it."""

    times: int
    note: str


def first_look(artifact: Artifact) -> list[Look]:
    """Training's own look at the test rows; none where none were kept apart."""
    if not len(artifact.rows.test):
        return []
    count = len(artifact.rows.test)
    return [Look(_now(), "train", str(artifact.facts.get("table", "")), count, count)]


def look(artifact: Artifact, known: Known, *, by: str, table: str) -> Counted | None:
    """Count a look at the test rows that were `known` in a table; None when there were none.

    The line is appended in one step, so that two processes both count. A folder that cannot be written to is no mistake: the
    note says that the look was not counted.
    """
    if not known.test:
        return None
    one = Look(_now(), by, table, known.test, known.test_rows)
    unsaid = ""
    if artifact.home is None:
        artifact.looks.append(one)
    else:
        try:
            append(artifact.home, [one])
        except OSError as error:
            unsaid = f" This look is not counted for the next: '{artifact.home / FILE}' cannot be written ({_reason(error)})."
            artifact.looks.append(one)
        else:
            artifact.looks = read(artifact.home)
    times = len(artifact.looks)
    return Counted(
        times, f"{known.test:,} of the model's {known.test_rows:,} test rows are in this table. {told(times)}{unsaid}"
    )


def told(times: int) -> str:
    """What it means that test rows were looked at so often."""
    if times <= 1:
        return "The test rows have been looked at once, by training itself."
    return (
        f"The test rows have been looked at {times:,} times, training's own look included; choosing between models by them "
        "makes the score optimistic. Keep other rows for the last word."
    )


def append(folder: Path, looks: Sequence[Look]) -> None:
    """Add lines to the file of the model `folder`, at once. *Raises* OSError when it cannot be written."""
    lines = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in looks).encode()
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        os.write(handle, lines)
    finally:
        os.close(handle)


def read(folder: Path) -> list[Look]:
    """All looks so far; none without the file. A line that is damaged counts, as somebody looked."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [_one(line) for line in lines if line.strip()]


def _one(line: str) -> Look:
    try:
        found = json.loads(line)
        return Look(str(found["when"]), str(found["by"]), str(found["table"]), int(found["rows"]), int(found["of"]))
    except (ValueError, LookupError, TypeError, RecursionError):
        return Look("", "", "", 0, 0)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
