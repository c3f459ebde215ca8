"""A trained network of individuals made honest: its decision by newcomers it never saw, its gallery of all who may be known."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from injerto.heads.decision import Decision
from injerto.heads.individual import IndividualHead
from injerto.heads.individual_column import asked_in, names_in
from injerto.individual_network import IndividualNetwork
from injerto.learning.division import Division
from injerto.learning.gallery_of import gallery_of
from injerto.learning.hold_rows import hold_rows
from injerto.learning.seen import seen
from injerto.photos import Photos
from injerto.progress import Progress
from injerto.schema.schema import Schema
from injerto.table.table import Table


def settle(
    network: IndividualNetwork, table: Table, photos: Photos, schema: Schema, division: Division, progress: Progress
) -> None:
    """Make the decision honest on tune rows, among them newcomers, and fill the gallery with all rows that do not test."""
    head, rows = network.head, division.rows
    train, tune = (torch.from_numpy(part[photos.usable[part]]) for part in (rows.train, rows.tune))
    both = torch.cat([train, tune])
    vectors = seen(network, photos, both, progress)
    change = gallery_of(network, table.take(both.numpy()), photos, both, vectors[head.name])
    for said in [*change.notes, *change.problems]:
        progress.say(said)
    everybody = change.gallery
    strangers = strangers_test(schema)
    head.gallery = everybody
    if not strangers:
        head.gallery = gallery_of(network, table.take(train.numpy()), photos, train, vectors[head.name][: len(train)]).gallery
    queries = vectors[head.name][len(train) :]
    head.decision = decision_from(head, table.take(tune.numpy()), queries, both_ways=strangers)
    for other, extra in network.others.items():
        extra.calibrate(vectors[other][len(train) :], photos.labels[other].take(tune))
        hold_rows(extra, table, tune, vectors[other][len(train) :], division.unit, "tune")
    head.gallery = everybody


def decision_from(head: IndividualHead, table: Table, vectors: Tensor, *, both_ways: bool) -> Decision:
    """The decision fitted on named rows of `table` with their `vectors` (n,D), which taught nothing.

    `both_ways`: each is asked for twice, the second time with its own individual left out of the gallery. That is honest only
    where the network has learned none of these individuals: those that it has learned lie farther from others than a newcomer.
    """
    column = head.column(table)
    known = np.flatnonzero(names_in(column).is_not_null().to_numpy())
    names = names_in(column).gather(known).to_list()
    scores, codes = head.scores(vectors[known], asked_in(column).take(known))
    own = codes == head.codes(names)[:, None]
    right = own & torch.isfinite(scores)
    place = torch.where(right.any(dim=1), right.double().argmax(dim=1), -1)
    groups = torch.from_numpy(np.unique(names, return_inverse=True)[1])
    if both_ways:
        found = right.any(dim=1)  # the others were asked for as newcomers already
        scores = torch.cat([scores, scores.masked_fill(own, -torch.inf)[found]])
        place, groups = torch.cat([place, torch.full_like(place[found], -1)]), torch.cat([groups, groups[found]])
    return Decision().fit(scores, place, groups)


def strangers_test(schema: Schema) -> bool:
    """Whether the split keeps each individual on one side, so that those that test were never seen."""
    return schema.individual is not None and schema.split.names_in(schema.individual[0])
