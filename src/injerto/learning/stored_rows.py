"""Encoded rows on disk, in parts that are each a random draw of all of them: what is too long for memory, shuffled once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from injerto.errors import OutputError
from injerto.heads.head import Labels
from injerto.network import Batch
from injerto.whole_file import write_whole

PART_ROWS = 1_000_000
"""Rows of a part, about: two parts are in memory at once."""
MOST_PARTS = 256
JOURNAL = "rows.json"


@dataclass(frozen=True)
class Encoded:
    """Rows on their way: scalar blocks (n,F,...) by key and labels by target."""

    scalars: Mapping[str, Tensor]
    labels: Mapping[str, Labels]

    def records(self) -> np.ndarray:
        """One record (n,) a row, of all that is known of it."""
        parts = {f"scalars {key}": block.numpy() for key, block in self.scalars.items()}
        for name, labels in self.labels.items():
            parts |= {f"value {name}": labels.value.numpy(), f"known {name}": labels.known.numpy()}
        records = np.empty(
            len(next(iter(parts.values()))), dtype=[(name, part.dtype, part.shape[1:]) for name, part in parts.items()]
        )
        for name, part in parts.items():
            records[name] = part
        return records


class StoredRows:
    """A folder of parts and a journal of the pieces that are in them; writing goes on where a killed run ended it."""

    def __init__(self, folder: Path, rows: int) -> None:
        """`rows` is about how many will come: it says into how many parts they go."""
        self.folder = folder
        self.parts = int(np.clip(-(-rows // PART_ROWS), 1, MOST_PARTS))
        self.journal: dict[str, Any] = {"pieces": 0, "rows": 0, "facts": {}, "dtype": None, "done": False}
        self._resume()

    def _resume(self) -> None:
        """Take up what the journal vouches for, and forget what was written after it."""
        note = self.folder / JOURNAL
        if note.is_file():
            self.journal = json.loads(note.read_text(encoding="utf-8"))
        sizes = self.journal.get("sizes", [0] * self.parts)
        self.parts = len(sizes)
        for place, size in enumerate(sizes):
            path = self._path(place)
            if path.exists():
                with path.open("r+b") as file:
                    file.truncate(size)

    @property
    def rows(self) -> int:
        """How many rows are stored."""
        return int(self.journal["rows"])

    @property
    def pieces(self) -> int:
        """How many pieces are stored: the next is the one of this number."""
        return int(self.journal["pieces"])

    @property
    def done(self) -> bool:
        """Whether every piece is stored."""
        return bool(self.journal["done"])

    @property
    def facts(self) -> dict[str, int]:
        """Whatever is counted along with the pieces."""
        facts: dict[str, int] = self.journal["facts"]
        return facts

    def write(self, encoded: Encoded, facts: dict[str, int], seed: int) -> None:
        """Add one piece, its rows spread evenly over all parts by chance. *Raises* OutputError when the disk is full."""
        records = encoded.records()
        order = np.random.default_rng((seed, self.pieces)).permutation(len(records))
        first = self.rows % self.parts  # so that parts differ by no more than a row
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for place in range(self.parts):
                with self._path(place).open("ab") as file:
                    records[order[(place - first) % self.parts :: self.parts]].tofile(file)
            self.journal |= {
                "pieces": self.pieces + 1,
                "rows": self.rows + len(records),
                "facts": facts,
                "dtype": _described(records.dtype),
                "sizes": [self._size(place) for place in range(self.parts)],
            }
        except OSError as slip:
            raise OutputError(
                f"The rows cannot be written to '{self.folder}': {slip.strerror or slip}. {len(records):,} rows take "
                f"{records.nbytes / 1e6:,.0f} MB. Free some space and start the same command again: it goes on from here."
            ) from slip
        self._note()

    def finish(self) -> None:
        """Say that no piece is missing."""
        self.journal["done"] = True
        self._note()

    def remove(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def read(self, part: int, seed: int) -> tuple[Batch, dict[str, Labels]]:
        """All rows of a part in an order drawn from `seed`."""
        records = np.fromfile(self._path(part), dtype=_dtype(self.journal["dtype"]))
        order = np.random.default_rng((seed, part)).permutation(len(records))
        found = {name: torch.from_numpy(np.take(records[name], order, axis=0)) for name in records.dtype.names or ()}
        of = {kind: _behind(kind, found) for kind in ("scalars ", "value ", "known ")}
        return Batch(of["scalars "]), {name: Labels(value, of["known "][name]) for name, value in of["value "].items()}

    def part_rows(self, part: int) -> int:
        """Rows of one part."""
        return int(self.journal["sizes"][part]) // int(_dtype(self.journal["dtype"]).itemsize)

    def _note(self) -> None:
        write_whole(self.folder / JOURNAL, lambda file: file.write(json.dumps(self.journal).encode()))

    def _path(self, part: int) -> Path:
        return self.folder / f"part{part:03}.rows"

    def _size(self, part: int) -> int:
        path = self._path(part)
        return path.stat().st_size if path.exists() else 0


def _behind(kind: str, found: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(kind): values for name, values in found.items() if name.startswith(kind)}


def _described(dtype: np.dtype[Any]) -> list[list[Any]]:
    """The fields of a record as JSON."""
    return [[name, dtype[name].base.str, list(dtype[name].shape)] for name in dtype.names or ()]


def _dtype(described: list[list[Any]]) -> np.dtype[Any]:
    return np.dtype([(name, kind, tuple(shape)) for name, kind, shape in described])


def orders(parts: int, rounds: int, seed: int, number: int) -> Iterator[int]:
    """The parts of round `number`: each pass over all parts has `rounds` of them, in an order of its own."""
    order = np.random.default_rng((seed, number // rounds)).permutation(parts)
    yield from np.array_split(order, rounds)[number % rounds].tolist()
