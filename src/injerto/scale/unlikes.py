"""How unlike training the rows of pieces are: as arrays on their way, then as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from injerto.reference.reference import Reference
from injerto.reference.unlike import Unlike

_ROWS, _STRANGEST, _COLUMN = "unlike_rows", "unlike_strangest", "unlike_column"


def arrays_of(unlike: Unlike | None) -> dict[str, np.ndarray]:
    """The arrays of one piece, columns by their place; none of a model that keeps no reference."""
    if unlike is None:
        return {}
    columns = {f"{_COLUMN}{place}": shares for place, shares in enumerate(unlike.columns.values())}
    return {_ROWS: unlike.rows, _STRANGEST: unlike.strangest, **columns}


def unlike_of(arrays: Mapping[str, np.ndarray], reference: Reference | None) -> Unlike | None:
    """What `arrays_of` took apart, by the same model's reference."""
    if reference is None:
        return None
    columns = {name: arrays[f"{_COLUMN}{place}"] for place, name in enumerate(reference.columns)}
    return Unlike(arrays[_ROWS], columns, arrays[_STRANGEST], list(reference.telling))


def joined_unlike(parts: Sequence[Unlike]) -> Unlike:
    """That of pieces which follow each other."""
    first = parts[0]
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in first.columns}
    rows, strangest = np.concatenate([part.rows for part in parts]), np.concatenate([part.strangest for part in parts])
    return Unlike(rows, columns, strangest, first.telling)
