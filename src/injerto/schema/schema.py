"""What the user declares: inputs, targets, split and training. From and to TOML."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal, Self

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from injerto.errors import SchemaError, did_you_mean
from injerto.table.grouping import Grouping

InputKind = Literal["number", "category", "categories", "date", "image", "sound"]
TargetKind = Literal["class", "classes", "number", "keypoints", "individual"]
NumberLoss = Literal["squared", "absolute"]
Detail = Literal["fine", "coarse", "loose"]
PointHead = Literal["simcc", "heatmap", "regression"]
Mode = Literal["probe", "finetune", "auto"]


class Options(BaseModel):
    """Shared manners of every option group: no unknown keys, no changes after the fact."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Input(Options):
    """One column to learn from."""

    kind: InputKind
    reason: str = Field(default="declared", description="Why the column was taken for this kind.")
    backbone: str = Field(
        default="auto",
        description="Pretrained network of an image or sound column; columns that name the same one share it. "
        "See `injerto backbones`.",
    )
    min_count: int = Field(default=2, ge=1, description="Category levels seen less often in training become UNKNOWN.")
    separator: str = Field(default=";", min_length=1, description="Between the levels of one cell when the kind is categories.")
    vocabulary: str | None = Field(
        default=None,
        min_length=1,
        description="A name of your own: category columns that give the same one learn one list of levels and share its rows "
        "(home and away team).",
    )
    hash_rows: int | None = Field(
        default=None,
        ge=1,
        description="Keep no list of levels: a hash sends each to one of so many rows. For columns too wide to list.",
    )
    width: int | None = Field(
        default=None, ge=1, le=1024, description="Values a category level becomes; chosen from the number of levels if empty."
    )
    plant: str | None = Field(
        default=None,
        min_length=1,
        description="A model folder from whose category column the rows of this one start; `FOLDER:COLUMN` if it has another "
        "name there.",
    )
    plant_multiplier: float = Field(
        default=0.1,
        ge=0,
        allow_inf_nan=False,
        description="Learning-rate multiplier of planted rows, beside that of the embedders; 0 freezes them.",
    )
    clip_seconds: float | None = Field(
        default=None, gt=0, description="Length of sound looked at; chosen from the files if empty."
    )
    start: str | None = Field(
        default=None,
        min_length=1,
        description="Of sounds: the column that holds where in its file a row's clip starts, in seconds; an empty cell is the "
        "beginning.",
    )
    end: str | None = Field(
        default=None,
        min_length=1,
        description="Of sounds: the column that holds where the clip ends, in seconds; an empty cell is the end of the file.",
    )

    @property
    def times(self) -> list[str]:
        """The columns that hold the times of clips."""
        return [name for name in (self.start, self.end) if name is not None]


class Target(Options):
    """One column to predict; of keypoints, all the columns of points of one photo."""

    kind: TargetKind
    reason: str = Field(default="declared", description="Why the column was taken for this kind.")
    separator: str = Field(default=";", min_length=1, description="Between the labels of one cell when the kind is classes.")
    loss: NumberLoss = Field(
        default="squared",
        description="Of a number. squared: answers are means, and a far miss costs most; absolute: answers are medians, "
        "which a few wild labels do not move.",
    )
    photo: str | None = Field(
        default=None,
        min_length=1,
        description="Of keypoints: the column of photos that the points lie on. Of an individual: the column of photos that "
        "show it; with one column of photos it may be left out.",
    )
    box: list[str] = Field(
        default_factory=list,
        description="Of keypoints: the columns of a box on the photo, its left and upper edge, width and height in pixels, "
        "where several animals are on one photo, or small ones.",
    )
    points: list[str] = Field(
        default_factory=list,
        description="Of keypoints: the points; NAME is read from the columns NAME_x, NAME_y, NAME_visible.",
    )
    mirror: list[tuple[str, str]] = Field(
        default_factory=list,
        description="Of keypoints: pairs of points that change places in a mirrored photo. With none, photos are not mirrored.",
    )
    source: str | None = Field(
        default=None,
        min_length=1,
        description="Of keypoints: a column that names who placed the points; answers follow that one's habits.",
    )
    head: PointHead = Field(
        default="heatmap",
        description="Of keypoints. heatmap: a map of where each point may be; simcc: one row of bins for x and one for y; "
        "regression: two numbers.",
    )
    resolution: int | None = Field(
        default=None,
        ge=32,
        le=1024,
        multiple_of=32,
        description="Of keypoints and individuals: pixels a side of the square that the network sees; chosen from the photos' "
        "sizes if empty.",
    )
    sighting: str | None = Field(
        default=None,
        min_length=1,
        description="Of an individual: a column that says which photos are of one sighting. They stay on one side of the "
        "split, are never compared with each other, and are decided together.",
    )
    detail: Detail | None = Field(
        default=None,
        description="Of an individual. fine: small marks, for photos on which animals lie alike; loose: small marks that are "
        "looked for nearby, for animals that stand otherwise in every photo; coarse: larger shapes. Chosen from the photos if "
        "empty.",
    )
    flank: str | None = Field(
        default=None,
        min_length=1,
        description="Of an individual: a column that says which side of the animal a photo shows, where each side has marks of "
        "its own. Photos of different sides are not compared.",
    )
    turn_degrees: float | None = Field(
        default=None,
        ge=0,
        le=180,
        description="Of keypoints: photos are turned by up to so many degrees while training; told from how the rows differ if "
        "empty. 0 for the sides of a box, which do not turn along with what is in it.",
    )


