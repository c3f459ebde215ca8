"""What a schema says of which rows train, tune and test."""

from __future__ import annotations

import re
from typing import Self

from pydantic import Field, field_validator, model_validator

from injerto.schema.options import Options
from injerto.table.grouping import Grouping


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
