"""The recordings to listen to: files, and folders walked as they are listened to, however many files they hold."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from injerto.errors import ListeningError, did_you_mean
from injerto.places.address import Address, AddressError, Place, place_of
from injerto.places.opened import exists, is_folder
from injerto.places.stores import facts_of, names_below
from injerto.table.suffixes import SOUND_SUFFIXES

_MOST_NAMES = 5000


@dataclass(frozen=True)
class Source:
    """A file to listen to; with a `problem`, a folder that cannot be looked into."""

    path: Place
    inner: str
    """Its path from the folder that was given; its name where the file itself was."""
    problem: str = ""

    @property
    def name(self) -> str:
        """As it was given, with forward slashes on every system."""
        return self.path.as_posix() if isinstance(self.path, Path) else str(self.path)

    def stamp(self) -> tuple[int, int]:
        """Bytes and time of the last change, in nanoseconds: whether it is the file that was heard before.

        Of an address, a number made of what its store says of the content stands for the time.
        """
        try:
            if isinstance(self.path, Address):
                told = facts_of(self.path)
                return told.size or 0, crc32(told.stamp or b"")
            found = os.stat(self.path)
        except OSError:
            return 0, 0  # the reader says why
        return found.st_size, found.st_mtime_ns


class Sources:
    """Walks `paths` lazily, a folder's content sorted, so that the order is the same on every machine.

    *Raises* ListeningError without any path, or for one that does not exist.
    """

    def __init__(self, paths: Sequence[str | Path | Address]) -> None:
        given = _places(paths)
        if not given:
            raise ListeningError("No recordings are given. Name sound files, or folders of them.")
        for path in given:
            if not _is_there(path):
                raise ListeningError(f"There is no file or folder at '{path}'.{did_you_mean(path.name, _beside(path))}")
        self.given = _once(given)
        self.hidden = 0
        """Hidden files and folders passed over so far."""
        self.others: Counter[str] = Counter()
        """Files passed over so far as they are no sounds, by the ending of their names."""

    def __iter__(self) -> Iterator[Source]:
        self.hidden, self.others = 0, Counter()
        seen: set[str] = set()
        for path in self.given:
            if isinstance(path, Address):
                yield from self._elsewhere(path)
            elif os.path.isdir(path):
                yield from self._below(path, "", seen)
            else:
                yield Source(path, path.name)  # whatever it is: what a person names is tried, and listed if it fails

    def _elsewhere(self, address: Address) -> Iterator[Source]:
        """What lies in a store; it was there when it was looked for."""
        if not is_folder(address):
            yield Source(address, address.name)
            return
        for name in names_below(address):
            if any(part.startswith(".") for part in name.split("/")):
                self.hidden += 1
            elif Path(name).suffix.lower() in SOUND_SUFFIXES:
                yield Source(address / name, name)
            else:
                self.others[Path(name).suffix.lower()] += 1

    def _below(self, folder: Path, inner: str, seen: set[str]) -> Iterator[Source]:
        real = os.path.realpath(folder)
        if real in seen:
            return  # a link that leads back
        seen.add(real)
        try:
            with os.scandir(folder) as found:
                names = sorted((entry.name, entry.is_dir()) for entry in found)
        except OSError as slip:
            yield Source(folder, inner, f"the folder cannot be read: {slip.strerror or slip}")
            return
        for name, inside in names:
            if name.startswith("."):
                self.hidden += 1
            elif inside:
                yield from self._below(folder / name, f"{inner}{name}/", seen)
            elif Path(name).suffix.lower() in SOUND_SUFFIXES:
                yield Source(folder / name, f"{inner}{name}")
            else:
                self.others[Path(name).suffix.lower()] += 1

    def require_any(self) -> None:
        """*Raises* ListeningError when there is nothing to listen to, with what was found instead."""
        if next(iter(self), None) is not None:
            return
        found = ", ".join(f"{count:,} {ending or 'without an ending'}" for ending, count in self.others.most_common(5))
        hidden = f"{self.hidden:,} hidden" if self.hidden else ""
        instead = "; ".join(part for part in (found, hidden) if part) or "nothing at all"
        places = ", ".join(f"'{path}'" for path in self.given[:3])
        raise ListeningError(
            f"There are no recordings in {places}. Found: {instead}. Sounds end in {', '.join(sorted(SOUND_SUFFIXES))}."
        )


def _once(places: list[Place]) -> list[Place]:
    """Without what is given twice, or lies in a folder that is given too."""
    elsewhere = dict.fromkeys(place for place in places if isinstance(place, Address))
    real = {path: Path(os.path.realpath(path)) for path in places if isinstance(path, Path)}
    folders = {place for place in real.values() if place.is_dir()}
    kept: dict[Path, Path] = {}
    for path, place in real.items():
        if folders.isdisjoint(place.parents):
            kept.setdefault(place, path)
    return [*kept.values(), *elsewhere]


def _places(paths: Sequence[str | Path | Address]) -> list[Place]:
    """*Raises* ListeningError for an address of a kind that is not read."""
    try:
        return [place_of(path) for path in paths]
    except AddressError as slip:
        raise ListeningError(f"These recordings cannot be listened to: {slip.strerror}.") from slip


def _is_there(place: Place) -> bool:
    """*Raises* ListeningError where a store does not say."""
    try:
        return exists(place)
    except OSError as slip:
        raise ListeningError(f"The recordings at '{place}' cannot be read: {slip.strerror or slip}.") from slip


def _beside(path: Place) -> list[str]:
    if isinstance(path, Address):
        return []
    try:
        return sorted(os.listdir(path.parent))[:_MOST_NAMES]
    except OSError:
        return []
