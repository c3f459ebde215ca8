"""Where tables come from: what was uploaded, and what lies below the folder that the studio was started with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from injerto.table.walk import files_below
from injerto.web.problems import Problem
from injerto.web.studio.asked import Asked
from injerto.web.studio.paths import below
from injerto.web.studio.tables import photo_folder, settle, tables_in
from injerto.web.studio.uploads import Sizes, Uploads


class Sources:
    """A table is named by the upload it is in, none for the folder, and its path there."""

    def __init__(self, uploads: Path, folder: Path | None, sizes: Sizes) -> None:
        self.uploads, self.folder = Uploads(uploads, sizes), folder

    def told(self) -> dict[str, Any]:
        """The folder and its tables, as JSON; read anew each time, as people add to it."""
        if self.folder is None:
            return {"folder": None, "tables": []}
        files = files_below(self.folder)
        found = [{"path": path, "kind": "table"} for path in tables_in(files)]
        tops = sorted({path.partition("/")[0] for path in files if "/" in path})
        found += [{"path": top, "kind": "folder of photos or sounds"} for top in tops if _of_media(top, files)]
        return {"folder": str(self.folder), "tables": found}

    def settled(self, upload: str, wanted: object) -> dict[str, Any]:
        """Which file of an upload is the table: `wanted`, or the only one; else those to choose from, as JSON.

        *Raises* Problem: 404 where there is no such file, 422 where there is no table at all.
        """
        root = self.uploads.of(upload).folder
        files = files_below(root)
        tables = tables_in(files)
        if isinstance(wanted, str) and wanted:
            below(root, wanted)
            chosen, note = settle(root, wanted)
            return {"table": chosen, "choose": [], "note": note}
        if len(tables) == 1:
            chosen, note = settle(root, tables[0])
            return {"table": chosen, "choose": [], "note": note}
        if tables:
            return {"table": None, "choose": tables, "note": ""}
        folder = photo_folder(root, files)
        if folder is None:
            raise Problem(
                422, "There is no table among these files, and no photo and no sound. Drop a csv, tsv, Excel or parquet file."
            )
        return {"table": folder, "choose": [], "note": "There is no table: each folder of photos or sounds is a class."}

    def table(self, data: dict[str, Any]) -> Path:
        """The table that a request names. *Raises* Problem: 404 where it is not there, 422 for a path that leads elsewhere."""
        upload, path = data.get("upload"), data.get("table")
        if not isinstance(path, str) or not (upload is None or isinstance(upload, str)):
            raise Problem(422, "The table is named by `table`, its path, and `upload`, where it came from there.")
        if upload is not None:
            return below(self.uploads.of(upload).folder, path)
        if self.folder is None:
            raise Problem(404, "The studio was started without --folder; upload the table.")
        return below(self.folder, path)

    def asked(self, data: dict[str, Any]) -> Asked:
        """What a request asks of its table. *Raises* Problem (422)."""
        return Asked.of(data.get("asked", {}))


def _of_media(top: str, files: list[str]) -> bool:
    """Whether most files of a folder on top are photos or sounds in folders of their own."""
    inside = [path for path in files if path.startswith(f"{top}/")]
    deep = [path for path in inside if path.count("/") >= 2]
    return bool(deep) and len(deep) * 2 > len(inside) and photo_folder(Path(), deep) is not None
