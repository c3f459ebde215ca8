"""Sounds on their way into a graph: as many samples as the model looks at, silence after shorter ones."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.export.entry import Port
from injerto.export.file_entry import FileEntry
from injerto.export.nodes import Nodes
from injerto.features.sound import SoundFeature


class SoundEntry(FileEntry[SoundFeature]):
    """Samples (n,) float32 of one channel, from -1 to 1, at the backbone's rate."""

    def ports(self) -> list[Port]:
        options, rate_hz = self.feature.options, self.feature.resolution_
        words = f"samples of one sound, one channel from -1 to 1, {rate_hz:,} a second, of any length; the first "
        words += f"{self.feature.clip_seconds_:g} seconds are heard"
        read = {"by": "sound", "columns": [self.feature.name], "rate_hz": rate_hz}
        if options.times:  # an end alone has a beginning of nothing
            read["columns"] = [self.feature.name, options.start or "", options.end or ""]
        return [Port(self.port, "FLOAT", (f"samples of {self.port}",), words, read), *self.given_ports()]

    def nodes(self, nodes: Nodes) -> list[str]:
        longest = self.feature.samples
        followed = nodes.add("Pad", self.port, nodes.whole(0, longest), mode="constant")
        clip = nodes.add("Slice", followed, nodes.whole(0), nodes.whole(longest), nodes.whole(0))
        return [nodes.add("Unsqueeze", clip, nodes.whole(0)), *self.given_nodes(nodes)]

    def examples(self, count: int) -> list[Tensor]:
        return [torch.zeros(1, self.feature.samples), *self.given_examples()]
