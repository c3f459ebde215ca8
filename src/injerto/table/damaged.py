"""What to do with a columnar file that cannot be read, by how it begins and ends."""

from __future__ import annotations

_MARKS = {".parquet": b"PAR1", ".pq": b"PAR1", ".arrow": b"ARROW1", ".ipc": b"ARROW1", ".feather": b"ARROW1"}
"""What whole files begin and end with."""
MARK_BYTES = 6
_AGAIN = "Copy or download it again, or write it anew."


def next_step(suffix: str, head: bytes, tail: bytes) -> str:
    """What to do, by the first and the last `MARK_BYTES`; empty for other files.

    Example:
        >>> next_step(".parquet", b"PAR1..", b"......")
        'It ends early, as a copy that was cut off does. Copy or download it again, or write it anew.'
    """
    mark = _MARKS.get(suffix)
    if mark is None:
        return ""
    if not head.startswith(mark):
        return f"It does not begin as {suffix} does: if it is another kind of table, let its name say so. {_AGAIN}"
    return f"{'It is damaged.' if tail.endswith(mark) else 'It ends early, as a copy that was cut off does.'} {_AGAIN}"
