"""The kinds a column may be declared as, and a sentence for a kind that is none."""

from __future__ import annotations

from typing import Literal, get_args

from injerto.errors import did_you_mean
from injerto.schema.schema import InputKind, TargetKind

INPUT_KINDS: tuple[InputKind, ...] = get_args(InputKind)
TARGET_KINDS: tuple[TargetKind, ...] = get_args(TargetKind)
KEYPOINTS: TargetKind = "keypoints"
"""A kind of target that is no column's: it is asked for by itself."""
# Words people say for our kinds, where spelling alone would not lead there.
_OTHER_WORDS = {
    "photo": "image",
    "picture": "image",
    "audio": "sound",
    "clip": "sound",
    "recording": "sound",
    "numeric": "number",
    "float": "number",
    "integer": "number",
    "regression": "number",
    "amount": "number",
    "datetime": "date",
    "time": "date",
    "text": "category",
    "string": "category",
    "categorical": "category",
    "tags": "categories",
    "bag": "categories",
    "list": "categories",
    "label": "class",
    "classification": "class",
    "multilabel": "classes",
    "labels": "classes",
    "keypoint": KEYPOINTS,
    "point": KEYPOINTS,
    "points": KEYPOINTS,
    "landmark": KEYPOINTS,
    "landmarks": KEYPOINTS,
    "identity": "individual",
    "individuals": "individual",
    "animal": "individual",
}


def wrong_kind(name: str, kind: str, role: Literal["input", "target"]) -> str:
    """What to say about a kind; empty when it is one."""
    valid: tuple[str, ...] = INPUT_KINDS if role == "input" else tuple(one for one in TARGET_KINDS if one != KEYPOINTS)
    if kind in valid:
        return ""
    if _OTHER_WORDS.get(kind, kind) == KEYPOINTS:
        return (
            f"Column '{name}': keypoints are not the kind of one column. Use --keypoints: every pair of columns NAME_x and "
            "NAME_y is then a point to find on the photo."
        )
    other = _OTHER_WORDS.get(kind)
    near = f" Did you mean '{other}'?" if other in valid else did_you_mean(kind, valid)
    return f"Column '{name}': '{kind}' is not a kind of {role}.{near} Kinds: {', '.join(valid)}."
