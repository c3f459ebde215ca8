"""Words for photos and sounds that are odd and used all the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from injerto.schema.guess import counted
from injerto.schema.problems import Problem, Severity
from injerto.table.column import Column
from injerto.table.media import media_name
from injerto.table.oddities import CLIPPED_SHARE, DARK, ODDITIES, SHORTEST_S, Oddity

_WORDS: dict[Oddity, tuple[Severity, str, str]] = {
    "silent": ("warning", "silent, each sample like the next", "Was the microphone plugged in?"),
    "clipped": (
        "note",
        f"clipped: more than {CLIPPED_SHARE:.0%} of the samples stand at full scale",
        "Less gain would keep the peaks.",
    ),
    "short": ("warning", f"shorter than {SHORTEST_S * 1000:.0f} ms", "There is hardly anything to hear."),
    "dark": (
        "warning",
        f"nearly black: no level above {DARK} of 255",
        "Levels of 10 or 12 bits in a file of 16 look so: save the picture with its levels over the full range.",
    ),
}


def odd_files(column: Column, odd: Mapping[Oddity, list[int]], noun: str, known: int) -> Iterator[Problem]:
    """A problem for every oddity; `odd` holds the indices of the cells, `known` counts all cells with a file."""
    for oddity in ODDITIES:
        found = odd.get(oddity, [])
        if found:
            severity, what, advice = _WORDS[oddity]
            of = f"all {counted(known, noun)}" if len(found) == known else f"{len(found):,} of {counted(known, noun)}"
            example = f"such as '{media_name(column.cell(found[0]))}' in row {column.row(found[0])}"
            message = f"Input '{column.name}': {of} {'is' if known == 1 else 'are'} {what}, {example}."
            yield Problem(severity, column.name, f"{message} They are used as they are. {advice}")
