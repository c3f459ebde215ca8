"""The contract of others who look at files where one process would be too slow: what a cache lacks is computed by them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from injerto.backbones.backbone import Backbone
from injerto.backbones.engines import EngineName
from injerto.backbones.recall import Recall
from injerto.features.feature import MediaFeature
from injerto.progress import Step


@dataclass(frozen=True)
class Look:
    """What is to be looked at: the column of `recall`, through `feature` and `backbone`, with the engine of this name."""

    feature: MediaFeature
    backbone: Backbone
    engine: EngineName
    recall: Recall


class Crew(ABC):
    """Computes vectors of files."""

    @abstractmethod
    def gather(self, look: Look, rows: np.ndarray, values: np.ndarray, step: Step) -> dict[int, str]:
        """Fill the `rows` of `values` (N,C) and let `look.recall` keep them; why rows could not be read."""
