"""What of a target is explained: one class, one label, or the number. One class for each kind of head on vectors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Self

from torch import Tensor

from injerto.heads.number import NumberHead
from injerto.heads.vector_head import VectorHead


@dataclass(frozen=True)
class Asked(ABC):
    """`place` is the channel of the head that is explained, `choice` what it stands for."""

    head: VectorHead
    place: int
    choice: str

    @classmethod
    @abstractmethod
    def of(cls, head: VectorHead, answer: Tensor) -> Self:
        """What the answer (1,...) says."""

    @property
    @abstractmethod
    def words(self) -> str:
        """What is explained, in a few words."""

    @property
    @abstractmethod
    def unit(self) -> str:
        """What `value` is counted in."""

    @abstractmethod
    def score(self, output: Tensor) -> Tensor:
        """Outputs (N,members,K) to what speaks for the answer (N,), before softmax: the number that maps are made of."""

    @abstractmethod
    def value(self, answer: Tensor) -> Tensor:
        """Answers (N,...) to the number that a person reads (N,): the number that columns share."""


class ClassAsked(Asked):
    """The likeliest class."""

    @classmethod
    def of(cls, head: VectorHead, answer: Tensor) -> Self:
        place = int(answer[0].argmax())
        return cls(head, place, head.choices[place])

    @property
    def words(self) -> str:
        return f"{self.head.name} is {self.choice}"

    @property
    def unit(self) -> str:
        return "probability"

    def score(self, output: Tensor) -> Tensor:
        # What is added to all classes changes no answer: only what sets this one apart counts.
        mean = output.mean(dim=1)
        return mean[:, self.place] - mean.mean(dim=1)

    def value(self, answer: Tensor) -> Tensor:
        return answer[:, self.place].double()


class ClassesAsked(ClassAsked):
    """The likeliest of several labels, each of which stands for itself."""

    @property
    def words(self) -> str:
        return f"{self.head.name} has {self.choice}"

    def score(self, output: Tensor) -> Tensor:
        return output.mean(dim=1)[:, self.place]


class NumberAsked(Asked):
    """The number, in the user's units."""

    @classmethod
    def of(cls, head: VectorHead, answer: Tensor) -> Self:
        return cls(head, 0, "")

    @property
    def words(self) -> str:
        return self.head.name

    @property
    def unit(self) -> str:
        return ""

    def score(self, output: Tensor) -> Tensor:
        assert isinstance(self.head, NumberHead)
        return output.mean(dim=1)[:, 0] * self.head.std_

    def value(self, answer: Tensor) -> Tensor:
        return answer.double()


ASKED: dict[str, type[Asked]] = {"class": ClassAsked, "classes": ClassesAsked, "number": NumberAsked}
"""By kind of head."""
