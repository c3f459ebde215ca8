"""Stages of a recipe in its folder: each is trained once, and kept when the same command is given again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from injerto.artifact.place import is_model
from injerto.errors import OutputError
from injerto.model import Model, load
from injerto.progress import Progress
from injerto.schema.schema import Schema
from injerto.table.table import Table
from injerto.version import __version__
from injerto.whole_file import write_whole

NOTE = "stages.json"
"""Whose the folder is, and what each finished stage was trained from."""
COMMAND = "command"


@dataclass(frozen=True)
class Stages:
    """The folder of a recipe that is being trained."""

    folder: Path
    progress: Progress

    def claim(self, command: str, *, force: bool) -> None:
        """Make the folder that of `command`, one word for rows and wishes.

        *Raises* OutputError where something else stands there, which is never replaced, or the recipe of another command
        without `force`.
        """
        folder = self.folder
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"'{folder}' is not a folder. Give the name of a folder to be made for the recipe.")
        if folder.is_dir() and any(folder.iterdir()) and not (folder / NOTE).is_file():
            raise OutputError(f"'{folder}' exists and is no recipe of Injerto: choose another name, nothing was overwritten.")
        before = self.done().get(COMMAND)
        if before is not None and before != command and not force:
            raise OutputError(
                f"'{folder}' holds a recipe of other rows or options. Give another name, or force=True (on the command line "
                "--force) to replace it; stages that would come out the same are kept."
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as slip:
            raise OutputError(f"'{folder}' cannot be made: {slip.strerror or slip}.") from slip
        self._note(COMMAND, command)

    def _note(self, name: str, identity: str) -> None:
        noted = self.done() | {name: identity}
        write_whole(self.folder / NOTE, lambda file: file.write(json.dumps(noted, indent=1).encode()))

    def trained(self, name: str, identity: str, train: Callable[[Path], Model]) -> Model:
        """The model of the stage `name`: the one that stands there if it came of this `identity`, else what `train` makes."""
        place = self.folder / name
        if is_model(place) and self.done().get(name) == identity:
            self.progress.say(f"The {name} stands already, and is kept.")
            return load(place)
        self.progress.say(f"Training the {name}.")
        model = train(place)
        self._note(name, identity)
        return model

    def done(self) -> dict[str, str]:
        """The identity of every finished stage; nothing where none is finished, or the note cannot be read."""
        try:
            noted = json.loads((self.folder / NOTE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(name): str(identity) for name, identity in noted.items()} if isinstance(noted, dict) else {}


def identity_of(table: Table, declared: Schema | str, *before: str) -> str:
    """One word for the rows, what is asked of them, this version, and the stages `before`: another of it, another model."""
    asked = declared if isinstance(declared, str) else declared.to_toml()
    return hashlib.sha256("\n".join([table.digest(), asked, __version__, *before]).encode()).hexdigest()[:16]
