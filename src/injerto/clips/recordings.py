"""The recordings below a folder, found by the names that annotations give them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

from injerto.errors import TableError, did_you_mean
from injerto.table.suffixes import SOUND_SUFFIXES
from injerto.table.walk import files_below

# What Raven, Audacity and BirdNET put behind a recording's name: site.Table.1.selections.txt, site.BirdNET.results.csv.
_TAIL = re.compile(r"(\.table(\.\d+)?|\.selections?|\.birdnet|\.results?|[._ -]labels?|[._ -]annotations?)$", re.IGNORECASE)
_MOST_NAMES = 5000


class Recordings:
    """Sound files below `folder`, as paths from it. Capitals and the way an accent is written do not matter."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            found = "it is a file" if folder.exists() else "it does not exist"
            raise TableError(f"The folder of recordings {folder} cannot be searched: {found}.")
        self.folder = folder
        self._root = PurePosixPath(_plain(folder.resolve().as_posix())).parts
        self.files = [file for file in files_below(folder) if Path(file).suffix.lower() in SOUND_SUFFIXES]
        if not self.files:
            raise TableError(f"There are no recordings below {folder}; sounds end in {', '.join(sorted(SOUND_SUFFIXES))}.")
        self._by_name: dict[str, list[str]] = {}
        self._by_stem: dict[str, list[str]] = {}
        for file in self.files:
            name = PurePosixPath(_plain(file)).name
            self._by_name.setdefault(name, []).append(file)
            self._by_stem.setdefault(_stem(name), []).append(file)

    def of(self, written: str, annotations: Path) -> str:
        """The recording that a line means: the one it names, or the one that the file of `annotations` is named after.

        A name may be `a.wav`, `site/a` or `C:\\site\\a.wav`. Of several recordings of one name it is the one whose folders
        agree furthest with those of the name, then with those of the annotations. *Raises* TableError when there is none,
        or no telling which.
        """
        near = [PurePosixPath(_plain(annotations.resolve().as_posix())).parts[:-1]]
        if written:
            path = PurePosixPath(_plain(written).replace("\\", "/"))
            return self._only(self._called(path.name), [path.parts[:-1], *near], f"'{written}'")
        stem = _plain(annotations.stem)
        while not self._called(stem) and _TAIL.search(stem):
            stem = _TAIL.sub("", stem)
        return self._only(self._called(stem), near, f"'{stem}'")

    def _called(self, name: str) -> list[str]:
        return self._by_name.get(name) or self._by_stem.get(_stem(name)) or []

    def _only(self, found: list[str], folders: list[tuple[str, ...]], shown: str) -> str:
        for folder in folders:
            agreeing = [_agreeing((*self._root, *PurePosixPath(_plain(file)).parts[:-1]), folder) for file in found]
            found = [file for file, count in zip(found, agreeing, strict=True) if count == max(agreeing)]
        if len(found) == 1:
            return found[0]
        if found:
            raise TableError(f"{len(found)} recordings are called {shown}: {', '.join(found[:3])}. Give each its own name.")
        near = did_you_mean(_stem(_plain(shown.strip("'"))), self._by_stem) if len(self._by_stem) <= _MOST_NAMES else ""
        raise TableError(f"no recording {shown} below {self.folder}.{near}")


def _agreeing(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many folders of two paths are the same, from the end."""
    count = 0
    while count < min(len(one), len(other)) and one[-1 - count] == other[-1 - count]:
        count += 1
    return count


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip()).casefold()


def _stem(name: str) -> str:
    """Without the ending of a sound file: `2024.05.01` is a name of its own."""
    suffix = PurePosixPath(name).suffix
    return name.removesuffix(suffix) if suffix in SOUND_SUFFIXES else name