class Split(Options):
    """Which rows train, tune and test."""

    column: str | None = Field(default=None, description="A column that says train, tune or test for every row.")
    group: str | None = Field(default=None, description="Rows with the same value stay on one side.")
    group_part: str | None = Field(
        default=None,
        min_length=1,
        description="Of the group: a regular expression; its bracket, the part of the cell that it finds, is the value, as "
        "`^([0-9]+)-` is 101 in 101-3-0.wav. A cell that it does not fit stands alone.",
    )
    group_seconds: float | None = Field(
        default=None,
        gt=0,
        description="Of a group of photos: those taken at most so many seconds after the one before, by file name or EXIF, "
        "stay on one side.",
    )
    group_reason: str | None = Field(default=None, description="Why the group was taken, where it was found and not told.")
    no_group: bool = Field(default=False, description="No rows belong together: none are looked for, in names or among files.")
    time: str | None = Field(default=None, description="The latest rows test, the ones before them tune.")
    test_share: float = Field(default=0.2, ge=0, lt=1, description="Share of rows kept apart for the honest score.")
    tune_share: float = Field(default=0.15, gt=0, lt=1, description="Share of rows that choose and calibrate.")
    folds: int | None = Field(
        default=None,
        ge=2,
        description="Score over so many folds of the rows that do not test, too: each is answered by a model that learned from "
        "the others. Groups stay whole.",
    )
    repeats: int = Field(default=1, ge=1, description="Of folds: draw them so many times, and average.")

    @field_validator("group_part")
    @classmethod
    def _is_expression(cls, part: str | None) -> str | None:
        try:
            re.compile(part or "")
        except re.error as slip:
            raise ValueError(f"is no regular expression ({slip})") from slip
        return part

    @model_validator(mode="after")
    def _folds_are_drawn(self) -> Self:
        if self.repeats > 1 and self.folds is None:
            raise ValueError(f"'repeats' is {self.repeats} and no 'folds' are asked for: say how many, such as 5")
        if self.folds is not None and self.time is not None:
            raise ValueError(
                f"'folds' are drawn by chance, and 'time' asks for the latest rows by '{self.time}': a fold would be answered "
                "by models that know its future. Keep one"
            )
        return self

    @model_validator(mode="after")
    def _is_one_group(self) -> Self:
        parts = {"'group_part'": self.group_part, "'group_seconds'": self.group_seconds}
        told = [name for name, option in parts.items() if option is not None]
        if told and self.group is None:
            raise ValueError(f"{' and '.join(told)} needs a group: the column that it reads")
        if len(told) > 1:
            raise ValueError(f"{' and '.join(told)} are two ways to read one group: keep one")
        if self.no_group and self.group is not None:
            raise ValueError(f"'no_group' says that no rows belong together, and 'group' names '{self.group}': keep one")
        return self

    @property
    def grouping(self) -> Grouping | None:
        """What rows belong together by; None where nothing keeps them together."""
        return None if self.group is None else Grouping(self.group, self.group_part, self.group_seconds)

    def names_in(self, column: str) -> bool:
        """Whether the group is the whole value of `column`."""
        return self.grouping == Grouping(column)


class Training(Options):
    """How the network learns."""

    mode: Mode = Field(
        default="auto", description="probe: frozen backbone; finetune: all layers; auto: measure both, keep the better."
    )
    budget_seconds: float | None = Field(default=None, gt=0, description="Stop training after this many seconds.")
    seed: int = Field(default=0, ge=0, description="Same seed, same machine: the same model, bit for bit.")
    epochs: int | None = Field(
        default=None, ge=1, description="At most this many passes; chosen by the kind of model if empty."
    )
    batch_rows: int | None = Field(default=None, ge=1, description="Rows in one step; chosen from the table's size if empty.")
    learning_rate: float | None = Field(
        default=None, gt=0, description="Rate of the head; chosen by the kind of model if empty."
    )
    multipliers: dict[str, float] = Field(
        default_factory=lambda: {"backbone": 0.1, "embedders": 1.0, "body": 1.0, "head": 1.0},
        description="Learning-rate multiplier of each parameter group, by its exact name.",
    )
    depth_decay: float = Field(
        default=1.0, gt=0, le=1, description="Backbone rates shrink by this factor a stage, from the head inwards."
    )
    augment: bool = Field(default=True, description="Vary photos and sounds while fine-tuning.")
    background: str | None = Field(
        default=None,
        min_length=1,
        description="A folder (from the table's) of recordings without the sounds to be learned: clips are laid over them, and "
        "a model of sounds learns when a sound begins and ends.",
    )
    patience: int | None = Field(
        default=None, ge=1, description="Stop after this many epochs without progress; chosen from the table's size if empty."
    )


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
