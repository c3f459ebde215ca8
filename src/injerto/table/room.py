"""How much memory there is for a table, and how much one would take."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from injerto.errors import TableError
from injerto.places.address import Place
from injerto.places.steady import steadily
from injerto.table.long_files import COLUMNAR, LOOKED_AT, TEXT, Source, kind_of

SHARE = 0.6
"""Of the free memory that a table and all that is made of it may take where nobody said how much."""
COPIES = 8
"""Times the size of its cells that a table takes with all that is made of it: a million rows of twenty columns, 280 MB, took
1.4 GB to learn from and 2.2 GB to answer."""
TEXT_CELL = 16
"""Bytes of a cell of text, beside its letters."""
OF_TEXT, OF_PACKED = 2.0, 5.0
"""Bytes of cells that a byte of text becomes, and of text packed by gzip."""
UNTOLD = 2**33
"""Bytes that are taken for free where the system does not say."""
_UNITS = {"": 1, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}


def bytes_of(text: str | int) -> int:
    """A number of bytes, written as 8GB, 500 MB, 2GiB or in digits. *Raises* TableError for anything else.

    Example:
        >>> bytes_of("8GB"), bytes_of("1.5 GiB")
        (8000000000, 1610612736)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?\s*", str(text).lower())
    if found is None or found[2] == "i" or float(found[1]) <= 0:
        raise TableError(f"{text!r} is no size of memory. Write it as 8GB or 500MB.")
    return int(float(found[1]) * _UNITS[found[2]])


def free_bytes() -> int:
    """What the system, or the container the process is in, has left."""
    return min((free for free in (_of_system(), _of_container()) if free is not None), default=UNTOLD)


def allowed_bytes(memory: int | None) -> float:
    """What rows may take: `memory` or, without it, a share of what is free."""
    return SHARE * free_bytes() if memory is None else memory


def is_long(place: Place, memory: int | None) -> bool:
    """Whether learning from the table there would take more than `memory` bytes or, without it, than there is room for.

    A table that cannot be looked at is not: whoever reads it says why.
    """
    if kind_of(place) not in COLUMNAR + TEXT:
        return False
    try:
        return _cells(Source.of(place)) * COPIES > allowed_bytes(memory)
    except (PolarsError, OSError, PanicException):
        return False


def _cells(source: Source) -> float:
    """About how many bytes the cells of a table take in memory."""
    if source.suffix in TEXT:
        return source.path.stat().st_size * (OF_PACKED if source.packed else OF_TEXT)
    few = steadily(lambda: source.scan().head(LOOKED_AT).collect())
    texts = sum(dtype == pl.String for dtype in few.dtypes)
    row = few.estimated_size() / max(1, len(few)) + TEXT_CELL * texts
    return row * float(steadily(lambda: source.scan().select(pl.len()).collect()).item())


def _of_system() -> int | None:
    try:
        told = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"MemAvailable:\s+(\d+) kB", told)
    return int(found[1]) * 1024 if found else None


def _of_container() -> int | None:
    """What a control group, of either version, leaves of its limit; None outside of one."""
    for limit, used in (("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes")):
        try:
            most, taken = (Path("/sys/fs/cgroup", name).read_text(encoding="ascii").strip() for name in (limit, used))
        except OSError:
            continue
        return max(0, int(most) - int(taken)) if most.isdigit() else None
    return None
