"""What a listening depends on, as one hash: only the same model, rule and list go on where a killed run was."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict

import torch

from injerto.artifact.artifact import Artifact
from injerto.events.rule import EventRule
from injerto.learner import heads_of
from injerto.places.address import Place
from injerto.version import __version__


def identity_of(artifact: Artifact, rule: EventRule, given: Sequence[Place], *, keep_shares: bool) -> str:
    """The hash of every tensor of the network, what its columns learned, the rule, the paths as given and from where."""
    told = {
        "injerto": __version__,
        "torch": torch.__version__,
        "schema": artifact.schema.to_toml(),
        "features": [feature.state() for feature in artifact.network.features],
        "heads": [head.state() for head in heads_of(artifact.network).values()],
        "hearing": artifact.network.hearing and artifact.network.hearing.state(),
        "rule": asdict(rule),
        "paths": [str(path) for path in given],
        "folder": os.getcwd(),
        "shares": keep_shares,
    }
    digest = hashlib.sha256(json.dumps(told, default=str).encode())
    for name, tensor in sorted(artifact.network.state_dict().items()):
        digest.update(f"{name}{tuple(tensor.shape)}{tensor.dtype}".encode())
        digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()
