"""Names, and "new", that are said of individuals where another share of what is said may be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import torch
from torch import Tensor

from injerto.heads.abstention import Abstention
from injerto.heads.answer_layout import CHANCES, CODES, NEW, RANK
from injerto.heads.decision import Decision


@dataclass(frozen=True)
class NamedOrNew(Abstention):
    """The head's `Decision` with limits for another share of errors; its bound holds in nine of ten draws, see `outcome.py`."""

    name: str
    individuals: Sequence[str]
    decision: Decision

    @property
    def words(self) -> str:
        return self.decision.words

    def told(self, answer: Tensor) -> Tensor:
        return torch.tensor([said != "cannot tell" for said in self._said(answer)], dtype=torch.bool)

    def wrong(self, answer: Tensor, truth: Tensor) -> Tensor:
        """`truth` (n,) is 1 for individuals of the gallery, 0 for new ones."""
        new = torch.tensor([said == "new" for said in self._said(answer)], dtype=torch.bool)
        known = truth == 1
        return torch.where(new, known, ~(known & (answer[:, RANK] == 1)))

    def columns(self, answer: Tensor) -> dict[str, pl.Series]:
        said = self._said(answer)
        codes = answer[:, CODES.start].long().tolist()
        named = [self.individuals[code] if one == "known" else None for one, code in zip(said, codes, strict=True)]
        return {self.name: pl.Series(named, dtype=pl.String), f"{self.name}_decision": pl.Series(said, dtype=pl.String)}

    def _said(self, answer: Tensor) -> list[str]:
        best = answer[:, CHANCES.start].nan_to_num(0.0)
        return list(self.decision.decide(torch.stack([best, answer[:, NEW]], dim=1)))
