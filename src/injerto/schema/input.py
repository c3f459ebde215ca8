"""What a schema says of one column to learn from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from injerto.schema.options import Options

InputKind = Literal["number", "category", "categories", "date", "image", "sound"]


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
