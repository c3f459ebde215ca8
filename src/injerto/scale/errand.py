"""The contract of all that workers do: made ready once an actor, then done with one item after the other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator


class Errand(ABC):
    """What is sent to every worker. Its fields travel; what `ready` makes stays where it was made."""

    @abstractmethod
    def ready(self) -> None:
        """Load what all items need, such as the model."""

    @abstractmethod
    def do(self, item: bytes) -> Iterator[bytes]:
        """The answer to one item, in one part or several. Done again, it gives the same parts: a lost worker's is."""
