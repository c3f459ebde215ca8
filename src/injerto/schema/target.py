"""What a schema says of one column to predict."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from injerto.schema.options import Options

TargetKind = Literal["class", "classes", "number", "keypoints", "individual"]
NumberLoss = Literal["squared", "absolute"]
Detail = Literal["fine", "coarse", "loose"]
PointHead = Literal["simcc", "heatmap", "regression"]


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
