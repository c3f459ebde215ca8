"""An individual: a vector close to those of its other photos, and somebody new where nobody's are close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
import polars as pl
import torch
from torch import Tensor, nn
from torch.nn import functional

from injerto.errors import TrainingError
from injerto.gallery.asked import Asked
from injerto.gallery.entries import PhotoColumns
from injerto.gallery.gallery import Gallery
from injerto.gallery.precision import admits, average_precision
from injerto.heads.abstention import Abstention
from injerto.heads.answer_layout import CHANCES, CODES, NEW, WIDTH, answers
from injerto.heads.decision import Decision
from injerto.heads.head import Head, Labels
from injerto.heads.individual_column import asked_in, individual_column, names_in
from injerto.heads.named_or_new import NamedOrNew
from injerto.heads.outcome import queries_needed
from injerto.schema.schema import Detail, Target
from injerto.table.column import Column
from injerto.table.groups import codes_of
from injerto.table.table import Table

MOST_RANKED = 5000
"""With more individuals than these in the gallery, a query is compared with the nearest only."""
NEAREST = 200
_BLOCK = 256


class IndividualHead(Head):
    """Learns a centre for every individual, and one for its mirrored photos, which are another's.

    Answers are not tied to whom it learned: they are whoever is in the `gallery`, or somebody new, by the `decision`.
    Outputs are unit vectors (N,D); answers in a table have the columns of `answer_layout.py`.
    """

    kind = "individual"
    strange_words = "These individuals of '{}' are not in the gallery"
    strange_fate = "count as new"
    abstains = True

    def __init__(self, name: str, options: Target) -> None:
        super().__init__(name, options)
        self.classes_: list[tuple[str, str | None]] = []
        self.flanks_: list[str] = []
        self.detail_: Detail = options.detail or "fine"
        self.gallery = Gallery.empty(0)
        self.decision = Decision()
        self.centres = nn.Parameter(torch.empty(0, 0))
        self.width = 0

    @property
    def centred(self) -> bool:
        """Whether it learns a centre for everybody; loose marks of a batch's photos are compared among themselves."""
        return self.detail_ != "loose"

    @property
    def cost(self) -> str:
        return self.kind if self.centred else f"{self.kind}, among themselves"

    @property
    def photo(self) -> str:
        """The column of photos."""
        assert self.options.photo is not None  # `check` refuses a schema without
        return self.options.photo

    @property
    def photo_columns(self) -> PhotoColumns:
        """The columns of a table that say what the gallery keeps of a photo."""
        return PhotoColumns(self.name, self.photo, sighting=self.options.sighting, flank=self.options.flank)

    def column(self, table: Table) -> Column:
        """Names, and what says which photos of the gallery a row may not be compared with; names are empty where not known."""
        return individual_column(self.name, table, self.options)

    def fit(self, column: Column) -> Self:
        """Everybody in the training rows. *Raises* TrainingError for fewer than two."""
        known = names_in(column)
        found = pl.DataFrame({"name": known, "flank": column.values.struct.field("flank")}).drop_nulls("name")
        self.classes_ = found.unique().sort("name", "flank").rows()
        if len({name for name, _ in self.classes_}) < 2:
            who = f"only '{self.classes_[0][0]}'" if self.classes_ else "no name at all"
            raise TrainingError(
                f"Column '{column.name}' has {who} among the {len(column)} training rows. "
                "To tell individuals apart at least two are needed: add rows, or check the split."
            )
        self.flanks_ = sorted({flank for _, flank in self.classes_ if flank is not None})
        return self

    @property
    def known_individuals(self) -> list[str]:
        """The names it learned centres of."""
        return list(dict.fromkeys(name for name, _ in self.classes_))

    @property
    def choices(self) -> list[str]:
        return self.gallery.individuals

    def turned_round(self, table: Table) -> np.ndarray | None:
        """Rows (N,) bool that show the second of two flanks: turned round, animals look the same way."""
        if len(self.flanks_) != 2 or self.options.flank is None or self.options.flank not in table.columns:
            return None
        flank = self.column(table).values.struct.field("flank")
        return (flank == self.flanks_[1]).fill_null(False).to_numpy()

    def graft(self, width: int) -> Self:
        """A centre for each individual on vectors of `width` numbers, and after these one for each in a mirror. Answers have
        the numbers of both looks; where nobody has a centre they have those of one.
        """
        self.width = 2 * width if self.centred else width
        if self.centred:
            self.centres = nn.Parameter(functional.normalize(torch.randn(2 * len(self.classes_), width), dim=1))
        return self

    def forward(self, vectors: Tensor) -> Tensor:
        """Vectors (B,width) of any length to cosines (B,2C)."""
        return functional.normalize(vectors, dim=1) @ functional.normalize(self.centres, dim=1).T

    def encode(self, column: Column) -> Labels:
        """Codes (N,2) of individual with flank, and of sighting, -1 where not known; strangers are unknown."""
        places = {one: code for code, one in enumerate(self.classes_)}
        flanks = column.values.struct.field("flank").to_list()
        codes = [places.get(one, -1) for one in zip(names_in(column).to_list(), flanks, strict=True)]
        sightings = codes_of(column.values.struct.field("sighting"))
        value = torch.stack([torch.tensor(codes, dtype=torch.int64), torch.from_numpy(sightings)], dim=1)
        return Labels(value, value[:, 0] >= 0)

    def truth(self, column: Column) -> Labels:
        """1.0 for rows whose individual has a photo in the gallery that they may be compared with, 0.0 for new individuals."""
        names = names_in(column)
        there = admits(self.gallery.index, asked_in(column), names.to_list())
        return Labels(there.double(), names.is_not_null().to_torch())

    def strange(self, column: Column) -> pl.Series:
        names = names_in(column).drop_nulls()
        return names.filter(~names.is_in(self.gallery.individuals))

    def answer(self, output: Tensor) -> Tensor:
        return output

    def baseline(self, count: int) -> Tensor:
        """Vectors that say nothing: then everybody is as likely as they were often photographed."""
        return torch.full((count, self.width), torch.nan)

    def placed(self, answer: Tensor, table: Table) -> Tensor:
        """Vectors (n,D) of the rows of `table` to answers (n,5+2K), see `answer_layout.py`."""
        asked, names = self._asked_of(table)

        def found(rows: np.ndarray) -> Tensor:
            vectors, own, there = answer[rows].float(), [names[row] for row in rows], asked.take(rows)
            scores, codes = self.scores(vectors, there)
            if vectors.isnan().any():
                chances = scores.exp() / scores.exp().sum(dim=1, keepdim=True)
                probabilities = torch.cat([chances / 2, torch.full((len(chances), 1), 0.5)], dim=1).double()
            else:
                probabilities = self.decision.probabilities(scores).double()
            precision = average_precision(self.gallery.index, vectors, there, own)
            return answers(probabilities, codes, self.codes(own), precision)

        return _by_blocks(found, len(answer))

    def placed_plain(self, answer: Tensor, table: Table) -> Tensor:
        """What `placed` gives, without average precision, if no query had ever told how sure to be: see `Decision.plain`."""
        asked, names = self._asked_of(table)

        def found(rows: np.ndarray) -> Tensor:
            scores, codes = self.scores(answer[rows].float(), asked.take(rows))
            true = self.codes([names[row] for row in rows])
            return answers(Decision.plain(scores), codes, true, torch.full((len(rows),), torch.nan))

        return _by_blocks(found, len(answer))

    def _asked_of(self, table: Table) -> tuple[Asked, list[str | None]]:
        column = self.column(table)
        return asked_in(column), names_in(column).to_list()

    def scores(self, vectors: Tensor, asked: Asked) -> tuple[Tensor, Tensor]:
        """How alike (Q,k) individuals are, and who they are (Q,k): everybody, or the nearest of very many."""
        gallery = self.gallery
        everybody = len(gallery.individuals)
        if vectors.isnan().any():
            share = (
                torch.bincount(torch.from_numpy(gallery.index.codes), minlength=everybody)
                .double()
                .log()
                .expand(len(vectors), -1)
            )
            return share, torch.arange(everybody).expand(len(vectors), -1)
        if everybody <= MOST_RANKED:
            return gallery.scores(vectors, asked), torch.arange(everybody).expand(len(vectors), -1)
        ranking = gallery.search(vectors, asked, NEAREST)
        return ranking.scores.nan_to_num(-torch.inf), ranking.codes

    def together(self, vectors: Tensor, asked: Asked) -> tuple[Tensor, Tensor]:
        """One score an individual (k,) for photos (P,D) of one sighting, and who they are (k,).

        Of very many individuals, those near any of the photos; who is not near one counts there as the farthest that is.
        """
        scores, codes = self.scores(vectors, asked)
        if len(self.gallery.individuals) <= MOST_RANKED:
            return Decision.together(scores), codes[0]
        there = (codes >= 0) & torch.isfinite(scores)
        who, place = torch.unique(codes[there], return_inverse=True)
        farthest = scores.masked_fill(~there, torch.inf).amin(dim=1, keepdim=True)
        whole = torch.where(farthest.isinf(), -torch.inf, farthest).repeat(1, len(who))
        whole[there.nonzero()[:, 0], place] = scores[there]
        return Decision.together(whole), who

    def codes(self, names: Sequence[str | None]) -> Tensor:
        """Where names (n,) stand among the individuals of the gallery; -1 for none."""
        places = {name: code for code, name in enumerate(self.gallery.individuals)}
        return torch.tensor([-1 if name is None else places.get(name, -1) for name in names], dtype=torch.int64)

    def decode(self, answer: Tensor) -> dict[str, pl.Series]:
        """The name where it is known, what was decided, how surely, and the look-alikes by rank."""
        said, individuals = self.decided(answer), pl.Series(self.gallery.individuals, dtype=pl.String)
        codes, chances = answer[:, CODES].long(), answer[:, CHANCES]
        ranked = [individuals.gather(pl.Series(codes[:, place].numpy()).replace({-1: None})) for place in range(codes.shape[1])]
        known = pl.Series([one == "known" for one in said], dtype=pl.Boolean)
        nobody = pl.Series([None] * len(said), dtype=pl.String)
        columns = {
            self.name: ranked[0].zip_with(known, nobody),
            f"{self.name}_decision": pl.Series(said, dtype=pl.String),
            f"{self.name}_new": pl.Series(answer[:, NEW].numpy()),
        }
        for place, names in enumerate(ranked):
            columns[f"{self.name}_{place + 1}"] = names
            columns[f"{self.name}_{place + 1}_probability"] = pl.Series(chances[:, place].numpy()).fill_nan(None)
        return columns

    def decided(self, answer: Tensor) -> list[str]:
        """ "known", "new" or "cannot tell" of each answer (n,5+2K)."""
        best = answer[:, CHANCES.start].nan_to_num(0.0)
        return list(self.decision.decide(torch.stack([best, answer[:, NEW]], dim=1)))

    @property
    def rows_held_out(self) -> tuple[int, float]:
        return self.decision.queries["known"] + self.decision.queries["new"], 1.0

    def rows_needed(self, share_wrong: float) -> int:
        return queries_needed(share_wrong)

    def abstention(self, max_error: float) -> Abstention | None:
        decision = self.decision.with_max_error(max_error)
        return NamedOrNew(self.name, self.gallery.individuals, decision) if decision.limits.checked else None

    def told(self) -> dict[str, Any]:
        return {"individuals": self.gallery.individuals}

    def state(self) -> dict[str, Any]:
        return {
            "classes": [list(one) for one in self.classes_],
            "flanks": self.flanks_,
            "detail": self.detail_,
            "decision": self.decision.state(),
        }

    def restore(self, state: dict[str, Any]) -> Self:
        self.classes_ = [(str(name), None if flank is None else str(flank)) for name, flank in state["classes"]]
        self.flanks_ = [str(flank) for flank in state["flanks"]]
        self.detail_ = state["detail"]
        self.decision = Decision().restore(state["decision"])
        return self


def _by_blocks(found: Callable[[np.ndarray], Tensor], count: int) -> Tensor:
    """Answers to `count` rows, some hundreds at a time: a likeness for each individual would not fit otherwise."""
    parts = [found(rows) for rows in np.array_split(np.arange(count), -(-count // _BLOCK) or 1) if len(rows)]
    return torch.cat(parts) if parts else torch.empty(0, WIDTH, dtype=torch.float64)
