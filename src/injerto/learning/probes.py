"""The probes of all targets: heads fitted on frozen vectors, with what the backbone itself calls a sound beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from injerto.backbones.called_alike import called_alike
from injerto.examples import Examples
from injerto.heads.head import Labels
from injerto.heads.vector_head import VectorHead
from injerto.learning.judging import judging_folds
from injerto.learning.kept_fits import KeptFits
from injerto.learning.kin import weight_beside_kin
from injerto.learning.probe import STRENGTHS, Probe, fit_probe
from injerto.learning.probe_by_parts import PART_ROWS, ProbeByParts, drawn, is_large
from injerto.learning.threads import threads_for
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
    kept: KeptFits
    """Fits that take minutes, and go on after a kill."""

    def fit(self, heads: dict[str, VectorHead], rows: Tensor, *, all_unseen: bool = False) -> dict[str, Probe]:
        """Fit `heads` on the frozen vectors of those of `rows` whose label is known."""
        self.network.eval()
        found = {}
        with self.progress.step("fitting the head on frozen features", len(STRENGTHS) * len(heads)) as bar:
            for name, head in heads.items():
                known = rows[self.examples.labels[name].known[rows]]
                fit = self._by_parts if self.large(known) else self._at_once
                found[name] = fit(head, known, all_unseen=all_unseen, advance=bar.advance)
        return found

    def large(self, rows: Tensor) -> bool:
        """Whether the vectors of `rows` are fitted part by part."""
        return is_large(len(rows), self.inputs(rows[:1]).shape[1])

    def go_on(self, strengths: Mapping[str, float], rows: Tensor) -> None:
        """Fit the network's heads on more `rows`, part by part, from where they are and with the penalties that were found."""
        for name, head in self.network.targets.items():
            known = rows[self.examples.labels[name].known[rows]]
            self._parts(head).fit(known, strengths[name])

    def _at_once(self, head: VectorHead, known: Tensor, *, all_unseen: bool, advance: Callable[[int], None]) -> Probe:
        """On `known` rows in memory, all of them at once."""
        inside = self.known_labels(head.name, known)
        with torch.no_grad():
            embedded = self.inputs(known)
        folds = judging_folds(known, inside.value, self.unit, self.seed)
        told = self._told(head, known)
        found = fit_probe(head, embedded, inside, folds, told=told, all_unseen=all_unseen, advance=advance)
        if self.network.named is not None:
            self.network.named.say.fill_(found.say)
        return found

    def _by_parts(self, head: VectorHead, known: Tensor, *, all_unseen: bool, advance: Callable[[int], None]) -> Probe:
        """On `known` rows, from a fit of some that are drawn; one fold judges, and no fit that answers a row saw it."""
        folds = judging_folds(known, self.examples.labels[head.name].value[known], self.unit, self.seed)
        out, width = folds == 0, self.inputs(known[:1]).shape[1]
        some = drawn(known[~out], width, head.outputs, self.seed)
        self.progress.say(f"'{head.name}': the head is fitted on {len(some):,} rows, then on {len(known):,}, part by part.")
        first, parts = self._at_once(head, some, all_unseen=False, advance=advance), self._parts(head)
        with threads_for(PART_ROWS * width * head.outputs):
            strength, losses = parts.weakened(first.strength, known[~out], known[out])
            unseen, judged = torch.zeros(len(known), 1, head.outputs), out.clone()
            unseen[out] = parts.outputs(known[out])
            kept = deepcopy(head.state_dict())
            for fold in folds[~out].unique().tolist() if all_unseen else ():
                head.reset()
                parts.fit(known[folds != fold], strength)
                unseen[folds == fold] = parts.outputs(known[folds == fold])
                judged |= folds == fold
            head.load_state_dict(kept)
            parts.fit(known, strength)
        return Probe(strength, losses, unseen, judged, first.say)

    def _parts(self, head: VectorHead) -> ProbeByParts:
        return ProbeByParts(self.network, self.examples, head, self.unit, self.kept)

    def inputs(self, rows: Tensor) -> Tensor:
        """What the probes read of the frozen vectors of `rows`."""
        batch = self.examples.batch(rows)
        return self.network.probe_inputs(self.network.embed_files(batch), batch)

    def known_labels(self, name: str, rows: Tensor) -> Labels:
        """The labels of `rows`, all known, each with what it counts beside its kin."""
        return replace(self.examples.labels[name].take(rows), weight=weight_beside_kin(rows, self.unit))

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
