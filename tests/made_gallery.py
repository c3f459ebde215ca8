"""Galleries made in a test: few photos in a plane, or many around centres."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import polars as pl
import torch
from torch import Tensor
from torch.nn.functional import normalize

from injerto.gallery.asked import Asked
from injerto.gallery.gallery import Gallery


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def photos(
    individuals: Sequence[str | None], names: Sequence[str] | None = None, **columns: Sequence[str | None] | str
) -> pl.DataFrame:
    """A table of photos; their digests follow from their names."""
    names = names or [f"{row}.jpg" for row in range(len(individuals))]
    frame = pl.DataFrame(
        {"individual": individuals, "photo": names, "digest": [digest(name) for name in names]},
        schema={"individual": pl.String, "photo": pl.String, "digest": pl.String},
    )
    return frame.with_columns(
        pl.lit(values).alias(name) if isinstance(values, str) else pl.Series(name, values, dtype=pl.String)
        for name, values in columns.items()
    )


def at_angles(*degrees: float) -> Tensor:
    """Unit vectors in the plane."""
    radians = torch.tensor(degrees) * torch.pi / 180
    return torch.stack([radians.cos(), radians.sin()], dim=1)


def plane(individuals: Sequence[str], degrees: Sequence[float], **columns: Sequence[str | None]) -> Gallery:
    """A gallery of photos at angles."""
    return Gallery.empty(2).added(photos(individuals, **columns), at_angles(*degrees)).gallery


def asked(count: int = 1, **given: str) -> Asked:
    """Queries of which the same is known."""
    known = {name: given.get(name) for name in ("sighting", "digest", "flank")}
    return Asked(*([value] * count for value in known.values()))


def clustered(individuals: int, photos_each: int, width: int, noise: float = 0.7, seed: int = 0) -> tuple[list[str], Tensor]:
    """Names and unit vectors of made-up individuals: a centre, and noise whose length is `noise` times the centre's."""
    generator = torch.Generator().manual_seed(seed)
    centres = normalize(torch.randn(individuals, width, generator=generator), dim=1)
    codes = np.repeat(np.arange(individuals), photos_each)
    vectors = centres[torch.from_numpy(codes)] + torch.randn(len(codes), width, generator=generator) * noise / width**0.5
    return [f"animal {code:05d}" for code in codes], normalize(vectors, dim=1)
