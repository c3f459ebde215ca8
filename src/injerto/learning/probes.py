"""The probes of all targets: heads fitted on frozen vectors, with what the backbone itself calls a sound beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from injerto.backbones.called_alike import called_alike
from injerto.examples import Examples
from injerto.heads.vector_head import VectorHead
from injerto.learning.judging import judging_folds
from injerto.learning.kin import weight_beside_kin
from injerto.learning.probe import STRENGTHS, Probe, fit_probe
from injerto.network import Network
from injerto.progress import Progress


@dataclass(frozen=True)
class Probes:
    """How probes of one network are fitted: on which examples, and the `unit` (N,) by which their rows are judged."""

    network: Network
    examples: Examples
    unit: np.ndarray
    seed: int
    progress: Progress

    def fit(self, heads: dict[str, VectorHead], rows: Tensor, *, all_unseen: bool = False) -> dict[str, Probe]:
        """Fit `heads` on the frozen vectors of those of `rows` whose label is known."""
        self.network.eval()
        found = {}
        with self.progress.step("fitting the head on frozen features", len(STRENGTHS) * len(heads)) as bar:
            for name, head in heads.items():
                known = rows[self.examples.labels[name].known[rows]]
                inside = replace(self.examples.labels[name].take(known), weight=weight_beside_kin(known, self.unit))
                with torch.no_grad():
                    embedded = self.inputs(known)
                folds = judging_folds(known, inside.value, self.unit, self.seed)
                told = self._told(head, known)
                found[name] = fit_probe(head, embedded, inside, folds, told=told, all_unseen=all_unseen, advance=bar.advance)
                if self.network.named is not None:
                    self.network.named.say.fill_(found[name].say)
        return found

    def inputs(self, rows: Tensor) -> Tensor:
        """What the probes read of the frozen vectors of `rows`."""
        batch = self.examples.batch(rows)
        return self.network.probe_inputs(self.network.embed_files(batch), batch)

    def names(self, probe: Probe) -> dict[str, Any]:
        """How much the backbone's own names count, and which they are, by class; nothing where they do not."""
        named, labels = self.network.named, self.network.backbones[0].labels
        if named is None or not probe.say:
            return {}
        (head,) = self.network.targets.values()
        own = {
            name: [labels[place] for place in row.nonzero()[:, 0]] for name, row in zip(head.choices, named.match, strict=True)
        }
        return {"own names count": probe.say, "own names": {name: found for name, found in own.items() if found}}

    def tell_names(self) -> None:
        """Say which classes the backbone knows by name, where that counts."""
        if self.network.named is None or not self.network.named.say:
            return
        (head,) = self.network.targets.values()
        known = [repr(name) for name, row in zip(head.choices, self.network.named.match, strict=True) if row.any()]
        (backbone,) = self.network.backbones
        self.progress.say(f"{backbone.name} knows by name what {', '.join(known)} sound like, and that counts beside the rows.")

    def _told(self, head: VectorHead, rows: Tensor) -> Tensor | None:
        """What the backbone itself calls the sounds of `rows` (n,), for each of the head's classes (n,K); None where few are
        called alike.
        """
        named = self.network.named
        if named is None:
            return None
        with torch.no_grad():
            called = self.network.called(self.examples.batch(rows))
            named.fit(called_alike(head.choices, self.network.backbones[0].labels), called)
            return named.alone(called) if named.speaks else None
