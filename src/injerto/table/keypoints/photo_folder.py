"""The folder that a file of annotations counts its photos from, which may be another than its own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from injerto.places.address import Address, Place
from injerto.table.cell_bytes import is_media

_ASIDE = frozenset({"annotations", "annotation", "labels"})
_NESTED = "images"
_MOST_TRIED = 50
_MOST_FOLDERS = 200


def with_folder(names: Sequence[str], file: Place) -> tuple[list[str], list[str]]:
    """The paths of photos from the folder of `file`, and a note where they are not simply beside it.

    Tried are the folder of `file`, its subfolders, those of its `images`; and when it is itself called annotations, the folder
    above it in the same way. The one that holds most of the photos is taken (of up to 50 of them); of several that hold as
    many, the first whose name is part of the name of `file`, as `val2017` of `person_keypoints_val2017.json`; else none.
    """
    names = list(names)
    tried = list(dict.fromkeys(names))
    tried = tried[:: max(1, len(tried) // _MOST_TRIED)][:_MOST_TRIED]
    folder = file.parent
    if not tried or _count(tried, folder) == len(tried):
        return names, []
    counts = {prefix: _count(tried, folder / prefix) for prefix in _prefixes(folder)}
    most = max(counts.values())
    if most == 0:
        return names, [f"The photos, such as {tried[0]}, lie neither beside {file.name} nor in a folder beside it."]
    best = [prefix for prefix, count in counts.items() if count == most]
    if "" in best:
        return names, []
    if len(best) > 1:
        best = [prefix for prefix in best if prefix.rsplit("/", 1)[-1].casefold() in file.name.casefold()] or best
    if len(best) > 1:
        return names, [
            f"Photos of these names, such as {tried[0]}, lie in several folders: {', '.join(best)}. No telling which are "
            f"meant; put {file.name} beside its photos."
        ]
    prefix = best[0]
    found = [name if os.path.isabs(name) else f"{prefix}/{name}" for name in names]
    return found, [f"The photos were found in the folder {prefix}."]


def _prefixes(folder: Place) -> list[str]:
    """Folders as paths from `folder`, the nearest first."""
    starts = ["", ".."] if (folder.resolve() if isinstance(folder, Path) else folder).name.casefold() in _ASIDE else [""]
    found = []
    for start in starts:
        inside = [_joined(start, name) for name in _subfolders(folder / start)]
        nested = [_joined(start, _NESTED, name) for name in _subfolders(folder / start / _NESTED)]
        found += [start, *inside, *nested]
    return found[:_MOST_FOLDERS]


def _joined(*parts: str) -> str:
    return "/".join(part for part in parts if part)


def _subfolders(folder: Place) -> list[str]:
    if isinstance(folder, Address):
        return []  # of a store, photos are looked for beside the file and in `images` alone: to list it all may take hours
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir())
    except OSError:
        return []  # not there, or not to be looked into: then no photos can be read there either


def _count(names: Sequence[str], folder: Place) -> int:
    return sum(is_file(folder, name) for name in names)


def is_file(folder: Place, name: str) -> bool:
    """Whether a photo lies there; its path may have been written on Windows."""
    return is_media(name, folder)
