"""What every figure means, in a sentence, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Meaning:
    """A figure's title, its sentence, and whether higher or lower is better, or what was aimed at; a share is from 0 to 1."""

    title: str
    sentence: str
    better: Literal["higher", "lower", "near 0.9"]
    share: bool = False


MEANINGS: dict[str, Meaning] = {
    "accuracy": Meaning("accuracy", "Share of rows whose answer is right.", "higher", share=True),
    "balanced_accuracy": Meaning(
        "balanced accuracy",
        "Share answered right of each class, averaged: rare classes count like common ones. Of individuals: of known and new.",
        "higher",
        share=True,
    ),
    "auc": Meaning(
        "AUC",
        "Chance that a row of the class gets a higher probability than one of another. 0.5 is guessing.",
        "higher",
        share=True,
    ),
    "f1_macro": Meaning(
        "F1, by class", "Balance of finding a class and not inventing it, averaged over the classes.", "higher", share=True
    ),
    "f1_micro": Meaning(
        "F1, overall", "Balance of finding labels and not inventing them, over all labels.", "higher", share=True
    ),
    "top1": Meaning(
        "the first is right",
        "Share of rows, of those whose individual is in the gallery, whose likeliest name is right.",
        "higher",
        share=True,
    ),
    "top5": Meaning(
        "among the first five",
        "Share of rows whose true class, or individual of the gallery, is among the five likeliest answers.",
        "higher",
        share=True,
    ),
    "map": Meaning(
        "mean average precision",
        "How well each class's rows come first when sorted by its probability, averaged. Of individuals: how well the "
        "gallery's photos of the right one come before those of others.",
        "higher",
        share=True,
    ),
    "subset_accuracy": Meaning("all labels right", "Share of rows with exactly the right set of labels.", "higher", share=True),
    "log_loss": Meaning("log loss", "Cost of the probabilities: sure and wrong costs most. 0 is perfect.", "lower"),
    "known_recall": Meaning(
        "known, not called new",
        "Share of rows with an individual of the gallery whose chance of being new is below a half.",
        "higher",
        share=True,
    ),
    "new_recall": Meaning(
        "new, called new", "Share of rows with a new individual that is at least as likely new as not.", "higher", share=True
    ),
    "auroc": Meaning(
        "new or known",
        "Chance that a new individual gets a higher probability of being new than a known one. 0.5 is guessing.",
        "higher",
        share=True,
    ),
    "brier": Meaning("Brier score", "Squared distance between probabilities and what was true. 0 is perfect.", "lower"),
    "ece": Meaning(
        "calibration error", "Distance between how sure the answers are and how often they are right.", "lower", share=True
    ),
    "new_log_loss": Meaning(
        "log loss, new or known", "Cost of the chance of being new; known and new rows count half each.", "lower"
    ),
    "new_brier": Meaning(
        "Brier score, new or known",
        "Squared distance between the chance of being new and what was true; known and new rows count half each.",
        "lower",
    ),
    "new_ece": Meaning(
        "calibration error, new or known",
        "Distance between the chance of being new and how often that is so; known and new rows count half each.",
        "lower",
        share=True,
    ),
    "rmse_px": Meaning(
        "root mean squared error, in pixels", "Typical error of an x or a y on the photo; far misses weigh more.", "lower"
    ),
    "mean_px": Meaning("mean distance, in pixels", "How far answers lie from the true place, on average.", "lower"),
    "median_px": Meaning("median distance, in pixels", "Half of the answers lie closer than this.", "lower"),
    "nme": Meaning(
        "normalised mean error",
        "Mean distance as a share of the length of reference: between a pair of points, or across all of them.",
        "lower",
    ),
    **{
        f"pck_{share:02d}": Meaning(
            f"found within {share} %", f"Share of points within {share} % of the length of reference.", "higher", share=True
        )
        for share in (5, 10, 20)
    },
    "in_circle": Meaning("in the circle", "Share of true places within the radius; made to be 90 %.", "near 0.9", share=True),
    "radius_px": Meaning("mean radius, in pixels", "How large the circles are that hold nine of ten true places.", "lower"),
    "in_picture_auc": Meaning(
        "in the picture or not",
        "Chance that a point in the picture gets a higher probability of being there than one that is not. 0.5 is guessing.",
        "higher",
        share=True,
    ),
    "rmse": Meaning("root mean squared error", "Typical error in the column's own units; large errors weigh more.", "lower"),
    "mae": Meaning("mean absolute error", "Average error in the column's own units.", "lower"),
    "median_ae": Meaning("median error", "Half of the answers are closer than this, in the column's own units.", "lower"),
    "mape": Meaning(
        "mean percentage error", "Average error as a share of the true value, over rows whose true value is not 0.", "lower"
    ),
    "mape_left_out": Meaning(
        "rows without a percentage", "Rows whose true value is 0, left out of the percentage error.", "lower"
    ),
    "r2": Meaning(
        "R squared", "Share of the column's variation that the answers explain. 0 is no better than the mean.", "higher"
    ),
}
