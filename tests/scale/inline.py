"""The way to workers and back without a cluster: all that travels is packed and unpacked, in this process."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from injerto.artifact.artifact import Artifact
from injerto.errors import ScaleError
from injerto.scale.address import address_of
from injerto.scale.cluster import Cluster
from injerto.scale.errand import Errand


@dataclass(frozen=True)
class Handed:
    """A model that was not sent."""

    artifact: Artifact

    @classmethod
    def of(cls, artifact: Artifact) -> Handed:
        return cls(artifact)

    def opened(self) -> Artifact:
        return self.artifact


def through(
    cluster: Cluster, errand: Errand, items: Iterable[bytes], *, ordered: bool = True
) -> Iterator[tuple[int, list[bytes]]]:
    """As `over_ray`; where the order is free, backwards."""
    try:
        errand.ready()
    except Exception as slip:
        raise ScaleError(str(slip)) from slip
    numbered = list(enumerate(items))
    for number, item in numbered if ordered else numbered[::-1]:
        yield number, list(errand.do(item))


class Store(ModuleType):
    """An object store that keeps nothing apart."""

    def __init__(self) -> None:
        super().__init__("ray")

    def put(self, part: bytes) -> bytes:
        return part

    def get(self, parts: Any) -> Any:
        return parts


@contextmanager
def joined(on: str) -> Iterator[Cluster]:
    address_of(on)
    yield Cluster(nodes=2, workers=2, cpus=1.0, gpus=0.0, store_bytes=0)


def patch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every verb of `injerto.scale` go this way."""
    for name, found in {"over_ray": through, "joined": joined, "ModelFiles": Handed}.items():
        for module in ("predict", "listen", "drift", "extract"):
            monkeypatch.setattr(f"injerto.scale.{module}.{name}", found, raising=False)
    monkeypatch.setattr("injerto.train_model.joined", joined)
    monkeypatch.setitem(sys.modules, "ray", Store())
