"""When a file was made, as its name says: IMG_20240501_101500.jpg, 2024-05-01 10.15.00.jpg."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_STAMP = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_ T.at]{0,4}(\d\d)[-_.:h]?(\d\d)[-_.:m]?(\d\d)(?:\d{3})?(?!\d)"
)


def name_time(name: str) -> tuple[str, float] | None:
    """What stands before the time (folder, camera), and the time in seconds; None where the name holds no date with a time.

    Example:
        >>> name_time("west/IMG_20240501_101500.jpg")
        ('west/IMG_', 1714558500.0)
    """
    found = _STAMP.search(name)
    if found is None:
        return None
    try:
        moment = datetime.strptime("".join(found.groups()), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:  # a thirteenth month: another number that is as long
        return None
    return name[: found.start()], moment.timestamp()
