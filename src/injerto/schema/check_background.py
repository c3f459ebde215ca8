"""Problems of the folder of backgrounds: whether it is there, can be read, and is of use to this table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from injerto.errors import MediaError, TableError
from injerto.places.address import Place, joined
from injerto.places.opened import exists, is_folder
from injerto.schema.guess import counted
from injerto.schema.problems import Problem
from injerto.schema.schema import Schema
from injerto.table.folder import sound_files
from injerto.table.recording import blocks
from injerto.table.suffixes import SOUND_SUFFIXES
from injerto.table.table import Table

MOST_FILES = 500
"""So many are opened before learning, and of each the first seconds are read."""
READ_S, RATE_HZ = 10.0, 8000
_MOST_NAMED = 10


def check_background(schema: Schema, table: Table) -> Iterator[Problem]:
    """An error for a folder without sounds that can be read, a warning for those that cannot and where it is of little use."""
    background = schema.training.background
    if background is None:
        return
    folder = joined(table.folder, background)
    if not is_folder(folder):
        found = "is a file" if exists(folder) else "does not exist"
        yield Problem("error", "", f"The folder of backgrounds '{background}' {found}. Give a folder with recordings in it.")
    else:
        yield from _sounds(background, folder)
    yield from _use(schema)


def _sounds(background: str, folder: Place) -> Iterator[Problem]:
    """What is wrong with the recordings themselves."""
    try:
        files = sound_files(folder)
    except TableError as slip:
        yield Problem("error", "", f"The folder of backgrounds '{background}' cannot be used. {slip}")
        return
    if not files:
        endings = ", ".join(sorted(SOUND_SUFFIXES))
        yield Problem("error", "", f"The folder of backgrounds '{background}' holds no sound ({endings}). Give another one.")
        return
    bad: list[str] = []
    silent = 0
    for path in files[:MOST_FILES]:
        try:
            block = next(blocks(path, rate_hz=RATE_HZ, block_seconds=READ_S), None)
        except MediaError as slip:
            bad.append(f"'{str(path)[len(str(folder)) + 1 :]}' ({slip.reason})")
        else:
            silent += block is None or float(np.ptp(block.samples)) == 0.0
    tried = len(files[:MOST_FILES])
    if bad:
        named = "; ".join(bad[:_MOST_NAMED]) + (f"; and {len(bad) - _MOST_NAMED:,} more" if len(bad) > _MOST_NAMED else "")
        cannot = f"of {counted(tried, 'recording')} in the folder of backgrounds '{background}' can"
        if len(bad) == tried:
            yield Problem("error", "", f"None {cannot} be read: {named}. Give a folder with recordings in it.")
        else:
            yield Problem("warning", "", f"{len(bad):,} {cannot}not be read: {named}. The others are used.")
    if silent and silent == tried - len(bad):
        yield Problem(
            "warning",
            "",
            f"The folder of backgrounds '{background}' holds nothing but silence: what a sound must be told from, wind, water, "
            "other animals, is not in it. Was the microphone plugged in?",
        )


def _use(schema: Schema) -> Iterator[Problem]:
    """What the table can have of backgrounds."""
    kinds = [options.kind for options in schema.inputs.values()]
    if "sound" not in kinds:
        said = (
            "There is a folder of backgrounds, but no column of sounds: it will not be used. Leave it out, or declare a sound."
        )
        yield Problem("warning", "", said)
    elif kinds != ["sound"] or [options.kind for options in schema.targets.values()] != ["class"]:
        targets = ", ".join(f"'{name}' ({options.kind})" for name, options in schema.targets.items())
        inputs = ", ".join(f"'{name}' ({options.kind})" for name, options in schema.inputs.items())
        said = (
            "There is a folder of backgrounds, but when a sound begins and ends is learned only from one column of sounds and "
            f"nothing else, for one target of kind class. Found: {inputs} for {targets}. The backgrounds vary the sounds while "
            "layers are fine-tuned, and serve nothing else."
        )
        yield Problem("warning", "", said)
