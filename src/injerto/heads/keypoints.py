"""Points on a photo: where each is, within how many pixels, how surely, and whether it is in the picture at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import polars as pl
import torch
from torch import Tensor, nn

from injerto.errors import TrainingError, did_you_mean
from injerto.heads.circles import COVERAGE, Circles
from injerto.heads.conformal import rows_needed
from injerto.heads.cover import Cover
from injerto.heads.head import Head, Labels
from injerto.heads.locate import LOCATORS
from injerto.heads.point_column import framing_in, inside, pixels_in, point_column
from injerto.heads.radii import Radii
from injerto.schema.guess import counted
from injerto.schema.mirror import swap_index
from injerto.schema.point_labels import listed
from injerto.schema.points import KEPT_OUTSIDE_UNIT
from injerto.schema.schema import Target
from injerto.table.boxes import boxed_column
from injerto.table.column import Column
from injerto.table.framing import framing_of
from injerto.table.keypoints.columns import points_in, points_named
from injerto.table.table import Table

ANSWERS = ("x", "y", "radius", "confidence", "in_picture")
"""What is answered of each point, in this order; the columns of predictions are NAME_x and so on."""
LOCATED = 4
"""What the network says of each point: x and y in shares of the square's side, how unsure, the chance that it is there."""


class KeypointsHead(Head):
    """Labels (N,K,3): x and y in shares of the square around the photo, then 1 for a point that is there, 0 for one that is
    not, NaN where nothing is said. Answers (N,K,5) as `ANSWERS` has them, in pixels of the photo as stored.
    """

    kind = "keypoints"
    covers = True

    def __init__(self, name: str, options: Target) -> None:
        super().__init__(name, options)
        self.graded_: bool | None = None
        self.middle_: list[list[float]] = []
        self.reference_: list[str] | None = None
        self.circles = Circles(len(options.points))
        self.locate: nn.Module = nn.Identity()
        self.there: nn.Module = nn.Identity()

    @property
    def parts(self) -> list[str]:
        return self.options.points

    @property
    def points(self) -> list[str]:
        """The names of the points, K of them."""
        return self.options.points

    @property
    def choices(self) -> list[str]:
        return self.options.points

    @property
    def swap(self) -> Tensor | None:
        """The permutation (K,) of the points in a mirrored photo; None where photos are not mirrored."""
        return torch.tensor(swap_index(self.points, self.options.mirror)) if self.options.mirror else None

    def reads(self, columns: Sequence[str]) -> list[str]:
        found = points_named(self.points, columns).columns
        return list(found) or [f"{point}_{axis}" for point in self.points for axis in "xy"]

    def unsaid(self, columns: Sequence[str]) -> str:
        there = points_in(columns)
        without = [point for point in self.points if point not in there.names]
        if not without:
            return ""
        spare = [name for name in there.names if name not in self.points] + [half.column for half in there.halves]
        near = did_you_mean(f"{without[0]}_x", spare) or did_you_mean(without[0], spare)
        return (
            f"Not scored, as the table does not have both of their columns NAME_x and NAME_y: "
            f"{counted(len(without), 'point')} of {len(self.points)}, {listed(without)}.{near}"
        )

    @property
    def photo(self) -> str:
        """The column of photos that the points lie on."""
        assert self.options.photo is not None  # `check` refuses a schema without
        return self.options.photo

    def column(self, table: Table) -> Column:
        """What is known of the points, and of the square around the photo. Points that no column holds are unknown: rows to be
        answered have none.
        """
        return point_column(self.name, table, self.options, graded=self.graded_)

    def fit(self, column: Column) -> Self:
        labels = self.encode(column)
        placed = ~labels.value[:, :, 0].isnan()
        never = [name for name, known in zip(self.points, placed.any(dim=0).tolist(), strict=True) if not known]
        if never:
            raise TrainingError(
                f"No training row knows where these points are: {', '.join(never)}. Fill some in, or leave out their columns."
            )
        self.graded_ = bool(column.values.struct.field("graded")[0])
        self.middle_ = [labels.value[placed[:, k], k, :2].double().mean(dim=0).tolist() for k in range(len(self.points))]
        self.reference_ = self._widest_pair(column)
        return self

    def _widest_pair(self, column: Column) -> list[str] | None:
        """The mirror pair that is known in most rows, of those the one farthest apart: errors are told in shares of it."""
        xy, _ = pixels_in(column)
        best: tuple[int, float, list[str]] | None = None
        for left, right in self.options.mirror:
            apart = np.linalg.norm(xy[:, self.points.index(left)] - xy[:, self.points.index(right)], axis=1)
            known = int(np.isfinite(apart).sum())
            if known and (best is None or (known, float(np.nanmedian(apart))) > best[:2]):
                best = known, float(np.nanmedian(apart)), [left, right]
        return None if best is None else best[2]

    def encode(self, column: Column) -> Labels:
        xy, state = pixels_in(column)
        unit = framing_in(column).unit_of(xy)
        # A point a little outside is not in the picture and has its place all the same; farther out, that is all that is known.
        far = np.nan_to_num(np.abs(unit - 0.5).max(axis=2), nan=0.0) - 0.5 > KEPT_OUTSIDE_UNIT
        state = np.where(np.isnan(unit).any(axis=2), state, inside(xy, framing_in(column)))
        unit[far] = np.nan
        value = np.concatenate([unit, state[:, :, None]], axis=2)
        return Labels(torch.from_numpy(value).float(), torch.from_numpy(~np.isnan(state).all(axis=1)))

    def truth(self, column: Column) -> Labels:
        """Pixels (N,K,4): x, y, the length that errors are shares of, and whether the point is in the picture."""
        xy, state = pixels_in(column)
        there = np.where(np.isnan(xy).any(axis=2), state, inside(xy, framing_in(column)))
        length = np.broadcast_to(self._length(xy)[:, None], state.shape)
        value = np.concatenate([xy, length[:, :, None], there[:, :, None]], axis=2)
        return Labels(torch.from_numpy(value), torch.from_numpy(~np.isnan(state).all(axis=1)))

    def _length(self, xy: np.ndarray) -> np.ndarray:
        """Pixels (N,): between the two points of reference; without such a pair, across the box around the known points."""
        if self.reference_ is not None:
            left, right = (self.points.index(name) for name in self.reference_)
            length = np.linalg.norm(xy[:, left] - xy[:, right], axis=1)
        else:
            filled = [np.where(np.isnan(xy), empty, xy) for empty in (-np.inf, np.inf)]
            length = np.linalg.norm(filled[0].max(axis=1) - filled[1].min(axis=1), axis=1)
        return np.asarray(np.where(np.isfinite(length) & (length > 0), length, np.nan))

    def strange(self, column: Column) -> pl.Series:
        return pl.Series([], dtype=pl.String)  # no place is one that training must have shown

    def graft(self, width: int) -> Self:
        """Build the 1x1 convolutions on a map of `width` channels."""
        count = len(self.points)
        self.locate = LOCATORS[self.options.head](width, count)
        self.there = nn.Conv2d(width, count, kernel_size=1)
        return self

    def forward(self, places: Tensor) -> Tensor:
        """A map (B,C,H,H) to (B,K,2n+1): logits over n bins of x, of y, and a logit of being in the picture."""
        logits, there = self.locate(places), self.there(places.float().mean(dim=(2, 3), keepdim=True))
        return torch.cat([logits.flatten(2), there[:, :, :, 0]], dim=2)

    def calibrate(self, output: Tensor, labels: Labels) -> None:
        """`output` (N,K,4) as `LOCATED`: of rows that taught nothing."""
        true = labels.value.double()
        errors = (output[:, :, :2].double() - true[:, :, :2]).norm(dim=2)
        self.circles.fit(errors, output[:, :, 2].double(), ~errors.isnan())

    @property
    def rows_held_out(self) -> tuple[int, float]:
        """The known points of the tune rows, taken for one another's like."""
        return int(self.circles.rows), 1.0

    def cover(self, coverage: float) -> Cover | None:
        places = int(self.circles.rows)
        if places < rows_needed(1 - coverage):
            return None
        wider = float(self.circles.reach(coverage) / self.circles.reach(COVERAGE))
        return Radii(tuple(self.points), coverage, wider, places)

    def answer(self, output: Tensor) -> Tensor:
        """`output` (N,K,4) to answers (N,K,5), lengths still in shares of the square's side."""
        located = output.double()
        unsure, there = located[:, :, 2], located[:, :, 3]
        answers = [located[:, :, 0], located[:, :, 1], self.circles.radius(unsure), self.circles.confidence(unsure) * there]
        return torch.stack([*answers, there], dim=2)

    def baseline(self, count: int) -> Tensor:
        """Every point where it is on average, in shares of the square's side."""
        middle = torch.tensor(self.middle_, dtype=torch.float64)
        rest = torch.tensor([torch.nan, torch.nan, torch.nan], dtype=torch.float64).expand(len(middle), 3)
        return torch.cat([middle, rest], dim=1).expand(count, -1, -1)

    def placed(self, answer: Tensor, table: Table) -> Tensor:
        """Answers with their lengths in pixels of the photos in `table`."""
        framing = framing_of(boxed_column(table, self.photo, self.options.box))
        values = answer.double().numpy().copy()
        values[:, :, :2] = framing.pixels_of(values[:, :, :2])
        values[:, :, 2] *= framing.side[:, None]
        return torch.from_numpy(values)

    def decode(self, answer: Tensor) -> dict[str, pl.Series]:
        columns = {}
        for place, name in enumerate(self.points):
            for index, what in enumerate(ANSWERS):
                columns[f"{name}_{what}"] = pl.Series(answer[:, place, index].numpy()).fill_nan(None)
        return columns

    def state(self) -> dict[str, Any]:
        return {"graded": self.graded_, "middle": self.middle_, "reference": self.reference_}

    def restore(self, state: dict[str, Any]) -> Self:
        self.graded_ = bool(state["graded"])
        self.middle_ = [[float(value) for value in point] for point in state["middle"]]
        self.reference_ = state["reference"]
        return self
