"""The exported script on rows of a table: written as it reads them, files beside them, and asked one by one."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
from PIL import Image

from injerto.export.reference import Feed
from injerto.export.script import reads_tables
from injerto.features.feature import MediaFeature
from injerto.learner import Learner
from injerto.table.cell_bytes import is_grey_levels, media_bytes, media_path, path_of
from injerto.table.pixels import read_pixels
from injerto.table.table import Table


def loaded(path: Path) -> ModuleType:
    """The script as a module, without leaving compiled code beside it."""
    spec = importlib.util.spec_from_file_location("injerto_exported_script", path)
    assert spec is not None and spec.loader is not None
    module, before = importlib.util.module_from_spec(spec), sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


def asked(
    script: ModuleType, table: Table, work: Path, network: Learner, facts: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[Feed]]:
    """What the script says of the rows, written as a CSV with their files, and what it feeds the graph of these `facts`."""
    work.mkdir()
    media = dict.fromkeys(feature.name for feature in network.features if isinstance(feature, MediaFeature))
    frame = table.frame
    for name in media:
        kind = next(feature.options.kind for feature in network.features if feature.name == name)
        cells = [_path(cell, table, work, f"{place} {name}", kind) for place, cell in enumerate(frame[name].to_list())]
        frame = frame.with_columns(pl.Series(name, cells, dtype=pl.String))
    for name, dtype in frame.schema.items():
        if isinstance(dtype, pl.List):
            separator = next((one.options.separator for one in network.features if one.name == name), ";")
            frame = frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(separator))
        elif dtype.is_nested() or dtype in (pl.Binary, pl.Object):
            frame = frame.drop(name)
    if reads_tables(facts):
        frame.write_csv(work / "rows.csv")
        rows = script.rows(str(work / "rows.csv"))
    else:
        rows = frame.select(facts["file"]).to_dicts()
    return [script.answer(row) for row in rows], [script.feed(row) for row in rows]


def _path(cell: Any, table: Table, work: Path, name: str, kind: str) -> str | None:
    """A file that the script can open."""
    if cell is None:
        return None
    path = path_of(cell)
    if path is not None and not is_grey_levels(cell):
        return str(media_path(path, table.folder).resolve())
    place = work / f"{name}.file".replace("/", "_")
    if is_grey_levels(cell):
        Image.fromarray(read_pixels(cell, table.folder)).save(place, "PNG")
    else:
        place.write_bytes(media_bytes(cell, table.folder))
    return str(place.resolve())
