"""Photos taken within seconds of each other with one camera: a burst shows one moment, and its photos look alike."""

from __future__ import annotations

import re
from collections.abc import Iterable

from injerto.places.address import Place
from injerto.table.name_time import name_time
from injerto.table.photo_time import photo_time

_FOLDER = re.compile(r"^.*[/\\]")


def bursts(names: Iterable[str], folder: Place, seconds: float) -> dict[str, str]:
    """The burst of each photo, named by its first photo: taken at most `seconds` after the one before by the same camera.

    The time is that of the file name, else of the EXIF block. A photo without one is a burst of its own. Photos in different
    folders, or after different words in their names, are of different cameras.
    """
    moments = []
    for name in set(names):
        said = name_time(name) or photo_time(name, folder)
        if said is not None:
            place = _FOLDER.match(name)
            moments.append(((place.group() if place else "", said[0]), said[1], name))
    found: dict[str, str] = {}
    last, first = (("", ""), 0.0), ""
    for camera, moment, name in sorted(moments):
        if not found or camera != last[0] or moment - last[1] > seconds:
            first = name
        found[name] = first
        last = (camera, moment)
    return found
