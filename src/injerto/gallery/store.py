"""A gallery as two files of a model folder: its photos as Parquet, its vectors as safetensors in half precision."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from injerto.errors import ArtifactError
from injerto.foreign import read_parquet
from injerto.gallery.cells import Cells
from injerto.gallery.gallery import Gallery
from injerto.gallery.photos import COLUMNS
from injerto.likeness import COSINE, Likeness

PHOTOS, TENSORS = "gallery.parquet", "gallery.safetensors"
FILES = (PHOTOS, TENSORS)
"""Both are there, or neither."""

_SLACK = 0.01
"""By how much the length of a stored vector may differ from 1."""


def write(gallery: Gallery, folder: Path) -> None:
    """Write both files into `folder`. *Raises* OSError or an error of the file's format when they cannot be written."""
    gallery.photos.write_parquet(folder / PHOTOS)
    tensors, facts = {"vectors": gallery.vectors.half()}, {"made_by": gallery.made_by}
    if gallery.likeness != COSINE:
        facts |= {"side": str(gallery.likeness.side), "reach": str(gallery.likeness.reach)}
    if gallery.cells is not None:
        tensors |= {"cell_centres": gallery.cells.centres, "cell_sizes": gallery.cells.sizes}
        facts["learned_from"] = str(gallery.cells.learned_from)
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, folder / TENSORS, metadata=facts)
    # safetensors makes its file private; the others follow the umask
    (folder / TENSORS).chmod(stat.S_IMODE((folder / PHOTOS).stat().st_mode))


def read(folder: Path) -> Gallery | None:
    """The gallery of a model folder, None where it has none.

    *Raises* ArtifactError when one of the two files is missing or damaged, or they do not fit each other.
    """
    there = [(folder / name).is_file() for name in FILES]
    if not any(there):
        return None
    if not all(there):
        raise ArtifactError(f"The model '{folder}' lacks its file {FILES[there.index(False)]}. Copy the whole folder again.")
    try:
        photos = read_parquet(folder / PHOTOS)
        with safe_open(folder / TENSORS, framework="pt") as file:
            tensors, facts = {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except (OSError, SafetensorError, pl.exceptions.PolarsError) as error:
        raise ArtifactError(f"The gallery in '{folder}' is damaged: {error}. Copy the whole folder again.") from error
    return _gallery(folder, photos, tensors, facts)


def _gallery(folder: Path, photos: pl.DataFrame, tensors: dict[str, Tensor], facts: dict[str, str]) -> Gallery:
    def require(holds: bool, what: str) -> None:
        if not holds:
            raise ArtifactError(f"The gallery in '{folder}' is damaged: {what}. Copy the whole folder again.")

    require(dict(photos.schema) == COLUMNS, f"{PHOTOS} has other columns than {', '.join(COLUMNS)}")
    for name in ("individual", "digest"):
        require(photos[name].null_count() == 0, f"'{name}' is empty in some rows of {PHOTOS}")
    stored = tensors.get("vectors", torch.empty(0))
    require(stored.dtype == torch.float16 and stored.ndim == 2, f"{TENSORS} holds no vectors in half precision")
    require(len(stored) == len(photos), f"{len(stored):,} vectors for {len(photos):,} photos")
    vectors = stored.float()
    lengths = torch.linalg.vector_norm(vectors, dim=1)
    require(bool(((lengths - 1).abs() < _SLACK).all()), "vectors are not of length 1")
    cells = None
    if "cell_sizes" in tensors or "cell_centres" in tensors:
        near, sizes = tensors.get("cell_centres", torch.empty(0)), tensors.get("cell_sizes", torch.empty(0))
        fits = (
            near.ndim == 2 and near.dtype == torch.float32 and near.shape[1] == vectors.shape[1] and bool(near.isfinite().all())
        )
        whole = sizes.dtype == torch.int64 and sizes.shape == near.shape[:1] and int(sizes.sum()) == len(photos)
        require(fits and whole and bool((sizes >= 0).all()), "its cells do not fit its photos")
        require(facts.get("learned_from", "").isdecimal(), "its cells do not say what they were learned from")
        cells = Cells(near, sizes, int(facts["learned_from"]))
    told = [facts.get(name, "0") for name in ("side", "reach")]
    side, reach = (int(text) if text.isdecimal() else -1 for text in told)
    maps = min(side, reach) >= 0 and (side == 0 or vectors.shape[1] % side**2 == 0)
    require(maps, "its vectors are no maps of the side it names")
    return Gallery(photos, vectors, facts.get("made_by", ""), Likeness(side, reach), cells)
