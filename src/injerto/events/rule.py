"""The rule by which shares over time become events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from injerto.errors import ListeningError, did_you_mean

SILENT = "none"
"""The class that never makes events: what `injerto clips` calls a clip without a selection."""


@dataclass(frozen=True)
class EventRule:
    """When an event begins, goes on and counts. Every default is written here, once.

    *Raises* ListeningError listing all values that cannot be.
    """

    threshold: float = 0.5
    """An event begins where the share of its class reaches this."""
    low: float | None = None
    """It goes on while the share stays at this or above; None is half of `threshold`."""
    gap_seconds: float = 0.5
    """Events of one class that are less than this apart are one."""
    shortest_seconds: float = 0.3
    """Shorter events are left out."""
    ignore: tuple[str, ...] = ()
    """Classes that make no events, besides 'none'."""

    def __post_init__(self) -> None:
        wrong = []
        if not 0 < self.threshold <= 1:
            wrong.append(f"threshold must be more than 0 and at most 1, found {self.threshold}")
        elif self.low is not None and not 0 < self.low <= self.threshold:
            wrong.append(f"low must be more than 0 and at most the threshold, {self.threshold}; found {self.low}")
        if not 0 <= self.gap_seconds < float("inf"):
            wrong.append(f"gap must be 0 seconds or more, found {self.gap_seconds}")
        if not 0 <= self.shortest_seconds < float("inf"):
            wrong.append(f"shortest must be 0 seconds or more, found {self.shortest_seconds}")
        if wrong:
            raise ListeningError(f"Events cannot be told like this: {'; '.join(wrong)}.")

    @property
    def low_share(self) -> float:
        """The share at which an event goes on."""
        return self.threshold / 2 if self.low is None else self.low

    def amended(
        self,
        *,
        threshold: float | None = None,
        low: float | None = None,
        gap_seconds: float | None = None,
        shortest_seconds: float | None = None,
        ignore: tuple[str, ...] = (),
    ) -> EventRule:
        """This rule but for what is given; with another threshold alone, the low share is half of that again."""
        return EventRule(
            self.threshold if threshold is None else threshold,
            low if low is not None or threshold is not None else self.low,
            self.gap_seconds if gap_seconds is None else gap_seconds,
            self.shortest_seconds if shortest_seconds is None else shortest_seconds,
            ignore or self.ignore,
        )

    def heeded(self, names: Sequence[str]) -> list[int]:
        """Which of the classes `names` make events. *Raises* ListeningError for an ignored class that is none of them."""
        for name in self.ignore:
            if name not in names:
                raise ListeningError(
                    f"The class to ignore, '{name}', is none of the model's.{did_you_mean(name, names)} "
                    f"Its classes: {_some(names)}."
                )
        heeded = [place for place, name in enumerate(names) if name != SILENT and name not in self.ignore]
        if not heeded:
            raise ListeningError("All classes of the model are ignored, so that nothing can be heard. Ignore fewer.")
        return heeded


def _some(names: Sequence[str], most: int = 20) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
