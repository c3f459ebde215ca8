"""A new gallery for a model that stands: its folder is exchanged in one step, and all else in it stays as it is."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from safetensors import SafetensorError

from injerto.artifact.place import MARK, is_model, settle
from injerto.artifact.seal import sha256_of
from injerto.errors import ArtifactError, OutputError
from injerto.gallery import store
from injerto.gallery.gallery import Gallery


def replace_gallery(folder: Path, gallery: Gallery) -> Gallery:
    """Put `gallery` in the place of the one in the model `folder` that it was made from, and give it as it is stored now.

    A folder with the new gallery is made beside: the other files are linked, not copied, where the disk allows it. Then the two
    change places. Cut short at any moment, the old model or the new one is there, whole (see `settle`).

    *Raises* ArtifactError when `folder` is no model, OutputError when it cannot be written or holds another gallery by now.
    """
    place = folder.resolve()
    if not is_model(place):
        raise ArtifactError(f"'{folder}' is not a model of Injerto. Save the whole model first.")
    if _here().is_relative_to(place):
        raise OutputError(f"'{folder}' is the folder you are in, which cannot be replaced from within. Go to the one above it.")
    fresh = place.with_name(f".{place.name}-{secrets.token_hex(4)}")
    try:
        before = (place / MARK).read_bytes()
        facts = _facts(folder, before)
        if facts["sha256"].get(store.PHOTOS, "") != gallery.stored:
            raise _changed(folder)
        shutil.copytree(place, fresh, symlinks=True, copy_function=_link, ignore=shutil.ignore_patterns(MARK, *store.FILES))
        store.write(gallery, fresh)
        facts["sha256"] |= {name: sha256_of(fresh / name) for name in store.FILES}
        (fresh / MARK).write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        if (place / MARK).read_bytes() != before:
            raise _changed(folder)
        settle(fresh, place)
    except (shutil.Error, OSError, SafetensorError, pl.exceptions.PolarsError) as error:
        if isinstance(error, OutputError):
            raise
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise OutputError(f"The gallery cannot be written to '{folder}': {reason}. What stood there before is kept.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return replace(gallery, stored=facts["sha256"][store.PHOTOS])


def _facts(folder: Path, content: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ArtifactError(f"{folder / MARK} cannot be read: {error}.") from error
    if not isinstance(facts, dict) or not isinstance(facts.get("sha256"), dict):
        raise ArtifactError(f"{folder / MARK} is damaged: it lacks its checksums. Copy the whole folder again.")
    return facts


def _link(source: str, target: str) -> None:
    """The same file under another name, or a copy where the disk has no such thing."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target)


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:  # removed under our feet
        return Path("/")


def _changed(folder: Path) -> OutputError:
    return OutputError(
        f"The gallery of '{folder}' was changed by another command in the meantime, and nothing was written. "
        "Give the command again."
    )
