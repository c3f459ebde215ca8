"""Which delimiter a text table uses, told from its first records."""

from __future__ import annotations

import csv
import io

DELIMITERS = (",", ";", "\t", "|")
NO_DELIMITER = "\x1f"
"""For a table of one column: a separator that no text holds."""

_SAMPLE_CHARACTERS = 262_144
_SAMPLE_RECORDS = 200


def delimiter_of(text: str) -> str:
    """The delimiter under which most records have as many cells as the header; more cells win a tie.

    Example:
        >>> delimiter_of("mass;wing\\n3,5;12\\n")
        ';'
    """
    sample = text[:_SAMPLE_CHARACTERS]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1] or sample  # the last record may be cut
    best, best_score = NO_DELIMITER, (0.0, 1)
    for delimiter in DELIMITERS:
        widths = _widths(sample, delimiter)
        if widths and widths[0] > 1:
            score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _widths(sample: str, delimiter: str) -> list[int]:
    widths: list[int] = []
    for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
        if record:
            widths.append(len(record))
        if len(widths) > _SAMPLE_RECORDS:
            break
    return widths
