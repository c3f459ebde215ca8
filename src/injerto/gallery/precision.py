"""How well a gallery's photos are ranked for queries whose individual is known, and whether they have any to be found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from injerto.gallery.asked import Asked
from injerto.gallery.grouped import Grouped
from injerto.gallery.index import Index

MOST_COSINES = 200_000_000
"""Rankings of more photos than these, over all queries, are not worked out: it is a figure for benchmarks."""
_AT_ONCE = 16
"""Queries that are compared at once, which takes less time than one by one."""


def admits(index: Index, asked: Asked, names: Sequence[str | None]) -> Tensor:
    """Which queries (Q,) bool have a photo of their own individual that may answer."""
    codes, flanks = index.individual_codes(names), index.flank_codes(asked.flanks)
    rows, queries = index.left_out(asked.sightings, asked.digests)
    own = index.codes[rows] == codes[queries]
    there = np.zeros(len(asked), dtype=np.int64)
    for flank in np.unique(flanks):
        compared, same = ~index.other_flank(int(flank)), flanks == flank
        photos = np.bincount(index.codes[compared], minlength=len(index.names))
        there[same] = np.append(photos, 0)[codes[same]]  # nobody, -1, has none
        there -= np.bincount(queries[own & compared[rows] & same[queries]], minlength=len(asked))
    return torch.from_numpy(there > 0)


def average_precision(index: Index, queries: Tensor, asked: Asked, names: Sequence[str | None]) -> Tensor:
    """The average precision (Q,) of each ranking of photos: the mean, over the right ones, of the share of right ones up to
    there, photos of equal cosine taken at once. NaN where there is no right one, no name, or no vector.

    *Source*: the mAP of re-identification, Zheng et al., Scalable Person Re-identification, ICCV 2015, section 3.4.
    """
    found = torch.full((len(asked),), torch.nan, dtype=torch.float64)
    if len(asked) * max(1, len(index.codes)) > MOST_COSINES:
        return found
    codes, flanks = index.individual_codes(names), index.flank_codes(asked.flanks)
    rows, which = index.left_out(asked.sightings, asked.digests)
    left_out = Grouped(which, len(asked))
    other = {int(flank): index.other_flank(int(flank)) for flank in np.unique(flanks)}
    judged = np.flatnonzero((codes >= 0) & ~queries.isnan().any(dim=1).numpy())
    for start in range(0, len(judged), _AT_ONCE):
        block = judged[start : start + _AT_ONCE]
        alike = index.likeness.between(index.vectors, queries[torch.from_numpy(block)]).T.contiguous().numpy()
        for query, cosines in zip(block.tolist(), alike, strict=True):
            pairs, _ = left_out.members(np.array([query]))
            cosines[rows[pairs]] = -np.inf
            cosines[other[int(flanks[query])]] = -np.inf
            own, _ = index.by_individual.members(codes[[query]])
            right = cosines[own]
            if (right > -np.inf).any():
                found[query] = _average_precision(np.sort(cosines), right[right > -np.inf])
    return found


def _average_precision(every: np.ndarray, right: np.ndarray) -> float:
    """Of the cosines of all photos (N,), rising, and of the right ones among them (R,); equals are taken at once."""
    at_or_above = len(every) - np.searchsorted(every, right)
    right_at_or_above = len(right) - np.searchsorted(np.sort(right), right)
    return float((right_at_or_above / at_or_above).mean())
