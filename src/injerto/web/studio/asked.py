"""What a person asks for on the page, as the words of the command line that does it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from injerto.report.language import LanguageCode
from injerto.web.problems import Problem

Name = Annotated[str, Field(min_length=1, max_length=1000)]
Mode = Literal["auto", "probe", "finetune"]


class Asked(BaseModel):
    """As `Wishes` and the options of `injerto check` and `injerto train`; what is not said is inferred."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    targets: list[Name] = []
    """Names, with a kind after a colon or without."""
    inputs: list[Name] = []
    drop: list[Name] = []
    group: Name | None = None
    no_group: bool = False
    time: Name | None = None
    split: Name | None = None
    keypoints: bool = False
    mode: Mode | None = None
    budget: Annotated[float, Field(ge=1)] | None = None
    """Seconds."""
    seed: Annotated[int, Field(ge=0)] | None = None
    lang: LanguageCode | None = None
    """Of the report, and of what a look at the table is told in."""

    @classmethod
    def of(cls, data: object) -> Asked:
        """*Raises* Problem (422) naming the first option that is wrong."""
        try:
            return cls.model_validate(data)
        except ValidationError as slip:
            first = slip.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "it"
            raise Problem(
                422, f"What is asked for cannot be understood: {place}: {first['msg'].removeprefix('Value error, ')}."
            ) from slip

    def about_columns(self) -> list[str]:
        """The options that `check` and `train` share."""
        words = [word for name in self.targets for word in _option("--target", name)]
        words += [word for name in self.inputs for word in _option("--input", name)]
        words += [word for name in self.drop for word in _option("--drop", name)]
        named = {"--group": self.group, "--time": self.time, "--split": self.split}
        words += [word for option, name in named.items() if name is not None for word in _option(option, name)]
        words += ["--no-group"] if self.no_group else []
        return words + (["--keypoints"] if self.keypoints else [])

    def check(self, table: Path, *, quick: bool) -> list[str]:
        """The words after `injerto`."""
        return ["check", str(table), *self.about_columns(), *(["--quick"] if quick else [])]

    def train(self, table: Path, out: Path) -> list[str]:
        """The words after `injerto`."""
        words = ["train", str(table), *self.about_columns()]
        words += ["--mode", self.mode] if self.mode is not None else []
        words += ["--budget", f"{self.budget:g}"] if self.budget is not None else []
        words += ["--seed", str(self.seed)] if self.seed is not None else []
        words += ["--lang", self.lang] if self.lang is not None else []
        return [*words, "--out", str(out)]


def _option(name: str, value: str) -> list[str]:
    """A value that begins like an option is tied to its own."""
    return [f"{name}={value}"] if value.startswith("-") else [name, value]
