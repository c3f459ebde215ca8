"""A model on the shelf: what it reads, what it can be asked, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from injerto.artifact.artifact import Artifact
from injerto.backbones.settled import settle
from injerto.errors import ListeningError
from injerto.heads.head import Head
from injerto.heads.keypoints import KeypointsHead
from injerto.individual_network import IndividualNetwork
from injerto.learner import heads_of
from injerto.listening.able import ears, voice
from injerto.network import Network
from injerto.promises import Promises, promises_of
from injerto.recipes.recipe import Recipe
from injerto.web.fields import Field, fields_of

Verb = Literal["predict", "identify", "explain", "listen"]
CHOICES = 2000
"""Classes or individuals that are told of a target."""
_MOST_PROMISES = 64


@dataclass(frozen=True, eq=False)
class Served:
    """A model, or a recipe around one, that will not change while it is served."""

    name: str
    artifact: Artifact
    recipe: Recipe | None = None
    _promises: dict[tuple[float | None, float | None], Promises] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for artifact in self.artifacts:
            network = artifact.network
            for settled in network.backbones if isinstance(network, Network) else [network]:
                settle(settled)

    @property
    def artifacts(self) -> list[Artifact]:
        """All models that take part."""
        if self.recipe is None:
            return [self.artifact]
        return [model.artifact for model in (self.recipe.locator, self.recipe.pointer, self.recipe.identifier)]

    @property
    def heads(self) -> Mapping[str, Head]:
        """The heads by the name of their target."""
        return heads_of(self.artifact.network)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The columns of a row."""
        fields = fields_of(self.artifact.network)
        if self.recipe is None:
            return fields
        photo = Field(self.recipe.declared.photo, "image")
        return (photo, *(one for one in fields if not one.is_file))

    @cached_property
    def verbs(self) -> list[Verb]:
        """What it can be asked."""
        if self.recipe is not None:
            return ["identify"]
        individual = isinstance(self.artifact.network, IndividualNetwork)
        verbs: list[Verb] = ["predict", "identify", "explain"] if individual else ["predict", "explain"]
        return [*verbs, "listen"] if self._listens else verbs

    @property
    def _listens(self) -> bool:
        try:
            ears(self.artifact), voice(self.artifact)
        except ListeningError:
            return False
        return True

    @cached_property
    def sees_files(self) -> bool:
        """Whether it computes on photos or sounds, which all cores share."""
        return any(field.is_file for field in self.fields)

    def promises(self, max_error: float | None, coverage: float | None) -> Promises:
        """As `promises_of`, counted once."""
        asked = (max_error, coverage)
        if asked not in self._promises:
            while len(self._promises) >= _MOST_PROMISES:
                self._promises.pop(next(iter(self._promises)))
            self._promises[asked] = promises_of(self.heads, max_error=max_error, coverage=coverage)
        return self._promises[asked]

    def told(self) -> dict[str, Any]:
        """As JSON: enough to make a form, and to read the answers."""
        held_out = any(head.rows_held_out is not None for head in self.heads.values())
        return {
            "name": self.name,
            "verbs": self.verbs,
            "fields": [one.told() for one in self.fields],
            "targets": [_target(name, head) for name, head in self.heads.items()],
            "unlike": self.artifact.reference is not None and isinstance(self.artifact.network, Network),
            "promises": held_out and self.recipe is None,
        }


def _target(name: str, head: Head) -> dict[str, Any]:
    return {
        "name": name,
        "kind": head.kind,
        "choices": head.choices[:CHOICES],
        "labels": label_columns(name, head),
        "separator": head.options.separator,
    }


def label_columns(name: str, head: Head) -> list[str]:
    """The columns that hold the truth of a target in a table to train on."""
    if isinstance(head, KeypointsHead):
        return [f"{point}_{axis}" for point in head.points for axis in "xy"]
    return [name]
