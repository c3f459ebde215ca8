"""Labels of points that may be wrong, as the report, the model's folder and a person read them."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from injerto.heads.keypoints import KeypointsHead
from injerto.heads.point_column import framing_in
from injerto.learning.suspects import suspects_of
from injerto.table.cell_bytes import media_name
from injerto.table.table import Table


def doubts(head: KeypointsHead, table: Table, ridge: Tensor, network: Tensor) -> list[dict[str, Any]]:
    """The most suspicious first: `row` in the table as given, its `photo`, `point`, `truth` (the label) and `answer` (where it
    is told to be) as [x, y] in pixels of the photo as stored, `times` as far off as is typical, and the `reason`.

    `ridge` and `network` (N,K,2) are places in shares of the squares' sides by each, NaN for rows that it learned from.
    """
    column, photos = head.column(table), table.column(head.photo)
    found = suspects_of(
        head.encode(column).value[:, :, :2].double().numpy(),
        ridge.double().numpy(),
        framing_in(column),
        head.points,
        pairs=head.options.mirror,
        network=network.double().numpy(),
    )
    return [
        {
            "row": int(np.asarray(table.rows)[one.row]),
            "photo": media_name(photos.cell(one.row)),
            "point": one.point,
            "truth": [one.x, one.y],
            "answer": [one.told_x, one.told_y],
            "times": one.times,
            "reason": one.reason,
        }
        for one in found
    ]
