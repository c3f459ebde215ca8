"""What is said of photos: who is on them, somebody new, or that it cannot be told; as words and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from injerto.gallery.gallery import Gallery
from injerto.heads.decision import Decision, Said
from injerto.table.ledger import Ledger

LOOKALIKES = 5
"""Individuals told of each sighting."""


@dataclass(frozen=True)
class Alike:
    """An individual of the gallery: its probability, and the score that it rests on."""

    name: str
    probability: float
    similarity: float
    """The mean of the cosines to its nearest photo and to its centre: 1 is the same."""
    picture: bytes | None = None
    """A JPEG of its nearest photo."""
    photo: str = ""
    """The name of that photo."""

    @property
    def words(self) -> str:
        """The name, with its probability; names may be numbers."""
        return f"{self.name} ({percents(self.probability)})"


@dataclass(frozen=True)
class Identified:
    """A photo, or the photos of one sighting, and what is said of them."""

    title: str
    """The photo's name, or the sighting's."""
    said: Said
    new: float
    """The chance that the individual is new."""
    pictures: Sequence[bytes]
    """JPEGs of the photos; none of those that cannot be shown."""
    lookalikes: Sequence[Alike]
    """The likeliest first."""
    photos: int = 1
    """Decided together."""
    left_out: str = ""
    """What of the gallery was not compared, in a sentence."""
    doubt: str = ""
    """What is not sure of the photos themselves, as whether they show one animal."""
    names: Sequence[str] = ()
    """Of the photos."""
    rows: Sequence[int] = ()
    """Their rows in the table as given."""

    @property
    def words(self) -> str:
        """What is said, with its probability."""
        if self.said == "known":
            return f"known: {self.lookalikes[0].words}"
        return f"new individual ({self.new_words})" if self.said == "new" else "cannot tell"

    @property
    def new_words(self) -> str:
        """The chance that the individual is new."""
        return percents(self.new)


@dataclass(frozen=True)
class Identities:
    """What is said of every photo or sighting, and the photos that could not be used."""

    found: list[Identified]
    ledger: Ledger
    decision: Decision
    gallery: Gallery
    notes: list[str] = field(default_factory=list)

    def frame(self) -> pl.DataFrame:
        """A line for each photo that could be used, by rows: decision, name, probabilities, and the look-alikes."""
        lines = [
            {"row": row, "photo": name, "decided_with": one.photos, **_line(one)}
            for one in self.found
            for row, name in zip(one.rows, one.names, strict=True)
        ]
        return pl.DataFrame(lines, schema=_columns()).sort("row")


def _columns() -> dict[str, pl.DataType]:
    """The columns of answers, which are there even when no photo could be used."""
    columns: dict[str, pl.DataType] = {"row": pl.Int64(), "photo": pl.String(), "decided_with": pl.Int64()}
    columns |= {
        "decision": pl.String(),
        "individual": pl.String(),
        "probability": pl.Float64(),
        "new_probability": pl.Float64(),
    }
    for place in range(1, LOOKALIKES + 1):
        name = f"lookalike_{place}"
        columns |= {name: pl.String(), f"{name}_probability": pl.Float64(), f"{name}_photo": pl.String()}
    return columns


def _line(one: Identified) -> dict[str, object]:
    best = one.lookalikes[0] if one.lookalikes else None
    line: dict[str, object] = {
        "decision": one.said,
        "individual": best.name if best is not None and one.said == "known" else None,
        "probability": best.probability if best is not None else None,
        "new_probability": one.new,
    }
    for place in range(LOOKALIKES):
        alike = one.lookalikes[place] if place < len(one.lookalikes) else None
        line[f"lookalike_{place + 1}"] = None if alike is None else alike.name
        line[f"lookalike_{place + 1}_probability"] = None if alike is None else alike.probability
        line[f"lookalike_{place + 1}_photo"] = None if alike is None else alike.photo
    return line


def percents(share: float) -> str:
    """A probability as people say it: nothing is quite sure, and nothing quite ruled out.

    Example:
        >>> percents(0.934), percents(0.9996), percents(0.0004)
        ('93 %', 'over 99 %', 'under 1 %')
    """
    if share < 0.01:
        return "under 1 %" if share > 0 else "0 %"
    return "over 99 %" if share > 0.99 else f"{100 * share:.0f} %"
