"""What the user declares: inputs, targets, split and training. From and to TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Self

import tomli_w
from pydantic import Field, ValidationError

from injerto.errors import SchemaError, did_you_mean
from injerto.schema.input import Input, InputKind
from injerto.schema.options import Options
from injerto.schema.split import Split
from injerto.schema.target import Detail, NumberLoss, PointHead, Target, TargetKind
from injerto.schema.training import Mode, Training

__all__ = [
    "Detail",
    "Input",
    "InputKind",
    "Mode",
    "NumberLoss",
    "Options",
    "PointHead",
    "Schema",
    "Split",
    "Target",
    "TargetKind",
    "Training",
]


class Schema(Options):
    """The whole declaration. Keys of `inputs`, `targets` and `dropped` are column names.

    Example:
        >>> schema = Schema(inputs={"mass_g": Input(kind="number")}, targets={"species": Target(kind="class")})
        >>> Schema.from_toml(schema.to_toml()) == schema
        True
    """

    targets: dict[str, Target]
    inputs: dict[str, Input]
    dropped: dict[str, str] = Field(default_factory=dict, description="Columns left out, with the reason.")
    split: Split = Field(default_factory=Split)
    training: Training = Field(default_factory=Training)

    @property
    def answered(self) -> dict[str, Target]:
        """The targets whose labels stand in the column of their own name: all but keypoints."""
        return {name: target for name, target in self.targets.items() if target.kind != "keypoints"}

    @property
    def individual(self) -> tuple[str, Target] | None:
        """The target whose labels are names of individuals on photos, with its name; None where there is none."""
        return next(((name, target) for name, target in self.targets.items() if target.kind == "individual"), None)

    @property
    def points(self) -> tuple[str, Target] | None:
        """The target whose labels are points on a photo, with its name; None where there is none."""
        return next(((name, target) for name, target in self.targets.items() if target.kind == "keypoints"), None)

    def to_toml(self) -> str:
        """The schema as text a person can edit."""
        return tomli_w.dumps(self.model_dump(exclude_none=True))

    def write(self, path: Path) -> None:
        """Write the text to `path`."""
        path.write_text(self.to_toml(), encoding="utf-8")

    @classmethod
    def from_toml(cls, text: str, *, origin: str = "schema") -> Self:
        """Read the text back. *Raises* SchemaError with every wrong key, value or syntax slip."""
        try:
            data = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as slip:
            raise SchemaError([f"{origin} is not valid TOML: {slip}."]) from slip
        return cls.from_data(data, origin=origin)

    @classmethod
    def from_data(cls, data: dict[str, Any], *, origin: str = "schema") -> Self:
        """Check nested options. *Raises* SchemaError with every wrong key or value."""
        try:
            return cls.model_validate(data)
        except ValidationError as wrong:
            raise SchemaError([_sentence(problem, origin) for problem in wrong.errors()]) from wrong

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a schema file. *Raises* SchemaError when it is missing or wrong."""
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError as slip:
            advice = "Check the path, or let `injerto check TABLE --write FILE` draft one."
            raise SchemaError([f"There is no schema file '{path}'. {advice}"]) from slip
        except (OSError, UnicodeDecodeError) as slip:
            raise SchemaError([f"The schema file {path} cannot be read: {slip}."]) from slip
        return cls.from_toml(text, origin=str(path))


def _sentence(problem: Any, origin: str) -> str:
    """One validation slip of pydantic as a sentence with the nearest valid key."""
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        wrong = str(problem["loc"][-1])
        valid = {*Schema.model_fields, *Input.model_fields, *Target.model_fields, *Split.model_fields, *Training.model_fields}
        return f"{origin}: '{place}' is not an option.{did_you_mean(wrong, sorted(valid))}"
    found = problem.get("input")
    shown = f" (found {found!r})" if not isinstance(found, dict) else ""
    return f"{origin}: '{place}': {problem['msg'].removeprefix('Value error, ')}{shown}."
