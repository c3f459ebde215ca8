"""What the training loop can train and a model folder can hold: a network of vectors, of points, of individuals."""

from __future__ import annotations

from collections.abc import Mapping

from injerto.heads.head import Head
from injerto.individual_network import IndividualNetwork
from injerto.network import Network
from injerto.point_network import PointNetwork

Learner = Network | PointNetwork | IndividualNetwork


def heads_of(network: Learner) -> Mapping[str, Head]:
    """The heads by the name of their target."""
    heads: Mapping[str, Head] = network.targets
    return heads
