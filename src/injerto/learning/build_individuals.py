"""A network of individuals before anything is learned: what is fitted on its training rows, on pretrained maps."""

from __future__ import annotations

import numpy as np

from injerto.backbones import catalogue
from injerto.backbones.weights import load
from injerto.draws import seeded
from injerto.features.resolution import resolution_for
from injerto.heads import HEADS
from injerto.heads.individual import IndividualHead
from injerto.individual_network import IndividualNetwork, photo_feature
from injerto.schema.schema import Detail, Schema
from injerto.table.table import Table


def individual_network(table: Table, schema: Schema, rows: np.ndarray, detail: Detail | None = None) -> IndividualNetwork:
    """For the individuals, and the other targets, of the training `rows`; what is neither fitted nor pretrained is random."""
    assert schema.individual is not None
    name, target = schema.individual
    train = table.take(rows)
    photo = photo_feature(schema)
    entry = catalogue.choose("image", photo.options.backbone)
    photo.suit(entry.name, target.resolution or resolution_for(table.column(str(target.photo))))
    head = IndividualHead(name, target)
    head.fit(head.column(train))
    head.detail_ = detail or head.detail_
    extras = [
        HEADS[option.kind](other, option).fit(train.column(other)) for other, option in schema.targets.items() if other != name
    ]
    with seeded(schema.training.seed):  # the first weights, too, follow from the seed
        return IndividualNetwork(photo, head, extras, load(entry.name))
