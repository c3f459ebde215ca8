"""Station 6: heads, one for each kind of target."""

from __future__ import annotations

from injerto.heads.head import Head
from injerto.heads.number import NumberHead
from injerto.heads.several_classes import ClassesHead
from injerto.heads.single_class import ClassHead

HEADS: dict[str, type[Head]] = {"class": ClassHead, "classes": ClassesHead, "number": NumberHead}
