"""What is true of a figure whatever its value: which lie between 0 and 1, which count rows, which one tells most of a kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
Metric = Callable[[Array, Array], dict[str, float]]

# Figures that lie between 0 and 1; an interval must not leave that range.
SHARES = frozenset(
    {
        *("accuracy", "balanced_accuracy", "ece", "auc", "f1_macro", "f1_micro", "top5", "map", "subset_accuracy"),
        *("pck_05", "pck_10", "pck_20", "in_circle", "in_picture_auc"),
        *("top1", "known_recall", "new_recall", "auroc", "new_ece"),
        *("iou_median", "iou_from_0.5", "iou_from_0.75", "within_0.05", "within_0.10", "exchanged"),
    }
)
# Shares of the rows, each right or wrong by itself; the other figures between 0 and 1 are means of something else.
ROW_SHARES = frozenset(
    {
        *("accuracy", "top1", "top5", "subset_accuracy", "known_recall"),
        *("iou_from_0.5", "iou_from_0.75", "within_0.05", "within_0.10", "exchanged"),
    }
)
# Counts of rows travel with the figures, but an interval around them would mean nothing.
COUNTS = frozenset({"mape_left_out"})
# By kind of target, the figure that is told where there is room for one.
MAIN = {"class": "accuracy", "classes": "map", "number": "mae", "keypoints": "mean_px", "individual": "top1"}
