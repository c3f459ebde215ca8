"""Make the reference of a network that has learned, from the rows that taught it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.individual_network import IndividualNetwork
from injerto.learner import Learner, heads_of
from injerto.network import Network
from injerto.photos import Photos
from injerto.point_network import PointNetwork
from injerto.reference import REFERENCES
from injerto.reference.answers import ANSWER_CELLS, AnswerReference
from injerto.reference.cells import file_cells, noise_of, photo_cells, scalar_cells
from injerto.reference.photo import PhotoReference
from injerto.reference.reference import MOST_ROWS, Reference, surprise_of
from injerto.reference.usual import Usual
from injerto.table.table import Table


def fit_reference(
    network: Network, examples: Examples, table: Table, taught: np.ndarray, unit: np.ndarray, *, seed: int
) -> Reference:
    """What is kept of the usable rows at `taught`; `unit` (N,) of all rows of `table` says which belong together.

    Each kept row is judged by kept rows of other units, so that ten photos of one animal do not vouch for each other.
    """
    rows = torch.from_numpy(taught[examples.usable[taught]])
    units = torch.from_numpy(unit)[rows]
    kept = _some(len(rows), seed)
    kinds = {feature.name: feature.options.kind for feature in network.features}
    columns = {
        name: REFERENCES[kinds[name]]().fit(cells, units, kept) for name, cells in scalar_cells(network, table, rows).items()
    }
    for name, cells in file_cells(network, examples, rows[kept]).items():  # of kept rows alone: vectors are long
        every = torch.arange(len(kept))
        columns[name] = REFERENCES[kinds[name]]().fit(cells, units[kept], every, noise_of(network, name))
    found = [one.own_surprise for one in columns.values() if one.tells_of_rows]
    return Reference(columns, units[kept], Usual.of(surprise_of(found, len(kept))), len(rows))


def fit_photo_reference(
    network: PointNetwork | IndividualNetwork, photos: Photos, taught: np.ndarray, unit: np.ndarray, *, seed: int
) -> Reference:
    """As `fit_reference`, of a network that looks at whole photos: what is kept of those at `taught`.

    NOTE differs from other columns of photos: looks keep their common middle. Photos of one kind, as crops of one animal are,
    have little but noise around it, and whatever is odd lies far from it. Without the middle 52 % of antelopes and 2 % of
    blurred whales were unlike whales, and with it all of them; of other whales 4 % and 5 %.
    """
    rows = torch.from_numpy(taught[photos.usable[taught]])
    kept = _some(len(rows), seed)
    cells, units = photo_cells(network, photos, rows[kept]), torch.from_numpy(unit)[rows[kept]]
    one = PhotoReference().fit(cells, units, torch.arange(len(kept)))
    return Reference({network.photo.name: one}, units, Usual.of(surprise_of([one.own_surprise], len(kept))), len(rows))


def fit_answers(
    network: Learner, rows: np.ndarray, answers: Mapping[str, Tensor], unit: np.ndarray, *, seed: int
) -> dict[str, AnswerReference]:
    """What is kept of `answers` (n,...) by target to the `rows` (n,) that were kept apart."""
    kept = _some(len(rows), seed)
    units = torch.from_numpy(unit[rows])[kept]
    return {
        name: AnswerReference(head.kind, head.choices, ANSWER_CELLS[head.kind](answers[name])[kept], units)
        for name, head in heads_of(network).items()
        if head.kind in ANSWER_CELLS and name in answers
    }


def _some(count: int, seed: int) -> Tensor:
    """Places (M,) of at most `MOST_ROWS` of `count` rows, rising."""
    if count <= MOST_ROWS:
        return torch.arange(count)
    return torch.from_numpy(np.sort(np.random.default_rng(seed).choice(count, MOST_ROWS, replace=False)))
