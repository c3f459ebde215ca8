"""A model as a folder ready for a hub: it opens in Injerto, machines read its card, and no row of the table is in it."""

from __future__ import annotations

import copy
from pathlib import Path

import polars as pl

from injerto.artifact import folder as model_folder
from injerto.artifact.artifact import Artifact
from injerto.errors import ExportError
from injerto.export.hub_card import config, hub_card
from injerto.export.place import require_free, settled
from injerto.gallery.gallery import Gallery
from injerto.predict import predict
from injerto.progress import Progress, Silent
from injerto.table.table import Table

_LARGE_FILES = "".join(f"*.{ending} filter=lfs diff=lfs merge=lfs -text\n" for ending in ("safetensors", "parquet"))


def export_hub(
    artifact: Artifact,
    folder: Path,
    check: Table | None = None,
    *,
    licence: str | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> None:
    """Write the folder; with a table to `check`, only if what is in it answers its rows just the same.

    *Raises* OutputError when something stands at `folder` or it cannot be written, ExportError when it answers otherwise.
    """
    require_free(folder, force=force)
    shared = shareable(artifact)
    with settled(folder) as fresh:
        model_folder.save(shared, fresh)
        (fresh / "README.md").write_text(hub_card(shared, folder.resolve().name, licence), encoding="utf-8")
        (fresh / "config.json").write_text(config(shared), encoding="utf-8")
        (fresh / ".gitattributes").write_text(_LARGE_FILES, encoding="utf-8")
        opened = model_folder.load(fresh)
        if check is not None:
            _require_same(artifact, opened, check, progress or Silent())


def shareable(artifact: Artifact) -> Artifact:
    """A copy without rows of the table: no evidence, no ledger, no reference, nothing that tells rows again, no
    pictures of a gallery.
    """
    return Artifact(
        schema=artifact.schema,
        network=copy.deepcopy(artifact.network),
        rows=artifact.rows,
        histories=artifact.histories,
        chosen=artifact.chosen,
        scores=artifact.scores,
        facts=dict(artifact.facts),
        linear=artifact.linear,
        gallery=None if artifact.gallery is None else _without_pictures(artifact.gallery),
    )


def _without_pictures(gallery: Gallery) -> Gallery:
    nothing = pl.lit(None, dtype=pl.Binary).alias("thumbnail")
    return Gallery(gallery.photos.with_columns(nothing), gallery.vectors, gallery.made_by, gallery.likeness, gallery.cells)


def _require_same(artifact: Artifact, opened: Artifact, table: Table, progress: Progress) -> None:
    before, after = (predict(one, table, progress=progress).answers for one in (artifact, opened))
    if not before.equals(after):
        raise ExportError("Nothing was written: the exported folder answers otherwise than the model. Please report it.")
