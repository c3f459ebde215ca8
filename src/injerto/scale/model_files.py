"""A model on its way to the workers: its folder, text and safetensors, file by file in the object store."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from injerto.artifact import folder as model_folder
from injerto.artifact.artifact import Artifact

PART_BYTES = 32 * 1024**2
"""Larger files travel in parts."""


@dataclass(frozen=True)
class ModelFiles:
    """The files of a model folder, each as references to its parts in the object store."""

    parts: dict[str, list[Any]]

    @classmethod
    def of(cls, artifact: Artifact) -> ModelFiles:
        """Put a model into the object store, once for all workers, as it is now: a gallery may have changed meanwhile."""
        import ray

        with tempfile.TemporaryDirectory(prefix="injerto-model-") as place:
            whole = Path(place, "model")
            model_folder.save(replace(artifact), whole)  # a copy: saving notes where a model lives
            return cls({file.name: [ray.put(part) for part in _parts(file)] for file in sorted(whole.iterdir())})

    def opened(self) -> Artifact:
        """The model, on a worker."""
        import ray

        with tempfile.TemporaryDirectory(prefix="injerto-model-") as place:
            for name, parts in self.parts.items():
                with Path(place, name).open("wb") as file:
                    for part in parts:
                        file.write(ray.get(part))
            artifact = model_folder.load(Path(place))
        artifact.home = None  # the folder is gone
        return artifact


def _parts(file: Path) -> Iterator[bytes]:
    with file.open("rb") as content:
        yield content.read(PART_BYTES)
        while part := content.read(PART_BYTES):
            yield part
