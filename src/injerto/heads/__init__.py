"""Station 6: heads, one for each kind of target."""

from __future__ import annotations

from injerto.heads.number import NumberHead
from injerto.heads.several_classes import ClassesHead
from injerto.heads.single_class import ClassHead
from injerto.heads.vector_head import VectorHead

HEADS: dict[str, type[VectorHead]] = {"class": ClassHead, "classes": ClassesHead, "number": NumberHead}
