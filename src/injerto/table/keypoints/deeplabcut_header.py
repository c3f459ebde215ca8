"""The header of a DeepLabCut table: three or four lines that say of every column whose, which point's and which number it is.

*Source*: the CSV files that DeepLabCut writes, with the lines scorer, individuals (of several animals), bodyparts and coords.
Before them stand the columns of a photo's path: one, or since version 2.2 three (labeled-data, folder, photo).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from injerto.errors import TableError

LINES = ("scorer", "individuals", "bodyparts", "coords")
COORDS = ("x", "y", "likelihood")


@dataclass(frozen=True)
class Header:
    """What the columns of a table hold."""

    depth: int
    """Lines of the header."""
    index: int
    """Columns of the path, at the left."""
    individuals: tuple[str, ...]
    """In the order of their first columns; one, without a name, where the header has no such line."""
    points: tuple[str, ...]
    places: dict[tuple[str, str, str], int]
    """Where the column of an individual, a point and a coordinate stands."""

    @property
    def has_individuals(self) -> bool:
        """Whether the header has a line for them."""
        return self.depth == len(LINES)


def header_of(columns: Sequence[Sequence[str]], file: str) -> Header:
    """The header on top of `columns`, their cells from the first line on.

    *Raises* TableError when lines are missing or doubled, or columns are none of x, y and likelihood.
    """
    names = list(takewhile(lambda cell: cell in LINES, (cell.strip() for cell in columns[0])))
    if names not in (list(LINES), [line for line in LINES if line != "individuals"]):
        raise TableError(
            f"The DeepLabCut table {file} must begin with the lines scorer, (individuals,) bodyparts and coords; it begins "
            f"with {', '.join(names)}. Was a line deleted or sorted away? Export it again."
        )
    depth = len(names)
    heads = [[cell.strip() for cell in column[:depth]] for column in columns]
    index = 1 + len(list(takewhile(lambda head: not any(head), heads[1:])))
    scorers = dict.fromkeys(head[0] for head in heads[index:])
    if len(scorers) > 1:
        raise TableError(
            f"The DeepLabCut table {file} holds the labels of {len(scorers)} scorers: {', '.join(scorers)}. "
            "Keep the columns of one."
        )
    keys = [("" if depth < len(LINES) else head[1], head[-2], head[-1]) for head in heads[index:]]
    places: dict[tuple[str, str, str], int] = {}
    for place, key in enumerate(keys, start=index):
        if not key[1] or key[2] not in COORDS:
            raise TableError(
                f"Column {place + 1} of the DeepLabCut table {file} is '{key[2]}' of '{key[1]}'; known are {', '.join(COORDS)} "
                "of a body part, so no places in space and no skeletons."
            )
        if places.setdefault(key, place) != place:
            raise TableError(f"The DeepLabCut table {file} has two columns for {key[2]} of {' '.join(key[:2]).strip()}.")
    for individual, point, _ in keys:
        missing = [coord for coord in ("x", "y") if (individual, point, coord) not in places]
        if missing:
            whose = f"{point} of {individual}" if individual else point
            raise TableError(f"The DeepLabCut table {file} has no column for {missing[0]} of {whose}.")
    if not keys:
        raise TableError(f"The DeepLabCut table {file} has no body parts.")
    individuals, points = (tuple(dict.fromkeys(key[level] for key in keys)) for level in (0, 1))
    return Header(depth, index, individuals, points, places)
