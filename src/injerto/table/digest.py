"""A frame's content as one hash, the same on every machine and for every way the frame was made."""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl


def frame_digest(frame: pl.DataFrame) -> str:
    """32 hexadecimal digits of names, types and values in their order."""
    content = hashlib.blake2b(digest_size=16)
    for column in frame:
        content.update(f"{column.name}\0{column.dtype}\0{len(column)}\0".encode())
        _add(content, column)
    return content.hexdigest()


def _add(content: hashlib.blake2b, column: pl.Series) -> None:
    """Values as bytes: which are missing, how long each is, and all of them joined."""
    content.update(column.is_null().to_numpy().tobytes())
    dtype = column.dtype
    if isinstance(dtype, pl.Struct):
        for part in column.struct.unnest():
            _add(content, part)
    elif isinstance(dtype, pl.List | pl.Array):
        listed = column.cast(pl.List(dtype.inner)) if isinstance(dtype, pl.Array) else column
        content.update(listed.list.len().fill_null(0).cast(pl.Int64).to_numpy().tobytes())
        _add(content, listed.drop_nulls().explode(empty_as_null=False))
    elif isinstance(dtype, pl.String):
        known = column.drop_nulls()
        content.update(known.str.len_bytes().cast(pl.Int64).to_numpy().tobytes())
        content.update("".join(known.to_list()).encode())
    elif isinstance(dtype, pl.Binary):
        for cell in column.drop_nulls():
            content.update(len(cell).to_bytes(8, "little"))
            content.update(cell)
    else:
        content.update(np.ascontiguousarray(column.to_physical().drop_nulls().to_numpy()).tobytes())
