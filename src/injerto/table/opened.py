"""A table by its path: all of it in memory where it has room there, else piece by piece."""

from __future__ import annotations

from pathlib import Path

from injerto.places.address import Address, AddressError, Place, given_place
from injerto.table.long_table import LongTable
from injerto.table.room import bytes_of, is_long
from injerto.table.table import Table


def opened(data: object, *, folder: str | Path = ".", memory: str | int | None = None, seed: int = 0) -> Table | LongTable:
    """As `Table.of`; the path of a table for which there is not enough `memory`, as "8GB", gives a LongTable.

    *Raises* TableError when it is no table or no size of memory.
    """
    most = None if memory is None else bytes_of(memory)
    if isinstance(data, LongTable):
        return data
    if isinstance(data, str | Path | Address) and is_long(_meant(data), most):
        return LongTable.read(data, seed=seed, memory=most)
    return Table.of(data, folder=folder)


def _meant(given: str | Path | Address) -> Place:
    """The place that is meant; of an address that is none the text, which whoever reads it refuses."""
    try:
        return given_place(given)
    except AddressError:
        return Path(str(given))
