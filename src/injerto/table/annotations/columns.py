"""Which column of a table of selections is which, told from the names that programs and people give them."""

from __future__ import annotations

import re
from typing import Literal

from injerto.errors import TableError, did_you_mean
from injerto.table.annotations.line import number

Role = Literal["start", "end", "file", "low", "high", "score"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Names without capitals and signs, as `plain_name` makes them; the first that a table has is taken.
_NAMES: dict[Role, tuple[str, ...]] = {
    "start": _words("""start_s begin_time_s start start_time start_time_s start_sec start_seconds begin begin_s begin_time
        onset_s onset"""),
    "end": _words("""end_s end_time_s end end_time end_sec end_seconds stop_s stop offset_s offset"""),
    "file": _words("""begin_path begin_file recording file filename file_name filepath file_path path audio audio_file sound
        sound_file sound_files wav wav_file"""),
    "low": _words("low_hz low_freq_hz low_freq low_frequency min_frequency freq_min min_freq min_hz"),
    "high": _words("high_hz high_freq_hz high_freq high_frequency max_frequency freq_max max_freq max_hz"),
    "score": _words("score confidence probability"),
}
_LABELS = _words("""label labels annotation annotations species common_name scientific_name species_code class category
    call_type type call sound_type detection_type vocalization tag code""")


def plain_name(name: str) -> str:
    """A column's name without capitals and signs.

    Example:
        >>> plain_name("Begin Time (s)")
        'begin_time_s'
    """
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


class Columns:
    """The columns of one table of selections by what they mean."""

    def __init__(self, header: list[str]) -> None:
        self.header = [name.strip() for name in header]
        self.names = [plain_name(name) for name in header]

    def place(self, role: Role) -> int | None:
        """Where the column of a role stands, or None."""
        return next((self.names.index(name) for name in _NAMES[role] if name in self.names), None)

    def named(self, name: str) -> int | None:
        """Where the column of this plain name stands, or None."""
        return self.names.index(name) if name in self.names else None

    def cell(self, cells: list[str], place: int | None) -> str:
        """A cell, empty where the column or the end of a short line is missing."""
        return cells[place] if place is not None and place < len(cells) else ""

    def label(self, rows: list[list[str]], wanted: str | None) -> int:
        """Where the labels stand: in the column `wanted`, in one with a usual name, or in the only one that holds words.

        Of several usual names the first with a label in any row is taken: Raven keeps an empty Annotation in every table.
        *Raises* TableError when there is none, or no telling which.
        """
        if wanted is not None:
            if wanted in self.header:
                return self.header.index(wanted)
            raise TableError(f"it has no column '{wanted}'.{did_you_mean(wanted, self.header)} Its columns: {self._listed()}.")
        usual = [self.names.index(name) for name in _LABELS if name in self.names]
        filled = [place for place in usual if any(self.cell(cells, place) for cells in rows)]
        if usual:
            return (filled or usual)[0]
        words = [place for place in range(len(self.names)) if self._holds_words(rows, place)]
        if len(words) == 1:
            return words[0]
        raise TableError(
            f"it has no column that is known to hold labels. Name one with --label; its columns: {self._listed()}."
        )

    def _holds_words(self, rows: list[list[str]], place: int) -> bool:
        """Whether a column that is none of the known ones is mostly words; a name with a unit is a measurement."""
        known = {name for names in _NAMES.values() for name in names} | {"selection", "view", "channel", "end_file", "end_path"}
        if self.names[place] in known or "(" in self.header[place]:
            return False
        cells = [cell for cell in (self.cell(row, place) for row in rows) if cell]
        return bool(cells) and sum(number(cell) is None for cell in cells) > len(cells) / 2

    def _listed(self) -> str:
        return ", ".join(self.header[:20]) + (", ..." if len(self.header) > 20 else "")
