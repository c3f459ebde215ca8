"""Paths that come from a browser: names below a folder, and never a way out of it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from injerto.web.problems import Problem

MOST_CHARACTERS, MOST_FOLDERS = 180, 20
_FORBIDDEN = frozenset('<>:"|?*\\')
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10))})


def safe_path(text: str) -> PurePosixPath:
    """`text` as a path of plain names, which mean the same on every system.

    *Raises* Problem (422) for a path that leaves its folder, is hidden, or has a name that some system does not take.

    Example:
        >>> str(safe_path("photos/a 1.jpg"))
        'photos/a 1.jpg'
    """
    parts = text.split("/")
    if len(parts) > MOST_FOLDERS:
        raise _refused(text, f"lies in more than {MOST_FOLDERS} folders")
    for part in parts:
        if part in ("", ".", ".."):
            raise _refused(text, "is not a path below a folder")
        if part.startswith("."):
            raise _refused(text, "is hidden: a name in it begins with a dot")
        if len(part.encode("utf-8", "replace")) > MOST_CHARACTERS:
            raise _refused(text, f"has a name of more than {MOST_CHARACTERS} bytes")
        if _FORBIDDEN & set(part) or any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in part):
            raise _refused(text, "has a sign in a name that not every system takes")
        if part[-1] in " ." or part.partition(".")[0].lower() in _DEVICES:
            raise _refused(text, "has a name that not every system takes")
    return PurePosixPath(*parts)


def below(root: Path, text: str) -> Path:
    """The file or folder `text` of `root`, which must be there; "" is `root` itself. Links must not lead out of it.

    *Raises* Problem: 422 for a path that is none, 404 where nothing is there.
    """
    place = root / safe_path(text) if text else root
    found = place.resolve()
    if not found.is_relative_to(root.resolve()):
        raise _refused(text, "leads out of the folder")
    if not found.exists():
        raise Problem(404, f"There is no '{text[:200]}'.")
    return place


def _refused(text: str, why: str) -> Problem:
    shown = text[:200].encode("utf-8", "replace").decode()
    return Problem(422, f"The file '{shown}' is not taken: its path {why}.")
