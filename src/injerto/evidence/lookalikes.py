"""Photos of look-alikes beside the photo that they may show, put into rows of evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from injerto.evidence.pictures import address

Thumbnail = Callable[[int, str], bytes | None]
"""The row in the table as given and an individual's name to a JPEG: its photo that is nearest to the row's, or None."""


def lookalike_cards(
    rows: Sequence[Mapping[str, Any]], gallery: Thumbnail, query: Callable[[int], bytes | None] | None = None
) -> list[dict[str, Any]]:
    """Rows of a gallery of evidence (`worst`, `rule`), each of their `lookalikes` with its `picture`, empty if there is none.

    `query` gives the JPEG of a row as the network sees it (cropped, upright), in place of its photo as it was taken.
    """
    filled = []
    for row in rows:
        number = int(row["row"])
        alike = [
            {**one, "picture": "" if (jpeg := gallery(number, one["name"])) is None else address(jpeg)}
            for one in row.get("lookalikes", [])
        ]
        own = None if query is None else query(number)
        pictures = row["pictures"] if own is None else [address(own)]
        filled.append({**row, "pictures": pictures, "lookalikes": alike})
    return filled
