"""The seal of a model folder: a checksum of every file that answers follow from, so that no other file answers unseen."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from injerto.artifact.held_out import HELD_OUT
from injerto.errors import ArtifactError
from injerto.gallery.store import FILES as GALLERY
from injerto.reference.store import FILES as REFERENCE

LINEAR = "linear.safetensors"
"""The linear model for scores on other rows, where there is one. Taken away, scores lack it; it is not put there by hand."""

SEALED = (
    "schema.toml",
    "features.json",
    "heads.json",
    "hearing.json",
    "weights.safetensors",
    "splits.parquet",
    "history.json",
    "scores.json",
    "evidence.json",
    "ledger.csv",
)
"""All that `load` reads, beside held-out rows and the files of a gallery and of a reference, where there are any. Not the card,
to which a person may add, not `suspects.csv`, which one goes through and marks, and not the report; both may be left out when
sharing."""


def seal_of(folder: Path) -> dict[str, str]:
    """SHA-256 by file. *Raises* ArtifactError when one is missing."""
    there = [name for name in (HELD_OUT, *GALLERY, *REFERENCE, LINEAR) if (folder / name).exists()]
    return {name: sha256_of(folder / name) for name in (*SEALED, *there)}


def require_seal(folder: Path, seal: Any) -> None:
    """*Raises* ArtifactError naming the first file that is missing or is not as `save` wrote it."""
    if not isinstance(seal, dict):
        raise ArtifactError(f"injerto.json in '{folder}' lacks its checksums ('sha256'). Copy the whole folder again.")
    for name in (HELD_OUT, *GALLERY, *REFERENCE):
        if name in seal and not (folder / name).exists():
            raise _missing(folder / name)
    for name in GALLERY:
        if name not in seal and (folder / name).exists():
            raise ArtifactError(
                f"{name} in '{folder}' was not put there by Injerto, and answers would be others. Take it away; "
                "the gallery of another model is joined with: injerto gallery merge MODEL OTHER_MODEL."
            )
    for name, digest in seal_of(folder).items():
        if digest != seal.get(name):
            raise ArtifactError(
                f"{name} in '{folder}' is not as Injerto wrote it: it was changed or damaged, and answers would be others. "
                "Copy the whole folder again; to change what is declared, train again."
            )
    if not (folder / "card.md").is_file():
        raise _missing(folder / "card.md")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file. *Raises* ArtifactError when it is missing or cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise _missing(path) from error
    except OSError as error:
        raise ArtifactError(f"{path} cannot be read: {error.strerror or error}.") from error


def _missing(path: Path) -> ArtifactError:
    return ArtifactError(f"The model '{path.parent}' lacks its file {path.name}. Copy the whole folder again.")
