"""What rows belong together by: a column, a part of its cells, or the moment its photos were taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Grouping:
    """Rows are in one group when `column` says the same; or the `part` of it; or its photos are of one burst."""

    column: str
    part: str | None = None
    """A regular expression; its first bracket, or all that it matches, names the group. Who does not fit stands alone."""
    seconds: float | None = None

    @property
    def words(self) -> str:
        """The rows of one group, for a sentence."""
        if self.part is not None:
            return f"rows that share a part of '{self.column}'"
        if self.seconds is not None:
            return f"photos of '{self.column}' taken within {self.seconds:g} seconds"
        return f"rows with the same '{self.column}'"

    @property
    def options(self) -> str:
        """How it is asked for on the command line."""
        more = f" --group-part '{self.part}'" if self.part is not None else ""
        more += f" --group-seconds {self.seconds:g}" if self.seconds is not None else ""
        return f"--group {self.column}{more}"
