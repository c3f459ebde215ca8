"""Nodes of an ONNX graph by hand, for what PyTorch has no operators for: texts, photos of any size, sounds of any length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

import numpy as np

from injerto.export.packages import onnx_packages

ML_DOMAIN = "ai.onnx.ml"
WHOLE, BOOL, DOUBLE = 7, 9, 11
"""Types by their numbers in ONNX: int64, bool and float64."""


@dataclass
class Nodes:
    """Nodes and constants in the order in which they are added. Each verb gives the name of what its node puts out.

    `prefix` begins every name that is made here, so that no column is called the same.
    """

    prefix: str
    made: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def add(self, kind: str, *inputs: str, out: str | None = None, domain: str = "", **attributes: Any) -> str:
        """One node; `out` names its output where that must be known by others."""
        name = out or f"{self.prefix}/{len(self.made)}"
        helper = onnx_packages().onnx.helper
        self.made.append(helper.make_node(kind, list(inputs), [name], name=f"made {name}", domain=domain, **attributes))
        return name

    def constant(self, values: Any, dtype: type | None = None) -> str:
        """An array, or texts."""
        name = f"{self.prefix}/constant {len(self.constants)}"
        array = np.array(values, dtype=dtype)
        self.constants.append(onnx_packages().onnx.numpy_helper.from_array(array, name))
        return name

    def whole(self, *values: int) -> str:
        """A constant of whole numbers, one axis."""
        return self.constant(values, np.int64)

    def size(self, of: str, axis: int) -> str:
        """The length (1,) of an axis."""
        return self.add("Shape", of, start=axis, end=axis + 1)

    def looked_up(self, texts: str, keys: Sequence[str], values: Sequence[int], default: int, *, out: str | None = None) -> str:
        """Whole numbers by text, in either of Unicode's usual forms."""
        known = dict(zip(keys, values, strict=True))
        known = {normalize("NFD", key): value for key, value in known.items()} | known
        keys, values = list(known), list(known.values())
        attributes = {"keys_strings": list(keys), "values_int64s": list(values), "default_int64": default}
        return self.add("LabelEncoder", texts, out=out, domain=ML_DOMAIN, **attributes)

    def column(self, table: str, place: int) -> str:
        """One column (N,) of (N,K)."""
        return self.add("Squeeze", self.add("Gather", table, self.whole(place), axis=1), self.whole(1))

    def texts_of(self, codes: str, texts: Sequence[str], *, out: str | None = None) -> str:
        """Texts by their places, in codes of any shape."""
        keys = list(range(len(texts)))
        attributes = {"keys_int64s": keys, "values_strings": list(texts), "default_string": ""}
        return self.add("LabelEncoder", codes, out=out, domain=ML_DOMAIN, **attributes)


def joined(nodes: Nodes, on: str, texts: Sequence[str], separator: str, *, out: str) -> None:
    """One text (N,) of K `texts`, each a constant (1,) or one a row (N,): those that are `on` (N,K), `separator` between."""
    nothing, between = nodes.constant([""], object), nodes.constant([separator], object)
    said = nodes.add("Expand", nothing, nodes.size(on, 0))
    for place, text in enumerate(texts):
        first = nodes.add("Equal", said, nothing)
        longer = nodes.add("StringConcat", nodes.add("StringConcat", said, between), text)
        said = nodes.add("Where", nodes.column(on, place), nodes.add("Where", first, text, longer), said)
    nodes.add("Identity", said, out=out)


def label_of(nodes: Nodes, code: str, levels: Sequence[str | int | bool], *, out: str) -> str:
    """Name the levels of codes (N,): as whole numbers where they are such, else as text. Gives the type as ONNX calls it."""
    if all(isinstance(level, int) and not isinstance(level, bool) for level in levels):
        nodes.add("Gather", nodes.constant(list(levels), np.int64), code, out=out)
        return "INT64"
    texts = [str(level).lower() if isinstance(level, bool) else str(level) for level in levels]
    nodes.texts_of(code, texts, out=out)
    return "STRING"
